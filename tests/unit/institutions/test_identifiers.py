"""Identifiers against the vectors of the standards and of published codes."""

from __future__ import annotations

import pytest

from app.institutions import identifiers
from app.institutions.identifiers import check_cnaps, check_hkid, check_uscc

REAL_CNAPS = (
    "501581000004",
    "102100099996",
    "104100000004",
    "308584000013",
    "307584007998",
    "989584027302",
    "989584024800",
    "989584026303",
    "989584030200",
    "989584025101",
    "989584027708",
)


@pytest.mark.parametrize("code", ["91350100M000100Y43", "52440300MJL000016J", "91440304MA5TE8T05N"])
def test_valid_credit_code_is_accepted(code: str) -> None:
    assert check_uscc(code) == (code, [])


@pytest.mark.parametrize(
    "code",
    ["91350100M000100Y4Z", "91350100M000100Y44", "91350100M000100Y4", "", "9135010OM000100Y43", "９1350100M000100Y43"],
)
def test_invalid_credit_code_is_refused_with_its_field(code: str) -> None:
    found = check_uscc(code)[1]
    assert [breach.code for breach in found] == ["institution.uscc-invalid"]
    assert found[0].field == "uscc"


def test_organisation_code_inside_carries_its_own_check_character() -> None:
    assert identifiers.organisation_check("M000100Y") == "4"


@pytest.mark.parametrize("code", REAL_CNAPS)
def test_published_cnaps_code_fits_its_check_digit(code: str) -> None:
    assert check_cnaps(code)[1] == []


def test_cnaps_code_with_another_last_digit_is_a_warning_only() -> None:
    found = check_cnaps("501581000005")[1]
    assert [(breach.code, breach.blocking) for breach in found] == [("bank-account.cnaps-check-digit", False)]


def test_cnaps_code_of_eleven_digits_is_refused() -> None:
    assert check_cnaps("50158100000")[1][0].blocking


@pytest.mark.parametrize("number", ["A123456(3)", "AB123456(9)", "G123456(A)", "a1234563"])
def test_valid_hkid_is_accepted_and_masked(number: str) -> None:
    masked, found = check_hkid(number)
    assert found == []
    assert "56" not in masked


@pytest.mark.parametrize("number", ["A123456(4)", "A12345(3)", "1234567(8)"])
def test_invalid_hkid_is_refused(number: str) -> None:
    assert [breach.code for breach in check_hkid(number)[1]] == ["person.identity-invalid"]


def test_mainland_identity_number_is_checked_and_masked() -> None:
    assert identifiers.check_mainland_identity("11010519491231002X") == ("1101" + "*" * 14, [])
    assert identifiers.check_mainland_identity("110105194912310021")[1]


@pytest.mark.parametrize(
    "orcid", ["0000-0002-1825-0097", "0000-0002-1694-233X", "https://orcid.org/0000-0002-1825-0097"]
)
def test_valid_orcid_is_kept_in_groups_of_four(orcid: str) -> None:
    kept, found = identifiers.check_orcid(orcid)
    assert found == []
    assert kept == orcid[-19:]


def test_orcid_with_a_wrong_last_place_is_refused() -> None:
    assert identifiers.check_orcid("0000-0002-1825-0098")[1]


@pytest.mark.parametrize(
    ("number", "good"), [("12345678", True), ("1234567", False), ("1234567A", False), ("１2345678", False)]
)
def test_business_registration_number_has_eight_digits(number: str, good: bool) -> None:
    assert (identifiers.check_br(number)[1] == []) is good


@pytest.mark.parametrize(
    ("bic", "good"), [("HSBCHKHH", True), ("HSBCHKHHHKH", True), ("HSBCHKH", False), ("1SBCHKHH", False)]
)
def test_bic_has_eight_or_eleven_characters(bic: str, good: bool) -> None:
    assert (identifiers.check_bic(bic)[1] == []) is good


def test_masked_account_shows_the_last_four_places_only() -> None:
    assert identifiers.masked_account("400012345678").endswith("5678")
    assert "1234" not in identifiers.masked_account("400012345678")


def test_digest_changes_with_any_part_that_decides_where_money_goes() -> None:
    parts = ("CNY", "BIC", "CNAPS", "004", "123456")
    whole = identifiers.account_digest(*parts)
    for index in range(len(parts)):
        changed = [part + "1" if at == index else part for at, part in enumerate(parts)]
        assert identifiers.account_digest(*changed) != whole
