"""Statement G: what an auditor looks at first: cost disallowed, late transfers, reversals, exceptions, odd dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.policies import queries as policies
from app.access.policies.states import PolicyName
from app.contracts.models import Contract
from app.journals.models import Journal
from app.journals.states import JournalKind, JournalStatus
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import Money, total
from app.ledger import balances, periods
from app.ledger.entries import FIRST_DAY as FIRST_DAY_OF_LEDGER, EntryKind
from app.ledger.headings import Heading
from app.people import queries as people
from app.projects.models import Project
from reports import heads
from reports.contract_figures import ContractFigures
from reports.entries import PostedEntry, entries_of_contract
from reports.model import Column, Kind, Literal, Note, Report, Row, RowStyle, Section, Table, Text, Words, row, text
from reports.parameters import Parameters

NAME = "disallowed-expenditure"
ONE_DAY = timedelta(days=1)


def build(session: Session, parameters: Parameters) -> Report:
    """Statement G of `parameters.contract_id`, from the grantee's book and the journals behind it."""
    figures = ContractFigures(session, parameters)
    contract = figures.contract
    return Report(
        name=NAME,
        title=text(_("Statement of Expenditure Disallowed and Exceptions")),
        prepared_at=parameters.prepared_at,
        document_id=heads.document_id("SDE", contract.reference, parameters),
        period=heads.period_words(parameters.first_day, parameters.last_day, contract.first_day),
        subject=heads.project_title(session.get_one(Project, contract.project_id)),
        issuer=heads.contract_issuer(session, contract),
        references=heads.contract_references(session, contract),
        heads=heads.contract_heads(session, contract, figures.programme),
        sections=_Exceptions(session, figures, parameters).sections(),
        notes=_notes(),
        certificates=heads.statement_certificates()[:1],
        footers=(heads.prepared_line(parameters), heads.NOT_AN_AUDITORS_REPORT),
        currency=figures.currency,
    )


