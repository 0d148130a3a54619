"""How a sample is drawn. Anyone can do it again from the population, the plan and the seed:

1. Rows are sorted by key. Rows named by hand are taken whole, then debits larger than `above`.
2. Of the debits left, their sum being B: the size n is the one given, else the fewest items by `factors.size` for
   tolerable / B and expected / B.
3. Monetary unit: the interval is B / n without its fraction (at least 1). Debits of at least the interval are taken
   whole. A start from 1 to the interval is found from the seed (`Seed.below(interval, "start")` + 1). The rest is laid
   end to end by key: the rows in which the units start, start + interval, start + 2 × interval, … lie are drawn.
4. Simple random: the n rows whose `Seed.rank` is lowest.
5. Stratified: one row for each stratum, and n less those shared among the strata by their sums (whole parts, then one
   each to the largest remainders, the first stratum first). A stratum that would be given as many rows as it has is
   taken whole, and what is then left is shared among the others again. In each stratum the rows of lowest rank.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from app.kernel.currencies import Currency
from app.sampling import factors
from app.sampling.plan import Plan
from app.sampling.population import Population, Row
from app.sampling.seeds import Seed
from app.sampling.states import Method, Reason


@dataclass(frozen=True, slots=True)
class Selected:
    """A row of the sample, why it is there, in which stratum, and the monetary unit that drew it."""

    row: Row
    reason: Reason
    stratum: str = ""
    unit: int | None = None


@dataclass(frozen=True, slots=True)
class Stratum:
    """Rows that were drawn from together: how many and their sum, how many were drawn and the sum of those."""

    name: str
    rows: int
    total: int
    drawn: int
    looked_at: int

    @property
    def is_whole(self) -> bool:
        """Whether every row of it was drawn, so that nothing is left to estimate."""
        return self.drawn == self.rows


@dataclass(frozen=True, slots=True)
class Sample:
    """What was drawn: selected rows by key, the strata they were drawn from, interval and start where there are any.

    `size` is the number of items the plan asked for; amounts are minor units of `currency`.
    """

    plan: Plan
    currency: Currency
    population_rows: int
    population_total: int
    size: int
    interval: int | None
    start: int | None
    strata: tuple[Stratum, ...]
    selected: tuple[Selected, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the rows selected, in order."""
        return tuple(each.row.key for each in self.selected)

    @property
    def covered(self) -> int:
        """The sum of the selected debits."""
        return sum(each.row.amount for each in self.selected if each.row.amount > 0)

    @property
    def coverage(self) -> Decimal:
        """The selected debits in percent of all, one decimal, half up; 0 where there are none."""
        if not self.population_total:
            return Decimal(0)
        return Decimal((self.covered * 2000 + self.population_total) // (2 * self.population_total)).scaleb(-1)


def draw(plan: Plan, population: Population) -> Sample:
    """The sample of this plan from this population; call `rules.check` first. Raises SizeOutOfReach, KeyError."""
    taken = _taken_whole(plan, population)
    held = {each.row.key for each in taken}
    left = [row for row in population.debits if row.key not in held]
    size = planned_size(plan, population) if plan.method.is_projected and left else 0
    interval = start = None
    strata: tuple[Stratum, ...] = ()
    if left and plan.method is Method.MONETARY_UNIT:
        interval = max(1, _sum(left) // size)
        start = plan.seed.below(interval, "start") + 1
        taken += [Selected(row, Reason.HIGH_VALUE) for row in left if row.amount >= interval]
        rest = [row for row in left if row.amount < interval]
        drawn = list(_hit(rest, interval, start))
        strata = (_stratum("", rest, drawn),) if rest else ()
        taken += drawn
    elif left and plan.method.is_projected:
        for (name, rows), share in _shared(size, _parted(plan, left)):
            drawn = [Selected(row, Reason.DRAWN, name) for row in _lowest(plan.seed, rows, share)]
            strata += (_stratum(name, rows, drawn),)
            taken += drawn
    taken.sort(key=lambda each: each.row.key)
    return Sample(
        plan,
        population.currency,
        len(population.debits),
        population.total,
        size,
        interval,
        start,
        strata,
        tuple(taken),
    )


def planned_size(plan: Plan, population: Population) -> int:
    """How many items the plan asks for beside what is taken whole. Raises SizeOutOfReach; 0 with nothing to draw."""
    held = {each.row.key for each in _taken_whole(plan, population)}
    left = [row for row in population.debits if row.key not in held]
    if not left:
        return 0
    size = plan.size
    if size is None:
        total = Decimal(_sum(left))
        with localcontext(prec=40):
            size = factors.size(plan.confidence, plan.tolerable / total, plan.expected / total)
    return size if plan.method is Method.MONETARY_UNIT else min(size, len(left))


def _taken_whole(plan: Plan, population: Population) -> list[Selected]:
    by_key = population.by_key
    picked = [Selected(by_key[key], Reason.BY_HAND) for key in sorted(set(plan.picked))]
    if plan.above is None:
        return picked
    held = {each.row.key for each in picked}
    above = plan.above
    return picked + [
        Selected(row, Reason.ABOVE) for row in population.debits if row.amount > above and row.key not in held
    ]


def _hit(rows: Sequence[Row], interval: int, start: int) -> Iterator[Selected]:
    """The rows in which every `interval`-th unit lies. Each is smaller than the interval, so none is hit twice."""
    unit, end = start, 0
    for row in rows:
        end += row.amount
        if unit <= end:
            yield Selected(row, Reason.DRAWN, unit=unit)
            unit += interval


def _parted(plan: Plan, rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Rows under the name of their stratum: one for a simple random sample, by amount or by group else."""
    parts: dict[str, list[Row]] = {}
    for row in rows:
        if plan.method is Method.RANDOM:
            name = ""
        elif plan.bounds:
            name = str(1 + sum(row.amount > bound for bound in plan.bounds))
        else:
            name = row.group
        parts.setdefault(name, []).append(row)
    return sorted(parts.items())


def _shared(size: int, parts: list[tuple[str, list[Row]]]) -> Iterator[tuple[tuple[str, list[Row]], int]]:
    """Each stratum with its share: one row, and by its sum of the others, never more than it has."""
    shares = [1] * len(parts)
    spare = [len(rows) - 1 for _name, rows in parts]
    left = min(size, sum(spare) + len(parts)) - len(parts)
    able = [place for place, rows in enumerate(spare) if rows]
    while left > 0 and able:
        wanted = dict(zip(able, _largest_remainders(left, [_sum(parts[place][1]) for place in able]), strict=True))
        full = [place for place in able if wanted[place] >= spare[place]]
        for place in full or able:
            more = min(wanted[place], spare[place])
            shares[place] += more
            left -= more
        able = [place for place in able if place not in full] if full else []
    return zip(parts, shares, strict=True)


def _largest_remainders(size: int, totals: Sequence[int]) -> list[int]:
    whole = sum(totals)
    shares = [size * total // whole for total in totals]
    order = sorted(range(len(totals)), key=lambda place: (-(size * totals[place] % whole), place))
    for place in order[: size - sum(shares)]:
        shares[place] += 1
    return shares


def _lowest(seed: Seed, rows: Sequence[Row], count: int) -> list[Row]:
    return sorted(rows, key=lambda row: (seed.rank(row.key), row.key))[:count]


def _stratum(name: str, rows: Sequence[Row], drawn: Sequence[Selected]) -> Stratum:
    return Stratum(name, len(rows), _sum(rows), len(drawn), sum(each.row.amount for each in drawn))


def _sum(rows: Sequence[Row]) -> int:
    return sum(row.amount for row in rows)
