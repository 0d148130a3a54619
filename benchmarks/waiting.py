"""Lengthens the checker's queue of the demonstration: small payments of open tranches, prepared and submitted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import cycle

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.contracts import bulk, queries as contracts
from app.contracts.models import Contract
from app.db.unit_of_work import unit_of_work
from app.demo.papers import paper
from app.demo.paying import CREWS
from app.disbursements import document_service, queries, service
from app.disbursements.commands import AttachMinutes, Draft, ListDocument, Seen
from app.institutions import queries as institutions
from app.institutions.models import Institution
from app.kernel.actor import Actor
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import Refusal
from app.kernel.money import Money
from app.people.command_actor import actor_by_email

FUNDER = "QTSF"
MAKER = f"{CREWS[FUNDER].makers[0]}@qtsf.example"
DIRECTOR = f"{CREWS[FUNDER].director}@qtsf.example"
AMOUNT_MINOR = 100_00


def lengthen(officer: str, wanted: int, now: datetime) -> int:
    """Submit payments as the demonstration's maker until `wanted` wait for `officer`; returns how many wait then."""
    with unit_of_work() as session:
        waiting = len(queries.awaiting_approval_by(session, actor_by_email(session, officer, now)))
        open_tranches = list(_open_tranches(session, now))
    refused: set[tuple[str, int]] = set()
    for place in cycle(open_tranches):
        if waiting >= wanted or len(refused) == len(open_tranches):
            return waiting
        if place in refused:
            continue
        try:
            with unit_of_work() as session:
                _submit(session, place, now)
            waiting += 1
        except Refusal:
            refused.add(place)
    return waiting


def _open_tranches(session: Session, now: datetime) -> Iterator[tuple[str, int]]:
    today = business_date(now)
    active = (
        select(Contract)
        .join(Institution, Institution.id == Contract.funder_id)
        .where(Institution.code == FUNDER, Contract.status == "ACTIVE")
        .order_by(Contract.reference)
    )
    for contract in session.scalars(active):
        for state in contracts.tranche_states(session, contract.id, today):
            if state.due and state.condition_met and state.open.minor > AMOUNT_MINOR:
                yield contract.reference, state.number


def _submit(session: Session, place: tuple[str, int], now: datetime) -> None:
    maker, director = (actor_by_email(session, email, now) for email in (MAKER, DIRECTOR))
    contract = contracts.get_visible(session, maker, place[0])
    currency = Currency(contract.currency)
    payer = next(
        a for a in institutions.verified_accounts(session, contract.funder_id) if a.currency == contract.currency
    )
    payee = institutions.verified_accounts(session, contract.grantee_id)
    command = Draft(
        contract=contract.reference,
        tranche=place[1],
        payer_account_id=payer.id,
        payee_account_id=contract.grantee_account_id or payee[0].id,
        requested_value_date=business_date(now),
        amount=Money(AMOUNT_MINOR, currency),
        purpose="Part of an instalment",
    )
    row = service.draft(session, maker, command, now=now)
    _papers(session, row.reference, contract, maker, director, now)
    service.submit(session, maker, row.reference, Seen(row.version), now=now)


def _papers(session: Session, reference: str, contract: Contract, maker: Actor, director: Actor, now: datetime) -> None:
    row = queries.get_visible(session, maker, reference)
    for need in document_service.requirements_of(session, row, now):
        document_service.list_document(session, maker, reference, ListDocument(need.code, reference, None), now=now)
        document_service.confirm_document(session, director, reference, need.code, Seen(row.version), now=now)
    programme = bulk.programmes_of(session, [contract])[contract.programme_id]
    if programme.collective_minutes_required:
        minutes = AttachMinutes(paper(f"minutes-{reference}", "Minutes of the collective decision"))
        document_service.attach_minutes(session, maker, reference, minutes, now=now)
