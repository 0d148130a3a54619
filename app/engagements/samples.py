"""The verbs of a sample: draw a preview, draw it again (each time logged), lock it for good, record what was found.

The seed is fixed before anything is shown. The population of each drawing is kept with the sample, so that anyone can
draw the same lines again, and an error found is projected to exactly what was drawn from.
"""

from __future__ import annotations

import json
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.audit import trail
from app.contracts.models import Contract
from app.contracts.queries import by_id
from app.db.unit_of_work import lock_for_update
from app.engagements import population, queries, sample_seals, service
from app.engagements.models import Engagement, Sample, SampleDrawing, SampleItem
from app.engagements.states import LineClass, SampleStatus
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, InputRefused, NotFound
from app.kernel.messages import _
from app.kernel.money import Money
from app.sampling import (
    Evaluation,
    Method,
    Plan,
    Population,
    Row,
    Sample as Drawn,
    Seed,
    check,
    draw,
    evaluate,
    population_digest,
    sample_digest,
)
from reports import seals
from reports.parameters import Parameters

SUBJECT = "engagement-sample"
"""Subject kind of a sample in the trail; its events belong to no institution, so that only the auditors read them."""


@dataclass(frozen=True, slots=True)
class Measures:
    """How to draw. `confidence` is in percent; amounts are in `currency`; `picked` and `bounds` are typed, one a line.

    Without `size` it is computed; with `above` every larger line is taken whole beside what the method draws.
    """

    method: Method
    seed: str
    currency: Currency
    confidence: Decimal
    tolerable: Money | None = None
    expected: Money | None = None
    above: Money | None = None
    size: int | None = None
    picked: str = ""
    bounds: str = ""


@dataclass(frozen=True, slots=True)
class DrawSample(Measures):
    """A first drawing, from one class of lines of a contract of the scope."""

    contract: str = ""
    line_class: LineClass = LineClass.COST


@dataclass(frozen=True, slots=True)
class DrawAgain(Measures):
    """A later drawing of the version that the page showed."""

    version: int = 0


@dataclass(frozen=True, slots=True)
class LockSample:
    """Lock the version that the page showed."""

    version: int


@dataclass(frozen=True, slots=True)
class RecordFinding:
    """What the auditor found the line at that place to be, in the sample's currency, and why."""

    place: int
    currency: Currency
    audited: Money
    finding: str = ""


def new_seed() -> str:
    """A seed nobody could choose: 128 random bits in hexadecimal."""
    return Seed(secrets.randbits(128)).text


def draw_first(session: Session, actor: Actor, reference: str, command: DrawSample, *, now: datetime) -> Sample:
    """Draw a preview and log it. Raises NotFound outside the scope, InputRefused with every reason why not."""
    engagement = service.working(session, actor, reference, now=now)
    contract = queries.contract_in(session, engagement, command.contract)
    found = _population(session, engagement, contract, command.line_class, command.currency)
    plan = _plan(command)
    sample = Sample(
        engagement_id=engagement.id,
        number=queries.next_number(session, Sample, engagement.id),
        contract_id=contract.id,
        currency=command.currency.value,
        line_class=command.line_class.value,
        status=SampleStatus.PREVIEW.value,
        draws=0,
        made_by_id=actor.person_id,
        made_at=now,
    )
    session.add(sample)
    _drawn(sample, actor, plan, found, now)
    session.flush()
    return _traced(session, actor, "sample.draw", engagement, sample, now)


def draw_again(
    session: Session, actor: Actor, reference: str, number: int, command: DrawAgain, *, now: datetime
) -> Sample:
    """Draw it anew, with the lines of today; the drawing before stays in the log. Raises Conflict once it is locked."""
    engagement, sample = _to_change(session, actor, reference, number, command.version, now)
    if command.currency.value != sample.currency:
        raise InputRefused(_other_currency())
    contract = by_id(session, sample.contract_id)
    found = _population(session, engagement, contract, LineClass(sample.line_class), command.currency)
    plan = _plan(command)
    sample.items.clear()
    session.flush()
    _drawn(sample, actor, plan, found, now)
    sample.version += 1
    session.flush()
    return _traced(session, actor, "sample.draw", engagement, sample, now)


def lock(session: Session, actor: Actor, reference: str, number: int, command: LockSample, *, now: datetime) -> Sample:
    """Make it immutable: its digest goes into the trail, and with the next block into the seal of the grantee's book.

    The sample and the trail say how far the books were sealed at that moment.
    """
    engagement, sample = _to_change(session, actor, reference, number, command.version, now)
    parameters = Parameters(engagement.first_day, engagement.last_day, now, contract_id=sample.contract_id)
    sample.seals = [asdict(each) for each in seals.of_books(session, parameters)]
    sample.status = SampleStatus.LOCKED.value
    sample.locked_by_id, sample.locked_at = actor.person_id, now
    sample.version += 1
    session.flush()
    sample_seals.attach(session, engagement.reference, sample)
    return _traced(session, actor, "sample.lock", engagement, sample, now)


def record_finding(
    session: Session, actor: Actor, reference: str, number: int, command: RecordFinding, *, now: datetime
) -> Sample:
    """Record what a line of a locked sample should have been; it can be recorded anew while the engagement lasts."""
    engagement = service.working(session, actor, reference, now=now)
    sample = queries.sample(session, engagement.id, number)
    item = next((each for each in sample.items if each.place == command.place), None)
    if item is None:
        raise NotFound(Breach("sample.no-such-line", _("There is no such line in this sample.")))
    if sample.status != SampleStatus.LOCKED:
        raise Conflict(
            Breach("sample.not-locked", _("Lock the sample first."), _("What is found is recorded of a locked sample."))
        )
    if command.currency.value != sample.currency:
        raise InputRefused(_other_currency())
    item.audited_minor, item.finding = command.audited.minor, command.finding
    item.tested_by_id, item.tested_at = actor.person_id, now
    session.flush()
    return _traced(session, actor, "sample.finding", engagement, sample, now)


