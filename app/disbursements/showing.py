"""What the pages show of disbursements: rows, groups, totals per currency, steps, previews of postings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import may
from app.access.permissions import Permission
from app.access.scope import visible_institutions
from app.contracts.models import Contract
from app.disbursements import gathering, postings, remittance, rules
from app.disbursements.facts import Facts, Stage
from app.disbursements.gathering import Surroundings, approvers_of
from app.disbursements.labels import WHO_NEXT
from app.disbursements.loading import fingerprint_of, payment_of
from app.disbursements.models import Disbursement
from app.disbursements.postings import Arrival, Book
from app.disbursements.reading import Queued
from app.disbursements.remittance import Piece
from app.disbursements.rules import Check
from app.disbursements.states import DisbursementStatus as Status
from app.institutions.models import BankAccount, Institution
from app.kernel.actor import Actor
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.kernel.money import Money, total
from app.ledger import balances
from app.ledger.balances import Selection
from app.ledger.chart import CHART, AccountCode
from app.ledger.entries import Entry, Rate
from app.people import queries as people

STAGE_OF: dict[str, Stage] = {
    Status.DRAFT: Stage.SUBMISSION,
    Status.RETURNED_TO_MAKER: Stage.SUBMISSION,
    Status.SUBMITTED: Stage.APPROVAL,
    Status.APPROVED: Stage.RELEASE,
}
"""Which gates a status has ahead of it."""

NEXT_PERMISSION: dict[str, Permission] = {
    Status.DRAFT: Permission.DISBURSEMENTS_SUBMIT,
    Status.RETURNED_TO_MAKER: Permission.DISBURSEMENTS_SUBMIT,
    Status.SUBMITTED: Permission.DISBURSEMENTS_APPROVE,
    Status.APPROVED: Permission.DISBURSEMENTS_RELEASE,
}
"""Whose verb comes next in a status."""

NO_CHECKS: tuple[Check, ...] = ()
AGE_ALLOWED = 3
"""Working agreement: a submitted payment is looked at within so many days."""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue. `key` is what its tick sends: reference, version and fingerprint of what is shown."""

    row: Disbursement | Queued
    contract: Contract
    tranche: int
    payee: Institution
    own: bool
    key: str
    met: int
    checks: tuple[Check, ...]
    age_days: int

    @property
    def notes(self) -> list[Check]:
        """What to note."""
        return [check for check in self.checks if check.state == "note"]

    @property
    def blocks(self) -> list[Check]:
        """What blocks."""
        return [check for check in self.checks if check.state == "blocks"]

    @property
    def blocked(self) -> bool:
        """Whether something blocks: what blocks stands first."""
        return bool(self.checks) and self.checks[0].state == "blocks"

    @property
    def clean(self) -> bool:
        """Nothing blocks and nothing is to note."""
        return not self.checks

    @property
    def headline(self) -> Check | None:
        """The one thing to say on the line."""
        return self.checks[0] if self.checks else None


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one kind with their totals, each currency apart."""

    code: str
    rows: tuple[QueueRow, ...]

    @property
    def cny(self) -> Money:
        """Renminbi of the group."""
        return in_currency((each.row for each in self.rows), Currency.CNY)

    @property
    def hkd(self) -> Money:
        """Hong Kong dollars of the group."""
        return in_currency((each.row for each in self.rows), Currency.HKD)


@dataclass(frozen=True, slots=True)
class PayeeTotal:
    """What a batch pays to one account."""

    payee: Institution
    account: str
    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class PocketTotal:
    """What a batch takes from one pocket, and what is left of it."""

    name: str
    standing: Money
    taken: Money
    left: Money
    held: Money


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One line of an entry: account in words, debit or credit, functional amount where it differs."""

    account: str
    amount: Money
    credit: bool
    functional: Money


