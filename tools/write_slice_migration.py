"""Writes migrations/0002_slices.py from the ORM models of all slices; run as `make migration`.

Until the first release every slice's tables stand in this one migration, written anew whenever a model changes. The
output depends on the models alone, so that two people who run it get the same file. From the first release on, changes
are migrations of their own and this tool is retired.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import render_python_code
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy import ForeignKeyConstraint, Index, Table
from sqlalchemy.dialects import postgresql

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from app.all_models import metadata  # noqa: E402

TARGET = PROJECT / "migrations" / "0002_slices.py"
LEDGER = PROJECT / "migrations" / "0001_ledger.py"

HEAD = '''"""The tables of every slice, written by tools/write_slice_migration.py: edit models, run `make migration`."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002_slices"
down_revision = {before}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, each after those it refers to."""
    {upgrades}


def downgrade() -> None:
    """Drop them in the opposite order."""
    {downgrades}
'''


def tables() -> list[Table]:
    """The slices' tables (the ledger's own schema is written by hand), each after those it refers to."""
    return [table for table in metadata.sorted_tables if table.schema is None]


def late_keys(ordered: list[Table]) -> list[ForeignKeyConstraint]:
    """Foreign keys to a table that is created later: two tables that refer to each other."""
    place = {table.name: index for index, table in enumerate(ordered)}
    keys = [key for table in ordered for key in table.foreign_key_constraints]
    late = [key for key in keys if place[key.referred_table.name] > place[key.table.name]]
    return sorted(late, key=lambda key: str(key.name))


def operations() -> tuple[ops.UpgradeOps, ops.DowngradeOps]:
    """What creates and what drops everything."""
    ordered = tables()
    late = late_keys(ordered)
    create: list[ops.MigrateOperation] = []
    for table in ordered:
        create_table = ops.CreateTableOp.from_table(table)
        create_table.columns = [item for item in create_table.columns if item not in late]
        create.append(create_table)
        indexes: list[Index] = sorted(table.indexes, key=lambda index: str(index.name))
        create.extend(ops.CreateIndexOp.from_index(index) for index in indexes)
    create.extend(ops.CreateForeignKeyOp.from_constraint(key) for key in late)
    drop: list[ops.MigrateOperation] = [
        ops.DropConstraintOp(str(key.name), key.table.name, type_="foreignkey") for key in late
    ]
    drop.extend(ops.DropTableOp(table.name) for table in reversed(ordered))
    return ops.UpgradeOps(create), ops.DowngradeOps(drop)


def rendered() -> str:
    """The whole migration as formatted Python."""
    upgrade, downgrade = operations()
    context = MigrationContext.configure(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]
    text = HEAD.format(
        before=repr("0001_ledger") if LEDGER.exists() else None,
        upgrades=render_python_code(upgrade, migration_context=context),
        downgrades=render_python_code(downgrade, migration_context=context),
    )
    plain = "\n".join(
        line for line in text.splitlines() if "commands auto generated" not in line and "end Alembic" not in line
    )
    ruff = Path(sys.executable).with_name("ruff")
    checked = subprocess.run(
        [ruff, "check", "--fix", "--quiet", "--select", "I,F401", "--stdin-filename", TARGET, "-"],
        input=plain,
        capture_output=True,
        text=True,
        check=True,
    )
    formatted = subprocess.run(
        [ruff, "format", "--quiet", "--stdin-filename", TARGET, "-"],
        input=checked.stdout,
        capture_output=True,
        text=True,
        check=True,
    )
    return formatted.stdout


def main() -> int:
    """Write the migration; with `--check` only say whether it is up to date."""
    text = rendered()
    if "--check" in sys.argv:
        if TARGET.exists() and TARGET.read_text(encoding="utf-8") == text:
            return 0
        print("migrations/0002_slices.py does not match the models: run `make migration`.", file=sys.stderr)
        return 1
    draft = TARGET.with_suffix(".new")
    draft.write_text(text, encoding="utf-8")
    draft.rename(TARGET)
    print(f"{TARGET.relative_to(PROJECT)}: {len(tables())} tables")
    return 0


if __name__ == "__main__":
    sys.exit(main())
