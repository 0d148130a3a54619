"""What drafting, signing, amending and closing ask for: facts in, breaches out, each with its source. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from app.contracts.states import FundingMode, TrancheCondition, WhitelistEffect
from app.contracts.terms.family import Family
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import Money, total

AGREEMENT = _("The agreement: a contract's instalments are the contract's amount")
ONE_CURRENCY = _("One contract, one currency; two currencies are never one pot")
FUND_TREE = _("A fund belongs to one institution and pays only that institution's contracts")
TERMS = _("Terms of the programme")
LUMP_SUM = _("Lump-sum contracting: commitment letter and negative list before signing")
DUTIES = _("Separation of duties")

Facts = TypeVar("Facts")


@dataclass(frozen=True, slots=True)
class TrancheFacts:
    """One instalment as it shall stand; `paid` is what is released or reserved under it already."""

    number: int
    amount: Money
    holdback: Money
    condition: TrancheCondition
    due_on: date
    milestone: str = ""
    paid: Money | None = None


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """A contract as drafted (or as an amendment would leave it), with what its parties and programme say."""

    family: Family
    mode: FundingMode
    currency: Currency
    amount: Money
    first_day: date
    last_day: date
    tranches: tuple[TrancheFacts, ...]
    budget: tuple[tuple[str, Money], ...]
    funder_id: UUID
    grantee_id: UUID
    party_ids: frozenset[UUID]
    programme_currency: Currency
    programme_active: bool
    pocket_currency: Currency
    pocket_funder_id: UUID
    account_owner_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SigningFacts:
    """What has to be there on the day of signing."""

    draft: DraftFacts
    holdback_percent: Decimal
    whitelist_effect: WhitelistEffect
    whitelist_kind: str
    whitelisted: bool
    available: Money
    letter_kept: bool
    negative_list_declared: bool
    minutes_required: bool
    minutes_kept: bool
    has_pi: bool
    signed_on: date
    today: date


@dataclass(frozen=True, slots=True)
class ClosingFacts:
    """What stands open when a contract is to be closed or ended."""

    open_obligations: tuple[str, ...]
    reserved_payments: tuple[str, ...]
    moving_payments: tuple[str, ...]
    open_amendments: tuple[int, ...]
    unvalued: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AmendmentFacts:
    """An amendment's effect: the contract as it shall stand, and what has already happened."""

    after: DraftFacts
    before_amount: Money
    available: Money
    committed: Money
    """Paid or reserved by disbursements: the amount cannot fall below it."""
    unchanged_since: bool
    differs: bool
    removed_paid: tuple[int, ...] = ()
    """Numbers of tranches that would fall away although something was paid or prepared under them."""


def collect(rules: Iterable[Callable[[Facts], Breach | None]], facts: Facts) -> list[Breach]:
    """Every breach of `rules`, in their order."""
    return [breach for rule in rules if (breach := rule(facts)) is not None]


def programme_takes_contracts(facts: DraftFacts) -> Breach | None:
    """A closed programme takes no new contract."""
    if facts.programme_active:
        return None
    return Breach(
        "contract.programme-closed",
        _("This programme takes no new contracts."),
        _("Choose another programme, or have this one opened again."),
        TERMS,
        field="programme_id",
    )


def currency_is_the_programmes(facts: DraftFacts) -> Breach | None:
    """A contract is in its programme's currency."""
    if facts.currency is facts.programme_currency and facts.amount.currency is facts.currency:
        return None
    return Breach(
        "contract.currency",
        _("The contract is in %(currency)s, the programme in %(programme)s."),
        _("Use the programme's currency; a joint project is several contracts."),
        ONE_CURRENCY,
        {"currency": facts.currency, "programme": facts.programme_currency},
        "currency",
    )


