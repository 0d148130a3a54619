"""The manpower schedule: months at a share of time, time over all contracts, confirmation against the ledger, files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.audit.queries import events_of
from app.kernel.actor import Actor, Role
from app.kernel.errors import Conflict, InputRefused, NotFound, NotPermitted, RuleBreached
from app.ledger.headings import Heading
from app.manpower import queries, service
from app.manpower.models import StaffEngagement
from app.manpower.queries import EngagementFilters
from app.manpower.service import ChangeEngagement, KeepEngagement, MonthCommand
from app.manpower.showing import TimeFlag, flags_of
from app.manpower.states import ContributionKind
from app.web.row_files import FileRow, Imported, RowFile
from tests.builders import journals, manpower, payments, statements
from tests.builders.journals import cny, hkd
from tests.builders.manpower import NOVEMBER, OCTOBER
from tests.builders.payments import NOW, PaymentWorld

ORCID = "0000-0002-1825-0097"


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    """The worked example once the money has arrived, in CNY, at a Hong Kong grantee."""
    return statements.received(session)


def codes(refusal: pytest.ExceptionInfo[Any]) -> list[str]:
    """The codes of what was refused."""
    return [breach.code for breach in refusal.value.breaches]


def months(engagement: StaffEngagement) -> list[tuple[int, str, str]]:
    """Month, pay and contribution as plain text."""
    return [(each.month.month, str(each.pay), str(each.contribution)) for each in engagement.months]


def flags(session: Session, actor: Actor, engagement: StaffEngagement) -> list[TimeFlag]:
    """The flags of one engagement as the actor sees them."""
    return flags_of(session, actor, [engagement]).get(engagement.id, [])


def imported(session: Session, made: PaymentWorld, *commands: KeepEngagement) -> Imported:
    """A file with one line for each command, from line 2 on."""
    rows = tuple(FileRow(line, each) for line, each in enumerate(commands, 2))
    return service.import_engagements(session, made.finance, RowFile("staff.csv", "0" * 64, rows), now=NOW)


def test_month_is_charged_by_share_of_time_rounded_half_up(session: Session, made: PaymentWorld) -> None:
    engagement = manpower.kept(
        session,
        made,
        percent=Decimal("33.335"),
        monthly_rate=cny("10001.00"),
        contribution_kind=ContributionKind.MPF,
        contribution=cny("1500.00"),
    )
    assert months(engagement) == [(10, "CNY 3333.83", "CNY 500.03"), (11, "CNY 3333.83", "CNY 500.03")]


def test_pay_in_another_currency_is_not_known_before_the_month_is_over_and_has_a_rate(
    session: Session, made: PaymentWorld
) -> None:
    engagement = manpower.kept(session, made, monthly_rate=hkd("20000.00"))
    assert months(engagement) == [(10, "None", "None"), (11, "None", "None")]
    with pytest.raises(Conflict) as refusal:
        service.convert_months(session, made.finance, engagement.reference, now=NOW)
    assert codes(refusal) == ["manpower.nothing-to-convert"]


def test_month_that_is_over_is_converted_at_the_booking_rate_of_its_last_day(
    session: Session, made: PaymentWorld
) -> None:
    engagement = manpower.kept(session, made, monthly_rate=hkd("20000.01"))
    payments.rate(session, "0.9250", date(2026, 10, 31))
    converted = service.convert_months(session, made.finance, engagement.reference, now=NOW)
    assert months(converted) == [(10, "CNY 9250.00", "CNY 0.00"), (11, "None", "None")]
    assert [each.rate for each in converted.months] == [Decimal("0.9250"), None]
    payments.rate(session, "0.9000", date(2026, 10, 31))
    wanted = replace(service.as_command(engagement), post="Research associate")
    command = ChangeEngagement(engagement.version, wanted)
    changed = service.change(session, made.finance, engagement.reference, command, now=NOW)
    assert months(changed)[0] == (10, "CNY 9250.00", "CNY 0.00")


def test_months_to_convert_wait_for_who_keeps_the_schedule(session: Session, made: PaymentWorld) -> None:
    manpower.kept(session, made, monthly_rate=hkd("20000.00"))
    assert len(list(session.scalars(queries.awaiting_conversion(made.other_finance, date(2026, 10, 30))))) == 0
    assert len(list(session.scalars(queries.awaiting_conversion(made.other_finance, date(2026, 10, 31))))) == 1
    assert len(list(session.scalars(queries.awaiting_conversion(made.maker, date(2026, 10, 31))))) == 0


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"first_month": date(2026, 12, 1)}, "manpower.months-reversed"),
        ({"first_month": date(2020, 1, 1)}, "manpower.outside-contract"),
        ({"percent": Decimal(0)}, "manpower.no-time"),
        ({"contribution": cny("1.00")}, "manpower.contribution-kind-missing"),
        ({"orcid": "0000-0002-1825-0098"}, "person.orcid-invalid"),
    ],
)
def test_wrong_engagement_is_refused(session: Session, made: PaymentWorld, wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleBreached) as refusal:
        manpower.kept(session, made, **wrong)
    assert codes(refusal) == [code]


def test_staff_code_stands_for_one_person(session: Session, made: PaymentWorld) -> None:
    manpower.kept(session, made, orcid=ORCID)
    with pytest.raises(RuleBreached) as refusal:
        manpower.kept(session, made, first_month=NOVEMBER, person_name="Another", orcid="0000-0002-1694-233X")
    assert codes(refusal) == ["manpower.other-orcid", "manpower.other-name"]


def test_change_moves_months_but_not_those_that_were_typed(session: Session, made: PaymentWorld) -> None:
    engagement = manpower.kept(session, made)
    typed = [MonthCommand(OCTOBER, Decimal(10), cny("2000.00"), cny("0.00"))]
    service.set_months(session, made.finance, engagement.reference, engagement.version, typed, now=NOW)
    wanted = replace(service.as_command(engagement), percent=Decimal(25))
    service.change(session, made.finance, engagement.reference, ChangeEngagement(engagement.version, wanted), now=NOW)
    assert months(engagement) == [(10, "CNY 2000.00", "CNY 0.00"), (11, "CNY 5000.00", "CNY 0.00")]


def test_stale_change_is_refused(session: Session, made: PaymentWorld) -> None:
    engagement = manpower.kept(session, made)
    command = ChangeEngagement(engagement.version + 1, service.as_command(engagement))
    with pytest.raises(Conflict):
        service.change(session, made.finance, engagement.reference, command, now=NOW)


# time over all contracts


def test_full_time_is_not_flagged_and_more_is(session: Session, made: PaymentWorld) -> None:
    engagement = manpower.kept(session, made, percent=Decimal(60))
    other = manpower.kept(session, made, first_month=NOVEMBER, percent=Decimal(40))
    assert flags(session, made.finance, engagement) == []
    wanted = replace(service.as_command(other), percent=Decimal("40.5"))
    service.change(session, made.finance, other.reference, ChangeEngagement(other.version, wanted), now=NOW)
    found = flags(session, made.finance, engagement)
    assert [(each.month, each.percent, each.elsewhere) for each in found] == [(NOVEMBER, Decimal("100.5"), False)]


def test_time_at_another_institution_counts_without_being_shown(session: Session, made: PaymentWorld) -> None:
    elsewhere = payments.world(session)
    mine = manpower.kept(session, made, percent=Decimal(60), orcid=ORCID)
    theirs = manpower.kept(session, elsewhere, "X-9", percent=Decimal(60), orcid=ORCID)
    for actor, engagement in ((made.finance, mine), (elsewhere.finance, theirs)):
        found = flags(session, actor, engagement)
        assert [(each.month, each.percent, each.elsewhere) for each in found] == [
            (OCTOBER, None, True),
            (NOVEMBER, None, True),
        ]
        assert "60" not in str(found[0].breach.params) + found[0].breach.message


def test_funder_sees_that_time_is_flagged_and_not_how_much(session: Session, made: PaymentWorld) -> None:
    engagement = manpower.kept(session, made, percent=Decimal(60))
    manpower.kept(session, made, first_month=NOVEMBER, percent=Decimal(60))
    assert [each.percent for each in flags(session, made.maker, engagement)] == [None]
    assert [each.percent for each in flags(session, made.finance, engagement)] == [Decimal(120)]


def test_person_is_one_by_orcid_once_it_is_known_for_the_code(session: Session, made: PaymentWorld) -> None:
    first = manpower.kept(session, made)
    manpower.kept(session, made, first_month=NOVEMBER, orcid=ORCID, percent=Decimal(1))
    assert first.orcid == ORCID
    assert manpower.kept(session, made, "R-2").orcid is None


def test_whoever_entered_an_engagement_does_not_clear_its_flag(session: Session, made: PaymentWorld) -> None:
    engagement = manpower.kept(session, made, percent=Decimal(60))
    manpower.kept(session, made, first_month=NOVEMBER, percent=Decimal(60))
    with pytest.raises(NotPermitted) as refusal:
        service.clear_time(session, made.finance, engagement.reference, NOVEMBER, "Time sheet", now=NOW)
    assert codes(refusal) == ["access.own-work"]
    service.clear_time(session, made.other_finance, engagement.reference, NOVEMBER, "Time sheet", now=NOW)
    session.flush()
    assert [each.is_cleared for each in flags(session, made.finance, engagement)] == [True]
    said = [
        each.details["reason"]
        for each in events_of(session, "staff-engagement", engagement.id)
        if each.verb == "staff.clear-time"
    ]
    assert said == ["Time sheet"]


def test_clearance_does_not_cover_more_time_than_it_saw(session: Session, made: PaymentWorld) -> None:
    engagement = manpower.kept(session, made, percent=Decimal(60))
    other = manpower.kept(session, made, first_month=NOVEMBER, percent=Decimal(60))
    service.clear_time(session, made.other_finance, engagement.reference, NOVEMBER, "Time sheet", now=NOW)
    wanted = replace(service.as_command(other), percent=Decimal(70))
    service.change(session, made.finance, other.reference, ChangeEngagement(other.version, wanted), now=NOW)
    assert [each.is_cleared for each in flags(session, made.finance, engagement)] == [False]


def test_nothing_flagged_is_nothing_to_clear(session: Session, made: PaymentWorld) -> None:
    engagement = manpower.kept(session, made)
    with pytest.raises(Conflict):
        service.clear_time(session, made.other_finance, engagement.reference, NOVEMBER, "Why not", now=NOW)


def test_list_may_be_narrowed_to_flagged_time(session: Session, made: PaymentWorld) -> None:
    manpower.kept(session, made, "R-2")
    engagement = manpower.kept(session, made, percent=Decimal(60))
    other = manpower.kept(session, made, first_month=NOVEMBER, percent=Decimal(60))
    found = queries.listed(session, made.finance, EngagementFilters(flagged=True))
    assert {each.id for each in found.items} == {engagement.id, other.id}


# against the ledger


def booked(session: Session, made: PaymentWorld) -> None:
    """CNY 9,240.00 of salary in November, paid as HKD 10,000.00."""
    journals.cost(session, made, hkd("10000.00"), Heading.SALARY)


def test_month_that_agrees_is_confirmed_without_words(session: Session, made: PaymentWorld) -> None:
    booked(session, made)
    manpower.kept(session, made, monthly_rate=cny("18480.00"))
    stands = {each.month: each for each in service.schedule(session, made.contract)}
    assert stands[NOVEMBER].difference == cny("0.00")
    assert stands[OCTOBER].difference == cny("-9240.00")
    service.confirm_month(session, made.other_finance, made.contract.reference, NOVEMBER, "", now=NOW)
    assert set(queries.confirmations(session, made.contract.id)) == {NOVEMBER}


def test_nobody_confirms_a_month_they_entered_themselves(session: Session, made: PaymentWorld) -> None:
    booked(session, made)
    manpower.kept(session, made, monthly_rate=cny("18480.00"))
    with pytest.raises(NotPermitted) as refusal:
        service.confirm_month(session, made.finance, made.contract.reference, NOVEMBER, "", now=NOW)
    assert codes(refusal) == ["access.own-work"]
    assert queries.confirmations(session, made.contract.id) == {}


def test_difference_needs_a_reason(session: Session, made: PaymentWorld) -> None:
    booked(session, made)
    manpower.kept(session, made)
    with pytest.raises(RuleBreached) as refusal:
        service.confirm_month(session, made.other_finance, made.contract.reference, NOVEMBER, "", now=NOW)
    assert codes(refusal) == ["manpower.difference-unexplained"]
    assert refusal.value.breaches[0].params["difference"] == cny("-760.00")
    kept = service.confirm_month(
        session, made.other_finance, made.contract.reference, NOVEMBER, "Paid in December", now=NOW
    )
    assert (kept.scheduled, kept.booked) == (cny("10000.00"), cny("9240.00"))


def test_flagged_or_unknown_months_are_not_confirmed(session: Session, made: PaymentWorld) -> None:
    manpower.kept(session, made, percent=Decimal(60), monthly_rate=hkd("1.00"))
    manpower.kept(session, made, first_month=NOVEMBER, percent=Decimal(60))
    with pytest.raises(RuleBreached) as refusal:
        service.confirm_month(session, made.other_finance, made.contract.reference, NOVEMBER, "Known", now=NOW)
    assert codes(refusal) == ["manpower.charge-unknown", "manpower.time-flagged"]


def test_confirmed_month_is_as_it_is_until_it_is_opened_again(session: Session, made: PaymentWorld) -> None:
    engagement = manpower.kept(session, made)
    reference = made.contract.reference
    service.confirm_month(session, made.other_finance, reference, NOVEMBER, "Paid in December", now=NOW)
    typed = [MonthCommand(NOVEMBER, Decimal(10), cny("1.00"), cny("0.00"))]
    with pytest.raises(RuleBreached) as refusal:
        service.set_months(session, made.finance, engagement.reference, engagement.version, typed, now=NOW)
    assert codes(refusal) == ["manpower.month-confirmed"]
    with pytest.raises(RuleBreached):
        manpower.kept(session, made, "R-2")
    manpower.kept(session, made, "R-2", last_month=OCTOBER)
    service.reopen_month(session, made.finance, reference, NOVEMBER, "A mistake", now=NOW)
    service.set_months(session, made.finance, engagement.reference, engagement.version, typed, now=NOW)
    assert months(engagement)[1] == (11, "CNY 1.00", "CNY 0.00")


# files, scope


def test_same_file_twice_enters_nothing_twice(session: Session, made: PaymentWorld) -> None:
    file = [manpower.command(made), manpower.command(made, "R-2", orcid=ORCID)]
    assert imported(session, made, *file) == Imported(2, 0)
    session.expire_all()
    assert imported(session, made, *file) == Imported(0, 2)


def test_one_wrong_line_stops_the_whole_file_and_is_named(session: Session, made: PaymentWorld) -> None:
    wrong = manpower.command(made, "R-2", last_month=date(2040, 1, 1))
    with pytest.raises(RuleBreached) as refusal, session.begin_nested():
        imported(session, made, manpower.command(made), wrong, manpower.command(made))
    named = [(each.params["line"], each.params["column"], each.code) for each in refusal.value.breaches]
    assert (3, "last_month", "manpower.outside-contract") in named
    assert (4, "staff_code", "manpower.twice") in named
    assert queries.listed(session, made.finance, EngagementFilters()).items == []


def test_known_engagement_with_other_content_stops_the_file(session: Session, made: PaymentWorld) -> None:
    manpower.kept(session, made)
    with pytest.raises(RuleBreached) as refusal:
        imported(session, made, manpower.command(made, post="Engineer"))
    assert codes(refusal) == ["manpower.known-already"]


def test_funder_reads_and_does_not_write(session: Session, made: PaymentWorld) -> None:
    engagement = manpower.kept(session, made)
    assert queries.visible_engagement(session, made.maker, engagement.reference).id == engagement.id
    with pytest.raises(InputRefused):
        service.keep(session, made.maker, manpower.command(made, "R-2"), now=NOW)
    with pytest.raises(NotPermitted):
        service.confirm_month(session, made.maker, made.contract.reference, NOVEMBER, "x", now=NOW)


def test_engagement_does_not_exist_for_others(session: Session, made: PaymentWorld) -> None:
    engagement = manpower.kept(session, made)
    stranger = payments.someone(session, "Another leader", Role.PRINCIPAL_INVESTIGATOR, made.grantee)
    for actor in (payments.world(session).finance, stranger):
        with pytest.raises(NotFound):
            queries.visible_engagement(session, actor, engagement.reference)
        with pytest.raises(NotFound):
            queries.visible_contract(session, actor, made.contract.reference)
    assert queries.visible_engagement(session, made.leader, engagement.reference).id == engagement.id
