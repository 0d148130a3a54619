"""A key on a PKCS#11 token: the token is opened for one signing and left again, by one at a time in this process.

Needs the package python-pkcs11, which an installation that signs with a token adds (`requirements-token.lock`).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.settings import Settings

if TYPE_CHECKING:
    from pyhanko.sign.signers.pdf_cms import Signer

WAIT_SECONDS = 30
_AT_WORK = threading.Lock()
"""Leaving a token signs out every session that this process has with it, so that there is one at a time."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token that is signed in to, and who signs with it."""

    signer: Signer
    session: Any

    def close(self) -> None:
        """Leave it to the next one."""
        _leave(self.session)


def errors() -> tuple[type[Exception], ...]:
    """What a token may raise in the middle of signing; nothing where its package is not installed."""
    try:
        from pkcs11.exceptions import PKCS11Error
    except ImportError:
        return ()
    return (PKCS11Error,)


def opened(settings: Settings, pin: bytes | None, roots: Sequence[Any]) -> Token:
    """Sign in to the token and find key and certificate. Raises ValueError saying why not, OSError, ImportError."""
    try:
        from pyhanko.sign.pkcs11 import PKCS11Signer
    except ImportError:
        raise ImportError("a token needs the package python-pkcs11 (requirements-token.lock)") from None
    if not _AT_WORK.acquire(timeout=WAIT_SECONDS):
        raise OSError(f"the token has been at work for {WAIT_SECONDS} seconds; try again")
    session = None
    try:
        session = _session(settings, pin)
        signer = PKCS11Signer(session, cert_label=settings.signing_pkcs11_label, ca_chain=roots)
        _require_pair(session, signer)
    except BaseException as failure:
        _leave(session)
        if isinstance(failure, errors()):
            raise ValueError(f"the token does not open: {told(failure)}") from None
        raise
    return Token(signer, session)


def told(failure: BaseException) -> str:
    """An error of the token by its name, which is often all it says."""
    return f"{type(failure).__name__} {failure}".strip()


def _session(settings: Settings, pin: bytes | None) -> Any:
    from pyhanko.config.pkcs11 import TokenCriteria
    from pyhanko.sign.pkcs11 import open_pkcs11_session

    return open_pkcs11_session(
        str(settings.signing_pkcs11_module),
        token_criteria=TokenCriteria(label=settings.signing_pkcs11_token),
        user_pin=pin.decode() if pin else None,
    )


def _require_pair(session: Any, signer: Any) -> None:
    """Refuse a certificate that is not of the key (RSA): what it signed would be broken. Raises ValueError."""
    from pkcs11 import Attribute, KeyType

    certificate = signer.signing_cert
    (key,) = list(session.get_objects(signer.signing_key_fetch_params()))
    if key.key_type is KeyType.RSA:
        public = certificate.public_key["public_key"].parsed
        if int.from_bytes(key[Attribute.MODULUS], "big") != public["modulus"].native:
            raise ValueError("the certificate on the token is not of the key with the same label")


def _leave(session: Any) -> None:
    try:
        if session is not None:
            session.close()
    except errors():
        return  # the token was taken out
    finally:
        _AT_WORK.release()
