"""Pure checks of a claim as a whole: facts in, every breach out. The lines' own checks stand in `line_rules`."""

from __future__ import annotations

from collections.abc import Iterable

from app.budgets.rules import Effect, LimitStanding, breach, effects
from app.claims.facts import ClaimFacts, LineFacts
from app.claims.line_rules import LINE_RULES, Found, anchor
from app.kernel.breaches import Breach
from app.kernel.messages import _
from app.kernel.money import Money, total
from app.ledger.headings import Heading

ONE_COST = _("Negative list NL10: one cost, one funder, once")
ACCOUNTING = _("Accounting of events: an advance is cleared only as far as it was given")


def has_lines(facts: ClaimFacts) -> Found:
    """A claim claims something."""
    if facts.lines:
        return []
    return [
        Breach(
            "claim.no-lines",
            _("The claim has no lines yet."),
            cure=_("Add your first receipt, or a daily allowance or mileage."),
            source=_("A claim is made of lines with evidence"),
            field="receipts",
        )
    ]


def contract_takes_cost(facts: ClaimFacts) -> Found:
    """Cost goes to a contract that is active, suspended or closing."""
    if facts.contract.takes_cost:
        return []
    return [
        Breach(
            "claim.contract-closed",
            _("Contract %(contract)s takes no cost in its present status."),
            cure=_("Choose another contract, or ask the funder to change the contract's status."),
            source=_("Contract statuses"),
            params={"contract": facts.contract.reference},
            field="contract_id",
        )
    ]


def declared_as_spent(facts: ClaimFacts) -> Found:
    """The claimant's side declares that it was spent for the project and is claimed nowhere else."""
    if facts.declared:
        return []
    return [
        Breach(
            "claim.not-declared",
            _("Nobody has declared that this was spent for the project and is claimed nowhere else."),
            cure=_("Read the declaration and tick it."),
            source=ONE_COST,
            field="declared",
        )
    ]


def negative_list_declared(facts: ClaimFacts) -> Found:
    """Under a lump sum every cost is declared against the negative list."""
    if facts.negative_list_declared or not facts.contract.is_lump_sum:
        return []
    return [
        Breach(
            "claim.negative-list",
            _("Cost under a lump-sum contract is declared against the negative list NL01 to NL12."),
            cure=_("Read the list and tick the declaration, or take the cost out."),
            source=_("Lump-sum contracting: negative list"),
            field="negative_list_declared",
        )
    ]


def each_cost_once(facts: ClaimFacts) -> Found:
    """No file and no invoice stands on two lines of one claim."""
    found = []
    seen: dict[tuple[str, ...], int] = {}
    for line in facts.lines:
        for key in _identities(line):
            if key in seen:
                found.append(_twice(line, seen[key]))
                break
            seen[key] = line.number
    return found


def _identities(line: LineFacts) -> Iterable[tuple[str, ...]]:
    yield from (("file", digest) for digest in sorted(line.receipt_digests))
    if line.invoice_number:
        seller = line.seller_number or line.seller
        yield ("invoice", seller.casefold(), line.invoice_code, line.invoice_number.casefold())


def _twice(line: LineFacts, other: int) -> Breach:
    return Breach(
        "claim.same-twice",
        _("Line %(line)s has the same receipt or invoice number as line %(other)s."),
        cure=_("Remove one of the two lines, or correct the number."),
        source=ONE_COST,
        params={"line": line.number, "other": other},
        field=anchor(line),
    )


def wanted(facts: ClaimFacts, within: LimitStanding | None = None) -> dict[Heading, Money]:
    """Cost by heading in the contract's currency, as far as it is known; of one limit's days only where it has days."""
    found: dict[Heading, Money] = {}
    for line in facts.lines:
        if within is not None and not within.counts(line.cost_on or facts.today):
            continue
        if line.heading is not None and line.booked is not None:
            before = found.get(line.heading, Money.zero(facts.contract.currency))
            found[line.heading] = before + line.booked
    return found