def pocket_is_the_funders(facts: DraftFacts) -> Breach | None:
    """The pocket belongs to the funder and holds the contract's currency."""
    if facts.pocket_funder_id == facts.funder_id and facts.pocket_currency is facts.currency:
        return None
    return Breach(
        "contract.pocket",
        _("This pocket is not one of the funder's in %(currency)s."),
        _("Choose a pocket of the funder in the contract's currency."),
        FUND_TREE,
        {"currency": facts.currency},
        "pocket_id",
    )


def mode_is_the_familys(facts: DraftFacts) -> Breach | None:
    """The funding mode is one that the terms family knows."""
    if facts.mode in facts.family.modes:
        return None
    return Breach(
        "contract.mode",
        _("These terms do not know this funding mode."),
        _("Choose the mode of the programme's terms."),
        TERMS,
        field="funding_mode",
    )


def two_parties(facts: DraftFacts) -> Breach | None:
    """Nobody contracts with themselves."""
    if facts.funder_id != facts.grantee_id:
        return None
    return Breach(
        "contract.one-party",
        _("Funder and grantee are the same institution."),
        _("Choose another grantee."),
        _("A contract has one funder and one grantee institution"),
        field="grantee_id",
    )


def grantee_takes_part(facts: DraftFacts) -> Breach | None:
    """The grantee is a party of the project."""
    if facts.grantee_id in facts.party_ids:
        return None
    return Breach(
        "contract.grantee-not-party",
        _("The grantee is not a party of the project."),
        _("Add the institution to the project first."),
        _("A contract funds a project of the grantee"),
        field="grantee_id",
    )


def account_is_the_grantees(facts: DraftFacts) -> Breach | None:
    """The account that is paid belongs to the grantee."""
    if facts.account_owner_id in (None, facts.grantee_id):
        return None
    return Breach(
        "contract.account",
        _("The account belongs to another institution."),
        _("Choose one of the grantee's accounts."),
        _("The payee is the grantee"),
        field="grantee_account_id",
    )


def tranches_make_the_amount(facts: DraftFacts) -> Breach | None:
    """Instalments sum to the contract's amount exactly."""
    summed = total((tranche.amount for tranche in facts.tranches), facts.currency)
    if facts.tranches and summed == facts.amount:
        return None
    return Breach(
        "contract.tranches-sum",
        _("The tranches come to %(sum)s, the contract to %(amount)s."),
        _("Correct a tranche or the amount: the difference is %(difference)s."),
        AGREEMENT,
        {"sum": summed, "amount": facts.amount, "difference": abs(facts.amount - summed)},
        "amount",
    )


def holdback_within_tranche(facts: DraftFacts) -> Breach | None:
    """A tranche holds back at most its own amount."""
    for tranche in facts.tranches:
        if tranche.holdback.minor < 0 or tranche.holdback > tranche.amount:
            return Breach(
                "contract.holdback",
                _("Tranche %(number)s holds back more than its amount."),
                _("Lower the holdback."),
                AGREEMENT,
                {"number": tranche.number},
                f"tranches-{tranche.number - 1}-holdback",
            )
    return None


def milestones_are_named(facts: DraftFacts) -> Breach | None:
    """A milestone that nobody named cannot be confirmed."""
    for tranche in facts.tranches:
        if tranche.condition is TrancheCondition.MILESTONE and not tranche.milestone:
            return Breach(
                "contract.milestone-unnamed",
                _("Tranche %(number)s waits for a milestone without a name."),
                _("Write what has to be reached."),
                AGREEMENT,
                {"number": tranche.number},
                f"tranches-{tranche.number - 1}-milestone",
            )
    return None


def budget_follows_the_mode(facts: DraftFacts) -> Breach | None:
    """By heading under itemised terms; on the total only otherwise."""
    if facts.family.budget_by_heading(facts.mode):
        known = {row.code for row in facts.family.rows}
        wrong = [heading for heading, _amount in facts.budget if heading not in known]
        if facts.budget and not wrong and len({h for h, _a in facts.budget}) == len(facts.budget):
            return None
        return Breach(
            "contract.budget-headings",
            _("These terms ask for a budget by heading, each heading once."),
            _("Enter the budget under the headings of the terms."),
            TERMS,
            {"headings": ", ".join(wrong)},
            "budget",
        )
    if not facts.budget:
        return None
    return Breach(
        "contract.budget-not-by-heading",
        _("Under these terms there is no budget by heading."),
        _("Leave the headings empty; the total is the contract's amount."),
        TERMS,
        field="budget",
    )


