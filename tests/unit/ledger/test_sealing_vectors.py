"""Golden vectors of what is sealed. They never change: books sealed once must verify for decades.

Another canonical form would get another version, beside this one.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from app.ledger.sealing.canonical import Place, account_text, attached_text, canonical, entry_text
from app.ledger.sealing.keys import SealKey, introduction_text
from app.ledger.sealing.merkle import (
    TILE,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
)
from app.ledger.sealing.notes import Head, holds, note, signature_line, split
from tests.builders.sealing import proof_verifier

CHARACTERS = 'a0 é中𠮷"\\/\n\x1f\x7f\u2028'
"""What JSON escapes, what it does not, and what takes one to four bytes."""

BOOK = UUID("00000000-0000-7000-8000-000000000001")
PLACE = Place(BOOK, 16, 3, date(2026, 3, 1), 17, bytes(range(16)))


def uid(number: int) -> UUID:
    return UUID(int=number)


ENTRY = SimpleNamespace(
    entry_id=17,
    book_id=BOOK,
    effective_on=date(2026, 3, 31),
    kind="REVERSAL",
    recorded_at=datetime(2026, 4, 1, 1, 2, 3, 4, tzinfo=UTC),
    xact="742",
    seal_epoch=1,
    line_count=2,
    event_id=uid(2),
    reverses_id=9,
    reverses_on=date(2026, 3, 30),
    actor_id=uid(3),
    approval_id=uid(4),
    reason='Entered twice, 重複 "入帳"\n𠮷',
    evidence_sha256=bytes(range(32)),
)
LINES = [
    SimpleNamespace(
        line_no=1,
        book_id=BOOK,
        account_id=5,
        currency="CNY",
        amount_minor=-123456,
        side="D",
        functional_minor=-133333,
        rate_id=uid(6),
        contract_id=uid(7),
        tranche_id=uid(8),
        disbursement_id=uid(9),
        claim_id=uid(10),
        heading="TRAVEL",
        pocket_id=uid(11),
        party_id=uid(12),
    ),
    SimpleNamespace(
        line_no=2,
        book_id=BOOK,
        account_id=6,
        currency="CNY",
        amount_minor=123456,
        side="C",
        functional_minor=133333,
        rate_id=None,
        contract_id=None,
        tranche_id=None,
        disbursement_id=None,
        claim_id=None,
        heading=None,
        pocket_id=None,
        party_id=None,
    ),
]
ACCOUNT = SimpleNamespace(
    book_id=BOOK,
    account_id=5,
    code="3101",
    currency="CNY",
    subject_id=uid(11),
    role="POCKET",
    normal_side="C",
    limited=True,
    stripes=1,
    heading=None,
    is_own=False,
    opened_at=datetime(2026, 1, 2, tzinfo=UTC),
    debit_minor=1,
    credit_minor=2,
    functional_minor=-3,
)
ATTACHED = SimpleNamespace(
    attached_id=uid(13),
    book_id=BOOK,
    subject="audit sample ENG-2026-001/2",
    sha256=bytes(32),
    attached_at=datetime(2026, 4, 1, tzinfo=UTC),
)
HEAD = Head(BOOK, "FBIQ", "CNY", 3, 17, b"r" * 32, b"b" * 32, b"p" * 32, 1, datetime(2026, 4, 1, tzinfo=UTC), "0" * 16)


def test_an_entry_is_hashed_as_it_always_was() -> None:
    assert (
        leaf_hash(entry_text(PLACE, ENTRY, LINES)).hex()
        == "e6cedbb528ea20f14cba85a7e7d8ddc33c9ff381e6d5eab5ba1d68c60ef2da46"
    )


def test_an_account_is_hashed_as_it_always_was() -> None:
    assert leaf_hash(account_text(ACCOUNT)).hex() == "0329a27a672daf2d15e1ef5b1fd9c5479572e38d274525c1b3c20bb3f7717e50"


def test_a_head_is_signed_as_it_always_was() -> None:
    expected = (
        "948cd50c179318b2c475ec7542fecfddf579ffe1f9235c75969307c40a92d496"
        "ea822391b14cbf1c3723d14f876f16b96a2ea1935770532ce9e89a17b31ad30a"
    )
    assert SealKey.of_seed(bytes(32)).sign(HEAD.text).hex() == expected


def test_a_head_says_what_is_attached_and_otherwise_nothing_of_it() -> None:
    with_digest = replace(HEAD, attached=b"a" * 32)
    assert with_digest.text == f"{HEAD.text}attached YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=\n"


def test_an_attachment_is_hashed_as_it_always_was() -> None:
    assert attached_text(ATTACHED).decode() == (
        '{"at":"2026-04-01T00:00:00.000000+00:00","attached":"00000000-0000-0000-0000-00000000000d",'
        '"book":"00000000-0000-7000-8000-000000000001","sha256":"' + "00" * 32 + '",'
        '"subject":"audit sample ENG-2026-001/2","v":"1"}'
    )


def test_a_key_is_introduced_as_it_always_was() -> None:
    said = introduction_text(bytes(32), datetime(2026, 4, 1, tzinfo=UTC), None)
    assert said == f"hetao-ledger key\n{'00' * 32}\nintroduced 2026-04-01T00:00:00.000000+00:00\nafter none\n"


@pytest.mark.parametrize("column", sorted(vars(ENTRY)))
def test_every_column_of_an_entry_is_in_its_text(column: str) -> None:
    changed = SimpleNamespace(**vars(ENTRY) | {column: _other(getattr(ENTRY, column))})
    assert entry_text(PLACE, changed, LINES) != entry_text(PLACE, ENTRY, LINES)


@pytest.mark.parametrize("column", sorted(vars(LINES[0])))
def test_every_column_of_a_line_is_in_its_text(column: str) -> None:
    changed = SimpleNamespace(**vars(LINES[0]) | {column: _other(getattr(LINES[0], column))})
    assert entry_text(PLACE, ENTRY, [changed, LINES[1]]) != entry_text(PLACE, ENTRY, LINES)


@pytest.mark.parametrize("column", sorted(vars(ACCOUNT)))
def test_every_column_of_an_account_is_in_its_text(column: str) -> None:
    changed = SimpleNamespace(**vars(ACCOUNT) | {column: _other(getattr(ACCOUNT, column))})
    assert account_text(changed) != account_text(ACCOUNT)


def _other(value: object) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, UUID):
        return uid(99)
    if isinstance(value, bytes):
        return bytes(32)
    if isinstance(value, datetime):
        return value.replace(microsecond=5)
    if isinstance(value, date):
        return value.replace(day=2)
    return f"{value or ''}x"


def test_floats_have_no_canonical_text() -> None:
    with pytest.raises(TypeError):
        canonical({"amount": 1.5})


@given(st.dictionaries(st.text("abxyz_", min_size=1), st.text(CHARACTERS) | st.integers()))
def test_canonical_text_is_json_that_says_the_same(fields: dict[str, object]) -> None:
    assert json.loads(canonical(fields)) == {name: str(value) for name, value in fields.items()}


def test_the_tree_is_that_of_rfc_6962() -> None:
    # the test vectors of Certificate Transparency's reference tree
    leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    roots = {
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    hashes = [leaf_hash(bytes.fromhex(each)) for each in leaves]
    assert {size: root_of(hashes[:size]).hex() for size in roots} == roots


@given(st.integers(1, 600), st.data())
def test_proofs_of_any_tree_hold(size: int, data: st.DataObject) -> None:
    hashes = [leaf_hash(str(n).encode()) for n in range(size)]

    def range_hash(first: int, last: int) -> bytes:
        return root_of(hashes[first:last])

    leaf = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    root = root_of(hashes)
    path = inclusion_proof(leaf, size, range_hash)
    assert proof_verifier.root_from_path(hashes[leaf], leaf, size, path) == root
    assert proof_verifier.root_from_path(hashes[leaf] + b"x", leaf, size, path) != root
    grown = proof_verifier.roots_from_path(old, size, root_of(hashes[:old]), consistency_proof(old, size, range_hash))
    assert grown == (root_of(hashes[:old]), root)


@given(st.integers(0, 700), st.integers(0, 300))
def test_a_tree_goes_on_where_it_was_remembered(before: int, more: int) -> None:
    tree = Frontier()
    tiles = [tree.push(leaf_hash(str(n).encode())) for n in range(before)]
    again = Frontier.of_bytes(before, tree.packed)
    for n in range(before, before + more):
        assert again.push(leaf_hash(str(n).encode())) == tree.push(leaf_hash(str(n).encode()))
    assert again.root == tree.root
    assert sum(tile is not None for tile in tiles) == before // TILE


def test_a_frontier_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="3 leaves"):
        Frontier.of_bytes(3, bytes(32))


def test_a_note_is_read_as_it_was_written() -> None:
    key = SealKey.of_seed(bytes(32))
    written = note(HEAD.text, [signature_line(HEAD.origin, key.public, key.sign(HEAD.text))])
    text, signatures = split(written)
    assert text == HEAD.text
    assert holds(key.public, signatures["hetao-ledger/FBIQ"], text)
    assert not holds(key.public, signatures["hetao-ledger/FBIQ"], text.replace("17", "18"))


def test_nodes_and_leaves_cannot_be_taken_for_each_other() -> None:
    assert node_hash(b"a" * 32, b"b" * 32) != leaf_hash(b"a" * 32 + b"b" * 32)
