"""What comes in for disbursements, once for screens and the API, into the commands of the verbs."""

from __future__ import annotations

from typing import Any

from app.disbursements import commands
from app.disbursements.labels import FIRMNESS_NAMES, RESIDUE_STATUS_NAMES, SIDE_NAMES
from app.disbursements.states import ConversionSide, DisbursementStatus, Firmness, ResidueStatus
from app.exchange_rates.forms import MARKET_LABELS
from app.kernel.currencies import Currency, Market
from app.kernel.messages import _
from app.kernel.money import Money
from app.web.fields import (
    AmountField,
    BooleanField,
    ChoiceField,
    CurrencyField,
    DateField,
    FileField,
    IdField,
    InstantField,
    LineField,
    ManyField,
    RateField,
    ReferenceField,
    TextField,
    VersionField,
    WholeNumberField,
)
from app.web.schemas import Form, PageQuery, RowsField

REASON = _("Reason")


def _draft(*, currency: Currency | None, **values: Any) -> commands.Draft:
    """The currency stands in the amount already."""
    return commands.Draft(**{name: value for name, value in values.items() if value is not None})


def _edit(*, currency: Currency | None, **values: Any) -> commands.Edit:
    return commands.Edit(**{name: value for name, value in values.items() if value is not None})


def _settle(*, bank_currency: Currency | None, **values: Any) -> commands.Settle:
    return commands.Settle(**{name: value for name, value in values.items() if value is not None})


def _quote(**values: Any) -> commands.KeepQuote:
    return commands.KeepQuote(**{name: value for name, value in values.items() if value is not None})


def _receipt(
    *, received_currency: Currency, charge_currency: Currency | None, **values: Any
) -> commands.ConfirmReceipt:
    return commands.ConfirmReceipt(**{name: value for name, value in values.items() if value is not None})


def _residue(*, currency: Currency | None, paid_currency: Currency | None, **values: Any) -> commands.EnterResidue:
    return commands.EnterResidue(**{name: value for name, value in values.items() if value is not None})


def _mandate(*, currency: Currency | None, **values: Any) -> commands.EnterMandate:
    return commands.EnterMandate(**values)


class DraftForm(Form):
    """A payment of a tranche; without an amount, what the tranche has left."""

    command = staticmethod(_draft)

    contract = ReferenceField(label=_("Contract"))
    tranche = WholeNumberField(low=1, high=999, label=_("Tranche"))
    currency = CurrencyField(required=False, label=_("Currency"))
    amount = AmountField(required=False, label=_("Amount"))
    payer_account_id = IdField(label=_("Paid from"))
    payee_account_id = IdField(label=_("Paid to"))
    requested_value_date = DateField(label=_("Value date asked for"))
    purpose = TextField(max_length=400, required=False, label=_("Purpose"))
    warning_reason = TextField(max_length=400, required=False, label=_("Remark for the checkers"))
    converts_at = ChoiceField(ConversionSide, SIDE_NAMES, required=False, label=_("Which bank converts"))


class EditForm(Form):
    """What the maker may change."""

    command = staticmethod(_edit)

    version = VersionField()
    tranche = WholeNumberField(low=1, high=999, label=_("Tranche"))
    currency = CurrencyField(required=False, label=_("Currency"))
    amount = AmountField(label=_("Amount"))
    payer_account_id = IdField(label=_("Paid from"))
    payee_account_id = IdField(label=_("Paid to"))
    requested_value_date = DateField(label=_("Value date asked for"))
    purpose = TextField(max_length=400, required=False, label=_("Purpose"))
    warning_reason = TextField(max_length=400, required=False, label=_("Remark for the checkers"))
    converts_at = ChoiceField(ConversionSide, SIDE_NAMES, required=False, label=_("Which bank converts"))


class SeenForm(Form):
    """A verb on the version shown."""

    command = commands.Seen

    version = VersionField()


class ReasonForm(Form):
    """A verb that says why."""

    command = commands.Reasoned

    version = VersionField()
    reason = TextField(max_length=1000, label=REASON)


class ApproveForm(Form):
    """Consent to what was shown, by its fingerprint."""

    command = commands.Approve

    version = VersionField()
    consented = LineField(max_length=64, min_length=64, label=_("Fingerprint of what was shown"))
    notes_seen = BooleanField(label=_("I have looked at the notes"))
    reason = TextField(max_length=1000, load_default="", label=_("Remark"))


