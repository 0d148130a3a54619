"""Maker, checker and payer apart, consent and allowed moves of disbursements: enforced inside the database.

Also the first documents of the two routes, as data with their sources; each is unverified until an officer checks it.
"""

from __future__ import annotations

import uuid
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0004_disbursement_guards"
down_revision = "0003_guards"
branch_labels = None
depends_on = None

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
    "REVOKE UPDATE, DELETE ON public.checker_decision, public.release FROM hetao_app",
    "REVOKE DELETE ON public.disbursement, public.receipt, public.residue_return FROM hetao_app",
)

UNDO: tuple[str, ...] = (
    "DROP TRIGGER append_only ON public.release",
    "DROP TRIGGER append_only ON public.checker_decision",
    "DROP FUNCTION public.guard_release() CASCADE",
    "DROP FUNCTION public.guard_decision() CASCADE",
    "DROP FUNCTION public.guard_disbursement() CASCADE",
    "DELETE FROM public.route_requirement",
)

ROUTES: tuple[tuple[str, str, str, str, str, bool], ...] = (
    (
        "SZ",
        "HK",
        "approval-and-contract",
        "Approval document and signed contract",
        "Guangdong green channel of 2019 for funds to Hong Kong and Macao: taken to the tax office, then to the bank",
        False,
    ),
    (
        "SZ",
        "HK",
        "outbound-tax-filing",
        "Tax filing for the outbound payment",
        "Announcement 40 of 2013 and 19 of 2021: above the equivalent of USD 50,000, once per contract",
        True,
    ),
    (
        "HK",
        "SZ",
        "payment-purpose",
        "Payment instruction stating the purpose",
        "Receiving bank declares foreign-related receipts within five working days of the credit",
        True,
    ),
)
"""from side, to side, code, title, source, whether a facilitated, listed grantee goes without it."""


def upgrade() -> None:
    """Put up the guards and load the routes."""
    for statement in GUARDS:
        op.get_bind().exec_driver_sql(statement)
    columns = ("id", "from_side", "to_side", "code", "title", "source", "verified", "waived_if_listed", "first_day")
    table = sa.table("route_requirement", *(sa.column(name) for name in columns))
    table.c.id.type = sa.Uuid()
    op.bulk_insert(
        table,
        [
            {
                "id": uuid.uuid5(uuid.NAMESPACE_URL, f"route:{from_side}:{to_side}:{code}"),
                "from_side": from_side,
                "to_side": to_side,
                "code": code,
                "title": title,
                "source": source,
                "verified": False,
                "waived_if_listed": waived,
                "first_day": date(2020, 1, 1),
            }
            for from_side, to_side, code, title, source, waived in ROUTES
        ],
    )


def downgrade() -> None:
    """Take the guards and the routes away."""
    for statement in UNDO:
        op.execute(statement)
    op.execute("GRANT UPDATE, DELETE ON public.checker_decision, public.release TO hetao_app")
    op.execute("GRANT DELETE ON public.disbursement, public.receipt, public.residue_return TO hetao_app")
