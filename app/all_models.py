"""The explicit list of ORM modules: importing this makes `Base.metadata` complete, for migrations and the mapper."""

from types import ModuleType

import app.access.policies.models
import app.audit.models
import app.bank_notices.models
import app.budgets.models
import app.claims.models
import app.contracts.models
import app.corridor.models
import app.db.references
import app.disbursements.models
import app.engagements.models
import app.equipment.models
import app.evidence.models
import app.exchange_rates.models
import app.exposure.models
import app.funds.models
import app.institutions.models
import app.journals.models
import app.mail.models
import app.manpower.models
import app.parties.models
import app.payment_files.models
import app.people.authority.models
import app.people.models
import app.projects.models
import app.rails.models
import app.reconciliation.models
import app.returns.models
import app.statements.models
import app.vouchers.models
import app.web.models
import app.whitelist.models
from app.db.base import Base

MODULES: tuple[ModuleType, ...] = (
    app.access.policies.models,
    app.audit.models,
    app.bank_notices.models,
    app.budgets.models,
    app.claims.models,
    app.contracts.models,
    app.corridor.models,
    app.db.references,
    app.disbursements.models,
    app.engagements.models,
    app.equipment.models,
    app.evidence.models,
    app.exchange_rates.models,
    app.exposure.models,
    app.funds.models,
    app.institutions.models,
    app.journals.models,
    app.manpower.models,
    app.mail.models,
    app.parties.models,
    app.payment_files.models,
    app.people.authority.models,
    app.people.models,
    app.projects.models,
    app.rails.models,
    app.reconciliation.models,
    app.returns.models,
    app.statements.models,
    app.vouchers.models,
    app.web.models,
    app.whitelist.models,
)

metadata = Base.metadata
