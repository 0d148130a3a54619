"""The figures of a contract's statements, computed once from postings: Statements A, B and C all start here.

All amounts are in the contract's currency unless they say otherwise; income and balances positive, cost positive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from sqlalchemy.orm import Session

from app.contracts import programme_queries as programmes
from app.contracts.models import Contract, Programme
from app.contracts.states import Basis, ContractStatus
from app.contracts.terms import family
from app.contracts.terms.family import Family, Row, kept_by_institution
from app.exchange_rates import queries as exchange_rates
from app.exchange_rates.queries import FoundRate
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import RuleBreached
from app.kernel.messages import _
from app.kernel.money import Money, total
from app.ledger.balances import ActivityRow, contract_activity, pair_positions
from app.ledger.chart import AccountCode
from app.ledger.headings import Heading
from reports.parameters import Parameters

REFUNDS = (AccountCode.REFUND_OF_GRANT, AccountCode.REFUND_OF_INTEREST, AccountCode.REFUND_OTHER)
OTHER_INCOME = (AccountCode.SALE_OF_ASSETS, AccountCode.OTHER_INCOME)


@dataclass(frozen=True, slots=True)
class Figures:
    """One row's two figures: of the period (d) and cumulative to its end (e)."""

    period: Money
    cumulative: Money

    @property
    def before(self) -> Money:
        """What stood before the period."""
        return self.cumulative - self.period

    def __add__(self, other: Figures) -> Figures:
        """Both figures added."""
        return Figures(self.period + other.period, self.cumulative + other.cumulative)

    def __neg__(self) -> Figures:
        """Both figures with the other sign."""
        return Figures(-self.period, -self.cumulative)

    def __bool__(self) -> bool:
        """Whether either is not nil."""
        return bool(self.period or self.cumulative)


@dataclass(frozen=True, slots=True)
class PairPosition:
    """A contract's open exchange position on a day: what stands on the pair, debit positive, and its rate.

    `foreign` is absent when everything was spent, and `rate` with it: there is nothing to value.
    """

    own: Money
    foreign: Money | None
    rate: FoundRate | None

    @property
    def value(self) -> Money:
        """The foreign leg in the contract's currency at the rate, debit positive; nil without a position or rate."""
        if self.foreign is None or not self.foreign or self.rate is None:
            return Money.zero(self.own.currency)
        return self.rate.convert(self.foreign)

    @property
    def unrealised(self) -> Money:
        """Gain (positive) or loss (negative) if the foreign money were exchanged at the rate; nil once it is spent."""
        return -self.value - self.own if self.foreign else Money.zero(self.own.currency)

    @property
    def spent_but_open(self) -> Money:
        """Gain or loss realised in fact, as the foreign money is spent, though nobody has posted the close-out yet."""
        return Money.zero(self.own.currency) if self.foreign else -self.own