class _Exceptions:
    """The entries of the period sorted into the statement's five tables, with the people behind them."""

    def __init__(self, session: Session, figures: ContractFigures, parameters: Parameters) -> None:
        self.session, self.figures, self.contract = session, figures, figures.contract
        self.first_day, self.last_day = parameters.first_day, parameters.last_day
        self.entries = self._entries(self.first_day, self.last_day)
        before = self._entries(FIRST_DAY_OF_LEDGER, min(self.contract.first_day - ONE_DAY, self.last_day))
        after = self._entries(self.contract.last_day + ONE_DAY, self.last_day)
        self.outside = [each for each in (*before, *after) if each.headings]
        self.exceptional = self._exceptional()
        self.journals = self._journals()
        self.names = self._names()

    def _entries(self, first_day: date, last_day: date) -> list[PostedEntry]:
        return entries_of_contract(self.session, self.contract, first_day, last_day)

    def _exceptional(self) -> dict[int, periods.ExceptionalEntry]:
        """What was posted into the period's months under an exception, by entry."""
        found: dict[int, periods.ExceptionalEntry] = {}
        for month in sorted({periods.month_start(each.effective_on) for each in self.entries}):
            used = periods.posted_under_exception(self.session, self.contract.grantee_id, month)
            found |= {each.entry_id: each for each in used}
        return found

    def _journals(self) -> dict[int, Journal]:
        """The journals that posted the entries, by entry, those in red ink too."""
        ids = {each.approval_id for each in (*self.entries, *self.outside) if each.approval_id is not None}
        found = self.session.scalars(select(Journal).where(Journal.id.in_(ids))) if ids else ()
        return {entry_id: each for each in found for entry_id in (each.entry_id, each.red_entry_id) if entry_id}

    def _names(self) -> dict[UUID, str]:
        wanted = {each.actor_id for each in (*self.entries, *self.outside)}
        wanted |= {each.given_by for each in self.exceptional.values()}
        for journal in self.journals.values():
            wanted |= {journal.made_by_id, *((journal.approved_by_id,) if journal.approved_by_id else ())}
        return people.names_of(self.session, wanted)

    def sections(self) -> tuple[Section, ...]:
        """The five tables; a table without rows says that there is none."""
        return (
            self._disallowed(),
            self._late_transfers(),
            self._reversals(),
            self._under_exception(),
            self._outside_the_contract(),
        )

    def _disallowed(self) -> Section:
        rows = [
            self._row(each, _headings(each.headings) or text(_("Not on a heading")), each.disallowed)
            for each in self.entries
            if each.disallowed
        ]
        if rows:
            whole = total((each.disallowed for each in self.entries), self.figures.currency)
            label = text(_("Total disallowed"))
            rows.append(row("", None, label, whole, None, None, None, style=RowStyle.TOTAL))
        cumulative = text(
            _("To the end of the period %(amount)s has been disallowed, as the computation of residue states."),
            amount=self.figures.disallowed.cumulative,
        )
        return Section(
            text(_("1. Expenditure disallowed")), (cumulative,), self._table("disallowed", rows, self.figures.currency)
        )

    def _late_transfers(self) -> Section:
        policy = policies.days(self.session, PolicyName.OLD_TRANSFER_DAYS, self.last_day)
        rows = []
        for each in self.entries:
            age = self._age_of_transfer(each)
            if age is None or age[1] <= policy:
                continue
            words = text(
                _("%(headings)s: cost of %(day)s, moved after %(age)s days"),
                headings=_headings(each.headings) or Literal(""),
                day=age[0],
                age=age[1],
            )
            rows.append(self._row(each, words, each.cost))
        limit = text(_("Cost moved more than %(days)s days after it was incurred."), days=policy)
        return Section(
            text(_("2. Late transfers of cost")), (limit,), self._table("late_transfers", rows, self.figures.currency)
        )

    def _age_of_transfer(self, entry: PostedEntry) -> tuple[date, int] | None:
        """The day of the cost that the entry moves, and its age in days when that was approved; None for no move."""
        journal = self.journals.get(entry.entry_id)
        if journal is None or journal.kind != JournalKind.COST_TRANSFER or journal.status != JournalStatus.APPROVED:
            return None
        chosen = balances.Selection(book_id=journal.institution_id, entry_id=journal.moves_entry_id)
        moved = next(iter(balances.postings(self.session, chosen, limit=1)), None)
        if moved is None or journal.approved_at is None:
            return None
        return moved.effective_on, (business_date(journal.approved_at) - moved.effective_on).days

    def _reversals(self) -> Section:
        rows = [
            self._row(each, text(_("Reverses entry %(entry)s"), entry=each.reverses_id), each.size)
            for each in self.entries
            if each.kind is EntryKind.REVERSAL and each.reverses_id is not None
        ]
        return Section(text(_("3. Entries reversed")), table=self._table("reversals", rows, None))

    def _under_exception(self) -> Section:
        rows = []
        for each in self.entries:
            used = self.exceptional.get(each.entry_id)
            if used is None:
                continue
            words = text(
                _("Recorded on %(day)s under an exception given by %(person)s: %(reason)s"),
                day=business_date(used.recorded_at),
                person=self.names.get(used.given_by, ""),
                reason=used.exception_reason,
            )
            rows.append(self._row(each, words, each.size))
        return Section(
            text(_("4. Entries posted into a closing month under an exception")),
            table=self._table("under_exception", rows, None),
        )

    def _outside_the_contract(self) -> Section:
        rows = [self._row(each, _outside_words(each, self.contract), each.cost) for each in self.outside]
        dates = text(
            _("The contract runs from %(first)s to %(last)s; cost is listed from the beginning to %(end)s."),
            first=self.contract.first_day,
            last=self.contract.last_day,
            end=self.last_day,
        )
        return Section(
            text(_("5. Cost dated outside the contract")),
            (dates,),
            self._table("outside_contract", rows, self.figures.currency),
        )

    def _row(self, entry: PostedEntry, particulars: Words, amount: Money) -> Row:
        journal = self.journals.get(entry.entry_id)
        made = self.names.get(journal.made_by_id if journal else entry.actor_id, "")
        approved = self.names.get(journal.approved_by_id, "") if journal and journal.approved_by_id else ""
        return row(str(entry.entry_id), entry.effective_on, particulars, amount, entry.reason, made, approved)

    @staticmethod
    def _table(key: str, rows: Iterable[Row], currency: Currency | None) -> Table:
        columns = (
            Column("entry", text(_("Entry")), Kind.REFERENCE, width=36),
            Column("date", text(_("Date")), Kind.DATE, width=48),
            Column("particulars", text(_("Particulars"))),
            Column("amount", text(_("Amount")), Kind.MONEY, currency=currency, width=72),
            Column("reason", text(_("Reason"))),
            Column("made_by", text(_("Made by")), width=62),
            Column("approved_by", text(_("Approved by")), width=62),
        )
        return Table(key, columns, tuple(rows))


def _headings(found: Iterable[Heading]) -> Text | None:
    """The headings' names, one after the other; None where there is none."""
    names = [text(each.label) for each in found]
    joined = names[0] if names else None
    for name in names[1:]:
        joined = text(_("%(one)s, %(other)s"), one=joined or name, other=name)
    return joined


def _outside_words(entry: PostedEntry, contract: Contract) -> Text:
    headings = _headings(entry.headings) or Literal("")
    if entry.effective_on < contract.first_day:
        return text(_("%(headings)s: before the first day"), headings=headings)
    if set(entry.headings) == {Heading.AUDIT_FEE}:
        return text(_("%(headings)s: after the last day, allowed for a closing audit"), headings=headings)
    return text(_("%(headings)s: after the last day"), headings=headings)


def _notes() -> tuple[Note, ...]:
    return (
        Note(
            "1",
            text(_("What the amounts are")),
            (
                text(
                    _(
                        "An amount is the entry's cost on the contract where it books cost, else its income, else its"
                        " largest line. What lowers cost stands in brackets; what is disallowed stands positive."
                    )
                ),
                text(
                    _("Nothing is left out for being small. A reversal never deletes: both entries stay in the book.")
                ),
            ),
        ),
    )
