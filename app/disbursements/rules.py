"""Every gate of a disbursement: facts in, one breach or none out, with its source, its cure and who can cure it. Pure.

All gates of a stage are looked at together, at submission, at approval and again at release, and shown at once: met, to
note (a breach that does not block) or blocking. A new rule is a function and a line in GATES.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.contracts.states import ContractStatus, TrancheCondition, WhitelistEffect
from app.disbursements.facts import DocumentPart, Facts, Stage
from app.kernel.breaches import Breach
from app.kernel.messages import Words, _
from app.kernel.money import Money

GRANT_AGREEMENT = _("Contract, conditions of payment")
SCHEDULE = _("Contract, schedule of tranches")
LEDGER = _("Ledger: available = credit − debit − held")
ACCOUNTS = _("Register of bank accounts: verified by a second person, past its cooling period")
LIST = _("Terms of the programme: whitelist effect")
OBLIGATIONS = _("Terms of the programme: overdue obligations block the next tranche")
RATES = _("Rate policy: a rate is present and fresh, never guessed")
SEPARATION = _("Separation of duties: maker, checker and payer are different people")
MATRIX = _("Authority matrix of the institution")
COLLECTIVE = _("Terms of the programme: collective decision")
INTERESTS = _("Declaration of interests")
ROUTE = _("Documents of the route")
MANDATE = _("Bank mandate of the paying account")
CALENDARS = _("Calendar of both sides: public holidays and days entered by hand")

EVERY_STAGE = frozenset(Stage)
FROM_APPROVAL = frozenset({Stage.APPROVAL, Stage.RELEASE})

Test = Callable[[Facts], Breach | None]
Met = Callable[[Facts], tuple[str, Mapping[str, object]]]


def contract_payable(facts: Facts) -> Breach | None:
    """The contract is active; while it is closing, only its final tranche is paid."""
    status = facts.contract.status
    if status is ContractStatus.ACTIVE or (status is ContractStatus.CLOSING and facts.tranche.is_final):
        return None
    if status is ContractStatus.CLOSING:
        message = _("%(contract)s is closing: only its final tranche can still be paid.")
        cure = _("Cancel this disbursement; what is left is settled with the final account.")
    elif status in (ContractStatus.CLOSED, ContractStatus.TERMINATED):
        message = _("%(contract)s has ended: nothing more is paid under it.")
        cure = _("Cancel this disbursement. A new payment needs a new contract.")
    else:
        message = _("%(contract)s is not active.")
        cure = _("A grant officer of the funder activates the contract, usually the same day.")
    params = {"contract": facts.contract.reference, "status": status.value}
    return Breach("contract.not-payable", message, cure, GRANT_AGREEMENT, params, field="contract_id")


def tranche_due(facts: Facts) -> Breach | None:
    """The tranche falls due no later than it is paid: on the value date asked for, at release today."""
    day = facts.today if facts.stage is Stage.RELEASE else max(facts.requested_value_date, facts.today)
    if facts.tranche.due_on <= day:
        return None
    return Breach(
        "tranche.not-due",
        _("Tranche %(number)s falls due on %(due)s."),
        _("Ask for a value date from that day on, or have the contract amended."),
        SCHEDULE,
        {"number": facts.tranche.number, "due": facts.tranche.due_on},
        field="requested_value_date",
    )


def tranche_condition_met(facts: Facts) -> Breach | None:
    """The tranche's condition (milestone, accepted report, final account) was confirmed; a date needs no confirming."""
    tranche = facts.tranche
    if tranche.condition is TrancheCondition.DATE or tranche.condition_met:
        return None
    wanted = {
        TrancheCondition.MILESTONE: _("Tranche %(number)s waits for its milestone to be confirmed."),
        TrancheCondition.ACCEPTED_REPORT: _("Tranche %(number)s waits for a report to be accepted."),
        TrancheCondition.FINAL_ACCOUNT: _("Tranche %(number)s waits for the final account to be accepted."),
    }[tranche.condition]
    cure = _("A grant officer without an interest in the contract confirms the condition on the contract's page.")
    return Breach("tranche.condition", wanted, cure, SCHEDULE, {"number": tranche.number}, field="tranche_id")


