"""The worlds that browser tests look at: made by the builders, with a password for everybody in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.access.policy import AuthorityKind
from app.contracts import programmes
from app.contracts.commands import CreateProgramme
from app.contracts.models import Programme, Tranche
from app.contracts.states import TermsFamily, TrancheCondition
from app.disbursements import document_service, service
from app.disbursements.commands import Draft, ListDocument, Seen
from app.disbursements.models import Disbursement, RouteDocument
from app.institutions.models import Institution
from app.institutions.states import InstitutionKind, Side
from app.journals import service as journal_service
from app.kernel.actor import Actor, Role
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.people import passwords
from app.people.models import Person
from app.projects.models import Project
from app.statements.models import Statement
from tests.browser.driving import PASSWORD
from tests.builders import contracts, journals, payments, projects
from tests.builders.payments import NOW, TODAY, PaymentWorld
from tests.web.whole import addresses, worlds

CAST = ("maker", "checker", "second", "payer", "accountant", "finance", "other_finance", "leader")


@dataclass(frozen=True, slots=True)
class Furnished:
    """What tests know of a world: the email address of each person, and what addresses of screens need."""

    emails: dict[str, str]
    names: dict[str, str]


@cache
def _hash() -> str:
    return passwords.hashed(PASSWORD)


def let_everyone_in(session: Session) -> None:
    """Everybody signs in with the same password."""
    session.flush()
    session.execute(update(Person).values(password_hash=_hash(), password_changed_at=NOW))


def _cast(made: PaymentWorld) -> dict[str, str]:
    return {name: getattr(made, name).email for name in CAST}


# Every screen, with something on it


def furnished(session: Session) -> Furnished:
    """A world with every kind of record in it, and a contract and a journal that can still be changed."""
    home = worlds.land(session, Side.SZ, with_rate=True)
    made = home.made
    emails = _cast(made)
    emails |= {f"funder {role.value}": actor.email for role, actor in home.at_funder.items()}
    emails |= {f"grantee {role.value}": actor.email for role, actor in home.at_grantee.items()}
    journal = journals.submitted(session, made, journals.line(made, journals.hkd("250.00")))
    journal_service.send_back(session, made.other_finance, journal.id, "Which month?", version=journal.version, now=NOW)
    drafting = contracts.world(session)
    draft = contracts.drafted(session, drafting)
    emails["drafter"] = drafting.maker.email
    ids = addresses.identifiers(session)
    names = home.names | {kind: keys[0] for kind, keys in ids.items() if keys}
    names |= _by_status(session, made)
    names |= {
        "draft_contract": draft.reference,
        "draft_project": drafting.project.reference,
        "draft_programme": drafting.programme.code,
        "returned_journal": journal.reference,
        "held_item": ids["equipment"][0],
        "leaving_item": ids["equipment"][1],
        "waiting_journal": ids["journals"][0],
        "posted_journal": ids["journals"][1],
        "draft_return": ids["returns"][0],
        "waiting_return": ids["returns"][1],
        "posted_return": ids["returns"][2],
        "submitted_claim": ids["claims"][1],
        "approved_claim": ids["claims"][3],
        "paid_claim": ids["claims"][4],
        "filed_statement": ids["statements"][1],
        "draft_statement": ids["statements"][2],
        "certified_statement": ids["statements"][3],
        "audited_statement": ids["statements"][4],
        "issued_code": session.scalars(select(Statement).where(Statement.reference == ids["statements"][1])).one().code,
        "project": session.get_one(Project, made.contract.project_id).reference,
        "programme": made.programme.code,
        "parent_fund": ids["funds"][1],
        "applied": ids["whitelist"][1],
        "waiting_rate": ids["rates"][1],
        "draft_file": ids["payments"][0],
        "answered_file": ids["payments"][-1],
        "corridor_rule": ids["rules"][-1],
        "filing": ids["filings"][0],
        "entry": addresses.below(session, ["books"], made.grantee.code)["entries"][0],
        "waiting_account": ids["bank-accounts"][2],
        "waiting_engagement": ids["room"][1],
        "room_entry": addresses.below(session, ["room"], ids["room"][0])["entries"][0],
        "bank": str(made.payer_account.id),
        "bank_file": addresses.below(session, ["bank"], str(made.payer_account.id))["files"][0],
        "bank_statement": addresses.below(session, ["bank"], str(made.payer_account.id))["statements"][-1],
    }
    let_everyone_in(session)
    return Furnished(emails, names)


def _by_status(session: Session, made: PaymentWorld) -> dict[str, str]:
    """One disbursement's reference for each status, and one whose receipt is confirmed."""
    rows = session.scalars(
        select(Disbursement).where(Disbursement.contract_id == made.contract.id).order_by(Disbursement.reference)
    )
    found: dict[str, str] = {}
    for row in rows:
        received = row.status == "SETTLED" and row.receipt is not None
        found.setdefault("received" if received else row.status.lower(), row.reference)
    return found