def drawn_again(sample: Sample) -> Drawn:
    """The same sample drawn anew from what is kept with it: same seed, same lines."""
    return draw(Plan.of_facts(sample.basis), kept_population(sample))


def evaluation(sample: Sample) -> Evaluation:
    """What the errors recorded so far say of the whole population; lines not tested yet count as right."""
    audited = {key_of(each): each.audited_minor for each in sample.items if each.audited_minor is not None}
    return evaluate(drawn_again(sample), audited)


def kept_population(sample: Sample) -> Population:
    """What the sample was drawn from."""
    rows = json.loads(zlib.decompress(sample.population))
    return Population.of((Row(*each) for each in rows), Currency(sample.currency))


def percent_of(basis: Mapping[str, Any]) -> str:
    """The confidence of a kept plan in percent."""
    return format((Decimal(basis["confidence"]) * 100).normalize(), "f")


def key_of(item: SampleItem) -> str:
    """What names the item's posting."""
    return f"{item.entry_id}-{item.line_no}"


def _population(
    session: Session, engagement: Engagement, contract: Contract, line_class: LineClass, currency: Currency
) -> tuple[Population, dict[str, population.PopulationLine]]:
    lines = population.lines(session, engagement, contract, currency)
    return population.to_draw_from(lines, line_class, currency), {each.key: each for each in lines}


def _drawn(
    sample: Sample,
    actor: Actor,
    plan: Plan,
    found: tuple[Population, dict[str, population.PopulationLine]],
    now: datetime,
) -> None:
    """Draw by the plan and put the result, and the log of it, on the sample."""
    whole, lines = found
    check(plan, whole)
    drawn = draw(plan, whole)
    rows = [[row.key, row.amount, row.group] for row in whole.rows]
    sample.draws += 1
    sample.method, sample.seed, sample.basis = plan.method.value, plan.seed.text, plan.facts()
    sample.population = zlib.compress(json.dumps(rows, separators=(",", ":")).encode())
    sample.population_count, sample.population_minor = len(whole.rows), sum(row.amount for row in whole.rows)
    sample.population_digest = bytes.fromhex(population_digest(whole))
    sample.size, sample.covered_minor = len(drawn.selected), drawn.covered
    sample.digest = bytes.fromhex(sample_digest(drawn, whole))
    for place, each in enumerate(drawn.selected, 1):
        line = lines[each.row.key]
        sample.items.append(
            SampleItem(
                place=place,
                entry_id=line.entry_id,
                line_no=line.line_no,
                effective_on=line.effective_on,
                amount_minor=each.row.amount,
                reason=each.reason.value,
                stratum=each.stratum,
                unit=each.unit,
            )
        )
    sample.drawings.append(
        SampleDrawing(
            number=sample.draws,
            method=sample.method,
            seed=sample.seed,
            basis=sample.basis,
            size=sample.size,
            digest=sample.digest,
            drawn_by_id=actor.person_id,
            drawn_at=now,
        )
    )


def _plan(command: Measures) -> Plan:
    """The plan as typed. Raises InputRefused for a seed or bounds that cannot be read."""
    try:
        seed = Seed.parse(command.seed)
    except ValueError:
        raise InputRefused(
            Breach(
                "sample.seed",
                _("The seed is not a number in hexadecimal digits."),
                _("Use 0 to 9 and a to f, at most 64 of them."),
                field="seed",
            )
        ) from None
    return Plan(
        command.method,
        seed,
        command.confidence / 100,
        command.tolerable.minor if command.tolerable else 0,
        command.expected.minor if command.expected else 0,
        command.above.minor if command.above is not None else None,
        tuple(dict.fromkeys(command.picked.split())),
        command.size,
        _bounds(command),
    )


def _bounds(command: Measures) -> tuple[int, ...]:
    try:
        return tuple(Money.parse(each, command.currency).minor for each in command.bounds.split())
    except ValueError:
        raise InputRefused(
            Breach(
                "sample.bounds",
                _("A bound is not an amount."),
                _("Write one amount a line, with digits and one full stop: 1250.00."),
                field="bounds",
            )
        ) from None


def _to_change(
    session: Session, actor: Actor, reference: str, number: int, version: int, now: datetime
) -> tuple[Engagement, Sample]:
    engagement = service.working(session, actor, reference, now=now)
    sample = lock_for_update(session, Sample, queries.sample(session, engagement.id, number).id, version)
    if sample.status == SampleStatus.LOCKED:
        raise Conflict(
            Breach(
                "sample.locked",
                _("The sample is locked and never changes."),
                _("Draw another one where you need more lines."),
            )
        )
    return engagement, sample


def _traced(session: Session, actor: Actor, verb: str, engagement: Engagement, sample: Sample, now: datetime) -> Sample:
    details = {
        "reference": f"{engagement.reference}/{sample.number}",
        "drawing": sample.draws,
        "seed": sample.seed,
        "sha256": sample.digest.hex(),
        "population_sha256": sample.population_digest.hex(),
        "seals": sample.seals or [],
    }
    trail.record(session, actor, verb, (SUBJECT, sample.id), details, now=now)
    return sample


def _other_currency() -> Breach:
    return Breach(
        "sample.currency",
        _("The sample is in another currency."),
        _("Open the sample again."),
        field="currency",
    )
