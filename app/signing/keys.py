"""Whose key signs: a PKCS#12 file, a PKCS#11 token, the built-in test authority, or nobody, as the operator set it.

pyHanko is imported where a key is opened and not before: it takes a second, which no start and no first page waits for.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.kernel.breaches import Breach
from app.kernel.errors import Conflict
from app.kernel.messages import _
from app.settings import Settings, SigningKey
from app.signing import token
from app.signing.token import Token

if TYPE_CHECKING:
    from pyhanko.sign.signers.pdf_cms import Signer
    from pyhanko.sign.timestamps import TimeStamper
    from pyhanko_certvalidator import ValidationContext

    from app.signing.authority import TestAuthority

TEST_AUTHORITY = "signing"
"""The folder under the home where the test authority is kept."""

STAMPER_SECONDS = 15
_MOST_ANSWER = 200_000


class CannotSign(Conflict):
    """The key, the time-stamp authority or the revocation lists are not there; the message says which."""

    def __init__(self, why: str) -> None:
        """Keep why, for the operator: in English, as the libraries say it."""
        super().__init__(
            Breach(
                "signing.impossible",
                _("The statement cannot be signed now: %(why)s"),
                _("Nothing was issued. Ask the operator of this installation, and try again."),
                params={"why": why},
            )
        )


@dataclass(frozen=True, slots=True)
class Means:
    """What one signing needs: the signer, who stamps the time, and what proves their certificates."""

    signer: Signer
    stamper: TimeStamper
    proofs: ValidationContext
    test: bool
    on_token: Token | None = None
    """The token that the key is on, to be left afterwards."""

    def close(self) -> None:
        """Leave the token."""
        if self.on_token is not None:
            self.on_token.close()


def test_authority(settings: Settings) -> TestAuthority:
    """The test authority of this installation, made on first use. Raises CannotSign."""
    from app.signing.authority import TestAuthority

    try:
        return TestAuthority.kept(settings.home / TEST_AUTHORITY)
    except (OSError, ValueError) as failure:
        raise CannotSign(f"the test authority cannot be kept or read: {failure}") from None


def trusted(settings: Settings) -> tuple[list[bytes], list[bytes]]:
    """The certificates trusted here, in DER: the operator's, then the test authority's if it was ever used."""
    from app.signing.authority import TestAuthority

    own = settings.signing_roots_file.read_bytes() if settings.signing_roots_file else b""
    kept = settings.home / TEST_AUTHORITY / "test-authority.pem"
    test = [TestAuthority.kept(kept.parent).root.certificate_der] if kept.exists() else []
    return _certificates(own), test


def means(settings: Settings, at: datetime) -> Means:
    """What is needed to sign now. Raises CannotSign."""
    if settings.signing is SigningKey.TEST:
        return means_of_test(test_authority(settings), at)
    try:
        return _own_means(settings)
    except (OSError, ValueError, ImportError) as failure:
        raise CannotSign(str(failure)) from failure


def means_of_test(authority: TestAuthority, at: datetime) -> Means:
    """The test authority signs, at whatever time the story has."""
    from asn1crypto import keys, x509
    from pyhanko.sign.signers.pdf_cms import SimpleSigner
    from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    root = x509.Certificate.load(authority.root.certificate_der)
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register(root)
    signer = SimpleSigner(
        signing_cert=x509.Certificate.load(authority.signer.certificate_der),
        signing_key=keys.PrivateKeyInfo.load(authority.signer.key_der),
        cert_registry=store,
    )
    stamper = DummyTimeStamper(
        x509.Certificate.load(authority.stamper.certificate_der),
        keys.PrivateKeyInfo.load(authority.stamper.key_der),
        certs_to_embed=store,
        fixed_dt=at,
    )
    proofs = ValidationContext(
        trust_roots=[root], crls=[authority.revocations(at)], moment=at, revocation_mode="require"
    )
    return Means(signer, stamper, proofs, test=True)


def _own_means(settings: Settings) -> Means:
    roots = [_read_certificate(each) for each in trusted(settings)[0]]
    stamper = _stamper(settings.signing_tsa_url)
    signer = _file_signer(settings)
    if signer is not None:
        return Means(signer, stamper, _proofs(settings, roots, signer), test=False)
    on_token = token.opened(settings, _secret(settings), roots)
    try:
        proofs = _proofs(settings, roots, on_token.signer)
    except BaseException:
        on_token.close()
        raise
    return Means(on_token.signer, stamper, proofs, test=False, on_token=on_token)


def _proofs(settings: Settings, roots: list[Any], signer: Signer) -> ValidationContext:
    from pyhanko_certvalidator import ValidationContext

    return ValidationContext(
        trust_roots=roots,
        other_certs=list(signer.cert_registry),
        crls=[each.read_bytes() for each in _lists(settings.signing_crl_folder)],
        allow_fetching=settings.signing_fetch,
        revocation_mode="require",
    )


def _file_signer(settings: Settings) -> Signer | None:
    """The key of a PKCS#12 file; None where the key is on a token. Raises ValueError, OSError."""
    from pyhanko.sign.signers.pdf_cms import SimpleSigner

    if settings.signing is not SigningKey.PKCS12 or settings.signing_key_file is None:
        return None
    content = settings.signing_key_file.read_bytes()
    roots = [_read_certificate(each) for each in trusted(settings)[0]]
    found: Signer = SimpleSigner.load_pkcs12_data(content, roots, _secret(settings))
    return found


def _secret(settings: Settings) -> bytes | None:
    """The passphrase or PIN, without the line's end."""
    file = settings.signing_passphrase_file
    return file.read_bytes().rstrip(b"\r\n") if file else None


def _lists(folder: Path | None) -> Sequence[Path]:
    """The revocation lists that the operator keeps fresh."""
    return sorted(folder.glob("*.crl")) if folder else ()


def _certificates(pem: bytes) -> list[bytes]:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    return [each.public_bytes(Encoding.DER) for each in x509.load_pem_x509_certificates(pem)] if pem else []


def _read_certificate(der: bytes) -> Any:
    from asn1crypto import x509

    return x509.Certificate.load(der)


def _stamper(address: str) -> TimeStamper:
    """Asks the time-stamp authority of RFC 3161 that the operator named, and nobody else."""
    from asn1crypto import tsp
    from pyhanko.sign.timestamps import TimeStamper

    class Stamper(TimeStamper):
        async def async_request_tsa_response(self, req: Any) -> Any:
            return tsp.TimeStampResp.load(_posted(address, req.dump()))

    return Stamper()  # type: ignore[no-untyped-call]


def _posted(address: str, query: bytes) -> bytes:
    head = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    request = urllib.request.Request(address, data=query, headers=head, method="POST")  # noqa: S310 (the operator's)
    try:
        with urllib.request.urlopen(request, timeout=STAMPER_SECONDS) as answer:  # noqa: S310
            return bytes(answer.read(_MOST_ANSWER))
    except urllib.error.URLError as failure:
        raise OSError(f"the time-stamp authority {address} does not answer: {failure.reason}") from None