def owed(facts: ClaimFacts) -> Money:
    """What the lines come to in the currency of payment, as far as it is known; the advance is still in it."""
    return total((line.owed for line in facts.lines if line.owed is not None), facts.pay_currency)


def effects_of(facts: ClaimFacts) -> tuple[Effect, ...]:
    """What the claim would leave of every limit it touches; a limit of a year counts the lines of its days."""
    return tuple(
        effect for limit in facts.contract.limits for effect in effects([limit], wanted(facts, limit), limit.first_day)
    )


def within_spending_limit(facts: ClaimFacts) -> Found:
    """Cost stays within what the terms let be spent: money received, or the amount contracted."""
    left = facts.contract.spendable
    needed = total(wanted(facts).values(), facts.contract.currency)
    if needed <= left:
        return []
    return [
        Breach(
            "claim.beyond-limit",
            _("Contract %(contract)s has %(left)s left to spend; this claim needs %(wanted)s."),
            cure=_("Lower the cost, charge it elsewhere, or wait for the next tranche."),
            source=facts.contract.limit_source,
            params={"contract": facts.contract.reference, "left": left, "wanted": needed},
        )
    ]


def within_budget(facts: ClaimFacts) -> Found:
    """Cost stays within the lines of the budget and the ratios of the terms; a figure nobody has read only warns."""
    found = [breach(effect, facts.contract.reference) for effect in effects_of(facts)]
    return [each for each in found if each is not None]


def items_approved(facts: ClaimFacts) -> Found:
    """Under a one-line vote, cost outside the approved items needs the funder's approval first."""
    return [
        Breach(
            "claim.new-item",
            _("%(label)s is not an approved item of contract %(contract)s."),
            cure=_("Ask the funder to approve the item first, or charge the cost elsewhere."),
            source=_("One-line vote: spending outside approved items needs approval first"),
            params={"label": heading.label, "contract": facts.contract.reference},
        )
        for heading in wanted(facts)
        if heading in facts.contract.unapproved
    ]


def advance_was_given(facts: ClaimFacts) -> Found:
    """No more of an advance is cleared than was given, or than the claim comes to."""
    if not facts.advance:
        return []
    most = min(facts.advance_outstanding, owed(facts))
    if facts.advance <= most:
        return []
    return [
        Breach(
            "claim.advance-too-large",
            _("At most %(most)s of an advance can be cleared with this claim, not %(wanted)s."),
            cure=_("Lower the advance to be cleared; what is left of it is paid back to the project."),
            source=ACCOUNTING,
            params={"most": most, "wanted": facts.advance},
            field="advance",
        )
    ]


BUDGET_RULES = (within_spending_limit, within_budget, items_approved)
"""Rules about what is left: they hold until the cost is in the books."""

CLAIM_RULES = (
    has_lines,
    contract_takes_cost,
    *LINE_RULES,
    each_cost_once,
    *BUDGET_RULES,
    advance_was_given,
)
DECLARATIONS = (declared_as_spent, negative_list_declared)

PAYMENT_RULES = (*LINE_RULES, each_cost_once, *DECLARATIONS)
"""Looked at again before money leaves; the cost itself is in the books by then."""


def while_drafting(facts: ClaimFacts) -> list[Breach]:
    """Every rule the draft does not satisfy yet; the declarations come with the submission."""
    return [each for rule in CLAIM_RULES for each in rule(facts)]


def before_consent(facts: ClaimFacts) -> list[Breach]:
    """Every rule looked at on submission, check and approval, warnings included."""
    return [each for rule in (*CLAIM_RULES, *DECLARATIONS) for each in rule(facts)]


def before_payment(facts: ClaimFacts) -> list[Breach]:
    """Every rule looked at again before the payment."""
    return [each for rule in PAYMENT_RULES for each in rule(facts)]
