"""The screens of the whole application, free of barriers at every width and in both colour schemes."""

from __future__ import annotations

import gzip
import re

import pytest
from playwright.sync_api import Page

from app.db.session import new_session
from app.db.unit_of_work import unit_of_work
from app.demo_progress import DemoProgress, DemoState
from app.people.account_routes import DEMO_PROGRESS
from tests.browser import worlds
from tests.browser.conftest import OpenPage, Served, SignedIn
from tests.browser.driving import SCHEMES, WIDTHS, barriers, choose_language, overflow
from tests.browser.screens import CHINESE_SCREENS, NO_SCREENS, OPEN_SCREENS, SCREENS, Screen
from tests.builders.sealing import seal

LIGHTEST_PAGE_BYTES = 100_000


@pytest.fixture(scope="module")
def world(served: Served) -> worlds.Furnished:
    with unit_of_work() as session:
        found = worlds.furnished(session)
    with new_session() as session:
        seal(session)
    return found


def looked_at(page: Page) -> dict[str, object]:
    """What is wrong with the page at each width and in each colour scheme; empty is the only good answer."""
    found: dict[str, object] = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if (wider := overflow(page)) > 0:
            found[f"{width} scrolls sideways by"] = wider
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            if wrong := barriers(page):
                found[f"{width} {scheme}"] = wrong
    return found


@pytest.mark.parametrize("path", OPEN_SCREENS)
def test_no_open_screen_has_barriers(served: Served, open_page: OpenPage, path: str) -> None:
    page = open_page()
    page.goto(served.url + path)
    assert looked_at(page) == {}


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_no_screen_has_barriers(
    served: Served, world: worlds.Furnished, signed_in: SignedIn, open_page: OpenPage, screen: Screen
) -> None:
    page = open_page(state=signed_in(world.emails[screen.who]))
    answer = page.goto(served.url + screen.address.format(**world.names))
    assert answer is not None
    assert answer.status == 200
    assert looked_at(page) == {}


@pytest.mark.parametrize("code", ["zh-Hant", "zh-Hans"])
@pytest.mark.parametrize("address", CHINESE_SCREENS)
def test_chinese_screens_have_no_barriers_on_a_phone(
    served: Served, world: worlds.Furnished, signed_in: SignedIn, open_page: OpenPage, address: str, code: str
) -> None:
    page = open_page(width=320, state=signed_in(world.emails["second"]))
    page.goto(served.url + address.format(**world.names))
    choose_language(page, code)
    assert str(page.locator("html").get_attribute("lang")).startswith(code)
    assert re.search("[\u4e00-\u9fff]{2}", page.locator("nav.nav").inner_text())
    assert barriers(page) == []
    assert overflow(page) <= 0


def test_every_page_that_is_shown_stands_in_the_list(served: Served, world: worlds.Furnished) -> None:
    paths = [screen.address.format(**world.names).partition("?")[0] for screen in SCREENS] + list(OPEN_SCREENS)
    with served.app.test_request_context():
        adapter = served.app.url_map.bind("localhost")
        listed = {adapter.match(path)[0] for path in paths if path != "/no-such-page"}
    shown = {
        rule.endpoint
        for rule in served.app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and not rule.rule.startswith("/api")
    }
    assert shown - listed - NO_SCREENS == set()


def test_a_refused_form_has_no_barriers(
    served: Served, world: worlds.Furnished, signed_in: SignedIn, open_page: OpenPage
) -> None:
    page = open_page(state=signed_in(world.emails["finance"]))
    page.goto(f"{served.url}/journals/new")
    page.get_by_role("button", name="Submit for approval").click()
    page.locator(".govuk-error-summary").wait_for()
    assert looked_at(page) == {}


@pytest.mark.parametrize("address", ["/inbox", "/disbursements", "/contracts/{contract}"])
def test_first_page_is_light(
    served: Served, world: worlds.Furnished, signed_in: SignedIn, open_page: OpenPage, address: str
) -> None:
    """Everything that a first visit loads, each part compressed as a server in front does it."""
    page = open_page(state=signed_in(world.emails["checker"]))
    sizes: dict[str, int] = {}
    page.on("response", lambda got: sizes.update({got.url: len(gzip.compress(got.body()))}))
    page.goto(served.url + address.format(**world.names), wait_until="networkidle")
    assert len(sizes) >= 3
    assert sum(sizes.values()) <= LIGHTEST_PAGE_BYTES


def test_the_page_of_the_demonstration_asks_by_itself_until_the_story_is_there(
    served: Served, open_page: OpenPage
) -> None:
    told = iter([DemoProgress(DemoState.LOADING, 40, 100), DemoProgress(DemoState.LOADING, 70, 100)])
    served.app.extensions[DEMO_PROGRESS] = lambda: next(told, DemoProgress(DemoState.READY, 1, 1))
    page = open_page()
    try:
        page.goto(f"{served.url}/demo")
        assert page.get_by_text("40 %").is_visible()
        assert barriers(page) == []
        page.get_by_text("70 %").wait_for()
        page.get_by_role("link", name="Go to the sign-in page").wait_for()
        assert looked_at(page) == {}
    finally:
        del served.app.extensions[DEMO_PROGRESS]
