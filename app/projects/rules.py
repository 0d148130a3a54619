"""What registering and changing a project asks for. Pure."""

from __future__ import annotations

from datetime import date

from app.kernel.breaches import Breach
from app.kernel.messages import _
from app.projects.states import Confidentiality

SECRECY = _("Secret projects are kept out of this system altogether")
NAMED = _("A project has a title in at least one language")


def class_is_taken_here(confidentiality: str) -> Breach | None:
    """Secret projects are refused, in words; so is a class nobody knows."""
    if confidentiality.upper() in ("SECRET", "STATE_SECRET", "TOP_SECRET"):
        return Breach(
            "project.secret",
            _("A secret project may not be registered here."),
            _("Do not enter it. Ask the unit that keeps secrets at your institution how it is handled."),
            SECRECY,
            field="confidentiality",
        )
    if confidentiality not in {value.value for value in Confidentiality}:
        return Breach(
            "project.class-unknown",
            _("This confidentiality class is not known."),
            _("Choose public, internal or confidential."),
            SECRECY,
            field="confidentiality",
        )
    return None


def has_title(*titles: str) -> Breach | None:
    """At least one title."""
    if any(title.strip() for title in titles):
        return None
    return Breach(
        "project.untitled",
        _("The project has no title."),
        _("Write its title in at least one language."),
        NAMED,
        field="title_en",
    )


def days_in_order(first_day: date, last_day: date) -> Breach | None:
    """A project does not end before it begins."""
    if first_day <= last_day:
        return None
    return Breach(
        "project.days",
        _("The last day %(last)s lies before the first day %(first)s."),
        _("Correct one of the days."),
        NAMED,
        {"first": first_day, "last": last_day},
        "last_day",
    )


def breaches(confidentiality: str, titles: tuple[str, ...], first_day: date, last_day: date) -> list[Breach]:
    """Everything that keeps a project from being registered as entered."""
    found = (class_is_taken_here(confidentiality), has_title(*titles), days_in_order(first_day, last_day))
    return [breach for breach in found if breach is not None]
