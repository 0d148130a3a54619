"""The verbs of journals: submit, approve (and so post), return, correct and submit again, refuse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from app.access.guards import authorise, own_work
from app.access.permissions import Permission
from app.access.policies import queries as policies
from app.access.policies.states import PolicyName
from app.access.policy import AuthorityKind
from app.audit import trail
from app.budgets.rules import Effect
from app.contracts.facts import CostBearer
from app.contracts.fund_control import cost_bearer
from app.contracts.postings import ExchangePosition, exchange_closed_out
from app.db.references import next_reference
from app.db.unit_of_work import lock_for_update
from app.evidence import queries as evidence_queries, service as evidence
from app.exchange_rates import queries as exchange_rates
from app.exchange_rates.queries import FoundRate
from app.institutions.models import BankAccount, Institution
from app.journals import postings, queries, rules, workings
from app.journals.kinds import KINDS
from app.journals.models import Journal, JournalLine
from app.journals.sheets import Sheet
from app.journals.states import JournalKind, JournalStatus
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, InputRefused, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger import balances, fund_control, posting
from app.ledger.chart import AccountCode, cost_code
from app.ledger.entries import LAST_DAY, Entry, EntryKind, Line, Rate, in_functional
from app.ledger.fund_control import CostLine
from app.ledger.headings import Heading
from app.ledger.posting import Order
from app.parties import service as parties
from app.people.authority import queries as authority
from app.people.authority.queries import Case
from app.web.uploads import Upload

EVIDENCE_KIND = "journal"


@dataclass(frozen=True, slots=True)
class LineCommand:
    """One line as typed."""

    contract_id: UUID
    heading: Heading | None
    description: str
    amount: Money
    to_contract_id: UUID | None = None
    place_of_spend: str = ""
    to_heading: Heading | None = None


@dataclass(frozen=True, slots=True)
class SubmitJournal:
    """A journal as typed; `lines` is empty for a reversal or an exchange close-out, which name their own subject.

    `moves_entry_id` names the entry whose cost a transfer moves.
    """

    institution_id: UUID
    kind: JournalKind
    effective_on: date
    reason: str
    counterparty: str
    bank_account_id: UUID | None
    negative_list_declared: bool
    lines: tuple[LineCommand, ...]
    evidence: Upload | None = None
    reverses_entry_id: int | None = None
    closes_contract_id: UUID | None = None
    moves_entry_id: int | None = None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A journal as far as it is typed."""

    institution_id: UUID
    kind: JournalKind
    effective_on: date
    lines: tuple[LineCommand, ...]


@dataclass(frozen=True, slots=True)
class CorrectJournal(SubmitJournal):
    """A returned journal as it shall stand, at the version the page showed."""

    version: int = field(kw_only=True)


def submit(
    session: Session, actor: Actor, command: SubmitJournal, *, now: datetime, sheet: Sheet | None = None
) -> Journal:
    """Enter a journal with its evidence and submit it for a second person. Nothing is posted yet.

    `sheet` is the calculation it comes from, kept as evidence beside what was attached. Raises RuleBreached with every
    rule it breaks, InputRefused for contracts or accounts that do not exist.
    """
    authorise(actor, Permission.JOURNALS_DRAFT, command.institution_id)
    journal = Journal(
        id=new_id(),
        reference=next_reference(session, "JNL", business_date(now)),
        institution_id=command.institution_id,
        kind=command.kind,
        status=JournalStatus.SUBMITTED,
        made_by_id=actor.person_id,
        made_at=now,
    )
    _fill(session, journal, command)
    session.add(journal)
    session.flush()
    _keep_evidence(session, actor, journal, command.evidence, now)
    if sheet is not None:
        workings.keep(session, actor, journal, sheet, now)
    _refuse_if_breached(session, journal, now)
    _commit(session, journal, now)
    _trace(session, actor, "journal.submit", journal, now)
    return journal


