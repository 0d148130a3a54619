"""Settings are read once and refused at start if wrong."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from app import demo_progress
from app.demo_progress import DemoProgress, DemoState
from app.settings import SettingsRefused, from_environment


def test_an_empty_environment_gets_loopback_and_a_kept_secret(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = from_environment({"HETAO_HOME": str(home)})
    second = from_environment({"HETAO_HOME": str(home)})
    assert (first.host, first.port, first.database_url) == ("127.0.0.1", 8000, None)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE((home / "secret-key").stat().st_mode) == 0o600


def test_every_wrong_setting_is_named_at_once(tmp_path: Path) -> None:
    wrong = {
        "HETAO_HOME": str(tmp_path),
        "HETAO_PORT": "eighty",
        "HETAO_LANGUAGE": "fr",
        "DATABASE_URL": "sqlite:///x.db",
        "SECRET_KEY": "short",
        "HETAO_SECURE_COOKIES": "perhaps",
    }
    with pytest.raises(SettingsRefused) as refused:
        from_environment(wrong)
    for name in wrong.keys() - {"HETAO_HOME"}:
        assert name in str(refused.value)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "８０００", "8e3", ""])
def test_ports_out_of_range_are_refused(tmp_path: Path, port: str) -> None:
    environment = {"HETAO_HOME": str(tmp_path), "HETAO_PORT": port}
    if port == "":
        assert from_environment(environment).port == 8000
        return
    with pytest.raises(SettingsRefused, match="HETAO_PORT"):
        from_environment(environment)


def test_an_owner_without_an_application_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused, match="without DATABASE_URL"):
        from_environment({"HETAO_HOME": str(tmp_path), "DATABASE_OWNER_URL": "postgresql://o@db/x"})


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    settings = from_environment({"HETAO_HOME": str(tmp_path), "DATABASE_URL": "postgres://u:hidden@db/x"})
    assert settings.database_url == "postgresql+psycopg://u:hidden@db/x"
    assert "hidden" not in repr(settings)
    assert settings.secret_key not in repr(settings)


def test_progress_of_the_demonstration_is_read_as_written(tmp_path: Path) -> None:
    assert demo_progress.read(tmp_path).state is DemoState.ABSENT
    demo_progress.write(tmp_path, DemoProgress(DemoState.LOADING, 3, 8, "Contracts"))
    assert demo_progress.read(tmp_path) == DemoProgress(DemoState.LOADING, 3, 8, "Contracts")
    assert demo_progress.read(tmp_path).percent == 37


def test_a_broken_progress_file_reads_as_absent(tmp_path: Path) -> None:
    (tmp_path / demo_progress.FILE).write_text('{"state": "LOADING", "done"')
    assert demo_progress.read(tmp_path).state is DemoState.ABSENT
