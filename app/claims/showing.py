"""Makes a claim ready for its pages: lines with what they lack and prove, totals, checks, and who may do what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.access.guards import may
from app.access.permissions import Permission
from app.audit.timeline import history
from app.budgets.rules import Effect
from app.claims import deciding, flagging, gathering, known_before, paying, queries, rules, service
from app.claims.facts import ClaimFacts, LineFacts
from app.claims.flagging import Judged
from app.claims.labels import MISSING_LABELS
from app.claims.line_rules import missing
from app.claims.models import Claim, ClaimLine
from app.claims.states import EDITABLE, ClaimStatus, PaperKind, may_move
from app.contracts.models import Contract
from app.evidence.duplicates import Match
from app.evidence.fields import SOURCE_NAMES, from_json
from app.evidence.models import Document
from app.exchange_rates import queries as exchange_rates
from app.exchange_rates.queries import FoundRate
from app.institutions import queries as institutions
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.money import Money, total
from app.ledger import balances
from app.ledger.chart import CHART
from app.ledger.headings import Heading
from app.people import queries as people
from app.projects.models import Project


@dataclass(frozen=True, slots=True)
class LineView:
    """One line for the pages."""

    row: ClaimLine
    facts: LineFacts
    lacking: tuple[str, ...]
    papers: tuple[tuple[str, Document], ...]
    rate: FoundRate | None
    checks: tuple[Breach, ...]
    earlier: tuple[str, ...]
    """Claims, as far as the reader may know them, in which the same was presented before."""

    @property
    def lacking_words(self) -> list[str]:
        """Message ids of what is missing."""
        return [MISSING_LABELS[name] for name in self.lacking]

    @property
    def picture(self) -> Document | None:
        """The first document that can be shown beside the fields."""
        return next((each for _kind, each in self.papers if each.is_pictured), None)

    @property
    def read_from(self) -> str:
        """Where amount or number were read in the receipt itself (a message id); empty where a person typed them."""
        for kind, document in self.papers:
            if kind == PaperKind.RECEIPT and document.said:
                sources = from_json(document.said).sources
                found = sources.get("amount") or sources.get("invoice_number")
                if found is not None:
                    return SOURCE_NAMES[found]
        return ""

    @property
    def allowance(self) -> str:
        """Quantity times rate, as figures; empty where the line is no allowance."""
        quantity, rate = self.row.quantity, self.row.unit_rate
        if quantity is None or rate is None:
            return ""
        return f"{quantity.normalize():f} × {self.row.currency} {rate.normalize():f}"

    @property
    def heading_label(self) -> str:
        """The heading's message id; empty while there is none."""
        return Heading(self.row.heading).label if self.row.heading else ""

    @property
    def blocked(self) -> bool:
        """Whether a rule stands in this line's way."""
        return any(each.blocking for each in self.checks)