def correct(session: Session, actor: Actor, journal_id: UUID, command: CorrectJournal, *, now: datetime) -> Journal:
    """Correct a returned journal, submit it again; only whoever made it. Raises as `submit`, or Conflict."""
    journal = lock_for_update(session, Journal, journal_id, command.version)
    authorise(actor, Permission.JOURNALS_DRAFT, journal.institution_id)
    _must_be(journal, JournalStatus.RETURNED)
    if journal.made_by_id != actor.person_id or command.institution_id != journal.institution_id:
        raise own_work_of_another()
    journal.lines.clear()
    workings.drop(session, journal)
    session.flush()
    journal.kind = command.kind
    _fill(session, journal, command)
    journal.status = JournalStatus.SUBMITTED
    journal.version += 1
    session.flush()
    _keep_evidence(session, actor, journal, command.evidence, now)
    _refuse_if_breached(session, journal, now)
    _commit(session, journal, now)
    _trace(session, actor, "journal.correct", journal, now)
    return journal


def own_work_of_another() -> Conflict:
    """The refusal for correcting a journal that someone else made."""
    return Conflict(
        Breach(
            "journal.not-yours",
            _("Only the person who made a journal corrects it."),
            cure=_("Make a journal of your own, or ask its maker."),
        )
    )


def approve(session: Session, actor: Actor, journal_id: UUID, *, version: int | None = None, now: datetime) -> Journal:
    """Approve a submitted journal and post it; its maker cannot. Every rule is looked at again.

    Raises NotPermitted (own work, or beyond the authority, naming who can), Conflict (already decided), RuleBreached.
    """
    journal = _for_decision(session, actor, journal_id, version, "journal.approve")
    _lock_original(session, journal)
    today = business_date(now)
    for case in approval_cases(session, journal):
        authority.must_be_within(session, actor, case, today)
    _refuse_if_breached(session, journal, now)
    event_id = new_id()
    journal.entry_id = _post(session, actor, journal, event_id)
    journal.event_id = event_id
    _decide(journal, actor, JournalStatus.APPROVED, "", now)
    _note_sponsors(session, actor, journal, now)
    _trace(session, actor, "journal.approve", journal, now)
    return journal


def _note_sponsors(session: Session, actor: Actor, journal: Journal, now: datetime) -> None:
    """Who sponsors a contract is known to those who check its claims from the booking on."""
    if journal.kind != JournalKind.SPONSORSHIP:
        return
    for contract_id in sorted({line.contract_id for line in journal.lines}):
        parties.note_sponsor(
            session, actor, journal.institution_id, contract_id, journal.counterparty, journal.reference, now=now
        )


def approval_cases(session: Session, journal: Journal) -> list[Case]:
    """What approving it needs authority for: its lines in each currency; of a reversal, what it takes back."""
    lines = list(journal.lines)
    if journal.kind == JournalKind.REVERSAL:
        original = queries.journal_of_entry(session, journal.institution_id, journal.reverses_entry_id)
        lines = list(original.lines) if original is not None else []
    sums: dict[Currency, Money] = {}
    for line in lines:
        amount = Money(line.amount_minor, Currency(line.currency))
        sums[amount.currency] = sums.get(amount.currency, Money.zero(amount.currency)) + amount
    makers = frozenset({journal.made_by_id})
    return [Case(AuthorityKind.JOURNAL, journal.institution_id, amount, makers) for amount in sums.values()]


def send_back(
    session: Session, actor: Actor, journal_id: UUID, reason: str, *, version: int | None = None, now: datetime
) -> Journal:
    """Return a submitted journal to its maker with a reason. Raises NotPermitted or Conflict."""
    journal = _for_decision(session, actor, journal_id, version, "journal.return")
    journal.status, journal.status_reason = JournalStatus.RETURNED, reason
    journal.version += 1
    fund_control.commit_cost(session, journal.id, ())
    _trace(session, actor, "journal.return", journal, now)
    return journal


def refuse(
    session: Session, actor: Actor, journal_id: UUID, reason: str, *, version: int | None = None, now: datetime
) -> Journal:
    """Refuse a submitted journal for good, with a reason; nothing is posted. Raises NotPermitted or Conflict."""
    journal = _for_decision(session, actor, journal_id, version, "journal.refuse")
    _decide(journal, actor, JournalStatus.REFUSED, reason, now)
    fund_control.commit_cost(session, journal.id, ())
    _trace(session, actor, "journal.refuse", journal, now)
    return journal