def within_tranche(facts: Facts) -> Breach | None:
    """The amount is no more than the tranche pays after holdback, less what other disbursements take of it."""
    left = facts.tranche.payable - facts.tranche.taken
    if facts.amount <= left:
        return None
    return Breach(
        "tranche.exceeded",
        _("Tranche %(number)s has %(left)s left to pay; this asks for %(amount)s."),
        _("The maker lowers the amount, or cancels another disbursement of the tranche."),
        SCHEDULE,
        {"number": facts.tranche.number, "left": left, "amount": facts.amount},
        field="amount",
    )


def one_currency(facts: Facts) -> Breach | None:
    """Amount, contract and pocket are in one currency; only the payee's account may be in another."""
    wanted = facts.contract.currency
    if facts.amount.currency is wanted and facts.pocket.currency is wanted:
        return None
    return Breach(
        "disbursement.currency",
        _("The contract is in %(currency)s: amount and pocket must be too."),
        _("The maker chooses a pocket of the contract's currency."),
        GRANT_AGREEMENT,
        {"currency": wanted.value},
        field="amount",
    )


def within_contract(facts: Facts) -> Breach | None:
    """What is held for the contract covers the amount."""
    room = facts.contract.room
    if facts.amount.currency is not room.currency or facts.amount <= room:
        return None
    return Breach(
        "contract.exceeded",
        _("Only %(left)s is still held for %(contract)s; this asks for %(amount)s."),
        _("The maker lowers the amount, or the contract is amended by two grant officers."),
        LEDGER,
        {"left": room, "contract": facts.contract.reference, "amount": facts.amount},
        field="amount",
    )


def within_pocket(facts: Facts) -> Breach | None:
    """The pocket covers the amount after everything else that is held in it."""
    room = facts.pocket.room
    if facts.amount.currency is not room.currency or facts.amount <= room:
        return None
    return Breach(
        "pocket.insufficient",
        _("%(pocket)s has %(left)s for this after holds; it asks for %(amount)s."),
        _("The fund manager allocates more to the pocket; a second fund manager approves it."),
        LEDGER,
        {"pocket": facts.pocket.name, "left": room, "amount": facts.amount},
        field="amount",
    )


def payee_is_grantee(facts: Facts) -> Breach | None:
    """Money goes to an account of the grantee and to nobody else."""
    if facts.payee.belongs:
        return None
    return Breach(
        "payee.not-grantee",
        _("The account %(account)s does not belong to %(grantee)s."),
        _("The maker chooses an account of the grantee."),
        GRANT_AGREEMENT,
        {"account": facts.payee.masked, "grantee": facts.grantee},
        field="payee_account_id",
    )


def payee_account_verified(facts: Facts) -> Breach | None:
    """A second person verified the payee's account, and it has not been replaced since."""
    if facts.payee.verified:
        return None
    return Breach(
        "account.not-verified",
        _("The payee's account %(account)s is not verified (%(state)s)."),
        _("A second finance officer or a grant officer verifies it by call-back, usually 1 working day."),
        ACCOUNTS,
        {"account": facts.payee.masked, "state": facts.payee.state},
        field="payee_account_id",
    )


def payee_account_cooled(facts: Facts) -> Breach | None:
    """The account is past its cooling period: time for its owner to notice a change made by somebody else."""
    if not facts.payee.verified or facts.payee.payable:
        return None
    return Breach(
        "account.cooling",
        _("The payee's account %(account)s changed lately and cools until %(day)s."),
        _("Wait until then, or call the grantee back on the number kept on file."),
        ACCOUNTS,
        {"account": facts.payee.masked, "day": facts.payee.cooling_until or "–"},
        field="payee_account_id",
    )


def payer_account_usable(facts: Facts) -> Breach | None:
    """The paying account is the funder's own and verified."""
    if facts.payer.belongs and facts.payer.verified:
        return None
    return Breach(
        "payer-account.unusable",
        _("The paying account %(account)s is not a verified account of the funder."),
        _("The maker chooses another; an accountant enters and a second one verifies accounts."),
        ACCOUNTS,
        {"account": facts.payer.masked},
        field="payer_account_id",
    )


