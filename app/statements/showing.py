"""What the pages show of a statement: its way, who has it and what comes next, its files in rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.kernel.messages import _
from app.statements.models import Statement, StatementFile
from app.statements.queries import signed
from app.statements.rules import next_capacity
from app.statements.states import STATUS_LABELS, WAY, WAY_LABELS, Capacity, FileKind, StatementStatus
from reports import heads
from reports.model import Language, Text

LANGUAGE_LABELS = {
    Language.EN: _("English"),
    Language.ZH_HANT: _("Traditional Chinese (Hong Kong)"),
    Language.ZH_HANS: _("Simplified Chinese"),
}
SORT_LABELS = {
    "-prepared": _("Newest first"),
    "prepared": _("Oldest first"),
    "reference": _("Number"),
    "-period": _("Latest period first"),
    "period": _("Earliest period first"),
}

_NEXT_CERTIFICATE = {
    Capacity.PREPARED: _("A finance officer certifies that it was prepared from the books."),
    Capacity.USE_OF_FUNDS: _("The principal investigator certifies the use of the funds."),
    Capacity.HEAD: _("The head of institution or a delegate certifies it."),
}
_NEXT = {
    StatementStatus.CERTIFIED: _("A finance officer issues it. From then on it never changes."),
    StatementStatus.ISSUED: _("An auditor binds the signed report, or a finance officer files it with the funder."),
    StatementStatus.AUDITED: _("A finance officer files it with the funder."),
    StatementStatus.FILED: _("An officer of the funder accepts it or returns it."),
    StatementStatus.ACCEPTED: _("Nothing more: the funder has accepted it."),
    StatementStatus.WITHDRAWN: _("Nothing more: it was given up before it was issued."),
}


def next_words(statement: Statement) -> str:
    """Who has it and what comes next, as a message id."""
    status = StatementStatus(statement.status)
    if status is not StatementStatus.DRAFT:
        return _NEXT[status]
    wanted = upcoming(statement)
    return _NEXT_CERTIFICATE[wanted] if wanted else _NEXT[StatementStatus.CERTIFIED]


def upcoming(statement: Statement) -> Capacity | None:
    """The certificate that comes next; None where none is missing or none can be given."""
    if statement.status != StatementStatus.DRAFT:
        return None
    return next_capacity(signed(statement.standing_certificates))


def waits_for_leader(statement: Statement) -> bool:
    """Whether the project's leader is the one who has it."""
    return upcoming(statement) is Capacity.USE_OF_FUNDS


def wordings() -> Mapping[Capacity, Text]:
    """What each certificate declares, as it stands on the statement."""
    texts = (certificate.wording[0] for certificate in heads.statement_certificates())
    return {capacity: words for capacity, words in zip(Capacity, texts, strict=True) if isinstance(words, Text)}


def steps(statement: Statement) -> list[dict[str, Any]]:
    """The way of the statement for `ui.steps`: done, now, to come. The audit is left out once passed without one."""
    status = StatementStatus(statement.status)
    if status is StatementStatus.WITHDRAWN:
        gone = {"label": STATUS_LABELS[status], "state": "stop", "at": None}
        return [_step(StatementStatus.DRAFT, "done", statement.prepared_at), gone]
    here = WAY.index(status)
    way = []
    for place, each in enumerate(WAY):
        if each is StatementStatus.AUDITED and place < here and not statement.engagement:
            continue
        state = "done" if place <= here else "now" if place == here + 1 else "todo"
        way.append(_step(each, state, _at(statement, each) if place <= here else None))
    return way


def _step(status: StatementStatus, state: str, at: datetime | None) -> dict[str, Any]:
    return {"label": WAY_LABELS[status], "state": state, "at": at}


def _at(statement: Statement, status: StatementStatus) -> datetime | None:
    given = statement.standing_certificates
    return {
        StatementStatus.DRAFT: statement.prepared_at,
        StatementStatus.CERTIFIED: given[-1].signed_at if given else None,
        StatementStatus.ISSUED: statement.issued_at,
        StatementStatus.AUDITED: statement.audited_at,
        StatementStatus.FILED: statement.filed_at,
        StatementStatus.ACCEPTED: statement.decided_at,
    }.get(status)


@dataclass(slots=True)
class FileRows:
    """The kept files: the statement's by format and language, and the auditor's."""

    statement: list[StatementFile] = field(default_factory=list)
    auditors: list[StatementFile] = field(default_factory=list)


def files(kept: Iterable[StatementFile]) -> FileRows:
    """Files in rows, PDF first, in the order of the languages."""
    order = {language.value: place for place, language in enumerate(Language)}
    formats = {"pdf": 0, "xlsx": 1, "json": 2}
    rows = FileRows()
    for each in kept:
        (rows.statement if each.kind == FileKind.STATEMENT else rows.auditors).append(each)
    rows.statement.sort(key=lambda row: (formats.get(row.format, 9), order.get(row.language, 9)))
    return rows
