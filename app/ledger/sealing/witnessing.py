"""Witnessing: another institution's signature under a checkpoint says that it has seen this head, and no other.

The witness remembers the last head it signed for each book, and signs a later one only with a proof that the book
merely grew. Who is shown two different histories of one book would need two signatures of one witness.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from app.ledger.sealing import bundle, notes
from app.ledger.sealing.keys import SealKey
from app.ledger.sealing.verifying import growth_findings, note_fields


class NotWitnessed(Exception):
    """The checkpoint is not signed or not taken; the message says why."""


def countersign(
    checkpoint: str, origin_key: bytes, key: SealKey, name: str, seen: Path, growth: dict[str, Any] | None
) -> str:
    """The checkpoint with the witness' signature added. `seen` is the folder of heads signed before.

    Raises NotWitnessed where the signature does not hold, the book shrank, or nothing proves that it only grew.
    """
    text, signatures, said = _read(checkpoint)
    if not notes.holds(origin_key, signatures.get(said["origin"], b""), text):
        raise NotWitnessed(f"The checkpoint is not signed by the key of {said['origin']} that you gave.")
    if name == said["origin"]:
        raise NotWitnessed("A book cannot be the witness of itself.")
    file = seen / f"{said['book']}.checkpoint"
    if file.exists():
        _require_growth(file.read_text(encoding="utf-8"), text, said, growth, origin_key)
    seen.mkdir(parents=True, exist_ok=True)
    signed = checkpoint.rstrip("\n") + "\n" + notes.signature_line(name, key.public, key.sign(text))
    draft = file.with_suffix(".draft")
    draft.write_text(signed, encoding="utf-8")
    draft.replace(file)
    return signed


def _require_growth(
    before: str, text: str, said: dict[str, str], growth: dict[str, Any] | None, origin_key: bytes
) -> None:
    old_text, _signatures, old = _read(before)
    if old_text == text:
        return
    if int(old["size"]) > int(said["size"]):
        raise NotWitnessed(f"The book had {old['size']} leaves when it was last signed, and now has {said['size']}.")
    if growth is None:
        raise NotWitnessed(
            f"The book was last signed at block {old['block']}. Ask for the proof of growth from block {old['block']} "
            f"to block {said['block']}, and give it with --growth."
        )
    proven = (notes.split(growth["earlier"])[0], notes.split(growth["checkpoint"])[0])
    findings = growth_findings(growth)
    if findings or proven != (old_text, text) or growth["public_key"] != origin_key.hex():
        raise NotWitnessed("; ".join(findings) or "The proof of growth is not between these two checkpoints.")


def take_witness(session: Session, checkpoint: str, witness_key: bytes) -> str:
    """Keep another book's signature under a block of ours; answers with the witness' name. Raises NotWitnessed."""
    text, signatures, said = _read(checkpoint)
    code = said["origin"].removeprefix(notes.ORIGIN)
    book_id = session.scalar(sql("select book_id from ledger.book where code = :code"), {"code": code})
    ours = bundle.blocks(session, book_id, number=int(said["block"])) if book_id else []
    if not ours or ours[0].head.text != text:
        raise NotWitnessed(f"Block {said['block']} of {code} here is not the one that was signed.")
    for name, signature in signatures.items():
        if name != said["origin"] and notes.holds(witness_key, signature, text):
            session.execute(
                sql("select ledger.add_witness(:book, :block, :witness, :public, :signature)"),
                {
                    "book": book_id,
                    "block": int(said["block"]),
                    "witness": name,
                    "public": witness_key,
                    "signature": signature,
                },
            )
            return name
    raise NotWitnessed("No signature in the file is by the witness' key that you gave.")


def _read(checkpoint: str) -> tuple[str, dict[str, bytes], dict[str, str]]:
    try:
        text, signatures = notes.split(checkpoint)
        return text, signatures, note_fields(text)
    except (ValueError, KeyError) as failure:
        raise NotWitnessed(f"The checkpoint cannot be read: {failure}.") from None
