"""The verbs of the manpower schedule: keep, change, enter months, clear time above 100 %, confirm months, import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise, own_work
from app.access.permissions import Permission
from app.audit import trail
from app.contracts.models import Contract
from app.db.references import next_reference
from app.db.unit_of_work import lock_for_update
from app.institutions.identifiers import check_orcid
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, InputRefused, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.kernel.money import Money, total
from app.ledger.headings import Heading
from app.manpower import queries, rules
from app.manpower.converting import month_rates
from app.manpower.models import StaffEngagement, StaffMonth, StaffMonthConfirmation, StaffTimeClearance
from app.manpower.queries import BookedMonth, Overload
from app.manpower.rules import Charge
from app.manpower.states import ContributionKind, months_between
from app.table_files.reading import at_line
from app.web.row_files import MOST_FAULTS, Imported, RowFile


@dataclass(frozen=True, slots=True)
class KeepEngagement:
    """An engagement as it shall stand. Rate and contribution are for a whole month of full time, in one currency."""

    contract: str
    staff_code: str
    person_name: str
    post: str
    monthly_rate: Money
    first_month: date
    last_month: date
    percent: Decimal
    heading: Heading = Heading.SALARY
    contribution_kind: ContributionKind = ContributionKind.NONE
    contribution: Money | None = None
    orcid: str = ""

    @property
    def added(self) -> Money:
        """The contribution, nil where none is stated."""
        return self.contribution or Money.zero(self.monthly_rate.currency)


@dataclass(frozen=True, slots=True)
class ChangeEngagement:
    """The engagement as it shall stand, over the version the page showed."""

    version: int
    engagement: KeepEngagement


@dataclass(frozen=True, slots=True)
class MonthCommand:
    """One month as it was: share of time, and what was charged, in the contract's currency."""

    month: date
    percent: Decimal
    pay: Money
    contribution: Money


@dataclass(frozen=True, slots=True)
class ScheduleMonth:
    """One month of a contract: who is scheduled, what the ledger has, and whether it was confirmed."""

    month: date
    rows: int
    pay: Money
    contribution: Money
    booked: BookedMonth
    unknown: bool
    flagged: bool
    confirmation: StaffMonthConfirmation | None

    @property
    def scheduled(self) -> Money:
        """Pay and contributions of the schedule."""
        return self.pay + self.contribution

    @property
    def difference(self) -> Money:
        """What the ledger has and the schedule has not; negative where the schedule has more."""
        return self.booked.whole - self.scheduled


_PLAIN = ("staff_code", "person_name", "post", "first_month", "last_month", "percent", "heading", "contribution_kind")


def keep(session: Session, actor: Actor, command: KeepEngagement, *, now: datetime) -> StaffEngagement:
    """Enter an engagement on a contract of the actor's institution, with its months.

    Time above 100 % in a month does not stop it: it is flagged until somebody else clears it. Raises InputRefused for
    a contract on which the actor keeps nothing, RuleBreached with every rule it breaks.
    """
    contract = _contract(session, actor, command.contract)
    found = _breaches(session, contract, command, business_date(now))
    if queries.same_engagement(session, contract.id, command.staff_code, command.first_month) is not None:
        found.append(_known_already())
    if found:
        raise RuleBreached(*found)
    return _add(session, actor, contract, command, now)


def _contract(session: Session, actor: Actor, reference: str) -> Contract:
    contract = queries.contract_of_keeper(session, actor, reference)
    if contract is None:
        raise InputRefused(_not_your_contract())
    authorise(actor, Permission.MANPOWER_KEEP, contract.grantee_id)
    return contract


def _not_your_contract() -> Breach:
    return Breach(
        "manpower.contract-unknown",
        _("You keep no schedule for a contract of this number."),
        _("Enter the number of a contract of your institution."),
        field="contract",
    )


