"""Books as JSON: how far they are sealed, their entries and blocks; proofs, checkpoints and bundles as files."""

from __future__ import annotations

from flask import Response
from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.books import queries, service
from app.books.forms import AsOf, AsOfForm, Contents, ContentsForm, EntryListForm, Growth, GrowthForm
from app.books.queries import BookState, EntryFilters, EntryRead, ListedEntry
from app.books.service import File
from app.kernel.actor import Actor
from app.ledger.sealing.status import SealedBlock
from app.web.api import ApiBlueprint
from app.web.downloads import attachment
from app.web.paging import Page
from app.web.present import now
from app.web.schemas import CodeOut, MoneyOut, Out, PageOf, PageQuery, money_json

api = ApiBlueprint("books", __name__)


class BlockOut(Out):
    """A block; `entries` counts what is sealed up to and with it."""

    number = fields.Integer()
    entries = fields.Integer()
    sealed_at = fields.DateTime()
    block_hash = fields.String()
    key_id = fields.String()
    witnesses = fields.List(fields.String())


class LagOut(Out):
    """What is committed and not yet sealed."""

    entries = fields.Integer()
    attached = fields.Integer()
    oldest_at = fields.DateTime(allow_none=True)
    seconds = fields.Function(lambda lag: int(lag.age.total_seconds()))


class BookOut(Out):
    """A book and how far it is sealed."""

    code = fields.String()
    functional_currency = CodeOut()
    sealed_entries = fields.Integer()
    last_block = fields.Nested(BlockOut, attribute="last", allow_none=True)
    unsealed = fields.Nested(LagOut, attribute="lag")
    alarm = fields.Boolean()


class KeyOut(Out):
    """A public key in hex, and the key that introduced it; the first introduced itself."""

    key_id = fields.String()
    public_key = fields.String()
    introduced_at = fields.String()
    introduced_by = fields.String()
    introduction = fields.String()


class HeaderOut(Out):
    """An entry; voucher, leaf and block are null while it waits to be sealed."""

    entry_id = fields.Integer()
    effective_on = fields.Date()
    recorded_at = fields.DateTime()
    kind = CodeOut()
    reason = fields.String()
    event_id = fields.UUID()
    reverses_id = fields.Integer(allow_none=True)
    voucher = fields.Function(lambda row: row.voucher or None)
    leaf = fields.Integer(attribute="leaf_no", allow_none=True)
    block = fields.Integer(attribute="block_no", allow_none=True)


class ListedOut(Out):
    """An entry of the list, with what it moved on its debit side in each currency."""

    entry = fields.Nested(HeaderOut, attribute="row")
    debits = fields.Function(lambda listed: [money_json(each) for each in listed.debits.values()])


class LineOut(Out):
    """A line of an entry; amounts debit positive."""

    line_no = fields.Integer(attribute="posting.line_no")
    account_id = fields.Integer()
    account = CodeOut(attribute="posting.code")
    subject_id = fields.UUID(attribute="posting.subject_id", allow_none=True)
    side = fields.String(attribute="posting.side")
    amount = MoneyOut(attribute="posting.amount")
    functional = MoneyOut(attribute="posting.functional")
    heading = CodeOut(attribute="posting.heading", allow_none=True)
    contract = fields.String()
    disbursement = fields.String()


class LinkedOut(Out):
    """Another entry of the same event, in a book you may read."""

    entry_id = fields.Integer()
    book = fields.String(attribute="book_code")
    effective_on = fields.Date()


class EntryOut(Out):
    """An entry with its lines and links."""

    entry = fields.Nested(HeaderOut, attribute="row")
    lines = fields.List(fields.Nested(LineOut))
    same_event = fields.List(fields.Nested(LinkedOut))
    reversed_by = fields.Integer(allow_none=True)
    journal = fields.String()


@api.get("/books", permission=Permission.LEDGER_READ, response=BookOut, many=True, summary="List the books")
def index(session: Session, actor: Actor) -> list[BookState]:
    """The books you may read, what is sealed and what waits; `alarm` where something waits too long."""
    return queries.books(session, actor, now())


