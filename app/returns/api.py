"""Returns as JSON. The file is sent as multipart/form-data beside the same fields."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.kernel.actor import Actor
from app.returns import queries, service
from app.returns.columns import Column
from app.returns.forms import (
    COLUMN_FIELDS,
    ImportForm,
    LayoutForm,
    PostForm,
    RefuseForm,
    ReturnListForm,
    RowsForm,
    SeenForm,
    SubmitForm,
)
from app.returns.models import ReturnLayout, ReturnRow, SpendingReturn
from app.returns.queries import ReturnFilters, RowsOf
from app.returns.service import ImportReturn, KeepLayout, PostReturn, SubmitReturn
from app.web.api import ApiBlueprint
from app.web.paging import Page
from app.web.present import now
from app.web.schemas import CodeOut, MoneyOut, Out
from app.web.wording import in_words, shown

api = ApiBlueprint("returns", __name__)
P = Permission


class ReturnOut(Out):
    """A return; its rows and its checks are asked for by themselves."""

    id = fields.UUID()
    reference = fields.String()
    institution_id = fields.UUID()
    contract_id = fields.UUID()
    file_name = fields.String()
    sha256 = fields.String()
    bank_account_id = fields.UUID(allow_none=True)
    first_day = fields.Date(allow_none=True)
    last_day = fields.Date(allow_none=True)
    row_count = fields.Integer()
    known_count = fields.Integer()
    status = CodeOut()
    status_reason = fields.String()
    made_by_id = fields.UUID()
    posted_by_id = fields.UUID(allow_none=True)
    version = fields.Integer()


class RowOut(Out):
    """One row; `entry_id` once it is posted. A negative amount is red ink."""

    line = fields.Integer()
    key = fields.String()
    kind = CodeOut()
    heading = CodeOut(allow_none=True)
    cost_on = fields.Date()
    amount = MoneyOut()
    payee = fields.String()
    payee_number = fields.String()
    description = fields.String()
    document_code = fields.String()
    document_number = fields.String()
    order_number = fields.String()
    entry_id = fields.Integer(allow_none=True)


class CheckOut(Out):
    """Something wrong with the return now, or pointed out, with its line and column where it has one."""

    code = CodeOut()
    line = fields.Integer(allow_none=True)
    column = fields.String(allow_none=True)
    message = fields.String()
    cure = fields.String()
    blocking = fields.Boolean()


class WordsOut(Out):
    """Words of the institution and the heading they mean."""

    words = fields.String()
    heading = CodeOut()


class LayoutOut(Out):
    """What the columns and words of an institution's files mean; a column without a name goes by its common names."""

    columns = fields.Dict(keys=fields.String(), values=fields.String())
    headings = fields.List(fields.Nested(WordsOut))
    currency = CodeOut(allow_none=True)


def _out(found: SpendingReturn) -> dict[str, Any]:
    own = {name: getattr(found, name) for name in ReturnOut().fields if name != "sha256"}
    return own | {"sha256": found.file_sha256.hex()}


def _row(row: ReturnRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in RowOut().fields if name != "key"} | {"key": row.row_key}


def _layout(layout: ReturnLayout | None) -> dict[str, Any]:
    meaning = queries.meaning_of(layout)
    return {
        "columns": {COLUMN_FIELDS[Column(column)]: name for column, name in meaning.columns.items()},
        "headings": [{"words": words, "heading": heading} for words, heading in meaning.headings.items()],
        "currency": meaning.currency,
    }


@api.get(
    "/returns", permission=P.RETURNS_READ, query=ReturnListForm, response=ReturnOut, many=True, summary="List returns"
)
def index(session: Session, actor: Actor, query: ReturnFilters) -> Page[dict[str, Any]]:
    """Spending returns in your scope, newest first."""
    return queries.listed(session, actor, query).map(_out)


@api.post(
    "/returns",
    permission=P.RETURNS_DRAFT,
    body=ImportForm,
    response=ReturnOut,
    status=201,
    summary="Import a return's file",
)
def import_file(session: Session, actor: Actor, command: ImportReturn) -> dict[str, Any]:
    """Keep the file as evidence and open a draft from it; ask for its checks before you submit it."""
    return _out(service.import_file(session, actor, command, now=now()))


