"""How long an evidence pack takes: 5,000 lines in scope, 25 of them drawn with a photographed receipt behind each.

The pack is built as its process builds it, from the question to the bytes kept in the database, and opened again: the
run fails where a digest of its manifest does not hold. The reference of the same run is reading the lines of the scope
and nothing else. Peak memory is that of the whole process; what it was before the build stands beside it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import resource
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from PIL import Image
from sqlalchemy.orm import Session

from app.db.session import new_session
from app.db.unit_of_work import one_moment, unit_of_work
from app.engagements import packing, population, samples
from app.engagements.models import Engagement, EvidencePack
from app.engagements.packing import AskForPack
from app.engagements.samples import DrawSample, LockSample
from app.engagements.states import PackStatus
from app.evidence import examining
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger import posting
from app.ledger.chart import AccountCode
from app.ledger.entries import Dimensions, Entry, EntryKind, Rate, account, cost, credit, debit, in_functional
from app.ledger.headings import Heading
from app.ledger.posting import Order
from app.sampling import Method
from app.web.uploads import JPEG, Upload
from benchmarks.scratch import scratch_database
from reports.model import Language
from tests.builders import claims, engagements, issuing, sealing
from tests.builders.journals import hkd
from tests.builders.payments import NOW, TODAY, PaymentWorld

LINES = 5_000
SETS = 25

BATCH = 500
RATE = Rate(Currency.HKD, Currency.CNY, Decimal("0.92"))
HEADINGS = (Heading.SALARY, Heading.MATERIALS, Heading.TRAVEL, Heading.TESTING)
LONGEST_SECONDS = 60


def main() -> None:
    """Build the books, then print one line of JSON per measurement."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    sets = int(sys.argv[2]) if len(sys.argv) > 2 else SETS
    with scratch_database(), examining.of_our_own_making():
        measure(wanted, sets)


def measure(wanted: int, sets: int) -> None:
    """Everything that needs the database."""
    with unit_of_work() as session:
        made = claims.ready(session)
        for number in range(sets):
            claims.paid(session, made, claims.values(hkd(f"{200 + number}.50")), receipts=(photograph(),))
    for start in range(0, wanted - sets, BATCH):
        with unit_of_work() as session:
            orders = [order(made, number) for number in range(start, min(start + BATCH, wanted - sets))]
            posting.post_all(session, orders, actor_id=made.maker.person_id)
    with unit_of_work() as session:
        issuing.issued(session, made)
    with new_session() as session:
        sealing.seal(session)
    with unit_of_work() as session:
        auditor = engagements.auditor(session)
        room = engagements.granted(session, made, auditor)
        drawn = draw(session, made, auditor, room)
    say("reference: read the lines of the scope", lambda: read(room, made))
    before = peak()
    pack_id = asked(auditor, room)
    seconds = say("evidence pack, built and kept", lambda: built(pack_id), lines=wanted, drawn=drawn)
    facts = opened(pack_id)
    print(json.dumps(facts | {"peak_mib_before": before, "peak_mib_after": peak(), "load": str(os.getloadavg())}))
    if seconds > LONGEST_SECONDS:
        raise SystemExit(f"The aim of {LONGEST_SECONDS} s is not met.")


def photograph() -> Upload:
    """A photograph like none before, of about half a megabyte."""
    buffer = io.BytesIO()
    Image.effect_noise((1200, 900), 60).save(buffer, "JPEG", quality=80)
    return Upload(f"receipt-{new_id().hex[-8:]}.jpg", buffer.getvalue(), JPEG)


def order(made: PaymentWorld, number: int) -> Order:
    """One cost of one yuan and some fen against the institution's clearing."""
    amount = Money(100 + number % 97, Currency.CNY)
    about = Dimensions(contract_id=made.contract.id)
    lines = (
        debit(cost(HEADINGS[number % len(HEADINGS)], Currency.CNY), amount, about),
        credit(account(AccountCode.INSTITUTION_CLEARING, Currency.CNY), amount, about),
    )
    day = TODAY - timedelta(days=number % 300)
    functional = in_functional(lines, Currency.HKD, RATE)
    entry = Entry(made.grantee.id, day, EntryKind.ACTUAL, new_id(), f"Cost number {number}", functional)
    return Order(entry, new_id())


def draw(session: Session, made: PaymentWorld, auditor: Actor, room: Engagement) -> int:
    """Lock a sample of every cost above a hundred yuan, which only the claimed ones are; how many lines that is."""
    above = Money.parse("100.00", Currency.CNY)
    command = DrawSample(
        Method.ABOVE, "c0ffee", Currency.CNY, Decimal(95), above=above, contract=made.contract.reference
    )
    row = samples.draw_first(session, auditor, room.reference, command, now=NOW)
    samples.lock(session, auditor, room.reference, row.number, LockSample(row.version), now=NOW)
    return row.size


def read(room: Engagement, made: PaymentWorld) -> int:
    """The lines of the scope."""
    with one_moment() as session:
        return len(population.lines(session, room, made.contract))


def asked(auditor: Actor, room: Engagement) -> UUID:
    """A pack that waits to be built."""
    with unit_of_work() as session:
        return packing.ask(session, auditor, room.reference, AskForPack(Language.ZH_HANT), now=NOW).id


def built(pack_id: UUID) -> int:
    """Build it; the number of its bytes."""
    if packing.build(pack_id, lambda: NOW) is not PackStatus.READY:
        raise SystemExit("The pack failed.")
    with unit_of_work() as session:
        return session.get_one(EvidencePack, pack_id).size_bytes


def opened(pack_id: UUID) -> dict[str, int]:
    """Write it to a file and compute every digest again."""
    with tempfile.TemporaryFile() as file:
        for piece in packing.content(pack_id):
            file.write(piece)
        with zipfile.ZipFile(file) as archive:
            files = json.loads(archive.read("manifest.json"))["files"]
            wrong = [each["path"] for each in files if digest(archive, each["path"]) != each["sha256"]]
    if wrong:
        raise SystemExit(f"digests that do not hold: {wrong}")
    return {"files": len(files), "evidence": sum(each["path"].startswith("evidence/") for each in files)}


def digest(archive: zipfile.ZipFile, path: str) -> str:
    """SHA-256 of a file of the pack."""
    found = hashlib.sha256()
    for piece in pieces(archive, path):
        found.update(piece)
    return found.hexdigest()


def pieces(archive: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    """A file of the pack, a mebibyte at a time."""
    with archive.open(path) as file:
        while piece := file.read(1024 * 1024):
            yield piece


def peak() -> int:
    """The most memory this process ever had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def say(what: str, work: Callable[[], int], **more: int) -> int:
    """Time the work once and print it; the seconds, rounded up."""
    started = time.perf_counter_ns()
    result = work()
    spent = time.perf_counter_ns() - started
    print(json.dumps({"what": what, "ms": spent // 1_000_000, "result": result, **more}), flush=True)
    return -(-spent // 1_000_000_000)


if __name__ == "__main__":
    main()
