"""The verbs of the corridor: propose a rule or a rate, enter a tax filing; confirm or refuse each as another person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise, own_work
from app.access.permissions import Permission
from app.audit import trail
from app.contracts import queries as contracts
from app.contracts.states import Purpose
from app.corridor import queries
from app.corridor.models import CorridorRate, CorridorRule, TaxFiling
from app.corridor.states import AskKind, CodeList, ForeignCurrency, ProposalStatus, Step
from app.db.unit_of_work import lock_for_update
from app.institutions.states import InstitutionKind, Side
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.kernel.money import Money
from app.whitelist.states import WhitelistKind

TWO_PEOPLE = _("A rule of the corridor takes effect on the word of two people")


@dataclass(frozen=True, slots=True)
class ProposeRule:
    """A rule or its next version: of the same code, route and purpose. None in a condition means any."""

    code: str
    from_side: Side
    to_side: Side
    kind: AskKind
    title: str
    how: str
    source: str
    first_day: date
    last_day: date | None = None
    purpose: Purpose | None = None
    payer_kind: InstitutionKind | None = None
    payee_kind: InstitutionKind | None = None
    currency: Currency | None = None
    above: Decimal | None = None
    above_currency: ForeignCurrency | None = None
    exempt_listed_on: WhitelistKind | None = None
    exempt_payer_kind: InstitutionKind | None = None
    code_list: CodeList | None = None
    suggested: str = ""
    blocks: Step | None = None
    valid_days: int | None = None
    due_days: int | None = None
    verified: bool = False


@dataclass(frozen=True, slots=True)
class ProposeRate:
    """So many units of a ledger currency for one unit of the currency of a threshold."""

    base_currency: ForeignCurrency
    currency: Currency
    rate: Decimal
    rate_date: date
    source: str


@dataclass(frozen=True, slots=True)
class EnterFiling:
    """The tax filing of a contract; `value` is the contract's value as the form states it, in its own currency."""

    contract: str
    form_number: str
    verification_code: str
    filed_on: date
    value: Money


@dataclass(frozen=True, slots=True)
class Decide:
    """The version of what was decided, as it was shown."""

    version: int


def propose_rule(session: Session, actor: Actor, command: ProposeRule, *, now: datetime) -> CorridorRule:
    """Propose a rule or its next version. Raises RuleBreached for what contradicts itself or begins in the past."""
    authorise(actor, Permission.CORRIDOR_MANAGE)
    found = breaches(command, business_date(now))
    if found:
        raise RuleBreached(*found)
    row = CorridorRule(
        id=new_id(),
        code=command.code,
        number=queries.next_number(session, command.code, command.from_side, command.to_side, command.purpose),
        from_side=command.from_side,
        to_side=command.to_side,
        purpose=command.purpose,
        payer_kind=command.payer_kind,
        payee_kind=command.payee_kind,
        currency=command.currency,
        above_minor=int(command.above * 100) if command.above is not None else None,
        above_currency=command.above_currency,
        exempt_listed_on=command.exempt_listed_on,
        exempt_payer_kind=command.exempt_payer_kind,
        kind=command.kind,
        title=command.title,
        how=command.how,
        code_list=command.code_list,
        suggested=command.suggested,
        blocks=command.blocks,
        valid_days=command.valid_days,
        due_days=command.due_days,
        source=command.source,
        verified=command.verified,
        first_day=command.first_day,
        last_day=command.last_day,
        status=ProposalStatus.PROPOSED,
        proposed_by_id=actor.person_id,
        proposed_at=now,
    )
    session.add(row)
    session.flush()
    _trace_rule(session, actor, "corridor.propose-rule", row, now)
    return row


