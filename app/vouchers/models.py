"""Tables of vouchers: an institution's account codes for ours, and the profiles of the files its system takes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.columns import Instant, Key, Version, code_of, currency_column, foreign_key, known_currency, one_of
from app.vouchers.states import DateFormat, DecimalMark, FileType, SettingStatus


class AccountMapping(Base):
    """One account of ours in the institution's own chart; a heading or a contract makes it narrower, and it wins."""

    __tablename__ = "account_mapping"
    __table_args__ = (
        one_of("status", SettingStatus),
        known_currency(),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="second_person"),
        CheckConstraint("status <> 'CONFIRMED' OR decided_by_id IS NOT NULL", name="confirmed_is_complete"),
        Index(
            "uq_account_mapping_in_force",
            "institution_id",
            "account",
            "currency",
            "heading",
            "contract_id",
            unique=True,
            postgresql_where=text("status = 'CONFIRMED'"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[Key]
    institution_id: Mapped[UUID] = foreign_key("institution")
    account: Mapped[str] = mapped_column(String(10))
    currency: Mapped[str] = currency_column()
    heading: Mapped[str] = mapped_column(String(40), default="")
    contract_id: Mapped[UUID | None] = foreign_key("contract", nullable=True)
    own_account: Mapped[str] = mapped_column(String(60))
    own_name: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[str] = code_of(SettingStatus)
    proposed_by_id: Mapped[UUID] = foreign_key("person")
    proposed_at: Mapped[Instant]
    decided_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[Version]


class VoucherProfile(Base):
    """How the institution's system wants its file: columns in order, dates, decimal mark, with or without a header."""

    __tablename__ = "voucher_profile"
    __table_args__ = (
        one_of("status", SettingStatus),
        one_of("file_type", FileType),
        one_of("date_format", DateFormat),
        one_of("decimal_mark", DecimalMark),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="second_person"),
        CheckConstraint("status <> 'CONFIRMED' OR decided_by_id IS NOT NULL", name="confirmed_is_complete"),
        Index(
            "uq_voucher_profile_in_force",
            "institution_id",
            "name",
            unique=True,
            postgresql_where=text("status = 'CONFIRMED'"),
        ),
    )

    id: Mapped[Key]
    institution_id: Mapped[UUID] = foreign_key("institution")
    name: Mapped[str] = mapped_column(String(60))
    file_type: Mapped[str] = code_of(FileType)
    columns: Mapped[str] = mapped_column(String(300))
    date_format: Mapped[str] = code_of(DateFormat)
    decimal_mark: Mapped[str] = code_of(DecimalMark)
    header: Mapped[bool] = mapped_column(default=True)
    status: Mapped[str] = code_of(SettingStatus)
    proposed_by_id: Mapped[UUID] = foreign_key("person")
    proposed_at: Mapped[Instant]
    decided_by_id: Mapped[UUID | None] = foreign_key("person", nullable=True)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[Version]
