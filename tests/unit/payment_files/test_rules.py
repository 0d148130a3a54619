"""What stands in the way of files, signatures and profiles, and the moves a file may make."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.payment_files import reasons, rules
from app.payment_files.rules import Candidate, MakingFacts, ProfileFacts, SigningFacts
from app.payment_files.states import FILE_MOVES, BankCodeKind, FileStatus, may_move

TODAY = date(2026, 11, 20)
ACCOUNT = new_id()
ONE = Candidate("DSB-2026-00001", "RELEASED", ACCOUNT, Currency.CNY, Money(100, Currency.CNY), True)
FINE = MakingFacts(ACCOUNT, Currency.CNY, (ONE.reference,), (ONE,), True, TODAY, TODAY)
SIGNING = SigningFacts(1, False, False, (), TODAY, TODAY)


def test_a_file_of_released_payments_of_its_account_may_be_made() -> None:
    assert rules.making_breaches(FINE) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"in_file": "PAY-2026-00001"}, "payment-file.twice"),
        ({"status": "SETTLED"}, "payment-file.not-released"),
        ({"payer_account_id": new_id()}, "payment-file.mixed"),
        ({"currency": Currency.HKD}, "payment-file.mixed"),
        ({"payee_payable": False}, "payment-file.payee"),
    ],
)
def test_a_payment_that_does_not_belong_stands_in_the_way(change: dict[str, object], code: str) -> None:
    facts = replace(FINE, found=(replace(ONE, **change),))
    assert [each.code for each in rules.making_breaches(facts)] == [code]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"asked": ()}, "payment-file.size"),
        ({"asked": tuple(str(n) for n in range(rules.MOST_PAYMENTS + 1))}, "payment-file.size"),
        ({"found": ()}, "payment-file.unknown"),
        ({"payer_payable": False}, "payment-file.payer"),
        ({"execute_on": date(2026, 11, 19)}, "payment-file.day"),
    ],
)
def test_a_file_as_a_whole_may_be_refused(change: dict[str, object], code: str) -> None:
    assert [each.code for each in rules.making_breaches(replace(FINE, **change))] == [code]


def test_a_signature_under_the_mandate_stands() -> None:
    assert rules.signing_breaches(SIGNING) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"signatories": None}, "payment-file.no-mandate"),
        ({"signed_already": True}, "payment-file.signed-already"),
        ({"part_in_payments": True}, "payment-file.took-part"),
        ({"changed": ("DSB-2026-00001",)}, "payment-file.changed"),
        ({"execute_on": date(2026, 11, 19)}, "payment-file.day-passed"),
    ],
)
def test_what_stands_in_the_way_of_a_signature(change: dict[str, object], code: str) -> None:
    assert [each.code for each in rules.signing_breaches(replace(SIGNING, **change))] == [code]


@pytest.mark.parametrize(
    ("kind", "code", "fits"),
    [
        (BankCodeKind.NONE, "", True),
        (BankCodeKind.NONE, "LYBKCNBS", False),
        (BankCodeKind.BIC, "LYBKCNBS", True),
        (BankCodeKind.BIC, "LYBKCN", False),
        (BankCodeKind.CNAPS, "103", True),
        (BankCodeKind.CNAPS, "1O3", False),
        (BankCodeKind.HKNCC, "004", True),
        (BankCodeKind.HKNCC, "", False),
    ],
)
def test_the_code_of_a_profile_is_of_its_kind(kind: BankCodeKind, code: str, fits: bool) -> None:
    assert (rules.profile_breaches(ProfileFacts(kind, code)) == []) is fits


def test_a_file_ends_answered_or_withdrawn() -> None:
    assert {status for status, after in FILE_MOVES.items() if not after} == {FileStatus.ANSWERED, FileStatus.WITHDRAWN}
    assert not may_move(FileStatus.SENT, FileStatus.WITHDRAWN)
    assert not may_move(FileStatus.DRAFT, FileStatus.SENT)


def test_common_reasons_have_words_and_others_none() -> None:
    for code in ("AC01", "AC04", "AC06", "AG01", "AM04", "AM05", "BE01", "DT01", "RC01", "RR03", "MD07", "NARR"):
        assert reasons.words_of(code)
    assert reasons.words_of("ZZ99") == ""
