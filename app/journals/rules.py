"""Pure checks of a journal: facts in, every breach out."""

from __future__ import annotations

from uuid import UUID

from app.budgets.rules import Effect, breach, effects
from app.contracts.facts import CostBearer
from app.journals.facts import (
    JournalFacts as JournalFacts,
    LineChecked as LineChecked,
    MovedEntry as MovedEntry,
    ReversalChecked as ReversalChecked,
)
from app.journals.states import JournalKind
from app.journals.transfer_rules import SOURCE as TRANSFERS, TRANSFER_RULES
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import Money, total
from app.ledger.headings import Heading

Found = list[Breach]


def _on_line(line: LineChecked, name: str) -> str:
    return f"lines-{line.number - 1}-{name}"


def dated_today_or_earlier(facts: JournalFacts) -> Found:
    """Nothing is booked before it happened."""
    if facts.effective_on <= facts.today:
        return []
    return [
        Breach(
            "journal.in-future",
            _("The journal is dated %(day)s, which is after today."),
            cure=_("Enter the date of the cost or receipt."),
            source=_("Dates are those of cost, not of entry"),
            params={"day": facts.effective_on.isoformat()},
            field="effective_on",
        )
    ]


def own_contracts(facts: JournalFacts) -> Found:
    """Every line is on a contract whose grantee keeps this book."""
    wrong = [
        line
        for line in facts.lines
        if any(c is not None and c.grantee_id != facts.institution_id for c in (line.contract, line.to_contract))
    ]
    return [
        Breach(
            "journal.other-institution",
            _("Line %(line)s: the contract belongs to another institution's book."),
            cure=_("Choose a contract of this institution."),
            source=_("A book holds its own institution's contracts"),
            params={"line": line.number},
            field=_on_line(line, "contract_id"),
        )
        for line in wrong
    ]


def contract_takes_cost(facts: JournalFacts) -> Found:
    """Cost goes to a contract that is active, suspended or closing; income may come later too."""
    if not (facts.row.is_cost or facts.kind is JournalKind.COST_TRANSFER):
        return []
    wrong = [line for line in facts.lines if not line.target.takes_cost]
    return [
        Breach(
            "journal.contract-closed",
            _("Line %(line)s: contract %(contract)s takes no cost in its present status."),
            cure=_("Choose another contract, or ask the funder to change the contract's status."),
            source=_("Contract statuses"),
            params={"line": line.number, "contract": line.target.reference},
            field=_on_line(line, "contract_id"),
        )
        for line in wrong
    ]


def within_contract_dates(facts: JournalFacts) -> Found:
    """Cost is dated within the contract; the closing audit fee may come after the end."""
    if not facts.row.is_cost:
        return []
    found = []
    for line in facts.lines:
        late_allowed = line.heading is Heading.AUDIT_FEE
        inside = line.contract.first_day <= facts.effective_on and (
            late_allowed or facts.effective_on <= line.contract.last_day
        )
        if not inside:
            found.append(
                Breach(
                    "journal.outside-dates",
                    _("Line %(line)s: the date of cost lies outside contract %(contract)s (%(first)s to %(last)s)."),
                    cure=_("Enter the date the cost was incurred, or charge it elsewhere."),
                    source=_("Negative list NL11: spending before the start or after the end"),
                    params={
                        "line": line.number,
                        "contract": line.contract.reference,
                        "first": line.contract.first_day.isoformat(),
                        "last": line.contract.last_day.isoformat(),
                    },
                    field="effective_on",
                )
            )
    return found


def headings_named(facts: JournalFacts) -> Found:
    """Kinds that book cost name a heading on every line."""
    if not facts.row.needs_heading:
        return []
    return [
        Breach(
            "journal.heading-missing",
            _("Line %(line)s names no heading."),
            cure=_("Choose where the cost belongs."),
            source=_("Statements are made by heading"),
            params={"line": line.number},
            field=_on_line(line, "heading"),
        )
        for line in facts.lines
        if line.heading is None
    ]


def bank_account_fits(facts: JournalFacts) -> Found:
    """Where money moved, and only there, the bank account is named and every line is in its currency."""
    if facts.row.needs_bank_account and not facts.has_bank_account:
        return [
            Breach(
                "journal.bank-account-missing",
                _("This kind of journal moves money, but names no bank account."),
                cure=_("Choose the account the money moved on."),
                source=_("Accounting of events"),
                field="bank_account_id",
            )
        ]
    if not facts.has_bank_account:
        return []
    if not facts.row.takes_bank_account:
        return [
            Breach(
                "journal.bank-account-unused",
                _("This kind of journal moves no money at a bank, but names a bank account."),
                cure=_("Leave the bank account out, or choose the kind of journal that pays or receives."),
                source=_("Accounting of events"),
                field="bank_account_id",
            )
        ]
    return [
        Breach(
            "journal.bank-account-currency",
            _("Line %(line)s is in %(currency)s, the bank account is not."),
            cure=_("Enter the amount that moved on the account, in the account's currency."),
            source=_("Two currencies never meet on one account"),
            params={"line": line.number, "currency": line.amount.currency.value},
            field=_on_line(line, "amount"),
        )
        for line in facts.lines
        if facts.bank_account_currency is not line.amount.currency
    ]


