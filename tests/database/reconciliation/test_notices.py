"""Notifications of the bank: kept once, never counted, and the details of the statement that comes later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel.errors import RuleBreached
from app.payment_files import showing
from app.reconciliation import figures, import_service, matching_service, notified, statement_service, views
from app.reconciliation.commands import BringFile, TableLayout
from app.reconciliation.import_service import Imported
from app.reconciliation.offers import Step
from app.reconciliation.states import Basis, Standing
from app.web.uploads import XML, Upload
from tests.builders import banking, payment_files, payments
from tests.builders.bank_notices import camt054, entry, part
from tests.builders.banking import BankWorld
from tests.builders.payments import NOW

LAST = date(2026, 9, 30)
GRANT = entry("1000.00", "2026-09-03", part("DSB-2026-00042"))
BATCH = entry("-250.00", "2026-09-21", part("JNL-2026-00007"), part("JNL-2026-00008"), reference="BR2")


def statement(number: str, *entries: str) -> bytes:
    """September with these lines and no details: only amounts and the bank's references."""
    return banking.camt(number, *entries)


@pytest.fixture
def here(session: Session) -> BankWorld:
    return banking.world(session)


def taken(session: Session, here: BankWorld, content: bytes) -> Imported:
    (found,) = import_service.import_file(session, here.clerk, Upload("notice.xml", content, XML), now=NOW)
    return found


def test_a_notice_is_kept_beside_the_statements_and_no_balance_knows_of_it(session: Session, here: BankWorld) -> None:
    found = taken(session, here, camt054(here.bank.number, GRANT))
    assert [len(each.entries) for each in found.kept] == [1]
    assert not found.taken
    assert figures.at_end_of(session, here.bank, LAST).bank is None
    assert [each.standing for each in notified.watched(session, here.bank, LAST)] == [Standing.WAITING]


def test_the_same_file_or_the_same_entry_in_another_file_is_kept_once(
    session: Session, here: BankWorld, database_digest: Callable[[], str]
) -> None:
    content = camt054(here.bank.number, GRANT)
    assert not taken(session, here, content).known
    session.commit()
    before = database_digest()
    assert taken(session, here, content).known
    assert taken(session, here, content.replace(b"N1", b"N2")).known
    session.commit()
    assert database_digest() == before
    both = taken(session, here, camt054(here.bank.number, GRANT, BATCH, message="N3"))
    assert [len(each.entries) for each in both.kept] == [1]


def test_a_statement_that_brings_the_notified_entries_counts_them_once(session: Session, here: BankWorld) -> None:
    taken(session, here, camt054(here.bank.number, GRANT, BATCH))
    lines = (entry("1000.00", "2026-09-03"), entry("-250.00", "2026-09-21", reference="BR2"))
    taken(session, here, statement(here.bank.number, *lines))
    found = figures.at_end_of(session, here.bank, LAST)
    assert found.bank == banking.hkd("750.00")
    assert len(found.lines) == 2
    assert notified.watched(session, here.bank, LAST) == []


def test_what_the_notice_says_makes_a_bare_line_a_batch_of_identified_payments(
    session: Session, here: BankWorld
) -> None:
    banking.moved(session, here, "-100.00", date(2026, 9, 20), "JNL-2026-00007 Reagents")
    paid = payments.released(session, here.made, "300.00")
    taken(session, here, camt054(here.bank.number, entry("1000.00", "2026-09-03", part(paid.reference), charge="5.00")))
    taken(session, here, statement(here.bank.number, entry("1000.00", "2026-09-03"), entry("-250.00", "2026-09-21")))
    items = views.open_items(session, here.bank, LAST)
    (offer,) = items.offers.values()
    assert (offer.step, offer.reference, offer.values["charge"]) == (Step.RECEIPT, paid.reference, "5.00")


def test_a_notified_identifier_matches_a_bare_line_with_its_posting(session: Session, here: BankWorld) -> None:
    banking.moved(session, here, "1000.00", date(2026, 9, 3), "DSB-2026-00042 received")
    taken(session, here, statement(here.bank.number, entry("1000.00", "2026-09-03"), entry("-250.00", "2026-09-21")))
    open_now = figures.at_end_of(session, here.bank, LAST)
    before = matching_service.suggestions(session, here.bank, open_now, LAST)
    assert [each.basis for each in before] == [Basis.AMOUNT_AND_DATE]
    taken(session, here, camt054(here.bank.number, GRANT))
    after = matching_service.suggestions(session, here.bank, open_now, LAST)
    assert [each.basis for each in after] == [Basis.REFERENCE]


def test_what_was_notified_and_is_not_on_the_statement_of_its_day_is_called_missing(
    session: Session, here: BankWorld
) -> None:
    taken(session, here, camt054(here.bank.number, entry("80.00", "2026-09-10", reference="BR8")))
    taken(session, here, statement(here.bank.number, *banking.SOUND))
    assert [each.standing for each in notified.watched(session, here.bank, LAST)] == [Standing.MISSING]


def test_a_notice_of_another_account_is_refused_at_this_one(session: Session, here: BankWorld) -> None:
    upload = Upload("notice.xml", camt054("999999999999", GRANT), XML)
    with pytest.raises(RuleBreached) as refused:
        statement_service.bring(session, here.clerk, here.bank.id, BringFile(upload, TableLayout()), now=NOW)
    assert [each.code for each in refused.value.breaches] == ["bank-statement.account"]


def test_a_payment_says_that_the_bank_debited_it_before_any_statement(session: Session) -> None:
    made = payments.world(session)
    row = payment_files.sent(session, made)
    first = row.payments[0]
    debit = entry(
        f"-{first.amount.amount}", "2026-11-24", part("NOTPROVIDED", uetr=str(first.uetr)), currency=row.currency
    )
    content = camt054(made.payer_account.number, debit, currency=row.currency)
    import_service.import_file(session, made.accountant, Upload("notice.xml", content, XML), now=NOW)
    told = showing.notified(session, row)
    assert {key: [each.booked_on for each in entries] for key, entries in told.items()} == {
        first.id: [date(2026, 11, 24)]
    }


def test_nobody_changes_or_deletes_a_notice(session: Session, here: BankWorld) -> None:
    taken(session, here, camt054(here.bank.number, GRANT))
    for change in ("UPDATE bank_notice_entry SET amount_minor = 1", "DELETE FROM bank_notice_mark"):
        with pytest.raises(Exception, match=r"append-only|permission denied"), session.begin_nested():
            session.execute(text(change))
