"""The life of a statement: figures, certificates by three people, frozen bytes, the funder's answer."""

from __future__ import annotations

import hashlib
import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.contracts.models import Obligation
from app.contracts.states import ObligationKind, ObligationStatus
from app.db.unit_of_work import unit_of_work
from app.kernel.errors import Conflict, InputRefused, NotFound, NotPermitted, Refusal, RuleBreached
from app.statements import building, filing, queries, service
from app.statements.models import Statement
from app.statements.service import Certify, PrepareStatement, Step
from app.statements.states import Capacity, FileKind, StatementStatus
from reports.model import Language
from reports.output import Format, write
from tests.builders import issuing, journals, payments, statements
from tests.builders.issuing import ADDRESS, FIRST_DAY, LAST_DAY
from tests.builders.journals import hkd
from tests.builders.payments import NOW, PaymentWorld
from tests.builders.refusing import Refuser


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    return statements.worked_example(session)


def digests(session: Session, row: Statement) -> dict[str, str]:
    return {each.filename: each.sha256.hex() for each in queries.files_of(session, row.id)}


def test_the_whole_life_answers_the_obligation(session: Session, made: PaymentWorld) -> None:
    owed = issuing.obligation(session, made)
    row = issuing.prepared(session, made, owed)
    assert (row.reference, row.edition, row.status) == ("STM-2026-00001", 1, "DRAFT")
    assert issuing.certify_all(session, made, row).status == StatementStatus.CERTIFIED
    assert issuing.issue(session, made, row).status == StatementStatus.ISSUED
    assert issuing.audit(session, issuing.auditor(session, made), row).status == StatementStatus.AUDITED
    assert issuing.file(session, made, row).status == StatementStatus.FILED
    assert session.get_one(Obligation, owed.id).status == ObligationStatus.SUBMITTED
    assert issuing.accept(session, made, row).status == StatementStatus.ACCEPTED
    assert session.get_one(Obligation, owed.id).status == ObligationStatus.ACCEPTED


def test_issuing_freezes_the_report_in_every_language_and_format(session: Session, made: PaymentWorld) -> None:
    row = issuing.issued(session, made)
    kept = queries.files_of(session, row.id)
    assert {(each.language, each.format) for each in kept} == {
        (language.value, form.value) for language in Language for form in (Format.PDF, Format.XLSX, Format.JSON)
    }
    for each in kept:
        assert hashlib.sha256(each.content).digest() == each.sha256
        assert each.size_bytes == len(each.content)
    pdf = queries.english_pdf(session, row.id).content
    assert row.code.encode() in pdf
    assert row.data_digest == building.figures(session, row, now=NOW).digest()
    assert {seal["book"] for seal in row.seals} == {made.funder.code, made.grantee.code}


def test_issued_bytes_stay_when_the_books_go_on(session: Session, made: PaymentWorld) -> None:
    row = issuing.issued(session, made)
    before = digests(session, row)
    journals.cost(session, made, hkd("50.00"))
    assert building.figures(session, row, now=NOW).digest() != row.data_digest
    assert digests(session, row) == before
    assert len(before) == 9


def test_the_page_names_who_certified_and_when(session: Session, made: PaymentWorld) -> None:
    row = issuing.certified(session, made)
    report = building.issued(session, row, building.figures(session, row, now=NOW), ADDRESS)
    signers = [certificate.signatories[0] for certificate in report.certificates]
    assert [signer.signed_on for signer in signers] == [payments.TODAY] * 3
    assert all(signer.name is not None for signer in signers)
    assert building.figures(session, row, now=NOW).digest() == report.digest()


# Three people


