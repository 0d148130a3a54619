"""The two messages against their published schemas, and foreign XML refused before anything reads it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lxml import etree

from app.evidence.examination.markup import root_of
from app.evidence.examination.refused import Refused
from app.evidence.refusals import breach_of
from app.kernel.breaches import Breach
from app.kernel.errors import InputRefused
from app.kernel.messages import _

FOLDER = Path(__file__).parent / "schemas"
SOURCE = "ISO 20022"
MAX_BYTES = 15 * 1024 * 1024
MAX_ELEMENTS = 500_000


class NotValid(RuntimeError):
    """A file of our own making does not fit its schema: a defect, so nothing of it is kept."""


@cache
def _schema(message: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(FOLDER / f"{message}.xsd"), _parser()))


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def faults(content: bytes, message: str) -> list[str]:
    """What the schema of the message finds wrong, as `line: sentence`; empty for a valid file."""
    try:
        document = etree.fromstring(content, _parser())
    except etree.XMLSyntaxError as error:
        return [str(error)]
    schema = _schema(message)
    if schema.validate(document):
        return []
    return str(schema.error_log).splitlines() or ["not valid"]


def must_be_valid(content: bytes, message: str) -> None:
    """Look at a file of our own making. Raises NotValid."""
    found = faults(content, message)
    if found:
        raise NotValid(f"{message}: {found[0]}")


def refuse_hostile(content: bytes) -> None:
    """Look at a file somebody sent: bounded, whole, without doctype or entities. Raises InputRefused."""
    if len(content) > MAX_BYTES:
        raise InputRefused(breach_of("too-large", "file"))
    try:
        root_of(content, MAX_ELEMENTS)
    except Refused as refusal:
        raise InputRefused(breach_of(refusal.code, "file")) from None


def refuse_unless_valid(content: bytes, message: str) -> None:
    """Hold a file that `refuse_hostile` let pass against the schema of its message. Raises InputRefused."""
    found = faults(content, message)
    if found:
        said = _("The file does not fit the schema %(message)s: %(fault)s")
        cure = _("Ask the bank for its answer as %(message)s: nothing was taken.")
        given = {"message": message, "fault": found[0][:300]}
        raise InputRefused(Breach("bank-answer.schema", said, cure, SOURCE, given, field="file"))
