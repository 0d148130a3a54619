"""Gathers what the gates look at, for one disbursement or for a whole queue, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.contracts import bulk
from app.contracts.bulk import Parties
from app.contracts.facts import BlockingObligation, TrancheTerms
from app.contracts.models import Contract, Programme
from app.contracts.states import ContractStatus, Purpose, WhitelistEffect
from app.corridor import queries as corridor
from app.corridor.models import TaxFiling
from app.corridor.rules import Asked, Case, PolicyRate, Rule, asked
from app.corridor.states import AskKind, Step
from app.disbursements import authority
from app.disbursements.authority import Matrix
from app.disbursements.facts import (
    AccountPart,
    AuthorityPart,
    ContractPart,
    DaysPart,
    DocumentPart,
    Facts,
    MandatePart,
    OverduePart,
    PeoplePart,
    PocketPart,
    RatePart,
    SplitPart,
    Stage,
    TranchePart,
    WhitelistPart,
)
from app.disbursements.models import BankMandate, Disbursement
from app.disbursements.reading import Queued
from app.disbursements.splitting import NOT_SPLIT, WINDOW, Neighbour, split_part
from app.disbursements.states import CLAIMS_TRANCHE, Decision
from app.exchange_rates import queries as rates
from app.exchange_rates.queries import FoundRate
from app.funds.models import Fund, Pocket
from app.institutions.models import BankAccount, Institution
from app.kernel.actor import Actor
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger import balances
from app.ledger.balances import HoldRow, PocketPosition
from app.people import queries as people
from app.rails import queries as rails
from app.rails.days import CALENDAR_SIDES, BankDays
from app.whitelist.models import WhitelistEntry
from app.whitelist.states import KIND_NAMES

BEFORE: dict[Step | None, Stage] = {
    Step.SUBMISSION: Stage.SUBMISSION,
    Step.APPROVAL: Stage.APPROVAL,
    Step.RELEASE: Stage.RELEASE,
}
"""The gate at which a step of the corridor is looked at, for what is wanted before the money moves."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """What disbursements under the same contracts come to, in minor units of each contract's currency.

    `of_tranche` is what those of a tranche take of it, `of_contract` what all of a contract come to.
    """

    of_tranche: dict[UUID, int]
    of_contract: dict[UUID, int]


@dataclass(frozen=True, slots=True)
class Held:
    """Contracts with their parties, and accounts by id, as a step read them when it locked contracts and accounts."""

    parties: Parties
    accounts: dict[UUID, BankAccount]


@dataclass(frozen=True, slots=True)
class Common:
    """What disbursements of one contract, hold, pocket and pair of accounts have in common, as facts."""

    today: date
    contract: ContractPart
    pocket: PocketPart
    payee: AccountPart
    payer: AccountPart
    grantee: str
    whitelist: WhitelistPart
    minutes_required: bool
    overdue: tuple[OverduePart, ...]
    rates: tuple[RatePart, ...]


class Surroundings:
    """Rows around a set of disbursements, by id, as `actor` would meet them.

    Each part is read when it is first asked for, for all the disbursements together and in a fixed number of queries;
    what a step does not look at is not read. `known` keeps what several of them have in common. Contracts and accounts
    that a step has locked already are handed in as `held`, instead of being read a second time.
    """

    def __init__(
        self,
        session: Session,
        rows: Sequence[Disbursement | Queued],
        *,
        now: datetime,
        actor: Actor | None,
        language: str = "en",
        held: Held | None = None,
    ) -> None:
        """Nothing is read yet."""
        self.today = business_date(now)
        self.known: dict[tuple[object, ...], Common] = {}
        self._session, self._rows, self._actor, self._language = session, rows, actor, language
        self._held = held

    @cached_property
    def contracts(self) -> dict[UUID, Contract]:
        """The contracts."""
        return self._around_contracts.contracts

    @cached_property
    def programmes(self) -> dict[UUID, Programme]:
        """The programmes of the contracts."""
        return self._around_contracts.programmes

    @cached_property
    def tranches(self) -> dict[UUID, TrancheTerms]:
        """Every tranche of the contracts as it is today, without what is paid under it."""
        return bulk.tranche_terms_of(self._session, self.contracts.values(), self.today)

    @cached_property
    def institutions(self) -> dict[UUID, Institution]:
        """Payers and payees. A contract that is still drafted may have other parties by now than a payment of it."""
        known = self._around_contracts.institutions
        others = self._parties - known.keys()
        if not others:
            return known
        found = self._session.scalars(select(Institution).where(Institution.id.in_(others)))
        return known | {each.id: each for each in found}

    @cached_property
    def accounts(self) -> dict[UUID, BankAccount]:
        """The accounts on both sides."""
        if self._held is not None:
            return self._held.accounts
        wanted = {row.payer_account_id for row in self._rows} | {row.payee_account_id for row in self._rows}
        return {
            found.id: found for found in self._session.scalars(select(BankAccount).where(BankAccount.id.in_(wanted)))
        }

    @cached_property
    def pockets(self) -> dict[UUID, tuple[Pocket, Fund]]:
        """The pockets that pay, each with its fund."""
        wanted = select(Pocket, Fund).join(Fund, Fund.id == Pocket.fund_id).where(Pocket.id.in_(self._pocket_ids))
        return {pocket.id: (pocket, fund) for pocket, fund in self._session.execute(wanted)}

    @cached_property
    def positions(self) -> dict[UUID, PocketPosition]:
        """What the pockets hold."""
        return balances.pocket_positions(self._session, list(self._pocket_ids))

    @cached_property
    def holds(self) -> dict[UUID, HoldRow]:
        """The holds of the disbursements and of their contracts."""
        wanted = {row.hold_id for row in self._rows if row.hold_id}
        wanted |= {contract.hold_id for contract in self.contracts.values() if contract.hold_id}
        return {hold.hold_id: hold for hold in balances.holds_by_id(self._session, list(wanted))}

    @cached_property
    def overdue(self) -> dict[UUID, tuple[BlockingObligation, ...]]:
        """What is overdue and keeps tranches back, by contract."""
        return bulk.blocking_obligations_of(self._session, self.contracts.values(), self.programmes, self.today)

    @cached_property
    def interests(self) -> dict[UUID, frozenset[UUID]]:
        """Who has an interest in each contract."""
        return bulk.interests_of(self._session, self.contracts.keys())

    @cached_property
    def listed(self) -> dict[tuple[UUID, str], WhitelistEntry]:
        """The whitelist entries of the payees that stand today, by payee and list."""
        return _listed(self._session, {row.grantee_id for row in self._rows}, self.today)

    @cached_property
    def matrices(self) -> dict[UUID, Matrix]:
        """The authority matrix of each payer, as the actor meets it."""
        payers = {row.funder_id for row in self._rows}
        return authority.matrices(self._session, payers, self._actor, self.today, self._language)

    @cached_property
    def mandates(self) -> dict[UUID, list[BankMandate]]:
        """The bank mandates in force, by the payer's account."""
        return _mandates(self._session, {row.payer_account_id for row in self._rows}, self.today)

    @cached_property
    def rules(self) -> dict[tuple[str, str], list[Rule]]:
        """The corridor's rules in force today, by the sides between which the money moves."""
        accounts = self.accounts
        routes = {
            (accounts[row.payer_account_id].bank_side, accounts[row.payee_account_id].bank_side) for row in self._rows
        }
        found: dict[tuple[str, str], list[Rule]] = defaultdict(list)
        for rule in corridor.rules_on(self._session, self.today, routes):
            found[rule.from_side, rule.to_side].append(rule)
        return dict(found)

    @cached_property
    def thresholds_at(self) -> dict[tuple[str, str], PolicyRate]:
        """The rates at which the thresholds of the corridor's rules are compared with amounts in another currency."""
        return corridor.rates_on(self._session, self.today)

    @cached_property
    def filings(self) -> Mapping[UUID, TaxFiling]:
        """The tax filings of the contracts, by contract."""
        return corridor.filed_contracts(self._session, list(self.contracts))

    @cached_property
    def claimed(self) -> Claimed:
        """What the disbursements of the same contracts come to."""
        return _claimed(self._session, self.contracts.keys())

    @cached_property
    def neighbours(self) -> dict[UUID, list[Neighbour]]:
        """By contract, the disbursements handed in so near to these that they may be parts of one payment."""
        return _neighbours(self._session, self.contracts.keys(), [row.submitted_at for row in self._rows])

    @cached_property
    def names(self) -> dict[UUID, str]:
        """The names of makers, checkers and the actor."""
        involved = {row.maker_id for row in self._rows} | {d.checker_id for row in self._rows for d in row.decisions}
        if self._actor is not None:
            involved.add(self._actor.person_id)
        return people.names_of(self._session, involved, self._language)

    @cached_property
    def bookings(self) -> dict[UUID, FoundRate]:
        """The newest booking rate each party would look at."""
        return rates.booking_rates(self._session, Currency.HKD, Currency.CNY, self.today, self._parties)

    @cached_property
    def bank_days(self) -> BankDays:
        """The banks' days of both sides."""
        return rails.bank_days(self._session)

    @cached_property
    def _around_contracts(self) -> Parties:
        if self._held is not None:
            return self._held.parties
        return bulk.with_parties(self._session, {row.contract_id for row in self._rows})

    @property
    def _parties(self) -> set[UUID]:
        return {row.funder_id for row in self._rows} | {row.grantee_id for row in self._rows}

    @property
    def _pocket_ids(self) -> set[UUID]:
        return {row.pocket_id for row in self._rows}


