"""From a contract to a signed-off statement, by clicking, in both directions, to the cent, and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page

from app.db.unit_of_work import unit_of_work
from app.institutions.states import Side
from tests.browser import worlds
from tests.browser.conftest import OpenPage, Served, SignedIn
from tests.browser.walk import Example, Walk

pytestmark = pytest.mark.timeout(300)
"""Fifty pages each; a machine that does other things meanwhile is slow."""

Walks = Callable[..., Walk]

SOUTHBOUND = Example(
    grant="1000000.00",
    tranche="400000.00",
    last_tranche="600000.00",
    account_currency="HKD",
    received="432282.43",
    charge="150.00",
    salary="100000.00",
)
"""CNY 400,000.00 at 0.9250 arrives as HKD 432,432.43, less HKD 150.00; a salary of HKD 100,000.00 at 0.9240."""

NORTHBOUND = Example(
    grant="1000000.00",
    tranche="400000.00",
    last_tranche="600000.00",
    account_currency="CNY",
    received="369900.00",
    charge="100.00",
    salary="92400.00",
)
"""HKD 400,000.00 at 0.9250 arrives as CNY 370,000.00, less CNY 100.00; a salary of CNY 92,400.00 at 0.9240."""

SOUTHBOUND_BOOKED = ("HKD 432,282.43", "CNY 138.75", "CNY 399,861.25", "CNY 400,000.00")
NORTHBOUND_BOOKED = ("CNY 369,900.00", "HKD 108.11", "HKD 399,891.89", "HKD 400,000.00")
SOUTHBOUND_FIGURES = ("400,000.00", "92,400.00", "138.75", "(432.28)", "not yet due; retained")
NORTHBOUND_FIGURES = ("400,000.00", "100,000.00", "108.11", "432.79", "not yet due; retained")


@pytest.fixture
def walks(served: Served, signed_in: SignedIn, open_page: OpenPage) -> Walks:
    def begun(side: Side, example: Example, *, scripts: bool = True) -> Walk:
        with unit_of_work() as session:
            start = worlds.start(session, side)
        return Walk(served.url, start, example, signed_in, open_page, scripts)

    return begun


def text_of(page: Page) -> str:
    return page.locator(".statement").inner_text().replace("\u00a0", " ")


def text_of_pdf(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    return "\n".join(leaf.get_textpage().get_text_range() for leaf in document).replace("\u00a0", " ")


def missing(figures: tuple[str, ...], text: str) -> list[str]:
    return [figure for figure in figures if figure not in text]


@pytest.mark.parametrize(
    ("side", "example", "booked", "figures"),
    [
        (Side.SZ, SOUTHBOUND, SOUTHBOUND_BOOKED, SOUTHBOUND_FIGURES),
        (Side.HK, NORTHBOUND, NORTHBOUND_BOOKED, NORTHBOUND_FIGURES),
    ],
    ids=["CNY pocket to an HKD account", "HKD pocket to a CNY account"],
)
def test_grant_is_paid_booked_and_reported(
    walks: Walks,
    tmp_path: Path,
    side: Side,
    example: Example,
    booked: tuple[str, ...],
    figures: tuple[str, ...],
) -> None:
    walk = walks(side, example)
    walk.whole()
    assert missing(booked, walk.books()) == []
    assert missing(figures, text_of(walk.statement())) == []
    saved = tmp_path / "statement.pdf"
    walk.download().save_as(saved)
    assert missing(figures, text_of_pdf(saved)) == []


def test_grant_is_paid_booked_and_reported_without_scripts(walks: Walks, tmp_path: Path) -> None:
    walk = walks(Side.SZ, SOUTHBOUND, scripts=False)
    walk.whole()
    assert missing(SOUTHBOUND_FIGURES, text_of(walk.statement())) == []
    saved = tmp_path / "statement.pdf"
    walk.download().save_as(saved)
    assert missing(SOUTHBOUND_FIGURES, text_of_pdf(saved)) == []
