"""The memory of writes already done: one row per actor and key, made in the same transaction as the verb."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index, Integer, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.columns import Instant, Key, LongText, Ref


class IdempotencyRecord(Base):
    """What a key of one actor stands for: the request's digest, and the answer it gave."""

    __tablename__ = "web_idempotency"
    __table_args__ = (UniqueConstraint("actor_id", "key"), Index("ix_web_idempotency_created_at", "created_at"))

    id: Mapped[Key]
    actor_id: Mapped[Ref]
    key: Mapped[str] = mapped_column(String(200))
    request_sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None] = mapped_column(Integer)
    body: Mapped[LongText | None]
    created_at: Mapped[Instant] = mapped_column(server_default=func.now())

    @property
    def owner(self) -> UUID:
        """The person whose key this is."""
        return self.actor_id
