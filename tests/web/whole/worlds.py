"""Two worlds that know nothing of each other, each with a record of every kind, for the tests of the whole application.

In each a funder pays a grantee across the boundary. The home world is seen by one person for each role at the funder
and at the grantee; whatever stands in the other world must be as if it did not exist.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.policies import service as policies
from app.access.policies.states import PolicyName
from app.access.policy import AuthorityKind
from app.budgets.models import BudgetRequest
from app.budgets.states import RequestKind, RequestStatus
from app.contracts import amendments, obligations, programmes, service as contracts
from app.contracts.commands import AddObligation, AmendContract, ProposeParameter
from app.contracts.drafting import tranche_inputs
from app.contracts.models import Contract
from app.contracts.states import ObligationKind, TermsFamily
from app.contracts.terms import family
from app.corridor import service as corridor
from app.corridor.service import EnterFiling, ProposeRate, ProposeRule
from app.corridor.states import AskKind, ForeignCurrency
from app.disbursements import document_service, payment_service, residue_service, service
from app.disbursements.commands import (
    AttachMinutes,
    Bounce,
    EnterMandate,
    EnterResidue,
    Reasoned,
    Settle,
)
from app.equipment.states import Crossing
from app.exchange_rates import service as exchange_rates
from app.exchange_rates.models import RateKind
from app.exchange_rates.service import EnterRate
from app.exposure import service as exposure
from app.exposure.service import EnterCover
from app.funds import service as funds
from app.funds.models import Fund, Pocket
from app.funds.service import EnterMovement, OpenFund
from app.funds.states import MovementKind
from app.institutions import account_service
from app.institutions.states import Side
from app.kernel.actor import Actor, Role
from app.kernel.currencies import Currency, Market
from app.kernel.money import Money
from app.ledger.headings import Heading
from app.parties import service as parties
from app.parties.states import PartyKind
from app.people import rights, tokens
from app.people.authority import service as authority
from app.people.authority.service import DelegationCommand, LimitCommand
from app.projects.models import ProjectParty
from app.rails import service as rails
from app.rails.commands import ProposeDay, ProposeRail
from app.rails.states import PartyKind as RailParty
from app.reconciliation import matching_service, month_service, queries as reconciliation, statement_service
from app.reconciliation.commands import BringFile, EnterStatement, MatchItems, PrepareMonth, TableLayout
from app.reconciliation.statements import LineRead
from app.statements.states import Capacity
from app.web.uploads import PDF, XML, Upload
from app.whitelist import service as whitelist
from app.whitelist.service import ApplyCommand, ListCommand
from app.whitelist.states import SubjectKind, WhitelistKind
from tests.builders import (
    banking,
    claims,
    engagements,
    equipment,
    institutions as institution_builders,
    issuing,
    journals,
    manpower,
    papers,
    payment_files,
    payments,
    people,
    returns,
    vouchers,
)
from tests.builders.payments import NOW, TODAY, PaymentWorld

PAPER = Upload("minutes.pdf", papers.pdf("Minutes of the committee"), PDF)
PART = "10000.00"


@dataclass(slots=True)
class Land:
    """One world: the payments in it, and a person for each role at the funder and at the grantee."""

    made: PaymentWorld
    at_funder: dict[Role, Actor] = field(default_factory=dict)
    at_grantee: dict[Role, Actor] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        """References and ids that tests type into forms."""
        made = self.made
        return {
            "funder": made.funder.code,
            "funder_id": str(made.funder.id),
            "grantee": made.grantee.code,
            "grantee_id": str(made.grantee.id),
            "contract": made.contract.reference,
            "contract_id": str(made.contract.id),
            "programme_id": str(made.programme.id),
            "project_id": str(made.contract.project_id),
            "pocket_id": str(made.pocket.id),
            "payer_account_id": str(made.payer_account.id),
            "payee_account_id": str(made.payee_account.id),
            "currency": made.currency.value,
            "maker_id": str(made.maker.person_id),
            "checker_id": str(made.checker.person_id),
            "payer_id": str(made.payer.person_id),
            "accountant_id": str(made.accountant.person_id),
            "finance_id": str(made.finance.person_id),
            "leader_id": str(made.leader.person_id),
        }


def land(session: Session, side: Side, *, with_rate: bool) -> Land:
    """A world with every kind of record in it, made by the services as the people concerned."""
    currency, other = (Currency.CNY, Currency.HKD) if side is Side.SZ else (Currency.HKD, Currency.CNY)
    made = payments.world(session, funder_side=side, currency=currency, payee_currency=other, rates=with_rate)
    here = Land(made)
    for role in Role:
        here.at_funder[role] = payments.someone(session, f"Funder {role}", role, made.funder)
        here.at_grantee[role] = payments.someone(session, f"Grantee {role}", role, made.grantee)
    for party in (made.funder, made.grantee):
        session.add(ProjectParty(project_id=made.contract.project_id, institution_id=party.id, is_lead=False))
    session.flush()
    _accounts_and_people(session, here)
    _funds_and_rates(session, here)
    _whitelist(session, here)
    _contract_life(session, here)
    _corridor(session, here)
    _disbursements(session, here)
    _journals(session, here)
    _claims(session, here)
    _registers(session, here)
    _spending_returns(session, here)
    _vouchers(session, here)
    _banking(session, here)
    _payment_files(session, here)
    _statements(session, here)
    auditors = here.at_funder[Role.AUDITOR], here.at_grantee[Role.AUDITOR]
    engagements.lived_in(session, made, *auditors)
    session.flush()
    return here


def _accounts_and_people(session: Session, here: Land) -> None:
    """An account that waits, a cooling period, rights, limits, delegations, links, tokens, settings that wait."""
    made = here.made
    for party, people_there in ((made.funder, here.at_funder), (made.grantee, here.at_grantee)):
        boss, finance = people_there[Role.ADMINISTRATOR], people_there[Role.FINANCE_OFFICER]
        place = Side(party.side)
        home = Currency(party.functional_currency)
        command = institution_builders.an_account_command(place, home)
        account_service.enter(session, finance, party.id, command, now=NOW)
        account_service.propose_cooling(session, boss, party.id, account_service.CoolingCommand(5, "Rule 7"), now=NOW)
        newcomer = people.a_person(session, NOW, name="A newcomer")
        people.give_role(session, newcomer, Role.AUDITOR, party, NOW)
        right = rights.RightCommand(newcomer.id, Role.PROJECT_MANAGER, party.id, TODAY, reason="New in the team")
        rights.propose(session, boss, right, now=NOW)
        rights.request_password_link(session, boss, newcomer.id, now=NOW)
        command_of_limit = LimitCommand(
            party.id, Role.GRANT_OFFICER, AuthorityKind.DISBURSEMENT, Money.parse("5000.00", home), TODAY, "Minutes 3"
        )
        authority.propose_limit(session, boss, command_of_limit, now=NOW)
        stand_in = payments.someone(session, "A stand-in", Role.GRANT_OFFICER, party)
        delegation = DelegationCommand(
            party.id, Role.GRANT_OFFICER, stand_in.person_id, TODAY, TODAY + timedelta(days=9), "Leave"
        )
        authority.delegate(session, people_there[Role.GRANT_OFFICER], delegation, now=NOW)
        tokens.create(session, boss, tokens.TokenCommand("Nightly", ("people.read",), 30), now=NOW)
        setting = policies.ProposePolicy(next(iter(PolicyName)), Decimal(10), "Resolution 4", TODAY + timedelta(days=1))
        policies.propose(session, boss, setting, now=NOW)


def _funds_and_rates(session: Session, here: Land) -> None:
    """A fund with a sub-fund, a movement, a rate of the institution's own and a note of forward cover that wait."""
    made = here.made
    manager = here.at_funder[Role.FUND_MANAGER]
    parent = funds.open_fund(
        session,
        manager,
        OpenFund(made.funder.id, None, "Parent fund", "母基金", "母基金", "Science", date(2025, 1, 1)),
        now=NOW,
    )
    child = OpenFund(made.funder.id, parent.id, "Sub-fund", "子基金", "子基金", "Photonics", date(2025, 1, 1))
    funds.open_fund(session, manager, child, now=NOW)
    movement = EnterMovement(
        kind=MovementKind.CONTRIBUTION,
        from_pocket_id=None,
        to_pocket_id=_pocket(session, parent, made.currency).id,
        bank_account_id=made.payer_account.id,
        contributor="Science bureau",
        amount=made.money("1000.00"),
        value_date=TODAY,
        reason="First call",
    )
    funds.enter_movement(session, manager, movement, now=NOW)
    rate = EnterRate(
        kind=RateKind.BOOKING,
        base=Currency.HKD,
        quote=Currency.CNY,
        market=Market.ONSHORE,
        unit=100,
        rate=Decimal("92.50"),
        rate_date=TODAY,
        source="Bank quote",
        institution_id=made.funder.id,
    )
    exchange_rates.enter(session, here.at_funder[Role.ACCOUNTANT], rate, now=NOW)
    home, foreign = made.currency, Currency.HKD if made.currency is Currency.CNY else Currency.CNY
    promised = Money.parse("1000.00", foreign)
    cover = EnterCover(
        _pocket(session, parent, home).id, "A bank", "FW-1", promised, Decimal("0.92"), Currency.HKD, TODAY, TODAY
    )
    exposure.enter(session, here.at_funder[Role.ACCOUNTANT], cover, now=NOW)
    typhoon = ProposeDay(Side.HK, TODAY + timedelta(days=4), False, "Typhoon signal 10", "Observatory")
    rails.propose_day(session, here.at_funder[Role.ACCOUNTANT], typhoon, now=NOW)
    both, anybody = (Side.SZ, Side.HK), tuple(RailParty)
    rail = ProposeRail(
        f"BANK-{made.funder.code}", "Own bank", (made.currency,), both, both, anybody, anybody, "Bank", TODAY
    )
    rails.propose_rail(session, here.at_funder[Role.ACCOUNTANT], rail, now=NOW)


