"""Who may audit which days, and which moves an engagement makes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.engagements.rules import Proposed, breaches, may_move
from app.engagements.states import EngagementStatus
from app.kernel.identity import new_id

TODAY = date(2026, 11, 20)
SOUND = Proposed(
    date(2025, 4, 1), date(2026, 3, 31), TODAY + timedelta(days=90), TODAY, [new_id()], [new_id()], set(), set()
)


def test_a_sound_proposal_has_no_breach() -> None:
    assert breaches(SOUND) == []


@pytest.mark.parametrize(
    ("proposed", "code"),
    [
        (replace(SOUND, first_day=date(2026, 4, 1)), "engagement.days"),
        (replace(SOUND, first_day=date(2027, 1, 1), last_day=date(2027, 2, 1)), "engagement.days"),
        (replace(SOUND, expires_on=TODAY - timedelta(days=1)), "engagement.expiry"),
        (replace(SOUND, expires_on=date(2031, 1, 1)), "engagement.expiry"),
        (replace(SOUND, contracts=[]), "engagement.no-contract"),
        (replace(SOUND, auditors=[]), "engagement.no-auditor"),
        (replace(SOUND, unknown={"x@y.example"}), "engagement.auditor-unknown"),
        (replace(SOUND, concerned={"Chan Ka"}), "engagement.not-independent"),
    ],
)
def test_each_rule_refuses_what_it_is_about(proposed: Proposed, code: str) -> None:
    assert [breach.code for breach in breaches(proposed)] == [code]


def test_access_may_end_today() -> None:
    assert breaches(replace(SOUND, expires_on=TODAY)) == []


def test_an_ended_engagement_is_never_opened_again() -> None:
    assert may_move(EngagementStatus.ENDED, EngagementStatus.GRANTED)
    assert not may_move(EngagementStatus.PROPOSED, EngagementStatus.GRANTED)
