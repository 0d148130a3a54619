"""The copy that others see says nothing of where and with what a document was made, and shows the same."""

from __future__ import annotations

import io

import pikepdf
from PIL import ExifTags, Image, ImageChops, ImageOps, PngImagePlugin
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from app.evidence.examining import Examined, examine
from tests.builders import papers

SECRET = b"Phone of somebody"


def examined(content: bytes) -> Examined:
    """What was found in a good file."""
    found = examine(content)
    assert isinstance(found, Examined)
    return found


def upright(content: bytes) -> Image.Image:
    """The picture as a viewer shows it."""
    return ImageOps.exif_transpose(Image.open(io.BytesIO(content)))


def test_jpeg_loses_its_position_and_keeps_every_dot_upright() -> None:
    original = papers.jpeg(exif=papers.with_position(), comment=b"at home", dpi=(72, 72))
    found = examined(original)
    assert found.shared is not None
    assert SECRET in original
    assert SECRET not in found.shared
    assert b"at home" not in found.shared
    assert not Image.open(io.BytesIO(found.shared)).getexif().get_ifd(ExifTags.IFD.GPSInfo)
    assert upright(found.shared).size == upright(original).size == (240, 320)
    assert ImageChops.difference(upright(found.shared), upright(original)).getbbox() is None


def test_what_follows_the_end_of_a_jpeg_is_not_given_out() -> None:
    found = examined(papers.jpeg() + b"a video of the room")
    assert found.shared is not None
    assert b"a video" not in found.shared


def test_png_loses_its_remarks_and_keeps_every_dot() -> None:
    remarks = PngImagePlugin.PngInfo()
    remarks.add_text("Location", "22.5 N 114.05 E")
    original = papers.png(pnginfo=remarks, exif=papers.with_position())
    found = examined(original)
    assert found.shared is not None
    assert b"22.5 N" not in found.shared
    assert SECRET not in found.shared
    before, after = Image.open(io.BytesIO(original)), Image.open(io.BytesIO(found.shared))
    assert ImageChops.difference(before, after).getbbox() is None


def test_heic_is_given_out_as_a_jpeg_without_its_position() -> None:
    found = examined(papers.HEIC_WITH_POSITION)
    assert (found.media_type, found.shared_type) == ("image/heic", "image/jpeg")
    assert found.shared is not None
    picture = Image.open(io.BytesIO(found.shared))
    assert (picture.size, dict(picture.getexif())) == ((64, 48), {})


def test_photograph_inside_a_pdf_loses_its_position() -> None:
    out = io.BytesIO()
    page = Canvas(out)
    page.drawImage(ImageReader(papers.motif()), 0, 0, 100, 100)
    page.save()
    with pikepdf.open(io.BytesIO(out.getvalue())) as pdf:
        picture = next(iter(pdf.pages[0].get_images().values()))
        picture.write(papers.jpeg(exif=papers.with_position()), filter=pikepdf.Name.DCTDecode)
        scanned = io.BytesIO()
        pdf.save(scanned)
    found = examined(scanned.getvalue())
    assert SECRET in scanned.getvalue()
    assert found.shared is not None
    assert SECRET not in found.shared
    assert len(pikepdf.open(io.BytesIO(found.shared)).pages) == 1


def test_what_has_nothing_to_hide_is_given_out_as_it_is() -> None:
    for content in (papers.pdf(), papers.jpeg(), papers.png(), papers.xml_invoice(), papers.ofd_invoice()):
        assert examined(content).shared is None
