"""How long the disbursement queue and a contract's page take through gunicorn at 8 connections, and why.

A server of its own is started in a temporary home with the demonstration story, and its checker's queue lengthened to
ROWS payments through the services (`waiting.py`); an answer with another number of rows is no measurement. The
reference of the same run is `/health`: the same server answering with one `SELECT 1` and no page. Afterwards the same
pages are asked for in one process with clocks around SQL and templates, which says where the time goes.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.demo.sign_ins import SIGN_INS

CONNECTIONS = 8
REQUESTS = 240
PORT = 8765
ROWS = 200
OFFICER = SIGN_INS[0]
"""The grant officer for whom most disbursements wait."""


class Browser:
    """One connection that is signed in."""

    def __init__(self, cookie: str = "") -> None:
        """Without a cookie it is nobody's."""
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        self.cookie = cookie

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of a page."""
        self.connection.request("GET", path, headers={"Cookie": self.cookie, "Accept-Encoding": "identity"})
        answer = self.connection.getresponse()
        body = answer.read()
        self._keep(answer)
        return answer.status, body

    def sign_in(self, email: str, password: str) -> None:
        """Sign in as a person does, with the form's token."""
        _status, body = self.get("/sign-in")
        token = re.search(rb'name="csrf_token" value="([^"]+)"', body)
        form = f"csrf_token={token[1].decode() if token else ''}&email={email}&password={password}"
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request("POST", "/sign-in", form.replace("@", "%40"), headers)
        answer = self.connection.getresponse()
        answer.read()
        self._keep(answer)
        if answer.status not in (302, 303):
            raise SystemExit(f"sign-in answered {answer.status}")

    def _keep(self, answer: http.client.HTTPResponse) -> None:
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and value.startswith("hetao="):
                self.cookie = value.split(";")[0]


def percentile(times: list[int], share: int) -> int:
    """The value below which `share` per cent of the times lie, in whole milliseconds."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)] // 1_000_000


def processor_ms(roots: list[int]) -> int:
    """Processor time these processes and all below them have used so far (Linux)."""
    parents, used = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
        used[int(stat.parent.name)] = int(fields[11]) + int(fields[12])

    def below(pid: int) -> bool:
        while pid and pid not in roots:
            pid = parents.get(pid, 0)
        return pid in roots

    return sum(ticks for pid, ticks in used.items() if below(pid)) * 1000 // os.sysconf("SC_CLK_TCK")


def database_process() -> int:
    """The database's first process: the parent of the one that serves us."""
    from sqlalchemy import text

    from app.db.unit_of_work import unit_of_work

    with unit_of_work() as session:
        backend = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        return int(Path(f"/proc/{backend}/stat").read_text().rsplit(")", 1)[1].split()[1])


