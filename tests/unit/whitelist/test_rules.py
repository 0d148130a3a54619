"""Rules of the whitelist and its table of moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.kernel.identity import new_id
from app.whitelist.rules import ApplicationFacts, application_breaches, move_breaches, validity_breaches
from app.whitelist.states import SubjectKind, WhitelistKind, WhitelistStatus

FACTS = ApplicationFacts(WhitelistKind.FUND_FLOW, SubjectKind.INSTITUTION, new_id(), "A university", False)
ALLOWED = {
    ("APPLIED", "LISTED"),
    ("APPLIED", "REMOVED"),
    ("LISTED", "SUSPENDED"),
    ("LISTED", "REMOVED"),
    ("SUSPENDED", "LISTED"),
    ("SUSPENDED", "REMOVED"),
}


def codes(facts: ApplicationFacts) -> list[str]:
    return [breach.code for breach in application_breaches(facts)]


def test_institution_may_be_applied_for() -> None:
    assert codes(FACTS) == []


def test_application_without_a_subject_is_refused() -> None:
    assert codes(replace(FACTS, institution_id=None)) == ["whitelist.subject"]
    nameless = replace(FACTS, institution_id=None, subject_kind=SubjectKind.ENTERPRISE, subject_name="")
    assert codes(nameless) == ["whitelist.subject"]


def test_institution_is_no_recognised_professional() -> None:
    assert codes(replace(FACTS, kind=WhitelistKind.PROFESSIONAL)) == ["whitelist.kind-subject"]


def test_second_live_entry_is_refused() -> None:
    assert codes(replace(FACTS, already_live=True)) == ["whitelist.live"]


@pytest.mark.parametrize("status", WhitelistStatus)
@pytest.mark.parametrize("to", WhitelistStatus)
def test_only_the_moves_of_the_table_are_allowed(status: WhitelistStatus, to: WhitelistStatus) -> None:
    assert (move_breaches(status, to) == []) is ((status.value, to.value) in ALLOWED)


def test_listing_that_lapsed_already_is_refused() -> None:
    today = date(2026, 11, 20)
    assert validity_breaches(date(2025, 1, 1), date(2026, 11, 19), today)
    assert validity_breaches(date(2025, 1, 1), date(2026, 11, 20), today) == []
    assert validity_breaches(date(2026, 1, 2), date(2026, 1, 1), today)