@dataclass(frozen=True, slots=True)
class FlagView:
    """One flag for the pages: what it says, who cleared it and why, the other claims the reader may know."""

    judged: Judged
    cleared_by: str
    claims: tuple[str, ...]

    @property
    def breach(self) -> Breach:
        """The flag as a warning."""
        return self.judged.flag.breach()


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim for its pages, as one person meets it."""

    claim: Claim
    contract: Contract
    project: Project
    facts: ClaimFacts
    lines: tuple[LineView, ...]
    checks: tuple[Breach, ...]
    effects: tuple[Effect, ...]
    names: dict[Any, str]
    mine: bool
    editable: bool
    may_check: bool
    may_approve: bool
    may_pay: bool
    against_approval: tuple[Breach, ...]
    flags: tuple[FlagView, ...]
    may_clear: bool

    @property
    def owed(self) -> Money:
        """What the claimant receives, before an advance is taken off: as far as amounts and rates are known."""
        return rules.owed(self.facts)

    @property
    def to_receive(self) -> Money:
        """What is paid out: after approval as booked, before it less the advance to be cleared."""
        if self.claim.payable_minor is not None:
            return paying.payable(self.claim)
        return self.owed - min(self.facts.advance, self.owed)

    @property
    def open_lines(self) -> int:
        """How many lines still lack something."""
        return sum(1 for line in self.lines if line.lacking)

    @property
    def next_open(self) -> int | None:
        """The number of the first line that lacks something."""
        return next((line.row.number for line in self.lines if line.lacking), None)

    def spent(self, code: str) -> Money | None:
        """What was spent in one currency; None where nothing was."""
        currency = Currency(code)
        amounts = [
            each.facts.amount
            for each in self.lines
            if each.facts.amount is not None and each.facts.amount.currency is currency
        ]
        return total(amounts, currency) if amounts else None

    def by_heading(self) -> list[tuple[str, int, Money | None, Money | None]]:
        """Per heading: its message id, how many lines, and the totals in CNY and HKD."""
        found: dict[str, list[LineView]] = {}
        for line in self.lines:
            found.setdefault(line.heading_label, []).append(line)
        return [
            (label, len(lines), _sum(lines, Currency.CNY), _sum(lines, Currency.HKD)) for label, lines in found.items()
        ]

    def whole_checks(self) -> list[Breach]:
        """Checks that concern no single line."""
        return [each for each in self.checks if not (each.field or "").startswith("line-")]


def _sum(lines: Sequence[LineView], currency: Currency) -> Money | None:
    amounts = [each.row.amount for each in lines if each.row.amount is not None]
    chosen = [amount for amount in amounts if amount.currency is currency]
    return total(chosen, currency) if chosen else None


def view(session: Session, actor: Actor, claim: Claim, now: datetime, language: str = "en") -> ClaimView:
    """Everything the pages of a claim show."""
    today = business_date(now)
    facts = gathering.claim_facts(session, claim, today)
    contract = session.get_one(Contract, claim.contract_id)
    status = claim.status
    decided = status in (ClaimStatus.PAID, ClaimStatus.REFUSED, ClaimStatus.WITHDRAWN)
    known = {} if decided or status == ClaimStatus.APPROVED else known_before.matches(session, actor, claim)
    checks = () if decided else (*service.check_facts(claim, facts), *known_before.flags(known))
    judged = () if decided else flagging.judged(session, claim, today)
    place, mine = claim.institution_id, actor.person_id in (claim.made_by_id, claim.claimant_id)
    judges = not mine and may(actor, flagging.CLEARED_WITH, place)
    if not judges:
        checks = (*checks, *flagging.for_claimant(judged))
    apart = not mine
    approves = status == ClaimStatus.CHECKED and apart and may(actor, Permission.CLAIMS_APPROVE, place)
    against = deciding.reasons_against(session, actor, claim, rules.owed(facts), today) if approves else []
    concerned = (claim.claimant_id, claim.made_by_id, claim.checked_by_id, claim.approved_by_id, claim.paid_by_id)
    return ClaimView(
        claim=claim,
        contract=contract,
        project=session.get_one(Project, contract.project_id),
        facts=facts,
        lines=tuple(_lines(session, actor, claim, facts, checks, known)),
        checks=checks,
        effects=rules.effects_of(facts),
        names=people.names_of(session, concerned, language),
        mine=mine,
        editable=mine and status in EDITABLE and may(actor, Permission.CLAIMS_DRAFT, place),
        may_check=status == ClaimStatus.SUBMITTED and apart and may(actor, Permission.CLAIMS_CHECK, place),
        may_approve=approves and not against,
        may_pay=(
            status == ClaimStatus.APPROVED
            and actor.person_id not in paying.hands_of(claim)
            and may(actor, Permission.CLAIMS_PAY, place)
        ),
        against_approval=tuple(against),
        flags=tuple(_flag_views(session, actor, judged, language)) if judges else (),
        may_clear=judges and status in (ClaimStatus.SUBMITTED, ClaimStatus.CHECKED, ClaimStatus.APPROVED),
    )


def _flag_views(session: Session, actor: Actor, judged: Sequence[Judged], language: str) -> list[FlagView]:
    clearers = [each.clearance.cleared_by_id for each in judged if each.clearance is not None]
    names = people.names_of(session, clearers, language)
    return [
        FlagView(
            each,
            names.get(each.clearance.cleared_by_id, "") if each.clearance is not None else "",
            tuple(flagging.claims_named(session, actor, each.flag)),
        )
        for each in judged
    ]


def _lines(
    session: Session,
    actor: Actor,
    claim: Claim,
    facts: ClaimFacts,
    checks: Sequence[Breach],
    known: dict[int, tuple[Match, ...]],
) -> list[LineView]:
    documents = queries.documents_of(session, claim)
    found = []
    for row in claim.lines:
        about = gathering.line_facts(session, row, facts.contract.currency, facts.pay_currency, documents)
        papers = tuple((each.kind, documents[each.document_id]) for each in row.papers if each.document_id in documents)
        rate = exchange_rates.by_id(session, row.rate_id) if row.rate_id else None
        own = tuple(
            each
            for each in checks
            if each.field == f"line-{row.number}" and each.code not in ("claim.line-incomplete", "claim.receipt-lost")
        )
        earlier = tuple(known_before.references(session, actor, known.get(row.number, ())))
        found.append(LineView(row, about, missing(about), papers, rate, own, earlier))
    return found


def extras(session: Session, claim: Claim, now: datetime, language: str = "en") -> dict[str, Any]:
    """What only the claim's own page shows: entries, history, who can pay or approve, claims before and after it."""
    today = business_date(now)
    posted = list(balances.postings(session, balances.Selection(event_id=claim.event_id))) if claim.event_id else []
    if claim.payment_entry_id:
        posted += balances.postings(session, balances.Selection(entry_id=claim.payment_entry_id))
    holders = {
        ClaimStatus.SUBMITTED: Permission.CLAIMS_CHECK,
        ClaimStatus.CHECKED: Permission.CLAIMS_APPROVE,
        ClaimStatus.APPROVED: Permission.CLAIMS_PAY,
    }
    waiting_for = holders.get(ClaimStatus(claim.status))
    able = people.holders_of(session, waiting_for, claim.institution_id, today) if waiting_for else []
    hands = paying.hands_of(claim) if waiting_for is Permission.CLAIMS_PAY else {claim.made_by_id, claim.claimant_id}
    return {
        "book": institutions.by_id(session, claim.institution_id),
        "posted": posted,
        "account_name": lambda code: CHART[code].name,
        "events": history(session, service.SUBJECT, claim.id),
        "with_whom": [person.name(language) for person in able if person.id not in hands],
        "before": queries.claims_by_id(session, [claim.follows_id]).get(claim.follows_id) if claim.follows_id else None,
        "after": queries.followers_of(session, claim.id),
    }


def withdrawable(actor: Actor, claim: Claim) -> bool:
    """Whether the actor may still take the claim back."""
    mine = actor.person_id in (claim.made_by_id, claim.claimant_id)
    return mine and may_move(ClaimStatus(claim.status), ClaimStatus.WITHDRAWN)
