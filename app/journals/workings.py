"""Gathers from the ledger and the terms what a computed journal is made of, and looks whether it still holds."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.contracts.fund_control import terms_of
from app.contracts.limits import ContractTerms
from app.contracts.models import Contract
from app.contracts.terms.ratios import Of, share
from app.evidence import service as evidence
from app.evidence.examining import Examined
from app.evidence.fields import DocumentFields
from app.evidence.models import Document
from app.institutions.models import BankAccount
from app.journals import queries, sheets
from app.journals.interest import Apportionment, Holding, apportion
from app.journals.models import Journal, JournalWorking
from app.journals.overhead import Formula, Overhead, RowCost
from app.journals.sheets import Sheet
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.kernel.money import Money, total
from app.ledger import fund_control
from app.ledger.balances import contract_activity, pooled_money
from app.ledger.chart import AccountCode, heading_of
from app.ledger.entries import FIRST_DAY, LAST_DAY
from app.ledger.headings import Heading
from app.web.uploads import Upload

FORMULA = _("Overhead by the contract's formula")
POOLED = _("Interest of a pool by average daily balance")
LESS_SPONSORSHIP = "overhead_less_sponsorship"
_SPONSORSHIP = (AccountCode.SPONSORSHIP_CASH, AccountCode.SPONSORSHIP_IN_KIND)


def overhead(
    session: Session,
    contract: Contract,
    first_day: date,
    last_day: date,
    left_out: Money,
    left_out_reason: str = "",
    *,
    without: UUID | None = None,
) -> Overhead:
    """What overhead the contract bears up to `last_day`, from its ledger and the terms in force on that day.

    `left_out` is taken off the base besides, in the contract's currency. `without`: a journal whose own commitment is
    not counted as waiting. Raises RuleBreached where the terms name no rate, or one that cannot be read.
    """
    terms = terms_of(session, contract, last_day)
    formula = _formula(terms, contract)
    currency = Currency(contract.currency)
    nil = Money.zero(currency)
    before: dict[Heading, Money] = {}
    within: dict[Heading, Money] = {}
    income: dict[AccountCode, Money] = {}
    for row in contract_activity(session, contract.id, first_day, last_day):
        if row.book_id != contract.grantee_id or row.currency is not currency:
            continue
        heading = heading_of(row.code)
        if heading is not None:
            before[heading] = before.get(heading, nil) + row.opening
            within[heading] = within.get(heading, nil) + row.period
        else:
            income[row.code] = income.get(row.code, nil) - row.closing
    counted = terms.family.overhead_base() if formula.of is Of.OVERHEAD_BASE else frozenset()
    gathered = zip(terms.family.roll_up(before, nil), terms.family.roll_up(within, nil), strict=True)
    deducted = formula.of is Of.OVERHEAD_BASE and terms.says(LESS_SPONSORSHIP)
    own = terms.family.row(formula.row).headings
    return Overhead(
        contract=contract.reference,
        first_day=first_day,
        last_day=last_day,
        formula=formula,
        costs=tuple(
            RowCost(row.code, row.label, was, now, row.code in counted) for (row, was), (_row, now) in gathered
        ),
        received=income.get(AccountCode.GRANT_RECEIVED, nil),
        sponsorship=total((income.get(code, nil) for code in _SPONSORSHIP), currency) if deducted else nil,
        left_out=left_out,
        left_out_reason=left_out_reason,
        charged=_charged(session, contract, own, nil),
        waiting=_waiting(session, contract, own, nil, without),
    )


def _formula(terms: ContractTerms, contract: Contract) -> Formula:
    """The ceiling on the row that overhead stands on: what the terms let be charged, and so what is charged."""
    row = terms.family.row_of(Heading.OVERHEAD)
    ratio = next((each for each in terms.family.ratios if each.row == row.code and not each.least), None)
    parameter = terms.parameters.get(ratio.parameter) if ratio is not None else None
    readable = parameter is not None and share(parameter.value, Money.zero(terms.amount.currency)) is not None
    if ratio is None or parameter is None or not readable:
        raise RuleBreached(
            Breach(
                "journal.no-formula",
                _("The terms of contract %(contract)s name no rate of overhead that can be read."),
                cure=_("Enter the amount that was agreed as a journal, or have the rate entered in the programme."),
                source=FORMULA,
                params={"contract": contract.reference},
                field="contract_id",
            )
        )
    return Formula(
        parameter=parameter.name,
        label=parameter.label,
        value=parameter.value,
        source=parameter.source,
        verified=parameter.verified,
        of=ratio.of,
        row=row.code,
        row_label=row.label,
    )


def _charged(session: Session, contract: Contract, headings: tuple[Heading, ...], nil: Money) -> Money:
    """All cost on these headings, whatever its day, in the contract's currency."""
    rows = contract_activity(session, contract.id, FIRST_DAY, LAST_DAY)
    return total(
        (
            row.closing
            for row in rows
            if row.book_id == contract.grantee_id and row.currency is nil.currency and heading_of(row.code) in headings
        ),
        nil.currency,
    )


def _waiting(
    session: Session, contract: Contract, headings: tuple[Heading, ...], nil: Money, without: UUID | None
) -> Money:
    """Cost on its way to these headings in whatever record, but not that of the journal `without`."""
    waiting = fund_control.waiting_cost(session, contract.id, nil.currency)
    own = fund_control.committed_by(session, without) if without is not None else ()
    mine = total((line.amount for line in own if line.heading in headings), nil.currency)
    return total((amount for heading, amount in waiting.items() if heading in headings), nil.currency) - mine


