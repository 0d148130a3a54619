"""Statement E: who worked on a contract, at what rate, for how much of their time, and what was charged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import Money, total
from app.ledger.headings import Heading
from app.manpower import queries as manpower, service
from app.manpower.models import StaffEngagement, StaffMonth
from app.manpower.states import CONTRIBUTIONS, STAFF_HEADINGS, ContributionKind, month_of
from app.people import queries as people
from reports.contract_figures import ContractFigures
from reports.model import Column, Kind, Note, Report, Row, RowStyle, Section, Table, Text, Words, row, text
from reports.parameters import Parameters
from reports.register_figures import Tie, frame, rate_note, tie_section

NAME = "manpower-schedule"

CONTRIBUTION_WORDS = {
    ContributionKind.NONE: text(_("None")),
    ContributionKind.MPF: text(_("MPF")),
    ContributionKind.SOCIAL_INSURANCE: text(_("Social insurance")),
}


@dataclass(frozen=True, slots=True)
class _Part:
    """An engagement's months that lie within the period."""

    engagement: StaffEngagement
    months: tuple[StaffMonth, ...]

    def sum(self, name: str, currency: Currency) -> Money:
        """Pay or contribution of the months, as far as it is known, in the contract's currency."""
        return total((each for month in self.months if (each := getattr(month, name)) is not None), currency)

    @property
    def unknown(self) -> bool:
        """Whether what the contract bears of a month is not known."""
        return any(each.pay is None for each in self.months)


def build(session: Session, parameters: Parameters) -> Report:
    """Statement E of `parameters.contract_id`: the months of the period, as the schedule says now."""
    figures = ContractFigures(session, parameters)
    contract = figures.contract
    first, last = month_of(parameters.first_day), month_of(parameters.last_day)
    parts = [
        _Part(each, months)
        for each in manpower.on_contract(session, contract.id)
        if (months := tuple(month for month in each.months if first <= month.month <= last))
    ]
    ties = _ties(session, figures, parts, first, last)
    return Report(
        name=NAME,
        title=text(_("Manpower Schedule")),
        sections=(
            _people(parts, figures.currency),
            _months(session, figures, first, last),
            tie_section(_("3. Agreement with the ledger"), _("In the schedule"), ties, figures.currency),
            _flags(session, parts, first, last),
        ),
        notes=(
            *_notes(),
            *rate_note(session, "2", (month.rate_id for each in parts for month in each.months)),
        ),
        **frame(session, figures, parameters, "SMS"),
    )


def _people(parts: Sequence[_Part], currency: Currency) -> Section:
    columns = (
        Column("name", text(_("Person's name"))),
        Column("staff_code", text(_("Staff code")), Kind.REFERENCE),
        Column("post", text(_("Post"))),
        Column("heading", text(_("Heading")), width=58),
        Column("rate", text(_("Monthly rate, full time")), Kind.MONEY),
        Column("first_month", text(_("From")), width=38),
        Column("last_month", text(_("To")), width=38),
        Column("months", text(_("Number of months")), Kind.INTEGER, width=34),
        Column("share", text(_("Share of time")), Kind.PERCENT, width=40),
        Column("pay", text(_("Pay charged")), Kind.MONEY, currency=currency),
        Column("scheme", text(_("Kind of contribution")), width=50),
        Column("contribution", text(_("MPF or social insurance")), Kind.MONEY, currency=currency),
        Column("charged", text(_("Charged")), Kind.MONEY, currency=currency),
    )
    rows = [_person_row(each, currency) for each in parts]
    pay, added = (total((each.sum(name, currency) for each in parts), currency) for name in ("pay", "contribution"))
    blank = (None,) * 8
    rows.append(row(text(_("Total")), *blank, pay, None, added, pay + added, style=RowStyle.TOTAL))
    said: list[Words] = []
    if not parts:
        said.append(text(_("Nobody was engaged on the contract in the period.")))
    if any(each.unknown for each in parts):
        said.append(
            text(_("Somebody is paid in another currency and has months not converted yet; these are left out."))
        )
    table = Table("people", columns, tuple(rows), caption=text(_("People")))
    return Section(text(_("1. People")), tuple(said), table)


def _person_row(part: _Part, currency: Currency) -> Row:
    engagement = part.engagement
    pay, added = part.sum("pay", currency), part.sum("contribution", currency)
    return row(
        engagement.person_name,
        engagement.staff_code,
        engagement.post,
        text(Heading(engagement.heading).label),
        engagement.monthly_rate,
        _month_text(part.months[0].month),
        _month_text(part.months[-1].month),
        len(part.months),
        _share(part.months),
        pay if not part.unknown or pay else None,
        CONTRIBUTION_WORDS[ContributionKind(engagement.contribution_kind)],
        added if not part.unknown or added else None,
        pay + added if not part.unknown or pay + added else None,
    )


def _month_text(month: date) -> str:
    return f"{month:%Y-%m}"


def _share(months: Sequence[StaffMonth]) -> Decimal | Text:
    """The share of time where every month has the same; else that it varies, as the months show."""
    found = {each.percent for each in months}
    return found.pop() if len(found) == 1 else text(_("varies"))


