"""Which role carries which permissions (the table of the product's section 1). Anything not granted here is refused."""

from __future__ import annotations

from app.access.permissions import Permission as P
from app.kernel.actor import Role
from app.kernel.messages import _

ROLE_NAMES: dict[Role, str] = {
    Role.GRANT_OFFICER: _("Grant officer"),
    Role.PAYMENTS_OFFICER: _("Payments officer"),
    Role.ACCOUNTANT: _("Accountant"),
    Role.PRINCIPAL_INVESTIGATOR: _("Principal investigator"),
    Role.PROJECT_MANAGER: _("Project manager"),
    Role.FINANCE_OFFICER: _("Institution finance officer"),
    Role.AUDITOR: _("Auditor"),
    Role.FUND_MANAGER: _("Fund manager"),
    Role.WHITELIST_OFFICER: _("Whitelist officer"),
    Role.OVERSEER: _("Overseer"),
    Role.ADMINISTRATOR: _("Administrator"),
}
"""Message ids: what people call each role."""

_EVERYONE = frozenset({P.TOKENS_OWN, P.PAGES_READ, P.INSTITUTIONS_READ, P.RATES_READ, P.PROGRAMMES_READ})

_READ_GRANTS = frozenset(
    {
        P.BANK_ACCOUNTS_READ,
        P.PEOPLE_READ,
        P.AUTHORITY_READ,
        P.WHITELIST_READ,
        P.PROJECTS_READ,
        P.CONTRACTS_READ,
        P.TRANCHES_READ,
        P.OBLIGATIONS_READ,
        P.BUDGETS_READ,
        P.DISBURSEMENTS_READ,
        P.RESIDUE_READ,
        P.CLAIMS_READ,
        P.EQUIPMENT_READ,
        P.JOURNALS_READ,
        P.EVIDENCE_READ,
        P.CORRIDOR_READ,
        P.REPORTS_READ,
        P.REPORTS_BUILD,
        P.AUDIT_READ,
    }
)
_READ_BOOKS = frozenset({P.FUNDS_READ, P.LEDGER_READ, P.BANK_READ, P.ENGAGEMENTS_READ})
_READ_ALL = _EVERYONE | _READ_GRANTS | _READ_BOOKS

