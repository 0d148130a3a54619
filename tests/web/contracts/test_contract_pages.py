"""Contracts by screen: drafting without scripts, the steps, who sees what, bad input."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.policy import AuthorityKind
from app.contracts.models import Contract
from app.contracts.states import TermsFamily
from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor, Role
from tests.builders import contracts, papers, projects
from tests.builders.contracts import World
from tests.builders.people import a_token
from tests.web.contracts.conftest import committed_world, let_sign_in

Browser = Callable[[Actor], FlaskClient]
PDF = papers.pdf("A signed letter")


def draft_form(world: World, **changes: Any) -> dict[str, Any]:
    """What a person types into the draft form: CNY 1,000.00 in two tranches."""
    form = {
        "project_id": str(world.project.id),
        "programme_id": str(world.programme.id),
        "grantee_id": str(world.grantee.id),
        "pocket_id": str(world.pocket.id),
        "funding_mode": "LUMP_SUM",
        "currency": "CNY",
        "amount": "1000.00",
        "first_day": "2025-09-01",
        "last_day": "2027-08-31",
        "negative_list_declared": "yes",
        "tranches-0-amount": "800.00",
        "tranches-0-due_on": "2025-09-15",
        "tranches-0-condition": "DATE",
        "tranches-1-amount": "200.00",
        "tranches-1-due_on": "2027-12-31",
        "tranches-1-condition": "FINAL_ACCOUNT",
    }
    return form | changes


def in_database(make: Callable[..., Contract], world: World) -> Contract:
    """A contract made by a builder, committed."""
    with unit_of_work() as session:
        return make(session, world)


def beyond(world: World, kind: AuthorityKind, maximum: str) -> None:
    """The checker has a lower limit of their own; a director is there who has the role's."""
    with unit_of_work() as session:
        low = contracts.money(maximum)
        contracts.limit(session, world.funder, world.maker, world.checker, kind, low, only=world.checker)
        contracts.officer(session, "Director Ho", world.funder)


def test_contract_is_drafted_committed_signed_and_activated_by_screen(world: World, browser: Browser) -> None:
    maker, checker, pi = browser(world.maker), browser(world.checker), browser(world.pi)
    chosen = maker.get(f"/contracts/draft?project={world.project.reference}&programme={world.programme.code}")
    assert chosen.status_code == 200
    assert "tranches-0-amount" in chosen.text
    drafted = maker.post("/contracts/draft", data=draft_form(world))
    assert drafted.status_code == 303
    path = drafted.location
    assert "missing" in checker.get(path).text
    letter = pi.post(f"{path}/letter", data={"file": (BytesIO(PDF), "letter.pdf")})
    assert letter.status_code == 303
    signed = checker.post(f"{path}/sign", data={"version": "2", "signed_on": "2026-11-20"})
    assert signed.status_code == 303
    shown = maker.get(path).text.split("/activate")[1]
    version = shown.split('name="version" value="')[1].split('"')[0]
    assert maker.post(f"{path}/activate", data={"version": version}).status_code == 303
    page = pi.get(path).text
    for words in ("Active", "Yearly statement", "Contract signed, its amount held", "can still be spent"):
        assert words in page


def test_adding_a_tranche_keeps_what_was_typed_and_writes_nothing(
    world: World, browser: Browser, database_digest: Callable[[], str]
) -> None:
    client = browser(world.maker)
    before = database_digest()
    page = client.post("/contracts/draft", data=draft_form(world, **{"add-tranches": "1"}))
    assert page.status_code == 200
    assert "tranches-2-amount" in page.text
    assert 'value="800.00"' in page.text
    assert database_digest() == before


def test_drafter_who_signs_by_screen_is_refused(world: World, browser: Browser) -> None:
    contract = in_database(contracts.drafted, world)
    refused = browser(world.maker).post(
        f"/contracts/{contract.reference}/sign", data={"version": str(contract.version)}
    )
    assert refused.status_code == 403
    assert "You prepared this yourself" in refused.text


