"""A PI claims several receipts on a phone, counted in taps; a finance officer goes through the lines by keys."""

from __future__ import annotations

import gzip
import re

import pytest
from playwright.sync_api import FilePayload, Locator, Page
from sqlalchemy import select

from app.claims.models import Claim
from app.db.unit_of_work import unit_of_work
from tests.browser import worlds
from tests.browser.conftest import OpenPage, Served, SignedIn
from tests.browser.driving import choose_language, overflow
from tests.builders import claims, papers
from tests.builders.payments import TODAY, PaymentWorld

MOST_TAPS = 26
MOST_BYTES = 90 * 1024
MOST_SCRIPT = 40 * 1024


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


def photograph(number: int) -> FilePayload:
    """A photograph, which says nothing by itself."""
    content = papers.jpeg(papers.motif(number))
    return {"name": f"IMG_{number}.jpg", "mimeType": "image/jpeg", "buffer": content}


def twelve() -> list[FilePayload]:
    """Six e-fapiao as XML and two as PDF in CNY, and four photographs of receipts in HKD."""
    found: list[FilePayload] = []
    for number in range(1, 9):
        invoice = papers.Invoice(
            number=f"2544200000001234599{number}", issued_on=TODAY, net="100.00", tax="6.00", total="106.00"
        )
        if number <= 6:
            content, name, kind = papers.xml_invoice(invoice), f"fapiao-{number}.xml", "application/xml"
        else:
            content, name, kind = papers.pdf_invoice(invoice), f"fapiao-{number}.pdf", "application/pdf"
        found.append({"name": name, "mimeType": kind, "buffer": content})
    return found + [photograph(number) for number in range(1, 5)]


def begun(served: Served, page: Page, thumb: Thumb, files: list[FilePayload]) -> None:
    """From the list of claims to the cards of a new claim, with every file arrived."""
    page.goto(f"{served.url}/claims")
    thumb.tap(page.locator("a[href$='/claims/start']").first)
    thumb.type(page.locator("#purpose"), "Visit to the shared facility")
    page.locator("#heading").select_option("MATERIALS")
    thumb.count += 2
    page.locator("input[type=file]").set_input_files(files)
    thumb.count += 1 + len(files) + 1
    page.locator("#cards .rc").nth(len(files) - 1).wait_for()
    thumb.tap(page.locator("form .stick button"))
    page.wait_for_url("**/claims/CLM-*")
    page.locator("#cards .rc[id^=line-]").nth(len(files) - 1).wait_for(timeout=120_000)


def test_twelve_mixed_receipts_take_few_taps_on_a_phone(
    served: Served, made: PaymentWorld, signed_in: SignedIn, open_page: OpenPage
) -> None:
    """A touch of the screen is one tap, and so is one file ticked; the keyboard's own key goes on to the next box."""
    page = open_page(width=390, height=844, state=signed_in(made.leader.email))
    thumb, files = Thumb(page), twelve()
    begun(served, page, thumb, files)
    assert page.locator(".rc.ask").count() == 4, "every electronic invoice answers for itself"
    assert overflow(page) <= 0
    thumb.tap(page.locator(".stick a"))
    assert overflow(page) <= 0
    thumb.tap(page.locator("[id$=-amount]").first)
    answers = [(f"{number}5.00", f"Shop {number}") for number in range(4)]
    for amount, seller in answers:
        for text in (amount, seller, TODAY.isoformat()):
            _written(page, text)
            page.keyboard.press("Tab")
        if (amount, seller) != answers[-1]:
            _to_next_amount(page)
    thumb.tap(page.locator("form .stick button"))
    page.wait_for_url("**/submit")
    assert overflow(page) <= 0
    for tick in page.locator("input[type=checkbox]").all():
        thumb.tap(tick)
    thumb.tap(page.locator("form .stick button"))
    page.wait_for_url(re.compile(r"/claims/CLM-[^/]*$"))
    page.locator(".flash").wait_for()
    with unit_of_work() as session:
        claim = session.scalars(select(Claim).order_by(Claim.made_at.desc(), Claim.id.desc())).first()
        assert claim is not None
        assert claim.status == "SUBMITTED"
        assert len(claim.lines) == len(files)
        assert {line.currency for line in claim.lines} == {"CNY", "HKD"}
    assert thumb.count <= MOST_TAPS, f"{thumb.count} taps"


def _written(page: Page, text: str) -> None:
    """Type into the box the cursor is in; a box for a day takes its day as the browser holds it."""
    if page.evaluate("document.activeElement.type") == "date":
        page.locator(f"#{page.evaluate('document.activeElement.id')}").fill(text)
    else:
        page.keyboard.type(text)


