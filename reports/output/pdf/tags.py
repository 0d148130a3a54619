"""The document's structure, for screen readers and for PDF/UA: what is a heading, a table, a cell, in reading order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from reports.output.pdf.objects import PdfFile, string

ROOT = 0


class Structure:
    """A tree of elements; each page's marked content points into it."""

    def __init__(self) -> None:
        """Begins with the Document element, number 0."""
        self._kinds: list[str] = []
        self._parents: list[int] = []
        self._attributes: list[str] = []
        self._children: list[list[int | tuple[int, int]]] = []
        self._pages: list[list[int]] = []
        self.add("Document", -1)

    def add(self, kind: str, parent: int = ROOT, *, attributes: str = "", language: str | None = None) -> int:
        """A new element below `parent`, after those already there; returns its number."""
        element = len(self._kinds)
        self._kinds.append(kind)
        self._parents.append(parent)
        self._attributes.append(f"{attributes}/Lang({language})" if language else attributes)
        self._children.append([])
        if parent >= 0:
            self._children[parent].append(element)
        return element

    def content(self, element: int, page: int) -> int:
        """The next content number on a page, given to an element."""
        if len(self._pages) <= page:
            self._pages += [[] for _ in range(len(self._pages), page + 1)]
        numbers = self._pages[page]
        number = len(numbers)
        numbers.append(element)
        self._children[element].append((page, number))
        return number

    def write(self, file: PdfFile, pages: Sequence[int]) -> str:
        """Add every element to the file; `pages` are the page objects' numbers. Returns the tree's reference."""
        base = file.reserve(len(self._kinds))
        parents, root = file.reserve(), file.reserve()
        file.put_all(self._elements(base, root, pages))
        rows = [
            f"{page} [{' '.join(f'{base + element} 0 R' for element in numbers)}]"
            for page, numbers in enumerate(self._pages)
        ]
        file.put(parents, f"<< /Nums [{' '.join(rows)}] >>".encode())
        tree = f"<< /Type /StructTreeRoot /K {base} 0 R /ParentTree {parents} 0 R /ParentTreeNextKey {len(pages)} >>"
        file.put(root, tree.encode())
        return f"{root} 0 R"

    def _elements(self, base: int, root: int, pages: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        columns = zip(self._kinds, self._parents, self._children, self._attributes, strict=True)
        for number, (kind, parent, children, attributes) in enumerate(columns, base):
            above = root if parent < 0 else base + parent
            if len(children) == 1 and isinstance(children[0], tuple):  # nearly all: one piece of text
                page, content = children[0]
                where, kids = f"/Pg {pages[page]} 0 R", str(content)
            else:
                where, kids = _several(children, base, pages)
            body = f"<</S/{kind}/P {above} 0 R{where}/K[{kids}]{attributes}>>"
            yield number, body.encode("latin-1")


def _several(children: Sequence[int | tuple[int, int]], base: int, pages: Sequence[int]) -> tuple[str, str]:
    """The page of an element's first content, and its children: elements, content there and on later pages."""
    own_page, kids = None, []
    for child in children:
        if isinstance(child, int):
            kids.append(f"{base + child} 0 R")
            continue
        page, number = child
        own_page = page if own_page is None else own_page
        if page == own_page:
            kids.append(str(number))
        else:
            kids.append(f"<</Type/MCR/Pg {pages[page]} 0 R/MCID {number}>>")
    return "" if own_page is None else f"/Pg {pages[own_page]} 0 R", " ".join(kids)


@cache
def cell_attributes(*, scope: str | None = None, columns: int = 1) -> str:
    """The attributes of a table cell: a heading's scope, the columns it spans."""
    entries = f"/Scope/{scope}" if scope else ""
    if columns > 1:
        entries += f"/ColSpan {columns}"
    return f"/A<</O/Table{entries}>>" if entries else ""


def figure_attributes(alternative: str, box: tuple[float, float, float, float]) -> str:
    """The attributes of a picture: what it says in words, where it stands."""
    corners = " ".join(f"{value:.2f}" for value in box)
    return f"/Alt{string(alternative)}/A<</O/Layout/Placement/Block/BBox[{corners}]>>"
