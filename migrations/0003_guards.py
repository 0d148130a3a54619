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

APPEND_ONLY = (
    "audit_event",
    "statement_certificate",
    "statement_file",
    "engagement_view",
    "engagement_sample_drawing",
    "engagement_working_paper",
    "bank_line",
    "bank_notice",
    "bank_notice_entry",
    "bank_notice_mark",
)
"""Tables that the application may add to and read, and nobody may change."""

GUARDS: tuple[str, ...] = (
    """
    CREATE FUNCTION public.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
    BEGIN
        RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
    END $$
    """,
    """
    CREATE FUNCTION public.guard_statement() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
    DECLARE
        certifiers integer;
    BEGIN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'a statement is never deleted' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF TG_OP = 'INSERT' THEN
            IF NEW.status <> 'DRAFT' OR NEW.check_code IS NOT NULL THEN
                RAISE EXCEPTION 'a statement begins as a draft'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_begins_as_draft';
            END IF;
            RETURN NEW;
        END IF;
        IF (NEW.reference, NEW.report, NEW.contract_id, NEW.institution_id, NEW.first_day, NEW.last_day, NEW.edition,
            NEW.supersedes_id, NEW.correction_reason)
           IS DISTINCT FROM
           (OLD.reference, OLD.report, OLD.contract_id, OLD.institution_id, OLD.first_day, OLD.last_day, OLD.edition,
            OLD.supersedes_id, OLD.correction_reason) THEN
            RAISE EXCEPTION 'what a statement is of stands'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_identity_stands';
        END IF;
        IF OLD.status IN ('ISSUED', 'AUDITED', 'FILED', 'ACCEPTED')
           AND (NEW.data_digest, NEW.round, NEW.check_code, NEW.seals, NEW.issued_by_id, NEW.issued_at,
                NEW.obligation_id)
           IS DISTINCT FROM
           (OLD.data_digest, OLD.round, OLD.check_code, OLD.seals, OLD.issued_by_id, OLD.issued_at,
            OLD.obligation_id) THEN
            RAISE EXCEPTION 'an issued statement is frozen'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_frozen';
        END IF;
        IF NEW.status = OLD.status THEN
            RETURN NEW;
        END IF;
        IF (OLD.status, NEW.status) NOT IN (
            ('DRAFT', 'CERTIFIED'), ('DRAFT', 'WITHDRAWN'),
            ('CERTIFIED', 'DRAFT'), ('CERTIFIED', 'ISSUED'), ('CERTIFIED', 'WITHDRAWN'),
            ('ISSUED', 'AUDITED'), ('ISSUED', 'FILED'), ('AUDITED', 'FILED'),
            ('FILED', 'ACCEPTED'), ('FILED', 'ISSUED'), ('FILED', 'AUDITED')
        ) THEN
            RAISE EXCEPTION 'a statement does not go from % to %', OLD.status, NEW.status
                USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_moves';
        END IF;
        IF OLD.status = 'CERTIFIED' AND NEW.status = 'ISSUED' THEN
            SELECT count(DISTINCT c.person_id) INTO certifiers FROM public.statement_certificate c
            WHERE c.statement_id = NEW.id AND c.round = NEW.round AND c.data_digest = NEW.data_digest;
            IF certifiers < 3 OR NOT EXISTS (
                SELECT FROM public.statement_file f WHERE f.statement_id = NEW.id AND f.kind = 'STATEMENT'
            ) THEN
                RAISE EXCEPTION 'a statement is issued with three certificates of its figures, and its files'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_issued_whole';
            END IF;
        END IF;
        IF NEW.status = 'ACCEPTED' AND EXISTS (
            SELECT FROM public.statement_certificate c
            WHERE c.statement_id = NEW.id AND c.person_id = NEW.decided_by_id
        ) THEN
            RAISE EXCEPTION 'who certified a statement does not accept it'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_acceptor_apart';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER guard_statement BEFORE INSERT OR UPDATE OR DELETE ON public.statement
    FOR EACH ROW EXECUTE FUNCTION public.guard_statement()
    """,
    """
    CREATE FUNCTION public.guard_sample() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
    BEGIN
        IF OLD.status = 'LOCKED' THEN
            RAISE EXCEPTION 'a locked sample stands'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'sample_locked';
        END IF;
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END $$
    """,
    """
    CREATE TRIGGER guard_sample BEFORE UPDATE OR DELETE ON public.engagement_sample
    FOR EACH ROW EXECUTE FUNCTION public.guard_sample()
    """,
    """
    CREATE FUNCTION public.guard_sample_item() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
    DECLARE
        touched uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.sample_id ELSE NEW.sample_id END;
        locked boolean;
    BEGIN
        SELECT s.status = 'LOCKED' INTO locked FROM public.engagement_sample s WHERE s.id = touched;
        IF TG_OP = 'UPDATE' AND (NEW.sample_id, NEW.place, NEW.entry_id, NEW.line_no, NEW.effective_on,
                NEW.amount_minor, NEW.reason, NEW.stratum, NEW.unit)
           IS DISTINCT FROM (OLD.sample_id, OLD.place, OLD.entry_id, OLD.line_no, OLD.effective_on,
                OLD.amount_minor, OLD.reason, OLD.stratum, OLD.unit) OR TG_OP <> 'UPDATE' AND locked THEN
            RAISE EXCEPTION 'what was drawn stands'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'sample_item_stands';
        END IF;
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END $$
    """,
    """
    CREATE TRIGGER guard_sample_item BEFORE INSERT OR UPDATE OR DELETE ON public.engagement_sample_item
    FOR EACH ROW EXECUTE FUNCTION public.guard_sample_item()
    """,
    """
    CREATE FUNCTION public.guard_bank_reconciliation() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog
    AS $$
    BEGIN
        IF TG_OP = 'DELETE' OR OLD.status <> 'PREPARED' OR
           (NEW.bank_account_id, NEW.month, NEW.bank_minor, NEW.book_minor, NEW.postings_minor, NEW.lines_minor,
            NEW.forward_minor, NEW.open_postings, NEW.open_lines, NEW.note, NEW.prepared_by_id)
           IS DISTINCT FROM
           (OLD.bank_account_id, OLD.month, OLD.bank_minor, OLD.book_minor, OLD.postings_minor, OLD.lines_minor,
            OLD.forward_minor, OLD.open_postings, OLD.open_lines, OLD.note, OLD.prepared_by_id) THEN
            RAISE EXCEPTION 'what was prepared stands, and what was decided on it'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_reconciliation_stands';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER guard_bank_reconciliation BEFORE UPDATE OR DELETE ON public.bank_reconciliation
    FOR EACH ROW EXECUTE FUNCTION public.guard_bank_reconciliation()
    """,
    """
    CREATE FUNCTION public.guard_bank_match() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
    BEGIN
        IF TG_OP = 'UPDATE' OR EXISTS (
            SELECT FROM public.bank_reconciliation r
            WHERE r.bank_account_id = OLD.bank_account_id AND r.status <> 'RETURNED'
              AND OLD.cleared_on < (r.month + interval '1 month')::date
        ) THEN
            RAISE EXCEPTION 'a match of a month that is prepared or approved stands'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_match_stands';
        END IF;
        RETURN OLD;
    END $$
    """,
    """
    CREATE TRIGGER guard_bank_match BEFORE UPDATE OR DELETE ON public.bank_match
    FOR EACH ROW EXECUTE FUNCTION public.guard_bank_match()
    """,
    """
    CREATE FUNCTION public.check_bank_match() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
    DECLARE
        touched uuid := CASE TG_TABLE_NAME WHEN 'bank_match' THEN (to_jsonb(NEW) ->> 'id')::uuid
                                           ELSE (to_jsonb(NEW) ->> 'match_id')::uuid END;
        account uuid;
        on_lines numeric;
        in_book numeric;
    BEGIN
        SELECT m.bank_account_id INTO account FROM public.bank_match m WHERE m.id = touched;
        IF account IS NULL THEN
            RETURN NULL;
        END IF;
        SELECT coalesce(sum(l.amount_minor), 0) INTO on_lines
        FROM public.bank_match_line i JOIN public.bank_line l ON l.id = i.line_id
        JOIN public.bank_statement s ON s.id = l.statement_id
        WHERE i.match_id = touched AND s.bank_account_id = account;
        SELECT coalesce(sum(p.amount_minor), 0) INTO in_book
        FROM public.bank_match_posting i
        JOIN ledger.posting p ON p.entry_id = i.entry_id AND p.line_no = i.line_no
             AND p.effective_on = i.effective_on AND p.amount_minor = i.amount_minor
        JOIN ledger.account a ON a.account_id = p.account_id AND a.code = '1001' AND a.subject_id = account
        WHERE i.match_id = touched;
        IF on_lines <> in_book THEN
            RAISE EXCEPTION 'the two sides of a match differ: % and %', on_lines, in_book
                USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_match_agrees';
        END IF;
        RETURN NULL;
    END $$
    """,
    *(
        f"""
        CREATE CONSTRAINT TRIGGER check_bank_match AFTER INSERT OR UPDATE ON public.{table}
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.check_bank_match()
        """
        for table in ("bank_match", "bank_match_line", "bank_match_posting")
    ),
    """
    CREATE FUNCTION public.guard_return_row() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'a row of a return is never deleted' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF (to_jsonb(NEW) - 'live' - 'entry_id') IS DISTINCT FROM (to_jsonb(OLD) - 'live' - 'entry_id')
           OR (OLD.entry_id IS NOT NULL AND (NEW.entry_id, NEW.live) IS DISTINCT FROM (OLD.entry_id, true)) THEN
            RAISE EXCEPTION 'what a row of a return said stands'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'return_row_stands';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER return_row_stands BEFORE UPDATE OR DELETE ON public.return_row
        FOR EACH ROW EXECUTE FUNCTION public.guard_return_row()
    """,
)

UNDO: tuple[str, ...] = (
    "DROP FUNCTION public.guard_return_row() CASCADE",
    "DROP FUNCTION public.check_bank_match() CASCADE",
    "DROP FUNCTION public.guard_bank_match() CASCADE",
    "DROP FUNCTION public.guard_bank_reconciliation() CASCADE",
    "DROP FUNCTION public.guard_sample_item() CASCADE",
    "DROP FUNCTION public.guard_sample() CASCADE",
    "DROP FUNCTION public.guard_statement() CASCADE",
    "DROP FUNCTION public.refuse_change() CASCADE",
)
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