GRANTS: dict[Role, frozenset[P]] = {
    Role.GRANT_OFFICER: _READ_ALL
    | {
        P.INSTITUTIONS_DIRECTORY,
        P.BANK_ACCOUNTS_VERIFY,
        P.AUTHORITY_DELEGATE,
        P.WHITELIST_APPLY,
        P.PROJECTS_REGISTER,
        P.PROJECTS_CHANGE,
        P.PROGRAMMES_MANAGE,
        P.PROGRAMMES_CONFIRM,
        P.CONTRACTS_DRAFT,
        P.CONTRACTS_SIGN,
        P.CONTRACTS_ACTIVATE,
        P.CONTRACTS_SUSPEND,
        P.CONTRACTS_CLOSE,
        P.CONTRACTS_TERMINATE,
        P.CONTRACTS_AMEND,
        P.CONTRACTS_APPROVE_AMENDMENT,
        P.TRANCHES_MANAGE,
        P.TRANCHES_CONFIRM_CONDITION,
        P.OBLIGATIONS_CREATE,
        P.OBLIGATIONS_QUERY,
        P.OBLIGATIONS_ACCEPT,
        P.OBLIGATIONS_WAIVE,
        P.OBLIGATIONS_EXTEND,
        P.BUDGETS_DRAFT,
        P.BUDGETS_APPROVE,
        P.DISBURSEMENTS_DRAFT,
        P.DISBURSEMENTS_SUBMIT,
        P.DISBURSEMENTS_APPROVE,
        P.DISBURSEMENTS_RETURN,
        P.DISBURSEMENTS_REFUSE,
        P.DISBURSEMENTS_CANCEL,
        P.DISBURSEMENTS_RECALL,
        P.DISBURSEMENTS_CONFIRM_DOCUMENTS,
        P.EVIDENCE_UPLOAD,
        P.CORRIDOR_MANAGE,
        P.ENGAGEMENTS_MANAGE,
    },
    Role.PAYMENTS_OFFICER: _READ_ALL
    | {P.INSTITUTIONS_DIRECTORY, P.BANK_ACCOUNTS_REVEAL, P.DISBURSEMENTS_RELEASE, P.EVIDENCE_UPLOAD},
    Role.ACCOUNTANT: _READ_ALL
    | {
        P.INSTITUTIONS_DIRECTORY,
        P.BANK_ACCOUNTS_ENTER,
        P.BANK_ACCOUNTS_VERIFY,
        P.BANK_ACCOUNTS_REVEAL,
        P.AUTHORITY_DELEGATE,
        P.RATES_ENTER,
        P.RATES_CONFIRM,
        P.DISBURSEMENTS_SETTLE,
        P.DISBURSEMENTS_BOUNCE,
        P.RESIDUE_CONFIRM,
        P.JOURNALS_DRAFT,
        P.JOURNALS_APPROVE,
        P.EVIDENCE_UPLOAD,
        P.BANK_IMPORT,
        P.BANK_RECONCILE,
        P.CLOSING_CLOSE,
        P.CLOSING_CONFIRM,
    },
    Role.PRINCIPAL_INVESTIGATOR: _EVERYONE
    | _READ_GRANTS - {P.AUTHORITY_READ, P.PEOPLE_READ, P.AUDIT_READ, P.BANK_ACCOUNTS_READ}
    | {
        P.OBLIGATIONS_SUBMIT,
        P.CONTRACTS_COMMIT,
        P.BUDGETS_DRAFT,
        P.CLAIMS_DRAFT,
        P.CLAIMS_SUBMIT,
        P.EVIDENCE_UPLOAD,
        P.REPORTS_CERTIFY,
    },
    Role.PROJECT_MANAGER: _EVERYONE
    | _READ_GRANTS - {P.AUTHORITY_READ, P.AUDIT_READ}
    | {
        P.OBLIGATIONS_SUBMIT,
        P.BUDGETS_DRAFT,
        P.CLAIMS_DRAFT,
        P.CLAIMS_SUBMIT,
        P.EQUIPMENT_KEEP,
        P.JOURNALS_DRAFT,
        P.EVIDENCE_UPLOAD,
    },
    Role.FINANCE_OFFICER: _READ_ALL
    | {
        P.BANK_ACCOUNTS_ENTER,
        P.BANK_ACCOUNTS_VERIFY,
        P.BANK_ACCOUNTS_REVEAL,
        P.AUTHORITY_DELEGATE,
        P.WHITELIST_APPLY,
        P.OBLIGATIONS_SUBMIT,
        P.CONTRACTS_COMMIT,
        P.BUDGETS_DRAFT,
        P.DISBURSEMENTS_CONFIRM_RECEIPT,
        P.RESIDUE_RETURN,
        P.CLAIMS_CHECK,
        P.CLAIMS_APPROVE,
        P.CLAIMS_PAY,
        P.EQUIPMENT_KEEP,
        P.JOURNALS_DRAFT,
        P.JOURNALS_APPROVE,
        P.EVIDENCE_UPLOAD,
        P.REPORTS_CERTIFY,
        P.REPORTS_ISSUE,
    },
    Role.AUDITOR: _READ_ALL,
    Role.FUND_MANAGER: _READ_ALL
    | {
        P.INSTITUTIONS_DIRECTORY,
        P.AUTHORITY_DELEGATE,
        P.FUNDS_CREATE,
        P.FUNDS_CONTRIBUTE,
        P.FUNDS_ALLOCATE,
        P.FUNDS_APPROVE,
        P.EVIDENCE_UPLOAD,
    },
    Role.WHITELIST_OFFICER: _EVERYONE
    | {
        P.INSTITUTIONS_DIRECTORY,
        P.WHITELIST_READ,
        P.WHITELIST_APPLY,
        P.WHITELIST_LIST,
        P.WHITELIST_SUSPEND,
        P.WHITELIST_REINSTATE,
        P.WHITELIST_REMOVE,
        P.AUDIT_READ,
    },
    Role.OVERSEER: _READ_ALL | {P.INSTITUTIONS_DIRECTORY, P.OVERSIGHT_READ},
    Role.ADMINISTRATOR: _EVERYONE
    | {
        P.INSTITUTIONS_DIRECTORY,
        P.INSTITUTIONS_OPEN,
        P.INSTITUTIONS_CHANGE,
        P.PEOPLE_READ,
        P.PEOPLE_MANAGE,
        P.PEOPLE_CONFIRM,
        P.AUTHORITY_READ,
        P.AUTHORITY_PROPOSE,
        P.AUTHORITY_CONFIRM,
        P.SETTINGS_PROPOSE,
        P.SETTINGS_CONFIRM,
        P.AUDIT_READ,
        P.ENGAGEMENTS_READ,
        P.ENGAGEMENTS_MANAGE,
    },
}
"""Role to permissions. The access matrix test walks this table."""


def roles_granting(permission: P) -> tuple[Role, ...]:
    """The roles that carry `permission`, in the order of the product's table."""
    return tuple(role for role in Role if permission in GRANTS[role])
