"""A month with a bank that rejects, returns, delays, loses, shortens and doubles, worked through by the services.

A treasurer's work by the services of the application only: payment files out, the bank's answers and statements in,
each line booked by the step that it offers. `verify` says in the end whether everything is explained.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.disbursements import document_service, payment_service, receipt_service, service as disbursement_service
from app.disbursements.commands import Approve, Bounce, ConfirmReceipt, ListDocument, Seen as SeenPayment, Settle
from app.disbursements.models import Disbursement
from app.institutions.models import BankAccount
from app.institutions.states import Side
from app.kernel.actor import Actor, Role
from app.kernel.currencies import Currency
from app.kernel.money import Money, total
from app.ledger import balances
from app.ledger.chart import AccountCode
from app.ledger.entries import AccountKey
from app.payment_files import answer_service, return_service, service as payment_files
from app.payment_files.commands import MakeFile, ReturnAll, Seen, Send, TakeAnswer
from app.payment_files.models import PaymentFile
from app.payment_files.states import AnswerStatus
from app.rails import queries as rails
from app.rails.days import CALENDAR_SIDES
from app.reconciliation import figures, import_service, matching_service, notified, offering
from app.reconciliation.commands import MatchItems
from app.reconciliation.offers import Finding, Offer, Step
from app.web.uploads import XML, Upload
from tests.builders import payment_files as files, payments
from tests.builders.payments import NOW, TODAY, PaymentWorld
from tests.builders.simulated_bank import Fate, SimulatedBank

PAYING_DAYS = 18
"""Working days at the beginning of the month on which files go out; what they hold has arrived by its end."""

OF_ONE_CONTRACT, WHOLE, FIRST = 50, "500000.00", "480000.00"
"""Payments of one contract at most, its amount and its first tranche, which holds them all."""

LEAST, MOST = 5_000, 900_000
"""Amounts in minor units; the least is more than any charge."""

RAILS = {Currency.CNY: "CIPS", Currency.HKD: "SWIFT"}
FIRST_DAY = date(2026, 11, 23)
LAST_DAY = date(2026, 12, 31)


class Month:
    """The funder, its bank, and the people who work with it day by day."""

    def __init__(self, session: Session, seed: int, side: Side, currency: Currency, count: int) -> None:
        """`count` payments are released before the first day; files go out afterwards."""
        self.session, self.currency, self.days = session, currency, rails.bank_days(session)
        self.made = payments.world(
            session,
            funder_side=side,
            currency=currency,
            payee_currency=currency,
            amount=WHOLE,
            first=FIRST,
        )
        self.clerk = payments.someone(session, "Cheng Tin-yau", Role.ACCOUNTANT, self.made.grantee)
        files.with_bank_codes(session, self.made)
        for days in range(3, 45, 5):
            payments.rate(session, "0.9240", TODAY + timedelta(days=days))
        payer, payee = self.made.payer_account, self.made.payee_account
        self.bank = SimulatedBank(seed, payer.number, payee.number, currency.value)
        amounts = [Decimal(self.bank.random.randint(LEAST, MOST)) / 100 for _ in range(count)]
        self.rows: list[Disbursement] = []
        for start in range(0, count, OF_ONE_CONTRACT):
            under = self.made if start == 0 else payments.another_contract(session, self.made, WHOLE, FIRST)
            self.rows += self.released(under, amounts[start : start + OF_ONE_CONTRACT])
        self.waiting = [row.reference for row in self.rows]
        self.a_day = -(-count // PAYING_DAYS)

    def released(self, under: PaymentWorld, amounts: list[Decimal]) -> list[Disbursement]:
        """Payments of one contract, each released in a unit of work of its own.

        What the route asks for is looked up with the first: the others take the same way in the same currency, and
        are refused at their submission where that should not be enough.
        """
        rows: list[Disbursement] = []
        codes: list[str] = []
        for amount in amounts:
            row = payments.drafted(self.session, under, f"{amount:.2f}", documents=False)
            codes = codes or [need.code for need in document_service.requirements_of(self.session, row, NOW)]
            rows.append(self.through_the_gates(under, row, codes))
            self.session.commit()
        return rows

    def through_the_gates(self, under: PaymentWorld, row: Disbursement, codes: list[str]) -> Disbursement:
        """A draft with its documents, submitted, approved and released."""
        session, reference = self.session, row.reference
        for code in codes:
            listed = ListDocument(code, "2026-0042")
            row = document_service.list_document(session, under.maker, reference, listed, now=NOW)
            seen = SeenPayment(row.version)
            row = document_service.confirm_document(session, under.checker, reference, code, seen, now=NOW)
        row = disbursement_service.submit(session, under.maker, reference, SeenPayment(row.version), now=NOW)
        approval = Approve(row.version, notes_seen=True)
        row = disbursement_service.approve(session, under.checker, reference, approval, now=NOW)
        return payment_service.release(session, under.payer, reference, SeenPayment(row.version), now=NOW)

    def run(self) -> None:
        """Every day from the first to the last, each in a unit of work of its own."""
        day = FIRST_DAY
        while day <= LAST_DAY:
            if day.weekday() < 5:
                self.pay(day)
            self.statements(day)
            self.session.commit()
            day += timedelta(days=1)

    def pay(self, day: date) -> None:
        """The day's share of what waits, in files of random size."""
        left = min(self.a_day, len(self.waiting))
        while left > 0:
            size = min(left, self.bank.random.randint(1, max(4, self.a_day // 4)))
            some = tuple(self.waiting[:size])
            del self.waiting[:size]
            self.send(some, day)
            left -= size

    def send(self, some: tuple[str, ...], day: date) -> None:
        """A file of some payments, signed, sent and answered; what the bank rejects is bounced."""
        made, now = self.made, at(day)
        asked = MakeFile(
            made.payer_account.id,
            self.currency,
            RAILS[self.currency],
            self.days.next_open(CALENDAR_SIDES, day),
            some,
            "CSTRDR",
        )
        row = payment_files.make(self.session, made.accountant, asked, now=now)
        row = payment_files.sign(self.session, made.payer, row.reference, Seen(row.version), now=now)
        row = payment_files.send(self.session, made.accountant, row.reference, Send(row.version), now=now)
        answer = Upload("answer.xml", self.bank.take(row.content, day), XML)
        for again in (False, True):
            taken = answer_service.take(
                self.session, made.accountant, row.reference, TakeAnswer(answer), now=at(day, 17)
            )
            assert taken.again is again
        self.bounce_rejected(row, day)

    def bounce_rejected(self, row: PaymentFile, day: date) -> None:
        """What the bank would not carry out goes back."""
        if return_service.to_return(self.session, row):
            back = ReturnAll(row.version, day, row.payments[0].reason_code)
            return_service.return_all(self.session, self.made.accountant, row.reference, back, now=at(day, 18))
            return
        for each in row.payments:
            if each.answer == AnswerStatus.REJECTED:
                paid = self.session.get_one(Disbursement, each.disbursement_id)
                command = Bounce(paid.version, day, row.reference, each.reason_code)
                payment_service.bounce(self.session, self.made.accountant, paid.reference, command, now=at(day, 18))

    def statements(self, day: date) -> None:
        """Both sides take in notification and statement twice, book what the lines offer, match what is certain."""
        for side, account, who in self.sides():
            if not self.bank.moved(side, day) and day != LAST_DAY:
                continue
            messages = [self.bank.statement(side, day)]
            if self.bank.moved(side, day):
                messages.insert(0, self.bank.notice(side, day))
            for content in messages:
                upload = Upload(f"{side}-{day}.xml", content, XML)
                for again in (False, True):
                    (found,) = import_service.import_file(self.session, who, upload, now=at(day, 20))
                    assert found.known is again
            matching_service.match_certain(self.session, who, account.id, now=at(day, 20))
            for offer in self.offers(account, day):
                self.book(offer, day)
            matching_service.match_certain(self.session, who, account.id, now=at(day, 21))
            self.match_the_rest(account, who, day)

    def match_the_rest(self, account: BankAccount, who: Actor, day: date) -> None:
        """What is suggested and not certain, such as a payment with its charge, a person matches."""
        open_now = figures.at_end_of(self.session, account, day)
        for each in matching_service.suggestions(self.session, account, open_now, day):
            postings = tuple(f"{entry}-{line}" for entry, line in (item.key for item in each.postings))
            together = MatchItems(tuple(item.key for item in each.lines), postings)
            matching_service.match(self.session, who, account.id, together, now=at(day, 21))

    def sides(self) -> Iterator[tuple[str, BankAccount, Actor]]:
        """Each account with who works on it."""
        yield "payer", self.made.payer_account, self.made.accountant
        yield "payee", self.made.payee_account, self.clerk

    def offers(self, account: BankAccount, day: date) -> list[Offer]:
        """What the open lines offer."""
        open_now = figures.at_end_of(self.session, account, day)
        suggested = matching_service.suggestions(self.session, account, open_now, day)
        return list(offering.of_open_lines(self.session, account, open_now, suggested).values())

    def book(self, offer: Offer, day: date) -> None:
        """Take the step with what its form is filled with."""
        paid = self.session.scalars(select(Disbursement).where(Disbursement.reference == offer.reference)).one()
        values, now = offer.values, at(day, 20)
        value_date = date.fromisoformat(values["value_date"]) if "value_date" in values else day
        if offer.step is Step.SETTLE:
            settle = Settle(
                paid.version,
                value_date,
                values["bank_reference"],
                Money.parse(values["debited"], self.currency),
                Money.parse(values["charge"], self.currency),
            )
            payment_service.settle(self.session, self.made.accountant, paid.reference, settle, now=now)
        elif offer.step is Step.BOUNCE:
            bounce = Bounce(paid.version, value_date, values["bank_reference"], values["reason"])
            payment_service.bounce(self.session, self.made.accountant, paid.reference, bounce, now=now)
        elif offer.step is Step.RECEIPT:
            receipt = ConfirmReceipt(
                paid.version,
                self.made.payee_account.id,
                value_date,
                values["bank_reference"],
                Money.parse(values["received"], self.currency),
                Money.parse(values.get("charge", "0.00"), self.currency),
            )
            receipt_service.confirm(self.session, self.made.finance, paid.reference, receipt, now=now)

    def by_fate(self, *fates: Fate) -> list[Disbursement]:
        """The payments to which that happened."""
        afresh = (
            select(Disbursement)
            .where(Disbursement.reference.in_(self.bank.with_fate(*fates)))
            .order_by(Disbursement.reference)
            .options(selectinload(Disbursement.receipts))
            .execution_options(populate_existing=True)
        )
        return list(self.session.scalars(afresh))


def at(day: date, hour: int = 10) -> datetime:
    """An hour of a day in Hong Kong and Shenzhen."""
    return NOW.replace(year=day.year, month=day.month, day=day.day, hour=hour - 8, minute=0)


@dataclass(frozen=True, slots=True)
class Endings:
    """How many payments ended how, when everything is explained."""

    arrived: int
    lost: int
    bounced: int
    open_doubles: int


def verify(month: Month) -> Endings:
    """Every payment is settled, bounced or open for a named reason; both books agree with the bank to the cent."""
    assert month.waiting == []
    assert {row.status for row in month.by_fate(Fate.REJECTED, Fate.RETURNED)} <= {"BOUNCED"}
    arrived = month.by_fate(Fate.PAID, Fate.SLOW, Fate.SHORT, Fate.TWICE, Fate.CHARGED)
    assert {(row.status, row.receipt is not None) for row in arrived} == {("SETTLED", True)}
    assert all((row.status, row.receipt) == ("SETTLED", None) for row in month.by_fate(Fate.LOST))

    # the payer's book: its bank agrees to the cent, and nothing is in transit any more
    payer = figures.at_end_of(month.session, month.made.payer_account, LAST_DAY)
    assert payer.is_clean
    assert notified.watched(month.session, month.made.payer_account, LAST_DAY) == []
    assert not payer.postings
    assert payer.bank is not None
    assert payer.bank.amount == month.bank.balance("payer", LAST_DAY)
    transit = AccountKey(AccountCode.PAYMENTS_IN_TRANSIT, month.currency)
    in_transit = balances.account_balance(month.session, month.made.funder.id, transit, at=LAST_DAY)
    assert not in_transit.net

    # the payee's book: only what the bank credited twice is open, and it says so
    payee = figures.at_end_of(month.session, month.made.payee_account, LAST_DAY)
    doubled = month.by_fate(Fate.TWICE)
    assert not payee.postings
    assert payee.lines_sum == total((row.amount for row in doubled), month.currency)
    told = {each.reference: each for each in month.offers(month.made.payee_account, LAST_DAY)}
    assert set(told) == {row.reference for row in doubled}
    assert all(each.step is Step.NONE and each.findings[0][0] is Finding.DOUBLE for each in told.values())

    # both books together: what the payer's bank paid out and the payee did not receive is lost, short or charged
    lost = total((row.amount for row in month.by_fate(Fate.LOST)), month.currency)
    received = total(
        (
            Money(row.receipt.received_minor + row.receipt.charge_minor, month.currency)
            for row in arrived
            if row.receipt is not None
        ),
        month.currency,
    )
    paid = total((row.amount for row in month.rows if row.status == "SETTLED"), month.currency)
    assert paid == received + lost
    found = Endings(
        len(arrived), len(month.by_fate(Fate.LOST)), len(month.by_fate(Fate.REJECTED, Fate.RETURNED)), len(told)
    )
    assert found.arrived + found.lost + found.bounced == len(month.rows)
    return found
