"""The process that looks at the signatures of one file: bounded in memory and time, without settings or a database.

Started by `app.signing.verifying`, never by the server itself. Standard input: one line of JSON with the certificates
trusted, then the file. Standard output: one line of JSON. Only bytes, digests and certificates are looked at: what
stands in pages and attachments is never opened, and later revisions are not compared (that takes minutes for long
tagged files); it is only said that there are some.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from app.kernel.confinement import confine
from app.signing.states import Signature, SignatureState

SECONDS = 8
DATA_BYTES = 400 * 1024 * 1024
MOST_SIGNATURES = 5
MOST_PROOFS = 60


def signatures(content: bytes, roots: list[bytes], test_roots: list[bytes]) -> list[Signature]:
    """What stands of each signature; one that says so where there is none or none can be read."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        reader = PdfFileReader(BytesIO(content))
        if reader.encrypted:
            return [Signature(SignatureState.UNREADABLE)]
        found = reader.embedded_regular_signatures[:MOST_SIGNATURES]
        if not found:
            return [Signature(_absent(content))]
        proofs = _proofs(reader)
        return [_looked_at(each, roots, test_roots, proofs) for each in found]
    except MemoryError:
        raise
    except Exception:  # whatever a hostile file brings about in the reader
        return [Signature(_absent(content))]


def _absent(content: bytes) -> SignatureState:
    """A file that bears signature bytes in which no signature is found was damaged."""
    return SignatureState.UNREADABLE if b"/ByteRange" in content else SignatureState.NONE


def _proofs(reader: Any) -> dict[str, Any]:
    """The certificates and revocation answers that the file brings along, as many as a file needs."""
    from pyhanko.sign.validation.dss import DocumentSecurityStore
    from pyhanko.sign.validation.errors import NoDSSFoundError

    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return {"other_certs": [], "crls": [], "ocsps": []}
    streams = {"crls": store.crls, "ocsps": store.ocsps}
    found = {name: [each.get_object().data for each in kept[:MOST_PROOFS]] for name, kept in streams.items()}
    return found | {"other_certs": list(store.load_certs())[:MOST_PROOFS]}


def _looked_at(embedded: Any, roots: list[bytes], test_roots: list[bytes], proofs: dict[str, Any]) -> Signature:
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    at, stamped, names = None, False, ("", "")
    try:
        at, stamped = _time(embedded)
        names = _names(embedded)
        context = _context([*roots, *test_roots], proofs, at)
        status = validate_pdf_signature(embedded, context, context, skip_diff=True)
    except MemoryError:
        raise
    except Exception:  # whatever a hostile signature brings about
        return Signature(SignatureState.BROKEN, *names, at=at, stamped=stamped)
    if not (status.intact and status.valid):
        state = SignatureState.BROKEN
    elif status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        state = SignatureState.GROWN
    elif status.trusted and stamped and status.timestamp_validity is not None and status.timestamp_validity.trusted:
        state = SignatureState.GOOD
    else:
        state = SignatureState.UNTRUSTED
    path = status.validation_path
    test = path is not None and status.trusted and path.first.dump() in test_roots
    return Signature(state, *names, at=at, stamped=stamped, test=test)


def _context(roots: list[bytes], proofs: dict[str, Any], at: datetime | None) -> Any:
    """Trust as it was when the signature was stamped, by what the file brings along: no network."""
    from asn1crypto import x509
    from pyhanko_certvalidator import ValidationContext

    return ValidationContext(
        trust_roots=[x509.Certificate.load(each) for each in roots],
        moment=at or datetime.now(UTC),
        allow_fetching=False,
        revocation_mode="require",
        retroactive_revinfo=True,
        **proofs,
    )


def _time(embedded: Any) -> tuple[datetime | None, bool]:
    """The stamped time and True; else the time that the signer wrote and False."""
    from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

    for token in extract_tst_data_iter(embedded.signer_info, signed=False):
        return token["encap_content_info"]["content"].parsed["gen_time"].native, True
    return embedded.self_reported_timestamp, False


def _names(embedded: Any) -> tuple[str, str]:
    """Who signed, and who vouches for them."""
    certificate = embedded.signer_cert
    return _plain(certificate.subject), _plain(certificate.issuer)


def _plain(name: Any) -> str:
    """A name of a certificate in one line, its most telling part first."""
    told = name.native
    parts = [
        told.get(kind) for kind in ("common_name", "organizational_unit_name", "organization_name", "country_name")
    ]
    spelt = [", ".join(each) if isinstance(each, list) else str(each) for each in parts if each]
    return "".join(mark for mark in ", ".join(spelt) if mark.isprintable())[:200]


def main() -> None:
    """Look at standard input."""
    confine(DATA_BYTES, SECONDS, SECONDS)
    head = json.loads(sys.stdin.buffer.readline())
    try:
        roots, test_roots = ([bytes.fromhex(each) for each in head[name]] for name in ("roots", "test_roots"))
        found = signatures(sys.stdin.buffer.read(), roots, test_roots)
    except (MemoryError, RecursionError):
        found = [Signature(SignatureState.UNREADABLE)]
    sys.stdout.write(json.dumps([each.as_json() for each in found]) + "\n")


if __name__ == "__main__":
    main()