def breaches(command: ProposeRule, today: date) -> list[Breach]:
    """What is wrong with a proposed rule."""
    found = []
    if command.from_side is command.to_side:
        found.append(_breach("sides", _("A route leads from one side to another."), "to_side"))
    if (command.above is None) is not (command.above_currency is None):
        found.append(_breach("threshold", _("A threshold has an amount and a currency."), "above"))
    if command.above is not None and command.above * 100 % 1:
        found.append(_breach("threshold-decimals", _("A threshold has at most two decimals."), "above"))
    if (command.kind is AskKind.CODE) is not (command.code_list is not None):
        found.append(
            _breach("code-list", _("A code, and nothing else, names the list it is chosen from."), "code_list")
        )
    declared = command.kind is AskKind.DECLARATION
    if declared is not (command.due_days is not None):
        found.append(
            _breach("due-days", _("A declaration, and nothing else, is due so many working days later."), "due_days")
        )
    if declared is not (command.blocks is Step.AFTER):
        found.append(_breach("after", _("A declaration, and nothing else, follows the money's arrival."), "blocks"))
    if command.first_day < today:
        found.append(_breach("past", _("A rule is not changed for days that have passed."), "first_day"))
    return found


def _breach(code: str, message: str, field: str) -> Breach:
    return Breach(f"corridor.rule-{code}", message, source=TWO_PEOPLE, field=field)


def confirm_rule(session: Session, actor: Actor, rule_id: UUID, command: Decide, *, now: datetime) -> CorridorRule:
    """Put a proposed version in force, as another person than proposed it. Raises NotPermitted or Conflict."""
    return _decide_rule(session, actor, rule_id, command, ProposalStatus.CONFIRMED, now)


def refuse_rule(session: Session, actor: Actor, rule_id: UUID, command: Decide, *, now: datetime) -> CorridorRule:
    """Turn a proposed version down, as another person than proposed it. Raises NotPermitted or Conflict."""
    return _decide_rule(session, actor, rule_id, command, ProposalStatus.REFUSED, now)


def _decide_rule(
    session: Session, actor: Actor, rule_id: UUID, command: Decide, status: ProposalStatus, now: datetime
) -> CorridorRule:
    row = lock_for_update(session, CorridorRule, rule_id, command.version)
    authorise(actor, Permission.CORRIDOR_MANAGE)
    verb = f"corridor.{'confirm' if status is ProposalStatus.CONFIRMED else 'refuse'}-rule"
    _decide(row, actor, verb, status, now)
    _trace_rule(session, actor, verb, row, now)
    return row


def propose_rate(session: Session, actor: Actor, command: ProposeRate, *, now: datetime) -> CorridorRate:
    """Propose a rate to compare amounts with thresholds; used once a second person has confirmed it."""
    authorise(actor, Permission.CORRIDOR_MANAGE)
    found = []
    if command.base_currency.value == command.currency.value:
        found.append(_breach("rate-currencies", _("A rate has two currencies."), "currency"))
    if command.rate_date > business_date(now):
        found.append(_breach("rate-future", _("The rate is of a day that has not come."), "rate_date"))
    if found:
        raise RuleBreached(*found)
    row = CorridorRate(
        id=new_id(),
        base_currency=command.base_currency,
        currency=command.currency,
        rate=command.rate,
        rate_date=command.rate_date,
        source=command.source,
        status=ProposalStatus.PROPOSED,
        proposed_by_id=actor.person_id,
        proposed_at=now,
    )
    session.add(row)
    session.flush()
    _trace_rate(session, actor, "corridor.propose-rate", row, now)
    return row


def confirm_rate(session: Session, actor: Actor, rate_id: UUID, command: Decide, *, now: datetime) -> CorridorRate:
    """Let a proposed rate be used, as another person than proposed it. Raises NotPermitted or Conflict."""
    return _decide_rate(session, actor, rate_id, command, ProposalStatus.CONFIRMED, now)


def refuse_rate(session: Session, actor: Actor, rate_id: UUID, command: Decide, *, now: datetime) -> CorridorRate:
    """Turn a proposed rate down, as another person than proposed it. Raises NotPermitted or Conflict."""
    return _decide_rate(session, actor, rate_id, command, ProposalStatus.REFUSED, now)


def _decide_rate(
    session: Session, actor: Actor, rate_id: UUID, command: Decide, status: ProposalStatus, now: datetime
) -> CorridorRate:
    row = lock_for_update(session, CorridorRate, rate_id, command.version)
    authorise(actor, Permission.CORRIDOR_MANAGE)
    verb = f"corridor.{'confirm' if status is ProposalStatus.CONFIRMED else 'refuse'}-rate"
    _decide(row, actor, verb, status, now)
    _trace_rate(session, actor, verb, row, now)
    return row


