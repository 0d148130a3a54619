"""The contract's page says what its close-out realised, and who may not close it."""

from __future__ import annotations

import re

from flask import Flask

from app.contracts import life, obligations
from app.contracts.commands import ObligationStep, Step
from app.db.unit_of_work import unit_of_work
from tests.builders import statements
from tests.builders.payments import NOW, PaymentWorld
from tests.builders.people import signed_in_client


def closing() -> PaymentWorld:
    """The worked example with foreign money left, its obligations settled; the maker has started closing."""
    with unit_of_work() as session:
        made = statements.worked_example(session)
        for owed in list(made.contract.obligations):
            obligations.waive(session, made.checker, owed.id, ObligationStep(owed.version, "Not needed"), now=NOW)
        life.start_closing(session, made.maker, made.contract.id, Step(made.contract.version), now=NOW)
        return made


def test_a_second_person_closes_and_the_page_shows_what_was_realised(app: Flask) -> None:
    made = closing()
    address = f"/contracts/{made.contract.reference}"
    step = {"version": str(made.contract.version), "reason": ""}
    maker, checker = (signed_in_client(app, each.person_id) for each in (made.maker, made.checker))
    assert "You prepared this yourself" in maker.get(address).text
    assert maker.post(f"{address}/close", data=step).status_code == 403
    assert checker.post(f"{address}/close", data=step).status_code == 303
    page = re.sub(r"<[^>]+>", "", checker.get(address).text)
    assert "Exchange difference realised" in page
    assert "432.28" in page
    assert f"in the book {made.grantee.code}" in page


def test_the_entry_is_linked_for_whoever_reads_that_book(app: Flask) -> None:
    made = closing()
    with unit_of_work() as session:
        life.close(session, made.checker, made.contract.id, Step(made.contract.version), now=NOW)
    links = [
        f"/books/{made.grantee.code}/entries/" in signed_in_client(app, each.person_id).get(address).text
        for each in (made.finance, made.checker)
        for address in [f"/contracts/{made.contract.reference}"]
    ]
    assert links == [True, False]
