"""Auditors' signed reports that carry files: good ones as a firm signs them, and what must not come in with them."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache

import pikepdf

from app.signing.keys import means_of_test
from app.signing.signing import signed
from reports.model import Language
from reports.output import Format, write
from tests.builders import papers, signing
from tests.reports.output import samples
from tests.unit.evidence.hostile_files import Pair


@cache
def archived() -> bytes:
    """A PDF/A-3 with its schedules attached, not signed yet."""
    return write(samples.statement(), Format.PDF, Language.EN, wording=samples.wording)


def by_the_firm(content: bytes) -> bytes:
    """Signed with the firm's own key, which this installation does not know."""
    return signed(content, means_of_test(signing.authority(), signing.AT), "Opinion", signing.AT, "Partner").content


@cache
def good() -> bytes:
    """A signed PDF/A-3 with CSV and JSON inside."""
    return by_the_firm(archived())


def changed(change: Callable[[pikepdf.Pdf], object]) -> bytes:
    """Another report of the firm, signed after something was done to it."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(archived())) as pdf:
        change(pdf)
        pdf.save(out)
    return by_the_firm(out.getvalue())


def attach(name: str, content: bytes) -> Callable[[pikepdf.Pdf], None]:
    """One more file inside."""

    def change(pdf: pikepdf.Pdf) -> None:
        kind = pikepdf.Name.Data
        pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, content, filename=name, relationship=kind)  # type: ignore[call-arg]

    return change


def unnamed(pdf: pikepdf.Pdf) -> None:
    """Files that do not say what they are to the document."""
    for each in pdf.Root.AF:
        del each["/AFRelationship"]


def script(pdf: pikepdf.Pdf) -> None:
    """A program beside the schedules."""
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def into_attachment(pdf: pikepdf.Pdf) -> None:
    """A link that opens a file inside by itself."""
    action = pikepdf.Dictionary(S=pikepdf.Name.GoToE, T=pikepdf.Dictionary(R=pikepdf.Name.C, N=pikepdf.String("a.pdf")))
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
    pdf.pages[0].obj.Annots = pikepdf.Array([link])


def plain_with_files() -> bytes:
    """Signed, with a file inside, and no PDF/A-3."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(papers.pdf())) as pdf:
        attach("schedule.csv", b"a,b\n")(pdf)
        pdf.save(out)
    return by_the_firm(out.getvalue())


def many(pdf: pikepdf.Pdf) -> None:
    """More files than anybody needs."""
    for number in range(40):
        attach(f"{number}.csv", b"a,b\n")(pdf)


REPORTS = {
    "program inside": Pair("pdf-attached-kind", lambda: changed(attach("schedule.exe", b"MZ")), good),
    "program behind a harmless ending": Pair(
        "pdf-attached-kind",
        lambda: changed(attach("schedule.csv.js", b"alert(1)")),
        lambda: changed(attach("schedule.v2.XLSX", b"PK")),
    ),
    "not signed": Pair("pdf-attachments", archived, good),
    "no PDF/A-3": Pair("pdf-attachments", plain_with_files, lambda: by_the_firm(papers.pdf())),
    "files that do not say what they are": Pair("pdf-attachments", lambda: changed(unnamed), good),
    "script when opened": Pair("pdf-opens", lambda: changed(script), good),
    "link that opens a file inside": Pair("pdf-launch", lambda: changed(into_attachment), good),
    "forty files": Pair("too-complex", lambda: changed(many), good),
    "locked": Pair("encrypted", lambda: _locked(), good),
}
"""How an auditor's report is refused, and its good twin."""


def _locked() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(archived())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user="x", owner="x"))
    return out.getvalue()
