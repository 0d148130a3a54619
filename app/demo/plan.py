"""From what is agreed to days and amounts: each contract's tranches and payments, on a given day of loading. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.contracts.commands import TrancheInput
from app.contracts.states import TrancheCondition
from app.demo import days
from app.demo.agreements import VARIATION, WORKED_EXAMPLE, Agreement, Recent, scheme
from app.disbursements.states import DisbursementStatus as Status
from app.kernel.currencies import Currency
from app.kernel.money import Money, total

REPORT_AFTER = timedelta(days=410)
"""From then on a first yearly progress report has fallen due, and a tranche can ask for it."""

MILESTONES = frozenset({"C07", "C09", "C13", "C24"})
"""Contracts whose second tranche waits for a milestone."""

TO_SETTLEMENT = 7
"""Working days from submission to the payer's bank line."""


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment as the story tells it; `value_on` is the value date asked for."""

    contract: str
    tranche: int
    amount: Money
    submitted_on: date
    value_on: date
    ends: Status
    number: int
    maker: str = ""
    how: str = ""
    received: bool = True
    first_checker_only: bool = False
    first_signature_only: bool = False
    document_expires: bool = False
    with_papers: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A contract's days, amount, tranches and payments."""

    agreement: Agreement
    first_day: date
    last_day: date
    amount: Money
    tranches: tuple[TrancheInput, ...]
    payments: tuple[Payment, ...]


def planned(agreement: Agreement, today: date, worked_on: date) -> Plan:
    """The plan of one contract; `worked_on` is the day the worked example's money was submitted."""
    if agreement.key == WORKED_EXAMPLE:
        return _worked_example(agreement, today, worked_on)
    first_day = first_day_of(agreement, today)
    last_day = today + timedelta(days=agreement.last)
    routine = _routine(agreement, first_day, today)
    groups = _grouped(routine)
    attempts = _attempts(agreement, routine, groups)
    tranches = [_past_tranche(agreement, first_day, group, attempts, n, len(groups)) for n, group in enumerate(groups)]
    payments = [replace(each, tranche=n) for n, group in enumerate(groups, 1) for each in group] + attempts
    if not routine:
        tranches = _future_tranches(agreement, first_day)
    if agreement.recent:
        recent = _recent(agreement, today, len(tranches) + 1)
        tranches.append(TrancheInput(_sum(recent, agreement.currency), today - timedelta(days=45)))
        payments += recent
    final = _final(agreement, tranches, last_day, today)
    if agreement.pays_final is not None:
        payments.append(_final_payment(agreement, final, len(tranches) + 1, today, len(routine) + 1))
    tranches.append(final)
    amount = total((tranche.amount for tranche in tranches), agreement.currency)
    return Plan(agreement, first_day, last_day, amount, tuple(tranches), tuple(payments))


def first_day_of(agreement: Agreement, today: date) -> date:
    """The first day: a number of days ago, or such that a progress report falls due when the story needs it."""
    if agreement.report_due is None:
        return today - timedelta(days=agreement.first)
    months, in_days = agreement.report_due
    return days.months_before(today + timedelta(days=in_days + 1), months + 1)


def _routine(agreement: Agreement, first_day: date, today: date) -> list[Payment]:
    count = agreement.paid - (1 if agreement.pays_final is not None else 0)
    if count <= 0:
        return []
    start, end = first_day + timedelta(days=16), today - timedelta(days=agreement.until)
    made = []
    for number in range(count):
        ago = (end - start) * number // max(count - 1, 1)
        submitted = days.working(start + timedelta(days=ago.days))
        amount = _varied(agreement, number)
        last = agreement.last_unconfirmed and number == count - 1
        made.append(_settled(agreement, amount, submitted, number + 1, received=not last))
    return made


def _settled(agreement: Agreement, amount: Money, submitted: date, number: int, *, received: bool = True) -> Payment:
    value = days.shifted(submitted, TO_SETTLEMENT)
    return Payment(agreement.key, 0, amount, submitted, value, Status.SETTLED, number, received=received)


def _varied(agreement: Agreement, number: int) -> Money:
    """The unit, varied, in whole hundreds."""
    factor = VARIATION[(number + len(agreement.study) + int(agreement.key[1:])) % len(VARIATION)]
    hundreds = int(agreement.unit * factor) // 100
    return Money(hundreds * 100 * 100, agreement.currency)


def _grouped(routine: Sequence[Payment]) -> list[list[Payment]]:
    size = 3 if len(routine) > 8 else 2
    return [list(routine[index : index + size]) for index in range(0, len(routine), size)]


