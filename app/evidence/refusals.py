"""Why a file is not taken, in words for the person who sent it."""

from __future__ import annotations

from app.kernel.breaches import Breach
from app.kernel.messages import _

SOURCE = _("Rules for files in this system: only what can be read safely is kept")

_AS_PDF = _("Print it to a new PDF, or send a photograph of it.")
_AGAIN = _("Download it again from where it came, or photograph it.")
_KINDS = _("Send a PDF, a JPEG, PNG or HEIC picture, or an electronic invoice as OFD or XML.")

REFUSALS: dict[str, tuple[str, str]] = {
    "empty": (_("This file is empty."), _AGAIN),
    "too-large": (_("This file is larger than 25 MB."), _("Send it in parts, or a smaller picture.")),
    "other-type": (_("This is not a kind of file taken here, whatever its name says."), _KINDS),
    "damaged": (_("This file is damaged, so nobody could read it later."), _AGAIN),
    "encrypted": (_("This file is locked with a password."), _("Open it, print it to a new PDF, and send that.")),
    "two-types": (_("This file is two kinds of file in one, which is a way to hide something."), _AS_PDF),
    "too-complex": (_("This file has too many parts to be read safely."), _AS_PDF),
    "too-heavy": (_("Reading this file takes too much time or memory."), _("Send a smaller or simpler copy of it.")),
    "pdf-script": (_("This PDF contains a program that runs when it is opened."), _AS_PDF),
    "pdf-opens": (_("This PDF does something by itself when it is opened."), _AS_PDF),
    "pdf-launch": (_("This PDF starts other programs or sends data."), _AS_PDF),
    "pdf-embedded": (
        _("Other files are hidden inside this PDF."),
        _("Send those files one by one, and this as a new PDF."),
    ),
    "pdf-attachments": (
        _("Files inside a PDF are taken only in a signed PDF/A-3 that says what each of them is."),
        _("Sign it as PDF/A-3, or leave the attachments out."),
    ),
    "pdf-attached-kind": (
        _("A file inside this PDF is of a kind that is not taken."),
        _("Attach CSV, JSON, XML, XLSX, ODS, text or PDF only."),
    ),
    "drawing": (_("This is an SVG drawing, which can run programs."), _("Send it as PDF, PNG or JPEG.")),
    "web-page": (_("This is a web page, not a document."), _("Print it to PDF and send that.")),
    "xml-entities": (_("This XML file has definitions that make it grow or fetch other files."), _AGAIN),
    "xml-style": (_("This XML file calls on other programs to show it."), _AGAIN),
    "xml-other": (_("This XML file is not an electronic invoice."), _KINDS),
    "archive-other": (_("This is an archive, not a document."), _("Unpack it and send the documents one by one.")),
    "archive-bomb": (_("This file unpacks to far more than it seems to hold."), _AGAIN),
    "archive-paths": (_("This file would unpack to places outside its own folder."), _AGAIN),
    "picture-too-large": (
        _("This picture has too many dots to be opened safely."),
        _("Take it again with an ordinary setting, or send a smaller copy."),
    ),
}
"""Code of the examination to message and cure, both message ids."""


def breach_of(code: str, field: str | None = None) -> Breach:
    """The breach of a refused file, for the input `field`."""
    message, cure = REFUSALS[code]
    return Breach(f"evidence.{code}", message, cure, SOURCE, field=field)
