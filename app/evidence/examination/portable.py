"""PDF: no scripts, programs, hidden files or passwords; its text and first page; a copy without positions."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from PIL import Image

from app.evidence.examination import attachments
from app.evidence.examination.foreign import refuse_foreign
from app.evidence.examination.pictures import stripped_jpeg
from app.evidence.examination.refused import Refused
from app.evidence.examination.statements import PageText

MAX_OBJECTS = 100_000
READ_PAGES = 2
"""Pages whose text is read; an invoice states its totals on the first or, with a list, on the second."""
MAX_TEXT = 40_000
RENDERED_SIDE = 1600

_SUSPECT = re.compile(
    rb"/(JS|JavaScript|Launch|SubmitForm|ImportData|GoToE|GoToR|Rendition|RichMedia|Sound|Movie|Embedded|EF|XFA)"
)
_SCRIPTS = frozenset({"/JavaScript", "/Rendition"})
_PROGRAMS = frozenset({"/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Sound", "/Movie"})
_PLACES = frozenset({"/GoTo", "/Named"})


def check(content: bytes, *, signed_report: bool = False) -> bool:
    """Refuse what could act by itself, hide files or be another type; whether the PDF carries a signature.

    An auditor's `signed_report` may hold files, as a signed PDF/A-3; they are not opened.
    """
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                raise Refused("encrypted")
            if len(pdf.objects) > MAX_OBJECTS:
                raise Refused("too-complex")
            _check_opening(pdf.Root)
            signed = False
            inside: list[Any] = []
            for dictionary in _dictionaries(pdf):
                written = dictionary.unparse(resolved=True)
                if _SUSPECT.search(written):
                    _check_dictionary(dictionary, 0, inside)
                signed = signed or b"/ByteRange" in written
            if len(pdf.pages) == 0:
                raise Refused("damaged")
            if inside and not signed_report:
                raise Refused("pdf-embedded")
            if inside:
                attachments.check(pdf, [each for each in inside if "/EF" in each], signed=signed)
    except pikepdf.PasswordError:
        raise Refused("encrypted") from None
    except (pikepdf.PdfError, ValueError, KeyError, AttributeError, TypeError, RuntimeError):
        raise Refused("damaged") from None
    refuse_foreign(content, content.rfind(b"%%EOF") + 5, b"%PDF-")
    return signed


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    for each in pdf.objects:
        if isinstance(each, pikepdf.Stream):
            yield each.stream_dict
        elif isinstance(each, pikepdf.Dictionary | pikepdf.Array):
            yield each


def _check_opening(root: Any) -> None:
    """What happens when the file is opened: going to a place is all it may do."""
    action = root.get("/OpenAction")
    if isinstance(action, pikepdf.Dictionary) and str(action.get("/S", "")) not in _PLACES:
        raise Refused("pdf-opens")


def _check_dictionary(thing: Any, depth: int, inside: list[Any]) -> None:
    """Refuse what acts by itself; what holds files is added to `inside`."""
    if depth > 20:
        raise Refused("too-complex")
    if isinstance(thing, pikepdf.Array):
        inner = [each for each in thing if isinstance(each, pikepdf.Dictionary | pikepdf.Array)]
    elif isinstance(thing, pikepdf.Dictionary):
        for key, value in thing.items():
            if _check_entry(key, value):
                inside.append(thing)
        inner = [each for _key, each in thing.items() if isinstance(each, pikepdf.Dictionary | pikepdf.Array)]
    else:
        return
    for each in inner:
        if not each.is_indirect:
            _check_dictionary(each, depth + 1, inside)


def _check_entry(key: str, value: Any) -> bool:
    """Whether the entry belongs to a file inside the PDF."""
    name = str(value) if isinstance(value, pikepdf.Name) else ""
    if key in ("/JS", "/JavaScript", "/XFA") or (key == "/S" and name in _SCRIPTS):
        raise Refused("pdf-script")
    if (key == "/S" and name in _PROGRAMS) or key.startswith("/RichMedia") or name.startswith("/RichMedia"):
        raise Refused("pdf-launch")
    if key == "/Launch":
        raise Refused("pdf-launch")
    return key in ("/EF", "/EmbeddedFiles") or (key == "/Type" and name == "/EmbeddedFile")


def text_of(content: bytes) -> PageText:
    """The text of the first pages, as the file holds it. Raises Refused when the file cannot be read."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(content)
        whole: list[str] = []
        right = lower = ""
        for number in range(min(READ_PAGES, len(document))):
            page = document[number]
            text = page.get_textpage()
            whole.append(text.get_text_bounded())
            if number == 0:
                width, height = page.get_size()
                right, lower = text.get_text_bounded(left=width / 2), text.get_text_bounded(top=height * 0.45)
        return PageText("\n".join(whole)[:MAX_TEXT], right[:MAX_TEXT], lower[:MAX_TEXT])
    except pdfium.PdfiumError:
        raise Refused("damaged") from None


def first_page(content: bytes) -> Image.Image:
    """The first page as a grey picture, large enough to read a code printed on it."""
    import pypdfium2 as pdfium

    try:
        page = pdfium.PdfDocument(content)[0]
        scale = min(RENDERED_SIDE / max(*page.get_size(), 1), 4.0)
        picture: Image.Image = page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil()
        return picture.convert("L")
    except pdfium.PdfiumError:
        raise Refused("damaged") from None


def without_metadata(content: bytes) -> bytes | None:
    """The same PDF whose photographs say no position or device any more; None when they say nothing now."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        changed = False
        for each in pdf.objects:
            if isinstance(each, pikepdf.Stream) and str(each.get("/Filter", "")) == "/DCTDecode":
                raw = each.read_raw_bytes()
                if b"Exif\x00" in raw[:70_000] or b"ns.adobe.com/xap" in raw[:70_000]:
                    each.write(stripped_jpeg(raw), filter=pikepdf.Name.DCTDecode)
                    changed = True
        if not changed:
            return None
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()
