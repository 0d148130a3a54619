"""An auditor's engagement: from the officer's proposal to the downloaded pack, in sixteen clicks or fewer, counted."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from app.db.unit_of_work import unit_of_work
from app.engagements import packing
from app.engagements.models import EvidencePack
from app.engagements.states import PackStatus
from app.projects.models import Project
from tests.browser import worlds
from tests.browser.conftest import OpenPage, Served, SignedIn
from tests.browser.test_officer import Hand, button, link
from tests.builders import engagements, statements
from tests.builders.payments import NOW

OFFICER_CLICKS = 6
MOST_CLICKS = 16


@dataclass(frozen=True, slots=True)
class Letter:
    """Who takes part: the officer, the second one, the auditor; and what is audited."""

    officer: str
    second: str
    auditor: str
    project: str
    leader: str
    leader_id: str


@pytest.fixture(scope="module")
def letter(served: Served) -> Letter:
    """The worked example and an auditor who holds no right anywhere; nothing is proposed yet."""
    with unit_of_work() as session:
        made = statements.worked_example(session)
        auditor = engagements.auditor(session)
        worlds.let_everyone_in(session)
        project = session.get_one(Project, made.contract.project_id)
        return Letter(
            made.maker.email,
            made.checker.email,
            auditor.email,
            project.reference,
            made.leader.email,
            str(made.leader.person_id),
        )


def _proposed(hand: Hand, letter: Letter) -> None:
    """The officer's part: project, letter, auditor, and the year that the Hong Kong side proposes."""
    page = hand.page
    page.get_by_label("Project").select_option(letter.project)
    hand.press(button(page, "^Continue$"))
    page.get_by_label("Letter of engagement").set_input_files(
        {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": engagements.LETTER.content}
    )
    page.locator("#last_day").fill("2026-11-20")
    hand.type(page.get_by_label("Auditors"), letter.auditor)
    hand.press(button(page, "^Propose the engagement$"))
    assert page.locator("h1").inner_text().startswith("ENG-")


def _open(open_page: OpenPage, signed_in: SignedIn, served: Served, who: str, path: str) -> Hand:
    page: Page = open_page(state=signed_in(who))
    page.goto(f"{served.url}{path}")
    return Hand(page)


def test_an_engagement_is_proposed_granted_and_brought_to_its_pack(
    served: Served, letter: Letter, signed_in: SignedIn, open_page: OpenPage
) -> None:
    officer = _open(open_page, signed_in, served, letter.officer, "/engagements")
    officer.press(link(officer.page, "^New engagement$"))
    _proposed(officer, letter)
    assert officer.count <= OFFICER_CLICKS

    second = _open(open_page, signed_in, served, letter.second, "/inbox")
    second.press(link(second.page, "^ENG-"))
    second.press(button(second.page, "^Grant access$"))
    assert second.page.get_by_text("Granted").first.is_visible()

    hand = _open(open_page, signed_in, served, letter.auditor, "/")
    page = hand.page
    hand.press(link(page, "^ENG-"))
    assert page.get_by_text("Ties to the ledger").count() == 2
    hand.press(link(page, "^See the population$"))
    hand.press(link(page, "^Draw a sample$"))
    assert re.fullmatch(r"[0-9a-f]{1,32}", page.get_by_label("Seed").input_value())
    hand.type(page.get_by_label("Tolerable misstatement"), "20000.00")
    hand.type(page.get_by_label("Take every line above"), "0.00")
    hand.press(button(page, "^Preview$"))
    hand.press(button(page, "^Lock the sample$"))
    assert page.get_by_text("Locked").first.is_visible()
    assert page.get_by_text("Evidence: 1 of 2 entries have a document.").is_visible()
    hand.press(link(page, "^Ask for it$"))
    page.get_by_label("To", exact=True).select_option(letter.leader_id)
    hand.type(page.get_by_label("Answer by"), "2026-11-30")
    hand.press(button(page, "^Ask$"))
    hand.press(link(page, "^Evidence pack$"))
    hand.press(button(page, "^Build the pack$"))
    _built()
    page.reload()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
        hand.count += 1
    assert download.value.suggested_filename.endswith(".zip")
    assert hand.count <= MOST_CLICKS

    leader = _open(open_page, signed_in, served, letter.leader, "/inbox")
    assert leader.page.get_by_role("heading", name="Questions of auditors to you").is_visible()


def _built() -> None:
    """What the process in the background does."""
    with unit_of_work() as session:
        waiting = session.scalars(select(EvidencePack.id)).one()
    assert packing.build(waiting, lambda: NOW) is PackStatus.READY