def budget_makes_the_amount(facts: DraftFacts) -> Breach | None:
    """A budget by heading sums to the contract's amount exactly."""
    if not facts.budget:
        return None
    summed = total((amount for _heading, amount in facts.budget), facts.currency)
    if summed == facts.amount:
        return None
    return Breach(
        "contract.budget-sum",
        _("The headings come to %(sum)s, the contract to %(amount)s."),
        _("Correct a heading or the amount: the difference is %(difference)s."),
        AGREEMENT,
        {"sum": summed, "amount": facts.amount, "difference": abs(facts.amount - summed)},
        "budget",
    )


def days_in_order(facts: DraftFacts) -> Breach | None:
    """A contract does not end before it begins."""
    if facts.first_day <= facts.last_day:
        return None
    return Breach(
        "contract.days",
        _("The last day %(last)s lies before the first day %(first)s."),
        _("Correct one of the days."),
        AGREEMENT,
        {"first": facts.first_day, "last": facts.last_day},
        "last_day",
    )


def enough_held_back(facts: SigningFacts) -> Breach | None:
    """What waits for the final account is at least the programme's holdback."""
    wanted = Money.rounded(facts.draft.amount.amount * facts.holdback_percent / 100, facts.draft.currency)
    waiting = total(
        (
            tranche.amount if tranche.condition is TrancheCondition.FINAL_ACCOUNT else tranche.holdback
            for tranche in facts.draft.tranches
        ),
        facts.draft.currency,
    )
    if waiting >= wanted:
        return None
    return Breach(
        "contract.holdback-short",
        _("%(waiting)s waits for the final account; the programme holds back %(percent)s %%, that is %(wanted)s."),
        _("Raise a holdback, or let the last tranche wait for the final account."),
        TERMS,
        {"waiting": waiting, "wanted": wanted, "percent": f"{facts.holdback_percent.normalize():f}"},
    )


def whitelist_is_satisfied(facts: SigningFacts) -> Breach | None:
    """Where the terms block without a listing, the grantee is listed on the day."""
    if facts.whitelisted or facts.whitelist_effect is WhitelistEffect.INFORM:
        return None
    blocks = facts.whitelist_effect is WhitelistEffect.BLOCK
    return Breach(
        "contract.not-whitelisted",
        _("The grantee does not stand on the list %(kind)s today."),
        _("Have it listed first.") if blocks else _("Without the listing the full set of documents is needed."),
        TERMS,
        {"kind": facts.whitelist_kind},
        blocking=blocks,
    )


def pocket_has_enough(facts: SigningFacts) -> Breach | None:
    """Signing holds the whole amount on the pocket."""
    if facts.available >= facts.draft.amount:
        return None
    return Breach(
        "contract.pocket-short",
        _("The pocket has %(available)s available, the contract needs %(amount)s."),
        _("Allocate more to the sub-fund, or lower the contract."),
        _("Signing reserves the contract's amount; a pocket is never over-allocated"),
        {"available": facts.available, "amount": facts.draft.amount},
    )


def letter_is_kept(facts: SigningFacts) -> Breach | None:
    """Lump sum: the grantee's signed commitment letter comes first."""
    if facts.draft.mode is not FundingMode.LUMP_SUM or facts.letter_kept:
        return None
    return Breach(
        "contract.no-commitment-letter",
        _("The grantee's signed commitment letter is missing."),
        _("The grantee's PI or finance officer uploads it on this page."),
        LUMP_SUM,
    )


