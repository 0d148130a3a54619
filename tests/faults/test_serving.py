"""`hetao serve` as a person meets it: once, twice, on a taken port, and stopped."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.db.embedded import Server
from app.settings import PROJECT

pytestmark = pytest.mark.faults

HETAO = [sys.executable, "-P", "-m", "app"]
STARTED_WITHIN = 180
"""Seconds: a database is made and migrated, perhaps on a machine that has much else to do."""


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """A home of its own, a free port, and none of this process's settings."""
    home = Path(tempfile.mkdtemp(prefix="hetao-serve-"))
    home.chmod(0o711)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("HETAO_", "DATABASE_", "SECRET_"))
    }
    yield kept | {"HETAO_HOME": str(home), "HETAO_PORT": str(port), "PYTHONPATH": str(PROJECT)}
    server = Server(home)
    server.stop()
    shutil.rmtree(server.folder, ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


def _start(environment: dict[str, str]) -> subprocess.Popen[str]:
    """Serve without the demonstration and wait for the first answer."""
    serving = subprocess.Popen(
        [*HETAO, "serve", "--no-demo"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    deadline = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < deadline and serving.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{environment['HETAO_PORT']}/health", timeout=5) as answer:
                assert json.load(answer)["status"] == "ok"
                return serving
        except OSError:
            time.sleep(0.1)
    serving.kill()
    raise AssertionError(f"did not serve: {serving.communicate()[0]}")


def _run(environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*HETAO, *command], env=environment, capture_output=True, text=True, check=False, timeout=STARTED_WITHIN
    )


def _wait_until_free(port: int) -> None:
    """The workers of a killed server notice within a second or so that it is gone, and let go of the port."""
    deadline = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.1)
    raise AssertionError(f"port {port} stays taken")


def _database_answers(environment: dict[str, str]) -> bool:
    return Server(Path(environment["HETAO_HOME"])).answers()


def test_serving_twice_says_so_and_interrupting_stops_everything(environment: dict[str, str]) -> None:
    serving = _start(environment)
    second = _run(environment, "serve")
    assert second.returncode == 1
    assert "already running at http://localhost:" + environment["HETAO_PORT"] in second.stderr
    serving.send_signal(signal.SIGINT)
    output = serving.communicate(timeout=STARTED_WITHIN)[0]
    assert serving.returncode == 0, output
    assert not _database_answers(environment)


def test_a_taken_port_is_named(environment: dict[str, str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(environment["HETAO_PORT"])))
        other.listen()
        refused = _run(environment, "serve", "--no-demo")
    assert refused.returncode == 1
    assert f"Port {environment['HETAO_PORT']} is taken" in refused.stderr
    assert not _database_answers(environment)


def test_a_killed_server_can_be_started_again(environment: dict[str, str]) -> None:
    first = _start(environment)
    first.kill()
    first.wait()
    _wait_until_free(int(environment["HETAO_PORT"]))
    again = _start(environment)
    again.send_signal(signal.SIGTERM)
    again.communicate(timeout=STARTED_WITHIN)
    assert again.returncode == 0
    assert not _database_answers(environment)


def test_wrong_settings_end_in_one_sentence_each(environment: dict[str, str]) -> None:
    refused = _run(environment | {"HETAO_PORT": "many", "HETAO_LANGUAGE": "fr"}, "serve")
    assert refused.returncode == 1
    assert "HETAO_PORT" in refused.stderr
    assert "HETAO_LANGUAGE" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_commands_join_the_served_database(environment: dict[str, str]) -> None:
    serving = _start(environment)
    checked = _run(environment, "ledger", "check")
    assert checked.returncode == 0, checked.stderr
    assert _database_answers(environment), "the command stopped a database that others use"
    serving.send_signal(signal.SIGINT)
    serving.communicate(timeout=STARTED_WITHIN)
