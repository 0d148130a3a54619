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
from app.exchange_rates.models import RateKind
from app.exchange_rates.queries import FoundRate
from app.kernel.currencies import Currency
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

    `foreign` is nil or absent when everything was spent; `rate` is None when there is nothing to value or no rate.
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
        if self.foreign is None or not self.foreign or self.rate is None:
            return Money.zero(self.own.currency)
        return -self.value - self.own


class ContractFigures:
    """The figures of one contract between two days."""

    def __init__(self, session: Session, parameters: Parameters) -> None:
        """Read everything once; nothing is read later."""
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
        self.position = _position(session, self.contract, self.last_day)
        self.position_before = _position(session, self.contract, self.first_day - timedelta(days=1))
        self.kept_percent = programmes.parameters(session, self.programme, self.last_day)["unspent_kept_percent"]

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
        """Cost approved and not yet paid to claimants."""
        return self.income(AccountCode.PAYABLE_TO_CLAIMANTS)

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
        """Exchange difference realised: a gain positive."""
        return self.income(AccountCode.EXCHANGE_REALISED)

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

    @property
    def unspent(self) -> Money:
        """What the residue is computed from: the balance carried forward without unrealised differences."""
        return self.carried_forward - self.unrealised.cumulative

    @property
    def kept(self) -> Money:
        """What the terms let the institution keep of it."""
        return kept_by_institution(self.unspent, Decimal(str(self.kept_percent.value)))

    @property
    def repayable(self) -> Money:
        """What goes back to the funder; nil where nothing is left."""
        left = self.unspent - self.kept
        return left if left.minor > 0 else Money.zero(self.currency)

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


def _position(session: Session, contract: Contract, at: date) -> PairPosition:
    """The contract's pair at the end of day `at`, valued at the period-end rate, else the newest booking rate."""
    currency = Currency(contract.currency)
    legs = pair_positions(session, contract.id, contract.grantee_id, at)
    foreign = next((amount for code, amount in legs.items() if code is not currency and amount), None)
    rate = None
    if foreign is not None:
        rate = exchange_rates.latest(session, RateKind.PERIOD_END, foreign.currency, currency, at)
        booking = exchange_rates.latest(session, RateKind.BOOKING, foreign.currency, currency, at)
        rate = rate if rate is not None and rate.rate_date == at else booking or rate
    return PairPosition(legs.get(currency, Money.zero(currency)), foreign, rate)
