"""The rules and codes the product ships with: where an officer starts from, none of them verified.

The migration writes them into the tables once; from then on officers change them there, two by two.
"""

from __future__ import annotations

from typing import Any

from app.contracts.states import Purpose
from app.corridor.states import CodeList
from app.kernel.messages import _

GREEN_CHANNEL = _(
    "Guangdong, 2019: approval document and contract go to the tax office, then to the bank; the Hong Kong party gives"
    " a renminbi account. Read in a public copy"
)
TAX = _(
    "Announcement 40 of 2013 and 19 of 2021: above the equivalent of USD 50,000 in one payment, once per contract;"
    " budget agencies' non-trade payments exempt. Read in commentaries; that a zone authority is one is our reading"
)
RECEIPTS = _("Receiving bank: foreign-related receipts are declared within five working days. Read in an undated text")
BOP = _(
    "Classification and codes of cross-border receipts and payments, 2014 edition; the bank decides. Names from memory"
)
RMB = _(
    "Purpose codes that banks ask of renminbi payments into the Mainland. Read in banks' guides; the use is our reading"
)
PRACTICE = _("Practice of banks, from general knowledge")
RESIDENCY = _("Mainland rules on data and personal information leaving the territory, from general knowledge")

CONTRACT_AND_INVOICE = _("Signed contract and invoice")
DONATION_AGREEMENT = _("Donation agreement")
SALARY_PAPERS = _("Employment contract and proof of tax paid")
BOP_CODE = _("Balance-of-payments code")
RMB_CODE = _("Purpose code of the renminbi payment")
TO_THE_BANK = _("Goes to the bank with the payment instruction.")
WITH_THE_BANK = _("Choose it with the bank, which decides finally and confirms it.")

OUT_FILED = (
    Purpose.GRANT,
    Purpose.COMMISSIONED_RESEARCH,
    Purpose.SERVICES,
    Purpose.DONATION,
    Purpose.SALARY,
)
BOP_SUGGESTED: dict[Purpose, str] = {
    Purpose.GRANT: "421990",
    Purpose.COMMISSIONED_RESEARCH: "228010",
    Purpose.SERVICES: "228990",
    Purpose.EQUITY: "",
    Purpose.DONATION: "421990",
    Purpose.SALARY: "",
}
RMB_SUGGESTED: dict[Purpose, str] = {
    Purpose.GRANT: "COCADR",
    Purpose.COMMISSIONED_RESEARCH: "CSTRDR",
    Purpose.SERVICES: "CSTRDR",
    Purpose.EQUITY: "CCTFDR",
    Purpose.DONATION: "CCDNDR",
    Purpose.SALARY: "COCADR",
}

Row = dict[str, Any]
OUT, IN = ("SZ", "HK"), ("HK", "SZ")


def _row(route: tuple[str, str], code: str, kind: str, title: str, how: str, source: str, **more: Any) -> Row:
    start, end = route
    said = {"kind": kind, "title": title, "how": how, "source": source}
    return {"from_side": start, "to_side": end, "code": code} | said | more


def rules() -> list[Row]:
    """Every shipped rule; columns left out are empty."""
    return [*_papers(), *_filings(), *_codes(), *_notes()]


def _papers() -> list[Row]:
    approval = _("Approval document and signed contract")
    at_tax = _("The department issues it; taken to the tax office, then to the bank.")
    before: Row = {"blocks": "SUBMISSION"}
    found = [
        _row(OUT, "approval-and-contract", "DOCUMENT", approval, at_tax, GREEN_CHANNEL, purpose="GRANT", **before),
        _row(
            IN,
            "payment-purpose",
            "DOCUMENT",
            _("Payment instruction stating the purpose"),
            TO_THE_BANK,
            RECEIPTS,
            exempt_listed_on="FUND_FLOW",
            **before,
        ),
        _row(
            OUT,
            "investment-registration",
            "DOCUMENT",
            _("Registration of the outbound investment"),
            _("The bank registers it before the first payment."),
            PRACTICE,
            purpose="EQUITY",
            **before,
        ),
        _row(
            IN,
            "investment-registration",
            "DOCUMENT",
            _("Registration of the foreign investment"),
            _("The Mainland party registers it with its bank before the first receipt."),
            PRACTICE,
            purpose="EQUITY",
            **before,
        ),
    ]
    for route in (OUT, IN):
        for purpose in ("COMMISSIONED_RESEARCH", "SERVICES"):
            found.append(
                _row(
                    route,
                    "contract-and-invoice",
                    "DOCUMENT",
                    CONTRACT_AND_INVOICE,
                    TO_THE_BANK,
                    PRACTICE,
                    purpose=purpose,
                    **before,
                )
            )
        donation: Row = {"purpose": "DONATION", **before}
        found.append(
            _row(route, "donation-agreement", "DOCUMENT", DONATION_AGREEMENT, TO_THE_BANK, PRACTICE, **donation)
        )
        salary: Row = {"purpose": "SALARY", **before}
        found.append(_row(route, "salary-papers", "DOCUMENT", SALARY_PAPERS, TO_THE_BANK, PRACTICE, **salary))
    return found


