"""An installation that signs with a key of its own: key file, time-stamp authority, revocation lists at hand."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from app.settings import Settings, SigningKey
from app.signing.keys import means_of_test
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
