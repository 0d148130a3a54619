"""Run every benchmark, one after the other: `python -m benchmarks [posting|pages|statement ...]`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ALL: dict[str, tuple[str, ...]] = {
    "posting": ("-m", "app", "bench", "post", "--clients", "8", "--seconds", "5", "--json"),
    "pack": ("-m", "benchmarks.evidence_pack"),
    "duplicates": ("-m", "benchmarks.duplicates", "500000"),
    "history": ("-m", "benchmarks.history", "50000"),
    "matching": ("-m", "benchmarks.matching", "10000"),
    "faults": ("-m", "benchmarks.month_of_faults", "--payments", "500", "--seeds", "1"),
    "importing": ("-m", "benchmarks.importing", "5000"),
    "returns": ("-m", "benchmarks.returns"),
    "uploads": ("-m", "benchmarks.uploads", "30"),
    "peers": ("-m", "benchmarks.peers", "10000"),
    "pages": ("-m", "benchmarks.pages"),
    "statement": ("-m", "benchmarks.statement_a"),
    "pdf": ("benchmarks/statement_pdf.py",),
}


def main() -> None:
    """Run the benchmarks named, or all of them; stops at the first that fails."""
    for name in sys.argv[1:] or ALL:
        print(f"== {name}", flush=True)
        subprocess.run([sys.executable, *ALL[name]], cwd=PROJECT, check=True)


if __name__ == "__main__":
    main()
