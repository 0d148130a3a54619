"""Rules of projects: secrecy, titles, days."""

from __future__ import annotations

from datetime import date

import pytest

from app.projects import rules

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


@pytest.mark.parametrize("confidentiality", ["PUBLIC", "INTERNAL", "CONFIDENTIAL"])
def test_open_classes_are_registered(confidentiality: str) -> None:
    assert rules.breaches(confidentiality, ("A title", "", ""), FIRST, LAST) == []


@pytest.mark.parametrize("confidentiality", ["SECRET", "secret", "TOP_SECRET", "STATE_SECRET"])
def test_secret_classes_are_refused_with_a_cure(confidentiality: str) -> None:
    (breach,) = rules.breaches(confidentiality, ("A title", "", ""), FIRST, LAST)
    assert breach.code == "project.secret"
    assert breach.cure
    assert breach.source


def test_unknown_class_is_refused() -> None:
    (breach,) = rules.breaches("WHATEVER", ("A title", "", ""), FIRST, LAST)
    assert breach.code == "project.class-unknown"


def test_title_in_any_one_language_is_enough() -> None:
    assert rules.breaches("PUBLIC", ("", "標題", ""), FIRST, LAST) == []


def test_untitled_project_with_reversed_days_is_told_both() -> None:
    found = rules.breaches("PUBLIC", (" ", "", ""), LAST, FIRST)
    assert [breach.code for breach in found] == ["project.untitled", "project.days"]
