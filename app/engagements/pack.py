"""What lies in an evidence pack: surveyed first, then written file by file, none of them held longer than its turn.

Statements as issued, the whole population, each locked sample with its schedule and what it takes to draw it again, the
originals behind the lines drawn, their trail, proofs that their entries are in the sealed books, and the scripts that
check all this. Everything is looked up through the engagement's own scope, as its screens do; an entry that also has
lines of other contracts has no proof here, because its proof would show them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.audit.models import AuditEvent
from app.audit.wording import subject_words, verb_words
from app.contracts.models import Contract
from app.engagements import drill, handing_out, population, queries, sample_seals, schedule
from app.engagements.drill import Drilled
from app.engagements.models import Engagement, Sample
from app.engagements.population import Control, PopulationFilter
from app.engagements.sample_seals import SamplePlace
from app.engagements.samples import SUBJECT as SAMPLE, drawn_again
from app.engagements.states import SampleStatus
from app.evidence.models import Document
from app.kernel.currencies import Currency
from app.kernel.spreadsheet_text import csv_file, harmless
from app.ledger.sealing import bundle, proofs
from app.settings import PROJECT
from app.statements.models import Statement, StatementFile
from reports.model import Language
from reports.output import Format
from reports.output.wording import Translate, catalogue

SCRIPTS = ("recompute_sample.py", "verify_ledger.py", "verify_proof.py")
"""What an auditor's engineer checks the pack with; each stands alone in `tools/`."""

LONGEST_NAME = 80
MOST_EVENTS = 1_000_000
_UNSAFE = re.compile(r"[^\w.\-]+")

Make = Callable[[], bytes | None]
"""Gives the bytes of a file when its turn comes; None: there is nothing to put there."""


@dataclass(frozen=True, slots=True)
class File:
    """One file to be: where it stands in the pack, and how to get its bytes."""

    path: str
    make: Make


@dataclass(frozen=True, slots=True)
class Written:
    """A file of the pack as written; `sha256` in hex."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Survey:
    """What is going to be in the pack: everything but the bytes.

    `looked_at` are the lines drawn, by entry; `places` say where each sample is sealed, by its number.
    """

    engagement: Engagement
    contracts: tuple[Contract, ...]
    controls: tuple[Control, ...]
    statements: tuple[tuple[Statement, Contract], ...]
    files: dict[UUID, list[StatementFile]]
    samples: tuple[Sample, ...]
    looked_at: dict[int, Drilled]
    places: dict[int, SamplePlace | None]

    @property
    def documents(self) -> list[Document]:
        """Every document behind the lines drawn, once each, in the order they are met."""
        found = {each.id: each for drilled in self.looked_at.values() for each in drilled.documents}
        return list(found.values())


def survey(session: Session, engagement: Engagement) -> Survey:
    """Look through the engagement's scope; only locked samples go into a pack."""
    contracts = queries.contracts_in(session, engagement)
    statements = handing_out.statements_of(session, engagement)
    locked = [each for each in queries.samples(session, engagement.id) if each.status == SampleStatus.LOCKED]
    drawn = dict.fromkeys(item.entry_id for sample in locked for item in sample.items)
    return Survey(
        engagement,
        tuple(contracts),
        tuple(population.controls(session, engagement, contracts)),
        tuple(statements),
        handing_out.statement_files(session, [statement for statement, _contract in statements]),
        tuple(locked),
        {entry_id: drill.drilled(session, engagement, entry_id) for entry_id in drawn},
        {each.number: sample_seals.place_of(session, engagement.reference, each) for each in locked},
    )


def files(session: Session, found: Survey, language: Language) -> list[File]:
    """Every file but the index and the manifest, in the order they are written."""
    return [
        *_statements(session, found),
        *_populations(session, found, language),
        *_samples(session, found, language),
        *_evidence(session, found),
        *_proofs(session, found),
        File("trail/trail.csv", partial(_trail, session, found, catalogue(language))),
        *(File(f"check/{name}", (PROJECT / "tools" / name).read_bytes) for name in SCRIPTS),
    ]


