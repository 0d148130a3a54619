"""The components in a browser: no barriers, no sideways scroll, visible focus, little weight, no script needed."""

from __future__ import annotations

import gzip

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, Served
from tests.browser.driving import SCHEMES, WIDTHS, barriers, focus_stops, overflow
from tests.browser.screens import GUIDE_SCREENS

LIGHTEST_PAGE_BYTES = 100_000


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", GUIDE_SCREENS)
def test_no_screen_has_barriers(guide: Served, open_page: OpenPage, path: str, width: int, scheme: str) -> None:
    page = open_page(width=width, scheme=scheme)
    page.goto(guide.url + path)
    assert barriers(page) == []
    assert overflow(page) <= 0


@pytest.mark.parametrize("width", [320, 390, 641, 768, 901, 1024, 1280])
def test_no_width_scrolls_sideways(guide: Served, open_page: OpenPage, width: int) -> None:
    page = open_page(width=width)
    page.goto(guide.url)
    assert overflow(page) <= 0


@pytest.mark.parametrize("language", ["zh-HK", "zh-CN"])
def test_chinese_pages_have_no_barriers(guide: Served, open_page: OpenPage, language: str) -> None:
    page = open_page(width=320, language=language)
    page.goto(guide.url)
    assert barriers(page) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_every_stop_of_the_tab_key_shows_a_ring_above_the_bar(guide: Served, open_page: OpenPage, width: int) -> None:
    page = open_page(width=width)
    page.goto(guide.url)
    page.locator(".skip").focus()
    stops = focus_stops(page)
    assert len(stops) > 30
    assert [stop["what"] for stop in stops if not stop["ring"]] == []
    assert [stop["what"] for stop in stops if stop["covered"]] == []


def test_the_summary_of_errors_takes_focus(guide: Served, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(guide.url)
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"


def totals(page: Page) -> tuple[str, str, str]:
    bar = page.locator("[data-selection]")
    return (
        bar.locator("[data-count]").inner_text(),
        bar.locator("[data-sum=CNY]").inner_text(),
        bar.locator("[data-sum=HKD]").inner_text(),
    )


def test_ticking_rows_counts_and_keeps_the_currencies_apart(guide: Served, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(guide.url)
    assert totals(page) == ("1", "1,284,600.00", "0.00")
    page.get_by_label("Select DSB-2026-00032").check()
    assert totals(page) == ("2", "1,284,600.00", "380,000.50")
    page.get_by_role("button", name="Select all clean").click()
    assert totals(page) == ("3", "1,284,600.00", "0.00")


def test_a_page_without_scripts_hides_only_what_needs_them(guide: Served, open_page: OpenPage) -> None:
    page = open_page(scripts=False)
    page.goto(guide.url)
    assert page.get_by_role("button", name="Select all clean").count() == 0
    assert page.get_by_role("button", name="Review").is_visible()


def test_a_stacked_table_is_still_a_table_on_phones(guide: Served, open_page: OpenPage) -> None:
    page = open_page(width=320)
    page.goto(guide.url)
    table = page.get_by_role("table", name="Disbursements waiting")
    assert table.get_by_role("row").count() >= 5
    assert table.get_by_role("rowheader", name="DSB-2026-00031").is_visible()


def test_the_first_page_is_light(guide: Served) -> None:
    client = guide.app.test_client()
    page = client.get("/").get_data()
    parts = [page] + [
        client.get(f"/static/{name}").get_data() for name in ("theme.css", "ledger.js", "vendor/htmx-4.0.1.min.js")
    ]
    assert sum(len(gzip.compress(part)) for part in parts) <= LIGHTEST_PAGE_BYTES


def test_a_printed_page_is_light_without_its_tools(guide: Served, open_page: OpenPage) -> None:
    page = open_page(scheme="dark")
    page.goto(guide.url)
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.locator(".bar").is_visible()
    assert not page.locator(".selbar").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
