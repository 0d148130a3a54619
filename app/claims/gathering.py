"""Gathers what the rules of claims look at: the contract with what it has left, rates of the day, papers, advances."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.policies import queries as policies
from app.access.policies.states import PolicyName
from app.claims import queries
from app.claims.facts import ClaimFacts, LineFacts, PlaceTerms
from app.claims.models import Claim, ClaimLine
from app.claims.states import LineKind, PaperKind, Place, Verdict
from app.contracts.fund_control import cost_bearer
from app.contracts.models import Contract, Programme
from app.contracts.programme_queries import parameters
from app.evidence.models import Document
from app.exchange_rates import queries as exchange_rates
from app.exchange_rates.queries import FoundRate
from app.institutions.models import Institution
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.headings import Heading

PLACES = "places_of_spend"
"""The parameter of a programme that names where its money may be spent, as a list of SZ, HK and OTHER."""

UNIT_RATES = {
    (LineKind.PER_DIEM, Place.SZ): (PolicyName.PER_DIEM_SZ, Currency.CNY),
    (LineKind.PER_DIEM, Place.HK): (PolicyName.PER_DIEM_HK, Currency.HKD),
    (LineKind.MILEAGE, Place.SZ): (PolicyName.MILEAGE_SZ, Currency.CNY),
    (LineKind.MILEAGE, Place.HK): (PolicyName.MILEAGE_HK, Currency.HKD),
}
"""The policy number, and the currency, of each allowance by place."""


def _homes(session: Session, contract: Contract) -> frozenset[Place]:
    sides = {session.get_one(Institution, key).side for key in (contract.grantee_id, contract.funder_id)}
    return frozenset(Place(side) for side in sides if side in Place.__members__)


def _place_terms(session: Session, contract: Contract, today: date) -> PlaceTerms | None:
    programme = session.get_one(Programme, contract.programme_id)
    named = parameters(session, programme, today).get(PLACES)
    if named is None or not isinstance(named.value, list):
        return None
    places = frozenset(Place(code) for code in named.value if code in Place.__members__)
    return PlaceTerms(places, named.source, named.verified)


def claim_facts(session: Session, claim: Claim, today: date) -> ClaimFacts:
    """The claim with every line that no checker has taken out."""
    contract = session.get_one(Contract, claim.contract_id)
    bearer = cost_bearer(session, contract.id, today, without=claim.id)
    pay = Currency(claim.pay_currency)
    documents = queries.documents_of(session, claim)
    lines = tuple(line_facts(session, line, bearer.currency, pay, documents) for line in claimed(claim))
    quotations = quotation_limits(session, today)
    return ClaimFacts(
        contract=bearer,
        today=today,
        pay_currency=pay,
        declared=claim.declared,
        negative_list_declared=claim.negative_list_declared,
        advance=Money(claim.advance_minor, pay),
        advance_outstanding=queries.advance_outstanding(session, contract, pay),
        quotation_from=tuple(limit for limit, _source in quotations),
        quotation_source=quotations[0][1],
        lines=lines,
        homes=_homes(session, contract),
        place_terms=_place_terms(session, contract, today),
    )


def quotation_limits(session: Session, today: date) -> tuple[tuple[Money, str], ...]:
    """The price from which a purchase needs a quotation, in either currency, with the source of each."""
    named = ((PolicyName.QUOTATION_FROM_CNY, Currency.CNY), (PolicyName.QUOTATION_FROM_HKD, Currency.HKD))
    found = [(policies.in_force(session, name, today), currency) for name, currency in named]
    return tuple((Money.rounded(policy.value, currency), policy.source) for policy, currency in found)


def claimed(claim: Claim) -> list[ClaimLine]:
    """The lines still in question: those the checker found okay, or has not looked at."""
    return [line for line in claim.lines if line.verdict in (None, Verdict.OKAY)]


def line_facts(
    session: Session, line: ClaimLine, contract_currency: Currency, pay: Currency, documents: dict[UUID, Document]
) -> LineFacts:
    """One line, converted at the rate that is kept with it."""
    rate = exchange_rates.by_id(session, line.rate_id) if line.rate_id else None
    receipts = [each.document_id for each in line.papers if each.kind == PaperKind.RECEIPT]
    amount = line.amount
    return LineFacts(
        number=line.number,
        kind=LineKind(line.kind),
        cost_on=line.cost_on,
        ends_on=line.ends_on,
        heading=Heading(line.heading) if line.heading else None,
        place=Place(line.place) if line.place else None,
        who=line.who,
        purpose=line.purpose,
        amount=amount,
        booked=converted(amount, contract_currency, rate),
        owed=converted(amount, pay, rate),
        tax=line.tax,
        seller=line.seller,
        seller_number=line.seller_number,
        invoice_code=line.invoice_code,
        invoice_number=line.invoice_number,
        quantity=line.quantity,
        has_unit_rate=line.unit_rate is not None,
        missing_receipt=line.missing_receipt,
        papers=frozenset(PaperKind(each.kind) for each in line.papers),
        receipt_digests=frozenset(documents[key].sha256.hex() for key in receipts if key in documents),
    )


def converted(amount: Money | None, into: Currency, rate: FoundRate | None) -> Money | None:
    """The amount in another currency, rounded half-up once; itself where it is in it; None without amount or rate."""
    if amount is None or amount.currency is into:
        return amount
    return rate.convert(amount) if rate is not None else None


def rate_of_day(session: Session, claim: Claim, on: date, currencies: Iterable[Currency]) -> FoundRate | None:
    """The booking rate of a day between the currencies involved; None where there is one currency, or no fresh rate."""
    pair = sorted(set(currencies))
    if len(pair) < 2:
        return None
    return exchange_rates.booking_rate(session, pair[0], pair[1], on, claim.institution_id)


def unit_rate(session: Session, kind: LineKind, place: Place, on: date) -> tuple[policies.InForce, Currency] | None:
    """The allowance of a place on a day as policy states it, and its currency; None where there is none."""
    named = UNIT_RATES.get((kind, place))
    return (policies.in_force(session, named[0], on), named[1]) if named else None
