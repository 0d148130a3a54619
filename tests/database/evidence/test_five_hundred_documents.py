"""Of five hundred documents every one presented before is found, and hardly another is flagged."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy.orm import Session

from app.evidence import duplicates
from app.evidence.examination import process
from app.evidence.fields import DocumentFields, from_json
from app.evidence.keys import DocumentKeyValue, keys_of
from app.kernel.identity import new_id
from tests.builders import projects
from tests.builders.payments import NOW
from tests.database.evidence.documents import DOCUMENTS, Presented, presented

SEED = 20261122
FALSE_FLAGS = 0.02


def keys(document: Presented) -> tuple[DocumentKeyValue, ...]:
    """The keys of what was read, or of what a person typed in beside the photograph."""
    answer, _copies = process.examine(document.content)
    fields = from_json(answer["fields"])
    looks = [bytes.fromhex(each) for each in answer["fingerprints"]]
    shown = document.typed if fields == DocumentFields() and document.typed else fields
    return keys_of(shown, hashlib.sha256(document.content).digest(), looks)


@pytest.mark.slow
def test_every_document_presented_before_is_found_and_hardly_another(session: Session) -> None:
    places = [projects.institution(session, name).id for name in ("Lion Ridge University", "Qingtan Foundation")]
    lines = []
    missed, wrong, hints_missed, wrong_hints, repeated, looked_alike = [], [], [], [], 0, 0
    for number, document in enumerate(presented(SEED)):
        line = new_id()
        found = duplicates.register(
            session, keys(document), "claim-line", line, places[number % 2], now=NOW, actor=None
        )
        certain = any(match.certain for match in found)
        alike = any(not match.certain for match in found)
        lines.append(line)
        if document.repeats is not None and document.same_number:
            repeated += 1
            missed += [number] if not certain else []
        elif document.repeats is not None:
            looked_alike += 1
            hints_missed += [number] if not alike else []
        else:
            wrong += [number] if certain else []
            wrong_hints += [number] if alike else []
    assert (len(lines), missed) == (DOCUMENTS, [])
    assert repeated > 60
    assert len(wrong) <= FALSE_FLAGS * DOCUMENTS
    assert looked_alike > 5
    assert len(hints_missed) <= looked_alike // 2
    assert len(wrong_hints) <= FALSE_FLAGS * DOCUMENTS