def gather(
    session: Session,
    rows: Sequence[Disbursement],
    *,
    stage: Stage,
    now: datetime,
    actor: Actor | None = None,
    language: str = "en",
    held: Held | None = None,
) -> dict[UUID, Facts]:
    """The facts of each disbursement at a stage, as `actor` would meet them, by the disbursement's id.

    `held` are the contracts and accounts of all of them where they are locked already.
    """
    if not rows:
        return {}
    around = Surroundings(session, rows, now=now, actor=actor, language=language, held=held)
    return {row.id: facts_of(row, around, stage=stage, now=now, actor=actor) for row in rows}


def facts_of(
    row: Disbursement | Queued, around: Surroundings, *, stage: Stage, now: datetime, actor: Actor | None
) -> Facts:
    """The facts of one row out of its surroundings. Submission looks at no authority and no mandate."""
    common = _common(row, around, now)
    amount = row.amount
    submitting = stage is Stage.SUBMISSION
    held = AuthorityPart() if submitting else _authority_part(row, amount, around)
    return Facts(
        stage=stage,
        today=common.today,
        amount=amount,
        requested_value_date=row.requested_value_date,
        contract=common.contract,
        tranche=_tranche_part(row, around),
        pocket=common.pocket,
        payee=common.payee,
        payer=common.payer,
        grantee=common.grantee,
        whitelist=common.whitelist,
        people=_people_part(row, around, actor),
        authority=held,
        mandate=MandatePart(None, 0) if submitting else _mandate_part(row, amount, around),
        minutes_required=common.minutes_required,
        minutes_present=row.minutes_document_id is not None,
        overdue=common.overdue,
        rates=common.rates,
        documents=_document_parts(row, around),
        split=_split_part(row, amount, around, held.limit),
        days=_days_part(row, around),
    )


