"""What may be done to a contract now, by this person, and if not, why not and who can: for its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.access.guards import may, own_work, refusal
from app.access.permissions import Permission
from app.contracts import authority, life, queries, rules
from app.contracts.models import Contract
from app.contracts.opening import DUTIES
from app.contracts.service import signing_breaches
from app.contracts.states import ContractStatus
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.messages import _


@dataclass(frozen=True, slots=True)
class Action:
    """One step: the endpoint's last word, its button, and everything that stands in the way (empty: go ahead)."""

    verb: str
    label: str
    kind: str
    needs_reason: bool
    why_not: tuple[Breach, ...]

    @property
    def open(self) -> bool:
        """Whether the button is there to be pressed."""
        return not any(breach.blocking for breach in self.why_not)


_STEPS: dict[ContractStatus, tuple[tuple[str, str, Permission, str, bool], ...]] = {
    ContractStatus.DRAFT: (
        ("sign", _("Sign the contract"), Permission.CONTRACTS_SIGN, "", False),
        ("terminate", _("Drop the draft"), Permission.CONTRACTS_TERMINATE, "warning", True),
    ),
    ContractStatus.SIGNED: (
        ("activate", _("Activate the contract"), Permission.CONTRACTS_ACTIVATE, "", False),
        ("terminate", _("End the contract early"), Permission.CONTRACTS_TERMINATE, "warning", True),
    ),
    ContractStatus.ACTIVE: (
        ("suspend", _("Suspend the contract"), Permission.CONTRACTS_SUSPEND, "secondary", True),
        ("start_closing", _("Start closing"), Permission.CONTRACTS_CLOSE, "secondary", False),
        ("terminate", _("End the contract early"), Permission.CONTRACTS_TERMINATE, "warning", True),
    ),
    ContractStatus.SUSPENDED: (
        ("resume", _("Resume the contract"), Permission.CONTRACTS_SUSPEND, "", True),
        ("start_closing", _("Start closing"), Permission.CONTRACTS_CLOSE, "secondary", False),
        ("terminate", _("End the contract early"), Permission.CONTRACTS_TERMINATE, "warning", True),
    ),
    ContractStatus.CLOSING: (
        ("close", _("Close the contract"), Permission.CONTRACTS_CLOSE, "", False),
        ("terminate", _("End the contract early"), Permission.CONTRACTS_TERMINATE, "warning", True),
    ),
    ContractStatus.CLOSED: (),
    ContractStatus.TERMINATED: (),
}

_DECIDING = ("sign", "close", "terminate")
INTEREST = Breach(
    "contract.interest",
    _("You have an interest in this contract or take part in its project."),
    _("Someone without an interest decides."),
    DUTIES,
)


def actions_for(session: Session, actor: Actor, contract: Contract, today: date) -> tuple[Action, ...]:
    """The steps that lead on from the contract's status, each with what stands in this person's way."""
    return tuple(
        Action(verb, label, kind, reason, tuple(_why_not(session, actor, contract, verb, permission, today)))
        for verb, label, permission, kind, reason in _STEPS[ContractStatus(contract.status)]
    )


def _why_not(
    session: Session, actor: Actor, contract: Contract, verb: str, permission: Permission, today: date
) -> list[Breach]:
    if not may(actor, permission, contract.funder_id):
        return list(refusal(permission, contract.funder_id).breaches)
    found: list[Breach] = []
    if verb == "sign" and contract.drafted_by_id == actor.person_id:
        found.extend(own_work("contract.sign").breaches)
    elif verb == "sign":
        found.extend(authority.breaches(session, actor, authority.signing_case(contract), today))
    if verb in _DECIDING and queries.has_conflict(session, contract.id, actor.person_id):
        found.append(INTEREST)
    if verb == "sign":
        found.extend(signing_breaches(session, contract, today))
    elif verb == "close":
        if contract.closing_started_by_id == actor.person_id and life.needs_second_person(session, contract, today):
            found.extend(own_work("contract.close").breaches)
        found.extend(life.closing_breaches(session, contract, today))
    elif verb == "terminate":
        found.extend(rules.collect(rules.TERMINATION_RULES, life.closing_facts(session, contract, today)))
    return found
