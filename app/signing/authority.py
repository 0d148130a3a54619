"""The built-in test authority: a root, a signer and a time-stamp authority of its own, for demonstrations and tests.

Everything it makes says so in the certificate. Nobody outside trusts it, and nobody should.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

FIRST_DAY, LAST_DAY = datetime(2020, 1, 1, tzinfo=UTC), datetime(2056, 1, 1, tzinfo=UTC)
"""How long its certificates last: the demonstration's story lies in the past."""

ORGANISATION = "Test certificate, not for filing"
SIGNER = "Hetao Ledger test signer"
_KEY_BITS = 2048
_PARTS = ("root", "signer", "stamper")


@dataclass(frozen=True, slots=True)
class Holder:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: RSAPrivateKey = field(repr=False)

    @property
    def certificate_der(self) -> bytes:
        """The certificate's bytes."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def key_der(self) -> bytes:
        """The private key as PKCS#8, in clear."""
        return self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


@dataclass(frozen=True, slots=True)
class TestAuthority:
    """Who signs for whom in tests and demonstrations."""

    __test__ = False  # pytest takes classes named Test… for its own

    root: Holder
    signer: Holder
    stamper: Holder

    @classmethod
    def made(cls) -> TestAuthority:
        """A fresh one, kept nowhere."""
        root = _root()
        signer = _under(root, SIGNER, stamps=False)
        return cls(root, signer, _under(root, "Hetao Ledger test time-stamp authority", stamps=True))

    @classmethod
    def kept(cls, folder: Path) -> TestAuthority:
        """The one of this folder, made on first use; whoever comes first makes it. Raises OSError, ValueError."""
        if not (folder / "test-authority.pem").exists():
            cls.made().keep(folder)
        return _read((folder / "test-authority.pem").read_bytes())

    def keep(self, folder: Path) -> None:
        """Write it into the folder, unless there is one already. Raises OSError."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(folder / "test-authority.pem", self)

    def revocations(self, at: datetime) -> bytes:
        """The list of revoked certificates as of a time: none, good until the certificates end."""
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.root.certificate.subject)
        builder = builder.last_update(at - timedelta(minutes=1)).next_update(LAST_DAY)
        builder = builder.add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
        builder = builder.add_extension(_authority_key(self.root), critical=False)
        return builder.sign(self.root.key, SHA256()).public_bytes(Encoding.DER)


def _name(common_name: str) -> x509.Name:
    pairs = ((NameOID.ORGANIZATION_NAME, ORGANISATION), (NameOID.COMMON_NAME, common_name))
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in pairs])


def _new_key() -> RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)


def _usage(**wanted: bool) -> x509.KeyUsage:
    kinds = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{kind: wanted.get(kind, False) for kind in kinds})


def _builder(subject: x509.Name, issuer: x509.Name, key: RSAPrivateKey) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(FIRST_DAY).not_valid_after(LAST_DAY)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _root() -> Holder:
    key = _new_key()
    name = _name(f"Hetao Ledger test authority {secrets.token_hex(4)}")
    builder = _builder(name, name, key).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    return Holder(builder.sign(key, SHA256()), key)


def _authority_key(root: Holder) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())


def _under(root: Holder, common_name: str, *, stamps: bool) -> Holder:
    key = _new_key()
    builder = _builder(_name(common_name), root.certificate.subject, key)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_authority_key(root), critical=False)
    builder = builder.add_extension(_usage(digital_signature=True, content_commitment=not stamps), critical=True)
    if stamps:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return Holder(builder.sign(root.key, SHA256()), key)


def _write(file: Path, made: TestAuthority) -> None:
    holders = (made.root, made.signer, made.stamper)
    parts = []
    for holder in holders:
        parts.append(holder.certificate.public_bytes(Encoding.PEM))
        parts.append(holder.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        handle.write(b"".join(parts))
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _read(written: bytes) -> TestAuthority:
    end = b"-----END PRIVATE KEY-----\n"
    pems = [part[part.index(b"-----BEGIN PRIVATE") :] + end for part in written.split(end)[:-1]]
    keys = [load_pem_private_key(pem, None) for pem in pems]
    certificates = x509.load_pem_x509_certificates(written)
    if len(certificates) != len(_PARTS) or not all(isinstance(key, RSAPrivateKey) for key in keys):
        raise ValueError("The file of the test authority is damaged.")
    root, signer, stamper = (Holder(*each) for each in zip(certificates, keys, strict=True))  # type: ignore[arg-type]
    return TestAuthority(root, signer, stamper)
