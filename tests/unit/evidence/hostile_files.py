"""Files made to do harm, each beside its good twin."""

from __future__ import annotations

import io
import random
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import pikepdf

from tests.builders import papers


@dataclass(frozen=True, slots=True)
class Pair:
    """How a file is refused, the file, and the file without what makes it hostile."""

    code: str
    hostile: Callable[[], bytes]
    good: Callable[[], bytes]


def changed_pdf(change: Callable[[pikepdf.Pdf], object], **options: object) -> bytes:
    """A paper with something done to it; objects are packed into streams, so a search of the bytes finds nothing."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(papers.pdf())) as pdf:
        change(pdf)
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, **options)
    return out.getvalue()


def opening(**action: object) -> Callable[[pikepdf.Pdf], None]:
    """Does something when the PDF is opened."""

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = pdf.make_indirect(pikepdf.Dictionary({f"/{key}": value for key, value in action.items()}))

    return change


def at_first_page(pdf: pikepdf.Pdf) -> None:
    """Opens at the first page: harmless, and common."""
    pdf.Root.OpenAction = pikepdf.Array([pdf.pages[0].obj, pikepdf.Name.Fit])


def script_in_annotation(pdf: pikepdf.Pdf) -> None:
    """A script under a link, the annotation written inside the page."""
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=script)
    pdf.pages[0].obj.Annots = pikepdf.Array([link])


def link_in_annotation(pdf: pikepdf.Pdf) -> None:
    """A link to a web page."""
    link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://example.org/JavaScript"))
    pdf.pages[0].obj.Annots = pikepdf.Array(
        [pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=link)]
    )


def attach(pdf: pikepdf.Pdf) -> None:
    """A file inside."""
    pdf.attachments["tool.exe"] = b"MZ"


def title(pdf: pikepdf.Pdf) -> None:
    """A title that speaks of JavaScript."""
    pdf.docinfo["/Title"] = "Course fee: /JavaScript and /JS"


def png_of(width: int, height: int) -> bytes:
    """A PNG of one colour and any size, some kilobytes long."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = b"\x00" + b"\x00" * ((width + 7) // 8)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def ofd_with(name: str, part: bytes = b"x", *, link: bool = False, times: int = 1) -> bytes:
    """A good OFD package with further entries."""
    out = io.BytesIO(papers.ofd_invoice())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        for number in range(times):
            entry = zipfile.ZipInfo(name if times == 1 else f"{name}{number}")
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16 if link else 0o644 << 16
            archive.writestr(entry, part)
    return out.getvalue()


def overlapping_bomb() -> bytes:
    """Many entries that share the same packed bytes."""
    data = ofd_with("Doc_0/a.bin", random.Random(1).randbytes(20_000), times=40)
    out = bytearray(data)
    first = out.index(b"Doc_0/a.bin0") - 30
    place = out.index(b"PK\x01\x02")
    while place >= 0:
        length = struct.unpack_from("<H", out, place + 28)[0]
        if out[place + 46 : place + 46 + length].startswith(b"Doc_0/a.bin"):
            struct.pack_into("<I", out, place + 42, first)
        place = out.find(b"PK\x01\x02", place + 4)
    return bytes(out)


def lying_bomb() -> bytes:
    """An entry that says it is small and unpacks to much."""
    data = bytearray(ofd_with("Doc_0/a.bin", b"\x00" * 30_000_000))
    place = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, place + 24, 1000)
    struct.pack_into("<I", data, data.index(b"Doc_0/a.bin") - 8, 1000)
    return bytes(data)


def entities(levels: int = 9) -> bytes:
    """The billion laughs, in an invoice."""
    lines = ['<!ENTITY a0 "ha">'] + [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, levels)]
    return (f"<!DOCTYPE EInvoice [{''.join(lines)}]><EInvoice>&a{levels - 1};</EInvoice>").encode()


def fetching() -> bytes:
    """An invoice that would read another file."""
    return b'<!DOCTYPE EInvoice [<!ENTITY f SYSTEM "file:///etc/passwd">]><EInvoice>&f;</EInvoice>'


