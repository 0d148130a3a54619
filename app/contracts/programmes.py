"""The verbs of programmes and of the parameters of their terms."""

from __future__ import annotations

import json
import re
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.guards import authorise, own_work
from app.access.permissions import Permission
from app.audit import trail
from app.contracts import fund_control
from app.contracts.commands import CreateProgramme, EditProgramme, ProposeParameter
from app.contracts.models import Contract, Programme, TermsParameter
from app.contracts.states import ContractStatus, ParameterStatus
from app.contracts.terms import family
from app.db.unit_of_work import lock_for_update
from app.institutions.models import Institution
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.errors import Conflict, NotFound, RuleBreached
from app.kernel.messages import _
from app.whitelist.states import WhitelistKind

PUBLISHED = _("A programme is what its funder published")
CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,39}")
TWO_OFFICERS = _("A changed parameter is in force once a second officer confirmed it")


def create(session: Session, actor: Actor, command: CreateProgramme, *, now: datetime) -> Programme:
    """Open a programme of a funder under a terms family; the family's parameters stand until officers change them."""
    authorise(actor, Permission.PROGRAMMES_MANAGE, command.funder_id)
    if session.get(Institution, command.funder_id) is None:
        raise NotFound(Breach("institution.not-found", _("There is no such institution."), field="funder_id"))
    if session.scalar(select(Programme.id).where(Programme.code == command.code)) is not None:
        raise Conflict(
            Breach("programme.code-taken", _("Another programme has this code."), _("Choose another."), field="code")
        )
    if not CODE.fullmatch(command.code):
        raise RuleBreached(
            Breach(
                "programme.code",
                _("A programme's code has 2 to 40 capital letters, digits and hyphens."),
                _("Write it like QT-LUMP-2025."),
                PUBLISHED,
                field="code",
            )
        )
    _check_kind(command.whitelist_kind)
    terms = family(command.terms_family)
    programme = Programme(
        code=command.code,
        funder_id=command.funder_id,
        name_en=command.name_en,
        name_zh_hant=command.name_zh_hant,
        name_zh_hans=command.name_zh_hans,
        terms_family=command.terms_family.value,
        currency=command.currency.value,
        year_end_month=command.year_end_month,
        basis=(command.basis or terms.basis).value,
        holdback_percent=command.holdback_percent,
        spending_limit=(command.spending_limit or terms.spending_limit).value,
        whitelist_effect=command.whitelist_effect.value,
        whitelist_kind=command.whitelist_kind,
        overdue_scope=command.overdue_scope.value,
        collective_minutes_required=command.collective_minutes_required,
        active=True,
    )
    session.add(programme)
    session.flush()
    details = {"code": programme.code, "family": programme.terms_family, "currency": programme.currency}
    _trace(session, actor, "programme.create", programme, details, now)
    return programme


def edit(session: Session, actor: Actor, programme_id: UUID, command: EditProgramme, *, now: datetime) -> Programme:
    """Change a programme. Its basis and year end stay once a contract was signed under it."""
    programme = _opened(session, actor, programme_id, command.version)
    _check_kind(command.whitelist_kind)
    fixed = (("basis", command.basis.value), ("year_end_month", command.year_end_month))
    if any(getattr(programme, name) != value for name, value in fixed) and _has_signed(session, programme.id):
        raise RuleBreached(
            Breach(
                "programme.in-use",
                _("Basis and year end stay as they are once a contract was signed under the programme."),
                _("Open a new programme for new contracts."),
                PUBLISHED,
                field="basis",
            )
        )
    changes = {}
    for name, value in _values(command).items():
        if getattr(programme, name) != value:
            changes[name] = {"before": getattr(programme, name), "after": value}
            setattr(programme, name, value)
    if "spending_limit" in changes:
        fund_control.refresh_programme(session, programme.id, business_date(now))
    _trace(session, actor, "programme.edit", programme, changes, now)
    return programme


def propose_parameter(
    session: Session, actor: Actor, programme_id: UUID, command: ProposeParameter, *, now: datetime
) -> TermsParameter:
    """Propose a parameter's new value with its source; in force once another officer confirmed it."""
    programme = _opened(session, actor, programme_id)
    if not command.source.strip():
        raise RuleBreached(
            Breach(
                "parameter.no-source",
                _("The source is missing."),
                _("Name the clause or document."),
                TWO_OFFICERS,
                field="source",
            )
        )
    row = TermsParameter(
        programme_id=programme.id,
        name=command.name,
        value=checked_value(programme, command.name, command.value),
        source=command.source,
        verified=command.verified,
        first_day=command.first_day,
        last_day=command.last_day,
        status=ParameterStatus.PROPOSED.value,
        entered_by_id=actor.person_id,
        entered_at=now,
    )
    session.add(row)
    session.flush()
    details = {"name": row.name, "value": row.value, "source": row.source, "from": row.first_day}
    _trace(session, actor, "programme.propose-parameter", programme, details, now)
    return row


