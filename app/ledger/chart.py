"""The chart of accounts, explained: one table for every book. An account is (book, code, currency, subject).

The same rows stand in the table `ledger.chart`, written by the migrations, so that an account's nature (its limit above
all) is decided by the database and not by a caller; a test keeps the two equal. To add an account: a row here, a row in
a new migration.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.kernel.messages import _
from app.ledger.headings import Heading


class AccountCode(StrEnum):
    """The accounts a posting may name, besides one account per heading of cost (see `cost_code`)."""

    BANK = "1001"
    ADVANCES = "1101"
    INSTITUTION_CLEARING = "2101"
    PAYMENTS_IN_TRANSIT = "2201"
    PAYABLE_TO_CLAIMANTS = "2301"
    REFUNDS_PAYABLE = "2401"
    POCKET = "3101"
    FUNDS_APPLIED = "3201"
    OPENING_BALANCE = "3901"
    GRANT_RECEIVED = "4101"
    INTEREST = "4201"
    SPONSORSHIP_CASH = "4301"
    SPONSORSHIP_IN_KIND = "4302"
    SALE_OF_ASSETS = "4401"
    RECOVERY_THIS_YEAR = "4501"
    RECOVERY_EARLIER_YEARS = "4502"
    RECOVERY_INTEREST = "4503"
    RECOVERY_OTHER = "4504"
    OTHER_INCOME = "4901"
    SALARY = "5101"
    SOCIAL_INSURANCE = "5102"
    STUDENT_STIPEND = "5103"
    LABOUR = "5104"
    EXPERT_FEE = "5105"
    PERFORMANCE_PAY = "5106"
    EQUIPMENT_PURCHASE = "5201"
    EQUIPMENT_LEASE = "5202"
    MATERIALS = "5301"
    TESTING = "5302"
    FUEL_AND_POWER = "5303"
    TRAVEL = "5401"
    CONFERENCE = "5402"
    PUBLICATION_AND_IP = "5403"
    CONSTRUCTION = "5501"
    COMMISSIONED_DEVELOPMENT = "5601"
    AUDIT_FEE = "5701"
    MANAGEMENT_FEE = "5801"
    OVERHEAD = "5802"
    BANK_CHARGE = "5901"
    OTHER = "5999"
    GRANTS_PAID = "6101"
    FUNDER_BANK_CHARGES = "6201"
    OWN_COST = "6301"
    REFUND_OF_GRANT = "6401"
    REFUND_OF_INTEREST = "6402"
    REFUND_OTHER = "6403"
    CURRENCY_TRADING = "7001"
    EXCHANGE_REALISED = "7101"
    EXCHANGE_UNREALISED = "7201"
    REVALUATION = "7301"
    ROUNDING = "7901"


class Kind(StrEnum):
    """The class of an account, as the exports and the trial balance group it."""

    ASSET = "ASSET"
    LIABILITY = "LIABILITY"
    EQUITY = "EQUITY"
    INCOME = "INCOME"
    EXPENSE = "EXPENSE"


class AccountRole(StrEnum):
    """What the database treats specially. Only EXCHANGE and ROUNDING take a line of amount nil."""

    PLAIN = "PLAIN"
    BANK = "BANK"
    POCKET = "POCKET"
    COST = "COST"
    TRADING = "TRADING"
    EXCHANGE = "EXCHANGE"
    ROUNDING = "ROUNDING"


class Subject(StrEnum):
    """What an account is kept for, one account each; NONE means one account per book and currency."""

    NONE = "NONE"
    BANK_ACCOUNT = "BANK_ACCOUNT"
    POCKET = "POCKET"


STRIPES = 16
"""Balance rows of an account without a limit: writers spread over them, readers add them up."""


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One account of the chart. `limited`: its balance on the normal side less holds may never fall below nil."""

    code: AccountCode
    name: str
    kind: Kind
    meaning: str
    role: AccountRole = AccountRole.PLAIN
    subject: Subject = Subject.NONE
    limited: bool = False

    @property
    def normal_side(self) -> str:
        """`D` for assets and expenses, `C` for the rest."""
        return "D" if self.kind in (Kind.ASSET, Kind.EXPENSE) else "C"

    @property
    def stripes(self) -> int:
        """A limit needs one row to stand on; every other account is spread."""
        return 1 if self.limited else STRIPES


_A, _L, _E, _I, _X = Kind.ASSET, Kind.LIABILITY, Kind.EQUITY, Kind.INCOME, Kind.EXPENSE
_C = AccountCode