def _common(row: Disbursement | Queued, around: Surroundings, now: datetime) -> Common:
    """What this row shares with every other of its contract, hold, pocket and accounts: made once for all of them."""
    key = (row.contract_id, row.hold_id, row.pocket_id, row.payer_account_id, row.payee_account_id, row.currency, now)
    found = around.known.get(key)
    if found is None:
        found = around.known[key] = _common_parts(row, around, now)
    return found


def _common_parts(row: Disbursement | Queued, around: Surroundings, now: datetime) -> Common:
    contract = around.contracts[row.contract_id]
    programme = around.programmes[contract.programme_id]
    grantee = around.institutions[row.grantee_id]
    payee, payer = around.accounts[row.payee_account_id], around.accounts[row.payer_account_id]
    wanted = _whitelist_part(around, programme, grantee)
    return Common(
        today=business_date(now),
        contract=_contract_part(row, contract, around),
        pocket=_pocket_part(row, contract, around),
        payee=_account_part(payee, row.grantee_id, now),
        payer=_account_part(payer, row.funder_id, now),
        grantee=grantee.name_en,
        whitelist=wanted,
        minutes_required=programme.collective_minutes_required,
        overdue=tuple(
            OverduePart(each.title, each.due_on, each.contract_reference, grantee.name_en)
            for each in around.overdue.get(contract.id, ())
        ),
        rates=_rate_parts(row, around, payee),
    )


