"""How every verb of contracts begins and ends: load and lock, authorise, the other person, the move, the trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from app.access.guards import authorise, authorise_any, own_work
from app.access.permissions import Permission
from app.audit import trail
from app.contracts import queries
from app.contracts.models import Contract
from app.contracts.states import CONTRACT_MOVES, ContractStatus
from app.db.unit_of_work import lock_for_update
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, NotFound, NotPermitted, RuleBreached
from app.kernel.messages import _
from app.ledger import balances, holds
from app.ledger.chart import AccountCode
from app.ledger.entries import AccountKey

DUTIES = _("Separation of duties: maker, checker and payer are different people")
MOVES = _("Life of a contract")


def opened(
    session: Session, actor: Actor, contract_id: UUID, permission: Permission, version: int | None = None
) -> Contract:
    """The contract locked at the version the page showed, for someone of the funder with this right.

    Raises NotFound outside the actor's scope, NotPermitted without the right, Conflict for a stale version.
    """
    contract = seen(session, actor, contract_id, version)
    authorise(actor, permission, contract.funder_id)
    return contract


def opened_by_either(
    session: Session, actor: Actor, contract_id: UUID, permission: Permission, version: int | None = None
) -> Contract:
    """As `opened`, for someone of either party with this right."""
    contract = seen(session, actor, contract_id, version)
    authorise_any(actor, permission, contract.funder_id, contract.grantee_id)
    return contract


def seen(session: Session, actor: Actor, contract_id: UUID, version: int | None = None) -> Contract:
    """The contract locked, if it lies in the actor's scope. Raises NotFound otherwise."""
    if not queries.sees(session, actor, contract_id):
        raise NotFound(Breach("contract.not-found", _("There is no such contract.")))
    return lock_for_update(session, Contract, contract_id, version)


def must_be_another(actor: Actor, maker_id: UUID | None, verb: str, cure: str = "") -> None:
    """Refuse the maker's own work with 403."""
    if actor.person_id == maker_id:
        raise own_work(verb, cure)


def must_be_disinterested(session: Session, actor: Actor, contract_id: UUID) -> None:
    """Refuse who has declared an interest or takes part in the project, with 403."""
    if queries.has_conflict(session, contract_id, actor.person_id):
        raise NotPermitted(
            Breach(
                "contract.interest",
                _("You have an interest in this contract or take part in its project."),
                _("Someone without an interest decides."),
                DUTIES,
            )
        )


def must_be_in(contract: Contract, *statuses: ContractStatus) -> None:
    """Refuse with 409 when the contract has moved on (or not come so far)."""
    if contract.status in statuses:
        return
    raise Conflict(
        Breach(
            "contract.status",
            _("The contract is %(status)s; this is possible only while it is %(wanted)s."),
            _("Open the contract again and see where it stands."),
            MOVES,
            {"status": contract.status, "wanted": " / ".join(statuses)},
        )
    )


def move(contract: Contract, to: ContractStatus, reason: str = "") -> None:
    """Change the status along an allowed move. Raises Conflict for any other."""
    if to not in CONTRACT_MOVES[ContractStatus(contract.status)]:
        raise Conflict(
            Breach(
                "contract.move",
                _("A contract that is %(status)s cannot become %(to)s."),
                _("Open the contract again and see where it stands."),
                MOVES,
                {"status": contract.status, "to": to.value},
            )
        )
    contract.status = to.value
    contract.status_reason = reason


def refuse_if(breaches: Sequence[Breach]) -> None:
    """Raise every blocking breach together; warnings alone let the verb go on."""
    if any(breach.blocking for breach in breaches):
        raise RuleBreached(*breaches)


def reason_given(reason: str) -> str:
    """A step that stops or undoes something says why."""
    if not reason.strip():
        raise RuleBreached(
            Breach("contract.no-reason", _("The reason is missing."), _("Write why."), MOVES, field="reason")
        )
    return reason


def pocket_key(contract: Contract) -> AccountKey:
    """The ledger account of the contract's pocket."""
    return AccountKey(AccountCode.POCKET, Currency(contract.currency), contract.pocket_id)


def release_what_is_held(session: Session, actor: Actor, contract: Contract) -> str:
    """Give the rest of the contract's hold back to the pocket; answers with the amount as text, for the trail."""
    if contract.hold_id is None:
        return ""
    held = balances.hold(session, contract.hold_id)
    if held is None or not held.is_open:
        return ""
    key = uuid5(contract.id, "release")
    holds.release_hold(session, contract.hold_id, actor_id=actor.person_id, idempotency_key=key)
    return str(held.remaining)


def record(
    session: Session, actor: Actor, verb: str, contract: Contract, details: dict[str, Any], *, now: datetime
) -> None:
    """Write the verb into the contract's trail."""
    session.flush()
    trail.record(
        session,
        actor,
        verb,
        ("contract", contract.id),
        {"reference": contract.reference, **details},
        now=now,
        institution_id=contract.funder_id,
    )
