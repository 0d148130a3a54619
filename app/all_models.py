"""The explicit list of ORM modules: importing this makes `Base.metadata` complete, for migrations and the mapper."""

from app.audit import models as audit_models  # noqa: F401
from app.institutions import models as institution_models  # noqa: F401
from app.people import models as person_models  # noqa: F401
from app.people.authority import models as authority_models  # noqa: F401
from app.whitelist import models as whitelist_models  # noqa: F401
from app.db.base import Base

metadata = Base.metadata
