"""Codes printed on invoices, read from a picture."""

from __future__ import annotations

import zxingcpp
from PIL import Image

from app.evidence.examination.invoices import said_by_code
from app.evidence.examination.statements import Said

FEWEST_SIDE = 20


def invoice_code(grey: Image.Image) -> Said:
    """What the one invoice code in the picture states; nothing when there is none, or two that differ."""
    if min(grey.size) < FEWEST_SIDE:
        return {}
    found = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    stated = [said for said in (said_by_code(each.text) for each in found) if said]
    return stated[0] if stated and all(said == stated[0] for said in stated) else {}
