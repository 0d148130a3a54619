"""A PI claims several receipts on a phone, counted in taps; a finance officer goes through the lines by keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page

from app.db.unit_of_work import unit_of_work
from tests.browser import worlds
from tests.browser.conftest import OpenPage, Served, SignedIn
from tests.browser.driving import overflow
from tests.builders import claims, papers
from tests.builders.payments import TODAY, PaymentWorld

MOST_TAPS = 26
RECEIPTS = (
    ("Shun Fung Express", "50.00", "HKD"),
    ("Crossing Star Electronics", "380.00", "HKD"),
    ("", "286.00", "CNY"),
)


@pytest.fixture(scope="module")
def made(served: Served) -> PaymentWorld:
    with unit_of_work() as session:
        made = claims.ready(session)
        worlds.let_everyone_in(session)
        return made


class Thumb:
    """Taps and types, and counts: one tap is one, one field typed is one, one file chosen is one."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def tap(self, target: Locator) -> None:
        target.click()
        self.page.wait_for_load_state()
        self.count += 1

    def type(self, target: Locator, text: str) -> None:
        target.fill(text)
        self.count += 1


def photographs() -> list[dict[str, object]]:
    """Two photographs and an electronic invoice, which says by itself what it is."""
    pictures = [
        {"name": f"IMG_{n}.jpg", "mimeType": "image/jpeg", "buffer": papers.jpeg(papers.motif(n))} for n in (1, 2)
    ]
    invoice = papers.xml_invoice(
        papers.Invoice(number="25442000000012345999", issued_on=TODAY, net="269.81", tax="16.19", total="286.00")
    )
    return [*pictures, {"name": "invoice.xml", "mimeType": "application/xml", "buffer": invoice}]


def test_three_receipts_in_two_currencies_take_few_taps_on_a_phone(
    served: Served, made: PaymentWorld, signed_in: SignedIn, open_page: OpenPage
) -> None:
    page = open_page(width=390, height=844, state=signed_in(made.leader.email))
    page.goto(f"{served.url}/claims")
    thumb = Thumb(page)
    thumb.tap(page.get_by_role("link", name="Claim expenses").first)
    thumb.type(page.get_by_label("What was it for"), "Visit to the shared facility")
    page.get_by_label(re.compile("^Heading")).select_option("MATERIALS")
    files = photographs()
    page.locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]
    thumb.count += 1 + 1 + len(files)
    thumb.tap(page.get_by_role("button", name="Go on"))
    assert page.locator(".rc").count() == len(files)
    assert page.locator(".rc.ask").count() == 2, "the invoice answers for itself"
    assert overflow(page) <= 0
    thumb.tap(page.get_by_role("link", name="Answer for 2 lines"))
    for seller, amount, _currency in RECEIPTS[:2]:
        thumb.type(page.get_by_label("Date on the receipt"), "2026-11-20")
        thumb.type(page.get_by_label("Total"), amount)
        thumb.type(page.get_by_label("Who sold it"), seller)
        thumb.tap(page.get_by_role("button", name="Save and go on"))
    thumb.tap(page.get_by_role("link", name="Review and submit"))
    assert overflow(page) <= 0
    thumb.tap(page.get_by_label("This was spent for the project"))
    thumb.tap(page.get_by_label("Nothing here is on the negative list"))
    thumb.tap(page.get_by_role("button", name="Submit the claim"))
    page.get_by_text("The claim is with the finance office").wait_for()
    assert thumb.count <= MOST_TAPS, f"{thumb.count} taps"


def test_a_draft_lets_files_be_added_one_by_one_and_says_which_failed(
    served: Served, made: PaymentWorld, signed_in: SignedIn, open_page: OpenPage
) -> None:
    with unit_of_work() as session:
        reference = claims.started(session, made).reference
    page = open_page(width=390, height=844, state=signed_in(made.leader.email))
    page.goto(f"{served.url}/claims/{reference}")
    broken = {"name": "broken.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 torn"}
    good = {"name": "good.pdf", "mimeType": "application/pdf", "buffer": papers.pdf("A receipt")}
    page.locator("input[type=file]").set_input_files([broken, good])  # type: ignore[list-item]
    page.get_by_role("button", name="Try again").wait_for()
    page.get_by_text("Arrived").wait_for()
    page.goto(f"{served.url}/claims/{reference}")
    assert page.locator(".rc").count() == 1


def test_a_finance_officer_goes_through_the_lines_by_keys(
    served: Served, made: PaymentWorld, signed_in: SignedIn, open_page: OpenPage
) -> None:
    with unit_of_work() as session:
        lines = [claims.values(claims.hkd(text)) for text in ("10.00", "20.00")]
        reference = claims.submitted(session, made, *lines).reference
    page = open_page(state=signed_in(made.finance.email))
    page.goto(f"{served.url}/claims/{reference}/check")
    for key in ("j", "1", "j", "2"):
        page.keyboard.press(key)
    page.keyboard.type("Which train?")
    page.get_by_role("button", name="Save the verdicts").click()
    page.get_by_text("The lines are checked").wait_for()
    assert page.get_by_text("Lines that need details went back as").count() == 1
