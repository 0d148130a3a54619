"""How long a ledger of 5,000 lines takes as a tagged PDF/A-3a + PDF/UA-1 with its figures attached.

Run `python benchmarks/statement_pdf.py [ROWS]`. The first figure includes loading the fonts, as in a fresh process.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

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


def main() -> None:
    """Print one line of JSON per document: a small one first, then the long one in each format."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    print(json.dumps(measured(1, Format.PDF) | {"note": "first document of the process"}))
    for form in Format:
        print(json.dumps(measured(count, form)))
    print(json.dumps({"peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10}))


if __name__ == "__main__":
    main()
