"""Money to give: funds with their pockets, contributions, allocations, programmes, and the rates of the days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from uuid import UUID

from app.contracts import programmes
from app.contracts.commands import CreateProgramme, ProposeParameter
from app.contracts.states import ContractStatus
from app.demo import days
from app.demo.agreements import PARENT_FUNDS, SCHEMES, SUB_FUNDS
from app.demo.plan import Plan
from app.demo.stage import Stage
from app.exchange_rates import queries as rate_queries, service as rates, sources
from app.exchange_rates.bundled import BundledRate
from app.exchange_rates.models import RateKind
from app.exchange_rates.service import EnterRate
from app.funds import service as funds
from app.funds.models import Pocket
from app.funds.service import EnterMovement, OpenFund
from app.funds.states import MovementKind
from app.kernel.actor import Role
from app.kernel.currencies import Currency, Market
from app.kernel.money import Money

MILLION = 1_000_000 * 100
FALLBACK_RATE = Decimal("0.9200")
WORKED_RATE = Decimal("0.9240")
CONTRIBUTORS = {
    "QTSF": "Shenzhen research budget (fictional appropriation)",
    "HRT": "Harbour endowment (fictional)",
}
SOURCE_OF_RECORDS = "Agreement of the demonstration, clause 18: books are kept for ten years"


def worked_day(published: Sequence[BundledRate], first_day: date, today: date) -> date:
    """The day of the worked example's salary: the one of the history nearest to its rate, far from both ends."""
    window = (first_day + timedelta(days=90), today - timedelta(days=60))
    known = [each for each in published if window[0] <= each.rate_date <= window[1]]
    if not known:
        return days.working(first_day + timedelta(days=200))
    return min(known, key=lambda each: (abs(each.cny_per_hkd - WORKED_RATE), each.rate_date)).rate_date


