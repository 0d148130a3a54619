"""Rules of the register: facts in, breaches out; pure. Periods of customs supervision are data with their source."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from app.equipment.states import MUST_RETURN, Crossing, DisposalKind
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import Money

RENOUNCED_FOR_MONTHS = 36
RENOUNCED_SOURCE = _(
    "General Administration of Customs, relief for research goods in the Hetao park, effective 10 February 2026 "
    "(read in a public copy)"
)
REGISTER_SOURCE = _("What the equipment register states of an item")
_RETURN_SOURCE = _("Customs: temporary import and ATA carnets name a date of return")
_SUPERVISION_SOURCE = _("Customs: goods relieved of duty stay under supervision for a period")


@dataclass(frozen=True, slots=True)
class BookedCost:
    """The ledger entry an item names: what it booked on the contract's heading, less what other items take of it.

    In the contract's currency.
    """

    entry_id: int
    left: Money


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item as it is to stand on `today`. `entry_named` says that it names an entry, `booked` what was found."""

    cost: Money
    charged: Money | None
    contract_currency: Currency
    acquired_on: date
    today: date
    entry_named: bool
    booked: BookedCost | None
    crossing: Crossing | None
    customs_document: str
    crossed_on: date | None
    return_by: date | None
    returned_on: date | None
    second_line_on: date | None
    relief_certificate: str
    supervision_until: date | None
    relief_source: str


@dataclass(frozen=True, slots=True)
class DisposalFacts:
    """A disposal as proposed for an item."""

    kind: DisposalKind
    disposed_on: date
    acquired_on: date
    today: date
    proceeds: Money
    contract_currency: Currency
    customs_release: str
    crossing: Crossing | None
    returned_on: date | None
    supervision_until: date | None


def breaches(facts: ItemFacts) -> list[Breach]:
    """What stands against registering the item."""
    found = [*_money(facts), *_days(facts), *_customs(facts)]
    if facts.entry_named:
        found += _entry(facts)
    return found


def _money(facts: ItemFacts) -> list[Breach]:
    if facts.charged is None:
        return [
            Breach(
                "equipment.charged-missing",
                _("The item was paid in another currency than the contract's, and that day has no fresh booking rate."),
                _("Have the rate entered and confirmed, or enter what was charged to the contract, in %(currency)s."),
                source=REGISTER_SOURCE,
                params={"currency": facts.contract_currency.value},
                field="charged",
            )
        ]
    if facts.charged.currency is not facts.contract_currency:
        return [
            Breach(
                "equipment.charged-currency",
                _("What the contract bears is kept in the contract's currency."),
                _("Enter what was charged to the contract, in %(currency)s."),
                source=REGISTER_SOURCE,
                params={"currency": facts.contract_currency.value},
                field="charged_currency",
            )
        ]
    if facts.charged.currency is facts.cost.currency and facts.charged > facts.cost:
        return [
            Breach(
                "equipment.charged-above-cost",
                _("The contract cannot bear more than the item cost."),
                _("Correct the cost or what was charged."),
                source=REGISTER_SOURCE,
                params={"cost": facts.cost},
                field="charged",
            )
        ]
    return []


def _days(facts: ItemFacts) -> list[Breach]:
    found = []
    if facts.acquired_on > facts.today:
        found.append(
            Breach(
                "equipment.acquired-later",
                _("The item was acquired after today."),
                _("Correct the date."),
                source=REGISTER_SOURCE,
                field="acquired_on",
            )
        )
    ordered = (("crossed_on", "return_by"), ("crossed_on", "returned_on"), ("crossed_on", "second_line_on"))
    for first, later in ordered:
        one, other = getattr(facts, first), getattr(facts, later)
        if one is not None and other is not None and other < one:
            found.append(
                Breach(
                    "equipment.crossing-dates",
                    _("A date of the crossing lies before the day the item crossed."),
                    _("Correct one of the days."),
                    source=REGISTER_SOURCE,
                    field=later,
                )
            )
    return found


def _customs(facts: ItemFacts) -> list[Breach]:
    found = []
    if facts.crossing in MUST_RETURN and facts.return_by is None and facts.returned_on is None:
        found.append(
            Breach(
                "equipment.return-date-missing",
                _("Under this procedure the item goes back by a date, which is missing."),
                _("Enter the date from the customs document."),
                _RETURN_SOURCE,
                field="return_by",
            )
        )
    if facts.crossing is not None and not facts.customs_document:
        found.append(
            Breach(
                "equipment.customs-document-missing",
                _("The item crossed the boundary, but no customs document is named."),
                _("Enter the number of the declaration or carnet."),
                source=REGISTER_SOURCE,
                field="customs_document",
            )
        )
    if facts.crossing is Crossing.RELIEF_GOODS and not facts.relief_certificate:
        found.append(
            Breach(
                "equipment.certificate-missing",
                _("The item was relieved of duty, but no certificate is named."),
                _("Enter the number of the certificate."),
                _SUPERVISION_SOURCE,
                field="relief_certificate",
            )
        )
    if facts.supervision_until is not None and not facts.relief_source:
        found.append(
            Breach(
                "equipment.supervision-source-missing",
                _("The end of the customs supervision has no source."),
                _("Say where the period comes from, such as the certificate or the customs' notice."),
                _SUPERVISION_SOURCE,
                field="relief_source",
            )
        )
    return found


