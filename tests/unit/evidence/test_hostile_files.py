"""Hostile files are refused in time, in words and within bounds; the good twin of each is taken."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.demo.papers import paper
from app.evidence.examining import Examined, Unsafe, examine, of_our_own_making
from app.evidence.refusals import REFUSALS, breach_of
from app.settings import PROJECT
from tests.unit.evidence.auditors_reports import REPORTS
from tests.unit.evidence.hostile_files import PAIRS, png_of

IN_TIME = 2.0
"""Processor seconds within which a hostile file must be refused: wall time says more of a machine's other work."""


@pytest.mark.parametrize("name", PAIRS)
def test_hostile_file_is_refused_by_name_in_time(name: str) -> None:
    content = PAIRS[name].hostile()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = examine(content)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert found == Unsafe(PAIRS[name].code)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime <= IN_TIME + 0.2


@pytest.mark.parametrize("name", PAIRS)
def test_good_twin_is_taken(name: str) -> None:
    assert isinstance(examine(PAIRS[name].good()), Examined)


@pytest.mark.parametrize("name", REPORTS)
def test_hostile_report_of_an_auditor_is_refused_and_its_good_twin_is_taken(name: str) -> None:
    pair = REPORTS[name]
    assert examine(pair.hostile(), signed_report=True) == Unsafe(pair.code)
    assert isinstance(examine(pair.good(), signed_report=True), Examined)


def test_report_with_attachments_is_no_receipt() -> None:
    assert examine(REPORTS["program inside"].good()) == Unsafe("pdf-embedded")


def test_every_refusal_has_its_words_and_is_met_by_a_file() -> None:
    met = {pair.code for pair in (*PAIRS.values(), *REPORTS.values())} | {"too-heavy"}
    assert met == set(REFUSALS)
    for code in REFUSALS:
        assert breach_of(code).message
        assert breach_of(code).cure


def test_the_examining_process_stays_below_three_hundred_megabytes() -> None:
    heaviest = (PAIRS["object streams that grow"].hostile(), PAIRS["OFD that grows"].hostile(), png_of(6_300, 6_300))
    for content in heaviest:
        measured = subprocess.run(
            [sys.executable, "-c", _MEASURE], input=content, capture_output=True, check=True, cwd=PROJECT
        )
        assert int(measured.stdout) < 300 * 1024


_MEASURE = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-m", "app.evidence.examination.process"], input=sys.stdin.buffer.read(),
               capture_output=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def test_a_process_that_is_stopped_for_its_appetite_is_a_refusal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    greedy = tmp_path / "greedy"
    greedy.write_text("#!/bin/sh\nkill -XCPU $$\n", encoding="ascii")
    greedy.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(greedy))
    assert examine(b"%PDF-1.7 a file that takes for ever") == Unsafe("too-heavy")


def test_processor_time_and_memory_of_an_examination_are_bounded() -> None:
    endless = "from app.evidence.examination import process as p; p.limit()\nwhile True: pass"
    started = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    stopped = subprocess.run([sys.executable, "-c", endless], cwd=PROJECT, check=False)
    assert stopped.returncode == -signal.SIGXCPU
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - started < IN_TIME + 0.5
    hungry = "from app.evidence.examination import process as p; p.limit(); bytearray(300 << 20)"
    assert b"MemoryError" in subprocess.run([sys.executable, "-c", hungry], cwd=PROJECT, capture_output=True).stderr


def test_a_broken_process_is_a_refusal_and_not_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert examine(b"%PDF-1.7 a file that no process has seen") == Unsafe("damaged")


def test_papers_of_our_own_making_are_examined_by_the_same_rules_without_a_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn = paper("minutes", "Minutes of the committee").content
    apart = examine(drawn)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with of_our_own_making():
        assert examine(drawn) == apart
        assert examine(b"<svg/>") == Unsafe("drawing")
    assert examine(drawn) == Unsafe("damaged")


def test_only_the_demonstration_may_say_that_files_are_its_own() -> None:
    said = {file for file in (PROJECT / "app").rglob("*.py") if "of_our_own_making" in file.read_text(encoding="utf-8")}
    assert {str(file.relative_to(PROJECT)) for file in said} == {"app/demo/stage.py", "app/evidence/examining.py"}
