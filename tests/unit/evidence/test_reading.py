"""Invoices are read exactly and say where each field stood; of everything else nothing is invented."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import hetao
from app.evidence.examination.invoices import said_by_code
from app.evidence.examination.statements import day, money
from app.evidence.examining import Examined, examine
from app.evidence.fields import DocumentFields, Source, VerificationStatus, from_json
from app.kernel.currencies import Currency
from app.kernel.money import Money
from tests.builders import papers
from tests.builders.papers import INVOICE, OLD_INVOICE


def fields(content: bytes) -> DocumentFields:
    """What the file states."""
    found = examine(content)
    assert isinstance(found, Examined)
    return found.fields


def cny(text: str) -> Money:
    return Money.parse(text, Currency.CNY)


def test_xml_of_a_digital_invoice_is_read_exactly() -> None:
    read = fields(papers.xml_invoice())
    assert (read.amount, read.tax, read.currency) == (cny("1272.00"), cny("72.00"), Currency.CNY)
    assert (read.issued_on, read.invoice_code, read.invoice_number) == (date(2026, 3, 5), None, INVOICE.number)
    assert (read.seller_name, read.seller_id) == (INVOICE.seller, INVOICE.seller_id)
    assert (read.buyer_name, read.buyer_id) == (INVOICE.buyer, INVOICE.buyer_id)
    assert set(read.sources.values()) == {Source.XML}
    assert from_json(read.as_json()) == read


def test_an_invoice_is_never_taken_as_verified() -> None:
    read = fields(papers.xml_invoice())
    assert read.verification.status is VerificationStatus.NOT_VERIFIED
    assert read.verification.source == ""


def test_red_invoice_has_a_negative_amount() -> None:
    read = fields(papers.xml_invoice(replace(INVOICE, net="-1200.00", tax="-72.00", total="-1272.00")))
    assert (read.amount, read.tax) == (cny("-1272.00"), cny("-72.00"))


@pytest.mark.parametrize("content", [papers.older_xml(), papers.ofd_invoice(), papers.ofd_invoice(attached=False)])
def test_older_invoices_are_read_from_xml_attachment_and_tags(content: bytes) -> None:
    read = fields(content)
    assert (read.amount, read.tax, read.issued_on) == (cny("1272.00"), cny("72.00"), date(2026, 3, 5))
    assert (read.invoice_code, read.invoice_number) == (OLD_INVOICE.code, OLD_INVOICE.number)
    assert (read.seller_name, read.seller_id) == (OLD_INVOICE.seller, OLD_INVOICE.seller_id)


def test_digital_invoice_in_an_ofd_package_says_which_part_it_was_read_from() -> None:
    assert fields(papers.ofd_invoice(INVOICE)).sources["amount"] is Source.XML
    read = fields(papers.ofd_invoice(INVOICE, attached=False))
    assert (read.invoice_number, read.amount, read.sources["amount"]) == (INVOICE.number, cny("1272.00"), Source.OFD)


def test_pdf_of_a_digital_invoice_is_read_by_its_code_and_its_text() -> None:
    read = fields(papers.pdf_invoice())
    assert (read.invoice_number, read.amount, read.issued_on) == (INVOICE.number, cny("1272.00"), date(2026, 3, 5))
    assert (read.seller_name, read.seller_id) == (INVOICE.seller, INVOICE.seller_id)
    assert (read.sources["invoice_number"], read.sources["amount"]) == (Source.QR, Source.QR)
    assert read.sources["seller_name"] is Source.TEXT
    assert read.disputed == ()


def test_pdf_of_an_older_invoice_takes_the_amount_with_tax_from_the_text() -> None:
    read = fields(papers.pdf_invoice(OLD_INVOICE))
    assert (read.invoice_code, read.invoice_number) == (OLD_INVOICE.code, OLD_INVOICE.number)
    assert (read.amount, read.sources["amount"]) == (cny("1272.00"), Source.TEXT)
    assert read.seller_name == OLD_INVOICE.seller


def test_pdf_without_a_code_is_read_by_its_text_alone() -> None:
    read = fields(papers.pdf_invoice(code=False))
    assert (read.invoice_number, read.sources["invoice_number"]) == (INVOICE.number, Source.TEXT)


def test_text_that_contradicts_the_code_leaves_the_field_empty() -> None:
    read = fields(papers.pdf_invoice(INVOICE, printed=replace(INVOICE, total="9272.00")))
    assert read.amount is None
    assert read.disputed == ("amount",)
    assert read.invoice_number == INVOICE.number


@pytest.mark.parametrize(
    "content", [papers.jpeg(), papers.png(), papers.HEIC_WITH_POSITION, papers.pdf("Total HK$ 120.00", "No. 12345678")]
)
def test_of_photographs_and_other_papers_nothing_is_invented(content: bytes) -> None:
    assert fields(content) == DocumentFields()


def test_a_photographed_invoice_states_what_its_code_holds_and_no_more() -> None:
    photograph = papers.motif(size=(900, 600))
    photograph.paste(papers.code_picture(INVOICE).resize((260, 260)), (40, 40))
    read = fields(papers.jpeg(photograph, quality=70))
    assert (read.invoice_number, read.sources["invoice_number"]) == (INVOICE.number, Source.QR)
    assert read.seller_name is None


@pytest.mark.parametrize(
    "text", ["", "hello", "01,32,,123,1.00,20260305,,", "02,32,,25442000000012345678,1.00,20260305"]
)
def test_other_codes_state_nothing(text: str) -> None:
    assert said_by_code(text) == {}


def test_the_amount_before_tax_is_never_taken_for_the_whole() -> None:
    assert "amount" not in said_by_code(papers.code_text(OLD_INVOICE))
    assert said_by_code(papers.code_text(INVOICE))["amount"] == cny("1272.00")


@pytest.mark.parametrize("text", ["", "1.234", "12,3x", "1e3", "NaN", None])
def test_what_is_no_exact_amount_is_left_out(text: str | None) -> None:
    assert money(text) is None


@pytest.mark.parametrize("text", ["2026年13月01日", "2026-02-30", "0", "yesterday", None])
def test_what_is_no_day_is_left_out(text: str | None) -> None:
    assert day(text) is None


def test_the_command_prints_what_was_read(tmp_path: Path) -> None:
    file = tmp_path / "invoice.bin"
    file.write_bytes(papers.xml_invoice())
    told = CliRunner().invoke(hetao, ["evidence", "read", str(file), "--json"])
    facts = json.loads(told.stdout)
    assert (told.exit_code, facts["taken"], facts["fields"]["amount"]) == (0, True, "1272.00")
    assert [key["kind"] for key in facts["keys"]] == ["DIGITAL_INVOICE", "FILE"]
    spoken = CliRunner().invoke(hetao, ["evidence", "read", str(file)]).stdout
    assert "Amount: CNY 1272.00  (the invoice's XML)" in spoken
    assert "With the tax authority: not verified" in spoken


def test_the_command_says_why_a_file_is_not_taken(tmp_path: Path) -> None:
    file = tmp_path / "invoice.pdf"
    file.write_bytes(b"<svg/>")
    told = CliRunner().invoke(hetao, ["evidence", "read", str(file), "--json"])
    assert (told.exit_code, json.loads(told.stdout)["code"]) == (1, "evidence.drawing")
