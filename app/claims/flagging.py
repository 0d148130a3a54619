"""Flags of a claim: gathers what they look at, says which are open, and lets a person clear them with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from app.access.guards import authorise, own_work
from app.access.permissions import Permission
from app.access.policies import queries as policies
from app.access.policies.states import PolicyName
from app.access.roles import ROLE_NAMES, roles_granting
from app.audit import trail
from app.claims import gathering, queries
from app.claims.commands import ClearFlag
from app.claims.flag_rules import LAST_MONTH, Connected, Flag, FlagFacts, LastMonth, Spent, flags
from app.claims.labels import FLAG_LABELS
from app.claims.models import Claim, ClaimFlagClearance, ClaimLine
from app.claims.states import EDITABLE, WAITING, ClaimStatus, FlagCode, LineKind, PaperKind, Place, Verdict
from app.contracts.models import Contract
from app.db.unit_of_work import lock_for_update
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import Words, _
from app.kernel.money import Money
from app.ledger.balances import contract_activity
from app.ledger.chart import heading_of
from app.ledger.entries import LAST_DAY
from app.ledger.headings import Heading
from app.parties import queries as parties
from app.parties.states import MARK_LABELS, PartyKind

CLEARED_WITH = Permission.CLAIMS_CHECK
"""The right to judge a flag of somebody else's claim."""

LONGEST_JOURNEY = timedelta(days=92)
"""How far back a journey may have begun that is still looked at."""

_PRESENTED = (*WAITING, ClaimStatus.APPROVED, ClaimStatus.PAID)


@dataclass(frozen=True, slots=True)
class Judged:
    """A flag as it stands: open, or cleared by somebody."""

    flag: Flag
    clearance: ClaimFlagClearance | None

    @property
    def open(self) -> bool:
        """Whether nobody has cleared it."""
        return self.clearance is None

    @property
    def key(self) -> str:
        """Names the flag among those of its claim."""
        return f"{self.flag.code}-{self.flag.about}"


def judged(session: Session, claim: Claim, today: date) -> tuple[Judged, ...]:
    """Every flag of the claim today, with who cleared it."""
    found = flags(flag_facts(session, claim, today))
    if not found:
        return ()
    rows = session.scalars(select(ClaimFlagClearance).where(ClaimFlagClearance.claim_id == claim.id))
    cleared = {(row.code, row.about): row for row in rows}
    return tuple(Judged(flag, cleared.get((flag.code, flag.about))) for flag in found)


def for_claimant(found: Iterable[Judged]) -> list[Breach]:
    """The open flags that may be told to whoever claims, as warnings."""
    return [each.flag.breach() for each in found if each.open and each.flag.for_claimant]


def open_breaches(found: Iterable[Judged]) -> list[Breach]:
    """What holds the claim: each open flag that must be cleared, naming who may."""
    roles = Words(tuple(ROLE_NAMES[role] for role in roles_granting(CLEARED_WITH)))
    return [
        Breach(
            "claim.flag-open",
            _("A flag is still open: %(label)s."),
            cure=_("Look at it and clear it with a reason, or return the claim. These roles can clear it: %(roles)s."),
            source=_("What is flagged is judged by a person who has no part in the claim"),
            params={"label": FLAG_LABELS[each.flag.code], "roles": roles},
            field="flags",
        )
        for each in found
        if each.open and each.flag.holds
    ]


def refuse_if_open(session: Session, claim: Claim, now: datetime) -> None:
    """Raise RuleBreached while a flag that holds the claim is open."""
    breaches = open_breaches(judged(session, claim, business_date(now)))
    if breaches:
        raise RuleBreached(*breaches)


def clear(session: Session, actor: Actor, reference: str, command: ClearFlag, *, now: datetime) -> ClaimFlagClearance:
    """Clear a flag with a reason. Raises NotPermitted (own work), or Conflict where there is no such flag."""
    claim = queries.visible_claim(session, actor, reference)
    claim = lock_for_update(session, Claim, claim.id)
    authorise(actor, CLEARED_WITH, claim.institution_id)
    if actor.person_id in (claim.made_by_id, claim.claimant_id):
        raise own_work("claim.clear-flag")
    found = {(each.flag.code, each.flag.about): each for each in judged(session, claim, business_date(now))}
    one = found.get((command.code, command.about))
    if one is None or not one.open or claim.status in EDITABLE:
        raise Conflict(
            Breach(
                "claim.no-such-flag",
                _("This flag is not there any more, or was cleared already."),
                cure=_("Open the claim again to see how it stands."),
            )
        )
    row = ClaimFlagClearance(
        id=new_id(),
        claim_id=claim.id,
        code=command.code,
        about=command.about,
        reason=command.reason,
        cleared_by_id=actor.person_id,
        cleared_at=now,
    )
    session.add(row)
    session.flush()
    details: dict[str, object] = {"reference": claim.reference, "flag": command.code, "reason": command.reason}
    details["lines"] = list(one.flag.lines)
    subject = ("claim", claim.id)
    trail.record(session, actor, "claim.clear-flag", subject, details, now=now, institution_id=claim.institution_id)
    return row


# What the flags look at


def flag_facts(session: Session, claim: Claim, today: date) -> FlagFacts:
    """The claim's lines, those presented before it that may belong with them, and the numbers of policy."""
    contract = session.get_one(Contract, claim.contract_id)
    own = tuple(spent for line in gathering.claimed(claim) if (spent := _spent(line, claim, claim)) is not None)
    within = policies.in_force(session, PolicyName.SPLIT_WITHIN_DAYS, today)
    share = policies.in_force(session, PolicyName.LAST_MONTH_PERCENT, today)
    limits = gathering.quotation_limits(session, today)
    return FlagFacts(
        lines=own,
        earlier=_earlier(session, claim, own, timedelta(days=int(within.value))),
        limits=tuple(limit for limit, _source in limits),
        limit_source=limits[0][1],
        within_days=int(within.value),
        last_month_percent=share.value,
        last_month_source=share.source,
        last_month=_last_month(session, claim, contract),
        connected=_connected(session, claim, own),
    )


