"""Which records the addresses of screens and API name: an address part and the column its argument is taken from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import InstrumentedAttribute, Session
from werkzeug.routing import Rule

from app.access.policies.models import PolicySetting
from app.budgets.models import BudgetRequest
from app.budgets.queries import requests_of
from app.claims.models import Claim, ClaimLine
from app.contracts.models import Amendment, Contract, Obligation, Programme, TermsParameter, Tranche
from app.corridor.models import CorridorRate, CorridorRule, TaxFiling
from app.disbursements.models import BankMandate, Disbursement, ResidueReturn, RouteDocument
from app.engagements import asking, drill, handing_out, population
from app.engagements.models import AuditRecord, Engagement, EvidencePack, Question, Sample
from app.equipment.models import EquipmentItem
from app.evidence.models import Document
from app.exchange_rates.models import ExchangeRate
from app.exposure.models import ForwardCover
from app.funds.models import Fund, FundMovement, Pocket
from app.institutions.models import BankAccount, CoolingPolicy, Institution
from app.journals.models import Journal
from app.manpower.models import StaffEngagement
from app.parties.models import Party
from app.payment_files.models import BankProfile, PaymentFile
from app.people.authority.models import AuthorityLimit, Delegation
from app.people.models import PasswordLink, Person, PersonalToken, RoleAssignment, SignInSession
from app.projects.models import Project
from app.rails.models import CalendarDay, RailVersion
from app.reconciliation import queries as banking
from app.returns.models import SpendingReturn
from app.statements.models import Statement, StatementFile
from app.vouchers.models import AccountMapping, VoucherProfile
from app.whitelist.models import WhitelistEntry
from reports.catalogue import REPORTS

Column = InstrumentedAttribute[Any]

KINDS: dict[str, Column] = {
    "accounts": BankAccount.id,
    "amendments": Amendment.number,
    "audit-questions": Question.id,
    "bank": BankAccount.id,
    "bank-accounts": BankAccount.id,
    "bank-mandates": BankMandate.id,
    "bank-profiles": BankProfile.id,
    "claims": Claim.reference,
    "contracts": Contract.reference,
    "covers": ForwardCover.id,
    "cooling": CoolingPolicy.id,
    "cooling-periods": CoolingPolicy.id,
    "delegations": Delegation.id,
    "disbursements": Disbursement.reference,
    "engagements": Engagement.reference,
    "equipment": EquipmentItem.reference,
    "evidence": Document.id,
    "forward-covers": ForwardCover.id,
    "fund-movements": FundMovement.reference,
    "funds": Fund.reference,
    "authority-limits": AuthorityLimit.id,
    "books": Institution.code,
    "filings": TaxFiling.id,
    "institutions": Institution.code,
    "journals": Journal.reference,
    "layouts": Institution.code,
    "limits": AuthorityLimit.id,
    "mandates": BankMandate.id,
    "manpower": StaffEngagement.reference,
    "mappings": AccountMapping.id,
    "movements": FundMovement.reference,
    "obligations": Obligation.id,
    "parameters": TermsParameter.id,
    "password-links": PasswordLink.id,
    "parties": Party.id,
    "payment-files": PaymentFile.reference,
    "payments": PaymentFile.reference,
    "people": Person.id,
    "periods": Institution.code,
    "pockets": Pocket.id,
    "profiles": VoucherProfile.id,
    "programmes": Programme.code,
    "projects": Project.reference,
    "days": CalendarDay.id,
    "rail-versions": RailVersion.id,
    "rails": RailVersion.code,
    "rates": ExchangeRate.id,
    "requests": BudgetRequest.number,
    "residue-returns": ResidueReturn.reference,
    "rules": CorridorRule.id,
    "thresholds": CorridorRate.id,
    "returns": SpendingReturn.reference,
    "rights": RoleAssignment.id,
    "room": Engagement.reference,
    "sessions": SignInSession.id,
    "settings": PolicySetting.id,
    "statements": Statement.reference,
    "changes": PolicySetting.id,
    "tokens": PersonalToken.id,
    "tranches": Tranche.number,
    "vouchers": Institution.code,
    "whitelist": WhitelistEntry.id,
}
"""Column by the part of the address that stands before an argument."""

FIXED: dict[str, Sequence[str]] = {
    "reports": tuple(REPORTS),
    "balances": (),
    "blocks": (),
    "documents": (),
    "files": (),
    "months": (),
    "entries": (),
    "lines": (),
    "matches": (),
    "answers": (),
    "packs": (),
    "questions": (),
    "records": (),
    "samples": (),
    "set-password": ("no-such-secret",),
    "static": ("theme.css",),
    "without-us": ("en", "zh-Hans", "zh-Hant"),
    "v": ("STM-2026-00001-AAAAAA",),
}
"""Arguments that name no record of an institution. Route documents, papers of a contract and lines of a claim hang on
their record, entries on their book."""

OF_BOOK = {
    "entries": "select entry_id from ledger.entry join ledger.book using (book_id)",
    "balances": "select account_id from ledger.account join ledger.book using (book_id)",
    "blocks": "select block_no from ledger.seal_block join ledger.book using (book_id)",
}
"""What hangs on a book, by address part; none of it is mapped."""

SHARED = {
    "days",
    "rail-versions",
    "rails",
    "institutions",
    "programmes",
    "rates",
    "settings",
    "changes",
    "parameters",
    "reports",
    "rules",
    "thresholds",
}
"""Records that people of other institutions may meet: what is published, and the policy numbers of the whole system."""

IN_DIRECTORY = {"accounts", "bank-accounts", "whitelist"}
"""Records of other institutions that the directory right shows too: accounts with masked numbers, and the lists."""

ARGUMENT = re.compile(r"/(?P<before>[a-z-]+)/<(?:(?P<kind>[a-z]+)(?:\([^)]*\))?:)?(?P<name>[a-z_]+)>")
ANY = re.compile(r"<any\(([^)]*)\):([a-z_]+)>")


def identifiers(session: Session) -> dict[str, list[str]]:
    """Every identifier of every kind that stands in the database now."""
    return {kind: [str(value) for value in session.scalars(select(column))] for kind, column in KINDS.items()}


def arguments(rule: Rule) -> list[tuple[str, str]]:
    """(address part, argument) of a rule, from left to right; choices written into the address are left out."""
    return [(m["before"], m["name"]) for m in ARGUMENT.finditer(ANY.sub("step", rule.rule))]


def choices(rule: Rule) -> dict[str, list[str]]:
    """The choices that the address itself spells out, such as confirm or refuse."""
    return {name: [word.strip() for word in words.split(",")] for words, name in ANY.findall(rule.rule)}


def unknown_parts(rules: Iterable[Rule]) -> set[str]:
    """Address parts whose arguments this list does not know."""
    found = {(before, name) for rule in rules for before, name in arguments(rule)}
    return {f"{before}/<{name}>" for before, name in found if before not in KINDS and before not in FIXED}


def below(session: Session, parts: Sequence[str], parent: str) -> dict[str, list[str]]:
    """Identifiers of what hangs on one record, by address part: papers of a contract, numbered tranches, …"""
    kind = parts[0]
    if kind == "contracts":
        contract = session.scalars(select(Contract).where(Contract.reference == parent)).one()
        papers = select(Document.id).where(Document.subject_id == contract.id)
        numbered = select(Tranche.number).where(Tranche.contract_id == contract.id)
        amended = select(Amendment.number).where(Amendment.contract_id == contract.id)
        return {
            "documents": [str(key) for key in session.scalars(papers)],
            "tranches": [str(number) for number in session.scalars(numbered)],
            "amendments": [str(number) for number in session.scalars(amended)],
            "requests": [str(each.number) for each in requests_of(session, contract.id)],
        }
    if kind == "claims":
        numbers = select(ClaimLine.number).join(Claim, Claim.id == ClaimLine.claim_id).where(Claim.reference == parent)
        return {"lines": [str(number) for number in session.scalars(numbers)]}
    if kind == "books":
        return {
            name: [str(key) for key in session.scalars(text(f"{query} where book.code = :code"), {"code": parent})]
            for name, query in OF_BOOK.items()
        }
    if kind == "disbursements":
        codes = (
            select(RouteDocument.code)
            .join(Disbursement, Disbursement.id == RouteDocument.disbursement_id)
            .where(Disbursement.reference == parent)
        )
        return {"documents": list(session.scalars(codes))}
    if kind == "statements":
        kept = select(StatementFile.id).join(Statement, Statement.id == StatementFile.statement_id)
        return {"files": [str(key) for key in session.scalars(kept.where(Statement.reference == parent))]}
    if kind == "periods":
        return {"months": ["2026-10"]}
    if kind == "bank":
        account = UUID(parent)
        return {
            "files": [str(each.id) for each in banking.file_pages(session, account, None, 50).items],
            "statements": [each.reference for each in banking.statements(session, account)],
            "matches": [str(each.id) for each in banking.match_pages(session, account, None, 50).items],
            "months": ["2026-09"],
        }
    if kind == "room":
        return in_room(session, session.scalars(select(Engagement).where(Engagement.reference == parent)).one())
    if kind == "people":
        links = select(PasswordLink.id).where(PasswordLink.person_id == UUID(parent))
        return {"password-links": [str(key) for key in session.scalars(links)]}
    if kind == "institutions":
        periods = (
            select(CoolingPolicy.id)
            .join(Institution, Institution.id == CoolingPolicy.institution_id)
            .where(Institution.code == parent)
        )
        return {"cooling": [str(key) for key in session.scalars(periods)]}
    return {}


def in_room(session: Session, engagement: Engagement) -> dict[str, list[str]]:
    """What hangs on an engagement, by address part."""
    contract = session.get_one(Contract, engagement.contract_ids[0])
    entries = dict.fromkeys(line.entry_id for line in population.lines(session, engagement, contract))
    papers = {each.id for key in entries for each in drill.drilled(session, engagement, key).documents}
    issued = [statement for statement, _contract in handing_out.statements_of(session, engagement)]
    kept = [each for files in handing_out.statement_files(session, issued).values() for each in files]
    answers = (
        select(Document.id)
        .where(Document.subject_kind == asking.SUBJECT)
        .join(Question, Question.id == Document.subject_id)
    )
    of_ours = {
        "answers": answers.where(Question.engagement_id == engagement.id),
        "packs": select(EvidencePack.id).where(EvidencePack.engagement_id == engagement.id),
        "questions": select(Question.number).where(Question.engagement_id == engagement.id),
        "records": select(AuditRecord.number).where(AuditRecord.engagement_id == engagement.id),
        "samples": select(Sample.number).where(Sample.engagement_id == engagement.id),
    }
    return {
        "entries": [str(key) for key in entries],
        "documents": [str(key) for key in papers],
        "reports": ["income-and-expenditure"],
        "statements": [str(each.id) for each in kept],
    } | {part: [str(key) for key in session.scalars(query)] for part, query in of_ours.items()}


def contract_of(session: Session, engagement: Engagement) -> str:
    """The number of its first contract."""
    return session.get_one(Contract, engagement.contract_ids[0]).reference


def filled(rule: Rule, values: dict[str, str]) -> str:
    """The address with its arguments filled in."""
    return re.sub(r"<(?:[^<>:]*(?:\([^)]*\))?:)?([a-z_]+)>", lambda m: values[m[1]], rule.rule)