def test_nobody_certifies_twice(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    row = issuing.prepared(session, made)
    issuing.certify(session, made.finance, row, Capacity.PREPARED)
    issuing.certify(session, made.leader, row, Capacity.USE_OF_FUNDS)
    command = Certify(row.version, Capacity.HEAD, "Dean")
    refused(
        NotPermitted,
        "access.own-work",
        lambda own: service.certify(own, made.finance, row.reference, command, now=NOW),
    )


def test_only_the_leader_of_the_project_certifies_the_use_of_funds(
    session: Session, made: PaymentWorld, refused: Refuser
) -> None:
    row = issuing.prepared(session, made)
    issuing.certify(session, made.finance, row, Capacity.PREPARED)
    command = Certify(row.version, Capacity.USE_OF_FUNDS)
    refused(
        NotPermitted,
        "access.not-permitted",
        lambda own: service.certify(own, made.other_finance, row.reference, command, now=NOW),
    )


def test_the_leader_cannot_sign_for_the_head(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    row = issuing.prepared(session, made)
    issuing.certify(session, made.finance, row, Capacity.PREPARED)
    refused(
        NotPermitted,
        "access.not-permitted",
        lambda own: service.certify(
            own, made.leader, row.reference, Certify(row.version, Capacity.HEAD, "Dean"), now=NOW
        ),
    )


def test_certifying_refuses_changed_figures_and_preparing_again_begins_a_new_round(
    session: Session, made: PaymentWorld, refused: Refuser
) -> None:
    row = issuing.prepared(session, made)
    issuing.certify(session, made.finance, row, Capacity.PREPARED)
    journals.cost(session, made, hkd("50.00"))
    command = Certify(row.version, Capacity.USE_OF_FUNDS)
    refusal = refused(
        RuleBreached,
        "statement.figures-changed",
        lambda own: service.certify(own, made.leader, row.reference, command, now=NOW),
    )
    assert refusal.breaches[0].cure
    again = service.prepare_again(session, made.finance, row.reference, Step(row.version), now=NOW)
    assert again.round == 2
    assert again.standing_certificates == []
    assert issuing.certify_all(session, made, again).status == StatementStatus.CERTIFIED


def test_issuing_refuses_figures_that_changed_after_certifying(
    session: Session, made: PaymentWorld, refused: Refuser
) -> None:
    row = issuing.certified(session, made)
    journals.cost(session, made, hkd("50.00"))
    refused(
        RuleBreached,
        "statement.figures-changed",
        lambda own: service.issue(own, made.finance, row.reference, Step(row.version), issuing.by(), now=NOW),
    )


def test_who_certified_does_not_accept(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    row = issuing.file(session, made, issuing.issued(session, made))
    refused(
        NotPermitted,
        "access.not-permitted",
        lambda own: filing.accept(own, made.finance, row.reference, Step(row.version), now=NOW),
    )
    session.commit()
    with pytest.raises(DBAPIError, match="does not accept"):
        session.execute(
            text("update statement set status = 'ACCEPTED', decided_by_id = :who where id = :id"),
            {"who": made.leader.person_id, "id": row.id},
        )


# Versions


def test_a_correction_names_what_it_supersedes_and_the_old_one_stands(session: Session, made: PaymentWorld) -> None:
    first = issuing.issued(session, made)
    before = digests(session, first)
    newer = issuing.corrected(session, made, first, "A late receipt")
    assert (newer.edition, newer.supersedes_id) == (2, first.id)
    assert queries.visible(session, made.finance, first.reference).superseded_by == newer.reference
    assert digests(session, first) == before
    report = building.issued(session, newer, building.figures(session, newer, now=NOW), ADDRESS)
    said = dict(report.footers[0].params)  # type: ignore[union-attr]
    assert said["number"] == first.reference


def test_a_superseded_statement_is_not_filed(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    first = issuing.issued(session, made)
    issuing.corrected(session, made, first)
    refused(
        RuleBreached,
        "statement.superseded",
        lambda own: filing.file(own, made.finance, first.reference, Step(first.version), now=NOW),
    )


def test_one_correction_at_a_time(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    first = issuing.issued(session, made)
    begun = service.correct(session, made.finance, first.reference, Step(first.version, "Late receipt"), now=NOW)
    refused(
        Conflict,
        "statement.correction-exists",
        lambda own: service.correct(own, made.finance, first.reference, Step(first.version, "Again"), now=NOW),
    )
    service.withdraw(session, made.finance, begun.reference, Step(begun.version, "Not needed"), now=NOW)
    again = service.correct(session, made.finance, first.reference, Step(first.version, "Again"), now=NOW)
    assert again.edition == 2


def test_a_draft_is_not_corrected_but_prepared_again(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    row = issuing.prepared(session, made)
    refused(
        Conflict,
        "statement.not-issued",
        lambda own: service.correct(own, made.finance, row.reference, Step(row.version, "Why"), now=NOW),
    )


def test_one_statement_of_the_same_report_and_days(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    issuing.prepared(session, made)
    command = PrepareStatement(made.contract.reference, "income-and-expenditure", FIRST_DAY, LAST_DAY)
    refused(Conflict, "statement.exists", lambda own: service.prepare(own, made.finance, command, now=NOW))


def test_days_to_come_are_refused(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    ahead = LAST_DAY + timedelta(days=1)
    command = PrepareStatement(made.contract.reference, "income-and-expenditure", FIRST_DAY, ahead)
    refused(InputRefused, "statement.days-ahead", lambda own: service.prepare(own, made.finance, command, now=NOW))


# The funder and the auditor


def test_an_audited_account_is_filed_only_with_the_auditors_report(
    session: Session, made: PaymentWorld, refused: Refuser
) -> None:
    owed = issuing.obligation(session, made, ObligationKind.AUDITED_ACCOUNT)
    row = issuing.issued(session, made, owed)
    refused(
        RuleBreached,
        "statement.audit-missing",
        lambda own: filing.file(own, made.finance, row.reference, Step(row.version), now=NOW),
    )
    issuing.audit(session, issuing.auditor(session, made), row)
    assert issuing.file(session, made, row).status == StatementStatus.FILED


def test_the_auditors_report_is_bound_by_its_digest(session: Session, made: PaymentWorld) -> None:
    row = issuing.audit(session, issuing.auditor(session, made), issuing.issued(session, made))
    bound = [each for each in queries.files_of(session, row.id) if each.kind == FileKind.AUDITORS_REPORT]
    assert [each.sha256 for each in bound] == [hashlib.sha256(issuing.OPINION.content).digest()]
    assert bound[0].content == issuing.OPINION.content


def test_a_returned_statement_goes_back_and_can_be_filed_again(session: Session, made: PaymentWorld) -> None:
    owed = issuing.obligation(session, made)
    row = issuing.file(session, made, issuing.issued(session, made, owed))
    back = filing.send_back(session, made.checker, row.reference, Step(row.version, "Which month?"), now=NOW)
    assert (back.status, back.status_reason) == (StatementStatus.ISSUED, "Which month?")
    assert session.get_one(Obligation, owed.id).status == ObligationStatus.QUERIED
    assert issuing.file(session, made, row).status == StatementStatus.FILED


def test_a_newer_version_waits_until_the_older_is_returned(
    session: Session, made: PaymentWorld, refused: Refuser
) -> None:
    owed = issuing.obligation(session, made)
    first = issuing.file(session, made, issuing.issued(session, made, owed))
    newer = issuing.corrected(session, made, first)
    refused(
        RuleBreached,
        "statement.obligation-waits",
        lambda own: filing.file(own, made.finance, newer.reference, Step(newer.version), now=NOW),
    )
    filing.send_back(session, made.checker, first.reference, Step(first.version, "See the new one"), now=NOW)
    assert issuing.file(session, made, newer).status == StatementStatus.FILED


def test_auditors_see_what_is_issued_in_their_scope_and_nothing_else(session: Session, made: PaymentWorld) -> None:
    row = issuing.certified(session, made)
    auditor = issuing.auditor(session, made)
    with pytest.raises(NotFound):
        queries.visible(session, auditor, row.reference)
    issuing.issue(session, made, row)
    assert queries.visible(session, auditor, row.reference).statement.id == row.id
    elsewhere = issuing.auditor(session, payments.world(session, rates=False))
    with pytest.raises(NotFound):
        queries.visible(session, elsewhere, row.reference)


# What the database itself refuses


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("update statement set data_digest = repeat('0', 64)", "frozen"),
        ("update statement set check_code = 'AAAAAA'", "frozen"),
        ("update statement set status = 'DRAFT'", "does not go from"),
        ("update statement set last_day = last_day - 1", "stands"),
        ("delete from statement", "never deleted|permission denied|violates foreign key"),
        ("update statement_file set content = ''", "append-only|permission denied"),
        ("delete from statement_certificate", "append-only|permission denied"),
    ],
)
def test_an_issued_statement_is_frozen_in_the_database(
    session: Session, made: PaymentWorld, statement: str, words: str
) -> None:
    issuing.issued(session, made)
    session.flush()
    with pytest.raises(DBAPIError, match=words):
        session.execute(text(statement))


def test_nothing_is_issued_without_its_certificates(session: Session, made: PaymentWorld) -> None:
    row = issuing.certified(session, made)
    row.round = 9
    session.flush()
    with pytest.raises(DBAPIError, match="three certificates"):
        session.execute(
            text(
                "update statement set status = 'ISSUED', check_code = 'ABCDEF', issued_at = now(),"
                " issued_by_id = prepared_by_id"
            )
        )


# Two at once


def test_two_who_issue_at_once_issue_one(session: Session, made: PaymentWorld) -> None:
    row = issuing.certified(session, made)
    reference, version = row.reference, row.version
    session.commit()
    gate, outcomes = threading.Barrier(2), []

    def click() -> None:
        gate.wait()
        try:
            with unit_of_work() as own:
                service.issue(own, made.finance, reference, Step(version), issuing.by(), now=NOW)
            outcomes.append("issued")
        except Refusal as refusal:
            outcomes.append(refusal.breaches[0].code)

    both = [threading.Thread(target=click) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(60)
    assert sorted(outcomes) == ["issued", "record.changed"]
    with unit_of_work() as own:
        found = queries.by_reference(own, reference)
        assert found is not None
        assert len(queries.files_of(own, found.id)) == 9


# Documents


def test_a_draft_is_marked_on_every_page_and_an_issued_one_is_not(session: Session, made: PaymentWorld) -> None:
    row = issuing.prepared(session, made)
    draft = write(building.draft(session, row, now=NOW), Format.PDF, Language.EN)
    issuing.issue(session, made, issuing.certify_all(session, made, row))
    issued = queries.english_pdf(session, row.id).content
    assert [_watermarks(page) for page in _pages(draft)] == [1] * len(_pages(draft))
    assert len(_pages(draft)) > 1
    assert [_watermarks(page) for page in _pages(issued)] == [0] * len(_pages(issued))


def _pages(content: bytes) -> list[bytes]:
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as document:
        return [page.Contents.read_bytes() for page in document.pages]


def _watermarks(page: bytes) -> int:
    return page.count(b"/Subtype/Watermark")


def test_dates_of_the_builder_hold_figures(session: Session, made: PaymentWorld) -> None:
    row = issuing.prepared(session, made)
    assert isinstance(row.last_day, date)
    assert b"92400.00" in write(building.draft(session, row, now=NOW), Format.JSON, Language.EN)
