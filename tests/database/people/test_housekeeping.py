"""What has served its time is forgotten, what still counts stays, and a command says how many."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli import hetao
from app.db.unit_of_work import unit_of_work
from app.housekeeping import Forgotten, tidy
from app.people import signing_in, throttle
from app.people.models import SignInAttempt, SignInSession
from app.web.models import IdempotencyRecord
from tests.builders.people import a_person


def an_attempt(session: Session, at: datetime) -> None:
    session.add(SignInAttempt(at=at, account_sha256="a" * 64, address="", device_sha256="", succeeded=True))


def test_only_sessions_over_for_ninety_days_are_forgotten(session: Session, now: datetime) -> None:
    person = a_person(session, now)
    for age in (91, 89):
        signing_in.start_session(session, person, signing_in.Caller(), now=now - timedelta(days=age))
    secret = signing_in.start_session(session, person, signing_in.Caller(), now=now)
    ended = session.scalars(select(SignInSession).where(SignInSession.started_at == now)).one()
    assert tidy(session, now=now) == Forgotten(idempotency_keys=0, sessions=1, sign_in_attempts=0, checks=0, mails=0)
    assert signing_in.resume(session, secret, now=now) is not None
    ended.ended_at = now - timedelta(days=91)
    session.flush()
    assert tidy(session, now=now).sessions == 1


def test_only_tries_that_no_longer_count_are_forgotten(session: Session, now: datetime) -> None:
    an_attempt(session, now - throttle.KNOWN_FOR - timedelta(seconds=1))
    an_attempt(session, now - throttle.KNOWN_FOR)
    session.flush()
    assert tidy(session, now=now).sign_in_attempts == 1
    assert len(session.scalars(select(SignInAttempt)).all()) == 1


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_command_forgets_and_says_how_many(app: Flask, options: list[str]) -> None:
    long_ago = datetime.fromisoformat("2001-01-01T00:00:00+00:00")
    with unit_of_work() as session:
        session.add(
            IdempotencyRecord(actor_id=UUID(int=1), key="key-00000001", request_sha256="-", created_at=long_ago)
        )
        an_attempt(session, long_ago)
    done = CliRunner().invoke(hetao, ["housekeeping", *options])
    assert done.exit_code == 0, done.output
    if options:
        forgotten = {"idempotency_keys": 1, "sessions": 0, "sign_in_attempts": 1, "checks": 0, "mails": 0}
        assert json.loads(done.output) == forgotten | {"contracts_limited": 0}
    else:
        forgotten_words = "Forgotten: 1 idempotency keys, 0 sessions, 1 sign-in attempts, 0 checks, 0 mails."
        assert done.output == f"{forgotten_words} Limits set for 0 contracts.\n"
    with unit_of_work() as session:
        assert session.scalars(select(IdempotencyRecord)).all() == []