def _attempts(agreement: Agreement, routine: Sequence[Payment], groups: Sequence[Sequence[Payment]]) -> list[Payment]:
    """What came to nothing, three weeks or so before the payment that took its place, under the same tranche."""
    made = []
    for attempt in agreement.attempts:
        later = routine[attempt.before]
        tranche = next(n for n, group in enumerate(groups, 1) if later in group)
        submitted = days.shifted(later.submitted_on, -15)
        value = days.shifted(submitted, TO_SETTLEMENT)
        made.append(
            replace(
                later,
                tranche=tranche,
                submitted_on=submitted,
                value_on=value,
                ends=attempt.ends,
                how=attempt.how,
                received=False,
            )
        )
    return made


def _past_tranche(
    agreement: Agreement, first_day: date, group: Sequence[Payment], attempts: Sequence[Payment], n: int, count: int
) -> TrancheInput:
    tried = [each.submitted_on for each in attempts if each.tranche == n + 1]
    due = min([each.submitted_on for each in group] + tried) - timedelta(days=5)
    amount = _sum(group, agreement.currency)
    if n == 1 and agreement.key in MILESTONES:
        return TrancheInput(amount, due, TrancheCondition.MILESTONE, milestone="Demonstrator accepted by the panel")
    if n == count - 1 and n > 0 and due > first_day + REPORT_AFTER:
        return TrancheInput(amount, due, TrancheCondition.ACCEPTED_REPORT)
    return TrancheInput(amount, due)


def _future_tranches(agreement: Agreement, first_day: date) -> list[TrancheInput]:
    unit = Money(agreement.unit * 100, agreement.currency)
    return [TrancheInput(unit + unit, first_day + timedelta(days=30 + 180 * n)) for n in range(3)]


def _recent(agreement: Agreement, today: date, tranche: int) -> list[Payment]:
    made = []
    for number, each in enumerate(agreement.recent, 1):
        submitted = days.shifted(today, -each.submitted)
        made.append(
            Payment(
                agreement.key,
                tranche,
                Money(each.amount * 100, agreement.currency),
                submitted,
                _value_date(each, submitted, today),
                each.ends,
                agreement.paid + number,
                maker=each.maker,
                received=False,
                first_checker_only=each.first_checker_only,
                first_signature_only=each.first_signature_only,
                document_expires=each.document_expires,
                with_papers=True,
            )
        )
    return made


def _value_date(recent: Recent, submitted: date, today: date) -> date:
    """Ahead of today for what still waits; a payment released is asked for on the day its bank line will bear."""
    if recent.document_expires:
        return days.shifted(submitted, 3)
    if recent.ends is Status.RELEASED:
        return days.shifted(today, 1)
    return days.shifted(today, 3 + recent.submitted % 3)


def _final(agreement: Agreement, before: Sequence[TrancheInput], last_day: date, today: date) -> TrancheInput:
    """The final tranche: what the programme holds back and a little more, so that the contract's amount is round."""
    paid = total((tranche.amount for tranche in before), agreement.currency).minor
    share = 100 - scheme(agreement.scheme).holdback - 3
    step = 10_000 * 100
    whole = -(-paid * 100 // share // step) * step
    due = last_day + timedelta(days=130)
    if agreement.pays_final is not None:
        due = today - timedelta(days=agreement.pays_final + 5)
    return TrancheInput(Money(whole - paid, agreement.currency), due, TrancheCondition.FINAL_ACCOUNT)


def _final_payment(agreement: Agreement, final: TrancheInput, tranche: int, today: date, number: int) -> Payment:
    submitted = days.working(today - timedelta(days=agreement.pays_final or 0))
    return replace(_settled(agreement, final.amount, submitted, number), tranche=tranche)


def _worked_example(agreement: Agreement, today: date, submitted: date) -> Plan:
    """CNY 400,000.00 first; the second tranche waits for a report, the last for the final account."""
    unit = Money(agreement.unit * 100, agreement.currency)
    half = Money(unit.minor // 2, agreement.currency)
    first_day = submitted - timedelta(days=30)
    last_day = today + timedelta(days=agreement.last)
    tranches = (
        TrancheInput(unit, submitted - timedelta(days=5)),
        TrancheInput(unit, today + timedelta(days=75), TrancheCondition.ACCEPTED_REPORT),
        TrancheInput(half, last_day + timedelta(days=130), TrancheCondition.FINAL_ACCOUNT),
    )
    paid = replace(_settled(agreement, unit, submitted, 1), tranche=1)
    return Plan(agreement, first_day, last_day, unit + unit + half, tranches, (paid,))


def _sum(payments: Sequence[Payment], currency: Currency) -> Money:
    return total((payment.amount for payment in payments), currency)
