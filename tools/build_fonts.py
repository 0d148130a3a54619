"""Builds the statement fonts: Hong Kong shapes from Noto Sans HK, the simplified characters it lacks from Noto Sans SC.

Where both sides write one character differently (also full stops and commas), the Mainland shape is kept as well, under
the character's code point plus MAINLAND_SHAPES in the private planes; only the PDF engine asks for it there.

Run `python tools/build_fonts.py` on a machine with npm; it fetches the two source packages into a temporary folder,
checks their digests, and writes reports/output/fonts/. The bytes depend only on the sources and the fontTools version.
The built fonts are committed, so nobody needs this to run the product.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.merge import Merger, Options as MergeOptions
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

TARGET = Path(__file__).resolve().parent.parent / "reports" / "output" / "fonts"
FAMILY = "Hetao Sans HK"
WEIGHTS = {"Regular": "400Regular", "Bold": "700Bold"}
SOURCES = {
    "noto-sans-hk@0.4.3": "250f41901a7f04a3501b25d06db2c5c5b78632f3a9dd0719ce5a797324a8aeb7",
    "noto-sans-sc@0.4.3": "0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59",
}
FIXED_TIME = 3_849_984_000
"""Seconds since 1904 put into the `head` table (1 January 2026), so that the time of building leaves no trace."""

GENERAL_STANDARD_EXTENSION_A = (
    "㑇㑊㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠䁖䂮䃅䃎"
    "䅟䌹䎃䎖䏝䏡䏲䐃䓖䓛䓨䓫䓬䗖䗛䗪䗴䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮"
)
"""Characters of the Mainland's table of general standard characters (2013) in Unicode's extension A, outside GBK."""

MAINLAND_SHAPES = 0xF0000
"""Added to a code point to find its Mainland shape; reports.output.pdf.fonts says the same."""

UNUSED_TABLES = ["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "STAT", "meta", "DSIG", "gasp", "prep", "fpgm"]
UNUSED_TABLES += ["cvt ", "hdmx", "LTSH", "kern"]


def decodable(encoding: str, leads: Iterable[int], trails: Iterable[int]) -> set[int]:
    """Every code point that a two-byte character set holds."""
    found: set[int] = set()
    trail_bytes = list(trails)
    for lead in leads:
        for trail in trail_bytes:
            found.update(ord(character) for character in bytes([lead, trail]).decode(encoding, "ignore"))
    return found


def is_han(point: int) -> bool:
    """True for a unified or compatibility ideograph of any plane."""
    return 0x3400 <= point < 0xA000 or 0xF900 <= point < 0xFB00 or 0x20000 <= point < 0x32000


def wanted_characters() -> set[int]:
    """Big5 with HKSCS-2004, GBK, the rarer characters of Mainland names, Latin, punctuation and full-width forms.

    GB 2312 alone would miss characters of everyday names (U+9555, U+794E), and a missing one stops a statement.
    """
    hong_kong = decodable("big5hkscs", range(0x87, 0xFF), [*range(0x40, 0x7F), *range(0xA1, 0xFF)])
    mainland = decodable("gbk", range(0x81, 0xFF), [*range(0x40, 0x7F), *range(0x80, 0xFF)])
    signs = {0x20AC, 0x2122, 0x2116, 0x2212, 0x00A5, 0xFFE5, *range(0x20, 0x7F), *range(0xA0, 0x180)}
    signs |= {*range(0x2010, 0x2028), *range(0x2030, 0x205F), *range(0x3000, 0x3040), *range(0xFF00, 0xFFF0)}
    everything = hong_kong | mainland | signs | {ord(character) for character in GENERAL_STANDARD_EXTENSION_A}
    return {
        point for point in everything if point >= 0x20 and not 0x7F <= point < 0xA0 and not 0xE000 <= point < 0xF900
    }


def fetch(folder: Path) -> dict[str, Path]:
    """Fetch the source packages with npm, check their digests, and unpack the weights needed."""
    found = {}
    for package, digest in SOURCES.items():
        name = package.split("@")[0]
        subprocess.run(["npm", "pack", "--silent", f"@expo-google-fonts/{package}"], cwd=folder, check=True)
        archive = next(folder.glob(f"expo-google-fonts-{name}-*.tgz"))
        if hashlib.sha256(archive.read_bytes()).hexdigest() != digest:
            raise SystemExit(f"{archive.name} is not the package this script was written for")
        with tarfile.open(archive) as packed:
            kept = [
                m for m in packed.getmembers() if m.name.endswith(("LICENSE_FONT", "400Regular.ttf", "700Bold.ttf"))
            ]
            packed.extractall(folder / name, members=kept, filter="data")
        found[name] = folder / name / "package"
    return found


def source_font(root: Path, weight: str) -> Path:
    """The static TrueType file of one weight inside an unpacked package."""
    return next((root / WEIGHTS[weight]).glob("*.ttf"))


def characters_of(path: Path) -> set[int]:
    """The code points a font file covers."""
    return set(TTFont(path, lazy=True).getBestCmap())


def differently_written(hong_kong: Path, mainland: Path) -> set[int]:
    """Characters and marks of GB 2312 whose outline differs between the two fonts while their width is the same."""
    fonts = [TTFont(path, lazy=True) for path in (hong_kong, mainland)]
    maps, outlines, widths = ([font[tag] for font in fonts] for tag in ("cmap", "glyf", "hmtx"))
    candidates = {point for point in decodable("gb2312", range(0xA1, 0xF8), range(0xA1, 0xFF)) if point >= 0x3000}
    found = set()
    for point in candidates:
        names = [table.getBestCmap().get(point) for table in maps]
        if None in names or widths[0][names[0]][0] != widths[1][names[1]][0]:
            continue
        shapes = [table[glyph].getCoordinates(table)[0] for table, glyph in zip(outlines, names, strict=True)]
        if shapes[0] != shapes[1]:
            found.add(point)
    return found


def cut(source: Path, target: Path, characters: set[int], offset: int = 0) -> None:
    """Write a subset without hints, layout tables or alternates, its code points moved by `offset`."""
    options = subset.Options()
    options.layout_features = []
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.hinting = False
    options.recalc_timestamp = False
    options.drop_tables += UNUSED_TABLES
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    if offset:
        moved = {point + offset: glyph for point, glyph in font.getBestCmap().items()}
        table = CmapSubtable.newSubtable(12)
        table.platformID, table.platEncID, table.language, table.cmap = 3, 10, 0, moved
        font["cmap"].tables = [table]
    subset.save_font(font, str(target), options)


def name_font(font: Any, family: str, weight: str) -> None:
    """Give the built font its own names, the weight's style names and a fixed time."""
    ours = {1: family, 2: weight, 4: f"{family} {weight}", 6: f"{family.replace(' ', '')}-{weight}"}
    ours |= {3: f"{ours[6]};1.0", 5: "Version 1.000", 16: family, 17: weight}
    table = font["name"]
    kept = {0, 13, 14}
    table.names = [record for record in table.names if record.nameID in kept]
    for identifier, value in ours.items():
        table.setName(value, identifier, 3, 1, 0x409)
    font["head"].created = font["head"].modified = FIXED_TIME
    font.recalcTimestamp = False


