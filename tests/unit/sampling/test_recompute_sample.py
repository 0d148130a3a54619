"""The auditors' script draws what the application draws, from the exported file alone."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from app.kernel.currencies import Currency
from app.sampling import Method, Plan, Population, Row, Seed, draw, population_csv, sample_csv
from tests.architecture.source import PROJECT
from tools import recompute_sample

SCRIPT = PROJECT / "tools" / "recompute_sample.py"
POPULATION = Population.of(
    [Row(f"JRN-{place:04d}", (place * 7_919) % 90_001 - 2_000, "設備 甲乙"[place % 5]) for place in range(300)],
    Currency.HKD,
)
PLAN = Plan(Method.MONETARY_UNIT, Seed.parse("00C0FFEE"), tolerable=800_000, size=25)


def _run(folder: Path, *options: str) -> subprocess.CompletedProcess[bytes]:
    (folder / "population.csv").write_bytes(population_csv(POPULATION))
    return subprocess.run(
        [sys.executable, "-I", str(SCRIPT), "population.csv", *options], cwd=folder, capture_output=True, check=False
    )


@pytest.mark.parametrize(
    ("plan", "options"),
    [
        (PLAN, ["--method", "monetary-unit"]),
        (replace(PLAN, method=Method.RANDOM), ["--method", "random"]),
        (replace(PLAN, method=Method.STRATIFIED), ["--method", "stratified"]),
        (
            replace(PLAN, method=Method.STRATIFIED, bounds=(10_000, 50_050)),
            ["--method", "stratified", "--bounds", "100,500.50"],
        ),
        (
            replace(PLAN, above=85_000, picked=("JRN-0000", "JRN-0007")),
            ["--above", "850", "--pick", "JRN-0007", "JRN-0000"],
        ),
        (replace(PLAN, method=Method.ABOVE, above=80_000), ["--method", "above", "--above", "800.00"]),
    ],
)
def test_the_script_draws_the_same_sample(tmp_path: Path, plan: Plan, options: list[str]) -> None:
    done = _run(tmp_path, "--seed", "C0FFEE", "--size", "25", *options)
    assert done.stderr == b""
    assert done.stdout == sample_csv(draw(plan, POPULATION))


def test_a_plan_in_a_file_is_compared_with_the_sample_given(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(PLAN.facts()), encoding="utf-8")
    given_sample = sample_csv(draw(PLAN, POPULATION))
    (tmp_path / "sample.csv").write_bytes(given_sample)
    assert _run(tmp_path, "--plan", "plan.json", "--expect", "sample.csv").returncode == 0
    (tmp_path / "sample.csv").write_bytes(given_sample.replace(b",DRAWN,", b",ABOVE,", 1))
    assert _run(tmp_path, "--plan", "plan.json", "--expect", "sample.csv").returncode == 1


def test_a_file_that_is_none_is_said(tmp_path: Path) -> None:
    done = _run(tmp_path, "--plan", "missing.json")
    assert done.returncode == 2
    assert b"Cannot read" in done.stderr


@given(
    amounts=st.lists(st.integers(-50_000, 900_000), min_size=1, max_size=60),
    number=st.integers(0, 2**256 - 1),
    size=st.integers(1, 80),
    method=st.sampled_from([Method.MONETARY_UNIT, Method.RANDOM, Method.STRATIFIED]),
    above=st.none() | st.integers(0, 900_000),
)
@settings(max_examples=150)
def test_script_and_application_agree_on_any_population(
    amounts: list[int], number: int, size: int, method: Method, above: int | None
) -> None:
    rows = [Row(f"R{place}", amount, "xyz"[place % 3]) for place, amount in enumerate(amounts)]
    population = Population.of(rows, Currency.CNY)
    plan = Plan(method, Seed(number), tolerable=1, size=size, above=above)
    again = recompute_sample.draw(sorted((row.key, row.amount, row.group, "CNY") for row in rows), plan.facts(), size)
    assert [each[0][0] for each in again] == list(draw(plan, population).keys)
