"""Audit sampling: which lines of a population an auditor looks at, and what the errors found in them say of the whole.

Pure: no database, no web, no clock, no chance. The same population, plan and seed give the same sample on every machine
and in every version; `tools/recompute_sample.py` draws it again from the exported CSV without this package.

    population = Population.of(rows, Currency.HKD)     # credits and nil rows stand apart
    plan = Plan(Method.MONETARY_UNIT, Seed.parse("c0ffee"), tolerable=500_000_00, expected=50_000_00)
    check(plan, population)                            # raises InputRefused with every breach
    sample = draw(plan, population)
    evaluation = evaluate(sample, {"JRN-…": 90_000})   # audited amounts of the rows that were misstated

Money is whole minor units (int) of the one currency of the population. How a draw goes, step by step: `drawing`.
"""

from app.sampling.drawing import Sample, Selected, Stratum, draw, planned_size
from app.sampling.evaluation import Evaluation, Misstatement, Side, evaluate
from app.sampling.plan import Plan
from app.sampling.population import Population, Row
from app.sampling.records import population_csv, population_digest, sample_csv, sample_digest
from app.sampling.rules import breaches_of, check
from app.sampling.seeds import Seed
from app.sampling.states import Method, Reason

__all__ = [
    "Evaluation",
    "Method",
    "Misstatement",
    "Plan",
    "Population",
    "Reason",
    "Row",
    "Sample",
    "Seed",
    "Selected",
    "Side",
    "Stratum",
    "breaches_of",
    "check",
    "draw",
    "evaluate",
    "planned_size",
    "population_csv",
    "population_digest",
    "sample_csv",
    "sample_digest",
]
