"""The verb: import a file into a book, all of it or nothing, as often as one likes.

One unit of work holds the whole file. It goes to the ledger's own function in batches, with every check of an ordinary
posting. Importers into one book go one after another, so that they never wait for each other in a circle.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.guards import authorise
from app.access.permissions import Permission
from app.audit import trail
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import InputRefused, NotFound, Refusal, RuleBreached
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger import balances
from app.ledger.entries import EntryKind
from app.ledger.posting import post_all
from app.ledger_import import queries
from app.ledger_import.entries import Draft, drafts
from app.ledger_import.layout import fault
from app.ledger_import.reading import read
from app.ledger_import.vouchers import vouchers

BATCH = 2_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do: `posted` entries are new, `known` ones were there under the same voucher key.

    `turnover` is the sum of the debits of the new entries by currency.
    """

    book_code: str
    lines: int
    vouchers: int
    posted: int
    known: int
    opening: int
    first_day: date
    last_day: date
    turnover: dict[Currency, Money]


def import_file(
    session: Session,
    actor: Actor,
    book_code: str,
    content: bytes,
    *,
    file_name: str,
    now: datetime,
    progress: Progress = lambda done, total: None,
) -> Imported:
    """Post every voucher of a CSV or XLSX file that the book does not have yet; a trial rolls back.

    Raises InputRefused or RuleBreached naming each wrong line and column, RuleBreached naming the voucher that the
    ledger refuses, NotFound without such a book and NotPermitted without the right to post in it.
    """
    book_id = balances.book_ids(session).get(book_code)
    functional = balances.functional_currency(session, book_id) if book_id else None
    if book_id is None or functional is None:
        raise NotFound(Breach("book.unknown", _("This institution keeps no book here."), field="book"))
    authorise(actor, Permission.JOURNALS_APPROVE, book_id)
    _wait_for_other_importers(session, book_id)
    with _collector_at_rest():
        records = read(content)
        read_vouchers, wrong = vouchers(records)
        made, refused = drafts(read_vouchers, queries.known(session, book_id, functional))
        if wrong or refused:
            raise InputRefused(*sorted([*wrong, *refused], key=_line_of))
        new = _post(session, actor, made, progress)
    days = [draft.voucher.day for draft in made]
    result = Imported(
        book_code,
        len(records),
        len(made),
        len(new),
        len(made) - len(new),
        sum(draft.voucher.kind is EntryKind.OPENING for draft in new),
        min(days),
        max(days),
        _turnover(new),
    )
    _trace(session, actor, book_id, result, content, file_name, now)
    return result


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Without looking for circles among the objects of a file: it has none, and each look goes through all of it."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _line_of(breach: Breach) -> int:
    line = breach.params.get("line")
    return line if isinstance(line, int) else 0


def _wait_for_other_importers(session: Session, book_id: UUID) -> None:
    session.execute(text("set local lock_timeout = '30min'"))
    session.execute(text("set local statement_timeout = '30min'"))
    session.execute(
        text("select pg_advisory_xact_lock(hashtext('ledger.import'), hashtext(:book))"), {"book": str(book_id)}
    )


def _post(session: Session, actor: Actor, made: Sequence[Draft], progress: Progress) -> list[Draft]:
    """Post in batches; answers with the vouchers that were new."""
    new: list[Draft] = []
    for start in range(0, len(made), BATCH):
        batch = made[start : start + BATCH]
        try:
            with session.begin_nested():
                posted = post_all(session, [draft.order for draft in batch], actor_id=actor.person_id)
        except Refusal as refusal:
            raise _named(session, actor, batch, refusal) from refusal
        new += [draft for draft, outcome in zip(batch, posted, strict=True) if not outcome.replayed]
        progress(min(start + BATCH, len(made)), len(made))
    return new


def _named(session: Session, actor: Actor, batch: Sequence[Draft], refusal: Refusal) -> Refusal:
    """The refusal of a batch with the voucher it is about: halves are posted until one voucher is left."""
    while len(batch) > 1:
        half = len(batch) // 2
        found = _refused(session, actor, batch[:half])
        batch = batch[:half] if found else batch[half:]
    found = _refused(session, actor, batch)
    if found is None:
        return refusal
    return RuleBreached(*(_at_voucher(breach, batch[0]) for breach in found.breaches))


def _refused(session: Session, actor: Actor, batch: Sequence[Draft]) -> Refusal | None:
    try:
        with session.begin_nested():
            post_all(session, [draft.order for draft in batch], actor_id=actor.person_id)
    except Refusal as refusal:
        return refusal
    return None


def _at_voucher(breach: Breach, draft: Draft) -> Breach:
    message, cure = breach.message, breach.cure
    if breach.code == "key.reused":
        message = _("Voucher %(voucher)s was imported before with another content.")
        cure = _("Give the voucher of line %(line)s the content it had, or another key; correct by a reversal.")
    cure = cure or _("Correct voucher %(voucher)s (line %(line)s) and import the whole file again: nothing was taken.")
    named = fault("refused", draft.voucher.line, "voucher", message, cure, voucher=draft.voucher.key)
    return Breach(breach.code, message, cure, breach.source, {**breach.params, **named.params}, field="file")


def _turnover(new: Sequence[Draft]) -> dict[Currency, Money]:
    sums = dict.fromkeys(Currency, 0)
    for draft in new:
        for line in draft.order.entry.lines:
            sums[line.amount.currency] += max(line.amount.minor, 0)
    return {currency: Money(minor, currency) for currency, minor in sums.items()}


def _trace(
    session: Session, actor: Actor, book_id: UUID, result: Imported, content: bytes, file_name: str, now: datetime
) -> None:
    details = {
        "file": file_name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "vouchers": result.vouchers,
        "posted": result.posted,
        "known": result.known,
        "first_day": result.first_day,
        "last_day": result.last_day,
        "turnover": list(result.turnover.values()),
    }
    subject = ("institution", book_id)
    trail.record(session, actor, "ledger.import", subject, details, now=now, institution_id=book_id)