@dataclass(frozen=True, slots=True)
class PreviewEntry:
    """One entry, posted or to be: the book's side and name, the event, the lines.

    A posted one has its number, its book's code and the institution that keeps it, for a link.
    """

    side: str
    book: str
    event: str
    on: date | None
    lines: tuple[PreviewLine, ...]
    posted: bool
    estimate: bool = False
    entry_id: int | None = None
    code: str = ""
    institution_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything the page of one disbursement shows."""

    row: Disbursement
    around: Surroundings
    contract: Contract
    funder: Institution
    grantee: Institution
    payer: BankAccount
    payee: BankAccount
    facts: Facts
    checks: tuple[Check, ...]
    consented: str
    names: Mapping[UUID, str]
    pieces: tuple[Piece, ...]
    entries: tuple[PreviewEntry, ...]
    steps: tuple[Mapping[str, str], ...]
    who_next: str
    own: bool = field(default=False)

    @property
    def met(self) -> list[MetGate]:
        """Gates that are met, as the component of checks takes them."""
        return [MetGate(c.title, c.detail, c.source, c.params) for c in self.checks if c.state == "met"]

    @property
    def breaches(self) -> list[object]:
        """Gates that are not met."""
        return [check.breach for check in self.checks if check.breach is not None]

    @property
    def blocked(self) -> bool:
        """Whether something stands in the way of the next verb."""
        return any(check.state == "blocks" for check in self.checks)

    @property
    def notes(self) -> bool:
        """Whether something is to note."""
        return any(check.state == "note" for check in self.checks)


@dataclass(frozen=True, slots=True)
class MetGate:
    """A gate that is met, with what it found."""

    message: str
    detail: str
    source: str
    params: Mapping[str, object]


def in_currency(rows: Iterable[Disbursement | Queued], currency: Currency) -> Money:
    """The sum of those rows that are in one currency."""
    return total((row.amount for row in rows if row.currency == currency.value), currency)


def queue_rows(
    session: Session, actor: Actor, rows: Sequence[Disbursement | Queued], *, now: datetime, language: str
) -> list[QueueRow]:
    """Rows with the checks that lie ahead of each, in a fixed number of queries."""
    if not rows:
        return []
    acting = actor if any(acting_at(actor, row.status, row.funder_id) for row in rows) else None
    around = Surroundings(session, rows, now=now, actor=acting, language=language)
    return [_queue_row(row, around, actor, acting, now) for row in rows]


def acting_at(actor: Actor, status: str, funder_id: UUID) -> Actor | None:
    """The actor, where the verb that comes next is theirs by role; otherwise nobody in particular."""
    permission = NEXT_PERMISSION.get(status)
    return actor if permission is not None and may(actor, permission, funder_id) else None


def _queue_row(
    row: Disbursement | Queued, around: Surroundings, actor: Actor, acting: Actor | None, now: datetime
) -> QueueRow:
    stage = STAGE_OF.get(row.status)
    met, open_checks = 0, NO_CHECKS
    if stage is not None:
        met, open_checks = rules.standing(gathering.facts_of(row, around, stage=stage, now=now, actor=acting))
    consented = fingerprint_of(row, around.accounts[row.payee_account_id]).hex()
    since = row.submitted_at or row.made_at
    return QueueRow(
        row,
        around.contracts[row.contract_id],
        around.tranches[row.tranche_id].number,
        around.institutions[row.grantee_id],
        row.maker_id == actor.person_id,
        f"{row.reference}.{row.version}.{consented}",
        met,
        open_checks,
        max(0, (business_date(now) - business_date(since)).days),
    )


def groups_of(rows: Sequence[QueueRow]) -> list[Group]:
    """Clean, own (not approvable by the actor), and those that need a look."""
    clean = tuple(each for each in rows if not each.own and each.clean)
    own = tuple(each for each in rows if each.own)
    look = tuple(each for each in rows if not each.own and not each.clean)
    return [Group(code, part) for code, part in (("clean", clean), ("own", own), ("look", look)) if part]


def by_payee(rows: Sequence[QueueRow], around: Surroundings) -> list[PayeeTotal]:
    """What the rows pay, per payee's account and currency."""
    sums: dict[tuple[UUID, str], list[Disbursement | Queued]] = defaultdict(list)
    for each in rows:
        sums[each.row.payee_account_id, each.row.currency].append(each.row)
    return sorted(
        (
            PayeeTotal(
                around.institutions[mine[0].grantee_id],
                around.accounts[account_id].masked_number,
                len(mine),
                in_currency(mine, Currency(currency)),
            )
            for (account_id, currency), mine in sums.items()
        ),
        key=lambda line: (line.payee.name_en, line.amount.currency.value),
    )


