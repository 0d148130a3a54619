"""What comes in for payment files, once for screens and the API, into the commands of the verbs."""

from __future__ import annotations

from app.kernel.messages import _
from app.payment_files import commands, labels
from app.payment_files.rules import MOST_PAYMENTS
from app.payment_files.schema import MAX_BYTES
from app.payment_files.states import BankCodeKind, ChargeBearer, PurposePlacement, Repertoire
from app.web.fields import (
    BooleanField,
    ChoiceField,
    CurrencyField,
    DateField,
    FileField,
    IdField,
    LineField,
    ManyField,
    ReferenceField,
    TextField,
    VersionField,
    WholeNumberField,
)
from app.web.schemas import Form, PageQuery
from app.web.uploads import XML


class MakeForm(Form):
    """The payments of a file."""

    command = commands.MakeFile

    account_id = IdField(label=_("Paying account"))
    currency = CurrencyField(label=_("Currency"))
    rail = LineField(min_length=1, max_length=35, label=_("Rail"))
    execute_on = DateField(label=_("Day to pay"))
    purpose_code = LineField(max_length=10, load_default="", label=_("Purpose code"))
    disbursements = ManyField(ReferenceField(prefix="DSB"), max_items=MOST_PAYMENTS, label=_("Payments"))


class SeenForm(Form):
    """A verb on the version shown."""

    command = commands.Seen

    version = VersionField()


class ReasonForm(Form):
    """A verb that says why."""

    command = commands.Reasoned

    version = VersionField()
    reason = TextField(max_length=1000, label=_("Reason"))


class SendForm(Form):
    """The file went to the bank."""

    command = commands.Send

    version = VersionField()
    bank_reference = LineField(max_length=200, load_default="", label=_("Bank's reference"))


class AnswerForm(Form):
    """The bank's answer."""

    command = commands.TakeAnswer

    file = FileField(types=frozenset({XML}), max_bytes=MAX_BYTES, label=_("Answer of the bank"))


class ReturnAllForm(Form):
    """Everything in a rejected file goes back."""

    command = commands.ReturnAll

    version = VersionField()
    value_date = DateField(label=_("Day the bank rejected it"))
    reason = TextField(max_length=1000, label=_("Reason the bank gave"))


class ProfileForm(Form):
    """What a bank takes."""

    command = commands.EnterProfile

    institution_id = IdField(label=_("Institution"))
    name = LineField(min_length=1, max_length=200, label=_("Bank"))
    code_kind = ChoiceField(BankCodeKind, labels.CODE_KIND_NAMES, label=_("Known by"))
    code = LineField(max_length=12, load_default="", label=_("Code"))
    repertoire = ChoiceField(Repertoire, labels.REPERTOIRE_NAMES, label=_("Characters"))
    name_length = WholeNumberField(low=10, high=140, label=_("Longest name"))
    address_length = WholeNumberField(low=10, high=70, label=_("Longest line of an address"))
    remittance_length = WholeNumberField(low=10, high=140, label=_("Longest remittance information"))
    address_structured = BooleanField(label=_("Town and street apart"))
    purpose_placement = ChoiceField(PurposePlacement, labels.PLACEMENT_NAMES, label=_("Purpose code goes"))
    charge_bearer = ChoiceField(ChargeBearer, labels.BEARER_NAMES, label=_("Charges are borne by"))
    source = TextField(max_length=400, label=_("Source"))
    verified = BooleanField(label=_("Read in the bank's own guide"))


class FileQuery(PageQuery):
    """What the list of files is narrowed to."""

    command = None

    status = LineField(max_length=40, load_default="", label=_("Status"))
    account = IdField(required=False, label=_("Account"))