@api.get("/books/keys", permission=Permission.LEDGER_READ, response=KeyOut, many=True, summary="List the public keys")
def book_keys(session: Session, actor: Actor) -> list[dict[str, str]]:
    """Every key the books were sealed with, the newest first."""
    return [queries.key_facts(each) for each in queries.public_keys(session)]


@api.get(
    "/books/<code>/entries",
    permission=Permission.LEDGER_READ,
    query=EntryListForm,
    response=ListedOut,
    many=True,
    summary="List the entries of a book",
)
def book_entries(session: Session, actor: Actor, query: EntryFilters, code: str) -> Page[ListedEntry]:
    """The last recorded first."""
    return queries.entries(session, actor, queries.book(session, actor, code).id, query)


@api.get(
    "/books/<code>/entries/<int:entry_id>",
    permission=Permission.LEDGER_READ,
    response=EntryOut,
    summary="Read an entry",
)
def book_entry(session: Session, actor: Actor, code: str, entry_id: int) -> EntryRead:
    """One entry with its lines, its links and its place among the sealed ones."""
    return queries.entry(session, actor, code, entry_id)


@api.get(
    "/books/<code>/entries/<int:entry_id>/proof",
    permission=Permission.LEDGER_READ,
    query=AsOfForm,
    summary="Prove that an entry is in its book",
)
def prove_entry(session: Session, actor: Actor, query: AsOf, code: str, entry_id: int) -> Response:
    """The proof as JSON, for `tools/verify_proof.py`."""
    return _sent(service.prove_entry(session, actor, code, entry_id, query.block, now=now()))


@api.get(
    "/books/<code>/balances/<int:account_id>/proof",
    permission=Permission.LEDGER_READ,
    query=AsOfForm,
    summary="Prove what stands on an account",
)
def prove_balance(session: Session, actor: Actor, query: AsOf, code: str, account_id: int) -> Response:
    """The proof as JSON, for `tools/verify_proof.py`."""
    return _sent(service.prove_balance(session, actor, code, account_id, query.block, now=now()))


@api.get(
    "/books/<code>/growth",
    permission=Permission.LEDGER_READ,
    query=GrowthForm,
    summary="Prove that a book only grew between two blocks",
)
def prove_growth(session: Session, actor: Actor, query: Growth, code: str) -> Response:
    """The proof as JSON, for `tools/verify_proof.py`."""
    return _sent(service.prove_growth(session, actor, code, query.earlier, query.later, now=now()))


@api.get(
    "/books/<code>/blocks",
    permission=Permission.LEDGER_READ,
    query=PageQuery,
    response=BlockOut,
    many=True,
    summary="List the blocks of a book",
)
def book_blocks(session: Session, actor: Actor, query: PageOf, code: str) -> Page[SealedBlock]:
    """The newest first."""
    return queries.blocks(session, queries.book(session, actor, code).id, query.cursor, query.limit)


@api.get("/books/<code>/blocks/<int:number>", permission=Permission.LEDGER_READ, response=BlockOut)
def book_block(session: Session, actor: Actor, code: str, number: int) -> SealedBlock:
    """One block."""
    return queries.block(session, queries.book(session, actor, code).id, number)


@api.get(
    "/books/<code>/blocks/<int:number>/checkpoint",
    permission=Permission.LEDGER_READ,
    summary="Take a checkpoint away",
)
def book_checkpoint(session: Session, actor: Actor, code: str, number: int) -> Response:
    """The signed note of a block, as text."""
    return _sent(service.checkpoint(session, actor, code, number, now=now()))


@api.get(
    "/books/<code>/bundle",
    permission=Permission.LEDGER_READ,
    query=ContentsForm,
    summary="Take the whole book away",
)
def book_bundle(session: Session, actor: Actor, query: Contents, code: str) -> Response:
    """The book as of its last block, packed with gzip, for `tools/verify_ledger.py`; with or without the reasons."""
    place = service.hand_out_bundle(session, actor, code, reasons=query.reasons, now=now())
    name = service.bundle_name(code, reasons=query.reasons)
    return attachment(service.packed_bundle(place.id, reasons=query.reasons), service.GZIP, name)


def _sent(made: File) -> Response:
    return attachment(made.content, made.media_type, made.name)