def _pocket(session: Session, fund: Fund, currency: Currency) -> Pocket:
    return session.scalars(select(Pocket).where(Pocket.fund_id == fund.id, Pocket.currency == currency.value)).one()


def _whitelist(session: Session, here: Land) -> None:
    """One entry that is listed and one applied for."""
    made = here.made
    for kind in (WhitelistKind.FUND_FLOW, WhitelistKind.ZONE_ACCESS):
        command = ApplyCommand(kind, SubjectKind.INSTITUTION, made.funder.id, "Notice 1", made.grantee.id)
        entry = whitelist.apply(session, here.at_funder[Role.GRANT_OFFICER], command, now=NOW)
        if kind is WhitelistKind.FUND_FLOW:
            listing = ListCommand(entry.version, TODAY - timedelta(days=30), "Notice 2")
            whitelist.put_on_list(session, here.at_funder[Role.WHITELIST_OFFICER], entry.id, listing, now=NOW)


def _corridor(session: Session, here: Land) -> None:
    """A rule of the corridor, a rate of a threshold and a tax filing that wait for a second person."""
    officer = here.at_funder[Role.GRANT_OFFICER]
    rule = ProposeRule("extra-note", Side.SZ, Side.HK, AskKind.NOTE, "A note", "Ask the bank", "Notice 4", TODAY)
    corridor.propose_rule(session, officer, rule, now=NOW)
    rate = ProposeRate(ForeignCurrency.USD, here.made.currency, Decimal("7.1"), TODAY, "Bank quote")
    corridor.propose_rate(session, officer, rate, now=NOW)
    filing = EnterFiling(here.made.contract.reference, "SZ-2026-1", "8842", TODAY, here.made.money("1000.00"))
    corridor.enter_filing(session, officer, filing, now=NOW)


