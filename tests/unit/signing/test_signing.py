"""A signature is appended to the file, says who and when, and breaks when a byte is changed."""

from __future__ import annotations

import asyncio
import hashlib
import stat
from pathlib import Path

import pytest

from app.settings import Settings, SigningKey
from app.signing import process, verifying
from app.signing.authority import ORGANISATION, TestAuthority
from app.signing.keys import means_of_test
from app.signing.signing import Hand, signed as sign_with
from app.signing.states import Signature, SignatureState
from reports.model import Language
from reports.output import Format, write
from tests.builders import signing
from tests.reports.output import samples


@pytest.fixture(scope="module")
def plain() -> bytes:
    """A statement as it is written, before it is signed."""
    return write(samples.statement(), Format.PDF, Language.EN, wording=samples.wording)


@pytest.fixture(scope="module")
def signed(plain: bytes) -> bytes:
    """The same, signed."""
    return signing.signed(plain)


def look(content: bytes, *, known: bool = True) -> list[Signature]:
    return process.signatures(content, [], [signing.authority().root.certificate_der] if known else [])


def flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def test_the_unsigned_file_is_the_beginning_of_the_signed_one(plain: bytes) -> None:
    made = signing.hand().sign(plain, "Issued", signing.AT)
    assert made is not None
    assert made.content[: made.unsigned_size] == plain
    assert made.unsigned_sha256 == hashlib.sha256(plain).digest()


def test_a_good_signature_says_who_when_and_that_it_is_a_test(signed: bytes) -> None:
    (found,) = look(signed)
    assert found.state is SignatureState.GOOD
    assert (found.at, found.stamped, found.test) == (signing.AT, True, True)
    assert ORGANISATION in found.signer
    assert ORGANISATION in found.issuer


def test_a_signature_of_another_installation_is_whole_but_not_trusted(signed: bytes) -> None:
    (found,) = look(signed, known=False)
    assert (found.state, found.test) == (SignatureState.UNTRUSTED, False)


def test_a_flipped_byte_of_the_document_breaks_the_signature(plain: bytes, signed: bytes) -> None:
    for place in range(1000, len(plain), len(plain) // 12):
        (found,) = look(flipped(signed, place))
        assert found.state in (SignatureState.BROKEN, SignatureState.UNREADABLE), place


def test_bytes_added_after_signing_are_told(signed: bytes) -> None:
    (found,) = look(signed + b"\n% something more\n")
    assert found.state is SignatureState.GROWN


def test_a_second_signature_leaves_the_first_whole(signed: bytes) -> None:
    twice = sign_with(signed, means_of_test(signing.authority(), signing.AT), "Approved", signing.AT, "Second").content
    assert [each.state for each in look(twice)] == [SignatureState.GROWN, SignatureState.GOOD]


def test_a_file_without_signature_says_so(plain: bytes) -> None:
    assert look(plain) == [Signature(SignatureState.NONE)]


def test_the_process_looks_at_the_file_and_at_nothing_else(signed: bytes, tmp_path: Path) -> None:
    settings = signing.known_at(tmp_path)
    (found,) = verifying.signatures_of(signed, settings)
    assert found.state is SignatureState.GOOD
    assert verifying.signatures_of(b"a,b,c\n", settings) == []


HOSTILE = {
    "nonsense": b"%PDF-1.7 /ByteRange " + bytes(range(256)) * 40,
    "a tower of arrays": b"%PDF-1.7\n1 0 obj\n" + b"[" * 60_000 + b"\nendobj /ByteRange\n%%EOF",
    "a reader going round": (
        b"%PDF-1.7\n1 0 obj\n<< /Length 1 0 R >>\nstream\nx\nendstream\nendobj\n"
        b"xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<< /Size 2 /Root 1 0 R /Prev 90 >>\n"
        b"startxref\n90\n%%EOF /ByteRange"
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_unreadable_and_hurts_nobody(name: str, tmp_path: Path) -> None:
    assert verifying.signatures_of(HOSTILE[name], signing.known_at(tmp_path)) == [Signature(SignatureState.UNREADABLE)]


def test_a_process_out_of_bounds_is_given_up(signed: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "LONGEST_SECONDS", 0.01)
    (found,) = verifying.signatures_of(signed, signing.known_at(tmp_path))
    assert found.state is SignatureState.UNREADABLE


def test_the_test_authority_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    first = TestAuthority.kept(tmp_path / "signing")
    assert TestAuthority.kept(tmp_path / "signing").root.certificate == first.root.certificate
    assert stat.S_IMODE((tmp_path / "signing" / "test-authority.pem").stat().st_mode) == 0o600


def test_files_are_signed_inside_a_running_event_loop_too(plain: bytes) -> None:
    async def sign() -> bytes:
        return signing.signed(plain)

    assert look(asyncio.run(sign()))[0].state is SignatureState.GOOD


def test_nobody_signs_where_the_operator_wants_none(plain: bytes, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, secret_key="x" * 32, signing=SigningKey.NONE)
    assert Hand(settings).sign(plain, "Issued", signing.AT) is None
    assert list(tmp_path.iterdir()) == []
