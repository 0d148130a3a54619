"""How to check a statement without this site: the same words for the page and for the file to keep beside it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its heading, what to do, the command, and what else to know."""

    heading: str
    before: tuple[str, ...]
    command: str = ""
    after: tuple[str, ...] = ()


def title() -> str:
    """The page's title in the language of the page."""
    return str(gettext("Check this without us"))


def lead() -> str:
    """What the page is for."""
    words = gettext(
        "Four checks that need neither this site nor our word. Keep this page with the statement:"
        " the checks hold when the site is gone."
    )
    return str(words)


def checks(keys_address: str) -> tuple[Check, ...]:
    """The checks in the language of the page; `keys_address` is where the public keys of the books stand."""
    return (_file(), _signature(), _figures(), _books(keys_address), _not_told())


def _file() -> Check:
    return Check(
        gettext("1. The file is the one that was issued"),
        (
            gettext(
                "Compute the SHA-256 of the file and compare it with the one that the institution, the funder or the"
                " auditor noted when it was issued. One changed byte gives another number."
            ),
        ),
        "sha256sum STM-2026-00001-income-and-expenditure-en.pdf",
        (gettext("On Windows: certutil -hashfile FILE SHA256. On a Mac: shasum -a 256 FILE."),),
    )


def _signature() -> Check:
    return Check(
        gettext("2. The PDF carries a signature that holds"),
        (
            gettext(
                "Open the PDF in a reader that shows signatures, for example Adobe Acrobat Reader, or ask pdfsig of the"
                " free Poppler tools. It must say that the signature is valid and that the whole document is signed."
            ),
        ),
        "pdfsig STM-2026-00001-income-and-expenditure-en.pdf",
        (
            gettext(
                "The file brings along the time stamp and the proof that the certificates were not revoked, so this"
                " works for years, without a network. Whether to trust the certificate is for you to decide: compare"
                " its issuer with what the institution told you another way."
            ),
            gettext(
                "A certificate that calls itself “Test certificate, not for filing” stands for nobody: such a"
                " statement was made for a demonstration or a test."
            ),
        ),
    )


def _figures() -> Check:
    return Check(
        gettext("3. The figures are the same in every language and format"),
        (
            gettext(
                "The foot of every page prints the digest of the figures. The PDF in each language, the workbook and"
                " the JSON file of one statement print the same digest. The PDF holds its figures as CSV and JSON too:"
                " save the attachments and add them up."
            ),
        ),
        "pdfdetach -saveall STM-2026-00001-income-and-expenditure-en.pdf",
    )


def _books(keys_address: str) -> Check:
    return Check(
        gettext("4. The books behind it have not been changed since"),
        (
            gettext(
                "The first page names the block at which each book was sealed. Whoever kept that block's checkpoint,"
                " or the whole bundle of the book, can prove that nothing up to it was changed, added or cut off:"
            ),
        ),
        "python3 verify_ledger.py BOOK.bundle.gz --checkpoint BOOK-block-12.checkpoint",
        (
            gettext(
                "The script is tools/verify_ledger.py of this product. It needs Python and one library, reads"
                " everything again and shares no code with the server. The institution's finance officers, funders and"
                " auditors can hand out bundle and checkpoint from the page of the book."
            ),
            gettext(
                "The public keys stand at %(address)s. Compare them with what the institution told you another way.",
                address=keys_address,
            ),
        ),
    )


def _not_told() -> Check:
    return Check(
        gettext("What this does not tell"),
        (
            gettext(
                "These checks show that a file and the books are unchanged. Whether the figures are fair is for the"
                " three people who certified them and for the auditor, whose own signed report stands apart from the"
                " statement."
            ),
        ),
    )