_ROWS: tuple[ChartRow, ...] = (
    ChartRow(
        _C.BANK,
        _("Bank"),
        _A,
        "Money at the bank, per bank account; a grantee's project bank is one of these.",
        AccountRole.BANK,
        Subject.BANK_ACCOUNT,
    ),
    ChartRow(
        _C.ADVANCES,
        _("Advances and prepayments"),
        _A,
        "Paid before the cost is known; clearing can never exceed what was advanced.",
        limited=True,
    ),
    ChartRow(
        _C.INSTITUTION_CLEARING,
        _("Institution clearing"),
        _L,
        "The institution's own system stands behind it: spending returns, payroll recharges, pooled project money.",
    ),
    ChartRow(
        _C.PAYMENTS_IN_TRANSIT,
        _("Payments in transit"),
        _L,
        "Released by the funder and not yet seen on the bank's line; nil once every payment has settled or bounced.",
    ),
    ChartRow(_C.PAYABLE_TO_CLAIMANTS, _("Payable to claimants"), _L, "Approved claims not yet paid."),
    ChartRow(_C.REFUNDS_PAYABLE, _("Refunds payable"), _L, "Residue agreed and not yet returned to the funder."),
    ChartRow(
        _C.POCKET,
        _("Pocket"),
        _E,
        "One currency of a fund or sub-fund. Available = credit - debit - held, never below nil.",
        AccountRole.POCKET,
        Subject.POCKET,
        limited=True,
    ),
    ChartRow(_C.FUNDS_APPLIED, _("Funds applied"), _E, "The other side of a pocket when its money is paid out."),
    ChartRow(_C.OPENING_BALANCE, _("Opening balance"), _E, "The other side of balances brought in from before."),
    ChartRow(_C.GRANT_RECEIVED, _("Grant received"), _I, "The grantee's grant, in the contract's currency, gross."),
    ChartRow(_C.INTEREST, _("Interest"), _I, "Bank interest credited to the project, or apportioned to it."),
    ChartRow(_C.SPONSORSHIP_CASH, _("Sponsorship in cash"), _I, "Industry's money beside the grant."),
    ChartRow(_C.SPONSORSHIP_IN_KIND, _("Sponsorship in kind"), _I, "Goods and services given; debits a heading."),
    ChartRow(_C.SALE_OF_ASSETS, _("Sale of assets"), _I, "Proceeds of equipment bought with the grant."),
    ChartRow(_C.RECOVERY_THIS_YEAR, _("Recovered grant of this year"), _I, "Residue back at the funder: this year's."),
    ChartRow(_C.RECOVERY_EARLIER_YEARS, _("Recovered grant of earlier years"), _I, "Residue: earlier years'."),
    ChartRow(_C.RECOVERY_INTEREST, _("Recovered interest"), _I, "Residue: interest earned by the grantee."),
    ChartRow(_C.RECOVERY_OTHER, _("Other recoveries"), _I, "Residue: sales of assets, disallowed cost and the rest."),
    ChartRow(_C.OTHER_INCOME, _("Other income"), _I, "Project income with no account of its own."),
    *(
        ChartRow(
            AccountCode[heading.name],
            heading.label,
            _X,
            "Cost by heading, in the contract's currency; the posting's heading repeats it.",
            AccountRole.COST,
        )
        for heading in Heading
    ),
    ChartRow(_C.GRANTS_PAID, _("Grants paid"), _X, "The funder's grant, at release."),
    ChartRow(_C.FUNDER_BANK_CHARGES, _("Bank charges"), _X, "The payer's bank charges, borne by the pocket."),
    ChartRow(_C.OWN_COST, _("Institution's own cost"), _X, "Disallowed cost, taken out of its heading."),
    ChartRow(_C.REFUND_OF_GRANT, _("Refund of unspent grant"), _X, "Residue returned; never against grant received."),
    ChartRow(_C.REFUND_OF_INTEREST, _("Refund of interest"), _X, "Residue returned: interest."),
    ChartRow(_C.REFUND_OTHER, _("Other refunds to funder"), _X, "Residue returned: sales, disallowed cost, the rest."),
    ChartRow(
        _C.CURRENCY_TRADING,
        _("Currency trading"),
        _E,
        "The pair between two currencies, tagged by contract: its two legs are the contract's open exchange position.",
        AccountRole.TRADING,
    ),
    ChartRow(
        _C.EXCHANGE_REALISED,
        _("Exchange difference, realised"),
        _X,
        "A contract's difference once its pair closes out, or the book's on settlement; a gain stands in credit.",
        AccountRole.EXCHANGE,
    ),
    ChartRow(
        _C.EXCHANGE_UNREALISED,
        _("Exchange difference, unrealised"),
        _X,
        "The book's revaluation of foreign balances at period close, in functional currency only.",
        AccountRole.EXCHANGE,
    ),
    ChartRow(
        _C.REVALUATION,
        _("Revaluation of foreign balances"),
        _A,
        "The other side of the revaluation: what foreign balances are worth beyond their booked functional amount.",
        AccountRole.EXCHANGE,
    ),
    ChartRow(
        _C.ROUNDING,
        _("Rounding"),
        _X,
        "Residue of translating an entry's lines one by one, at most one minor unit a line; never a tolerance.",
        AccountRole.ROUNDING,
    ),
)

CHART: dict[AccountCode, ChartRow] = {row.code: row for row in _ROWS}
"""Every account by its code, in the chart's order."""

_HEADING_OF: dict[AccountCode, Heading] = {AccountCode[heading.name]: heading for heading in Heading}


def cost_code(heading: Heading) -> AccountCode:
    """The account on which cost of `heading` is booked."""
    return AccountCode[heading.name]


def heading_of(code: AccountCode) -> Heading | None:
    """The heading whose cost account this is; None for every other account."""
    return _HEADING_OF.get(code)
