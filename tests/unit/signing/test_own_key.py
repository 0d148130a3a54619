"""The operator's own key: a PKCS#12 file, a time-stamp authority that is asked, and revocation lists kept at hand."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from app.settings import Settings, SettingsRefused, SigningKey, from_environment
from app.signing import verifying
from app.signing.keys import CannotSign, means_of_test
from app.signing.signing import Hand
from app.signing.states import SignatureState
from reports.model import Language
from reports.output import Format, write
from tests.builders import signing
from tests.reports.output import samples


class _Stamps(BaseHTTPRequestHandler):
    """A time-stamp authority of RFC 3161 over HTTP."""

    def do_POST(self) -> None:
        query = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        stamper = means_of_test(signing.authority(), datetime.now(UTC)).stamper
        answer = stamper.request_tsa_response(query).dump()  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_given: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def stamps() -> Iterator[str]:
    """The address of a time-stamp authority on this machine."""
    server = HTTPServer(("127.0.0.1", 0), _Stamps)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def own(tmp_path: Path, stamps: str) -> Settings:
    """An installation with its own key, as an operator sets it up."""
    authority = signing.authority()
    holder = authority.signer
    sealed = serialize_key_and_certificates(
        b"signer", holder.key, holder.certificate, [authority.root.certificate], BestAvailableEncryption(b"river")
    )
    (tmp_path / "key.p12").write_bytes(sealed)
    (tmp_path / "pass").write_bytes(b"river\n")
    (tmp_path / "roots.pem").write_bytes(authority.root.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "lists").mkdir()
    listed = authority.revocations(datetime.now(UTC) - timedelta(hours=1))
    (tmp_path / "lists" / "root.crl").write_bytes(listed)
    return Settings(
        home=tmp_path / "home",
        secret_key="x" * 32,
        signing=SigningKey.PKCS12,
        signing_key_file=tmp_path / "key.p12",
        signing_passphrase_file=tmp_path / "pass",
        signing_roots_file=tmp_path / "roots.pem",
        signing_tsa_url=stamps,
        signing_crl_folder=tmp_path / "lists",
    )


@pytest.fixture(scope="module")
def plain() -> bytes:
    """A statement before it is signed."""
    return write(samples.statement(), Format.PDF, Language.EN, wording=samples.wording)


def test_a_key_file_signs_with_the_stamp_of_the_authority_that_was_named(own: Settings, plain: bytes) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    made = Hand(own).sign(plain, "Issued", datetime.now(UTC))
    assert made is not None
    assert not made.test
    (found,) = verifying.signatures_of(made.content, own)
    assert (found.state, found.stamped, found.test) == (SignatureState.GOOD, True, False)
    assert found.at is not None
    assert before <= found.at <= datetime.now(UTC)
    assert not (own.home / "signing").exists()


def refused(settings: Settings, plain: bytes) -> str:
    with pytest.raises(CannotSign) as caught:
        Hand(settings).sign(plain, "Issued", datetime.now(UTC))
    return str(caught.value.breaches[0].params["why"])


def test_a_wrong_passphrase_signs_nothing(own: Settings, plain: bytes) -> None:
    assert own.signing_passphrase_file is not None
    own.signing_passphrase_file.write_bytes(b"harbour")
    assert "PKCS#12" in refused(own, plain)


def test_without_the_time_stamp_nothing_is_signed(own: Settings, plain: bytes) -> None:
    nowhere = replace(own, signing_tsa_url="http://127.0.0.1:9")
    assert "does not answer" in refused(nowhere, plain)


def test_without_a_revocation_list_nothing_is_signed_and_nobody_is_asked(own: Settings, plain: bytes) -> None:
    assert refused(replace(own, signing_crl_folder=None), plain)


def test_a_token_that_is_not_there_is_said(own: Settings, plain: bytes) -> None:
    token = replace(own, signing=SigningKey.PKCS11, signing_pkcs11_module=own.home / "absent.so")
    assert refused(token, plain)


def test_a_key_of_ones_own_needs_roots_and_a_time_stamp(tmp_path: Path) -> None:
    environment = {"HETAO_HOME": str(tmp_path), "HETAO_SIGNING": "pkcs12"}
    with pytest.raises(SettingsRefused) as caught:
        from_environment(environment)
    for name in ("HETAO_SIGNING_KEY_FILE", "HETAO_SIGNING_ROOTS_FILE", "HETAO_SIGNING_TSA"):
        assert f"{name} is needed" in str(caught.value)
