"""Pure checks of whitelist entries: facts in, breaches out, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.breaches import Breach
from app.kernel.messages import _
from app.whitelist.states import MOVES, SubjectKind, WhitelistKind, WhitelistStatus


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """What is checked when a listing is applied for."""

    kind: WhitelistKind
    subject_kind: SubjectKind
    institution_id: UUID | None
    subject_name: str
    already_live: bool


def subject_fits(facts: ApplicationFacts) -> list[Breach]:
    """An institution on the platform is chosen; an enterprise or a person is at least named."""
    source = _("Whitelist: institutions, enterprises and persons")
    if facts.subject_kind is SubjectKind.INSTITUTION and facts.institution_id is None:
        message, cure = _("Choose the institution."), _("Take it from the list; open it first if it is not there.")
        return [Breach("whitelist.subject", message, cure=cure, source=source, field="institution_id")]
    if facts.institution_id is None and not facts.subject_name:
        message, cure = _("Name who is to be listed."), _("Write the full legal name.")
        return [Breach("whitelist.subject", message, cure=cure, source=source, field="subject_name")]
    return []


def kind_fits_subject(facts: ApplicationFacts) -> list[Breach]:
    """Only persons are recognised professionals; only bodies stand on the fund-flow and duty lists."""
    person = facts.subject_kind is SubjectKind.PERSON
    wrong = (facts.kind is WhitelistKind.PROFESSIONAL) != person if facts.kind in _ONE_SORT else False
    if not wrong:
        return []
    message = _("This list does not take this kind of subject.")
    cure = _("Persons stand on the professional and zone-access lists; bodies on the others.")
    source = _("Whitelist kinds of the zone")
    return [Breach("whitelist.kind-subject", message, cure=cure, source=source, field="subject_kind")]


_ONE_SORT = frozenset({WhitelistKind.PROFESSIONAL, WhitelistKind.FUND_FLOW, WhitelistKind.DUTY_RELIEF})


def not_live_already(facts: ApplicationFacts) -> list[Breach]:
    """One live entry per subject and list."""
    if not facts.already_live:
        return []
    message, cure = _("There is a live entry for this already."), _("Open it in the list; renew it there.")
    source = _("One live entry per subject and list")
    return [Breach("whitelist.live", message, cure=cure, source=source, field="institution_id")]


APPLICATION_RULES = (subject_fits, kind_fits_subject, not_live_already)


def application_breaches(facts: ApplicationFacts) -> list[Breach]:
    """Every breach of an application."""
    return [breach for rule in APPLICATION_RULES for breach in rule(facts)]


def validity_breaches(valid_from: date, valid_to: date | None, today: date) -> list[Breach]:
    """A listing ends after it begins, and is not listed when it has lapsed already."""
    source = _("Validity of the listing decision")
    if valid_to is not None and valid_to < valid_from:
        message = _("The last day lies before the first day.")
        return [Breach("whitelist.days", message, cure=_("Correct one of the days."), source=source, field="valid_to")]
    if valid_to is not None and valid_to < today:
        message = _("This listing would have lapsed already.")
        cure = _("Enter the validity of the present decision.")
        return [Breach("whitelist.lapsed", message, cure=cure, source=source, field="valid_to")]
    return []


def move_breaches(status: WhitelistStatus, to: WhitelistStatus) -> list[Breach]:
    """The move stands in the table of allowed moves."""
    if to in MOVES[status]:
        return []
    message = _("An entry that is %(status)s cannot take this step.")
    cure = _("Open the page again to see where it stands.")
    source = _("Status table of the whitelist")
    return [Breach("whitelist.status", message, cure=cure, source=source, params={"status": status.value})]
