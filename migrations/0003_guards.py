"""What the application's role may do to the slices' tables, and the rules that stand inside the database.

Add a slice's triggers as one entry of GUARDS: plain SQL, run in order. Functions are SECURITY DEFINER with a fixed
search_path and belong to the owner.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_guards"
down_revision = "0002_slices"
branch_labels = None
depends_on = None

APPLICATION = "hetao_app"

APPEND_ONLY = ("audit_event",)
"""Tables that the application may add to and read, and nobody may change."""

GUARDS: tuple[str, ...] = (
    """
    CREATE FUNCTION public.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
    BEGIN
        RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
    END $$
    """,
)

UNDO: tuple[str, ...] = ("DROP FUNCTION public.refuse_change() CASCADE",)
"""Takes the guards away again, in order."""


def upgrade() -> None:
    """Grant what the application needs on every table here, then put up the guards."""
    bind = op.get_bind()
    tables = sa.inspect(bind).get_table_names(schema="public")
    op.execute(f"GRANT USAGE ON SCHEMA public TO {APPLICATION}")
    for table in tables:
        verbs = "SELECT, INSERT" if table in APPEND_ONLY else "SELECT, INSERT, UPDATE, DELETE"
        if table == "alembic_version":
            verbs = "SELECT"
        op.execute(f'REVOKE ALL ON public."{table}" FROM PUBLIC, {APPLICATION}')
        op.execute(f'GRANT {verbs} ON public."{table}" TO {APPLICATION}')
    op.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION}")
    for statement in GUARDS:
        bind.exec_driver_sql(statement)
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()"
        )


def downgrade() -> None:
    """Take the guards and the grants away."""
    for statement in UNDO:
        op.execute(statement)
    for table in sa.inspect(op.get_bind()).get_table_names(schema="public"):
        op.execute(f'REVOKE ALL ON public."{table}" FROM {APPLICATION}')
