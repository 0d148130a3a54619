"""Signing in: throttled per account and address, the owner gets in, sessions end when they must."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.audit.models import AuditEvent
from app.kernel.actor import Role
from app.kernel.errors import NotFound, RuleBreached
from app.people import queries, signing_in, throttle, tokens
from app.people.models import Person, PersonalToken, SignInSession
from app.people.signing_in import Caller
from tests.builders.institutions import an_institution
from tests.builders.people import PASSWORD, a_person, an_actor, give_role


@pytest.fixture
def owner(session: Session, now: datetime) -> Person:
    return a_person(session, now, email="owner@loop.example")


def attempt(session: Session, now: datetime, email: str, password: str, caller: Caller) -> str | None:
    """One try; "wait" when throttled, the session's secret when it succeeded."""
    begun = signing_in.begin(session, email, caller, now=now)
    if begun is None:
        return "wait"
    session.flush()
    done = signing_in.finish(session, begun, email, password, caller, caller.device or "fresh", now=now)
    session.flush()
    return done


def test_owner_signs_in_with_the_right_password(session: Session, now: datetime, owner: Person) -> None:
    secret = attempt(session, now, "Owner@Loop.example", PASSWORD, Caller("10.0.0.1"))
    assert secret not in (None, "wait")
    resumed = signing_in.resume(session, str(secret), now=now)
    assert resumed is not None
    assert resumed.person.id == owner.id


def test_secret_of_a_session_is_not_in_the_database(session: Session, now: datetime, owner: Person) -> None:
    secret = attempt(session, now, owner.email, PASSWORD, Caller("10.0.0.1"))
    kept = session.scalars(select(SignInSession)).one()
    assert secret not in (kept.token_sha256, str(kept.id))


def test_wrong_password_unknown_and_disabled_accounts_get_the_same_answer(
    session: Session, now: datetime, owner: Person
) -> None:
    assert attempt(session, now, owner.email, "wrong", Caller("10.0.0.1")) is None
    assert attempt(session, now, "nobody@loop.example", PASSWORD, Caller("10.0.0.1")) is None
    owner.disabled_at = now
    session.flush()
    assert attempt(session, now, owner.email, PASSWORD, Caller("10.0.0.1")) is None


def test_many_wrong_passwords_from_many_addresses_are_throttled_and_the_owner_gets_in(
    session: Session, now: datetime, owner: Person
) -> None:
    known = Caller("10.0.0.1", device="owners-own-device")
    assert attempt(session, now, owner.email, PASSWORD, known) not in (None, "wait")
    answers = [attempt(session, now, owner.email, "guess", Caller(f"10.1.{n // 250}.{n % 250}")) for n in range(40)]
    assert answers.count(None) == throttle.MOST_PER_ACCOUNT
    assert answers[-1] == "wait"
    elsewhere = Caller("10.9.9.9", device="owners-own-device")
    assert attempt(session, now, owner.email, PASSWORD, elsewhere) not in (None, "wait")
    assert attempt(session, now, owner.email, PASSWORD, Caller("10.0.0.1")) not in (None, "wait")


def test_unknown_account_is_throttled_like_a_known_one(session: Session, now: datetime) -> None:
    answers = [attempt(session, now, "nobody@loop.example", "x", Caller(f"10.2.0.{n}")) for n in range(12)]
    assert answers == [None] * throttle.MOST_PER_ACCOUNT + ["wait"] * 2


def test_one_address_guessing_at_many_accounts_is_throttled(session: Session, now: datetime) -> None:
    caller = Caller("10.3.0.1")
    answers = [
        attempt(session, now, f"someone{n}@loop.example", "x", caller) for n in range(throttle.MOST_PER_ADDRESS + 1)
    ]
    assert answers[-1] == "wait"
    assert "wait" not in answers[:-1]


def test_throttled_account_opens_again_after_the_window(session: Session, now: datetime, owner: Person) -> None:
    for n in range(throttle.MOST_PER_ACCOUNT + 1):
        attempt(session, now, owner.email, "guess", Caller(f"10.4.0.{n}"))
    later = now + throttle.WINDOW + timedelta(seconds=1)
    assert attempt(session, later, owner.email, PASSWORD, Caller("10.4.0.200")) not in (None, "wait")


def test_failed_sign_in_is_on_the_trail_without_the_address_typed(session: Session, now: datetime) -> None:
    attempt(session, now, "my-password-by-mistake", "x", Caller("10.0.0.1"))
    event = session.scalars(select(AuditEvent).where(AuditEvent.verb == "person.sign-in-failed")).one()
    assert event.outcome == "DENIED"
    assert "my-password" not in str(event.details)


