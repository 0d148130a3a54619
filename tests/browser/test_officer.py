"""A grant officer's morning: thirty disbursements in fourteen clicks or fewer, counted."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page

from app.db.unit_of_work import unit_of_work
from tests.browser import worlds
from tests.browser.conftest import OpenPage, Served, SignedIn
from tests.browser.driving import PASSWORD

MOST_CLICKS = 14


@pytest.fixture(scope="module")
def morning(served: Served) -> worlds.Morning:
    with unit_of_work() as session:
        return worlds.morning(session)


class Hand:
    """Presses and types, and counts: one press is one click, one field typed is one."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def press(self, target: Locator) -> None:
        """Press a link, a button or a box."""
        target.click()
        self.page.wait_for_load_state()
        self.count += 1

    def type(self, target: Locator, text: str) -> None:
        """Fill a field."""
        target.fill(text)
        self.count += 1


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=re.compile(name))


def link(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=re.compile(name))


def send_back(hand: Hand, reference: str, reason: str) -> None:
    page = hand.page
    assert reference in page.locator("h1").inner_text()
    hand.press(link(page, "^Return to the maker$"))
    hand.type(page.get_by_label("Reason"), reason)
    hand.press(button(page, "^Return"))


def test_thirty_disbursements_take_fourteen_clicks_or_fewer(
    served: Served, morning: worlds.Morning, signed_in: SignedIn, open_page: OpenPage
) -> None:
    page = open_page(state=signed_in(morning.officer))
    page.goto(f"{served.url}/inbox")
    hand = Hand(page)

    hand.press(link(page, "^Look at all 30$"))
    assert page.get_by_text("All 30 waiting").is_visible()
    assert page.get_by_text(re.compile("Yours, 2")).is_visible()
    assert page.get_by_text(re.compile("Needs a look, 3")).is_visible()

    hand.press(page.get_by_text("Select all clean"))
    bar = page.locator("[data-selection]")
    assert bar.locator("[data-count]").inner_text() == "25"
    assert bar.locator("[data-sum=CNY]").inner_text() == "150,000.00"
    assert bar.locator("[data-sum=HKD]").inner_text() == "200,000.00"

    hand.press(button(page, "^Review$"))
    assert page.locator("h1").inner_text() == "Approve 25 disbursements?"
    assert page.get_by_role("table", name="By payee").is_visible()
    assert page.get_by_role("table", name="By pocket").is_visible()

    hand.press(button(page, "^Approve 25$"))
    assert page.locator("h1").inner_text() == "25 approved"
    assert "0 not approved" in page.locator("main").inner_text()

    hand.press(link(page, "^Look at the next one$"))
    send_back(hand, morning.cooling, "The account is new. Please call the university back.")
    send_back(hand, morning.expired, "The tax filing has run out.")
    assert morning.too_much in page.locator("h1").inner_text()
    checks = page.locator("#checks").inner_text()
    assert "2,000,000.00" in checks.replace("\u00a0", " ")
    assert morning.able in checks

    assert hand.count <= MOST_CLICKS
    page.goto(f"{served.url}/disbursements")
    assert page.get_by_text("All 3 waiting").is_visible()
    page.goto(f"{served.url}/disbursements/{morning.own[0]}")
    assert page.get_by_text("You made this, so you cannot approve it.").first.is_visible()
    assert button(page, "^Approve").count() == 0


def test_one_disbursement_is_approved_by_the_keyboard_alone(served: Served, open_page: OpenPage) -> None:
    with unit_of_work() as session:
        officer, reference = worlds.one_waiting(session)
    page = open_page()
    page.goto(f"{served.url}/sign-in")
    page.locator("input[name=email]").focus()
    page.keyboard.type(officer)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    reach(page, "Payments")
    page.keyboard.press("Enter")
    page.wait_for_url("**/disbursements")
    reach(page, reference)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{reference}")
    reach(page, "Approve CNY 10,000.00")
    page.keyboard.press("Enter")
    page.locator(".sum").get_by_text("Approved").wait_for()
    assert page.get_by_role("button", name="Approve").count() == 0


def reach(page: Page, name: str) -> None:
    """Tab from the top of the page to what is called so; every stop on the way shows its ring."""
    page.locator(".skip").focus()
    for _step in range(200):
        page.keyboard.press("Tab")
        said = page.evaluate("document.activeElement.textContent.replace(/\\u00a0/g, ' ').trim()")
        assert ring_shows(page), said
        if said == name:
            return
    pytest.fail(f"The Tab key never came to {name!r}.")


def ring_shows(page: Page) -> bool:
    return bool(
        page.evaluate(
            """() => {
              const e = document.activeElement;
              const shown = e.matches('.chips input, .govuk-radios__input, .govuk-checkboxes__input')
                ? (e.nextElementSibling || e) : e;
              return [getComputedStyle(shown), getComputedStyle(shown, '::before')]
                .some(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2);
            }"""
        )
    )
