"""The screens of disbursements: pages open, verbs work by form, refusals keep what was typed, nothing leaks."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db.unit_of_work import unit_of_work
from app.disbursements import residue_service
from app.disbursements.commands import EnterResidue
from app.disbursements.models import Disbursement, ResidueReturn
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.kernel.money import Money
from tests.builders import payments
from tests.builders.payments import NOW, TODAY, PaymentWorld
from tests.builders.people import a_token, signed_in_client


@pytest.fixture
def world(app: Flask) -> PaymentWorld:
    with unit_of_work() as session:
        return payments.world(session)


def made(world: PaymentWorld, step: str = "submitted", amount: str = "10000.00") -> str:
    with unit_of_work() as session:
        return getattr(payments, step)(session, world, amount).reference


def status_of(reference: str) -> str:
    with unit_of_work() as session:
        return session.scalars(select(Disbursement.status).where(Disbursement.reference == reference)).one()


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).replace("\xa0", " ").split())


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, f"no field {name}"
    return unescape(found.group(1))


def client_of(app: Flask, actor: Actor) -> FlaskClient:
    return signed_in_client(app, actor.person_id)


@pytest.mark.parametrize("who", ["maker", "checker", "payer", "accountant", "finance", "leader"])
def test_queue_and_detail_open_for_everyone_concerned(app: Flask, world: PaymentWorld, who: str) -> None:
    client = client_of(app, getattr(world, who))
    for step in ("submitted", "approved", "settled"):
        detail = client.get(f"/disbursements/{made(world, step)}")
        hidden_from_grantee = step == "submitted" and who in ("finance", "leader")
        assert detail.status_code == (404 if hidden_from_grantee else 200), detail.text
        assert world.payee_account.number not in detail.text
    answer = client.get("/disbursements")
    assert answer.status_code == 200, answer.text


def test_every_saved_view_opens(app: Flask, world: PaymentWorld) -> None:
    made(world)
    client = client_of(app, world.checker)
    for view in ("mine", "returned", "approved", "all", "to-check"):
        answer = client.get(f"/disbursements?view={view}&text=a&currency=CNY")
        assert answer.status_code == 200, answer.text


def test_queue_groups_clean_own_and_needs_a_look(app: Flask, world: PaymentWorld) -> None:
    made(world)
    with unit_of_work() as session:
        row = payments.drafted(session, world, "20000.00")
        payments.service.submit(session, world.maker, row.reference, payments.Seen(row.version), now=payments.NOW)
        own = payments.Draft(
            world.contract.reference,
            1,
            world.payer_account.id,
            world.payee_account.id,
            payments.TODAY,
            world.money("300.00"),
        )
        mine = payments.service.draft(session, world.checker, own, now=payments.NOW)
        for need in payments.document_service.requirements_of(session, mine, payments.NOW):
            listed = payments.ListDocument(need.code, "1")
            payments.document_service.list_document(session, world.checker, mine.reference, listed, now=payments.NOW)
        payments.service.submit(session, world.checker, mine.reference, payments.Seen(mine.version), now=payments.NOW)
    text = text_of(client_of(app, world.checker).get("/disbursements").text)
    assert "Clean, 2" in text
    assert "Yours, 1" in text
    assert "You made this" in text


def test_batch_is_approved_in_three_presses(app: Flask, world: PaymentWorld) -> None:
    references = [made(world, amount="10000.00") for _ in range(3)]
    client = client_of(app, world.checker)
    queue = client.get("/disbursements?view=to-check&select=clean").text
    ticked = re.findall(r'<input class="tick" type="checkbox" name="row" value="([^"]+)"[^>]* checked', queue)
    assert len(ticked) == 3
    review = client.post("/disbursements/review", data={"row": ticked})
    assert review.status_code == 200, review.text
    assert "30,000" in review.text
    rows = re.findall(r'name="row" value="([^"]+)"', review.text)
    key = hidden(review.text, "idempotency_key") if "idempotency_key" in review.text else ""
    outcome = client.post("/disbursements/approve-batch", data={"row": rows, "idempotency_key": key})
    assert outcome.status_code == 200, outcome.text
    assert "3 approved" in text_of(outcome.text)
    assert {status_of(reference) for reference in references} == {"APPROVED"}


def test_row_that_changed_drops_out_of_the_batch(app: Flask, world: PaymentWorld) -> None:
    first, second = made(world), made(world)
    client = client_of(app, world.checker)
    queue = client.get("/disbursements?view=to-check&select=clean").text
    ticked = re.findall(r'name="row" value="([^"]+)"', queue)
    with unit_of_work() as session:
        session.scalars(select(Disbursement).where(Disbursement.reference == first)).one().purpose = "Changed"
    outcome = client.post("/disbursements/approve-batch", data={"row": ticked})
    assert "Changed since you looked" in outcome.text
    assert (status_of(first), status_of(second)) == ("SUBMITTED", "APPROVED")


def test_approving_from_the_page(app: Flask, world: PaymentWorld) -> None:
    reference = made(world)
    client = client_of(app, world.checker)
    html = client.get(f"/disbursements/{reference}").text
    answer = client.post(
        f"/disbursements/{reference}/approve",
        data={"version": hidden(html, "version"), "consented": hidden(html, "consented")},
    )
    assert answer.status_code == 302, answer.text
    assert status_of(reference) == "APPROVED"


def test_maker_sees_who_can_approve_and_is_refused_with_403(app: Flask, world: PaymentWorld) -> None:
    reference = made(world)
    client = client_of(app, world.maker)
    html = client.get(f"/disbursements/{reference}").text
    assert "Wong Mei" in html
    with unit_of_work() as session:
        row = session.scalars(select(Disbursement).where(Disbursement.reference == reference)).one()
        data = {"version": row.version, "consented": payments_consented(session, row)}
    assert client.post(f"/disbursements/{reference}/approve", data=data).status_code == 403
    assert status_of(reference) == "SUBMITTED"


def payments_consented(session: object, row: Disbursement) -> str:
    from app.disbursements.loading import consented

    return consented(session, row).hex()  # type: ignore[arg-type]


def test_stale_page_is_answered_with_409(app: Flask, world: PaymentWorld) -> None:
    reference = made(world)
    client = client_of(app, world.checker)
    html = client.get(f"/disbursements/{reference}").text
    data = {"version": "1", "consented": hidden(html, "consented")}
    answer = client.post(f"/disbursements/{reference}/approve", data=data)
    assert answer.status_code == 409
    assert "Someone else changed this record" in answer.text


def test_the_whole_path_by_forms(app: Flask, world: PaymentWorld) -> None:
    maker, checker = client_of(app, world.maker), client_of(app, world.checker)
    assert maker.get("/disbursements/draft").status_code == 200
    form = maker.get(f"/disbursements/draft?contract={world.contract.reference}")
    assert form.status_code == 200, form.text
    answer = maker.post(
        "/disbursements/draft",
        data={
            "contract": world.contract.reference,
            "tranche": "1",
            "amount": "400000.00",
            "payer_account_id": str(world.payer_account.id),
            "payee_account_id": str(world.payee_account.id),
            "requested_value_date": "2026-11-24",
            "purpose": "First tranche",
        },
    )
    assert answer.status_code == 302, answer.text
    reference = answer.location.rsplit("/", 1)[1]
    path = f"/disbursements/{reference}"
    refused = maker.post(f"{path}/submit", data={"version": "1"})
    assert refused.status_code == 422
    assert "Approval document and signed contract" in refused.text
    for code in ("approval-and-contract", "outbound-tax-filing"):
        assert maker.get(f"{path}/documents?code={code}").status_code == 200
        listed = maker.post(f"{path}/documents", data={"code": code, "number": "2026-17"})
        assert listed.status_code == 302, listed.text
        seen = hidden(checker.get(path).text.split(f"/documents/{code}/confirm")[1], "version")
        assert checker.post(f"{path}/documents/{code}/confirm", data={"version": seen}).status_code == 302
    assert maker.post(f"{path}/submit", data={"version": version(reference)}).status_code == 302
    html = checker.get(path).text
    data = {"version": hidden(html, "version"), "consented": hidden(html, "consented")}
    assert checker.post(f"{path}/approve", data=data).status_code == 302
    payer = client_of(app, world.payer)
    assert payer.post(f"{path}/release", data={"version": version(reference)}).status_code == 302
    accountant = client_of(app, world.accountant)
    assert accountant.get(f"{path}/settle").status_code == 200
    settled = accountant.post(
        f"{path}/settle",
        data={
            "version": version(reference),
            "value_date": "2026-11-20",
            "bank_reference": "BK-1",
            "bank_currency": "CNY",
            "debited": "400000.00",
            "charge": "0.00",
        },
    )
    assert settled.status_code == 302, settled.text
    finance = client_of(app, world.finance)
    assert finance.get(f"{path}/receipt").status_code == 200
    receipt = {
        "version": version(reference),
        "bank_account_id": str(world.payee_account.id),
        "value_date": "2026-11-20",
        "bank_reference": "HK-1",
        "received_currency": "HKD",
        "received": "432282.42",
        "charge_currency": "HKD",
        "charge": "150.00",
        "dealt_rate": "0.9250",
        "rate_base": "HKD",
    }
    unexplained = finance.post(f"{path}/receipt", data=receipt)
    assert unexplained.status_code == 422
    assert "432282.42" in unexplained.text
    confirmed = finance.post(f"{path}/receipt", data=receipt | {"received": "432282.43"})
    assert confirmed.status_code == 302, confirmed.text
    shown = text_of(finance.get(path).text)
    assert "CNY 138.75" in shown
    assert "HKD 432,282.43" in shown
    assert status_of(reference) == "SETTLED"


def version(reference: str) -> str:
    with unit_of_work() as session:
        return str(session.scalars(select(Disbursement.version).where(Disbursement.reference == reference)).one())


@pytest.mark.parametrize(
    ("verb", "step", "who", "after"),
    [
        ("return", "submitted", "checker", "RETURNED_TO_MAKER"),
        ("refuse", "submitted", "checker", "REFUSED"),
        ("cancel", "approved", "maker", "CANCELLED"),
        ("recall", "approved", "checker", "SUBMITTED"),
    ],
)
def test_deciding_asks_for_a_reason(
    app: Flask, world: PaymentWorld, verb: str, step: str, who: str, after: str
) -> None:
    reference = made(world, step)
    client = client_of(app, getattr(world, who))
    page = client.get(f"/disbursements/{reference}/{verb}")
    assert page.status_code == 200, page.text
    data = {"version": hidden(page.text, "version"), "next": "https://elsewhere.example/"}
    assert client.post(f"/disbursements/{reference}/{verb}", data=data).status_code == 400
    answer = client.post(f"/disbursements/{reference}/{verb}", data=data | {"reason": "The bank letter is missing"})
    assert answer.status_code == 302, answer.text
    assert "elsewhere" not in answer.location
    assert status_of(reference) == after


def test_bounce_and_edit_pages(app: Flask, world: PaymentWorld) -> None:
    reference = made(world, "settled")
    client = client_of(app, world.accountant)
    page = client.get(f"/disbursements/{reference}/bounce")
    assert page.status_code == 200, page.text
    data = {
        "version": hidden(page.text, "version"),
        "value_date": "2026-11-20",
        "bank_reference": "B-7",
        "reason": "Closed",
    }
    assert client.post(f"/disbursements/{reference}/bounce", data=data).status_code == 302
    assert status_of(reference) == "BOUNCED"
    other = made(world, "submitted")
    assert client_of(app, world.maker).get(f"/disbursements/{other}/edit").status_code == 200
    assert client_of(app, world.maker).get(f"/disbursements/{other}/minutes").status_code == 200


def test_mandates_are_entered_by_one_and_confirmed_by_another(app: Flask, world: PaymentWorld) -> None:
    with unit_of_work() as session:
        second = payments.someone(session, "Ng Wai", world.accountant.rights[0].role, world.funder)
    client = client_of(app, world.accountant)
    assert client.get("/disbursements/mandates").status_code == 200
    data = {
        "bank_account_id": str(world.payer_account.id),
        "currency": "CNY",
        "above": "100000.00",
        "signatories": "2",
        "source": "Letter of 2026",
        "first_day": "2026-11-20",
    }
    assert client.post("/disbursements/mandates", data=data).status_code == 302
    other = client_of(app, second)
    found = re.search(r'action="(/disbursements/mandates/[^"]+/confirm)"', other.get("/disbursements/mandates").text)
    assert found
    assert client.post(found.group(1)).status_code == 403
    assert other.post(found.group(1)).status_code == 302


def test_residue_returns_are_listed_page_by_page(app: Flask, world: PaymentWorld) -> None:
    with unit_of_work() as session:
        for number in (1, 2, 3):
            command = EnterResidue(
                world.contract.reference,
                world.payee_account.id,
                world.payer_account.id,
                TODAY,
                f"OUT-{number}",
                grant_this_year=Money(92500, Currency.CNY),
                paid=Money(100000, Currency.HKD),
                dealt_rate=Decimal("0.925"),
                rate_base=Currency.HKD,
            )
            residue_service.enter(session, world.finance, command, now=NOW)
        references = list(session.scalars(select(ResidueReturn.reference).order_by(ResidueReturn.reference.desc())))
    client = client_of(app, world.finance)
    page = client.get("/residue-returns?limit=2").text
    assert re.findall(r"/residue-returns/(RES-[0-9-]+)", page) == references[:2]
    onward = unescape(page.split('rel="next" href="')[1].split('"')[0])
    assert re.findall(r"/residue-returns/(RES-[0-9-]+)", client.get(onward).text) == references[2:]
    token = a_token(app, world.finance.person_id)
    first = app.test_client().get("/api/v1/residue-returns?limit=2&status=ENTERED", headers=token).json
    assert [each["reference"] for each in first["items"]] == references[:2]
    assert first["total"] == 3
    assert app.test_client().get("/api/v1/residue-returns?status=SENT", headers=token).json["items"] == []


def test_residue_goes_back_by_forms(app: Flask, world: PaymentWorld) -> None:
    finance = client_of(app, world.finance)
    assert finance.get("/residue-returns").status_code == 200
    assert finance.get("/residue-returns/enter").status_code == 200
    path = f"/residue-returns/enter?contract={world.contract.reference}"
    assert finance.get(path).status_code == 200
    data = {
        "contract": world.contract.reference,
        "from_account_id": str(world.payee_account.id),
        "to_account_id": str(world.payer_account.id),
        "sent_on": "2026-11-20",
        "bank_reference": "OUT-1",
        "grant_this_year": "925.00",
        "paid_currency": "HKD",
        "paid": "1000.00",
        "dealt_rate": "0.925",
        "rate_base": "HKD",
    }
    answer = finance.post("/residue-returns/enter", data=data)
    assert answer.status_code == 302, answer.text
    there = answer.location
    assert finance.post(f"{there}/confirm", data={"version": "1"}).status_code == 403
    other = client_of(app, world.other_finance)
    page = other.get(there).text
    assert other.post(f"{there}/confirm", data={"version": hidden(page, "version")}).status_code == 302
    accountant = client_of(app, world.accountant)
    arrived = accountant.get(there).text
    data = {"version": hidden(arrived, "version"), "received_on": "2026-11-20", "bank_reference": "IN-1"}
    assert accountant.post(f"{there}/receive", data=data).status_code == 302
    with unit_of_work() as session:
        assert session.scalars(select(ResidueReturn.status)).one() == "RECEIVED"


def test_document_listed_again_after_the_page_was_opened_is_not_confirmed(app: Flask, world: PaymentWorld) -> None:
    with unit_of_work() as session:
        path = f"/disbursements/{payments.drafted(session, world, documents=False).reference}"
    maker, checker = client_of(app, world.maker), client_of(app, world.checker)
    listed = {"code": "approval-and-contract", "number": "2026-17"}
    assert maker.post(f"{path}/documents", data=listed).status_code == 302
    seen = {"version": hidden(checker.get(path).text.split("approval-and-contract/confirm")[1], "version")}
    assert maker.post(f"{path}/documents", data=listed | {"number": "2026-18"}).status_code == 302
    refused = checker.post(f"{path}/documents/approval-and-contract/confirm", data=seen)
    assert refused.status_code == 409
    assert "Someone else changed this record" in refused.text
    assert "2026-18" in refused.text
    assert "confirmed by" not in refused.text