# The officer's morning: thirty disbursements


@dataclass(frozen=True, slots=True)
class Morning:
    """Thirty disbursements that wait for one officer: 25 clean, 2 of her own, 3 that need a look."""

    officer: str
    able: str
    own: tuple[str, ...]
    cooling: str
    expired: str
    too_much: str


CNY_EACH, HKD_EACH = "10000.00", "20000.00"


def morning(session: Session) -> Morning:
    """25 clean (15 in CNY, 10 in HKD), 2 made by the officer, a new account, an expired filing, one above her limit."""
    made = payments.world(session, amount="20000000.00", first="10000000.00", maximum="2000000.00")
    hkd = _in_hkd(session, made)
    payments.limit(session, made.funder, made.maker, made.checker, Currency.CNY, "9000000.00", None, person=made.second)
    new_account = projects.bank_account(
        session, made.grantee, Currency.HKD, made.maker.person_id, made.second.person_id
    )
    for _number in range(15):
        _waiting(session, made, CNY_EACH)
    for _number in range(10):
        _waiting(session, hkd, HKD_EACH)
    own = tuple(_waiting(session, made, CNY_EACH, by=made.checker).reference for _number in range(2))
    cooling = _waiting(session, replace(made, payee_account=new_account), CNY_EACH)
    new_account.cooling_until = NOW + timedelta(days=2)
    expired = _waiting(session, made, CNY_EACH)
    filing = session.scalars(select(RouteDocument).where(RouteDocument.disbursement_id == expired.id)).all()[-1]
    filing.expires_on = TODAY - timedelta(days=1)
    too_much = _waiting(session, made, "2500000.00")
    let_everyone_in(session)
    return Morning(made.checker.email, made.second.name, own, cooling.reference, expired.reference, too_much.reference)


def one_waiting(session: Session) -> tuple[str, str]:
    """A world in which one clean disbursement waits: the checker's email address, and its reference."""
    made = payments.world(session)
    row = _waiting(session, made, CNY_EACH)
    let_everyone_in(session)
    return made.checker.email, row.reference


def _in_hkd(session: Session, made: PaymentWorld) -> PaymentWorld:
    """A second contract of the same parties, in HKD from an HKD pocket."""
    currency = Currency.HKD
    payments.limit(session, made.funder, made.maker, made.checker, currency, "2000000.00", None)
    pocket = payments.filled_pocket(session, made.funder, made.maker, currency)
    command = CreateProgramme(
        code=f"QH-{new_id().hex[-6:].upper()}",
        funder_id=made.funder.id,
        name_en="Qingtan programme in HKD",
        terms_family=TermsFamily.MAINLAND_LUMP_SUM,
        currency=currency,
        year_end_month=12,
    )
    programme = programmes.create(session, made.maker, command, now=NOW)
    project = session.get_one(Project, made.contract.project_id)
    people = [made.maker, made.checker]
    contract = payments.contract_in(
        session, project, made.funder, made.grantee, people, programme, pocket, "1000000.00"
    )
    tranche = Tranche(
        id=new_id(),
        contract_id=contract.id,
        number=1,
        amount_minor=Money.parse("1000000.00", currency).minor,
        holdback_minor=0,
        condition=TrancheCondition.DATE.value,
        due_on=date(2026, 11, 1),
        milestone="",
        is_final=True,
    )
    session.add(tranche)
    payer = projects.bank_account(session, made.funder, currency, made.maker.person_id, made.checker.person_id)
    payments.mandate(session, payer, made.maker, made.checker, 1)
    session.flush()
    return replace(
        made, programme=programme, contract=contract, tranches=(tranche,), pocket=pocket, payer_account=payer
    )


