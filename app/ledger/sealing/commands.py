"""`hetao ledger seal`, `verify`, `bundle`, `checkpoint` and their kin. Exit status 0 only when all is well."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import click
import structlog
from sqlalchemy.exc import DBAPIError

from app.db.unit_of_work import one_moment, unit_of_work
from app.kernel.clock import Clock
from app.ledger import balances
from app.ledger.named_books import book_id_of
from app.ledger.sealing import bundle as bundles, keys, notes, proofs, sealer, verifying, witnessing
from app.ledger.sealing.keys import NoKey, SealKey
from app.ledger.sealing.sealer import IdsStartedAgain
from app.ledger.sealing.witnessing import NotWitnessed
from app.settings import settings

BOOK = click.option("--book", required=True, help="A book's code.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Key(click.ParamType[bytes]):
    """A public key of 32 bytes in hex."""

    name = "hex"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> bytes:
        """The key's bytes."""
        if isinstance(value, bytes):
            return value
        try:
            raw = bytes.fromhex(value)
        except ValueError:
            raw = b""
        if len(raw) != 32:
            self.fail("a public key has 64 hex digits", param, ctx)
        return raw


@click.command()
@click.option("--every", type=click.IntRange(1, 3600), help="Go on, pausing so many seconds, until stopped.")
@click.option("--under", type=int, hidden=True, help="Stop when this process is no longer our parent.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def seal(every: int | None, under: int | None, as_json: bool) -> None:
    """Seal what is committed into signed blocks, once or for as long as this runs."""
    key = _own_key()
    if every is not None:
        _keep_sealing(key, every, under)
        return
    with unit_of_work() as session:
        try:
            made = sealer.seal(session, key, now=Clock().now())
        except (NoKey, IdsStartedAgain) as failure:
            raise click.ClickException(str(failure)) from None
    if made is None:
        raise click.ClickException("Another sealer is at work.")
    if as_json:
        click.echo(
            json.dumps(
                [
                    {"book": s.book_code, "block": s.block_no, "entries": s.entries, "attached": s.attached}
                    for s in made
                ],
                indent=2,
            )
        )
    else:
        for each in made:
            attached = f" and {each.attached} attached digests" if each.attached else ""
            held = f"{each.entries} entries{attached}, {each.tree_size} entries in all"
            click.echo(f"{each.book_code}: block {each.block_no} with {held}.")
        if not made:
            click.echo("Nothing waits to be sealed.")


def _keep_sealing(key: SealKey, every: int, under: int | None) -> None:
    """Seal until SIGTERM, Ctrl-C or the death of the server; a database that is away for a while is waited for."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    log = structlog.get_logger("sealer")
    stuck = False
    while not stop.is_set() and under in (None, os.getppid()):
        try:
            with unit_of_work() as session:
                made = sealer.seal(session, key, now=Clock().now())
        except NoKey as failure:
            raise click.ClickException(str(failure)) from None
        except IdsStartedAgain as failure:
            if not stuck:
                log.error("sealing waits for a new epoch", error=str(failure))
            stuck, made = True, []
        except DBAPIError as failure:
            log.warning("sealing failed", error=type(failure.orig).__name__)
            made = []
        else:
            stuck = False
        if not made:
            stop.wait(every)


@click.command()
@click.option("--book", help="A book's code; without it, every book.")
@click.option("--checkpoint", "kept", type=FILE, multiple=True, help="A checkpoint you kept; may be given again.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def verify(book: str | None, kept: tuple[Path, ...], as_json: bool) -> None:
    """Verify sealed books as an auditor does, with tools/verify_ledger.py; exit 1 naming what does not hold."""
    held = [(str(path), path.read_text(encoding="utf-8")) for path in kept]
    with one_moment() as session:
        books = balances.book_ids(session) if book is None else {book: book_id_of(session, book)}
        done = [
            verifying.verify(session, book_id, [each for each in held if verifying.book_of(each[1]) == code])
            for code, book_id in books.items()
        ]
    strangers = [name for name, note in held if verifying.book_of(note) not in books]
    if as_json:
        facts = [{"book": d.code, "leaves": d.leaves, "blocks": d.blocks, "findings": list(d.findings)} for d in done]
        click.echo(json.dumps({"books": facts, "checkpoints_of_other_books": strangers}, indent=2, ensure_ascii=False))
    else:
        for each in done:
            for finding in each.findings:
                click.echo(f"{each.code}: {finding}", err=True)
            click.echo(f"{each.code}: {each.leaves} entries in {each.blocks} blocks, {len(each.findings)} findings.")
        for name in strangers:
            click.echo(f"{name} is a checkpoint of another book.", err=True)
    if strangers or any(each.findings for each in done):
        sys.exit(1)


@click.command()
@BOOK
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write.")
@click.option("--without-reasons", is_flag=True, help="Leave out the words of reasons, which may speak of people.")
def bundle(book: str, out: Path, without_reasons: bool) -> None:
    """A whole book with its proofs in one file, for tools/verify_ledger.py."""
    with one_moment() as session, out.open("w", encoding="utf-8") as file:
        for line in bundles.lines(session, book_id_of(session, book), reasons=not without_reasons):
            file.write(line)


@click.command()
@BOOK
@click.option("--block", type=click.IntRange(1), help="A block's number; without it, the newest.")
@click.option("--out", type=click.File("w", encoding="utf-8", lazy=False), default="-", help="File; default: print.")
def checkpoint(book: str, block: int | None, out: Any) -> None:
    """A block's signed head, to keep where nobody here can change it."""
    with one_moment() as session:
        note = bundles.checkpoint(session, book_id_of(session, book), block)
    if note is None:
        raise click.ClickException(f"{book} has no such block yet.")
    out.write(note)


@click.command()
@BOOK
@click.option("--from-block", type=click.IntRange(1), required=True, help="The earlier block.")
@click.option("--to-block", type=click.IntRange(1), help="The later block; without it, the newest.")
@click.option("--out", type=click.File("w", encoding="utf-8", lazy=False), default="-", help="File; default: print.")
def growth(book: str, from_block: int, to_block: int | None, out: Any) -> None:
    """The proof that a book only grew between two blocks, for tools/verify_proof.py and for witnesses."""
    with one_moment() as session:
        proof = proofs.of_growth(session, book_id_of(session, book), from_block, to_block)
    if proof is None:
        raise click.ClickException(f"{book} has no such blocks in this order.")
    out.write(json.dumps(proof, indent=2) + "\n")


@click.command("rotate-key")
@click.option(
    "--to",
    "successor",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The new key's file; made if absent.",
)
def rotate_key(successor: Path) -> None:
    """Let the signing key introduce its successor; then set HETAO_SEAL_KEY_FILE to the new file."""
    try:
        new = keys.read_key(successor, make=True)
        with unit_of_work() as session:
            keys.rotate(session, _own_key(), new, now=Clock().now())
    except NoKey as failure:
        raise click.ClickException(str(failure)) from None
    click.echo(f"Key {new.key_id} seals from now on. Set HETAO_SEAL_KEY_FILE={successor.absolute()} and start again.")


@click.command()
@click.argument("file", type=FILE)
@click.option("--origin-key", type=Key(), required=True, help="The public key of the book that made it, as published.")
@click.option("--as-book", required=True, help="The code of our book, in whose name we sign.")
@click.option("--growth", "proof", type=FILE, help="The proof of growth since the checkpoint we signed last.")
@click.option("--out", type=click.File("w", encoding="utf-8", lazy=False), default="-", help="File; default: print.")
def countersign(file: Path, origin_key: bytes, as_book: str, proof: Path | None, out: Any) -> None:
    """Sign another institution's checkpoint as its witness."""
    with one_moment() as session:
        book_id_of(session, as_book)
    try:
        signed = witnessing.countersign(
            file.read_text(encoding="utf-8"),
            origin_key,
            _own_key(),
            notes.ORIGIN + as_book,
            settings().home / "witnessed",
            json.loads(proof.read_text(encoding="utf-8")) if proof else None,
        )
    except NotWitnessed as failure:
        raise click.ClickException(str(failure)) from None
    out.write(signed)


@click.command("add-witness")
@click.argument("file", type=FILE)
@click.option("--witness-key", type=Key(), required=True, help="The witness' public key, as published.")
def add_witness(file: Path, witness_key: bytes) -> None:
    """Keep a witness' signature, from our checkpoint as it came back countersigned."""
    try:
        with unit_of_work() as session:
            name = witnessing.take_witness(session, file.read_text(encoding="utf-8"), witness_key)
    except NotWitnessed as failure:
        raise click.ClickException(str(failure)) from None
    click.echo(f"{name} is a witness of the block.")


COMMANDS = (seal, verify, bundle, checkpoint, growth, rotate_key, countersign, add_witness)
"""What `hetao ledger` takes from here."""


def _own_key() -> SealKey:
    try:
        return keys.own_key(settings())
    except NoKey as failure:
        raise click.ClickException(str(failure)) from None
