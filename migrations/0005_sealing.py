"""Sealing: leaves, blocks, keys and day rollups beside the journal, and the functions that alone may write them.

Plain SQL in `sql/0005_sealing/`, run in the order of the file names.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0005_sealing"
down_revision = "0004_disbursement_guards"
branch_labels = None
depends_on = None

FOLDER = Path(__file__).parent / "sql" / "0005_sealing"


def upgrade() -> None:
    """Create the tables and functions of sealing."""
    bind = op.get_bind().execution_options(no_parameters=True)
    for file in sorted(FOLDER.glob("*.sql")):
        bind.exec_driver_sql(file.read_text(encoding="utf-8"))


def downgrade() -> None:
    """Take sealing away again, unless something is sealed: a proof is not a thing to lose by a command."""
    bind = op.get_bind()
    if bind.exec_driver_sql("select exists (select from ledger.seal_block)").scalar_one():
        raise RuntimeError("The ledger is sealed; the seals are not taken down.")
    for table in (
        "seal_attached",
        "attached",
        "seal_witness",
        "seal_node",
        "seal_leaf",
        "seal_block",
        "seal_key",
        "seal_cursor",
    ):
        bind.exec_driver_sql(f"drop table ledger.{table} cascade")
    for table in ("balance_day", "sealed_balance"):
        bind.exec_driver_sql(f"drop table ledger.{table} cascade")
    bind.exec_driver_sql("drop index ledger.entry_xact")
    bind.exec_driver_sql("drop trigger book_frozen on ledger.book")
    bind.exec_driver_sql(
        "create trigger book_frozen before update or delete or truncate on ledger.book"
        " for each statement execute function ledger.forbid_change()"
    )
    for function in (
        "keep_book", "first_open_day", "newest_epoch", "id_ahead", "begin_sealing", "raise_epoch", "add_leaves", "add_block", "end_sealing",
        "add_seal_key", "add_witness", "attach", "add_attached",
    ):  # fmt: skip
        bind.exec_driver_sql(f"drop function ledger.{function} cascade")