def document_path(document: Document) -> str:
    """Where a document's original stands in the pack."""
    return f"evidence/{document.sha256.hex()[:16]}-{_safe(document.filename)}"


def proof_path(drilled: Drilled) -> str:
    """Where the proof of an entry stands in the pack, if it has one."""
    return f"proofs/{_safe(drilled.lines[0].book_code)}/entry-{drilled.entry.entry_id}.proof.json"


def sample_folder(sample: Sample) -> str:
    """Where a sample's files stand in the pack."""
    return f"samples/sample-{sample.number}"


def seal_path(sample: Sample) -> str:
    """Where the proof that a sample is sealed stands in the pack, if it is in a block."""
    return f"{sample_folder(sample)}/sealed.json"


def _safe(name: str) -> str:
    """A name for a file that no system takes for a folder or a command; people's letters stay."""
    return _UNSAFE.sub("_", name).strip("._")[-LONGEST_NAME:] or "file"


def _statements(session: Session, found: Survey) -> Iterator[File]:
    for statement, _contract in found.statements:
        for each in found.files.get(statement.id, ()):
            yield File(statement_path(statement, each), _content(session, StatementFile, each.id))


def statement_path(statement: Statement, file: StatementFile) -> str:
    """Where a kept file of a statement stands in the pack."""
    return f"statements/{_safe(statement.reference)}/{file.sha256.hex()[:8]}-{_safe(file.filename)}"


def _content(session: Session, table: type[StatementFile] | type[Document], key: UUID) -> Make:
    return partial(session.scalar, select(table.content).where(table.id == key))


def _populations(session: Session, found: Survey, language: Language) -> Iterator[File]:
    yield File("population/control-totals.csv", partial(_control_totals, found))
    for contract in found.contracts:
        for currency in Currency:
            yield File(
                f"population/{_safe(contract.reference)}-{currency}.csv",
                partial(_population, session, found, contract, currency, language),
            )


def _population(
    session: Session, found: Survey, contract: Contract, currency: Currency, language: Language
) -> bytes | None:
    if not any(each.contract.id == contract.id and each.currency is currency for each in found.controls):
        return None
    asked, moment = PopulationFilter(), moment_of(found)
    return handing_out.population_file(
        session, found.engagement, contract, currency, asked, language, Format.CSV, now=moment
    ).content


def _control_totals(found: Survey) -> bytes:
    head = (
        "contract", "currency", "opening", "received", "spent", "returned", "exchange", "closing", "difference",
    )  # fmt: skip
    rows = (
        (each.contract.reference, each.currency, *(str(amount.amount) for amount in (
            each.opening, each.received, each.spent, each.returned, each.exchange, each.closing, each.difference,
        )))
        for each in found.controls
    )  # fmt: skip
    return csv_file(head, rows)


def _samples(session: Session, found: Survey, language: Language) -> Iterator[File]:
    paths = {each.id: document_path(each) for each in found.documents}
    for sample in found.samples:
        folder = sample_folder(sample)
        for whole, name in ((True, "population.csv"), (False, "sample.csv")):
            yield File(f"{folder}/{name}", partial(_drawing, sample, whole))
        yield File(f"{folder}/plan.json", partial(_plan, sample))
        place = found.places[sample.number]
        yield File(seal_path(sample), partial(sample_seals.proof, session, place))
        made = partial(schedule.write_schedule, found.engagement, sample, found.looked_at, paths, place, language)
        for form in (Format.XLSX, Format.CSV):
            yield File(f"{folder}/schedule.{form}", partial(made, form))


def _drawing(sample: Sample, whole: bool) -> bytes:
    return handing_out.sample_file(sample, whole=whole).content


