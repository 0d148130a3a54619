"""The one column layout of import files, and what is said about a wrong cell. Explained in docs/ledger-import.md."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.breaches import Breach
from app.kernel.messages import _

COLUMNS = (
    "voucher", "date", "kind", "account", "currency", "subject", "side", "amount", "debit", "credit", "functional",
    "contract", "tranche", "heading", "party", "reason", "evidence",
)  # fmt: skip
"""Every column a file may have, in any order; others are refused, because a misspelt name would lose its values."""

REQUIRED = ("voucher", "date", "account", "currency", "reason")
MAX_ROWS = 1_000_000
SOURCE = _("Layout of import files (docs/ledger-import.md)")

NOTHING_TAKEN = _("Correct line %(line)s, column %(column)s, and import the whole file again: nothing was taken.")


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the file: its number as a spreadsheet counts it, and its cells by column, trimmed."""

    line: int
    cells: dict[str, str]


def fault(code: str, line: int, column: str, message: str, cure: str = NOTHING_TAKEN, **params: object) -> Breach:
    """A breach that names the line and the column; `cure` says how to mend it."""
    return Breach(f"import.{code}", message, cure, SOURCE, {"line": line, "column": column, **params}, field="file")
