"""What thirty uploads of 5 MB at once take of the server's memory.

Run `python -m benchmarks.uploads [UPLOADS]`. A database and a server of their own are started and left behind by
nobody; the server gives every request a thread, so that all of them are in it at the same time, where gunicorn lets in
eight. Prints one line of JSON: the memory (resident set) of the serving process before, at its highest, and of it with
the processes that open the files, each counted once it has begun its own program.
"""

from __future__ import annotations

import io
import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from uuid import uuid4

from PIL import Image

from app.db.unit_of_work import unit_of_work
from benchmarks.scratch import scratch_database

UPLOADS = 30
BYTES = 5 * 1024 * 1024


def main() -> None:
    """Serve, upload, measure."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else UPLOADS
    with scratch_database():
        address, token = _world()
        port, process = _served()
        try:
            print(json.dumps(_measured(wanted, f"http://127.0.0.1:{port}{address}", token, process.pid or 0)))
        finally:
            process.terminate()
            process.join()


def _world() -> tuple[str, str]:
    """A draft to upload to: its address in the API, and its maker's token."""
    from app.people import tokens
    from tests.builders import claims
    from tests.builders.payments import NOW

    with unit_of_work() as session:
        made = claims.ready(session)
        claim = claims.started(session, made)
        scopes = tuple(scope.value for scope in tokens.scopes_open_to(made.leader))
        command = tokens.TokenCommand("uploads", scopes, 30)
        _row, secret = tokens.create(session, made.leader, command, now=NOW)
        return f"/api/v1/claims/{claim.reference}/receipts", secret


def _served() -> tuple[int, SpawnProcess]:
    from app.db import session as database

    url = database.engine().url.render_as_string(hide_password=False)
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(url, theirs))
    process.start()
    return ours.recv(), process


def _serve(url: str, told: Connection) -> None:
    """The process that is measured."""
    import tempfile

    from werkzeug.serving import make_server

    from app.application import create_app
    from app.db import session as database
    from app.kernel.clock import Clock
    from app.settings import Settings
    from tests.builders.payments import NOW

    database.use_engine(database.build_engine(url))
    home = Path(tempfile.mkdtemp(prefix="hetao-bench-"))
    app = create_app(Settings(home=home, secret_key="only for measuring " * 3), clock=Clock(fixed=NOW))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    told.send(server.port)
    server.serve_forever()


def _measured(wanted: int, address: str, token: str, pid: int) -> dict[str, object]:
    photographs = [_photograph(number) for number in range(wanted)]
    before, highest, together = _resident(pid), 0, 0
    done = threading.Event()

    def watch() -> None:
        nonlocal highest, together
        while not done.is_set():
            own = _resident(pid)
            highest, together = max(highest, own), max(together, own + sum(map(_resident, _children(pid))))
            time.sleep(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    started = time.perf_counter()
    with ThreadPoolExecutor(wanted) as pool:
        answers = list(pool.map(lambda content: _upload(address, token, content), photographs))
    done.set()
    watcher.join()
    return {
        "uploads": wanted,
        "bytes_each": len(photographs[0]),
        "answers": {str(code): answers.count(code) for code in sorted(set(answers))},
        "seconds": round(time.perf_counter() - started, 1),
        "before_mb": before // 1024,
        "server_highest_mb": highest // 1024,
        "with_examining_mb": together // 1024,
        "load": round(os.getloadavg()[0], 1),
    }


def _photograph(number: int) -> bytes:
    """A JPEG of its own with its bytes filled up behind the picture, as cameras do with remarks."""
    out = io.BytesIO()
    Image.new("RGB", (2400, 1800), (number * 8 % 256, 90, 120)).save(out, "JPEG")
    picture = out.getvalue()
    segments = b""
    while len(picture) + len(segments) < BYTES:
        segments += b"\xff\xfe\xff\xff" + os.urandom(65_533).replace(b"\xff", b"\x00")
    return picture[:2] + segments + picture[2:]


def _upload(address: str, token: str, content: bytes) -> int:
    edge = uuid4().hex
    head = f'--{edge}\r\nContent-Disposition: form-data; name="receipts"; filename="IMG.jpg"\r\n'
    body = head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + content + f"\r\n--{edge}--\r\n".encode()
    headers = {
        "Content-Type": f"multipart/form-data; boundary={edge}",
        "Authorization": f"Bearer {token}",
        "Idempotency-Key": uuid4().hex,
    }
    try:
        with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=600) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        print(refusal.read()[:300], file=sys.stderr)
        return refusal.code


def _resident(pid: int) -> int:
    """Kilobytes in memory; nil where the process has ended."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def _children(pid: int) -> list[int]:
    """The processes it has started. One that has not begun its own program yet still stands in this one's memory."""
    try:
        tasks = Path(f"/proc/{pid}/task").iterdir()
        found = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
    return [child for child in found if _program(child) != _program(pid)]


def _program(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


if __name__ == "__main__":
    main()
