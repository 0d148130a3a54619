"""The statement fonts in a PDF: one Type 0 font per weight, cut to the glyphs used, with a true way back to text.

ReportLab's own TrueType embedding maps characters beyond U+FFFF wrongly, so that Hong Kong names with characters of
the supplementary set (such as U+282E2) would copy out as others. Here the way back is exact; of two code points
with one glyph (space and no-break space) the lower is given back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import uharfbuzz
from fontTools.ttLib import TTFont

from reports.output.pdf.objects import PdfFile

FOLDER = Path(__file__).resolve().parent.parent / "fonts"
REGULAR = "Regular"
BOLD = "Bold"
_DROPPED_TABLES = ("GSUB", "GPOS", "GDEF", "STAT", "name", "OS/2", "post", "cmap", "vhea", "vmtx")
_NOT_DEFINED = 0
_SHORT = 16
"""Encoding a text shorter than this is quicker than remembering it."""
_MOST_CODES = 2_000
MAINLAND_SHAPES = 0xF0000
"""Added to a code point to find its Mainland shape where that differs; tools/build_fonts.py puts it there."""


class MissingGlyphs(ValueError):
    """Raised when a document needs characters the fonts do not have: nothing is written rather than an empty box."""

    def __init__(self, characters: Iterable[str]) -> None:
        """Names each character by itself and its code point."""
        self.characters = tuple(sorted(set(characters)))
        named = ", ".join(f"U+{ord(character):04X} {character!r}" for character in self.characters)
        super().__init__(f"the statement fonts have no glyph for: {named}")


class _Widths(dict[str, float]):
    """Advance of each character in thousandths of the size, looked up when first met; 1000 where there is no glyph."""

    def __init__(self, owner: Face) -> None:
        super().__init__()
        self._owner = owner

    def __missing__(self, character: str) -> float:
        glyph = self._owner.glyph(ord(character))
        self[character] = width = 1000.0 if glyph is None else self._owner.advance(glyph)
        return width


class Face:
    """One weight as read from its file: shared by all documents, never changed but for what it has looked up."""

    def __init__(self, path: Path) -> None:
        """Open the file and read its metrics; all lengths are in thousandths of the font size."""
        self.file = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))
        self._font = uharfbuzz.Font(self.file)
        self._scale = 1000 / self.file.upem
        self.widths = _Widths(self)
        tables = TTFont(path, lazy=True)
        self.postscript_name = str(tables["name"].getDebugName(6))
        head, hhea = tables["head"], tables["hhea"]
        self.box = [round(value * self._scale) for value in (head.xMin, head.yMin, head.xMax, head.yMax)]
        self.ascent, self.descent = round(hhea.ascent * self._scale), round(hhea.descent * self._scale)
        self.cap_height = round(tables["OS/2"].sCapHeight * self._scale)

    def glyph(self, point: int) -> int | None:
        """The glyph number of a code point, None if the font has none."""
        found = self._font.get_nominal_glyph(point)
        return None if found is None else int(found)

    def advance(self, glyph: int) -> float:
        """The advance of a glyph."""
        return round(float(self._font.get_glyph_h_advance(glyph) * self._scale), 3)


@lru_cache(maxsize=4)
def face(weight: str) -> Face:
    """The face of a weight, read once per process."""
    return Face(FOLDER / f"HetaoSansHK-{weight}.ttf")


class _Encoding(dict[int, str]):
    """A table for `str.translate`: code point to four hex digits of its glyph, remembering what was used or missing."""

    def __init__(self, loaded: Face, used: dict[int, int], missing: set[str], *, mainland: bool) -> None:
        super().__init__()
        self.face, self.used, self.missing = loaded, used, missing
        self.offset = MAINLAND_SHAPES if mainland else 0

    def __missing__(self, point: int) -> str:
        glyph = self.face.glyph(point + self.offset) if self.offset and point < 0x10000 else None
        if glyph is None:
            glyph = self.face.glyph(point)
        if glyph is None:
            self.missing.add(chr(point))
            glyph = _NOT_DEFINED
        else:
            self.used[glyph] = min(point, self.used.get(glyph, point))
        self[point] = found = f"{glyph:04X}"
        return found


class DocumentFont:
    """One weight inside one document: measures, encodes and finally embeds itself."""

    def __init__(self, weight: str, resource: str) -> None:
        """`resource` is its name in the pages' font resources; `missing` collects characters the font lacks."""
        self.face = face(weight)
        self.resource = resource
        self.missing: set[str] = set()
        self._used: dict[int, int] = {}
        tables = (_Encoding(self.face, self._used, self.missing, mainland=mainland) for mainland in (False, True))
        self._hong_kong, self._mainland = tables
        self._memory: dict[str, float] = {}
        self._codes: dict[tuple[str, bool], str] = {}
        self._openings: dict[float, str] = {}

    def opening(self, size: float) -> str:
        """The operators that begin a text in this font and size; where it stands follows."""
        known = self._openings.get(size)
        if known is None:
            known = self._openings[size] = f"BT/{self.resource} {size:g} Tf 1 0 0 1 "
        return known

    def width(self, text: str) -> float:
        """Advance of a text in thousandths of the size."""
        known = self._memory.get(text)
        if known is None:
            known = sum(map(self.face.widths.__getitem__, text))
            if len(self._memory) < 50_000:
                self._memory[text] = known
        return known

    def encode(self, text: str, *, mainland: bool = False) -> str:
        """The text as hex digits of glyph numbers, in Hong Kong or Mainland shapes."""
        table = self._mainland if mainland else self._hong_kong
        if len(text) < _SHORT:
            return text.translate(table)
        known = self._codes.get((text, mainland))
        if known is None:
            known = text.translate(table)
            if len(self._codes) < _MOST_CODES:
                self._codes[text, mainland] = known
        return known

    def embed(self, file: PdfFile) -> str:
        """Add the font's objects; returns the reference for the pages' resources."""
        used, loaded = self._used, self.face
        tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(repr(sorted(used)).encode()).digest()[:6])
        full_name = f"/{tag}+{loaded.postscript_name}"
        data = _subset(loaded.file, used)
        descriptor = file.add(
            {
                "Type": "/FontDescriptor",
                "FontName": full_name,
                "Flags": 4,
                "FontBBox": f"[{' '.join(map(str, loaded.box))}]",
                "ItalicAngle": 0,
                "Ascent": loaded.ascent,
                "Descent": loaded.descent,
                "CapHeight": loaded.cap_height,
                "StemV": 80,
                "FontFile2": file.add_stream(data, {"Length1": len(data)}),
            }
        )
        advances = {glyph: loaded.advance(glyph) for glyph in sorted(used)}
        widths = " ".join(f"{glyph} [{advance:g}]" for glyph, advance in advances.items() if advance != 1000)
        descendant = file.add(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": full_name,
                "CIDSystemInfo": "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>",
                "FontDescriptor": descriptor,
                "DW": 1000,
                "W": f"[{widths}]",
                "CIDToGIDMap": "/Identity",
            }
        )
        return file.add(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": full_name,
                "Encoding": "/Identity-H",
                "DescendantFonts": f"[{descendant}]",
                "ToUnicode": file.add_stream(_to_unicode(used)),
            }
        )