def test_contract_beyond_the_limit_is_refused_by_screen_and_the_page_names_who_can(
    world: World, browser: Browser, database_digest: Callable[[], str]
) -> None:
    contract = in_database(contracts.drafted, world)
    beyond(world, AuthorityKind.CONTRACT, "999999.99")
    client = browser(world.checker)
    before = database_digest()
    page = client.get(f"/contracts/{contract.reference}").text
    assert f'action="/contracts/{contract.reference}/sign"' not in page
    refused = client.post(f"/contracts/{contract.reference}/sign", data={"version": str(contract.version)})
    assert refused.status_code == 403
    for answer in (page, refused.text):
        assert "is over your limit of" in answer
        assert "Director Ho can approve this." in answer
    assert database_digest() == before


def test_page_says_why_the_drafter_cannot_sign(world: World, browser: Browser) -> None:
    contract = in_database(contracts.drafted, world)
    page = browser(world.maker).get(f"/contracts/{contract.reference}").text
    assert "You prepared this yourself" in page
    assert f'action="/contracts/{contract.reference}/sign"' not in page


def test_stranger_finds_no_contract(world: World, stranger: Actor, browser: Browser) -> None:
    contract = in_database(contracts.active, world)
    client = browser(stranger)
    assert client.get(f"/contracts/{contract.reference}").status_code == 404
    assert client.get(f"/contracts/{contract.reference}/left").status_code == 404
    assert client.post(f"/contracts/{contract.reference}/suspend", data={"version": "1"}).status_code == 404
    assert contract.reference not in client.get("/contracts").text


def test_grantee_reads_and_cannot_suspend(world: World, browser: Browser) -> None:
    contract = in_database(contracts.active, world)
    client = browser(world.finance)
    assert client.get(f"/contracts/{contract.reference}").status_code == 200
    refused = client.post(f"/contracts/{contract.reference}/suspend", data={"version": "3", "reason": "No"})
    assert refused.status_code == 403


def test_administrator_does_not_read_contracts(world: World, browser: Browser) -> None:
    with unit_of_work() as session:
        someone = projects.someone(session, "Admin", (Role.ADMINISTRATOR, world.funder.id))
        let_sign_in(session, someone)
    assert browser(someone).get("/contracts").status_code == 403


def test_nobody_reads_contracts_without_signing_in(client: FlaskClient, world: World) -> None:
    assert client.get("/contracts").status_code in (302, 303, 401)


def test_principal_investigator_sees_what_is_left(world: World, browser: Browser) -> None:
    contract = in_database(contracts.active, world)
    page = browser(world.pi).get(f"/contracts/{contract.reference}/left")
    assert page.status_code == 200
    for words in ("What is left", "has not been received yet", "Nothing spent yet"):
        assert words in page.text


@pytest.mark.parametrize("amount", ["0", "-1", "1e308", "NaN", "0.001", "1,000", "１０００", "9223372036854775808", ""])
def test_bad_amount_is_refused_and_nothing_written(
    world: World, browser: Browser, database_digest: Callable[[], str], amount: str
) -> None:
    client = browser(world.maker)
    before = database_digest()
    answer = client.post("/contracts/draft", data=draft_form(world, amount=amount))
    assert answer.status_code in (400, 422)
    assert "to put right" in answer.text
    assert database_digest() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("last_day", "2025-02-29"),
        ("last_day", "2025-08-31"),
        ("agreement_number", "x" * 100_000),
        ("agreement_number", "abc\u202eback"),
        ("grantee_id", "not-an-id"),
        ("tranches-0-due_on", "31.12.2026"),
        ("tranches-0-amount", "799.99"),
        ("funding_mode", "ONE_LINE_VOTE"),
    ],
)
def test_bad_field_is_refused_and_nothing_written(
    world: World, browser: Browser, database_digest: Callable[[], str], field: str, value: str
) -> None:
    client = browser(world.maker)
    before = database_digest()
    answer = client.post("/contracts/draft", data=draft_form(world, **{field: value}))
    assert answer.status_code in (400, 422)
    assert database_digest() == before


