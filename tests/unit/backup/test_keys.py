"""The keys of a backup: which there are, what goes in, what comes back and with which modes, what is missed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from stat import S_IMODE

import pytest

from app.backup import keys, proving
from app.backup.folder import Facts
from app.settings import Settings, SigningKey


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with all three keys, readable by anybody: a copy must not inherit that."""
    folder = tmp_path / "home"
    (folder / "signing").mkdir(parents=True)
    for name in keys.NAMES:
        (folder / name).write_text(f"secret of {name}", encoding="ascii")
        (folder / name).chmod(0o644)
    return folder


def _settings(home: Path, **changes: object) -> Settings:
    return Settings(home=home, secret_key="only for tests", **changes)  # type: ignore[arg-type]


def _backed_up(home: Path, folder: Path) -> dict[str, str]:
    held = keys.keys_of(_settings(home))
    return {name: keys.copy(file, folder / name) for name, file in held.files.items()}


def test_every_key_in_a_file_is_known_by_its_path_in_a_home(home: Path) -> None:
    held = keys.keys_of(_settings(home))
    assert dict(held.files) == {name: home / name for name in ("seal.key", "papers.key", "signing/test-authority.pem")}
    assert held.elsewhere == ()


def test_a_key_that_was_never_made_is_not_missed(home: Path) -> None:
    (home / "papers.key").unlink()
    assert "papers.key" not in keys.keys_of(_settings(home)).files


def test_keys_that_no_backup_can_hold_are_named(home: Path) -> None:
    held = keys.keys_of(
        _settings(
            home,
            seal_key="c2VhbA==",
            papers_key="p" * 32,
            signing=SigningKey.PKCS12,
            signing_key_file=Path("/srv/keys/own.p12"),
        )
    )
    assert list(held.files) == ["signing/test-authority.pem"]
    assert "HETAO_SEAL_KEY" in held.elsewhere[0]
    assert "HETAO_PAPERS_KEY" in held.elsewhere[1]
    assert "/srv/keys/own.p12" in held.elsewhere[2]


def test_keys_come_back_readable_by_their_owner_only(home: Path, tmp_path: Path) -> None:
    folder, restored = tmp_path / "backup", tmp_path / "restored"
    digests = _backed_up(home, folder)
    keys.bring_back(folder, digests, restored)
    for name in keys.NAMES:
        assert (restored / name).read_bytes() == (home / name).read_bytes()
        assert [S_IMODE((place / name).stat().st_mode) for place in (folder, restored)] == [0o600, 0o600]
    assert S_IMODE((restored / "signing").stat().st_mode) == 0o700
    assert keys.findings(folder, digests) == []


def test_a_key_that_is_gone_or_changed_is_named(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    digests = _backed_up(home, folder)
    (folder / "papers.key").unlink()
    (folder / "seal.key").write_bytes(b"another")
    gone, changed = sorted(keys.findings(folder, digests))
    assert gone.startswith("key papers.key: the backup says that it holds it")
    assert changed == "key seal.key: its content is not what was put in"


def test_verifying_a_backup_names_the_keys_that_are_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = Facts(datetime(2026, 11, 20, tzinfo=UTC), 15, "0" * 24, "archive", "wal", 0, {"seal.key": "0" * 64}, ())
    facts.write(tmp_path)
    for name in ("find_binaries", "verify_files", "restore"):
        monkeypatch.setattr(proving, name, lambda *_given, **_named: None)
    monkeypatch.setattr(proving, "examine", lambda _home, *, migrate: proving.Proof(3, 1, 3, ()))
    read, proof = proving.verify(tmp_path, say=lambda _text: None)
    assert read == facts
    assert [finding.partition(":")[0] for finding in proof.findings] == ["key seal.key"]


def test_a_backup_that_names_another_path_brings_nothing_there(home: Path, tmp_path: Path) -> None:
    folder, restored = tmp_path / "backup", tmp_path / "restored"
    _backed_up(home, folder)
    (tmp_path / "outside").write_bytes(b"planted")
    keys.bring_back(folder, {"../outside": "0" * 64}, restored)
    assert not restored.exists()
    assert keys.findings(folder, {"../outside": "0" * 64}) != []