def _to_next_amount(page: Page) -> None:
    """On with the keyboard's key until the cursor is in the next amount; the currency stays as proposed."""
    for _ in range(12):
        if str(page.evaluate("document.activeElement.id")).endswith("-amount"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("no further amount")


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans"])
def test_receipts_are_claimed_on_a_phone_in_both_chinese_scripts(
    served: Served, made: PaymentWorld, signed_in: SignedIn, open_page: OpenPage, language: str
) -> None:
    page = open_page(width=390, height=844, state=signed_in(made.leader.email))
    page.goto(f"{served.url}/claims")
    choose_language(page, language)
    number = 30 if language == "zh-Hant" else 31
    begun(served, page, Thumb(page), [photograph(number)])
    page.locator(".stick a").click()
    page.locator("[id$=-amount]").fill("45.00")
    page.locator("[id$=-seller]").fill("順豐速運")
    page.locator("[id$=-cost_on]").fill(TODAY.isoformat())
    assert overflow(page) <= 0
    page.locator("form .stick button").click()
    page.wait_for_url("**/submit")
    assert "Review" not in page.locator("main").inner_text()
    for tick in page.locator("input[type=checkbox]").all():
        tick.check()
    page.locator("form .stick button").click()
    page.locator(".flash").wait_for()
    choose_language(page, "en")


def test_the_page_of_a_claim_is_light(
    served: Served, made: PaymentWorld, signed_in: SignedIn, open_page: OpenPage
) -> None:
    with unit_of_work() as session:
        reference = claims.started(session, made, *(claims.values(claims.hkd("10.00")) for _ in range(12))).reference
    page = open_page(width=390, height=844, state=signed_in(made.leader.email))
    weights: dict[str, int] = {}
    page.on("response", lambda answer: weights.update({answer.url: len(gzip.compress(answer.body(), 6))}))
    page.goto(f"{served.url}/claims/{reference}")
    page.wait_for_load_state("networkidle")
    assert weights
    assert sum(weights.values()) <= MOST_BYTES, weights
    assert sum(size for url, size in weights.items() if ".js" in url) <= MOST_SCRIPT, weights


def test_a_draft_lets_files_be_added_one_by_one_and_says_which_failed(
    served: Served, made: PaymentWorld, signed_in: SignedIn, open_page: OpenPage
) -> None:
    with unit_of_work() as session:
        reference = claims.started(session, made).reference
    page = open_page(width=390, height=844, state=signed_in(made.leader.email))
    page.goto(f"{served.url}/claims/{reference}")
    broken = FilePayload(name="broken.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7 torn")
    good = FilePayload(name="good.pdf", mimeType="application/pdf", buffer=papers.pdf("A receipt"))
    page.locator("input[type=file]").set_input_files([broken, good])
    page.get_by_role("button", name="Try again").wait_for()
    page.get_by_text("Arrived").wait_for()
    page.goto(f"{served.url}/claims/{reference}")
    assert page.locator(".rc").count() == 1


def test_a_file_that_arrives_on_the_second_try_is_sent_no_third_time(
    served: Served, made: PaymentWorld, signed_in: SignedIn, open_page: OpenPage
) -> None:
    with unit_of_work() as session:
        reference = claims.started(session, made).reference
    page = open_page(width=390, height=844, state=signed_in(made.leader.email))
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.url.endswith("/receipts") else None)
    page.route("**/receipts", lambda route: route.abort("internetdisconnected"), times=1)
    page.goto(f"{served.url}/claims/{reference}")
    file = FilePayload(name="good.pdf", mimeType="application/pdf", buffer=papers.pdf("A receipt"))
    page.locator("input[type=file]").set_input_files([file])
    page.get_by_role("button", name="Try again").click()
    page.locator("#cards .rc[id^=line-]").wait_for(timeout=60_000)
    page.wait_for_load_state("networkidle")
    page.goto(f"{served.url}/claims/{reference}")
    page.wait_for_load_state("networkidle")
    assert len(sent) == 2


def test_files_not_sent_when_the_line_drops_wait_in_the_browser_until_the_claim_is_opened_again(
    served: Served, made: PaymentWorld, signed_in: SignedIn, open_page: OpenPage
) -> None:
    with unit_of_work() as session:
        reference = claims.started(session, made).reference
    page = open_page(width=390, height=844, state=signed_in(made.leader.email))
    page.goto(f"{served.url}/claims/{reference}")
    page.context.set_offline(True)
    page.locator("input[type=file]").set_input_files([photograph(51), photograph(52)])
    page.get_by_role("button", name="Try again").nth(1).wait_for()
    page.close()
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto(f"{served.url}/claims")
    again.get_by_text("Files wait in this browser").wait_for()
    again.locator("[data-unsent] a").click()
    again.locator("#cards .rc[id^=line-]").nth(1).wait_for(timeout=60_000)
    again.goto(f"{served.url}/claims")
    again.wait_for_load_state("networkidle")
    assert again.locator("[data-unsent]").is_hidden()


def test_receipts_chosen_before_a_claim_is_begun_survive_a_closed_page(
    served: Served, made: PaymentWorld, signed_in: SignedIn, open_page: OpenPage
) -> None:
    page = open_page(width=390, height=844, state=signed_in(made.leader.email))
    page.goto(f"{served.url}/claims/start")
    page.locator("input[type=file]").set_input_files([photograph(61)])
    page.locator("#cards .rc").wait_for()
    page.close()
    again = page.context.new_page()
    again.goto(f"{served.url}/claims/start")
    again.locator("#cards .rc").wait_for()
    again.locator("#purpose").fill("Visit")
    again.locator("form .stick button").click()
    again.locator("#cards .rc[id^=line-]").wait_for(timeout=60_000)


def test_without_scripts_receipts_are_taken_whole_in_one_form(
    served: Served, made: PaymentWorld, signed_in: SignedIn, open_page: OpenPage
) -> None:
    page = open_page(width=390, height=844, state=signed_in(made.leader.email), scripts=False)
    page.goto(f"{served.url}/claims/start")
    page.locator("#purpose").fill("Visit")
    page.locator("input[type=file]").set_input_files([photograph(71), photograph(72)])
    page.locator("form .stick button").click()
    page.wait_for_url("**/claims/CLM-*")
    assert page.locator("#cards .rc").count() == 2


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