def negative_list_is_declared(facts: SigningFacts) -> Breach | None:
    """The parties have declared that they know what the grant never pays."""
    if facts.negative_list_declared:
        return None
    return Breach(
        "contract.negative-list",
        _("The negative list has not been declared against."),
        _("Edit the draft and tick the declaration."),
        LUMP_SUM,
        field="negative_list_declared",
    )


def minutes_are_kept(facts: SigningFacts) -> Breach | None:
    """Where the terms ask for a collective decision, its minutes are kept."""
    if not facts.minutes_required or facts.minutes_kept:
        return None
    return Breach(
        "contract.no-minutes",
        _("The minutes of the collective decision are missing."),
        _("Upload them on this page."),
        TERMS,
    )


def project_has_pi(facts: SigningFacts) -> Breach | None:
    """Somebody answers for the project."""
    if facts.has_pi:
        return None
    return Breach(
        "contract.no-pi",
        _("The project has no principal investigator."),
        _("Add one to the project."),
        _("The principal investigator certifies the use of funds"),
    )


def signed_on_a_past_day(facts: SigningFacts) -> Breach | None:
    """A signature is not dated ahead."""
    if facts.signed_on <= facts.today:
        return None
    return Breach(
        "contract.signed-ahead",
        _("The day of signing %(day)s has not come yet."),
        _("Enter the day the agreement was signed."),
        AGREEMENT,
        {"day": facts.signed_on},
        "signed_on",
    )


def obligations_are_settled(facts: ClosingFacts) -> Breach | None:
    """Nothing is owed any more when a contract closes."""
    if not facts.open_obligations:
        return None
    return Breach(
        "contract.obligations-open",
        _("Still owed: %(list)s."),
        _("Accept or waive them first."),
        TERMS,
        {"list": ", ".join(facts.open_obligations)},
    )


def nothing_is_reserved(facts: ClosingFacts) -> Breach | None:
    """No approved payment waits for its release."""
    if not facts.reserved_payments:
        return None
    return Breach(
        "contract.payments-reserved",
        _("Approved payments wait for release: %(list)s."),
        _("Release, recall or cancel them first."),
        _("Closing or ending a contract releases what is still held"),
        {"list": ", ".join(facts.reserved_payments)},
    )


def nothing_is_moving(facts: ClosingFacts) -> Breach | None:
    """No payment is under way or being prepared."""
    if not facts.moving_payments:
        return None
    return Breach(
        "contract.payments-open",
        _("Payments are under way: %(list)s."),
        _("Wait until they have settled, or cancel those not yet approved."),
        _("A closed contract takes no further payment"),
        {"list": ", ".join(facts.moving_payments)},
    )


def no_amendment_waits(facts: ClosingFacts) -> Breach | None:
    """No amendment is waiting for a decision."""
    if not facts.open_amendments:
        return None
    return Breach(
        "contract.amendment-waiting",
        _("Amendment %(number)s waits for a decision."),
        _("Approve, refuse or withdraw it first."),
        AGREEMENT,
        {"number": facts.open_amendments[0]},
    )


def amendment_changes_something(facts: AmendmentFacts) -> Breach | None:
    """An amendment that changes nothing is not one."""
    if facts.differs:
        return None
    return Breach(
        "amendment.no-change",
        _("Nothing would change."),
        _("Change the amount, the days, a tranche or the budget."),
        AGREEMENT,
    )


def contract_is_as_proposed_upon(facts: AmendmentFacts) -> Breach | None:
    """What the proposer saw as before still stands."""
    if facts.unchanged_since:
        return None
    return Breach(
        "amendment.outdated",
        _("The contract has changed since this amendment was proposed."),
        _("Withdraw it and propose it again from the contract as it stands."),
        DUTIES,
    )


