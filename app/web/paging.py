"""Lists in pages by key (keyset), shared by screens and the API: a page costs the same at the start and at the end.

The order must end in a unique column, and its columns must not be null. A cursor holds the keys of a page's edge.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.kernel.breaches import Breach
from app.kernel.errors import InputRefused
from app.kernel.messages import _

Item = TypeVar("Item")
Other = TypeVar("Other")

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list; `next` and `previous` are cursors, None at either end; `total` only where it was asked."""

    items: Sequence[Item]
    next: str | None = None
    previous: str | None = None
    total: int | None = None

    def map(self, change: Callable[[Item], Other]) -> Page[Other]:
        """The same page of changed items."""
        return Page([change(item) for item in self.items], self.next, self.previous, self.total)


@dataclass(frozen=True, slots=True)
class Order:
    """One column of the order."""

    column: ColumnElement[Any] | InstrumentedAttribute[Any]
    descending: bool = False


def paginate(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    order: Sequence[Order],
    *,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
    total: bool = False,
) -> Page[Any]:
    """The page after (or before) `cursor`. Items are entities where the statement selects one thing, else rows.

    Raises InputRefused for a cursor that was not made here.
    """
    limit = max(1, min(limit, MAX_LIMIT))
    backwards, keys = _read(cursor, [_kind(o.column) for o in order]) if cursor else (False, None)
    directed = [Order(o.column, o.descending != backwards) for o in order]
    selected = statement.add_columns(*(o.column.label(f"page_key_{i}") for i, o in enumerate(order)))
    if keys is not None:
        selected = selected.where(_beyond(directed, keys))
    selected = selected.order_by(None).order_by(
        *(o.column.desc() if o.descending else o.column.asc() for o in directed)
    )
    rows = list(session.execute(selected.limit(limit + 1)))
    more = len(rows) > limit
    rows = rows[:limit]
    if backwards:
        rows.reverse()
    has_next, has_previous = (True, more) if backwards else (more, cursor is not None)
    width = len(order)
    count = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) if total else None
    return Page(
        items=[row[0] if len(row) == width + 1 else row[:-width] for row in rows],
        next=_write("n", rows[-1][-width:]) if rows and has_next else None,
        previous=_write("p", rows[0][-width:]) if rows and has_previous else None,
        total=count,
    )


def _beyond(order: Sequence[Order], keys: Sequence[Any]) -> ColumnElement[bool]:
    """(a, b) beyond (x, y) in the order's directions, written out so that directions may differ."""
    alternatives = []
    for index, last in enumerate(order):
        equal = [o.column == key for o, key in zip(order[:index], keys, strict=False)]
        further = last.column < keys[index] if last.descending else last.column > keys[index]
        alternatives.append(and_(*equal, further))
    return or_(*alternatives)


_READERS: dict[str, Callable[[str], Any]] = {
    "s": str,
    "i": int,
    "u": UUID,
    "d": date.fromisoformat,
    "t": datetime.fromisoformat,
    "n": Decimal,
}


def _tagged(value: Any) -> list[str]:
    if isinstance(value, UUID):
        return ["u", str(value)]
    if isinstance(value, datetime):
        return ["t", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, Decimal):
        return ["n", str(value)]
    return ["i" if isinstance(value, int) else "s", str(value)]


def _write(direction: str, keys: Sequence[Any]) -> str:
    text = json.dumps([direction, *(_tagged(key) for key in keys)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _kind(column: ColumnElement[Any] | InstrumentedAttribute[Any]) -> type:
    """The type a column's keys have in Python; any, where the column does not say."""
    try:
        return column.type.python_type
    except NotImplementedError:
        return object


def _read(cursor: str, kinds: Sequence[type]) -> tuple[bool, list[Any]]:
    """Direction and keys. Raises InputRefused for a cursor that was not made here, or for another list."""
    try:
        direction, *tagged = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        keys = [_READERS[tag](text) for tag, text in tagged]
        huge = any(isinstance(key, int) and abs(key) >= 2**63 for key in keys)
        alike = len(keys) == len(kinds) and all(isinstance(k, kind) for k, kind in zip(keys, kinds, strict=True))
        if direction not in ("n", "p") or not alike or huge or "\x00" in "".join(map(str, keys)):
            raise ValueError(cursor)
    except (ValueError, TypeError, KeyError, binascii.Error, InvalidOperation) as error:
        raise InputRefused(
            Breach("paging.cursor", _("This page of the list cannot be found."), _("Start again from the first page."))
        ) from error
    return direction == "p", keys
