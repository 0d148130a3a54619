"""Sends what is due through the operator's server, in the reader's language, one mail a transaction."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.db.unit_of_work import unit_of_work
from app.kernel.clock import business_date
from app.mail.models import OutgoingMail
from app.mail.states import BODY, FOOT, MOST_ATTEMPTS, SUBJECTS, NoticeKind, pause_after
from app.people import queries as people
from app.people.command_language import in_language
from app.people.models import Person
from app.settings import Settings

SECONDS = 20
_LOG = logging.getLogger("hetao.mail")
Send = Callable[[EmailMessage], None]
"""Hands one mail to the server; raises OSError or SMTPException."""


def deliver(settings: Settings, *, now: datetime, send: Send | None = None, most: int = 200) -> int:
    """Send what is due, at most `most` mails; how many went out. Without a server named, none.

    One that fails is tried again later, up to ten times; a broken connection ends the round.
    """
    if not settings.mail_host:
        return 0
    out, sender = 0, send or through(settings)
    for _number in range(most):
        with unit_of_work() as session:
            mail = _next(session, now)
            if mail is None:
                return out
            if not _still_theirs(session, mail, now):
                mail.dropped_at, mail.last_error = now, "no longer theirs"
                continue
            if not _try(session, mail, settings, sender, now):
                return out
            out += 1
    return out


def _next(session: Session, now: datetime) -> OutgoingMail | None:
    query = select(OutgoingMail).where(
        OutgoingMail.sent_at.is_(None), OutgoingMail.dropped_at.is_(None), OutgoingMail.next_try_at <= now
    )
    query = query.order_by(OutgoingMail.next_try_at, OutgoingMail.id).limit(1)
    return session.scalars(query.with_for_update(skip_locked=True)).first()


def _still_theirs(session: Session, mail: OutgoingMail, now: datetime) -> bool:
    """Whether the person may still sign in and, where a right is asked for, still holds it."""
    person = session.get_one(Person, mail.person_id)
    if not person.is_enabled:
        return False
    if not mail.permission:
        return True
    holders = people.holders_of(session, Permission(mail.permission), mail.institution_id, business_date(now))
    return mail.person_id in {each.id for each in holders}


def _try(session: Session, mail: OutgoingMail, settings: Settings, send: Send, now: datetime) -> bool:
    person = session.get_one(Person, mail.person_id)
    mail.attempts += 1
    try:
        send(message(mail, person, settings))
    except (OSError, smtplib.SMTPException) as error:
        mail.last_error = type(error).__name__
        mail.next_try_at = now + pause_after(mail.attempts)
        if mail.attempts >= MOST_ATTEMPTS:
            mail.dropped_at = now
        _LOG.warning("mail %s was not sent (attempt %s): %s", mail.id, mail.attempts, type(error).__name__)
        return False
    mail.sent_at, mail.last_error = now, ""
    return True


def message(mail: OutgoingMail, person: Person, settings: Settings) -> EmailMessage:
    """The mail in the person's language: the record's reference and the address of its page, nothing else."""
    say = in_language(person.language)
    made = EmailMessage()
    made["Subject"] = say(SUBJECTS[NoticeKind(mail.kind)], reference=mail.reference)
    made["From"], made["To"] = settings.mail_from, person.email
    made["Date"] = format_datetime(mail.written_at)
    made["Message-ID"] = f"<{mail.id}@{urlsplit(settings.public_url).hostname or 'localhost'}>"
    made["Auto-Submitted"] = "auto-generated"
    address = f"{settings.public_url}{mail.path}"
    made.set_content("\n\n".join([str(made["Subject"]), say(BODY, address=address), say(FOOT)]) + "\n")
    return made


def through(settings: Settings) -> Send:
    """Hands mails to the server of the settings, a connection each; the certificate is checked where there is one."""

    def send(mail: EmailMessage) -> None:
        context = ssl.create_default_context()
        if settings.mail_security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.mail_host, settings.mail_port, timeout=SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(settings.mail_host, settings.mail_port, timeout=SECONDS)
        with server:
            if settings.mail_security == "starttls":
                server.starttls(context=context)
            if settings.mail_user:
                server.login(settings.mail_user, settings.mail_password)
            server.send_message(mail)

    return send