def _spent(line: ClaimLine, claim: Claim, looked_at: Claim) -> Spent | None:
    """A line as flags look at it; None while day or amount are missing."""
    if line.cost_on is None or line.amount is None:
        return None
    return Spent(
        line_id=line.id,
        claim_id=claim.id,
        number=line.number if claim is looked_at else None,
        same_claimant=claim.claimant_id == looked_at.claimant_id,
        kind=LineKind(line.kind),
        heading=Heading(line.heading) if line.heading else None,
        place=Place(line.place) if line.place else None,
        who=line.who,
        seller=line.seller,
        seller_number=line.seller_number,
        first_day=line.cost_on,
        last_day=_last_day(line, line.cost_on),
        quantity=line.quantity,
        amount=line.amount,
        has_quotation=any(each.kind == PaperKind.QUOTATION for each in line.papers),
    )


def _last_day(line: ClaimLine, first: date) -> date:
    """The last day as typed; of a daily allowance without one, as many days on as are claimed."""
    if line.ends_on is not None:
        return max(first, line.ends_on)
    if line.kind == LineKind.PER_DIEM and line.quantity is not None:
        whole = max(1, int(-(-line.quantity // 1)))
        return first + min(timedelta(days=whole - 1), LONGEST_JOURNEY)
    return first


def _earlier(session: Session, claim: Claim, own: Iterable[Spent], within: timedelta) -> tuple[Spent, ...]:
    """Lines of the institution presented before this claim, near enough in time to belong with one of its lines."""
    days = [each.first_day for each in own] + [each.last_day for each in own]
    if not days:
        return ()
    query = (
        select(Claim, ClaimLine)
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .where(
            Claim.institution_id == claim.institution_id,
            Claim.id != claim.id,
            Claim.status.in_(_PRESENTED),
            ClaimLine.cost_on.between(min(days) - max(within, LONGEST_JOURNEY), max(days) + within),
            or_(ClaimLine.verdict.is_(None), ClaimLine.verdict == Verdict.OKAY),
        )
        .options(selectinload(ClaimLine.papers))
    )
    if claim.submitted_at is not None and claim.status not in EDITABLE:
        query = query.where(Claim.submitted_at < claim.submitted_at)
    found = (_spent(line, other, claim) for other, line in session.execute(query))
    return tuple(each for each in found if each is not None)


def _last_month(session: Session, claim: Claim, contract: Contract) -> LastMonth | None:
    """Cost booked in the contract's last month and in all, with the claim's own as long as it is not booked yet."""
    first = contract.last_day - LAST_MONTH
    currency = Currency(contract.currency)
    nil = Money.zero(currency)
    documents = queries.documents_of(session, claim)
    spent, in_all = nil, nil
    booked = claim.status in (ClaimStatus.APPROVED, ClaimStatus.PAID)
    for line in gathering.claimed(claim):
        facts = gathering.line_facts(session, line, currency, Currency(claim.pay_currency), documents)
        if booked or facts.booked is None or facts.cost_on is None or facts.heading is Heading.AUDIT_FEE:
            continue
        in_all = in_all + facts.booked
        spent = spent + (facts.booked if facts.cost_on >= first else nil)
    if not any(line.cost_on is not None and line.cost_on >= first for line in claim.lines):
        return None
    for row in contract_activity(session, contract.id, first, LAST_DAY):
        heading = heading_of(row.code)
        own = row.book_id == contract.grantee_id and row.currency is currency
        if own and heading is not None and heading is not Heading.AUDIT_FEE:
            spent, in_all = spent + row.period, in_all + row.closing
    return LastMonth(first, spent, in_all)


def _connected(session: Session, claim: Claim, own: Iterable[Spent]) -> tuple[Connected, ...]:
    """Sellers of the claim's lines who are known as sponsors of its contract, or as connected with staff."""
    lines = [each for each in own if each.kind is LineKind.RECEIPT and each.seller_key]
    names, numbers = [each.seller for each in lines], [each.seller_number for each in lines]
    place = claim.institution_id
    sponsors = parties.known(session, place, PartyKind.SPONSOR, names, numbers)
    suppliers = parties.known(session, place, PartyKind.SUPPLIER, names, numbers)
    shared = parties.shared_with_staff(session, suppliers)
    found = []
    for line in lines:
        for party in sponsors:
            if party.contract_id in (None, claim.contract_id) and _is(line, party.name_key, party.number):
                found.append(Connected(FlagCode.SPONSOR_IS_PAYEE, line.line_id, party.source or party.name, ()))
        for party in suppliers:
            for each in shared.get(party.id, []) if _is(line, party.name_key, party.number) else []:
                words = tuple(MARK_LABELS[kind] for kind in each.kinds)
                found.append(Connected(FlagCode.SHARED_WITH_STAFF, line.line_id, each.staff, words))
    return tuple(dict.fromkeys(found))


def _is(line: Spent, name_key: str, number: str) -> bool:
    return line.seller_key == name_key or bool(number and line.seller_number == number)


def claims_named(session: Session, actor: Actor, flag: Flag) -> list[str]:
    """References of the other claims of a flag, as far as they lie in the actor's scope."""
    if not flag.claims:
        return []
    query = select(Claim.reference).where(Claim.id.in_(flag.claims), queries.in_scope(actor))
    return sorted(session.scalars(query))