def asked_of(row: Disbursement | Queued, around: Surroundings) -> list[Asked]:
    """What the corridor asks of a row today, by code, each with why; nothing where the banks are on one side."""
    payer, payee = around.accounts[row.payer_account_id], around.accounts[row.payee_account_id]
    rules = around.rules.get((payer.bank_side, payee.bank_side))
    if not rules:
        return []
    contract = around.contracts[row.contract_id]
    programme = around.programmes[contract.programme_id]
    wanted = whitelist_part(around, row) if any(rule.exempt_listed_on for rule in rules) else None
    eased = wanted is not None and wanted.effect is WhitelistEffect.FACILITATED and wanted.listed
    compared = any(rule.above is not None and rule.above.currency != row.currency for rule in rules)
    case = Case(
        payer.bank_side,
        payee.bank_side,
        Purpose(contract.purpose),
        around.institutions[row.funder_id].kind,
        around.institutions[row.grantee_id].kind,
        row.amount,
        frozenset({programme.whitelist_kind} if eased else ()),
        around.thresholds_at if compared else {},
    )
    return asked(case, rules)


def whitelist_part(around: Surroundings, row: Disbursement | Queued) -> WhitelistPart:
    """How the grantee of a row stands on the list its terms look at."""
    contract = around.contracts[row.contract_id]
    programme = around.programmes[contract.programme_id]
    return _whitelist_part(around, programme, around.institutions[row.grantee_id])


def approvers_of(row: Disbursement | Queued) -> tuple[UUID, ...]:
    """Who has approved the revision that stands."""
    return tuple(
        each.checker_id
        for each in row.decisions
        if each.decision == Decision.APPROVED and each.revision == row.revision
    )


def _contract_part(row: Disbursement | Queued, contract: Contract, around: Surroundings) -> ContractPart:
    currency = Currency(contract.currency)
    room = Money.zero(currency)
    for hold_id in (contract.hold_id, row.hold_id):
        hold = around.holds.get(hold_id) if hold_id else None
        if hold is not None and hold.is_open and (hold_id == row.hold_id or row.hold_id is None):
            room = room + hold.remaining
    return ContractPart(
        contract.reference,
        ContractStatus(contract.status),
        contract.first_day,
        contract.last_day,
        currency,
        room,
    )


def _tranche_part(row: Disbursement | Queued, around: Surroundings) -> TranchePart:
    state = around.tranches[row.tranche_id]
    own = row.amount_minor if row.status in CLAIMS_TRANCHE else 0
    taken = Money(around.claimed.of_tranche.get(row.tranche_id, 0) - own, row.amount.currency)
    return TranchePart(
        state.number,
        state.due_on,
        state.payable,
        taken,
        state.condition,
        state.condition_met,
        state.met_on,
        state.is_final or state.final_account_accepted,
    )


def _pocket_part(row: Disbursement | Queued, contract: Contract, around: Surroundings) -> PocketPart:
    pocket, fund = around.pockets[row.pocket_id]
    currency = Currency(pocket.currency)
    position = around.positions.get(row.pocket_id)
    room = position.available if position is not None else Money.zero(currency)
    for hold_id in {contract.hold_id, row.hold_id}:
        hold = around.holds.get(hold_id) if hold_id else None
        if hold is not None and hold.is_open and hold.remaining.currency is currency:
            room = room + hold.remaining
    return PocketPart(f"{fund.name_en}, {currency.value}", currency, room)


def _account_part(account: BankAccount, owner_id: UUID, now: datetime) -> AccountPart:
    return AccountPart(
        account.masked_number,
        Currency(account.currency),
        account.institution_id == owner_id,
        account.status == "VERIFIED",
        account.is_payable(now),
        business_date(account.cooling_until) if account.cooling_until else None,
        account.status,
    )


