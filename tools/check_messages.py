"""Says whether every text is extracted and translated; run by `make check`.

Refuses: a message id in the source that a catalogue lacks, an empty or fuzzy translation, placeholders that differ,
and a compiled catalogue older than its source.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PROJECT = Path(__file__).resolve().parent.parent
TRANSLATIONS = PROJECT / "app" / "translations"
LOCALES = ("zh_Hant_HK", "zh_Hans_CN")
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "lazy_gettext": None}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def extracted() -> Catalog:
    """Every message id of the source and the templates."""
    with open(PROJECT / "babel.cfg", encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    catalog = Catalog()
    for root in ("app", "reports", "templates"):
        own = [(pattern.removeprefix(f"{root}/"), method) for pattern, method in methods if pattern.startswith(root)]
        own_options = {pattern.removeprefix(f"{root}/"): given for pattern, given in options.items()}
        found = extract_from_dir(PROJECT / root, own, own_options, keywords=KEYWORDS)
        for file, line, message, _comments, context in found:
            catalog.add(message, locations=[(f"{root}/{file}", line)], context=context)
    return catalog


def texts(message: object) -> tuple[str, ...]:
    """A message or translation as a tuple: one text, or one per plural form."""
    return (message,) if isinstance(message, str) else tuple(message or ())  # type: ignore[arg-type]


def problems(locale: str, source: Catalog) -> list[str]:
    """What is wrong with one language's catalogue."""
    po, mo = (TRANSLATIONS / locale / "LC_MESSAGES" / f"messages.{kind}" for kind in ("po", "mo"))
    if not po.exists():
        return [f"{locale}: no catalogue; run `make messages`"]
    with open(po, "rb") as file:
        catalog = read_po(file, locale=locale)
    found = []
    for message in source:
        if not message.id:
            continue
        known = catalog.get(message.id, message.context)
        where = ":".join(str(part) for part in message.locations[0])
        if known is None:
            found.append(f"{locale}: not extracted: {message.id!r} ({where})")
        elif known.fuzzy or not all(texts(known.string)):
            found.append(f"{locale}: not translated: {message.id!r} ({where})")
        else:
            asked = set(PLACEHOLDER.findall(" ".join(texts(message.id))))
            given = set(PLACEHOLDER.findall(" ".join(texts(known.string))))
            if not given <= asked or (asked - given and isinstance(message.id, str)):
                found.append(f"{locale}: placeholders differ: {message.id!r} ({where})")
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    if not mo.exists() or mo.read_bytes() != compiled.getvalue():
        found.append(f"{locale}: messages.mo is not compiled from messages.po; run `make messages`")
    return found


def main() -> int:
    """Print every problem; exit status 1 when there is one."""
    source = extracted()
    found = [problem for locale in LOCALES for problem in problems(locale, source)]
    print("\n".join(found[:60]) or f"{len(source)} messages, all translated", file=sys.stderr if found else sys.stdout)
    if len(found) > 60:
        print(f"… and {len(found) - 60} more", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