def test_markup_in_a_name_is_shown_as_text(world: World, browser: Browser) -> None:
    client = browser(world.maker)
    drafted = client.post("/contracts/draft", data=draft_form(world, agreement_number="<script>alert(1)</script>"))
    page = client.get(drafted.location).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_stale_page_cannot_activate(world: World, browser: Browser) -> None:
    contract = in_database(contracts.signed, world)
    answer = browser(world.maker).post(f"/contracts/{contract.reference}/activate", data={"version": "1"})
    assert answer.status_code == 409


def test_list_is_searched_and_filtered(world: World, browser: Browser) -> None:
    contract = in_database(contracts.active, world)
    client = browser(world.maker)
    assert contract.reference in client.get("/contracts?text=photonic&status=ACTIVE").text
    assert contract.reference not in client.get("/contracts?status=CLOSED").text
    assert contract.reference not in client.get("/contracts?text=%25").text
    assert client.get("/contracts?status=NONSENSE").status_code == 400
    assert client.get("/contracts?cursor=zzz").status_code == 400


def test_itemised_draft_asks_for_every_heading_and_keeps_typed_ones(app: Flask, browser: Browser) -> None:
    world = committed_world(TermsFamily.ITF)
    form = draft_form(
        world,
        funding_mode="ITEMISED",
        **{"budget-3-heading": "EQUIPMENT", "budget-3-amount": "999.00", "budget-0-heading": "MANPOWER"},
    )
    answer = browser(world.maker).post("/contracts/draft", data=form)
    assert answer.status_code == 422
    assert "headings come to" in answer.text
    assert 'value="999.00"' in answer.text
    for label in ("Manpower", "External audit fee", "Administrative overheads"):
        assert label in answer.text
    form["budget-3-amount"] = "1000.00"
    assert browser(world.maker).post("/contracts/draft", data=form).status_code == 303


def test_draft_is_changed_by_screen(world: World, browser: Browser) -> None:
    contract = in_database(contracts.drafted, world)
    client = browser(world.checker)
    page = client.get(f"/contracts/{contract.reference}/edit")
    assert page.status_code == 200
    form = draft_form(world, amount="1000.00", version=str(contract.version))
    assert client.post(f"/contracts/{contract.reference}/edit", data=form).status_code == 303
    assert "1,000" in client.get(f"/contracts/{contract.reference}").text


def test_changing_a_draft_through_the_api_needs_the_version_that_was_read(world: World, app: Flask) -> None:
    contract = in_database(contracts.drafted, world)
    client, headers = app.test_client(), a_token(app, world.checker.person_id)
    path = f"/api/v1/contracts/{contract.reference}"
    draft = draft_form(world)
    tranches = [
        {"amount": draft.pop(f"tranches-{n}-amount"), "due_on": draft.pop(f"tranches-{n}-due_on")}
        | {"condition": draft.pop(f"tranches-{n}-condition")}
        for n in (0, 1)
    ]
    body = draft | {"tranches": tranches, "negative_list_declared": True}
    read = client.get(path, headers=headers)
    assert client.put(path, json=body, headers=headers).status_code == 428
    assert client.put(path, json=body | {"version": 1999}, headers=headers).status_code == 409
    seen = headers | {"If-Match": read.headers["ETag"]}
    changed = client.put(path, json=body, headers=seen)
    assert (changed.status_code, changed.json["amount"]["amount"]) == (200, "1000.00"), changed.text
    again = client.put(path, json=body | {"amount": "1.00"}, headers=seen)
    assert again.status_code == 412
    assert client.get(path, headers=headers).json["version"] == changed.json["version"]


def test_funder_downloads_the_grantees_letter(world: World, browser: Browser) -> None:
    contract = in_database(contracts.drafted, world)
    path = f"/contracts/{contract.reference}/documents/{contract.commitment_letter_id}"
    answer = browser(world.maker).get(path)
    assert answer.status_code == 200
    assert answer.data == contracts.LETTER.content
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_declared_interest_takes_the_decisions_away(world: World, browser: Browser) -> None:
    contract = in_database(contracts.drafted, world)
    client = browser(world.checker)
    path = f"/contracts/{contract.reference}"
    assert client.post(f"{path}/interest", data={"statement": "My sister leads the team"}).status_code == 303
    assert client.post(f"{path}/sign", data={"version": str(contract.version)}).status_code == 403
    assert "so others decide about it" in client.get(path).text
