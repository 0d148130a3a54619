"""Every page is reached by links from the inbox, by somebody; and each page reached is sound."""

from __future__ import annotations

from collections import Counter, deque
from functools import cache

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from app.kernel.actor import Role
from tests.web.whole.conftest import Visitors, Worlds
from tests.web.whole.matrix import addresses_of
from tests.web.whole.reading_pages import PageSeen, faults

WALKERS = [
    "maker",
    "checker",
    "accountant",
    "payer",
    "finance",
    "leader",
    Role.FUND_MANAGER,
    Role.WHITELIST_OFFICER,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
]
"""Who walks through the application: those who made the payments of the home world, and others by their role."""

PER_ENDPOINT = 1
"""How many pages of one kind each walker looks at, besides the lists; disbursements are looked at in each status."""
MANY = {
    "disbursements.detail": 12,
    "disbursements.queue": 8,
    "journals.detail": 2,
    "institutions.detail": 2,
    "people.detail": 4,
    "funds.detail": 2,
    "claims.detail": 8,
    "statements.detail": 4,
    "equipment.detail": 2,
}

NOT_BY_LINK = {
    "disbursements.withdraw_quote": "reached from a payment with a quote that still counts",
    "room.letter": "a file",
    "room.lines_file": "a file",
    "room.proof": "a file",
    "room.document": "a file",
    "room.sample_file": "a file",
    "room.sample_seal": "a file",
    "room.answer_file": "a file",
    "room.papers_file": "a file",
    "room.statement_file": "a file",
    "room.report": "a file",
    "room.pack_file": "a file",
    "engagements.letter": "a file",
    "account.set_password": "opened from a link that is handed over",
    "account.sign_in": "where people without a session are sent",
    "evidence.download": "a file",
    "exposure.file": "a file",
    "evidence.original": "a file, for those who examine the books",
    "evidence.picture": "a picture inside pages",
    "contracts.document": "a file",
    "periods.pack": "a file, of a month that is sealed",
    "reconciliation.original": "a file",
    "reconciliation.ageing_file": "a file",
    "vouchers.file": "a file; its addresses hold what was asked for",
    "reporting.download": "a file; its addresses hold what was asked for",
    "statements.download": "a file",
    "statements.draft_file": "a file",
    "books.prove_entry": "a file",
    "books.prove_balance": "a file",
    "books.prove_growth": "a file",
    "books.checkpoint": "a file",
    "books.bundle": "a file",
    "pages.home": "leads on to the inbox",
    "disbursements.declare_receipt": "only for money that arrived on the Mainland",
    "disbursements.attach_minutes": "only under programmes that ask for minutes",
    "claims.answer": "only while several lines of a draft lack something",
    "claims.pay": "only for somebody who had no other part in the claim; the walkers of its institution had",
    "contracts.edit": "only while a contract is a draft",
    "contract_budget.ask_item": "only under a one-line vote",
    "contract_budget.ask_year": "only where the terms ask for a budget by year",
    "journals.correct": "only while a journal is back with its maker",
    "payment_files.download": "only once a payment file is signed; the walkers meet a draft first",
    "reporting.remittance_application": "only once a payment file is signed; the walkers meet a draft first",
}
"""Pages that no walker meets in the worlds of the tests, each with the reason."""


FILES = {
    "static",
    "room.letter",
    "room.lines_file",
    "room.proof",
    "room.document",
    "room.sample_file",
    "room.sample_seal",
    "room.answer_file",
    "room.papers_file",
    "room.statement_file",
    "room.report",
    "room.pack_file",
    "engagements.letter",
    "evidence.download",
    "evidence.original",
    "exposure.file",
    "contracts.document",
    "reconciliation.ageing_file",
    "payment_files.download",
    "reconciliation.original",
    "reporting.download",
    "reporting.remittance_application",
    "statements.download",
    "statements.draft_file",
    "books.prove_entry",
    "books.prove_balance",
    "books.prove_growth",
    "books.checkpoint",
    "books.bundle",
    "verify.without_us_file",
}
"""Not pages: no walker looks for links in them."""


class Walk:
    """Pages one person reached, by endpoint, and what was wrong with them."""

    def __init__(self, app: Flask, visitors: Visitors, who: str) -> None:
        self.browser = visitors.browser(who) if isinstance(who, Role) else visitors.browser_of(f"{who}_id")
        self.reached: Counter[str] = Counter()
        self.broken: list[str] = []
        self.known: dict[str, str] = {}
        """Pages that were linked, by where."""
        self.adapter = app.url_map.bind("localhost")

    def endpoint(self, path: str) -> str:
        try:
            return str(self.adapter.match(path.partition("?")[0], method="GET")[0])
        except HTTPException:
            return ""

    def run(self, start: str = "/inbox") -> Walk:
        waiting, self.known = deque([start]), {start: "the start"}
        while waiting:
            path = waiting.popleft()
            endpoint = self.endpoint(path)
            if not endpoint:
                self.broken.append(f"{path}: leads nowhere")
                continue
            if endpoint in FILES:
                continue
            if self.reached[endpoint] >= MANY.get(endpoint, PER_ENDPOINT):
                continue
            self.reached[endpoint] += 1
            for link in self.look_at(path):
                if link not in self.known:
                    self.known[link] = path
                    waiting.append(link)
        return self

    def look_at(self, path: str) -> list[str]:
        answer = self.browser.get(path)
        if answer.status_code in {302, 303}:
            return [answer.location]
        if answer.status_code != 200:
            self.broken.append(f"{path}: {answer.status_code}, linked from {self.known[path]}")
            return []
        page = PageSeen.of(path, answer.text)
        self.broken += [f"{path}: {fault}" for fault in faults(page)]
        return page.links


_walked: dict[str, set[str]] = {}


@pytest.mark.parametrize("who", WALKERS)
def test_every_link_leads_somewhere_and_every_page_is_sound(app: Flask, visitors: Visitors, who: str) -> None:
    walk = Walk(app, visitors, who).run()
    _walked[who] = set(walk.reached)
    assert not walk.broken, "\n".join(sorted(set(walk.broken))[:60])
    assert len(walk.reached) > 10


def test_every_page_is_reached_from_the_inbox_by_somebody(
    app: Flask, session: Session, visitors: Visitors, worlds: Worlds
) -> None:
    reached: set[str] = set()
    for who in WALKERS:
        reached |= _walked.get(who) or set(Walk(app, visitors, who).run().reached)
    wanted = {address.rule.endpoint for address in addresses_of(app, "GET", api=False)}
    lost = wanted - reached - set(NOT_BY_LINK)
    assert not lost, f"no link leads there: {sorted(lost)}"


@cache
def _pages_open_to_all() -> tuple[str, ...]:
    verify = ("/verify", "/verify/without-us", "/v/STM-2026-00001-AAAAAA")
    return ("/sign-in", "/set-password/no-such-secret", "/no-such-page", *verify)


@pytest.mark.parametrize("path", _pages_open_to_all())
def test_pages_before_signing_in_are_sound(app: Flask, path: str) -> None:
    assert not faults(PageSeen.of(path, app.test_client().get(path).text))


@pytest.mark.parametrize("language", ["zh-Hant", "zh-Hans"])
def test_pages_in_chinese_say_their_language(app: Flask, visitors: Visitors, language: str) -> None:
    browser = visitors.browser(Role.GRANT_OFFICER)
    browser.post("/account/preferences", data={"language": language, "density": "comfortable"})
    page = PageSeen.of("/inbox", browser.get("/inbox").text)
    assert page.root.get("lang", "").startswith(language)
    assert not faults(page)
