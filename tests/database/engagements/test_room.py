"""An engagement against the database: who comes in, what is in scope, samples that stand, papers that stay closed."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.engagements import asking, drill, handing_out, papers, population, queries, sample_seals, samples, service
from app.engagements.models import Engagement, EngagementView, Sample, SampleItem, WorkingPaper
from app.engagements.papers import AddPaper, PapersKey
from app.engagements.samples import DrawAgain, LockSample, RecordFinding
from app.engagements.service import Step
from app.engagements.states import LineClass, PaperKind
from app.evidence import queries as evidence
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, NotFound, NotPermitted, RuleBreached
from app.kernel.money import Money, total
from app.ledger.sealing import bundle
from app.people.models import Person
from app.sampling import Method
from tests.builders import engagements, issuing, journals, sealing, statements
from tests.builders.journals import hkd
from tests.builders.payments import NOW, TODAY, PaymentWorld


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    """The worked example."""
    return statements.worked_example(session)


@pytest.fixture
def auditor(session: Session, made: PaymentWorld) -> Actor:
    """A person without a right."""
    return engagements.auditor(session)


@pytest.fixture
def row(session: Session, made: PaymentWorld, auditor: Actor) -> Engagement:
    """A granted engagement."""
    return engagements.granted(session, made, auditor)


# Who comes in


def test_nobody_enters_before_a_second_person_has_granted_it(
    session: Session, made: PaymentWorld, auditor: Actor
) -> None:
    row = engagements.proposed(session, made, auditor)
    with pytest.raises(NotFound):
        service.enter(session, auditor, row.reference, "home", now=NOW)
    with pytest.raises(NotPermitted):
        service.grant(session, made.maker, row.reference, Step(row.version), now=NOW)


def test_the_auditor_enters_until_the_last_day_and_not_after(session: Session, row: Engagement, auditor: Actor) -> None:
    last = NOW + (row.expires_on - TODAY)
    assert service.enter(session, auditor, row.reference, "home", now=last).engagement.id == row.id
    with pytest.raises(NotFound):
        service.enter(session, auditor, row.reference, "home", now=last + timedelta(days=1))


def test_an_engagement_ended_early_is_closed_at_once(
    session: Session, made: PaymentWorld, row: Engagement, auditor: Actor
) -> None:
    service.end(session, made.maker, row.reference, Step(row.version, "Withdrawn"), now=NOW)
    with pytest.raises(NotFound):
        service.enter(session, auditor, row.reference, "home", now=NOW)


def test_the_people_of_the_parties_do_not_find_the_room(session: Session, made: PaymentWorld, row: Engagement) -> None:
    for each in (made.maker, made.finance, made.leader, engagements.auditor(session, "Another")):
        with pytest.raises(NotFound):
            service.enter(session, each, row.reference, "home", now=NOW)


def test_nobody_audits_where_they_work(session: Session, made: PaymentWorld) -> None:
    with pytest.raises(RuleBreached) as refused:
        engagements.proposed(session, made, made.finance)
    assert refused.value.breaches[0].code == "engagement.not-independent"


def test_looks_are_kept_for_the_auditors_and_the_trail_says_nothing_of_them(
    session: Session, row: Engagement, auditor: Actor
) -> None:
    service.enter(session, auditor, row.reference, "entry", "4", now=NOW)
    session.flush()
    looks = session.scalars(select(EngagementView).where(EngagementView.engagement_id == row.id)).all()
    assert [(look.screen, look.target) for look in looks] == [("entry", "4")]
    assert queries.days_entered(session, row.id) == {auditor.person_id: [TODAY]}
    assert not session.scalars(select(AuditEvent.id).where(AuditEvent.actor_id == auditor.person_id)).all()


def test_a_disabled_person_is_not_named_as_auditor(session: Session, made: PaymentWorld, auditor: Actor) -> None:
    session.get_one(Person, auditor.person_id).disabled_at = NOW
    session.flush()
    with pytest.raises(RuleBreached) as refused:
        engagements.proposed(session, made, auditor)
    assert refused.value.breaches[0].code == "engagement.auditor-unknown"


# Scope


def test_control_totals_are_the_sums_of_the_lines_and_tie(
    session: Session, made: PaymentWorld, row: Engagement
) -> None:
    contract = queries.contracts_in(session, row)[0]
    for control in population.controls(session, row, [contract]):
        lines = population.lines(session, row, contract, control.currency)
        sums = population.sums(lines, control.currency)
        nil = Money.zero(control.currency)
        assert control.ties
        assert control.received == sums.get(LineClass.RECEIPT, nil)
        assert control.spent == sums.get(LineClass.COST, nil) - sums.get(LineClass.CREDIT, nil)
        assert control.exchange == sums.get(LineClass.EXCHANGE, nil)


def test_what_happened_before_the_first_day_is_opening_balance(
    session: Session, made: PaymentWorld, auditor: Actor
) -> None:
    later = engagements.granted(session, made, auditor, first_day=TODAY, last_day=TODAY)
    later.first_day = later.last_day = TODAY + timedelta(days=1)
    contract = queries.contracts_in(session, later)[0]
    held = next(each for each in population.controls(session, later, [contract]) if each.currency is Currency.HKD)
    assert (held.opening, held.closing) == (hkd("332282.43"), hkd("332282.43"))
    assert population.lines(session, later, contract) == []


def test_an_entry_of_another_contract_or_day_does_not_exist(
    session: Session, made: PaymentWorld, row: Engagement
) -> None:
    foreign = statements.worked_example(session)
    theirs = population.lines(
        session, replace_scope(session, foreign), queries.contracts_in(session, replace_scope(session, foreign))[0]
    )
    with pytest.raises(NotFound):
        drill.drilled(session, row, theirs[0].entry_id)
    ours = population.lines(session, row, queries.contracts_in(session, row)[0])
    row.last_day = TODAY - timedelta(days=1)
    with pytest.raises(NotFound):
        drill.drilled(session, row, ours[0].entry_id)


def replace_scope(session: Session, made: PaymentWorld) -> Engagement:
    """A granted engagement in another world."""
    return engagements.granted(session, made, engagements.auditor(session, "Somebody else"))


def test_documents_behind_lines_are_found_and_others_are_not(
    session: Session, made: PaymentWorld, row: Engagement
) -> None:
    contract = queries.contracts_in(session, row)[0]
    costs = [each for each in population.lines(session, row, contract) if each.line_class is LineClass.COST]
    salary = next(each for each in costs if each.disbursement_id is None)
    behind = drill.drilled(session, row, salary.entry_id).documents
    assert behind
    assert drill.document_in(session, row, behind[0].id).id == behind[0].id
    waiting = journals.submitted(session, made, journals.line(made, hkd("5.00")))
    unbooked = evidence.of_record(session, "journal", waiting.id)
    with pytest.raises(NotFound):
        drill.document_in(session, row, unbooked[0].id)
    with pytest.raises(NotFound):
        drill.document_in(session, row, drill.letter_of(session, row).id)


def test_only_statements_within_the_days_are_handed_out(session: Session, made: PaymentWorld, row: Engagement) -> None:
    issued = issuing.issued(session, made)
    assert [each.reference for each, _contract in handing_out.statements_of(session, row)] == [issued.reference]
    kept = handing_out.statement_files(session, [issued])[issued.id][0]
    assert handing_out.statement_file(session, row, kept.id).content == kept.content
    row.first_day = issued.first_day + timedelta(days=1)
    with pytest.raises(NotFound):
        handing_out.statement_file(session, row, kept.id)


# Samples


def test_the_same_seed_gives_the_same_sample(
    session: Session, made: PaymentWorld, row: Engagement, auditor: Actor
) -> None:
    first = engagements.drawn(session, auditor, row, made, Currency.CNY)
    second = engagements.drawn(session, auditor, row, made, Currency.CNY)
    assert first.number != second.number
    assert first.digest == second.digest
    assert samples.drawn_again(first).keys == tuple(samples.key_of(each) for each in first.items)


def test_every_drawing_stays_in_the_log(session: Session, made: PaymentWorld, row: Engagement, auditor: Actor) -> None:
    sample = engagements.drawn(session, auditor, row, made, Currency.CNY)
    again = DrawAgain(
        Method.RANDOM, "beef", Currency.CNY, Decimal(95), Money.parse("90000.00", Currency.CNY), version=sample.version
    )
    samples.draw_again(session, auditor, row.reference, sample.number, again, now=NOW)
    session.expire(sample)
    assert [(each.number, each.seed) for each in sample.drawings] == [(1, "c0ffee"), (2, "beef")]


def test_a_locked_sample_never_changes(session: Session, made: PaymentWorld, row: Engagement, auditor: Actor) -> None:
    sample = engagements.locked(session, auditor, row, made, Currency.CNY)
    with pytest.raises(Conflict):
        samples.lock(session, auditor, row.reference, sample.number, LockSample(sample.version), now=NOW)
    for statement in (
        update(Sample).where(Sample.id == sample.id).values(seed="1"),
        update(SampleItem).where(SampleItem.sample_id == sample.id).values(amount_minor=1),
        text(f"delete from engagement_sample_item where sample_id = '{sample.id}'"),
    ):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(statement)


def test_a_lock_puts_the_digest_into_the_trail(
    session: Session, made: PaymentWorld, row: Engagement, auditor: Actor
) -> None:
    sample = engagements.locked(session, auditor, row, made, Currency.CNY)
    event = session.scalars(select(AuditEvent).where(AuditEvent.verb == "sample.lock")).one()
    assert event.details["sha256"] == sample.digest.hex()
    assert event.institution_id is None


def test_a_locked_sample_is_sealed_with_the_grantees_book(
    session: Session, made: PaymentWorld, row: Engagement, auditor: Actor
) -> None:
    drawn = engagements.drawn(session, auditor, row, made, Currency.CNY)
    assert sample_seals.place_of(session, row.reference, drawn) is None
    sample = samples.lock(session, auditor, row.reference, drawn.number, LockSample(drawn.version), now=NOW)
    waiting = sample_seals.place_of(session, row.reference, sample)
    assert waiting is not None
    assert (waiting.book, waiting.block) == (made.grantee.code, None)
    with pytest.raises(NotFound):
        sample_seals.proof_to_take(session, row.reference, sample)
    session.commit()
    sealing.seal(session)
    sealed = sample_seals.place_of(session, row.reference, sample)
    assert sealed is not None
    assert sealed.block == len(bundle.blocks(session, made.grantee.id))
    proof = json.loads(sample_seals.proof_to_take(session, row.reference, sample))
    assert sealing.proof_verifier.check_proof(proof) == []
    assert json.loads(proof["text"])["sha256"] == sample.digest.hex()
    assert f"block {sealed.block}\n" in proof["checkpoint"]


def test_an_error_found_is_judged_against_what_is_tolerable(
    session: Session, made: PaymentWorld, row: Engagement, auditor: Actor
) -> None:
    sample = engagements.locked(session, auditor, row, made, Currency.CNY)
    found = RecordFinding(1, Currency.CNY, Money.parse("62400.00", Currency.CNY), "One month too many")
    samples.record_finding(session, auditor, row.reference, sample.number, found, now=NOW)
    judged = samples.evaluation(queries.sample(session, row.id, sample.number))
    assert judged.overstated.known == 30_000_00
    assert judged.within_tolerable is False


def test_a_later_posting_does_not_move_a_locked_sample(
    session: Session, made: PaymentWorld, row: Engagement, auditor: Actor
) -> None:
    sample = engagements.locked(session, auditor, row, made, Currency.CNY)
    journals.cost(session, made, hkd("50000.00"))
    contract = queries.contracts_in(session, row)[0]
    now_there = population.to_draw_from(population.lines(session, row, contract), LineClass.COST, Currency.CNY)
    assert len(now_there.rows) == sample.population_count + 1
    assert samples.drawn_again(sample).keys == tuple(samples.key_of(each) for each in sample.items)


# Questions and papers


def test_only_the_person_asked_finds_the_question(
    session: Session, made: PaymentWorld, row: Engagement, auditor: Actor
) -> None:
    question = engagements.asked(session, auditor, row, made.leader)
    assert queries.question_for(session, made.leader, question.id)[0].id == question.id
    for other in (made.finance, made.maker, auditor):
        with pytest.raises(NotFound):
            queries.question_for(session, other, question.id)


def test_nothing_is_answered_after_the_engagement(
    session: Session, made: PaymentWorld, row: Engagement, auditor: Actor
) -> None:
    question = engagements.asked(session, auditor, row, made.leader)
    late = NOW + (row.expires_on - TODAY) + timedelta(days=1)
    with pytest.raises(Conflict):
        asking.answer(session, made.leader, question.id, asking.Answer(question.version, "Late"), now=late)


def test_strangers_are_not_asked(session: Session, row: Engagement, auditor: Actor) -> None:
    with pytest.raises(NotFound):
        engagements.asked(session, auditor, row, engagements.auditor(session, "A stranger"))


def test_a_paper_is_unreadable_in_the_database_and_opens_with_its_key_only(
    session: Session, row: Engagement, auditor: Actor
) -> None:
    papers.add(session, auditor, row.reference, AddPaper(PaperKind.NOTE, "Looks odd"), engagements.KEY, now=NOW)
    kept = session.scalars(select(WorkingPaper)).one()
    assert b"odd" not in kept.sealed
    assert [each.text for each in papers.opened(session, row, engagements.KEY)] == ["Looks odd"]
    assert [each.text for each in papers.opened(session, row, PapersKey(b"o" * 32))] == [None]


def test_a_paper_is_bound_to_its_engagement(
    session: Session, made: PaymentWorld, row: Engagement, auditor: Actor
) -> None:
    paper = papers.add(session, auditor, row.reference, AddPaper(PaperKind.NOTE, "Odd"), engagements.KEY, now=NOW)
    moved = engagements.granted(session, made, engagements.auditor(session, "Another"))
    stolen = {name: getattr(paper, name) for name in ("kind", "key_id", "nonce", "sealed", "made_by_id", "made_at")}
    session.add(WorkingPaper(engagement_id=moved.id, **stolen))
    session.flush()
    assert [each.text for each in papers.opened(session, moved, engagements.KEY)] == [None]


def test_the_sums_of_a_population_file_are_those_of_its_lines(session: Session, row: Engagement) -> None:
    contract = queries.contracts_in(session, row)[0]
    lines = population.lines(session, row, contract, Currency.CNY)
    report = handing_out.population_report(session, row, contract, Currency.CNY, population.PopulationFilter(), now=NOW)
    table = report.sections[0].table
    assert table is not None
    amounts = [each.cells[5] for each in table.rows if each.cells[0] is not None]
    assert total([each for each in amounts if isinstance(each, Money)], Currency.CNY) == total(
        [each.amount for each in lines], Currency.CNY
    )
