"""Identifiers with their real check digits. Pure: text in, canonical text or a breach out.

Sources: GB 32100-2015 (USCC), GB 11714 (organisation code), ISO 7064 MOD 11,10 (CNAPS, observed, hence a warning),
ISO 7064 MOD 11-2 (ORCID, Mainland identity number), ISO 17442 (LEI), ISO 9362 (BIC), HKID check digit.
"""

from __future__ import annotations

import hashlib
import re

from stdnum import bic as bic_number, isni, lei as lei_number
from stdnum.cn import ric, uscc as uscc_number
from stdnum.exceptions import ValidationError

from app.kernel.breaches import Breach
from app.kernel.messages import _

_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_HKID = re.compile(r"([A-Z]{1,2})([0-9]{6})\(?([0-9A])\)?")


def compact(text: str) -> str:
    """The identifier without spaces and hyphens, in capitals."""
    return re.sub(r"[\s\-]", "", text).upper()


def check_uscc(text: str) -> tuple[str, list[Breach]]:
    """Unified social credit code: 18 characters and their check character; the organisation code's own is a warning."""
    value = compact(text)
    if not value.isascii() or not uscc_number.is_valid(value):
        return value, [
            Breach(
                "institution.uscc-invalid",
                _("This is not a valid unified social credit code."),
                cure=_("Copy the 18 characters from the business licence; the last one is a check character."),
                source="GB 32100-2015",
                field="uscc",
            )
        ]
    if organisation_check(value[8:16]) != value[16]:
        return value, [
            Breach(
                "institution.uscc-organisation-code",
                _("The organisation code inside the credit code does not carry its usual check character."),
                cure=_("Compare it with the business licence; some early codes differ."),
                source="GB 11714",
                field="uscc",
                blocking=False,
            )
        ]
    return value, []


def organisation_check(first_eight: str) -> str:
    """Check character of a GB 11714 organisation code, over its first eight characters."""
    total = sum(weight * int(place, 36) for weight, place in zip(_ORGANISATION_WEIGHTS, first_eight, strict=True))
    return "0123456789X"[(11 - total % 11) % 11]


def check_br(text: str) -> tuple[str, list[Breach]]:
    """Hong Kong business registration number (unique business identifier): eight digits, no public check digit."""
    value = compact(text)
    if re.fullmatch(r"[0-9]{8}", value):
        return value, []
    return value, [
        Breach(
            "institution.br-invalid",
            _("A Hong Kong business registration number has eight digits."),
            cure=_("Copy the eight digits before the first hyphen on the certificate."),
            source=_("Hong Kong Inland Revenue Department: unique business identifier"),
            field="br_number",
        )
    ]


def check_lei(text: str) -> tuple[str, list[Breach]]:
    """Legal entity identifier: 20 characters, MOD 97-10."""
    value = compact(text)
    if value.isascii() and lei_number.is_valid(value):
        return value, []
    return value, [
        Breach(
            "institution.lei-invalid",
            _("This is not a valid legal entity identifier."),
            cure=_("Copy the 20 characters from the register; the last two are check digits."),
            source="ISO 17442",
            field="lei",
        )
    ]


def check_bic(text: str) -> tuple[str, list[Breach]]:
    """Bank identifier code: 8 or 11 characters."""
    value = compact(text)
    if value.isascii() and bic_number.is_valid(value):
        return value, []
    return value, [
        Breach(
            "bank-account.bic-invalid",
            _("This is not a valid BIC."),
            cure=_("A BIC has 8 or 11 characters: bank, country, place, branch."),
            source="ISO 9362",
            field="bic",
        )
    ]


def check_cnaps(text: str) -> tuple[str, list[Breach]]:
    """CNAPS bank code: twelve digits; a check digit that does not fit is a warning until the official text is seen."""
    value = compact(text)
    if not re.fullmatch(r"[0-9]{12}", value):
        return value, [
            Breach(
                "bank-account.cnaps-invalid",
                _("A CNAPS code has twelve digits."),
                cure=_("Ask the bank for the twelve-digit code of the branch."),
                source=_("CNAPS participant codes"),
                field="cnaps",
            )
        ]
    if cnaps_check(value[:11]) != value[11]:
        return value, [
            Breach(
                "bank-account.cnaps-check-digit",
                _("The last digit of this CNAPS code does not fit the others."),
                cure=_("Compare the code with the bank's letter before going on."),
                source=_("ISO 7064 MOD 11,10, observed on published codes; the official rule was not seen"),
                field="cnaps",
                blocking=False,
            )
        ]
    return value, []


