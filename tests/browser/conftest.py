"""A real Chromium against real servers: the style guide, and the whole application on this worker's database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright
from werkzeug.serving import make_server

from app.kernel.clock import Clock
from tests.browser.driving import sign_in
from tests.browser.style_guide import style_guide
from tests.conftest import NOW, lent

if TYPE_CHECKING:
    from tests.postgres import WorkerDatabase

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HARMLESS = ("the server responded with a status of 4", "ERR_INTERNET_DISCONNECTED")
"""Console lines that a refusal on purpose leaves behind."""

OpenPage = Callable[..., Page]
SignedIn = Callable[[str], StorageState]


@dataclass(frozen=True, slots=True)
class Served:
    """An application behind an address."""

    url: str
    app: Flask


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@contextmanager
def serving(app: Flask) -> Iterator[Served]:
    """Serve an application on a free port of the loopback address while the block runs."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Served(f"http://127.0.0.1:{server.port}", app)
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright; nothing is downloaded."""
    if not CHROMIUM.exists():
        pytest.fail("Chromium is missing: install the Debian package `chromium`.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def guide() -> Iterator[Served]:
    """The style guide: every component, without a database."""
    with serving(style_guide()) as served:
        yield served


@pytest.fixture(scope="module")
def served(
    worker_database: WorkerDatabase, joined_app: Flask, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The whole application, tokens against forged requests included, on this worker's database.

    It lasts for a module, so that one story serves many tests; what was written is wiped at the module's end.
    """
    from app.db import session as sessions

    sessions.use_engine(worker_database.engine)
    try:
        with lent(joined_app, tmp_path_factory.mktemp("home"), Clock(fixed=NOW)) as app:
            app.config["WTF_CSRF_ENABLED"] = True
            with serving(app) as running:
                yield running
    finally:
        sessions.use_engine(None)
        worker_database.restore()


@pytest.fixture(scope="module")
def signed_in(served: Served, chromium: Browser) -> SignedIn:
    """A function that signs a person in by the sign-in page, once per module, and returns their cookies."""
    kept: dict[str, StorageState] = {}

    def state_of(email: str) -> StorageState:
        if email not in kept:
            context = chromium.new_context(locale="en-GB")
            sign_in(context.new_page(), served.url, email)
            kept[email] = context.storage_state()
            context.close()
        return kept[email]

    return state_of


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """A function that opens a page: `open_page(width=320, scheme="dark", language="zh-HK", scripts=False)`.

    `state` is what `signed_in(email)` returned: the page is then that person's.

    After the test, any script error or refusal by the content policy that a page reported fails it.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(
        width: int = 1280,
        scheme: str = "light",
        language: str = "en-GB",
        scripts: bool = True,
        height: int = 900,
        state: StorageState | None = None,
    ) -> Page:
        context = chromium.new_context(
            storage_state=state,
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
            locale=language,
            java_script_enabled=scripts,
            timezone_id="Asia/Hong_Kong",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda line: (
                complaints.append(line.text)
                if line.type == "error" and not any(harmless in line.text for harmless in HARMLESS)
                else None
            ),
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