def build(weight: str, hong_kong: Path, mainland: Path, folder: Path) -> Path:
    """Merge one weight and return the file written to the target folder."""
    wanted = wanted_characters()
    here, there = characters_of(hong_kong), characters_of(mainland)
    first = {point for point in here if point in wanted or is_han(point)}
    second = {point for point in there if point in wanted or point >= 0x20000} - first
    shapes = differently_written(hong_kong, mainland)
    parts = [folder / f"{part}-{weight}.ttf" for part in ("hk", "sc", "shapes")]
    cut(hong_kong, parts[0], first)
    cut(mainland, parts[1], second)
    cut(mainland, parts[2], shapes, MAINLAND_SHAPES)
    merged = Merger(options=MergeOptions(drop_tables=["vhea", "vmtx", "VORG", "BASE"])).merge(
        [str(part) for part in parts]
    )
    name_font(merged, FAMILY, weight)
    target = TARGET / f"HetaoSansHK-{weight}.ttf"
    merged.save(target)
    counts = f"{len(first)} characters from HK, {len(second)} from SC, {len(shapes)} in Mainland shapes too"
    print(f"{target.name}: {counts}, {target.stat().st_size:,} bytes")
    return target


def main() -> None:
    """Fetch, build both weights, and write the licence and the digests beside them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args()
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        roots = fetch(folder)
        hong_kong, mainland = roots["noto-sans-hk"], roots["noto-sans-sc"]
        built = [build(w, source_font(hong_kong, w), source_font(mainland, w), folder) for w in WEIGHTS]
        (TARGET / "OFL.txt").write_bytes((hong_kong / "LICENSE_FONT").read_bytes())
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in built]
    (TARGET / "SHA256SUMS").write_text("".join(lines), encoding="ascii")


if __name__ == "__main__":
    main()
