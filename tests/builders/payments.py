"""Builders around disbursements in the database: people with rights, limits, a mandate, rates, a contract to pay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.policy import AuthorityKind
from app.contracts.models import Contract, Programme, Tranche
from app.contracts.states import Basis, OverdueScope, SpendingLimit, TermsFamily, TrancheCondition, WhitelistEffect
from app.disbursements import document_service, payment_service, receipt_service, service
from app.disbursements.commands import Approve, ConfirmReceipt, Draft, Edit, ListDocument, Seen, Settle
from app.disbursements.models import BankMandate, Disbursement
from app.disbursements.states import ConversionSide
from app.exchange_rates.models import ExchangeRate, RateKind, RateStatus
from app.funds.models import Fund, Pocket
from app.funds.states import FundKind
from app.institutions.models import BankAccount, Institution
from app.institutions.states import InstitutionKind, Side
from app.kernel.actor import Actor, Role
from app.kernel.currencies import Currency, Market
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger import holds, posting
from app.ledger.chart import AccountCode
from app.ledger.entries import AccountKey, Entry, EntryKind, Rate, account, credit, debit, in_functional
from app.people.authority.models import AuthorityLimit
from app.people.models import RoleAssignment
from app.people.states import RightStatus
from app.projects.models import Project, ProjectMember
from app.projects.states import Confidentiality, TeamRole
from tests.builders import projects

NOW = projects.NOW
TODAY = date(2026, 11, 20)
FAR = "50000000.00"


@dataclass(frozen=True, slots=True)
class PaymentWorld:
    """A funder that pays a grantee across the boundary, everyone needed, one active contract with two tranches."""

    funder: Institution
    grantee: Institution
    maker: Actor
    checker: Actor
    second: Actor
    payer: Actor
    other_payer: Actor
    accountant: Actor
    finance: Actor
    other_finance: Actor
    leader: Actor
    programme: Programme
    contract: Contract
    tranches: tuple[Tranche, ...]
    pocket: Pocket
    payer_account: BankAccount
    payee_account: BankAccount

    @property
    def currency(self) -> Currency:
        """The contract's currency."""
        return Currency(self.contract.currency)

    def money(self, text: str) -> Money:
        """An amount in the contract's currency."""
        return Money.parse(text, self.currency)


def world(
    session: Session,
    *,
    funder_side: Side = Side.SZ,
    currency: Currency = Currency.CNY,
    payee_currency: Currency = Currency.HKD,
    amount: str = "1000000.00",
    first: str = "400000.00",
    maximum: str = "2000000.00",
    second_above: str | None = None,
    signatories: int = 1,
    effect: WhitelistEffect = WhitelistEffect.INFORM,
    minutes: bool = False,
    rates: bool = True,
) -> PaymentWorld:
    """Make the world: the first tranche is `first` and due, the second the rest and final."""
    grantee_side = Side.HK if funder_side is Side.SZ else Side.SZ
    funder = projects.institution(session, "Qingtan Science Foundation", funder_side, InstitutionKind.FUNDER)
    grantee = projects.institution(session, "Lion Ridge University", grantee_side)
    people = [
        someone(session, "Li Jianhua", Role.GRANT_OFFICER, funder),
        someone(session, "Wong Mei", Role.GRANT_OFFICER, funder),
        someone(session, "Chan Mei-yee", Role.GRANT_OFFICER, funder),
        someone(session, "Fong Chi-wai", Role.PAYMENTS_OFFICER, funder),
        someone(session, "Ho Siu-ling", Role.PAYMENTS_OFFICER, funder),
        someone(session, "Zhao Lei", Role.ACCOUNTANT, funder),
        someone(session, "Chan Ka", Role.FINANCE_OFFICER, grantee),
        someone(session, "Lau Po", Role.FINANCE_OFFICER, grantee),
        someone(session, "Dr Zhou Yun", Role.PRINCIPAL_INVESTIGATOR, grantee),
    ]
    maker, checker = people[0], people[1]
    limit(session, funder, maker, checker, currency, maximum, second_above)
    for each in Currency:
        for kind in (AuthorityKind.CONTRACT, AuthorityKind.AMENDMENT):
            limit(session, funder, maker, checker, each, FAR, None, kind=kind)
        for kind in (AuthorityKind.JOURNAL, AuthorityKind.RESIDUE):
            limit(session, grantee, maker, checker, each, FAR, None, role=Role.FINANCE_OFFICER, kind=kind)
    pocket = filled_pocket(session, funder, maker, currency)
    programme = _programme(session, funder, currency, effect, minutes)
    contract, tranches = _contract(session, funder, grantee, people, programme, pocket, amount, first)
    payer_account = projects.bank_account(session, funder, currency, maker.person_id, checker.person_id)
    payee_account = projects.bank_account(session, grantee, payee_currency, maker.person_id, checker.person_id)
    mandate(session, payer_account, maker, checker, signatories)
    if rates:
        rate(session, "0.9240", TODAY)
    session.flush()
    return PaymentWorld(funder, grantee, *people, programme, contract, tranches, pocket, payer_account, payee_account)  # type: ignore[call-arg]