def _plan(sample: Sample) -> bytes:
    """The plan as `recompute_sample.py --plan` reads it, with the digests that it leads to."""
    facts = sample.basis | {
        "drawn_size": drawn_again(sample).size,
        "population_sha256": sample.population_digest.hex(),
        "sample_sha256": sample.digest.hex(),
        "sealed": sample.seals,
    }
    return json.dumps(facts, indent=1, sort_keys=True).encode()


def _evidence(session: Session, found: Survey) -> Iterator[File]:
    letter = drill.letter_of(session, found.engagement)
    yield File(f"letter/{_safe(letter.filename)}", _content(session, Document, letter.id))
    for document in {document_path(each): each for each in found.documents}.values():
        yield File(document_path(document), _content(session, Document, document.id))


def _proofs(session: Session, found: Survey) -> Iterator[File]:
    books = {each.lines[0].book_code: each.lines[0].book_id for each in found.looked_at.values()}
    for code, book_id in sorted(books.items()):
        yield File(f"proofs/{_safe(code)}/checkpoint.txt", partial(_checkpoint, session, book_id))
    blocks = _blocks_of(found.samples)
    for drilled in found.looked_at.values():
        if not drilled.elsewhere:
            block = blocks.get(drilled.lines[0].book_code)
            yield File(proof_path(drilled), partial(_proof, session, drilled, block))


def _checkpoint(session: Session, book_id: UUID) -> bytes | None:
    note = bundle.checkpoint(session, book_id)
    return note.encode() if note else None


def _blocks_of(samples: Sequence[Sample]) -> dict[str, int]:
    """How far each book was sealed when the last of its samples was locked."""
    return {seal["book"]: seal["block"] for sample in samples for seal in sample.seals if seal.get("block")}


def _proof(session: Session, drilled: Drilled, block: int | None) -> bytes | None:
    """As of the block at which the sample was locked, so that it stays the same; else as of the newest."""
    entry_id = drilled.entry.entry_id
    proof = proofs.of_entry(session, entry_id, block) if block else None
    proof = proof or proofs.of_entry(session, entry_id)
    return (json.dumps(proof, ensure_ascii=False, indent=1) + "\n").encode() if proof else None


def _trail(session: Session, found: Survey, translate: Translate) -> bytes:
    head = ("at", "person", "what", "verb", "record", "reference", "outcome", "details")
    events = sorted(_events(session, found), key=lambda each: (each.at, str(each.id)))
    return csv_file(
        head,
        (
            (
                each.at.astimezone(UTC).isoformat(),
                harmless(each.actor_name),
                translate(verb_words(each.verb)),
                each.verb,
                translate(subject_words(each.subject_kind or "")),
                harmless(str(each.details.get("reference") or "")),
                each.outcome,
                harmless(json.dumps(each.details, ensure_ascii=False, sort_keys=True)),
            )
            for each in events
        ),
    )


def _events(session: Session, found: Survey) -> Iterable[AuditEvent]:
    """What happened to the contracts, the statements, the samples and the records behind the lines drawn."""
    subjects: dict[str, dict[UUID, None]] = {
        "contract": dict.fromkeys(each.id for each in found.contracts),
        "statement": dict.fromkeys(statement.id for statement, _contract in found.statements),
        SAMPLE: dict.fromkeys(each.id for each in found.samples),
    }
    for drilled in found.looked_at.values():
        for source in drilled.sources:
            kind, key = source.subject
            subjects.setdefault(kind, {})[key] = None
    for kind, keys in subjects.items():
        yield from audit.events_of_many(session, kind, list(keys), limit=MOST_EVENTS)


def moment_of(found: Survey) -> datetime:
    """The latest instant at which the scope's samples and access were decided: the same for the same facts."""
    decided = [each.locked_at for each in found.samples if each.locked_at]
    return max([found.engagement.granted_at or found.engagement.proposed_at, *decided])
