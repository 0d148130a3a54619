"""Notices by mail: written with the verb, sent after it, in the reader's language, to those they still concern."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

import app.mail.delivering as delivering
import app.mail.service as mail_service
from app.claims import deciding
from app.claims.commands import Seen
from app.mail.delivering import deliver, message, through
from app.mail.models import OutgoingMail
from app.mail.states import MOST_ATTEMPTS, SUBJECTS, Notice, NoticeKind, pause_after
from app.people.models import Person
from app.settings import Settings
from tests.builders import claims
from tests.builders.claims import hkd
from tests.builders.payments import NOW, PaymentWorld

SETTINGS = Settings(
    home=Path("/nowhere"),
    secret_key="only for tests " * 3,
    mail_host="127.0.0.1",
    mail_from="ledger@example.org",
    mail_security="none",
    public_url="https://ledger.example.org",
)


@pytest.fixture(autouse=True)
def server_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_service, "settings", lambda: SETTINGS)


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    return claims.ready(session)


def waiting(session: Session) -> dict[str, set[str]]:
    """Mails by kind: the addresses they go to."""
    found: dict[str, set[str]] = {}
    query = select(OutgoingMail.kind, Person.email).join(Person, Person.id == OutgoingMail.person_id)
    for kind, email in session.execute(query):
        found.setdefault(kind, set()).add(email)
    return found


def test_whoever_has_the_next_step_is_told_and_nobody_who_had_a_part_in_it(
    session: Session, made: PaymentWorld
) -> None:
    claim = claims.submitted(session, made, claims.values(hkd("100.00")))
    assert waiting(session) == {"CLAIM_TO_CHECK": {made.finance.email, made.other_finance.email}}
    claims.checked(session, made, claim)
    deciding.approve(session, made.finance, claim.reference, Seen(claim.version), now=NOW)
    told = waiting(session)
    assert told["CLAIM_TO_PAY"] == {made.other_finance.email}
    assert told["CLAIM_APPROVED"] == {made.leader.email}


def test_without_a_server_nothing_is_written(
    session: Session, made: PaymentWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_service, "settings", lambda: replace(SETTINGS, mail_host=""))
    claims.submitted(session, made, claims.values(hkd("100.00")))
    assert waiting(session) == {}


@pytest.mark.parametrize("language", ["en", "zh-Hant", "zh-Hans"])
def test_a_mail_speaks_the_readers_language_and_holds_a_reference_and_an_address_only(
    session: Session, made: PaymentWorld, language: str
) -> None:
    session.execute(update(Person).values(language=language))
    claim = claims.submitted(session, made, claims.values(hkd("123.45"), seller="Lok Ma Chau Taxi"))
    row = session.scalars(select(OutgoingMail)).first()
    assert row is not None
    written = message(row, session.get_one(Person, row.person_id), SETTINGS)
    text = f"{written['Subject']}\n{written.get_content()}"
    assert claim.reference in text
    assert f"https://ledger.example.org/claims/{claim.reference}" in text
    assert not [each for each in ("123.45", "Taxi", "Zhou", "shared facility") if each in text]
    assert ("waits for somebody" in text) is (language == "en")


def test_every_kind_of_notice_has_its_words() -> None:
    assert set(SUBJECTS) == set(NoticeKind)


def test_the_pause_doubles_up_to_six_hours() -> None:
    assert [pause_after(number) for number in (1, 2, 3)] == [timedelta(minutes=each) for each in (1, 2, 4)]
    assert pause_after(MOST_ATTEMPTS) == timedelta(hours=6)


@pytest.fixture
def in_one_transaction(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Delivery works inside the test's own transaction."""
    from contextlib import contextmanager

    @contextmanager
    def here() -> Iterator[Session]:
        yield session
        session.flush()

    monkeypatch.setattr(delivering, "unit_of_work", here)


@pytest.mark.usefixtures("in_one_transaction")
def test_what_fails_is_tried_again_later_and_given_up_in_the_end(session: Session, made: PaymentWorld) -> None:
    note = Notice(NoticeKind.CLAIM_PAID, "CLM-1", "/claims/CLM-1")
    mail_service.note(session, [made.leader.person_id], note, made.grantee.id, now=NOW)
    session.flush()

    def broken(_mail: EmailMessage) -> None:
        raise ConnectionRefusedError

    moment = NOW
    for number in range(1, MOST_ATTEMPTS + 1):
        assert deliver(SETTINGS, now=moment, send=broken) == 0
        row = session.scalars(select(OutgoingMail)).one()
        assert row.attempts == number
        assert deliver(SETTINGS, now=moment, send=broken) == 0, "nothing is due yet"
        assert session.scalars(select(OutgoingMail.attempts)).one() == number
        moment = row.next_try_at
    assert row.dropped_at is not None
    assert row.sent_at is None


@pytest.mark.usefixtures("in_one_transaction")
def test_a_mail_goes_once_and_only_to_whom_it_still_concerns(session: Session, made: PaymentWorld) -> None:
    claims.submitted(session, made, claims.values(hkd("100.00")))
    gone = session.get_one(Person, made.other_finance.person_id)
    gone.disabled_at = NOW
    session.flush()
    sent: list[str] = []
    assert deliver(SETTINGS, now=NOW, send=lambda mail: sent.append(mail["To"])) == 1
    assert deliver(SETTINGS, now=NOW, send=lambda mail: sent.append(mail["To"])) == 0
    assert sent == [made.finance.email]


class _Post(socketserver.StreamRequestHandler):
    """Just enough of a mail server to take one mail."""

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        for line in self.rfile:
            word = line.strip().upper()
            if word.startswith((b"EHLO", b"HELO")):
                self.wfile.write(b"250 hello\r\n")
            elif word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                body = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.taken.append(body)  # type: ignore[attr-defined]
                self.wfile.write(b"250 taken\r\n")
            elif word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 fine\r\n")


@pytest.mark.usefixtures("in_one_transaction")
def test_a_mail_reaches_a_real_server_through_smtp(session: Session, made: PaymentWorld) -> None:
    session.execute(update(Person).values(language="zh-Hant"))
    note = Notice(NoticeKind.CLAIM_PAID, "CLM-2026-00001", "/claims/CLM-2026-00001")
    mail_service.note(session, [made.leader.person_id], note, made.grantee.id, now=NOW)
    session.flush()
    with socketserver.TCPServer(("127.0.0.1", 0), _Post) as server:
        server.taken = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        here = replace(SETTINGS, mail_port=server.server_address[1])
        assert deliver(here, now=NOW, send=through(here)) == 1
        server.shutdown()
        arrived = message_from_bytes(server.taken[0], policy=policy.default)  # type: ignore[attr-defined]
    assert arrived["To"] == made.leader.email
    assert "CLM-2026-00001" in str(arrived["Subject"])


def test_a_verb_that_is_undone_leaves_no_mail(made: PaymentWorld, session: Session) -> None:
    before = session.scalars(select(OutgoingMail.id)).all()
    nested = session.begin_nested()
    claims.submitted(session, made, claims.values(hkd("100.00")))
    assert len(session.scalars(select(OutgoingMail.id)).all()) > len(before)
    nested.rollback()
    assert session.scalars(select(OutgoingMail.id)).all() == before