def _contract_life(session: Session, here: Land) -> None:
    """An obligation, an amendment and a parameter that wait, and a bank mandate that waits."""
    made = here.made
    owed = AddObligation(ObligationKind.PROGRESS_REPORT, "Yearly report", date(2027, 1, 31), blocks_tranche=False)
    obligations.add(session, made.maker, made.contract.id, owed, now=NOW)
    contracts.keep_document(session, made.maker, made.contract.id, PAPER, "Letter of the dean", now=NOW)
    amended_contract(session, made)
    asked = BudgetRequest(kind=RequestKind.YEAR.value, year=1, lines={"TOTAL": "1000.00"}, reason="The first year")
    asked.contract_id, asked.number, asked.currency = made.contract.id, 1, made.contract.currency
    asked.status, asked.asked_by_id, asked.asked_at = RequestStatus.PROPOSED.value, made.maker.person_id, NOW
    session.add(asked)
    seed = family(TermsFamily(made.programme.terms_family)).seeds[0]
    parameter = ProposeParameter(seed.name, seed.value, "Circular 9", False, TODAY + timedelta(days=1))
    programmes.propose_parameter(session, made.maker, made.programme.id, parameter, now=NOW)
    mandate = EnterMandate(made.payer_account.id, made.money("1000.00"), 2, "Mandate of 2027", date(2027, 1, 1))
    document_service.enter_mandate(session, made.accountant, mandate, now=NOW)


