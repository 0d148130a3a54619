"""Disbursements: prepared, checked, released, settled and confirmed by the people concerned, each on its day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from app.contracts.states import WhitelistEffect
from app.demo import days
from app.demo.agreements import WORKED_EXAMPLE, Agreement, scheme
from app.demo.cast import body
from app.demo.papers import paper
from app.demo.plan import Payment, Plan
from app.demo.stage import Stage
from app.disbursements import document_service, payment_service, quote_service, receipt_service, service
from app.disbursements.commands import (
    Approve,
    AttachMinutes,
    Bounce,
    ConfirmReceipt,
    Draft,
    KeepQuote,
    ListDocument,
    Reasoned,
    Seen,
    Settle,
)
from app.disbursements.models import Disbursement
from app.disbursements.states import ConversionSide, DisbursementStatus as Status, Firmness
from app.exchange_rates import queries as rates
from app.exchange_rates.models import RateKind
from app.institutions.states import Side
from app.kernel.actor import Role
from app.kernel.currencies import Currency, Market
from app.kernel.money import Money
from app.ledger.entries import Rate

WORKED_DEALT = Decimal("0.9250")
WORKED_ASKED = Decimal("0.9262")
BANK_MARGIN = Decimal("1.003")
"""What the banks of the story take above the booking rate when they sell HKD for CNY, and below the other way."""

SECOND_CHECKER_ABOVE = {
    ("QTSF", Currency.CNY): 1_000_000,
    ("QTSF", Currency.HKD): 1_000_000,
    ("HRT", Currency.HKD): 1_500_000,
    ("HRT", Currency.CNY): 1_200_000,
}
TWO_SIGNATORIES_ABOVE = 1_000_000


@dataclass(frozen=True, slots=True)
class Crew:
    """Who handles payments at a funder: makers in turn, the first checker, the director who checks second."""

    makers: tuple[str, ...]
    checker: str
    director: str
    payers: tuple[str, str]
    accountants: tuple[str, str]


CREWS = {
    "QTSF": Crew(
        ("chen.siyu", "chen.siyu", "zhou.minghao"),
        "li.jianhua",
        "sun.wei",
        ("fang.zhiyuan", "he.xiaoling"),
        ("zhao.lei", "qian.yue"),
    ),
    "HRT": Crew(
        ("ho.kwok.leung",),
        "wong.mei.yee",
        "lam.ching",
        ("fong.chi.wai", "tse.man.lai"),
        ("yeung.ka.ho", "kwan.siu.fong"),
    ),
}

DOCUMENTS: dict[tuple[Side, Side], tuple[tuple[str, bool], ...]] = {
    (Side.SZ, Side.HK): (("approval-and-contract", False), ("outbound-tax-filing", True)),
    (Side.HK, Side.SZ): (("payment-purpose", True),),
}
"""What each route asks for, and whether a listed grantee under facilitating terms goes without it."""


class Paying:
    """Puts every step of every payment on the agenda."""

    def __init__(self, stage: Stage, plans: Sequence[Plan]) -> None:
        """Put all payments on the agenda."""
        self.stage = stage
        for plan in plans:
            for payment in plan.payments:
                OnePayment(stage, plan.agreement, payment).put()


class OnePayment:
    """The life of one payment, up to where the story leaves it."""

    def __init__(self, stage: Stage, terms: Agreement, payment: Payment) -> None:
        """`terms` is the payment's contract."""
        self.stage = stage
        self.terms = terms
        self.payment = payment
        self.crew = CREWS[terms.funder]
        turn = 0 if payment.with_papers else payment.number % len(self.crew.makers)
        self.maker = payment.maker or self.crew.makers[turn]
        self.reference = ""
        self.key = UUID(int=0)
        self.quote_id: UUID | None = None
        self.codes = _documents(terms)
        major = payment.amount.minor // 100
        self.two_checkers = major > SECOND_CHECKER_ABOVE[terms.funder, terms.currency]
        self.two_signatories = major > TWO_SIGNATORIES_ABOVE

    def put(self) -> None:
        """Put its steps on the agenda: always draft first, then as far as `ends` says."""
        stage, submitted, ends = self.stage, self.payment.submitted_on, self.payment.ends
        stage.on(days.shifted(submitted, -2), self.draft)
        if ends is Status.DRAFT or self.payment.how == "draft":
            if ends is Status.CANCELLED:
                stage.on(submitted, self.cancel, hour=16)
            return
        if self.codes:
            stage.on(days.shifted(submitted, -1), self.confirm_documents, hour=11)
        stage.on(submitted, self.submit, hour=14)
        self._decided(submitted, ends)

    def _decided(self, submitted: date, ends: Status) -> None:
        stage = self.stage
        if ends is Status.SUBMITTED and not self.payment.first_checker_only:
            return
        if ends is Status.RETURNED_TO_MAKER:
            stage.on(days.shifted(submitted, 2), self.give_back)
        elif ends is Status.REFUSED:
            stage.on(days.shifted(submitted, 2), self.refuse)
        elif ends is Status.CANCELLED and self.payment.how == "submitted":
            stage.on(days.shifted(submitted, 1), self.cancel)
        else:
            stage.on(days.shifted(submitted, 2), partial(self.approve, self.crew.checker))
            if self.two_checkers and not self.payment.first_checker_only:
                stage.on(days.shifted(submitted, 3), partial(self.approve, self.crew.director))
            self._paid(submitted, ends)

    def _paid(self, submitted: date, ends: Status) -> None:
        stage = self.stage
        if ends is Status.CANCELLED:
            stage.on(days.shifted(submitted, 4), self.cancel)
        first, second = self.crew.payers
        if self.payment.first_signature_only:
            stage.on(days.shifted(submitted, 5), partial(self.release, first))
        if ends not in (Status.RELEASED, Status.SETTLED, Status.BOUNCED):
            return
        stage.on(days.shifted(submitted, 6), partial(self.release, first))
        if self.two_signatories:
            stage.on(days.shifted(submitted, 6), partial(self.release, second), hour=15)
        if ends is Status.RELEASED:
            return
        stage.on(days.shifted(submitted, 7), self.settle, hour=17)
        if ends is Status.BOUNCED:
            stage.on(days.shifted(submitted, 10), self.bounce)
        elif self.payment.received:
            if self.terms.key == WORKED_EXAMPLE:
                stage.on(days.shifted(submitted, 8), self.keep_quotes, hour=10)
            stage.on(days.shifted(submitted, 9), self.confirm_receipt, hour=11)

    @property
    def payer_account(self) -> tuple[str, Currency]:
        """The funder's account in the contract's currency."""
        return self.terms.funder, self.terms.currency

    @property
    def payee_account(self) -> tuple[str, Currency]:
        """The grantee's account that the contract names."""
        return self.terms.grantee, self.terms.account

    def draft(self) -> None:
        """The maker prepares it, lists the documents of its route and attaches minutes where the terms ask for them."""
        stage, world = self.stage, self.stage.world
        command = Draft(
            contract=world.references[self.terms.key],
            tranche=self.payment.tranche,
            payer_account_id=world.accounts[self.payer_account],
            payee_account_id=world.accounts[self.payee_account],
            requested_value_date=self.payment.value_on,
            amount=self.payment.amount,
            purpose=f"Instalment {self.payment.number} under {world.references[self.terms.key]}",
        )
        maker = stage.actor(self.maker)
        row = service.draft(stage.session, maker, command, now=stage.now)
        self.reference, self.key = row.reference, row.id
        for code in self.codes:
            document_service.list_document(stage.session, maker, row.reference, self._document(code), now=stage.now)
        if scheme(self.terms.scheme).minutes:
            minutes = paper(f"minutes-{row.reference}", "Minutes of the collective decision", row.reference)
            document_service.attach_minutes(stage.session, maker, row.reference, AttachMinutes(minutes), now=stage.now)

    def _document(self, code: str) -> ListDocument:
        filing = code == "outbound-tax-filing"
        expires = self.payment.value_on + timedelta(days=90) if filing else None
        if filing and self.payment.document_expires:
            expires = days.shifted(self.payment.submitted_on, 4)
        number = f"{code[:3].upper()}-{self.reference[-8:]}"
        file = paper(f"{code}-{self.reference}", code, self.reference, number) if self.payment.with_papers else None
        return ListDocument(code, number, expires, file)

    def confirm_documents(self) -> None:
        """The director confirms the documents the maker listed."""
        stage = self.stage
        for code in self.codes:
            document_service.confirm_document(
                stage.session, stage.actor(self.crew.director), self.reference, code, self._seen(), now=stage.now
            )

    def submit(self) -> None:
        """The maker submits it."""
        service.submit(self.session, self.stage.actor(self.maker), self.reference, self._seen(), now=self.stage.now)

    def approve(self, key: str) -> None:
        """A checker approves what was shown, notes seen."""
        command = Approve(self._version(), notes_seen=True)
        service.approve(self.session, self.stage.actor(key), self.reference, command, now=self.stage.now)

    def give_back(self) -> None:
        """The checker returns it to the maker."""
        command = Reasoned(self._version(), "The purpose names the wrong period; please correct it")
        checker = self.stage.actor(self.crew.checker)
        service.return_to_maker(self.session, checker, self.reference, command, now=self.stage.now)

    def refuse(self) -> None:
        """The checker refuses it."""
        command = Reasoned(self._version(), self.payment.how)
        checker = self.stage.actor(self.crew.checker)
        service.refuse(self.session, checker, self.reference, command, now=self.stage.now)

    def cancel(self) -> None:
        """The maker takes it back."""
        command = Reasoned(self._version(), "Prepared for the wrong month; a new one follows")
        service.cancel(self.session, self.stage.actor(self.maker), self.reference, command, now=self.stage.now)

    def release(self, key: str) -> None:
        """A payments officer signs the release."""
        payer = self.stage.actor(key)
        payment_service.release(self.session, payer, self.reference, self._seen(), now=self.stage.now)

    def settle(self) -> None:
        """The funder's accountant enters the bank line; across the boundary the bank takes a charge."""
        abroad = body(self.terms.funder).side is not body(self.terms.grantee).side
        charge = Money(8000 if self.terms.currency is Currency.CNY else 12000, self.terms.currency)
        command = Settle(
            self._version(),
            self.stage.day,
            f"BK{self.reference[4:].replace('-', '')}",
            charge=charge if abroad else None,
        )
        accountant = self.stage.actor(self.crew.accountants[self.payment.number % 2])
        payment_service.settle(self.session, accountant, self.reference, command, now=self.stage.now)

    def bounce(self) -> None:
        """The bank sends it back."""
        command = Bounce(self._version(), self.stage.day, f"RT{self.reference[-5:]}", self.payment.how)
        accountant = self.stage.actor(self.crew.accountants[self.payment.number % 2])
        payment_service.bounce(self.session, accountant, self.reference, command, now=self.stage.now)

    def keep_quotes(self) -> None:
        """The finance officer of the worked example asks the bank for a rate, and then for one that binds it."""
        for rate, firmness, reference in (
            (WORKED_ASKED, Firmness.INDICATIVE, ""),
            (WORKED_DEALT, Firmness.FIRM, "Q-3117"),
        ):
            command = KeepQuote(
                ConversionSide.PAYEE,
                "Bank of the payee",
                Currency.HKD,
                1,
                rate,
                Market.OFFSHORE,
                firmness,
                self.stage.now,
                "Dealing desk, by telephone",
                valid_until=self.stage.now + timedelta(minutes=30) if firmness is Firmness.FIRM else None,
                bank_reference=reference,
            )
            officer = self.stage.actor(self._receiver())
            self.quote_id = quote_service.keep(self.session, officer, self.reference, command, now=self.stage.now).id

    def _receiver(self) -> str:
        """The grantee's finance officer whose turn it is."""
        return self.stage.crew(self.terms.grantee, Role.FINANCE_OFFICER)[self.payment.number % 2]

    def confirm_receipt(self) -> None:
        """The grantee's finance officer confirms what arrived, the working day after the payer's bank line."""
        stage = self.stage
        value_date = days.shifted(self.payment.submitted_on, 8)
        rate = self._dealt(value_date)
        gross = rate.convert(self.payment.amount) if rate else self.payment.amount
        charge = self._payee_charge()
        command = ConfirmReceipt(
            self._version(),
            stage.world.accounts[self.payee_account],
            value_date,
            f"CR{self.reference[4:].replace('-', '')}",
            gross - charge,
            charge=charge if charge else None,
            dealt_rate=rate.value if rate else None,
            rate_base=rate.base if rate else None,
            rate_source="Credit advice of the bank" if rate else "",
            quote_id=self.quote_id,
        )
        officer = stage.actor(self._receiver())
        receipt_service.confirm(self.session, officer, self.reference, command, now=stage.now)
        stage.world.purses[self.terms.key] += (gross - charge).minor

    def _payee_charge(self) -> Money:
        """HKD 150.00 in Hong Kong, CNY 60.00 in Shenzhen, on money from across the boundary only."""
        currency = self.terms.account
        if body(self.terms.funder).side is body(self.terms.grantee).side:
            return Money.zero(currency)
        return Money(15000 if currency is Currency.HKD else 6000, currency)

    def _dealt(self, day: date) -> Rate | None:
        """What the bank dealt at: CNY for 1 HKD, a little worse for the grantee than the booking rate of the day."""
        if self.terms.account is self.terms.currency:
            return None
        if self.terms.key == WORKED_EXAMPLE:
            return Rate(Currency.HKD, Currency.CNY, WORKED_DEALT)
        found = rates.latest(self.session, RateKind.BOOKING, Currency.HKD, Currency.CNY, day)
        booking = found.units(Currency.CNY) if found else WORKED_DEALT
        worse = booking * BANK_MARGIN if self.terms.account is Currency.HKD else booking / BANK_MARGIN
        return Rate(Currency.HKD, Currency.CNY, worse.quantize(Decimal("0.0001"), ROUND_HALF_UP))

    @property
    def session(self) -> Session:
        """The session of the present step."""
        return self.stage.session

    def _version(self) -> int:
        return self.stage.version(Disbursement, self.key)

    def _seen(self) -> Seen:
        return Seen(self._version())


def _documents(terms: Agreement) -> tuple[str, ...]:
    """Codes of the documents the route asks for."""
    eased = scheme(terms.scheme).effect is WhitelistEffect.FACILITATED and terms.grantee != "MLC"
    route = (body(terms.funder).side, body(terms.grantee).side)
    return tuple(code for code, waived in DOCUMENTS.get(route, ()) if not (eased and waived))


def worked_submission(salary_on: date) -> date:
    """The day the worked example's payment is submitted, so that the money is there before the salary is paid."""
    return days.shifted(salary_on, -17)
