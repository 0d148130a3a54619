"""The connection cut after COMMIT and before its reply: the writer asks again and gets the same answer."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.kernel.errors import RuleBreached
from app.kernel.identity import new_id
from app.ledger.posting import Order, PeriodState, post_all, set_period
from tests.builders.books import ACTOR, post
from tests.faults.homes import Home, differences, running_home

pytestmark = pytest.mark.faults

SOCKET = ".s.PGSQL.5432"


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    """A home with durable settings."""
    with running_home() as made:
        yield made


class Cutter:
    """Stands between a client and the server; once a COMMIT has been answered, it drops the answer and the line."""

    def __init__(self, server_folder: Path, folder: Path) -> None:
        """Listen in `folder` as if the server were there."""
        self.behind = str(server_folder / SOCKET)
        self.listening = socket.socket(socket.AF_UNIX)
        self.listening.bind(str(folder / SOCKET))
        self.listening.listen()
        self.cuts = 0
        self.cutting: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listening.accept()
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        """One question after the other: what the server answers to a COMMIT is read whole and never passed on."""
        server = socket.socket(socket.AF_UNIX)
        server.connect(self.behind)
        threading.Thread(target=self._answers, args=(server, client), daemon=True).start()
        with suppress(OSError):
            while asked := client.recv(65536):
                if b"COMMIT" in asked:
                    self.cuts += 1
                    self.cutting.add(client)
                server.sendall(asked)
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)

    def _answers(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while answer := server.recv(65536):
                if client in self.cutting:
                    break
                client.sendall(answer)
            client.shutdown(socket.SHUT_RDWR)


def test_a_reply_cut_after_commit_is_found_again_under_its_key(home: Home, tmp_path: Path) -> None:
    cutter = Cutter(home.server.socket_folder, tmp_path)
    through = home.database.url.replace(str(home.server.socket_folder), str(tmp_path))
    cut_off = create_engine(through, poolclass=NullPool)
    for number in range(1, 6):
        entry, key = home.book.contribution("7.00"), new_id()
        with pytest.raises(OperationalError), Session(cut_off) as session, session.begin():
            first = post(session, entry, key)
        with Session(home.engine()) as session, session.begin():
            again = post(session, entry, key)
        assert (again.entry_id, again.replayed) == (first.entry_id, True)
        assert cutter.cuts == number
    with Session(home.engine()) as session:
        assert session.execute(text("select count(*) from ledger.entry")).scalar_one() == 5
    assert differences(home) == ()


def test_of_a_hundred_entries_with_a_wrong_57th_nothing_is_left_and_it_is_found(home: Home) -> None:
    orders = [Order(home.book.contribution("1.00"), new_id()) for _ in range(100)]
    january = home.book.contribution("1.00").effective_on.replace(month=1)
    orders[56] = Order(home.book.contribution("1.00", january), new_id())
    with Session(home.engine()) as session, session.begin():
        set_period(session, home.book.book_id, january, PeriodState.CLOSING, actor_id=ACTOR)
    with Session(home.engine()) as session:
        before = session.execute(COUNTS).one()
        with pytest.raises(RuleBreached) as refused:
            post_all(session, orders, actor_id=ACTOR)
        session.rollback()
        assert refused.value.breaches[0].code == "period.closed"
        assert session.execute(COUNTS).one() == before
        right = [order for order in orders if order is not orders[56]]
        assert not any(posted.replayed for posted in post_all(session, right, actor_id=ACTOR))
        session.commit()
        assert session.execute(COUNTS).one().entries == before.entries + 99


COUNTS = text(
    "select (select count(*) from ledger.entry) as entries, (select count(*) from ledger.posting) as postings,"
    " (select count(*) from ledger.idempotency) as keys, (select sum(debit_minor + credit_minor) from ledger.balance) b"
)