def _fill(session: Session, journal: Journal, command: SubmitJournal) -> None:
    """Write the command into the journal, with the booking rate of the day on each line that needs one."""
    journal.effective_on = command.effective_on
    journal.reason = command.reason
    journal.counterparty = command.counterparty
    journal.bank_account_id = command.bank_account_id
    journal.negative_list_declared = command.negative_list_declared
    journal.reverses_entry_id = command.reverses_entry_id
    journal.moves_entry_id = command.moves_entry_id if command.kind is JournalKind.COST_TRANSFER else None
    _lock_original(session, journal)
    lines = command.lines
    if command.kind is JournalKind.EXCHANGE_CLOSED_OUT and command.closes_contract_id is not None:
        lines = (_close_out_line(session, command.closes_contract_id),)
    for number, line in enumerate(lines, 1):
        contract = cost_bearer(session, line.contract_id)
        rate = _line_rate(session, journal, line.amount.currency, contract.currency)
        journal.lines.append(
            JournalLine(
                id=new_id(),
                number=number,
                contract_id=line.contract_id,
                to_contract_id=line.to_contract_id,
                heading=line.heading,
                to_heading=line.to_heading,
                description=line.description,
                amount_minor=line.amount.minor,
                currency=line.amount.currency,
                rate=rate.units(contract.currency) if rate else None,
                rate_id=rate.rate_id if rate else None,
                place_of_spend=line.place_of_spend,
            )
        )
    if not journal.lines and command.kind is not JournalKind.REVERSAL:
        raise InputRefused(
            Breach(
                "journal.no-lines", _("The journal has no lines."), cure=_("Fill in at least one line."), field="lines"
            )
        )


def _lock_original(session: Session, journal: Journal) -> None:
    """Two journals never move or reverse the same cost at once: the second sees what the first has left."""
    original = journal.moves_entry_id or journal.reverses_entry_id
    if original is not None:
        queries.lock_entry(session, original)


def _close_out_line(session: Session, contract_id: UUID) -> LineCommand:
    """The realised difference on a contract's pair. Raises RuleBreached while the foreign leg is not nil."""
    facts = cost_bearer(session, contract_id)
    positions = balances.pair_positions(session, contract_id, facts.grantee_id, LAST_DAY)
    foreign = [amount for currency, amount in positions.items() if currency is not facts.currency and amount]
    own = positions.get(facts.currency, Money.zero(facts.currency))
    if foreign or not own:
        message = (
            _("The pair still holds %(foreign)s, so the difference is not realised yet.")
            if foreign
            else _("The contract has no exchange difference to close out.")
        )
        raise RuleBreached(
            Breach(
                "journal.exchange-open",
                message,
                cure=_("Close out when the foreign money has been spent or returned."),
                source=_("Exchange differences: realised when the pair closes out"),
                params={"foreign": str(foreign[0]) if foreign else ""},
                field="closes_contract_id",
            )
        )
    return LineCommand(contract_id, None, _("Exchange difference realised"), abs(own))


def _line_rate(session: Session, journal: Journal, currency: Currency, contract_currency: Currency) -> FoundRate | None:
    if currency is contract_currency:
        return None
    on, institution = journal.effective_on, journal.institution_id
    return exchange_rates.booking_rate(session, currency, contract_currency, on, institution)


def _keep_evidence(session: Session, actor: Actor, journal: Journal, file: Upload | None, now: datetime) -> None:
    if file is not None:
        evidence.keep(
            session,
            actor,
            file,
            subject_kind=EVIDENCE_KIND,
            subject_id=journal.id,
            institution_id=journal.institution_id,
            title=journal.reference,
            now=now,
        )


def check(session: Session, journal: Journal, now: datetime) -> list[Breach]:
    """Every rule the journal does not satisfy now, warnings included: what a screen shows before consent."""
    return [*rules.breaches(_facts(session, journal, business_date(now))), *workings.breaches(session, journal)]


def _refuse_if_breached(session: Session, journal: Journal, now: datetime) -> None:
    blocking = [breach for breach in check(session, journal, now) if breach.blocking]
    if blocking:
        raise RuleBreached(*blocking)


