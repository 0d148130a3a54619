"""The month of faults at its size: `python -m benchmarks.month_of_faults --payments 2000 --seeds 10`.

A simulated bank takes payment files and answers, notifies and states, with rejections, returns, delays, losses, short
and double credits drawn from a printed seed. A treasurer works by the application's services for six weeks. At the end
every payment is settled, bounced or open for a named reason, both books agree with the bank, and nothing in transit is
left unexplained; whatever is not so ends the run with its seed. Seeds alternate between both directions and currencies.
"""

from __future__ import annotations

import argparse
import json
import sys
import time

from app.db.session import new_session
from app.institutions.states import Side
from app.kernel.currencies import Currency
from benchmarks.scratch import scratch_database
from tests.scenarios.month_of_faults import Month, verify

WAYS = ((Side.SZ, Currency.CNY), (Side.HK, Currency.HKD))
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""What is tried is whether it ends clean; the disk is left out of it, as in the tests."""


def main() -> None:
    """Run the months asked for and print a line of JSON for each; a month that does not end clean fails the run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=2000)
    parser.add_argument("--seeds", type=int, default=10, help="how many seeds, counted up from --first")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    asked = parser.parse_args()
    with scratch_database(QUICK):
        failed = [
            seed for seed in range(asked.first, asked.first + asked.seeds) if not _ends_clean(seed, asked.payments)
        ]
    if failed:
        sys.exit(f"did not end clean: seeds {failed}")


def _ends_clean(seed: int, payments: int) -> bool:
    """Whether a month does; what it ends with is printed either way."""
    try:
        run(seed, payments)
    except Exception as problem:  # whatever it is, the seed that showed it is told and the next one runs
        print(json.dumps({"seed": seed, "failed": f"{type(problem).__name__}: {problem}"[:2000]}), flush=True)
        return False
    return True


def run(seed: int, payments: int) -> None:
    """One month, with a funder, a grantee and a bank of its own."""
    side, currency = WAYS[seed % len(WAYS)]
    with new_session() as session:
        began = time.monotonic()
        month = Month(session, seed, side, currency, payments)
        released = time.monotonic()
        month.run()
        worked = time.monotonic()
        endings = verify(month)
        facts = {
            "seed": seed,
            "way": f"{side}-{currency}",
            "payments": len(month.rows),
            "arrived": endings.arrived,
            "lost": endings.lost,
            "bounced": endings.bounced,
            "credited_twice": endings.open_doubles,
            "seconds_to_release": round(released - began),
            "seconds_of_the_month": round(worked - released),
        }
    print(json.dumps(facts), flush=True)


if __name__ == "__main__":
    main()
