"""Identifiers are compared however they are written."""

from __future__ import annotations

from app.bank_notices.marks import identifiers_of


def test_an_identifier_is_the_same_with_and_without_dashes_and_in_either_case() -> None:
    assert identifiers_of("dsb-2026-00042") == identifiers_of("DSB202600042") == {"DSB202600042"}


def test_what_is_too_short_identifies_nothing() -> None:
    assert identifiers_of("A-1 17", "PAID7") == {"PAID7"}
