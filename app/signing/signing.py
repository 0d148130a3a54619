"""Signs a finished PDF: PAdES B-LT in one revision, with an invisible field, so that the page stays what it was.

The signature, its time stamp and what proves both certificates are appended together; the bytes before them stay as
they were, so the unsigned file is the beginning of the signed one.
"""

from __future__ import annotations

import hashlib
import io
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from app.settings import Settings, SigningKey
from app.signing import token
from app.signing.keys import CannotSign, Means, means, means_of_test

if TYPE_CHECKING:
    from app.signing.authority import TestAuthority

FIELD = "Issuer"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed file; `unsigned_size` bytes at its beginning are the file as it was before, with that SHA-256."""

    content: bytes
    unsigned_sha256: bytes
    unsigned_size: int
    signer: str
    at: datetime
    test: bool


class SignsFiles(Protocol):
    """Somebody who signs PDF files, or nobody."""

    @property
    def test(self) -> bool:
        """Whether by a test certificate."""

    def sign(self, content: bytes, reason: str, at: datetime) -> Signed | None:
        """The signed file; None where nothing is signed. Raises CannotSign."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Signs as the settings say."""

    settings: Settings

    @property
    def test(self) -> bool:
        """Whether by the test authority."""
        return self.settings.signing is SigningKey.TEST

    def sign(self, content: bytes, reason: str, at: datetime) -> Signed | None:
        """Sign with the operator's key; nothing where the operator wants no signatures. Raises CannotSign."""
        if self.settings.signing is SigningKey.NONE:
            return None
        return signed(content, means(self.settings, at), reason, at)


@dataclass(frozen=True, slots=True)
class TestHand:
    """Signs with a test authority that is at hand."""

    __test__ = False

    authority: TestAuthority
    test: bool = True

    def sign(self, content: bytes, reason: str, at: datetime) -> Signed | None:
        """Sign with it."""
        return signed(content, means_of_test(self.authority, at), reason, at)


def signed(content: bytes, by: Means, reason: str, at: datetime, field: str = FIELD) -> Signed:
    """The PDF with one signature more. Raises CannotSign when a certificate, list or time stamp does not hold."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.timestamps import TimestampRequestError
    from pyhanko_certvalidator.errors import PathError, ValidationError

    try:
        with ThreadPoolExecutor(max_workers=1) as apart:  # pyHanko starts an event loop: the caller may be in one
            written = apart.submit(_written, content, by, reason, at, field).result()
    except (SigningError, PdfError, TimestampRequestError, PathError, ValidationError, OSError, ValueError) as failure:
        raise CannotSign(str(failure) or type(failure).__name__) from failure
    except token.errors() as failure:
        raise CannotSign(f"the token stopped: {token.told(failure)}") from failure
    finally:
        by.close()
    signer = by.signer.subject_name or ""
    return Signed(written, hashlib.sha256(content).digest(), len(content), signer, at, by.test)


def _written(content: bytes, by: Means, reason: str, at: datetime, field: str) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.signers.pdf_signer import (
        DSSContentSettings,
        PdfSignatureMetadata,
        PdfSigner,
        SigDSSPlacementPreference,
    )

    class Signer(PdfSigner):
        def init_signing_session(self, *given: Any, **named: Any) -> Any:
            session = super().init_signing_session(*given, **named)
            session.system_time = at
            return session

    logging.getLogger("pyhanko.sign").setLevel(logging.ERROR)  # it warns of lists that are given instead of fetched
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    first = not any(True for _field in writer.prev.embedded_signatures)
    about = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        certify=first,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        embed_validation_info=True,
        validation_context=by.proofs,
        dss_settings=DSSContentSettings(placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE, include_vri=False),
    )
    out = io.BytesIO()
    Signer(about, signer=by.signer, timestamper=by.stamper).sign_pdf(writer, output=out)
    return out.getvalue()
