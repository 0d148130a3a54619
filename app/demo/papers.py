"""Evidence of the story: small one-page PDF files that say what they stand for, the same bytes at each load. Pure."""

from __future__ import annotations

from app.web.uploads import PDF, Upload


def paper(name: str, *lines: str) -> Upload:
    """A one-page PDF named `name` with these lines; ASCII only, in the reader's built-in Helvetica."""
    return Upload(f"{name}.pdf", _pdf(lines), PDF)


def _pdf(lines: tuple[str, ...]) -> bytes:
    text = [b"BT /F1 12 Tf 72 770 Td 18 TL"]
    for line in ("Demonstration document", "", *lines):
        escaped = line.encode("ascii", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        text.append(b"(" + escaped + b") Tj T*")
    stream = b"\n".join([*text, b"ET"])
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    return _assembled(objects)


def _assembled(objects: tuple[bytes, ...]) -> bytes:
    whole = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(whole))
    return whole + head + table + trailer