def _entry(facts: ItemFacts) -> list[Breach]:
    if facts.booked is None:
        return [
            Breach(
                "equipment.entry-unknown",
                _("This entry books nothing on the contract's equipment heading."),
                _("Enter the number of the entry that booked the cost, or leave it empty."),
                source=REGISTER_SOURCE,
                field="entry_id",
            )
        ]
    left = facts.booked.left
    if facts.charged is None or facts.charged.currency is not left.currency or facts.charged <= left:
        return []
    return [
        Breach(
            "equipment.entry-exceeded",
            _("The items that name entry %(entry)s come to more than it booked; %(left)s is left."),
            _("Correct what was charged, or the number of the entry."),
            source=REGISTER_SOURCE,
            params={"entry": facts.booked.entry_id, "left": left},
            field="charged",
        )
    ]


def disposal_breaches(facts: DisposalFacts) -> list[Breach]:
    """What stands against the disposal, when it is proposed and again when it is approved."""
    found = []
    if not facts.acquired_on <= facts.disposed_on <= facts.today:
        found.append(
            Breach(
                "equipment.disposal-date",
                _("The item left before it was acquired, or after today."),
                _("Correct the date."),
                source=REGISTER_SOURCE,
                field="disposed_on",
            )
        )
    if facts.kind is DisposalKind.SOLD and facts.proceeds.minor <= 0:
        found.append(
            Breach(
                "equipment.proceeds-missing",
                _("A sale has proceeds."),
                _("Enter what was received; they are booked to the project by a journal."),
                source=REGISTER_SOURCE,
                field="proceeds",
            )
        )
    if facts.kind is not DisposalKind.SOLD and facts.proceeds.minor > 0:
        found.append(
            Breach(
                "equipment.proceeds-without-sale",
                _("Only a sale has proceeds."),
                _("Leave the proceeds empty, or say that the item was sold."),
                source=REGISTER_SOURCE,
                field="proceeds",
            )
        )
    return found + _release(facts)


def _release(facts: DisposalFacts) -> list[Breach]:
    supervised = facts.supervision_until is not None and facts.disposed_on <= facts.supervision_until
    abroad = facts.crossing in MUST_RETURN and facts.returned_on is None
    if facts.customs_release or not (supervised or abroad):
        return []
    return [
        Breach(
            "equipment.under-supervision",
            _("The item is still under customs supervision, or has not gone back."),
            _("Enter the number of the customs' release, or of the payment of duty."),
            _SUPERVISION_SOURCE if supervised else _RETURN_SOURCE,
            field="customs_release",
        )
    ]


def may_apply_again_on(renounced_on: date) -> date:
    """From when relief may be applied for again after it was given up for a class of goods."""
    months = renounced_on.year * 12 + renounced_on.month - 1 + RENOUNCED_FOR_MONTHS
    year, month = divmod(months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(renounced_on.day, last))


def remarks(
    *,
    today: date,
    crossing: Crossing | None,
    return_by: date | None,
    returned_on: date | None,
    supervision_until: date | None,
    relief_source: str,
    relief_renounced_on: date | None,
) -> list[Breach]:
    """What a reader should know of an item that is still held; nothing here stops anybody."""
    found = []
    if crossing in MUST_RETURN and returned_on is None and return_by is not None:
        late = return_by < today
        found.append(
            Breach(
                "equipment.return-overdue" if late else "equipment.goes-back",
                _("The item should have gone back by %(day)s.") if late else _("The item goes back by %(day)s."),
                source=_RETURN_SOURCE,
                params={"day": return_by},
                blocking=late,
            )
        )
    if supervision_until is not None and supervision_until >= today:
        found.append(
            Breach(
                "equipment.supervised",
                _("Under customs supervision until %(day)s: it may not be sold, moved or lent without the customs."),
                source=relief_source,
                params={"day": supervision_until},
                blocking=False,
            )
        )
    if relief_renounced_on is not None and may_apply_again_on(relief_renounced_on) > today:
        found.append(
            Breach(
                "equipment.relief-renounced",
                _("Relief was given up: none can be applied for in the same class before %(day)s."),
                source=RENOUNCED_SOURCE,
                params={"day": may_apply_again_on(relief_renounced_on)},
                blocking=False,
            )
        )
    return found