def _waiting(session: Session, made: PaymentWorld, amount: str, by: Actor | None = None) -> Disbursement:
    """Submitted, with its documents listed by the maker and confirmed by the third officer."""
    maker = by or made.maker
    command = Draft(
        contract=made.contract.reference,
        tranche=1,
        amount=made.money(amount),
        payer_account_id=made.payer_account.id,
        payee_account_id=made.payee_account.id,
        requested_value_date=TODAY + timedelta(days=4),
        purpose="First tranche",
    )
    row = service.draft(session, maker, command, now=NOW)
    for need in document_service.requirements_of(session, row, NOW):
        listed = ListDocument(need.code, "2026-0042")
        document_service.list_document(session, maker, row.reference, listed, now=NOW)
        seen = Seen(row.version)
        document_service.confirm_document(session, made.second, row.reference, need.code, seen, now=NOW)
    return service.submit(session, maker, row.reference, Seen(row.version), now=NOW)


# The whole path, before its first click


@dataclass(frozen=True, slots=True)
class Start:
    """A funder with a filled pocket, a grantee across the boundary, their people, a project and a programme."""

    emails: dict[str, str]
    project: str
    programme: str
    grantee: str
    currency: str


def start(session: Session, side: Side) -> Start:
    """Everything that is there before a contract: from Shenzhen in CNY, or from Hong Kong in HKD."""
    north = side is Side.SZ
    currency, other = (Currency.CNY, Currency.HKD) if north else (Currency.HKD, Currency.CNY)
    funder = projects.institution(session, "Qingtan Science Foundation", side, InstitutionKind.FUNDER)
    grantee = projects.institution(session, "Lion Ridge University", Side.HK if north else Side.SZ)
    people = _crew(session, funder, grantee)
    maker, checker = people["maker"], people["checker"]
    for kind in (AuthorityKind.DISBURSEMENT, AuthorityKind.CONTRACT):
        payments.limit(session, funder, maker, checker, currency, "2000000.00", None, kind=kind)
    for each in Currency:
        payments.limit(
            session, grantee, maker, checker, each, "2000000.00", None, Role.FINANCE_OFFICER, kind=AuthorityKind.JOURNAL
        )
    payments.filled_pocket(session, funder, maker, currency)
    payer = projects.bank_account(session, funder, currency, maker.person_id, checker.person_id)
    projects.bank_account(session, grantee, other, maker.person_id, checker.person_id)
    payments.mandate(session, payer, maker, checker, 1)
    payments.rate(session, "0.9240", TODAY)
    leader = (people["leader"].person_id, grantee.id)
    project = projects.project(session, maker, funder.id, [grantee.id], leader)
    programme = _programme(session, maker, funder, currency)
    let_everyone_in(session)
    return Start(
        {name: actor.email for name, actor in people.items()},
        project.reference,
        programme.code,
        grantee.name_en,
        currency.value,
    )


def _crew(session: Session, funder: Institution, grantee: Institution) -> dict[str, Actor]:
    return {
        "maker": payments.someone(session, "Li Jianhua", Role.GRANT_OFFICER, funder),
        "checker": payments.someone(session, "Wong Mei", Role.GRANT_OFFICER, funder),
        "payer": payments.someone(session, "Fong Chi-wai", Role.PAYMENTS_OFFICER, funder),
        "accountant": payments.someone(session, "Zhao Lei", Role.ACCOUNTANT, funder),
        "finance": payments.someone(session, "Chan Ka", Role.FINANCE_OFFICER, grantee),
        "other_finance": payments.someone(session, "Lau Po", Role.FINANCE_OFFICER, grantee),
        "leader": payments.someone(session, "Dr Zhou Yun", Role.PRINCIPAL_INVESTIGATOR, grantee),
    }


def _programme(session: Session, maker: Actor, funder: Institution, currency: Currency) -> Programme:
    command = CreateProgramme(
        code=f"QT-{new_id().hex[-6:].upper()}",
        funder_id=funder.id,
        name_en="Qingtan joint programme",
        terms_family=TermsFamily.MAINLAND_LUMP_SUM,
        currency=currency,
        year_end_month=12,
    )
    return programmes.create(session, maker, command, now=NOW)
