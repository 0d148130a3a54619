"""Files inside a PDF: taken in an auditor's own signed PDF/A-3 only, kept as they came and never opened."""

from __future__ import annotations

import re
from typing import Any

import pikepdf

from app.evidence.examination.refused import Refused

MOST = 30
HARMLESS = (".csv", ".json", ".xml", ".xlsx", ".ods", ".txt", ".pdf")
"""What a schedule beside an opinion may be; nothing that runs when someone opens it."""

_PART_3 = re.compile(rb"pdfaid:part\s*(?:>|=\s*[\"'])\s*3\b")


def check(pdf: pikepdf.Pdf, named: list[Any], *, signed: bool) -> None:
    """Refuse the files inside unless the document is a signed PDF/A-3 and each is of a harmless kind."""
    if not signed or not _claims_part_3(pdf.Root):
        raise Refused("pdf-attachments")
    if len(named) > MOST:
        raise Refused("too-complex")
    for specification in named:
        names = [str(specification[key]) for key in ("/F", "/UF") if key in specification]
        if "/AFRelationship" not in specification or not names:
            raise Refused("pdf-attachments")
        if not all(each.lower().endswith(HARMLESS) for each in names):
            raise Refused("pdf-attached-kind")


def _claims_part_3(root: Any) -> bool:
    metadata = root.get("/Metadata")
    return isinstance(metadata, pikepdf.Stream) and bool(_PART_3.search(metadata.read_bytes()))
