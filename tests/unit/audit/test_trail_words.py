"""The trail's words and values."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.audit.trail import _plain
from app.audit.wording import verb_words
from app.kernel.currencies import Currency
from app.kernel.money import Money


def test_known_verb_is_shown_in_words() -> None:
    assert verb_words("bank-account.verify") == "Bank account verified by a second person"


def test_unknown_verb_is_shown_readably() -> None:
    assert verb_words("contract.sign-off") == "Contract: sign off"


def test_details_are_kept_as_plain_values() -> None:
    given = {"amount": Money.parse("1.50", Currency.HKD), "day": date(2026, 2, 28), "ids": [UUID(int=1)], "kept": True}
    kept = {"amount": "HKD 1.50", "day": "2026-02-28", "ids": [str(UUID(int=1))], "kept": True}
    assert _plain(given) == kept


def test_control_characters_never_reach_the_trail() -> None:
    assert "\x1b" not in _plain("a\x1b[31mred\r\x00")
