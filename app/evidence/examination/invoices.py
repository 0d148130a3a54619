"""Mainland electronic invoices: the XML of the fully digitalised one, the older XML, OFD packages, codes and text.

Element names: the fully digitalised invoice (`EInvoice`, 2023 and later) and the older one (`eInvoice`, in OFD as an
attachment). Codes printed on invoices: `01,kind,code,number,amount,day,check code,…`, where the amount of the fully
digitalised kinds includes tax and that of older kinds does not.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.evidence.examination.statements import PageText, Said, day, identity, joined, money, name, number
from app.evidence.fields import DocumentFields, Source

if TYPE_CHECKING:
    import ofdkit

CODE_LENGTHS = (10, 12)
OLD_NUMBER = 8
DIGITAL_NUMBER = 20
_TAX_INCLUDED = frozenset({"31", "32"})

_DIGITAL = {
    "amount": ("EInvoiceData/BasicInformation/TotalTax-includedAmount", money),
    "tax": ("EInvoiceData/BasicInformation/TotalTaxAm", money),
    "seller_name": ("EInvoiceData/SellerInformation/SellerName", name),
    "seller_id": ("EInvoiceData/SellerInformation/SellerIdNum", identity),
    "buyer_name": ("EInvoiceData/BuyerInformation/BuyerName", name),
    "buyer_id": ("EInvoiceData/BuyerInformation/BuyerIdNum", identity),
}
_OLDER = {
    "amount": ("TaxInclusiveTotalAmount", money),
    "tax": ("TaxTotalAmount", money),
    "issued_on": ("IssueDate", day),
    "seller_name": ("Seller/SellerName", name),
    "seller_id": ("Seller/SellerTaxID", identity),
    "buyer_name": ("Buyer/BuyerName", name),
    "buyer_id": ("Buyer/BuyerTaxID", identity),
}


def _text(root: ET.Element, path: str) -> str | None:
    """The text at `path`, whatever the namespaces; None when it is absent or stands there twice."""
    found = root.findall("/".join(f"{{*}}{step}" for step in path.split("/")))
    return found[0].text if len(found) == 1 else None


def _numbered(code: str | None, figure: str | None) -> Said:
    """Code and number together, of lengths that exist."""
    digital = number(figure, DIGITAL_NUMBER)
    if digital:
        return {"invoice_number": digital}
    known, old = number(code, *CODE_LENGTHS), number(figure, OLD_NUMBER)
    return {"invoice_code": known, "invoice_number": old} if known and old else {}


def of_tree(root: ET.Element) -> DocumentFields:
    """The fields of an invoice's XML."""
    return joined([(Source.XML, _said_by_tree(root))])


def _said_by_tree(root: ET.Element) -> Said:
    if root.tag.rsplit("}", 1)[-1] == "eInvoice":
        said: Said = {field: read(_text(root, path)) for field, (path, read) in _OLDER.items()}
        return said | _numbered(_text(root, "InvoiceCode"), _text(root, "InvoiceNo"))
    said = {field: read(_text(root, path)) for field, (path, read) in _DIGITAL.items()}
    asked = day(_text(root, "EInvoiceData/BasicInformation/RequestTime"))
    said["issued_on"] = asked or day(_text(root, "TaxSupervisionInfo/IssueTime"))
    return said | _numbered(None, _text(root, "TaxSupervisionInfo/InvoiceNumber") or _text(root, "Header/EIid"))


def of_package(content: bytes, parts: Mapping[str, bytes]) -> DocumentFields:
    """The fields of an OFD package: an invoice's XML inside it first, then what its tags and data say."""
    import ofdkit  # slow to load, and only packages need it

    statements = []
    for part in parts.values():
        if b"EInvoice" in part[:4000]:
            root = ET.fromstring(part)  # noqa: S314 - read before without doctype or entities
            if root.tag.rsplit("}", 1)[-1] == "EInvoice":
                statements.append((Source.XML, _said_by_tree(root)))
    try:
        invoice = ofdkit.extract_invoice(content)
    except (ofdkit.OFDError, ValueError, KeyError, IndexError, AttributeError, RecursionError):
        invoice = None
    if invoice is not None:
        statements.append((Source.OFD, _said_by_package(invoice)))
    return joined(statements)


def _said_by_package(invoice: ofdkit.Invoice) -> Said:
    said: Said = {
        "amount": money(invoice.total_amount),
        "tax": money(invoice.tax_amount),
        "issued_on": day(invoice.issue_date),
        "seller_name": name(invoice.seller.name),
        "seller_id": identity(invoice.seller.tax_id),
        "buyer_name": name(invoice.buyer.name),
        "buyer_id": identity(invoice.buyer.tax_id),
    }
    before_tax = money(invoice.amount_without_tax)
    if said["amount"] is None and before_tax is not None and said["tax"] is not None:
        said["amount"] = before_tax + said["tax"]
    return said | _numbered(invoice.invoice_code, invoice.invoice_number)


def said_by_code(code: str) -> Said:
    """What the code printed on an invoice states; nothing for any other code."""
    parts = [part.strip() for part in code.split(",")]
    if len(parts) < 6 or parts[0] != "01":
        return {}
    said = _numbered(parts[2], parts[3])
    if not said:
        return {}
    if parts[1] in _TAX_INCLUDED:
        said["amount"] = money(parts[4])
    said["issued_on"] = day(parts[5])
    return said


_NUMBER = re.compile(r"发\s*票\s*号\s*码\s*[:：]?\s*(\d{20}|\d{8})(?!\d)")
_CODE = re.compile(r"发\s*票\s*代\s*码\s*[:：]?\s*(\d{12}|\d{10})(?!\d)")
_ISSUED = re.compile(r"开\s*票\s*日\s*期\s*[:：]?\s*(\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日)")
_TOTAL = re.compile(r"[（(]\s*小\s*写\s*[）)]\s*[¥￥]?\s*(-?[\d,，]+\.\d{2})(?!\d)")
_NAME = re.compile(r"名\s*称\s*[:：]\s*([^\r\n]{2,80})")
_IDENTITY = re.compile(
    r"(?:纳\s*税\s*人\s*识\s*别\s*号|统一社会信用代码)[^:：\r\n]{0,16}[:：]\s*([0-9A-Z]{15,20})(?![0-9A-Z])"
)


def said_by_text(text: PageText) -> Said:
    """What the labels of an invoice's text are followed by; a label that stands there twice with two values is left.

    The seller stands in the right half of the fully digitalised invoice and in the lower part of older ones.
    """
    said = _numbered(_only(_CODE, text.whole), _only(_NUMBER, text.whole))
    if not said:
        return {}
    said["issued_on"] = day(_only(_ISSUED, text.whole))
    said["amount"] = money(_only(_TOTAL, text.whole))
    sellers = text.lower if "invoice_code" in said else text.right
    said["seller_name"] = name(_only(_NAME, sellers))
    said["seller_id"] = identity(_only(_IDENTITY, sellers))
    return said


def _only(pattern: re.Pattern[str], text: str) -> str | None:
    found = {each.group(1).strip() for each in pattern.finditer(text)}
    return found.pop() if len(found) == 1 else None
