"""Builders of journals: any kind by its service, submitted by one finance officer and approved by another."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.journals import service
from app.journals.kinds import KINDS
from app.journals.models import Journal
from app.journals.service import CorrectJournal, LineCommand, SubmitJournal
from app.journals.states import JournalKind
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.headings import Heading
from app.web.uploads import PDF, Upload
from tests.builders import papers
from tests.builders.payments import NOW, TODAY, PaymentWorld

VOUCHER = Upload("voucher.pdf", papers.pdf("A payroll sheet"), PDF)


def hkd(text: str) -> Money:
    """Hong Kong dollars from a decimal text."""
    return Money.parse(text, Currency.HKD)


def cny(text: str) -> Money:
    """Renminbi from a decimal text."""
    return Money.parse(text, Currency.CNY)


def line(made: PaymentWorld, amount: Money, heading: Heading | None = Heading.SALARY, **changes: Any) -> LineCommand:
    """One line on the world's contract."""
    values: dict[str, Any] = {"contract_id": made.contract.id, "heading": heading, "description": "", "amount": amount}
    return LineCommand(**(values | changes))


def command(made: PaymentWorld, *lines: LineCommand, **changes: Any) -> SubmitJournal:
    """A cost paid from the grantee's account today, with its voucher, unless told otherwise."""
    kind = changes.get("kind", JournalKind.COST)
    values: dict[str, Any] = {
        "institution_id": made.grantee.id,
        "kind": JournalKind.COST,
        "effective_on": TODAY,
        "reason": "Research assistant, November",
        "counterparty": "Payroll",
        "bank_account_id": made.payee_account.id if KINDS[kind].takes_bank_account else None,
        "negative_list_declared": True,
        "lines": lines,
        "evidence": VOUCHER,
    }
    return SubmitJournal(**(values | changes))


def correction(made: PaymentWorld, journal: Journal, *lines: LineCommand, **changes: Any) -> CorrectJournal:
    """The journal as it shall stand, at the version it is at."""
    given = command(made, *lines, **changes)
    return CorrectJournal(**{each.name: getattr(given, each.name) for each in fields(given)}, version=journal.version)


def submitted(session: Session, made: PaymentWorld, *lines: LineCommand, **changes: Any) -> Journal:
    """Submitted by the first finance officer."""
    return service.submit(session, made.finance, command(made, *lines, **changes), now=NOW)


def posted(session: Session, made: PaymentWorld, *lines: LineCommand, **changes: Any) -> Journal:
    """Submitted by the first finance officer and approved by the second."""
    journal = submitted(session, made, *lines, **changes)
    return service.approve(session, made.other_finance, journal.id, version=journal.version, now=NOW)


def cost(
    session: Session, made: PaymentWorld, amount: Money, heading: Heading = Heading.SALARY, on: date = TODAY
) -> Journal:
    """A cost of `amount` on a heading of the world's contract, paid from the grantee's account."""
    return posted(session, made, line(made, amount, heading), effective_on=on)