class BatchRowForm(Form):
    """One row of a batch as it was shown."""

    command = commands.BatchRow

    reference = ReferenceField(prefix="DSB", label=_("Disbursement"))
    version = VersionField()
    consented = LineField(max_length=64, min_length=64, label=_("Fingerprint of what was shown"))
    notes_seen = BooleanField(label=_("I have looked at the notes"))


class BatchForm(Form):
    """The rows of a batch, of one funder."""

    rows = RowsField(BatchRowForm, label=_("Disbursements"), max_rows=200)


class PickForm(Form):
    """Rows ticked in the queue: `reference.version.fingerprint` each, and which of them have their notes looked at."""

    row = ManyField(LineField(max_length=140), max_items=200, label=_("Disbursements"))
    seen = ManyField(LineField(max_length=40), max_items=200, required=False, label=_("I have looked at the notes"))


class SettleForm(Form):
    """The payer's bank line, in the paying account's currency."""

    command = staticmethod(_settle)

    version = VersionField()
    value_date = DateField(label=_("Value date"))
    bank_reference = LineField(min_length=1, max_length=100, label=_("Bank's reference"))
    bank_currency = CurrencyField(required=False, label=_("Currency of the bank line"))
    debited = AmountField(currency_from="bank_currency", required=False, label=_("Amount debited"))
    charge = AmountField(currency_from="bank_currency", required=False, zero=True, label=_("Bank charge"))
    dealt_rate = RateField(required=False, label=_("Rate the bank dealt at"))
    rate_base = CurrencyField(required=False, label=_("Currency the rate prices"))
    rate_source = LineField(required=False, label=_("Where the rate stands"))
    quote_id = IdField(required=False, label=_("Quote it was dealt at"))
    dealt_at = InstantField(required=False, label=_("Dealt at"))


class QuoteForm(Form):
    """What a bank quoted for a payment."""

    command = staticmethod(_quote)

    side = ChoiceField(ConversionSide, SIDE_NAMES, label=_("Which bank"))
    bank = LineField(min_length=2, label=_("Name of the bank"))
    base = CurrencyField(label=_("Currency quoted"))
    unit = WholeNumberField(low=1, high=100, label=_("Units quoted, 1 or 100"))
    rate = RateField(label=_("Rate"))
    market = ChoiceField(Market, MARKET_LABELS, label=_("Market"))
    firmness = ChoiceField(Firmness, FIRMNESS_NAMES, label=_("Does it bind the bank"))
    asked_at = InstantField(label=_("Asked at"))
    valid_until = InstantField(required=False, label=_("Valid until"))
    source = LineField(min_length=2, label=_("Who said it"))
    bank_reference = LineField(required=False, max_length=100, label=_("Bank's reference"))
    file = FileField(required=False, label=_("File"))


class WithdrawQuoteForm(Form):
    """A quote was kept by mistake."""

    command = commands.WithdrawQuote

    quote_id = IdField(label=_("Quote"))
    reason = TextField(max_length=400, label=_("Reason"))


class BounceForm(Form):
    """The bank sent the money back."""

    command = commands.Bounce

    version = VersionField()
    value_date = DateField(label=_("Value date"))
    bank_reference = LineField(min_length=1, max_length=100, label=_("Bank's reference"))
    reason = TextField(max_length=1000, label=_("Reason the bank gave"))


class ReceiptForm(Form):
    """What the grantee's bank credited, and its charges."""

    command = staticmethod(_receipt)

    version = VersionField()
    bank_account_id = IdField(label=_("Account"))
    value_date = DateField(label=_("Value date"))
    bank_reference = LineField(min_length=1, max_length=100, label=_("Bank's reference"))
    received_currency = CurrencyField(label=_("Currency received"))
    received = AmountField(currency_from="received_currency", label=_("Amount received"))
    charge_currency = CurrencyField(required=False, label=_("Currency of the charge"))
    charge = AmountField(currency_from="charge_currency", required=False, zero=True, label=_("Bank charge"))
    dealt_rate = RateField(required=False, label=_("Rate the bank dealt at"))
    rate_base = CurrencyField(required=False, label=_("Currency the rate prices"))
    rate_source = LineField(required=False, label=_("Where the rate stands"))
    difference_reason = TextField(max_length=400, required=False, label=_("What a difference is"))
    quote_id = IdField(required=False, label=_("Quote it was dealt at"))
    dealt_at = InstantField(required=False, label=_("Dealt at"))


class WithdrawForm(Form):
    """A receipt taken back."""

    command = commands.WithdrawReceipt

    version = VersionField()
    reversed_on = DateField(label=_("Reversed on"))
    reason = TextField(max_length=1000, label=REASON)


