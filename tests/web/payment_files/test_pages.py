"""The screens and the API of payment files: from what waits to the bank's answer, and what is refused on the way."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.cli import hetao
from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor
from app.payment_files import profile_service, queries
from app.payment_files.models import BankProfile, PaymentFile
from app.payment_files.states import Repertoire
from app.people.models import Person
from tests.builders import payment_files, payments, projects
from tests.builders.payment_files import DAY, report, transfer
from tests.builders.payments import NOW, PaymentWorld
from tests.builders.people import a_token, signed_in_client


@pytest.fixture
def world(app: Flask) -> PaymentWorld:
    with unit_of_work() as session:
        made = payments.world(session)
        payment_files.with_bank_codes(session, made)
        return made


def made(world: PaymentWorld, step: str = "drafted") -> str:
    with unit_of_work() as session:
        return getattr(payment_files, step)(session, world).reference


def row_of(reference: str) -> PaymentFile:
    with unit_of_work() as session:
        return session.scalars(select(PaymentFile).where(PaymentFile.reference == reference)).one()


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).replace("\xa0", " ").split())


def client_of(app: Flask, actor: Actor) -> FlaskClient:
    return signed_in_client(app, actor.person_id)


def form_of(world: PaymentWorld, references: list[str], **changes: str) -> dict[str, object]:
    return {
        "account_id": str(world.payer_account.id),
        "currency": world.currency.value,
        "rail": "CIPS",
        "execute_on": DAY.isoformat(),
        "purpose_code": "CSTRDR",
        "disbursements": references,
    } | changes


def released(world: PaymentWorld) -> list[str]:
    with unit_of_work() as session:
        return [row.reference for row in payment_files.released(session, world)]


def test_what_waits_leads_to_a_file_and_its_signature(app: Flask, world: PaymentWorld) -> None:
    references = released(world)
    accountant = client_of(app, world.accountant)
    assert "Waiting to be paid" in accountant.get("/payments").text
    assert "account_id=" in accountant.get("/payments/new").text
    page = accountant.get(f"/payments/new?account_id={world.payer_account.id}&currency=CNY")
    assert page.status_code == 200, page.text
    assert all(reference in page.text for reference in references)
    assert world.payee_account.number not in page.text
    answer = accountant.post("/payments/new", data=form_of(world, references))
    assert answer.status_code == 302, text_of(answer.text)
    reference = answer.headers["Location"].rpartition("/")[2]
    assert "cannot sign it" in accountant.get(f"/payments/{reference}").text
    payer = client_of(app, world.payer)
    assert "Payment files to sign" in payer.get("/inbox").text
    signed = payer.post(f"/payments/{reference}/sign", data={"version": str(row_of(reference).version)})
    assert signed.status_code == 302, text_of(signed.text)
    assert row_of(reference).status == "SIGNED"


def test_looking_keeps_nothing_and_shows_what_the_bank_sees(app: Flask, world: PaymentWorld) -> None:
    references = released(world)
    client = client_of(app, world.accountant)
    with unit_of_work() as session:
        account = session.merge(world.payee_account)
        account.holder_name = "獅子山大學 & Friends"
    page = client.post("/payments/new", data=form_of(world, references) | {"look": "yes"})
    assert page.status_code == 200
    assert "獅子山大學" in page.text
    assert "cannot be sent:" in page.text
    assert "Blocks" in page.text
    refused = client.post("/payments/new", data=form_of(world, references))
    assert refused.status_code == 422
    with unit_of_work() as session:
        assert session.scalars(select(PaymentFile)).all() == []


def test_a_bank_that_takes_chinese_is_sent_it(app: Flask, world: PaymentWorld) -> None:
    references = released(world)
    with unit_of_work() as session:
        session.merge(world.payee_account).holder_name = "狮子山大学"
        profile = payment_files.a_profile(session, world, world.accountant, repertoire=Repertoire.GB18030)
        profile_service.confirm(session, world.checker, profile.id, now=NOW)
    answer = client_of(app, world.accountant).post("/payments/new", data=form_of(world, references))
    assert answer.status_code == 302, text_of(answer.text)
    with unit_of_work() as session:
        row = session.scalars(select(PaymentFile)).one()
        assert "狮子山大学".encode() in row.content
        assert b"<ChrgBr>DEBT" in row.content


def test_own_signature_is_refused(app: Flask, world: PaymentWorld) -> None:
    references = released(world)
    payer = client_of(app, world.payer)
    reference = payer.post("/payments/new", data=form_of(world, references)).headers["Location"].rpartition("/")[2]
    answer = payer.post(f"/payments/{reference}/sign", data={"version": str(row_of(reference).version)})
    assert answer.status_code == 403
    assert row_of(reference).status == "DRAFT"


def test_the_file_is_saved_once_signed_and_marked_as_sent(app: Flask, world: PaymentWorld) -> None:
    draft, signed = made(world), made(world, "signed")
    client = client_of(app, world.accountant)
    assert client.get(f"/payments/{draft}/file").status_code == 409
    first, again = client.get(f"/payments/{signed}/file"), client.get(f"/payments/{signed}/file")
    assert first.data == again.data
    assert first.data.startswith(b"<?xml")
    assert f"{signed}.xml" in first.headers["Content-Disposition"]
    sent = client.post(
        f"/payments/{signed}/send", data={"version": str(row_of(signed).version), "bank_reference": "BK-9"}
    )
    assert sent.status_code == 302
    assert row_of(signed).bank_reference == "BK-9"
    assert client_of(app, world.checker).get(f"/payments/{signed}/file").status_code == 403


def test_a_withdrawn_file_says_why(app: Flask, world: PaymentWorld) -> None:
    reference = made(world)
    client = client_of(app, world.accountant)
    answer = client.post(
        f"/payments/{reference}/withdraw", data={"version": str(row_of(reference).version), "reason": "Wrong rail"}
    )
    assert answer.status_code == 302
    assert "Wrong rail" in client.get(f"/payments/{reference}").text


def test_a_rejected_payment_offers_its_return_with_the_banks_reason(app: Flask, world: PaymentWorld) -> None:
    reference = made(world, "sent")
    with unit_of_work() as session:
        first = queries.get_visible(session, world.accountant, reference).payments[0].end_to_end_id
    client = client_of(app, world.accountant)
    content = report(reference, transfer(first, "RJCT", "AC04"), group="PART", block="ACCP")
    upload = {"file": (BytesIO(content), "answer.xml")}
    answer = client.post(f"/payments/{reference}/answer", data=upload, content_type="multipart/form-data")
    assert answer.status_code == 302, text_of(answer.text)
    page = client.get(f"/payments/{reference}")
    assert "The account is closed." in page.text
    link = re.search(rf'href="(/disbursements/{first}/bounce[^"]*)"', page.text)
    assert link
    bounce = client.get(unescape(link[1]))
    assert "AC04" in bounce.text
    assert "BK-77" in bounce.text
    with unit_of_work() as session:
        assert [each.answer for each in queries.get_visible(session, world.accountant, reference).payments] == [
            "REJECTED",
            "ACCEPTED",
        ]


def test_an_answer_about_another_file_is_refused_on_the_page(app: Flask, world: PaymentWorld) -> None:
    reference = made(world, "sent")
    upload = {"file": (BytesIO(report("PAY-2020-00001", group="ACCP")), "answer.xml")}
    client = client_of(app, world.accountant)
    answer = client.post(f"/payments/{reference}/answer", data=upload, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert "PAY-2020-00001" in answer.text
    assert row_of(reference).status == "SENT"


def test_a_profile_counts_once_another_person_confirmed_it(app: Flask, world: PaymentWorld) -> None:
    client = client_of(app, world.accountant)
    told = {
        "institution_id": str(world.funder.id),
        "name": "Lychee Bay Bank",
        "code_kind": "BIC",
        "code": "lybkcnbs",
        "repertoire": "GB18030",
        "name_length": "60",
        "address_length": "35",
        "remittance_length": "100",
        "purpose_placement": "PURPOSE",
        "charge_bearer": "SHAR",
        "source": "Guide of May 2026",
    }
    answer = client.post("/payments/bank-profiles", data=told)
    assert answer.status_code == 302, text_of(answer.text)
    wrong = client.post("/payments/bank-profiles", data=told | {"code": "LYB"})
    assert wrong.status_code == 400
    with unit_of_work() as session:
        profile = session.scalars(select(BankProfile).where(BankProfile.institution_id.is_not(None))).one()
        assert queries.profile_for(session, session.merge(world.payer_account)).institution_id is None
    own = client.post(f"/payments/bank-profiles/{profile.id}/confirm")
    assert own.status_code == 403
    assert client_of(app, world.checker).post(f"/payments/bank-profiles/{profile.id}/confirm").status_code == 302
    with unit_of_work() as session:
        assert queries.profile_for(session, session.merge(world.payer_account)).id == profile.id


def test_others_meet_no_file(app: Flask, world: PaymentWorld) -> None:
    reference = made(world)
    assert client_of(app, world.finance).get(f"/payments/{reference}").status_code == 404
    assert client_of(app, world.leader).get(f"/payments/{reference}").status_code == 403


def test_the_api_makes_previews_and_signs(app: Flask, world: PaymentWorld) -> None:
    references = released(world)
    maker = a_token(app, world.accountant.person_id)
    client = app.test_client()
    seen = client.post("/api/v1/payment-files/preview", json=form_of(world, references), headers=maker)
    assert seen.status_code == 200, seen.text
    assert seen.json is not None
    assert seen.json["breaches"] == []
    assert world.payee_account.number not in seen.text
    key = {"Idempotency-Key": "one-file"}
    file = client.post("/api/v1/payment-files", json=form_of(world, references), headers=maker | key)
    assert file.status_code == 201, file.text
    assert file.json is not None
    assert file.json["total"] == {"amount": "20000.00", "currency": "CNY"}
    signer = a_token(app, world.payer.person_id)
    address = f"/api/v1/payment-files/{file.json['reference']}/sign"
    signed = client.post(address, json={"version": file.json["version"]}, headers=signer)
    assert signed.status_code == 200, signed.text
    assert signed.json is not None
    assert signed.json["status"] == "SIGNED"


def test_the_command_writes_the_signed_bytes(app: Flask, world: PaymentWorld, tmp_path: Path) -> None:
    reference = made(world, "signed")
    with unit_of_work() as session:
        email = session.get_one(Person, world.accountant.person_id).email
        content = queries.get_visible(session, world.accountant, reference).content
    out = tmp_path / "file.xml"
    ran = CliRunner().invoke(
        hetao, ["bank", "export", "--batch", reference, "--out", str(out), "--as", str(email), "--json"]
    )
    assert ran.exit_code == 0, ran.output
    assert out.read_bytes() == content
    assert json.loads(ran.output)["payments"] == 2


def test_a_file_rejected_as_a_whole_goes_back_by_one_form_and_the_application_is_saved(
    app: Flask, world: PaymentWorld
) -> None:
    reference = made(world, "sent")
    client = client_of(app, world.accountant)
    paper = client.get(f"/payments/{reference}/application?language=zh-Hant")
    assert (paper.status_code, paper.data[:5]) == (200, b"%PDF-")
    assert client_of(app, world.checker).get(f"/payments/{reference}/application").status_code == 403
    content = report(reference, group="RJCT").replace(b"pain.002.001.12", b"pain.002.001.03")
    upload = {"file": (BytesIO(content), "answer.xml")}
    client.post(f"/payments/{reference}/answer", data=upload, content_type="multipart/form-data")
    page = client.get(f"/payments/{reference}").text
    assert "The bank rejected the whole file" in page
    assert "/bounce" not in page
    told = {"version": str(row_of(reference).version), "value_date": "2026-11-20", "reason": "FF01"}
    answer = client.post(f"/payments/{reference}/return-all", data=told)
    assert answer.status_code == 302, text_of(answer.text)
    assert "The bank rejected the whole file" not in client.get(f"/payments/{reference}").text


def test_only_what_one_rail_carries_together_is_ticked_and_the_rest_says_why(app: Flask, world: PaymentWorld) -> None:
    with unit_of_work() as session:
        across = payment_files.released(session, world, 1)[0].reference
        at_home = projects.bank_account(
            session, world.grantee, world.currency, world.maker.person_id, world.checker.person_id
        )
        at_home.bank_side = world.payer_account.bank_side
        payment_files.code(session, at_home)
        home = replace(world, payee_account=at_home)
        inland = payment_files.released(session, home, 1)[0].reference
    page = client_of(app, world.accountant).get(
        f"/payments/new?account_id={world.payer_account.id}&currency={world.currency}"
    )
    assert page.status_code == 200, page.text
    boxes = re.findall(r'<input[^>]*name="disbursements"[^>]*>', page.text)
    ticked = {re.search(r'value="([^"]+)"', box)[1]: "checked" in box for box in boxes}  # type: ignore[index]
    assert set(ticked) == {across, inland}
    assert sorted(ticked.values()) == [False, True]
    assert "Rails that do not fit" in page.text
