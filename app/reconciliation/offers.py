"""What an unmatched line of a bank says of a payment that the book waits for, and the step that books it. Pure.

An offer names one disbursement and fills the form of its step from the line; nothing is posted by it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.kernel.messages import _
from app.kernel.money import Money

_REFERENCE = re.compile(r"DSB([0-9]{4})([0-9]{4,9})")


class Step(StrEnum):
    """The step of a disbursement that a line lets somebody take; NONE where there is nothing to book."""

    SETTLE = "SETTLE"
    BOUNCE = "BOUNCE"
    RECEIPT = "RECEIPT"
    NONE = "NONE"


class Finding(StrEnum):
    """What is unusual about the line."""

    LATE = "LATE"
    SHORT = "SHORT"
    MORE = "MORE"
    DOUBLE = "DOUBLE"
    RETURNED = "RETURNED"
    CAME_BACK = "CAME_BACK"


STEP_LABELS = {
    Step.SETTLE: _("Enter the bank's line of %(reference)s"),
    Step.BOUNCE: _("Enter the return of %(reference)s"),
    Step.RECEIPT: _("Confirm the receipt of %(reference)s"),
    Step.NONE: _("Nothing to book for %(reference)s"),
}

FINDING_LABELS = {
    Finding.LATE: _("Late: it arrived %(days)s days after it was paid."),
    Finding.SHORT: _("Short by %(off)s: a bank on the way may have taken a charge."),
    Finding.MORE: _("%(off)s more than the payment."),
    Finding.DOUBLE: _("Booked already: the bank shows it a second time. Ask the bank before anything is booked."),
    Finding.RETURNED: _("The bank sent it back: %(reason)s"),
    Finding.CAME_BACK: _("The payment had come back to the payer. Ask the bank what this is."),
}


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line of the bank that is open: money in positive, in the account's currency."""

    key: UUID
    value_on: date
    amount: Money
    bank_reference: str
    charge: Money | None = None
    return_reason: str = ""
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """A disbursement as the line's account sees it; `amount` is what was paid, in its own currency.

    One that arrives more than `late_after` days after it was paid is called late. `has_open` says that the book has a
    posting of it on this account that no line is matched with yet.
    """

    reference: str
    status: str
    amount: Money
    is_payer: bool
    paid_on: date | None
    late_after: int
    is_received: bool = False
    has_open: bool = False


Said = tuple[tuple[Finding, dict[str, object]], ...]
"""What is unusual, each with the facts of its words."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The step, what is unusual with its facts, and what the step's form is filled with (texts, amounts decimal)."""

    line: UUID
    reference: str
    step: Step
    findings: Said = ()
    values: dict[str, str] = field(default_factory=dict)


def references_in(marks: Collection[str]) -> set[str]:
    """References of disbursements among plain marks, as they are written: DSB-2026-00042."""
    found = (_REFERENCE.fullmatch(mark) for mark in marks)
    return {f"DSB-{each[1]}-{each[2]}" for each in found if each is not None}


def offer(line: LineFacts, payment: PaymentFacts) -> Offer | None:
    """What the line offers for the payment; None where it says nothing of it, or is to be matched with a posting."""
    if payment.is_payer:
        found = _paid(line, payment) if line.amount.minor < 0 else _returned(line, payment)
    else:
        found = _received(line, payment) if line.amount.minor > 0 else None
    return None if found is not None and found.step is Step.NONE and payment.has_open else found


def _filled(line: LineFacts, **values: str) -> dict[str, str]:
    return {"value_date": line.value_on.isoformat(), "bank_reference": line.bank_reference[:100], **values}


def _written(amount: Money) -> str:
    return str(abs(amount).amount)


def _paid(line: LineFacts, payment: PaymentFacts) -> Offer | None:
    """Money out of the payer's account: the payment itself, with a charge where the bank states one."""
    if payment.status in ("SETTLED", "BOUNCED"):
        return Offer(line.key, payment.reference, Step.NONE, ((Finding.DOUBLE, {}),))
    if payment.status != "RELEASED":
        return None
    charge = line.charge if line.charge is not None else Money.zero(line.amount.currency)
    debited = abs(line.amount)
    if _apart(debited - charge, payment) == 0 and charge:
        debited = debited - charge
    findings = _difference(debited, payment)
    values = _filled(line, debited=_written(debited), charge=_written(charge))
    return Offer(line.key, payment.reference, Step.SETTLE, findings, values)


def _returned(line: LineFacts, payment: PaymentFacts) -> Offer | None:
    """Money back on the payer's account: the bank returned the payment."""
    if payment.status == "BOUNCED":
        return Offer(line.key, payment.reference, Step.NONE, ((Finding.DOUBLE, {}),))
    if payment.status not in ("RELEASED", "SETTLED"):
        return None
    said: Said = ((Finding.RETURNED, {"reason": line.return_reason or "–"}), *_difference(line.amount, payment))
    return Offer(line.key, payment.reference, Step.BOUNCE, said, _filled(line, reason=line.return_reason))


def _received(line: LineFacts, payment: PaymentFacts) -> Offer | None:
    """Money on the payee's account: late, short, a second time, or after it had come back."""
    if payment.status == "BOUNCED":
        return Offer(line.key, payment.reference, Step.NONE, ((Finding.CAME_BACK, {}),))
    if payment.is_received:
        return Offer(line.key, payment.reference, Step.NONE, ((Finding.DOUBLE, {}),))
    if payment.status not in ("RELEASED", "SETTLED"):
        return None
    days = (line.value_on - payment.paid_on).days if payment.paid_on is not None else 0
    late: Said = ((Finding.LATE, {"days": days}),) if days > payment.late_after else ()
    charge = {"charge": _written(line.charge)} if line.charge else {}
    values = _filled(line, received=_written(line.amount), **charge)
    return Offer(line.key, payment.reference, Step.RECEIPT, (*late, *_difference(line.amount, payment)), values)


def _apart(amount: Money, payment: PaymentFacts) -> int:
    """How far an amount lies from the payment's, in minor units; nil where the currencies differ and nobody can say."""
    return amount.minor - payment.amount.minor if amount.currency == payment.amount.currency else 0


def _difference(amount: Money, payment: PaymentFacts) -> Said:
    off = _apart(amount, payment)
    if not off:
        return ()
    size = Money(abs(off), amount.currency)
    return ((Finding.SHORT if off < 0 else Finding.MORE, {"off": size}),)