def amended_contract(session: Session, made: PaymentWorld) -> None:
    """Propose an amendment that adds to the last tranche."""
    contract = session.get_one(Contract, made.contract.id)
    session.refresh(contract)
    tranches = list(tranche_inputs(contract))
    tranches[-1] = replace(tranches[-1], amount=tranches[-1].amount + made.money("1.00"))
    command = AmendContract(
        version=contract.version,
        reason="More samples",
        effective_on=date(2026, 11, 1),
        amount=Money(contract.amount_minor, made.currency) + made.money("1.00"),
        first_day=contract.first_day,
        last_day=contract.last_day,
        tranches=tuple(tranches),
    )
    amendments.propose(session, made.maker, contract.id, command, now=NOW)


def _disbursements(session: Session, here: Land) -> None:
    """One disbursement in each status, and a return of residue that waits."""
    made = here.made
    payments.drafted(session, made, PART, documents=False)
    row = payments.drafted(session, made, PART)
    document_service.attach_minutes(session, made.maker, row.reference, AttachMinutes(PAPER), now=NOW)
    payments.submitted(session, made, PART)
    payments.approved(session, made, PART)
    payments.released(session, made, PART)
    _settled(session, made)
    _received(session, made)
    row = _settled(session, made)
    payment_service.bounce(
        session, made.accountant, row.reference, Bounce(row.version, TODAY, "BK-9", "Account closed"), now=NOW
    )
    row = payments.drafted(session, made, PART)
    service.cancel(session, made.maker, row.reference, Reasoned(row.version, "Not needed"), now=NOW)
    row = payments.submitted(session, made, PART)
    service.refuse(session, made.checker, row.reference, Reasoned(row.version, "Out of terms"), now=NOW)
    row = payments.submitted(session, made, PART)
    service.return_to_maker(session, made.checker, row.reference, Reasoned(row.version, "Purpose?"), now=NOW)
    _residue(session, made)


def _settled(session: Session, made: PaymentWorld) -> Any:
    row = payments.released(session, made, PART)
    command = Settle(row.version, TODAY, "BK-1", charge=Money.zero(made.currency))
    return payment_service.settle(session, made.accountant, row.reference, command, now=NOW)


def _received(session: Session, made: PaymentWorld) -> None:
    """The grantee's side of a payment, at the rate its bank dealt."""
    north = made.currency is Currency.CNY
    other = Currency.HKD if north else Currency.CNY
    received, charge = ("10660.81", "150.00") if north else ("9240.00", "10.00")
    payments.received(
        session,
        made,
        _settled(session, made),
        received=Money.parse(received, other),
        charge=Money.parse(charge, other),
        dealt_rate=Decimal("0.9250"),
        rate_base=Currency.HKD,
    )


def _residue(session: Session, made: PaymentWorld) -> None:
    north = made.currency is Currency.CNY
    paid = Money.parse("108.11" if north else "92.50", Currency.HKD if north else Currency.CNY)
    command = EnterResidue(
        contract=made.contract.reference,
        from_account_id=made.payee_account.id,
        to_account_id=made.payer_account.id,
        sent_on=TODAY,
        bank_reference="OUT-1",
        grant_this_year=made.money("100.00"),
        paid=paid,
        dealt_rate=Decimal("0.9250"),
        rate_base=Currency.HKD,
    )
    residue_service.enter(session, made.finance, command, now=NOW)


def _journals(session: Session, here: Land) -> None:
    """A cost that waits and one posted, at the grantee, each with its voucher."""
    made = here.made
    home = Currency(made.payee_account.currency)
    amount = Money.parse("100.00", home)
    journals.submitted(session, made, journals.line(made, amount, Heading.SALARY))
    journals.posted(session, made, journals.line(made, amount, Heading.SALARY))


def _spending_returns(session: Session, here: Land) -> None:
    """A return that is read, one that waits and one posted, at the grantee."""
    made = here.made
    cost = {"Amount": "10.00", "Currency": made.currency.value}
    returns.drafted(session, made, returns.row("R-1", **cost))
    returns.submitted(session, made, returns.row("R-2", **cost), returns.row("R-3", **cost))
    returns.posted(session, made, returns.row("R-4", **cost))


def _registers(session: Session, here: Land) -> None:
    """An item that is held, one whose disposal waits, and a person engaged for more than full time, at the grantee."""
    made = here.made
    equipment.kept(session, made, "EQ-1", crossing=Crossing.ATA_CARNET, customs_document="ATA 1", return_by=TODAY)
    equipment.proposed(session, made, equipment.kept(session, made, "EQ-2"))
    manpower.kept(session, made, percent=Decimal(60))
    manpower.kept(session, made, first_month=manpower.NOVEMBER, percent=Decimal(60))