def _whitelist_part(around: Surroundings, programme: Programme, grantee: Institution) -> WhitelistPart:
    entry = around.listed.get((grantee.id, programme.whitelist_kind))
    kind = KIND_NAMES.get(programme.whitelist_kind, programme.whitelist_kind)
    effect = WhitelistEffect(programme.whitelist_effect)
    return WhitelistPart(effect, kind, grantee.name_en, entry is not None, entry.valid_to if entry else None)


def _people_part(row: Disbursement | Queued, around: Surroundings, actor: Actor | None) -> PeoplePart:
    approvers = approvers_of(row)
    signatories = tuple(each.signatory_id for each in row.releases if each.revision == row.revision)
    acting = actor.person_id if actor else None
    involved = {row.maker_id, *approvers, *signatories, *([acting] if acting else [])}
    interested = involved & around.interests.get(row.contract_id, frozenset())
    return PeoplePart(
        row.maker_id,
        around.names.get(row.maker_id, ""),
        approvers,
        signatories,
        acting,
        tuple(sorted(around.names.get(person, "") for person in interested)),
    )


def _authority_part(row: Disbursement | Queued, amount: Money, around: Surroundings) -> AuthorityPart:
    principals = tuple(
        each.on_behalf_of_id for each in row.decisions if each.revision == row.revision and each.on_behalf_of_id
    )
    matrix = around.matrices.get(row.funder_id)
    if matrix is None:
        return AuthorityPart()
    return matrix.applied(amount, frozenset({row.maker_id}), approvers_of(row), principals)


def _mandate_part(row: Disbursement | Queued, amount: Money, around: Surroundings) -> MandatePart:
    payer = around.accounts[row.payer_account_id]
    if amount.currency.value != payer.currency:
        booking = around.bookings.get(row.funder_id)
        amount = booking.convert(amount) if booking else Money.zero(Currency(payer.currency))
    rows = [each for each in around.mandates.get(payer.id, []) if each.above_minor < amount.minor]
    signed = sum(1 for each in row.releases if each.revision == row.revision)
    if not rows:
        return MandatePart(None, signed)
    applying = max(rows, key=lambda each: each.above_minor)
    return MandatePart(applying.signatories, signed, applying.source)


def _rate_parts(row: Disbursement | Queued, around: Surroundings, payee: BankAccount) -> tuple[RatePart, ...]:
    parts = []
    for institution_id in (row.funder_id, row.grantee_id):
        institution = around.institutions[institution_id]
        own = Currency(institution.functional_currency)
        touched = {row.amount.currency}
        if institution_id == row.grantee_id:
            touched.add(Currency(payee.currency))
        if touched == {own}:
            continue
        found, foreign = around.bookings.get(institution_id), own.other
        parts.append(
            RatePart(
                institution.name_en,
                found.base if found else foreign,
                found.quote if found else own,
                found is not None,
                found is not None and found.is_fresh(around.today),
                found.units(found.quote) if found else None,
                found.rate_date if found else None,
                found.source if found else "",
            )
        )
    return tuple(parts)


def _document_parts(row: Disbursement | Queued, around: Surroundings) -> tuple[DocumentPart, ...]:
    found = asked_of(row, around)
    if not found:
        return ()
    listed = {each.code: each for each in row.documents}
    parts = []
    for need in (each.rule for each in found if each.rule.blocks in BEFORE):
        mine = listed.get(need.code)
        filed = need.kind is AskKind.FILING and row.contract_id in around.filings
        parts.append(
            DocumentPart(
                need.title,
                need.source,
                filed or mine is not None,
                filed or (mine is not None and mine.confirmed_by_id is not None),
                mine.expires_on if mine and not filed else None,
                BEFORE[need.blocks],
            )
        )
    return tuple(parts)


