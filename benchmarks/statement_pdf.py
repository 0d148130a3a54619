"""How long a ledger of 10,000 lines takes as a tagged PDF/A-3a + PDF/UA-1 with its figures attached, signed, checked.

Run `python benchmarks/statement_pdf.py [ROWS]`. The first figure includes loading the fonts, as in a fresh process. The
reference of the same run is an empty loop of ten million: alone on the machine of these measurements about 0.5 seconds.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.settings import Settings
from app.signing import verifying
from app.signing.signing import Hand
from reports.model import Language
from reports.output import Format, write
from tests.reports.output import samples


def measured(count: int, form: Format) -> dict[str, float | int | str]:
    """Wall and processor seconds and size of one document."""
    report = samples.ledger(count)
    wall, processor = time.perf_counter(), time.process_time()
    data = write(report, form, Language.EN, wording=samples.wording)
    return {
        "format": form,
        "rows": count,
        "wall_seconds": round(time.perf_counter() - wall, 3),
        "processor_seconds": round(time.process_time() - processor, 3),
        "bytes": len(data),
    }


def reference() -> dict[str, float]:
    """Processor seconds of an empty loop: what the machine gives just now."""
    processor, total = time.process_time(), 0
    for number in range(10_000_000):
        total += number
    return {"reference_loop_processor_seconds": round(time.process_time() - processor, 3)}


def signed_and_checked(count: int) -> dict[str, float | str]:
    """Wall seconds of signing the long document with the test authority, and of looking at its signature apart."""
    content = write(samples.ledger(count), Format.PDF, Language.EN, wording=samples.wording)
    with TemporaryDirectory() as home:
        settings = Settings(home=Path(home), secret_key="only for a measurement")
        Hand(settings).sign(content, "first", datetime.now(UTC))  # makes the keys and loads the library
        wall, processor = time.perf_counter(), time.process_time()
        signed = Hand(settings).sign(content, "Issued", datetime.now(UTC))
        found = {
            "sign_wall_seconds": round(time.perf_counter() - wall, 3),
            "sign_processor_seconds": round(time.process_time() - processor, 3),
        }
        wall, children = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        state = verifying.signatures_of(signed.content, settings)[0].state if signed else "none"
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - children.ru_utime - children.ru_stime
        return found | {
            "check_wall_seconds": round(time.perf_counter() - wall, 3),
            "check_processor_seconds": round(used, 3),
            "check_memory_mb": after.ru_maxrss >> 10,
            "state": state,
        }


def main() -> None:
    """Print one line of JSON per document: a small one first, then the long one in each format, then its signature."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print(json.dumps(reference()))
    print(json.dumps(measured(1, Format.PDF) | {"note": "first document of the process"}))
    for form in Format:
        print(json.dumps(measured(count, form)))
    print(json.dumps({"peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10}))
    print(json.dumps(signed_and_checked(count)))


if __name__ == "__main__":
    main()