def test_session_ends_after_idling_and_after_its_longest_time(session: Session, now: datetime, owner: Person) -> None:
    secret = signing_in.start_session(session, owner, Caller(), now=now)
    session.flush()
    assert signing_in.resume(session, secret, now=now + signing_in.IDLE - timedelta(minutes=1)) is not None
    seen = now + signing_in.IDLE - timedelta(minutes=1)
    assert signing_in.resume(session, secret, now=seen + signing_in.IDLE) is None
    step = timedelta(hours=1)
    other = signing_in.start_session(session, owner, Caller(), now=now)
    session.flush()
    for hours in range(1, 12):
        assert signing_in.resume(session, other, now=now + hours * step) is not None
    assert signing_in.resume(session, other, now=now + signing_in.LONGEST) is None


def test_signing_out_kills_the_session_on_the_server(session: Session, now: datetime, owner: Person) -> None:
    secret = signing_in.start_session(session, owner, Caller(), now=now)
    session.flush()
    actor = queries.actor_of(session, owner, now.date())
    signing_in.sign_out(session, actor, secret, now=now)
    session.flush()
    assert signing_in.resume(session, secret, now=now) is None


def test_changing_the_password_ends_the_other_sessions(session: Session, now: datetime, owner: Person) -> None:
    kept, ended = (signing_in.start_session(session, owner, Caller(), now=now) for _ in range(2))
    session.flush()
    actor = queries.actor_of(session, owner, now.date())
    signing_in.change_password(session, actor, PASSWORD, "quite another phrase", kept, now=now)
    assert signing_in.resume(session, kept, now=now) is not None
    assert signing_in.resume(session, ended, now=now) is None


def test_password_is_not_changed_without_the_current_one(session: Session, now: datetime, owner: Person) -> None:
    actor = queries.actor_of(session, owner, now.date())
    with pytest.raises(RuleBreached, match=r"person\.password-wrong"):
        signing_in.change_password(session, actor, "not it", "quite another phrase", None, now=now)


def test_session_of_somebody_else_cannot_be_ended(session: Session, now: datetime, owner: Person) -> None:
    other = queries.actor_of(session, a_person(session, now), now.date())
    signing_in.start_session(session, owner, Caller(), now=now)
    session.flush()
    row = session.scalars(select(SignInSession)).one()
    with pytest.raises(NotFound):
        signing_in.end_session(session, other, row.id, now=now)


def test_token_acts_for_its_person_within_its_scopes(session: Session, now: datetime) -> None:
    officer = an_actor(session, now, Role.GRANT_OFFICER, an_institution(session, now))
    command = tokens.TokenCommand("script", (Permission.CONTRACTS_READ.value,), 30)
    _token, secret = tokens.create(session, officer, command, now=now)
    loaded = tokens.actor_of_token(session, secret, "10.0.0.1", now=now)
    assert loaded is not None
    assert loaded.scopes == {"contracts.read"}
    assert session.scalar(select(func.count()).where(PersonalToken.token_sha256 == secret)) == 0


@pytest.mark.parametrize("how", ["expired", "revoked", "disabled", "unknown"])
def test_token_stops_with_its_end_its_revocation_and_its_person(session: Session, now: datetime, how: str) -> None:
    person = a_person(session, now)
    give_role(session, person, Role.GRANT_OFFICER, an_institution(session, now), now)
    officer = queries.actor_of(session, person, now.date())
    token, secret = tokens.create(session, officer, tokens.TokenCommand("t", ("contracts.read",), 1), now=now)
    assert tokens.actor_of_token(session, secret, "", now=now) is not None
    if how == "revoked":
        tokens.revoke(session, officer, token.id, now=now)
    if how == "disabled":
        person.disabled_at = now
    session.flush()
    at = now + timedelta(days=1) if how == "expired" else now
    assert tokens.actor_of_token(session, secret + "x" if how == "unknown" else secret, "", now=at) is None


def test_token_cannot_carry_more_than_its_person(session: Session, now: datetime) -> None:
    officer = an_actor(session, now, Role.GRANT_OFFICER, an_institution(session, now))
    with pytest.raises(RuleBreached, match=r"token\.scopes"):
        tokens.create(session, officer, tokens.TokenCommand("t", ("disbursements.release",), 30), now=now)