def _filings() -> list[Row]:
    how = _("The payer files with its tax office, once per contract; keep the form number and the verification code.")
    filing: Row = {
        "above_minor": 5_000_000,
        "above_currency": "USD",
        "exempt_listed_on": "FUND_FLOW",
        "exempt_payer_kind": "ZONE_AUTHORITY",
        "blocks": "SUBMISSION",
    }
    title = _("Tax filing for the outbound payment")
    return [
        _row(OUT, "outbound-tax-filing", "FILING", title, how, TAX, purpose=purpose.value, **filing)
        for purpose in OUT_FILED
    ]


def _codes() -> list[Row]:
    bop: Row = {"code_list": CodeList.BALANCE_OF_PAYMENTS.value}
    found = [
        _row(route, "bop-code", "CODE", BOP_CODE, WITH_THE_BANK, BOP, purpose=purpose.value, suggested=code, **bop)
        for route in (OUT, IN)
        for purpose, code in BOP_SUGGESTED.items()
    ]
    into: Row = {"code_list": CodeList.RMB_PURPOSE.value, "currency": "CNY"}
    found += [
        _row(IN, "rmb-purpose", "CODE", RMB_CODE, WITH_THE_BANK, RMB, purpose=purpose.value, suggested=code, **into)
        for purpose, code in RMB_SUGGESTED.items()
    ]
    return found


def _notes() -> list[Row]:
    return [
        _row(
            OUT,
            "rmb-account",
            "NOTE",
            _("Renminbi account of the Hong Kong party"),
            _("The payee names an account that takes renminbi in Hong Kong."),
            GREEN_CHANNEL,
            purpose="GRANT",
            currency="CNY",
        ),
        _row(
            OUT,
            "basis-to-export-data",
            "NOTE",
            _("Basis on which evidence and personal data leave the Mainland"),
            _("Write down the basis before any of it is shown in Hong Kong, or that none of it is."),
            RESIDENCY,
        ),
        _row(
            IN,
            "receipt-declaration",
            "DECLARATION",
            _("Declaration of the receipt"),
            _("The Mainland payee declares the receipt to its bank."),
            RECEIPTS,
            blocks="AFTER",
            due_days=5,
        ),
    ]


CODES: tuple[tuple[CodeList, str, str], ...] = (
    (CodeList.BALANCE_OF_PAYMENTS, "223022", _("Study-related travel")),
    (CodeList.BALANCE_OF_PAYMENTS, "223010", _("Business travel")),
    (CodeList.BALANCE_OF_PAYMENTS, "226000", _("Financial services")),
    (CodeList.BALANCE_OF_PAYMENTS, "227020", _("Computer services")),
    (CodeList.BALANCE_OF_PAYMENTS, "228010", _("Transfer of research results and commissioned research")),
    (CodeList.BALANCE_OF_PAYMENTS, "228021", _("Legal services")),
    (CodeList.BALANCE_OF_PAYMENTS, "228022", _("Accounting and audit")),
    (CodeList.BALANCE_OF_PAYMENTS, "228023", _("Management consulting")),
    (CodeList.BALANCE_OF_PAYMENTS, "228025", _("Exhibitions and conferences")),
    (CodeList.BALANCE_OF_PAYMENTS, "228039", _("Other technical services")),
    (CodeList.BALANCE_OF_PAYMENTS, "228040", _("Operating lease")),
    (CodeList.BALANCE_OF_PAYMENTS, "228990", _("Other business services")),
    (CodeList.BALANCE_OF_PAYMENTS, "229030", _("Education services")),
    (CodeList.BALANCE_OF_PAYMENTS, "231020", _("Use of research results")),
    (CodeList.BALANCE_OF_PAYMENTS, "421990", _("Other donations and grants without consideration")),
    (CodeList.RMB_PURPOSE, "CGODDR", _("Trade in goods")),
    (CodeList.RMB_PURPOSE, "CSTRDR", _("Trade in services, research and development fees among them")),
    (CodeList.RMB_PURPOSE, "COCADR", _("Other current account payment")),
    (CodeList.RMB_PURPOSE, "CCTFDR", _("Capital account transfer")),
    (CodeList.RMB_PURPOSE, "CCDNDR", _("Charity donation")),
)
"""List, code, name in our words."""
EDITIONS: dict[CodeList, tuple[str, str]] = {
    CodeList.BALANCE_OF_PAYMENTS: ("2014", BOP),
    CodeList.RMB_PURPOSE: ("banks' guides", RMB),
}
"""Edition and source of each list."""
