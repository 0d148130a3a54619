"""Pure checks of a return: facts in, every breach out, each wrong row named by its line and column.

Row by row the rules of journals decide, so that cost from a file is judged as cost that is typed in. What counts over
all rows together (limits, advances, declarations) is judged here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from app.budgets.rules import Effect, LimitKind, LimitStanding, breach, effects
from app.journals import rules as journals
from app.journals.facts import JournalFacts, LineChecked
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.messages import Words, _
from app.kernel.money import Money, total
from app.ledger.headings import Heading
from app.returns import orders
from app.returns.columns import Column
from app.returns.facts import Charged, ReturnFacts
from app.returns.kinds import AS_JOURNAL, MOVES_MONEY
from app.returns.rows import fault, said
from app.returns.states import RowKind

Found = list[Breach]
OWN_ACCOUNTS = _("Project money moves over verified accounts of the institution itself")
SAME_KEY = _("A row is known by its key; what was posted is corrected by red ink, a refund or a cost transfer")


def _column(facts: ReturnFacts, column: Column) -> str | Words:
    return facts.columns.get(column.value) or said(column)


def dated_today_or_earlier(facts: ReturnFacts) -> Found:
    """Nothing is booked before it happened."""
    message = _("Line %(line)s is dated %(day)s, which is after today.")
    name = _column(facts, Column.COST_ON)
    return [
        fault("in-future", each.row.line, name, message, day=each.row.cost_on.isoformat())
        for each in facts.new
        if each.row.cost_on > facts.today
    ]


def in_open_months(facts: ReturnFacts) -> Found:
    """A closed month takes no posting."""
    message = _("Line %(line)s is dated %(day)s, in a month that is closed in this book.")
    cure = _("Ask for the month to be opened, or leave the row for a red-ink correction in an open month.")
    name = _column(facts, Column.COST_ON)
    return [
        fault("month-closed", each.row.line, name, message, cure, day=each.row.cost_on.isoformat())
        for each in facts.new
        if each.row.kind is not RowKind.ORDER and each.row.cost_on.replace(day=1) in facts.closed_months
    ]


_BY_ROW: tuple[tuple[Callable[[JournalFacts], Found], Column], ...] = (
    (journals.contract_takes_cost, Column.ROW_KEY),
    (journals.within_contract_dates, Column.COST_ON),
    (journals.headings_named, Column.HEADING),
    (journals.rate_present, Column.CURRENCY),
)
"""Rules of journals that hold for each row by itself, with the column that a breach is about."""


def as_journals(facts: ReturnFacts) -> Found:
    """Each row by the rules that a journal of its kind obeys."""
    found: Found = []
    for each in facts.new:
        judged = _as_journal(facts, each)
        for rule, column in _BY_ROW:
            found += [_at(one, each, _column(facts, column)) for one in rule(judged)]
        if facts.has_bank_account and each.row.kind in MOVES_MONEY:
            wrong = journals.bank_account_fits(judged)
            found += [_at(one, each, _column(facts, Column.CURRENCY)) for one in wrong]
    return found


def _as_journal(facts: ReturnFacts, each: Charged) -> JournalFacts:
    row = each.row
    line = LineChecked(row.line, facts.contract, None, row.heading, row.amount, each.booked)
    return JournalFacts(
        kind=AS_JOURNAL[row.kind],
        institution_id=facts.contract.grantee_id,
        effective_on=row.cost_on,
        today=facts.today,
        bank_account_currency=facts.bank_currency,
        has_bank_account=facts.has_bank_account,
        negative_list_declared=facts.negative_list_declared,
        has_evidence=True,
        old_transfer_days=0,
        lines=(line,),
    )


def _at(found: Breach, each: Charged, column: str | Words) -> Breach:
    params = {**found.params, "line": each.row.line, "column": column}
    return replace(found, params=params, field="file")


def bank_account_of_the_institution(facts: ReturnFacts) -> Found:
    """The bank account, where one is named, is the institution's own."""
    if not facts.has_bank_account or facts.bank_currency is not None:
        return []
    return [
        Breach(
            "returns.bank-account",
            _("The bank account is not a verified account of this institution."),
            source=OWN_ACCOUNTS,
            cure=_("Choose one of its accounts, or none where project money is pooled."),
            field="bank_account_id",
        )
    ]


