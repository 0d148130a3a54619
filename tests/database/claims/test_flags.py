"""Flags over claims in the database: what was presented before counts, an open flag holds, a clearing is logged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.claims import deciding, flagging, paying, service
from app.claims.commands import ClearFlag, LineValues, Seen, SubmitClaim
from app.claims.models import Claim
from app.claims.states import ClaimStatus, FlagCode
from app.journals.states import JournalKind
from app.kernel.errors import Conflict, NotPermitted, RuleBreached
from app.ledger.headings import Heading
from app.parties import service as parties
from app.parties.service import AddParty
from app.parties.states import PartyKind
from tests.builders import claims, journals, payments
from tests.builders.claims import hkd
from tests.builders.payments import NOW, TODAY, PaymentWorld


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    made = claims.ready(session)
    for days in (1, 2, 3):
        payments.rate(session, "0.9240", TODAY - timedelta(days=days))
    return made


def part(number: int, seller: str = "Crossing Star Electronics Ltd") -> LineValues:
    """A part of a purchase, below the limit."""
    return claims.values(
        hkd("6000.00"), Heading.MATERIALS, TODAY - timedelta(days=number), seller=seller, invoice_number=f"A{number}"
    )


def codes(session: Session, claim: Claim) -> list[str]:
    return [each.flag.code for each in flagging.judged(session, claim, TODAY)]


def test_a_purchase_split_over_two_claims_holds_the_later_one_until_it_is_cleared(
    session: Session, made: PaymentWorld
) -> None:
    first = claims.submitted(session, made, part(1))
    second = claims.submitted(session, made, part(2, "CROSSING STAR ELECTRONICS LIMITED"))
    second.submitted_at = NOW + timedelta(minutes=1)
    session.flush()
    assert (codes(session, first), codes(session, second)) == ([], [FlagCode.SPLIT])
    claims.checked(session, made, second)
    with pytest.raises(RuleBreached) as refusal:
        deciding.approve(session, made.finance, second.reference, Seen(second.version), now=NOW)
    assert [each.code for each in refusal.value.breaches] == ["claim.flag-open"]
    flag = flagging.judged(session, second, TODAY)[0].flag
    assert flagging.claims_named(session, made.finance, flag) == [first.reference]
    command = ClearFlag(flag.code, flag.about, "Two laboratories, two orders")
    flagging.clear(session, made.finance, second.reference, command, now=NOW)
    deciding.approve(session, made.finance, second.reference, Seen(second.version), now=NOW)
    assert second.status == ClaimStatus.APPROVED
    event = session.scalars(select(AuditEvent).where(AuditEvent.verb == "claim.clear-flag")).one()
    assert event.details["reason"] == "Two laboratories, two orders"
    paying.pay(session, made.other_finance, second.reference, claims.payment(made, second), now=NOW)
    assert second.status == ClaimStatus.PAID


def test_whoever_has_a_part_in_the_claim_does_not_clear_its_flags(session: Session, made: PaymentWorld) -> None:
    claim = claims.submitted(session, made, part(1), part(2))
    flag = flagging.judged(session, claim, TODAY)[0].flag
    command = ClearFlag(flag.code, flag.about, "It is fine")
    with pytest.raises(NotPermitted):
        flagging.clear(session, made.leader, claim.reference, command, now=NOW)
    with pytest.raises(Conflict):
        flagging.clear(session, made.finance, claim.reference, replace(command, about="0" * 16), now=NOW)
    flagging.clear(session, made.finance, claim.reference, command, now=NOW)
    with pytest.raises(Conflict):
        flagging.clear(session, made.finance, claim.reference, command, now=NOW)


def test_a_claim_taken_back_or_refused_no_longer_counts(session: Session, made: PaymentWorld) -> None:
    first = claims.submitted(session, made, part(1))
    service.withdraw(session, made.leader, first.reference, version=first.version, now=NOW)
    assert codes(session, claims.started(session, made, part(2))) == []


def test_two_claims_for_one_journey_are_flagged_while_the_second_is_still_a_draft(
    session: Session, made: PaymentWorld
) -> None:
    nights = {"ends_on": TODAY, "cost_on": TODAY - timedelta(days=3)}
    claims.submitted(session, made, claims.values(hkd("900.00"), **nights))
    draft = claims.started(session, made, claims.values(claims.cny("500.00"), place="SZ", **nights))
    found = flagging.judged(session, draft, TODAY)
    assert [each.flag.code for each in found] == [FlagCode.OVERLAPPING_TRAVEL]
    assert [each.code for each in flagging.for_claimant(found)] == ["claim.flag-overlapping-travel"]
    command = SubmitClaim(draft.version, declared=True, negative_list_declared=True)
    assert service.submit(session, made.leader, draft.reference, command, now=NOW).status == ClaimStatus.SUBMITTED


def test_a_sponsor_is_known_from_the_booking_of_its_money_and_flagged_when_paid(
    session: Session, made: PaymentWorld
) -> None:
    line = journals.line(made, hkd("50000.00"), None)
    journals.posted(session, made, line, kind=JournalKind.SPONSORSHIP, counterparty="Lantau Photonics Ltd")
    claim = claims.started(session, made, claims.values(hkd("300.00"), seller="Lantau Photonics Limited"))
    found = flagging.judged(session, claim, TODAY)
    assert [each.flag.code for each in found] == [FlagCode.SPONSOR_IS_PAYEE]
    assert flagging.for_claimant(found) == []
    told = session.scalars(select(AuditEvent).where(AuditEvent.verb == "party.add")).all()
    assert [each.details["name"] for each in told] == ["Lantau Photonics Ltd"]


def test_a_seller_that_shares_a_telephone_number_with_staff_is_flagged(session: Session, made: PaymentWorld) -> None:
    place = made.grantee.id
    for kind, name, phone in (
        (PartyKind.SUPPLIER, "Peak Instruments Ltd", "+852 2345 6789"),
        (PartyKind.SUPPLIER, "Harbour Glass", "+852 2345 0000"),
        (PartyKind.STAFF, "Mr Ho", "2345-6789"),
    ):
        parties.add(session, made.finance, AddParty(place, kind, name, phone=phone), now=NOW)
    honest = claims.values(hkd("300.00"), seller="Harbour Glass")
    claim = claims.started(session, made, claims.values(hkd("300.00"), seller="PEAK INSTRUMENTS"), honest)
    found = flagging.judged(session, claim, TODAY)
    assert [(each.flag.code, each.flag.lines) for each in found] == [(FlagCode.SHARED_WITH_STAFF, (1,))]
    assert found[0].flag.params["party"] == "Mr Ho"


def test_much_spent_in_the_last_month_is_pointed_out_and_holds_nothing(session: Session, made: PaymentWorld) -> None:
    made.contract.last_day = TODAY + timedelta(days=5)
    session.flush()
    claim = claims.submitted(session, made, claims.values(hkd("300.00"), on=TODAY - timedelta(days=1)))
    found = flagging.judged(session, claim, TODAY)
    assert [each.flag.code for each in found] == [FlagCode.LAST_MONTH_RUSH]
    assert flagging.open_breaches(found) == []
