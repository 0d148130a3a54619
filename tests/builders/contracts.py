"""Builders of contracts: a world of one funder and one grantee with a filled pocket, and contracts in it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.access.policy import AuthorityKind
from app.budgets.commands import BudgetItem
from app.contracts import programmes, service
from app.contracts.commands import CreateProgramme, DraftContract, EditContract, Sign, Step, TrancheInput
from app.contracts.models import Contract, Programme
from app.contracts.states import FundingMode, TermsFamily, TrancheCondition
from app.funds.models import Fund, Pocket
from app.funds.states import FundKind
from app.institutions.models import BankAccount, Institution
from app.institutions.states import InstitutionKind, Side
from app.kernel.actor import Actor, Role
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger import posting
from app.ledger.chart import AccountCode
from app.ledger.entries import Entry, EntryKind, Rate, account, credit, debit, in_functional
from app.people.authority.models import AuthorityLimit
from app.people.models import Person
from app.people.states import RightStatus
from app.projects.models import Project
from app.web.uploads import PDF, Upload
from tests.builders import papers, projects
from tests.builders.people import give_role
from tests.builders.projects import NOW

SIGNED_KINDS = (AuthorityKind.CONTRACT, AuthorityKind.AMENDMENT)
LETTER = Upload("letter.pdf", papers.pdf("A signed commitment letter"), PDF)


def money(text: str, currency: Currency = Currency.CNY) -> Money:
    """An amount from decimal text."""
    return Money.parse(text, currency)


@dataclass(frozen=True, slots=True)
class World:
    """A funder, a grantee, their people, one project and one programme with a pocket of CNY and one of HKD."""

    funder: Institution
    grantee: Institution
    maker: Actor
    checker: Actor
    pi: Actor
    finance: Actor
    project: Project
    programme: Programme
    pockets: dict[Currency, Pocket]
    grantee_account: BankAccount

    @property
    def pocket(self) -> Pocket:
        """The pocket of the programme's currency."""
        return self.pockets[Currency(self.programme.currency)]


def world(
    session: Session,
    family: TermsFamily = TermsFamily.MAINLAND_LUMP_SUM,
    *,
    currency: Currency = Currency.CNY,
    available: str = "5000000.00",
    maximum: str = "10000000.00",
    **programme: Any,
) -> World:
    """A funder with `available` in each pocket, a grantee across the boundary, and everyone needed.

    Grant officers sign contracts and approve amendments up to `maximum` of either currency.
    """
    funder = projects.institution(session, "Qingtan Science Foundation", Side.SZ, InstitutionKind.FUNDER)
    grantee = projects.institution(session, "Lion Ridge University", Side.HK)
    maker, checker = officer(session, "Li Jianhua", funder), officer(session, "Wong Mei", funder)
    for kind in SIGNED_KINDS:
        for each in Currency:
            limit(session, funder, maker, checker, kind, money(maximum, each))
    pi = projects.someone(session, "Dr Zhou Yun", (Role.PRINCIPAL_INVESTIGATOR, grantee.id))
    finance = projects.someone(session, "Chan Ka", (Role.FINANCE_OFFICER, grantee.id))
    leader = (pi.person_id, grantee.id)
    project = projects.project(session, maker, funder.id, [grantee.id], leader)
    command = CreateProgramme(
        code=f"QT-{new_id().hex[-6:].upper()}",
        funder_id=funder.id,
        name_en="Qingtan joint programme",
        terms_family=family,
        currency=currency,
        year_end_month=12,
        **programme,
    )
    made = programmes.create(session, maker, command, now=NOW)
    pockets = fund(session, funder, maker, available)
    home = projects.bank_account(session, grantee, Currency.HKD, maker.person_id, checker.person_id)
    return World(funder, grantee, maker, checker, pi, finance, project, made, pockets, home)


def officer(session: Session, name: str, funder: Institution) -> Actor:
    """A new grant officer of the funder, with the right in the database, so that the matrix knows them."""
    made = projects.someone(session, name, (Role.GRANT_OFFICER, funder.id))
    person = session.get_one(Person, made.person_id)
    give_role(session, person, Role.GRANT_OFFICER, funder, NOW, first_day=date(2020, 1, 1))
    return made


def limit(
    session: Session,
    funder: Institution,
    proposed: Actor,
    confirmed: Actor,
    kind: AuthorityKind,
    maximum: Money,
    *,
    only: Actor | None = None,
) -> AuthorityLimit:
    """A confirmed row of the authority matrix for grant officers, or for one of them."""
    row = AuthorityLimit(
        id=new_id(),
        institution_id=funder.id,
        role=Role.GRANT_OFFICER.value,
        person_id=only.person_id if only else None,
        kind=kind.value,
        currency=maximum.currency.value,
        maximum_minor=maximum.minor,
        first_day=date(2025, 1, 1),
        status=RightStatus.CONFIRMED.value,
        proposed_by_id=proposed.person_id,
        proposed_at=NOW,
        confirmed_by_id=confirmed.person_id,
        confirmed_at=NOW,
    )
    session.add(row)
    session.flush()
    return row


