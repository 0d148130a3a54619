"""The population of an engagement: lines by contract, currency and class, and control totals that tie to the ledger.

Lines are the postings of a contract's results in the grantee's book within the engagement's days. Control totals come
from the ledger's own sums: what stood before plus what the lines moved must be what stands on the accounts of money,
advances and debts; where it is not, the difference is shown, never explained away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.contracts.models import Contract
from app.engagements.models import Engagement
from app.engagements.states import LineClass
from app.kernel.currencies import Currency
from app.kernel.money import Money, total
from app.ledger import balances
from app.ledger.balances import ActivityRow, PostingRow, Selection
from app.ledger.chart import AccountCode
from app.ledger.entries import EntryKind
from app.ledger.headings import Heading
from app.sampling import Population, Row
from app.web.paging import DEFAULT_LIMIT, Page

POSITION = ("1", "2")
EXCHANGE = "7"
COST = "5"
"""First digits of the chart's classes: money, advances and debts; exchange; cost."""

RETURNED = frozenset({AccountCode.REFUND_OF_GRANT, AccountCode.REFUND_OF_INTEREST, AccountCode.REFUND_OTHER})
OTHER_COST = frozenset({AccountCode.OWN_COST, AccountCode.GRANTS_PAID, AccountCode.FUNDER_BANK_CHARGES})
POSITIVE_IN_DEBIT = frozenset({LineClass.COST, LineClass.RETURN})


@dataclass(frozen=True, slots=True)
class PopulationLine:
    """One posting of the population. `amount` has the sign of its class: a receipt, cost or gain is positive."""

    entry_id: int
    line_no: int
    effective_on: date
    kind: EntryKind
    code: AccountCode
    heading: Heading | None
    line_class: LineClass
    amount: Money
    words: str
    claim_id: UUID | None
    disbursement_id: UUID | None

    @property
    def key(self) -> str:
        """What names the posting in samples and files: entry and line."""
        return f"{self.entry_id}-{self.line_no}"


@dataclass(frozen=True, slots=True)
class PopulationFilter:
    """What a population is narrowed to, and which page of it; None and empty mean any."""

    contract: str = ""
    currency: Currency | None = None
    line_class: LineClass | None = None
    heading: Heading | None = None
    first_day: date | None = None
    last_day: date | None = None
    text: str = ""
    least: Money | None = None
    cursor: str | None = None
    limit: int = DEFAULT_LIMIT


@dataclass(frozen=True, slots=True)
class Control:
    """Control totals of one contract in one currency, in that currency; `exchange` is positive for a gain.

    `difference` is what the lines do not explain of the closing balance: nil where the totals tie to the ledger.
    """

    contract: Contract
    currency: Currency
    opening: Money
    received: Money
    spent: Money
    returned: Money
    exchange: Money
    closing: Money

    @property
    def expected(self) -> Money:
        """Opening + received − spent − returned ± exchange."""
        return self.opening + self.received - self.spent - self.returned + self.exchange

    @property
    def difference(self) -> Money:
        """Closing less what the lines lead to."""
        return self.closing - self.expected

    @property
    def ties(self) -> bool:
        """Whether the lines lead exactly from the opening to the closing balance."""
        return not self.difference


def class_of(code: AccountCode, debit: Money) -> LineClass | None:
    """The class of a posting; None for money, advances and debts, which are what the classes move."""
    if code.value.startswith(POSITION):
        return None
    if code.value.startswith(EXCHANGE):
        return LineClass.EXCHANGE
    if code in RETURNED:
        return LineClass.RETURN
    if code.value.startswith(COST) or code in OTHER_COST:
        return LineClass.CREDIT if debit.minor < 0 else LineClass.COST
    return LineClass.RECEIPT


def lines(
    session: Session, engagement: Engagement, contract: Contract, currency: Currency | None = None
) -> list[PopulationLine]:
    """The contract's lines within the engagement's days, by day, entry and line."""
    chosen = Selection(
        book_id=contract.grantee_id,
        contract_id=contract.id,
        currency=currency,
        first_day=engagement.first_day,
        last_day=engagement.last_day,
    )
    found = (_line(row) for row in balances.stream_postings(session, chosen))
    return [each for each in found if each is not None]