def cnaps_check(first_eleven: str) -> str:
    """ISO 7064 MOD 11,10 check digit of the first eleven digits."""
    product = 10
    for digit in first_eleven:
        step = (product + int(digit)) % 10 or 10
        product = 2 * step % 11
    return str((11 - product) % 10)


def check_hk_bank_code(text: str) -> tuple[str, list[Breach]]:
    """Hong Kong clearing code: three digits."""
    value = compact(text)
    if re.fullmatch(r"[0-9]{3}", value):
        return value, []
    return value, [
        Breach(
            "bank-account.hk-bank-code-invalid",
            _("A Hong Kong bank code has three digits."),
            cure=_("HSBC is 004, for example; ask the bank."),
            source=_("HKICL clearing codes"),
            field="hk_bank_code",
        )
    ]


def check_account_number(text: str, *, hong_kong: bool) -> tuple[str, list[Breach]]:
    """Account number: digits (8 to 17 in Hong Kong after the bank code, 6 to 32 elsewhere)."""
    value = compact(text)
    pattern = r"[0-9]{8,17}" if hong_kong else r"[0-9]{6,32}"
    if re.fullmatch(pattern, value):
        return value, []
    return value, [
        Breach(
            "bank-account.number-invalid",
            _("A Hong Kong account number has 8 to 17 digits.")
            if hong_kong
            else _("An account number here has 6 to 32 digits."),
            cure=_("Enter digits only, as on the bank's letter."),
            source=_("Bank numbering practice"),
            field="number",
        )
    ]


def check_orcid(text: str) -> tuple[str, list[Breach]]:
    """ORCID iD: sixteen places, MOD 11-2; kept in groups of four."""
    value = compact(re.sub(r"^https?://orcid\.org/", "", text.strip(), flags=re.IGNORECASE))
    if value.isascii() and isni.is_valid(value):
        return "-".join(value[i : i + 4] for i in range(0, 16, 4)), []
    return value, [
        Breach(
            "person.orcid-invalid",
            _("This is not a valid ORCID iD."),
            cure=_("It looks like 0000-0002-1825-0097."),
            source="ISO 7064 MOD 11-2",
            field="orcid",
        )
    ]


def check_hkid(text: str) -> tuple[str, list[Breach]]:
    """Hong Kong identity card number with its check digit. The result is masked: the full number is never kept."""
    value = compact(text)
    found = _HKID.fullmatch(value)
    if found and hkid_check(found[1], found[2]) == found[3]:
        return masked_identity(f"{found[1]}{found[2]}({found[3]})"), []
    return masked_identity(value), [_identity_breach(_("This is not a valid Hong Kong identity card number."))]


def hkid_check(letters: str, digits: str) -> str:
    """Check digit of an HKID: letters A=10 to Z=35, a blank 36, weights 9 to 2, modulo 11."""
    places = [36] * (2 - len(letters)) + [int(letter, 36) for letter in letters] + [int(digit) for digit in digits]
    total = sum(weight * place for weight, place in zip(range(9, 1, -1), places, strict=True))
    return "0123456789A"[(11 - total % 11) % 11]


def check_mainland_identity(text: str) -> tuple[str, list[Breach]]:
    """Mainland resident identity number (MOD 11-2, date inside). The result is masked."""
    value = compact(text)
    if value.isascii() and _valid_ric(value):
        return masked_identity(value), []
    return masked_identity(value), [_identity_breach(_("This is not a valid Mainland identity number."))]


def masked_identity(value: str) -> str:
    """The first four places and stars: what Hong Kong funders ask for on slips, and all that is kept."""
    return value[:4] + "*" * max(len(value) - 4, 0)


def masked_account(number: str) -> str:
    """Stars and the last four places of an account number."""
    return "•" * max(len(number) - 4, 4) + number[-4:]


def account_digest(*parts: str | None) -> str:
    """SHA-256 over the parts that decide where money goes, as hexadecimal."""
    return hashlib.sha256("|".join(part or "" for part in parts).encode()).hexdigest()


def _valid_ric(value: str) -> bool:
    try:
        ric.validate(value)
    except (ValidationError, ValueError):
        return False
    return True


def _identity_breach(message: str) -> Breach:
    return Breach(
        "person.identity-invalid",
        message,
        cure=_("Copy it from the card with its check digit."),
        source=_("Check digit of the identity document"),
        field="identity_number",
    )
