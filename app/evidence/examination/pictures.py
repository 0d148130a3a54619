"""Pictures: size before decoding, true end, a copy without metadata, and a fingerprint that is only a hint."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator

import pi_heif
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from app.evidence.content_types import MAX_PIXELS, MAX_SIDE
from app.evidence.examination.foreign import refuse_foreign
from app.evidence.examination.refused import Refused
from app.web.uploads import HEIC, JPEG, PNG

Image.MAX_IMAGE_PIXELS = None  # our own bound is asked before anything is decoded
FORMATS = {JPEG: ("JPEG", "MPO"), PNG: ("PNG",), HEIC: ("HEIF",)}
READABLE_SIDE = 1800
"""A code printed on an invoice is still readable in a picture reduced to this side."""

SHOWN_SIDE = 1100
"""Side of the picture that is shown beside the fields: a receipt's small print can still be read."""

_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
_SCAN, _END = 0xDA, 0xD9
_KEPT_CHUNKS = frozenset({b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"pHYs", b"sBIT", b"bKGD"})
_BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error, EOFError, KeyError, IndexError)


def opened(content: bytes, media_type: str) -> Image.Image:
    """The picture with its size checked and nothing decoded yet. Raises Refused when it is too large or damaged."""
    if media_type == HEIC:
        pi_heif.register_heif_opener(thumbnails=False)
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS[media_type])
        width, height = picture.size
    except _BROKEN:
        raise Refused("damaged") from None
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS[media_type]:
        raise Refused("picture-too-large")
    return picture


def check(content: bytes, media_type: str) -> None:
    """Refuse pictures that are too large, damaged in their structure, or another type as well."""
    opened(content, media_type)
    if media_type == JPEG:
        refuse_foreign(content, _jpeg_end(content))
    elif media_type == PNG:
        refuse_foreign(content, _png_end(content))
    else:
        refuse_foreign(content, _boxes_end(content))


def decoded(content: bytes, media_type: str) -> Image.Image:
    """The picture upright and in grey, reduced to what reading needs. Raises Refused when it cannot be decoded."""
    picture = opened(content, media_type)
    try:
        picture.draft("L", (READABLE_SIDE, READABLE_SIDE))
        turned = picture.getexif().get(ExifTags.Base.Orientation, 1)
        picture.thumbnail((READABLE_SIDE, READABLE_SIDE), reducing_gap=2.0)
        grey = picture.convert("RGBA") if picture.mode in ("P", "LA", "PA", "RGBA") else picture.convert("L")
    except _BROKEN:
        raise Refused("damaged") from None
    if grey.mode == "RGBA":
        flat = Image.new("RGBA", grey.size, "white")
        flat.alpha_composite(grey)
        grey = flat.convert("L")
    grey.getexif()[ExifTags.Base.Orientation] = turned
    return ImageOps.exif_transpose(grey)


def reduced(grey: Image.Image) -> bytes:
    """A small JPEG of the picture or page, legible beside a form and quick on a phone."""
    small = grey.copy()
    small.thumbnail((SHOWN_SIDE, SHOWN_SIDE), reducing_gap=2.0)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=70)
    return out.getvalue()


def fingerprints(grey: Image.Image) -> list[bytes]:
    """Eight bytes each for the picture upright and turned by 90, 180 and 270 degrees: near for the same motif."""
    small = grey.resize((64, 64), Image.Resampling.BOX)
    return [_fingerprint(small if turn == 0 else small.rotate(turn)) for turn in (0, 90, 180, 270)]


def _fingerprint(square: Image.Image) -> bytes:
    tiny = square.resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            here = row * 9 + column
            bits = bits << 1 | (tiny[here] > tiny[here + 1])
    return bits.to_bytes(8, "big")


def without_metadata(content: bytes, media_type: str) -> tuple[bytes, str]:
    """The picture without position, device, time and remarks, and its type: HEIC becomes JPEG, others stay exact."""
    if media_type == JPEG:
        return stripped_jpeg(content), JPEG
    if media_type == PNG:
        return _stripped_png(content), PNG
    picture = opened(content, media_type)
    out = io.BytesIO()
    try:
        colour = picture if picture.mode == "RGB" else picture.convert("RGB")
        colour.save(out, "JPEG", quality=88, exif=b"", icc_profile=picture.info.get("icc_profile"))
    except _BROKEN:
        raise Refused("damaged") from None
    return out.getvalue(), JPEG


def _segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each part of a JPEG, in order; a scan ends where the next marker begins."""
    place = 2
    while place + 2 <= len(content):
        if content[place] != 0xFF:
            raise Refused("damaged")
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker == _END or marker in _BARE:
            yield marker, place, place + 2
            if marker == _END:
                return
            place += 2
            continue
        if place + 4 > len(content):
            raise Refused("damaged")
        end = place + 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        if marker == _SCAN:
            found = _MARKER.search(content, end)
            end = found.start() if found else len(content)
        yield marker, place, end
        place = end
    raise Refused("damaged")


def _jpeg_end(content: bytes) -> int:
    return [end for _marker, _start, end in _segments(content)][-1]


def stripped_jpeg(content: bytes) -> bytes:
    """The same JPEG, not decoded again, without metadata, remarks and what follows its end; its orientation stays."""
    kept = [content[:2]]
    turned = Image.open(io.BytesIO(content), formats=FORMATS[JPEG]).getexif().get(ExifTags.Base.Orientation, 1)
    if turned != 1:
        only = Image.Exif()
        only[ExifTags.Base.Orientation] = turned
        payload = b"Exif\x00\x00" + only.tobytes().removeprefix(b"Exif\x00\x00")
        kept.append(b"\xff\xe1" + struct.pack(">H", len(payload) + 2) + payload)
    for marker, start, end in _segments(content):
        if _shown(marker, content[start + 4 : start + 16]):
            kept.append(content[start:end])
    return b"".join(kept)


def _shown(marker: int, beginning: bytes) -> bool:
    """Whether a part of a JPEG is needed to show it: no remarks, and of the applications' parts three only."""
    if marker == 0xFE:
        return False
    if not 0xE0 <= marker <= 0xEF:
        return True
    return marker in (0xE0, 0xEE) or (marker == 0xE2 and beginning.startswith(b"ICC_PROFILE"))


def _chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    place = 8
    while place + 12 <= len(content):
        end = place + 12 + int.from_bytes(content[place : place + 4], "big")
        if end > len(content):
            break
        kind = content[place + 4 : place + 8]
        yield kind, place, end
        if kind == b"IEND":
            return
        place = end
    raise Refused("damaged")


def _png_end(content: bytes) -> int:
    return [end for _kind, _start, end in _chunks(content)][-1]


def _stripped_png(content: bytes) -> bytes:
    kept = [content[s:e] for kind, s, e in _chunks(content) if kind[:1].isupper() or kind in _KEPT_CHUNKS]
    return content[:8] + b"".join(kept)


def _boxes_end(content: bytes) -> int:
    """Where the boxes of a HEIC file are over."""
    place = 0
    while place + 8 <= len(content):
        size = int.from_bytes(content[place : place + 4], "big")
        if size == 1:
            size = int.from_bytes(content[place + 8 : place + 16], "big")
        if size == 0:
            return len(content)
        if size < 8 or place + size > len(content) or not content[place + 4 : place + 8].isalnum():
            break
        place += size
    return place
