"""The remittance application of a payment file on paper: what a bank's own form asks, filled from the signed file.

Names, addresses and texts are those of the signed file, as the bank sees them. Amounts are in the file's currency.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.contracts import bulk
from app.contracts.models import Contract
from app.corridor import queries as corridor
from app.corridor.models import CorridorCode, TaxFiling
from app.disbursements.models import Disbursement
from app.institutions import queries as institutions
from app.institutions.models import BankAccount
from app.kernel.clock import business_date
from app.kernel.messages import _
from app.kernel.money import Money, total
from app.payment_files import instruction, making, queries
from app.payment_files.instruction import Account, Address, Instruction, Payment
from app.payment_files.labels import BEARER_NAMES
from app.payment_files.models import FilePayment, PaymentFile
from app.people import queries as people
from reports import heads
from reports.model import (
    Certificate,
    Column,
    Literal,
    Report,
    Row,
    Section,
    Signatory,
    Table,
    Text,
    Words,
    group,
    row,
    text,
)
from reports.sources import title_words

NAME = "remittance-application"
_NOTHING = Literal("")


def build(session: Session, file: PaymentFile, only: str, *, prepared_at: datetime) -> Report:
    """The application of a whole file, or of the one payment with the reference `only` (empty: all of them)."""
    told = instruction.from_json(file.snapshot)
    account = institutions.account_by_id(session, file.bank_account_id)
    sheets = _Sheets(session, file, told)
    chosen = [each for each in file.payments if only in ("", each.end_to_end_id)]
    together = total((each.amount for each in chosen), file.total.currency)
    order = _order(told, account, len(chosen), together)
    named = f"{file.reference}-{only}" if only else file.reference
    return Report(
        name=NAME,
        title=text(_("Remittance Application")),
        prepared_at=prepared_at,
        document_id=f"RAP-{named}",
        subject=text(_("To: %(bank)s"), bank=account.bank_name),
        issuer=(heads.institution_name(account.institution),),
        references=(
            text(_("Payment file %(reference)s"), reference=file.reference),
            text(_("Day to pay: %(day)s"), day=file.execute_on),
        ),
        sections=(Section(table=_table((*order, *(each for payment in chosen for each in sheets.rows(payment))))),),
        certificates=(_certificate(session, file),),
        footers=(
            text(_("Prepared on %(day)s from the signed file, SHA-256 %(digest)s."), day=business_date(prepared_at),
                 digest=f"{file.digest[:16]}…"),
        ),
    )  # fmt: skip


def _order(told: Instruction, account: BankAccount, count: int, together: Money) -> tuple[Row, ...]:
    return (
        group(text(_("Applicant"))),
        *_party(told.payer, account),
        group(text(_("Payment order"))),
        _line(_("Rail"), Literal(told.rail)),
        _line(_("Payments"), text("%(count)s", count=count)),
        _line(_("Amount in all"), text("%(amount)s", amount=together)),
        _line(_("Charges borne by"), Text(BEARER_NAMES[told.charge_bearer])),
    )


class _Sheets:
    """What stands of each payment, from rows that are read once."""

    def __init__(self, session: Session, file: PaymentFile, told: Instruction) -> None:
        self.told, self.sent = told, {each.end_to_end_id: each for each in told.payments}
        self.paid = queries.paid_by(session, file)
        self.contracts = bulk.contracts_by_id(session, {each.contract_id for each in self.paid.values()})
        self.filings = corridor.filed_contracts(session, list(self.contracts))
        self.codes: dict[str, CorridorCode] = {each.code: each for each in corridor.all_codes(session)}
        self.payees = making.payees_of(session, list(self.paid.values()))

    def rows(self, each: FilePayment) -> tuple[Row, ...]:
        """One payment: what is paid, to whom, and what the authorities ask."""
        paid, sent = self.paid[each.disbursement_id], self.sent[each.end_to_end_id]
        contract = self.contracts[paid.contract_id]
        return (
            group(text(_("Payment %(number)s: %(reference)s"), number=each.number, reference=each.end_to_end_id)),
            *self._payment(each, sent),
            group(text(_("Beneficiary"))),
            *_party(sent.payee, self.payees[paid.id]),
            group(text(_("For the authorities"))),
            *self._purpose(paid, contract, self.filings.get(contract.id)),
        )

    def _payment(self, each: FilePayment, sent: Payment) -> tuple[Row, ...]:
        return (
            _line(_("Currency and amount"), text("%(amount)s", amount=each.amount)),
            *_conversion(sent),
            _line(_("UETR"), Literal(str(each.uetr))),
            _line(_("Message to the beneficiary"), Literal(sent.remittance)),
        )

    def _purpose(self, paid: Disbursement, contract: Contract, filing: TaxFiling | None) -> tuple[Row, ...]:
        code = self.told.purpose_code
        known = self.codes.get(code)
        coded = text("%(code)s %(name)s", code=code, name=known.name) if known is not None else Literal(code)
        agreement = contract.agreement_number or contract.reference
        return (
            _line(_("Purpose"), Literal(paid.purpose)),
            *([_line(_("Purpose or balance-of-payments code"), coded)] if code else []),
            _line(_("Contract"), text("%(number)s", number=agreement)),
            *([_line(_("Tax filing"), _filing(filing))] if filing is not None else []),
            *(
                row(title_words(each.title), Literal(each.number))
                for each in paid.documents
                if each.confirmed_by_id is not None
            ),
        )


def _conversion(sent: Payment) -> tuple[Row, ...]:
    """What the bank is asked to convert, and the rate agreed with it."""
    agreed = sent.exchange
    return (
        *([_line(_("Sent in"), Literal(sent.sent_in))] if sent.sent_in else []),
        *([_line(_("Rate agreed"), Literal(f"1 {agreed.unit_currency} = {agreed.rate}"))] if agreed else []),
        *([_line(_("Bank's reference of the rate"), Literal(agreed.contract))] if agreed else []),
    )


def _filing(filing: TaxFiling) -> Words:
    return text(
        _("Form %(form)s, verification code %(code)s, filed on %(day)s"),
        form=filing.form_number,
        code=filing.verification_code,
        day=filing.filed_on,
    )


def _party(told: Account, account: BankAccount) -> tuple[Row, ...]:
    """Whose account it is, where they are, and its bank."""
    bank = " ".join(part for part in (told.bic, told.clearing_system, told.clearing_code) if part)
    return (
        _line(_("Name"), Literal(told.holder)),
        *_address(told.address),
        _line(_("Account number"), text("%(number)s (%(currency)s)", number=told.number, currency=told.currency)),
        _line(_("Bank"), Literal(account.bank_name)),
        _line(_("Codes of the bank"), Literal(bank)),
    )


def _address(given: Address) -> tuple[Row, ...]:
    """The address in the lines in which it is sent."""
    lines = [part for part in (*given.lines, given.street, given.town, given.country) if part] or [""]
    return (_line(_("Address"), Literal(lines[0])), *(row(_NOTHING, Literal(each)) for each in lines[1:]))


def _line(label: str, value: Words) -> Row:
    return row(text(label), value)


def _table(rows: tuple[Row, ...]) -> Table:
    columns = (Column("field", text(_("Field")), width=150), Column("value", text(_("Details")), width=320))
    return Table("application", columns, rows, caption=text(_("Remittance Application")))


def _certificate(session: Session, file: PaymentFile) -> Certificate:
    """The signatories of the mandate who signed the file; they sign the paper under their printed names."""
    names = people.names_of(session, [each.signatory_id for each in file.signatures])
    signatories = tuple(
        Signatory(
            text(_("Authorised signatory")), Literal(names[each.signatory_id]), signed_on=business_date(each.signed_at)
        )
        for each in file.signatures
    )
    wording = text(_("Please carry out the payments above and debit our account with their amount and your charges."))
    return Certificate((wording,), signatories, chop=True)