def _commit(session: Session, journal: Journal, now: datetime) -> None:
    """Commit what the journal will take of its contracts' limits; posting turns it into cost, a refusal frees it.

    Raises RuleBreached `budget.exceeded` when somebody else has taken the room in the meantime.
    """
    facts = _facts(session, journal, business_date(now))
    lines = [
        CostLine(contract.contract_id, contract.grantee_id, heading, amount, journal.effective_on)
        for contract, heading, amount in rules.committed_by(facts)
    ]
    if lines:
        fund_control.commit_cost(session, journal.id, lines)


def effects(
    session: Session, actor: Actor, command: WhatIf, *, now: datetime
) -> tuple[tuple[CostBearer, tuple[Effect, ...]], ...]:
    """What a journal as typed would leave of every limit it touches, contract by contract. Writes nothing.

    Lines on a contract of another institution are left out. Raises NotPermitted, and NotFound for an unknown contract.
    """
    authorise(actor, Permission.JOURNALS_DRAFT, command.institution_id)
    today = business_date(now)
    lines = tuple(_typed(session, command, number, line, today) for number, line in enumerate(command.lines, 1))
    facts = rules.JournalFacts(
        kind=command.kind,
        institution_id=command.institution_id,
        effective_on=command.effective_on,
        today=today,
        bank_account_currency=None,
        has_bank_account=False,
        negative_list_declared=False,
        has_evidence=False,
        old_transfer_days=0,
        lines=lines,
    )
    strange = {breach.params["line"] for breach in rules.own_contracts(facts)}
    return rules.effects_of(replace(facts, lines=tuple(line for line in lines if line.number not in strange)))


def _typed(session: Session, command: WhatIf, number: int, line: LineCommand, today: date) -> rules.LineChecked:
    contract = cost_bearer(session, line.contract_id, today)
    target = cost_bearer(session, line.to_contract_id, today) if line.to_contract_id else None
    booked: Money | None = line.amount
    if line.amount.currency is not contract.currency:
        on, institution = command.effective_on, command.institution_id
        rate = exchange_rates.booking_rate(session, line.amount.currency, contract.currency, on, institution)
        booked = rate.convert(line.amount) if rate else None
    return rules.LineChecked(number, contract, target, line.heading, line.amount, booked, to_heading=line.to_heading)


def _facts(session: Session, journal: Journal, today: date) -> rules.JournalFacts:
    account = session.get(BankAccount, journal.bank_account_id) if journal.bank_account_id else None
    own = account is not None and account.institution_id == journal.institution_id
    contracts = _contracts_of(session, journal.lines, today)
    return rules.JournalFacts(
        kind=JournalKind(journal.kind),
        institution_id=journal.institution_id,
        effective_on=journal.effective_on,
        today=today,
        bank_account_currency=Currency(account.currency) if account is not None and own else None,
        has_bank_account=journal.bank_account_id is not None,
        negative_list_declared=journal.negative_list_declared,
        old_transfer_days=policies.days(session, PolicyName.OLD_TRANSFER_DAYS, today),
        has_evidence=bool(evidence_queries.of_record(session, EVIDENCE_KIND, journal.id)),
        lines=tuple(
            _checked(session, line, contracts, KINDS[JournalKind(journal.kind)].settles, journal.kind)
            for line in journal.lines
        ),
        reversal=_reversal(session, journal) if journal.kind == JournalKind.REVERSAL else None,
        moved=queries.moved_entry(session, journal.institution_id, journal.moves_entry_id, without=journal.id),
    )


def _reversal(session: Session, journal: Journal) -> rules.ReversalChecked:
    entry_id = journal.reverses_entry_id
    original = queries.journal_of_entry(session, journal.institution_id, entry_id)
    if entry_id is None or original is None:
        return rules.ReversalChecked(posted_by_journal=False, reversed_already=False)
    return rules.ReversalChecked(
        posted_by_journal=True,
        reversed_already=queries.is_reversed(session, journal.institution_id, entry_id),
        is_transfer=original.kind == JournalKind.COST_TRANSFER,
        moved=bool(queries.moved_lines(session, journal.institution_id, entry_id)),
    )


