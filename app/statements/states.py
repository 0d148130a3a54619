"""Words of the slice: the life of a statement, who certifies what, kinds of engagement, and what a check answers."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.messages import _


class StatementStatus(StrEnum):
    """Where a statement stands. From ISSUED on its figures and files never change."""

    DRAFT = "DRAFT"
    CERTIFIED = "CERTIFIED"
    ISSUED = "ISSUED"
    AUDITED = "AUDITED"
    FILED = "FILED"
    ACCEPTED = "ACCEPTED"
    WITHDRAWN = "WITHDRAWN"


MOVES: dict[StatementStatus, frozenset[StatementStatus]] = {
    StatementStatus.DRAFT: frozenset({StatementStatus.CERTIFIED, StatementStatus.WITHDRAWN}),
    StatementStatus.CERTIFIED: frozenset({StatementStatus.DRAFT, StatementStatus.ISSUED, StatementStatus.WITHDRAWN}),
    StatementStatus.ISSUED: frozenset({StatementStatus.AUDITED, StatementStatus.FILED}),
    StatementStatus.AUDITED: frozenset({StatementStatus.FILED}),
    StatementStatus.FILED: frozenset({StatementStatus.ACCEPTED, StatementStatus.ISSUED, StatementStatus.AUDITED}),
    StatementStatus.ACCEPTED: frozenset(),
    StatementStatus.WITHDRAWN: frozenset(),
}
"""A returned statement goes from FILED back to where it was before it was filed."""

OPEN = (StatementStatus.DRAFT, StatementStatus.CERTIFIED)
"""Not issued yet: the figures still follow the books."""

ISSUED_ON = (StatementStatus.ISSUED, StatementStatus.AUDITED, StatementStatus.FILED, StatementStatus.ACCEPTED)
"""Issued, and whatever came after."""

WAY = (*OPEN, *ISSUED_ON)
"""The way of a statement, in order."""


class Capacity(StrEnum):
    """In which capacity someone certifies; the order is the order of signing."""

    PREPARED = "PREPARED"
    USE_OF_FUNDS = "USE_OF_FUNDS"
    HEAD = "HEAD"


class Engagement(StrEnum):
    """Under which standard the auditor reported."""

    HKSA_800 = "HKSA_800"
    HKSA_805 = "HKSA_805"
    HKSAE_3000 = "HKSAE_3000"
    HKSRS_4400 = "HKSRS_4400"
    REVIEW = "REVIEW"


class FileKind(StrEnum):
    """What a kept file is: the statement itself, or the auditor's own report on it."""

    STATEMENT = "STATEMENT"
    AUDITORS_REPORT = "AUDITORS_REPORT"


class Verdict(StrEnum):
    """What the check of a code or a file answers."""

    VALID = "VALID"
    ALTERED = "ALTERED"
    SUPERSEDED = "SUPERSEDED"
    UNKNOWN = "UNKNOWN"


STATUS_LABELS = {
    StatementStatus.DRAFT: _("Draft"),
    StatementStatus.CERTIFIED: _("Certified"),
    StatementStatus.ISSUED: _("Issued"),
    StatementStatus.AUDITED: _("Audited"),
    StatementStatus.FILED: _("Filed with the funder"),
    StatementStatus.ACCEPTED: _("Accepted"),
    StatementStatus.WITHDRAWN: _("Withdrawn"),
}
CAPACITY_LABELS = {
    Capacity.PREPARED: _("Prepared by the finance officer"),
    Capacity.USE_OF_FUNDS: _("Use of funds, by the principal investigator"),
    Capacity.HEAD: _("Head of institution or delegate"),
}
ENGAGEMENT_LABELS = {
    Engagement.HKSA_800: _("Audit, special purpose framework (HKSA 800)"),
    Engagement.HKSA_805: _("Audit of a single statement (HKSA 805)"),
    Engagement.HKSAE_3000: _("Assurance engagement (HKSAE 3000)"),
    Engagement.HKSRS_4400: _("Agreed-upon procedures (HKSRS 4400)"),
    Engagement.REVIEW: _("Review"),
}
WAY_LABELS = {
    StatementStatus.DRAFT: _("Prepared"),
    StatementStatus.CERTIFIED: _("Certified by three people"),
    StatementStatus.ISSUED: _("Issued: frozen for good"),
    StatementStatus.AUDITED: _("Auditor's report bound"),
    StatementStatus.FILED: _("Filed with the funder"),
    StatementStatus.ACCEPTED: _("Accepted by the funder"),
}
