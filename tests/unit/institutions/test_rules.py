"""Rules of institutions and bank accounts: each with a passing and a refusing case."""

from __future__ import annotations

from dataclasses import replace

from app.institutions.rules import (
    AccountFacts,
    InstitutionFacts,
    account_breaches,
    institution_breaches,
    verifier_is_another,
)
from app.institutions.states import InstitutionKind, Side
from app.kernel.currencies import Currency
from app.kernel.identity import new_id

FUNDER = InstitutionFacts("QTSF", Side.SZ, InstitutionKind.FUNDER, "", "", "", Currency.CNY)
SHENZHEN = AccountFacts(Side.SZ, "", "501581000004", "", "4000123456789")
HONG_KONG = AccountFacts(Side.HK, "", "", "004", "500123456838")


def codes(breaches: list) -> set[str]:
    return {breach.code for breach in breaches}


def test_funder_without_registration_number_may_be_opened() -> None:
    assert institution_breaches(FUNDER) == []


def test_code_in_small_letters_is_refused() -> None:
    assert codes(institution_breaches(replace(FUNDER, code="qtsf"))) == {"institution.code-form"}


def test_mainland_enterprise_without_credit_code_is_refused() -> None:
    facts = replace(FUNDER, kind=InstitutionKind.ENTERPRISE)
    assert codes(institution_breaches(facts)) == {"institution.registration-missing"}


def test_hong_kong_university_needs_its_registration_number() -> None:
    facts = InstitutionFacts("UNI", Side.HK, InstitutionKind.UNIVERSITY, "", "", "", Currency.HKD)
    assert codes(institution_breaches(facts)) == {"institution.registration-missing"}
    assert institution_breaches(replace(facts, br_number="12345678")) == []


def test_shenzhen_book_in_hong_kong_dollars_is_refused() -> None:
    facts = replace(FUNDER, functional_currency=Currency.HKD)
    assert codes(institution_breaches(facts)) == {"institution.functional-currency"}


def test_accounts_on_both_sides_pass_with_their_routing() -> None:
    assert account_breaches(SHENZHEN) == []
    assert account_breaches(HONG_KONG) == []


def test_account_without_routing_is_refused_on_each_side() -> None:
    for facts in (
        replace(SHENZHEN, cnaps=""),
        replace(HONG_KONG, hk_bank_code=""),
        AccountFacts(Side.MO, "", "", "", "123456789"),
    ):
        assert codes(account_breaches(facts)) == {"bank-account.routing-missing"}


def test_hong_kong_number_of_seven_digits_is_refused() -> None:
    assert codes(account_breaches(replace(HONG_KONG, number="1234567"))) == {"bank-account.number-invalid"}


def test_one_who_entered_cannot_verify() -> None:
    person = new_id()
    assert codes(verifier_is_another(person, person)) == {"bank-account.own-entry"}
    assert verifier_is_another(person, new_id()) == []