def apportionment(
    session: Session, account: BankAccount, first_day: date, last_day: date, whole: Money, other_average: Money
) -> Apportionment:
    """The interest of an account for a period apportioned to the contracts whose money stood there.

    All amounts are in the account's currency. Raises RuleBreached where no money stood there on any day.
    """
    holdings: dict[UUID, Holding] = {}
    nil = Money.zero(whole.currency)
    moved = pooled_money(session, account.institution_id, account.id, whole.currency, last_day)
    for each in moved:
        held = holdings.setdefault(each.contract_id, Holding(each.contract_id, "", nil))
        if each.on < first_day:
            holdings[each.contract_id] = replace(held, opening=held.opening + each.amount)
        else:
            holdings[each.contract_id] = replace(held, movements={**held.movements, each.on: each.amount})
    named = [
        replace(held, contract=contract.reference)
        for held in holdings.values()
        if (contract := session.get(Contract, held.contract_id)) is not None
        and contract.grantee_id == account.institution_id
    ]
    found = apportion(whole, named, first_day, last_day, other_average)
    if found is None or not any(share.part for share in found.shares):
        raise RuleBreached(
            Breach(
                "journal.nothing-pooled",
                _("On no day of the period did a contract have money on this account."),
                cure=_("Correct the days or the account; interest of other money is not a contract's."),
                source=POOLED,
                field="bank_account_id",
            )
        )
    return found


def keep(session: Session, actor: Actor, journal: Journal, sheet: Sheet, now: datetime) -> None:
    """Keep the calculation as the last document of the journal, so that its digest is sealed with the entry."""
    content = sheets.written(sheet)
    kind = sheets.MEDIA_TYPE
    document = evidence.keep(
        session,
        actor,
        Upload(f"{journal.reference}-calculation.json", content, kind),
        subject_kind="journal",
        subject_id=journal.id,
        institution_id=journal.institution_id,
        title=journal.reference,
        now=now,
        examined=Examined(kind, hashlib.sha256(content).digest(), DocumentFields(), (), None, kind),
    )
    session.add(
        JournalWorking(
            id=new_id(),
            journal_id=journal.id,
            document_id=document.id,
            first_day=sheet.first_day,
            last_day=sheet.last_day,
        )
    )
    session.flush()


def drop(session: Session, journal: Journal) -> None:
    """The journal is corrected by hand: it is no longer what was computed. The document stays."""
    working = queries.working_of(session, journal.id)
    if working is not None:
        session.delete(working)
        session.flush()


def sheet_of(session: Session, journal: Journal) -> Sheet | None:
    """The calculation behind a journal as it was shown when it was submitted; None for one that was typed."""
    working = queries.working_of(session, journal.id)
    return sheets.read(session.get_one(Document, working.document_id).content) if working is not None else None


def breaches(session: Session, journal: Journal) -> list[Breach]:
    """Whether a computed journal is still what the ledger and the terms give; nothing for one that was typed."""
    kept = sheet_of(session, journal)
    if kept is None:
        return []
    try:
        if isinstance(kept, Overhead):
            return _overhead_moved(session, journal, kept)
        return _apportionment_moved(session, journal, kept)
    except RuleBreached as refused:
        return list(refused.breaches)


def _overhead_moved(session: Session, journal: Journal, kept: Overhead) -> list[Breach]:
    contract = session.get_one(Contract, journal.lines[0].contract_id)
    days = kept.first_day, kept.last_day
    found = overhead(session, contract, *days, kept.left_out, kept.left_out_reason, without=journal.id).charge
    if found == kept.charge:
        return []
    return [
        Breach(
            "journal.overhead-moved",
            _("The formula gave %(then)s when this was computed; by the books of today it gives %(now)s."),
            cure=_("Return it to its maker, who computes it anew.")
            if found < kept.charge
            else _("Approve it and compute the rest later, or return it to its maker."),
            source=FORMULA,
            params={"then": kept.charge, "now": found},
            blocking=found < kept.charge,
        )
    ]


def _apportionment_moved(session: Session, journal: Journal, kept: Apportionment) -> list[Breach]:
    if journal.bank_account_id is None:
        raise AssertionError("interest without a bank account is refused before it is kept")
    account = session.get_one(BankAccount, journal.bank_account_id)
    breaches = apportioned_before(session, account, kept.first_day, kept.last_day, without=journal.id)
    found = apportionment(session, account, kept.first_day, kept.last_day, kept.whole, kept.other_average)
    if found.shares != kept.shares:
        breaches.append(
            Breach(
                "journal.interest-moved",
                _("The balances of the period have changed since this was computed."),
                cure=_("Return it to its maker, who computes it anew."),
                source=POOLED,
            )
        )
    return breaches


def apportioned_before(
    session: Session, account: BankAccount, first_day: date, last_day: date, *, without: UUID | None = None
) -> list[Breach]:
    """That interest of the account has been apportioned for days of the period already."""
    found = queries.interest_apportioned(session, account.id, first_day, last_day, without=without)
    return [
        Breach(
            "journal.interest-apportioned",
            _("%(journal)s apportions interest of this account for days of this period."),
            cure=_("Correct the days, or have that journal refused or reversed first."),
            source=POOLED,
            params={"journal": each.reference},
            field="first_day",
        )
        for each in found
    ]