def confirm_parameter(session: Session, actor: Actor, parameter_id: UUID, *, now: datetime) -> TermsParameter:
    """A second officer confirms a proposed parameter."""
    return _decide(session, actor, parameter_id, ParameterStatus.CONFIRMED, now)


def refuse_parameter(session: Session, actor: Actor, parameter_id: UUID, *, now: datetime) -> TermsParameter:
    """A second officer refuses a proposed parameter."""
    return _decide(session, actor, parameter_id, ParameterStatus.REFUSED, now)


def checked_value(programme: Programme, name: str, value: Any) -> Any:
    """The value in the shape the family's own has: whole number, decimal text, yes/no, list. Raises RuleBreached."""
    seed = family(programme.terms_family).seed(name)
    value = _read(seed.value if seed else None, value)
    if seed is None or _same_shape(seed.value, value):
        return value
    raise RuleBreached(
        Breach(
            "parameter.shape",
            _("This parameter is written like %(example)s."),
            _("Write it the same way."),
            TWO_OFFICERS,
            {"example": str(seed.value)[:80]},
            "value",
        )
    )


def _read(pattern: Any, value: Any) -> Any:
    """Text typed on a screen as the kind of value the pattern is; what cannot be read stays text."""
    if not isinstance(value, str) or isinstance(pattern, str) or pattern is None:
        return value
    text = value.strip()
    if isinstance(pattern, bool):
        return {"yes": True, "true": True, "no": False, "false": False}.get(text.lower(), value)
    if isinstance(pattern, int):
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else value
    try:
        return json.loads(text, parse_float=str)
    except ValueError:
        return value


def _same_shape(pattern: Any, value: Any) -> bool:
    if isinstance(pattern, bool):
        return isinstance(value, bool)
    if isinstance(pattern, int):
        return type(value) is int and 0 <= value <= 1200
    if isinstance(pattern, str):
        return isinstance(value, str) and _is_number(value) == _is_number(pattern)
    return isinstance(value, type(pattern)) and bool(value)


def _is_number(text: str) -> bool:
    return text.isascii() and text.count(".") <= 1 and text.replace(".", "").isdecimal() and Decimal(text) >= 0


def _decide(
    session: Session, actor: Actor, parameter_id: UUID, status: ParameterStatus, now: datetime
) -> TermsParameter:
    row = session.get(TermsParameter, parameter_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(Breach("parameter.not-found", _("There is no such parameter.")))
    programme = session.get_one(Programme, row.programme_id)
    authorise(actor, Permission.PROGRAMMES_CONFIRM, programme.funder_id)
    if row.entered_by_id == actor.person_id:
        raise own_work("programme.confirm-parameter")
    if row.status != ParameterStatus.PROPOSED:
        raise Conflict(Breach("parameter.decided", _("This has been decided already."), source=TWO_OFFICERS))
    row.status, row.confirmed_by_id = status.value, actor.person_id
    verb = "confirm" if status is ParameterStatus.CONFIRMED else "refuse"
    if status is ParameterStatus.CONFIRMED:
        fund_control.refresh_programme(session, programme.id, business_date(now))
    details = {"name": row.name, "value": row.value, "source": row.source}
    _trace(session, actor, f"programme.{verb}-parameter", programme, details, now)
    return row


def _opened(session: Session, actor: Actor, programme_id: UUID, version: int | None = None) -> Programme:
    programme = lock_for_update(session, Programme, programme_id, version)
    authorise(actor, Permission.PROGRAMMES_MANAGE, programme.funder_id)
    return programme


def _has_signed(session: Session, programme_id: UUID) -> bool:
    signed = select(Contract.id).where(Contract.programme_id == programme_id, Contract.status != ContractStatus.DRAFT)
    return session.scalar(signed.limit(1)) is not None


def _check_kind(kind: str) -> None:
    if kind not in {value.value for value in WhitelistKind}:
        raise RuleBreached(
            Breach("programme.whitelist-kind", _("There is no such list."), source=PUBLISHED, field="whitelist_kind")
        )


def _values(command: EditProgramme) -> dict[str, Any]:
    return {
        "name_en": command.name_en,
        "name_zh_hant": command.name_zh_hant,
        "name_zh_hans": command.name_zh_hans,
        "year_end_month": command.year_end_month,
        "basis": command.basis.value,
        "holdback_percent": command.holdback_percent,
        "spending_limit": command.spending_limit.value,
        "whitelist_effect": command.whitelist_effect.value,
        "whitelist_kind": command.whitelist_kind,
        "overdue_scope": command.overdue_scope.value,
        "collective_minutes_required": command.collective_minutes_required,
        "active": command.active,
    }


def _trace(
    session: Session, actor: Actor, verb: str, programme: Programme, details: dict[str, Any], now: datetime
) -> None:
    trail.record(
        session,
        actor,
        verb,
        ("programme", programme.id),
        details,
        now=now,
        institution_id=programme.funder_id,
    )
