"""Human references such as `DSB-2026-00042`: counted per prefix and year without gaps, in the verb's unit of work."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Integer, String
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base


class ReferenceCounter(Base):
    """The last number given out for a prefix in a year."""

    __tablename__ = "reference_counter"

    prefix: Mapped[str] = mapped_column(String(10), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last_number: Mapped[int]


def next_reference(session: Session, prefix: str, today: date) -> str:
    """The next reference of that prefix and year. Others asking for one of the same kind wait until this unit ends."""
    counted = (
        insert(ReferenceCounter)
        .values(prefix=prefix, year=today.year, last_number=1)
        .on_conflict_do_update(
            index_elements=["prefix", "year"], set_={"last_number": ReferenceCounter.last_number + 1}
        )
        .returning(ReferenceCounter.last_number)
    )
    number = session.execute(counted).scalar_one()
    return f"{prefix}-{today.year}-{number:05d}"