def fund(session: Session, owner: Institution, officer: Actor, available: str) -> dict[Currency, Pocket]:
    """A sub-fund of the owner with `available` in each of its two pockets."""
    made = Fund(
        id=new_id(),
        reference=f"FND-2026-{new_id().int % 10**9:09d}",
        institution_id=owner.id,
        kind=FundKind.GRANT.value,
        name_en="Photonics sub-fund",
        name_zh_hant="",
        name_zh_hans="",
        purpose="",
        opened_on=date(2025, 1, 1),
        created_by_id=officer.person_id,
    )
    session.add(made)
    session.flush()
    pockets = {}
    for currency in Currency:
        pocket = Pocket(id=new_id(), fund_id=made.id, currency=currency.value)
        session.add(pocket)
        pockets[currency] = pocket
    session.flush()
    for pocket in pockets.values():
        fill(session, owner, pocket, officer, available)
    return pockets


def fill(session: Session, owner: Institution, pocket: Pocket, officer: Actor, text: str) -> None:
    """Put money into a pocket: Dr bank, Cr pocket."""
    currency = Currency(pocket.currency)
    amount = Money.parse(text, currency)
    functional = Currency(owner.functional_currency)
    lines = (
        debit(account(AccountCode.BANK, currency, new_id()), amount),
        credit(account(AccountCode.POCKET, currency, pocket.id), amount),
    )
    rate = Rate(Currency.HKD, Currency.CNY, Decimal("0.92"))
    entry = Entry(
        owner.id,
        date(2025, 1, 2),
        EntryKind.ACTUAL,
        new_id(),
        "contribution",
        in_functional(lines, functional, rate),
    )
    posting.post(session, entry, actor_id=officer.person_id, idempotency_key=new_id())


def draft_command(world: World, amount: str = "1000000.00", **changes: Any) -> DraftContract:
    """A contract of two tranches, 80 % at the start and 20 % after the final account."""
    currency = Currency(world.programme.currency)
    whole = money(amount, currency)
    first, last = whole.allocate([80, 20])
    itemised = TermsFamily(world.programme.terms_family) in (
        TermsFamily.MAINLAND_ITEMISED,
        TermsFamily.HETAO_PARK,
        TermsFamily.ITF,
    )
    modes = {
        TermsFamily.MAINLAND_LUMP_SUM: FundingMode.LUMP_SUM,
        TermsFamily.RGC_ONE_LINE_VOTE: FundingMode.ONE_LINE_VOTE,
    }
    command = DraftContract(
        project_id=world.project.id,
        programme_id=world.programme.id,
        grantee_id=world.grantee.id,
        pocket_id=world.pockets[currency].id,
        funding_mode=modes.get(TermsFamily(world.programme.terms_family), FundingMode.ITEMISED),
        currency=currency,
        amount=whole,
        first_day=date(2025, 9, 1),
        last_day=date(2027, 8, 31),
        tranches=(
            TrancheInput(first, date(2025, 9, 15)),
            TrancheInput(last, date(2027, 12, 31), TrancheCondition.FINAL_ACCOUNT),
        ),
        budget=(BudgetItem("EQUIPMENT", whole),) if itemised else (),
        grantee_account_id=world.grantee_account.id,
        agreement_number="QT-2025-017",
        governing_law="Mainland China",
        dispute_forum="Shenzhen Court of International Arbitration",
        negative_list_declared=True,
    )
    return replace(command, **changes)


def edit_command(world: World, contract: Contract, amount: str = "1000000.00", **changes: Any) -> EditContract:
    """The draft as it shall stand, at the version it is at."""
    command = draft_command(world, amount, **changes)
    values = {each.name: getattr(command, each.name) for each in fields(command)}
    return EditContract(**values, version=contract.version)


def drafted(session: Session, world: World, amount: str = "1000000.00", **changes: Any) -> Contract:
    """A draft with the grantee's commitment letter kept, ready to be signed."""
    contract = service.draft(session, world.maker, draft_command(world, amount, **changes), now=NOW)
    if contract.funding_mode == FundingMode.LUMP_SUM:
        service.keep_commitment_letter(session, world.pi, contract.id, LETTER, now=NOW)
    session.flush()
    return contract


def signed(session: Session, world: World, amount: str = "1000000.00", **changes: Any) -> Contract:
    """A contract signed by the second officer, its amount held."""
    contract = drafted(session, world, amount, **changes)
    command = Sign(contract.version, date(2025, 9, 1))
    return service.sign(session, world.checker, contract.id, command, now=NOW)


def active(session: Session, world: World, amount: str = "1000000.00", **changes: Any) -> Contract:
    """A contract under which payments may be made."""
    contract = signed(session, world, amount, **changes)
    return service.activate(session, world.maker, contract.id, Step(contract.version), now=NOW)
