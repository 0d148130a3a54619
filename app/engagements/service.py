"""The verbs of an engagement: proposed by one person, granted or refused by another, ended early. Views are logged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise, own_work
from app.access.permissions import Permission
from app.access.scope import institutions_granting
from app.audit import trail
from app.contracts.models import Contract
from app.db.references import next_reference
from app.db.unit_of_work import lock_for_update
from app.engagements import queries, rules
from app.engagements.models import Engagement, EngagementAuditor, EngagementContract, EngagementView
from app.engagements.queries import EngagementRow
from app.engagements.states import EngagementStatus, scope_of_room
from app.evidence import service as evidence
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.errors import Conflict, NotFound, NotPermitted, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.people import tokens
from app.statements.states import Engagement as EngagementKind
from app.web.uploads import Upload

SUBJECT = "engagement"
"""Subject kind of an engagement in the trail and of its letter among the documents."""


@dataclass(frozen=True, slots=True)
class ProposeEngagement:
    """An engagement wanted. `contracts` are references of one project; `auditors` are e-mail addresses, one a line."""

    project: str
    contracts: tuple[str, ...]
    kind: EngagementKind
    first_day: date
    last_day: date
    auditors: str
    expires_on: date
    letter: Upload
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step on the version that the page showed, with its reason where it needs one."""

    version: int
    reason: str = ""


def propose(session: Session, actor: Actor, command: ProposeEngagement, *, now: datetime) -> Engagement:
    """Propose it with its letter. Nobody enters before a second person has granted it.

    Raises NotFound, NotPermitted, RuleBreached; nothing is written then.
    """
    today = business_date(now)
    project = queries.project_to_audit(session, actor, command.project)
    places = institutions_granting(actor, Permission.ENGAGEMENTS_MANAGE)
    known = {each.reference: each for each in queries.contracts_of(session, project.id, places)}
    chosen = [known[each] for each in command.contracts if each in known]
    if len(chosen) < len(command.contracts):
        raise NotFound(Breach("contract.not-found", _("There is no such contract."), field="contracts"))
    place = _engaging(chosen, places)
    authorise(actor, Permission.ENGAGEMENTS_MANAGE, place)
    people = _auditors(session, command, project.id, chosen, today)
    if place is None:
        raise AssertionError("without a contract the proposal was refused")
    made = Engagement(
        id=new_id(),
        reference=next_reference(session, "ENG", today),
        institution_id=place,
        project_id=project.id,
        kind=command.kind.value,
        first_day=command.first_day,
        last_day=command.last_day,
        expires_on=command.expires_on,
        purpose=command.purpose,
        status=EngagementStatus.PROPOSED.value,
        proposed_by_id=actor.person_id,
        proposed_at=now,
        contracts=[EngagementContract(contract_id=each.id) for each in chosen],
        auditors=[EngagementAuditor(person_id=each) for each in people],
    )
    session.add(made)
    session.flush()
    evidence.keep(
        session,
        actor,
        command.letter,
        subject_kind=SUBJECT,
        subject_id=made.id,
        institution_id=place,
        title=made.reference,
        now=now,
        permission=Permission.ENGAGEMENTS_MANAGE,
    )
    traced(session, actor, "engagement.propose", made, {"contracts": command.contracts, "auditors": people}, now)
    return made


def _engaging(chosen: list[Contract], places: frozenset[UUID]) -> UUID | None:
    """The institution of the actor that is a party of every contract chosen; None where nothing is chosen."""
    parties = [{each.funder_id, each.grantee_id} & places for each in chosen]
    shared = set.intersection(*parties) if parties else set()
    if chosen and not shared:
        raise RuleBreached(
            Breach(
                "engagement.no-party",
                _("No institution of yours is a party of all these contracts."),
                _("Propose one engagement for each institution."),
                field="contracts",
            )
        )
    return min(shared, key=str) if shared else None


def _auditors(
    session: Session, command: ProposeEngagement, project_id: UUID, chosen: list[Contract], today: date
) -> list[UUID]:
    """The auditors' ids. Raises RuleBreached with everything that is wrong with the proposal."""
    asked = list(dict.fromkeys(command.auditors.replace(",", " ").replace(";", " ").lower().split()))
    known = queries.people_by_address(session, asked)
    ids = [known[each].id for each in asked if each in known]
    places = {key for each in chosen for key in (each.funder_id, each.grantee_id)}
    barred = queries.concerned(session, ids, project_id, places, today)
    facts = rules.Proposed(
        command.first_day,
        command.last_day,
        command.expires_on,
        today,
        [each.id for each in chosen],
        ids,
        {person.name_en for person in known.values() if person.id in barred},
        {each for each in asked if each not in known},
    )
    if found := rules.breaches(facts):
        raise RuleBreached(*found)
    return ids