def someone(session: Session, name: str, role: Role, place: Institution) -> Actor:
    """A new person with a confirmed right, in the database too, so that the matrix and the sign-in know them."""
    made = projects.person(session, name)
    right(session, made.id, role, place)
    return projects.actor(made, (role, place.id))


def right(session: Session, person_id: Any, role: Role, place: Institution) -> None:
    """A confirmed right, by the operator."""
    session.add(
        RoleAssignment(
            id=new_id(),
            person_id=person_id,
            role=role.value,
            institution_id=place.id,
            first_day=date(2020, 1, 1),
            status=RightStatus.CONFIRMED,
            by_operator=True,
            granted_at=NOW,
        )
    )
    session.flush()


def limit(
    session: Session,
    funder: Institution,
    proposed: Actor,
    confirmed: Actor,
    currency: Currency,
    maximum: str,
    second_above: str | None,
    role: Role = Role.GRANT_OFFICER,
    person: Actor | None = None,
    kind: AuthorityKind = AuthorityKind.DISBURSEMENT,
) -> None:
    """A confirmed row of the authority matrix, for disbursements unless told otherwise."""
    session.add(
        AuthorityLimit(
            id=new_id(),
            institution_id=funder.id,
            role=role.value,
            person_id=person.person_id if person else None,
            kind=kind.value,
            currency=currency.value,
            maximum_minor=Money.parse(maximum, currency).minor,
            second_checker_above_minor=Money.parse(second_above, currency).minor if second_above else None,
            first_day=date(2025, 1, 1),
            status=RightStatus.CONFIRMED,
            proposed_by_id=proposed.person_id,
            proposed_at=NOW,
            confirmed_by_id=confirmed.person_id,
            confirmed_at=NOW,
        )
    )
    session.flush()


def mandate(session: Session, payer: BankAccount, entered: Actor, confirmed: Actor, signatories: int) -> None:
    """A confirmed bank mandate for every amount."""
    session.add(
        BankMandate(
            id=new_id(),
            bank_account_id=payer.id,
            above_minor=0,
            signatories=signatories,
            source="Mandate of 2025",
            first_day=date(2025, 1, 1),
            entered_by_id=entered.person_id,
            entered_at=NOW,
            confirmed_by_id=confirmed.person_id,
        )
    )
    session.flush()


def rate(
    session: Session,
    value: str,
    day: date,
    *,
    status: RateStatus = RateStatus.CONFIRMED,
    kind: RateKind = RateKind.BOOKING,
) -> None:
    """A rate (a booking rate unless told otherwise), CNY for one HKD."""
    session.add(
        ExchangeRate(
            id=new_id(),
            kind=kind.value,
            base_currency="HKD",
            quote_currency="CNY",
            market=Market.ONSHORE.value,
            unit=1,
            rate=Decimal(value),
            rate_date=day,
            source="Test fixing",
            status=status.value,
            entered_at=NOW,
        )
    )
    session.flush()


def filled_pocket(session: Session, owner: Institution, officer: Actor, currency: Currency) -> Pocket:
    """A sub-fund's pocket with plenty in it."""
    fund = Fund(
        id=new_id(),
        reference=f"FND-2026-{new_id().int % 10**9:09d}",
        institution_id=owner.id,
        kind=FundKind.GRANT.value,
        name_en="Photonics sub-fund",
        name_zh_hant="光電子基金",
        name_zh_hans="光电子基金",
        purpose="",
        opened_on=date(2025, 1, 1),
        created_by_id=officer.person_id,
    )
    session.add(fund)
    session.flush()
    pockets = {each: Pocket(id=new_id(), fund_id=fund.id, currency=each.value) for each in Currency}
    session.add_all(pockets.values())
    session.flush()
    pocket = pockets[currency]
    amount = Money.parse(FAR, currency)
    lines = (
        debit(account(AccountCode.BANK, currency, new_id()), amount),
        credit(account(AccountCode.POCKET, currency, pocket.id), amount),
    )
    at = Rate(Currency.HKD, Currency.CNY, Decimal("0.92"))
    functional = in_functional(lines, Currency(owner.functional_currency), at)
    entry = Entry(owner.id, date(2025, 1, 2), EntryKind.ACTUAL, new_id(), "contribution", functional)
    posting.post(session, entry, actor_id=officer.person_id, idempotency_key=new_id())
    return pocket


