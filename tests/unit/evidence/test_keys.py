"""Keys are the same for the same document however it is written, and differ for another."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import pytest
from PIL import Image

from app.evidence.examination.pictures import fingerprints
from app.evidence.fields import DocumentFields
from app.evidence.keys import keys_of, near, normalised_seller
from app.evidence.states import KeyKind
from app.kernel.currencies import Currency
from app.kernel.money import Money
from tests.builders import papers

DIGITAL = DocumentFields(invoice_number="25442000000012345678", seller_id="91440300MA5FAKE01X")
OLDER = DocumentFields(invoice_code="044031900111", invoice_number="12345678", seller_id="91440300MA5FAKE01X")
RECEIPT = DocumentFields(
    seller_name="Lion Rock Café Co., Ltd.",
    invoice_number="No. 00123-A",
    issued_on=date(2026, 3, 5),
    amount=Money.parse("128.00", Currency.HKD),
)


def kinds(fields: DocumentFields) -> list[KeyKind]:
    return [key.kind for key in keys_of(fields)]


def test_digital_invoice_has_its_twenty_digits_for_a_key_whoever_sold() -> None:
    assert kinds(DIGITAL) == [KeyKind.DIGITAL_INVOICE]
    assert keys_of(DIGITAL) == keys_of(replace(DIGITAL, seller_id=None))
    assert keys_of(DIGITAL) == keys_of(replace(DIGITAL, invoice_number="２５４４２０００００００１２３４５６７８ "))
    assert keys_of(DIGITAL) != keys_of(replace(DIGITAL, invoice_number="25442000000012345679"))


def test_older_invoice_is_known_with_and_without_its_seller() -> None:
    assert kinds(OLDER) == [KeyKind.SELLER_INVOICE, KeyKind.INVOICE]
    assert keys_of(OLDER)[1:] == keys_of(replace(OLDER, seller_id=None))


@pytest.mark.parametrize("name", ["LION ROCK CAFÉ LIMITED", "lion rock café", "Ｌｉｏｎ Rock Café Company Limited"])
def test_receipt_is_the_same_however_its_seller_is_written(name: str) -> None:
    written = replace(RECEIPT, seller_name=name, invoice_number="00123a".replace("00", "NO-00", 1))
    assert normalised_seller(name) == normalised_seller(RECEIPT.seller_name)
    assert keys_of(written) == keys_of(RECEIPT)


@pytest.mark.parametrize(
    "change",
    [
        {"seller_name": "Lion Rock Bakery"},
        {"invoice_number": "124"},
        {"issued_on": date(2026, 3, 6)},
        {"amount": Money.parse("128.10", Currency.HKD)},
        {"amount": Money.parse("128.00", Currency.CNY)},
    ],
)
def test_receipt_that_differs_in_one_thing_is_another(change: dict[str, object]) -> None:
    assert keys_of(replace(RECEIPT, **change)) != keys_of(RECEIPT)


@pytest.mark.parametrize("missing", ["seller_name", "invoice_number", "issued_on", "amount"])
def test_receipt_with_something_missing_has_no_key_of_its_own(missing: str) -> None:
    assert keys_of(replace(RECEIPT, **{missing: None})) == ()


def test_file_is_known_by_its_digest() -> None:
    digest = hashlib.sha256(b"x").digest()
    assert [(key.kind, key.digest) for key in keys_of(DocumentFields(), digest)] == [(KeyKind.FILE, digest)]


def test_keys_of_a_seller_named_only_by_words_for_companies_are_not_empty() -> None:
    assert normalised_seller("有限公司") == "有限公司"


def test_picture_that_is_smaller_and_packed_again_stays_near_and_another_does_not() -> None:
    import io

    picture = papers.motif(7, (800, 600))
    again = Image.open(io.BytesIO(papers.jpeg(picture.resize((500, 375)), quality=40))).convert("L")
    one, other = fingerprints(picture.convert("L")), fingerprints(again)
    assert near(one[0], other[0])
    assert near(fingerprints(picture.rotate(90, expand=True).convert("L"))[0], one[1])
    assert not near(one[0], fingerprints(papers.motif(8).convert("L"))[0])


def test_an_invoice_is_not_compared_by_its_looks_and_a_blank_picture_by_nothing() -> None:
    blank = fingerprints(Image.new("L", (300, 200), 255))
    assert keys_of(DocumentFields(), None, blank) == ()
    looks = fingerprints(papers.motif(7).convert("L"))
    assert KeyKind.PICTURE not in [key.kind for key in keys_of(DIGITAL, None, looks)]
    assert KeyKind.PICTURE in [key.kind for key in keys_of(DocumentFields(), None, looks)]