def load(cookie: str, path: str, roots: list[int]) -> dict[str, Any]:
    """Ask for `path` REQUESTS times over CONNECTIONS connections, each waiting for its answer.

    `roots`: the server's and the database's first process, whose processor time is told per answer.
    """
    times: list[int] = []
    wrong: list[int] = []

    def client() -> None:
        browser = Browser(cookie)
        for _ in range(REQUESTS // CONNECTIONS):
            started = time.perf_counter_ns()
            status, _body = browser.get(path)
            times.append(time.perf_counter_ns() - started)
            if status != 200:
                wrong.append(status)

    threads = [threading.Thread(target=client) for _ in range(CONNECTIONS)]
    before = processor_ms(roots)
    started = time.perf_counter_ns()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds_ns = time.perf_counter_ns() - started
    return {
        "path": path,
        "requests": len(times),
        "errors": len(wrong),
        "per_second": len(times) * 1_000_000_000 // seconds_ns,
        "median_ms": int(statistics.median(times)) // 1_000_000,
        "p95_ms": percentile(times, 95),
        "processor_ms_per_answer": (processor_ms(roots) - before) // max(1, len(times)),
    }


def where_the_time_goes(url: str, cookie_of: Callable[[Any], None], paths: list[str]) -> list[dict[str, Any]]:
    """Medians of ten requests each in one process: the whole, SQL and templates, in milliseconds."""
    os.environ["DATABASE_URL"] = url
    import flask.templating
    from sqlalchemy import event

    from app.application import create_app
    from app.db.session import engine

    clocks = {"sql": 0, "queries": 0, "templates": 0}
    app = create_app()

    def before(connection: Any, *_rest: Any) -> None:
        connection.info["began"] = time.perf_counter_ns()

    def after(connection: Any, *_rest: Any) -> None:
        clocks["sql"] += time.perf_counter_ns() - connection.info["began"]
        clocks["queries"] += 1

    event.listen(engine(), "before_cursor_execute", before)
    event.listen(engine(), "after_cursor_execute", after)
    rendered = flask.templating._render

    def timed(*arguments: Any) -> str:
        started = time.perf_counter_ns()
        try:
            return rendered(*arguments)
        finally:
            clocks["templates"] += time.perf_counter_ns() - started

    flask.templating._render = timed  # type: ignore[assignment]
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    cookie_of(client)
    results = []
    for path in paths:
        client.get(path)
        samples: dict[str, list[int]] = {"whole": [], "sql": [], "queries": [], "templates": []}
        for _ in range(10):
            clocks.update(sql=0, queries=0, templates=0)
            started = time.perf_counter_ns()
            client.get(path)
            samples["whole"].append(time.perf_counter_ns() - started)
            for name, spent in clocks.items():
                samples[name].append(spent)
        middle = {name: int(statistics.median(values)) for name, values in samples.items()}
        results.append(
            {
                "path": path,
                "whole_ms": middle["whole"] // 1_000_000,
                "sql_ms": middle["sql"] // 1_000_000,
                "queries": middle["queries"],
                "templates_ms_sql_within_included": middle["templates"] // 1_000_000,
            }
        )
    return results


def main() -> None:
    """Start the server, wait for the story, measure, stop."""
    with tempfile.TemporaryDirectory(prefix="hetao-bench-") as home:
        environment = {**os.environ, "HETAO_HOME": home, "HETAO_LOG_LEVEL": "ERROR"}
        environment.pop("DATABASE_URL", None)
        server = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--demo", "--port", str(PORT)],
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        try:
            measure(Path(home), server.pid)
        finally:
            server.terminate()
            server.wait(60)


def measure(home: Path, server: int) -> None:
    """Everything that needs the server."""
    os.environ.update(HETAO_HOME=str(home), HETAO_LOG_LEVEL="ERROR")
    from app.db import embedded
    from app.demo_progress import DemoState, read

    for _ in range(600):
        progress = read(home)
        if progress is not None and progress.state is DemoState.READY:
            break
        time.sleep(1)
    else:
        raise SystemExit("the demonstration story did not load")
    url = embedded.joined(home).url
    os.environ["DATABASE_URL"] = url
    import app.all_models  # noqa: F401 - the mappers of every slice
    from benchmarks import waiting

    waiting.lengthen(OFFICER.email, ROWS, datetime.now(UTC))
    roots = [server, database_process()]
    browser = Browser()
    browser.sign_in(OFFICER.email, OFFICER.password)
    _status, contracts = browser.get("/contracts")
    found = re.search(rb'href="(/contracts/CTR-[0-9-]+)"', contracts)
    _status, queue = browser.get("/disbursements?view=to-check")
    rows = queue.count(b'scope="row"><a ')
    if found is None or rows != ROWS:
        raise SystemExit(f"the queue shows {rows} rows instead of {ROWS}, or there is no contract: nothing is measured")
    paths = ["/disbursements?view=to-check", found[1].decode()]
    print(json.dumps({"reference": load("", "/health", roots), "load_average": os.getloadavg()}), flush=True)
    for path in paths:
        print(json.dumps(load(browser.cookie, path, roots)), flush=True)

    def signed_in(client: Any) -> None:
        client.post("/sign-in", data={"email": OFFICER.email, "password": OFFICER.password})

    for result in where_the_time_goes(url, signed_in, paths):
        print(json.dumps(result))


if __name__ == "__main__":
    main()