class Funding:
    """Funds and programmes of both funders."""

    def __init__(self, stage: Stage, plans: Sequence[Plan]) -> None:
        """Put the opening, two rounds of allocations and one that waits on the agenda."""
        self.stage = stage
        self.plans = plans
        self.turn = stage.first_day + timedelta(days=355)
        opening = days.working(stage.first_day)
        stage.on(opening, self.open_funds, hour=9, minute=0)
        stage.on(opening, self.open_programmes, hour=9, minute=5)
        stage.on(opening, partial(self.fill, None, self.turn), hour=9, minute=10)
        stage.on(days.working(self.turn), partial(self.fill, self.turn, None), hour=9, minute=10)
        stage.on(days.shifted(stage.today, -1), self.waiting_allocation, hour=16)

    def open_funds(self) -> None:
        """A parent fund and two sub-funds each, with a pocket of either currency."""
        parents: dict[str, UUID] = {}
        for key, owner, english, hant, hans in (*PARENT_FUNDS, *SUB_FUNDS):
            stage = self.stage
            parent = parents.get(key.partition("-")[0]) if "-" in key else None
            command = OpenFund(
                stage.institution(owner), parent, english, hant, hans, "Grants to projects", stage.first_day
            )
            manager = stage.actor(stage.crew(owner, Role.FUND_MANAGER)[0])
            fund = funds.open_fund(stage.session, manager, command, now=stage.now)
            if parent is None:
                parents[key] = fund.id
            pockets: list[Pocket] = fund.pockets
            for pocket in pockets:
                stage.world.pockets[key, Currency(pocket.currency)] = pocket.id

    def open_programmes(self) -> None:
        """The programmes of all five families, and one changed parameter, confirmed by a second officer."""
        stage = self.stage
        for each in SCHEMES:
            command = CreateProgramme(
                code=each.code,
                funder_id=stage.institution(each.funder),
                name_en=each.name_en,
                terms_family=each.family,
                currency=each.currency,
                year_end_month=each.year_end_month,
                name_zh_hant=each.name_zh_hant,
                name_zh_hans=each.name_zh_hans,
                holdback_percent=Decimal(each.holdback),
                whitelist_effect=each.effect,
                collective_minutes_required=each.minutes,
            )
            officer = stage.actor(stage.crew(each.funder, Role.GRANT_OFFICER)[0])
            made = programmes.create(stage.session, officer, command, now=stage.now)
            stage.world.programmes[each.code] = made.id
        first, second = (stage.actor(key) for key in stage.crew("HRT", Role.GRANT_OFFICER)[:2])
        change = ProposeParameter("records_kept_years", 10, SOURCE_OF_RECORDS, True, stage.first_day)
        row = programmes.propose_parameter(
            stage.session, first, stage.world.programmes["HR-ITF"], change, now=stage.now
        )
        programmes.confirm_parameter(stage.session, second, row.id, now=stage.now)

    def fill(self, after: date | None, before: date | None) -> None:
        """Contribute to the parents and allocate to the sub-funds what the contracts of that year will need."""
        for parent, owner, *_names in PARENT_FUNDS:
            for currency in Currency:
                needs = {key: self._need(key, currency, after, before) for key, at, *_ in SUB_FUNDS if at == owner}
                whole = Money(sum(need.minor for need in needs.values()) + 3 * MILLION, currency)
                self._contribute(owner, parent, whole)
                for key, need in needs.items():
                    self._allocate(owner, parent, key, need)

    def _need(self, key: str, currency: Currency, after: date | None, before: date | None) -> Money:
        """What contracts beginning between two days need of a sub-fund's pocket, in whole millions and one more."""
        sums = sum(
            plan.amount.minor
            for plan in self.plans
            if plan.agreement.sub_fund == key
            and plan.amount.currency is currency
            and plan.agreement.status is not ContractStatus.DRAFT
            and (after is None or plan.first_day > after)
            and (before is None or plan.first_day <= before)
        )
        return Money(-(-sums // MILLION) * MILLION + MILLION, currency)

    def _contribute(self, owner: str, parent: str, amount: Money) -> None:
        stage = self.stage
        self._move(
            owner,
            EnterMovement(
                MovementKind.CONTRIBUTION,
                None,
                stage.world.pockets[parent, amount.currency],
                stage.world.accounts[owner, amount.currency],
                CONTRIBUTORS[owner],
                amount,
                stage.day,
                "Contribution of the year",
            ),
        )

    def _allocate(self, owner: str, parent: str, key: str, amount: Money) -> None:
        self._move(owner, self._allocation(parent, key, amount))

    def _allocation(self, parent: str, key: str, amount: Money) -> EnterMovement:
        pockets = self.stage.world.pockets
        return EnterMovement(
            MovementKind.ALLOCATION,
            pockets[parent, amount.currency],
            pockets[key, amount.currency],
            None,
            "",
            amount,
            self.stage.day,
            "Allocation for the contracts of the year",
        )

    def _move(self, owner: str, command: EnterMovement) -> None:
        stage = self.stage
        first, second = (stage.actor(key) for key in stage.crew(owner, Role.FUND_MANAGER))
        movement = funds.enter_movement(stage.session, first, command, now=stage.now)
        funds.approve_movement(stage.session, second, movement.id, now=stage.now)

    def waiting_allocation(self) -> None:
        """Deng Rui has entered one more allocation; Wu Kai has not looked at it yet."""
        command = self._allocation("QF", "QF-M", Money(2 * MILLION, Currency.CNY))
        maker = self.stage.actor("deng.rui")
        funds.enter_movement(self.stage.session, maker, command, now=self.stage.now)


class Rates:
    """The rates: the bundled history, month ends, and what is labelled as demonstration."""

    def __init__(self, stage: Stage, published: Sequence[BundledRate], worked_on: date) -> None:
        """Put the rates on the agenda; `worked_on` is the day of the worked example's salary."""
        self.stage = stage
        self.published = published
        self.worked_on = worked_on
        stage.on(stage.first_day, self.bundled, hour=8, minute=0)
        stage.on(worked_on, partial(self.worked, RateKind.BOOKING, worked_on), hour=8, minute=30)
        self._month_ends()
        last = max((each.rate_date for each in published), default=stage.first_day)
        self._later(last)

    def bundled(self) -> None:
        """The operator loads the bundled history."""
        rates.load_bundled(self.stage.session, now=self.stage.now)

    def worked(self, kind: RateKind, day: date) -> None:
        """92.40 for 100 HKD, as the worked example has it."""
        self._enter(kind, day, WORKED_RATE * 100, 100, sources.WORKED_EXAMPLE, "The product's worked example")

    def _month_ends(self) -> None:
        day = self.stage.first_day.replace(day=1)
        while day <= self.stage.today:
            end = day - timedelta(days=1)
            if end >= self.stage.first_day:
                self.stage.on(days.working(day), partial(self.month_end, end), hour=9)
            day = (day + timedelta(days=32)).replace(day=1)

    def month_end(self, end: date) -> None:
        """The period-end rate of a month: the last booking rate; at the worked example's month end, its own rate."""
        if (end.year, end.month) == (self.worked_on.year, self.worked_on.month):
            self.worked(RateKind.PERIOD_END, end)
            return
        found = rate_queries.latest(self.stage.session, RateKind.BOOKING, Currency.HKD, Currency.CNY, end)
        if found is not None:
            rate = found.units(Currency.CNY).quantize(Decimal("0.000001"), ROUND_HALF_UP)
            self._enter(RateKind.PERIOD_END, end, rate, 1, f"{found.source} ({found.rate_date})", "Month end")

    def _later(self, last: date) -> None:
        """From the end of the bundled history on: a demonstration rate each Monday and Thursday, and one for now."""
        wanted = [last + timedelta(days=n) for n in range(1, (self.stage.today - last).days + 1)]
        chosen = [day for day in wanted if day.weekday() in (0, 3)]
        latest = days.shifted(self.stage.today + timedelta(days=1), -1)
        if wanted and latest > last and latest not in chosen:
            chosen.append(latest)
        for number, day in enumerate(chosen, 1):
            self.stage.on(day, partial(self.demonstration, day, number), hour=8, minute=45)

    def demonstration(self, day: date, number: int) -> None:
        """A little below the last published rate, falling and rising again slowly."""
        base = self.published[-1].cny_per_hkd if self.published else FALLBACK_RATE
        wave = min(number % 400, 400 - number % 400)
        rate = (base * (1 - Decimal(wave) / 5000)).quantize(Decimal("0.000001"), ROUND_HALF_UP)
        self._enter(RateKind.BOOKING, day, rate, 1, sources.DEMONSTRATION, "Demonstration")

    def _enter(self, kind: RateKind, day: date, rate: Decimal, unit: int, source: str, note: str) -> None:
        stage = self.stage
        command = EnterRate(kind, Currency.HKD, Currency.CNY, Market.ONSHORE, unit, rate, day, source[:200], note=note)
        first, second = (stage.actor(key) for key in stage.crew("QTSF", Role.ACCOUNTANT))
        entered = rates.enter(stage.session, first, command, now=stage.now)
        rates.confirm(stage.session, second, entered.id, now=stage.now)