def by_pocket(rows: Sequence[QueueRow], around: Surroundings) -> list[PocketTotal]:
    """What the rows take from each pocket; `standing` is what stands in it now, holds included."""
    sums: dict[UUID, list[Disbursement | Queued]] = defaultdict(list)
    for each in rows:
        sums[each.row.pocket_id].append(each.row)
    lines = []
    for pocket_id, mine in sums.items():
        pocket, fund = around.pockets[pocket_id]
        currency = Currency(pocket.currency)
        position = around.positions.get(pocket_id)
        nil = Money.zero(currency)
        standing = position.credit - position.debit if position else nil
        held = position.held if position else nil
        taken = in_currency(mine, currency)
        lines.append(PocketTotal(f"{fund.name_en}, {currency.value}", standing, taken, standing - taken, held - taken))
    return sorted(lines, key=lambda line: line.name)


def detail_of(session: Session, actor: Actor, row: Disbursement, *, now: datetime, language: str) -> Detail:
    """The page of one disbursement. Checks about the person stand there only for somebody whose verb comes next."""
    stage = STAGE_OF.get(row.status)
    acting = acting_at(actor, row.status, row.funder_id)
    around = Surroundings(session, [row], now=now, actor=acting, language=language)
    facts = gathering.facts_of(row, around, stage=stage or Stage.RELEASE, now=now, actor=acting)
    payer, payee = around.accounts[row.payer_account_id], around.accounts[row.payee_account_id]
    involved: set[UUID | None] = {row.maker_id, row.released_by_id, row.settled_by_id, row.bounced_by_id}
    involved |= {each.checker_id for each in row.decisions} | {each.signatory_id for each in row.releases}
    involved |= {each.listed_by_id for each in row.documents} | {each.confirmed_by_id for each in row.documents}
    involved |= {each.confirmed_by_id for each in row.receipts}
    involved |= {filing.proposed_by_id for filing in around.filings.values()}
    involved |= {filing.decided_by_id for filing in around.filings.values()}
    names = people.names_of(session, involved, language)
    return Detail(
        row,
        around,
        around.contracts[row.contract_id],
        around.institutions[row.funder_id],
        around.institutions[row.grantee_id],
        payer,
        payee,
        facts,
        tuple(rules.checks(facts)) if stage is not None else (),
        fingerprint_of(row, payee).hex(),
        names,
        tuple(remittance.pieces(row, around)),
        (*_posted(session, actor, row, around, language), *_previews(row, around, now, language)),
        tuple(_steps(row, names, facts)),
        WHO_NEXT[Status(row.status)],
        row.maker_id == actor.person_id,
    )


def _steps(row: Disbursement, names: Mapping[UUID, str], facts: Facts) -> Iterable[Mapping[str, str]]:
    """Draft to settled, each with who did it; a refused or bounced one ends there."""
    approvers = ", ".join(names.get(person, "") for person in approvers_of(row))
    who_can = ", ".join(facts.authority.others)
    stopped = row.status in (Status.REFUSED, Status.CANCELLED, Status.BOUNCED)
    reached = [
        (_("Draft"), names.get(row.maker_id, ""), True),
        (_("Submitted"), names.get(row.maker_id, ""), row.submitted_at is not None and row.status != Status.DRAFT),
        (_("Approved"), approvers or who_can, row.approved_at is not None),
        (_("Released"), names.get(row.released_by_id, "") if row.released_by_id else "", row.released_at is not None),
        (_("Settled"), names.get(row.settled_by_id, "") if row.settled_by_id else "", row.settled_on is not None),
    ]
    ahead = True
    for name, who, done in reached:
        if done:
            yield {"name": name, "state": "done", "detail": who}
        elif ahead and not stopped:
            ahead = False
            yield {"name": name, "state": "now", "detail": who}
        else:
            yield {"name": name, "state": "todo", "detail": "" if stopped else who}
    if stopped:
        ends = {Status.REFUSED: _("Refused"), Status.CANCELLED: _("Cancelled"), Status.BOUNCED: _("Bounced")}
        yield {"name": ends[Status(row.status)], "state": "stop", "detail": row.bounce_reason or row.status_reason}


