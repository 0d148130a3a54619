"""The verbs of the finance office before the money: check line by line, approve within authority, return, refuse."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy.orm import Session

from app.access.guards import authorise, own_work
from app.access.permissions import Permission
from app.access.policy import AuthorityKind
from app.claims import flagging, gathering, known_before, postings, queries, rules, telling
from app.claims.commands import CheckClaim, LineVerdict, Seen
from app.claims.facts import ClaimFacts, LineFacts
from app.claims.filling import copied
from app.claims.models import Claim, ClaimLine
from app.claims.service import commit_lines, move, moved_on, refuse_if_breached, trace
from app.claims.states import ClaimStatus, Verdict, outcome
from app.db.references import next_reference
from app.db.unit_of_work import lock_for_update
from app.exchange_rates import queries as exchange_rates
from app.institutions.models import Institution
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import InputRefused, NotPermitted
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.kernel.money import Money, total
from app.ledger import balances, fund_control, posting
from app.ledger.chart import AccountCode
from app.ledger.entries import Entry, EntryKind, in_functional
from app.ledger.posting import Order
from app.people.authority import queries as authority
from app.people.authority.queries import Case

REASONED = frozenset({Verdict.NEEDS_DETAILS, Verdict.NOT_OKAY})


def check_lines(session: Session, actor: Actor, reference: str, command: CheckClaim, *, now: datetime) -> Claim:
    """Give every line its verdict. Okay lines go on; those that need details go back in a claim of their own, or the
    whole claim goes back (is refused) where no line is okay.

    Raises NotPermitted (own work), Conflict, InputRefused for verdicts that do not fit, RuleBreached for an okay line
    that breaks a rule.
    """
    claim = _for_decision(session, actor, reference, command.version, Permission.CLAIMS_CHECK, "claim.check")
    _must_be_submitted(claim)
    suspect = known_before.certain(known_before.matches(session, actor, claim))
    _note_verdicts(claim, command.verdicts, suspect)
    after = outcome(Verdict(line.verdict) for line in claim.lines if line.verdict)
    move(claim, after)
    claim.checked_by_id, claim.checked_at = actor.person_id, now
    claim.version += 1
    session.flush()
    if after is ClaimStatus.CHECKED:
        refuse_if_breached(session, claim, now)
        commit_lines(session, claim, now)
        _send_lines_back(session, claim, now)
    else:
        fund_control.commit_cost(session, claim.id, ())
        claim.status_reason = _reasons(claim.lines)
    known_before.forget(session, [line for line in claim.lines if line.verdict != Verdict.OKAY])
    if after is ClaimStatus.RETURNED:
        claim.checked_by_id = claim.checked_at = None
        for line in claim.lines:
            line.verdict = None
    telling.tell(session, claim, now)
    cleared = [line.number for line in claim.lines if line.number in suspect and line.verdict == Verdict.OKAY]
    trace(session, actor, "claim.check", claim, now, status=after, cleared_as_not_twice=cleared)
    return claim


def approve(session: Session, actor: Actor, reference: str, command: Seen, *, now: datetime) -> Claim:
    """Approve a checked claim within one's authority, and book its cost against what is owed to the claimant.

    Above the amount from which the matrix asks for two, the approver is another person than the checker. Raises
    NotPermitted, Conflict or RuleBreached; every rule is looked at again.
    """
    claim = _for_decision(session, actor, reference, command.version, Permission.CLAIMS_APPROVE, "claim.approve")
    facts = gathering.claim_facts(session, claim, business_date(now))
    reasons = reasons_against(session, actor, claim, rules.owed(facts), business_date(now))
    if reasons:
        raise NotPermitted(*reasons)
    refuse_if_breached(session, claim, now)
    flagging.refuse_if_open(session, claim, now)
    move(claim, ClaimStatus.APPROVED)
    claim.approved_by_id, claim.approved_at = actor.person_id, now
    claim.version += 1
    session.flush()
    commit_lines(session, claim, now)
    _book_cost(session, actor, claim, facts, now)
    telling.tell(session, claim, now)
    trace(session, actor, "claim.approve", claim, now, amount=rules.owed(facts))
    return claim


def reasons_against(session: Session, actor: Actor, claim: Claim, amount: Money, today: date) -> list[Breach]:
    """Why the actor may not approve the claim for this amount, by the authority matrix; nothing where they may."""
    makers = frozenset({claim.made_by_id, claim.claimant_id})
    case = Case(AuthorityKind.CLAIM, claim.institution_id, amount, makers)
    if claim.checked_by_id is not None and authority.checkers_needed(session, case, today) > 1:
        case = Case(AuthorityKind.CLAIM, claim.institution_id, amount, makers, frozenset({claim.checked_by_id}))
    return authority.check_approval(session, actor, case, today)


def send_back(session: Session, actor: Actor, reference: str, command: Seen, *, now: datetime) -> Claim:
    """Return the whole claim to its maker with a reason; nothing typed is lost. Raises NotPermitted or Conflict."""
    claim = _for_decision(session, actor, reference, command.version, Permission.CLAIMS_CHECK, "claim.return")
    _close(session, claim, ClaimStatus.RETURNED, command.reason)
    claim.checked_by_id = claim.checked_at = None
    for line in claim.lines:
        line.verdict = None
    telling.tell(session, claim, now)
    trace(session, actor, "claim.return", claim, now, reason=command.reason)
    return claim


def refuse(session: Session, actor: Actor, reference: str, command: Seen, *, now: datetime) -> Claim:
    """Refuse the whole claim for good, with a reason; nothing is booked. Raises NotPermitted or Conflict."""
    claim = _for_decision(session, actor, reference, command.version, Permission.CLAIMS_CHECK, "claim.refuse")
    _close(session, claim, ClaimStatus.REFUSED, command.reason)
    telling.tell(session, claim, now)
    trace(session, actor, "claim.refuse", claim, now, reason=command.reason)
    return claim


def _close(session: Session, claim: Claim, after: ClaimStatus, reason: str) -> None:
    move(claim, after)
    claim.status_reason = reason
    claim.version += 1
    fund_control.commit_cost(session, claim.id, ())
    known_before.forget(session, claim.lines)


def _for_decision(
    session: Session, actor: Actor, reference: str, version: int, permission: Permission, verb: str
) -> Claim:
    claim = queries.visible_claim(session, actor, reference)
    claim = lock_for_update(session, Claim, claim.id, version)
    authorise(actor, permission, claim.institution_id)
    if actor.person_id in (claim.made_by_id, claim.claimant_id):
        raise own_work(verb)
    return claim


def _must_be_submitted(claim: Claim) -> None:
    if claim.status != ClaimStatus.SUBMITTED:
        raise moved_on()


def _note_verdicts(claim: Claim, verdicts: tuple[LineVerdict, ...], suspect: frozenset[int]) -> None:
    """Write the verdicts on their lines. Raises InputRefused where one is missing, strange or without its reason.

    A line whose document was presented before is okay only with the reason why it is another one.
    """
    given = {each.line: each for each in verdicts}
    breaches = [_verdict_breach("claim.verdict-strange", number) for number in sorted(given.keys() - _numbers(claim))]
    for line in claim.lines:
        each = given.get(line.number)
        if each is None:
            breaches.append(_verdict_breach("claim.verdict-missing", line.number))
            continue
        if each.verdict in REASONED and not each.reason.strip():
            breaches.append(_verdict_breach("claim.reason-missing", line.number))
        if each.verdict is Verdict.OKAY and line.number in suspect and not each.reason.strip():
            breaches.append(_verdict_breach("claim.duplicate-not-cleared", line.number))
        line.verdict, line.verdict_reason = each.verdict, each.reason
    if breaches:
        raise InputRefused(*breaches)


def _numbers(claim: Claim) -> set[int]:
    return {line.number for line in claim.lines}


_VERDICT_WORDS = {
    "claim.verdict-strange": (_("The claim has no line %(line)s."), _("Open the claim again.")),
    "claim.verdict-missing": (_("Line %(line)s has no verdict yet."), _("Choose one of the three for every line.")),
    "claim.duplicate-not-cleared": (
        _("Line %(line)s was presented before."),
        _("Say why it is not the same, or choose another verdict."),
    ),
    "claim.reason-missing": (_("Line %(line)s needs a reason."), _("Write what is asked, or why it is not okay.")),
}


def _verdict_breach(code: str, line: int) -> Breach:
    message, cure = _VERDICT_WORDS[code]
    source = _("The claimant reads the reason")
    return Breach(code, message, cure, source, {"line": line}, f"line-{line}")


def _reasons(lines: Iterable[ClaimLine]) -> str:
    return "\n".join(f"{line.number}: {line.verdict_reason}" for line in lines if line.verdict_reason)


def _send_lines_back(session: Session, claim: Claim, now: datetime) -> None:
    """Put the lines that need details into a returned claim of the same head, with everything typed and attached."""
    asked = [line for line in claim.lines if line.verdict == Verdict.NEEDS_DETAILS]
    if not asked:
        return
    heads = (
        "institution_id",
        "contract_id",
        "claimant_id",
        "made_by_id",
        "purpose",
        "heading",
        "place",
        "pay_currency",
    )
    back = Claim(
        id=new_id(),
        reference=next_reference(session, "CLM", business_date(now)),
        made_at=now,
        status=ClaimStatus.RETURNED,
        status_reason=_reasons(asked),
        follows_id=claim.id,
        advance_minor=0,
        version=1,
        **{name: getattr(claim, name) for name in heads},
    )
    session.add(back)
    session.flush()
    for line in asked:
        copied(session, back, line, dated=True)
    session.flush()
    telling.tell(session, back, now)


# The books


@dataclass(frozen=True, slots=True)
class _Booked:
    """One day's entry, and what it adds to the claimant's due: as owed, and as the book carries it."""

    order: Order
    payable: Money
    carried: Money


def _book_cost(session: Session, actor: Actor, claim: Claim, facts: ClaimFacts, now: datetime) -> None:
    """Post one entry for each day of cost, all of one event, and note on the claim what is owed."""
    claim.event_id = new_id()
    functional = Currency(session.get_one(Institution, claim.institution_id).functional_currency)
    advance, booked = facts.advance, []
    for day, group in groupby(sorted(facts.lines, key=lambda line: line.cost_on or facts.today), _day):
        lines = list(group)
        costs, advance = _costs(claim, lines, advance)
        booked.append(_entry(session, claim, day, costs, functional, facts))
    posting.post_all(session, [each.order for each in booked], actor_id=actor.person_id, approval_id=claim.id)
    claim.payable_minor = total((each.payable for each in booked), facts.pay_currency).minor
    claim.carried_minor = total((each.carried for each in booked), functional).minor


def _day(line: LineFacts) -> date:
    if line.cost_on is None:
        raise AssertionError("a line without a date is refused before it is booked")
    return line.cost_on


def _costs(claim: Claim, lines: list[LineFacts], advance: Money) -> tuple[list[postings.CostFacts], Money]:
    """The lines ready to book; the advance is used up on the first ones. Returns what is left of it."""
    rates = {line.number: line.rate_id for line in claim.lines}
    found = []
    for line in lines:
        if line.heading is None or line.booked is None or line.owed is None:
            raise AssertionError("an incomplete line is refused before it is booked")
        cleared = min(advance, line.owed)
        advance = advance - cleared
        found.append(postings.CostFacts(line.heading, line.booked, line.owed, cleared, rates[line.number]))
    return found, advance


def _entry(
    session: Session, claim: Claim, day: date, costs: list[postings.CostFacts], functional: Currency, facts: ClaimFacts
) -> _Booked:
    """The entry of one day, dated on the day of cost, or today where that month takes no postings any more."""
    rate_id = next((each.rate_id for each in costs if each.rate_id), None)
    rate = exchange_rates.by_id(session, rate_id) if rate_id else None
    plain = postings.approved(claim.contract_id, claim.id, costs)
    lines = in_functional(plain, functional, rate.as_ledger_rate() if rate else None)
    closed = balances.period_is_closed(session, claim.institution_id, day)
    if claim.event_id is None:
        raise AssertionError("the event is named before it is booked")
    reason = f"{claim.reference}: {claim.purpose}"[:450] + (f" ({day.isoformat()})" if closed else "")
    entry = Entry(
        claim.institution_id,
        facts.today if closed else day,
        EntryKind.ACTUAL,
        claim.event_id,
        reason,
        lines,
        _digest(session, claim, day),
    )
    due = [line for line in lines if line.account.code is AccountCode.PAYABLE_TO_CLAIMANTS]
    return _Booked(
        Order(entry, posting.key_for("claim.approve", claim.id, claim.version, day)),
        -total((line.amount for line in due), facts.pay_currency),
        -total((line.functional for line in due), functional),
    )


def _digest(session: Session, claim: Claim, day: date) -> bytes | None:
    """The digest of the first document of that day's lines."""
    documents = queries.documents_of(session, claim)
    keys = [each.document_id for line in claim.lines if line.cost_on == day for each in line.papers]
    return next((documents[key].sha256 for key in keys if key in documents), None)
