"""The fourteen notes to Statement A, numbered alike in every statement; what is nil is said to be nil."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.budgets import queries as budgets
from app.budgets.queries import TOTAL, Budget
from app.contracts import queries as contracts
from app.contracts.models import Amendment, ConflictOfInterest
from app.contracts.states import AmendmentStatus, Basis, FundingMode
from app.kernel.clock import business_date
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger import balances
from app.ledger.chart import AccountCode
from app.ledger.headings import Heading
from app.people import queries as people
from app.projects.models import Project
from reports import heads, residue
from reports.contract_figures import OTHER_INCOME, ContractFigures, Figures
from reports.model import Note, Text, text
from reports.rates import shown
from reports.sources import source_words

GRANT, SPONSORSHIP, INTEREST, EXCHANGE, RESIDUE, COMMITMENTS = "3", "4", "5", "10", "11", "12"
"""Numbers of the notes that the statement's rows refer to; those of cost are in `COST_NOTES`."""

NIL = text(_("Nil."))


@dataclass(frozen=True, slots=True)
class CostNote:
    """One note on cost: its number, its heading, and the leaves of cost that it lists."""

    number: str
    title: str
    headings: tuple[Heading, ...]


_MANPOWER = (
    Heading.SALARY,
    Heading.SOCIAL_INSURANCE,
    Heading.STUDENT_STIPEND,
    Heading.LABOUR,
    Heading.EXPERT_FEE,
    Heading.PERFORMANCE_PAY,
)
_EQUIPMENT = (Heading.EQUIPMENT_PURCHASE, Heading.EQUIPMENT_LEASE)
_OVERHEAD = (Heading.MANAGEMENT_FEE, Heading.OVERHEAD)
COST_NOTES = (
    CostNote("6", _("Manpower"), _MANPOWER),
    CostNote("7", _("Equipment"), _EQUIPMENT),
    CostNote("8", _("Other direct costs"), tuple(h for h in Heading if h not in (*_MANPOWER, *_EQUIPMENT, *_OVERHEAD))),
    CostNote("9", _("Administrative overhead and on-costs"), _OVERHEAD),
)
"""Notes 6 to 9; together they list every leaf of cost once."""


def cost_notes_of(headings: Iterable[Heading]) -> str:
    """The numbers of the notes that list these leaves, for a row's column of notes."""
    wanted = set(headings)
    return ", ".join(each.number for each in COST_NOTES if wanted.intersection(each.headings))


