"""The one column layout of import files, and what is said about a wrong cell. Explained in docs/ledger-import.md."""

from __future__ import annotations

from collections.abc import Sequence

from app.kernel.messages import _
from app.table_files.reading import NOTHING_TAKEN as NOTHING_TAKEN, Layout, Record as Record


class _EntryLayout(Layout):
    """An amount stands with its side in one column, or in one of two."""

    def missing(self, names: Sequence[str]) -> list[str]:
        """What a first line with these names lacks."""
        found = super().missing(names)
        if not ({"side", "amount"} <= set(names) or {"debit", "credit"} <= set(names)):
            found.append("side + amount / debit + credit")
        return found


COLUMNS = (
    "voucher", "date", "kind", "account", "currency", "subject", "side", "amount", "debit", "credit", "functional",
    "contract", "tranche", "heading", "party", "reason", "evidence",
)  # fmt: skip

LAYOUT = _EntryLayout(
    COLUMNS,
    required=("voucher", "date", "account", "currency", "reason"),
    source=_("Layout of import files (docs/ledger-import.md)"),
    header_cure=_("Correct the first line; the layout stands in docs/ledger-import.md."),
)

fault = LAYOUT.fault
"""A breach that names the line and the column."""
