#!/usr/bin/env python3
"""Draw an audit sample of Hetao Ledger again, without its server and without its code.

    recompute_sample.py POPULATION.csv --method monetary-unit --seed C0FFEE --size 126 [--above 200000] [--pick KEY …]
    recompute_sample.py POPULATION.csv --method stratified --seed C0FFEE --size 126 [--bounds 1000,50000]
    recompute_sample.py POPULATION.csv --plan PLAN.json [--expect SAMPLE.csv]

Needs Python 3.9 and nothing else. The CSV has a heading with at least `key` and `amount` (plain decimals with two
places; `group` where a stratified sample has no bounds). What is drawn is written as CSV; --expect compares it with a
sample that you were given: exit status 1 if they differ. PLAN.json stands beside the population in an evidence pack.

The rules, complete:
1. Rows are sorted by key (code points). Rows picked by hand are taken, then amounts above --above.
2. Of the amounts above nil that are left, with sum B, in minor units:
   monetary-unit: interval = B // size, at least 1. Amounts of at least the interval are taken. start = 1 + a number
     below the interval, of purpose "start". The rest is laid end to end; the rows that hold the units start,
     start + interval, start + 2 * interval, … are drawn.
   random: the `size` rows with the lowest number(row, key).
   stratified: one row for each stratum; size less those is shared by the strata's sums (whole parts, then one each to
     the largest remainders, first strata first). Where a stratum would get all its rows it does, and what is left is
     shared among the others again. In each stratum, the rows with the lowest number(row, key).
3. number(purpose, place) is the SHA-256 of `hetao-sample/1|SEED|purpose|place` (UTF-8; SEED in lower-case hex without
   leading zeros), read as a big-endian integer. A number below n: the first number(purpose, 0, 1, 2, …) that is less
   than the largest multiple of n in 2^256, modulo n.
"""

import argparse
import csv
import hashlib
import json
import sys
from decimal import Decimal

HEAD = ["key", "currency", "amount", "reason", "stratum", "unit"]


def number(seed, purpose, place):
    line = f"hetao-sample/1|{seed}|{purpose}|{place}"
    return int(hashlib.sha256(line.encode()).hexdigest(), 16)


def number_below(seed, purpose, bound):
    fair, counter = 2**256 // bound * bound, 0
    while number(seed, purpose, counter) >= fair:
        counter += 1
    return number(seed, purpose, counter) % bound


def minor(text):
    scaled = Decimal(text).scaleb(2)
    if scaled != int(scaled):
        raise ValueError(f"{text} has more than two decimals")
    return int(scaled)