def _programme(
    session: Session, funder: Institution, currency: Currency, effect: WhitelistEffect, minutes: bool
) -> Programme:
    programme = Programme(
        id=new_id(),
        code=f"QT-{new_id().hex[-6:].upper()}",
        funder_id=funder.id,
        name_en="Qingtan joint programme",
        name_zh_hant="",
        name_zh_hans="",
        terms_family=TermsFamily.MAINLAND_LUMP_SUM.value,
        currency=currency.value,
        year_end_month=12,
        basis=Basis.CASH.value,
        holdback_percent=Decimal(0),
        spending_limit=SpendingLimit.RECEIVED.value,
        whitelist_effect=effect.value,
        whitelist_kind="FUND_FLOW",
        overdue_scope=OverdueScope.CONTRACT.value,
        collective_minutes_required=minutes,
        active=True,
    )
    session.add(programme)
    session.flush()
    return programme


def _contract(
    session: Session,
    funder: Institution,
    grantee: Institution,
    people: list[Actor],
    programme: Programme,
    pocket: Pocket,
    amount: str,
    first: str,
) -> tuple[Contract, tuple[Tranche, ...]]:
    currency = Currency(programme.currency)
    maker, leader = people[0], people[8]
    project = Project(
        id=new_id(),
        reference=f"PRJ-2025-{new_id().int % 10**9:09d}",
        title_en="Low-noise photonic links",
        title_zh_hant="",
        title_zh_hans="",
        abstract="",
        first_day=date(2025, 9, 1),
        last_day=date(2027, 8, 31),
        confidentiality=Confidentiality.PUBLIC.value,
        registered_by_id=maker.person_id,
        registered_at=NOW,
    )
    session.add(project)
    session.flush()
    session.add(
        ProjectMember(
            id=new_id(),
            project_id=project.id,
            person_id=leader.person_id,
            institution_id=grantee.id,
            team_role=TeamRole.PRINCIPAL_INVESTIGATOR.value,
            first_day=date(2025, 9, 1),
        )
    )
    contract = contract_in(session, project, funder, grantee, people, programme, pocket, amount)
    whole, part = Money.parse(amount, currency), Money.parse(first, currency)
    tranches = tuple(
        Tranche(
            id=new_id(),
            contract_id=contract.id,
            number=number,
            amount_minor=share.minor,
            holdback_minor=0,
            condition=TrancheCondition.DATE.value,
            due_on=date(2026, 11, 1),
            milestone="",
            is_final=number == 2,
        )
        for number, share in ((1, part), (2, whole - part))
    )
    session.add_all(tranches)
    session.flush()
    return contract, tranches


def another_contract(session: Session, made: PaymentWorld, amount: str, first: str) -> PaymentWorld:
    """The same world around another contract of the same programme and pocket."""
    people = [made.maker, made.checker, made.second, made.payer, made.other_payer, made.accountant, made.finance]
    people += [made.other_finance, made.leader]
    contract, tranches = _contract(
        session, made.funder, made.grantee, people, made.programme, made.pocket, amount, first
    )
    return replace(made, contract=contract, tranches=tranches)


def contract_in(
    session: Session,
    project: Project,
    funder: Institution,
    grantee: Institution,
    people: list[Actor],
    programme: Programme,
    pocket: Pocket,
    amount: str,
) -> Contract:
    """An active contract with its amount held."""
    currency = Currency(programme.currency)
    contract = Contract(
        id=new_id(),
        reference=f"CTR-2025-{new_id().int % 10**9:09d}",
        agreement_number="QT-2025-017",
        project_id=project.id,
        programme_id=programme.id,
        funder_id=funder.id,
        grantee_id=grantee.id,
        pocket_id=pocket.id,
        funding_mode="LUMP_SUM",
        purpose="GRANT",
        amount_minor=Money.parse(amount, currency).minor,
        currency=currency.value,
        first_day=date(2025, 9, 1),
        last_day=date(2027, 8, 31),
        governing_law="Mainland China",
        dispute_forum="Shenzhen Court of International Arbitration",
        status="ACTIVE",
        drafted_by_id=people[0].person_id,
        drafted_at=NOW,
        signed_by_id=people[1].person_id,
        signed_on=date(2025, 9, 1),
    )
    session.add(contract)
    session.flush()
    held = holds.open_hold(
        session,
        funder.id,
        AccountKey(AccountCode.POCKET, currency, pocket.id),
        Money.parse(amount, currency),
        contract_id=contract.id,
        actor_id=people[1].person_id,
        idempotency_key=new_id(),
    )
    contract.hold_id = held.hold_id
    session.flush()
    return contract


