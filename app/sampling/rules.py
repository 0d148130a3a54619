"""What a plan must satisfy before a sample is drawn: a plan and a population in, breaches out. Pure."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from app.kernel.breaches import Breach
from app.kernel.errors import InputRefused
from app.kernel.messages import _
from app.sampling.drawing import planned_size
from app.sampling.factors import LARGEST_SIZE, SizeOutOfReach
from app.sampling.plan import Plan
from app.sampling.population import Population
from app.sampling.states import Method

GUIDE = _("ISA and HKSA 530, audit sampling; AICPA Audit Guide “Audit Sampling”")

LEAST_CONFIDENCE = Decimal("0.5")
MOST_CONFIDENCE = Decimal("0.999")


def something_to_draw(plan: Plan, population: Population) -> Breach | None:
    """There are amounts above nil, unless rows are chosen by hand."""
    if population.debits or plan.picked:
        return None
    return Breach(
        "sample.nothing-to-draw",
        _("This population has no line with an amount to draw from."),
        _("Choose another population, or name lines by hand."),
        GUIDE,
        field="method",
    )


def confidence_usual(plan: Plan, population: Population) -> Breach | None:
    """Confidence lies between 50 % and 99.9 %."""
    if not plan.method.is_projected or LEAST_CONFIDENCE <= plan.confidence <= MOST_CONFIDENCE:
        return None
    return Breach(
        "sample.confidence-unusual",
        _("Confidence must be from 50 to 99.9 per cent."),
        _("Enter for example 95."),
        GUIDE,
        field="confidence",
    )


def misstatement_measured(plan: Plan, population: Population) -> Breach | None:
    """Tolerable misstatement is above nil where the size or the verdict needs it, expected below it."""
    if not plan.method.is_projected:
        return None
    if plan.tolerable <= 0:
        return Breach(
            "sample.tolerable-missing",
            _("Enter the tolerable misstatement, above nil."),
            _("The size of the sample and the verdict on it follow from this amount."),
            GUIDE,
            field="tolerable",
        )
    if not 0 <= plan.expected < plan.tolerable:
        return Breach(
            "sample.expected-too-high",
            _("The expected misstatement must be nil or more and below the tolerable one."),
            _("If you expect as much as you can tolerate, sampling cannot help: examine every line."),
            GUIDE,
            field="expected",
        )
    return None


def size_within_reach(plan: Plan, population: Population) -> Breach | None:
    """The size is at least one and no more than anyone would examine."""
    if plan.size is not None and not 1 <= plan.size <= LARGEST_SIZE:
        return Breach(
            "sample.size-out-of-range",
            _("A sample has from 1 to %(most)s items."),
            _("Leave the size empty to have it computed."),
            GUIDE,
            {"most": LARGEST_SIZE},
            field="size",
        )
    if misstatement_measured(plan, population) or confidence_usual(plan, population) or keys_known(plan, population):
        return None
    try:
        if plan.method.is_projected:
            planned_size(plan, population)
    except SizeOutOfReach:
        return Breach(
            "sample.size-out-of-reach",
            _("More than %(most)s items would be needed."),
            _("Raise the tolerable misstatement, lower the expected one or the confidence, or examine every line."),
            GUIDE,
            {"most": LARGEST_SIZE},
            field="tolerable",
        )
    return None


def threshold_given(plan: Plan, population: Population) -> Breach | None:
    """“All above” has an amount, and no amount is below nil."""
    if plan.above is None and plan.method is not Method.ABOVE:
        return None
    if plan.above is not None and plan.above >= 0:
        return None
    return Breach(
        "sample.threshold-missing",
        _("Enter the amount above which every line is taken."),
        _("Enter nil to take every line."),
        GUIDE,
        field="above",
    )


def keys_known(plan: Plan, population: Population) -> Breach | None:
    """Lines named by hand are in the population, and there is one where nothing else chooses."""
    if plan.method is Method.BY_HAND and not plan.picked:
        return Breach(
            "sample.nothing-picked", _("Choose at least one line."), _("Mark lines in the list."), GUIDE, field="picked"
        )
    unknown = sorted(set(plan.picked) - population.by_key.keys())
    if not unknown:
        return None
    return Breach(
        "sample.line-unknown",
        _("%(line)s is not in this population."),
        _("Choose lines from the list."),
        GUIDE,
        {"line": unknown[0]},
        field="picked",
    )


def bounds_ascend(plan: Plan, population: Population) -> Breach | None:
    """The bounds of strata are above nil and ascend."""
    if all(low < high for low, high in zip((0, *plan.bounds), plan.bounds, strict=False)):
        return None
    return Breach(
        "sample.bounds-unordered",
        _("The bounds of the strata must ascend from above nil."),
        _("Enter each amount once, the smallest first."),
        GUIDE,
        field="bounds",
    )


RULES: tuple[Callable[[Plan, Population], Breach | None], ...] = (
    something_to_draw,
    confidence_usual,
    misstatement_measured,
    threshold_given,
    keys_known,
    bounds_ascend,
    size_within_reach,
)


def breaches_of(plan: Plan, population: Population) -> list[Breach]:
    """Everything that stands against drawing, in the order a reader would mend it."""
    return [breach for rule in RULES if (breach := rule(plan, population)) is not None]


def check(plan: Plan, population: Population) -> None:
    """Raise InputRefused with every breach; return where the plan can be drawn."""
    if breaches := breaches_of(plan, population):
        raise InputRefused(*breaches)
