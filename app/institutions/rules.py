"""Pure checks of institutions and bank accounts: facts in, breaches out, each with its source."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from app.institutions import identifiers
from app.institutions.states import InstitutionKind, Side
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.messages import _

REGISTERED_KINDS = frozenset(
    {
        InstitutionKind.UNIVERSITY,
        InstitutionKind.RESEARCH_INSTITUTE,
        InstitutionKind.ENTERPRISE,
        InstitutionKind.AUDIT_FIRM,
    }
)
"""Kinds that always have a registration number; a funder or regulator may be a government department without one."""

HOME_CURRENCY: dict[Side, Currency] = {Side.SZ: Currency.CNY, Side.HK: Currency.HKD}
"""Functional currency of a book by side; elsewhere it is chosen."""


@dataclass(frozen=True, slots=True)
class InstitutionFacts:
    """What is checked when an institution is opened or changed."""

    code: str
    side: Side
    kind: InstitutionKind
    uscc: str
    br_number: str
    lei: str
    functional_currency: Currency


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What is checked when a bank account is entered."""

    bank_side: Side
    bic: str
    cnaps: str
    hk_bank_code: str
    number: str


def code_is_plain(facts: InstitutionFacts) -> list[Breach]:
    """A code is two to twelve capitals and digits: it stands in addresses, exports and references."""
    if re.fullmatch(r"[A-Z][A-Z0-9]{1,11}", facts.code):
        return []
    return [
        Breach(
            "institution.code-form",
            _("The code must be 2 to 12 capital letters and digits, beginning with a letter."),
            cure=_("Choose a short code such as QTSF."),
            source=_("Naming rule of this system"),
            field="code",
        )
    ]


def registration_is_given(facts: InstitutionFacts) -> list[Breach]:
    """A Mainland body names its USCC, a Hong Kong one its business registration number."""
    if facts.kind not in REGISTERED_KINDS:
        return []
    if facts.side is Side.SZ and not facts.uscc:
        message, field = _("A Mainland body of this kind has a unified social credit code."), "uscc"
        source = "GB 32100-2015"
    elif facts.side is Side.HK and not facts.br_number:
        message, field = _("A Hong Kong body of this kind has a business registration number."), "br_number"
        source = _("Hong Kong Inland Revenue Department: unique business identifier")
    else:
        return []
    cure = _("Copy it from the registration document.")
    return [Breach("institution.registration-missing", message, cure=cure, source=source, field=field)]


def currency_fits_side(facts: InstitutionFacts) -> list[Breach]:
    """Books are kept in CNY in Shenzhen and in HKD in Hong Kong."""
    home = HOME_CURRENCY.get(facts.side)
    if home is None or home is facts.functional_currency:
        return []
    return [
        Breach(
            "institution.functional-currency",
            _("A book on this side is kept in %(currency)s."),
            cure=_("Choose %(currency)s; money in the other currency is still recorded as it is."),
            source=_("Functional currency of the book: CNY for Shenzhen, HKD for Hong Kong"),
            params={"currency": home.value},
            field="functional_currency",
        )
    ]


INSTITUTION_RULES: tuple[Callable[[InstitutionFacts], list[Breach]], ...] = (
    code_is_plain,
    registration_is_given,
    currency_fits_side,
)


def institution_breaches(facts: InstitutionFacts) -> list[Breach]:
    """Every breach of an institution's particulars, check digits included."""
    breaches = [breach for rule in INSTITUTION_RULES for breach in rule(facts)]
    checks = (
        (facts.uscc, identifiers.check_uscc),
        (facts.br_number, identifiers.check_br),
        (facts.lei, identifiers.check_lei),
    )
    for text, check in checks:
        if text:
            breaches += check(text)[1]
    return breaches


def account_breaches(facts: AccountFacts) -> list[Breach]:
    """Every breach of a bank account's particulars: routing that fits the side, check digits, number form."""
    breaches = list(routing_is_given(facts))
    hong_kong = facts.bank_side is Side.HK
    if facts.bic:
        breaches += identifiers.check_bic(facts.bic)[1]
    if facts.cnaps:
        breaches += identifiers.check_cnaps(facts.cnaps)[1]
    if facts.hk_bank_code:
        breaches += identifiers.check_hk_bank_code(facts.hk_bank_code)[1]
    return breaches + identifiers.check_account_number(facts.number, hong_kong=hong_kong)[1]


def routing_is_given(facts: AccountFacts) -> list[Breach]:
    """A Mainland bank is found by CNAPS, a Hong Kong one by its clearing code, any other by BIC."""
    needed = {
        Side.SZ: (facts.cnaps, "cnaps", _("A Mainland bank needs its CNAPS code.")),
        Side.HK: (facts.hk_bank_code, "hk_bank_code", _("A Hong Kong bank needs its three-digit bank code.")),
    }.get(facts.bank_side, (facts.bic, "bic", _("A bank elsewhere needs its BIC.")))
    given, field, message = needed
    if given:
        return []
    cure = _("Ask the bank for it; it stands on the account letter.")
    return [Breach("bank-account.routing-missing", message, cure=cure, source=_("Bank routing"), field=field)]


def verifier_is_another(entered_by_id: UUID, verifier_id: UUID) -> list[Breach]:
    """Whoever entered an account cannot verify it."""
    if entered_by_id != verifier_id:
        return []
    return [
        Breach(
            "bank-account.own-entry",
            _("You entered this account, so you cannot verify it."),
            cure=_("A second finance officer, accountant or grant officer calls back and verifies it."),
            source=_("Separation of duties: maker, checker and payer are different people"),
        )
    ]