def _days_part(row: Disbursement | Queued, around: Surroundings) -> DaysPart:
    touched = {around.accounts[row.payer_account_id].bank_side, around.accounts[row.payee_account_id].bank_side}
    sides = tuple(side for side in CALENDAR_SIDES if side in touched)
    days, day = around.bank_days, row.requested_value_date
    closed = tuple(side for side in sides if not days.is_open(side, day))
    return DaysPart(
        sides,
        closed,
        days.next_open(sides, day) if closed else None,
        tuple(side for side in sides if not days.gazetted(side, day.year)),
    )


def _split_part(row: Disbursement | Queued, amount: Money, around: Surroundings, limit: Money | None) -> SplitPart:
    """Who is near is looked at only where all of the contract together pass the limit."""
    if limit is None or around.claimed.of_contract.get(row.contract_id, 0) + amount.minor <= limit.minor:
        return NOT_SPLIT
    neighbours = around.neighbours.get(row.contract_id, [])
    return split_part(row.id, amount, row.submitted_at, neighbours, limit)


def _listed(session: Session, grantee_ids: Collection[UUID], today: date) -> dict[tuple[UUID, str], WhitelistEntry]:
    statement = select(WhitelistEntry).where(
        WhitelistEntry.institution_id.in_(grantee_ids), WhitelistEntry.person_id.is_(None)
    )
    return {
        (entry.institution_id, entry.kind): entry
        for entry in session.scalars(statement)
        if entry.institution_id is not None and entry.stands_on(today)
    }


def _mandates(session: Session, account_ids: Collection[UUID], today: date) -> dict[UUID, list[BankMandate]]:
    statement = select(BankMandate).where(
        BankMandate.bank_account_id.in_(account_ids),
        BankMandate.confirmed_by_id.is_not(None),
        BankMandate.first_day <= today,
        or_(BankMandate.last_day.is_(None), BankMandate.last_day >= today),
    )
    found: dict[UUID, list[BankMandate]] = defaultdict(list)
    for row in session.scalars(statement):
        found[row.bank_account_id].append(row)
    return found


def _claimed(session: Session, contract_ids: Collection[UUID]) -> Claimed:
    """What disbursements that use up their tranche come to; one row a tranche, however many they are."""
    statement = (
        select(Disbursement.contract_id, Disbursement.tranche_id, func.sum(Disbursement.amount_minor).label("minor"))
        .where(Disbursement.contract_id.in_(contract_ids), Disbursement.status.in_(CLAIMS_TRANCHE))
        .group_by(Disbursement.contract_id, Disbursement.tranche_id)
    )
    of_tranche: dict[UUID, int] = {}
    of_contract: dict[UUID, int] = defaultdict(int)
    for row in session.execute(statement):
        of_tranche[row.tranche_id] = int(row.minor)
        of_contract[row.contract_id] += int(row.minor)
    return Claimed(of_tranche, dict(of_contract))


def _neighbours(
    session: Session, contract_ids: Collection[UUID], handed_in: Iterable[datetime | None]
) -> dict[UUID, list[Neighbour]]:
    """Disbursements of the same contracts that use up their tranche, near to any of the moments, by contract."""
    moments = [each for each in handed_in if each is not None]
    if not moments:
        return {}
    statement = select(
        Disbursement.contract_id,
        Disbursement.id,
        Disbursement.reference,
        Disbursement.amount_minor,
        Disbursement.currency,
        Disbursement.submitted_at,
    ).where(
        Disbursement.contract_id.in_(contract_ids),
        Disbursement.status.in_(CLAIMS_TRANCHE),
        Disbursement.submitted_at.between(min(moments) - WINDOW, max(moments) + WINDOW),
    )
    found: dict[UUID, list[Neighbour]] = defaultdict(list)
    for row in session.execute(statement):
        amount = Money(row.amount_minor, Currency(row.currency))
        found[row.contract_id].append(Neighbour(row.id, row.reference, amount, row.submitted_at))
    return dict(found)


def asked_alone(session: Session, row: Disbursement, now: datetime) -> list[Asked]:
    """What the corridor asks of one disbursement, of every kind; what the contract's tax filing answers left out."""
    around = Surroundings(session, [row], now=now, actor=None)
    found = asked_of(row, around)
    return [each for each in found if each.rule.kind is not AskKind.FILING or row.contract_id not in around.filings]
