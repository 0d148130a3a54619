"""The remittance application on paper: what the signed file says, in each language, and only once it is signed."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.kernel.errors import Conflict, NotFound
from app.payment_files import instruction, queries
from app.payment_files.models import PaymentFile
from app.reporting import service
from app.reporting.forms import OnPaper
from reports.model import Language
from reports.output import Format, write
from tests.builders import payment_files, payments
from tests.builders.payments import NOW, PaymentWorld
from tests.reports.test_files import text_of


@pytest.fixture
def world(session: Session) -> PaymentWorld:
    return payments.world(session)


@pytest.fixture
def signed(session: Session, world: PaymentWorld) -> PaymentFile:
    return payment_files.signed(session, world)


def printed(session: Session, world: PaymentWorld, row: PaymentFile, wanted: OnPaper) -> str:
    report = service.remittance_application(session, world.accountant, row.reference, wanted, now=NOW)
    return " ".join(text_of(write(report, Format.PDF, wanted.language)))


@pytest.mark.parametrize(
    ("language", "title"),
    [
        (Language.EN, "Remittance Application"),
        (Language.ZH_HANT, "匯款申請書"),
        (Language.ZH_HANS, "汇款申请书"),
    ],
)
def test_the_sheet_says_what_a_bank_asks_in_each_language(
    session: Session, world: PaymentWorld, signed: PaymentFile, language: Language, title: str
) -> None:
    found = printed(session, world, signed, OnPaper(language))
    told = instruction.from_json(signed.snapshot)
    first = told.payments[0]
    for each in (title, signed.reference, told.payer.holder, told.payer.number, first.payee.number, first.payee.holder,
                 "CNY 20,000.00", "CNY 10,000.00", first.uetr, "CSTRDR", signed.digest[:16]):  # fmt: skip
        assert each in found, each


def test_the_sheet_bears_the_pieces_of_the_payments_file(
    session: Session, world: PaymentWorld, signed: PaymentFile
) -> None:
    found = printed(session, world, signed, OnPaper(payment=signed.payments[0].end_to_end_id))
    assert "Approval document and signed contract 2026-0042" in " ".join(found.split())


def test_a_piece_that_an_officer_named_is_printed_as_it_was_typed(
    session: Session, world: PaymentWorld, signed: PaymentFile
) -> None:
    payment = queries.paid_by(session, signed)[signed.payments[0].disbursement_id]
    payment.documents[0].title = "Letter, 5 % and %(more)s"
    found = printed(session, world, signed, OnPaper())
    assert "Letter, 5 % and %(more)s" in " ".join(found.split())


def test_one_payment_is_asked_for_alone(session: Session, world: PaymentWorld, signed: PaymentFile) -> None:
    first, second = (each.end_to_end_id for each in signed.payments)
    found = printed(session, world, signed, OnPaper(payment=second))
    assert second in found
    assert first not in found
    assert "CNY 20,000.00" not in found
    with pytest.raises(NotFound):
        printed(session, world, signed, OnPaper(payment="DSB-1999-00001"))


def test_nothing_goes_on_paper_before_the_file_is_signed(session: Session, world: PaymentWorld) -> None:
    with pytest.raises(Conflict):
        printed(session, world, payment_files.drafted(session, world), OnPaper())
