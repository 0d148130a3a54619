"""The conversion of a payment as JSON: the quotes of banks, and expected against received."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.disbursements import comparing, queries, quote_service
from app.disbursements.commands import KeepQuote, WithdrawQuote
from app.disbursements.comparing import Conversion, ExpectedRate
from app.disbursements.expecting import Leg, Part
from app.disbursements.forms import QuoteForm, WithdrawQuoteForm
from app.disbursements.models import BankQuote
from app.kernel.actor import Actor
from app.web.api import ApiBlueprint
from app.web.present import now
from app.web.schemas import CodeOut, DecimalOut, MoneyOut, Out
from app.web.wording import words

api = ApiBlueprint("conversions", __name__)


class QuoteOut(Out):
    """What a bank quoted: `rate` of the other currency for `unit` of `base`."""

    id = fields.UUID()
    side = CodeOut()
    bank = fields.String()
    sold = CodeOut(attribute="sold_currency")
    bought = CodeOut(attribute="bought_currency")
    base = CodeOut(attribute="base_currency")
    unit = fields.Integer()
    rate = DecimalOut()
    market = CodeOut()
    firmness = CodeOut()
    asked_at = fields.DateTime()
    valid_until = fields.DateTime(allow_none=True)
    source = fields.String()
    bank_reference = fields.String()
    document_id = fields.UUID(allow_none=True)
    reference_rate_id = fields.UUID(allow_none=True)
    dearer_percent = DecimalOut(allow_none=True)
    withdrawn_at = fields.DateTime(allow_none=True, attribute="withdrawal.withdrawn_at")
    withdrawal_reason = fields.String(allow_none=True, attribute="withdrawal.reason")


class ExpectedRateOut(Out):
    """The rate that was to be expected: units of the other currency for one of `base`."""

    base = CodeOut()
    rate = DecimalOut()
    source = fields.String()
    day = fields.Date()
    market = CodeOut()
    quote_id = fields.UUID(allow_none=True)


class PartOut(Out):
    """One step from expected to moved."""

    code = fields.String()
    text = fields.String()
    amount = MoneyOut()


class LegOut(Out):
    """One side's bank, in the currency of its account: `expected` plus the parts is `moved`."""

    side = CodeOut()
    expected = MoneyOut()
    parts = fields.List(fields.Nested(PartOut))
    moved = MoneyOut()
    charge_apart = MoneyOut()
    realised = MoneyOut()
    reason = fields.String()


class ConversionOut(Out):
    """How a payment is converted; no side where nothing is."""

    side = CodeOut(allow_none=True)
    sold = CodeOut()
    bought = CodeOut()
    market = CodeOut()
    instructed = MoneyOut()
    expected_rate = fields.Nested(ExpectedRateOut, allow_none=True)
    allowed_percent = DecimalOut()
    legs = fields.List(fields.Nested(LegOut))


@api.get(
    "/disbursements/<reference:reference>/conversion",
    permission=Permission.DISBURSEMENTS_READ,
    response=ConversionOut,
    summary="Show expected against received",
)
def conversion(session: Session, actor: Actor, reference: str) -> dict[str, Any]:
    """Which side's bank converts, at which rate that was expected, and what explains the difference, per currency."""
    row = queries.get_visible(session, actor, reference)
    found = comparing.conversion_of(session, row, now=now())
    return _conversion(found) | {"instructed": row.amount}


@api.get(
    "/disbursements/<reference:reference>/quotes",
    permission=Permission.DISBURSEMENTS_READ,
    response=QuoteOut,
    many=True,
    summary="List the quotes of banks for a disbursement",
)
def quotes(session: Session, actor: Actor, reference: str) -> list[BankQuote]:
    """What banks quoted before the money was converted, the newest first."""
    return comparing.quotes_of(session, queries.get_visible(session, actor, reference).id)


@api.post(
    "/disbursements/<reference:reference>/quotes",
    permission=Permission.QUOTES_KEEP,
    body=QuoteForm,
    response=QuoteOut,
    status=201,
    summary="Keep a bank's quote",
)
def keep_quote(session: Session, actor: Actor, command: KeepQuote, reference: str) -> BankQuote:
    """Keep what a bank of one's own side quoted, compared with the reference rate of its day; nothing is booked."""
    return quote_service.keep(session, actor, reference, command, now=now())


@api.post(
    "/disbursements/<reference:reference>/withdraw-quote",
    permission=Permission.QUOTES_KEEP,
    body=WithdrawQuoteForm,
    response=QuoteOut,
    summary="Take a bank's quote back",
)
def withdraw_quote(session: Session, actor: Actor, command: WithdrawQuote, reference: str) -> BankQuote:
    """Take back a quote kept by mistake: it stays listed, with its reason, and counts for nothing."""
    return quote_service.withdraw(session, actor, reference, command, now=now())


def _conversion(found: Conversion) -> dict[str, Any]:
    return {
        "side": found.side,
        "sold": found.currencies.sold,
        "bought": found.currencies.bought,
        "market": found.market,
        "expected_rate": _expected(found.expected) if found.expected else None,
        "allowed_percent": found.allowed_percent,
        "legs": [_leg(leg) for leg in found.legs],
    }


def _expected(expected: ExpectedRate) -> dict[str, Any]:
    return {
        "base": expected.rate.base,
        "rate": expected.rate.value,
        "source": expected.source,
        "day": expected.day,
        "market": expected.market,
        "quote_id": expected.quote.id if expected.quote else None,
    }


def _leg(leg: Leg) -> dict[str, Any]:
    names = ("side", "expected", "moved", "charge_apart", "realised", "reason")
    return {name: getattr(leg, name) for name in names} | {"parts": [_part(part) for part in leg.parts]}


def _part(part: Part) -> dict[str, Any]:
    return {"code": part.code, "text": words(part.message, part.params), "amount": part.amount}