def _posted(
    session: Session, actor: Actor, row: Disbursement, around: Surroundings, language: str
) -> Iterable[PreviewEntry]:
    """What stands in the books the actor may see."""
    visible = visible_institutions(actor)
    grouped: dict[int, list[balances.PostingRow]] = defaultdict(list)
    for line in balances.postings(session, Selection(disbursement_id=row.id)):
        if visible is None or line.book_id in visible:
            grouped[line.entry_id].append(line)
    for lines in grouped.values():
        book = around.institutions[lines[0].book_id]
        shown = tuple(
            PreviewLine(CHART[line.code].name, abs(line.amount), line.side == "C", abs(line.functional))
            for line in lines
        )
        yield PreviewEntry(
            book.side,
            book.name(language),
            lines[0].reason,
            lines[0].effective_on,
            shown,
            True,
            entry_id=lines[0].entry_id,
            code=book.code,
            institution_id=book.id,
        )


def _previews(row: Disbursement, around: Surroundings, now: datetime, language: str) -> Iterable[PreviewEntry]:
    """What the next events would post; at the booking rate where the bank's rate is not known yet."""
    if row.status in (Status.REFUSED, Status.CANCELLED, Status.BOUNCED):
        return
    rate, their_rate = (_rate_of(around, key) for key in (row.funder_id, row.grantee_id))
    today = business_date(now)
    funder, grantee = around.institutions[row.funder_id], around.institutions[row.grantee_id]
    payment = payment_of(row, row.release_event_id or new_id())
    payer, payee = around.accounts[row.payer_account_id], around.accounts[row.payee_account_id]
    ours, theirs = _book(funder), _book(grantee)
    needs_rate = (rate is None or their_rate is None) and {row.currency, payee.currency, payer.currency} != {
        ours.functional.value
    }
    if needs_rate:
        return
    if row.release_entry_id is None:
        entry = postings.release(payment, ours, today, rate)
        yield _preview(funder, _("When released"), entry, language)
    if row.settlement_entry_id is None:
        converted = payer.currency != row.currency
        debited = rate.convert(row.amount) if converted and rate else row.amount
        entry = postings.settlement(payment, ours, today, bank_account_id=payer.id, debited=debited, rate=rate)
        yield _preview(funder, _("When settled"), entry, language, estimate=converted)
    if row.receipt is None:
        converted = payee.currency != row.currency
        arriving = their_rate.convert(row.amount) if converted and their_rate else row.amount
        arrival = Arrival(payee.id, today, arriving, Money.zero(arriving.currency), their_rate if converted else None)
        try:
            entry = postings.receipt(payment, theirs, arrival, their_rate)
        except ValueError:
            return
        yield _preview(grantee, _("When received"), entry, language, estimate=converted)


def _rate_of(around: Surroundings, institution_id: UUID) -> Rate | None:
    """The booking rate of an institution's book today, fresh or not."""
    found = around.bookings.get(institution_id)
    return Rate(found.base, found.quote, found.units(found.quote)) if found else None


def _book(institution: Institution) -> Book:
    return Book(institution.id, Currency(institution.functional_currency))


def _preview(
    institution: Institution, event: str, entry: Entry, language: str, *, estimate: bool = False
) -> PreviewEntry:
    lines = tuple(
        PreviewLine(CHART[line.account.code].name, abs(line.amount), line.side == "C", abs(line.functional))
        for line in entry.lines
        if line.account.code is not AccountCode.ROUNDING
    )
    return PreviewEntry(institution.side, institution.name(language), event, None, lines, False, estimate)
