"""Fields refuse bad input by name and cure, and take the good twin of each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, strategies as st
from marshmallow import ValidationError
from werkzeug.datastructures import FileStorage

from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.money import MAX_MINOR, Money
from app.web.fields import (
    AmountField,
    BooleanField,
    ChoiceField,
    CurrencyField,
    DateField,
    EmailField,
    FileField,
    IdField,
    Input,
    LineField,
    ManyField,
    PercentField,
    RateField,
    ReferenceField,
    SecretField,
    TextField,
    VersionField,
    WholeNumberField,
)

AMOUNT = AmountField(currency=Currency.CNY, label="Amount")


def refusal(field: Input, value: Any) -> Breach:
    """The one breach with which the field refuses."""
    with pytest.raises(ValidationError) as caught:
        field.deserialize(value, "field", {})
    (breach,) = caught.value.messages
    assert isinstance(breach, Breach)
    return breach


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0", "not-positive"),
        ("0.00", "not-positive"),
        ("-1", "not-positive"),
        ("1e308", "not-an-amount"),
        ("1E3", "not-an-amount"),
        ("NaN", "not-an-amount"),
        ("Infinity", "not-an-amount"),
        ("0.001", "too-precise"),
        ("1,000", "not-an-amount"),
        ("1 000", "not-an-amount"),
        ("１００", "not-an-amount"),
        ("٣", "not-an-amount"),
        ("+5", "not-an-amount"),
        ("1.", "not-an-amount"),
        (".5", "not-an-amount"),
        ("0x10", "not-an-amount"),
        ("CNY 5", "not-an-amount"),
        (str(2**63), "too-large"),
        ("10000000000000.00", "too-large"),
        ("", "missing"),
        ("   ", "missing"),
    ],
)
def test_amounts_that_are_no_exact_positive_money_are_refused(text: str, code: str) -> None:
    breach = refusal(AMOUNT, text)
    assert breach.code == f"input.{code}"
    assert breach.params["label"] == "Amount"
    assert breach.cure


@pytest.mark.parametrize("value", [1, 1.5, float("nan"), True, ["1.00"], {"amount": "1.00"}])
def test_amounts_that_are_not_text_are_refused(value: Any) -> None:
    assert refusal(AMOUNT, value).code == "input.not-text"


def test_amount_too_large_names_the_limit() -> None:
    assert refusal(AMOUNT, str(2**63)).params["limit"] == "9,999,999,999,999.99"


@given(st.integers(min_value=1, max_value=MAX_MINOR))
def test_every_amount_the_ledger_takes_is_read_exactly(minor: int) -> None:
    amount = Money(minor, Currency.CNY)
    assert AMOUNT.deserialize(str(amount.amount), "field", {}) == amount


def test_amount_takes_the_currency_of_its_sibling() -> None:
    assert AmountField().deserialize("1.5", "amount", {"currency": "HKD"}) == Money(150, Currency.HKD)


def test_amount_without_a_currency_is_refused() -> None:
    assert refusal(AmountField(), "1.00").code == "input.no-currency"


def test_nil_is_taken_only_where_it_is_allowed() -> None:
    field = AmountField(currency=Currency.HKD, zero=True)
    assert field.deserialize("0", "field", {}) == Money(0, Currency.HKD)
    assert refusal(field, "-0.01").code == "input.not-positive"


def test_signed_amount_is_taken_where_it_is_allowed() -> None:
    assert AmountField(currency=Currency.HKD, positive=False).deserialize("-2", "f", {}) == Money(-200, Currency.HKD)


@pytest.mark.parametrize("text", ["CNH", "cny", "USD", "¥"])
def test_only_currencies_of_the_ledger_are_taken(text: str) -> None:
    assert refusal(CurrencyField(), text).code == "input.unknown-currency"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-02-29", "no-such-day"),
        ("2026-04-31", "no-such-day"),
        ("2026-13-01", "no-such-day"),
        ("0000-01-01", "no-such-day"),
        ("1999-12-31", "date-out-of-range"),
        ("2061-01-01", "date-out-of-range"),
        ("2026-12-31T23:59:59", "not-a-date"),
        ("2026-12-31 23:59:59+08:00", "not-a-date"),
        ("31/12/2026", "not-a-date"),
        ("20261231", "not-a-date"),
        ("2026-1-1", "not-a-date"),
        ("２０２６-01-01", "not-a-date"),
        ("2026-W01-1", "not-a-date"),
    ],
)
def test_days_that_do_not_exist_or_lie_outside_the_ledger_are_refused(text: str, code: str) -> None:
    assert refusal(DateField(), text).code == f"input.{code}"


@pytest.mark.parametrize("text", ["2028-02-29", "2000-01-01", "2060-12-31", "2026-12-31"])
def test_leap_days_and_the_edges_of_the_ledger_are_taken(text: str) -> None:
    assert DateField().deserialize(text, "field", {}) == date.fromisoformat(text)


@pytest.mark.parametrize(
    "character", ["\u202e", "\u2066", "\u200f", "\u200b", "\ufeff", "\x00", "\x1b", "\n", "\u2028"]
)
def test_line_with_control_or_bidi_characters_is_refused(character: str) -> None:
    breach = refusal(LineField(label="Title"), f"a{character}b")
    assert breach.code == "input.invisible-character"
    assert breach.params["character"] == f"U+{ord(character):04X}"


def test_lone_surrogate_is_refused() -> None:
    assert refusal(TextField(), "a\ud800").code == "input.invisible-character"


def test_name_of_100_kilobytes_is_refused_with_its_length() -> None:
    breach = refusal(LineField(), "河" * 100_000)
    assert (breach.code, breach.params["length"], breach.params["limit"]) == ("input.too-long", 100_000, 200)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{ 7*7 }}", "=HYPERLINK(1)", "O'Brien & 河套", "👩‍🔬"])
def test_markup_and_every_script_are_taken_as_text(text: str) -> None:
    assert LineField().deserialize(text, "field", {}) == text


def test_line_is_trimmed_and_composed() -> None:
    assert LineField().deserialize("  Cafe\u0301 ", "field", {}) == "Café"


def test_text_keeps_lines_and_unifies_their_ends() -> None:
    assert TextField().deserialize("a\r\nb\tc", "field", {}) == "a\nb\tc"


def test_reference_is_read_in_capitals_and_by_kind() -> None:
    field = ReferenceField(prefix="DSB")
    assert field.deserialize("dsb-2026-00042", "field", {}) == "DSB-2026-00042"
    assert refusal(field, "CON-2026-00042").code == "input.not-a-reference"
    assert refusal(field, "DSB-2026-00042'; --").code == "input.not-a-reference"


def test_id_must_be_a_uuid() -> None:
    key = "0190163d-8694-739b-aea5-966c26f8ad91"
    assert IdField().deserialize(key, "field", {}) == UUID(key)
    assert refusal(IdField(), "1").code == "input.not-an-id"


class Colour(StrEnum):
    RED = "RED"
    BLUE = "BLUE"


def test_choice_is_one_of_the_values_left_open() -> None:
    field = ChoiceField(Colour, {Colour.RED: "Red"}, only=[Colour.RED])
    assert field.deserialize("RED", "field", {}) is Colour.RED
    assert refusal(field, "BLUE").params["choices"] == "RED"
    assert field.choices == [("RED", "Red")]


def test_email_is_checked_and_lowered() -> None:
    assert EmailField().deserialize("Ann.Lee@Hku.Example", "field", {}) == "ann.lee@hku.example"
    for text in ("ann", "ann@", "a b@c.example", "ann@hku.example\nBcc: x@y.example"):
        assert refusal(EmailField(), text).code in ("input.not-an-email", "input.invisible-character")


@pytest.mark.parametrize("text", ["0", "-0.9", "0.92501234567", "1e2", "NaN", "2000000"])
def test_rate_must_be_positive_with_ten_decimals_at_most(text: str) -> None:
    assert refusal(RateField(), text).code in ("input.not-a-number", "input.out-of-range")


def test_rate_and_percentage_are_exact() -> None:
    assert RateField().deserialize("0.9250000001", "field", {}) == Decimal("0.9250000001")
    assert PercentField().deserialize("12.5", "field", {}) == Decimal("12.5")
    assert refusal(PercentField(), "100.01").code == "input.out-of-range"


def test_tick_box_that_is_absent_is_false_and_one_that_must_be_ticked_is_refused() -> None:
    assert BooleanField().deserialize(None, "field", {}) is False
    assert BooleanField().deserialize("on", "field", {}) is True
    assert refusal(BooleanField(must=True), False).code == "input.not-ticked"


def test_password_is_kept_as_typed_and_bounded() -> None:
    assert SecretField().deserialize(" pass word ", "field", {}) == " pass word "
    assert refusal(SecretField(), "x" * 1001).code == "input.too-long"


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "１", "9" * 30, True, 1.0])
def test_version_is_a_whole_number_from_one(value: Any) -> None:
    assert refusal(VersionField(), value).code in ("input.not-a-whole-number", "input.not-text")


def test_whole_number_names_its_bounds() -> None:
    assert WholeNumberField(low=1, high=100).deserialize("100", "field", {}) == 100
    assert refusal(WholeNumberField(low=1, high=100), "101").params["high"] == 100


def test_many_values_are_kept_in_order_without_repetition() -> None:
    field = ManyField(ReferenceField())
    given_references = ["DSB-2026-00002", "DSB-2026-00001", "DSB-2026-00002"]
    assert field.deserialize(given_references, "field", {}) == ("DSB-2026-00002", "DSB-2026-00001")
    assert refusal(field, []).code == "input.none-chosen"
    assert refusal(field, ["DSB-2026-00001", "x"]).code == "input.not-a-reference"


def stored(content: bytes, name: str) -> FileStorage:
    return FileStorage(BytesIO(content), filename=name)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty-file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file-type"),
        (b"MZ\x90\x00\x03", "file-type"),
        (b"GIF89a%PDF-1.7", "file-type"),
        (b"just text", "file-type"),
        (b"%PDF-1.7" + b" " * 2000, "file-too-large"),
    ],
)
def test_files_are_known_by_their_content_and_size(content: bytes, code: str) -> None:
    assert refusal(FileField(max_bytes=1000), stored(content, "receipt.pdf")).code == f"input.{code}"


def test_upload_keeps_the_bytes_and_a_harmless_name() -> None:
    upload = FileField().deserialize(stored(b"%PDF-1.7 ok", "..\\..\\re\u202ece\r\nipt.pdf"), "field", {})
    assert (upload.media_type, upload.name, upload.content) == ("application/pdf", "receipt.pdf", b"%PDF-1.7 ok")