class ContractFigures:
    """The figures of one contract between two days."""

    def __init__(self, session: Session, parameters: Parameters) -> None:
        """Read what every statement needs; rates are looked up when something has to be valued."""
        self.contract: Contract = parameters.contract(session)
        self.programme: Programme = session.get_one(Programme, self.contract.programme_id)
        self.family: Family = family(self.programme.terms_family)
        self.currency = Currency(self.contract.currency)
        self.first_day, self.last_day = parameters.first_day, parameters.last_day
        self._rows: list[ActivityRow] = [
            row
            for row in contract_activity(session, self.contract.id, self.first_day, self.last_day)
            if row.book_id == self.contract.grantee_id
        ]
        self._session = session
        self.position = self._position(self.last_day)
        self.position_before = self._position(self.first_day - timedelta(days=1))
        terms = programmes.parameters(session, self.programme, self.last_day)
        self.kept_percent = terms["unspent_kept_percent"]
        self.commitments_accepted = terms["commitments_accepted"]

    def _sum(self, wanted: Callable[[ActivityRow], bool], sign: int) -> Figures:
        """Signed sums of the contract-currency rows wanted; `sign` -1 turns credits positive."""
        chosen = [row for row in self._rows if row.currency is self.currency and wanted(row)]
        period, cumulative = (
            total((getattr(row, name) for row in chosen), self.currency) for name in ("period", "closing")
        )
        return Figures(period, cumulative) if sign > 0 else Figures(-period, -cumulative)

    def income(self, *codes: AccountCode) -> Figures:
        """Income on these accounts."""
        return self._sum(lambda row: row.code in codes, -1)

    def cost_of(self, headings: Iterable[Heading]) -> Figures:
        """Cost booked on these headings."""
        wanted = frozenset(headings)
        return self._sum(lambda row: row.heading in wanted and row.heading is not None, 1)

    @cached_property
    def grant(self) -> Figures:
        """Grant received, gross of the payee's bank charges."""
        return self.income(AccountCode.GRANT_RECEIVED)

    @cached_property
    def total_income(self) -> Figures:
        """Every income of the project."""
        sponsorship = self.income(AccountCode.SPONSORSHIP_CASH, AccountCode.SPONSORSHIP_IN_KIND)
        return self.grant + sponsorship + self.income(AccountCode.INTEREST) + self.income(*OTHER_INCOME)

    @cached_property
    def cost_rows(self) -> tuple[tuple[Row, Figures], ...]:
        """Cost gathered under the terms family's own rows."""
        return tuple((row, self.cost_of(row.headings)) for row in self.family.rows)

    @cached_property
    def unpaid(self) -> Figures:
        """Cost approved and not yet paid to claimants; what is owed in another currency counts at the day's rate.

        With the payable inside the pair's position, adding it back at the same rate leaves the money at the bank.
        """
        own = self.income(AccountCode.PAYABLE_TO_CLAIMANTS)
        before, cumulative = Money.zero(self.currency), Money.zero(self.currency)
        for row in self._rows:
            if row.code is AccountCode.PAYABLE_TO_CLAIMANTS and row.currency is not self.currency:
                if row.opening:
                    day_before = self.first_day - timedelta(days=1)
                    before = before - self._rate(row.currency, day_before).convert(row.opening)
                if row.closing:
                    cumulative = cumulative - self._rate(row.currency, self.last_day).convert(row.closing)
        return own + Figures(cumulative - before, cumulative)

    @property
    def is_cash_basis(self) -> bool:
        """Whether the programme's statements count cost when it is paid."""
        return self.programme.basis == Basis.CASH

    @cached_property
    def total_cost(self) -> Figures:
        """Every cost; on the cash basis less what is approved and not yet paid."""
        booked = self.cost_of(Heading)
        return booked + -self.unpaid if self.is_cash_basis else booked

    @cached_property
    def realised(self) -> Figures:
        """Exchange difference realised, a gain positive; the same before and after the close-out is posted."""
        pending = self.position.spent_but_open
        posted = self.income(AccountCode.EXCHANGE_REALISED)
        return posted + Figures(pending - self.position_before.spent_but_open, pending)

    @cached_property
    def unrealised(self) -> Figures:
        """Exchange difference not realised, at the rates of the period's end and of the day before its start."""
        cumulative = self.position.unrealised
        return Figures(cumulative - self.position_before.unrealised, cumulative)

    @cached_property
    def surplus(self) -> Figures:
        """Income less cost plus exchange differences."""
        return self.total_income + -self.total_cost + self.realised + self.unrealised

    @cached_property
    def refunded(self) -> Figures:
        """Residue already returned to the funder."""
        return self._sum(lambda row: row.code in REFUNDS, 1)

    @cached_property
    def carried_forward(self) -> Money:
        """The balance at the end of the period: the same whether summed over the period or from the beginning."""
        return self.surplus.cumulative - self.refunded.cumulative

    @property
    def brought_forward(self) -> Money:
        """The balance before the period."""
        return self.surplus.before - self.refunded.before

    @property
    def is_repayable(self) -> bool:
        """Whether the residue is due: from closing on, as at the period's end."""
        closing = self.contract.closing_from
        status_reached = self.contract.status in (
            ContractStatus.CLOSING,
            ContractStatus.CLOSED,
            ContractStatus.TERMINATED,
        )
        return status_reached and (closing is None or closing <= self.last_day)

    @cached_property
    def disallowed(self) -> Figures:
        """Cost disallowed: taken out of its heading by journal, borne by the institution itself."""
        return self._sum(lambda row: row.code is AccountCode.OWN_COST, 1)

    @property
    def unspent(self) -> Money:
        """What the residue is computed from: the balance without unrealised differences, cost disallowed and returns.

        Residue already returned is added back, so that a return changes neither what may be kept nor what was due.
        """
        left_aside = self.unrealised.cumulative + self.disallowed.cumulative
        return self.carried_forward + self.refunded.cumulative - left_aside

    @property
    def commitments(self) -> Money:
        """Commitments accepted: cost approved and not yet paid at the end, if the terms allow; never below nil.

        On the accrual basis it is spent already. What the funder still holds for the contract is no commitment of the
        grantee: it has never been part of its balance.
        """
        owed = self.unpaid.cumulative
        if not self.is_cash_basis or not self.commitments_accepted.value or owed.minor < 0:
            return Money.zero(self.currency)
        return owed

    @property
    def kept(self) -> Money:
        """What the terms let the institution keep of it, commitments met; cost disallowed is never kept."""
        return kept_by_institution(self.unspent - self.commitments, Decimal(str(self.kept_percent.value)))

    @property
    def due_to_funder(self) -> Money:
        """Unspent less commitments and what is kept, plus cost disallowed, less what was returned; may be negative."""
        left = self.unspent - self.commitments - self.kept
        return left + self.disallowed.cumulative - self.refunded.cumulative

    @property
    def repayable(self) -> Money:
        """What goes back to the funder; nil where nothing is left."""
        return self.due_to_funder if self.due_to_funder.minor > 0 else Money.zero(self.currency)

    @property
    def rate(self) -> FoundRate:
        """The rate at which other currencies are valued at the end. Raises RuleBreached where there is none."""
        other = next(each for each in Currency if each is not self.currency)
        return self._rate(other, self.last_day)

    def _rate(self, foreign: Currency, at: date) -> FoundRate:
        """The rate that values a position at the end of day `at`. Raises RuleBreached where there is none."""
        found = exchange_rates.valuing_rate(self._session, foreign, self.currency, at, self.contract.grantee_id)
        if found is None:
            raise RuleBreached(
                Breach(
                    "report.rate-missing",
                    _("There is no rate to value %(foreign)s on %(day)s."),
                    cure=_("Ask an accountant to enter and confirm a rate of that day or before."),
                    source=_("Nothing is valued at a guessed rate"),
                    params={"foreign": foreign.value, "day": at.isoformat()},
                    field="last_day",
                )
            )
        return found

    def _position(self, at: date) -> PairPosition:
        """The contract's pair at the end of day `at`, with the rate that values it."""
        legs = pair_positions(self._session, self.contract.id, self.contract.grantee_id, at)
        foreign = next((amount for code, amount in legs.items() if code is not self.currency and amount), None)
        rate = self._rate(foreign.currency, at) if foreign is not None else None
        return PairPosition(legs.get(self.currency, Money.zero(self.currency)), foreign, rate)

    def foreign_rows(self, *codes: AccountCode) -> dict[Currency, Money]:
        """What stands on these accounts at the end in other currencies than the contract's, debit positive."""
        sums: dict[Currency, Money] = {}
        for row in self._rows:
            if row.code in codes and row.currency is not self.currency:
                sums[row.currency] = sums.get(row.currency, Money.zero(row.currency)) + row.closing
        return sums

    def standing(self, *codes: AccountCode) -> Money:
        """What stands on these accounts at the end in the contract's currency, debit positive."""
        return self._sum(lambda row: row.code in codes, 1).cumulative
