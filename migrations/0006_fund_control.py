"""Fund control: budget cells and commitments beside the journal, kept in step by a trigger of each year's postings.

Plain SQL in `sql/0006_fund_control/`, run in the order of the file names.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0006_fund_control"
down_revision = "0005_sealing"
branch_labels = None
depends_on = None

FOLDER = Path(__file__).parent / "sql" / "0006_fund_control"
YEARS = range(2000, 2061)


def upgrade() -> None:
    """Create the cells, the functions that alone may write them, and the trigger on every year."""
    bind = op.get_bind().execution_options(no_parameters=True)
    for file in sorted(FOLDER.glob("*.sql")):
        bind.exec_driver_sql(file.read_text(encoding="utf-8"))


def downgrade() -> None:
    """Take the cells away again: everything in them but the budgets can be added up from the postings."""
    bind = op.get_bind()
    for year in YEARS:
        bind.exec_driver_sql(f"drop trigger posting_counted on ledger.posting_p{year}")
    for function in ("count_postings", "set_budget_cells", "commit_cost", "change_cells", "lock_balances"):
        bind.exec_driver_sql(f"drop function ledger.{function}")
    bind.exec_driver_sql(
        "create or replace function ledger.gives_room(p_lines jsonb) returns boolean language sql as 'select false'"
    )
    bind.exec_driver_sql("alter function ledger.lock_accounts rename to lock_balances")
    bind.exec_driver_sql("drop table ledger.commitment, ledger.budget_cell")
    bind.exec_driver_sql("drop type ledger.cell_change")
