"""Posts the rows of a return through the ledger's own function, with every check of an ordinary posting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.access.policy import AuthorityKind
from app.contracts import queries as contracts
from app.institutions.models import Institution
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger import fund_control
from app.ledger.entries import Entry, Line, Rate, in_functional
from app.ledger.fund_control import CostLine
from app.ledger.posting import Order, Posted, post_all
from app.people.authority import queries as authority
from app.people.authority.queries import Case
from app.returns import orders, postings, queries
from app.returns.facts import Charged, OpenOrder
from app.returns.gathering import Rates
from app.returns.kinds import POSTED_FIRST
from app.returns.models import PurchaseOrder, SpendingReturn
from app.returns.orders import OrdersAfter
from app.returns.states import RowKind

BATCH = 2_000
_ENTRIES = text(
    "UPDATE return_row SET entry_id = w.entry"
    " FROM unnest(cast(:ids AS uuid[]), cast(:entries AS bigint[])) AS w (id, entry) WHERE return_row.id = w.id"
)


def must_be_within_authority(
    session: Session, actor: Actor, found: SpendingReturn, rows: Iterable[Charged], today: date
) -> None:
    """Refuse with 403, naming who can, where the rows of one currency together are beyond the actor's authority."""
    sums: dict[Currency, Money] = {}
    for each in rows:
        if each.row.kind is not RowKind.ORDER:
            amount = abs(each.row.amount)
            sums[amount.currency] = sums.get(amount.currency, Money.zero(amount.currency)) + amount
    for amount in sums.values():
        case = Case(AuthorityKind.JOURNAL, found.institution_id, amount, frozenset({found.made_by_id}))
        authority.must_be_within(session, actor, case, today)


def post_rows(
    session: Session,
    actor: Actor,
    found: SpendingReturn,
    rows: Mapping[UUID, Charged],
    open_orders: Mapping[str, OpenOrder],
) -> None:
    """Post each row, keyed by its id, as an entry of its own; orders are brought to where the rows leave them.

    What an order gives back is free before its cost is posted; what is committed anew waits until the cost is in.
    """
    after = orders.after(open_orders, rows.values())
    _keep_orders(session, found, rows.values(), open_orders, after, rising=False)
    posted = _post(session, actor, found, rows)
    values = {"ids": list(posted), "entries": [each.entry_id for each in posted.values()]}
    session.execute(_ENTRIES, values)
    _keep_orders(session, found, rows.values(), open_orders, after, rising=True)


def _post(session: Session, actor: Actor, found: SpendingReturn, rows: Mapping[UUID, Charged]) -> dict[UUID, Posted]:
    rank = {kind: place for place, kind in enumerate(POSTED_FIRST)}
    entries = [(key, each) for key, each in rows.items() if each.row.kind is not RowKind.ORDER]
    entries.sort(key=lambda pair: (rank.get(pair[1].row.kind, len(rank)), pair[1].row.amount.minor >= 0))
    functional = Currency(session.get_one(Institution, found.institution_id).functional_currency)
    rates = Rates(session, found.institution_id, (each.row.cost_on for _key, each in entries))
    made = [Order(_entry(found, each, functional, rates), key) for key, each in entries]
    posted: dict[UUID, Posted] = {}
    for start in range(0, len(made), BATCH):
        batch = made[start : start + BATCH]
        answers = post_all(session, batch, actor_id=actor.person_id, approval_id=found.id)
        posted |= {order.idempotency_key: answer for order, answer in zip(batch, answers, strict=True)}
    return posted


def _entry(found: SpendingReturn, each: Charged, functional: Currency, rates: Rates) -> Entry:
    row = each.row
    if each.booked is None or found.event_id is None:
        raise AssertionError("a row without a rate is refused before it is posted")
    kind, lines = postings.lines(row, each.booked, found.contract_id, found.bank_account_id, each.rate_id)
    said = " ".join(part for part in (row.payee, row.document_number, row.description) if part)
    reason = f"{found.reference} {row.key}: {said}".rstrip(": ")[:500]
    worth = in_functional(lines, functional, _rate(lines, functional, row.cost_on, rates))
    return Entry(found.institution_id, row.cost_on, kind, found.event_id, reason, worth, found.file_sha256)


def _rate(lines: Sequence[Line], functional: Currency, on: date, rates: Rates) -> Rate | None:
    """The booking rate of the day into the book's own currency; None: not needed."""
    foreign = next((line.amount.currency for line in lines if line.amount.currency is not functional), None)
    found = rates.of(on) if foreign is not None else None
    return found.as_ledger_rate() if found is not None else None


def _keep_orders(
    session: Session,
    found: SpendingReturn,
    rows: Iterable[Charged],
    before: Mapping[str, OpenOrder],
    after: OrdersAfter,
    *,
    rising: bool,
) -> None:
    """Bring the orders that fall (or, afterwards, those that rise or are new) to where they are."""
    listed = {each.row.order_number: each.row for each in rows if each.row.kind is RowKind.ORDER}
    known = {each.number: each for each in queries.orders_of(session, found.contract_id)}
    currency = Currency(contracts.by_id(session, found.contract_id).currency)
    for number, order in sorted(after.changed(before).items()):
        earlier = before.get(number)
        falls = earlier is not None and earlier.heading is order.heading and order.open <= earlier.open
        if falls is rising:
            continue
        kept = known.get(number)
        if kept is None:
            row = listed[number]
            kept = PurchaseOrder(
                id=new_id(), contract_id=found.contract_id, number=number, ordered_on=row.cost_on, currency=currency
            )
            session.add(kept)
        if number in listed:
            kept.payee, kept.description = listed[number].payee, listed[number].description
        kept.heading, kept.open_minor, kept.return_id = order.heading, order.open.minor, found.id
        session.flush()
        line = CostLine(found.contract_id, found.institution_id, order.heading, order.open, kept.ordered_on)
        fund_control.commit_cost(session, kept.id, [line] if order.open else ())
