"""Who a rail serves, and where a proposed version of a rail or of a day stands."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.messages import _


class PartyKind(StrEnum):
    """Whether a payer or a payee is an institution or a natural person."""

    INSTITUTION = "INSTITUTION"
    PERSON = "PERSON"


class ProposalStatus(StrEnum):
    """One person proposes, another confirms or refuses; only what is confirmed counts."""

    PROPOSED = "PROPOSED"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"


PARTY_KIND_NAMES: dict[str, str] = {
    PartyKind.INSTITUTION: _("Institutions"),
    PartyKind.PERSON: _("Persons"),
}
PROPOSAL_STATUS_NAMES: dict[str, str] = {
    ProposalStatus.PROPOSED: _("Waiting for a second person"),
    ProposalStatus.CONFIRMED: _("Confirmed"),
    ProposalStatus.REFUSED: _("Refused"),
}