def _claims(session: Session, here: Land) -> None:
    """A draft, and a claim in each status that waits for somebody, at the grantee."""
    made = here.made
    claims.authorise(session, made)
    line = claims.values(Money.parse("100.00", Currency(made.payee_account.currency)))
    claims.started(session, made, line)
    claims.submitted(session, made, line)
    claims.checked(session, made, claims.submitted(session, made, line))
    claims.approved(session, made, line)
    claims.paid(session, made, line)
    known = parties.AddParty(made.grantee.id, PartyKind.SUPPLIER, f"Supplier of {made.grantee.code}", phone="2345 6789")
    parties.add(session, made.finance, known, now=NOW)


def _vouchers(session: Session, here: Land) -> None:
    """An account code and a profile of files that wait, at both parties; a profile in force at the funder."""
    made = here.made
    vouchers.profile(session, made.funder, made.accountant, here.at_funder[Role.ACCOUNTANT], name="Monthly")
    vouchers.waiting(session, made.funder, here.at_funder[Role.ACCOUNTANT])
    vouchers.waiting(session, made.grantee, here.at_grantee[Role.FINANCE_OFFICER])


def _banking(session: Session, here: Land) -> None:
    """Three months of the payer's account: one prepared, one line matched and one open; a file that waits."""
    made, clerk, bank = here.made, here.at_funder[Role.ACCOUNTANT], here.made.payer_account
    nil, part = Money.zero(made.currency), made.money(PART)
    for first, last in ((date(2026, 9, 1), date(2026, 9, 30)), (date(2026, 10, 1), date(2026, 10, 31))):
        statement_service.enter(session, clerk, bank.id, EnterStatement(first, last, nil, nil), now=NOW)
    lines = (LineRead(TODAY, TODAY, -part, "BK-1"), LineRead(TODAY, TODAY, made.money("1.20"), text="Interest"))
    closing = made.money("1.20") - part
    november = EnterStatement(date(2026, 11, 1), TODAY, nil, closing, lines)
    statement_service.enter(session, clerk, bank.id, november, now=NOW)
    line = reconciliation.lines(session, bank.id)[0]
    row = next(each for each in reconciliation.postings(session, bank) if each.amount == -part)
    items = MatchItems((line.id,), (matching_service.place_of(row),))
    matching_service.match(session, clerk, bank.id, items, now=NOW)
    month_service.prepare(session, clerk, bank.id, "2026-09", PrepareMonth("Nothing moved"), now=NOW)
    content = banking.camt(
        bank.number,
        opening=str(closing.amount),
        closing=str(closing.amount),
        currency=bank.currency,
        days=("2026-11-21", "2026-11-30"),
    )
    upload = Upload("statement.xml", content, XML)
    statement_service.bring(session, clerk, bank.id, BringFile(upload, TableLayout()), now=NOW)


def _payment_files(session: Session, here: Land) -> None:
    """A file in each status, one of them with a rejected payment, and a bank's profile that waits."""
    made, clerk = here.made, here.at_funder[Role.ACCOUNTANT]
    payment_files.drafted(session, made, *payment_files.released(session, made, 1))
    payment_files.signed(session, made, *payment_files.released(session, made, 1))
    payment_files.sent(session, made, *payment_files.released(session, made, 1))
    row = payment_files.sent(session, made, *payment_files.released(session, made, 1))
    payment_files.answered(session, made, row, payment_files.report(row.reference, group="RJCT"))
    payment_files.a_profile(session, made, clerk)


def _statements(session: Session, here: Land) -> None:
    """A superseded statement with its successor filed; one with a certificate, one certified, one audited."""
    made = here.made
    first = issuing.issued(session, made)
    newer = issuing.corrected(session, made, first)
    issuing.file(session, made, newer)
    draft = issuing.prepared(session, made, report="fund-position")
    issuing.certify(session, made.finance, draft, Capacity.PREPARED)
    waiting = issuing.prepared(session, made, report="receipts-and-payments")
    issuing.certify_all(session, made, waiting)
    audited = issuing.prepared(session, made, report="remittance-schedule")
    issuing.issue(session, made, issuing.certify_all(session, made, audited))
    issuing.audit(session, issuing.auditor(session, made), audited)
