"""Pure checks of the lines of a claim, one by one: what is missing, when and where it was spent, what proves it."""

from __future__ import annotations

from datetime import date

from app.claims.facts import ClaimFacts, LineFacts
from app.claims.labels import MISSING_LABELS, anchor_of
from app.claims.states import ALLOWANCES, LineKind, PaperKind
from app.kernel.breaches import Breach
from app.kernel.messages import Words, _
from app.kernel.money import Money
from app.ledger.headings import Heading

Found = list[Breach]

EVIDENCE = _("Evidence by heading: receipt or invoice, quotation, payroll sheet")
DATES = _("Negative list NL11: spending before the start or after the end")
ALLOWANCE = _("Allowances are paid at the rate of the institution's policy, not against receipts")

_ALWAYS = ("cost_on", "heading", "place", "who", "purpose")
_PAYROLL = frozenset({Heading.SALARY, Heading.SOCIAL_INSURANCE, Heading.STUDENT_STIPEND, Heading.LABOUR})
_PURCHASES = frozenset({Heading.EQUIPMENT_PURCHASE, Heading.EQUIPMENT_LEASE, Heading.COMMISSIONED_DEVELOPMENT})


def missing(line: LineFacts) -> tuple[str, ...]:
    """The names of what a line still lacks, in the order in which they are asked."""
    wanted = [name for name in _ALWAYS if not getattr(line, name)]
    if line.kind in ALLOWANCES:
        return (*wanted, *(["quantity"] if line.quantity is None else []))
    if line.amount is None:
        wanted.append("amount")
    if not line.seller:
        wanted.append("seller")
    if PaperKind.RECEIPT not in line.papers and not line.missing_receipt:
        wanted.append("receipt")
    return tuple(wanted)


def anchor(line: LineFacts) -> str:
    """Where a page shows the line: what a breach's field leads to."""
    return anchor_of(line.number)


def line_complete(facts: ClaimFacts) -> Found:
    """Every line has its date, heading, place, person, purpose, amount, seller and receipt."""
    return [
        Breach(
            "claim.line-incomplete",
            _("Line %(line)s still lacks: %(missing)s."),
            cure=_("Answer what is missing on the line."),
            source=EVIDENCE,
            params={"line": line.number, "missing": Words(tuple(MISSING_LABELS[name] for name in lacking))},
            field=anchor(line),
        )
        for line in facts.lines
        if (lacking := missing(line))
    ]


def dated_today_or_earlier(facts: ClaimFacts) -> Found:
    """Nothing is claimed before it was spent."""
    return [
        Breach(
            "claim.in-future",
            _("Line %(line)s is dated %(day)s, which is after today."),
            cure=_("Enter the date on the receipt."),
            source=_("Dates are those of cost, not of entry"),
            params={"line": line.number, "day": _last_day(line).isoformat()},
            field=anchor(line),
        )
        for line in facts.lines
        if line.cost_on is not None and _last_day(line) > facts.today
    ]


def within_contract_dates(facts: ClaimFacts) -> Found:
    """The date of cost lies within the contract; the closing audit fee may come after the end."""
    first, last = facts.contract.first_day, facts.contract.last_day
    return [
        Breach(
            "claim.outside-dates",
            _("Line %(line)s: %(day)s lies outside contract %(contract)s (%(first)s to %(last)s)."),
            cure=_("Check the date, claim it elsewhere, or ask the funder to amend the contract's dates."),
            source=DATES,
            params={
                "line": line.number,
                "day": (line.cost_on if line.cost_on < first else _last_day(line)).isoformat(),
                "contract": facts.contract.reference,
                "first": first.isoformat(),
                "last": last.isoformat(),
            },
            field=anchor(line),
        )
        for line in facts.lines
        if line.cost_on is not None
        and (line.cost_on < first or (_last_day(line) > last and line.heading is not Heading.AUDIT_FEE))
    ]


def _last_day(line: LineFacts) -> date:
    return max(each for each in (line.cost_on, line.ends_on) if each is not None)


def rate_present(facts: ClaimFacts) -> Found:
    """An amount in another currency needs a confirmed, fresh booking rate of the receipt's date."""
    return [
        Breach(
            "rate.missing",
            _("Line %(line)s: no fresh booking rate for %(currency)s on that date."),
            cure=_("Ask an accountant to enter and confirm the rate of the day, then submit again."),
            source=_("Nothing is booked at a guessed rate"),
            params={"line": line.number, "currency": line.amount.currency.value},
            field=anchor(line),
        )
        for line in facts.lines
        if line.amount is not None and line.cost_on is not None and (line.booked is None or line.owed is None)
    ]


def allowance_has_rate(facts: ClaimFacts) -> Found:
    """Daily allowances and mileage have a rate in Shenzhen and in Hong Kong only."""
    return [
        Breach(
            "claim.no-allowance",
            _("Line %(line)s: there is no rate of allowance for this place."),
            cure=_("Choose Shenzhen or Hong Kong, or claim what was paid against its receipts."),
            source=ALLOWANCE,
            params={"line": line.number},
            field=anchor(line),
        )
        for line in facts.lines
        if line.kind in ALLOWANCES and line.place is not None and not line.has_unit_rate
    ]


