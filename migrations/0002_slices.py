"""The tables of every slice, written by tools/write_slice_migration.py: edit models, run `make migration`."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002_slices"
down_revision = "0001_ledger"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, each after those it refers to."""
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("via", sa.String(length=20), nullable=False),
        sa.Column("verb", sa.String(length=80), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.CheckConstraint("outcome IN ('ALLOWED', 'DENIED', 'FAILED')", name=op.f("ck_audit_event_outcome_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_actor", "audit_event", ["actor_id", "at"], unique=False)
    op.create_index("ix_audit_event_at", "audit_event", ["at"], unique=False)
    op.create_index("ix_audit_event_institution", "audit_event", ["institution_id", "at"], unique=False)
    op.create_index("ix_audit_event_subject", "audit_event", ["subject_kind", "subject_id", "at"], unique=False)
    op.create_table(
        "budget_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("heading", sa.String(length=40), nullable=False),
        sa.Column("approved_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("justification", sa.Text(), nullable=False),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_budget_line_currency_known")),
        sa.CheckConstraint("approved_minor >= 0", name=op.f("ck_budget_line_approved_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
        sa.UniqueConstraint("contract_id", "heading", name=op.f("uq_budget_line_contract_id_heading")),
    )
    op.create_index(op.f("ix_budget_line_contract_id"), "budget_line", ["contract_id"], unique=False)
    op.create_table(
        "corridor_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code_list", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("edition", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "code_list IN ('BALANCE_OF_PAYMENTS', 'RMB_PURPOSE')", name=op.f("ck_corridor_code_code_list_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corridor_code")),
        sa.UniqueConstraint("code_list", "code", "edition", name=op.f("uq_corridor_code_code_list_code_edition")),
    )
    op.create_table(
        "institution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("name_zh_hant", sa.String(length=200), nullable=False),
        sa.Column("name_zh_hans", sa.String(length=200), nullable=False),
        sa.Column("industry", sa.String(length=100), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=True),
        sa.Column("br_number", sa.String(length=8), nullable=True),
        sa.Column("lei", sa.String(length=20), nullable=True),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("year_end_month", sa.Integer(), nullable=False),
        sa.Column("functional_currency", sa.String(length=3), nullable=False),
        sa.Column("data_residency", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "functional_currency IN ('CNY', 'HKD')", name=op.f("ck_institution_functional_currency_known")
        ),
        sa.CheckConstraint(
            "kind IN ('FUNDER', 'UNIVERSITY', 'RESEARCH_INSTITUTE', 'ENTERPRISE', 'ZONE_AUTHORITY', 'REGULATOR', 'AUDIT_FIRM')",
            name=op.f("ck_institution_kind_known"),
        ),
        sa.CheckConstraint("side IN ('SZ', 'HK', 'MO', 'OTHER')", name=op.f("ck_institution_side_known")),
        sa.CheckConstraint("status IN ('ACTIVE', 'SUSPENDED', 'CLOSED')", name=op.f("ck_institution_status_known")),
        sa.CheckConstraint("year_end_month BETWEEN 1 AND 12", name=op.f("ck_institution_year_end_month_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution")),
        sa.UniqueConstraint("br_number", name=op.f("uq_institution_br_number")),
        sa.UniqueConstraint("code", name=op.f("uq_institution_code")),
        sa.UniqueConstraint("lei", name=op.f("uq_institution_lei")),
        sa.UniqueConstraint("uscc", name=op.f("uq_institution_uscc")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("name_zh_hant", sa.String(length=200), nullable=False),
        sa.Column("name_zh_hans", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("density", sa.String(length=40), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("orcid", sa.String(length=19), nullable=True),
        sa.Column("identity_kind", sa.String(length=20), nullable=False),
        sa.Column("identity_masked", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_by_id", sa.Uuid(), nullable=True),
        sa.Column("enable_proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("density IN ('comfortable', 'compact')", name=op.f("ck_person_density_known")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_person_email_lower")),
        sa.CheckConstraint(
            "enable_proposed_by_id IS NULL OR disabled_at IS NOT NULL", name=op.f("ck_person_enable_only_when_disabled")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_person_created_by_id")),
        sa.ForeignKeyConstraint(["disabled_by_id"], ["person.id"], name=op.f("fk_person_disabled_by_id")),
        sa.ForeignKeyConstraint(["enable_proposed_by_id"], ["person.id"], name=op.f("fk_person_enable_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("orcid", name=op.f("uq_person_orcid")),
    )
    op.create_table(
        "reference_counter",
        sa.Column("prefix", sa.String(length=10), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "year", name=op.f("pk_reference_counter")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_sha256", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("device_sha256", sa.String(length=64), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index("ix_sign_in_attempt_account", "sign_in_attempt", ["account_sha256", "at"], unique=False)
    op.create_index("ix_sign_in_attempt_address", "sign_in_attempt", ["address", "at"], unique=False)
    op.create_table(
        "verify_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("found", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verify_attempt")),
    )
    op.create_index("ix_verify_attempt_address_at", "verify_attempt", ["address", "at"], unique=False)
    op.create_table(
        "web_idempotency",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request_sha256", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_idempotency")),
        sa.UniqueConstraint("actor_id", "key", name=op.f("uq_web_idempotency_actor_id_key")),
    )
    op.create_index("ix_web_idempotency_created_at", "web_idempotency", ["created_at"], unique=False)
    op.create_table(
        "authority_limit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("maximum_minor", sa.BigInteger(), nullable=False),
        sa.Column("second_checker_above_minor", sa.BigInteger(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_authority_limit_currency_known")),
        sa.CheckConstraint(
            "kind IN ('DISBURSEMENT', 'RELEASE', 'CONTRACT', 'AMENDMENT', 'FUND_MOVEMENT', 'JOURNAL', 'CLAIM', 'RESIDUE')",
            name=op.f("ck_authority_limit_kind_known"),
        ),
        sa.CheckConstraint(
            "role IN ('GRANT_OFFICER', 'PAYMENTS_OFFICER', 'ACCOUNTANT', 'PRINCIPAL_INVESTIGATOR', 'PROJECT_MANAGER', 'FINANCE_OFFICER', 'AUDITOR', 'FUND_MANAGER', 'WHITELIST_OFFICER', 'OVERSEER', 'ADMINISTRATOR')",
            name=op.f("ck_authority_limit_role_known"),
        ),
        sa.CheckConstraint(
            "status IN ('PROPOSED', 'CONFIRMED', 'REFUSED', 'REVOKED')", name=op.f("ck_authority_limit_status_known")
        ),
        sa.CheckConstraint(
            "status NOT IN ('CONFIRMED', 'REVOKED') OR confirmed_by_id IS NOT NULL",
            name=op.f("ck_authority_limit_confirmed_is_complete"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id",
            name=op.f("ck_authority_limit_confirmer_is_another"),
        ),
        sa.CheckConstraint("last_day IS NULL OR last_day >= first_day", name=op.f("ck_authority_limit_days_in_order")),
        sa.CheckConstraint("maximum_minor > 0", name=op.f("ck_authority_limit_maximum_positive")),
        sa.CheckConstraint(
            "second_checker_above_minor IS NULL OR second_checker_above_minor >= 0",
            name=op.f("ck_authority_limit_threshold_not_negative"),
        ),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_authority_limit_confirmed_by_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_authority_limit_institution_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_authority_limit_person_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_authority_limit_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority_limit")),
    )
    op.create_index(op.f("ix_authority_limit_institution_id"), "authority_limit", ["institution_id"], unique=False)
    op.create_index(op.f("ix_authority_limit_person_id"), "authority_limit", ["person_id"], unique=False)
    op.create_table(
        "bank_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("bank_name", sa.String(length=200), nullable=False),
        sa.Column("bank_side", sa.String(length=40), nullable=False),
        sa.Column("bic", sa.String(length=11), nullable=True),
        sa.Column("cnaps", sa.String(length=12), nullable=True),
        sa.Column("hk_bank_code", sa.String(length=3), nullable=True),
        sa.Column("number", sa.String(length=34), nullable=False),
        sa.Column("holder_name", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("change_reason", sa.String(length=400), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_by_id", sa.Uuid(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("call_back_note", sa.String(length=1000), nullable=False),
        sa.Column("cooling_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal_reason", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("bank_side IN ('SZ', 'HK', 'MO', 'OTHER')", name=op.f("ck_bank_account_bank_side_known")),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_bank_account_currency_known")),
        sa.CheckConstraint(
            "status IN ('ENTERED', 'VERIFIED', 'REPLACED', 'REFUSED')", name=op.f("ck_bank_account_status_known")
        ),
        sa.CheckConstraint(
            "status NOT IN ('VERIFIED', 'REPLACED') OR (verified_by_id IS NOT NULL AND verified_at IS NOT NULL AND cooling_until IS NOT NULL)",
            name=op.f("ck_bank_account_verified_is_complete"),
        ),
        sa.CheckConstraint(
            "verified_by_id IS NULL OR verified_by_id <> entered_by_id",
            name=op.f("ck_bank_account_verifier_is_another"),
        ),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_bank_account_entered_by_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_bank_account_institution_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["bank_account.id"], name=op.f("fk_bank_account_replaces_id")),
        sa.ForeignKeyConstraint(["verified_by_id"], ["person.id"], name=op.f("fk_bank_account_verified_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_account")),
    )
    op.create_index(op.f("ix_bank_account_entered_by_id"), "bank_account", ["entered_by_id"], unique=False)
    op.create_index(op.f("ix_bank_account_institution_id"), "bank_account", ["institution_id"], unique=False)
    op.create_index(op.f("ix_bank_account_verified_by_id"), "bank_account", ["verified_by_id"], unique=False)
    op.create_index(
        "uq_bank_account_live",
        "bank_account",
        ["institution_id", "currency", "number"],
        unique=True,
        postgresql_where=sa.text("status IN ('ENTERED', 'VERIFIED')"),
    )
    op.create_table(
        "bank_profile",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("code_kind", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("repertoire", sa.String(length=40), nullable=False),
        sa.Column("name_length", sa.Integer(), nullable=False),
        sa.Column("address_length", sa.Integer(), nullable=False),
        sa.Column("remittance_length", sa.Integer(), nullable=False),
        sa.Column("address_structured", sa.Boolean(), nullable=False),
        sa.Column("purpose_placement", sa.String(length=40), nullable=False),
        sa.Column("charge_bearer", sa.String(length=40), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(code_kind = 'NONE') = (code = '')", name=op.f("ck_bank_profile_code_of_its_kind")),
        sa.CheckConstraint(
            "charge_bearer IN ('SHAR', 'DEBT', 'CRED', 'SLEV')", name=op.f("ck_bank_profile_charge_bearer_known")
        ),
        sa.CheckConstraint(
            "code_kind IN ('NONE', 'BIC', 'CNAPS', 'HKNCC')", name=op.f("ck_bank_profile_code_kind_known")
        ),
        sa.CheckConstraint(
            "purpose_placement IN ('NOWHERE', 'PURPOSE', 'INSTRUCTION', 'REGULATORY', 'REMITTANCE')",
            name=op.f("ck_bank_profile_purpose_placement_known"),
        ),
        sa.CheckConstraint(
            "repertoire IN ('LATIN', 'GB18030', 'HKSCS')", name=op.f("ck_bank_profile_repertoire_known")
        ),
        sa.CheckConstraint("address_length BETWEEN 10 AND 70", name=op.f("ck_bank_profile_address_length_sensible")),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> entered_by_id", name=op.f("ck_bank_profile_second_person")
        ),
        sa.CheckConstraint(
            "institution_id IS NULL OR entered_by_id IS NOT NULL", name=op.f("ck_bank_profile_somebody_entered_it")
        ),
        sa.CheckConstraint("name_length BETWEEN 10 AND 140", name=op.f("ck_bank_profile_name_length_sensible")),
        sa.CheckConstraint(
            "remittance_length BETWEEN 10 AND 140", name=op.f("ck_bank_profile_remittance_length_sensible")
        ),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_bank_profile_confirmed_by_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_bank_profile_entered_by_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_bank_profile_institution_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_profile")),
    )
    op.create_index(op.f("ix_bank_profile_confirmed_by_id"), "bank_profile", ["confirmed_by_id"], unique=False)
    op.create_index(op.f("ix_bank_profile_entered_by_id"), "bank_profile", ["entered_by_id"], unique=False)
    op.create_index(op.f("ix_bank_profile_institution_id"), "bank_profile", ["institution_id"], unique=False)
    op.create_table(
        "budget_variation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("heading", sa.String(length=40), nullable=False),
        sa.Column("change_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("amendment_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approved_by_id", sa.Uuid(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_budget_variation_currency_known")),
        sa.CheckConstraint("change_minor <> 0", name=op.f("ck_budget_variation_change_not_nil")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_budget_variation_approved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_variation")),
    )
    op.create_index(op.f("ix_budget_variation_approved_by_id"), "budget_variation", ["approved_by_id"], unique=False)
    op.create_index(op.f("ix_budget_variation_contract_id"), "budget_variation", ["contract_id"], unique=False)
    op.create_table(
        "calendar_day",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("side IN ('SZ', 'HK')", name=op.f("ck_calendar_day_side_known")),
        sa.CheckConstraint(
            "status <> 'CONFIRMED' OR decided_by_id IS NOT NULL", name=op.f("ck_calendar_day_confirmed_is_complete")
        ),
        sa.CheckConstraint("status IN ('PROPOSED', 'CONFIRMED', 'REFUSED')", name=op.f("ck_calendar_day_status_known")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name=op.f("ck_calendar_day_second_person")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_calendar_day_decided_by_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_calendar_day_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_day")),
    )
    op.create_index(
        "ix_calendar_day_confirmed",
        "calendar_day",
        ["day"],
        unique=False,
        postgresql_where=sa.text("status = 'CONFIRMED'"),
    )
    op.create_index(op.f("ix_calendar_day_decided_by_id"), "calendar_day", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_calendar_day_proposed_by_id"), "calendar_day", ["proposed_by_id"], unique=False)
    op.create_table(
        "cooling_policy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id",
            name=op.f("ck_cooling_policy_confirmer_is_another"),
        ),
        sa.CheckConstraint("days BETWEEN 0 AND 90", name=op.f("ck_cooling_policy_days_sensible")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_cooling_policy_confirmed_by_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_cooling_policy_institution_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_cooling_policy_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cooling_policy")),
    )
    op.create_index(op.f("ix_cooling_policy_confirmed_by_id"), "cooling_policy", ["confirmed_by_id"], unique=False)
    op.create_index(op.f("ix_cooling_policy_institution_id"), "cooling_policy", ["institution_id"], unique=False)
    op.create_index(op.f("ix_cooling_policy_proposed_by_id"), "cooling_policy", ["proposed_by_id"], unique=False)
    op.create_table(
        "corridor_rate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("base_currency", sa.String(length=3), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("rate", sa.Numeric(precision=20, scale=10), nullable=False),
        sa.Column("rate_date", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("base_currency IN ('USD', 'CNY', 'HKD')", name=op.f("ck_corridor_rate_base_currency_known")),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_corridor_rate_currency_known")),
        sa.CheckConstraint(
            "status <> 'CONFIRMED' OR decided_by_id IS NOT NULL", name=op.f("ck_corridor_rate_confirmed_is_complete")
        ),
        sa.CheckConstraint(
            "status IN ('PROPOSED', 'CONFIRMED', 'REFUSED')", name=op.f("ck_corridor_rate_status_known")
        ),
        sa.CheckConstraint("base_currency <> currency", name=op.f("ck_corridor_rate_two_currencies")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name=op.f("ck_corridor_rate_second_person")
        ),
        sa.CheckConstraint("rate > 0", name=op.f("ck_corridor_rate_rate_positive")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_corridor_rate_decided_by_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_corridor_rate_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corridor_rate")),
    )
    op.create_index(op.f("ix_corridor_rate_decided_by_id"), "corridor_rate", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_corridor_rate_proposed_by_id"), "corridor_rate", ["proposed_by_id"], unique=False)
    op.create_table(
        "corridor_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_side", sa.String(length=40), nullable=False),
        sa.Column("to_side", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=True),
        sa.Column("payer_kind", sa.String(length=40), nullable=True),
        sa.Column("payee_kind", sa.String(length=40), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("above_minor", sa.BigInteger(), nullable=True),
        sa.Column("above_currency", sa.String(length=3), nullable=True),
        sa.Column("exempt_listed_on", sa.String(length=40), nullable=True),
        sa.Column("exempt_payer_kind", sa.String(length=40), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("code_list", sa.String(length=40), nullable=True),
        sa.Column("suggested", sa.String(length=40), nullable=False),
        sa.Column("blocks", sa.String(length=40), nullable=True),
        sa.Column("valid_days", sa.Integer(), nullable=True),
        sa.Column("due_days", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'CODE') = (code_list IS NOT NULL)", name=op.f("ck_corridor_rule_code_names_its_list")
        ),
        sa.CheckConstraint(
            "(kind = 'DECLARATION') = (due_days IS NOT NULL)", name=op.f("ck_corridor_rule_declaration_has_its_days")
        ),
        sa.CheckConstraint(
            "above_currency IN ('USD', 'CNY', 'HKD')", name=op.f("ck_corridor_rule_above_currency_known")
        ),
        sa.CheckConstraint(
            "blocks IN ('SUBMISSION', 'APPROVAL', 'RELEASE', 'AFTER')", name=op.f("ck_corridor_rule_blocks_known")
        ),
        sa.CheckConstraint(
            "code_list IN ('BALANCE_OF_PAYMENTS', 'RMB_PURPOSE')", name=op.f("ck_corridor_rule_code_list_known")
        ),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_corridor_rule_currency_known")),
        sa.CheckConstraint(
            "exempt_listed_on IN ('ZONE_ACCESS', 'DUTY_RELIEF', 'FUND_FLOW', 'PROFESSIONAL')",
            name=op.f("ck_corridor_rule_exempt_listed_on_known"),
        ),
        sa.CheckConstraint(
            "exempt_payer_kind IN ('FUNDER', 'UNIVERSITY', 'RESEARCH_INSTITUTE', 'ENTERPRISE', 'ZONE_AUTHORITY', 'REGULATOR', 'AUDIT_FIRM')",
            name=op.f("ck_corridor_rule_exempt_payer_kind_known"),
        ),
        sa.CheckConstraint("from_side IN ('SZ', 'HK', 'MO', 'OTHER')", name=op.f("ck_corridor_rule_from_side_known")),
        sa.CheckConstraint(
            "kind IN ('DOCUMENT', 'FILING', 'CODE', 'DECLARATION', 'NOTE')", name=op.f("ck_corridor_rule_kind_known")
        ),
        sa.CheckConstraint(
            "payee_kind IN ('FUNDER', 'UNIVERSITY', 'RESEARCH_INSTITUTE', 'ENTERPRISE', 'ZONE_AUTHORITY', 'REGULATOR', 'AUDIT_FIRM')",
            name=op.f("ck_corridor_rule_payee_kind_known"),
        ),
        sa.CheckConstraint(
            "payer_kind IN ('FUNDER', 'UNIVERSITY', 'RESEARCH_INSTITUTE', 'ENTERPRISE', 'ZONE_AUTHORITY', 'REGULATOR', 'AUDIT_FIRM')",
            name=op.f("ck_corridor_rule_payer_kind_known"),
        ),
        sa.CheckConstraint(
            "purpose IN ('GRANT', 'COMMISSIONED_RESEARCH', 'SERVICES', 'EQUITY', 'DONATION', 'SALARY')",
            name=op.f("ck_corridor_rule_purpose_known"),
        ),
        sa.CheckConstraint(
            "status <> 'CONFIRMED' OR proposed_by_id IS NULL OR decided_by_id IS NOT NULL",
            name=op.f("ck_corridor_rule_confirmed_is_complete"),
        ),
        sa.CheckConstraint(
            "status IN ('PROPOSED', 'CONFIRMED', 'REFUSED')", name=op.f("ck_corridor_rule_status_known")
        ),
        sa.CheckConstraint("to_side IN ('SZ', 'HK', 'MO', 'OTHER')", name=op.f("ck_corridor_rule_to_side_known")),
        sa.CheckConstraint(
            "(above_minor IS NULL) = (above_currency IS NULL)", name=op.f("ck_corridor_rule_threshold_is_complete")
        ),
        sa.CheckConstraint("above_minor >= 0", name=op.f("ck_corridor_rule_threshold_not_negative")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name=op.f("ck_corridor_rule_second_person")
        ),
        sa.CheckConstraint("from_side <> to_side", name=op.f("ck_corridor_rule_two_sides")),
        sa.CheckConstraint("last_day IS NULL OR last_day >= first_day", name=op.f("ck_corridor_rule_dates_ordered")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_corridor_rule_decided_by_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_corridor_rule_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corridor_rule")),
        sa.UniqueConstraint(
            "code",
            "from_side",
            "to_side",
            "purpose",
            "number",
            name=op.f("uq_corridor_rule_code_from_side_to_side_purpose_number"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("ix_corridor_rule_decided_by_id"), "corridor_rule", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_corridor_rule_proposed_by_id"), "corridor_rule", ["proposed_by_id"], unique=False)
    op.create_table(
        "delegation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("from_person_id", sa.Uuid(), nullable=False),
        sa.Column("to_person_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IN ('GRANT_OFFICER', 'PAYMENTS_OFFICER', 'ACCOUNTANT', 'PRINCIPAL_INVESTIGATOR', 'PROJECT_MANAGER', 'FINANCE_OFFICER', 'AUDITOR', 'FUND_MANAGER', 'WHITELIST_OFFICER', 'OVERSEER', 'ADMINISTRATOR')",
            name=op.f("ck_delegation_role_known"),
        ),
        sa.CheckConstraint(
            "status IN ('PROPOSED', 'CONFIRMED', 'REFUSED', 'REVOKED')", name=op.f("ck_delegation_status_known")
        ),
        sa.CheckConstraint(
            "status NOT IN ('CONFIRMED', 'REVOKED') OR confirmed_by_id IS NOT NULL",
            name=op.f("ck_delegation_confirmed_is_complete"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR (confirmed_by_id <> from_person_id AND confirmed_by_id <> to_person_id)",
            name=op.f("ck_delegation_confirmer_is_another"),
        ),
        sa.CheckConstraint("from_person_id <> to_person_id", name=op.f("ck_delegation_to_another")),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_delegation_days_in_order")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_delegation_confirmed_by_id")),
        sa.ForeignKeyConstraint(["from_person_id"], ["person.id"], name=op.f("fk_delegation_from_person_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_delegation_institution_id")),
        sa.ForeignKeyConstraint(["to_person_id"], ["person.id"], name=op.f("fk_delegation_to_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    op.create_index(op.f("ix_delegation_from_person_id"), "delegation", ["from_person_id"], unique=False)
    op.create_index(op.f("ix_delegation_institution_id"), "delegation", ["institution_id"], unique=False)
    op.create_index(op.f("ix_delegation_to_person_id"), "delegation", ["to_person_id"], unique=False)
    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("shared_content", sa.LargeBinary(), nullable=True),
        sa.Column("shared_media_type", sa.String(length=100), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=True),
        sa.Column("said", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("looks", sa.LargeBinary(), nullable=True),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("octet_length(sha256) = 32", name=op.f("ck_document_sha256_length")),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_document_not_empty")),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_document_added_by_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_document_institution_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint(
            "subject_kind", "subject_id", "sha256", name=op.f("uq_document_subject_kind_subject_id_sha256")
        ),
    )
    op.create_index(op.f("ix_document_added_by_id"), "document", ["added_by_id"], unique=False)
    op.create_index(op.f("ix_document_institution_id"), "document", ["institution_id"], unique=False)
    op.create_index(op.f("ix_document_sha256"), "document", ["sha256"], unique=False)
    op.create_table(
        "document_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('DIGITAL_INVOICE', 'INVOICE', 'SELLER_INVOICE', 'RECEIPT', 'FILE', 'PICTURE')",
            name=op.f("ck_document_key_kind_known"),
        ),
        sa.CheckConstraint("octet_length(digest) IN (8, 32)", name=op.f("ck_document_key_digest_length")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_document_key_institution_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_key")),
        sa.UniqueConstraint(
            "kind",
            "digest",
            "subject_kind",
            "subject_id",
            name=op.f("uq_document_key_kind_digest_subject_kind_subject_id"),
        ),
    )
    op.create_index(
        op.f("ix_document_key_subject_kind_subject_id"), "document_key", ["subject_kind", "subject_id"], unique=False
    )
    op.create_table(
        "exchange_rate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("base_currency", sa.String(length=3), nullable=False),
        sa.Column("quote_currency", sa.String(length=3), nullable=False),
        sa.Column("market", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.Column("rate", sa.Numeric(precision=20, scale=10), nullable=False),
        sa.Column("rate_date", sa.Date(), nullable=False),
        sa.Column("quoted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("base_currency IN ('CNY', 'HKD')", name=op.f("ck_exchange_rate_base_currency_known")),
        sa.CheckConstraint(
            "kind IN ('BUDGET', 'BOOKING', 'DEALT', 'PERIOD_END')", name=op.f("ck_exchange_rate_kind_known")
        ),
        sa.CheckConstraint("market IN ('ONSHORE', 'OFFSHORE')", name=op.f("ck_exchange_rate_market_known")),
        sa.CheckConstraint("quote_currency IN ('CNY', 'HKD')", name=op.f("ck_exchange_rate_quote_currency_known")),
        sa.CheckConstraint("status IN ('ENTERED', 'CONFIRMED', 'REFUSED')", name=op.f("ck_exchange_rate_status_known")),
        sa.CheckConstraint("base_currency <> quote_currency", name=op.f("ck_exchange_rate_two_currencies")),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> entered_by_id", name=op.f("ck_exchange_rate_second_person")
        ),
        sa.CheckConstraint("rate > 0", name=op.f("ck_exchange_rate_rate_positive")),
        sa.CheckConstraint("unit IN (1, 100)", name=op.f("ck_exchange_rate_unit_known")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_exchange_rate_confirmed_by_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_exchange_rate_entered_by_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_exchange_rate_institution_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rate")),
    )
    op.create_index(op.f("ix_exchange_rate_confirmed_by_id"), "exchange_rate", ["confirmed_by_id"], unique=False)
    op.create_index(op.f("ix_exchange_rate_entered_by_id"), "exchange_rate", ["entered_by_id"], unique=False)
    op.create_index(
        "ix_exchange_rate_institution_id",
        "exchange_rate",
        ["institution_id"],
        unique=False,
        postgresql_where=sa.text("institution_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_exchange_rate_rate_date"), "exchange_rate", ["rate_date"], unique=False)
    op.create_table(
        "fund",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("name_zh_hant", sa.String(length=200), nullable=False),
        sa.Column("name_zh_hans", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('GRANT')", name=op.f("ck_fund_kind_known")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_fund_not_own_parent")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_fund_created_by_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_fund_institution_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["fund.id"], name=op.f("fk_fund_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund")),
        sa.UniqueConstraint("reference", name=op.f("uq_fund_reference")),
    )
    op.create_index(op.f("ix_fund_created_by_id"), "fund", ["created_by_id"], unique=False)
    op.create_index(op.f("ix_fund_institution_id"), "fund", ["institution_id"], unique=False)
    op.create_index(op.f("ix_fund_parent_id"), "fund", ["parent_id"], unique=False)
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("permission", sa.String(length=60), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "kind IN ('CLAIM_TO_CHECK', 'CLAIM_TO_APPROVE', 'CLAIM_TO_PAY', 'CLAIM_RETURNED', 'CLAIM_REFUSED', 'CLAIM_APPROVED', 'CLAIM_PAID')",
            name=op.f("ck_outgoing_mail_kind_known"),
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_outgoing_mail_institution_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outgoing_mail_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
    )
    op.create_index(
        "ix_outgoing_mail_due",
        "outgoing_mail",
        ["next_try_at"],
        unique=False,
        postgresql_where=sa.text("sent_at IS NULL AND dropped_at IS NULL"),
    )
    op.create_index(op.f("ix_outgoing_mail_person_id"), "outgoing_mail", ["person_id"], unique=False)
    op.create_table(
        "party",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('SPONSOR', 'SUPPLIER', 'STAFF')", name=op.f("ck_party_kind_known")),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_party_added_by_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_party_institution_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
    )
    op.create_index(op.f("ix_party_added_by_id"), "party", ["added_by_id"], unique=False)
    op.create_index(
        op.f("ix_party_institution_id_kind_name_key"), "party", ["institution_id", "kind", "name_key"], unique=False
    )
    op.create_table(
        "password_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("token_sha256", sa.String(length=64), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> requested_by_id",
            name=op.f("ck_password_link_confirmer_is_another"),
        ),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_password_link_confirmed_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_password_link_person_id")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["person.id"], name=op.f("fk_password_link_requested_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_link")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_password_link_token_sha256")),
    )
    op.create_index(op.f("ix_password_link_person_id"), "password_link", ["person_id"], unique=False)
    op.create_table(
        "personal_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("hint", sa.String(length=12), nullable=False),
        sa.Column("scopes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_from", sa.String(length=64), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_personal_token_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_token")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_personal_token_token_sha256")),
    )
    op.create_index(op.f("ix_personal_token_person_id"), "personal_token", ["person_id"], unique=False)
    op.create_table(
        "policy_setting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Numeric(precision=20, scale=10), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "name IN ('booking-rate-max-age-days', 'largest-rate-step-percent', 'old-transfer-days', 'longest-delegation-days', 'sealing-alarm-minutes', 'per-diem-sz', 'per-diem-hk', 'mileage-sz', 'mileage-hk', 'quotation-from-cny', 'quotation-from-hkd', 'split-within-days', 'last-month-percent', 'bank-match-days', 'unmatched-line-days', 'changed-account-days', 'still-account-days', 'round-trip-days', 'late-payment-days', 'quote-difference-percent')",
            name=op.f("ck_policy_setting_name_known"),
        ),
        sa.CheckConstraint(
            "status <> 'CONFIRMED' OR decided_by_id IS NOT NULL", name=op.f("ck_policy_setting_confirmed_is_complete")
        ),
        sa.CheckConstraint(
            "status IN ('PROPOSED', 'CONFIRMED', 'REFUSED')", name=op.f("ck_policy_setting_status_known")
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name=op.f("ck_policy_setting_second_person")
        ),
        sa.CheckConstraint("value >= 0", name=op.f("ck_policy_setting_value_not_negative")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_policy_setting_decided_by_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_policy_setting_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_setting")),
    )
    op.create_index(op.f("ix_policy_setting_decided_by_id"), "policy_setting", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_policy_setting_proposed_by_id"), "policy_setting", ["proposed_by_id"], unique=False)
    op.create_table(
        "programme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("funder_id", sa.Uuid(), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("name_zh_hant", sa.String(length=200), nullable=False),
        sa.Column("name_zh_hans", sa.String(length=200), nullable=False),
        sa.Column("terms_family", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("year_end_month", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=40), nullable=False),
        sa.Column("holdback_percent", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("spending_limit", sa.String(length=40), nullable=False),
        sa.Column("whitelist_effect", sa.String(length=40), nullable=False),
        sa.Column("whitelist_kind", sa.String(length=40), nullable=False),
        sa.Column("overdue_scope", sa.String(length=40), nullable=False),
        sa.Column("collective_minutes_required", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("basis IN ('CASH', 'ACCRUAL')", name=op.f("ck_programme_basis_known")),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_programme_currency_known")),
        sa.CheckConstraint(
            "overdue_scope IN ('CONTRACT', 'PRINCIPAL_INVESTIGATOR', 'INSTITUTION')",
            name=op.f("ck_programme_overdue_scope_known"),
        ),
        sa.CheckConstraint(
            "spending_limit IN ('RECEIVED', 'CONTRACTED')", name=op.f("ck_programme_spending_limit_known")
        ),
        sa.CheckConstraint(
            "terms_family IN ('mainland_lump_sum', 'mainland_itemised', 'hetao_park', 'itf', 'rgc_one_line_vote')",
            name=op.f("ck_programme_terms_family_known"),
        ),
        sa.CheckConstraint(
            "whitelist_effect IN ('BLOCK', 'FACILITATED', 'INFORM')", name=op.f("ck_programme_whitelist_effect_known")
        ),
        sa.CheckConstraint("holdback_percent BETWEEN 0 AND 100", name=op.f("ck_programme_holdback_percent_range")),
        sa.CheckConstraint("year_end_month BETWEEN 1 AND 12", name=op.f("ck_programme_year_end_month_known")),
        sa.ForeignKeyConstraint(["funder_id"], ["institution.id"], name=op.f("fk_programme_funder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_code")),
    )
    op.create_index(op.f("ix_programme_funder_id"), "programme", ["funder_id"], unique=False)
    op.create_table(
        "project",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("title_zh_hant", sa.Text(), nullable=False),
        sa.Column("title_zh_hans", sa.Text(), nullable=False),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("confidentiality", sa.String(length=40), nullable=False),
        sa.Column("registered_by_id", sa.Uuid(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "confidentiality IN ('PUBLIC', 'INTERNAL', 'CONFIDENTIAL')", name=op.f("ck_project_confidentiality_known")
        ),
        sa.CheckConstraint(
            "title_en <> '' OR title_zh_hant <> '' OR title_zh_hans <> ''", name=op.f("ck_project_has_title")
        ),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_project_dates_ordered")),
        sa.ForeignKeyConstraint(["registered_by_id"], ["person.id"], name=op.f("fk_project_registered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("reference", name=op.f("uq_project_reference")),
    )
    op.create_index(op.f("ix_project_registered_by_id"), "project", ["registered_by_id"], unique=False)
    op.create_table(
        "rail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("currencies", sa.ARRAY(sa.String(length=3)), nullable=False),
        sa.Column("from_sides", sa.ARRAY(sa.String(length=12)), nullable=False),
        sa.Column("to_sides", sa.ARRAY(sa.String(length=12)), nullable=False),
        sa.Column("crossing", sa.Boolean(), nullable=False),
        sa.Column("payer_kinds", sa.ARRAY(sa.String(length=12)), nullable=False),
        sa.Column("payee_kinds", sa.ARRAY(sa.String(length=12)), nullable=False),
        sa.Column("opens_at", sa.Time(), nullable=True),
        sa.Column("closes_at", sa.Time(), nullable=True),
        sa.Column("cut_off", sa.Time(), nullable=True),
        sa.Column("days_of", sa.ARRAY(sa.String(length=12)), nullable=False),
        sa.Column("makeup_days", sa.Boolean(), nullable=False),
        sa.Column("largest_minor", sa.BigInteger(), nullable=True),
        sa.Column("largest_currency", sa.String(length=3), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "currencies <@ ARRAY['CNY', 'HKD']::varchar[] AND cardinality(currencies) > 0",
            name=op.f("ck_rail_currencies_known"),
        ),
        sa.CheckConstraint("days_of <@ ARRAY['SZ', 'HK']::varchar[]", name=op.f("ck_rail_days_of_known")),
        sa.CheckConstraint(
            "from_sides <@ ARRAY['SZ', 'HK', 'MO', 'OTHER']::varchar[] AND cardinality(from_sides) > 0",
            name=op.f("ck_rail_from_sides_known"),
        ),
        sa.CheckConstraint("largest_currency IN ('CNY', 'HKD')", name=op.f("ck_rail_largest_currency_known")),
        sa.CheckConstraint(
            "payee_kinds <@ ARRAY['INSTITUTION', 'PERSON']::varchar[] AND cardinality(payee_kinds) > 0",
            name=op.f("ck_rail_payee_kinds_known"),
        ),
        sa.CheckConstraint(
            "payer_kinds <@ ARRAY['INSTITUTION', 'PERSON']::varchar[] AND cardinality(payer_kinds) > 0",
            name=op.f("ck_rail_payer_kinds_known"),
        ),
        sa.CheckConstraint(
            "status <> 'CONFIRMED' OR decided_by_id IS NOT NULL OR proposed_by_id IS NULL",
            name=op.f("ck_rail_confirmed_is_complete"),
        ),
        sa.CheckConstraint("status IN ('PROPOSED', 'CONFIRMED', 'REFUSED')", name=op.f("ck_rail_status_known")),
        sa.CheckConstraint(
            "to_sides <@ ARRAY['SZ', 'HK', 'MO', 'OTHER']::varchar[] AND cardinality(to_sides) > 0",
            name=op.f("ck_rail_to_sides_known"),
        ),
        sa.CheckConstraint(
            "(largest_minor IS NULL) = (largest_currency IS NULL)", name=op.f("ck_rail_largest_has_currency")
        ),
        sa.CheckConstraint(
            "(opens_at IS NULL) = (cut_off IS NULL) AND (closes_at IS NULL) = (cut_off IS NULL) AND (cardinality(days_of) = 0) = (cut_off IS NULL)",
            name=op.f("ck_rail_hours_whole"),
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name=op.f("ck_rail_second_person")
        ),
        sa.CheckConstraint("largest_minor > 0", name=op.f("ck_rail_largest_positive")),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_rail_ends_after_start")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_rail_decided_by_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_rail_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rail")),
    )
    op.create_index("ix_rail_code", "rail", ["code", "first_day"], unique=False)
    op.create_index(op.f("ix_rail_decided_by_id"), "rail", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_rail_proposed_by_id"), "rail", ["proposed_by_id"], unique=False)
    op.create_table(
        "return_layout",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("columns", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("headings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_return_layout_changed_by_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_return_layout_institution_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_layout")),
    )
    op.create_index(op.f("ix_return_layout_changed_by_id"), "return_layout", ["changed_by_id"], unique=False)
    op.create_index(op.f("ix_return_layout_institution_id"), "return_layout", ["institution_id"], unique=True)
    op.create_table(
        "role_assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("by_operator", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("granted_by_id", sa.Uuid(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IN ('GRANT_OFFICER', 'PAYMENTS_OFFICER', 'ACCOUNTANT', 'PRINCIPAL_INVESTIGATOR', 'PROJECT_MANAGER', 'FINANCE_OFFICER', 'AUDITOR', 'FUND_MANAGER', 'WHITELIST_OFFICER', 'OVERSEER', 'ADMINISTRATOR')",
            name=op.f("ck_role_assignment_role_known"),
        ),
        sa.CheckConstraint(
            "status IN ('PROPOSED', 'CONFIRMED', 'REFUSED', 'REVOKED')", name=op.f("ck_role_assignment_status_known")
        ),
        sa.CheckConstraint(
            "status NOT IN ('CONFIRMED', 'REVOKED') OR confirmed_by_id IS NOT NULL OR by_operator",
            name=op.f("ck_role_assignment_confirmed_is_complete"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR (granted_by_id IS NOT NULL AND confirmed_by_id <> granted_by_id)",
            name=op.f("ck_role_assignment_confirmer_is_another"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> person_id",
            name=op.f("ck_role_assignment_not_confirmed_by_self"),
        ),
        sa.CheckConstraint(
            "granted_by_id IS NULL OR granted_by_id <> person_id", name=op.f("ck_role_assignment_not_granted_to_self")
        ),
        sa.CheckConstraint("last_day IS NULL OR last_day >= first_day", name=op.f("ck_role_assignment_days_in_order")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_role_assignment_confirmed_by_id")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["person.id"], name=op.f("fk_role_assignment_granted_by_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_role_assignment_institution_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_assignment_person_id")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["person.id"], name=op.f("fk_role_assignment_revoked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_assignment")),
    )
    op.create_index(op.f("ix_role_assignment_institution_id"), "role_assignment", ["institution_id"], unique=False)
    op.create_index(op.f("ix_role_assignment_person_id"), "role_assignment", ["person_id"], unique=False)
    op.create_index(
        "uq_role_assignment_live",
        "role_assignment",
        ["person_id", "role", "institution_id", "first_day"],
        unique=True,
        postgresql_where=sa.text("status IN ('PROPOSED', 'CONFIRMED')"),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_session_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_sign_in_session_token_sha256")),
    )
    op.create_index(op.f("ix_sign_in_session_person_id"), "sign_in_session", ["person_id"], unique=False)
    op.create_table(
        "voucher_profile",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("file_type", sa.String(length=40), nullable=False),
        sa.Column("columns", sa.String(length=300), nullable=False),
        sa.Column("date_format", sa.String(length=40), nullable=False),
        sa.Column("decimal_mark", sa.String(length=40), nullable=False),
        sa.Column("header", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "date_format IN ('YYYY-MM-DD', 'YYYYMMDD', 'YYYY/MM/DD', 'DD/MM/YYYY')",
            name=op.f("ck_voucher_profile_date_format_known"),
        ),
        sa.CheckConstraint("decimal_mark IN ('POINT', 'COMMA')", name=op.f("ck_voucher_profile_decimal_mark_known")),
        sa.CheckConstraint("file_type IN ('CSV', 'XLSX')", name=op.f("ck_voucher_profile_file_type_known")),
        sa.CheckConstraint(
            "status <> 'CONFIRMED' OR decided_by_id IS NOT NULL", name=op.f("ck_voucher_profile_confirmed_is_complete")
        ),
        sa.CheckConstraint(
            "status IN ('PROPOSED', 'CONFIRMED', 'REFUSED', 'REPLACED')", name=op.f("ck_voucher_profile_status_known")
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name=op.f("ck_voucher_profile_second_person")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_voucher_profile_decided_by_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_voucher_profile_institution_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_voucher_profile_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_profile")),
    )
    op.create_index(op.f("ix_voucher_profile_decided_by_id"), "voucher_profile", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_voucher_profile_institution_id"), "voucher_profile", ["institution_id"], unique=False)
    op.create_index(op.f("ix_voucher_profile_proposed_by_id"), "voucher_profile", ["proposed_by_id"], unique=False)
    op.create_index(
        "uq_voucher_profile_in_force",
        "voucher_profile",
        ["institution_id", "name"],
        unique=True,
        postgresql_where=sa.text("status = 'CONFIRMED'"),
    )
    op.create_table(
        "whitelist_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("subject_name", sa.String(length=200), nullable=False),
        sa.Column("subject_identifier", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("applied_by_id", sa.Uuid(), nullable=False),
        sa.Column("applied_for_id", sa.Uuid(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("listed_by_id", sa.Uuid(), nullable=True),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('ZONE_ACCESS', 'DUTY_RELIEF', 'FUND_FLOW', 'PROFESSIONAL')",
            name=op.f("ck_whitelist_entry_kind_known"),
        ),
        sa.CheckConstraint(
            "status IN ('APPLIED', 'LISTED', 'SUSPENDED', 'REMOVED')", name=op.f("ck_whitelist_entry_status_known")
        ),
        sa.CheckConstraint(
            "status NOT IN ('LISTED', 'SUSPENDED') OR (listed_by_id IS NOT NULL AND valid_from IS NOT NULL)",
            name=op.f("ck_whitelist_entry_listed_is_complete"),
        ),
        sa.CheckConstraint(
            "subject_kind = 'PERSON' OR person_id IS NULL", name=op.f("ck_whitelist_entry_person_only_for_persons")
        ),
        sa.CheckConstraint(
            "subject_kind IN ('INSTITUTION', 'ENTERPRISE', 'PERSON')",
            name=op.f("ck_whitelist_entry_subject_kind_known"),
        ),
        sa.CheckConstraint(
            "listed_by_id IS NULL OR listed_by_id <> applied_by_id", name=op.f("ck_whitelist_entry_lister_is_another")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from",
            name=op.f("ck_whitelist_entry_days_in_order"),
        ),
        sa.ForeignKeyConstraint(["applied_by_id"], ["person.id"], name=op.f("fk_whitelist_entry_applied_by_id")),
        sa.ForeignKeyConstraint(["applied_for_id"], ["institution.id"], name=op.f("fk_whitelist_entry_applied_for_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_whitelist_entry_institution_id")),
        sa.ForeignKeyConstraint(["listed_by_id"], ["person.id"], name=op.f("fk_whitelist_entry_listed_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_whitelist_entry_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whitelist_entry")),
    )
    op.create_index(op.f("ix_whitelist_entry_applied_by_id"), "whitelist_entry", ["applied_by_id"], unique=False)
    op.create_index(op.f("ix_whitelist_entry_applied_for_id"), "whitelist_entry", ["applied_for_id"], unique=False)
    op.create_index(op.f("ix_whitelist_entry_institution_id"), "whitelist_entry", ["institution_id"], unique=False)
    op.create_index(op.f("ix_whitelist_entry_listed_by_id"), "whitelist_entry", ["listed_by_id"], unique=False)
    op.create_index(op.f("ix_whitelist_entry_person_id"), "whitelist_entry", ["person_id"], unique=False)
    op.create_index(
        "ix_whitelist_entry_standing", "whitelist_entry", ["kind", "institution_id", "status"], unique=False
    )
    op.create_table(
        "bank_automatic_matching",
        sa.Column("bank_account_id", sa.Uuid(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_account.id"], name=op.f("fk_bank_automatic_matching_bank_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_bank_automatic_matching_changed_by_id")
        ),
        sa.PrimaryKeyConstraint("bank_account_id", name=op.f("pk_bank_automatic_matching")),
    )
    op.create_index(
        op.f("ix_bank_automatic_matching_changed_by_id"), "bank_automatic_matching", ["changed_by_id"], unique=False
    )
    op.create_table(
        "bank_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bank_account_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("asked", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("brought_by_id", sa.Uuid(), nullable=False),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "source IN ('HAND', 'CAMT_053', 'CAMT_054', 'MT940', 'TABLE')", name=op.f("ck_bank_file_source_known")
        ),
        sa.CheckConstraint("status IN ('WAITING', 'TAKEN')", name=op.f("ck_bank_file_status_known")),
        sa.CheckConstraint("octet_length(sha256) = 32", name=op.f("ck_bank_file_sha256_length")),
        sa.ForeignKeyConstraint(["bank_account_id"], ["bank_account.id"], name=op.f("fk_bank_file_bank_account_id")),
        sa.ForeignKeyConstraint(["brought_by_id"], ["person.id"], name=op.f("fk_bank_file_brought_by_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_bank_file_institution_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_file")),
        sa.UniqueConstraint("bank_account_id", "sha256", name=op.f("uq_bank_file_bank_account_id_sha256")),
    )
    op.create_index(op.f("ix_bank_file_brought_by_id"), "bank_file", ["brought_by_id"], unique=False)
    op.create_index(op.f("ix_bank_file_institution_id"), "bank_file", ["institution_id"], unique=False)
    op.create_table(
        "bank_mandate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bank_account_id", sa.Uuid(), nullable=False),
        sa.Column("above_minor", sa.BigInteger(), nullable=False),
        sa.Column("signatories", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("above_minor >= 0", name=op.f("ck_bank_mandate_above_not_negative")),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> entered_by_id", name=op.f("ck_bank_mandate_second_person")
        ),
        sa.CheckConstraint("signatories IN (1, 2)", name=op.f("ck_bank_mandate_signatories_known")),
        sa.ForeignKeyConstraint(["bank_account_id"], ["bank_account.id"], name=op.f("fk_bank_mandate_bank_account_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_bank_mandate_confirmed_by_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_bank_mandate_entered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_mandate")),
    )
    op.create_index(op.f("ix_bank_mandate_bank_account_id"), "bank_mandate", ["bank_account_id"], unique=False)
    op.create_index(op.f("ix_bank_mandate_confirmed_by_id"), "bank_mandate", ["confirmed_by_id"], unique=False)
    op.create_index(op.f("ix_bank_mandate_entered_by_id"), "bank_mandate", ["entered_by_id"], unique=False)
    op.create_table(
        "bank_match",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bank_account_id", sa.Uuid(), nullable=False),
        sa.Column("basis", sa.String(length=40), nullable=False),
        sa.Column("cleared_on", sa.Date(), nullable=False),
        sa.Column("matched_by_id", sa.Uuid(), nullable=False),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "basis IN ('BY_HAND', 'IDENTIFIER', 'BATCH', 'CHARGE', 'REFERENCE', 'ONE_PAYMENT', 'ONE_REFERENCE', 'RETURNED', 'AMOUNT_AND_DATE', 'REVERSAL')",
            name=op.f("ck_bank_match_basis_known"),
        ),
        sa.ForeignKeyConstraint(["bank_account_id"], ["bank_account.id"], name=op.f("fk_bank_match_bank_account_id")),
        sa.ForeignKeyConstraint(["matched_by_id"], ["person.id"], name=op.f("fk_bank_match_matched_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_match")),
    )
    op.create_index(op.f("ix_bank_match_bank_account_id"), "bank_match", ["bank_account_id"], unique=False)
    op.create_index(op.f("ix_bank_match_matched_by_id"), "bank_match", ["matched_by_id"], unique=False)
    op.create_table(
        "bank_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bank_account_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("bank_number", sa.String(length=60), nullable=False),
        sa.Column("taken_by_id", sa.Uuid(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bank_account_id"], ["bank_account.id"], name=op.f("fk_bank_notice_bank_account_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_bank_notice_institution_id")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["person.id"], name=op.f("fk_bank_notice_taken_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_notice")),
    )
    op.create_index(op.f("ix_bank_notice_bank_account_id"), "bank_notice", ["bank_account_id"], unique=False)
    op.create_index(op.f("ix_bank_notice_institution_id"), "bank_notice", ["institution_id"], unique=False)
    op.create_index(op.f("ix_bank_notice_taken_by_id"), "bank_notice", ["taken_by_id"], unique=False)
    op.create_table(
        "bank_reconciliation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bank_account_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("bank_minor", sa.BigInteger(), nullable=False),
        sa.Column("book_minor", sa.BigInteger(), nullable=False),
        sa.Column("postings_minor", sa.BigInteger(), nullable=False),
        sa.Column("lines_minor", sa.BigInteger(), nullable=False),
        sa.Column("forward_minor", sa.BigInteger(), nullable=False),
        sa.Column("open_postings", sa.Integer(), nullable=False),
        sa.Column("open_lines", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("prepared_by_id", sa.Uuid(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_by_id", sa.Uuid(), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_bank_reconciliation_currency_known")),
        sa.CheckConstraint(
            "status <> 'APPROVED' OR approved_by_id IS NOT NULL",
            name=op.f("ck_bank_reconciliation_approved_is_complete"),
        ),
        sa.CheckConstraint(
            "status IN ('PREPARED', 'APPROVED', 'RETURNED')", name=op.f("ck_bank_reconciliation_status_known")
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> prepared_by_id",
            name=op.f("ck_bank_reconciliation_second_person"),
        ),
        sa.CheckConstraint(
            "bank_minor + postings_minor - lines_minor + forward_minor = book_minor",
            name=op.f("ck_bank_reconciliation_balances_reconcile"),
        ),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_bank_reconciliation_approved_by_id")),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_account.id"], name=op.f("fk_bank_reconciliation_bank_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_bank_reconciliation_institution_id")
        ),
        sa.ForeignKeyConstraint(["prepared_by_id"], ["person.id"], name=op.f("fk_bank_reconciliation_prepared_by_id")),
        sa.ForeignKeyConstraint(["returned_by_id"], ["person.id"], name=op.f("fk_bank_reconciliation_returned_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_reconciliation")),
    )
    op.create_index(
        op.f("ix_bank_reconciliation_approved_by_id"), "bank_reconciliation", ["approved_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_bank_reconciliation_bank_account_id"), "bank_reconciliation", ["bank_account_id"], unique=False
    )
    op.create_index(
        op.f("ix_bank_reconciliation_institution_id"), "bank_reconciliation", ["institution_id"], unique=False
    )
    op.create_index(
        op.f("ix_bank_reconciliation_prepared_by_id"), "bank_reconciliation", ["prepared_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_bank_reconciliation_returned_by_id"), "bank_reconciliation", ["returned_by_id"], unique=False
    )
    op.create_index(
        "uq_bank_reconciliation_standing",
        "bank_reconciliation",
        ["bank_account_id", "month"],
        unique=True,
        postgresql_where=sa.text("status <> 'RETURNED'"),
    )
    op.create_table(
        "budget_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.CheckConstraint("(kind = 'ITEM') = (line <> '')", name=op.f("ck_budget_request_item_names_its_line")),
        sa.CheckConstraint("(kind = 'YEAR') = (year > 0)", name=op.f("ck_budget_request_year_is_named")),
        sa.CheckConstraint(
            "(status = 'PROPOSED') = (decided_by_id IS NULL)", name=op.f("ck_budget_request_decided_by_someone")
        ),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_budget_request_currency_known")),
        sa.CheckConstraint("kind IN ('ITEM', 'YEAR')", name=op.f("ck_budget_request_kind_known")),
        sa.CheckConstraint(
            "status IN ('PROPOSED', 'APPROVED', 'REFUSED')", name=op.f("ck_budget_request_status_known")
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> asked_by_id", name=op.f("ck_budget_request_second_person")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_budget_request_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_budget_request_decided_by_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_budget_request_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_request")),
        sa.UniqueConstraint("contract_id", "number", name=op.f("uq_budget_request_contract_id_number")),
    )
    op.create_index(op.f("ix_budget_request_asked_by_id"), "budget_request", ["asked_by_id"], unique=False)
    op.create_index(op.f("ix_budget_request_contract_id"), "budget_request", ["contract_id"], unique=False)
    op.create_index(op.f("ix_budget_request_decided_by_id"), "budget_request", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_budget_request_document_id"), "budget_request", ["document_id"], unique=False)
    op.create_table(
        "engagement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by_id", sa.Uuid(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('HKSA_800', 'HKSA_805', 'HKSAE_3000', 'HKSRS_4400', 'REVIEW')",
            name=op.f("ck_engagement_kind_known"),
        ),
        sa.CheckConstraint(
            "status IN ('PROPOSED', 'GRANTED', 'REFUSED', 'ENDED')", name=op.f("ck_engagement_status_known")
        ),
        sa.CheckConstraint(
            "status NOT IN ('GRANTED', 'ENDED') OR granted_by_id IS NOT NULL",
            name=op.f("ck_engagement_granted_by_someone"),
        ),
        sa.CheckConstraint(
            "granted_by_id IS NULL OR granted_by_id <> proposed_by_id", name=op.f("ck_engagement_second_person")
        ),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_engagement_days_in_order")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_engagement_ended_by_id")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["person.id"], name=op.f("fk_engagement_granted_by_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_engagement_institution_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_engagement_project_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_engagement_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement")),
        sa.UniqueConstraint("reference", name=op.f("uq_engagement_reference")),
    )
    op.create_index(op.f("ix_engagement_institution_id"), "engagement", ["institution_id"], unique=False)
    op.create_index(op.f("ix_engagement_project_id"), "engagement", ["project_id"], unique=False)
    op.create_table(
        "journal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("bank_account_id", sa.Uuid(), nullable=True),
        sa.Column("counterparty", sa.String(length=200), nullable=False),
        sa.Column("reverses_entry_id", sa.Integer(), nullable=True),
        sa.Column("moves_entry_id", sa.Integer(), nullable=True),
        sa.Column("negative_list_declared", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("red_entry_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('COST', 'PAYROLL_RECHARGE', 'OVERHEAD_CHARGE', 'CLAIM_ACCRUED', 'CLAIM_PAID', 'ADVANCE', 'ADVANCE_CLEARED', 'BANK_CHARGE', 'INTEREST', 'SPONSORSHIP', 'ASSET_SALE', 'SUPPLIER_REFUND', 'COST_TRANSFER', 'DISALLOWED', 'EXCHANGE_CLOSED_OUT', 'REVERSAL')",
            name=op.f("ck_journal_kind_known"),
        ),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'SUBMITTED', 'APPROVED', 'RETURNED', 'REFUSED')", name=op.f("ck_journal_status_known")
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> made_by_id", name=op.f("ck_journal_second_person")
        ),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_journal_approved_by_id")),
        sa.ForeignKeyConstraint(["bank_account_id"], ["bank_account.id"], name=op.f("fk_journal_bank_account_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_journal_institution_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_journal_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("reference", name=op.f("uq_journal_reference")),
    )
    op.create_index(op.f("ix_journal_approved_by_id"), "journal", ["approved_by_id"], unique=False)
    op.create_index(op.f("ix_journal_bank_account_id"), "journal", ["bank_account_id"], unique=False)
    op.create_index(op.f("ix_journal_institution_id"), "journal", ["institution_id"], unique=False)
    op.create_index(op.f("ix_journal_made_by_id"), "journal", ["made_by_id"], unique=False)
    op.create_table(
        "party_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("shown", sa.String(length=20), nullable=False),
        sa.CheckConstraint("kind IN ('ACCOUNT', 'ADDRESS', 'PHONE')", name=op.f("ck_party_mark_kind_known")),
        sa.CheckConstraint("octet_length(digest) = 32", name=op.f("ck_party_mark_digest_length")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_party_mark_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_mark")),
        sa.UniqueConstraint("party_id", "kind", name=op.f("uq_party_mark_party_id_kind")),
    )
    op.create_index(op.f("ix_party_mark_digest"), "party_mark", ["digest"], unique=False)
    op.create_index(op.f("ix_party_mark_party_id"), "party_mark", ["party_id"], unique=False)
    op.create_table(
        "payment_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=35), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("bank_account_id", sa.Uuid(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("rail", sa.String(length=35), nullable=False),
        sa.Column("execute_on", sa.Date(), nullable=False),
        sa.Column("purpose_code", sa.String(length=10), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("payment_count", sa.Integer(), nullable=False),
        sa.Column("snapshot", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("signatories", sa.Integer(), nullable=False),
        sa.Column("maker_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bank_reference", sa.String(length=200), nullable=False),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_payment_file_currency_known")),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'SIGNED', 'SENT', 'ANSWERED', 'WITHDRAWN')", name=op.f("ck_payment_file_status_known")
        ),
        sa.CheckConstraint("octet_length(sha256) = 32", name=op.f("ck_payment_file_sha256_length")),
        sa.CheckConstraint("signatories IN (1, 2)", name=op.f("ck_payment_file_signatories_known")),
        sa.CheckConstraint("total_minor > 0 AND payment_count > 0", name=op.f("ck_payment_file_not_empty")),
        sa.ForeignKeyConstraint(["bank_account_id"], ["bank_account.id"], name=op.f("fk_payment_file_bank_account_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_payment_file_institution_id")),
        sa.ForeignKeyConstraint(["maker_id"], ["person.id"], name=op.f("fk_payment_file_maker_id")),
        sa.ForeignKeyConstraint(["profile_id"], ["bank_profile.id"], name=op.f("fk_payment_file_profile_id")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"], name=op.f("fk_payment_file_sent_by_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["person.id"], name=op.f("fk_payment_file_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_file")),
        sa.UniqueConstraint("reference", name=op.f("uq_payment_file_reference")),
    )
    op.create_index(op.f("ix_payment_file_bank_account_id"), "payment_file", ["bank_account_id"], unique=False)
    op.create_index(op.f("ix_payment_file_institution_id"), "payment_file", ["institution_id"], unique=False)
    op.create_index("ix_payment_file_list", "payment_file", ["institution_id", "status", "made_at"], unique=False)
    op.create_index(op.f("ix_payment_file_maker_id"), "payment_file", ["maker_id"], unique=False)
    op.create_index(op.f("ix_payment_file_profile_id"), "payment_file", ["profile_id"], unique=False)
    op.create_index(op.f("ix_payment_file_sent_by_id"), "payment_file", ["sent_by_id"], unique=False)
    op.create_index(op.f("ix_payment_file_withdrawn_by_id"), "payment_file", ["withdrawn_by_id"], unique=False)
    op.create_table(
        "pocket",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fund_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_pocket_currency_known")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_pocket_fund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pocket")),
        sa.UniqueConstraint("fund_id", "currency", name=op.f("uq_pocket_fund_id_currency")),
    )
    op.create_index(op.f("ix_pocket_fund_id"), "pocket", ["fund_id"], unique=False)
    op.create_table(
        "project_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("team_role", sa.String(length=40), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "team_role IN ('PRINCIPAL_INVESTIGATOR', 'CO_INVESTIGATOR', 'PROJECT_MANAGER', 'MEMBER')",
            name=op.f("ck_project_member_team_role_known"),
        ),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_project_member_institution_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_project_member_person_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_member_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_member")),
        sa.UniqueConstraint(
            "project_id", "person_id", "team_role", name=op.f("uq_project_member_project_id_person_id_team_role")
        ),
    )
    op.create_index(op.f("ix_project_member_institution_id"), "project_member", ["institution_id"], unique=False)
    op.create_index(op.f("ix_project_member_person_id"), "project_member", ["person_id"], unique=False)
    op.create_index(op.f("ix_project_member_project_id"), "project_member", ["project_id"], unique=False)
    op.create_table(
        "project_party",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_project_party_institution_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_party_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_party")),
        sa.UniqueConstraint("project_id", "institution_id", name=op.f("uq_project_party_project_id_institution_id")),
    )
    op.create_index(op.f("ix_project_party_institution_id"), "project_party", ["institution_id"], unique=False)
    op.create_index(op.f("ix_project_party_project_id"), "project_party", ["project_id"], unique=False)
    op.create_table(
        "terms_parameter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "status IN ('PROPOSED', 'CONFIRMED', 'REFUSED')", name=op.f("ck_terms_parameter_status_known")
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> entered_by_id", name=op.f("ck_terms_parameter_second_person")
        ),
        sa.CheckConstraint("last_day IS NULL OR last_day >= first_day", name=op.f("ck_terms_parameter_dates_ordered")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_terms_parameter_confirmed_by_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_terms_parameter_entered_by_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_terms_parameter_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms_parameter")),
    )
    op.create_index(op.f("ix_terms_parameter_confirmed_by_id"), "terms_parameter", ["confirmed_by_id"], unique=False)
    op.create_index(op.f("ix_terms_parameter_entered_by_id"), "terms_parameter", ["entered_by_id"], unique=False)
    op.create_index(op.f("ix_terms_parameter_programme_id"), "terms_parameter", ["programme_id"], unique=False)
    op.create_table(
        "bank_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_file_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.String(length=35), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.Column("taken_by_id", sa.Uuid(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("octet_length(sha256) = 32", name=op.f("ck_bank_answer_sha256_length")),
        sa.ForeignKeyConstraint(["payment_file_id"], ["payment_file.id"], name=op.f("fk_bank_answer_payment_file_id")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["person.id"], name=op.f("fk_bank_answer_taken_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_answer")),
        sa.UniqueConstraint("payment_file_id", "message_id", name=op.f("uq_bank_answer_payment_file_id_message_id")),
        sa.UniqueConstraint("payment_file_id", "sha256", name=op.f("uq_bank_answer_payment_file_id_sha256")),
    )
    op.create_index(op.f("ix_bank_answer_payment_file_id"), "bank_answer", ["payment_file_id"], unique=False)
    op.create_index(op.f("ix_bank_answer_taken_by_id"), "bank_answer", ["taken_by_id"], unique=False)
    op.create_table(
        "bank_match_posting",
        sa.Column("entry_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["match_id"], ["bank_match.id"], name=op.f("fk_bank_match_posting_match_id")),
        sa.PrimaryKeyConstraint("entry_id", "line_no", name=op.f("pk_bank_match_posting")),
    )
    op.create_index(op.f("ix_bank_match_posting_match_id"), "bank_match_posting", ["match_id"], unique=False)
    op.create_table(
        "bank_notice_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("bank_account_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("value_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("bank_reference", sa.String(length=200), nullable=False),
        sa.Column("end_to_end", sa.Text(), nullable=False),
        sa.Column("uetr", sa.Text(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("clearing_reference", sa.String(length=200), nullable=False),
        sa.Column("counterparty", sa.String(length=200), nullable=False),
        sa.Column("counterparty_account", sa.String(length=40), nullable=False),
        sa.Column("charge_minor", sa.BigInteger(), nullable=True),
        sa.Column("return_reason", sa.String(length=200), nullable=False),
        sa.Column("reversal", sa.Boolean(), nullable=False),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_bank_notice_entry_currency_known")),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_bank_notice_entry_amount_not_nil")),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_account.id"], name=op.f("fk_bank_notice_entry_bank_account_id")
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["bank_notice.id"], name=op.f("fk_bank_notice_entry_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_notice_entry")),
        sa.UniqueConstraint("notice_id", "number", name=op.f("uq_bank_notice_entry_notice_id_number")),
    )
    op.create_index(
        "ix_bank_notice_entry_reference", "bank_notice_entry", ["bank_account_id", "bank_reference"], unique=False
    )
    op.create_table(
        "bank_statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("bank_account_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("bank_number", sa.String(length=60), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("opening_minor", sa.BigInteger(), nullable=False),
        sa.Column("closing_minor", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawal_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_bank_statement_currency_known")),
        sa.CheckConstraint(
            "source IN ('HAND', 'CAMT_053', 'CAMT_054', 'MT940', 'TABLE')", name=op.f("ck_bank_statement_source_known")
        ),
        sa.CheckConstraint("status IN ('STANDING', 'WITHDRAWN')", name=op.f("ck_bank_statement_status_known")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_bank_statement_days_in_order")),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_account.id"], name=op.f("fk_bank_statement_bank_account_id")
        ),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_bank_statement_entered_by_id")),
        sa.ForeignKeyConstraint(["file_id"], ["bank_file.id"], name=op.f("fk_bank_statement_file_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_bank_statement_institution_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_statement")),
        sa.UniqueConstraint("reference", name=op.f("uq_bank_statement_reference")),
    )
    op.create_index(op.f("ix_bank_statement_bank_account_id"), "bank_statement", ["bank_account_id"], unique=False)
    op.create_index(op.f("ix_bank_statement_entered_by_id"), "bank_statement", ["entered_by_id"], unique=False)
    op.create_index(op.f("ix_bank_statement_file_id"), "bank_statement", ["file_id"], unique=False)
    op.create_index(op.f("ix_bank_statement_institution_id"), "bank_statement", ["institution_id"], unique=False)
    op.create_index(
        "uq_bank_statement_span",
        "bank_statement",
        ["bank_account_id", "first_day"],
        unique=True,
        postgresql_where=sa.text("status = 'STANDING'"),
    )
    op.create_table(
        "contract",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("agreement_number", sa.String(length=200), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("funder_id", sa.Uuid(), nullable=False),
        sa.Column("grantee_id", sa.Uuid(), nullable=False),
        sa.Column("pocket_id", sa.Uuid(), nullable=False),
        sa.Column("grantee_account_id", sa.Uuid(), nullable=True),
        sa.Column("funding_mode", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("budget_rate", sa.Numeric(precision=20, scale=10), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("governing_law", sa.String(length=200), nullable=False),
        sa.Column("dispute_forum", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=True),
        sa.Column("commitment_letter_id", sa.Uuid(), nullable=True),
        sa.Column("minutes_document_id", sa.Uuid(), nullable=True),
        sa.Column("negative_list_declared", sa.Boolean(), nullable=False),
        sa.Column("drafted_by_id", sa.Uuid(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by_id", sa.Uuid(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("closing_from", sa.Date(), nullable=True),
        sa.Column("closing_started_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("status_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_contract_currency_known")),
        sa.CheckConstraint(
            "funding_mode IN ('LUMP_SUM', 'ITEMISED', 'ONE_LINE_VOTE')", name=op.f("ck_contract_funding_mode_known")
        ),
        sa.CheckConstraint(
            "purpose IN ('GRANT', 'COMMISSIONED_RESEARCH', 'SERVICES', 'EQUITY', 'DONATION', 'SALARY')",
            name=op.f("ck_contract_purpose_known"),
        ),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'SIGNED', 'ACTIVE', 'SUSPENDED', 'CLOSING', 'CLOSED', 'TERMINATED')",
            name=op.f("ck_contract_status_known"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_contract_amount_positive")),
        sa.CheckConstraint("funder_id <> grantee_id", name=op.f("ck_contract_two_parties")),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_contract_dates_ordered")),
        sa.CheckConstraint(
            "signed_by_id IS NULL OR signed_by_id <> drafted_by_id", name=op.f("ck_contract_second_person_signs")
        ),
        sa.ForeignKeyConstraint(
            ["closing_started_by_id"], ["person.id"], name=op.f("fk_contract_closing_started_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["commitment_letter_id"], ["document.id"], name=op.f("fk_contract_commitment_letter_id")
        ),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["person.id"], name=op.f("fk_contract_drafted_by_id")),
        sa.ForeignKeyConstraint(["funder_id"], ["institution.id"], name=op.f("fk_contract_funder_id")),
        sa.ForeignKeyConstraint(
            ["grantee_account_id"], ["bank_account.id"], name=op.f("fk_contract_grantee_account_id")
        ),
        sa.ForeignKeyConstraint(["grantee_id"], ["institution.id"], name=op.f("fk_contract_grantee_id")),
        sa.ForeignKeyConstraint(["minutes_document_id"], ["document.id"], name=op.f("fk_contract_minutes_document_id")),
        sa.ForeignKeyConstraint(["pocket_id"], ["pocket.id"], name=op.f("fk_contract_pocket_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_contract_programme_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_contract_project_id")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["person.id"], name=op.f("fk_contract_signed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("reference", name=op.f("uq_contract_reference")),
    )
    op.create_index(op.f("ix_contract_closing_started_by_id"), "contract", ["closing_started_by_id"], unique=False)
    op.create_index(op.f("ix_contract_commitment_letter_id"), "contract", ["commitment_letter_id"], unique=False)
    op.create_index(op.f("ix_contract_drafted_by_id"), "contract", ["drafted_by_id"], unique=False)
    op.create_index(op.f("ix_contract_funder_id"), "contract", ["funder_id"], unique=False)
    op.create_index(op.f("ix_contract_grantee_account_id"), "contract", ["grantee_account_id"], unique=False)
    op.create_index(op.f("ix_contract_grantee_id"), "contract", ["grantee_id"], unique=False)
    op.create_index(op.f("ix_contract_minutes_document_id"), "contract", ["minutes_document_id"], unique=False)
    op.create_index(op.f("ix_contract_pocket_id"), "contract", ["pocket_id"], unique=False)
    op.create_index(op.f("ix_contract_programme_id"), "contract", ["programme_id"], unique=False)
    op.create_index(op.f("ix_contract_project_id"), "contract", ["project_id"], unique=False)
    op.create_index(op.f("ix_contract_signed_by_id"), "contract", ["signed_by_id"], unique=False)
    op.create_table(
        "engagement_auditor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_engagement_auditor_engagement_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_engagement_auditor_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_auditor")),
        sa.UniqueConstraint("engagement_id", "person_id", name=op.f("uq_engagement_auditor_engagement_id_person_id")),
    )
    op.create_index(op.f("ix_engagement_auditor_engagement_id"), "engagement_auditor", ["engagement_id"], unique=False)
    op.create_index(op.f("ix_engagement_auditor_person_id"), "engagement_auditor", ["person_id"], unique=False)
    op.create_table(
        "engagement_pack",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("step", sa.String(length=200), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status <> 'READY' OR sha256 IS NOT NULL", name=op.f("ck_engagement_pack_ready_is_whole")),
        sa.CheckConstraint(
            "status IN ('WAITING', 'RUNNING', 'READY', 'FAILED')", name=op.f("ck_engagement_pack_status_known")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_engagement_pack_asked_by_id")),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_engagement_pack_engagement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_pack")),
    )
    op.create_index(op.f("ix_engagement_pack_engagement_id"), "engagement_pack", ["engagement_id"], unique=False)
    op.create_index(
        "uq_engagement_pack_running",
        "engagement_pack",
        ["engagement_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('WAITING', 'RUNNING')"),
    )
    op.create_table(
        "engagement_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_of_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status <> 'ANSWERED' OR answered_at IS NOT NULL", name=op.f("ck_engagement_question_answered_at_some_time")
        ),
        sa.CheckConstraint(
            "status IN ('OPEN', 'ANSWERED', 'CLOSED')", name=op.f("ck_engagement_question_status_known")
        ),
        sa.CheckConstraint("asked_by_id <> asked_of_id", name=op.f("ck_engagement_question_asked_of_another")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_engagement_question_asked_by_id")),
        sa.ForeignKeyConstraint(["asked_of_id"], ["person.id"], name=op.f("fk_engagement_question_asked_of_id")),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_engagement_question_engagement_id")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_engagement_question_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_question")),
        sa.UniqueConstraint("engagement_id", "number", name=op.f("uq_engagement_question_engagement_id_number")),
    )
    op.create_index("ix_engagement_question_asked_of", "engagement_question", ["asked_of_id", "status"], unique=False)
    op.create_index(
        op.f("ix_engagement_question_engagement_id"), "engagement_question", ["engagement_id"], unique=False
    )
    op.create_table(
        "engagement_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('BANK_CONFIRMATION', 'FUNDER_CONFIRMATION', 'REPRESENTATION_LETTER', 'SUBSEQUENT_EVENT', 'PROCEDURE')",
            name=op.f("ck_engagement_record_kind_known"),
        ),
        sa.CheckConstraint(
            "status IN ('OPEN', 'SENT', 'RECEIVED', 'DONE', 'NOT_NEEDED')",
            name=op.f("ck_engagement_record_status_known"),
        ),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_engagement_record_engagement_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_engagement_record_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_record")),
        sa.UniqueConstraint("engagement_id", "number", name=op.f("uq_engagement_record_engagement_id_number")),
    )
    op.create_index(op.f("ix_engagement_record_engagement_id"), "engagement_record", ["engagement_id"], unique=False)
    op.create_table(
        "engagement_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("screen", sa.String(length=60), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_engagement_view_engagement_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_engagement_view_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_view")),
    )
    op.create_index("ix_engagement_view_engagement_at", "engagement_view", ["engagement_id", "at"], unique=False)
    op.create_index(op.f("ix_engagement_view_person_id"), "engagement_view", ["person_id"], unique=False)
    op.create_table(
        "engagement_working_paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("line_no", sa.Integer(), nullable=True),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('TICK', 'NOTE')", name=op.f("ck_engagement_working_paper_kind_known")),
        sa.CheckConstraint("octet_length(nonce) = 12", name=op.f("ck_engagement_working_paper_nonce_length")),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_engagement_working_paper_engagement_id")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_engagement_working_paper_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_working_paper")),
    )
    op.create_index(
        op.f("ix_engagement_working_paper_engagement_id"), "engagement_working_paper", ["engagement_id"], unique=False
    )
    op.create_table(
        "file_signature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_file_id", sa.Uuid(), nullable=False),
        sa.Column("signatory_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("octet_length(sha256) = 32", name=op.f("ck_file_signature_sha256_length")),
        sa.ForeignKeyConstraint(
            ["payment_file_id"], ["payment_file.id"], name=op.f("fk_file_signature_payment_file_id")
        ),
        sa.ForeignKeyConstraint(["signatory_id"], ["person.id"], name=op.f("fk_file_signature_signatory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_signature")),
        sa.UniqueConstraint(
            "payment_file_id", "signatory_id", name=op.f("uq_file_signature_payment_file_id_signatory_id")
        ),
    )
    op.create_index(op.f("ix_file_signature_payment_file_id"), "file_signature", ["payment_file_id"], unique=False)
    op.create_index(op.f("ix_file_signature_signatory_id"), "file_signature", ["signatory_id"], unique=False)
    op.create_table(
        "forward_cover",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("pocket_id", sa.Uuid(), nullable=False),
        sa.Column("bank", sa.String(length=200), nullable=False),
        sa.Column("bank_reference", sa.String(length=200), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("rate", sa.Numeric(precision=20, scale=10), nullable=False),
        sa.Column("rate_base", sa.String(length=3), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_forward_cover_currency_known")),
        sa.CheckConstraint("rate_base IN ('CNY', 'HKD')", name=op.f("ck_forward_cover_rate_base_known")),
        sa.CheckConstraint("status IN ('ENTERED', 'CONFIRMED', 'REFUSED')", name=op.f("ck_forward_cover_status_known")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_forward_cover_amount_positive")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> entered_by_id", name=op.f("ck_forward_cover_second_person")
        ),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_forward_cover_days_in_order")),
        sa.CheckConstraint("rate > 0", name=op.f("ck_forward_cover_rate_positive")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_forward_cover_decided_by_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_forward_cover_entered_by_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_forward_cover_institution_id")),
        sa.ForeignKeyConstraint(["pocket_id"], ["pocket.id"], name=op.f("fk_forward_cover_pocket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forward_cover")),
    )
    op.create_index(op.f("ix_forward_cover_decided_by_id"), "forward_cover", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_forward_cover_entered_by_id"), "forward_cover", ["entered_by_id"], unique=False)
    op.create_index(op.f("ix_forward_cover_institution_id"), "forward_cover", ["institution_id"], unique=False)
    op.create_index(op.f("ix_forward_cover_pocket_id"), "forward_cover", ["pocket_id"], unique=False)
    op.create_table(
        "fund_movement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("from_pocket_id", sa.Uuid(), nullable=True),
        sa.Column("to_pocket_id", sa.Uuid(), nullable=False),
        sa.Column("bank_account_id", sa.Uuid(), nullable=True),
        sa.Column("contributor", sa.String(length=200), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("value_date", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_fund_movement_currency_known")),
        sa.CheckConstraint(
            "kind IN ('CONTRIBUTION', 'ALLOCATION', 'RETURN_TO_PARENT')", name=op.f("ck_fund_movement_kind_known")
        ),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'SUBMITTED', 'APPROVED', 'REFUSED')", name=op.f("ck_fund_movement_status_known")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_fund_movement_amount_positive")),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> entered_by_id", name=op.f("ck_fund_movement_second_person")
        ),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_fund_movement_approved_by_id")),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_account.id"], name=op.f("fk_fund_movement_bank_account_id")
        ),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_fund_movement_entered_by_id")),
        sa.ForeignKeyConstraint(["from_pocket_id"], ["pocket.id"], name=op.f("fk_fund_movement_from_pocket_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_fund_movement_institution_id")),
        sa.ForeignKeyConstraint(["to_pocket_id"], ["pocket.id"], name=op.f("fk_fund_movement_to_pocket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_movement")),
        sa.UniqueConstraint("reference", name=op.f("uq_fund_movement_reference")),
    )
    op.create_index(op.f("ix_fund_movement_approved_by_id"), "fund_movement", ["approved_by_id"], unique=False)
    op.create_index(op.f("ix_fund_movement_bank_account_id"), "fund_movement", ["bank_account_id"], unique=False)
    op.create_index(op.f("ix_fund_movement_entered_by_id"), "fund_movement", ["entered_by_id"], unique=False)
    op.create_index(op.f("ix_fund_movement_from_pocket_id"), "fund_movement", ["from_pocket_id"], unique=False)
    op.create_index(op.f("ix_fund_movement_institution_id"), "fund_movement", ["institution_id"], unique=False)
    op.create_index(op.f("ix_fund_movement_to_pocket_id"), "fund_movement", ["to_pocket_id"], unique=False)
    op.create_table(
        "journal_working",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("journal_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_journal_working_days_ordered")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_journal_working_document_id")),
        sa.ForeignKeyConstraint(["journal_id"], ["journal.id"], name=op.f("fk_journal_working_journal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_working")),
        sa.UniqueConstraint("journal_id", name=op.f("uq_journal_working_journal_id")),
    )
    op.create_index(op.f("ix_journal_working_document_id"), "journal_working", ["document_id"], unique=False)
    op.create_table(
        "account_mapping",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.String(length=10), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("heading", sa.String(length=40), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("own_account", sa.String(length=60), nullable=False),
        sa.Column("own_name", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_account_mapping_currency_known")),
        sa.CheckConstraint(
            "status <> 'CONFIRMED' OR decided_by_id IS NOT NULL", name=op.f("ck_account_mapping_confirmed_is_complete")
        ),
        sa.CheckConstraint(
            "status IN ('PROPOSED', 'CONFIRMED', 'REFUSED', 'REPLACED')", name=op.f("ck_account_mapping_status_known")
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name=op.f("ck_account_mapping_second_person")
        ),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_account_mapping_contract_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_account_mapping_decided_by_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_account_mapping_institution_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_account_mapping_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_mapping")),
    )
    op.create_index(op.f("ix_account_mapping_contract_id"), "account_mapping", ["contract_id"], unique=False)
    op.create_index(op.f("ix_account_mapping_decided_by_id"), "account_mapping", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_account_mapping_institution_id"), "account_mapping", ["institution_id"], unique=False)
    op.create_index(op.f("ix_account_mapping_proposed_by_id"), "account_mapping", ["proposed_by_id"], unique=False)
    op.create_index(
        "uq_account_mapping_in_force",
        "account_mapping",
        ["institution_id", "account", "currency", "heading", "contract_id"],
        unique=True,
        postgresql_where=sa.text("status = 'CONFIRMED'"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "amendment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contract_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('PROPOSED', 'APPROVED', 'REFUSED', 'WITHDRAWN')", name=op.f("ck_amendment_status_known")
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name=op.f("ck_amendment_second_person")
        ),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_amendment_contract_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_amendment_decided_by_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_amendment_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
        sa.UniqueConstraint("contract_id", "number", name=op.f("uq_amendment_contract_id_number")),
    )
    op.create_index(op.f("ix_amendment_contract_id"), "amendment", ["contract_id"], unique=False)
    op.create_index(op.f("ix_amendment_decided_by_id"), "amendment", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_amendment_proposed_by_id"), "amendment", ["proposed_by_id"], unique=False)
    op.create_table(
        "bank_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("value_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("bank_reference", sa.String(length=200), nullable=False),
        sa.Column("end_to_end", sa.Text(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("uetr", sa.Text(), nullable=False),
        sa.Column("mandate_reference", sa.String(length=200), nullable=False),
        sa.Column("clearing_reference", sa.String(length=200), nullable=False),
        sa.Column("counterparty", sa.String(length=200), nullable=False),
        sa.Column("counterparty_account", sa.String(length=40), nullable=False),
        sa.Column("charge_minor", sa.BigInteger(), nullable=True),
        sa.Column("return_reason", sa.String(length=200), nullable=False),
        sa.Column("reversal", sa.Boolean(), nullable=False),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_bank_line_currency_known")),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_bank_line_amount_not_nil")),
        sa.ForeignKeyConstraint(["statement_id"], ["bank_statement.id"], name=op.f("fk_bank_line_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_line")),
        sa.UniqueConstraint("statement_id", "number", name=op.f("uq_bank_line_statement_id_number")),
    )
    op.create_table(
        "bank_notice_mark",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["bank_notice_entry.id"], name=op.f("fk_bank_notice_mark_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", "mark", name=op.f("pk_bank_notice_mark")),
    )
    op.create_index(op.f("ix_bank_notice_mark_mark"), "bank_notice_mark", ["mark"], unique=False)
    op.create_table(
        "claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("claimant_id", sa.Uuid(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("heading", sa.String(length=40), nullable=True),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("pay_currency", sa.String(length=3), nullable=False),
        sa.Column("advance_minor", sa.BigInteger(), nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("negative_list_declared", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=False),
        sa.Column("follows_id", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by_id", sa.Uuid(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("payable_minor", sa.BigInteger(), nullable=True),
        sa.Column("carried_minor", sa.BigInteger(), nullable=True),
        sa.Column("paid_by_id", sa.Uuid(), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("bank_account_id", sa.Uuid(), nullable=True),
        sa.Column("bank_reference", sa.String(length=200), nullable=False),
        sa.Column("payment_entry_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("pay_currency IN ('CNY', 'HKD')", name=op.f("ck_claim_pay_currency_known")),
        sa.CheckConstraint("status <> 'PAID' OR paid_by_id IS NOT NULL", name=op.f("ck_claim_paid_by_someone")),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'SUBMITTED', 'CHECKED', 'APPROVED', 'PAID', 'RETURNED', 'REFUSED', 'WITHDRAWN')",
            name=op.f("ck_claim_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('APPROVED', 'PAID') OR approved_by_id IS NOT NULL",
            name=op.f("ck_claim_approved_by_someone"),
        ),
        sa.CheckConstraint("advance_minor >= 0", name=op.f("ck_claim_advance_not_negative")),
        sa.CheckConstraint("approved_by_id NOT IN (made_by_id, claimant_id)", name=op.f("ck_claim_approver_apart")),
        sa.CheckConstraint("checked_by_id NOT IN (made_by_id, claimant_id)", name=op.f("ck_claim_checker_apart")),
        sa.CheckConstraint(
            "paid_by_id NOT IN (made_by_id, claimant_id, checked_by_id, approved_by_id)",
            name=op.f("ck_claim_payer_apart"),
        ),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_claim_approved_by_id")),
        sa.ForeignKeyConstraint(["bank_account_id"], ["bank_account.id"], name=op.f("fk_claim_bank_account_id")),
        sa.ForeignKeyConstraint(["checked_by_id"], ["person.id"], name=op.f("fk_claim_checked_by_id")),
        sa.ForeignKeyConstraint(["claimant_id"], ["person.id"], name=op.f("fk_claim_claimant_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_claim_contract_id")),
        sa.ForeignKeyConstraint(["follows_id"], ["claim.id"], name=op.f("fk_claim_follows_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_claim_institution_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_claim_made_by_id")),
        sa.ForeignKeyConstraint(["paid_by_id"], ["person.id"], name=op.f("fk_claim_paid_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("reference", name=op.f("uq_claim_reference")),
    )
    op.create_index(op.f("ix_claim_approved_by_id"), "claim", ["approved_by_id"], unique=False)
    op.create_index(op.f("ix_claim_bank_account_id"), "claim", ["bank_account_id"], unique=False)
    op.create_index(op.f("ix_claim_checked_by_id"), "claim", ["checked_by_id"], unique=False)
    op.create_index(op.f("ix_claim_claimant_id"), "claim", ["claimant_id"], unique=False)
    op.create_index(op.f("ix_claim_contract_id"), "claim", ["contract_id"], unique=False)
    op.create_index(op.f("ix_claim_follows_id"), "claim", ["follows_id"], unique=False)
    op.create_index(op.f("ix_claim_institution_id"), "claim", ["institution_id"], unique=False)
    op.create_index(op.f("ix_claim_made_by_id"), "claim", ["made_by_id"], unique=False)
    op.create_index(op.f("ix_claim_paid_by_id"), "claim", ["paid_by_id"], unique=False)
    op.create_table(
        "conflict_of_interest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_conflict_of_interest_contract_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_conflict_of_interest_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_of_interest")),
        sa.UniqueConstraint("contract_id", "person_id", name=op.f("uq_conflict_of_interest_contract_id_person_id")),
    )
    op.create_index(op.f("ix_conflict_of_interest_contract_id"), "conflict_of_interest", ["contract_id"], unique=False)
    op.create_index(op.f("ix_conflict_of_interest_person_id"), "conflict_of_interest", ["person_id"], unique=False)
    op.create_table(
        "engagement_contract",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_engagement_contract_contract_id")),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_engagement_contract_engagement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_contract")),
        sa.UniqueConstraint(
            "engagement_id", "contract_id", name=op.f("uq_engagement_contract_engagement_id_contract_id")
        ),
    )
    op.create_index(op.f("ix_engagement_contract_contract_id"), "engagement_contract", ["contract_id"], unique=False)
    op.create_index(
        op.f("ix_engagement_contract_engagement_id"), "engagement_contract", ["engagement_id"], unique=False
    )
    op.create_table(
        "engagement_pack_part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pack_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["pack_id"], ["engagement_pack.id"], name=op.f("fk_engagement_pack_part_pack_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_pack_part")),
        sa.UniqueConstraint("pack_id", "number", name=op.f("uq_engagement_pack_part_pack_id_number")),
    )
    op.create_table(
        "engagement_sample",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("line_class", sa.String(length=40), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("basis", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("draws", sa.Integer(), nullable=False),
        sa.Column("population_count", sa.Integer(), nullable=False),
        sa.Column("population_minor", sa.BigInteger(), nullable=False),
        sa.Column("population_digest", sa.LargeBinary(), nullable=False),
        sa.Column("population", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("covered_minor", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("seals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_by_id", sa.Uuid(), nullable=True),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_engagement_sample_currency_known")),
        sa.CheckConstraint(
            "line_class IN ('RECEIPT', 'COST', 'CREDIT', 'RETURN', 'EXCHANGE')",
            name=op.f("ck_engagement_sample_line_class_known"),
        ),
        sa.CheckConstraint(
            "method IN ('MONETARY_UNIT', 'STRATIFIED', 'RANDOM', 'ABOVE', 'BY_HAND')",
            name=op.f("ck_engagement_sample_method_known"),
        ),
        sa.CheckConstraint(
            "status <> 'LOCKED' OR locked_by_id IS NOT NULL", name=op.f("ck_engagement_sample_locked_by_someone")
        ),
        sa.CheckConstraint("status IN ('PREVIEW', 'LOCKED')", name=op.f("ck_engagement_sample_status_known")),
        sa.CheckConstraint("octet_length(digest) = 32", name=op.f("ck_engagement_sample_digest_length")),
        sa.CheckConstraint(
            "octet_length(population_digest) = 32", name=op.f("ck_engagement_sample_population_digest_length")
        ),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_engagement_sample_contract_id")),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_engagement_sample_engagement_id")),
        sa.ForeignKeyConstraint(["locked_by_id"], ["person.id"], name=op.f("fk_engagement_sample_locked_by_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_engagement_sample_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_sample")),
        sa.UniqueConstraint("engagement_id", "number", name=op.f("uq_engagement_sample_engagement_id_number")),
    )
    op.create_index(op.f("ix_engagement_sample_contract_id"), "engagement_sample", ["contract_id"], unique=False)
    op.create_index(op.f("ix_engagement_sample_engagement_id"), "engagement_sample", ["engagement_id"], unique=False)
    op.create_table(
        "equipment_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.String(length=60), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("supplier", sa.String(length=200), nullable=False),
        sa.Column("serial_number", sa.String(length=200), nullable=False),
        sa.Column("heading", sa.String(length=40), nullable=False),
        sa.Column("acquired_on", sa.Date(), nullable=False),
        sa.Column("cost_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("funded_percent", sa.Numeric(precision=7, scale=4), nullable=False),
        sa.Column("charged_minor", sa.BigInteger(), nullable=False),
        sa.Column("charged_currency", sa.String(length=3), nullable=False),
        sa.Column("rate", sa.Numeric(precision=20, scale=10), nullable=True),
        sa.Column("rate_id", sa.Uuid(), nullable=True),
        sa.Column("entry_id", sa.BigInteger(), nullable=True),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("location", sa.String(length=200), nullable=False),
        sa.Column("custodian", sa.String(length=200), nullable=False),
        sa.Column("crossing", sa.String(length=40), nullable=True),
        sa.Column("customs_document", sa.String(length=200), nullable=False),
        sa.Column("crossed_on", sa.Date(), nullable=True),
        sa.Column("return_by", sa.Date(), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("second_line_on", sa.Date(), nullable=True),
        sa.Column("hs_code", sa.String(length=12), nullable=False),
        sa.Column("relief_item", sa.String(length=200), nullable=False),
        sa.Column("relief_certificate", sa.String(length=200), nullable=False),
        sa.Column("customs_account", sa.String(length=200), nullable=False),
        sa.Column("supervision_until", sa.Date(), nullable=True),
        sa.Column("relief_source", sa.String(length=200), nullable=False),
        sa.Column("duty_paid_minor", sa.BigInteger(), nullable=True),
        sa.Column("relief_renounced_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("charged_currency IN ('CNY', 'HKD')", name=op.f("ck_equipment_item_charged_currency_known")),
        sa.CheckConstraint(
            "crossing IN ('TEMPORARY_IMPORT', 'ATA_CARNET', 'RELIEF_GOODS', 'ORDINARY_IMPORT')",
            name=op.f("ck_equipment_item_crossing_known"),
        ),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_equipment_item_currency_known")),
        sa.CheckConstraint("place IN ('SZ', 'HK')", name=op.f("ck_equipment_item_place_known")),
        sa.CheckConstraint("status IN ('HELD', 'DISPOSED')", name=op.f("ck_equipment_item_status_known")),
        sa.CheckConstraint("charged_minor >= 0", name=op.f("ck_equipment_item_charged_not_negative")),
        sa.CheckConstraint("cost_minor > 0", name=op.f("ck_equipment_item_cost_positive")),
        sa.CheckConstraint("duty_paid_minor >= 0", name=op.f("ck_equipment_item_duty_not_negative")),
        sa.CheckConstraint("funded_percent BETWEEN 0 AND 100", name=op.f("ck_equipment_item_funded_share")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_equipment_item_contract_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_equipment_item_entered_by_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_equipment_item_institution_id")),
        sa.ForeignKeyConstraint(["rate_id"], ["exchange_rate.id"], name=op.f("fk_equipment_item_rate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment_item")),
        sa.UniqueConstraint("institution_id", "tag", name=op.f("uq_equipment_item_institution_id_tag")),
        sa.UniqueConstraint("reference", name=op.f("uq_equipment_item_reference")),
    )
    op.create_index(op.f("ix_equipment_item_contract_id"), "equipment_item", ["contract_id"], unique=False)
    op.create_index(op.f("ix_equipment_item_entered_by_id"), "equipment_item", ["entered_by_id"], unique=False)
    op.create_index(op.f("ix_equipment_item_institution_id"), "equipment_item", ["institution_id"], unique=False)
    op.create_index(op.f("ix_equipment_item_rate_id"), "equipment_item", ["rate_id"], unique=False)
    op.create_table(
        "journal_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("journal_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("to_contract_id", sa.Uuid(), nullable=True),
        sa.Column("heading", sa.String(length=40), nullable=True),
        sa.Column("to_heading", sa.String(length=40), nullable=True),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("rate", sa.Numeric(precision=20, scale=10), nullable=True),
        sa.Column("rate_id", sa.Uuid(), nullable=True),
        sa.Column("place_of_spend", sa.String(length=5), nullable=False),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_journal_line_currency_known")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_journal_line_amount_positive")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_journal_line_contract_id")),
        sa.ForeignKeyConstraint(["journal_id"], ["journal.id"], name=op.f("fk_journal_line_journal_id")),
        sa.ForeignKeyConstraint(["rate_id"], ["exchange_rate.id"], name=op.f("fk_journal_line_rate_id")),
        sa.ForeignKeyConstraint(["to_contract_id"], ["contract.id"], name=op.f("fk_journal_line_to_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_line")),
        sa.UniqueConstraint("journal_id", "number", name=op.f("uq_journal_line_journal_id_number")),
    )
    op.create_index(op.f("ix_journal_line_contract_id"), "journal_line", ["contract_id"], unique=False)
    op.create_index(op.f("ix_journal_line_journal_id"), "journal_line", ["journal_id"], unique=False)
    op.create_index(op.f("ix_journal_line_rate_id"), "journal_line", ["rate_id"], unique=False)
    op.create_index(op.f("ix_journal_line_to_contract_id"), "journal_line", ["to_contract_id"], unique=False)
    op.create_table(
        "obligation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("period_first_day", sa.Date(), nullable=True),
        sa.Column("period_last_day", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("original_due_on", sa.Date(), nullable=False),
        sa.Column("blocks_tranche", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("submitted_by_id", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.Uuid(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('PROGRESS_REPORT', 'YEARLY_STATEMENT', 'AUDITED_ACCOUNT', 'FINAL_ACCOUNT', 'RESIDUE')",
            name=op.f("ck_obligation_kind_known"),
        ),
        sa.CheckConstraint(
            "status IN ('DUE', 'SUBMITTED', 'QUERIED', 'ACCEPTED', 'WAIVED')", name=op.f("ck_obligation_status_known")
        ),
        sa.CheckConstraint(
            "accepted_by_id IS NULL OR accepted_by_id <> submitted_by_id", name=op.f("ck_obligation_second_person")
        ),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["person.id"], name=op.f("fk_obligation_accepted_by_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_obligation_contract_id")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["person.id"], name=op.f("fk_obligation_submitted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligation")),
    )
    op.create_index(op.f("ix_obligation_accepted_by_id"), "obligation", ["accepted_by_id"], unique=False)
    op.create_index(op.f("ix_obligation_contract_id"), "obligation", ["contract_id"], unique=False)
    op.create_index(op.f("ix_obligation_due_on"), "obligation", ["due_on"], unique=False)
    op.create_index(op.f("ix_obligation_submitted_by_id"), "obligation", ["submitted_by_id"], unique=False)
    op.create_table(
        "residue_return",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("from_account_id", sa.Uuid(), nullable=False),
        sa.Column("to_account_id", sa.Uuid(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("bank_reference", sa.String(length=200), nullable=False),
        sa.Column("dealt_rate", sa.Numeric(precision=20, scale=10), nullable=True),
        sa.Column("rate_base_currency", sa.String(length=3), nullable=True),
        sa.Column("rate_source", sa.String(length=200), nullable=False),
        sa.Column("paid_minor", sa.BigInteger(), nullable=True),
        sa.Column("paid_currency", sa.String(length=3), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("received_by_id", sa.Uuid(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("received_bank_reference", sa.String(length=200), nullable=False),
        sa.Column("sent_entry_id", sa.Integer(), nullable=True),
        sa.Column("received_entry_id", sa.Integer(), nullable=True),
        sa.Column("status_reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_residue_return_currency_known")),
        sa.CheckConstraint(
            "status IN ('ENTERED', 'SENT', 'RECEIVED', 'REFUSED')", name=op.f("ck_residue_return_status_known")
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> entered_by_id", name=op.f("ck_residue_return_second_person")
        ),
        sa.CheckConstraint(
            "received_by_id IS NULL OR received_by_id <> entered_by_id",
            name=op.f("ck_residue_return_receiver_not_enterer"),
        ),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_residue_return_confirmed_by_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_residue_return_contract_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_residue_return_entered_by_id")),
        sa.ForeignKeyConstraint(
            ["from_account_id"], ["bank_account.id"], name=op.f("fk_residue_return_from_account_id")
        ),
        sa.ForeignKeyConstraint(["received_by_id"], ["person.id"], name=op.f("fk_residue_return_received_by_id")),
        sa.ForeignKeyConstraint(["to_account_id"], ["bank_account.id"], name=op.f("fk_residue_return_to_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residue_return")),
        sa.UniqueConstraint("reference", name=op.f("uq_residue_return_reference")),
    )
    op.create_index(op.f("ix_residue_return_confirmed_by_id"), "residue_return", ["confirmed_by_id"], unique=False)
    op.create_index(op.f("ix_residue_return_contract_id"), "residue_return", ["contract_id"], unique=False)
    op.create_index(op.f("ix_residue_return_entered_by_id"), "residue_return", ["entered_by_id"], unique=False)
    op.create_index(op.f("ix_residue_return_from_account_id"), "residue_return", ["from_account_id"], unique=False)
    op.create_index(op.f("ix_residue_return_received_by_id"), "residue_return", ["received_by_id"], unique=False)
    op.create_index(op.f("ix_residue_return_to_account_id"), "residue_return", ["to_account_id"], unique=False)
    op.create_table(
        "spending_return",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("bank_account_id", sa.Uuid(), nullable=True),
        sa.Column("negative_list_declared", sa.Boolean(), nullable=False),
        sa.Column("columns", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("headings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("known_count", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posted_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'SUBMITTED', 'POSTED', 'REFUSED', 'WITHDRAWN')",
            name=op.f("ck_spending_return_status_known"),
        ),
        sa.CheckConstraint("octet_length(file_sha256) = 32", name=op.f("ck_spending_return_sha256_length")),
        sa.CheckConstraint(
            "posted_by_id IS NULL OR posted_by_id <> made_by_id", name=op.f("ck_spending_return_second_person")
        ),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_account.id"], name=op.f("fk_spending_return_bank_account_id")
        ),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_spending_return_contract_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_spending_return_decided_by_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_spending_return_institution_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_spending_return_made_by_id")),
        sa.ForeignKeyConstraint(["posted_by_id"], ["person.id"], name=op.f("fk_spending_return_posted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spending_return")),
        sa.UniqueConstraint("reference", name=op.f("uq_spending_return_reference")),
    )
    op.create_index(op.f("ix_spending_return_bank_account_id"), "spending_return", ["bank_account_id"], unique=False)
    op.create_index(op.f("ix_spending_return_contract_id"), "spending_return", ["contract_id"], unique=False)
    op.create_index(op.f("ix_spending_return_decided_by_id"), "spending_return", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_spending_return_institution_id"), "spending_return", ["institution_id"], unique=False)
    op.create_index(op.f("ix_spending_return_made_by_id"), "spending_return", ["made_by_id"], unique=False)
    op.create_index(op.f("ix_spending_return_posted_by_id"), "spending_return", ["posted_by_id"], unique=False)
    op.create_index(
        "uq_spending_return_live_file",
        "spending_return",
        ["contract_id", "file_sha256"],
        unique=True,
        postgresql_where=sa.text("status IN ('DRAFT', 'SUBMITTED', 'POSTED')"),
    )
    op.create_table(
        "staff_engagement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("staff_code", sa.String(length=60), nullable=False),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("orcid", sa.String(length=19), nullable=True),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("heading", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("monthly_rate_minor", sa.BigInteger(), nullable=False),
        sa.Column("contribution_kind", sa.String(length=40), nullable=False),
        sa.Column("contribution_minor", sa.BigInteger(), nullable=False),
        sa.Column("percent", sa.Numeric(precision=7, scale=4), nullable=False),
        sa.Column("first_month", sa.Date(), nullable=False),
        sa.Column("last_month", sa.Date(), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "contribution_kind IN ('NONE', 'MPF', 'SOCIAL_INSURANCE')",
            name=op.f("ck_staff_engagement_contribution_kind_known"),
        ),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_staff_engagement_currency_known")),
        sa.CheckConstraint("contribution_minor >= 0", name=op.f("ck_staff_engagement_contribution_not_negative")),
        sa.CheckConstraint("last_month >= first_month", name=op.f("ck_staff_engagement_months_ordered")),
        sa.CheckConstraint("monthly_rate_minor >= 0", name=op.f("ck_staff_engagement_rate_not_negative")),
        sa.CheckConstraint("percent > 0 AND percent <= 100", name=op.f("ck_staff_engagement_share_of_time")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_staff_engagement_contract_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_staff_engagement_entered_by_id")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_staff_engagement_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_engagement")),
        sa.UniqueConstraint(
            "contract_id",
            "staff_code",
            "first_month",
            name=op.f("uq_staff_engagement_contract_id_staff_code_first_month"),
        ),
        sa.UniqueConstraint("reference", name=op.f("uq_staff_engagement_reference")),
    )
    op.create_index(op.f("ix_staff_engagement_contract_id"), "staff_engagement", ["contract_id"], unique=False)
    op.create_index(op.f("ix_staff_engagement_entered_by_id"), "staff_engagement", ["entered_by_id"], unique=False)
    op.create_index(op.f("ix_staff_engagement_orcid"), "staff_engagement", ["orcid"], unique=False)
    op.create_index("ix_staff_engagement_person", "staff_engagement", ["institution_id", "staff_code"], unique=False)
    op.create_table(
        "staff_month_confirmation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("scheduled_minor", sa.BigInteger(), nullable=False),
        sa.Column("booked_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_staff_month_confirmation_currency_known")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name=op.f("fk_staff_month_confirmation_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_staff_month_confirmation_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_month_confirmation")),
        sa.UniqueConstraint("contract_id", "month", name=op.f("uq_staff_month_confirmation_contract_id_month")),
    )
    op.create_index(
        op.f("ix_staff_month_confirmation_confirmed_by_id"),
        "staff_month_confirmation",
        ["confirmed_by_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_staff_month_confirmation_contract_id"), "staff_month_confirmation", ["contract_id"], unique=False
    )
    op.create_table(
        "tax_filing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("form_number", sa.String(length=200), nullable=False),
        sa.Column("verification_code", sa.String(length=200), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("value_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_tax_filing_currency_known")),
        sa.CheckConstraint(
            "status <> 'CONFIRMED' OR decided_by_id IS NOT NULL", name=op.f("ck_tax_filing_confirmed_is_complete")
        ),
        sa.CheckConstraint("status IN ('PROPOSED', 'CONFIRMED', 'REFUSED')", name=op.f("ck_tax_filing_status_known")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name=op.f("ck_tax_filing_second_person")
        ),
        sa.CheckConstraint("value_minor > 0", name=op.f("ck_tax_filing_value_positive")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_tax_filing_contract_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_tax_filing_decided_by_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_tax_filing_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_filing")),
    )
    op.create_index(op.f("ix_tax_filing_contract_id"), "tax_filing", ["contract_id"], unique=False)
    op.create_index(op.f("ix_tax_filing_decided_by_id"), "tax_filing", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_tax_filing_proposed_by_id"), "tax_filing", ["proposed_by_id"], unique=False)
    op.create_table(
        "tranche",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("holdback_minor", sa.BigInteger(), nullable=False),
        sa.Column("condition", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("milestone", sa.String(length=200), nullable=False),
        sa.Column("condition_met_on", sa.Date(), nullable=True),
        sa.Column("condition_met_by_id", sa.Uuid(), nullable=True),
        sa.Column("condition_note", sa.Text(), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "condition IN ('DATE', 'MILESTONE', 'ACCEPTED_REPORT', 'FINAL_ACCOUNT')",
            name=op.f("ck_tranche_condition_known"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_tranche_amount_positive")),
        sa.CheckConstraint("holdback_minor BETWEEN 0 AND amount_minor", name=op.f("ck_tranche_holdback_within_amount")),
        sa.ForeignKeyConstraint(["condition_met_by_id"], ["person.id"], name=op.f("fk_tranche_condition_met_by_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_tranche_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tranche")),
        sa.UniqueConstraint("contract_id", "number", name=op.f("uq_tranche_contract_id_number")),
    )
    op.create_index(op.f("ix_tranche_condition_met_by_id"), "tranche", ["condition_met_by_id"], unique=False)
    op.create_index(op.f("ix_tranche_contract_id"), "tranche", ["contract_id"], unique=False)
    op.create_table(
        "bank_match_line",
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("match_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["bank_line.id"], name=op.f("fk_bank_match_line_line_id")),
        sa.ForeignKeyConstraint(["match_id"], ["bank_match.id"], name=op.f("fk_bank_match_line_match_id")),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_bank_match_line")),
    )
    op.create_index(op.f("ix_bank_match_line_match_id"), "bank_match_line", ["match_id"], unique=False)
    op.create_table(
        "claim_flag_clearance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cleared_by_id", sa.Uuid(), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "code IN ('SPLIT', 'OVERLAPPING_TRAVEL', 'SPONSOR_IS_PAYEE', 'SHARED_WITH_STAFF', 'LAST_MONTH_RUSH')",
            name=op.f("ck_claim_flag_clearance_code_known"),
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_flag_clearance_claim_id")),
        sa.ForeignKeyConstraint(["cleared_by_id"], ["person.id"], name=op.f("fk_claim_flag_clearance_cleared_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_flag_clearance")),
        sa.UniqueConstraint("claim_id", "code", "about", name=op.f("uq_claim_flag_clearance_claim_id_code_about")),
    )
    op.create_index(op.f("ix_claim_flag_clearance_claim_id"), "claim_flag_clearance", ["claim_id"], unique=False)
    op.create_index(
        op.f("ix_claim_flag_clearance_cleared_by_id"), "claim_flag_clearance", ["cleared_by_id"], unique=False
    )
    op.create_table(
        "claim_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("cost_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("heading", sa.String(length=40), nullable=True),
        sa.Column("place", sa.String(length=40), nullable=True),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("tax_minor", sa.BigInteger(), nullable=True),
        sa.Column("seller", sa.String(length=200), nullable=False),
        sa.Column("seller_number", sa.String(length=200), nullable=False),
        sa.Column("invoice_code", sa.String(length=200), nullable=False),
        sa.Column("invoice_number", sa.String(length=200), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("unit_rate", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("unit_source", sa.Text(), nullable=False),
        sa.Column("missing_receipt", sa.Text(), nullable=False),
        sa.Column("rate_id", sa.Uuid(), nullable=True),
        sa.Column("rate", sa.Numeric(precision=20, scale=10), nullable=True),
        sa.Column("verdict", sa.String(length=40), nullable=True),
        sa.Column("verdict_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_claim_line_currency_known")),
        sa.CheckConstraint("kind IN ('RECEIPT', 'PER_DIEM', 'MILEAGE')", name=op.f("ck_claim_line_kind_known")),
        sa.CheckConstraint("place IN ('SZ', 'HK', 'OTHER')", name=op.f("ck_claim_line_place_known")),
        sa.CheckConstraint(
            "verdict IN ('OKAY', 'NEEDS_DETAILS', 'NOT_OKAY')", name=op.f("ck_claim_line_verdict_known")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_claim_line_amount_positive")),
        sa.CheckConstraint(
            "amount_minor IS NULL OR currency IS NOT NULL", name=op.f("ck_claim_line_amount_has_currency")
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR cost_on IS NULL OR ends_on >= cost_on", name=op.f("ck_claim_line_days_in_order")
        ),
        sa.CheckConstraint("tax_minor >= 0", name=op.f("ck_claim_line_tax_not_negative")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_line_claim_id")),
        sa.ForeignKeyConstraint(["rate_id"], ["exchange_rate.id"], name=op.f("fk_claim_line_rate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_line")),
        sa.UniqueConstraint("claim_id", "number", name=op.f("uq_claim_line_claim_id_number")),
    )
    op.create_index(op.f("ix_claim_line_claim_id"), "claim_line", ["claim_id"], unique=False)
    op.create_index(op.f("ix_claim_line_rate_id"), "claim_line", ["rate_id"], unique=False)
    op.create_table(
        "disbursement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("tranche_id", sa.Uuid(), nullable=False),
        sa.Column("funder_id", sa.Uuid(), nullable=False),
        sa.Column("grantee_id", sa.Uuid(), nullable=False),
        sa.Column("pocket_id", sa.Uuid(), nullable=False),
        sa.Column("payer_account_id", sa.Uuid(), nullable=False),
        sa.Column("payee_account_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("converts_at", sa.String(length=40), nullable=True),
        sa.Column("requested_value_date", sa.Date(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("warning_reason", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=True),
        sa.Column("minutes_document_id", sa.Uuid(), nullable=True),
        sa.Column("maker_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by_id", sa.Uuid(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("release_date", sa.Date(), nullable=True),
        sa.Column("release_event_id", sa.Uuid(), nullable=True),
        sa.Column("release_entry_id", sa.Integer(), nullable=True),
        sa.Column("booking_rate", sa.Numeric(precision=24, scale=14), nullable=True),
        sa.Column("booking_rate_base", sa.String(length=3), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("settlement_bank_reference", sa.String(length=200), nullable=False),
        sa.Column("settlement_entry_id", sa.Integer(), nullable=True),
        sa.Column("debited_minor", sa.BigInteger(), nullable=True),
        sa.Column("debited_currency", sa.String(length=3), nullable=True),
        sa.Column("settlement_rate", sa.Numeric(precision=20, scale=10), nullable=True),
        sa.Column("settlement_rate_base", sa.String(length=3), nullable=True),
        sa.Column("settlement_rate_source", sa.String(length=200), nullable=False),
        sa.Column("settlement_quote_id", sa.Uuid(), nullable=True),
        sa.Column("dealt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payer_charge_minor", sa.BigInteger(), nullable=True),
        sa.Column("charge_entry_id", sa.Integer(), nullable=True),
        sa.Column("bounced_by_id", sa.Uuid(), nullable=True),
        sa.Column("bounced_on", sa.Date(), nullable=True),
        sa.Column("bounce_bank_reference", sa.String(length=200), nullable=False),
        sa.Column("bounce_reason", sa.Text(), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("converts_at IN ('PAYER', 'PAYEE')", name=op.f("ck_disbursement_converts_at_known")),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_disbursement_currency_known")),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'SUBMITTED', 'RETURNED_TO_MAKER', 'APPROVED', 'RELEASED', 'SETTLED', 'BOUNCED', 'REFUSED', 'CANCELLED')",
            name=op.f("ck_disbursement_status_known"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_disbursement_amount_positive")),
        sa.CheckConstraint(
            "payer_charge_minor IS NULL OR payer_charge_minor >= 0", name=op.f("ck_disbursement_charge_not_negative")
        ),
        sa.CheckConstraint(
            "released_by_id IS NULL OR released_by_id <> maker_id", name=op.f("ck_disbursement_payer_not_maker")
        ),
        sa.CheckConstraint(
            "settled_by_id IS NULL OR settled_by_id <> released_by_id", name=op.f("ck_disbursement_settler_not_payer")
        ),
        sa.ForeignKeyConstraint(["bounced_by_id"], ["person.id"], name=op.f("fk_disbursement_bounced_by_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_disbursement_contract_id")),
        sa.ForeignKeyConstraint(["funder_id"], ["institution.id"], name=op.f("fk_disbursement_funder_id")),
        sa.ForeignKeyConstraint(["grantee_id"], ["institution.id"], name=op.f("fk_disbursement_grantee_id")),
        sa.ForeignKeyConstraint(["maker_id"], ["person.id"], name=op.f("fk_disbursement_maker_id")),
        sa.ForeignKeyConstraint(
            ["minutes_document_id"], ["document.id"], name=op.f("fk_disbursement_minutes_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["payee_account_id"], ["bank_account.id"], name=op.f("fk_disbursement_payee_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["payer_account_id"], ["bank_account.id"], name=op.f("fk_disbursement_payer_account_id")
        ),
        sa.ForeignKeyConstraint(["pocket_id"], ["pocket.id"], name=op.f("fk_disbursement_pocket_id")),
        sa.ForeignKeyConstraint(["released_by_id"], ["person.id"], name=op.f("fk_disbursement_released_by_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name=op.f("fk_disbursement_settled_by_id")),
        sa.ForeignKeyConstraint(["tranche_id"], ["tranche.id"], name=op.f("fk_disbursement_tranche_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disbursement")),
        sa.UniqueConstraint("reference", name=op.f("uq_disbursement_reference")),
    )
    op.create_index(op.f("ix_disbursement_bounced_by_id"), "disbursement", ["bounced_by_id"], unique=False)
    op.create_index(op.f("ix_disbursement_contract_id"), "disbursement", ["contract_id"], unique=False)
    op.create_index(op.f("ix_disbursement_funder_id"), "disbursement", ["funder_id"], unique=False)
    op.create_index(op.f("ix_disbursement_grantee_id"), "disbursement", ["grantee_id"], unique=False)
    op.create_index(op.f("ix_disbursement_maker_id"), "disbursement", ["maker_id"], unique=False)
    op.create_index(op.f("ix_disbursement_minutes_document_id"), "disbursement", ["minutes_document_id"], unique=False)
    op.create_index(op.f("ix_disbursement_payee_account_id"), "disbursement", ["payee_account_id"], unique=False)
    op.create_index(op.f("ix_disbursement_payer_account_id"), "disbursement", ["payer_account_id"], unique=False)
    op.create_index(op.f("ix_disbursement_pocket_id"), "disbursement", ["pocket_id"], unique=False)
    op.create_index(
        "ix_disbursement_queue", "disbursement", ["funder_id", "status", "requested_value_date"], unique=False
    )
    op.create_index(op.f("ix_disbursement_released_by_id"), "disbursement", ["released_by_id"], unique=False)
    op.create_index(op.f("ix_disbursement_settled_by_id"), "disbursement", ["settled_by_id"], unique=False)
    op.create_index(op.f("ix_disbursement_tranche_id"), "disbursement", ["tranche_id"], unique=False)
    op.create_table(
        "engagement_sample_drawing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sample_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("basis", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("drawn_by_id", sa.Uuid(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "method IN ('MONETARY_UNIT', 'STRATIFIED', 'RANDOM', 'ABOVE', 'BY_HAND')",
            name=op.f("ck_engagement_sample_drawing_method_known"),
        ),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["person.id"], name=op.f("fk_engagement_sample_drawing_drawn_by_id")),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["engagement_sample.id"], name=op.f("fk_engagement_sample_drawing_sample_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_sample_drawing")),
        sa.UniqueConstraint("sample_id", "number", name=op.f("uq_engagement_sample_drawing_sample_id_number")),
    )
    op.create_index(
        op.f("ix_engagement_sample_drawing_sample_id"), "engagement_sample_drawing", ["sample_id"], unique=False
    )
    op.create_table(
        "engagement_sample_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sample_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("stratum", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.BigInteger(), nullable=True),
        sa.Column("audited_minor", sa.BigInteger(), nullable=True),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("tested_by_id", sa.Uuid(), nullable=True),
        sa.Column("tested_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "reason IN ('BY_HAND', 'ABOVE', 'HIGH_VALUE', 'DRAWN')", name=op.f("ck_engagement_sample_item_reason_known")
        ),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["engagement_sample.id"], name=op.f("fk_engagement_sample_item_sample_id")
        ),
        sa.ForeignKeyConstraint(["tested_by_id"], ["person.id"], name=op.f("fk_engagement_sample_item_tested_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_sample_item")),
        sa.UniqueConstraint(
            "sample_id", "entry_id", "line_no", name=op.f("uq_engagement_sample_item_sample_id_entry_id_line_no")
        ),
        sa.UniqueConstraint("sample_id", "place", name=op.f("uq_engagement_sample_item_sample_id_place")),
    )
    op.create_index(op.f("ix_engagement_sample_item_sample_id"), "engagement_sample_item", ["sample_id"], unique=False)
    op.create_table(
        "equipment_disposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("disposed_on", sa.Date(), nullable=False),
        sa.Column("proceeds_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("customs_release", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_equipment_disposal_currency_known")),
        sa.CheckConstraint(
            "kind IN ('SOLD', 'SCRAPPED', 'TRANSFERRED', 'RETURNED_TO_FUNDER', 'LOST')",
            name=op.f("ck_equipment_disposal_kind_known"),
        ),
        sa.CheckConstraint(
            "status = 'PROPOSED' OR decided_by_id IS NOT NULL", name=op.f("ck_equipment_disposal_decided_by_someone")
        ),
        sa.CheckConstraint(
            "status IN ('PROPOSED', 'APPROVED', 'REFUSED')", name=op.f("ck_equipment_disposal_status_known")
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name=op.f("ck_equipment_disposal_second_person")
        ),
        sa.CheckConstraint("proceeds_minor >= 0", name=op.f("ck_equipment_disposal_proceeds_not_negative")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_equipment_disposal_decided_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["equipment_item.id"], name=op.f("fk_equipment_disposal_item_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_equipment_disposal_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment_disposal")),
    )
    op.create_index(op.f("ix_equipment_disposal_decided_by_id"), "equipment_disposal", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_equipment_disposal_item_id"), "equipment_disposal", ["item_id"], unique=False)
    op.create_index(
        op.f("ix_equipment_disposal_proposed_by_id"), "equipment_disposal", ["proposed_by_id"], unique=False
    )
    op.create_table(
        "equipment_sighting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("seen_by_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("location", sa.String(length=200), nullable=False),
        sa.Column("condition", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("place IN ('SZ', 'HK')", name=op.f("ck_equipment_sighting_place_known")),
        sa.ForeignKeyConstraint(["item_id"], ["equipment_item.id"], name=op.f("fk_equipment_sighting_item_id")),
        sa.ForeignKeyConstraint(["seen_by_id"], ["person.id"], name=op.f("fk_equipment_sighting_seen_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment_sighting")),
    )
    op.create_index(op.f("ix_equipment_sighting_item_id"), "equipment_sighting", ["item_id"], unique=False)
    op.create_index(op.f("ix_equipment_sighting_seen_by_id"), "equipment_sighting", ["seen_by_id"], unique=False)
    op.create_table(
        "purchase_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("heading", sa.String(length=40), nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=False),
        sa.Column("payee", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("open_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("return_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_purchase_order_currency_known")),
        sa.CheckConstraint("open_minor >= 0", name=op.f("ck_purchase_order_open_not_negative")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_purchase_order_contract_id")),
        sa.ForeignKeyConstraint(["return_id"], ["spending_return.id"], name=op.f("fk_purchase_order_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_order")),
        sa.UniqueConstraint("contract_id", "number", name=op.f("uq_purchase_order_contract_id_number")),
    )
    op.create_index(op.f("ix_purchase_order_return_id"), "purchase_order", ["return_id"], unique=False)
    op.create_table(
        "residue_return_component",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("residue_return_id", sa.Uuid(), nullable=False),
        sa.Column("component", sa.String(length=40), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "component IN ('GRANT_THIS_YEAR', 'GRANT_EARLIER_YEARS', 'INTEREST', 'OTHER')",
            name=op.f("ck_residue_return_component_component_known"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_residue_return_component_amount_positive")),
        sa.ForeignKeyConstraint(
            ["residue_return_id"], ["residue_return.id"], name=op.f("fk_residue_return_component_residue_return_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residue_return_component")),
        sa.UniqueConstraint(
            "residue_return_id", "component", name=op.f("uq_residue_return_component_residue_return_id_component")
        ),
    )
    op.create_index(
        op.f("ix_residue_return_component_residue_return_id"),
        "residue_return_component",
        ["residue_return_id"],
        unique=False,
    )
    op.create_table(
        "return_row",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("return_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.String(length=130), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("heading", sa.String(length=40), nullable=True),
        sa.Column("cost_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("booked_minor", sa.BigInteger(), nullable=False),
        sa.Column("rate_id", sa.Uuid(), nullable=True),
        sa.Column("payee", sa.String(length=200), nullable=False),
        sa.Column("payee_number", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("document_code", sa.String(length=200), nullable=False),
        sa.Column("document_number", sa.String(length=200), nullable=False),
        sa.Column("order_number", sa.String(length=200), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_return_row_currency_known")),
        sa.CheckConstraint(
            "kind IN ('COST', 'OVERHEAD', 'SUPPLIER_REFUND', 'INTEREST', 'SPONSORSHIP_CASH', 'SPONSORSHIP_IN_KIND', 'ADVANCE', 'ADVANCE_CLEARED', 'ORDER')",
            name=op.f("ck_return_row_kind_known"),
        ),
        sa.CheckConstraint("octet_length(digest) = 32", name=op.f("ck_return_row_digest_length")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_return_row_contract_id")),
        sa.ForeignKeyConstraint(["rate_id"], ["exchange_rate.id"], name=op.f("fk_return_row_rate_id")),
        sa.ForeignKeyConstraint(["return_id"], ["spending_return.id"], name=op.f("fk_return_row_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_row")),
        sa.UniqueConstraint("return_id", "line", name=op.f("uq_return_row_return_id_line")),
    )
    op.create_index(
        "uq_return_row_live_key",
        "return_row",
        ["contract_id", "row_key"],
        unique=True,
        postgresql_where=sa.text("live"),
    )
    op.create_table(
        "staff_month",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("percent", sa.Numeric(precision=7, scale=4), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("pay_minor", sa.BigInteger(), nullable=True),
        sa.Column("contribution_minor", sa.BigInteger(), nullable=True),
        sa.Column("is_typed", sa.Boolean(), nullable=False),
        sa.Column("rate", sa.Numeric(precision=20, scale=10), nullable=True),
        sa.Column("rate_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_staff_month_currency_known")),
        sa.CheckConstraint(
            "(pay_minor IS NULL) = (contribution_minor IS NULL)", name=op.f("ck_staff_month_both_or_neither")
        ),
        sa.CheckConstraint("contribution_minor >= 0", name=op.f("ck_staff_month_contribution_not_negative")),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_staff_month_first_day")),
        sa.CheckConstraint("pay_minor >= 0", name=op.f("ck_staff_month_pay_not_negative")),
        sa.CheckConstraint("percent >= 0 AND percent <= 100", name=op.f("ck_staff_month_share_of_time")),
        sa.ForeignKeyConstraint(["engagement_id"], ["staff_engagement.id"], name=op.f("fk_staff_month_engagement_id")),
        sa.ForeignKeyConstraint(["rate_id"], ["exchange_rate.id"], name=op.f("fk_staff_month_rate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_month")),
        sa.UniqueConstraint("engagement_id", "month", name=op.f("uq_staff_month_engagement_id_month")),
    )
    op.create_index(op.f("ix_staff_month_engagement_id"), "staff_month", ["engagement_id"], unique=False)
    op.create_index(op.f("ix_staff_month_rate_id"), "staff_month", ["rate_id"], unique=False)
    op.create_table(
        "staff_time_clearance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("total_percent", sa.Numeric(precision=9, scale=4), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cleared_by_id", sa.Uuid(), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cleared_by_id"], ["person.id"], name=op.f("fk_staff_time_clearance_cleared_by_id")),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["staff_engagement.id"], name=op.f("fk_staff_time_clearance_engagement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_time_clearance")),
        sa.UniqueConstraint("engagement_id", "month", name=op.f("uq_staff_time_clearance_engagement_id_month")),
    )
    op.create_index(
        op.f("ix_staff_time_clearance_cleared_by_id"), "staff_time_clearance", ["cleared_by_id"], unique=False
    )
    op.create_index(
        op.f("ix_staff_time_clearance_engagement_id"), "staff_time_clearance", ["engagement_id"], unique=False
    )
    op.create_table(
        "statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("report", sa.String(length=60), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("correction_reason", sa.Text(), nullable=False),
        sa.Column("obligation_id", sa.Uuid(), nullable=True),
        sa.Column("data_digest", sa.String(length=64), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("prepared_by_id", sa.Uuid(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("check_code", sa.String(length=8), nullable=True),
        sa.Column("seals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("engagement", sa.String(length=40), nullable=True),
        sa.Column("audited_by_id", sa.Uuid(), nullable=True),
        sa.Column("audited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filed_by_id", sa.Uuid(), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(supersedes_id IS NULL) = (correction_reason = '')", name=op.f("ck_statement_correction_says_why")
        ),
        sa.CheckConstraint(
            "engagement IN ('HKSA_800', 'HKSA_805', 'HKSAE_3000', 'HKSRS_4400', 'REVIEW')",
            name=op.f("ck_statement_engagement_known"),
        ),
        sa.CheckConstraint(
            "status <> 'AUDITED' OR engagement IS NOT NULL", name=op.f("ck_statement_audited_names_engagement")
        ),
        sa.CheckConstraint(
            "status <> 'FILED' OR filed_by_id IS NOT NULL", name=op.f("ck_statement_filed_names_person")
        ),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'CERTIFIED', 'ISSUED', 'AUDITED', 'FILED', 'ACCEPTED', 'WITHDRAWN')",
            name=op.f("ck_statement_status_known"),
        ),
        sa.CheckConstraint(
            "status IN ('DRAFT', 'CERTIFIED', 'WITHDRAWN') OR (check_code IS NOT NULL AND issued_at IS NOT NULL AND issued_by_id IS NOT NULL)",
            name=op.f("ck_statement_issued_is_complete"),
        ),
        sa.CheckConstraint(
            "(supersedes_id IS NULL) = (edition = 1)", name=op.f("ck_statement_later_editions_supersede")
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> filed_by_id", name=op.f("ck_statement_second_person")
        ),
        sa.CheckConstraint("edition >= 1", name=op.f("ck_statement_edition_counts")),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_statement_dates_ordered")),
        sa.CheckConstraint("supersedes_id <> id", name=op.f("ck_statement_supersedes_another")),
        sa.ForeignKeyConstraint(["audited_by_id"], ["person.id"], name=op.f("fk_statement_audited_by_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_statement_contract_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_statement_decided_by_id")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["person.id"], name=op.f("fk_statement_filed_by_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["institution.id"], name=op.f("fk_statement_institution_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["person.id"], name=op.f("fk_statement_issued_by_id")),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligation.id"], name=op.f("fk_statement_obligation_id")),
        sa.ForeignKeyConstraint(["prepared_by_id"], ["person.id"], name=op.f("fk_statement_prepared_by_id")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["statement.id"], name=op.f("fk_statement_supersedes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint("reference", name=op.f("uq_statement_reference")),
    )
    op.create_index(op.f("ix_statement_contract_id"), "statement", ["contract_id"], unique=False)
    op.create_index(op.f("ix_statement_institution_id"), "statement", ["institution_id"], unique=False)
    op.create_index(op.f("ix_statement_obligation_id"), "statement", ["obligation_id"], unique=False)
    op.create_index(op.f("ix_statement_supersedes_id"), "statement", ["supersedes_id"], unique=False)
    op.create_index(
        "uq_statement_live",
        "statement",
        ["report", "contract_id", "first_day", "last_day", "edition"],
        unique=True,
        postgresql_where=sa.text("status <> 'WITHDRAWN'"),
    )
    op.create_index(
        "uq_statement_one_correction",
        "statement",
        ["supersedes_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'WITHDRAWN'"),
    )
    op.create_table(
        "bank_quote",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("disbursement_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("bank", sa.String(length=200), nullable=False),
        sa.Column("sold_currency", sa.String(length=3), nullable=False),
        sa.Column("bought_currency", sa.String(length=3), nullable=False),
        sa.Column("base_currency", sa.String(length=3), nullable=False),
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.Column("rate", sa.Numeric(precision=20, scale=10), nullable=False),
        sa.Column("market", sa.String(length=40), nullable=False),
        sa.Column("firmness", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("bank_reference", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("reference_rate_id", sa.Uuid(), nullable=True),
        sa.Column("dearer_percent", sa.Numeric(precision=9, scale=4), nullable=True),
        sa.Column("kept_by_id", sa.Uuid(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("base_currency IN ('CNY', 'HKD')", name=op.f("ck_bank_quote_base_currency_known")),
        sa.CheckConstraint("bought_currency IN ('CNY', 'HKD')", name=op.f("ck_bank_quote_bought_currency_known")),
        sa.CheckConstraint("firmness IN ('INDICATIVE', 'FIRM')", name=op.f("ck_bank_quote_firmness_known")),
        sa.CheckConstraint("market IN ('ONSHORE', 'OFFSHORE')", name=op.f("ck_bank_quote_market_known")),
        sa.CheckConstraint("side IN ('PAYER', 'PAYEE')", name=op.f("ck_bank_quote_side_known")),
        sa.CheckConstraint("sold_currency IN ('CNY', 'HKD')", name=op.f("ck_bank_quote_sold_currency_known")),
        sa.CheckConstraint("rate > 0", name=op.f("ck_bank_quote_rate_positive")),
        sa.CheckConstraint("sold_currency <> bought_currency", name=op.f("ck_bank_quote_two_currencies")),
        sa.CheckConstraint("unit IN (1, 100)", name=op.f("ck_bank_quote_unit_known")),
        sa.CheckConstraint("valid_until > asked_at", name=op.f("ck_bank_quote_ends_after_it_was_asked")),
        sa.ForeignKeyConstraint(["disbursement_id"], ["disbursement.id"], name=op.f("fk_bank_quote_disbursement_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_bank_quote_document_id")),
        sa.ForeignKeyConstraint(["kept_by_id"], ["person.id"], name=op.f("fk_bank_quote_kept_by_id")),
        sa.ForeignKeyConstraint(
            ["reference_rate_id"], ["exchange_rate.id"], name=op.f("fk_bank_quote_reference_rate_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_quote")),
    )
    op.create_index(op.f("ix_bank_quote_disbursement_id"), "bank_quote", ["disbursement_id"], unique=False)
    op.create_index(op.f("ix_bank_quote_document_id"), "bank_quote", ["document_id"], unique=False)
    op.create_index(op.f("ix_bank_quote_kept_by_id"), "bank_quote", ["kept_by_id"], unique=False)
    op.create_index(op.f("ix_bank_quote_reference_rate_id"), "bank_quote", ["reference_rate_id"], unique=False)
    op.create_table(
        "checker_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("disbursement_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=False),
        sa.Column("checker_id", sa.Uuid(), nullable=False),
        sa.Column("on_behalf_of_id", sa.Uuid(), nullable=True),
        sa.Column("consented_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("batch_reference", sa.String(length=40), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "decision IN ('APPROVED', 'RETURNED', 'REFUSED', 'RECALLED')",
            name=op.f("ck_checker_decision_decision_known"),
        ),
        sa.CheckConstraint("octet_length(consented_sha256) = 32", name=op.f("ck_checker_decision_sha256_length")),
        sa.ForeignKeyConstraint(["checker_id"], ["person.id"], name=op.f("fk_checker_decision_checker_id")),
        sa.ForeignKeyConstraint(
            ["disbursement_id"], ["disbursement.id"], name=op.f("fk_checker_decision_disbursement_id")
        ),
        sa.ForeignKeyConstraint(["on_behalf_of_id"], ["person.id"], name=op.f("fk_checker_decision_on_behalf_of_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checker_decision")),
    )
    op.create_index(op.f("ix_checker_decision_checker_id"), "checker_decision", ["checker_id"], unique=False)
    op.create_index(op.f("ix_checker_decision_disbursement_id"), "checker_decision", ["disbursement_id"], unique=False)
    op.create_index(op.f("ix_checker_decision_on_behalf_of_id"), "checker_decision", ["on_behalf_of_id"], unique=False)
    op.create_index(
        "uq_checker_decision_approval",
        "checker_decision",
        ["disbursement_id", "revision", "checker_id"],
        unique=True,
        postgresql_where=sa.text("decision = 'APPROVED'"),
    )
    op.create_table(
        "claim_paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "kind IN ('RECEIPT', 'QUOTATION', 'PAYROLL_SHEET', 'OTHER')", name=op.f("ck_claim_paper_kind_known")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_claim_paper_document_id")),
        sa.ForeignKeyConstraint(["line_id"], ["claim_line.id"], name=op.f("fk_claim_paper_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_paper")),
        sa.UniqueConstraint("line_id", "document_id", name=op.f("uq_claim_paper_line_id_document_id")),
    )
    op.create_index(op.f("ix_claim_paper_document_id"), "claim_paper", ["document_id"], unique=False)
    op.create_index(op.f("ix_claim_paper_line_id"), "claim_paper", ["line_id"], unique=False)
    op.create_table(
        "file_payment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_file_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("disbursement_id", sa.Uuid(), nullable=False),
        sa.Column("end_to_end_id", sa.String(length=35), nullable=False),
        sa.Column("uetr", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=False),
        sa.Column("bank_status", sa.String(length=35), nullable=False),
        sa.Column("reason_code", sa.String(length=35), nullable=False),
        sa.Column("reason_text", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "answer IN ('NONE', 'PENDING', 'ACCEPTED', 'REJECTED')", name=op.f("ck_file_payment_answer_known")
        ),
        sa.CheckConstraint("currency IN ('CNY', 'HKD')", name=op.f("ck_file_payment_currency_known")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_file_payment_amount_positive")),
        sa.ForeignKeyConstraint(["disbursement_id"], ["disbursement.id"], name=op.f("fk_file_payment_disbursement_id")),
        sa.ForeignKeyConstraint(["payment_file_id"], ["payment_file.id"], name=op.f("fk_file_payment_payment_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_payment")),
        sa.UniqueConstraint(
            "payment_file_id", "end_to_end_id", name=op.f("uq_file_payment_payment_file_id_end_to_end_id")
        ),
        sa.UniqueConstraint("payment_file_id", "number", name=op.f("uq_file_payment_payment_file_id_number")),
        sa.UniqueConstraint("uetr", name=op.f("uq_file_payment_uetr")),
    )
    op.create_index(op.f("ix_file_payment_disbursement_id"), "file_payment", ["disbursement_id"], unique=False)
    op.create_index(op.f("ix_file_payment_payment_file_id"), "file_payment", ["payment_file_id"], unique=False)
    op.create_index(
        "uq_file_payment_live", "file_payment", ["disbursement_id"], unique=True, postgresql_where=sa.text("live")
    )
    op.create_table(
        "release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("disbursement_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("signatory_id", sa.Uuid(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["disbursement_id"], ["disbursement.id"], name=op.f("fk_release_disbursement_id")),
        sa.ForeignKeyConstraint(["signatory_id"], ["person.id"], name=op.f("fk_release_signatory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint(
            "disbursement_id", "revision", "signatory_id", name=op.f("uq_release_disbursement_id_revision_signatory_id")
        ),
    )
    op.create_index(op.f("ix_release_disbursement_id"), "release", ["disbursement_id"], unique=False)
    op.create_index(op.f("ix_release_signatory_id"), "release", ["signatory_id"], unique=False)
    op.create_table(
        "route_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("disbursement_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("listed_by_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> listed_by_id", name=op.f("ck_route_document_second_person")
        ),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_route_document_confirmed_by_id")),
        sa.ForeignKeyConstraint(
            ["disbursement_id"], ["disbursement.id"], name=op.f("fk_route_document_disbursement_id")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_route_document_document_id")),
        sa.ForeignKeyConstraint(["listed_by_id"], ["person.id"], name=op.f("fk_route_document_listed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route_document")),
        sa.UniqueConstraint("disbursement_id", "code", name=op.f("uq_route_document_disbursement_id_code")),
    )
    op.create_index(op.f("ix_route_document_confirmed_by_id"), "route_document", ["confirmed_by_id"], unique=False)
    op.create_index(op.f("ix_route_document_disbursement_id"), "route_document", ["disbursement_id"], unique=False)
    op.create_index(op.f("ix_route_document_document_id"), "route_document", ["document_id"], unique=False)
    op.create_index(op.f("ix_route_document_listed_by_id"), "route_document", ["listed_by_id"], unique=False)
    op.create_table(
        "statement_certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data_digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "capacity IN ('PREPARED', 'USE_OF_FUNDS', 'HEAD')", name=op.f("ck_statement_certificate_capacity_known")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_statement_certificate_person_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_statement_certificate_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_certificate")),
        sa.UniqueConstraint(
            "statement_id", "round", "capacity", name=op.f("uq_statement_certificate_statement_id_round_capacity")
        ),
        sa.UniqueConstraint(
            "statement_id", "round", "person_id", name=op.f("uq_statement_certificate_statement_id_round_person_id")
        ),
    )
    op.create_index(op.f("ix_statement_certificate_person_id"), "statement_certificate", ["person_id"], unique=False)
    op.create_index(
        op.f("ix_statement_certificate_statement_id"), "statement_certificate", ["statement_id"], unique=False
    )
    op.create_table(
        "statement_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("unsigned_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("unsigned_bytes", sa.Integer(), nullable=True),
        sa.Column("signer", sa.String(length=200), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("test_signature", sa.Boolean(), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('STATEMENT', 'AUDITORS_REPORT')", name=op.f("ck_statement_file_kind_known")),
        sa.CheckConstraint(
            "(unsigned_sha256 IS NULL) = (signed_at IS NULL)", name=op.f("ck_statement_file_signed_is_complete")
        ),
        sa.CheckConstraint("octet_length(sha256) = 32", name=op.f("ck_statement_file_sha256_length")),
        sa.CheckConstraint("octet_length(unsigned_sha256) = 32", name=op.f("ck_statement_file_unsigned_sha256_length")),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_statement_file_added_by_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_statement_file_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_file")),
        sa.UniqueConstraint("statement_id", "sha256", name=op.f("uq_statement_file_statement_id_sha256")),
    )
    op.create_index("ix_statement_file_sha256", "statement_file", ["sha256"], unique=False)
    op.create_index(op.f("ix_statement_file_statement_id"), "statement_file", ["statement_id"], unique=False)
    op.create_table(
        "quote_withdrawal",
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["quote_id"], ["bank_quote.id"], name=op.f("fk_quote_withdrawal_quote_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["person.id"], name=op.f("fk_quote_withdrawal_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("quote_id", name=op.f("pk_quote_withdrawal")),
    )
    op.create_index(op.f("ix_quote_withdrawal_withdrawn_by_id"), "quote_withdrawal", ["withdrawn_by_id"], unique=False)
    op.create_table(
        "receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("disbursement_id", sa.Uuid(), nullable=False),
        sa.Column("bank_account_id", sa.Uuid(), nullable=False),
        sa.Column("value_date", sa.Date(), nullable=False),
        sa.Column("bank_reference", sa.String(length=200), nullable=False),
        sa.Column("received_minor", sa.BigInteger(), nullable=False),
        sa.Column("received_currency", sa.String(length=3), nullable=False),
        sa.Column("charge_minor", sa.BigInteger(), nullable=False),
        sa.Column("charge_currency", sa.String(length=3), nullable=False),
        sa.Column("dealt_rate", sa.Numeric(precision=20, scale=10), nullable=True),
        sa.Column("rate_base_currency", sa.String(length=3), nullable=True),
        sa.Column("rate_source", sa.String(length=200), nullable=False),
        sa.Column("quote_id", sa.Uuid(), nullable=True),
        sa.Column("dealt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("difference_reason", sa.Text(), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("reversed_on", sa.Date(), nullable=True),
        sa.Column("reversed_by_id", sa.Uuid(), nullable=True),
        sa.Column("reversal_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("charge_currency IN ('CNY', 'HKD')", name=op.f("ck_receipt_charge_currency_known")),
        sa.CheckConstraint("received_currency IN ('CNY', 'HKD')", name=op.f("ck_receipt_received_currency_known")),
        sa.CheckConstraint("charge_minor >= 0", name=op.f("ck_receipt_charge_not_negative")),
        sa.CheckConstraint("received_minor > 0", name=op.f("ck_receipt_received_positive")),
        sa.ForeignKeyConstraint(["bank_account_id"], ["bank_account.id"], name=op.f("fk_receipt_bank_account_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_receipt_confirmed_by_id")),
        sa.ForeignKeyConstraint(["disbursement_id"], ["disbursement.id"], name=op.f("fk_receipt_disbursement_id")),
        sa.ForeignKeyConstraint(["quote_id"], ["bank_quote.id"], name=op.f("fk_receipt_quote_id")),
        sa.ForeignKeyConstraint(["reversed_by_id"], ["person.id"], name=op.f("fk_receipt_reversed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
    )
    op.create_index(op.f("ix_receipt_bank_account_id"), "receipt", ["bank_account_id"], unique=False)
    op.create_index(op.f("ix_receipt_confirmed_by_id"), "receipt", ["confirmed_by_id"], unique=False)
    op.create_index(op.f("ix_receipt_disbursement_id"), "receipt", ["disbursement_id"], unique=False)
    op.create_index(op.f("ix_receipt_quote_id"), "receipt", ["quote_id"], unique=False)
    op.create_index(op.f("ix_receipt_reversed_by_id"), "receipt", ["reversed_by_id"], unique=False)
    op.create_index(
        "uq_receipt_standing",
        "receipt",
        ["disbursement_id"],
        unique=True,
        postgresql_where=sa.text("reversed_on IS NULL"),
    )


def downgrade() -> None:
    """Drop them in the opposite order."""
    op.drop_table("receipt")
    op.drop_table("quote_withdrawal")
    op.drop_table("statement_file")
    op.drop_table("statement_certificate")
    op.drop_table("route_document")
    op.drop_table("release")
    op.drop_table("file_payment")
    op.drop_table("claim_paper")
    op.drop_table("checker_decision")
    op.drop_table("bank_quote")
    op.drop_table("statement")
    op.drop_table("staff_time_clearance")
    op.drop_table("staff_month")
    op.drop_table("return_row")
    op.drop_table("residue_return_component")
    op.drop_table("purchase_order")
    op.drop_table("equipment_sighting")
    op.drop_table("equipment_disposal")
    op.drop_table("engagement_sample_item")
    op.drop_table("engagement_sample_drawing")
    op.drop_table("disbursement")
    op.drop_table("claim_line")
    op.drop_table("claim_flag_clearance")
    op.drop_table("bank_match_line")
    op.drop_table("tranche")
    op.drop_table("tax_filing")
    op.drop_table("staff_month_confirmation")
    op.drop_table("staff_engagement")
    op.drop_table("spending_return")
    op.drop_table("residue_return")
    op.drop_table("obligation")
    op.drop_table("journal_line")
    op.drop_table("equipment_item")
    op.drop_table("engagement_sample")
    op.drop_table("engagement_pack_part")
    op.drop_table("engagement_contract")
    op.drop_table("conflict_of_interest")
    op.drop_table("claim")
    op.drop_table("bank_notice_mark")
    op.drop_table("bank_line")
    op.drop_table("amendment")
    op.drop_table("account_mapping")
    op.drop_table("journal_working")
    op.drop_table("fund_movement")
    op.drop_table("forward_cover")
    op.drop_table("file_signature")
    op.drop_table("engagement_working_paper")
    op.drop_table("engagement_view")
    op.drop_table("engagement_record")
    op.drop_table("engagement_question")
    op.drop_table("engagement_pack")
    op.drop_table("engagement_auditor")
    op.drop_table("contract")
    op.drop_table("bank_statement")
    op.drop_table("bank_notice_entry")
    op.drop_table("bank_match_posting")
    op.drop_table("bank_answer")
    op.drop_table("terms_parameter")
    op.drop_table("project_party")
    op.drop_table("project_member")
    op.drop_table("pocket")
    op.drop_table("payment_file")
    op.drop_table("party_mark")
    op.drop_table("journal")
    op.drop_table("engagement")
    op.drop_table("budget_request")
    op.drop_table("bank_reconciliation")
    op.drop_table("bank_notice")
    op.drop_table("bank_match")
    op.drop_table("bank_mandate")
    op.drop_table("bank_file")
    op.drop_table("bank_automatic_matching")
    op.drop_table("whitelist_entry")
    op.drop_table("voucher_profile")
    op.drop_table("sign_in_session")
    op.drop_table("role_assignment")
    op.drop_table("return_layout")
    op.drop_table("rail")
    op.drop_table("project")
    op.drop_table("programme")
    op.drop_table("policy_setting")
    op.drop_table("personal_token")
    op.drop_table("password_link")
    op.drop_table("party")
    op.drop_table("outgoing_mail")
    op.drop_table("fund")
    op.drop_table("exchange_rate")
    op.drop_table("document_key")
    op.drop_table("document")
    op.drop_table("delegation")
    op.drop_table("corridor_rule")
    op.drop_table("corridor_rate")
    op.drop_table("cooling_policy")
    op.drop_table("calendar_day")
    op.drop_table("budget_variation")
    op.drop_table("bank_profile")
    op.drop_table("bank_account")
    op.drop_table("authority_limit")
    op.drop_table("web_idempotency")
    op.drop_table("verify_attempt")
    op.drop_table("sign_in_attempt")
    op.drop_table("reference_counter")
    op.drop_table("person")
    op.drop_table("institution")
    op.drop_table("corridor_code")
    op.drop_table("budget_line")
    op.drop_table("audit_event")