def rate_present(facts: JournalFacts) -> Found:
    """A line in another currency than its contract's needs a confirmed, fresh booking rate."""
    return [
        Breach(
            "rate.missing",
            _("Line %(line)s: no fresh booking rate for %(currency)s on that date."),
            cure=_("Ask an accountant to enter and confirm the rate of the day, then submit again."),
            source=_("Nothing is booked at a guessed rate"),
            params={"line": line.number, "currency": line.amount.currency.value},
            field=_on_line(line, "amount"),
        )
        for line in facts.lines
        if line.booked is None
    ]


def negative_list_declared(facts: JournalFacts) -> Found:
    """Under a lump sum every cost is declared against the negative list."""
    if not facts.row.is_cost or facts.negative_list_declared:
        return []
    if not any(line.contract.is_lump_sum for line in facts.lines):
        return []
    return [
        Breach(
            "journal.negative-list",
            _("Cost under a lump-sum contract is declared against the negative list NL01 to NL12."),
            cure=_("Read the list below and tick the declaration, or take the cost out."),
            source=_("Lump-sum contracting: negative list"),
            field="negative_list_declared",
        )
    ]


def within_spending_limit(facts: JournalFacts) -> Found:
    """Cost stays within what the terms let be spent: money received, or the amount contracted."""
    needed = [
        (contract, total(wanted.values(), contract.currency)) for contract, wanted, _ in wanted_by_contract(facts)
    ]
    return [
        Breach(
            "journal.beyond-limit",
            _("Contract %(contract)s has %(left)s left to spend; these lines need %(wanted)s."),
            cure=_("Lower the cost, charge it elsewhere, or wait for the next tranche."),
            source=contract.limit_source,
            params={"contract": contract.reference, "left": str(contract.spendable), "wanted": str(amount)},
        )
        for contract, amount in needed
        if amount.minor > 0 and amount > contract.spendable
    ]


def wanted_by_contract(facts: JournalFacts) -> tuple[tuple[CostBearer, dict[Heading, Money], int], ...]:
    """Cost these lines would add, by contract and heading in the contract's currency, with the first line's number.

    A correction between headings of one contract takes from the one what it adds to the other.
    """
    if not (facts.row.is_cost or facts.kind is JournalKind.COST_TRANSFER):
        return ()
    wanted: dict[UUID, tuple[CostBearer, dict[Heading, Money], int]] = {}
    for line in facts.lines:
        target = line.target
        heading = line.target_heading or (Heading.BANK_CHARGE if facts.kind is JournalKind.BANK_CHARGE else None)
        if line.booked is None or heading is None or line.booked.currency is not target.currency:
            continue
        _contract, by_heading, _number = wanted.setdefault(target.contract_id, (target, {}, line.number))
        nil = Money.zero(target.currency)
        by_heading[heading] = by_heading.get(heading, nil) + line.booked
        if line.to_heading is not None and line.heading is not None and target.contract_id == line.contract.contract_id:
            by_heading[line.heading] = by_heading.get(line.heading, nil) - line.booked
    return tuple(wanted.values())


def committed_by(facts: JournalFacts) -> tuple[tuple[CostBearer, Heading, Money], ...]:
    """What a journal commits while it waits; a correction within a contract commits nothing."""
    within = {line.contract.contract_id for line in facts.lines} if facts.kind is JournalKind.COST_TRANSFER else set()
    return tuple(
        (contract, heading, amount)
        for contract, wanted, _number in wanted_by_contract(facts)
        if contract.contract_id not in within
        for heading, amount in wanted.items()
        if amount.minor > 0
    )


def effects_of(facts: JournalFacts) -> tuple[tuple[CostBearer, tuple[Effect, ...]], ...]:
    """What these lines would leave of every limit they touch, contract by contract: the what-if of the form."""
    return tuple(
        (contract, effects(contract.limits, wanted, facts.effective_on))
        for contract, wanted, _ in wanted_by_contract(facts)
    )


def within_budget(facts: JournalFacts) -> Found:
    """Cost stays within the lines of the budget and the ratios of the terms; a figure nobody has read only warns."""
    found = []
    for contract, wanted, number in wanted_by_contract(facts):
        field = f"lines-{number - 1}-amount"
        found += [
            breach(effect, contract.reference, field) for effect in effects(contract.limits, wanted, facts.effective_on)
        ]
    return [each for each in found if each is not None]


