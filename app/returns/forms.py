"""What comes in for returns: the file, what its columns mean, its maker's consent, the second person's decision."""

from __future__ import annotations

from typing import Any

from app.kernel.messages import _
from app.ledger.headings import Heading
from app.returns.columns import COLUMN_LABELS, Column
from app.returns.kinds import ROW_KINDS
from app.returns.queries import ReturnFilters, RowsOf
from app.returns.service import ImportReturn, KeepLayout, PostReturn, SubmitReturn, WordMeaning
from app.returns.states import ReturnStatus
from app.web.fields import (
    BooleanField,
    ChoiceField,
    CurrencyField,
    FileField,
    IdField,
    LineField,
    TextField,
    VersionField,
)
from app.web.schemas import Form, PageQuery, RowsField
from app.web.uploads import TEXT, XLSX

HEADING_LABELS = {heading: heading.label for heading in Heading}
KIND_LABELS = {kind: row.label for kind, row in ROW_KINDS.items()}
STATUS_LABELS = {
    ReturnStatus.DRAFT: _("Draft"),
    ReturnStatus.SUBMITTED: _("Submitted"),
    ReturnStatus.POSTED: _("Posted"),
    ReturnStatus.REFUSED: _("Refused"),
    ReturnStatus.WITHDRAWN: _("Withdrawn"),
}
MAX_BYTES = 10 * 1024 * 1024


class ImportForm(Form):
    """A file of a contract's spending."""

    command = ImportReturn

    contract_id = IdField(label=_("Contract"))
    file = FileField(types=frozenset({TEXT, XLSX}), max_bytes=MAX_BYTES, label=_("File"))


class WordsForm(Form):
    """Words or a code of the institution's, and the heading they mean."""

    command = WordMeaning

    words = LineField(min_length=1, max_length=100, label=_("Words or code in the file"))
    heading = ChoiceField(Heading, HEADING_LABELS, label=_("Heading"))


COLUMN_FIELDS: dict[Column, str] = {
    column: "currency_column" if column is Column.CURRENCY else column.value for column in Column
}
"""The form's name for each column: `currency` itself is the currency of rows that name none."""


def _layout(*, headings: Any, currency: Any, **columns: str) -> KeepLayout:
    named = {column: columns[name] for column, name in COLUMN_FIELDS.items()}
    return KeepLayout(named, headings, currency)


def _name(column: Column) -> LineField:
    return LineField(max_length=100, label=COLUMN_LABELS[column], load_default="")


class LayoutForm(Form):
    """What the columns of an institution's files are called; an empty one is known by its common names."""

    command = staticmethod(_layout)

    row_key = _name(Column.ROW_KEY)
    row_number = _name(Column.ROW_NUMBER)
    kind = _name(Column.KIND)
    heading = _name(Column.HEADING)
    cost_on = _name(Column.COST_ON)
    amount = _name(Column.AMOUNT)
    currency_column = LineField(max_length=100, label=COLUMN_LABELS[Column.CURRENCY], load_default="")
    payee = _name(Column.PAYEE)
    payee_number = _name(Column.PAYEE_NUMBER)
    description = _name(Column.DESCRIPTION)
    document_code = _name(Column.DOCUMENT_CODE)
    document_number = _name(Column.DOCUMENT_NUMBER)
    order_number = _name(Column.ORDER_NUMBER)
    currency = CurrencyField(label=_("Currency of rows that name none"), required=False)
    headings = RowsField(WordsForm, min_rows=0, label=_("Words that mean a heading"), load_default=())


class SubmitForm(Form):
    """The consent to submit: where the money moved, and the declaration."""

    command = SubmitReturn

    version = VersionField()
    bank_account_id = IdField(label=_("Bank account"), required=False)
    negative_list_declared = BooleanField(label=_("Nothing here is on the negative list"))


class PostForm(Form):
    """The second person's consent."""

    command = PostReturn

    version = VersionField()
    reason = TextField(max_length=400, label=_("Reason"), load_default="")


class RefuseForm(Form):
    """A refusal says why."""

    version = VersionField()
    reason = TextField(max_length=400, label=_("Reason"))


class SeenForm(Form):
    """A step that needs no more than the version the page showed."""

    version = VersionField()


class ReturnListForm(PageQuery):
    """Filters of the list of returns."""

    command = ReturnFilters

    status = ChoiceField(ReturnStatus, STATUS_LABELS, label=_("Status"), required=False)
    contract = LineField(max_length=40, label=_("Contract"), load_default="")


class RowsForm(PageQuery):
    """Which rows of a return, and which page of them."""

    command = RowsOf