def _known_already() -> Breach:
    return Breach(
        "manpower.known-already",
        _("This person is engaged on the contract from this month already, or with other content."),
        _("Change the engagement on its page."),
        field="staff_code",
    )


def _breaches(
    session: Session,
    contract: Contract,
    command: KeepEngagement,
    today: date,
    *,
    engagement: StaffEngagement | None = None,
) -> list[Breach]:
    orcid, found = _orcid(command)
    others = [
        each
        for each in queries.of_person(session, contract.grantee_id, command.staff_code)
        if engagement is None or each.id != engagement.id
    ]
    names = {each.person_name for each in others}
    facts = rules.EngagementFacts(
        first_month=command.first_month,
        last_month=command.last_month,
        percent=command.percent,
        contribution_kind=command.contribution_kind,
        contribution=command.added,
        contract_first_day=contract.first_day,
        contract_last_day=contract.last_day,
        orcid=orcid,
        known_orcid=next((each.orcid for each in others if each.orcid), None),
        other_name=next(iter(sorted(names)), None) if names and command.person_name not in names else None,
    )
    found += rules.breaches(facts)
    if found:
        return found
    before = _charges(engagement) if engagement is not None else {}
    after = _wanted(session, contract, command, engagement, today)
    return rules.confirmed_months_touched(before, after, frozenset(queries.confirmations(session, contract.id)))


def _orcid(command: KeepEngagement) -> tuple[str | None, list[Breach]]:
    if not command.orcid:
        return None, []
    value, found = check_orcid(command.orcid)
    return value, found


def _charges(engagement: StaffEngagement) -> dict[date, Charge]:
    return {each.month: Charge(each.percent, each.pay, each.contribution) for each in engagement.months}


def _wanted(
    session: Session, contract: Contract, command: KeepEngagement, engagement: StaffEngagement | None, today: date
) -> dict[date, Charge]:
    """The months as they shall stand: at the engagement's rate, but those a person typed as they were typed."""
    typed = {each.month: each for each in engagement.months if each.is_typed} if engagement is not None else {}
    months = months_between(command.first_month, command.last_month)
    into, pay, added = Currency(contract.currency), command.monthly_rate, command.added
    rates = month_rates(session, contract, pay.currency, months, engagement, today)
    return {
        month: Charge(typed[month].percent, typed[month].pay, typed[month].contribution)
        if month in typed
        else rules.charge(command.percent, pay, added, into, rates.get(month))
        for month in months
    }


def _add(session: Session, actor: Actor, contract: Contract, command: KeepEngagement, now: datetime) -> StaffEngagement:
    engagement = StaffEngagement(
        id=new_id(),
        reference=next_reference(session, "STF", business_date(now)),
        institution_id=contract.grantee_id,
        contract=contract,
        entered_by_id=actor.person_id,
        entered_at=now,
    )
    _fill(session, engagement, contract, command, business_date(now))
    session.add(engagement)
    session.flush()
    _trace(session, actor, "staff.keep", engagement, now, amount=engagement.monthly_rate)
    return engagement


def _fill(
    session: Session, engagement: StaffEngagement, contract: Contract, command: KeepEngagement, today: date
) -> None:
    wanted = _wanted(session, contract, command, engagement, today)
    for name in _PLAIN:
        setattr(engagement, name, getattr(command, name))
    engagement.monthly_rate_minor = command.monthly_rate.minor
    engagement.contribution_minor = command.added.minor
    engagement.currency = command.monthly_rate.currency
    engagement.orcid = _one_orcid(session, contract.grantee_id, command)
    typed = {each.month: each for each in engagement.months}
    for outdated in [each for each in engagement.months if each.month not in wanted]:
        engagement.months.remove(outdated)
    for month, charge in wanted.items():
        row = typed.get(month)
        if row is None:
            row = StaffMonth(id=new_id(), month=month, currency=contract.currency, is_typed=False)
            engagement.months.append(row)
        _set(row, charge)
    engagement.months.sort(key=lambda each: each.month)


