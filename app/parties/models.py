"""Tables of known parties and of what connects them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base
from app.db.columns import Instant, Key, Ref, ShortText, code_of, foreign_key, one_of
from app.parties.states import MarkKind, PartyKind


class Party(Base):
    """A sponsor, a supplier or a member of staff, as one institution knows them. A sponsor is one of a contract."""

    __tablename__ = "party"
    __table_args__ = (one_of("kind", PartyKind), Index(None, "institution_id", "kind", "name_key"))

    id: Mapped[Key]
    institution_id: Mapped[UUID] = foreign_key("institution", index=False)
    kind: Mapped[str] = code_of(PartyKind)
    name: Mapped[ShortText]
    name_key: Mapped[ShortText]
    number: Mapped[str] = mapped_column(String(40), default="")
    contract_id: Mapped[Ref | None]
    source: Mapped[ShortText]
    added_by_id: Mapped[UUID] = foreign_key("person")
    added_at: Mapped[Instant]

    marks: Mapped[list[PartyMark]] = relationship(order_by="PartyMark.kind", cascade="all, delete-orphan")

    def mark(self, kind: str) -> str:
        """The masked account, address or telephone number; empty where none is known."""
        return next((each.shown for each in self.marks if each.kind == kind), "")


class PartyMark(Base):
    """An account, address or telephone number of a party: a digest to compare, and its last places to show."""

    __tablename__ = "party_mark"
    __table_args__ = (
        one_of("kind", MarkKind),
        UniqueConstraint("party_id", "kind"),
        CheckConstraint("octet_length(digest) = 32", name="digest_length"),
        Index(None, "digest"),
    )

    id: Mapped[Key]
    party_id: Mapped[UUID] = foreign_key("party")
    kind: Mapped[str] = code_of(MarkKind)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    shown: Mapped[str] = mapped_column(String(20))
