"""The main navigation: groups of what the person may open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.web.frame import NAVIGATION, Frame, NavigationGroup, navigation_groups


@pytest.fixture(autouse=True)
def every_page() -> Iterator[None]:
    app = Flask("pages")
    for entry in (entry for group in NAVIGATION for entry in group.entries):
        app.add_url_rule(f"/{entry.section}", entry.endpoint, lambda: "")
    with app.test_request_context("/"):
        yield


def groups(*visited: str, section: str = "") -> list[NavigationGroup]:
    """What a person sees who may open these pages; all of them without any."""
    return navigation_groups(Frame(may_visit=lambda endpoint: not visited or endpoint in visited), section)


def test_every_page_of_the_navigation_stands_in_one_group() -> None:
    shown = [link.url for group in groups() for link in group.links]
    assert len(shown) == len(set(shown)) == sum(len(group.entries) for group in NAVIGATION)


def test_a_group_leads_to_the_first_of_its_pages_that_the_person_may_open() -> None:
    (spending,) = groups("returns.index", "equipment.index")
    assert (spending.text, spending.url) == ("Spending", "/returns")


def test_a_group_of_one_page_bears_the_name_of_the_page() -> None:
    (spending,) = groups("returns.index")
    assert spending.text == "Spending returns"


def test_a_group_without_a_page_for_the_person_is_not_shown() -> None:
    assert [group.text for group in groups("pages.inbox", "people.index")] == ["Inbox", "People"]


def test_the_group_of_the_page_is_the_current_one() -> None:
    assert [group.text for group in groups(section="equipment") if group.current] == ["Spending"]