def _set(row: StaffMonth, charge: Charge) -> None:
    row.percent = charge.percent
    row.pay_minor = charge.pay.minor if charge.pay is not None else None
    row.contribution_minor = charge.contribution.minor if charge.contribution is not None else None
    row.rate = charge.rate.rate if charge.rate is not None else None
    row.rate_id = charge.rate.rate_id if charge.rate is not None else None


def _one_orcid(session: Session, institution_id: UUID, command: KeepEngagement) -> str | None:
    """The person's ORCID iD: the one stated, which then holds for all their engagements here, or the one known."""
    stated, _found = _orcid(command)
    others = queries.of_person(session, institution_id, command.staff_code)
    if stated is None:
        return next((each.orcid for each in others if each.orcid), None)
    for each in others:
        each.orcid = stated
    return stated


def change(
    session: Session, actor: Actor, reference: str, command: ChangeEngagement, *, now: datetime
) -> StaffEngagement:
    """Change an engagement; months that nobody typed follow it. The contract and the person's code stay.

    Raises Conflict for a stale version, RuleBreached with every rule it breaks, also for confirmed months.
    """
    engagement = _locked(session, actor, reference, Permission.MANPOWER_KEEP, command.version)
    wanted = command.engagement
    if wanted.contract != engagement.contract.reference:
        raise InputRefused(_not_your_contract())
    today = business_date(now)
    found = _breaches(session, engagement.contract, wanted, today, engagement=engagement)
    other = queries.same_engagement(session, engagement.contract_id, wanted.staff_code, wanted.first_month)
    if other is not None and other.id != engagement.id:
        found.append(_known_already())
    if found:
        raise RuleBreached(*found)
    before = as_command(engagement)
    _fill(session, engagement, engagement.contract, wanted, today)
    engagement.version += 1
    session.flush()
    changed = _differences(before, as_command(engagement))
    _trace(session, actor, "staff.change", engagement, now, changed=changed)
    return engagement


def as_command(engagement: StaffEngagement) -> KeepEngagement:
    """The engagement as a form would send it."""
    return KeepEngagement(
        contract=engagement.contract.reference,
        staff_code=engagement.staff_code,
        person_name=engagement.person_name,
        post=engagement.post,
        monthly_rate=engagement.monthly_rate,
        first_month=engagement.first_month,
        last_month=engagement.last_month,
        percent=engagement.percent,
        heading=Heading(engagement.heading),
        contribution_kind=ContributionKind(engagement.contribution_kind),
        contribution=engagement.contribution,
        orcid=engagement.orcid or "",
    )


def _differences(before: KeepEngagement, after: KeepEngagement) -> dict[str, list[str]]:
    """What changed, by field: before and after, as plain text."""
    pairs = {each.name: (getattr(before, each.name), getattr(after, each.name)) for each in fields(KeepEngagement)}
    return {name: [str(one), str(other)] for name, (one, other) in pairs.items() if one != other}


def _locked(
    session: Session, actor: Actor, reference: str, permission: Permission, version: int | None
) -> StaffEngagement:
    seen = queries.visible_engagement(session, actor, reference)
    authorise(actor, permission, seen.institution_id)
    return lock_for_update(session, StaffEngagement, seen.id, version)


