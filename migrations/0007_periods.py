"""Periods: closing and sealing of months, exceptions, revaluation, and balances at a day as known at a block.

Plain SQL in `sql/0007_periods/`, run in the order of the file names.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0007_periods"
down_revision = "0006_fund_control"
branch_labels = None
depends_on = None

FOLDER = Path(__file__).parent / "sql" / "0007_periods"


def upgrade() -> None:
    """Create the tables and functions of periods."""
    bind = op.get_bind().execution_options(no_parameters=True)
    for file in sorted(FOLDER.glob("*.sql")):
        bind.exec_driver_sql(file.read_text(encoding="utf-8"))


def downgrade() -> None:
    """Take periods away again, unless a month is sealed: that is for good. The functions of 0001 stay as replaced."""
    bind = op.get_bind()
    if bind.exec_driver_sql("select exists (select from ledger.period where state = 'SEALED')").scalar_one():
        raise RuntimeError("A month is sealed; that is not taken back.")
    bind.exec_driver_sql("drop trigger period_stays_sealed on ledger.period")
    bind.exec_driver_sql("drop trigger period_noted on ledger.period")
    for function in (
        "note_locked", "keep_sealed", "begin_revaluation", "add_period_note", "end_exception", "give_exception", "write_closes",
        "seal_period", "lock_for_sealing", "lock_period", "book_standing", "unsealed_movement", "account_standing",
    ):  # fmt: skip
        bind.exec_driver_sql(f"drop function ledger.{function} cascade")
    for table in (
        "balance_close", "period_pack", "revaluation", "period_note", "period_exception_use", "period_exception_end",
        "period_exception",
    ):  # fmt: skip
        bind.exec_driver_sql(f"drop table ledger.{table} cascade")
    bind.exec_driver_sql("alter table ledger.period drop column started_by cascade")
