"""Samples and populations as bytes: CSV to hand out, digests to seal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from app.kernel.spreadsheet_text import csv_file, harmless
from app.sampling.drawing import Sample
from app.sampling.population import Population

POPULATION_HEAD = ("key", "currency", "amount", "group")
SAMPLE_HEAD = ("key", "currency", "amount", "reason", "stratum", "unit")


def population_csv(population: Population) -> bytes:
    """Every row, by key, amounts as plain decimals: what `tools/recompute_sample.py` reads."""
    return csv_file(
        POPULATION_HEAD,
        (
            (row.key, population.currency, _plain(row.amount, population), harmless(row.group))
            for row in population.rows
        ),
        marked=False,
    )


def sample_csv(sample: Sample) -> bytes:
    """The selected rows, by key, with why each is there: what `tools/recompute_sample.py` writes."""
    return csv_file(
        SAMPLE_HEAD,
        (
            (
                each.row.key,
                sample.currency,
                _amount(each.row.amount, sample.currency.exponent),
                each.reason,
                harmless(each.stratum),
                "" if each.unit is None else each.unit,
            )
            for each in sample.selected
        ),
        marked=False,
    )


def population_digest(population: Population) -> str:
    """SHA-256, in hex, over `key TAB minor units TAB group LF` of every row by key, after a line with the currency."""
    rows = (f"{row.key}\t{row.amount}\t{row.group}" for row in population.rows)
    return _sha256((population.currency.value, *rows))


def sample_digest(sample: Sample, population: Population) -> str:
    """SHA-256, in hex, over lines: the population's digest, the plan as JSON with sorted keys, then every key drawn."""
    plan = json.dumps(sample.plan.facts(), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return _sha256((population_digest(population), plan, *sample.keys))


def _sha256(lines: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()


def _plain(amount: int, population: Population) -> str:
    return _amount(amount, population.currency.exponent)


def _amount(minor: int, exponent: int) -> str:
    whole, part = divmod(abs(minor), 10**exponent)
    return f"{'-' if minor < 0 else ''}{whole}.{part:0{exponent}d}"
