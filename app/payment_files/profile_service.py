"""What banks take: entered by one person with its source, in force once another confirmed it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise, own_work
from app.access.permissions import Permission
from app.access.scope import sees
from app.audit import trail
from app.db.unit_of_work import lock_for_update
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.errors import Conflict, InputRefused, NotFound
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.payment_files import queries, rules
from app.payment_files.commands import EnterProfile
from app.payment_files.models import BankProfile
from app.payment_files.rules import ProfileFacts

SUBJECT = "bank-profile"


def enter(session: Session, actor: Actor, command: EnterProfile, *, now: datetime) -> BankProfile:
    """Enter what a bank takes, for one institution; a second person confirms it."""
    if not sees(actor, command.institution_id):
        raise NotFound(Breach("institution.not-found", _("There is no such institution.")))
    authorise(actor, Permission.BANK_ACCOUNTS_ENTER, command.institution_id)
    code = command.code.upper()
    found = rules.profile_breaches(ProfileFacts(command.code_kind, code))
    if found:
        raise InputRefused(*found)
    row = BankProfile(
        id=new_id(),
        institution_id=command.institution_id,
        name=command.name,
        code_kind=command.code_kind,
        code=code,
        repertoire=command.repertoire,
        name_length=command.name_length,
        address_length=command.address_length,
        remittance_length=command.remittance_length,
        address_structured=command.address_structured,
        purpose_placement=command.purpose_placement,
        charge_bearer=command.charge_bearer,
        source=command.source,
        verified=command.verified,
        entered_by_id=actor.person_id,
        entered_at=now,
    )
    session.add(row)
    session.flush()
    _record(session, actor, "enter", row, now)
    return row


def confirm(session: Session, actor: Actor, profile_id: UUID, *, now: datetime) -> BankProfile:
    """Confirm a profile somebody else entered. Raises NotPermitted for one's own."""
    found = queries.profile_visible(session, actor, profile_id)
    authorise(actor, Permission.BANK_ACCOUNTS_VERIFY, found.institution_id)
    row = lock_for_update(session, BankProfile, profile_id)
    if row.entered_by_id == actor.person_id:
        raise own_work("bank-profile.confirm", _("Another person confirms the profile."))
    if row.confirmed_by_id is not None:
        raise Conflict(Breach("bank-profile.confirmed", _("This profile has been confirmed already.")))
    row.confirmed_by_id, row.confirmed_at = actor.person_id, now
    row.version += 1
    session.flush()
    _record(session, actor, "confirm", row, now)
    return row


def _record(session: Session, actor: Actor, verb: str, row: BankProfile, now: datetime) -> None:
    details = {"label": row.name, "code": f"{row.code_kind} {row.code}".strip(), "note": row.source}
    subject = (SUBJECT, row.id)
    trail.record(session, actor, f"{SUBJECT}.{verb}", subject, details, now=now, institution_id=row.institution_id)