def _contracts_of(session: Session, lines: Iterable[JournalLine], today: date | None) -> dict[UUID, CostBearer]:
    """The facts of every contract the lines name, each asked for once."""
    named = {key: line.journal_id for line in lines for key in (line.contract_id, line.to_contract_id) if key}
    return {key: cost_bearer(session, key, today, without=journal_id) for key, journal_id in named.items()}


def _checked(
    session: Session,
    line: JournalLine,
    contracts: Mapping[UUID, CostBearer],
    settles: AccountCode | None = None,
    kind: str | None = None,
) -> rules.LineChecked:
    contract = contracts[line.contract_id]
    heading = Heading(line.heading) if line.heading else None
    spent = cost_code(heading) if kind == JournalKind.DISALLOWED and heading is not None else None
    amount = Money(line.amount_minor, Currency(line.currency))
    return rules.LineChecked(
        number=line.number,
        contract=contract,
        to_contract=contracts[line.to_contract_id] if line.to_contract_id else None,
        heading=heading,
        amount=amount,
        booked=_booked(session, line, amount, contract.currency),
        outstanding=queries.outstanding(session, line.contract_id, contract.grantee_id, settles, amount.currency)
        if settles
        else None,
        to_heading=Heading(line.to_heading) if line.to_heading else None,
        spent=queries.outstanding(session, line.contract_id, contract.grantee_id, spent, contract.currency)
        if spent
        else None,
    )


def _booked(session: Session, line: JournalLine, amount: Money, currency: Currency) -> Money | None:
    """The line in the contract's currency, at the rate kept with it; None without a rate."""
    if amount.currency is currency:
        return amount
    rate = exchange_rates.by_id(session, line.rate_id) if line.rate_id else None
    return rate.convert(amount) if rate else None


def _post(session: Session, actor: Actor, journal: Journal, event_id: UUID) -> int:
    """Post the journal's entry and return its number; the journal's id is the idempotency key."""
    if journal.kind == JournalKind.REVERSAL:
        return _reverse(session, actor, journal, event_id)
    if journal.kind == JournalKind.COST_TRANSFER:
        return _transfer(session, actor, journal, event_id)
    book = session.get_one(Institution, journal.institution_id)
    functional = Currency(book.functional_currency)
    entry = Entry(
        book.id,
        journal.effective_on,
        EntryKind.ACTUAL,
        event_id,
        f"{journal.reference}: {journal.reason}"[:500],
        _ledger_lines(session, journal, functional),
        _evidence_digest(session, journal),
    )
    posted = posting.post(session, entry, actor_id=actor.person_id, idempotency_key=journal.id, approval_id=journal.id)
    return posted.entry_id


def _ledger_lines(session: Session, journal: Journal, functional: Currency) -> tuple[Line, ...]:
    if journal.kind == JournalKind.EXCHANGE_CLOSED_OUT:
        contract_id = journal.lines[0].contract_id
        legs = balances.pair_positions(session, contract_id, journal.institution_id, LAST_DAY)
        own = legs[cost_bearer(session, contract_id).currency]
        foreign = Money.zero(own.currency.other)
        position = ExchangePosition(own, foreign, worth=Money.zero(own.currency))
        return exchange_closed_out(contract_id, position, functional, None)
    facts = [_line_facts(session, line) for line in journal.lines]
    lines = postings.lines(JournalKind(journal.kind), journal.bank_account_id, facts)
    return in_functional(lines, functional, _functional_rate(session, journal, lines, functional))


def _functional_rate(
    session: Session, journal: Journal, lines: Sequence[Line], functional: Currency, known: UUID | None = None
) -> Rate | None:
    """The rate into the book's own currency: the one `known`, else the booking rate of the day; None: not needed."""
    foreign = next((line.amount.currency for line in lines if line.amount.currency is not functional), None)
    if foreign is None:
        return None
    on, institution = journal.effective_on, journal.institution_id
    found = exchange_rates.by_id(session, known) if known is not None else None
    found = found or exchange_rates.booking_rate(session, foreign, functional, on, institution)
    return found.as_ledger_rate() if found else None