def keys_keep_their_content(facts: ReturnFacts) -> Found:
    """A key that came before says the same as before."""
    message = _("Line %(line)s: row “%(key)s” came with return %(reference)s and said something else.")
    cure = _("Give the row the content it had, or another key where it is another cost.")
    name = _column(facts, Column.ROW_KEY)
    found = []
    for each in facts.rows:
        known = facts.known.get(each.row.key)
        if known is not None and known.digest != each.row.digest:
            params = {"key": each.row.key, "reference": known.reference}
            found.append(replace(fault("key-changed", each.row.line, name, message, cure, **params), source=SAME_KEY))
    return found


def brings_something_new(facts: ReturnFacts) -> Found:
    """At least one row has not come before."""
    if facts.new or not facts.rows:
        return []
    message = _("Every row of the file came with an earlier return; there is nothing to submit.")
    return [Breach("returns.nothing-new", message, cure=_("Withdraw this return."), source=SAME_KEY, field="file")]


def negative_list_declared(facts: ReturnFacts) -> Found:
    """Under a lump sum every cost is declared against the negative list."""
    if facts.negative_list_declared or not facts.contract.is_lump_sum or not any(each.is_cost for each in facts.new):
        return []
    return [
        Breach(
            "returns.negative-list",
            _("Cost under a lump-sum contract is declared against the negative list NL01 to NL12."),
            cure=_("Read the list below and tick the declaration, or take the cost out."),
            source=_("Lump-sum contracting: negative list"),
            field="negative_list_declared",
        )
    ]


def wanted(facts: ReturnFacts, within: LimitStanding | None = None) -> dict[Heading, Money]:
    """What the new rows take by heading, in the contract's currency, less what they give back and what orders covered.

    Of one limit's days only, where it has days. Goods given count against a line, not against the whole: they bring
    their own income.
    """
    nil = Money.zero(facts.contract.currency)
    found: dict[Heading, Money] = {}
    in_kind_counts = within is None or within.kind is not LimitKind.WHOLE
    for each in facts.new:
        taken, heading = each.takes, each.row.heading
        if taken is None or heading is None or (within is not None and not within.counts(each.row.cost_on)):
            continue
        if each.row.kind is RowKind.SPONSORSHIP_IN_KIND and not in_kind_counts:
            continue
        found[heading] = found.get(heading, nil) + taken
    changed = orders.committed(facts.orders, orders.after(facts.orders, facts.new))
    for heading, amount in changed.items():
        if amount:
            found[heading] = found.get(heading, nil) + amount
    return found


def income(facts: ReturnFacts) -> Money:
    """What the return's own income in money adds to what may be spent, in the contract's currency."""
    kinds = (RowKind.INTEREST, RowKind.SPONSORSHIP_CASH)
    amounts = (each.booked for each in facts.new if each.row.kind in kinds and each.booked is not None)
    return total(amounts, facts.contract.currency)


def effects_of(facts: ReturnFacts) -> tuple[Effect, ...]:
    """What the return would leave of every limit it touches; a limit of a year counts the rows of its days."""
    return tuple(
        effect for limit in facts.contract.limits for effect in effects([limit], wanted(facts, limit), limit.first_day)
    )


def within_spending_limit(facts: ReturnFacts) -> Found:
    """Cost stays within what the terms let be spent: money received, or the amount contracted, and other income."""
    whole = next((each for each in facts.contract.limits if each.kind is LimitKind.WHOLE), None)
    left = facts.contract.spendable + income(facts)
    taken = wanted(facts, whole) if whole is not None else _without_gifts(facts)
    needed = total(taken.values(), facts.contract.currency)
    if needed <= left or needed.minor <= 0:
        return []
    return [
        Breach(
            "returns.beyond-limit",
            _("Contract %(contract)s has %(left)s left to spend; these lines need %(wanted)s."),
            cure=_("Lower the cost, charge it elsewhere, or wait for the next tranche."),
            source=facts.contract.limit_source,
            params={"contract": facts.contract.reference, "left": left, "wanted": needed},
        )
    ]


def _without_gifts(facts: ReturnFacts) -> dict[Heading, Money]:
    rows = tuple(each for each in facts.rows if each.row.kind is not RowKind.SPONSORSHIP_IN_KIND)
    return wanted(replace(facts, rows=rows))


