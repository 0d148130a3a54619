"""Maker, checker and payer apart, consent and allowed moves of disbursements: enforced inside the database.

Payment files have their guards beside this file, as SQL, with the profile of any bank as data, unverified.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0004_disbursement_guards"
down_revision = "0003_guards"
branch_labels = None
depends_on = None

PAYMENT_FILES = Path(__file__).parent / "sql" / "0004_payment_files.sql"

GUARDS: tuple[str, ...] = (
    """
    CREATE FUNCTION public.guard_disbursement() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
    DECLARE
        consent_changed boolean;
    BEGIN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'a disbursement is never deleted' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF TG_OP = 'INSERT' THEN
            IF NEW.status <> 'DRAFT' OR NEW.revision <> 1 OR NEW.released_by_id IS NOT NULL THEN
                RAISE EXCEPTION 'a disbursement begins as a draft'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'disbursement_begins_as_draft';
            END IF;
            RETURN NEW;
        END IF;
        IF (NEW.maker_id, NEW.contract_id, NEW.currency, NEW.reference, NEW.funder_id, NEW.grantee_id)
           IS DISTINCT FROM
           (OLD.maker_id, OLD.contract_id, OLD.currency, OLD.reference, OLD.funder_id, OLD.grantee_id)
           OR NEW.revision < OLD.revision THEN
            RAISE EXCEPTION 'maker, contract, currency, parties and reference of a disbursement stand'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'disbursement_identity_stands';
        END IF;
        consent_changed := (NEW.tranche_id, NEW.pocket_id, NEW.payer_account_id, NEW.payee_account_id, NEW.amount_minor)
            IS DISTINCT FROM
            (OLD.tranche_id, OLD.pocket_id, OLD.payer_account_id, OLD.payee_account_id, OLD.amount_minor);
        IF consent_changed AND OLD.status NOT IN ('DRAFT', 'RETURNED_TO_MAKER')
           AND NOT (OLD.status IN ('SUBMITTED', 'APPROVED') AND NEW.status = 'SUBMITTED'
                    AND NEW.revision > OLD.revision) THEN
            RAISE EXCEPTION 'what was consented to changed without a new revision'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'disbursement_consent_stands';
        END IF;
        IF NEW.status = OLD.status THEN
            RETURN NEW;
        END IF;
        IF (OLD.status, NEW.status) NOT IN (
            ('DRAFT', 'SUBMITTED'), ('DRAFT', 'CANCELLED'),
            ('SUBMITTED', 'APPROVED'), ('SUBMITTED', 'RETURNED_TO_MAKER'), ('SUBMITTED', 'REFUSED'),
            ('SUBMITTED', 'CANCELLED'),
            ('RETURNED_TO_MAKER', 'SUBMITTED'), ('RETURNED_TO_MAKER', 'CANCELLED'),
            ('APPROVED', 'SUBMITTED'), ('APPROVED', 'RELEASED'), ('APPROVED', 'REFUSED'), ('APPROVED', 'CANCELLED'),
            ('RELEASED', 'SETTLED'), ('RELEASED', 'BOUNCED'), ('SETTLED', 'BOUNCED')
        ) THEN
            RAISE EXCEPTION 'a disbursement does not go from % to %', OLD.status, NEW.status
                USING ERRCODE = 'check_violation', CONSTRAINT = 'disbursement_moves';
        END IF;
        IF NEW.status = 'APPROVED' AND NOT EXISTS (
            SELECT FROM public.checker_decision d
            WHERE d.disbursement_id = NEW.id AND d.revision = NEW.revision AND d.decision = 'APPROVED'
              AND d.checker_id <> NEW.maker_id
        ) THEN
            RAISE EXCEPTION 'nobody but the maker approved this revision'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'disbursement_checker_not_maker';
        END IF;
        IF NEW.status = 'RELEASED' AND (
            NEW.released_by_id IS NULL OR NEW.released_by_id = NEW.maker_id
            OR EXISTS (SELECT FROM public.checker_decision d
                       WHERE d.disbursement_id = NEW.id AND d.revision = NEW.revision AND d.decision = 'APPROVED'
                         AND d.checker_id = NEW.released_by_id)
            OR NOT EXISTS (SELECT FROM public.release r
                           WHERE r.disbursement_id = NEW.id AND r.revision = NEW.revision
                             AND r.signatory_id = NEW.released_by_id)
        ) THEN
            RAISE EXCEPTION 'maker, checker and payer are different people'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'disbursement_payer_apart';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER guard_disbursement BEFORE INSERT OR UPDATE OR DELETE ON public.disbursement
    FOR EACH ROW EXECUTE FUNCTION public.guard_disbursement()
    """,
    """
    CREATE FUNCTION public.guard_decision() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
    DECLARE
        paid public.disbursement%ROWTYPE;
    BEGIN
        SELECT * INTO paid FROM public.disbursement WHERE id = NEW.disbursement_id FOR UPDATE;
        IF NEW.checker_id = paid.maker_id OR NEW.on_behalf_of_id = paid.maker_id THEN
            RAISE EXCEPTION 'the maker decides nothing about their own disbursement'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'checker_not_maker';
        END IF;
        IF NEW.decision = 'APPROVED' AND (NEW.revision <> paid.revision OR paid.status <> 'SUBMITTED') THEN
            RAISE EXCEPTION 'only the revision that is submitted can be approved'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'checker_approves_what_stands';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER guard_decision BEFORE INSERT ON public.checker_decision
    FOR EACH ROW EXECUTE FUNCTION public.guard_decision()
    """,
    """
    CREATE FUNCTION public.guard_release() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
    DECLARE
        paid public.disbursement%ROWTYPE;
    BEGIN
        SELECT * INTO paid FROM public.disbursement WHERE id = NEW.disbursement_id FOR UPDATE;
        IF NEW.signatory_id = paid.maker_id OR EXISTS (
            SELECT FROM public.checker_decision d
            WHERE d.disbursement_id = paid.id AND d.revision = NEW.revision AND d.decision = 'APPROVED'
              AND d.checker_id = NEW.signatory_id
        ) THEN
            RAISE EXCEPTION 'maker, checker and payer are different people'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'signatory_apart';
        END IF;
        IF NEW.revision <> paid.revision OR paid.status <> 'APPROVED' THEN
            RAISE EXCEPTION 'only what is approved is released'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'release_of_approved';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER guard_release BEFORE INSERT ON public.release
    FOR EACH ROW EXECUTE FUNCTION public.guard_release()
    """,
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.checker_decision
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()
    """,
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.release
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()
    """,
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.bank_quote
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()
    """,
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.quote_withdrawal
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()
    """,
    "REVOKE UPDATE, DELETE ON public.checker_decision, public.release FROM hetao_app",
    "REVOKE UPDATE, DELETE ON public.bank_quote, public.quote_withdrawal FROM hetao_app",
    "REVOKE DELETE ON public.disbursement, public.receipt, public.residue_return FROM hetao_app",
)

UNDO: tuple[str, ...] = (
    "DELETE FROM public.bank_profile WHERE institution_id IS NULL",
    "DROP TRIGGER append_only ON public.bank_answer",
    "DROP TRIGGER append_only ON public.file_signature",
    "DROP FUNCTION public.guard_file_signature() CASCADE",
    "DROP FUNCTION public.guard_file_payment() CASCADE",
    "DROP FUNCTION public.guard_payment_file() CASCADE",
    "DROP TRIGGER append_only ON public.quote_withdrawal",
    "DROP TRIGGER append_only ON public.bank_quote",
    "DROP TRIGGER append_only ON public.release",
    "DROP TRIGGER append_only ON public.checker_decision",
    "DROP FUNCTION public.guard_release() CASCADE",
    "DROP FUNCTION public.guard_decision() CASCADE",
    "DROP FUNCTION public.guard_disbursement() CASCADE",
)


def upgrade() -> None:
    """Put up the guards."""
    for statement in GUARDS:
        op.get_bind().exec_driver_sql(statement)
    plain = op.get_bind().execution_options(no_parameters=True)
    plain.exec_driver_sql(PAYMENT_FILES.read_text(encoding="utf-8"))


def downgrade() -> None:
    """Take the guards away."""
    for statement in UNDO:
        op.execute(statement)
    op.execute("GRANT UPDATE, DELETE ON public.checker_decision, public.release TO hetao_app")
    op.execute("GRANT UPDATE, DELETE ON public.bank_quote, public.quote_withdrawal TO hetao_app")
    op.execute("GRANT DELETE ON public.disbursement, public.receipt, public.residue_return TO hetao_app")
    op.execute("GRANT UPDATE, DELETE ON public.file_signature, public.bank_answer TO hetao_app")
    op.execute("GRANT DELETE ON public.payment_file, public.file_payment, public.bank_profile TO hetao_app")
