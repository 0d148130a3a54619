"""Screens of books: how far they are sealed, their entries, their blocks, and what is taken away to prove it."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from app.access.guards import current_actor, public, requires
from app.access.permissions import Permission
from app.books import queries, service
from app.books.forms import ACCOUNT_LABELS, KIND_LABELS, AsOfForm, ContentsForm, EntryListForm, GrowthForm
from app.books.queries import EntryFilters
from app.books.service import File
from app.db.unit_of_work import unit_of_work
from app.kernel.errors import InputRefused
from app.ledger.balances import PostingRow
from app.ledger.sealing import status
from app.people import queries as people
from app.web.downloads import attachment
from app.web.forms import HtmlForm, load_query
from app.web.paging import Page
from app.web.present import now
from app.web.schemas import PageOf, PageQuery
from app.web.templating import choices, page
from app.web.translation import current_language
from reports.account_names import AccountNames
from reports.model import Language
from reports.output.wording import Voice, catalogue

pages = Blueprint("books", __name__)

KEYS_FORMAT = "hetao-ledger-keys/1"


@pages.get("/books")
@requires(Permission.LEDGER_READ)
def index() -> ResponseReturnValue:
    """The books one may read, what is sealed and what waits."""
    with unit_of_work() as session:
        return page(
            "books/index.html",
            books=queries.books(session, current_actor(), now()),
            limit=queries.alarm_limit(session, now()),
            minutes=minutes,
        )


def minutes(span: timedelta) -> int:
    """Whole minutes of a span, for people."""
    return int(span.total_seconds() // 60)


@pages.get("/books/keys")
@requires(Permission.LEDGER_READ)
def keys() -> ResponseReturnValue:
    """The public keys that seal the books."""
    with unit_of_work() as session:
        return page("books/keys.html", keys=queries.public_keys(session))


@pages.get("/.well-known/hetao-ledger-keys.json")
@public("Whoever holds a checkpoint must be able to ask for the key that signed it; a public key is no secret")
def published_keys() -> ResponseReturnValue:
    """The public keys, for those who check a proof without an account here."""
    with unit_of_work() as session:
        found = queries.public_keys(session)
    return jsonify({"format": KEYS_FORMAT, "keys": [queries.key_facts(each) for each in found]})


@pages.get("/books/<code>/entries")
@requires(Permission.LEDGER_READ)
def entries(code: str) -> ResponseReturnValue:
    """The journal of a book, the last recorded first."""
    form = HtmlForm(EntryListForm, initial=request.args.to_dict())
    filters = None
    try:
        filters = load_query(EntryListForm)
    except InputRefused as refusal:
        form.refuse(refusal)
    with unit_of_work() as session:
        place = queries.book(session, current_actor(), code)
        found = queries.entries(session, current_actor(), place.id, filters) if filters else Page([])
        shown = page(
            "books/entries.html",
            book=place,
            entries=found,
            filters=filters or EntryFilters(),
            form=form,
            typed=request.args,
            accounts=[(number, f"{number} {words}") for number, words in choices(ACCOUNT_LABELS)],
            kinds=KIND_LABELS,
            waiting=status.lag(session, place.id, now()),
        )
    return shown, form.status


@pages.get("/books/<code>/entries/<int:entry_id>")
@requires(Permission.LEDGER_READ)
def entry(code: str, entry_id: int) -> ResponseReturnValue:
    """One entry: its lines, what it belongs to, where it is sealed, and its proofs."""
    with unit_of_work() as session:
        read = queries.entry(session, current_actor(), code, entry_id)
        names = AccountNames(session, read.book.id)
        language = Language(current_language().code)
        voice = Voice(language, catalogue(language))

        def account_name(posting: PostingRow) -> str:
            return voice.say(names.name(posting.code, posting.subject_id)).text

        return page(
            "books/entry.html",
            book=read.book,
            entry=read.row,
            read=read,
            kinds=KIND_LABELS,
            account_name=account_name,
            people=people.names_of(session, (read.row.actor_id,), current_language().code),
            last=status.last_block(session, read.book.id),
        )


@pages.get("/books/<code>/entries/<int:entry_id>/proof")
@requires(Permission.LEDGER_READ)
def prove_entry(code: str, entry_id: int) -> ResponseReturnValue:
    """The proof that an entry is in its book."""
    wanted = load_query(AsOfForm)
    with unit_of_work() as session:
        made = service.prove_entry(session, current_actor(), code, entry_id, wanted.block, now=now())
    return sent(made)


@pages.get("/books/<code>/balances/<int:account_id>/proof")
@requires(Permission.LEDGER_READ)
def prove_balance(code: str, account_id: int) -> ResponseReturnValue:
    """The proof of what stands on an account."""
    wanted = load_query(AsOfForm)
    with unit_of_work() as session:
        made = service.prove_balance(session, current_actor(), code, account_id, wanted.block, now=now())
    return sent(made)


@pages.get("/books/<code>/growth")
@requires(Permission.LEDGER_READ)
def prove_growth(code: str) -> ResponseReturnValue:
    """The proof that the book only grew between two blocks; what cannot be proved is said on the page of blocks."""
    form = HtmlForm(GrowthForm, initial=request.args.to_dict())
    try:
        wanted = load_query(GrowthForm)
        with unit_of_work() as session:
            made = service.prove_growth(session, current_actor(), code, wanted.earlier, wanted.later, now=now())
    except InputRefused as refusal:
        form.refuse(refusal)
        return _blocks(code, PageOf(), form), form.status
    return sent(made)


@pages.get("/books/<code>/blocks")
@requires(Permission.LEDGER_READ)
def blocks(code: str) -> ResponseReturnValue:
    """The blocks of a book, the newest first, with their checkpoints; and the book's bundle."""
    return _blocks(code, load_query(PageQuery), HtmlForm(GrowthForm, initial={}))


def _blocks(code: str, wanted: PageOf, form: HtmlForm) -> str:
    with unit_of_work() as session:
        place = queries.book(session, current_actor(), code)
        return page(
            "books/blocks.html",
            book=place,
            blocks=queries.blocks(session, place.id, wanted.cursor, wanted.limit),
            last=status.last_block(session, place.id),
            waiting=status.lag(session, place.id, now()),
            form=form,
        )


@pages.get("/books/<code>/blocks/<int:number>/checkpoint")
@requires(Permission.LEDGER_READ)
def checkpoint(code: str, number: int) -> ResponseReturnValue:
    """The signed note of a block, to keep where we cannot reach."""
    with unit_of_work() as session:
        made = service.checkpoint(session, current_actor(), code, number, now=now())
    return sent(made)


@pages.get("/books/<code>/bundle")
@requires(Permission.LEDGER_READ)
def bundle(code: str) -> ResponseReturnValue:
    """The whole book as of its last block, for the auditor's script."""
    wanted = load_query(ContentsForm)
    with unit_of_work() as session:
        place = service.hand_out_bundle(session, current_actor(), code, reasons=wanted.reasons, now=now())
    name = service.bundle_name(code, reasons=wanted.reasons)
    return attachment(service.packed_bundle(place.id, reasons=wanted.reasons), service.GZIP, name)


def sent(made: File) -> Response:
    """A file of a book, to be saved."""
    return attachment(made.content, made.media_type, made.name)
