"""The explicit list of blueprints and the URL prefix of each. Add one import and one line per slice."""

from __future__ import annotations

from flask import Blueprint

from app.access.api import api as audit_api
from app.access.policies.api import api as policy_api
from app.access.policies.routes import pages as policy_pages
from app.access.routes import pages as trail_pages
from app.books.api import api as book_api
from app.books.routes import pages as book_pages
from app.claims.api import api as claim_api
from app.claims.routes import pages as claim_pages
from app.contracts.amendment_routes import pages as amendment_pages
from app.contracts.api import api as contract_api
from app.contracts.budget_api import api as contract_budget_api
from app.contracts.budget_routes import pages as contract_budget_pages
from app.contracts.obligation_api import api as obligation_api
from app.contracts.obligation_routes import pages as obligation_pages
from app.contracts.programme_api import api as programme_api
from app.contracts.programme_routes import pages as programme_pages
from app.contracts.routes import pages as contract_pages
from app.corridor.api import api as corridor_api
from app.corridor.routes import pages as corridor_pages
from app.crossings.api import api as crossing_api
from app.crossings.routes import pages as crossing_pages
from app.disbursements.api import api as disbursement_api
from app.disbursements.conversion_api import api as conversion_api
from app.disbursements.routes import pages as disbursement_pages
from app.engagements.api import api as engagement_api
from app.engagements.pack_api import api as room_api
from app.engagements.room_routes import pages as room_pages
from app.engagements.routes import pages as engagement_pages
from app.equipment.api import api as equipment_api
from app.equipment.routes import pages as equipment_pages
from app.evidence.api import api as evidence_api
from app.evidence.routes import pages as evidence_pages
from app.exchange_rates.api import api as rate_api
from app.exchange_rates.routes import pages as rate_pages
from app.exposure.api import api as exposure_api
from app.exposure.routes import pages as exposure_pages
from app.funds.api import api as fund_api
from app.funds.routes import pages as fund_pages
from app.institutions.api import api as institution_api
from app.institutions.routes import pages as institution_pages
from app.journals.api import api as journal_api
from app.journals.computed_api import api as computed_api
from app.journals.computed_routes import pages as computed_pages
from app.journals.routes import pages as journal_pages
from app.manpower.api import api as manpower_api
from app.manpower.routes import pages as manpower_pages
from app.pages.api import api as inbox_api
from app.pages.routes import pages as inbox_pages
from app.parties.api import api as party_api
from app.parties.routes import pages as party_pages
from app.payment_files.api import api as payment_file_api
from app.payment_files.routes import pages as payment_file_pages
from app.people.account_routes import pages as account_pages
from app.people.api import api as people_api
from app.people.authority.api import api as authority_api
from app.people.authority.routes import pages as authority_pages
from app.people.routes import pages as people_pages
from app.periods.api import api as period_api
from app.periods.routes import pages as period_pages
from app.projects.api import api as project_api
from app.projects.routes import pages as project_pages
from app.rails.api import api as rail_api
from app.rails.routes import pages as rail_pages
from app.reconciliation.api import api as reconciliation_api
from app.reconciliation.routes import pages as reconciliation_pages
from app.reporting.api import api as report_api
from app.reporting.routes import pages as report_pages
from app.returns.api import api as return_api
from app.returns.routes import pages as return_pages
from app.statements.api import api as statement_api
from app.statements.routes import pages as statement_pages
from app.statements.verify_routes import pages as verify_pages
from app.vouchers.api import api as voucher_api
from app.vouchers.routes import pages as voucher_pages
from app.web.api import ApiBlueprint
from app.whitelist.api import api as whitelist_api
from app.whitelist.routes import pages as whitelist_pages

PAGES: tuple[tuple[Blueprint, str], ...] = (
    (inbox_pages, ""),
    (account_pages, ""),
    (institution_pages, "/institutions"),
    (people_pages, "/people"),
    (authority_pages, "/authority"),
    (whitelist_pages, "/whitelist"),
    (trail_pages, "/audit"),
    (policy_pages, ""),
    (evidence_pages, ""),
    (project_pages, ""),
    (contract_pages, ""),
    (amendment_pages, ""),
    (contract_budget_pages, ""),
    (obligation_pages, ""),
    (programme_pages, ""),
    (fund_pages, ""),
    (exposure_pages, ""),
    (claim_pages, ""),
    (equipment_pages, ""),
    (manpower_pages, ""),
    (party_pages, ""),
    (crossing_pages, ""),
    (corridor_pages, ""),
    (disbursement_pages, ""),
    (payment_file_pages, ""),
    (journal_pages, ""),
    (computed_pages, ""),
    (return_pages, ""),
    (rate_pages, ""),
    (rail_pages, ""),
    (reconciliation_pages, ""),
    (report_pages, ""),
    (statement_pages, ""),
    (engagement_pages, ""),
    (room_pages, ""),
    (verify_pages, ""),
    (voucher_pages, ""),
    (period_pages, ""),
    (book_pages, ""),
)
"""Blueprints of screens: (blueprint, URL prefix)."""

API: tuple[ApiBlueprint, ...] = (
    inbox_api,
    institution_api,
    people_api,
    authority_api,
    whitelist_api,
    audit_api,
    policy_api,
    project_api,
    programme_api,
    contract_api,
    contract_budget_api,
    obligation_api,
    evidence_api,
    fund_api,
    exposure_api,
    claim_api,
    equipment_api,
    manpower_api,
    party_api,
    crossing_api,
    corridor_api,
    disbursement_api,
    conversion_api,
    payment_file_api,
    journal_api,
    computed_api,
    return_api,
    rate_api,
    rail_api,
    reconciliation_api,
    report_api,
    statement_api,
    engagement_api,
    room_api,
    voucher_api,
    period_api,
    book_api,
)
"""Blueprints of the JSON API; each brings the prefix /api/v1 itself."""
