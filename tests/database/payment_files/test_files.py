"""The life of a payment file: made once of each payment, signed by others, sent; what it says never changes."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.audit.models import AuditEvent
from app.db.unit_of_work import run_in_unit, unit_of_work
from app.disbursements import payment_service, quote_service
from app.disbursements.commands import Bounce, KeepQuote, Seen as SeenPayment, Settle
from app.disbursements.models import Disbursement
from app.disbursements.states import ConversionSide, Firmness
from app.institutions.states import Side
from app.kernel.actor import Right, Role
from app.kernel.currencies import Currency, Market
from app.kernel.errors import Conflict, NotFound, NotPermitted, Refusal, RuleBreached
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.payment_files import instruction, message, queries, schema, service
from app.payment_files.commands import Reasoned, Seen, Send
from app.payment_files.models import FilePayment, FileSignature, PaymentFile
from tests.builders import payment_files, payments
from tests.builders.payment_files import command
from tests.builders.payments import NOW, TODAY, PaymentWorld


def codes(refusal: Refusal) -> set[str]:
    return {breach.code for breach in refusal.breaches}


def violated(error: DBAPIError) -> str:
    return str(getattr(error.orig, "diag", None) and error.orig.diag.constraint_name)  # type: ignore[union-attr]


@pytest.fixture
def world(session: Session) -> PaymentWorld:
    made = payments.world(session)
    payment_files.with_bank_codes(session, made)
    return made


@pytest.mark.parametrize("side", [Side.SZ, Side.HK])
@pytest.mark.parametrize("currency", list(Currency))
def test_a_file_in_every_direction_and_currency_fits_the_schema(
    session: Session, side: Side, currency: Currency
) -> None:
    made = payments.world(session, funder_side=side, currency=currency)
    row = payment_files.drafted(session, made)
    assert schema.faults(row.content, message.MESSAGE) == []
    assert row.total == made.money("20000.00")
    assert row.sha256 == hashlib.sha256(row.content).digest()
    assert message.write(instruction.from_json(row.snapshot)) == row.content


def test_a_file_tells_the_paying_bank_what_to_convert_at_the_rate_agreed(session: Session, world: PaymentWorld) -> None:
    row = payments.converting_at_payer(session, world, "10000.00", value_date=TODAY + timedelta(days=4))
    quoted = KeepQuote(
        ConversionSide.PAYER,
        "Bank of the Deep Bay",
        Currency.HKD,
        100,
        Decimal("92.5"),
        Market.ONSHORE,
        Firmness.FIRM,
        NOW,
        "Dealer Ho",
        NOW + timedelta(minutes=15),
        "Q-17",
    )
    quote_service.keep(session, world.accountant, row.reference, quoted, now=NOW)
    made = service.make(session, world.accountant, payment_files.command(world, row, rail="SWIFT"), now=NOW)
    (sent,) = instruction.from_json(made.snapshot).payments
    assert (sent.amount_minor, sent.sent_in) == (1_000_000, "HKD")
    assert sent.exchange == instruction.Exchange("HKD", "0.925", "Q-17")
    assert schema.faults(made.content, message.MESSAGE) == []


def test_a_rail_must_carry_what_the_paying_bank_converts_into(session: Session, world: PaymentWorld) -> None:
    row = payments.converting_at_payer(session, world, "10000.00", value_date=TODAY + timedelta(days=4))
    with pytest.raises(RuleBreached) as refused:
        service.make(session, world.accountant, payment_files.command(world, row, rail="CIPS"), now=NOW)
    assert codes(refused.value) == {"rail.currency"}


def test_the_life_of_a_file_and_its_trail(session: Session, world: PaymentWorld) -> None:
    row = payment_files.sent(session, world)
    assert (row.status, row.bank_reference, row.sent_by_id) == ("SENT", "BK-77", world.accountant.person_id)
    verbs = session.scalars(
        select(AuditEvent.verb).where(AuditEvent.subject_id == row.id).order_by(AuditEvent.at)
    ).all()
    assert sorted(verbs) == ["payment-file.make", "payment-file.send", "payment-file.sign"]
    events = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == row.id)).all()
    assert {event.details["sha256"] for event in events} == {row.digest}


def test_the_bytes_handed_out_are_the_same_every_time(session: Session, world: PaymentWorld) -> None:
    row = payment_files.signed(session, world)
    first = service.download(session, world.accountant, row.reference, now=NOW).content
    session.expire_all()
    assert service.download(session, world.payer, row.reference, now=NOW).content == first


def test_an_unsigned_file_is_handed_out_to_nobody(session: Session, world: PaymentWorld) -> None:
    row = payment_files.drafted(session, world)
    with pytest.raises(Conflict):
        service.download(session, world.accountant, row.reference, now=NOW)


def test_a_payment_goes_into_one_live_file_only(session: Session, world: PaymentWorld) -> None:
    rows = payment_files.released(session, world, 1)
    row = payment_files.drafted(session, world, *rows)
    with pytest.raises(RuleBreached) as refused:
        payment_files.drafted(session, world, *rows)
    assert codes(refused.value) == {"payment-file.twice"}
    service.withdraw(session, world.accountant, row.reference, Reasoned(row.version, "Wrong day"), now=NOW)
    assert payment_files.drafted(session, world, *rows).status == "DRAFT"


def test_two_people_racing_put_a_payment_into_one_file(session: Session, world: PaymentWorld, engine: Engine) -> None:
    rows = payment_files.released(session, world, 1)
    asked = command(world, *rows)
    session.commit()
    start = Barrier(2)

    def race(person: object) -> str:
        start.wait()
        try:
            return run_in_unit(lambda own: service.make(own, person, asked, now=NOW).reference)  # type: ignore[arg-type]
        except RuleBreached as refusal:
            return next(iter(codes(refusal)))

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(race, [world.accountant, world.payer]))
    assert sorted(outcome == "payment-file.twice" for outcome in outcomes) == [False, True]
    with unit_of_work() as own:
        assert own.scalar(text("select count(*) from file_payment where live")) == 1


def test_the_database_itself_keeps_a_payment_in_one_live_file(session: Session, world: PaymentWorld) -> None:
    first, second = payment_files.released(session, world)
    payment_files.drafted(session, world, first)
    other = payment_files.drafted(session, world, second)
    smuggled = FilePayment(
        id=new_id(),
        payment_file_id=other.id,
        number=2,
        disbursement_id=first.id,
        end_to_end_id=first.reference,
        uetr=uuid4(),
        amount_minor=first.amount_minor,
        currency=first.currency,
    )
    session.add(smuggled)
    with pytest.raises(IntegrityError) as refused:
        session.flush()
    assert violated(refused.value) == "uq_file_payment_live"


def test_nobody_signs_their_own_file(session: Session, world: PaymentWorld) -> None:
    rows = payment_files.released(session, world)
    row = payment_files.drafted(session, world, *rows, who=world.payer)
    with pytest.raises(NotPermitted) as refused:
        service.sign(session, world.payer, row.reference, Seen(row.version), now=NOW)
    assert codes(refused.value) == {"access.own-work"}
    own = FileSignature(
        id=new_id(),
        payment_file_id=row.id,
        signatory_id=world.payer.person_id,
        sha256=row.sha256,
        signed_at=NOW,
    )
    session.add(own)
    with pytest.raises(DBAPIError) as kept:
        session.flush()
    assert violated(kept.value) == "file_signatory_not_maker"


def test_whoever_prepared_a_payment_does_not_sign_its_file(session: Session, world: PaymentWorld) -> None:
    row = payment_files.drafted(session, world)
    right = Right(Role.PAYMENTS_OFFICER, world.funder.id, TODAY)
    for person in (world.maker, world.checker):
        both = replace(person, rights=(*person.rights, right))
        with pytest.raises(NotPermitted) as refused:
            service.sign(session, both, row.reference, Seen(row.version), now=NOW)
        assert codes(refused.value) == {"payment-file.took-part"}


def test_a_mandate_of_two_needs_two_different_people(session: Session) -> None:
    world = payments.world(session, signatories=2)
    payment_files.with_bank_codes(session, world)
    rows = []
    for _ in range(2):
        paid = payments.approved(session, world, "10000.00")
        for person in (world.payer, world.other_payer):
            paid = payment_service.release(session, person, paid.reference, SeenPayment(paid.version), now=NOW)
        rows.append(paid)
    row = payment_files.drafted(session, world, *rows)
    row = service.sign(session, world.payer, row.reference, Seen(row.version), now=NOW)
    assert (row.status, row.signatories) == ("DRAFT", 2)
    with pytest.raises(NotPermitted) as refused:
        service.sign(session, world.payer, row.reference, Seen(row.version), now=NOW)
    assert codes(refused.value) == {"payment-file.signed-already"}
    assert service.sign(session, world.other_payer, row.reference, Seen(row.version), now=NOW).status == "SIGNED"


def test_without_a_mandate_for_the_total_nobody_signs(session: Session, world: PaymentWorld) -> None:
    row = payment_files.drafted(session, world)
    session.execute(text("update bank_mandate set last_day = '2026-01-01'"))
    with pytest.raises(RuleBreached) as refused:
        service.sign(session, world.payer, row.reference, Seen(row.version), now=NOW)
    assert codes(refused.value) == {"payment-file.no-mandate"}


def test_a_payment_that_came_back_stops_the_signature_and_the_sending(session: Session, world: PaymentWorld) -> None:
    rows = payment_files.released(session, world)
    row = payment_files.signed(session, world, *rows)
    back = Bounce(rows[0].version, TODAY, "BK-1", "Closed")
    payment_service.bounce(session, world.accountant, rows[0].reference, back, now=NOW)
    with pytest.raises(RuleBreached) as refused:
        service.send(session, world.accountant, row.reference, Send(row.version), now=NOW)
    assert codes(refused.value) == {"payment-file.changed"}


def test_a_sent_file_is_not_withdrawn(session: Session, world: PaymentWorld) -> None:
    row = payment_files.sent(session, world)
    with pytest.raises(Conflict):
        service.withdraw(session, world.accountant, row.reference, Reasoned(row.version, "Too late"), now=NOW)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("total_minor = total_minor + 1", "payment_file_stands"),
        ("content = '\\x00'", "payment_file_stands"),
        ("status = 'SENT'", "payment_file_moves"),
        ("status = 'SIGNED'", "payment_file_signed_by_enough"),
        ("maker_id = (select id from person where id <> maker_id limit 1)", "payment_file_stands"),
    ],
)
def test_the_database_keeps_what_a_file_says(
    session: Session, world: PaymentWorld, change: str, constraint: str
) -> None:
    row = payment_files.drafted(session, world)
    with pytest.raises(DBAPIError) as refused, session.begin_nested():
        session.execute(text(f"update payment_file set {change} where id = :key"), {"key": row.id})
    assert violated(refused.value) == constraint


@pytest.mark.parametrize("change", ["amount_minor = 1", "live = false", "uetr = gen_random_uuid()"])
def test_the_database_keeps_the_payments_of_a_file(session: Session, world: PaymentWorld, change: str) -> None:
    row = payment_files.drafted(session, world)
    with pytest.raises(DBAPIError) as refused, session.begin_nested():
        session.execute(text(f"update file_payment set {change} where payment_file_id = :key"), {"key": row.id})
    assert violated(refused.value) == "file_payment_stands"


def test_only_released_payments_of_the_account_go_into_its_file(session: Session, world: PaymentWorld) -> None:
    approved = payments.approved(session, world, "10000.00")
    settled = payments.settled(session, world, "10000.00")
    for row in (approved, settled):
        with pytest.raises(RuleBreached) as refused:
            service.make(session, world.accountant, command(world, row), now=NOW)
        assert codes(refused.value) == {"payment-file.not-released"}
    paid = payment_files.released(session, world, 1)
    with pytest.raises(RuleBreached) as refused:
        service.make(session, world.accountant, command(world, *paid, currency=Currency.HKD), now=NOW)
    assert "payment-file.mixed" in codes(refused.value)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rail": "PIGEON"}, "payment-file.rail"),
        ({"execute_on": TODAY.replace(day=1)}, "payment-file.day"),
        ({"disbursements": ("DSB-2026-99999",)}, "payment-file.unknown"),
        ({"disbursements": ()}, "payment-file.size"),
    ],
)
def test_what_stands_in_the_way_of_a_file(
    session: Session, world: PaymentWorld, changes: dict[str, object], code: str
) -> None:
    paid = payment_files.released(session, world, 1)
    with pytest.raises(RuleBreached) as refused:
        service.make(session, world.accountant, command(world, *paid, **changes), now=NOW)
    assert code in codes(refused.value)


def test_a_rail_that_does_not_fit_is_refused_by_its_own_rule(session: Session, world: PaymentWorld) -> None:
    paid = payment_files.released(session, world, 1)
    with pytest.raises(RuleBreached) as refused:
        service.make(session, world.accountant, command(world, *paid, rail="CNAPS"), now=NOW)
    assert any(code.startswith("rail.") for code in codes(refused.value))


def test_a_day_on_which_the_rail_does_not_run_names_the_next_one(session: Session, world: PaymentWorld) -> None:
    paid = payment_files.released(session, world, 1)
    saturday, monday = date(2026, 11, 28), date(2026, 11, 30)
    with pytest.raises(RuleBreached) as refused:
        service.make(session, world.accountant, command(world, *paid, rail="CHATS-CNY", execute_on=saturday), now=NOW)
    closed = next(each for each in refused.value.breaches if each.code == "payment-file.closed-day")
    assert closed.params["next"] == monday


def test_a_replaced_payee_account_is_not_paid(session: Session, world: PaymentWorld) -> None:
    paid = payment_files.released(session, world, 1)
    world.payee_account.status = "REPLACED"
    session.flush()
    with pytest.raises(RuleBreached) as refused:
        service.make(session, world.accountant, command(world, *paid), now=NOW)
    assert codes(refused.value) == {"payment-file.payee"}


def test_what_waits_is_told_by_account_and_currency_and_leaves_with_its_file(
    session: Session, world: PaymentWorld
) -> None:
    rows = payment_files.released(session, world)
    waiting = queries.waiting(session, world.accountant)
    assert [(each.count, each.total) for each in waiting] == [(2, world.money("20000.00"))]
    payment_files.drafted(session, world, rows[0])
    assert [each.count for each in queries.waiting(session, world.accountant)] == [1]
    assert queries.waiting(session, world.finance) == []


def test_a_file_of_another_institution_does_not_exist(session: Session, world: PaymentWorld) -> None:
    row = payment_files.drafted(session, world)
    with pytest.raises(NotFound):
        queries.get_visible(session, world.finance, row.reference)
    with pytest.raises(NotFound):
        service.make(session, world.finance, command(world), now=NOW)


def test_those_who_sign_are_told(session: Session, world: PaymentWorld) -> None:
    row = payment_files.drafted(session, world)

    def waits_for(person: object) -> list[PaymentFile]:
        return list(session.scalars(queries.awaiting_signature(person)))  # type: ignore[arg-type]

    assert waits_for(world.payer) == [row]
    assert waits_for(world.accountant) == []
    service.sign(session, world.payer, row.reference, Seen(row.version), now=NOW)
    assert waits_for(world.other_payer) == []


def test_the_identifiers_of_a_payment_that_went_to_the_bank_are_known(session: Session, world: PaymentWorld) -> None:
    row = payment_files.sent(session, world)
    first = row.payments[0]
    assert queries.uetrs_of(session, [first.disbursement_id]) == {first.disbursement_id: (str(first.uetr),)}


def test_a_file_that_was_not_sent_lends_no_identifier(session: Session, world: PaymentWorld) -> None:
    row = payment_files.signed(session, world)
    assert queries.uetrs_of(session, [each.disbursement_id for each in row.payments]) == {}


def test_a_settled_payment_leaves_its_file_as_it_was(session: Session, world: PaymentWorld) -> None:
    row = payment_files.sent(session, world)
    paid = session.get_one(Disbursement, row.payments[0].disbursement_id)
    line = Settle(paid.version, TODAY, "BK-1", charge=Money.zero(world.currency))
    payment_service.settle(session, world.accountant, paid.reference, line, now=NOW)
    session.expire_all()
    assert row.payments[0].live


def test_only_those_who_send_take_the_bytes_out(session: Session, world: PaymentWorld) -> None:
    row = payment_files.signed(session, world)
    with pytest.raises(NotPermitted) as refused:
        service.download(session, world.checker, row.reference, now=NOW)
    assert refused.value.breaches[0].params["permission"] == Permission.PAYMENT_FILES_SEND.value