def set_months(
    session: Session, actor: Actor, reference: str, version: int, rows: Sequence[MonthCommand], *, now: datetime
) -> StaffEngagement:
    """Enter months as they were; the others stay. Raises RuleBreached for months outside or confirmed."""
    engagement = _locked(session, actor, reference, Permission.MANPOWER_KEEP, version)
    contract = engagement.contract
    there = {each.month: each for each in engagement.months}
    found = [
        Breach(
            "manpower.month-outside",
            _("%(month)s lies outside the engagement."),
            _("Change the engagement first."),
            params={"month": f"{each.month:%Y-%m}"},
            field="rows",
        )
        for each in rows
        if each.month not in there
    ]
    found += [_wrong_currency(contract) for each in rows if each.pay.currency != contract.currency][:1]
    before = _charges(engagement)
    after = before | {each.month: Charge(each.percent, each.pay, each.contribution) for each in rows}
    found += rules.confirmed_months_touched(before, after, frozenset(queries.confirmations(session, contract.id)))
    if found:
        raise RuleBreached(*found)
    for each in rows:
        if before[each.month] != after[each.month]:
            _set(there[each.month], after[each.month])
            there[each.month].is_typed = True
    engagement.version += 1
    session.flush()
    changed = {
        f"{month:%Y-%m}": [_charge_text(before[month]), _charge_text(after[month])]
        for month in before
        if before[month] != after[month]
    }
    _trace(session, actor, "staff.set-months", engagement, now, changed=changed)
    return engagement


def convert_months(
    session: Session, actor: Actor, reference: str, *, version: int | None = None, now: datetime
) -> StaffEngagement:
    """Convert the months of an engagement in another currency that are over and were not known yet.

    Each at the booking rate of its last day, which is kept with it. Raises Conflict where none can be converted.
    """
    engagement = _locked(session, actor, reference, Permission.MANPOWER_KEEP, version)
    wanted = _wanted(session, engagement.contract, as_command(engagement), engagement, business_date(now))
    ready = [each for each in engagement.months if each.pay is None and wanted[each.month].pay is not None]
    if not ready:
        raise Conflict(
            Breach(
                "manpower.nothing-to-convert",
                _("No month of this engagement waits to be converted, or there is no fresh booking rate for it."),
                _("Have the rate of the month's last day entered and confirmed, or enter the month as it was."),
            )
        )
    before = _charges(engagement)
    for each in ready:
        _set(each, wanted[each.month])
    engagement.version += 1
    session.flush()
    changed = {
        f"{each.month:%Y-%m}": [_charge_text(before[each.month]), _charge_text(wanted[each.month])] for each in ready
    }
    _trace(session, actor, "staff.convert-months", engagement, now, changed=changed)
    return engagement


def _wrong_currency(contract: Contract) -> Breach:
    return Breach(
        "manpower.charge-currency",
        _("What the contract bears is kept in the contract's currency."),
        _("Enter what was charged to the contract, in %(currency)s."),
        params={"currency": contract.currency},
        field="rows",
    )


def _charge_text(charge: Charge) -> str:
    return f"{charge.percent} % {charge.pay or '–'} + {charge.contribution or '–'}"


def clear_time(
    session: Session, actor: Actor, reference: str, month: date, reason: str, *, now: datetime
) -> StaffEngagement:
    """Clear time above 100 % in one month, with a reason; whoever entered the engagement cannot.

    It holds up to the total of now; more than that raises the flag again. Raises Conflict where nothing is flagged.
    """
    engagement = _locked(session, actor, reference, Permission.MANPOWER_CLEAR, None)
    if engagement.entered_by_id == actor.person_id:
        raise own_work("staff.clear-time")
    flagged = _flagged(session, engagement, month)
    clearance = flagged.clearance or StaffTimeClearance(id=new_id(), engagement_id=engagement.id, month=month)
    clearance.total_percent = flagged.total
    clearance.reason = reason
    clearance.cleared_by_id = actor.person_id
    clearance.cleared_at = now
    session.add(clearance)
    session.flush()
    _trace(session, actor, "staff.clear-time", engagement, now, reason=reason, month=f"{month:%Y-%m}")
    return engagement


def _flagged(session: Session, engagement: StaffEngagement, month: date) -> Overload:
    found = queries.overloads(session, [engagement.id]).get(engagement.id, [])
    for each in found:
        if each.month == month and not each.is_cleared:
            return each
    raise Conflict(
        Breach(
            "manpower.nothing-flagged",
            _("Nothing waits to be cleared in this month."),
            _("Open the engagement again to see how it stands."),
            field="month",
        )
    )


