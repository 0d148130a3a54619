"""The verbs of known parties: add one, take one out, note a sponsor when its money is booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise
from app.access.permissions import Permission
from app.audit import trail
from app.evidence.keys import normalised_seller
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.errors import InputRefused
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.parties import queries
from app.parties.models import Party, PartyMark
from app.parties.states import MarkKind, PartyKind, digest, masked

SUBJECT = "party"


@dataclass(frozen=True, slots=True)
class AddParty:
    """A party to be known. Of account, address and telephone only a digest and the last places are kept."""

    institution_id: UUID
    kind: PartyKind
    name: str
    number: str = ""
    account: str = ""
    address: str = ""
    phone: str = ""
    contract_id: UUID | None = None


def add(session: Session, actor: Actor, command: AddParty, *, now: datetime) -> Party:
    """Enter a party. Raises NotPermitted, or InputRefused where the same party is known already."""
    authorise(actor, Permission.CLAIMS_CHECK, command.institution_id)
    same = queries.known(session, command.institution_id, command.kind, [command.name], [command.number])
    if any(each.contract_id == command.contract_id for each in same):
        raise InputRefused(
            Breach(
                "party.known",
                _("%(name)s is in the list already."),
                cure=_("Take the old entry out first if it is wrong."),
                source=_("Each party stands in the list once"),
                params={"name": command.name},
                field="name",
            )
        )
    return _enter(session, actor, command, "", now)


def remove(session: Session, actor: Actor, party_id: UUID, *, now: datetime) -> UUID:
    """Take a party out of the list. Raises NotFound or NotPermitted."""
    party = queries.visible(session, actor, party_id)
    authorise(actor, Permission.CLAIMS_CHECK, party.institution_id)
    details = {"name": party.name, "kind": party.kind}
    trail.record(
        session, actor, "party.remove", (SUBJECT, party.id), details, now=now, institution_id=party.institution_id
    )
    session.delete(party)
    session.flush()
    return party_id


def note_sponsor(
    session: Session, actor: Actor, institution_id: UUID, contract_id: UUID, name: str, source: str, *, now: datetime
) -> None:
    """Know a sponsor of a contract whose money or goods were booked (`source`: by which record); once."""
    known = queries.known(session, institution_id, PartyKind.SPONSOR, [name], [])
    if not name.strip() or any(each.contract_id == contract_id for each in known):
        return
    _enter(session, actor, AddParty(institution_id, PartyKind.SPONSOR, name, contract_id=contract_id), source, now)


def _enter(session: Session, actor: Actor, command: AddParty, source: str, now: datetime) -> Party:
    typed = ((MarkKind.ACCOUNT, command.account), (MarkKind.ADDRESS, command.address), (MarkKind.PHONE, command.phone))
    party = Party(
        id=new_id(),
        institution_id=command.institution_id,
        kind=command.kind,
        name=command.name[:200],
        name_key=normalised_seller(command.name)[:200],
        number=command.number,
        contract_id=command.contract_id,
        source=source[:200],
        added_by_id=actor.person_id,
        added_at=now,
        marks=[
            PartyMark(id=new_id(), kind=kind, digest=found, shown=masked(text))
            for kind, text in typed
            if (found := digest(kind, text)) is not None
        ],
    )
    session.add(party)
    session.flush()
    details = {"name": party.name, "kind": party.kind, "source": party.source}
    trail.record(
        session, actor, "party.add", (SUBJECT, party.id), details, now=now, institution_id=party.institution_id
    )
    return party
