"""The verbs on institutions: open, change, suspend, reinstate, close."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise
from app.access.permissions import Permission
from app.audit import trail
from app.db.unit_of_work import lock_for_update
from app.institutions import identifiers, queries, rules
from app.institutions.models import Institution
from app.institutions.states import INSTITUTION_MOVES, InstitutionKind, InstitutionStatus, Side
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.ledger import posting


@dataclass(frozen=True, slots=True)
class InstitutionCommand:
    """The particulars of an institution, as entered."""

    code: str
    side: Side
    kind: InstitutionKind
    name_en: str
    functional_currency: Currency
    name_zh_hant: str = ""
    name_zh_hans: str = ""
    industry: str = ""
    uscc: str = ""
    br_number: str = ""
    lei: str = ""
    address: str = ""
    year_end_month: int = 12
    data_residency: Side | None = None


@dataclass(frozen=True, slots=True)
class ChangeCommand:
    """New particulars of an institution; code, side and functional currency stay, because its book depends on them."""

    version: int
    kind: InstitutionKind
    name_en: str
    name_zh_hant: str = ""
    name_zh_hans: str = ""
    industry: str = ""
    uscc: str = ""
    br_number: str = ""
    lei: str = ""
    address: str = ""
    year_end_month: int = 12
    data_residency: Side | None = None


@dataclass(frozen=True, slots=True)
class MoveCommand:
    """A status move with its reason."""

    version: int
    reason: str


def open_institution(session: Session, actor: Actor, command: InstitutionCommand, *, now: datetime) -> Institution:
    """Register an institution and open its ledger book. Raises RuleBreached with every particular that is wrong."""
    authorise(actor, Permission.INSTITUTIONS_OPEN)
    institution = _opened(session, command, actor.person_id, now)
    details = {"code": institution.code, "name": institution.name_en}
    _record(session, actor, "institution.open", institution, details, now)
    return institution


def open_by_operator(session: Session, command: InstitutionCommand, *, now: datetime) -> Institution:
    """Register the first institutions from the command line, where no administrator exists yet."""
    institution = _opened(session, command, None, now)
    details = {"code": institution.code, "name": institution.name_en, "by": "operator"}
    _record(session, None, "institution.open", institution, details, now)
    return institution


def change(
    session: Session, actor: Actor, institution_id: UUID, command: ChangeCommand, *, now: datetime
) -> Institution:
    """Change particulars. Raises RuleBreached, or Conflict when the page was stale."""
    authorise(actor, Permission.INSTITUTIONS_CHANGE, institution_id)
    institution = lock_for_update(session, Institution, institution_id, command.version)
    facts = rules.InstitutionFacts(
        code=institution.code,
        side=Side(institution.side),
        kind=command.kind,
        uscc=command.uscc,
        br_number=command.br_number,
        lei=command.lei,
        functional_currency=Currency(institution.functional_currency),
    )
    _refuse_if_wrong(session, facts, institution_id)
    before = {name: getattr(institution, name) for name in _CHANGEABLE}
    _fill(institution, command)
    after = {name: getattr(institution, name) for name in _CHANGEABLE}
    changed = {name: [before[name], after[name]] for name in _CHANGEABLE if before[name] != after[name]}
    _record(session, actor, "institution.change", institution, {"changed": changed}, now)
    return institution


def suspend(
    session: Session, actor: Actor, institution_id: UUID, command: MoveCommand, *, now: datetime
) -> Institution:
    """Stop new work with an institution; what runs is decided contract by contract."""
    return _move(session, actor, institution_id, command, InstitutionStatus.SUSPENDED, "institution.suspend", now)


def reinstate(
    session: Session, actor: Actor, institution_id: UUID, command: MoveCommand, *, now: datetime
) -> Institution:
    """Allow new work again."""
    return _move(session, actor, institution_id, command, InstitutionStatus.ACTIVE, "institution.reinstate", now)


def close(session: Session, actor: Actor, institution_id: UUID, command: MoveCommand, *, now: datetime) -> Institution:
    """Close an institution for good; its book and history stay readable."""
    return _move(session, actor, institution_id, command, InstitutionStatus.CLOSED, "institution.close", now)


_CHANGEABLE = (
    "kind",
    "name_en",
    "name_zh_hant",
    "name_zh_hans",
    "industry",
    "uscc",
    "br_number",
    "lei",
    "address",
    "year_end_month",
    "data_residency",
)


def _opened(session: Session, command: InstitutionCommand, opened_by_id: UUID | None, now: datetime) -> Institution:
    facts = rules.InstitutionFacts(
        code=command.code,
        side=command.side,
        kind=command.kind,
        uscc=command.uscc,
        br_number=command.br_number,
        lei=command.lei,
        functional_currency=command.functional_currency,
    )
    _refuse_if_wrong(session, facts, None)
    institution = Institution(
        id=new_id(),
        code=command.code,
        side=command.side.value,
        functional_currency=command.functional_currency.value,
        status=InstitutionStatus.ACTIVE.value,
        opened_by_id=opened_by_id,
        opened_at=now,
    )
    _fill(institution, command)
    session.add(institution)
    session.flush()
    posting.open_book(session, institution.id, institution.code, command.functional_currency)
    return institution


def _fill(institution: Institution, command: InstitutionCommand | ChangeCommand) -> None:
    given = asdict(command)
    residency = command.data_residency or Side(institution.side)
    for name in _CHANGEABLE:
        setattr(institution, name, given[name])
    institution.kind = command.kind.value
    institution.data_residency = residency.value
    for name in ("uscc", "br_number", "lei"):
        setattr(institution, name, identifiers.compact(given[name]) or None)


def _refuse_if_wrong(session: Session, facts: rules.InstitutionFacts, own_id: UUID | None) -> None:
    """Raise everything that is wrong with the particulars at once; warnings alone let them through."""
    breaches = rules.institution_breaches(facts)
    for name in ("code", "uscc", "br_number", "lei"):
        given = identifiers.compact(getattr(facts, name))
        if given and queries.is_taken(session, name, given, but_not=own_id):
            breaches.append(_taken(name))
    if any(breach.blocking for breach in breaches):
        raise RuleBreached(*breaches)


def _taken(name: str) -> Breach:
    return Breach(
        "institution.taken",
        _("Another institution already has this."),
        cure=_("Look it up in the list; it may be registered already."),
        source=_("One registration per body"),
        field=name,
    )


def _move(
    session: Session,
    actor: Actor,
    institution_id: UUID,
    command: MoveCommand,
    to: InstitutionStatus,
    verb: str,
    now: datetime,
) -> Institution:
    authorise(actor, Permission.INSTITUTIONS_CHANGE, institution_id)
    institution = lock_for_update(session, Institution, institution_id, command.version)
    if to not in INSTITUTION_MOVES[InstitutionStatus(institution.status)]:
        raise Conflict(
            Breach(
                "institution.status",
                _("An institution that is %(status)s cannot take this step."),
                cure=_("Open the page again to see where it stands."),
                source=_("Status table of institutions"),
                params={"status": institution.status},
            )
        )
    before, institution.status = institution.status, to.value
    details = {"reason": command.reason, "from": before, "to": to.value}
    _record(session, actor, verb, institution, details, now)
    return institution


def _record(
    session: Session,
    actor: Actor | None,
    verb: str,
    institution: Institution,
    details: Mapping[str, object],
    now: datetime,
) -> None:
    trail.record(session, actor, verb, ("institution", institution.id), details, now=now, institution_id=institution.id)
