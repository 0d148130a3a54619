"""What a PDF says about itself: XMP for PDF/A-3a and PDF/UA-1, the colour profile, the attached figures."""

from __future__ import annotations

import hashlib
import struct
from datetime import UTC, datetime
from typing import NamedTuple
from xml.sax.saxutils import escape

from reports.output.pdf.objects import PdfFile, name, string

PRODUCER = "Hetao Ledger"
_UA_SCHEMA = (
    '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    "<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>"
    "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    '<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    "<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>PDF/UA part</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property>"
    "</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)


class Facts(NamedTuple):
    """Title, author and subject as plain text, the language's tag, and when the report was prepared.

    `address` is where the document is checked, if anywhere: it stands in the packet twice, uncompressed.
    """

    title: str
    author: str
    subject: str
    language: str
    prepared_at: datetime
    address: str = ""


class Attachment(NamedTuple):
    """A file inside the PDF: the same figures for machines."""

    file_name: str
    media_type: str
    description: str
    data: bytes


def information(file: PdfFile, facts: Facts) -> str:
    """The document information dictionary, which must say what the XMP says."""
    stamp = pdf_date(facts.prepared_at)
    entries = {"Title": facts.title, "Author": facts.author, "Subject": facts.subject, "Keywords": facts.address}
    spelt: dict[str, object] = {key: string(value) for key, value in entries.items() if value}
    creation = {"Creator": string(PRODUCER), "Producer": string(PRODUCER), "CreationDate": stamp, "ModDate": stamp}
    return file.add({**spelt, **creation})


def pdf_date(instant: datetime) -> str:
    """An instant as a PDF date string, in UTC."""
    return f"({instant.astimezone(UTC):D:%Y%m%d%H%M%S}+00'00')"


def xmp(facts: Facts) -> bytes:
    """The metadata packet claiming PDF/A-3a and PDF/UA-1."""
    stamp = f"{facts.prepared_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}+00:00"

    def alternative(tag: str, value: str) -> str:
        inner = f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(value)}</rdf:li></rdf:Alt>'
        return f"<dc:{tag}>{inner}</dc:{tag}>" if value else ""

    author = (
        f"<dc:creator><rdf:Seq><rdf:li>{escape(facts.author)}</rdf:li></rdf:Seq></dc:creator>" if facts.author else ""
    )
    identifier = f"<dc:identifier>{escape(facts.address)}</dc:identifier>" if facts.address else ""
    keywords = f"<pdf:Keywords>{escape(facts.address)}</pdf:Keywords>" if facts.address else ""
    packet = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"'
        ' xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><dc:format>application/pdf</dc:format>'
        f"{alternative('title', facts.title)}{author}{alternative('description', facts.subject)}{identifier}"
        f"<dc:language><rdf:Bag><rdf:li>{facts.language}</rdf:li></rdf:Bag></dc:language>"
        f"{keywords}<pdf:Producer>{PRODUCER}</pdf:Producer><xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool>"
        f"<xmp:CreateDate>{stamp}</xmp:CreateDate><xmp:ModifyDate>{stamp}</xmp:ModifyDate>"
        "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance></rdf:Description>"
        '<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">'
        f"<pdfuaid:part>1</pdfuaid:part></rdf:Description>{_UA_SCHEMA}</rdf:RDF></x:xmpmeta>\n"
        '<?xpacket end="r"?>'
    )
    return packet.encode()


def attach(file: PdfFile, attachments: tuple[Attachment, ...], prepared_at: datetime) -> tuple[str, str]:
    """Embed files as associated data; returns the catalogue's /AF array and /Names dictionary."""
    references = {}
    for each in attachments:
        checksum = hashlib.md5(each.data, usedforsecurity=False).hexdigest()
        parameters = f"<< /Size {len(each.data)} /CheckSum <{checksum}> /ModDate {pdf_date(prepared_at)} >>"
        entries = {"Type": "/EmbeddedFile", "Subtype": name(each.media_type), "Params": parameters}
        embedded = file.add_stream(each.data, entries)
        references[each.file_name] = file.add(
            {
                "Type": "/Filespec",
                "F": string(each.file_name),
                "UF": string(each.file_name),
                "AFRelationship": "/Data",
                "Desc": string(each.description),
                "EF": f"<< /F {embedded} /UF {embedded} >>",
            }
        )
    names = " ".join(f"{string(key)} {references[key]}" for key in sorted(references))
    return f"[{' '.join(references.values())}]", f"<< /EmbeddedFiles << /Names [{names}] >> >>"


def output_intent(file: PdfFile) -> str:
    """The colours' meaning: sRGB, with its profile."""
    profile = file.add_stream(srgb_profile(), {"N": 3})
    entries = "/Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB IEC61966-2.1)"
    return f"[<< {entries} /DestOutputProfile {profile} >>]"


def srgb_profile() -> bytes:
    """An ICC version 2 display profile of sRGB (IEC 61966-2.1), computed: primaries adapted to D50, exact curve."""
    description = b"sRGB IEC61966-2.1"
    text = struct.pack(">4s4xI", b"desc", len(description) + 1) + description + b"\0" + bytes(4 + 4 + 2 + 1 + 67)
    curve = struct.pack(">4s4xI", b"curv", 256) + b"".join(struct.pack(">H", _linear(step)) for step in range(256))
    tags = {
        b"desc": text,
        b"cprt": b"text\0\0\0\0No copyright, use freely\0",
        b"wtpt": _xyz(0.9505, 1.0, 1.0891),
        b"rXYZ": _xyz(0.43607, 0.22249, 0.01392),
        b"gXYZ": _xyz(0.38515, 0.71687, 0.09708),
        b"bXYZ": _xyz(0.14307, 0.06061, 0.7141),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    start, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for signature, data in tags.items():
        table += struct.pack(">4sII", signature, start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    head = struct.pack(">I4xI4s4s4s", start + len(body), 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + bytes(28)
    head += struct.pack(">3i", 0xF6D6, 0x10000, 0xD32D)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def _xyz(x: float, y: float, z: float) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65536) for value in (x, y, z)))


def _linear(step: int) -> int:
    value = step / 255
    linear = value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
    return round(linear * 65535)
