"""Statuses of contracts, obligations, amendments and the allowed moves. Plain tables, no imports but enum."""

from enum import StrEnum


class FundingMode(StrEnum):
    """Lump sum (包干制), itemised budget, or Hong Kong's one-line vote."""

    LUMP_SUM = "LUMP_SUM"
    ITEMISED = "ITEMISED"
    ONE_LINE_VOTE = "ONE_LINE_VOTE"


class TermsFamily(StrEnum):
    """Families of funding terms; one file each in `contracts/terms`."""

    MAINLAND_LUMP_SUM = "mainland_lump_sum"
    MAINLAND_ITEMISED = "mainland_itemised"
    HETAO_PARK = "hetao_park"
    ITF = "itf"
    RGC_ONE_LINE_VOTE = "rgc_one_line_vote"


class Basis(StrEnum):
    """Basis of accounting of a programme's statements."""

    CASH = "CASH"
    ACCRUAL = "ACCRUAL"


class SpendingLimit(StrEnum):
    """What limits spending under a contract: money received, or the amount contracted (institutions pre-finance)."""

    RECEIVED = "RECEIVED"
    CONTRACTED = "CONTRACTED"


class WhitelistEffect(StrEnum):
    """What a whitelist entry does to a payment."""

    BLOCK = "BLOCK"
    FACILITATED = "FACILITATED"
    INFORM = "INFORM"


class OverdueScope(StrEnum):
    """How far an overdue obligation blocks the next tranche."""

    CONTRACT = "CONTRACT"
    PRINCIPAL_INVESTIGATOR = "PRINCIPAL_INVESTIGATOR"
    INSTITUTION = "INSTITUTION"


class ParameterStatus(StrEnum):
    """A changed parameter is in force once a second officer confirmed it."""

    PROPOSED = "PROPOSED"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"


class TrancheCondition(StrEnum):
    """What must have happened before a tranche may be paid."""

    DATE = "DATE"
    MILESTONE = "MILESTONE"
    ACCEPTED_REPORT = "ACCEPTED_REPORT"
    FINAL_ACCOUNT = "FINAL_ACCOUNT"


class Purpose(StrEnum):
    """What a contract's payments are for: another purpose, other papers, codes and taxes where they cross."""

    GRANT = "GRANT"
    COMMISSIONED_RESEARCH = "COMMISSIONED_RESEARCH"
    SERVICES = "SERVICES"
    EQUITY = "EQUITY"
    DONATION = "DONATION"
    SALARY = "SALARY"


class ContractStatus(StrEnum):
    """Life of a contract."""

    DRAFT = "DRAFT"
    SIGNED = "SIGNED"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    CLOSING = "CLOSING"
    CLOSED = "CLOSED"
    TERMINATED = "TERMINATED"


TAKES_COST = frozenset({ContractStatus.ACTIVE, ContractStatus.SUSPENDED, ContractStatus.CLOSING})
"""Statuses in which cost may be charged to a contract."""


CONTRACT_MOVES: dict[ContractStatus, frozenset[ContractStatus]] = {
    ContractStatus.DRAFT: frozenset({ContractStatus.SIGNED, ContractStatus.TERMINATED}),
    ContractStatus.SIGNED: frozenset({ContractStatus.ACTIVE, ContractStatus.TERMINATED}),
    ContractStatus.ACTIVE: frozenset({ContractStatus.SUSPENDED, ContractStatus.CLOSING, ContractStatus.TERMINATED}),
    ContractStatus.SUSPENDED: frozenset({ContractStatus.ACTIVE, ContractStatus.CLOSING, ContractStatus.TERMINATED}),
    ContractStatus.CLOSING: frozenset({ContractStatus.CLOSED, ContractStatus.TERMINATED}),
    ContractStatus.CLOSED: frozenset(),
    ContractStatus.TERMINATED: frozenset(),
}


class ObligationKind(StrEnum):
    """What a grantee owes."""

    PROGRESS_REPORT = "PROGRESS_REPORT"
    YEARLY_STATEMENT = "YEARLY_STATEMENT"
    AUDITED_ACCOUNT = "AUDITED_ACCOUNT"
    FINAL_ACCOUNT = "FINAL_ACCOUNT"
    RESIDUE = "RESIDUE"


class ObligationStatus(StrEnum):
    """Life of an obligation."""

    DUE = "DUE"
    SUBMITTED = "SUBMITTED"
    QUERIED = "QUERIED"
    ACCEPTED = "ACCEPTED"
    WAIVED = "WAIVED"


OBLIGATION_MOVES: dict[ObligationStatus, frozenset[ObligationStatus]] = {
    ObligationStatus.DUE: frozenset({ObligationStatus.SUBMITTED, ObligationStatus.WAIVED}),
    ObligationStatus.SUBMITTED: frozenset({ObligationStatus.QUERIED, ObligationStatus.ACCEPTED}),
    ObligationStatus.QUERIED: frozenset({ObligationStatus.SUBMITTED, ObligationStatus.WAIVED}),
    ObligationStatus.ACCEPTED: frozenset(),
    ObligationStatus.WAIVED: frozenset(),
}


class AmendmentStatus(StrEnum):
    """Life of an amendment."""

    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"