class StatementNotes:
    """Builds the notes of one contract's statement; amounts in the contract's currency unless they say otherwise."""

    def __init__(self, session: Session, figures: ContractFigures, budget: Budget) -> None:
        """Nothing is read before a note asks for it."""
        self.session, self.figures, self.budget = session, figures, budget
        self.nil = Money.zero(figures.currency)

    def all(self) -> tuple[Note, ...]:
        """Notes 1 to 14, in order."""
        return (
            self._scheme(),
            self._basis(),
            self._grant(),
            self._sponsorship(),
            self._interest(),
            *(self._cost(each) for each in COST_NOTES),
            self._exchange(),
            Note(RESIDUE, text(_("Computation of residue")), tuple(residue.paragraphs(self.figures))),
            self._commitments(),
            self._related_parties(),
            Note("14", text(_("Variations approved")), self.variations()),
        )

    def _scheme(self) -> Note:
        f = self.figures
        words = text(
            _("Scheme %(scheme)s; contract %(contract)s; project %(project)s; from %(first)s to %(last)s."),
            scheme=heads.programme_name(f.programme),
            contract=f.contract.reference,
            project=self.session.get_one(Project, f.contract.project_id).reference,
            first=f.contract.first_day,
            last=f.contract.last_day,
        )
        return Note("1", text(_("Scheme, agreement and period")), (words,))

    def _basis(self) -> Note:
        f = self.figures
        words = [
            heads.BASIS_WORDS[Basis(f.programme.basis)],
            text(
                _(
                    "Amounts are in the currency of the contract, rounded half-up to the cent once, when posted."
                    " A variance is favourable when positive: for income (f) = (e) - (c), so that a shortfall stands in"
                    " brackets; for expenditure (f) = (c) - (e), so that overspending stands in brackets."
                )
            ),
            text(
                _(
                    "Equipment is charged in full when bought; no depreciation, accrued leave or provision is charged."
                    " Cost in another currency is booked at the rate its terms name, on the day of the cost."
                )
            ),
        ]
        if not self.budget.by_heading:
            words.append(
                text(_("The terms give no budget by heading, so (a) to (c) and (f) stand on the totals only."))
            )
        if f.contract.funding_mode == FundingMode.LUMP_SUM:
            words.append(
                text(_("Lump-sum contracting: expenditure is shown by actual heading; the negative list applies."))
            )
        return Note("2", text(_("Accounting policies: basis, currency and rounding")), tuple(words))

    def _grant(self) -> Note:
        f = self.figures
        numbers = {tranche.id: tranche.number for tranche in f.contract.tranches}
        sums: dict[int, Money] = {}
        chosen = balances.Selection(
            book_id=f.contract.grantee_id,
            contract_id=f.contract.id,
            code=AccountCode.GRANT_RECEIVED,
            last_day=f.last_day,
        )
        for posting in balances.stream_postings(self.session, chosen):
            number = numbers.get(posting.tranche_id, 0) if posting.tranche_id else 0
            sums[number] = sums.get(number, self.nil) - posting.amount
        words = tuple(
            text(_("Tranche %(number)s: %(amount)s received."), number=number, amount=amount)
            for number, amount in sorted(sums.items())
            if amount
        )
        return Note(GRANT, text(_("Grant received, by tranche")), words or (text(_("Nothing has been received yet.")),))

    def _sponsorship(self) -> Note:
        f = self.figures
        found = (
            (_("Sponsorship in cash"), f.income(AccountCode.SPONSORSHIP_CASH)),
            (_("Sponsorship in kind"), f.income(AccountCode.SPONSORSHIP_IN_KIND)),
        )
        return Note(SPONSORSHIP, text(_("Industry sponsorship")), _lines(found))

    def _interest(self) -> Note:
        f = self.figures
        found = [(_("Bank interest"), f.income(AccountCode.INTEREST))]
        found += [(name, f.income(code)) for code, name in zip(OTHER_INCOME, _OTHER_INCOME_NAMES, strict=True)]
        return Note(INTEREST, text(_("Bank interest and other income")), _lines(found))

    def _cost(self, note: CostNote) -> Note:
        found = ((heading.label, self.figures.cost_of([heading])) for heading in note.headings)
        return Note(note.number, text(note.title), _lines(found))

    def _exchange(self) -> Note:
        position = self.figures.position
        if position.foreign is None or position.rate is None:
            words = [text(_("No money is held in another currency than the contract's at the end of the period."))]
        else:
            words = [
                text(
                    _(
                        "%(foreign)s held at the end of the period is valued at %(rate)s %(quote)s for %(unit)s"
                        " %(base)s, %(source)s, %(day)s: %(value)s against %(own)s booked."
                    ),
                    foreign=abs(position.foreign),
                    rate=shown(position.rate.rate),
                    quote=position.rate.quote.value,
                    unit=position.rate.unit,
                    base=position.rate.base.value,
                    source=source_words(position.rate.source),
                    day=position.rate.rate_date,
                    value=abs(position.value),
                    own=abs(position.own),
                )
            ]
        words.append(text(_("A difference is realised when the foreign money is spent; until then it is unrealised.")))
        words.append(text(_("An unrealised difference is never repayable.")))
        return Note(EXCHANGE, text(_("Exchange differences")), tuple(words))

    def _commitments(self) -> Note:
        f = self.figures
        advances = {f.currency: f.standing(AccountCode.ADVANCES), **f.foreign_rows(AccountCode.ADVANCES)}
        words = [
            text(_("Cost approved and not yet paid at the end of the period: %(amount)s."), amount=f.unpaid.cumulative),
            *(
                text(_("Advances paid and not yet cleared: %(amount)s."), amount=amount)
                for amount in advances.values()
                if amount or amount.currency is f.currency
            ),
            text(_("Orders placed and not yet delivered are not in the ledger; the institution states them if any.")),
        ]
        return Note(COMMITMENTS, text(_("Commitments after the period")), tuple(words))

    def _related_parties(self) -> Note:
        own = self.figures.cost_of(_OVERHEAD)
        words = [
            text(
                _("Charged by the institution itself as overhead: %(period)s in the period, %(cumulative)s in all."),
                period=own.period,
                cumulative=own.cumulative,
            )
        ]
        declared = [
            each
            for each in self.session.scalars(
                select(ConflictOfInterest)
                .where(ConflictOfInterest.contract_id == self.figures.contract.id)
                .order_by(ConflictOfInterest.declared_at, ConflictOfInterest.id)
            )
            if business_date(each.declared_at) <= self.figures.last_day
        ]
        names = people.names_of(self.session, (each.person_id for each in declared))
        words += [
            text(
                _("Interest declared by %(person)s: %(statement)s"),
                person=names[each.person_id],
                statement=each.statement,
            )
            for each in declared
        ]
        if not declared:
            words.append(text(_("Interests declared in this contract: nil.")))
        return Note("13", text(_("Related parties")), tuple(words))

    def variations(self) -> tuple[Text, ...]:
        """What was approved to be changed: each amendment with its approver, and each line of budget it moved."""
        f = self.figures
        approved = [
            each
            for each in contracts.amendments_of(self.session, f.contract.id)
            if each.status == AmendmentStatus.APPROVED and each.effective_on <= f.last_day
        ]
        moved = [
            each
            for each in reversed(budgets.variations_of(self.session, f.contract.id))
            if each.effective_on <= f.last_day
        ]
        names = people.names_of(self.session, [each.decided_by_id for each in approved])
        words: list[Text] = []
        for amendment in sorted(approved, key=lambda each: each.number):
            words.append(
                text(
                    _("Amendment %(number)s, effective %(day)s: %(reason)s"),
                    number=amendment.number,
                    day=amendment.effective_on,
                    reason=amendment.reason,
                )
            )
            words += _decided(amendment, names.get(amendment.decided_by_id) if amendment.decided_by_id else None)
            words += self._change_of_amount(amendment)
            words += [
                text(
                    _("%(heading)s: %(change)s from %(day)s."),
                    heading=self._row_name(each.heading),
                    change=Money(each.change_minor, f.currency),
                    day=each.effective_on,
                )
                for each in moved
                if each.amendment_id == amendment.id
            ]
        return tuple(words) or (NIL,)

    def _change_of_amount(self, amendment: Amendment) -> list[Text]:
        amounts = [side.get("amount") for side in (amendment.before, amendment.after)]
        if None in amounts or amounts[0] == amounts[1]:
            return []
        before, after = (Money.parse(str(each), self.figures.currency) for each in amounts)
        return [text(_("Contract amount: from %(before)s to %(after)s."), before=before, after=after)]

    def _row_name(self, code: str) -> Text:
        known = {each.code: each.label for each in self.figures.family.rows}
        return text(known[code]) if code in known else text(_("Total") if code == TOTAL else code)


_OTHER_INCOME_NAMES = (_("Sale of assets"), _("Other income"))


def _lines(found: Iterable[tuple[str, Figures]]) -> tuple[Text, ...]:
    """A sentence for each that is not nil, else `Nil.`"""
    words = tuple(
        text(
            _("%(name)s: %(period)s in the period, %(cumulative)s cumulative."),
            name=text(name),
            period=figures.period,
            cumulative=figures.cumulative,
        )
        for name, figures in found
        if figures
    )
    return words or (NIL,)


def _decided(amendment: Amendment, name: str | None) -> list[Text]:
    """Who approved it and when; nobody where the terms leave the change to the institution."""
    if amendment.decided_at is None:
        return []
    day: date = business_date(amendment.decided_at)
    if name is None:
        return [text(_("In force by the terms without an approval, %(day)s."), day=day)]
    return [text(_("Approved by %(person)s on %(day)s."), person=name, day=day)]


def percent_of(part: Money | None, whole: Money | None) -> Decimal | None:
    """`part` in per cent of `whole`, exact; None without a whole."""
    if part is None or whole is None or not whole:
        return None
    return Decimal(part.minor) * 100 / Decimal(whole.minor)