def drafted(session: Session, made: PaymentWorld, amount: str = "400000.00", **changes: Any) -> Disbursement:
    """A draft of the first tranche by the maker, with the route's documents listed and confirmed."""
    command = Draft(
        contract=made.contract.reference,
        tranche=changes.pop("tranche", 1),
        amount=made.money(amount),
        payer_account_id=made.payer_account.id,
        payee_account_id=made.payee_account.id,
        requested_value_date=changes.pop("value_date", TODAY + timedelta(days=4)),
        purpose="First tranche",
    )
    row = service.draft(session, made.maker, command, now=NOW)
    if changes.pop("documents", True):
        with_documents(session, made, row)
    return row


def with_documents(session: Session, made: PaymentWorld, row: Disbursement) -> None:
    """List and confirm every document the route asks for."""
    for need in document_service.requirements_of(session, row, NOW):
        listed = ListDocument(need.code, "2026-0042")
        document_service.list_document(session, made.maker, row.reference, listed, now=NOW)
        seen = Seen(row.version)
        document_service.confirm_document(session, made.checker, row.reference, need.code, seen, now=NOW)


def submitted(session: Session, made: PaymentWorld, amount: str = "400000.00", **changes: Any) -> Disbursement:
    """Submitted by the maker."""
    row = drafted(session, made, amount, **changes)
    return service.submit(session, made.maker, row.reference, Seen(row.version), now=NOW)


def approved(session: Session, made: PaymentWorld, amount: str = "400000.00", **changes: Any) -> Disbursement:
    """Approved by the checker."""
    row = submitted(session, made, amount, **changes)
    command = Approve(row.version, notes_seen=True)
    return service.approve(session, made.checker, row.reference, command, now=NOW)


def released(session: Session, made: PaymentWorld, amount: str = "400000.00", **changes: Any) -> Disbursement:
    """Released by the payments officer."""
    row = approved(session, made, amount, **changes)
    return payment_service.release(session, made.payer, row.reference, Seen(row.version), now=NOW)


def converting_at_payer(
    session: Session, made: PaymentWorld, amount: str = "400000.00", **changes: Any
) -> Disbursement:
    """Released, and converted by the payer's bank before it sends."""
    row = drafted(session, made, amount, **changes)
    edit = Edit(
        row.version,
        1,
        row.payer_account_id,
        row.payee_account_id,
        row.requested_value_date,
        row.amount,
        converts_at=ConversionSide.PAYER,
    )
    service.edit(session, made.maker, row.reference, edit, now=NOW)
    service.submit(session, made.maker, row.reference, Seen(row.version), now=NOW)
    service.approve(session, made.checker, row.reference, Approve(row.version, notes_seen=True), now=NOW)
    return payment_service.release(session, made.payer, row.reference, Seen(row.version), now=NOW)


def settled(session: Session, made: PaymentWorld, amount: str = "400000.00", charge: str = "0.00") -> Disbursement:
    """Settled by the accountant today."""
    row = released(session, made, amount)
    currency = Currency(made.payer_account.currency)
    command = Settle(row.version, TODAY, "BK-1", charge=Money.parse(charge, currency))
    return payment_service.settle(session, made.accountant, row.reference, command, now=NOW)


def received(session: Session, made: PaymentWorld, row: Disbursement, **changes: Any) -> Disbursement:
    """Confirmed by the grantee as in the worked example, unless told otherwise."""
    values: dict[str, Any] = {
        "version": row.version,
        "bank_account_id": made.payee_account.id,
        "value_date": TODAY,
        "bank_reference": "HK-77",
        "received": Money.parse("432282.43", Currency.HKD),
        "charge": Money.parse("150.00", Currency.HKD),
        "dealt_rate": Decimal("0.9250"),
        "rate_base": Currency.HKD,
        "rate_source": "Bank advice",
    }
    command = ConfirmReceipt(**(values | changes))
    return receipt_service.confirm(session, made.finance, row.reference, command, now=NOW)


def refreshed(session: Session, row: Disbursement) -> Disbursement:
    """The row as it stands in the database."""
    session.expire_all()
    return session.scalars(select(Disbursement).where(Disbursement.id == row.id)).one()


def at(hour: int) -> datetime:
    """An hour of today, in UTC."""
    return NOW.replace(hour=hour)