def _line_facts(session: Session, line: JournalLine) -> postings.LineFacts:
    checked = _checked(session, line, _contracts_of(session, [line], None))
    if checked.booked is None:
        raise AssertionError("a line without a rate is refused before it is posted")
    return postings.LineFacts(
        contract_id=line.contract_id,
        contract_currency=checked.contract.currency,
        amount=checked.amount,
        booked=checked.booked,
        heading=checked.heading,
        to_contract_id=line.to_contract_id,
        to_heading=checked.to_heading,
        rate_id=line.rate_id,
    )


def _transfer(session: Session, actor: Actor, journal: Journal, event_id: UUID) -> int:
    """Post both entries of a cost transfer, in red ink where the cost stood and anew where it goes, at its own rate.

    Each names the original entry after the journal, and the reason. Returns the number of the new one.
    """
    moved = queries.moved_entry(session, journal.institution_id, journal.moves_entry_id, without=journal.id)
    if moved is None:
        raise AssertionError("a transfer without its entry is refused before it is posted")
    functional = Currency(session.get_one(Institution, journal.institution_id).functional_currency)
    red, fresh = postings.transfer([_line_facts(session, line) for line in journal.lines])
    rate = _functional_rate(session, journal, fresh, functional, moved.rate_id)
    orders = [
        Order(_transfer_entry(session, journal, event_id, kind, in_functional(lines, functional, rate)), key)
        for kind, lines, key in (
            (EntryKind.RED_INK, red, uuid5(journal.id, "red ink")),
            (EntryKind.ACTUAL, fresh, journal.id),
        )
    ]
    in_red, anew = posting.post_all(session, orders, actor_id=actor.person_id, approval_id=journal.id)
    journal.red_entry_id = in_red.entry_id
    return anew.entry_id


def _transfer_entry(
    session: Session, journal: Journal, event_id: UUID, kind: EntryKind, lines: tuple[Line, ...]
) -> Entry:
    reason = f"{journal.reference} (#{journal.moves_entry_id}): {journal.reason}"[:500]
    evidence_sha256 = _evidence_digest(session, journal)
    return Entry(journal.institution_id, journal.effective_on, kind, event_id, reason, lines, evidence_sha256)


def _reverse(session: Session, actor: Actor, journal: Journal, event_id: UUID) -> int:
    if journal.reverses_entry_id is None:
        raise AssertionError("a reversal without its entry is refused before it is posted")
    posted = posting.reverse(
        session,
        journal.reverses_entry_id,
        effective_on=journal.effective_on,
        event_id=event_id,
        reason=f"{journal.reference}: {journal.reason}"[:500],
        actor_id=actor.person_id,
        idempotency_key=journal.id,
        approval_id=journal.id,
        evidence_sha256=_evidence_digest(session, journal),
    )
    return posted.entry_id


def _evidence_digest(session: Session, journal: Journal) -> bytes | None:
    documents = evidence_queries.of_record(session, EVIDENCE_KIND, journal.id)
    return documents[-1].sha256 if documents else None


def _for_decision(session: Session, actor: Actor, journal_id: UUID, version: int | None, verb: str) -> Journal:
    journal = lock_for_update(session, Journal, journal_id, version)
    authorise(actor, Permission.JOURNALS_APPROVE, journal.institution_id)
    if journal.made_by_id == actor.person_id:
        raise own_work(verb)
    _must_be(journal, JournalStatus.SUBMITTED)
    return journal


def _must_be(journal: Journal, status: JournalStatus) -> None:
    if journal.status != status:
        raise Conflict(
            Breach(
                "journal.moved-on",
                _("This journal has moved on since you opened it."),
                cure=_("Open it again to see what happened to it."),
            )
        )


def _decide(journal: Journal, actor: Actor, status: JournalStatus, reason: str, now: datetime) -> None:
    journal.status, journal.status_reason = status, reason
    journal.approved_by_id, journal.approved_at = actor.person_id, now
    journal.version += 1


def _trace(session: Session, actor: Actor, verb: str, journal: Journal, now: datetime) -> None:
    trail.record(
        session,
        actor,
        verb,
        ("journal", journal.id),
        {"reference": journal.reference, "kind": journal.kind, "label": KINDS[JournalKind(journal.kind)].label},
        now=now,
        institution_id=journal.institution_id,
    )