def whitelist_satisfied(facts: Facts) -> Breach | None:
    """What the terms and the route want of the list is satisfied today: BLOCK without it, otherwise a note."""
    wanted = facts.whitelist
    if wanted.listed:
        return None
    params = {"subject": wanted.subject, "kind": Words((wanted.kind,))}
    cure = _("The institution applies; a whitelist officer lists it.")
    if wanted.effect is WhitelistEffect.BLOCK:
        message = _("%(subject)s is not on the list “%(kind)s” today, and these terms pay only listed grantees.")
        return Breach("whitelist.not-listed", message, cure, LIST, params)
    if wanted.effect is WhitelistEffect.FACILITATED:
        message = _("%(subject)s is not on the list “%(kind)s”: the full set of documents is needed.")
        return Breach("whitelist.not-facilitated", message, cure, LIST, params, blocking=False)
    return None


def no_blocking_obligation_overdue(facts: Facts) -> Breach | None:
    """No obligation that blocks the next tranche is overdue at the scope the terms name."""
    if not facts.overdue:
        return None
    first = facts.overdue[0]
    several = len(facts.overdue) > 1
    message = (
        _("%(count)s obligations are overdue, first “%(title)s” of %(contract)s, due %(due)s.")
        if several
        else _("“%(title)s” of %(contract)s was due on %(due)s and is not accepted.")
    )
    params = {
        "count": len(facts.overdue),
        "title": first.title,
        "contract": first.contract_reference,
        "due": first.due_on,
        "owner": first.owner,
    }
    cure = _("%(owner)s submits it; a grant officer without an interest accepts it or extends the date.")
    return Breach("obligation.overdue", message, cure, OBLIGATIONS, params)


def rates_present(facts: Facts) -> Breach | None:
    """Wherever a currency differs from a book's own, there is a confirmed rate."""
    missing = [rate for rate in facts.rates if not rate.found]
    if not missing:
        return None
    params = {"base": missing[0].base, "quote": missing[0].quote, "book": missing[0].book}
    message = _("There is no confirmed rate between %(base)s and %(quote)s for the book of %(book)s.")
    cure = _("An accountant enters the rate and a second accountant confirms it.")
    return Breach("rate.missing", message, cure, RATES, params)


def rates_fresh(facts: Facts) -> Breach | None:
    """The newest rate is young enough to book with."""
    stale = [rate for rate in facts.rates if rate.found and not rate.fresh]
    if not stale:
        return None
    params = {"base": stale[0].base, "quote": stale[0].quote, "day": stale[0].rate_date or "–"}
    message = _("The newest rate between %(base)s and %(quote)s is of %(day)s and too old.")
    cure = _("An accountant enters a newer rate and a second accountant confirms it.")
    return Breach("rate.stale", message, cure, RATES, params)


def people_apart(facts: Facts) -> Breach | None:
    """Maker, checkers and payer are different people; each signs once."""
    people = facts.people
    taken = {people.maker_id, *people.checker_ids}
    overlap = people.maker_id in people.checker_ids or bool(taken & set(people.signatory_ids))
    if facts.stage is Stage.RELEASE and people.acting_id is not None:
        overlap = overlap or people.acting_id in taken
    if not overlap:
        return None
    return Breach(
        "people.not-apart",
        _("The same person prepared, checked or paid this."),
        _("Another payments officer releases it; or it is recalled and approved by somebody else."),
        SEPARATION,
    )


def within_authority(facts: Facts) -> Breach | None:
    """The acting checker is within authority for this kind, currency and amount, and has no part in it yet."""
    return facts.authority.reasons[0] if facts.authority.reasons else None


def enough_checkers(facts: Facts) -> Breach | None:
    """Above the threshold of the matrix a second checker is needed; before release all of them have approved."""
    authority = facts.authority
    params = {
        "needed": authority.checkers_needed,
        "given": authority.approvals,
        "who": ", ".join(authority.others) or "–",
    }
    if facts.stage is Stage.RELEASE and authority.approvals < authority.checkers_needed:
        message = _("%(given)s of %(needed)s checkers have approved this.")
        return Breach("checkers.missing", message, _("%(who)s can approve."), MATRIX, params)
    if facts.stage is Stage.APPROVAL and authority.approvals + 1 < authority.checkers_needed:
        message = _("Two checkers are needed for this amount; yours would be the first approval.")
        cure = _("It stays submitted until the second checker approves: %(who)s.")
        return Breach("checkers.second-needed", message, cure, MATRIX, params, blocking=False)
    return None