def locked(**rights: str) -> Callable[[], bytes]:
    """A PDF with a password."""
    return lambda: changed_pdf(lambda pdf: None, encryption=pikepdf.Encryption(**rights))


def object_stream_bomb() -> bytes:
    """A PDF of some kilobytes whose list of objects unpacks to half a gigabyte."""
    packer = zlib.compressobj(9)
    block = b" " * 1_000_000
    first = packer.compress(b"2 0 << /Type /Pages /Kids [] /Count 0 >>")
    packed = first + b"".join(packer.compress(block) for _ in range(500)) + packer.flush()
    body = b"%PDF-1.5\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    place = len(body)
    body += b"3 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
    body += packed + b"\nendstream\nendobj\n"
    table = len(body)
    rows = bytes([0, 0, 0, 0, 0]) + struct.pack(">BHH", 1, 9, 0) + struct.pack(">BHH", 2, 3, 0)
    rows += struct.pack(">BHH", 1, place, 0) + struct.pack(">BHH", 1, 0, 0)
    body += b"4 0 obj\n<< /Type /XRef /Size 5 /W [1 2 2] /Root 1 0 R /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (
        len(rows),
        rows,
    )
    return body + b"startxref\n%d\n%%%%EOF\n" % table


def paper_with(after: bytes) -> Callable[[], bytes]:
    """A PDF followed by something."""
    return lambda: papers.pdf() + after