def _months(session: Session, figures: ContractFigures, first: date, last: date) -> Section:
    """Each month of the period beside the ledger, with who confirmed it and why it differs."""
    chosen = [each for each in service.schedule(session, figures.contract) if first <= each.month <= last]
    names = people.names_of(session, [each.confirmation.confirmed_by_id for each in chosen if each.confirmation])
    currency = figures.currency
    columns = (
        Column("month", text(_("Month"))),
        Column("people", text(_("People")), Kind.INTEGER, width=36),
        Column("pay", text(_("Pay charged")), Kind.MONEY, currency=currency),
        Column("contribution", text(_("Contribution charged")), Kind.MONEY, currency=currency),
        Column("scheduled", text(_("In the schedule")), Kind.MONEY, currency=currency),
        Column("ledger", text(_("Booked in the ledger")), Kind.MONEY, currency=currency),
        Column("difference", text(_("Difference")), Kind.MONEY, currency=currency),
        Column("confirmed_by", text(_("Confirmed by"))),
        Column("reason", text(_("Reason of the difference"))),
    )
    rows = [
        row(
            _month_text(each.month),
            each.rows,
            each.pay,
            each.contribution,
            each.scheduled,
            each.booked.whole,
            each.difference,
            names.get(each.confirmation.confirmed_by_id, "") if each.confirmation else None,
            each.confirmation.reason if each.confirmation else None,
        )
        for each in chosen
    ]
    sums = [total((getattr(each, name) for each in chosen), currency) for name in ("pay", "contribution", "scheduled")]
    booked = total((each.booked.whole for each in chosen), currency)
    difference = booked - sums[2]
    rows.append(row(text(_("Total")), None, *sums, booked, difference, None, None, style=RowStyle.TOTAL))
    table = Table("months", columns, tuple(rows), caption=text(_("Months")))
    return Section(text(_("2. Months")), table=table)


def _ties(session: Session, figures: ContractFigures, parts: Sequence[_Part], first: date, last: date) -> list[Tie]:
    """Each staff heading with a figure on either side, over the months of the period; salary always stands."""
    nil = Money.zero(figures.currency)
    ledger = dict.fromkeys(STAFF_HEADINGS, nil)
    for month, sums in manpower.booked(session, figures.contract).items():
        if first <= month <= last:
            for heading, amount in sums.items():
                ledger[heading] = ledger[heading] + amount
    schedule = dict.fromkeys(STAFF_HEADINGS, nil)
    for part in parts:
        heading = Heading(part.engagement.heading)
        schedule[heading] = schedule[heading] + part.sum("pay", figures.currency)
        schedule[CONTRIBUTIONS] = schedule[CONTRIBUTIONS] + part.sum("contribution", figures.currency)
    found = [Tie(each, ledger[each], schedule[each]) for each in STAFF_HEADINGS]
    return [each for each in found if each.ledger or each.register or each.heading is Heading.SALARY]


def _flags(session: Session, parts: Sequence[_Part], first: date, last: date) -> Section:
    """Months in which somebody's time over all contracts is more than full time, and whether it was cleared."""
    overloads = manpower.overloads(session, [each.engagement.id for each in parts])
    chosen = [
        (part.engagement, each)
        for part in parts
        for each in overloads.get(part.engagement.id, [])
        if first <= each.month <= last
    ]
    names = people.names_of(session, [each.clearance.cleared_by_id for _one, each in chosen if each.clearance])
    columns = (
        Column("name", text(_("Person's name"))),
        Column("staff_code", text(_("Staff code")), Kind.REFERENCE),
        Column("month", text(_("Month"))),
        Column("status", text(_("Status"))),
        Column("cleared_by", text(_("Cleared by"))),
        Column("reason", text(_("Reason"))),
    )
    rows = tuple(
        row(
            engagement.person_name,
            engagement.staff_code,
            _month_text(each.month),
            text(_("Cleared")) if each.is_cleared else text(_("Not cleared")),
            names.get(each.clearance.cleared_by_id, "") if each.clearance and each.is_cleared else None,
            each.clearance.reason if each.clearance and each.is_cleared else None,
        )
        for engagement, each in chosen
    )
    none = () if chosen else (text(_("Nobody's time over all contracts came to more than full time.")),)
    return Section(text(_("4. More than full time")), none, Table("time", columns, rows))


def _notes() -> tuple[Note, ...]:
    return (
        Note(
            "1",
            text(_("What is listed")),
            (
                text(
                    _(
                        "Every engagement with a month in the period; months count whole. Pay and contribution are the"
                        " monthly rate by share of time, or as entered for the month, in the contract's currency; pay"
                        " in another currency is converted at the booking rate of the month's last day."
                    )
                ),
                text(
                    _(
                        "The ledger's figures are by the date of cost. Time is added up over all contracts of a person,"
                        " those of other institutions too where an ORCID iD is stated; what these hold is not shown."
                    )
                ),
            ),
        ),
    )
