"""What stands around every page: the person, their books, what waits for them, and the main navigation.

This floor knows neither people nor permissions, so the application hands in a provider with `use_frame`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app, g, request, url_for

from app.kernel.messages import _


@dataclass(frozen=True, slots=True)
class Book:
    """One book the person works in: the side and the institution's name."""

    side: str
    name: str
    language: str = ""
    url: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class MenuLink:
    """A line of the menu under the person's name."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Facts of the frame. `may_visit(endpoint)` answers whether the person may open that page."""

    person_name: str = ""
    role: str = ""
    books: tuple[Book, ...] = ()
    inbox_count: int = 0
    density: str = "comfortable"
    menu: tuple[MenuLink, ...] = ()
    sign_out_url: str = ""
    may_visit: Callable[[str], bool] = lambda endpoint: False

    @property
    def signed_in(self) -> bool:
        """Whether there is a person."""
        return bool(self.person_name)

    @property
    def initials(self) -> str:
        """Two letters for the round mark; for a Chinese name its first character."""
        words = self.person_name.replace("-", " ").split()
        if not words:
            return ""
        if not words[0].isascii():
            return words[0][0]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()

    @property
    def book(self) -> Book | None:
        """The book the person is in."""
        return next((book for book in self.books if book.current), self.books[0] if self.books else None)


@dataclass(frozen=True, slots=True)
class Destination:
    """An entry of the main navigation: its words (a message id) and the first page of its slice."""

    section: str
    text: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that belong together, under words of their own (a message id)."""

    text: str
    entries: tuple[Destination, ...]


NAVIGATION: tuple[Group, ...] = (
    Group(_("Inbox"), (Destination("pages", _("Inbox"), "pages.inbox"),)),
    Group(
        _("Payments"),
        (
            Destination("disbursements", _("Disbursements"), "disbursements.queue"),
            Destination("payment_files", _("Payment files"), "payment_files.index"),
            Destination("reconciliation", _("Bank"), "reconciliation.index"),
            Destination("crossings", _("Crossings"), "crossings.index"),
            Destination("corridor", _("Corridor"), "corridor.rules"),
            Destination("exchange_rates", _("Rates"), "exchange_rates.index"),
            Destination("rails", _("Calendar"), "rails.calendar"),
        ),
    ),
    Group(
        _("Spending"),
        (
            Destination("claims", _("Claims"), "claims.index"),
            Destination("returns", _("Spending returns"), "returns.index"),
            Destination("equipment", _("Equipment"), "equipment.index"),
            Destination("manpower", _("Manpower"), "manpower.index"),
        ),
    ),
    Group(
        _("Funding"),
        (
            Destination("contracts", _("Contracts"), "contracts.index"),
            Destination("projects", _("Projects"), "projects.index"),
            Destination("funds", _("Funds"), "funds.index"),
            Destination("exposure", _("Exposure"), "exposure.index"),
        ),
    ),
    Group(
        _("Books"),
        (
            Destination("books", _("Books"), "books.index"),
            Destination("journals", _("Journals"), "journals.index"),
            Destination("vouchers", _("Vouchers"), "vouchers.index"),
            Destination("periods", _("Periods"), "periods.index"),
        ),
    ),
    Group(
        _("Reports"),
        (
            Destination("reporting", _("Reports"), "reporting.index"),
            Destination("statements", _("Statements"), "statements.index"),
        ),
    ),
    Group(
        _("Directory"),
        (
            Destination("institutions", _("Institutions"), "institutions.index"),
            Destination("whitelist", _("Whitelist"), "whitelist.index"),
            Destination("people", _("People"), "people.index"),
        ),
    ),
)
"""The day's work first, then what is reported and closed, then who it is for."""


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """An entry ready to be shown."""

    text: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class NavigationGroup:
    """A group ready to be shown, with the entries the person may open: one or more."""

    text: str
    links: tuple[NavigationLink, ...]

    @property
    def url(self) -> str:
        """Where the group leads: its first entry."""
        return self.links[0].url

    @property
    def current(self) -> bool:
        """Whether the page belongs to it."""
        return any(link.current for link in self.links)


FrameProvider = Callable[[], Frame]


def use_frame(app: Flask, provider: FrameProvider) -> None:
    """Hand in the function that answers the frame of the present request."""
    app.extensions["page_frame"] = provider


def current_frame() -> Frame:
    """The frame of the present request; an empty one where nobody is signed in or nothing was handed in.

    Asked once per request.
    """
    if "frame" not in g:
        provider: FrameProvider | None = current_app.extensions.get("page_frame")
        g.frame = provider() if provider else Frame()
    frame: Frame = g.frame
    return frame


def navigation_groups(frame: Frame, section: str = "") -> list[NavigationGroup]:
    """What the person may open, in groups; the current entry is `section`, or the slice that serves this request.

    A group with one entry for this person bears the entry's words.
    """
    here = section or (request.blueprint or "")
    found = []
    for group in NAVIGATION:
        links = tuple(
            NavigationLink(each.text, url_for(endpoint), each.section == here)
            for each in group.entries
            if (endpoint := _first_page(each)) and frame.may_visit(endpoint)
        )
        if links:
            found.append(NavigationGroup(group.text if len(links) > 1 else links[0].text, links))
    return found


def _first_page(destination: Destination) -> str:
    """The endpoint of an entry; empty while its slice has no pages."""
    candidates = (destination.endpoint, f"{destination.section}.index")
    return next((name for name in candidates if name in current_app.view_functions), "")
