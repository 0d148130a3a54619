"""Columns that mean the same in every table, written once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Integer, String, Text, Uuid
from sqlalchemy.orm import mapped_column

from app.kernel.currencies import Currency
from app.kernel.identity import new_id

Key = Annotated[UUID, mapped_column(Uuid, primary_key=True, default=new_id)]
"""Primary key: uuidv7 made in Python."""

Ref = Annotated[UUID, mapped_column(Uuid)]
"""A UUID that refers to a row of a higher floor or of the ledger, without a foreign key."""

Minor = Annotated[int, mapped_column(BigInteger)]
"""An amount in whole minor units of the currency column beside it."""

Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
"""An instant, stored in UTC."""

ShortText = Annotated[str, mapped_column(String(200))]
"""One line of text."""

LongText = Annotated[str, mapped_column(Text)]
"""Free text."""

Version = Annotated[int, mapped_column(Integer, default=1)]
"""Counts the changes of a row; a page sends it back and a stale one is refused."""


def foreign_key(table: str, *, nullable: bool = False, index: bool = True, unique: bool = False) -> Any:
    """Foreign key column to `table.id`."""
    return mapped_column(Uuid, ForeignKey(f"{table}.id"), nullable=nullable, index=index, unique=unique)


reference = foreign_key
"""Another name for `foreign_key`; not usable in a class that has a `reference` column."""


def code_of(values: type[StrEnum], *, nullable: bool = False, default: StrEnum | None = None) -> Any:
    """A text column holding one of the enumeration's values; pair it with `one_of` in the table's constraints."""
    return mapped_column(String(40), nullable=nullable, default=default.value if default else None)


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """Check constraint: the column holds one of the enumeration's values."""
    listed = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def currency_column(*, nullable: bool = False) -> Any:
    """An ISO 4217 code column."""
    return mapped_column(String(3), nullable=nullable)


def known_currency(column: str = "currency") -> CheckConstraint:
    """Check constraint: the column holds a currency the ledger keeps."""
    return one_of(column, Currency)
