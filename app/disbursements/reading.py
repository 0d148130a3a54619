"""Disbursements read for a long list: the columns its lines and gates need, as plain values that nothing watches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.contracts.models import Contract
from app.disbursements.models import CheckerDecision, Disbursement, Release, RouteDocument
from app.kernel.currencies import Currency
from app.kernel.money import Money


class Decided(NamedTuple):
    """A checker's decision, as `CheckerDecision`."""

    checker_id: UUID
    decision: str
    revision: int
    on_behalf_of_id: UUID | None


class Listed(NamedTuple):
    """A document of the route, as `RouteDocument`."""

    code: str
    confirmed_by_id: UUID | None
    expires_on: date | None


class Signed(NamedTuple):
    """A signature under a release, as `Release`."""

    signatory_id: UUID
    revision: int


@dataclass(slots=True, eq=False)
class Queued:
    """A disbursement with the names of `Disbursement`, to be read only."""

    id: UUID
    reference: str
    contract_id: UUID
    tranche_id: UUID
    funder_id: UUID
    grantee_id: UUID
    pocket_id: UUID
    payer_account_id: UUID
    payee_account_id: UUID
    amount_minor: int
    currency: str
    requested_value_date: date
    purpose: str
    status: str
    revision: int
    hold_id: UUID | None
    minutes_document_id: UUID | None
    maker_id: UUID
    made_at: datetime
    submitted_at: datetime | None
    version: int
    converts_at: str | None = None
    decisions: list[Decided] = field(default_factory=list)
    documents: list[Listed] = field(default_factory=list)
    releases: list[Signed] = field(default_factory=list)
    amount: Money = field(init=False)

    def __post_init__(self) -> None:
        """The amount, in the contract's currency."""
        self.amount = Money(self.amount_minor, Currency(self.currency))


COLUMNS = (
    Disbursement.id,
    Disbursement.reference,
    Disbursement.contract_id,
    Disbursement.tranche_id,
    Disbursement.funder_id,
    Disbursement.grantee_id,
    Disbursement.pocket_id,
    Disbursement.payer_account_id,
    Disbursement.payee_account_id,
    Disbursement.amount_minor,
    Disbursement.currency,
    Disbursement.requested_value_date,
    Disbursement.purpose,
    Disbursement.status,
    Disbursement.revision,
    Disbursement.hold_id,
    Disbursement.minutes_document_id,
    Disbursement.maker_id,
    Disbursement.made_at,
    Disbursement.submitted_at,
    Disbursement.version,
    Disbursement.converts_at,
)
"""In the order of the fields of `Queued`."""


def queued(session: Session, conditions: Sequence[ColumnElement[bool]], limit: int) -> list[Queued]:
    """The disbursements that meet the conditions (on Disbursement joined to Contract), by reference."""
    statement = (
        select(*COLUMNS)
        .join(Contract, Contract.id == Disbursement.contract_id)
        .where(*conditions)
        .order_by(Disbursement.reference)
        .limit(limit)
    )
    rows = [Queued(*values) for values in _values(session, statement)]
    by_id = {row.id: row for row in rows}
    keys = list(by_id)
    decision, paper, release = CheckerDecision, RouteDocument, Release
    decisions = (
        select(
            decision.disbursement_id,
            decision.checker_id,
            decision.decision,
            decision.revision,
            decision.on_behalf_of_id,
        )
        .where(among(decision.disbursement_id, keys))
        .order_by(decision.decided_at)
    )
    documents = (
        select(paper.disbursement_id, paper.code, paper.confirmed_by_id, paper.expires_on)
        .where(among(paper.disbursement_id, keys))
        .order_by(paper.title)
    )
    releases = (
        select(release.disbursement_id, release.signatory_id, release.revision)
        .where(among(release.disbursement_id, keys))
        .order_by(release.signed_at)
    )
    if keys:
        for key, *values in _values(session, decisions):
            by_id[key].decisions.append(Decided(*values))
        for key, *values in _values(session, documents):
            by_id[key].documents.append(Listed(*values))
        for key, *values in _values(session, releases):
            by_id[key].releases.append(Signed(*values))
    return rows


def _values(session: Session, statement: Any) -> Iterable[Any]:
    return session.execute(statement)


def among(column: InstrumentedAttribute[UUID], keys: Sequence[UUID]) -> ColumnElement[bool]:
    """SQL condition: the column is one of the keys, sent as one array, so that the statement never changes."""
    return column == any_(literal(list(keys), ARRAY(Uuid)))