@api.get("/returns/<reference:reference>", permission=P.RETURNS_READ, response=ReturnOut, summary="Show a return")
def detail(session: Session, actor: Actor, reference: str) -> dict[str, Any]:
    """One return."""
    return _out(queries.visible_return(session, actor, reference))


@api.get(
    "/returns/<reference:reference>/rows",
    permission=P.RETURNS_READ,
    query=RowsForm,
    response=RowOut,
    many=True,
    summary="List the rows of a return",
)
def rows(session: Session, actor: Actor, query: RowsOf, reference: str) -> Page[dict[str, Any]]:
    """The rows of a submitted return in the file's order."""
    found = queries.visible_return(session, actor, reference)
    return queries.page_of_rows(session, found.id, query).map(_row)


@api.get(
    "/returns/<reference:reference>/checks",
    permission=P.RETURNS_READ,
    response=CheckOut,
    many=True,
    summary="Check a return",
)
def checks(session: Session, actor: Actor, reference: str) -> list[dict[str, Any]]:
    """What stands in the way of a return now, by line and column, and what is pointed out."""
    found = queries.visible_return(session, actor, reference)
    checked = service.check(session, actor, found, now=now())
    return [
        {
            "code": breach.code,
            "line": breach.params.get("line"),
            "column": shown(breach.params["column"]) if "column" in breach.params else None,
            "message": in_words(breach).message,
            "cure": in_words(breach).cure,
            "blocking": breach.blocking,
        }
        for breach in (*checked.blocking, *checked.warnings)
    ]


@api.get("/returns/layouts/<code>", permission=P.RETURNS_DRAFT, response=LayoutOut, summary="Show what columns mean")
def layout(session: Session, actor: Actor, code: str) -> dict[str, Any]:
    """What the institution has laid down about its files."""
    place = queries.institution(session, actor, code)
    return _layout(queries.layout_of(session, place.id))


@api.post(
    "/returns/layouts/<code>",
    permission=P.RETURNS_DRAFT,
    body=LayoutForm,
    response=LayoutOut,
    summary="Say what columns mean",
)
def keep_layout(session: Session, actor: Actor, command: KeepLayout, code: str) -> dict[str, Any]:
    """Lay down what the columns and words of the institution's files mean, in place of what was laid down before."""
    place = queries.institution(session, actor, code)
    return _layout(service.keep_layout(session, actor, place.id, command, now=now()))


@api.post(
    "/returns/<reference:reference>/submit",
    permission=P.RETURNS_DRAFT,
    body=SubmitForm,
    response=ReturnOut,
    summary="Submit a return",
)
def submit(session: Session, actor: Actor, command: SubmitReturn, reference: str) -> dict[str, Any]:
    """Write the rows and submit them for a second person: all of them or none."""
    found = queries.visible_return(session, actor, reference)
    return _out(service.submit(session, actor, found.id, command, now=now()))


@api.post(
    "/returns/<reference:reference>/post",
    permission=P.RETURNS_POST,
    body=PostForm,
    response=ReturnOut,
    summary="Post a return",
)
def post(session: Session, actor: Actor, command: PostReturn, reference: str) -> dict[str, Any]:
    """Post every row, each as an entry of its own; its maker cannot."""
    found = queries.visible_return(session, actor, reference)
    return _out(service.post(session, actor, found.id, command, now=now()))


@api.post(
    "/returns/<reference:reference>/refuse",
    permission=P.RETURNS_POST,
    body=RefuseForm,
    response=ReturnOut,
    summary="Refuse a return",
)
def refuse(session: Session, actor: Actor, command: dict[str, Any], reference: str) -> dict[str, Any]:
    """With a reason; nothing is posted."""
    found = queries.visible_return(session, actor, reference)
    done = service.refuse(session, actor, found.id, command["reason"], version=command["version"], now=now())
    return _out(done)


@api.post(
    "/returns/<reference:reference>/withdraw",
    permission=P.RETURNS_DRAFT,
    body=SeenForm,
    response=ReturnOut,
    summary="Withdraw a return",
)
def withdraw(session: Session, actor: Actor, command: dict[str, Any], reference: str) -> dict[str, Any]:
    """Take back your own return while it is not posted."""
    found = queries.visible_return(session, actor, reference)
    return _out(service.withdraw(session, actor, found.id, version=command["version"], now=now()))