def schedule(session: Session, contract: Contract) -> list[ScheduleMonth]:
    """Every month of a contract that has a schedule or staff cost in the ledger, oldest first."""
    currency = Currency(contract.currency)
    engagements = queries.on_contract(session, contract.id)
    booked = queries.booked(session, contract)
    confirmed = queries.confirmations(session, contract.id)
    overloads = queries.overloads(session, [each.id for each in engagements])
    flagged = {each.month for some in overloads.values() for each in some if not each.is_cleared}
    rows: dict[date, list[StaffMonth]] = {}
    for engagement in engagements:
        for each in engagement.months:
            rows.setdefault(each.month, []).append(each)
    return [
        ScheduleMonth(
            month=month,
            rows=len(rows.get(month, [])),
            pay=total((each.pay for each in rows.get(month, []) if each.pay is not None), currency),
            contribution=total(
                (each.contribution for each in rows.get(month, []) if each.contribution is not None), currency
            ),
            booked=queries.booked_month(booked.get(month, {}), currency),
            unknown=any(each.pay is None for each in rows.get(month, [])),
            flagged=month in flagged,
            confirmation=confirmed.get(month),
        )
        for month in sorted(rows.keys() | booked.keys() | confirmed.keys())
    ]


def confirm_month(
    session: Session, actor: Actor, reference: str, month: date, reason: str, *, now: datetime
) -> StaffMonthConfirmation:
    """Confirm one month of a contract's schedule against its ledger; a difference needs a reason.

    Its rows cannot change afterwards. Whoever entered an engagement of that month cannot confirm it. Raises Conflict
    where it is confirmed already, RuleBreached with every rule.
    """
    contract = queries.visible_contract(session, actor, reference)
    authorise(actor, Permission.MANPOWER_CONFIRM, contract.grantee_id)
    lock_for_update(session, Contract, contract.id)
    engaged = [each for each in queries.on_contract(session, contract.id) if month in _charges(each)]
    if any(each.entered_by_id == actor.person_id for each in engaged):
        raise own_work("staff.confirm-month")
    stands = next((each for each in schedule(session, contract) if each.month == month), None)
    if stands is not None and stands.confirmation is not None:
        raise Conflict(
            Breach("manpower.confirmed-already", _("This month is confirmed already."), _("Open it again first."))
        )
    nil = Money.zero(Currency(contract.currency))
    difference = stands.difference if stands is not None else nil
    found = rules.confirmation_breaches(
        has_rows=stands is not None and stands.rows > 0,
        unknown=stands is not None and stands.unknown,
        flagged=stands is not None and stands.flagged,
        difference=difference,
        reason=reason,
        month=month,
        today=business_date(now),
    )
    if found or stands is None:
        raise RuleBreached(*found)
    confirmation = StaffMonthConfirmation(
        id=new_id(),
        contract_id=contract.id,
        month=month,
        currency=contract.currency,
        scheduled_minor=stands.scheduled.minor,
        booked_minor=stands.booked.whole.minor,
        reason=reason,
        confirmed_by_id=actor.person_id,
        confirmed_at=now,
    )
    session.add(confirmation)
    session.flush()
    details = {"month": f"{month:%Y-%m}", "scheduled": stands.scheduled, "booked": stands.booked.whole}
    _trace_contract(session, actor, "staff.confirm-month", contract, now, reason=reason, **details)
    return confirmation


