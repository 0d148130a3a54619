"""Checks of what the banks say: settlement, bounce, receipt and residue. Facts in, breaches out. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.disbursements import postings
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger.entries import Rate

BANK_LINE = _("Bank's advice or statement line")
RECEIPT = _("Check on confirmation: received + payee's charges = amount at the dealt rate")
RESIDUE = _("Terms of the programme: return of unspent money")


@dataclass(frozen=True, slots=True)
class SettlementFacts:
    """The payer's bank line: what was debited, its charge, and what the pocket has left for the charge.

    `converts`: the payer's bank converts what it sends, though it debits the contract's currency.
    """

    amount: Money
    released_on: date
    value_date: date
    today: date
    account_currency: Currency
    debited: Money
    rate: Rate | None
    charge: Money
    charge_from_pocket: Money | None
    pocket_available: Money
    converts: bool = False


def settlement_breaches(facts: SettlementFacts) -> list[Breach]:
    """Value date between release and today; debited amount, rate and charge agree with the account's currency."""
    found = _date_breaches(facts.value_date, facts.released_on, facts.today)
    if facts.debited.currency is not facts.account_currency or facts.charge.currency is not facts.account_currency:
        found.append(
            Breach(
                "settlement.currency",
                _("The bank line is in %(currency)s, the currency of the paying account."),
                _("Enter debit and charge in that currency."),
                BANK_LINE,
                {"currency": facts.account_currency.value},
                field="debited",
            )
        )
        return found
    if facts.debited.currency is facts.amount.currency and facts.debited != facts.amount:
        found.append(
            Breach(
                "settlement.amount",
                _("The bank debited %(debited)s, the payment was released for %(amount)s."),
                _("Enter charges apart; if the bank took another amount, ask the bank first."),
                BANK_LINE,
                {"debited": facts.debited, "amount": facts.amount},
                field="debited",
            )
        )
    if facts.debited.currency is not facts.amount.currency:
        found += _dealt_breaches(facts.amount, facts.debited, facts.rate, "debited")
    elif facts.converts and facts.rate is None:
        found.append(_rate_missing())
    if facts.charge_from_pocket is not None and facts.charge_from_pocket > facts.pocket_available:
        found.append(
            Breach(
                "pocket.insufficient",
                _("The pocket has %(left)s after holds and cannot bear a charge of %(charge)s."),
                _("The fund manager allocates more to the pocket first."),
                BANK_LINE,
                {"left": facts.pocket_available, "charge": facts.charge_from_pocket},
                field="charge",
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """What the grantee's finance officer says arrived."""

    amount: Money
    released_on: date
    arrival: postings.Arrival
    today: date
    account_currency: Currency
    account_belongs: bool
    account_id_paid: UUID
    difference_reason: str


def receipt_breaches(facts: ReceiptFacts) -> list[Breach]:
    """The grantee's account, its date, its rate; and what arrived plus charges explains the amount."""
    arrival = facts.arrival
    found = _date_breaches(arrival.value_date, facts.released_on, facts.today)
    if not facts.account_belongs or arrival.received.currency is not facts.account_currency:
        found.append(
            Breach(
                "receipt.account",
                _("Name an account of your institution, and the amount in its currency."),
                _("Choose the account on which the money arrived."),
                BANK_LINE,
                field="bank_account_id",
            )
        )
        return found
    currencies = {facts.amount.currency, arrival.received.currency}
    if arrival.charge.currency not in currencies:
        message = _("The charge is in neither the received nor the contract's currency.")
        found.append(Breach("receipt.charge-currency", message, source=BANK_LINE, field="charge"))
        return found
    if len(currencies) == 2 and arrival.dealt is None:
        message = _("The money was converted: enter the rate the bank dealt at.")
        cure = _("It stands on the bank's advice, as units of one currency for one unit of the other.")
        found.append(Breach("receipt.rate-missing", message, cure, RECEIPT, field="dealt_rate"))
        return found
    return found + _difference_breaches(facts)


def _difference_breaches(facts: ReceiptFacts) -> list[Breach]:
    parts = postings.take_apart(facts.amount, facts.arrival)
    missing = parts.missing_as_received
    if parts.converted.minor <= 0 or parts.charge >= facts.amount:
        message = _("The charges are as large as the payment.")
        return [Breach("receipt.charge", message, _("Check amount and charge."), BANK_LINE, field="charge")]
    if not missing:
        return []
    params = {"missing": missing, "amount": facts.amount, "received": facts.arrival.received}
    if facts.arrival.received.currency is facts.amount.currency:
        message = _("Received and charges differ from %(amount)s by %(missing)s, and nothing was converted.")
        cure = _("Enter what banks on the way took as a charge, or ask the funder.")
        return [Breach("receipt.difference", message, cure, RECEIPT, params, field="received")]
    # A rate a hundred times off shows as a difference larger than any bank takes.
    if abs(missing.minor) * 20 > parts.received.minor:
        message = _("At this rate %(missing)s would be missing: more than a twentieth of what arrived.")
        cure = _("Check the rate: is it for 1 or 100 units, and which currency does it price?")
        return [Breach("receipt.rate-unlikely", message, cure, RECEIPT, params, "dealt_rate")]
    if not facts.difference_reason.strip():
        message = _("Received and charges differ from the amount at the dealt rate by %(missing)s.")
        cure = _("Say what the difference is; it is booked on the line of exchange differences.")
        return [Breach("receipt.difference", message, cure, RECEIPT, params, field="difference_reason")]
    return []


@dataclass(frozen=True, slots=True)
class ResidueFacts:
    """A return of residue as entered: components in the contract's currency, what the bank debited, and when."""

    components: tuple[Money, ...]
    contract_currency: Currency
    sent_on: date
    today: date
    from_currency: Currency
    from_belongs: bool
    to_currency: Currency
    to_belongs: bool
    paid: Money
    dealt: Rate | None
    contract_signed: bool


def residue_breaches(facts: ResidueFacts) -> list[Breach]:
    """From an account of the grantee to one of the funder in the contract's currency; components make up the whole."""
    found = _date_breaches(facts.sent_on, None, facts.today, field="sent_on")
    if not facts.contract_signed:
        message = _("Nothing can be returned under a contract that was never signed.")
        found.append(Breach("residue.contract", message, source=RESIDUE, field="contract_id"))
    if not facts.components or any(part.minor <= 0 for part in facts.components):
        message = _("Enter at least one component, each above nil.")
        found.append(Breach("residue.components", message, source=RESIDUE, field="grant_this_year"))
        return found
    if not facts.from_belongs or facts.paid.currency is not facts.from_currency:
        message = _("Pay from an account of your institution, and enter the debit in its currency.")
        found.append(Breach("residue.from-account", message, source=BANK_LINE, field="from_account_id"))
        return found
    if not facts.to_belongs or facts.to_currency is not facts.contract_currency:
        message = _("Return to an account of the funder in %(currency)s, the contract's currency.")
        params = {"currency": facts.contract_currency.value}
        found.append(Breach("residue.to-account", message, "", BANK_LINE, params, field="to_account_id"))
    whole = Money(sum(part.minor for part in facts.components), facts.contract_currency)
    if facts.paid.currency is whole.currency:
        if facts.paid != whole:
            message = _("The components come to %(whole)s, the bank debited %(paid)s.")
            params = {"whole": str(whole), "paid": str(facts.paid)}
            found.append(Breach("residue.amount", message, "", RESIDUE, params, field="paid"))
        return found
    return found + _dealt_breaches(whole, facts.paid, facts.dealt, "paid")


def _dealt_breaches(amount: Money, bank_side: Money, rate: Rate | None, field: str) -> list[Breach]:
    """The bank's amount is the other at the dealt rate, to the minor unit."""
    if rate is None:
        return [_rate_missing()]
    expected = rate.convert(amount)
    if abs(expected.minor - bank_side.minor) <= 1:
        return []
    message = _("%(amount)s at the dealt rate is %(expected)s, not %(stated)s.")
    params = {"amount": amount, "expected": expected, "stated": bank_side}
    return [Breach("bank.rate", message, _("Check rate and amount with the bank's advice."), BANK_LINE, params, field)]


def _rate_missing() -> Breach:
    message = _("The money was converted: enter the rate the bank dealt at.")
    return Breach("bank.rate-missing", message, source=BANK_LINE, field="dealt_rate")


def _date_breaches(day: date, earliest: date | None, today: date, field: str = "value_date") -> list[Breach]:
    """A bank line is dated no earlier than the release and no later than today."""
    if day > today:
        message = _("The value date %(day)s lies in the future.")
        return [Breach("bank.date-future", message, "", BANK_LINE, {"day": day}, field)]
    if earliest is not None and day < earliest:
        message = _("The value date %(day)s is before the release on %(release)s.")
        return [Breach("bank.date-early", message, "", BANK_LINE, {"day": day, "release": earliest}, field)]
    return []


def bounce_breaches(value_date: date, released_on: date, settled_on: date | None, today: date) -> list[Breach]:
    """Money comes back after it went out, and no later than today."""
    return _date_breaches(value_date, settled_on or released_on, today)


def arrival_breaches(received_on: date, sent_on: date, today: date) -> list[Breach]:
    """A return arrives no earlier than it was sent and no later than today."""
    return _date_breaches(received_on, sent_on, today, field="received_on")
