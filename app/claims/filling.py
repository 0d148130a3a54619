"""Fills the lines of a claim: what was typed, the allowance of the place, and the booking rate of the day."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy.orm import Session

from app.claims import gathering
from app.claims.commands import LineValues
from app.claims.models import Claim, ClaimLine, ClaimPaper
from app.claims.states import ALLOWANCES, LineKind, Place
from app.contracts.models import Contract
from app.evidence.fields import DocumentFields
from app.institutions.models import Institution
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger.headings import Heading
from app.people.models import Person

_TYPED = (
    *("cost_on", "ends_on", "heading", "place", "who", "purpose"),
    *("seller", "seller_number", "invoice_code", "invoice_number"),
)
_RECURRING = ("heading", "place", "who", "purpose", "currency", "amount_minor", "tax_minor", "seller", "seller_number")
_OF_ITS_DAY = ("cost_on", "ends_on", "invoice_code", "invoice_number", "missing_receipt", "verdict_reason")


def new_line(session: Session, claim: Claim, kind: LineKind) -> ClaimLine:
    """A new line with what the claim says of all its lines: purpose, place, heading, and who is paid."""
    heading = Heading.TRAVEL.value if kind in ALLOWANCES else claim.heading
    home = {Place.SZ: Currency.CNY, Place.HK: Currency.HKD}.get(Place(claim.place))
    line = ClaimLine(
        id=new_id(),
        number=max((each.number for each in claim.lines), default=0) + 1,
        kind=kind,
        heading=heading,
        place=claim.place,
        who=session.get_one(Person, claim.claimant_id).name_en,
        purpose=claim.purpose,
        currency=home.value if home else None,
        seller="",
        seller_number="",
        invoice_code="",
        invoice_number="",
        version=1,
    )
    claim.lines.append(line)
    return line


def fill(session: Session, claim: Claim, line: ClaimLine, values: LineValues, *, keep_defaults: bool = False) -> None:
    """Write what was typed into the line; with `keep_defaults` a blank leaves what the line has."""
    for name in _TYPED:
        value = getattr(values, name)
        if value or not keep_defaults:
            setattr(line, name, value)
    line.missing_receipt = values.missing_receipt
    line.quantity = values.quantity
    if line.kind == LineKind.PER_DIEM and line.quantity is None and line.cost_on and line.ends_on:
        line.quantity = Decimal((line.ends_on - line.cost_on).days + 1)
    if line.kind == LineKind.RECEIPT:
        line.amount_minor = values.amount.minor if values.amount is not None else None
        line.tax_minor = values.tax.minor if values.tax is not None else None
        if values.amount is not None:
            line.currency = values.amount.currency
        elif values.currency is not None or not keep_defaults:
            line.currency = values.currency
    refresh(session, claim, line)


def take_over(session: Session, claim: Claim, line: ClaimLine, said: DocumentFields) -> None:
    """Take over what the receipt itself states exactly; what it does not state is left to be asked."""
    if said.amount is not None and said.amount.minor > 0:
        line.currency, line.amount_minor = said.amount.currency, said.amount.minor
        small = said.tax is not None and 0 <= said.tax.minor < said.amount.minor
        line.tax_minor = said.tax.minor if said.tax is not None and small else None
        line.place = {Currency.CNY: Place.SZ, Currency.HKD: Place.HK}[said.amount.currency]
    line.cost_on = said.issued_on or line.cost_on
    line.seller = (said.seller_name or line.seller)[:200]
    line.seller_number = (said.seller_id or line.seller_number)[:40]
    line.invoice_code = (said.invoice_code or line.invoice_code)[:40]
    line.invoice_number = (said.invoice_number or line.invoice_number)[:40]
    refresh(session, claim, line)


def refresh(session: Session, claim: Claim, line: ClaimLine) -> None:
    """Look up the allowance of the place and the booking rate of the line's day afresh."""
    if line.kind in ALLOWANCES:
        _allow(session, line)
    contract = session.get_one(Contract, claim.contract_id)
    book = session.get_one(Institution, claim.institution_id)
    line.rate_id = line.rate = None
    if line.cost_on is None or line.currency is None:
        return
    own = Currency(line.currency)
    currencies = {own, Currency(contract.currency), Currency(claim.pay_currency), Currency(book.functional_currency)}
    rate = gathering.rate_of_day(session, claim, line.cost_on, currencies)
    if rate is not None:
        line.rate_id, line.rate = rate.rate_id, rate.units(Currency(contract.currency))


def _allow(session: Session, line: ClaimLine) -> None:
    """The amount of an allowance: quantity times the rate of the place on the day, rounded half-up to the cent."""
    line.amount_minor = line.tax_minor = line.unit_rate = None
    line.unit_source = ""
    if line.place is None or line.cost_on is None:
        return
    found = gathering.unit_rate(session, LineKind(line.kind), Place(line.place), line.cost_on)
    if found is None:
        return
    policy, currency = found
    line.currency, line.unit_rate, line.unit_source = currency, policy.value, policy.source
    if line.quantity is not None:
        line.amount_minor = Money.rounded(line.quantity * policy.value, currency).minor or None


def copied(session: Session, claim: Claim, line: ClaimLine, *, dated: bool) -> ClaimLine:
    """The line once more, in `claim`; `dated` copies keep date, invoice numbers, the checker's question and papers."""
    copy = new_line(session, claim, LineKind(line.kind))
    for name in (*_RECURRING, "quantity", *(_OF_ITS_DAY if dated else ())):
        setattr(copy, name, getattr(line, name))
    if dated:
        copy.papers = [ClaimPaper(id=new_id(), document_id=each.document_id, kind=each.kind) for each in line.papers]
    refresh(session, claim, copy)
    return copy