def read_rows(path):
    """Rows as (key, minor units, group, currency), sorted by key."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = [
            (r["key"], minor(r["amount"]), r.get("group") or "", r.get("currency") or "") for r in csv.DictReader(file)
        ]
    if len({row[0] for row in rows}) != len(rows):
        raise ValueError("a key stands twice")
    return sorted(rows)


def share(size, sums):
    """`size` shared by sums: whole parts, then one each to the largest remainders."""
    shares = [size * part // sum(sums) for part in sums]
    order = sorted(range(len(sums)), key=lambda place: (-(size * sums[place] % sum(sums)), place))
    for place in order[: size - sum(shares)]:
        shares[place] += 1
    return shares


def share_among_strata(size, strata):
    """How many rows each stratum gives: one, and by its sum of the others, at most all."""
    given = [1] * len(strata)
    left = min(size, sum(map(len, strata))) - len(strata)
    able = [place for place, rows in enumerate(strata) if len(rows) > 1]
    while left > 0 and able:
        wanted = dict(zip(able, share(left, [sum(row[1] for row in strata[place]) for place in able])))
        full = [place for place in able if wanted[place] >= len(strata[place]) - 1]
        for place in full or able:
            more = min(wanted[place], len(strata[place]) - 1)
            given[place] += more
            left -= more
        able = [place for place in able if place not in full] if full else []
    return given


def draw_by_unit(rows, seed, size):
    interval = max(1, sum(row[1] for row in rows) // size)
    unit, end = number_below(seed, "start", interval) + 1, 0
    for row in rows:
        if row[1] >= interval:
            yield row, "HIGH_VALUE", "", ""
            continue
        end += row[1]
        if unit <= end:
            yield row, "DRAWN", "", unit
            unit += interval


def draw_by_rank(rows, seed, size, stratum_of):
    strata = {}
    for row in rows:
        strata.setdefault(stratum_of(row), []).append(row)
    names = sorted(strata)
    for name, count in zip(names, share_among_strata(size, [strata[name] for name in names])):
        ranked = sorted(strata[name], key=lambda row: (number(seed, "row", row[0]), row[0]))
        for row in ranked[:count]:
            yield row, "DRAWN", name, ""


def draw(rows, plan, size):
    """The sample as (row, reason, stratum, unit), by key."""
    picked, above, bounds = set(plan["picked"]), plan["above"], plan["bounds"]
    if picked - {row[0] for row in rows}:
        raise ValueError("a row picked by hand is not in the population")
    sample, left = [], []
    for row in rows:
        if row[0] in picked:
            sample.append((row, "BY_HAND", "", ""))
        elif above is not None and row[1] > max(above, 0):
            sample.append((row, "ABOVE", "", ""))
        elif row[1] > 0:
            left.append(row)
    if left and plan["method"] == "MONETARY_UNIT":
        sample += draw_by_unit(left, plan["seed"], size)
    elif left and plan["method"] == "RANDOM":
        sample += draw_by_rank(left, plan["seed"], size, lambda row: "")
    elif left and plan["method"] == "STRATIFIED" and bounds:
        sample += draw_by_rank(left, plan["seed"], size, lambda row: str(1 + sum(row[1] > bound for bound in bounds)))
    elif left and plan["method"] == "STRATIFIED":
        sample += draw_by_rank(left, plan["seed"], size, lambda row: row[2])
    return sorted(sample)


def lines_of(sample):
    """The sample as lines of cells, as the application writes them."""
    for (key, amount, _group, currency), reason, stratum, unit in sample:
        yield [key, currency, f"{Decimal(amount).scaleb(-2):.2f}", reason, stratum, str(unit)]


def plan_of(asked):
    """The plan of the command line, or of the file it names; and the size."""
    if asked.plan:
        with open(asked.plan, encoding="utf-8") as file:
            plan = json.load(file)
        return plan, plan.get("drawn_size") or plan["size"]
    return {
        "method": asked.method.upper().replace("-", "_"),
        "seed": f"{int(asked.seed, 16):x}",
        "above": None if asked.above is None else minor(asked.above),
        "picked": asked.pick,
        "bounds": [minor(bound) for bound in asked.bounds.split(",") if bound],
    }, asked.size


def main():
    parser = argparse.ArgumentParser(description="Draw an audit sample of Hetao Ledger again.")
    parser.add_argument("population")
    parser.add_argument("--plan", help="the plan as JSON, instead of the options below")
    parser.add_argument("--method", default="monetary-unit")
    parser.add_argument("--seed", default="0", help="in hexadecimal")
    parser.add_argument("--size", type=int, default=1, help="the number of items the plan asks for")
    parser.add_argument("--above", help="take every amount above this one")
    parser.add_argument("--bounds", default="", help="largest amounts of the strata but the last, with commas between")
    parser.add_argument("--pick", nargs="*", default=[], help="keys of rows picked by hand")
    parser.add_argument("--expect", help="a sample to compare with")
    asked = parser.parse_args()
    try:
        plan, size = plan_of(asked)
        lines = list(lines_of(draw(read_rows(asked.population), plan, size)))
        expected = None
        if asked.expect:
            with open(asked.expect, newline="", encoding="utf-8-sig") as file:
                expected = [row[: len(HEAD)] for row in csv.reader(file)][1:]
    except (OSError, ValueError, ArithmeticError, KeyError, TypeError) as failure:
        print(f"Cannot read: {failure}", file=sys.stderr)
        return 2
    csv.writer(sys.stdout).writerows([HEAD, *lines])
    if expected is not None and expected != lines:
        print("The sample given is not the one these rules draw.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
