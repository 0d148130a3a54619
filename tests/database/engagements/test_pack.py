"""The evidence pack: everything in it is in scope and digested, and its files say what they should without us."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.db.unit_of_work import one_moment, unit_of_work
from app.engagements import pack, packing, service
from app.engagements.commands import engagement
from app.engagements.models import Engagement, EvidencePack, EvidencePackPart
from app.engagements.packing import AskForPack
from app.engagements.service import Step
from app.engagements.states import PackStatus
from app.evidence.models import Document
from app.kernel.errors import NotFound
from app.settings import settings
from app.statements.models import StatementFile
from reports.model import Language
from tests.builders import evidence_packs, sealing
from tests.builders.evidence_packs import BESIDE, PackWorld
from tests.builders.payments import NOW


@dataclass(frozen=True)
class Packed:
    """A pack and what must and must not be in it, as plain facts: built once, looked at by many tests."""

    content: bytes
    again: bytes
    chinese: bytes
    engagement: str
    sample_sha256: str
    wanted: frozenset[bytes]
    foreign: frozenset[bytes]
    words: tuple[str, ...]
    both: int

    @property
    def files(self) -> dict[str, bytes]:
        return opened(self.content)


_KEPT: list[Packed] = []


@pytest.fixture
def packed(request: pytest.FixtureRequest) -> Packed:
    if not _KEPT:
        _KEPT.append(_packed(request.getfixturevalue("session")))
    return _KEPT[0]


def _packed(session: Session) -> Packed:
    world = evidence_packs.world(session, issued=True)
    assert world.statement is not None
    kept = session.scalars(select(StatementFile.sha256).where(StatementFile.statement_id == world.statement.id)).all()
    receipts = session.scalars(select(Document.sha256).where(Document.subject_kind == "claim")).all()
    beside = session.scalars(select(Document.sha256).where(Document.subject_id == world.beside.id)).all()
    assert len(receipts) == 3
    assert beside
    return Packed(
        written(world),
        written(world),
        written(world, Language.ZH_HANT),
        world.engagement.reference,
        world.sample.digest.hex(),
        frozenset([*kept, *receipts]),
        frozenset(beside),
        (BESIDE, world.beside.reference, str(world.beside.id), "7777.77", "7,777.77"),
        world.both,
    )


@pytest.fixture
def world(session: Session) -> PackWorld:
    return evidence_packs.world(session, lines=0)


def written(world: PackWorld, language: Language = Language.EN) -> bytes:
    file = io.BytesIO()
    with one_moment() as session:
        engagement = session.get_one(Engagement, world.engagement.id)
        _name, digest = packing.write(session, engagement, language, file, lambda *_: None)
    assert digest == hashlib.sha256(file.getvalue()).digest()
    return file.getvalue()


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def words_of_schedule(files: dict[str, bytes]) -> str:
    book = openpyxl.load_workbook(io.BytesIO(files["samples/sample-1/schedule.xlsx"]))
    return "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell)


def asked(session: Session, world: PackWorld, **later: Any) -> EvidencePack:
    now = NOW + timedelta(**later)
    made = packing.ask(session, world.auditor, world.engagement.reference, AskForPack(Language.ZH_HANT), now=now)
    session.commit()
    return made


def test_the_manifest_has_the_digest_of_every_file(packed: Packed) -> None:
    files = packed.files
    manifest = json.loads(files.pop("manifest.json"))
    told = {each["path"]: (each["bytes"], each["sha256"]) for each in manifest["files"]}
    assert told == {path: (len(body), hashlib.sha256(body).hexdigest()) for path, body in files.items()}
    assert manifest["engagement"] == packed.engagement
    assert manifest["samples"][0]["sha256"] == packed.sample_sha256


def test_a_pack_holds_statement_sample_originals_trail_and_proofs(packed: Packed) -> None:
    files = packed.files
    assert packed.wanted <= {hashlib.sha256(body).digest() for body in files.values()}
    for path in ("samples/sample-1/schedule.xlsx", "trail/trail.csv", "population/control-totals.csv"):
        assert path in files
    assert any(path.startswith("letter/") for path in files)
    assert sum(path.endswith(".proof.json") for path in files) == 2


def test_nothing_outside_the_scope_is_inside(packed: Packed) -> None:
    assert not packed.foreign & {hashlib.sha256(body).digest() for body in packed.files.values()}
    for path, body in packed.files.items():
        if path.startswith("check/"):
            continue
        for each in opened(body).values() if path.endswith(".xlsx") else (body,):
            for words in packed.words:
                assert words.encode() not in each, f"{words} stands in {path}"


def test_an_entry_that_reaches_beyond_the_scope_is_shown_in_part_and_has_no_proof(packed: Packed) -> None:
    assert f"{packed.both}-" in packed.files["samples/sample-1/schedule.csv"].decode("utf-8-sig")
    assert not any(f"entry-{packed.both}." in path for path in packed.files)
    assert b"outside this engagement" in packed.files["index.html"]


def test_proofs_hold_by_the_script_of_the_pack(packed: Packed, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        archive.extractall(tmp_path)
    found = sorted(tmp_path.glob("proofs/*/entry-*.proof.json"))
    assert found
    for each in found:
        done = subprocess.run([sys.executable, "check/verify_proof.py", str(each)], cwd=tmp_path, capture_output=True)
        assert done.returncode == 0, done.stdout


def test_the_sample_is_drawn_again_by_the_script_of_the_pack(packed: Packed, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        archive.extractall(tmp_path)
    folder = "samples/sample-1"
    command = ["check/recompute_sample.py", f"{folder}/population.csv", "--plan", f"{folder}/plan.json"]
    done = subprocess.run(
        [sys.executable, "-I", *command, "--expect", f"{folder}/sample.csv"], cwd=tmp_path, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == (tmp_path / folder / "sample.csv").read_bytes()


def test_the_schedule_has_typed_amounts_and_names_the_evidence(packed: Packed) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(packed.files["samples/sample-1/schedule.xlsx"]))["sample"]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[4] == 92.86]
    assert len(rows) == 1
    assert all(path in packed.files for path in str(rows[0][10]).split(", "))
    assert sheet.freeze_panes


def test_control_totals_in_the_pack_tie(packed: Packed) -> None:
    totals = packed.files["population/control-totals.csv"].decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(totals)))
    assert rows
    assert {row["difference"] for row in rows} == {"0.00"}


def test_the_same_facts_give_the_same_bytes(packed: Packed) -> None:
    assert packed.content == packed.again


def test_the_index_speaks_the_language_asked_for_and_needs_nothing_from_elsewhere(packed: Packed) -> None:
    page = opened(packed.chinese)["index.html"].decode()
    assert '<html lang="zh-Hant-HK">' in page
    assert not re.search(r"https?:|<script|<link|@import|url\(", page)


def test_every_link_of_the_index_leads_to_a_file_of_the_pack(packed: Packed) -> None:
    linked = {part.split('"')[0] for part in packed.files["index.html"].decode().split('href="')[1:]}
    assert linked
    assert linked <= set(packed.files)


# The job


def test_a_pack_is_asked_for_built_and_handed_out_as_built(session: Session, world: PackWorld) -> None:
    made = asked(session, world)
    assert packing.build(made.id, lambda: NOW) is PackStatus.READY
    session.refresh(made)
    assert made.done == made.total > 10
    ready = packing.to_download(session, world.auditor, world.engagement.reference, made.id, now=NOW)
    content = b"".join(packing.content(ready.id))
    assert (len(content), hashlib.sha256(content).digest()) == (made.size_bytes, made.sha256)
    assert opened(content)["index.html"].decode().startswith('<!doctype html>\n<html lang="zh-Hant-HK">')


def test_a_pack_larger_than_a_piece_is_kept_in_pieces(
    session: Session, world: PackWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "PIECE", 1000)
    made = asked(session, world)
    packing.build(made.id, lambda: NOW)
    pieces = session.scalars(select(EvidencePackPart.number).where(EvidencePackPart.pack_id == made.id)).all()
    assert len(pieces) > 10
    session.refresh(made)
    assert hashlib.sha256(b"".join(packing.content(made.id))).digest() == made.sha256


def test_asking_twice_gives_the_pack_under_way(session: Session, world: PackWorld) -> None:
    assert asked(session, world).id == asked(session, world).id


def test_a_pack_whose_process_died_is_said_to_have_stopped_and_is_built_anew(
    session: Session, world: PackWorld
) -> None:
    made = asked(session, world)
    assert packing.state_of(session, made, NOW + timedelta(seconds=30)) == (PackStatus.WAITING, "")
    assert packing.state_of(session, made, NOW + timedelta(seconds=61)) == (PackStatus.FAILED, packing.STOPPED)
    again = asked(session, world, seconds=61)
    assert again.id != made.id
    session.refresh(made)
    assert (made.status, made.failure) == (PackStatus.FAILED, packing.STOPPED)


def test_a_pack_that_is_being_built_has_not_stopped(session: Session, world: PackWorld) -> None:
    made = asked(session, world)
    with packing._held(made.id) as held:
        assert held
        assert packing.state_of(session, made, NOW + timedelta(hours=1)) == (PackStatus.WAITING, "")
        assert packing.build(made.id, lambda: NOW) is PackStatus.WAITING


def test_a_file_that_fails_fails_the_pack_and_is_named(
    session: Session, world: PackWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        raise OSError("no space")

    monkeypatch.setattr(pack, "_trail", broken)
    made = asked(session, world)
    assert packing.build(made.id, lambda: NOW) is PackStatus.FAILED
    session.refresh(made)
    assert (made.step, made.failure) == ("trail/trail.csv", packing.FAILED_AT)
    with pytest.raises(NotFound):
        packing.to_download(session, world.auditor, world.engagement.reference, made.id, now=NOW)
    assert asked(session, world).id != made.id


def test_access_to_a_pack_ends_with_the_engagement(session: Session, world: PackWorld) -> None:
    made = asked(session, world)
    packing.build(made.id, lambda: NOW)
    later = NOW + (date(2027, 2, 1) - NOW.date())
    for now in (later, NOW):
        if now is NOW:
            session.refresh(world.engagement)
            step = Step(world.engagement.version, "Done")
            service.end(session, world.made.maker, world.engagement.reference, step, now=NOW)
        with pytest.raises(NotFound):
            packing.to_download(session, world.auditor, world.engagement.reference, made.id, now=now)
        with pytest.raises(NotFound):
            packing.ask(session, world.auditor, world.engagement.reference, AskForPack(), now=now)


def test_a_pack_is_not_built_after_the_end(session: Session, world: PackWorld) -> None:
    made = asked(session, world)
    assert packing.build(made.id, lambda: NOW + timedelta(days=400)) is PackStatus.FAILED
    session.refresh(made)
    assert made.failure == packing.ENDED


def test_nobody_else_reaches_a_pack(session: Session, world: PackWorld) -> None:
    made = asked(session, world)
    packing.build(made.id, lambda: NOW)
    for actor in (world.made.finance, world.made.leader, world.made.checker):
        with pytest.raises(NotFound):
            packing.to_download(session, actor, world.engagement.reference, made.id, now=NOW)


def test_a_pack_of_another_engagement_is_not_there(session: Session, world: PackWorld) -> None:
    made = asked(session, world)
    packing.build(made.id, lambda: NOW)
    other, auditor = evidence_packs.engaged(session, world.made)
    with pytest.raises(NotFound):
        packing.to_download(session, auditor, other.reference, made.id, now=NOW)


def test_a_line_not_sealed_yet_is_said_and_has_no_proof(session: Session, world: PackWorld) -> None:
    number = evidence_packs.spread(session, world.made, world.made.contract)
    session.commit()
    evidence_packs.locked(session, world.engagement, world.auditor, world.made.contract)
    session.commit()
    files = opened(written(world))
    assert not any(f"entry-{number}." in path for path in files)
    assert b"not sealed yet" in files["index.html"]
    sealing.seal(session)
    with unit_of_work():
        assert any(f"entry-{number}." in path for path in opened(written(world)))


def test_a_sealed_sample_is_proven_by_the_script_of_the_pack_and_before_that_said_to_wait(
    session: Session, world: PackWorld, tmp_path: Path
) -> None:
    waiting = opened(written(world))
    seal = "samples/sample-1/sealed.json"
    book = world.made.grantee.code
    assert f"Not in a block of book {book} yet." in waiting["index.html"].decode()
    assert f"Not in a block of book {book} yet." in words_of_schedule(waiting)
    assert seal not in waiting
    sealing.seal(session)
    content = written(world)
    files = opened(content)
    place = json.loads(files["manifest.json"])["samples"][0]["place"]
    assert place["book"] == book
    assert f"In the seal: book {book}, block {place['block']}." in files["index.html"].decode()
    assert f"In the seal: book {book}, block {place['block']}." in words_of_schedule(files)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(tmp_path)
    done = subprocess.run([sys.executable, "check/verify_proof.py", seal], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert json.loads(files["samples/sample-1/plan.json"])["sample_sha256"] in done.stdout


def test_a_command_writes_the_pack_for_its_auditor_and_nobody_else(
    session: Session, world: PackWorld, tmp_path: Path
) -> None:
    out = tmp_path / "pack.zip"

    def run(email: str) -> Result:
        asked_for = ["pack", world.engagement.reference, "--out", str(out), "--as", email, "--json"]
        return CliRunner().invoke(engagement, asked_for)

    assert isinstance(run(world.made.finance.email).exception, NotFound)
    assert not list(tmp_path.iterdir())
    done = run(world.auditor.email)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    content = out.read_bytes()
    assert (len(content), hashlib.sha256(content).hexdigest()) == (told["bytes"], told["sha256"])
    assert "manifest.json" in opened(content)


@pytest.mark.slow
def test_a_process_of_its_own_builds_what_was_asked_for(
    session: Session, engine: Engine, world: PackWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("HETAO_HOME", str(tmp_path))
    settings.cache_clear()
    made = asked(session, world)
    packing.start(made.id)
    for _second in range(120):
        session.refresh(made)
        session.rollback()
        if made.status not in packing.UNFINISHED:
            break
        time.sleep(1)
    settings.cache_clear()
    assert made.status == PackStatus.READY, (tmp_path / "packs.log").read_text(encoding="utf-8")