PAIRS: dict[str, Pair] = {
    "script when opened": Pair(
        "pdf-opens",
        lambda: changed_pdf(opening(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))),
        lambda: changed_pdf(at_first_page),
    ),
    "script under a link": Pair(
        "pdf-script", lambda: changed_pdf(script_in_annotation), lambda: changed_pdf(link_in_annotation)
    ),
    "script by an escaped name": Pair(
        "pdf-script",
        lambda: papers.pdf().replace(b"/Type /Catalog", b"/Type /Catalog /AA << /WC << /S /Java#53cript >> >>"),
        papers.pdf,
    ),
    "program under a page": Pair(
        "pdf-launch",
        lambda: changed_pdf(
            lambda pdf: pdf.pages[0].obj.__setitem__(
                "/AA", pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe")))
            )
        ),
        lambda: changed_pdf(title),
    ),
    "web page when opened": Pair(
        "pdf-opens",
        lambda: changed_pdf(opening(S=pikepdf.Name.URI, URI=pikepdf.String("https://example.org"))),
        lambda: changed_pdf(opening(S=pikepdf.Name.GoTo, D=pikepdf.Array([0]))),
    ),
    "file inside": Pair("pdf-embedded", lambda: changed_pdf(attach), papers.pdf),
    "locked for reading": Pair("encrypted", locked(user="secret", owner="secret"), papers.pdf),
    "locked for changing": Pair("encrypted", locked(user="", owner="secret"), papers.pdf),
    "object streams that grow": Pair("damaged", object_stream_bomb, lambda: changed_pdf(title)),
    "PDF cut short": Pair("damaged", lambda: b"%PDF-1.7\nnothing of a PDF\n%%EOF", papers.pdf),
    "JPEG and ZIP": Pair(
        "two-types", lambda: papers.jpeg() + papers.packed({"a.txt": b"hidden"}), lambda: papers.jpeg() + b"\x00" * 64
    ),
    "JPEG and web page": Pair(
        "two-types",
        lambda: papers.jpeg(comment=b"<html><script>alert(1)</script>"),
        lambda: papers.jpeg(comment=b"Lunch"),
    ),
    "JPEG with an archive in its remark": Pair(
        "two-types",
        lambda: papers.jpeg(comment=papers.packed({"a.txt": b"hidden"})),
        lambda: papers.jpeg(comment=b"PK is short for package"),
    ),
    "PNG and PDF": Pair("two-types", lambda: papers.png() + papers.pdf(), papers.png),
    "PDF and web page in front": Pair(
        "two-types", lambda: papers.pdf().replace(b"\n", b"\n%<html><script>alert(1)</script>\n", 1), papers.pdf
    ),
    "PDF and web page behind": Pair("two-types", paper_with(b"<HTML><body>x"), paper_with(b"\r\n\r\n")),
    "PDF and ZIP": Pair("two-types", paper_with(papers.packed({"a.exe": b"MZ"})), papers.pdf),
    "OFD with a remark behind": Pair(
        "two-types", lambda: papers.ofd_invoice()[:-2] + b"\x05\x00<html", papers.ofd_invoice
    ),
    "SVG": Pair("drawing", lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', papers.xml_invoice),
    "web page": Pair("web-page", lambda: b"<html><body>invoice</body></html>", papers.xml_invoice),
    "other XML": Pair("xml-other", lambda: b"<note>invoice</note>", papers.older_xml),
    "XML with a style sheet": Pair(
        "xml-style",
        lambda: papers.xml_invoice().replace(b"<EInvoice>", b'<?xml-stylesheet href="x.xsl"?><EInvoice>'),
        papers.xml_invoice,
    ),
    "entities that grow": Pair("xml-entities", entities, papers.xml_invoice),
    "entities in UTF-16": Pair(
        "xml-entities",
        lambda: papers.packed(papers.ofd_parts() | {"Doc_0/x.xml": entities().decode().encode("utf-16")}),
        lambda: papers.packed(papers.ofd_parts() | {"Doc_0/x.xml": "<a/>".encode("utf-16")}),
    ),
    "entities that fetch": Pair("xml-entities", fetching, papers.xml_invoice),
    "XML of endless depth": Pair("too-complex", lambda: b"<EInvoice>" * 50_000, papers.xml_invoice),
    "OFD that grows": Pair(
        "archive-bomb",
        lambda: ofd_with("Doc_0/a.bin", b"\x00" * 45_000_000),
        lambda: ofd_with("Doc_0/a.bin", b"abcdefghij" * 50_000),
    ),
    "OFD whose entries overlap": Pair("archive-bomb", overlapping_bomb, papers.ofd_invoice),
    "OFD that says it is small": Pair("damaged", lying_bomb, papers.ofd_invoice),
    "OFD of ten thousand entries": Pair(
        "archive-bomb", lambda: ofd_with("Doc_0/f", b"", times=10_000), lambda: ofd_with("Doc_0/f", b"", times=50)
    ),
    "OFD with an archive inside": Pair(
        "archive-bomb", lambda: ofd_with("Doc_0/a.zip", papers.packed({"a": b"b"})), papers.ofd_invoice
    ),
    "OFD with a way up": Pair(
        "archive-paths", lambda: ofd_with("Doc_0/../../etc/passwd"), lambda: ofd_with("Doc_0/etc..passwd")
    ),
    "OFD with a path from the root": Pair("archive-paths", lambda: ofd_with("/etc/passwd"), papers.ofd_invoice),
    "OFD with a drive": Pair("archive-paths", lambda: ofd_with("C:\\run.bat"), papers.ofd_invoice),
    "OFD with a symbolic link": Pair(
        "archive-paths", lambda: ofd_with("Doc_0/link", b"/etc/passwd", link=True), lambda: ofd_with("Doc_0/link")
    ),
    "other archive": Pair("archive-other", lambda: papers.packed({"a.txt": b"b"}), papers.ofd_invoice),
    "nothing": Pair("empty", lambda: b"", papers.png),
    "more than 25 MB": Pair(
        "too-large", lambda: papers.png() + b"\x00" * (25 << 20), lambda: papers.png() + b"\x00" * (20 << 20)
    ),
    "program called receipt.pdf": Pair("other-type", lambda: b"MZ\x90\x00" + b"\x00" * 200, papers.jpeg),
    "picture of 30,000 by 30,000": Pair(
        "picture-too-large", lambda: png_of(30_000, 30_000), lambda: png_of(5_000, 5_000)
    ),
    "picture cut short": Pair("damaged", lambda: papers.jpeg()[:2000], papers.jpeg),
}