class DocumentForm(Form):
    """A document of the route."""

    command = commands.ListDocument

    code = LineField(min_length=1, max_length=40, label=_("Document"))
    number = LineField(min_length=1, max_length=100, label=_("Number"))
    expires_on = DateField(required=False, label=_("Valid until"))
    file = FileField(required=False, label=_("File"))


class DeclarationForm(Form):
    """The grantee's declaration of a receipt."""

    command = commands.DeclareReceipt

    code = LineField(min_length=1, max_length=40, label=_("Declaration"))
    number = LineField(min_length=1, max_length=100, label=_("Number of the declaration"))
    declared_on = DateField(label=_("Declared on"))


class FileQuery(PageQuery):
    """What the list of remittance files is narrowed to."""

    command = None

    route = LineField(load_default="", max_length=11)
    missing = LineField(load_default="", max_length=40)
    waits_for = LineField(load_default="", max_length=20)


class MinutesForm(Form):
    """The minutes of the collective decision."""

    command = commands.AttachMinutes

    file = FileField(label=_("Minutes"))


class MandateForm(Form):
    """How many signatories an account needs above an amount."""

    command = staticmethod(_mandate)

    bank_account_id = IdField(label=_("Account"))
    currency = CurrencyField(label=_("Currency"))
    above = AmountField(zero=True, label=_("Above"))
    signatories = WholeNumberField(low=1, high=2, label=_("Signatories"))
    source = LineField(min_length=1, label=_("Source"))
    first_day = DateField(label=_("From"))
    last_day = DateField(required=False, label=_("Until"))


class ResidueForm(Form):
    """A return of unspent money by component."""

    command = staticmethod(_residue)

    contract = ReferenceField(label=_("Contract"))
    from_account_id = IdField(label=_("Paid from"))
    to_account_id = IdField(label=_("Returned to"))
    sent_on = DateField(label=_("Value date"))
    bank_reference = LineField(min_length=1, max_length=100, label=_("Bank's reference"))
    currency = CurrencyField(required=False, label=_("Contract's currency"))
    grant_this_year = AmountField(required=False, zero=True, label=_("Grant of this year"))
    grant_earlier_years = AmountField(required=False, zero=True, label=_("Grant of earlier years"))
    interest = AmountField(required=False, zero=True, label=_("Interest"))
    other = AmountField(required=False, zero=True, label=_("Other"))
    paid_currency = CurrencyField(required=False, label=_("Currency debited"))
    paid = AmountField(currency_from="paid_currency", required=False, label=_("Amount debited"))
    dealt_rate = RateField(required=False, label=_("Rate the bank dealt at"))
    rate_base = CurrencyField(required=False, label=_("Currency the rate prices"))
    rate_source = LineField(required=False, label=_("Where the rate stands"))
    note = TextField(max_length=1000, required=False, label=_("Note"))


class ResidueArrivedForm(Form):
    """The funder's bank line of a return."""

    command = commands.ResidueArrived

    version = VersionField()
    received_on = DateField(label=_("Value date"))
    bank_reference = LineField(min_length=1, max_length=100, label=_("Bank's reference"))


class ResidueQuery(PageQuery):
    """What the list of residue returns is narrowed to."""

    command = None

    status = ChoiceField(ResidueStatus, RESIDUE_STATUS_NAMES, required=False, label=_("Status"))


class QueueQuery(PageQuery):
    """What the queue is narrowed to."""

    command = None

    view = LineField(max_length=20, load_default="", label=_("View"))
    text = LineField(max_length=100, load_default="", label=_("Search"))
    status = LineField(max_length=40, load_default="", label=_("Status"))
    funder = IdField(required=False, label=_("Funder"))
    grantee = IdField(required=False, label=_("Grantee"))
    currency = LineField(max_length=3, load_default="", label=_("Currency"))
    sort = LineField(max_length=20, load_default="", label=_("Order"))
    select = LineField(max_length=10, load_default="", label=_("Selection"))


STATUSES = tuple(status.value for status in DisbursementStatus)


def picked_rows(picked: tuple[str, ...], seen: tuple[str, ...] = ()) -> tuple[commands.BatchRow, ...]:
    """Ticked values taken apart; a malformed one is left out, as if it had not been ticked."""
    rows = []
    for value in picked:
        reference, _first, rest = value.partition(".")
        version, _second, consented = rest.partition(".")
        if version.isascii() and version.isdecimal() and len(consented) == 64:
            rows.append(commands.BatchRow(reference, int(version), consented, reference in seen))
    return tuple(rows)


def zero(currency: Currency) -> Money:
    """Nil, for templates that add up what is shown."""
    return Money.zero(currency)
