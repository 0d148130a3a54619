"""Builders of engagements: proposed and granted in the worked example, with an auditor who has no other right."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from flask import Flask
from sqlalchemy.orm import Session

from app.db.unit_of_work import unit_of_work
from app.demo.papers import paper
from app.engagements import asking, packing, papers, record_keeping, room_tokens, samples, service
from app.engagements.asking import Ask
from app.engagements.models import Engagement, EvidencePack, EvidencePackPart, Question, Sample
from app.engagements.papers import AddPaper, PapersKey
from app.engagements.record_keeping import AddRecord
from app.engagements.samples import DrawSample, LockSample
from app.engagements.service import ProposeEngagement, Step
from app.engagements.states import LineClass, PackStatus, PaperKind, RecordKind
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.people.models import Person
from app.projects.models import Project
from app.sampling import Method
from app.statements.states import Engagement as EngagementKind
from tests.builders import people
from tests.builders.payments import NOW, TODAY, PaymentWorld

FIRST_DAY, LAST_DAY = date(2025, 9, 1), date(2026, 11, 20)
LETTER = paper("letter-of-engagement", "Letter of engagement")
KEY = PapersKey(b"k" * 32)


def auditor(session: Session, name: str = "Hung Lok") -> Actor:
    """A person who can sign in and holds no right anywhere."""
    made = people.a_person(session, NOW, name=name)
    return Actor(made.id, made.name_en, made.email, ())


def a_room_token(app: Flask, person_id: UUID, reference: str, days: int = 30) -> dict[str, str]:
    """Headers of a request with a token of that auditor which reads that room."""
    now = app.extensions["hetao.clock"].now()
    with unit_of_work() as session:
        person = session.get_one(Person, person_id)
        wanted = room_tokens.MakeToken("tests", days)
        actor = Actor(person.id, person.name_en, person.email, ())
        _token, secret = room_tokens.make(session, actor, reference, wanted, now=now)
    return {"Authorization": f"Bearer {secret}"}


def command(
    session: Session,
    made: PaymentWorld,
    *auditors: Actor,
    first_day: date = FIRST_DAY,
    last_day: date = LAST_DAY,
    expires_on: date = TODAY + timedelta(days=60),
) -> ProposeEngagement:
    """What an officer would type."""
    addresses = [session.get_one(Person, each.person_id).email for each in auditors]
    return ProposeEngagement(
        session.get_one(Project, made.contract.project_id).reference,
        (made.contract.reference,),
        EngagementKind.HKSA_805,
        first_day,
        last_day,
        "\n".join(addresses),
        expires_on,
        LETTER,
    )


def proposed(session: Session, made: PaymentWorld, *auditors: Actor, **changes: date) -> Engagement:
    """Proposed by an officer of the funder."""
    return service.propose(session, made.maker, command(session, made, *auditors, **changes), now=NOW)


def granted(session: Session, made: PaymentWorld, *auditors: Actor, **changes: date) -> Engagement:
    """Granted by another officer."""
    row = proposed(session, made, *auditors, **changes)
    return service.grant(session, made.checker, row.reference, Step(row.version), now=NOW)


def draw(made: PaymentWorld, currency: Currency, **changes: object) -> DrawSample:
    """A monetary-unit sample of the contract's costs."""
    given: dict[str, object] = {
        "method": Method.MONETARY_UNIT,
        "seed": "c0ffee",
        "currency": currency,
        "confidence": Decimal(95),
        "tolerable": Money.parse("20000.00", currency),
        "contract": made.contract.reference,
        "line_class": LineClass.COST,
    }
    return DrawSample(**(given | changes))  # type: ignore[arg-type]


def drawn(session: Session, who: Actor, row: Engagement, made: PaymentWorld, currency: Currency) -> Sample:
    """A preview."""
    return samples.draw_first(session, who, row.reference, draw(made, currency), now=NOW)


def locked(session: Session, who: Actor, row: Engagement, made: PaymentWorld, currency: Currency) -> Sample:
    """A locked sample."""
    sample = drawn(session, who, row, made, currency)
    return samples.lock(session, who, row.reference, sample.number, LockSample(sample.version), now=NOW)


def asked(session: Session, who: Actor, row: Engagement, whom: Actor) -> Question:
    """A question that waits."""
    ask = Ask(whom.person_id, "Where is the receipt?", TODAY + timedelta(days=7))
    return asking.ask(session, who, row.reference, ask, now=NOW)


def worked_on(session: Session, who: Actor, row: Engagement) -> None:
    """A record and a note."""
    record_keeping.add(session, who, row.reference, AddRecord(RecordKind.BANK_CONFIRMATION, "Lychee Bay Bank"), now=NOW)
    papers.add(session, who, row.reference, AddPaper(PaperKind.NOTE, "Looks complete"), KEY, now=NOW)


def answered(session: Session, who: Actor, row: Engagement, whom: Actor) -> Question:
    """A question with its answer and a document."""
    question = asked(session, who, row, whom)
    answer = asking.Answer(question.version, "Here it is", paper("receipt", "Receipt"))
    return asking.answer(session, whom, question.id, answer, now=NOW)


def pack(session: Session, who: Actor, row: Engagement) -> EvidencePack:
    """A pack that is done, of one byte."""
    made = packing.ask(session, who, row.reference, packing.AskForPack(), now=NOW)
    made.status, made.filename, made.sha256, made.size_bytes = PackStatus.READY.value, "pack.zip", b"\0" * 32, 1
    session.add(EvidencePackPart(pack_id=made.id, number=0, content=b"P"))
    session.flush()
    return made


def lived_in(session: Session, made: PaymentWorld, *auditors: Actor) -> Engagement:
    """A granted engagement with a record of everything, and another that waits to be granted."""
    row = granted(session, made, *auditors)
    who = auditors[0]
    measures = draw(made, made.currency, method=Method.ABOVE, above=Money.zero(made.currency))
    sample = samples.draw_first(session, who, row.reference, measures, now=NOW)
    samples.lock(session, who, row.reference, sample.number, LockSample(sample.version), now=NOW)
    samples.draw_first(session, who, row.reference, measures, now=NOW)
    asked(session, who, row, made.leader)
    answered(session, who, row, made.finance)
    worked_on(session, who, row)
    pack(session, who, row)
    proposed(session, made, *auditors)
    return row