def _line(row: PostingRow) -> PopulationLine | None:
    line_class = class_of(row.code, row.amount)
    if line_class is None:
        return None
    return PopulationLine(
        row.entry_id,
        row.line_no,
        row.effective_on,
        row.kind,
        row.code,
        row.heading,
        line_class,
        row.amount if line_class in POSITIVE_IN_DEBIT else -row.amount,
        row.reason,
        row.claim_id,
        row.disbursement_id,
    )


def narrowed(found: Iterable[PopulationLine], wanted: PopulationFilter) -> list[PopulationLine]:
    """The lines that the filters let through."""
    words = wanted.text.casefold()
    return [
        each
        for each in found
        if wanted.line_class in (None, each.line_class)
        and wanted.heading in (None, each.heading)
        and (wanted.first_day is None or wanted.first_day <= each.effective_on)
        and (wanted.last_day is None or each.effective_on <= wanted.last_day)
        and (wanted.least is None or abs(each.amount.minor) >= wanted.least.minor)
        and (not words or words in each.words.casefold() or words == each.key)
    ]


def paged(found: Sequence[PopulationLine], cursor: str | None, limit: int) -> Page[PopulationLine]:
    """One page of lines. A cursor is the place of a page's first line; one that was not made here begins anew."""
    start = int(cursor) if cursor and cursor.isascii() and cursor.isdecimal() and len(cursor) < 10 else 0
    shown = found[start : start + limit]
    further = str(start + limit) if start + limit < len(found) else None
    before = str(max(0, start - limit)) if start else None
    return Page(shown, further, before, len(found))


def sums(found: Iterable[PopulationLine], currency: Currency) -> dict[LineClass, Money]:
    """The sum of each class that occurs, in the currency of the lines."""
    parts: dict[LineClass, list[Money]] = {}
    for each in found:
        parts.setdefault(each.line_class, []).append(each.amount)
    return {each: total(parts[each], currency) for each in LineClass if each in parts}


def to_draw_from(found: Iterable[PopulationLine], line_class: LineClass, currency: Currency) -> Population:
    """One class of lines as a population to sample, grouped by heading or account."""
    return Population.of(
        (
            Row(each.key, each.amount.minor, each.heading.value if each.heading else each.code.value)
            for each in found
            if each.line_class is line_class
        ),
        currency,
    )


def controls(session: Session, engagement: Engagement, contracts: Iterable[Contract]) -> list[Control]:
    """The control totals of every contract and currency that moved or stood open, from the ledger's sums."""
    found = []
    for contract in contracts:
        activity = balances.contract_activity(session, contract.id, engagement.first_day, engagement.last_day)
        own = [row for row in activity if row.book_id == contract.grantee_id]
        for currency in Currency:
            rows = [row for row in own if row.currency is currency]
            if any(row.opening or row.period for row in rows):
                found.append(_control(contract, currency, rows))
    return found


def _control(contract: Contract, currency: Currency, rows: Sequence[ActivityRow]) -> Control:
    position = [row for row in rows if row.code.value.startswith(POSITION)]
    moved = {
        each: total((row.period for row in rows if _broad(row.code) is each), currency)
        for each in (LineClass.RECEIPT, LineClass.COST, LineClass.RETURN, LineClass.EXCHANGE)
    }
    return Control(
        contract,
        currency,
        opening=total((row.opening for row in position), currency),
        received=-moved[LineClass.RECEIPT],
        spent=moved[LineClass.COST],
        returned=moved[LineClass.RETURN],
        exchange=-moved[LineClass.EXCHANGE],
        closing=total((row.closing for row in position), currency),
    )


def _broad(code: AccountCode) -> LineClass | None:
    """The class of an account, credits against cost being cost."""
    found = class_of(code, Money.zero(Currency.CNY))
    return LineClass.COST if found is LineClass.CREDIT else found
