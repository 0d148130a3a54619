"""A record's history in the reader's words: amounts and days as elsewhere, no codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from app.access.guards import refusal
from app.access.permissions import Permission
from app.audit.models import AuditEvent
from app.audit.timeline import event_record, shown_events
from app.audit.wording import SUBJECT_WORDS
from app.web.wording import in_words
from tests.architecture.source import PROJECT, modules
from tests.browser.style_guide import style_guide


@pytest.fixture(scope="module")
def pages() -> Flask:
    """Pages without a database."""
    return style_guide()


@pytest.fixture
def chinese(pages: Flask) -> Iterator[None]:
    """A page asked for in Hong Kong."""
    with pages.test_request_context(headers={"Accept-Language": "zh-HK"}):
        yield


@pytest.fixture
def english(pages: Flask) -> Iterator[None]:
    """A page asked for in English."""
    with pages.test_request_context(headers={"Accept-Language": "en"}):
        yield


def detail_of(verb: str, details: dict[str, Any], kind: str = "disbursement") -> str:
    event = AuditEvent(
        at=datetime(2026, 11, 20, 2, tzinfo=UTC),
        actor_name="Chan Siu Ming",
        verb=verb,
        subject_kind=kind,
        outcome="ALLOWED",
        details=details,
    )
    return str(shown_events([event])[0]["detail"]).replace("\xa0", " ")


def test_amount_is_grouped(english: None) -> None:
    assert detail_of("contract.sign", {"amount": "CNY 8650000.00"}) == "Chan Siu Ming · CNY 8,650,000.00"


def test_change_of_status_is_told_in_words(chinese: None) -> None:
    told = detail_of("whitelist.suspend", {"from": "LISTED", "to": "SUSPENDED", "reason": "Under review"})
    assert told == "Chan Siu Ming · Under review · 已列入名單 → 已暫停"


def test_day_is_written_as_elsewhere(chinese: None) -> None:
    assert detail_of("programme.propose-parameter", {"from": "2026-01-31"}) == "Chan Siu Ming · 2026年1月31日"


def test_right_names_the_role(chinese: None) -> None:
    assert detail_of("right.propose", {"role": "PAYMENTS_OFFICER"}, "person") == "Chan Siu Ming · 出納"


def test_kind_of_journal_is_told_in_words(english: None) -> None:
    assert detail_of("journal.submit", {"kind": "COST", "label": "Cost"}, "journal") == "Chan Siu Ming · Cost"


def test_identifier_is_not_shown(english: None) -> None:
    changed = {"before": "01a201be-fcee-7c3a-b082-b07e91b14d01", "after": "01a201be-fcee-7c3a-b082-b07e91b14d02"}
    assert detail_of("contract.change-account", changed) == "Chan Siu Ming"


def test_what_a_person_typed_is_never_translated(chinese: None) -> None:
    assert detail_of("disbursement.refuse", {"reason": "Refused"}) == "Chan Siu Ming · Refused"


def test_record_is_named_by_its_kind_and_reference(chinese: None) -> None:
    event = AuditEvent(subject_kind="residue-return", details={"reference": "RES-2026-00001"})
    assert event_record(event) == "剩餘款退還 RES-2026-00001"


def test_every_kind_of_record_in_the_trail_has_words() -> None:
    written = re.compile(r'(?:subject = \(|SUBJECT = |^\s+\()"([a-z_-]+)"(?:, [a-z_.]+(?:id|_id)\b|$)', re.MULTILINE)
    found = {kind for file in modules("app") for kind in written.findall((PROJECT / file).read_text("utf-8"))}
    assert found >= {"contract", "disbursement", "residue-return", "bank_account", "authority"}
    assert found - set(SUBJECT_WORDS) == set()


def test_missing_right_names_the_roles_in_the_readers_language(chinese: None) -> None:
    said = in_words(refusal(Permission.DISBURSEMENTS_SETTLE).breaches[0])
    assert said.cure == "以下角色可以：會計。"
    several = in_words(refusal(Permission.EVIDENCE_UPLOAD).breaches[0])
    assert "、" in several.cure
    assert not re.search("[A-Za-z]", several.cure)
