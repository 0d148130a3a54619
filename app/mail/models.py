"""The table of mails to be sent: a row is written with what it tells of, so that neither exists without the other."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.columns import Instant, Key, ShortText, code_of, foreign_key, one_of
from app.mail.states import NoticeKind


class OutgoingMail(Base):
    """A notice to one person. Sent, or dropped because it is no longer theirs or cannot be delivered."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        one_of("kind", NoticeKind),
        Index("ix_outgoing_mail_due", "next_try_at", postgresql_where=text("sent_at IS NULL AND dropped_at IS NULL")),
    )

    id: Mapped[Key]
    person_id: Mapped[UUID] = foreign_key("person")
    kind: Mapped[str] = code_of(NoticeKind)
    reference: Mapped[str] = mapped_column(String(40))
    path: Mapped[ShortText]
    permission: Mapped[str] = mapped_column(String(60), default="")
    institution_id: Mapped[UUID] = foreign_key("institution", index=False)
    written_at: Mapped[Instant]
    next_try_at: Mapped[Instant]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    dropped_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_error: Mapped[str] = mapped_column(String(200), default="")
