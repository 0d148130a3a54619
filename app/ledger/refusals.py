"""What PostgreSQL refuses, in the application's words: SQLSTATE and constraint name to a refusal with a breach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import DBAPIError

from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, NotFound, Refusal, RuleBreached
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger.chart import AccountCode

SOURCE = "product.md 3; enforced by the database"
LOCK_NOT_AVAILABLE = "55P03"

_WORDS: dict[str, tuple[type[Refusal], str, str]] = {
    "book.unknown": (NotFound, _("This institution keeps no book here."), ""),
    "book.different": (Conflict, _("The book is open already under another code or currency."), ""),
    "account.unknown": (RuleBreached, _("The chart of accounts has no such account."), ""),
    "account.subject": (
        RuleBreached,
        _("A pocket or bank account names its own, every other account none."),
        "",
    ),
    "entry.functional": (RuleBreached, _("The entry's functional currency is not the book's."), ""),
    "entry.kind": (RuleBreached, _("A reversal is made from the entry it reverses."), ""),
    "entry.unknown": (NotFound, _("There is no such entry in this book."), ""),
    "entry.date": (RuleBreached, _("Entries are dated from 2000 to 2060."), ""),
    "entry.nil-line": (RuleBreached, _("An amount of nil is for exchange differences and rounding only."), ""),
    "entry.heading": (RuleBreached, _("The heading of a line is not its account's."), ""),
    "key.reused": (
        RuleBreached,
        _("This idempotency key was used before, for something else."),
        _("Use a new key for a new request."),
    ),
    "period.closed": (
        RuleBreached,
        _("The month is closed in this book."),
        _("Date the entry in an open month, or ask the accountant for an exception."),
    ),
    "period.sealed": (
        RuleBreached,
        _("The month is sealed in this book, for good."),
        _("Date the entry in an open month."),
    ),
    "period_sealed": (RuleBreached, _("The month is sealed in this book, for good."), ""),
    "period.state": (RuleBreached, _("A month is sealed with its pack."), ""),
    "period.not-closing": (Conflict, _("The month is not being closed."), _("Start closing it first.")),
    "period.second-person": (
        RuleBreached,
        _("Whoever started the closing does not seal the month."),
        _("Ask a second person."),
    ),
    "period.order": (
        RuleBreached,
        _("An earlier month with entries is not sealed yet."),
        _("Seal the months in order."),
    ),
    "period.unsealed": (
        RuleBreached,
        _("Entries of the month are not sealed in a block yet."),
        _("Try again in a moment; if it stays so, ask the operator whether the sealer is running."),
    ),
    "period_exception_second_person": (RuleBreached, _("An exception is given by another person."), ""),
    "period_exception_expires": (RuleBreached, _("An exception ends after it begins."), ""),
    "period_exception_reason": (RuleBreached, _("Give a reason of 1 to 500 characters."), ""),
    "period_note_text": (RuleBreached, _("Give a note of 1 to 500 characters."), ""),
    "posting_account": (RuleBreached, _("A line names an account of another book or currency."), ""),
    "posting_amount": (RuleBreached, _("An amount is beyond the largest the ledger takes."), ""),
    "posting_functional": (RuleBreached, _("Amount and functional amount of a line do not agree."), ""),
    "entry.reason": (RuleBreached, _("Give a reason of 1 to 500 characters."), ""),
    "entry.evidence": (RuleBreached, _("A SHA-256 digest has 32 bytes."), ""),
    "posting_balanced": (RuleBreached, _("Debits and credits differ."), ""),
    "posting_balanced_functional": (
        RuleBreached,
        _("Debits and credits differ in the book's functional currency."),
        "",
    ),
    "posting_red_ink": (RuleBreached, _("A line stands on the wrong side."), ""),
    "posting_complete": (RuleBreached, _("The lines of an entry are posted together, once."), ""),
    "reversal.date": (RuleBreached, _("A reversal is not dated before the entry it reverses."), ""),
    "reversal.of-reversal": (RuleBreached, _("A reversal is never reversed; post the event again."), ""),
    "reversal_once": (Conflict, _("This entry has been reversed already."), ""),
    "hold.unknown": (NotFound, _("There is no such hold."), ""),
    "hold.closed": (Conflict, _("This hold is closed."), ""),
    "hold.insufficient": (RuleBreached, _("The hold has less left than this."), ""),
    "hold.no-parent": (RuleBreached, _("This hold came from no other hold, so it cannot go back to one."), ""),
    "hold.account": (RuleBreached, _("Money is held on a pocket only."), ""),
    "hold.amount": (RuleBreached, _("A hold is for more than nil."), ""),
}

_POCKET = _("The pocket is short by %(short_by)s.")
_ACCOUNT = _("The account is short by %(short_by)s.")
_POCKET_CURE = _("Wait for a contribution or allocation, lower the amount, or release a hold.")
_BUDGET = _("%(line)s of the contract's budget is short by %(short_by)s.")
_BUDGET_CURE = _("Lower the cost, charge it elsewhere, or move budget to this line first.")
_CELL_ROW = re.compile(r"\([0-9a-f-]{36}, ([^,]+), \d+, ([A-Z]{3}), (\d+), (-?\d+), (\d+), (-?\d+), (\d+), ")
_BALANCE_ROW = re.compile(r"\(\d+, \d+, (\d+), ([A-Z]{3}), -?1, -?\d+, -?\d+, -?\d+, (-?\d+), \d+\)")


@contextmanager
def refusals() -> Iterator[None]:
    """Raise the database's refusals as Refusal; deadlocks and failures of the server pass through unchanged.

    The unit of work is spent afterwards: PostgreSQL takes no more statements in it, and it rolls back whole.
    """
    try:
        yield
    except DBAPIError as error:
        refusal = _refusal(error)
        if refusal is None:
            raise
        raise refusal from error


def _refusal(error: DBAPIError) -> Refusal | None:
    diagnosis: Any = getattr(error.orig, "diag", None)
    if diagnosis is None:
        return None
    if diagnosis.sqlstate == LOCK_NOT_AVAILABLE:
        return Conflict(Breach("ledger.busy", _("The account is busy."), _("Try again in a moment."), SOURCE))
    if diagnosis.constraint_name == "balance_available":
        return RuleBreached(_shortfall(diagnosis.message_detail or ""))
    if diagnosis.constraint_name == "budget_cell_within":
        return RuleBreached(_beyond_budget(diagnosis.message_detail or ""))
    known = _WORDS.get(diagnosis.constraint_name or "")
    if known is None:
        return None
    family, message, cure = known
    code = (diagnosis.constraint_name or "").replace("_", ".", 1).replace("_", "-")
    return family(Breach(code, message, cure, SOURCE, {"detail": diagnosis.message_primary or ""}))


def _shortfall(detail: str) -> Breach:
    """The breach of a limit, with what is missing, read from the failing row: PostgreSQL says nothing else."""
    row = _BALANCE_ROW.search(detail)
    params: dict[str, object] = {"short_by": ""}
    is_pocket = row is None or row[1] == AccountCode.POCKET
    if row:
        params["short_by"] = str(Money(-int(row[3]), Currency(row[2])))
    if is_pocket:
        return Breach("pocket.insufficient", _POCKET, _POCKET_CURE, SOURCE, params)
    return Breach("account.insufficient", _ACCOUNT, "", SOURCE, params)


def _beyond_budget(detail: str) -> Breach:
    """The breach of a limit of a contract's budget, with its line and what is missing, read from the failing row."""
    row = _CELL_ROW.search(detail)
    params: dict[str, object] = {"line": "", "short_by": ""}
    if row:
        budget, received, committed, actual, exceeded = (int(row[number]) for number in range(3, 8))
        short = committed + actual - budget - received - exceeded
        params = {"line": row[1], "short_by": str(Money(short, Currency(row[2])))}
    return Breach("budget.exceeded", _BUDGET, _BUDGET_CURE, SOURCE, params)