def _subset(file: uharfbuzz.Face, used: Iterable[int]) -> bytes:
    """The font file cut to the glyphs used, their numbers kept, without hints or layout tables."""
    wanted = uharfbuzz.SubsetInput()
    wanted.sets(uharfbuzz.SubsetInputSets.GLYPH_INDEX).update(used)
    flags = uharfbuzz.SubsetFlags
    wanted.flags = flags.RETAIN_GIDS | flags.NO_HINTING | flags.NOTDEF_OUTLINE
    wanted.drop_table_tag_set.update({int.from_bytes(tag.ljust(4).encode(), "big") for tag in _DROPPED_TABLES})
    return bytes(uharfbuzz.subset(file, wanted).blob.data)


def _to_unicode(used: dict[int, int]) -> bytes:
    """The map from glyph numbers back to text, with surrogate pairs beyond U+FFFF."""
    entries = [
        f"<{glyph:04X}> <{chr(point).encode('utf-16-be').hex().upper()}>" for glyph, point in sorted(used.items())
    ]
    parts = [
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def",
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange",
    ]
    for start in range(0, len(entries), 100):
        chunk = entries[start : start + 100]
        parts += [f"{len(chunk)} beginbfchar", *chunk, "endbfchar"]
    parts.append("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend")
    return "\n".join(parts).encode()