def amount_covers_commitments(facts: AmendmentFacts) -> Breach | None:
    """A contract cannot fall below what was paid or approved under it."""
    if facts.after.amount >= facts.committed:
        return None
    return Breach(
        "amendment.below-committed",
        _("%(committed)s has been paid or approved; the amount cannot fall below it."),
        _("Raise the amount, or cancel approved payments first."),
        AGREEMENT,
        {"committed": facts.committed},
        "amount",
    )


def tranches_cover_payments(facts: AmendmentFacts) -> Breach | None:
    """No tranche falls below what was paid or approved under it."""
    for tranche in facts.after.tranches:
        if tranche.paid is not None and tranche.amount < tranche.paid:
            return Breach(
                "amendment.tranche-below-paid",
                _("%(paid)s has been paid or approved under tranche %(number)s."),
                _("Raise this tranche."),
                AGREEMENT,
                {"paid": tranche.paid, "number": tranche.number},
                f"tranches-{tranche.number - 1}-amount",
            )
    return None


def paid_tranches_stay(facts: AmendmentFacts) -> Breach | None:
    """A tranche under which a payment stands does not fall away."""
    if not facts.removed_paid:
        return None
    return Breach(
        "amendment.tranche-gone",
        _("Tranche %(number)s has payments and cannot fall away."),
        _("Keep it with at least what was paid."),
        AGREEMENT,
        {"number": facts.removed_paid[0]},
        "tranches",
    )


def pocket_covers_increase(facts: AmendmentFacts) -> Breach | None:
    """An increase is held on the pocket like the amount at signing."""
    increase = facts.after.amount - facts.before_amount
    if increase <= facts.available:
        return None
    return Breach(
        "amendment.pocket-short",
        _("The pocket has %(available)s available, the increase needs %(increase)s."),
        _("Allocate more to the sub-fund first."),
        _("A pocket is never over-allocated"),
        {"available": facts.available, "increase": increase},
        "amount",
    )


SHAPE_RULES: tuple[Callable[[DraftFacts], Breach | None], ...] = (
    tranches_make_the_amount,
    holdback_within_tranche,
    milestones_are_named,
    budget_follows_the_mode,
    budget_makes_the_amount,
    days_in_order,
)
"""What a contract's figures and days have to satisfy, when drafted and when amended."""

DRAFT_RULES: tuple[Callable[[DraftFacts], Breach | None], ...] = (
    programme_takes_contracts,
    currency_is_the_programmes,
    pocket_is_the_funders,
    mode_is_the_familys,
    two_parties,
    grantee_takes_part,
    account_is_the_grantees,
    *SHAPE_RULES,
)

SIGNING_RULES: tuple[Callable[[SigningFacts], Breach | None], ...] = (
    whitelist_is_satisfied,
    pocket_has_enough,
    letter_is_kept,
    negative_list_is_declared,
    minutes_are_kept,
    enough_held_back,
    project_has_pi,
    signed_on_a_past_day,
)


def what_is_left_can_be_valued(facts: ClosingFacts) -> Breach | None:
    """Foreign money left under the contract has a rate, so that its exchange position can be closed out."""
    if not facts.unvalued:
        return None
    return Breach(
        "contract.rate-missing",
        _("There is no rate to close out the exchange position in %(list)s."),
        _("Ask an accountant to enter and confirm a rate."),
        _("Exchange differences: realised when the pair closes out"),
        {"list": ", ".join(facts.unvalued)},
    )


CLOSING_RULES: tuple[Callable[[ClosingFacts], Breach | None], ...] = (
    obligations_are_settled,
    nothing_is_reserved,
    nothing_is_moving,
    no_amendment_waits,
    what_is_left_can_be_valued,
)

TERMINATION_RULES: tuple[Callable[[ClosingFacts], Breach | None], ...] = (nothing_is_reserved,)

AMENDMENT_RULES: tuple[Callable[[AmendmentFacts], Breach | None], ...] = (
    amendment_changes_something,
    contract_is_as_proposed_upon,
    amount_covers_commitments,
    tranches_cover_payments,
    paid_tranches_stay,
    pocket_covers_increase,
)
