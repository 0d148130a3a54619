"""The commands around sealing, on a real database and real files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.cli import hetao
from app.ledger.sealing import keys
from app.settings import settings
from tests.builders.books import Book, open_book, post
from tests.builders.sealing import settle

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `hetao ledger …` in a home of its own."""
    monkeypatch.setenv("HETAO_HOME", str(tmp_path))
    settings.cache_clear()
    return lambda *arguments: CliRunner().invoke(hetao, ["ledger", *map(str, arguments)])


@pytest.fixture
def book(session: Session, run: Run) -> Book:
    """A book with two entries in one block, sealed by command."""
    made = open_book(session)
    grow(session, made, run, 2)
    return made


def grow(session: Session, book: Book, run: Run, times: int = 1) -> None:
    for _ in range(times):
        post(session, book.contribution("3.00"))
    session.commit()
    settle(session)
    sealed = run("seal", "--json")
    assert sealed.exit_code == 0, sealed.output
    assert json.loads(sealed.stdout)[0]["entries"] == times


def test_the_first_sealing_makes_a_key_that_only_its_owner_reads(book: Book, tmp_path: Path) -> None:
    assert (tmp_path / "seal.key").stat().st_mode & 0o777 == 0o600


def test_a_sound_book_verifies_with_its_checkpoint(book: Book, run: Run, tmp_path: Path) -> None:
    kept = tmp_path / "kept.checkpoint"
    assert run("checkpoint", "--book", book.code, "--out", kept).exit_code == 0
    done = run("verify", "--book", book.code, "--checkpoint", kept)
    assert done.exit_code == 0, done.output
    assert "0 findings" in done.output


def test_a_checkpoint_of_another_book_is_said_to_be_one(session: Session, book: Book, run: Run, tmp_path: Path) -> None:
    other = open_book(session)
    grow(session, other, run)
    kept = tmp_path / "kept.checkpoint"
    run("checkpoint", "--book", other.code, "--out", kept)
    assert run("verify", "--book", book.code, "--checkpoint", kept).exit_code == 1


def test_verify_names_what_was_changed_and_fails(book: Book, run: Run, worker_database: object) -> None:
    superuser = worker_database.superuser  # type: ignore[attr-defined]
    with superuser.transaction():
        superuser.execute("set local session_replication_role = replica")
        superuser.execute("update ledger.entry set reason = 'Something else' where book_id = %s", [book.book_id])
    done = run("verify")
    assert done.exit_code == 1
    assert "it was changed" in done.output


def test_a_bundle_verifies_with_the_script_alone(book: Book, run: Run, tmp_path: Path) -> None:
    import subprocess
    import sys

    out = tmp_path / "book.bundle"
    assert run("bundle", "--book", book.code, "--out", out).exit_code == 0
    script = Path(__file__).resolve().parents[4] / "tools" / "verify_ledger.py"
    done = subprocess.run(
        [sys.executable, "-I", script, out], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout + done.stderr
    out.write_text(out.read_text(encoding="utf-8").replace('"amount":"300"', '"amount":"301"', 1), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", script, out], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 1
    assert "it was changed" in done.stdout


def test_a_rotated_key_seals_on(
    session: Session, book: Book, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("rotate-key", "--to", tmp_path / "second.key").exit_code == 0
    post(session, book.contribution("3.00"))
    session.commit()
    refused = run("seal")
    assert refused.exit_code == 1
    assert "HETAO_SEAL_KEY_FILE" in refused.output
    monkeypatch.setenv("HETAO_SEAL_KEY_FILE", str(tmp_path / "second.key"))
    settings.cache_clear()
    settle(session)
    assert run("seal").exit_code == 0
    assert run("verify").exit_code == 0


def test_a_witness_signs_what_grew_and_nothing_else(session: Session, book: Book, run: Run, tmp_path: Path) -> None:
    other = open_book(session)
    session.commit()
    public = keys.known(session)[0].public_key.hex()
    first, signed, second, proof = (tmp_path / name for name in ("first", "signed", "second", "proof"))
    run("checkpoint", "--book", book.code, "--out", first)
    as_witness = ("--origin-key", public, "--as-book", other.code)
    assert run("countersign", first, *as_witness, "--out", signed).exit_code == 0
    assert run("add-witness", signed, "--witness-key", public).exit_code == 0
    assert session.scalar(text("select witness from ledger.seal_witness")) == f"hetao-ledger/{other.code}"
    session.rollback()
    grow(session, book, run)
    run("checkpoint", "--book", book.code, "--out", second)
    asked = run("countersign", second, *as_witness)
    assert asked.exit_code == 1
    assert "proof of growth from block 1" in asked.output
    assert run("growth", "--book", book.code, "--from-block", 1, "--out", proof).exit_code == 0
    assert run("countersign", second, *as_witness, "--growth", proof).exit_code == 0
    assert run("countersign", first, *as_witness).exit_code == 1
    assert run("verify").exit_code == 0


def test_a_book_is_not_its_own_witness(session: Session, book: Book, run: Run, tmp_path: Path) -> None:
    first = tmp_path / "first"
    run("checkpoint", "--book", book.code, "--out", first)
    public = keys.known(session)[0].public_key.hex()
    assert run("countersign", first, "--origin-key", public, "--as-book", book.code).exit_code == 1


def test_an_unknown_book_is_named_with_the_books_there_are(book: Book, run: Run) -> None:
    asked = run("checkpoint", "--book", "NOWHERE")
    assert asked.exit_code == 1
    assert book.code in asked.output