def reopen_month(
    session: Session, actor: Actor, reference: str, month: date, reason: str, *, now: datetime
) -> Contract:
    """Take a confirmation back, with a reason that the trail keeps. Raises Conflict where there is none."""
    contract = queries.visible_contract(session, actor, reference)
    authorise(actor, Permission.MANPOWER_CONFIRM, contract.grantee_id)
    lock_for_update(session, Contract, contract.id)
    there = queries.confirmations(session, contract.id).get(month)
    if there is None:
        raise Conflict(
            Breach(
                "manpower.not-confirmed",
                _("This month is not confirmed."),
                _("Open the page again to see how it stands."),
                field="month",
            )
        )
    session.delete(there)
    session.flush()
    _trace_contract(session, actor, "staff.reopen-month", contract, now, reason=reason, month=f"{month:%Y-%m}")
    return contract


def import_engagements(session: Session, actor: Actor, file: RowFile, *, now: datetime) -> Imported:
    """Enter every engagement of a file that the schedule does not have yet, or none.

    An engagement is known by contract, staff code and first month. Raises RuleBreached naming each wrong line and
    column; one known with other content is one of them.
    """
    found: list[Breach] = []
    kept = known = 0
    contracts: dict[str, Contract | None] = {}
    lines: dict[tuple[str, str, date], int] = {}
    for row in file.rows:
        command = row.command
        if command.contract not in contracts:
            contracts[command.contract] = queries.contract_of_keeper(session, actor, command.contract)
        contract = contracts[command.contract]
        key = (command.contract, command.staff_code, command.first_month)
        if contract is None:
            found.append(at_line(_not_your_contract(), row.line, "contract"))
        elif key in lines:
            found.append(at_line(_twice(lines[key]), row.line, "staff_code"))
        elif _stands(session, contract, command):
            known += 1
        else:
            wrong = _import_breaches(session, contract, command, business_date(now))
            found += [at_line(each, row.line, each.field or "") for each in wrong]
            if not found:
                _add(session, actor, contract, command, now)
                kept += 1
        lines.setdefault(key, row.line)
    if found:
        raise RuleBreached(*found[:MOST_FAULTS])
    details = {"file": file.name, "sha256": file.sha256, "kept": kept, "known": known}
    for institution_id in {each.grantee_id for each in contracts.values() if each is not None}:
        subject = ("institution", institution_id)
        trail.record(session, actor, "staff.import", subject, details, now=now, institution_id=institution_id)
    return Imported(kept, known)


def _stands(session: Session, contract: Contract, command: KeepEngagement) -> bool:
    """Whether the schedule has exactly this; an ORCID iD the file leaves out may be known."""
    there = queries.same_engagement(session, contract.id, command.staff_code, command.first_month)
    if there is None:
        return False
    stated, _found = _orcid(command)
    kept = as_command(there)
    names = [each.name for each in fields(KeepEngagement) if each.name not in {"orcid", "contribution"}]
    same = all(getattr(kept, name) == getattr(command, name) for name in names)
    return same and kept.added == command.added and stated in (None, there.orcid)


def _import_breaches(session: Session, contract: Contract, command: KeepEngagement, today: date) -> list[Breach]:
    there = queries.same_engagement(session, contract.id, command.staff_code, command.first_month)
    return _breaches(session, contract, command, today) + ([_known_already()] if there is not None else [])


def _twice(first: int) -> Breach:
    return Breach(
        "manpower.twice",
        _("The same person, contract and first month stand on line %(first)s already."),
        _("Leave one of them out."),
        params={"first": first},
        field="staff_code",
    )


def _trace(
    session: Session, actor: Actor, verb: str, engagement: StaffEngagement, now: datetime, **details: Any
) -> None:
    trail.record(
        session,
        actor,
        verb,
        ("staff-engagement", engagement.id),
        {"reference": engagement.reference, **details},
        now=now,
        institution_id=engagement.institution_id,
    )


def _trace_contract(
    session: Session, actor: Actor, verb: str, contract: Contract, now: datetime, **details: Any
) -> None:
    subject = ("contract", contract.id)
    named: Mapping[str, Any] = {"reference": contract.reference, **details}
    trail.record(session, actor, verb, subject, named, now=now, institution_id=contract.grantee_id)
