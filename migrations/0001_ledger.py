"""The ledger core: books, chart, journal by year, balances and holds, and the functions that alone may write them.

Plain SQL in `sql/0001_ledger/`, run in the order of the file names.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001_ledger"
down_revision = None
branch_labels = None
depends_on = None

FOLDER = Path(__file__).parent / "sql" / "0001_ledger"


def upgrade() -> None:
    """Create the schema with everything in it."""
    bind = op.get_bind().execution_options(no_parameters=True)
    for file in sorted(FOLDER.glob("*.sql")):
        bind.exec_driver_sql(file.read_text(encoding="utf-8"))


def downgrade() -> None:
    """Take the schema away again, unless something has been posted: books are not a thing to lose by a command."""
    bind = op.get_bind()
    if bind.exec_driver_sql("select exists (select from ledger.entry)").scalar_one():
        raise RuntimeError("The ledger holds entries; it is not taken down.")
    bind.exec_driver_sql("drop schema ledger cascade")
