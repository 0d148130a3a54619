"""`hetao serve`: the database, the migrations, gunicorn and the demonstration story, started and stopped as one."""

from __future__ import annotations

import errno
import fcntl
import gc
import importlib
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

from flask import Flask
from gunicorn.app.base import BaseApplication

from app import demo_progress
from app.db import embedded
from app.db.migration import upgrade
from app.demo_progress import DemoProgress, DemoState
from app.settings import PROJECT, Settings, settings as settings_of_environment

LOCK = "serve.lock"
DEMO_LOCK = "demo.lock"
YOUNG_OBJECTS = 20_000
"""A page of 200 rows makes about so many objects: one young collection a page instead of dozens."""


class CannotServe(Exception):
    """Serving is not possible; the message says why and what to do."""


def serve(settings: Settings, *, demo: bool, announce: Callable[[str], None]) -> None:
    """Serve until told to stop (Ctrl-C, SIGTERM, a closed terminal). `demo` loads the story in the background."""
    for number in (signal.SIGTERM, signal.SIGHUP):  # gunicorn takes over later; until then an end is a clean end too
        signal.signal(number, lambda *_: sys.exit(0))
    address = f"http://{'localhost' if settings.host == '127.0.0.1' else settings.host}:{settings.port}"
    lock = _only_server(settings.home, address)
    _check_port(settings)
    url = _ready_database(settings, announce)
    os.environ.update(DATABASE_URL=url, SECRET_KEY=settings.secret_key, HETAO_DEMO="1" if demo else "0")
    os.environ.pop("DATABASE_OWNER_URL", None)
    settings_of_environment.cache_clear()
    story = _Story(settings.home, wanted=demo)
    sealer, mailer = _Sealer(settings), _Mailer(settings)

    def ready(_server: object) -> None:
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
        announce(f"\nHetao Ledger serves at {address}  (Ctrl-C stops it)\n")
        if demo:
            announce(sign_ins())
        sealer.start()
        mailer.start()
        story.start()

    try:
        _Gunicorn(replace(settings, database_url=url), ready).run()
    finally:
        story.stop()
        mailer.stop()
        sealer.stop()
        lock.close()


def _sign_ins() -> tuple[Any, ...]:
    """The demonstration's sign-ins, one per role; empty where the story is not installed."""
    if importlib.util.find_spec("app.demo") is None:
        return ()
    entries: tuple[Any, ...] = importlib.import_module("app.demo.sign_ins").SIGN_INS
    return entries


def sign_ins() -> str:
    """The demonstration's sign-ins as lines to print."""
    entries = _sign_ins()
    if not entries:
        return ""
    widest = max(len(entry.email) for entry in entries)
    lines = [f"  {entry.email:<{widest}}  {entry.password}  {entry.role}, {entry.institution}" for entry in entries]
    return "\n".join(["Demonstration sign-ins (e-mail, password, role):", *lines, ""])


def _only_server(home: Path, address: str) -> TextIO:
    """Hold the home's server lock, or say who holds it."""
    lock = open(home / LOCK, "a+", encoding="utf-8")  # noqa: SIM115 - held until the process ends
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        other = json.loads(lock.read() or "{}")
        where, process = other.get("address", "another address"), other.get("process", "unknown")
        raise CannotServe(
            f"Hetao Ledger is already running at {where} (process {process}, home {home}). "
            "Open it there, or stop it with Ctrl-C where it was started."
        ) from None
    lock.truncate(0)
    lock.write(json.dumps({"address": address, "process": os.getpid()}))
    lock.flush()
    return lock


def _check_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise CannotServe(f"Cannot serve on {settings.host}:{settings.port}: {error.strerror}.") from None
            raise CannotServe(
                f"Port {settings.port} is taken by another program. Stop that program, or choose another port: "
                f"HETAO_PORT={settings.port + 1} make run"
            ) from None


def _ready_database(settings: Settings, announce: Callable[[str], None]) -> str:
    """Start or reach the database, migrate it, and give the application's address of it."""
    if settings.database_url:
        upgrade(settings.database_owner_url or settings.database_url)
        return settings.database_url
    announce("Starting the database…")
    database = embedded.joined(settings.home)
    upgrade(database.owner_url)
    return database.url


def keep_out_of_collection() -> None:
    """Let the garbage collector pass over what was loaded at the start; else it walks the whole program each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 20, 20)


class _Gunicorn(BaseApplication):  # type: ignore[misc]
    """Gunicorn in this process: it watches its workers, and its workers end when it does."""

    def __init__(self, settings: Settings, ready: Callable[[object], None]) -> None:
        self.chosen = settings
        self.ready = ready
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"{self.chosen.host}:{self.chosen.port}",
            "workers": self.chosen.workers,
            "threads": self.chosen.threads,
            "worker_class": "gthread",
            "preload_app": True,
            "timeout": 120,
            "graceful_timeout": 10,
            "loglevel": "warning",
            "proc_name": "hetao",
            "control_socket_disable": True,
            "when_ready": self.ready,
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        from app.application import create_app

        app = create_app()
        if os.environ.get("HETAO_DEMO") == "1" and importlib.util.find_spec("app.demo") is not None:
            app.extensions["hetao.demo_sign_ins"] = _sign_ins
            app.extensions["hetao.demo_progress"] = lambda: demo_progress.read(self.chosen.home)
        keep_out_of_collection()
        return app


class _Sealer:
    """The process that seals the books, unless HETAO_SEALER=0 leaves it to one of the operator's own."""

    def __init__(self, settings: Settings) -> None:
        self.home = settings.home
        self.wanted = settings.sealer
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start sealing every two seconds. Two sealers at once do no harm: one waits."""
        if not self.wanted:
            return
        with open(self.home / "sealer.log", "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app", "ledger", "seal", "--every", "2", "--under", str(os.getpid())],
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def stop(self) -> None:
        """End it; a block half made is not there afterwards."""
        _end(self.process)


class _Mailer:
    """The process that sends notices by mail, where the operator has named a server."""

    def __init__(self, settings: Settings) -> None:
        self.home = settings.home
        self.wanted = bool(settings.mail_host)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start looking every fifteen seconds for what is due."""
        if not self.wanted:
            return
        with open(self.home / "mail.log", "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app", "mail", "send", "--every", "15", "--under", str(os.getpid())],
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def stop(self) -> None:
        """End it; a mail half sent is sent again later."""
        _end(self.process)


class _Story:
    """The process that loads the demonstration, at most one per home."""

    def __init__(self, home: Path, *, wanted: bool) -> None:
        self.home = home
        self.wanted = wanted and importlib.util.find_spec("app.demo") is not None
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start loading unless the story is there. The child holds the lock, even when we are killed."""
        if not self.wanted or demo_progress.read(self.home).state is DemoState.READY:
            return
        lock = os.open(self.home / DEMO_LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return
        demo_progress.write(self.home, DemoProgress(DemoState.LOADING))
        with open(self.home / "demo.log", "wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app", "demo", "load"],
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[lock],
                start_new_session=True,
            )
        os.close(lock)

    def stop(self) -> None:
        """End the loading if it is still under way."""
        _end(self.process)


def _end(process: subprocess.Popen[bytes] | None) -> None:
    """Ask a process to end, and end it where it does not within five seconds."""
    if process is None or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
