"""Five hundred documents as people present them: seeded, with the ones that repeat an earlier one marked."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from app.evidence.fields import DocumentFields, Source
from app.kernel.currencies import Currency
from app.kernel.money import Money
from tests.builders import papers
from tests.builders.papers import Invoice

DOCUMENTS = 500
SELLERS = ("深圳市虚构仪器有限公司", "广州虚构试剂有限公司", "河套虚构出租车公司", "虚构酒店管理（深圳）有限公司")
SHOPS = (
    "Lion Rock Café Ltd.",
    "Victoria Stationery Co., Limited",
    "Harbour Taxi",
    "Kowloon Reagents Limited",
    "茶香小廚",
)


@dataclass(frozen=True, slots=True)
class Presented:
    """One document; `typed` are the fields a person adds to a photograph; `repeats` is the earlier one's place."""

    content: bytes
    typed: DocumentFields | None = None
    repeats: int | None = None
    same_number: bool = True
    """False where only the picture is the same: packed again, smaller or turned."""


def presented(seed: int) -> Iterator[Presented]:
    """The documents in the order in which they are presented."""
    dice = random.Random(seed)
    invoices: list[tuple[int, Invoice]] = []
    receipts: list[tuple[int, int, DocumentFields]] = []
    for place in range(DOCUMENTS):
        draw = dice.random()
        if draw < 0.48 or place < 20:
            invoice = _invoice(dice, place)
            invoices.append((place, invoice))
            yield Presented(_form(dice, invoice))
        elif draw < 0.75:
            shown = _receipt(dice, place)
            receipts.append((place, place, shown))
            yield Presented(papers.jpeg(papers.motif(place)), shown)
        elif draw < 0.90 and invoices:
            earlier, invoice = dice.choice(invoices)
            yield Presented(_form(dice, invoice), repeats=earlier)
        elif draw < 0.96 and receipts:
            earlier, motif, shown = dice.choice(receipts)
            again = papers.jpeg(papers.motif(10_000 + place))
            yield Presented(again, _typed_again(dice, shown), repeats=earlier)
        elif receipts:
            earlier, motif, shown = dice.choice(receipts)
            smaller = papers.motif(motif).resize((240, 180)).rotate(dice.choice((0, 90, 270)), expand=True)
            yield Presented(papers.jpeg(smaller, quality=50), repeats=earlier, same_number=False)
        else:
            yield Presented(papers.jpeg(papers.motif(place)))


def _invoice(dice: random.Random, place: int) -> Invoice:
    """An invoice; its number follows the one before, and seller, day and amount are often those of another."""
    net = Decimal(dice.choice((100, 100, 250, 1200))) + dice.choice((Decimal(0), Decimal("0.50")))
    tax = (net * Decimal("0.06")).quantize(Decimal("0.01"))
    common = replace(
        papers.INVOICE,
        issued_on=date(2026, 1, 1) + timedelta(days=dice.randrange(300)),
        net=f"{net:.2f}",
        tax=f"{tax:.2f}",
        total=f"{net + tax:.2f}",
        seller=dice.choice(SELLERS),
    )
    if dice.random() < 0.3:
        return replace(common, code=dice.choice(("044031900111", "4403192130")), number=f"{40_000_000 + place}")
    return replace(common, number=f"2644200000{place:010d}")


def _form(dice: random.Random, invoice: Invoice) -> bytes:
    """The invoice in one of the forms in which it is given out or kept."""
    xml = papers.older_xml if invoice.code else papers.xml_invoice
    forms = (
        lambda: xml(invoice),
        lambda: papers.ofd_invoice(invoice),
        lambda: papers.ofd_invoice(invoice, attached=False),
        lambda: papers.pdf_invoice(invoice),
        lambda: papers.pdf_invoice(invoice, code=False),
    )
    return dice.choice(forms)()


def _receipt(dice: random.Random, place: int) -> DocumentFields:
    """A receipt of Hong Kong as a person types it in; shops count from one, so numbers meet."""
    return DocumentFields(
        seller_name=dice.choice(SHOPS),
        invoice_number=str(dice.randrange(1, 60)) if dice.random() < 0.5 else f"R{place:05d}",
        issued_on=date(2026, 1, 1) + timedelta(days=place % 300),
        amount=Money(dice.choice((4800, 4800, 12000, 35050)), Currency.HKD),
        currency=Currency.HKD,
        sources={"amount": Source.PERSON},
    )


def _typed_again(dice: random.Random, shown: DocumentFields) -> DocumentFields:
    """The same receipt, typed by another person."""
    name = shown.seller_name or ""
    number = shown.invoice_number or ""
    written = dice.choice((name.upper(), name.replace("Ltd.", "Limited"), f" {name}  "))
    return replace(
        shown, seller_name=written, invoice_number=dice.choice((number.lower(), f"00{number}", f" {number} "))
    )