def place_of_spend(facts: ClaimFacts) -> Found:
    """Money is spent where the programme lets it; spending on neither party's side is pointed out."""
    terms, found = facts.place_terms, []
    for line in facts.lines:
        if line.place is None:
            continue
        if terms is not None and line.place not in terms.places:
            found.append(
                Breach(
                    "claim.wrong-place",
                    _("Line %(line)s was spent where the programme does not pay for it."),
                    cure=_("Charge it to a contract of the other side, or ask the funder first."),
                    source=terms.source,
                    params={"line": line.number},
                    field=anchor(line),
                    blocking=terms.binds,
                )
            )
        elif terms is None and line.place not in facts.homes and line.heading not in _CROSSING:
            found.append(
                Breach(
                    "claim.across-boundary",
                    _("Line %(line)s was spent on neither party's side of the boundary."),
                    cure=_("Say in the purpose why it was bought there."),
                    source=_("Place of spend: each side's rules apply to what is spent there"),
                    params={"line": line.number},
                    field=anchor(line),
                    blocking=False,
                )
            )
    return found


_CROSSING = frozenset({Heading.TRAVEL, Heading.CONFERENCE})
"""Headings whose cost is expected anywhere."""


def tax_within_amount(facts: ClaimFacts) -> Found:
    """The tax is part of the amount, in its currency."""
    return [
        Breach(
            "claim.tax-too-large",
            _("Line %(line)s: the tax %(tax)s is not smaller than the amount %(amount)s."),
            cure=_("Enter the tax printed on the invoice; leave it out where there is none."),
            source=_("Tax is a part of the price"),
            params={"line": line.number, "tax": line.tax, "amount": line.amount},
            field=anchor(line),
        )
        for line in facts.lines
        if line.tax is not None and line.amount is not None and line.tax.minor >= line.amount.minor
    ]


def papers_by_heading(facts: ClaimFacts) -> Found:
    """Pay needs the payroll sheet; equipment and large purchases need the quotation that was accepted."""
    found = []
    for line in facts.lines:
        if line.kind is not LineKind.RECEIPT or line.heading is None:
            continue
        if line.heading in _PAYROLL and PaperKind.PAYROLL_SHEET not in line.papers:
            found.append(_paper_breach(line, "claim.payroll-sheet-missing", _NEEDS_SHEET, _ATTACH_SHEET, True))
        if PaperKind.QUOTATION in line.papers:
            continue
        if line.heading in _PURCHASES:
            found.append(_paper_breach(line, "claim.quotation-missing", _NEEDS_QUOTATION, _ATTACH_QUOTATION, True))
        elif (limit := _limit_reached(facts, line)) is not None:
            found.append(
                Breach(
                    "claim.quotation-missing",
                    _("Line %(line)s: from %(limit)s on a purchase needs the quotation that was accepted."),
                    _ATTACH_QUOTATION,
                    facts.quotation_source or EVIDENCE,
                    {"line": line.number, "limit": limit},
                    anchor(line),
                    False,
                )
            )
    return found


_NEEDS_SHEET = _("Line %(line)s is pay, but no payroll sheet with MPF or social insurance is attached.")
_ATTACH_SHEET = _("Attach the payroll sheet to the line.")
_NEEDS_QUOTATION = _("Line %(line)s is a purchase that needs the quotation that was accepted.")
_ATTACH_QUOTATION = _("Attach the quotation to the line.")


def _limit_reached(facts: ClaimFacts, line: LineFacts) -> Money | None:
    """The price in the line's currency from which a quotation is needed, where the line reaches it."""
    if line.amount is None:
        return None
    reached = (each for each in facts.quotation_from if each.currency is line.amount.currency)
    return next((each for each in reached if line.amount.minor >= each.minor), None)


def _paper_breach(line: LineFacts, code: str, message: str, cure: str, blocking: bool) -> Breach:
    return Breach(code, message, cure, EVIDENCE, {"line": line.number}, anchor(line), blocking)


def lost_receipts_noted(facts: ClaimFacts) -> Found:
    """A line without a receipt stands on a declaration, which the checker is shown."""
    return [
        Breach(
            "claim.receipt-lost",
            _("Line %(line)s has no receipt, only a declaration."),
            cure=_("The checker decides whether the declaration is enough."),
            source=EVIDENCE,
            params={"line": line.number},
            field=anchor(line),
            blocking=False,
        )
        for line in facts.lines
        if line.missing_receipt and PaperKind.RECEIPT not in line.papers
    ]


LINE_RULES = (
    line_complete,
    dated_today_or_earlier,
    within_contract_dates,
    rate_present,
    allowance_has_rate,
    place_of_spend,
    tax_within_amount,
    papers_by_heading,
    lost_receipts_noted,
)
