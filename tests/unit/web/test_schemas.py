"""Schemas build commands and give every breach its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import InputRefused
from app.kernel.money import Money
from app.web.fields import AmountField, CurrencyField, DateField, DayRange, LineField
from app.web.schemas import Form, RowsField


@dataclass(frozen=True)
class Part:
    amount: Money
    note: str = "none"


@dataclass(frozen=True)
class Whole:
    currency: Currency
    parts: tuple[Part, ...]
    first_day: date | None
    last_day: date | None


class PartForm(Form):
    command = Part
    amount = AmountField()
    note = LineField(required=False)


class WholeForm(Form):
    command = Whole
    day_ranges = (DayRange(),)
    currency = CurrencyField()
    parts = RowsField(PartForm)
    first_day = DateField(required=False)
    last_day = DateField(required=False)

    def breaches_of(self, values: Mapping[str, Any]) -> list[Breach]:
        many = len(values["parts"] or ()) > 2
        return [Breach("parts.many", "Too many parts.", field="parts")] if many else []


def breaches(data: dict[str, Any]) -> dict[str | None, str]:
    with pytest.raises(InputRefused) as caught:
        WholeForm().to_command(data)
    return {breach.field: breach.code for breach in caught.value.breaches}


def test_command_is_built_with_defaults_of_what_was_left_out() -> None:
    command = WholeForm().to_command({"currency": "HKD", "parts": [{"amount": "1.00"}]})
    assert command == Whole(Currency.HKD, (Part(Money(100, Currency.HKD), "none"),), None, None)


def test_every_breach_is_told_at_once_with_its_place() -> None:
    found = breaches({"currency": "X", "parts": [{"amount": "1"}, {"amount": "x"}], "first_day": "x", "other": 1})
    assert found["currency"] == "input.unknown-currency"
    assert found["parts-1-amount"] in ("input.not-an-amount", "input.no-currency")
    assert found["first_day"] == "input.not-a-date"
    assert found["other"] == "input.unknown-field"


def test_unknown_names_are_dropped_from_screens_only() -> None:
    data = {"currency": "CNY", "parts": [{"amount": "1"}], "csrf_token": "x"}
    assert WholeForm().to_command(data, strict=False).currency is Currency.CNY
    assert breaches(data) == {"csrf_token": "input.unknown-field"}


def test_range_that_ends_before_it_begins_is_refused() -> None:
    data = {"currency": "CNY", "parts": [{"amount": "1"}], "first_day": "2026-02-02", "last_day": "2026-02-01"}
    assert breaches(data) == {"last_day": "input.days-reversed"}


def test_checks_over_several_fields_are_added() -> None:
    assert breaches({"currency": "CNY", "parts": [{"amount": "1"}] * 3}) == {"parts": "parts.many"}


def test_form_may_be_given_the_currency_of_its_amounts() -> None:
    assert PartForm(currency=Currency.CNY).to_command({"amount": "2"}).amount == Money(200, Currency.CNY)


@pytest.mark.parametrize("rows", ["x", {}, [1], []])
def test_rows_that_are_no_rows_are_refused(rows: Any) -> None:
    assert breaches({"currency": "CNY", "parts": rows})["parts"] in ("input.not-rows", "input.row-count")