def grant(session: Session, actor: Actor, reference: str, command: Step, *, now: datetime) -> Engagement:
    """Open the room to the auditors: by another person than proposed it, and never by one of them."""
    row = _decided(session, actor, reference, command, EngagementStatus.GRANTED, "engagement.grant")
    if row.expires_on < business_date(now):
        raise RuleBreached(
            Breach("engagement.expired", _("Its last day has passed."), _("Refuse it and propose it again."))
        )
    row.granted_by_id, row.granted_at = actor.person_id, now
    return _moved(session, actor, row, EngagementStatus.GRANTED, "engagement.grant", command, now)


def refuse(session: Session, actor: Actor, reference: str, command: Step, *, now: datetime) -> Engagement:
    """Refuse it, with a reason."""
    row = _decided(session, actor, reference, command, EngagementStatus.REFUSED, "engagement.refuse")
    return _moved(session, actor, row, EngagementStatus.REFUSED, "engagement.refuse", command, now)


def end(session: Session, actor: Actor, reference: str, command: Step, *, now: datetime) -> Engagement:
    """End it before its last day: nobody enters from now on. One person is enough to stop."""
    row = _opened(session, actor, reference, command, EngagementStatus.ENDED)
    row.ended_by_id, row.ended_at = actor.person_id, now
    tokens.revoke_all_for(session, actor, scope_of_room(reference), now=now)
    return _moved(session, actor, row, EngagementStatus.ENDED, "engagement.end", command, now)


def _decided(
    session: Session, actor: Actor, reference: str, command: Step, wanted: EngagementStatus, verb: str
) -> Engagement:
    row = _opened(session, actor, reference, command, wanted)
    if actor.person_id in {row.proposed_by_id, *(each.person_id for each in row.auditors)}:
        raise own_work(verb)
    return row


def _opened(session: Session, actor: Actor, reference: str, command: Step, wanted: EngagementStatus) -> Engagement:
    seen = queries.visible(session, actor, reference).engagement
    row = lock_for_update(session, Engagement, seen.id, command.version)
    authorise(actor, Permission.ENGAGEMENTS_MANAGE, row.institution_id)
    if found := rules.may_move(EngagementStatus(row.status), wanted):
        raise Conflict(*found)
    return row


def _moved(
    session: Session,
    actor: Actor,
    row: Engagement,
    status: EngagementStatus,
    verb: str,
    command: Step,
    now: datetime,
) -> Engagement:
    row.status, row.status_reason = status.value, command.reason
    row.version += 1
    return traced(session, actor, verb, row, {"reason": command.reason}, now)


def traced(
    session: Session, actor: Actor, verb: str, row: Engagement, details: dict[str, Any], now: datetime
) -> Engagement:
    """Leave the verb in the trail of the institution that engages."""
    trail.record(
        session,
        actor,
        verb,
        (SUBJECT, row.id),
        {"reference": row.reference} | details,
        now=now,
        institution_id=row.institution_id,
    )
    return row


def enter(
    session: Session, actor: Actor, reference: str, screen: str, target: str = "", *, now: datetime
) -> EngagementRow:
    """The room for one look at `screen`, which is logged for the auditors only. Raises NotFound for anyone else."""
    row = queries.entered(session, actor, reference, business_date(now))
    session.add(
        EngagementView(
            engagement_id=row.engagement.id,
            person_id=actor.person_id,
            at=now,
            screen=screen,
            target=target[:200],
        )
    )
    return row


def working(session: Session, actor: Actor, reference: str, *, now: datetime) -> Engagement:
    """The engagement locked for an auditor's verb. Raises NotFound for anyone else, NotPermitted for a room's token."""
    row = queries.entered(session, actor, reference, business_date(now)).engagement
    if not queries.in_every_room(actor):
        raise NotPermitted(
            Breach(
                "room.token-reads",
                _("This token only reads the room."),
                _("Sign in and work in the room itself."),
            )
        )
    return lock_for_update(session, Engagement, row.id)
