"""Tables of the equipment register: items, when they were seen, and how they left."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.contracts.models import Contract
from app.db.base import Base
from app.db.columns import (
    Instant,
    Key,
    LongText,
    Minor,
    ShortText,
    Version,
    code_of,
    currency_column,
    foreign_key,
    known_currency,
    one_of,
)
from app.equipment.states import Crossing, DisposalKind, DisposalStatus, ItemStatus, Place
from app.kernel.currencies import Currency
from app.kernel.money import Money


class EquipmentItem(Base):
    """One item of a contract. `tag` is the institution's own number on it.

    `cost` is what was paid, in its own currency; `charged` the part the contract bears, in the contract's currency:
    converted at `rate` (contract currency per one unit of the cost's) from the rate row named, or as it was stated.
    `entry_id` is the ledger entry that booked the cost, where it is known. Duty is paid in CNY.
    """

    __tablename__ = "equipment_item"
    __table_args__ = (
        one_of("place", Place),
        one_of("crossing", Crossing),
        one_of("status", ItemStatus),
        known_currency(),
        known_currency("charged_currency"),
        UniqueConstraint("institution_id", "tag"),
        CheckConstraint("cost_minor > 0", name="cost_positive"),
        CheckConstraint("charged_minor >= 0", name="charged_not_negative"),
        CheckConstraint("duty_paid_minor >= 0", name="duty_not_negative"),
        CheckConstraint("funded_percent BETWEEN 0 AND 100", name="funded_share"),
    )

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    institution_id: Mapped[UUID] = foreign_key("institution")
    contract_id: Mapped[UUID] = foreign_key("contract")
    tag: Mapped[str] = mapped_column(String(60))
    description: Mapped[ShortText]
    supplier: Mapped[ShortText]
    serial_number: Mapped[ShortText]
    heading: Mapped[str] = mapped_column(String(40))
    acquired_on: Mapped[date]
    cost_minor: Mapped[Minor]
    currency: Mapped[str] = currency_column()
    funded_percent: Mapped[Decimal] = mapped_column(Numeric(7, 4))
    charged_minor: Mapped[Minor]
    charged_currency: Mapped[str] = currency_column()
    rate: Mapped[Decimal | None] = mapped_column(Numeric(20, 10))
    rate_id: Mapped[UUID | None] = foreign_key("exchange_rate", nullable=True)
    entry_id: Mapped[int | None] = mapped_column(BigInteger)
    place: Mapped[str] = code_of(Place)
    location: Mapped[ShortText]
    custodian: Mapped[ShortText]
    crossing: Mapped[str | None] = code_of(Crossing, nullable=True)
    customs_document: Mapped[ShortText]
    crossed_on: Mapped[date | None]
    return_by: Mapped[date | None]
    returned_on: Mapped[date | None]
    second_line_on: Mapped[date | None]
    hs_code: Mapped[str] = mapped_column(String(12))
    relief_item: Mapped[ShortText]
    relief_certificate: Mapped[ShortText]
    customs_account: Mapped[ShortText]
    supervision_until: Mapped[date | None]
    relief_source: Mapped[ShortText]
    duty_paid_minor: Mapped[Minor | None]
    relief_renounced_on: Mapped[date | None]
    status: Mapped[str] = code_of(ItemStatus, default=ItemStatus.HELD)
    entered_by_id: Mapped[UUID] = foreign_key("person")
    entered_at: Mapped[Instant]
    version: Mapped[Version]

    contract: Mapped[Contract] = relationship()
    sightings: Mapped[list[EquipmentSighting]] = relationship(order_by="EquipmentSighting.seen_on")
    disposals: Mapped[list[EquipmentDisposal]] = relationship(order_by="EquipmentDisposal.proposed_at")

    @property
    def cost(self) -> Money:
        """What was paid for it, in the currency it was paid in."""
        return Money(self.cost_minor, Currency(self.currency))

    @property
    def charged(self) -> Money:
        """What the contract bears of it, in the contract's currency."""
        return Money(self.charged_minor, Currency(self.charged_currency))

    @property
    def duty_paid(self) -> Money | None:
        """Duty and import taxes paid on it, in CNY; None where none is stated."""
        return None if self.duty_paid_minor is None else Money(self.duty_paid_minor, Currency.CNY)

    @property
    def last_seen(self) -> EquipmentSighting | None:
        """The last stock-taking that saw it."""
        return self.sightings[-1] if self.sightings else None

    def disposal(self, *statuses: DisposalStatus) -> EquipmentDisposal | None:
        """The disposal in one of the statuses, if there is one."""
        return next((each for each in self.disposals if each.status in statuses), None)


class EquipmentSighting(Base):
    """A stock-taking saw the item, on a day and at a place. It is never changed."""

    __tablename__ = "equipment_sighting"
    __table_args__ = (one_of("place", Place),)

    id: Mapped[Key]
    item_id: Mapped[UUID] = foreign_key("equipment_item")
    seen_on: Mapped[date]
    seen_by_id: Mapped[UUID] = foreign_key("person")
    place: Mapped[str] = code_of(Place)
    location: Mapped[ShortText]
    condition: Mapped[ShortText]
    recorded_at: Mapped[Instant]


class EquipmentDisposal(Base):
    """How an item left, as proposed by one person and decided by another. Proceeds are nil unless it was sold."""

    __tablename__ = "equipment_disposal"
    __table_args__ = (
        one_of("kind", DisposalKind),
        one_of("status", DisposalStatus),
        known_currency(),
        CheckConstraint("proceeds_minor >= 0", name="proceeds_not_negative"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="second_person"),
        CheckConstraint("status = 'PROPOSED' OR decided_by_id IS NOT NULL", name="decided_by_someone"),
    )

    id: Mapped[Key]
    item_id: Mapped[UUID] = foreign_key("equipment_item")
    kind: Mapped[str] = code_of(DisposalKind)
    disposed_on: Mapped[date]
    proceeds_minor: Mapped[Minor]
    currency: Mapped[str] = currency_column()
    reason: Mapped[LongText]
    customs_release: Mapped[ShortText]
    status: Mapped[str] = code_of(DisposalStatus)
    proposed_by_id: Mapped[UUID] = foreign_key("person")
    proposed_at: Mapped[Instant]
    decided_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @property
    def proceeds(self) -> Money:
        """What was received for it."""
        return Money(self.proceeds_minor, Currency(self.currency))
