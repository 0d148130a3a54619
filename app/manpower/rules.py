"""Rules of the manpower schedule: facts in, breaches out; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import Money
from app.manpower.states import ContributionKind, month_of

FULL_TIME = Decimal(100)
MOST_MONTHS = 120
SCHEDULE_SOURCE = _("What the manpower schedule states of an engagement")
TIME_SOURCE = _("A person's time over all contracts comes to a full month at most")


@dataclass(frozen=True, slots=True)
class MonthRate:
    """The booking rate of a month's last day: contract currency per one unit of the engagement's, and its row."""

    rate: Decimal
    rate_id: UUID


@dataclass(frozen=True, slots=True)
class Charge:
    """One month: share of time, pay and contribution in the contract's currency; amounts None while not known.

    `rate` converted them where the engagement is in another currency; two charges are the same whatever their rates.
    """

    percent: Decimal
    pay: Money | None
    contribution: Money | None
    rate: MonthRate | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class EngagementFacts:
    """An engagement as it shall stand, with what is known of the person and of the contract."""

    first_month: date
    last_month: date
    percent: Decimal
    contribution_kind: ContributionKind
    contribution: Money
    contract_first_day: date
    contract_last_day: date
    orcid: str | None
    known_orcid: str | None
    other_name: str | None
    """The name the staff code stands for already, where it is another one."""


def breaches(facts: EngagementFacts) -> list[Breach]:
    """What stands against keeping the engagement."""
    return [*_months(facts), *_person(facts), *_contribution(facts), *_share(facts)]


def _months(facts: EngagementFacts) -> list[Breach]:
    if facts.last_month < facts.first_month:
        return [
            Breach(
                "manpower.months-reversed",
                _("The last month lies before the first."),
                _("Correct one of the months."),
                source=SCHEDULE_SOURCE,
                field="last_month",
            )
        ]
    found = []
    count = (facts.last_month.year - facts.first_month.year) * 12 + facts.last_month.month - facts.first_month.month
    if count >= MOST_MONTHS:
        found.append(
            Breach(
                "manpower.too-long",
                _("The engagement is longer than %(limit)s months."),
                _("Enter it in parts."),
                source=SCHEDULE_SOURCE,
                params={"limit": MOST_MONTHS},
                field="last_month",
            )
        )
    first, last = month_of(facts.contract_first_day), month_of(facts.contract_last_day)
    for name in ("first_month", "last_month"):
        if not first <= getattr(facts, name) <= last:
            found.append(
                Breach(
                    "manpower.outside-contract",
                    _("The contract runs from %(first)s to %(last)s; this month lies outside it."),
                    _("Correct the month; work outside the contract is not charged to it."),
                    source=SCHEDULE_SOURCE,
                    params={"first": facts.contract_first_day, "last": facts.contract_last_day},
                    field=name,
                )
            )
    return found


def _person(facts: EngagementFacts) -> list[Breach]:
    found = []
    if facts.orcid and facts.known_orcid and facts.orcid != facts.known_orcid:
        found.append(
            Breach(
                "manpower.other-orcid",
                _("This staff code stands for a person with another ORCID iD."),
                _("Correct the staff code or the ORCID iD."),
                source=SCHEDULE_SOURCE,
                field="orcid",
            )
        )
    if facts.other_name:
        found.append(
            Breach(
                "manpower.other-name",
                _("This staff code stands for %(name)s already."),
                _("Correct the staff code, or write the name as before."),
                source=SCHEDULE_SOURCE,
                params={"name": facts.other_name},
                field="person_name",
            )
        )
    return found


def _contribution(facts: EngagementFacts) -> list[Breach]:
    if facts.contribution_kind is ContributionKind.NONE and facts.contribution:
        return [
            Breach(
                "manpower.contribution-kind-missing",
                _("A contribution is stated, but not which one."),
                _("Choose MPF or social insurance, or leave the contribution empty."),
                source=SCHEDULE_SOURCE,
                field="contribution_kind",
            )
        ]
    return []


def _share(facts: EngagementFacts) -> list[Breach]:
    if facts.percent > 0:
        return []
    return [
        Breach(
            "manpower.no-time",
            _("A share of time is more than nil."),
            _("Enter the percentage."),
            source=SCHEDULE_SOURCE,
            field="percent",
        )
    ]


def charge(
    percent: Decimal,
    monthly_rate: Money,
    contribution: Money,
    contract_currency: Currency,
    rate: MonthRate | None = None,
) -> Charge:
    """A month at that share of time, each amount rounded half up to the cent once, in the contract's currency.

    Where the pay is in another currency it is converted at `rate`; without one the amounts are not known.
    """
    same = monthly_rate.currency is contract_currency
    if not same and rate is None:
        return Charge(percent, None, None)
    units = Decimal(1) if same or rate is None else rate.rate
    pay, added = (
        Money.rounded(each.amount * percent / FULL_TIME * units, contract_currency)
        for each in (monthly_rate, contribution)
    )
    return Charge(percent, pay, added, None if same else rate)


def confirmed_months_touched(
    before: Mapping[date, Charge], after: Mapping[date, Charge], confirmed: frozenset[date]
) -> list[Breach]:
    """A breach for each confirmed month that would come to something else."""
    return [
        Breach(
            "manpower.month-confirmed",
            _("%(month)s is confirmed against the ledger and cannot change."),
            _("Ask a finance officer to open the month again."),
            source=SCHEDULE_SOURCE,
            params={"month": f"{month:%Y-%m}"},
            field="first_month",
        )
        for month in sorted(confirmed)
        if before.get(month) != after.get(month)
    ]


def confirmation_breaches(
    *, has_rows: bool, unknown: bool, flagged: bool, difference: Money, reason: str, month: date, today: date
) -> list[Breach]:
    """What stands against confirming a month."""
    found = []
    if month > today:
        found.append(
            Breach(
                "manpower.month-not-begun",
                _("This month has not begun."),
                _("Wait for it."),
                source=SCHEDULE_SOURCE,
                field="month",
            )
        )
    if not has_rows and not difference:
        found.append(
            Breach(
                "manpower.month-empty",
                _("Neither the schedule nor the ledger has anything in this month."),
                _("There is nothing to confirm."),
                source=SCHEDULE_SOURCE,
                field="month",
            )
        )
    if unknown:
        found.append(
            Breach(
                "manpower.charge-unknown",
                _("Somebody is paid in another currency, and the month is not converted yet."),
                _("Convert that person's months on their page, or enter the month in the contract's currency."),
                source=SCHEDULE_SOURCE,
                field="month",
            )
        )
    if flagged:
        found.append(
            Breach(
                "manpower.time-flagged",
                _("Somebody works more than full time in this month, and nobody has cleared it."),
                _("A finance officer who did not enter the engagement may clear it, with a reason."),
                TIME_SOURCE,
                field="month",
            )
        )
    if difference and not reason:
        found.append(
            Breach(
                "manpower.difference-unexplained",
                _("Schedule and ledger differ by %(difference)s."),
                _("Say why, or correct one of them."),
                source=SCHEDULE_SOURCE,
                params={"difference": difference},
                field="reason",
            )
        )
    return found
