"""A key on a PKCS#11 token (SoftHSM): it signs, and whatever is wrong with it is said and signs nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from asn1crypto.keys import PrivateKeyInfo

from app.settings import Settings, SigningKey
from app.signing import verifying
from app.signing.authority import Holder
from app.signing.keys import CannotSign
from app.signing.signing import Hand
from app.signing.states import SignatureState
from tests.builders import signing

pkcs11 = pytest.importorskip("pkcs11")
MODULES = [Path("/usr/lib/softhsm/libsofthsm2.so"), *Path("/usr/lib").glob("*/softhsm/libsofthsm2.so")]
MODULE = next((each for each in MODULES if each.exists()), None)
PIN, TOKEN = "29187465", "hetao"

pytestmark = pytest.mark.skipif(
    MODULE is None or not shutil.which("softhsm2-util"), reason="SoftHSM is not installed (Debian: softhsm2)"
)


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A token with the test authority's signer under the label `signer`, and a certificate of another key."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n", encoding="ascii")
    assert MODULE is not None
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    command = ["softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", "77665544"]
    subprocess.run(command, check=True, capture_output=True)
    authority = signing.authority()
    with pkcs11.lib(str(MODULE)).get_token(token_label=TOKEN).open(rw=True, user_pin=PIN) as session:
        _put(session, authority.signer, "signer", authority.signer)
        _put(session, authority.signer, "mixed", authority.stamper)
    yield MODULE
    pkcs11.unload(str(MODULE))
    os.environ.pop("SOFTHSM2_CONF")
    if before is not None:
        os.environ["SOFTHSM2_CONF"] = before


def _put(session: Any, key: Holder, label: str, certificate: Holder) -> None:
    """A private key and a certificate under one label."""
    named = {pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: label, pkcs11.Attribute.ID: label.encode()}
    plain = PrivateKeyInfo.load(key.key_der)["private_key"].parsed.dump()
    session.create_object(pkcs11.util.rsa.decode_rsa_private_key(plain) | named)
    session.create_object(pkcs11.util.x509.decode_x509_certificate(certificate.certificate_der) | named)


@pytest.fixture
def on_token(own: Settings, module: Path, tmp_path: Path) -> Settings:
    """The same installation with its key on the token."""
    (tmp_path / "pin").write_text(f"{PIN}\n", encoding="ascii")
    return replace(
        own,
        signing=SigningKey.PKCS11,
        signing_key_file=None,
        signing_passphrase_file=tmp_path / "pin",
        signing_pkcs11_module=module,
        signing_pkcs11_token=TOKEN,
        signing_pkcs11_label="signer",
    )


def _refused(settings: Settings, plain: bytes) -> str:
    with pytest.raises(CannotSign) as caught:
        Hand(settings).sign(plain, "Issued", datetime.now(UTC))
    return str(caught.value.breaches[0].params["why"])


def test_a_key_on_a_token_signs_and_the_signature_verifies(on_token: Settings, plain: bytes) -> None:
    made = Hand(on_token).sign(plain, "Issued", datetime.now(UTC))
    assert made is not None
    assert made.content.startswith(plain)
    (found,) = verifying.signatures_of(made.content, on_token)
    assert (found.state, found.stamped, found.test) == (SignatureState.GOOD, True, False)
    changed = bytearray(made.content)
    changed[len(plain) // 2] ^= 1
    (broken,) = verifying.signatures_of(bytes(changed), on_token)
    assert broken.state is not SignatureState.GOOD


def test_four_at_once_sign_one_after_the_other(on_token: Settings, plain: bytes) -> None:
    made: list[bytes] = []

    def sign() -> None:
        done = Hand(on_token).sign(plain, "Issued", datetime.now(UTC))
        made.append(done.content if done else b"")

    at_once = [threading.Thread(target=sign) for _ in range(4)]
    for each in at_once:
        each.start()
    for each in at_once:
        each.join()
    assert len(made) == 4
    assert all(len(each) > len(plain) for each in made)


def test_a_wrong_pin_signs_nothing_and_the_next_may_try(on_token: Settings, plain: bytes) -> None:
    assert on_token.signing_passphrase_file is not None
    on_token.signing_passphrase_file.write_bytes(b"00000000")
    assert "PinIncorrect" in _refused(on_token, plain)
    on_token.signing_passphrase_file.write_text(PIN, encoding="ascii")
    assert Hand(on_token).sign(plain, "Issued", datetime.now(UTC)) is not None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"signing_pkcs11_token": "another"}, "No token matching", id="no-token"),
        pytest.param({"signing_pkcs11_label": "another"}, "Could not find certificate", id="no-certificate"),
        pytest.param({"signing_pkcs11_label": "mixed"}, "not of the key", id="another-key"),
        pytest.param({"signing_crl_folder": None}, "", id="no-list"),
    ],
)
def test_what_is_wrong_with_a_token_is_said(
    on_token: Settings, plain: bytes, changes: dict[str, Any], why: str
) -> None:
    assert why in _refused(replace(on_token, **changes), plain)
    assert Hand(on_token).sign(plain, "Issued", datetime.now(UTC)) is not None
