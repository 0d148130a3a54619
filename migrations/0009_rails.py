"""What was proposed of rails and bank days stands, decided once; and the rails that come with the system, unverified."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from app.rails.models import RailVersion
from app.rails.shipped import RAILS

revision = "0009_rails"
down_revision = "0008_corridor"
branch_labels = None
depends_on = None

SHIPPED_AT = datetime(2026, 11, 22, tzinfo=UTC)

GUARDS: tuple[str, ...] = (
    """
    CREATE FUNCTION public.guard_proposal() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
    DECLARE
        decided text[] := ARRAY['status', 'decided_by_id', 'decided_at', 'version'];
    BEGIN
        IF TG_OP = 'INSERT' THEN
            IF NEW.status <> 'PROPOSED' OR NEW.proposed_by_id IS NULL THEN
                RAISE EXCEPTION 'a % begins as a proposal of a person', TG_TABLE_NAME
                    USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_begins_as_proposal';
            END IF;
            RETURN NEW;
        END IF;
        IF TG_OP = 'DELETE' OR OLD.status <> 'PROPOSED'
           OR to_jsonb(NEW) - decided IS DISTINCT FROM to_jsonb(OLD) - decided THEN
            RAISE EXCEPTION 'what was proposed stands, and what was decided on it'
                USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_stands';
        END IF;
        RETURN NEW;
    END $$
    """,
    *(
        f"""
        CREATE TRIGGER guard_proposal BEFORE INSERT OR UPDATE OR DELETE ON public.{table}
        FOR EACH ROW EXECUTE FUNCTION public.guard_proposal()
        """
        for table in ("rail", "calendar_day")
    ),
    "REVOKE DELETE ON public.rail, public.calendar_day FROM hetao_app",
)

UNDO: tuple[str, ...] = (
    "DROP FUNCTION public.guard_proposal() CASCADE",
    "DELETE FROM public.rail",
    "GRANT DELETE ON public.rail, public.calendar_day TO hetao_app",
)


def upgrade() -> None:
    """Load the rails, then put up the guards."""
    op.bulk_insert(
        sa.Table("rail", sa.MetaData(), *(sa.Column(each.name, each.type) for each in RailVersion.__table__.columns)),
        [
            each.row()
            | {
                "id": uuid.uuid5(uuid.NAMESPACE_URL, f"rail:{each.code}"),
                "last_day": None,
                "status": "CONFIRMED",
                "proposed_by_id": None,
                "proposed_at": SHIPPED_AT,
                "decided_by_id": None,
                "decided_at": None,
                "version": 1,
            }
            for each in RAILS
        ],
    )
    for statement in GUARDS:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Take the guards and the rails away."""
    for statement in UNDO:
        op.execute(statement)