def enter_filing(session: Session, actor: Actor, command: EnterFiling, *, now: datetime) -> TaxFiling:
    """Enter the tax filing of a contract; it counts once a second person of the funder has confirmed it.

    Raises NotFound for a contract out of scope, RuleBreached for a day that has not come.
    """
    contract = contracts.get_visible(session, actor, command.contract)
    authorise(actor, Permission.CORRIDOR_MANAGE, contract.funder_id)
    if command.filed_on > business_date(now):
        raise RuleBreached(_breach("filing-future", _("The filing is of a day that has not come."), "filed_on"))
    row = TaxFiling(
        id=new_id(),
        contract_id=contract.id,
        form_number=command.form_number,
        verification_code=command.verification_code,
        filed_on=command.filed_on,
        value_minor=command.value.minor,
        currency=command.value.currency,
        status=ProposalStatus.PROPOSED,
        proposed_by_id=actor.person_id,
        proposed_at=now,
    )
    session.add(row)
    session.flush()
    _trace_filing(session, actor, "corridor.enter-filing", row, contract.funder_id, now)
    return row


def confirm_filing(session: Session, actor: Actor, filing_id: UUID, command: Decide, *, now: datetime) -> TaxFiling:
    """Confirm a filing against its form, as another person than entered it. Raises NotPermitted or Conflict."""
    return _decide_filing(session, actor, filing_id, command, ProposalStatus.CONFIRMED, now)


def refuse_filing(session: Session, actor: Actor, filing_id: UUID, command: Decide, *, now: datetime) -> TaxFiling:
    """Turn a filing down, as another person than entered it. Raises NotPermitted or Conflict."""
    return _decide_filing(session, actor, filing_id, command, ProposalStatus.REFUSED, now)


def _decide_filing(
    session: Session, actor: Actor, filing_id: UUID, command: Decide, status: ProposalStatus, now: datetime
) -> TaxFiling:
    _seen, contract = queries.filing_by_id(session, actor, filing_id)
    row = lock_for_update(session, TaxFiling, filing_id, command.version)
    authorise(actor, Permission.CORRIDOR_MANAGE, contract.funder_id)
    verb = f"corridor.{'confirm' if status is ProposalStatus.CONFIRMED else 'refuse'}-filing"
    _decide(row, actor, verb, status, now)
    _trace_filing(session, actor, verb, row, contract.funder_id, now)
    return row


def _decide(
    row: CorridorRule | CorridorRate | TaxFiling, actor: Actor, verb: str, status: ProposalStatus, now: datetime
) -> None:
    """The second person's decision on whatever the first one proposed."""
    if row.proposed_by_id == actor.person_id:
        raise own_work(verb, _("A second grant officer decides it."))
    if row.status != ProposalStatus.PROPOSED:
        message, cure = _("This has already been decided."), _("Open the page again to see who decided it.")
        raise Conflict(Breach("corridor.decided", message, cure=cure))
    row.status = status
    row.decided_by_id, row.decided_at = actor.person_id, now
    row.version += 1


def _trace_rule(session: Session, actor: Actor, verb: str, row: CorridorRule, now: datetime) -> None:
    details = {"code": row.code, "route": f"{row.from_side}-{row.to_side}", "number": row.number}
    details |= {"first_day": row.first_day, "source": row.source}
    trail.record(session, actor, verb, ("corridor_rule", row.id), details, now=now)


def _trace_rate(session: Session, actor: Actor, verb: str, row: CorridorRate, now: datetime) -> None:
    details = {"pair": f"{row.base_currency}/{row.currency}", "rate": row.rate, "source": row.source}
    trail.record(session, actor, verb, ("corridor_rate", row.id), details, now=now)


def _trace_filing(session: Session, actor: Actor, verb: str, row: TaxFiling, funder_id: UUID, now: datetime) -> None:
    details = {"number": row.form_number, "value": row.value, "day": row.filed_on}
    trail.record(session, actor, verb, ("tax_filing", row.id), details, now=now, institution_id=funder_id)
