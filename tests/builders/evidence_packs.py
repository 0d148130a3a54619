"""Builders of an engagement with a locked sample: claims with receipts, a statement issued, another contract beside.

What lies beside has words and documents of its own (`BESIDE`), so that a test can look for them where they must not be.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from app.contracts.models import Contract
from app.engagements import samples
from app.engagements.models import Engagement, Sample
from app.engagements.samples import DrawSample, LockSample
from app.evidence import service as evidence
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger import posting
from app.ledger.chart import AccountCode
from app.ledger.entries import Dimensions, Entry, EntryKind, Line, Rate, account, cost, credit, debit, in_functional
from app.ledger.headings import Heading
from app.projects.models import Project
from app.sampling import Method
from app.statements.models import Statement
from app.web.uploads import PDF, Upload
from tests.builders import claims, engagements, issuing, papers, payments, sealing
from tests.builders.journals import hkd
from tests.builders.payments import NOW, TODAY, PaymentWorld

BESIDE = "Aurora-beside-the-scope"
AT = Rate(Currency.HKD, Currency.CNY, Decimal("0.92"))


@dataclass(frozen=True, slots=True)
class PackWorld:
    """The worked example with an engagement on its contract, and `beside`: a contract of the same book outside it."""

    made: PaymentWorld
    auditor: Actor
    engagement: Engagement
    sample: Sample
    statement: Statement | None
    beside: Contract
    both: int
    """The entry that has lines of either contract."""


def world(session: Session, lines: int = 3, *, issued: bool = False) -> PackWorld:
    """Everything, committed and sealed: `lines` claimed costs with a receipt each, all of them in the sample."""
    made = claims.ready(session)
    if lines:
        claims.paid(session, made, *(claims.values(hkd(f"{100 + number}.50")) for number in range(lines)))
    beside = another_contract(session, made)
    both = spread(session, made, beside)
    statement = issuing.issued(session, made) if issued else None
    session.commit()
    sealing.seal(session)
    engagement, auditor = engaged(session, made)
    sample = locked(session, engagement, auditor, made.contract)
    session.commit()
    return PackWorld(made, auditor, engagement, sample, statement, beside, both)


def engaged(session: Session, made: PaymentWorld) -> tuple[Engagement, Actor]:
    """Proposed by a grant officer of the funder, granted by another; with its auditor."""
    auditor = engagements.auditor(session)
    return engagements.granted(session, made, auditor), auditor


def locked(session: Session, engagement: Engagement, auditor: Actor, contract: Contract) -> Sample:
    """Every cost in CNY, the contract's currency, by an amount that all of them are above, locked."""
    command = DrawSample(
        Method.ABOVE,
        "c0ffee",
        Currency.CNY,
        Decimal(95),
        above=Money.zero(Currency.CNY),
        contract=contract.reference,
    )
    drawn = samples.draw_first(session, auditor, engagement.reference, command, now=NOW)
    return samples.lock(session, auditor, engagement.reference, drawn.number, LockSample(drawn.version), now=NOW)


def another_contract(session: Session, made: PaymentWorld) -> Contract:
    """A contract of the same project, book and funder, with money, a cost and a document of its own."""
    people = [made.maker, *([made.checker] * 7), made.leader]
    project = session.get_one(Project, made.contract.project_id)
    contract = payments.contract_in(
        session, project, made.funder, made.grantee, people, made.programme, made.pocket, "300000.00"
    )
    session.flush()
    about = Dimensions(contract_id=contract.id)
    arrived, spent = Money(200_000_00, Currency.CNY), Money(7_777_77, Currency.CNY)
    clearing = account(AccountCode.INSTITUTION_CLEARING, Currency.CNY)
    received = (
        debit(clearing, arrived, about),
        credit(account(AccountCode.GRANT_RECEIVED, Currency.CNY), arrived, about),
    )
    post(session, made, received, f"{BESIDE} received")
    post(
        session,
        made,
        (debit(cost(Heading.MATERIALS, Currency.CNY), spent, about), credit(clearing, spent, about)),
        f"{BESIDE} spent",
    )
    evidence.keep(
        session,
        made.maker,
        Upload(f"{BESIDE}.pdf", papers.pdf(BESIDE), PDF),
        subject_kind="contract",
        subject_id=contract.id,
        institution_id=made.funder.id,
        title=BESIDE,
        now=NOW,
    )
    return contract


def spread(session: Session, made: PaymentWorld, beside: Contract) -> int:
    """One entry with a line of either contract; its number."""
    clearing = account(AccountCode.INSTITUTION_CLEARING, Currency.CNY)
    amount = Money(55_00, Currency.CNY)
    lines: tuple[Line, ...] = ()
    for contract in (made.contract, beside):
        about = Dimensions(contract_id=contract.id)
        lines += (debit(cost(Heading.TRAVEL, Currency.CNY), amount, about), credit(clearing, amount, about))
    return post(session, made, lines, "Ferry shared by two contracts")


def post(session: Session, made: PaymentWorld, lines: tuple[Line, ...], words: str) -> int:
    """An entry of today in the grantee's book."""
    functional = in_functional(lines, Currency(made.grantee.functional_currency), AT)
    entry = Entry(made.grantee.id, TODAY, EntryKind.ACTUAL, new_id(), words, functional)
    return posting.post(session, entry, actor_id=made.maker.person_id, idempotency_key=new_id()).entry_id
