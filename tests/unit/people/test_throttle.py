"""When a try at signing in must wait, and that strangers cannot lock the owner out."""

from __future__ import annotations

from dataclasses import replace

from app.people.throttle import MOST_PER_ACCOUNT, MOST_PER_ADDRESS, MOST_PER_KNOWN_DEVICE, Counts, is_throttled

QUIET = Counts(known_device=False, known_address=False, by_device=0, by_pair=0, by_account=0, by_address=0)


def test_first_try_does_not_wait() -> None:
    assert not is_throttled(QUIET)


def test_many_failures_on_one_account_make_strangers_wait() -> None:
    assert is_throttled(replace(QUIET, by_account=MOST_PER_ACCOUNT))


def test_many_accounts_from_one_address_make_it_wait() -> None:
    assert is_throttled(replace(QUIET, by_address=MOST_PER_ADDRESS))


def test_owner_on_a_known_device_gets_in_while_strangers_try() -> None:
    assert not is_throttled(replace(QUIET, known_device=True, by_account=1000, by_address=1000))


def test_owner_at_a_known_address_gets_in_while_strangers_try() -> None:
    assert not is_throttled(replace(QUIET, known_address=True, by_account=1000))


def test_known_device_waits_after_its_own_failures() -> None:
    assert is_throttled(replace(QUIET, known_device=True, by_device=MOST_PER_KNOWN_DEVICE))


def test_known_address_waits_after_its_own_failures() -> None:
    assert is_throttled(replace(QUIET, known_address=True, by_pair=MOST_PER_KNOWN_DEVICE))