def minutes_present(facts: Facts) -> Breach | None:
    """Where the terms ask for a collective decision, its minutes are attached."""
    if not facts.minutes_required or facts.minutes_present:
        return None
    return Breach(
        "minutes.missing",
        _("These terms ask for the minutes of the collective decision, and none are attached."),
        _("The maker attaches the signed minutes."),
        COLLECTIVE,
        field="minutes",
    )


def no_interest(facts: Facts) -> Breach | None:
    """Nobody who prepares, checks or pays has an interest in the contract."""
    if not facts.people.interested:
        return None
    return interest(", ".join(facts.people.interested))


def interest(who: str) -> Breach:
    """The breach that says who has an interest."""
    return Breach(
        "interest.declared",
        _("%(who)s has an interest in this contract and decides nothing about it."),
        _("Somebody without an interest takes over."),
        INTERESTS,
        {"who": who},
    )


def documents_listed(facts: Facts) -> Breach | None:
    """Each document the route asks for is listed with its number, and still valid on the value date."""
    day = max(facts.today, facts.requested_value_date) if facts.stage is not Stage.RELEASE else facts.today
    wanted = _documents_due(facts)
    missing = [each for each in wanted if not each.listed]
    lapsed = [each for each in wanted if each.listed and each.expires_on is not None and each.expires_on < day]
    if missing:
        message, cure = _("The route asks for “%(title)s”, which is not listed."), _("The maker lists the document.")
        return _about("document.missing", message, cure, missing)
    if lapsed:
        message = _("“%(title)s” expires on %(day)s, before the money moves.")
        return _about("document.expired", message, _("The maker lists a new one."), lapsed)
    return None


def _documents_due(facts: Facts) -> list[DocumentPart]:
    """What the route wants by this stage."""
    reached = list(Stage)[: list(Stage).index(facts.stage) + 1]
    return [each for each in facts.documents if each.blocks in reached]


def documents_confirmed(facts: Facts) -> Breach | None:
    """Each listed document was confirmed by somebody other than who listed it."""
    waiting = [each for each in _documents_due(facts) if each.listed and not each.confirmed]
    if not waiting:
        return None
    message = _("“%(title)s” waits for a second person to confirm it.")
    return _about("document.unconfirmed", message, _("A grant officer who did not list it confirms it."), waiting)


def mandate_satisfied(facts: Facts) -> Breach | None:
    """The paying account has a confirmed bank mandate for the amount."""
    if facts.mandate.signatories is not None:
        return None
    return Breach(
        "mandate.missing",
        _("No confirmed bank mandate covers %(amount)s from account %(account)s."),
        _("An accountant enters the mandate and a second accountant confirms it."),
        MANDATE,
        {"amount": facts.amount, "account": facts.payer.masked},
    )


def not_signed_twice(facts: Facts) -> Breach | None:
    """The two signatories of a mandate are two people."""
    if facts.people.acting_id is None or facts.people.acting_id not in facts.people.signatory_ids:
        return None
    message = _("You have signed this release already; the mandate wants a second signatory.")
    return Breach("mandate.signed-already", message, _("Another payments officer signs."), MANDATE)


def value_date_ahead(facts: Facts) -> Breach | None:
    """A value date in the past cannot be met any more; the payment goes out when it is released."""
    if facts.requested_value_date >= facts.today:
        return None
    message = _("The value date asked for, %(day)s, has passed.")
    cure = _("The payment moves on the day of its release. The maker can ask for another day.")
    params = {"day": facts.requested_value_date}
    return Breach("value-date.passed", message, cure, GRANT_AGREEMENT, params, blocking=False)


def value_date_open(facts: Facts) -> Breach | None:
    """Banks are open on the value date on the sides of both accounts; a value date that has passed is another note."""
    days = facts.days
    if not days.closed or days.next_open is None or facts.requested_value_date < facts.today:
        return None
    if len(days.sides) == 1:
        message = _("%(day)s is no banking day; the next one is %(next)s.")
    elif len(days.closed) > 1:
        message = _("%(day)s is a day off on both sides; next day open on both sides: %(next)s.")
    elif days.closed[0] == "SZ":
        message = _("%(day)s is a Mainland day off; next day open on both sides: %(next)s.")
    else:
        message = _("%(day)s is a Hong Kong day off; next day open on both sides: %(next)s.")
    cure = _("The money moves on that day. The maker can ask for another day.")
    params = {"day": facts.requested_value_date, "next": days.next_open}
    return Breach("value-date.closed", message, cure, CALENDARS, params, blocking=False)


