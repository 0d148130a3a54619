"""Signing: the second person, what has to be there, the hold on the pocket, and many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.access.policy import AuthorityKind
from app.audit.models import AuditEvent
from app.contracts import queries, service
from app.contracts.commands import DeclareInterest, Sign
from app.contracts.states import ContractStatus, TermsFamily, WhitelistEffect
from app.db.unit_of_work import run_in_unit, unit_of_work
from app.kernel.actor import Actor, Role
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, NotFound, NotPermitted, RuleBreached
from app.ledger import balances
from app.people import queries as people
from app.people.authority import service as delegations
from app.people.authority.models import AuthorityLimit
from app.people.authority.service import DelegationCommand
from app.people.models import Person
from tests.builders import contracts, projects
from tests.builders.contracts import money
from tests.builders.projects import NOW

CONTRACT = AuthorityKind.CONTRACT
TODAY = date(2026, 11, 20)


def codes(refusal: pytest.ExceptionInfo[RuleBreached]) -> set[str]:
    """The codes of the breaches."""
    return {breach.code for breach in refusal.value.breaches}


def director(session: Session, world: contracts.World) -> Actor:
    """A third grant officer of the funder."""
    return contracts.officer(session, "Director Ho", world.funder)


def test_signing_holds_the_amount_on_the_pocket(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.signed(session, world, "1000000.00")
    position = balances.pocket_position(session, world.pocket.id)
    assert contract.status == ContractStatus.SIGNED
    assert position is not None
    assert position.held == money("1000000.00")
    assert position.available == money("4000000.00")
    assert [hold.hold_id for hold in balances.holds_of_contract(session, contract.id)] == [contract.hold_id]


def test_signing_writes_down_what_will_be_owed(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.signed(session, world)
    owed = {(each.title, each.due_on) for each in contract.obligations}
    assert ("Yearly statement", date(2026, 3, 31)) in owed
    assert ("Final account", date(2027, 11, 30)) in owed


def test_drafter_cannot_sign_own_contract(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.drafted(session, world)
    with pytest.raises(NotPermitted) as refusal:
        service.sign(session, world.maker, contract.id, Sign(contract.version), now=NOW)
    assert refusal.value.breaches[0].code == "access.own-work"


def test_officer_who_changed_the_draft_last_cannot_sign_it(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.drafted(session, world)
    command = contracts.edit_command(world, contract, "900000.00")
    service.edit(session, world.checker, contract.id, command, now=NOW)
    with pytest.raises(NotPermitted):
        service.sign(session, world.checker, contract.id, Sign(contract.version), now=NOW)


def test_signatory_with_a_declared_interest_is_refused(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.drafted(session, world)
    service.declare_interest(session, world.checker, contract.id, DeclareInterest("The PI is my brother"), now=NOW)
    with pytest.raises(NotPermitted) as refusal:
        service.sign(session, world.checker, contract.id, Sign(contract.version), now=NOW)
    assert refusal.value.breaches[0].code == "contract.interest"


def test_contract_at_the_limit_is_signed_and_a_cent_above_it_is_refused(session: Session) -> None:
    world = contracts.world(session, maximum="1000000.00")
    contracts.limit(
        session, world.funder, world.maker, world.checker, CONTRACT, money("2000000.00"), only=director(session, world)
    )
    at, above = contracts.drafted(session, world), contracts.drafted(session, world, "1000000.01")
    with pytest.raises(NotPermitted) as refusal:
        service.sign(session, world.checker, above.id, Sign(above.version), now=NOW)
    (breach,) = refusal.value.breaches
    assert breach.code == "authority.over-limit"
    assert (breach.params["limit"], breach.params["who"]) == (money("1000000.00"), "Director Ho")
    assert above.status == ContractStatus.DRAFT
    assert balances.holds_of_contract(session, above.id) == []
    assert service.sign(session, world.checker, at.id, Sign(at.version), now=NOW).status == ContractStatus.SIGNED


def test_without_a_limit_in_the_contracts_currency_nobody_signs(session: Session) -> None:
    world = contracts.world(session)
    session.execute(delete(AuthorityLimit).where(AuthorityLimit.currency == "CNY", AuthorityLimit.kind == CONTRACT))
    contract = contracts.drafted(session, world)
    with pytest.raises(NotPermitted) as refusal:
        service.sign(session, world.checker, contract.id, Sign(contract.version), now=NOW)
    assert [(each.code, each.cure) for each in refusal.value.breaches] == [
        ("authority.no-limit", "Nobody else can approve this today.")
    ]


def test_limit_for_disbursements_signs_no_contract(session: Session) -> None:
    world = contracts.world(session, maximum="10.00")
    contracts.limit(session, world.funder, world.maker, world.checker, AuthorityKind.DISBURSEMENT, money("9000000.00"))
    contract = contracts.drafted(session, world)
    with pytest.raises(NotPermitted, match=r"authority\.over-limit"):
        service.sign(session, world.checker, contract.id, Sign(contract.version), now=NOW)


def stand_in_of(session: Session, world: contracts.World, giver: Actor) -> Actor:
    """Somebody without a role of their own who stands in for the giver today, confirmed by an administrator."""
    taker = projects.someone(session, "Tam Stand-in")
    leave = DelegationCommand(world.funder.id, Role.GRANT_OFFICER, taker.person_id, TODAY, TODAY, "Leave")
    given = delegations.delegate(session, giver, leave, now=NOW)
    administrator = projects.someone(session, "Pan Li", (Role.ADMINISTRATOR, world.funder.id))
    delegations.confirm_delegation(session, administrator, given.id, given.version, now=NOW)
    session.flush()
    return people.actor_of(session, session.get_one(Person, taker.person_id), TODAY)


def test_stand_in_signs_within_the_givers_limit_and_the_trail_says_for_whom(session: Session) -> None:
    world = contracts.world(session, maximum="10.00")
    giver = director(session, world)
    contracts.limit(session, world.funder, world.maker, world.checker, CONTRACT, money("1000000.00"), only=giver)
    stand_in = stand_in_of(session, world, giver)
    at, above = contracts.drafted(session, world), contracts.drafted(session, world, "1000000.01")
    with pytest.raises(NotPermitted, match=r"authority\.over-limit"):
        service.sign(session, stand_in, above.id, Sign(above.version), now=NOW)
    service.sign(session, stand_in, at.id, Sign(at.version), now=NOW)
    event = session.scalars(select(AuditEvent).where(AuditEvent.verb == "contract.sign")).one()
    assert event.details["on_behalf_of"] == str(giver.person_id)


def test_stand_in_of_the_drafter_cannot_sign(session: Session) -> None:
    world = contracts.world(session)
    stand_in = stand_in_of(session, world, world.maker)
    contract = contracts.drafted(session, world)
    with pytest.raises(NotPermitted, match=r"authority\.delegate-of-maker"):
        service.sign(session, stand_in, contract.id, Sign(contract.version), now=NOW)


def test_grantee_cannot_sign(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.drafted(session, world)
    with pytest.raises(NotPermitted):
        service.sign(session, world.finance, contract.id, Sign(contract.version), now=NOW)


def test_stranger_does_not_find_the_contract(session: Session) -> None:
    world, other = contracts.world(session), contracts.world(session)
    contract = contracts.drafted(session, world)
    with pytest.raises(NotFound):
        service.sign(session, other.checker, contract.id, Sign(contract.version), now=NOW)


def test_everything_missing_is_said_at_once(session: Session) -> None:
    world = contracts.world(
        session,
        available="10.00",
        whitelist_effect=WhitelistEffect.BLOCK,
        collective_minutes_required=True,
    )
    command = contracts.draft_command(world, negative_list_declared=False)
    contract = service.draft(session, world.maker, command, now=NOW)
    with pytest.raises(RuleBreached) as refusal:
        service.sign(session, world.checker, contract.id, Sign(contract.version), now=NOW)
    assert codes(refusal) == {
        "contract.not-whitelisted",
        "contract.pocket-short",
        "contract.no-commitment-letter",
        "contract.negative-list",
        "contract.no-minutes",
    }


def test_unlisted_grantee_is_signed_where_the_terms_only_inform(session: Session) -> None:
    world = contracts.world(session, whitelist_effect=WhitelistEffect.INFORM)
    assert contracts.signed(session, world).status == ContractStatus.SIGNED


def test_contract_is_signed_once(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.signed(session, world)
    with pytest.raises(Conflict):
        service.sign(session, world.checker, contract.id, Sign(contract.version), now=NOW)


def test_stale_page_cannot_sign(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.drafted(session, world)
    with pytest.raises(Conflict) as refusal:
        service.sign(session, world.checker, contract.id, Sign(contract.version - 1), now=NOW)
    assert refusal.value.breaches[0].code == "record.changed"


def test_itemised_contract_keeps_its_budget_by_heading(session: Session) -> None:
    world = contracts.world(session, TermsFamily.ITF)
    contract = contracts.signed(session, world)
    budget = queries.budget_by_heading(session, contract.id, date(2026, 1, 1))
    assert [(row.heading, row.revised) for row in budget.rows] == [("EQUIPMENT", money("1000000.00"))]


@pytest.mark.parametrize("currency", list(Currency))
def test_twenty_signatures_at_once_never_over_allocate_a_pocket(engine: object, currency: Currency) -> None:
    with unit_of_work() as session:
        world = contracts.world(session, TermsFamily.RGC_ONE_LINE_VOTE, currency=currency, available="1000.00")
        drafts = [contracts.drafted(session, world, "300.00") for _each in range(20)]
        waiting = [(contract.id, contract.version) for contract in drafts]

    def try_to_sign(one: tuple[object, int]) -> str:
        try:
            run_in_unit(lambda s: service.sign(s, world.checker, one[0], Sign(one[1]), now=NOW))  # type: ignore[arg-type]
        except RuleBreached as refusal:
            return refusal.breaches[0].code
        return "signed"

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(try_to_sign, waiting))
    with unit_of_work() as session:
        position = balances.pocket_position(session, world.pockets[currency].id)
    assert outcomes.count("signed") == 3
    assert set(outcomes) <= {"signed", "contract.pocket-short", "pocket.insufficient"}
    assert position is not None
    assert position.held == money("900.00", currency)
    assert position.available == money("100.00", currency)


def test_stranger_sees_no_contract_in_the_list(session: Session) -> None:
    world = contracts.world(session)
    contracts.drafted(session, world)
    stranger = projects.someone(session, "Nobody")
    page = queries.visible_contracts(session, stranger, queries.ContractFilter())
    assert list(page.items) == []
    assert page.total == 0
