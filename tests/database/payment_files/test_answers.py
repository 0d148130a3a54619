"""The bank's answers: what fits is taken whole and once, what does not is refused whole, and nothing is ever posted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.disbursements import payment_service
from app.disbursements.commands import Bounce
from app.disbursements.models import Disbursement
from app.kernel.errors import Conflict, InputRefused, NotPermitted, Refusal
from app.ledger import balances
from app.payment_files import return_service
from app.payment_files.commands import ReturnAll
from app.payment_files.models import PaymentFile
from tests.builders import payment_files, payments
from tests.builders.payment_files import answered, report, transfer
from tests.builders.payments import NOW, TODAY, PaymentWorld
from tests.builders.refusing import Refuser


def codes(refusal: Refusal) -> set[str]:
    return {breach.code for breach in refusal.breaches}


@pytest.fixture
def world(session: Session) -> PaymentWorld:
    return payments.world(session)


@pytest.fixture
def sent(session: Session, world: PaymentWorld) -> PaymentFile:
    return payment_files.sent(session, world)


def older(content: bytes, version: str) -> bytes:
    """The answer in another version of the message."""
    return content.replace(b"pain.002.001.12", b"pain.002.001." + version.encode())


def back(row: PaymentFile) -> ReturnAll:
    """What the accountant enters of a rejected file."""
    return ReturnAll(row.version, TODAY, "FF01 the file is damaged")


def told(row: PaymentFile) -> list[tuple[str, str]]:
    return [(each.answer, each.reason_code) for each in row.payments]


def test_each_payment_gets_its_own_answer(session: Session, world: PaymentWorld, sent: PaymentFile) -> None:
    first, second = (each.end_to_end_id for each in sent.payments)
    content = report(
        sent.reference, transfer(first, "ACSP"), transfer(second, "RJCT", "AC04", "Closed in May"), group="PART"
    )
    taken = answered(session, world, sent, content)
    assert told(taken.file) == [("ACCEPTED", ""), ("REJECTED", "AC04")]
    assert taken.file.payments[1].reason_text == "Closed in May"
    assert taken.file.status == "ANSWERED"
    assert (taken.answer.accepted, taken.answer.rejected, taken.answer.pending) == (1, 1, 0)


def test_a_word_about_the_whole_file_is_about_every_payment(
    session: Session, world: PaymentWorld, sent: PaymentFile
) -> None:
    answered(session, world, sent, report(sent.reference, group="ACTC"))
    assert told(sent) == [("PENDING", ""), ("PENDING", "")]


def test_the_nearest_word_counts(session: Session, world: PaymentWorld, sent: PaymentFile) -> None:
    second = sent.payments[1].end_to_end_id
    answered(session, world, sent, report(sent.reference, transfer(second, "PDNG"), group="PART", block="ACCP"))
    assert told(sent) == [("ACCEPTED", ""), ("PENDING", "")]


def test_the_same_answer_twice_takes_nothing_and_says_so(
    session: Session, world: PaymentWorld, sent: PaymentFile
) -> None:
    content = report(sent.reference, group="ACCP")
    assert not answered(session, world, sent, content).again
    version = sent.version
    assert answered(session, world, sent, content).again
    assert (len(sent.answers), sent.version) == (1, version)


def test_nothing_is_posted_and_the_return_restores_the_hold(
    session: Session, world: PaymentWorld, sent: PaymentFile
) -> None:
    before = balances.pocket_position(session, world.pocket.id)
    entries = session.scalar(text("select count(*) from ledger.entry"))
    answered(session, world, sent, report(sent.reference, group="RJCT"))
    assert session.scalar(text("select count(*) from ledger.entry")) == entries
    assert balances.pocket_position(session, world.pocket.id) == before
    paid = session.get_one(Disbursement, sent.payments[0].disbursement_id)
    assert paid.status == "RELEASED"
    hold = world.contract.hold_id
    held = balances.hold(session, hold)
    back = Bounce(paid.version, TODAY, sent.reference, "AC04")
    payment_service.bounce(session, world.accountant, paid.reference, back, now=NOW)
    restored = balances.hold(session, hold)
    assert held is not None
    assert restored is not None
    assert restored.remaining == held.remaining + paid.amount
    again = payments.released(session, world, "10000.00")
    assert payment_files.drafted(session, world, again).payment_count == 1


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;">]><a>&d;</a>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda ref, one: BOMB, "evidence.xml-entities"),
        (lambda ref, one: OUTSIDE, "evidence.xml-entities"),
        (lambda ref, one: b"<a/>", "bank-answer.message"),
        (lambda ref, one: b"no xml", "evidence.damaged"),
        (
            lambda ref, one: report(ref, group="ACCP").replace(b"pain.002.001.12", b"pain.002.001.02"),
            "bank-answer.message",
        ),
        (lambda ref, one: report(ref, group="ACCP").replace(b"GrpSts>", b"Sts>"), "bank-answer.schema"),
        (
            lambda ref, one: older(report(ref, group="ACCP", kind="").replace(b"<MsgId>ANS-1</MsgId>", b""), "03"),
            "bank-answer.incomplete",
        ),
        (lambda ref, one: older(report(ref, group="ACCP", count="two"), "10"), "bank-answer.number"),
        (lambda ref, one: older(report(ref, group="ACCP", control_sum="1e9"), "10"), "bank-answer.number"),
        (lambda ref, one: report("PAY-2020-00001", group="ACCP"), "bank-answer.other-file"),
        (lambda ref, one: report(ref, group="ACCP", kind="pain.008.001.02"), "bank-answer.other-file"),
        (lambda ref, one: report(ref, group="ACCP", count="3"), "bank-answer.count"),
        (lambda ref, one: report(ref, group="ACCP", control_sum="20000.01"), "bank-answer.control-sum"),
        (lambda ref, one: report(ref, transfer("DSB-1999-00001", "ACCP")), "bank-answer.unknown-payment"),
        (lambda ref, one: report(ref, transfer(one, "ACCP"), transfer(one, "RJCT")), "bank-answer.twice"),
        (lambda ref, one: report(ref, transfer(one, "WHAT")), "bank-answer.status"),
        (lambda ref, one: report(ref, transfer(one, "ACCP"), block_id="OTHER"), "bank-answer.other-block"),
        (
            lambda ref, one: report(ref, transfer(one, "ACCP", uetr="8a562c67-ca16-48ba-b074-65581be6f011")),
            "bank-answer.uetr",
        ),
        (lambda ref, one: report(ref), "bank-answer.nothing"),
        (lambda ref, one: report(ref, group="PART"), "bank-answer.nothing"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_whole(
    session: Session, world: PaymentWorld, sent: PaymentFile, make: Callable[[str, str], bytes], code: str
) -> None:
    content = make(sent.reference, sent.payments[0].end_to_end_id)
    with pytest.raises(InputRefused) as refused:
        answered(session, world, sent, content)
    assert codes(refused.value) == {code}
    session.expire_all()
    assert told(sent) == [("NONE", ""), ("NONE", "")]
    assert (sent.status, sent.answers) == ("SENT", [])


@pytest.mark.parametrize("version", ["03", "10", "12"])
def test_banks_answer_in_several_versions_of_the_message(
    session: Session, world: PaymentWorld, sent: PaymentFile, version: str
) -> None:
    first, second = (each.end_to_end_id for each in sent.payments)
    content = report(sent.reference, transfer(first, "ACSP"), transfer(second, "RJCT", "AC04", "Closed"), group="PART")
    answered(session, world, sent, older(content, version))
    assert told(sent) == [("ACCEPTED", ""), ("REJECTED", "AC04")]
    assert sent.payments[1].reason_text == "Closed"


def test_a_file_rejected_as_a_whole_goes_back_at_once_for_one_reason(
    session: Session, world: PaymentWorld, sent: PaymentFile
) -> None:
    held = balances.hold(session, world.contract.hold_id)
    answered(session, world, sent, older(report(sent.reference, group="RJCT"), "03"))
    row = return_service.return_all(session, world.accountant, sent.reference, back(sent), now=NOW)
    paid = [session.get_one(Disbursement, each.disbursement_id) for each in row.payments]
    assert {(each.status, each.bounce_reason) for each in paid} == {("BOUNCED", "FF01 the file is damaged")}
    restored = balances.hold(session, world.contract.hold_id)
    assert held is not None
    assert restored is not None
    assert restored.remaining == held.remaining + sent.total
    with pytest.raises(Conflict) as refused:
        return_service.return_all(session, world.accountant, sent.reference, back(sent), now=NOW)
    assert codes(refused.value) == {"payment-file.nothing-to-return"}


def test_a_file_of_which_the_bank_took_something_does_not_go_back_as_a_whole(
    session: Session, world: PaymentWorld, sent: PaymentFile
) -> None:
    first, second = (each.end_to_end_id for each in sent.payments)
    answered(session, world, sent, report(sent.reference, transfer(first, "ACSP"), transfer(second, "RJCT", "AC04")))
    with pytest.raises(Conflict) as refused:
        return_service.return_all(session, world.accountant, sent.reference, back(sent), now=NOW)
    assert codes(refused.value) == {"payment-file.nothing-to-return"}


def test_who_released_a_payment_returns_nothing_of_its_file(
    session: Session, world: PaymentWorld, sent: PaymentFile
) -> None:
    answered(session, world, sent, report(sent.reference, group="RJCT"))
    with pytest.raises(NotPermitted):
        return_service.return_all(session, world.payer, sent.reference, back(sent), now=NOW)
    assert told(sent) == [("REJECTED", ""), ("REJECTED", "")]


def test_sums_that_agree_are_taken(session: Session, world: PaymentWorld, sent: PaymentFile) -> None:
    content = report(sent.reference, group="ACCP", count="2", control_sum="20000.00")
    assert answered(session, world, sent, content).answer.accepted == 2


def test_a_bank_does_not_take_a_rejection_back(session: Session, world: PaymentWorld, sent: PaymentFile) -> None:
    answered(session, world, sent, report(sent.reference, group="RJCT"))
    with pytest.raises(InputRefused) as refused:
        answered(session, world, sent, report(sent.reference, group="ACCP", message_id="ANS-2"))
    assert codes(refused.value) == {"bank-answer.contradiction"}


def test_another_answer_under_the_same_identifier_is_refused(
    session: Session, world: PaymentWorld, sent: PaymentFile
) -> None:
    answered(session, world, sent, report(sent.reference, group="ACTC"))
    with pytest.raises(InputRefused) as refused:
        answered(session, world, sent, report(sent.reference, group="ACCP"))
    assert codes(refused.value) == {"bank-answer.same-identifier"}


def test_nobody_answers_what_was_not_sent(session: Session, world: PaymentWorld) -> None:
    row = payment_files.signed(session, world)
    with pytest.raises(Conflict):
        answered(session, world, row, report(row.reference, group="ACCP"))


def test_a_refused_answer_leaves_the_database_as_it_was(
    session: Session, world: PaymentWorld, sent: PaymentFile, refused: Refuser
) -> None:
    content = report(sent.reference, group="ACCP", count="9")
    refused(InputRefused, "bank-answer.count", lambda own: answered(own, world, sent, content))