def within_budget(facts: ReturnFacts) -> Found:
    """Cost stays within the lines of the budget and the ratios of the terms; a figure nobody has read only warns."""
    found = [breach(effect, facts.contract.reference) for effect in effects_of(facts)]
    return [each for each in found if each is not None]


def items_approved(facts: ReturnFacts) -> Found:
    """Under a one-line vote, cost outside the approved items needs the funder's approval first."""
    message = _("Line %(line)s: %(label)s is not an approved item of contract %(contract)s.")
    first: dict[Heading, Charged] = {}
    for each in facts.new:
        if each.is_cost and each.row.heading in facts.contract.unapproved:
            first.setdefault(each.row.heading, each)
    return [
        replace(
            fault(
                "new-item",
                each.row.line,
                _column(facts, Column.HEADING),
                message,
                _("Ask the funder to approve the item first, or charge the cost elsewhere."),
                label=heading.label,
                contract=facts.contract.reference,
            ),
            source=_("One-line vote: spending outside approved items needs approval first"),
        )
        for heading, each in first.items()
    ]


def advances_were_given(facts: ReturnFacts) -> Found:
    """No more of an advance is cleared than was given, before or by this return."""
    left: dict[Currency, Money] = {}
    for sign, kind in ((1, RowKind.ADVANCE), (-1, RowKind.ADVANCE_CLEARED)):
        for each in facts.new:
            if each.row.kind is kind:
                currency = each.row.amount.currency
                before = left.get(currency, facts.advances.get(currency, Money.zero(currency)))
                left[currency] = before + (each.row.amount if sign > 0 else -each.row.amount)
    return [
        Breach(
            "returns.nothing-outstanding",
            _("The rows clear %(beyond)s more of advances than was given."),
            cure=_("Enter the advance first, or lower the amount."),
            source=_("Accounting of events: an advance is cleared only as far as it was given"),
            params={"beyond": -amount},
            field="file",
        )
        for amount in left.values()
        if amount.minor < 0
    ]


def repeated_within_the_file(facts: ReturnFacts) -> Found:
    """The same document of the same payee with the same day and amount on two rows is pointed out."""

    def document_of(each: Charged) -> tuple[object, ...]:
        row = each.row
        return (row.document_code, row.document_number, row.payee, row.cost_on, row.amount, row.heading)

    numbered = [each for each in facts.new if each.row.document_number and each.row.kind is not RowKind.ORDER]
    counted = Counter(document_of(each) for each in numbered)
    seen: set[tuple[object, ...]] = set()
    found = []
    message = _("Line %(line)s repeats document %(number)s of another row, with the same day and amount.")
    for each in numbered:
        if counted[document_of(each)] > 1 and document_of(each) in seen:
            name, cure = _column(facts, Column.DOCUMENT_NUMBER), _("Leave it out if it is the same cost.")
            number = each.row.document_number
            found.append(replace(fault("repeated", each.row.line, name, message, cure, number=number), blocking=False))
        seen.add(document_of(each))
    return found


RULES = (
    dated_today_or_earlier,
    in_open_months,
    as_journals,
    bank_account_of_the_institution,
    keys_keep_their_content,
    brings_something_new,
    negative_list_declared,
    within_spending_limit,
    within_budget,
    items_approved,
    advances_were_given,
    repeated_within_the_file,
)


def breaches(facts: ReturnFacts) -> list[Breach]:
    """Every rule the return does not satisfy, warnings included."""
    return [each for rule in RULES for each in rule(facts)]


def commitments(facts: ReturnFacts) -> Mapping[tuple[Heading, date], Money]:
    """What the return commits while it waits, by heading and day: its cost, less what an open order covers already.

    Refunds, red ink and goods given commit nothing.
    """
    covered = orders.after(facts.orders, facts.new).covered
    found: dict[tuple[Heading, date], Money] = {}
    for each in facts.new:
        taken, heading = each.takes, each.row.heading
        if taken is None or heading is None or taken.minor <= 0 or each.row.kind is RowKind.SPONSORSHIP_IN_KIND:
            continue
        if each.row.key in covered:
            taken = taken - covered[each.row.key]
        if taken.minor > 0:
            key = (heading, each.row.cost_on)
            found[key] = found.get(key, Money.zero(taken.currency)) + taken
    return found
