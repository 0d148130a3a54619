"""The rules of the corridor and the lists of codes that the product ships with, as data; none is verified."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

from alembic import op

from app.corridor.models import CorridorCode, CorridorRule
from app.corridor.shipped import CODES, EDITIONS, Row, rules

revision = "0008_corridor"
down_revision = "0007_periods"
branch_labels = None
depends_on = None

SHIPPED_AT = datetime(2026, 11, 22, tzinfo=UTC)
RULES = CorridorRule.metadata.tables[CorridorRule.__tablename__]
LISTED = CorridorCode.metadata.tables[CorridorCode.__tablename__]
EMPTY = {column.name: None for column in RULES.columns}


def _key(*words: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, ":".join(("corridor", *words)))


def _rule(row: Row) -> Row:
    return (
        EMPTY
        | {"suggested": "", "number": 1, "verified": False, "first_day": date(2020, 1, 1), "status": "CONFIRMED"}
        | {"proposed_at": SHIPPED_AT, "version": 1}
        | {"id": _key("rule", row["from_side"], row["to_side"], row["code"], row.get("purpose", ""))}
        | row
    )


def upgrade() -> None:
    """Write the shipped rules and codes."""
    op.bulk_insert(RULES, [_rule(row) for row in rules()])
    op.bulk_insert(
        LISTED,
        [
            {"id": _key("code", code_list, code), "code_list": code_list.value, "code": code, "name": name}
            | {"edition": EDITIONS[code_list][0], "source": EDITIONS[code_list][1], "verified": False}
            for code_list, code, name in CODES
        ],
    )


def downgrade() -> None:
    """Take all of them away."""
    op.execute("DELETE FROM public.corridor_rule")
    op.execute("DELETE FROM public.corridor_code")