def items_approved(facts: JournalFacts) -> Found:
    """Under a one-line vote, cost outside the approved items needs the funder's approval first."""
    return [
        Breach(
            "journal.new-item",
            _("%(label)s is not an approved item of contract %(contract)s."),
            cure=_("Ask the funder to approve the item first, or charge the cost elsewhere."),
            source=_("One-line vote: spending outside approved items needs approval first"),
            params={"label": heading.label, "contract": contract.reference},
            field=f"lines-{number - 1}-heading",
        )
        for contract, wanted, number in wanted_by_contract(facts)
        for heading, amount in wanted.items()
        if heading in contract.unapproved and amount.minor > 0
    ]


def settles_what_is_owed(facts: JournalFacts) -> Found:
    """A claim is paid, and an advance cleared, only as far as it was approved or given."""
    wanted: dict[tuple[UUID, Currency], Money] = {}
    found = []
    for line in facts.lines:
        if line.outstanding is None:
            continue
        key = (line.contract.contract_id, line.amount.currency)
        wanted[key] = wanted.get(key, Money.zero(line.amount.currency)) + line.amount
        if wanted[key] > line.outstanding:
            found.append(
                Breach(
                    "journal.nothing-outstanding",
                    _("Line %(line)s: only %(outstanding)s is outstanding on contract %(contract)s."),
                    cure=_("Enter the approved claim or the advance first, or lower the amount."),
                    source=_("Accounting of events"),
                    params={
                        "line": line.number,
                        "outstanding": str(line.outstanding),
                        "contract": line.contract.reference,
                    },
                    field=_on_line(line, "amount"),
                )
            )
    return found


def disallows_what_was_spent(facts: JournalFacts) -> Found:
    """No more is disallowed than stands on the heading: what is left there was never charged to the contract."""
    wanted: dict[tuple[UUID, Heading | None], Money] = {}
    found = []
    for line in facts.lines:
        if line.spent is None or line.booked is None:
            continue
        key = (line.contract.contract_id, line.heading)
        wanted[key] = wanted.get(key, Money.zero(line.booked.currency)) + line.booked
        if wanted[key] > line.spent:
            found.append(
                Breach(
                    "journal.disallowed-beyond",
                    _("Line %(line)s: only %(spent)s stands on this heading of contract %(contract)s."),
                    cure=_("Lower the amount, or choose the heading on which the cost stands."),
                    source=_("Accounting of events"),
                    params={
                        "line": line.number,
                        "spent": str(line.spent),
                        "contract": line.contract.reference,
                    },
                    field=_on_line(line, "amount"),
                )
            )
    return found


def reversal_possible(facts: JournalFacts) -> Found:
    """A reversal names an entry that a journal of this book posted and that nobody has reversed."""
    if facts.reversal is None:
        return []
    if not facts.reversal.posted_by_journal:
        return [
            Breach(
                "journal.not-reversible-here",
                _("That is not an entry which a journal of this book posted."),
                cure=_("Reverse a disbursement or a movement of funds on its own page."),
                source=_("Corrections are reversals"),
                field="reverses_entry_id",
            )
        ]
    if facts.reversal.reversed_already:
        return [
            Breach(
                "journal.reversed-already",
                _("That entry has been reversed already."),
                cure=_("Open the journal to see its reversal."),
                source=_("An entry is reversed at most once"),
                field="reverses_entry_id",
            )
        ]
    if facts.reversal.is_transfer or facts.reversal.moved:
        return [
            Breach(
                "journal.reversal-moved",
                _("A cost transfer has moved what this entry posted, or waits to."),
                cure=_("Move the cost back with another cost transfer first."),
                source=TRANSFERS,
                field="reverses_entry_id",
            )
        ]
    return []


def evidence_attached(facts: JournalFacts) -> Found:
    """A journal carries its evidence."""
    if facts.has_evidence:
        return []
    return [
        Breach(
            "journal.evidence-missing",
            _("No evidence is attached."),
            cure=_("Attach the voucher, payroll sheet, bank advice or memorandum as PDF, JPEG or PNG."),
            source=_("Every journal carries evidence and a second person"),
            field="evidence",
        )
    ]


SUBMISSION_RULES = (
    dated_today_or_earlier,
    own_contracts,
    contract_takes_cost,
    within_contract_dates,
    headings_named,
    bank_account_fits,
    rate_present,
    *TRANSFER_RULES,
    negative_list_declared,
    within_spending_limit,
    within_budget,
    items_approved,
    settles_what_is_owed,
    disallows_what_was_spent,
    reversal_possible,
    evidence_attached,
)


def breaches(facts: JournalFacts) -> list[Breach]:
    """Every rule the journal does not satisfy, warnings included."""
    return [breach for rule in SUBMISSION_RULES for breach in rule(facts)]
