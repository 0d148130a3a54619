"""What the errors found in a sample say of the whole population.

Monetary unit: the tainting of a drawn row (error / recorded amount) times the interval is its projected error. Basic
precision is the interval times R(c, 0); with the taintings in order of size, the i-th adds (R(c, i) − R(c, i − 1) − 1)
times its projected error as incremental allowance. R are the factors of `factors.factor`, as printed in tables.
Source: AICPA Audit Guide *Audit Sampling*, chapter 6.

Stratified and simple random: the ratio of error to recorded amount in the drawn rows of a stratum, times the stratum's
sum, is its projected error. The limit is reckoned as above with the largest sum / rows drawn of a stratum standing for
the interval, to which the size was planned. It supposes, as every projection by ratio does, that errors are spread over
small and large rows alike; where that is doubtful, draw by monetary unit. A stratum looked at whole has no allowance.

Rows taken whole are known, not projected. Over- and understatements are never set off within a limit. Projected errors
are rounded half up to the minor unit, allowances up, so that the limit is never too low.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from app.sampling.drawing import Sample, Selected, Stratum
from app.sampling.factors import factor
from app.sampling.states import Method, Reason


class NotInSample(KeyError):
    """An audited amount was given for a row that is not in the sample."""


@dataclass(frozen=True, slots=True)
class Misstatement:
    """One error: recorded − audited amount in minor units, its share of the recorded amount, and what it projects to.

    `tainting` is None for rows taken whole, whose `projected` is the error itself; it is rounded to six decimals here
    for showing only.
    """

    key: str
    recorded: int
    audited: int
    tainting: Decimal | None
    projected: int

    @property
    def error(self) -> int:
        """Recorded less audited: positive when too much was recorded."""
        return self.recorded - self.audited


@dataclass(frozen=True, slots=True)
class Side:
    """Errors in one direction, in minor units, all of them zero or more."""

    known: int
    projected: int
    basic_precision: int
    incremental_allowance: int

    @property
    def likely(self) -> int:
        """Known and projected error."""
        return self.known + self.projected

    @property
    def upper_limit(self) -> int:
        """The most that is wrong in this direction, at the confidence of the plan."""
        return self.likely + self.basic_precision + self.incremental_allowance


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The result: both directions, each error, and how much of the population nobody looked at or drew from.

    `unexamined` is above nil only for methods that are not projected: their limits say nothing about it.
    """

    overstated: Side
    understated: Side
    misstatements: tuple[Misstatement, ...]
    tolerable: int
    unexamined: int

    @property
    def likely(self) -> int:
        """Overstatement less understatement, known and projected."""
        return self.overstated.likely - self.understated.likely

    @property
    def within_tolerable(self) -> bool | None:
        """Whether both limits are at most tolerable; None where rows outside the sample are not projected to."""
        if self.unexamined:
            return None
        return max(self.overstated.upper_limit, self.understated.upper_limit) <= self.tolerable


def evaluate(sample: Sample, audited: Mapping[str, int]) -> Evaluation:
    """Project the errors of the rows whose audited amounts (minor units) differ; others count as right.

    Raises NotInSample for a key that was not selected.
    """
    chosen = {each.row.key: each for each in sample.selected}
    if strange := sorted(audited.keys() - chosen.keys()):
        raise NotInSample(strange[0])
    wrong = [(chosen[key], amount) for key, amount in sorted(audited.items()) if amount != chosen[key].row.amount]
    misstatements = tuple(_misstatement(sample, each, amount) for each, amount in wrong)
    looked_at = sum(1 for each in sample.selected if each.row.amount > 0)
    unexamined = 0
    if not sample.plan.method.is_projected and looked_at < sample.population_rows:
        unexamined = sample.population_total - sample.covered
    return Evaluation(
        _side(sample, misstatements, 1),
        _side(sample, misstatements, -1),
        misstatements,
        sample.plan.tolerable,
        unexamined,
    )


def _misstatement(sample: Sample, each: Selected, audited: int) -> Misstatement:
    recorded = each.row.amount
    error = recorded - audited
    if each.reason is not Reason.DRAWN:
        return Misstatement(each.row.key, recorded, audited, None, error)
    share = Fraction(error, recorded)
    projected = _rounded(abs(share) * _carried(sample, each)) * (1 if error > 0 else -1)
    return Misstatement(each.row.key, recorded, audited, _shown(share), projected)


def _carried(sample: Sample, each: Selected) -> Fraction:
    """The part of the population that a drawn row stands for, in minor units."""
    stratum = _stratum_of(sample, each)
    if stratum.is_whole:
        return Fraction(each.row.amount)
    if sample.plan.method is Method.MONETARY_UNIT:
        return Fraction(sample.interval or 0)
    return Fraction(stratum.total * each.row.amount, stratum.looked_at)


def _side(sample: Sample, misstatements: Sequence[Misstatement], sign: int) -> Side:
    """Errors of one direction: `sign` 1 for too much recorded, −1 for too little."""
    ours = [each for each in misstatements if each.error * sign > 0]
    estimated = {each.row.key for each in sample.selected if _is_estimated(sample, each)}
    ranked = sorted((abs(each.projected) for each in ours if each.key in estimated), reverse=True)
    factors = [Fraction(factor(sample.plan.confidence, place)) for place in range(len(ranked) + 1)]
    widening = sum(
        ((factors[place] - factors[place - 1] - 1) * each for place, each in enumerate(ranked, start=1)), Fraction(0)
    )
    return Side(
        known=sum(abs(each.projected) for each in ours if each.tainting is None),
        projected=sum(abs(each.projected) for each in ours if each.tainting is not None),
        basic_precision=_rounded_up(factors[0] * _interval(sample)),
        incremental_allowance=_rounded_up(widening),
    )


def _is_estimated(sample: Sample, each: Selected) -> bool:
    return each.reason is Reason.DRAWN and not _stratum_of(sample, each).is_whole


def _stratum_of(sample: Sample, each: Selected) -> Stratum:
    return next(stratum for stratum in sample.strata if stratum.name == each.stratum)


def _interval(sample: Sample) -> Fraction:
    """The interval, or what stands for it; nil where every row was looked at."""
    open_strata = [stratum for stratum in sample.strata if not stratum.is_whole]
    if open_strata and sample.interval is not None:
        return Fraction(sample.interval)
    return max((Fraction(stratum.total, stratum.drawn) for stratum in open_strata), default=Fraction(0))


def _rounded(amount: Fraction) -> int:
    return int((amount * 2 + 1) // 2)


def _rounded_up(amount: Fraction) -> int:
    return int(-(-amount // 1))


def _shown(share: Fraction) -> Decimal:
    with localcontext(prec=40):
        return (Decimal(share.numerator) / share.denominator).quantize(Decimal("0.000001"), ROUND_HALF_UP)
