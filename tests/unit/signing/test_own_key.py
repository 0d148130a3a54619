"""The operator's own key: a PKCS#12 file, a time-stamp authority that is asked, and revocation lists kept at hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.settings import Settings, SettingsRefused, SigningKey, from_environment
from app.signing import verifying
from app.signing.keys import CannotSign
from app.signing.signing import Hand
from app.signing.states import SignatureState


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
