"""Signed statements keep PDF/A-3a and PDF/UA-1, and other people's tools accept them and refuse a changed byte."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from app.signing.keys import means_of_test
from app.signing.signing import signed as sign_with
from reports.model import Language
from reports.output import Format, write
from tests.builders import signing
from tests.reports.conftest import FLAVOURS, Validate
from tests.reports.output import samples


def statement(language: Language = Language.EN) -> bytes:
    return signing.signed(write(samples.statement(), Format.PDF, language, wording=samples.wording))


@pytest.mark.verapdf
def test_a_signed_statement_passes_pdf_a_3a_and_pdf_ua_1(validate: Validate) -> None:
    once = statement()
    twice = sign_with(once, means_of_test(signing.authority(), signing.AT), "Approved", signing.AT, "Second").content
    verdicts = validate(
        {
            "signed_english": once,
            "signed_traditional": statement(Language.ZH_HANT),
            "signed_simplified": statement(Language.ZH_HANS),
            "signed_twice": twice,
            "signed_ledger": signing.signed(
                write(samples.ledger(150), Format.PDF, Language.EN, wording=samples.wording)
            ),
        }
    )
    assert len(verdicts) == 5 * len(FLAVOURS)
    assert {key: clauses for key, (passed, clauses) in verdicts.items() if not passed} == {}


def pdfsig(content: bytes, folder: Path) -> str:
    """What Poppler says of the signatures; the certificates are not its business here."""
    if not shutil.which("pdfsig"):
        message = "pdfsig is not installed (Debian: poppler-utils)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    file = folder / "statement.pdf"
    file.write_bytes(content)
    done = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize("language", Language)
def test_pdfsig_accepts_a_signed_statement(language: Language, tmp_path: Path) -> None:
    told = pdfsig(statement(language), tmp_path)
    assert "Signature is Valid." in told
    assert "Total document signed" in told
    assert "ETSI.CAdES.detached" in told


def test_pdfsig_refuses_one_flipped_byte(tmp_path: Path) -> None:
    content = statement()
    _start, covered, going_on, _rest = map(int, re.findall(rb"/ByteRange \[([0-9 ]+)", content)[0].split())
    for place in (*range(12, covered, covered // 15), going_on + 40, len(content) - 30):
        changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        assert "Signature is Valid." not in pdfsig(changed, tmp_path), place
