"""Which role carries which permissions (the table of the product's section 1). Anything not granted here is refused."""

from __future__ import annotations

from app.access.permissions import Permission
from app.kernel.actor import ROLE_NAMES as ROLE_NAMES, Role

_EVERYONE = frozenset(
    {
        Permission.TOKENS_OWN,
        Permission.PAGES_READ,
        Permission.INSTITUTIONS_READ,
        Permission.RATES_READ,
        Permission.RAILS_READ,
        Permission.PROGRAMMES_READ,
    }
)

_READ_GRANTS = frozenset(
    {
        Permission.BANK_ACCOUNTS_READ,
        Permission.PEOPLE_READ,
        Permission.AUTHORITY_READ,
        Permission.WHITELIST_READ,
        Permission.PROJECTS_READ,
        Permission.CONTRACTS_READ,
        Permission.TRANCHES_READ,
        Permission.OBLIGATIONS_READ,
        Permission.BUDGETS_READ,
        Permission.DISBURSEMENTS_READ,
        Permission.RESIDUE_READ,
        Permission.CLAIMS_READ,
        Permission.EQUIPMENT_READ,
        Permission.MANPOWER_READ,
        Permission.RETURNS_READ,
        Permission.JOURNALS_READ,
        Permission.EVIDENCE_READ,
        Permission.CORRIDOR_READ,
        Permission.REPORTS_READ,
        Permission.REPORTS_BUILD,
        Permission.STATEMENTS_READ,
        Permission.AUDIT_READ,
    }
)
_READ_BOOKS = frozenset(
    {
        Permission.FUNDS_READ,
        Permission.LEDGER_READ,
        Permission.VOUCHERS_READ,
        Permission.BANK_READ,
        Permission.PAYMENT_FILES_READ,
        Permission.ENGAGEMENTS_READ,
    }
)
_READ_ALL = _EVERYONE | _READ_GRANTS | _READ_BOOKS

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.GRANT_OFFICER: _READ_ALL
    | {
        Permission.INSTITUTIONS_DIRECTORY,
        Permission.BANK_ACCOUNTS_VERIFY,
        Permission.AUTHORITY_DELEGATE,
        Permission.WHITELIST_APPLY,
        Permission.PROJECTS_REGISTER,
        Permission.PROJECTS_CHANGE,
        Permission.PROGRAMMES_MANAGE,
        Permission.PROGRAMMES_CONFIRM,
        Permission.CONTRACTS_DRAFT,
        Permission.CONTRACTS_SIGN,
        Permission.CONTRACTS_ACTIVATE,
        Permission.CONTRACTS_SUSPEND,
        Permission.CONTRACTS_CLOSE,
        Permission.CONTRACTS_TERMINATE,
        Permission.CONTRACTS_AMEND,
        Permission.CONTRACTS_APPROVE_AMENDMENT,
        Permission.TRANCHES_MANAGE,
        Permission.TRANCHES_CONFIRM_CONDITION,
        Permission.OBLIGATIONS_CREATE,
        Permission.OBLIGATIONS_QUERY,
        Permission.OBLIGATIONS_ACCEPT,
        Permission.OBLIGATIONS_WAIVE,
        Permission.OBLIGATIONS_EXTEND,
        Permission.BUDGETS_DRAFT,
        Permission.BUDGETS_APPROVE,
        Permission.DISBURSEMENTS_DRAFT,
        Permission.DISBURSEMENTS_SUBMIT,
        Permission.DISBURSEMENTS_APPROVE,
        Permission.DISBURSEMENTS_RETURN,
        Permission.DISBURSEMENTS_REFUSE,
        Permission.DISBURSEMENTS_CANCEL,
        Permission.DISBURSEMENTS_RECALL,
        Permission.DISBURSEMENTS_CONFIRM_DOCUMENTS,
        Permission.EVIDENCE_UPLOAD,
        Permission.CORRIDOR_MANAGE,
        Permission.ENGAGEMENTS_MANAGE,
        Permission.STATEMENTS_ACCEPT,
    },
    Role.PAYMENTS_OFFICER: _READ_ALL
    | {
        Permission.INSTITUTIONS_DIRECTORY,
        Permission.BANK_ACCOUNTS_REVEAL,
        Permission.DISBURSEMENTS_RELEASE,
        Permission.PAYMENT_FILES_MAKE,
        Permission.PAYMENT_FILES_SIGN,
        Permission.PAYMENT_FILES_SEND,
        Permission.EVIDENCE_UPLOAD,
    },
    Role.ACCOUNTANT: _READ_ALL
    | {
        Permission.INSTITUTIONS_DIRECTORY,
        Permission.BANK_ACCOUNTS_ENTER,
        Permission.BANK_ACCOUNTS_VERIFY,
        Permission.BANK_ACCOUNTS_REVEAL,
        Permission.AUTHORITY_DELEGATE,
        Permission.RATES_ENTER,
        Permission.RATES_CONFIRM,
        Permission.QUOTES_KEEP,
        Permission.RAILS_PROPOSE,
        Permission.RAILS_CONFIRM,
        Permission.DISBURSEMENTS_SETTLE,
        Permission.DISBURSEMENTS_BOUNCE,
        Permission.PAYMENT_FILES_MAKE,
        Permission.PAYMENT_FILES_SEND,
        Permission.RESIDUE_CONFIRM,
        Permission.RETURNS_DRAFT,
        Permission.JOURNALS_DRAFT,
        Permission.RETURNS_POST,
        Permission.JOURNALS_APPROVE,
        Permission.VOUCHERS_MAP,
        Permission.VOUCHERS_CONFIRM,
        Permission.VOUCHERS_EXPORT,
        Permission.EVIDENCE_UPLOAD,
        Permission.BANK_IMPORT,
        Permission.BANK_RECONCILE,
        Permission.BANK_APPROVE,
        Permission.CLOSING_CLOSE,
        Permission.CLOSING_CONFIRM,
    },
    Role.PRINCIPAL_INVESTIGATOR: _EVERYONE
    | _READ_GRANTS
    - {Permission.AUTHORITY_READ, Permission.PEOPLE_READ, Permission.AUDIT_READ, Permission.BANK_ACCOUNTS_READ}
    | {
        Permission.OBLIGATIONS_SUBMIT,
        Permission.CONTRACTS_COMMIT,
        Permission.BUDGETS_DRAFT,
        Permission.CLAIMS_DRAFT,
        Permission.CLAIMS_SUBMIT,
        Permission.EVIDENCE_UPLOAD,
        Permission.STATEMENTS_CERTIFY,
    },
    Role.PROJECT_MANAGER: _EVERYONE
    | _READ_GRANTS - {Permission.AUTHORITY_READ, Permission.AUDIT_READ}
    | {
        Permission.OBLIGATIONS_SUBMIT,
        Permission.BUDGETS_DRAFT,
        Permission.CLAIMS_DRAFT,
        Permission.CLAIMS_SUBMIT,
        Permission.EQUIPMENT_KEEP,
        Permission.MANPOWER_KEEP,
        Permission.RETURNS_DRAFT,
        Permission.JOURNALS_DRAFT,
        Permission.EVIDENCE_UPLOAD,
    },
    Role.FINANCE_OFFICER: _READ_ALL
    | {
        Permission.BANK_ACCOUNTS_ENTER,
        Permission.BANK_ACCOUNTS_VERIFY,
        Permission.BANK_ACCOUNTS_REVEAL,
        Permission.AUTHORITY_DELEGATE,
        Permission.WHITELIST_APPLY,
        Permission.OBLIGATIONS_SUBMIT,
        Permission.CONTRACTS_COMMIT,
        Permission.BUDGETS_DRAFT,
        Permission.DISBURSEMENTS_CONFIRM_RECEIPT,
        Permission.QUOTES_KEEP,
        Permission.RESIDUE_RETURN,
        Permission.CLAIMS_CHECK,
        Permission.CLAIMS_APPROVE,
        Permission.CLAIMS_PAY,
        Permission.EQUIPMENT_KEEP,
        Permission.EQUIPMENT_APPROVE_DISPOSAL,
        Permission.MANPOWER_KEEP,
        Permission.MANPOWER_CONFIRM,
        Permission.MANPOWER_CLEAR,
        Permission.RETURNS_DRAFT,
        Permission.JOURNALS_DRAFT,
        Permission.RETURNS_POST,
        Permission.JOURNALS_APPROVE,
        Permission.VOUCHERS_MAP,
        Permission.VOUCHERS_CONFIRM,
        Permission.VOUCHERS_EXPORT,
        Permission.EVIDENCE_UPLOAD,
        Permission.BANK_APPROVE,
        Permission.CLOSING_CLOSE,
        Permission.CLOSING_CONFIRM,
        Permission.STATEMENTS_PREPARE,
        Permission.STATEMENTS_CERTIFY,
        Permission.STATEMENTS_CERTIFY_AS_HEAD,
        Permission.STATEMENTS_ISSUE,
        Permission.STATEMENTS_FILE,
    },
    Role.AUDITOR: _READ_ALL | {Permission.EVIDENCE_ORIGINAL, Permission.STATEMENTS_AUDIT},
    Role.FUND_MANAGER: _READ_ALL
    | {
        Permission.INSTITUTIONS_DIRECTORY,
        Permission.AUTHORITY_DELEGATE,
        Permission.FUNDS_CREATE,
        Permission.FUNDS_CONTRIBUTE,
        Permission.FUNDS_ALLOCATE,
        Permission.FUNDS_APPROVE,
        Permission.EVIDENCE_UPLOAD,
    },
    Role.WHITELIST_OFFICER: _EVERYONE
    | {
        Permission.INSTITUTIONS_DIRECTORY,
        Permission.WHITELIST_READ,
        Permission.WHITELIST_APPLY,
        Permission.WHITELIST_LIST,
        Permission.WHITELIST_SUSPEND,
        Permission.WHITELIST_REINSTATE,
        Permission.WHITELIST_REMOVE,
        Permission.AUDIT_READ,
    },
    Role.OVERSEER: _READ_ALL
    | {Permission.EVIDENCE_ORIGINAL, Permission.INSTITUTIONS_DIRECTORY, Permission.OVERSIGHT_READ},
    Role.ADMINISTRATOR: _EVERYONE
    | {
        Permission.INSTITUTIONS_DIRECTORY,
        Permission.INSTITUTIONS_OPEN,
        Permission.INSTITUTIONS_CHANGE,
        Permission.PEOPLE_READ,
        Permission.PEOPLE_MANAGE,
        Permission.PEOPLE_CONFIRM,
        Permission.AUTHORITY_READ,
        Permission.AUTHORITY_PROPOSE,
        Permission.AUTHORITY_CONFIRM,
        Permission.SETTINGS_PROPOSE,
        Permission.SETTINGS_CONFIRM,
        Permission.AUDIT_READ,
        Permission.ENGAGEMENTS_READ,
        Permission.ENGAGEMENTS_MANAGE,
    },
}
"""Role to permissions. The access matrix test walks this table."""


def roles_granting(permission: Permission) -> tuple[Role, ...]:
    """The roles that carry `permission`, in the order of the product's table."""
    return tuple(role for role in Role if permission in GRANTS[role])
