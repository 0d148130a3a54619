"""XML without doctypes, entities or style sheets, and of bounded size and depth."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from xml.parsers import expat

from app.evidence.examination.refused import Refused

MAX_ELEMENTS = 100_000
MAX_DEPTH = 64

INVOICE_ROOTS = frozenset({"EInvoice", "eInvoice"})
"""Root elements of electronic invoices: the fully digitalised one, and the older one."""


class _Walk:
    """Counts while expat reads, and stops at the first thing that has no place in a document."""

    def __init__(self, most_elements: int) -> None:
        self.most_elements = most_elements
        self.root = ""
        self.elements = 0
        self.depth = 0

    def start(self, name: str, attributes: object) -> None:
        self.root = self.root or name
        self.elements += 1
        self.depth += 1
        if self.elements > self.most_elements or self.depth > MAX_DEPTH:
            raise Refused("too-complex")

    def end(self, name: str) -> None:
        self.depth -= 1


def _forbid(*unused: object) -> int:
    raise Refused("xml-entities")


def _instruction(target: str, data: str) -> None:
    raise Refused("xml-style")


def root_of(content: bytes, most_elements: int = MAX_ELEMENTS) -> str:
    """The local name of the root element. Raises Refused for doctypes, entities, style sheets, bombs and damage."""
    walk = _Walk(most_elements)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = walk.start, walk.end
    parser.StartDoctypeDeclHandler = _forbid
    parser.EntityDeclHandler = _forbid
    parser.ExternalEntityRefHandler = _forbid
    parser.ProcessingInstructionHandler = _instruction
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise Refused("damaged") from None
    return walk.root.rsplit(":", 1)[-1]


def checked_invoice(content: bytes) -> ET.Element:
    """The tree of an electronic invoice. Raises Refused for any other XML, drawings and web pages above all."""
    root = root_of(content)
    if root.lower() in ("svg", "html"):
        raise Refused("drawing" if root.lower() == "svg" else "web-page")
    if root not in INVOICE_ROOTS:
        raise Refused("xml-other")
    return ET.fromstring(content)  # noqa: S314 - read once above without doctype or entities