def not_split(facts: Facts) -> Breach | None:
    """Payments to one payee that each stay under a limit and together pass it are looked at together."""
    if facts.split.together is None:
        return None
    message = _("With %(references)s to the same payee this comes to %(together)s, over your limit for one payment.")
    cure = _("Look at them together: they may be one payment split in two.")
    params = {"references": ", ".join(facts.split.references), "together": facts.split.together}
    return Breach("payment.split", message, cure, MATRIX, params, blocking=False)


def _about(code: str, message: str, cure: str, documents: list[DocumentPart]) -> Breach:
    first = documents[0]
    params: dict[str, object] = {"title": first.title, "count": len(documents), "day": first.expires_on or "–"}
    return Breach(code, message, cure, first.source or ROUTE, params, field="documents")


@dataclass(frozen=True, slots=True)
class Gate:
    """A rule with the words that stand beside its tick when it is met."""

    title: str
    test: Test
    stages: frozenset[Stage] = EVERY_STAGE
    source: str = ""
    detail: Met | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list of checks: `state` is `met`, `note` or `blocks`; texts are message ids."""

    code: str
    state: str
    title: str
    detail: str = ""
    source: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    breach: Breach | None = None


def _contract_detail(facts: Facts) -> tuple[str, Mapping[str, object]]:
    return _("%(first)s to %(last)s"), {"first": facts.contract.first_day, "last": facts.contract.last_day}


def _room_detail(facts: Facts) -> tuple[str, Mapping[str, object]]:
    left = facts.tranche.payable - facts.tranche.taken
    return _("%(amount)s of %(left)s; pocket %(pocket)s"), {
        "amount": facts.amount,
        "left": left,
        "pocket": facts.pocket.room,
    }


def _condition_detail(facts: Facts) -> tuple[str, Mapping[str, object]]:
    if facts.tranche.condition_met_on is None:
        return _("Due on %(due)s"), {"due": facts.tranche.due_on}
    return _("Confirmed on %(day)s"), {"day": facts.tranche.condition_met_on}


def _whitelist_detail(facts: Facts) -> tuple[str, Mapping[str, object]]:
    wanted = facts.whitelist
    if not wanted.listed:
        return _("These terms pay grantees that are on no list too"), {}
    if wanted.until is None:
        return _("%(kind)s, listed without an end; looked at again at release"), {"kind": Words((wanted.kind,))}
    return _("%(kind)s, listed until %(until)s; looked at again at release"), {
        "kind": Words((wanted.kind,)),
        "until": wanted.until,
    }


def _rate_detail(facts: Facts) -> tuple[str, Mapping[str, object]]:
    if not facts.rates:
        return _("No conversion is needed"), {}
    rate = facts.rates[0]
    return _("1 %(base)s = %(rate)s %(quote)s, %(source)s, %(day)s"), {
        "base": rate.base,
        "quote": rate.quote,
        "rate": format(rate.rate.normalize(), "f") if rate.rate else "–",
        "source": Words((rate.source,)),
        "day": rate.rate_date or "–",
    }


def _authority_detail(facts: Facts) -> tuple[str, Mapping[str, object]]:
    if facts.authority.limit is None:
        return "", {}
    return _("%(amount)s of %(limit)s"), {"amount": facts.amount, "limit": facts.authority.limit}


def _days_detail(facts: Facts) -> tuple[str, Mapping[str, object]]:
    if not facts.days.ungazetted:
        return "", {}
    message = _("Days off and working weekends of %(year)s are not gazetted yet; look again nearer the day")
    return message, {"year": facts.requested_value_date.year}


def _documents_detail(facts: Facts) -> tuple[str, Mapping[str, object]]:
    return _("%(count)s documents"), {"count": len(_documents_due(facts))}


GATES: tuple[Gate, ...] = (
    Gate(_("Contract active"), contract_payable, source=GRANT_AGREEMENT, detail=_contract_detail),
    Gate(_("Tranche due"), tranche_due, source=SCHEDULE),
    Gate(_("Tranche's condition met"), tranche_condition_met, source=SCHEDULE, detail=_condition_detail),
    Gate(_("One currency from pocket to contract"), one_currency, source=GRANT_AGREEMENT),
    Gate(_("Within the tranche"), within_tranche, source=SCHEDULE, detail=_room_detail),
    Gate(_("Within the contract"), within_contract, source=LEDGER),
    Gate(_("Within the pocket after holds"), within_pocket, source=LEDGER),
    Gate(_("Payee is the grantee"), payee_is_grantee, source=GRANT_AGREEMENT),
    Gate(_("Payee's account verified by a second person"), payee_account_verified, source=ACCOUNTS),
    Gate(_("Payee's account past its cooling period"), payee_account_cooled, source=ACCOUNTS),
    Gate(_("Paying account is the funder's own"), payer_account_usable, source=ACCOUNTS),
    Gate(_("Whitelist effect satisfied today"), whitelist_satisfied, source=LIST, detail=_whitelist_detail),
    Gate(_("No blocking obligation overdue"), no_blocking_obligation_overdue, source=OBLIGATIONS),
    Gate(_("Rate present"), rates_present, source=RATES, detail=_rate_detail),
    Gate(_("Rate fresh"), rates_fresh, source=RATES),
    Gate(_("Nobody involved has an interest"), no_interest, source=INTERESTS),
    Gate(_("Documents of the route listed"), documents_listed, source=ROUTE, detail=_documents_detail),
    Gate(_("Minutes of the collective decision"), minutes_present, source=COLLECTIVE),
    Gate(_("Value date can be met"), value_date_ahead, source=GRANT_AGREEMENT),
    Gate(_("Value date is a banking day"), value_date_open, source=CALENDARS, detail=_days_detail),
    Gate(_("Documents confirmed by a second person"), documents_confirmed, FROM_APPROVAL, ROUTE),
    Gate(_("Maker, checker and payer are different people"), people_apart, FROM_APPROVAL, SEPARATION),
    Gate(_("Within authority"), within_authority, frozenset({Stage.APPROVAL}), MATRIX, _authority_detail),
    Gate(_("Enough checkers"), enough_checkers, FROM_APPROVAL, MATRIX),
    Gate(_("Not one payment split in two"), not_split, frozenset({Stage.APPROVAL}), MATRIX),
    Gate(_("Bank mandate covers the payment"), mandate_satisfied, frozenset({Stage.RELEASE}), MANDATE),
    Gate(_("Signatories are two people"), not_signed_twice, frozenset({Stage.RELEASE}), MANDATE),
)
"""The gates in the order they are shown. A new rule is one line here."""

TESTS: dict[Stage, tuple[Test, ...]] = {
    stage: tuple(gate.test for gate in GATES if stage in gate.stages) for stage in Stage
}
"""The gates of each stage."""


def checks(facts: Facts) -> list[Check]:
    """Every gate of the stage with its outcome: blocking ones first, then those to note, then those met."""
    lines = [_check(gate, facts) for gate in GATES if facts.stage in gate.stages]
    order = {"blocks": 0, "note": 1, "met": 2}
    return sorted(lines, key=lambda line: order[line.state])


def standing(facts: Facts) -> tuple[int, tuple[Check, ...]]:
    """How many gates of the stage are met, and those that are not, blocking ones first: a line of the queue."""
    found = [test(facts) for test in TESTS[facts.stage]]
    unmet = sorted((breach for breach in found if breach is not None), key=lambda breach: not breach.blocking)
    return len(found) - len(unmet), tuple(_unmet(breach) for breach in unmet)


def breaches(facts: Facts) -> list[Breach]:
    """Every breach of the stage, in the gates' order; those with `blocking` False are only to note."""
    return [found for test in TESTS[facts.stage] if (found := test(facts)) is not None]


def _check(gate: Gate, facts: Facts) -> Check:
    found = gate.test(facts)
    if found is not None:
        return _unmet(found)
    detail, params = gate.detail(facts) if gate.detail else ("", {})
    return Check(gate.test.__name__, "met", gate.title, detail, gate.source, params)


def _unmet(found: Breach) -> Check:
    state = "blocks" if found.blocking else "note"
    return Check(found.code, state, found.message, found.cure, found.source, found.params, found)


def amount_left(facts: Facts) -> Money:
    """What can still be asked for under the tranche."""
    return facts.tranche.payable - facts.tranche.taken
