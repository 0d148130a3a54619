"""Questions of the auditors: asked with a date, answered by the person asked, closed by an auditor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit import trail
from app.db.unit_of_work import lock_for_update
from app.engagements import drill, queries, service
from app.engagements.models import Engagement, Question
from app.engagements.states import QuestionStatus
from app.evidence import service as evidence
from app.evidence.models import Document
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.errors import Conflict, InputRefused, NotFound
from app.kernel.messages import _
from app.web.uploads import Upload

SUBJECT = "engagement-question"
"""Subject kind of a question in the trail and of what is handed in with its answer."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to one person; `entry_id` where it is about an entry of the scope."""

    asked_of_id: UUID
    text: str
    due_on: date
    entry_id: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to the version shown, with a document where there is one."""

    version: int
    answer: str
    file: Upload | None = None


@dataclass(frozen=True, slots=True)
class CloseQuestion:
    """The version that the page showed."""

    version: int


def ask(session: Session, actor: Actor, reference: str, command: Ask, *, now: datetime) -> Question:
    """Put a question to a leader of the project or an officer of a party. Raises NotFound, InputRefused."""
    engagement = service.working(session, actor, reference, now=now)
    today = business_date(now)
    if command.due_on < today:
        raise InputRefused(
            Breach("question.due", _("The day has passed."), _("Enter a day from today on."), field="due_on")
        )
    known = {person.id: place for person, place, _part in queries.people_to_ask(session, engagement, today)}
    if command.asked_of_id not in known or command.asked_of_id == actor.person_id:
        raise NotFound(Breach("question.nobody", _("There is no such person to ask."), field="asked_of_id"))
    if command.entry_id is not None:
        drill.drilled(session, engagement, command.entry_id)
    question = Question(
        engagement_id=engagement.id,
        number=queries.next_number(session, Question, engagement.id),
        institution_id=known[command.asked_of_id],
        entry_id=command.entry_id,
        text=command.text,
        due_on=command.due_on,
        asked_by_id=actor.person_id,
        asked_at=now,
        asked_of_id=command.asked_of_id,
        status=QuestionStatus.OPEN.value,
    )
    session.add(question)
    session.flush()
    return _traced(session, actor, "question.ask", engagement, question, now)


def answer(session: Session, actor: Actor, question_id: UUID, command: Answer, *, now: datetime) -> Question:
    """The person asked answers, while the engagement is open. Raises NotFound for anyone else, Conflict afterwards."""
    question, engagement = queries.question_for(session, actor, question_id)
    question = lock_for_update(session, Question, question.id, command.version)
    if question.status == QuestionStatus.CLOSED or not engagement.is_open(business_date(now)):
        raise Conflict(
            Breach("question.closed", _("The question is closed."), _("Speak to the auditor if something is missing."))
        )
    if command.file is not None:
        evidence.keep(
            session,
            actor,
            command.file,
            subject_kind=SUBJECT,
            subject_id=question.id,
            institution_id=question.institution_id,
            title=f"{engagement.reference} / {question.number}",
            now=now,
        )
    question.answer, question.answered_at = command.answer, now
    question.status = QuestionStatus.ANSWERED.value
    question.version += 1
    return _traced(session, actor, "question.answer", engagement, question, now)


def close(
    session: Session, actor: Actor, reference: str, number: int, command: CloseQuestion, *, now: datetime
) -> Question:
    """An auditor is content with the answer, or needs none any more. Raises NotFound, Conflict."""
    engagement = service.working(session, actor, reference, now=now)
    question = lock_for_update(session, Question, queries.question(session, engagement.id, number).id, command.version)
    question.status, question.closed_at = QuestionStatus.CLOSED.value, now
    question.version += 1
    return _traced(session, actor, "question.close", engagement, question, now)


def paper_of(session: Session, engagement: Engagement, document_id: UUID) -> Document:
    """A document that came with an answer in this engagement. Raises NotFound for any other."""
    document = session.get(Document, document_id)
    of_ours = {each.id for each in queries.questions(session, engagement.id)}
    if document is None or document.subject_kind != SUBJECT or document.subject_id not in of_ours:
        raise NotFound(Breach("evidence.not-found", _("There is no such document.")))
    return document


def _traced(
    session: Session, actor: Actor, verb: str, engagement: Engagement, question: Question, now: datetime
) -> Question:
    trail.record(
        session,
        actor,
        verb,
        (SUBJECT, question.id),
        {"reference": f"{engagement.reference} / {question.number}", "due": question.due_on},
        now=now,
        institution_id=question.institution_id,
    )
    return question
