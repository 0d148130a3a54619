"""Everything a screen can do, the API can; its description is valid; its answers are exact and repeatable."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator
from sqlalchemy.orm import Session

from app.access.guards import guard_of
from app.kernel.actor import Role
from app.web.api import PREFIX, operations
from app.web.fields import VersionField
from app.web.schemas import Form, RowsField
from tests.web.whole.conftest import Visitors, Worlds
from tests.web.whole.matrix import addresses_of, ask, paths

API_OF = {
    "account.revoke_token": "people.revoke_token",
    "amendments.approve": "contracts.approve_amendment",
    "amendments.propose": "contracts.propose_amendment",
    "amendments.refuse": "contracts.refuse_amendment",
    "amendments.withdraw": "contracts.withdraw_amendment",
    "authority.decide_delegation": "authority.confirm_delegation authority.refuse_delegation authority.end_delegation",
    "authority.decide_limit": "authority.confirm_limit authority.refuse_limit authority.end_limit",
    "authority.delegate": "authority.delegate",
    "authority.propose_limit": "authority.propose_limit",
    "contract_budget.approve_request": "contract_budget.approve_request",
    "contract_budget.ask_item": "contract_budget.ask_for_item",
    "contract_budget.ask_year": "contract_budget.ask_for_year",
    "claims.add_line": "claims.add_line",
    "claims.add_receipts": "claims.add_receipts",
    "claims.answer": "claims.answer",
    "claims.approve": "claims.approve",
    "claims.attach": "claims.attach",
    "claims.check_lines": "claims.check_lines",
    "claims.clear_flag": "claims.clear_flag",
    "claims.copy_last": "claims.copy_last",
    "claims.edit": "claims.edit",
    "claims.pay": "claims.pay",
    "claims.refuse": "claims.refuse",
    "claims.remove_line": "claims.remove_line",
    "claims.save_line": "claims.save_line",
    "claims.send_back": "claims.send_back",
    "claims.start": "claims.start",
    "claims.submit": "claims.submit",
    "claims.withdraw": "claims.withdraw",
    "computed.interest": "computed.apportion_interest",
    "computed.overhead": "computed.charge_overhead",
    "contract_budget.move": "contract_budget.move_budget",
    "contract_budget.refuse_request": "contract_budget.refuse_request",
    "contracts.activate": "contracts.activate_contract",
    "contracts.change_account": "contracts.change_contract_account",
    "contracts.close": "contracts.close_contract",
    "contracts.confirm_condition": "contracts.confirm_tranche_condition",
    "contracts.declare_interest": "contracts.declare_contract_interest",
    "contracts.draft": "contracts.draft_contract",
    "contracts.edit": "contracts.edit_contract",
    "contracts.keep_document": "contracts.keep_contract_document",
    "contracts.keep_letter": "contracts.keep_commitment_letter",
    "contracts.keep_minutes": "contracts.keep_collective_minutes",
    "contracts.resume": "contracts.resume_contract",
    "contracts.sign": "contracts.sign_contract",
    "contracts.start_closing": "contracts.start_closing_contract",
    "contracts.suspend": "contracts.suspend_contract",
    "contracts.terminate": "contracts.terminate_contract",
    "corridor.confirm_filing": "corridor.confirm_filing",
    "corridor.confirm_rate": "corridor.confirm_rate",
    "corridor.confirm_rule": "corridor.confirm_rule",
    "corridor.enter_filing": "corridor.enter_filing",
    "corridor.propose_rule": "corridor.propose_rule",
    "corridor.refuse_filing": "corridor.refuse_filing",
    "corridor.refuse_rate": "corridor.refuse_rate",
    "corridor.refuse_rule": "corridor.refuse_rule",
    "corridor.thresholds": "corridor.propose_rate",
    "disbursements.approve": "disbursements.approve",
    "disbursements.approve_batch": "disbursements.approve_batch",
    "disbursements.attach_minutes": "disbursements.minutes",
    "disbursements.bounce": "disbursements.bounce",
    "disbursements.cancel": "disbursements.cancel",
    "disbursements.confirm_document": "disbursements.confirm_document",
    "disbursements.confirm_mandate": "disbursements.confirm_mandate",
    "disbursements.confirm_receipt": "disbursements.confirm_receipt",
    "disbursements.confirm_residue": "disbursements.confirm_residue",
    "disbursements.declare_receipt": "disbursements.declare_receipt",
    "disbursements.draft": "disbursements.draft",
    "disbursements.edit": "disbursements.edit",
    "disbursements.enter_residue": "disbursements.enter_residue",
    "disbursements.keep_quote": "conversions.keep_quote",
    "disbursements.withdraw_quote": "conversions.withdraw_quote",
    "disbursements.list_document": "disbursements.documents",
    "disbursements.mandates": "disbursements.enter_mandate",
    "disbursements.recall": "disbursements.recall",
    "disbursements.receive_residue": "disbursements.receive_residue",
    "disbursements.refuse": "disbursements.refuse",
    "disbursements.refuse_residue": "disbursements.refuse_residue",
    "disbursements.release": "disbursements.release",
    "disbursements.return_to_maker": "disbursements.return",
    "disbursements.settle": "disbursements.settle",
    "disbursements.submit": "disbursements.submit",
    "disbursements.withdraw_receipt": "disbursements.withdraw_receipt",
    "engagements.answer": "engagements.answer",
    "engagements.end": "engagements.end",
    "engagements.grant": "engagements.grant",
    "engagements.propose": "engagements.propose",
    "engagements.refuse": "engagements.refuse",
    "equipment.approve_disposal": "equipment.approve_disposal",
    "equipment.change": "equipment.change",
    "equipment.dispose": "equipment.dispose",
    "equipment.import_file": "equipment.import_file",
    "equipment.keep": "equipment.keep",
    "equipment.refuse_disposal": "equipment.refuse_disposal",
    "equipment.see": "equipment.see",
    "exchange_rates.confirm": "exchange_rates.confirm",
    "exchange_rates.enter": "exchange_rates.enter",
    "exchange_rates.import_file": "exchange_rates.import_file",
    "exchange_rates.refuse": "exchange_rates.refuse",
    "exposure.confirm_cover": "exposure.confirm_cover",
    "exposure.enter_cover": "exposure.enter_cover",
    "exposure.refuse_cover": "exposure.refuse_cover",
    "funds.approve": "funds.approve",
    "funds.move": "funds.enter_movement",
    "funds.open_fund": "funds.open_fund",
    "funds.refuse": "funds.refuse",
    "institutions.change": "institutions.change_institution",
    "institutions.confirm_cooling": "institutions.confirm_cooling",
    "institutions.enter_account": "institutions.enter_account",
    "institutions.move": (
        "institutions.suspend_institution institutions.reinstate_institution institutions.close_institution"
    ),
    "institutions.open_institution": "institutions.open_institution",
    "institutions.propose_cooling": "institutions.propose_cooling",
    "institutions.refuse_account": "institutions.refuse_account",
    "institutions.reveal_account": "institutions.reveal_account",
    "institutions.verify_account": "institutions.verify_account",
    "journals.approve": "journals.approve",
    "journals.correct": "journals.correct",
    "journals.refuse": "journals.refuse",
    "journals.send_back": "journals.send_back",
    "journals.submit": "journals.submit",
    "journals.what_if": "journals.what_if",
    "manpower.change": "manpower.change",
    "manpower.convert": "manpower.convert",
    "manpower.clear": "manpower.clear",
    "manpower.confirm": "manpower.confirm",
    "manpower.import_file": "manpower.import_file",
    "manpower.keep": "manpower.keep",
    "manpower.reopen": "manpower.reopen",
    "manpower.set_months": "manpower.set_months",
    "obligations.accept": "obligations.accept_obligation",
    "obligations.add": "contracts.add_obligation",
    "obligations.extend": "obligations.extend_obligation",
    "obligations.query": "obligations.query_obligation",
    "obligations.submit": "obligations.submit_obligation",
    "obligations.waive": "obligations.waive_obligation",
    "parties.add": "parties.add",
    "parties.remove": "parties.remove",
    "payment_files.answer": "payment_files.answer",
    "payment_files.confirm_profile": "payment_files.confirm_profile",
    "payment_files.new": "payment_files.make",
    "payment_files.profiles": "payment_files.enter_profile",
    "payment_files.return_all": "payment_files.return_all",
    "payment_files.send": "payment_files.send",
    "payment_files.sign": "payment_files.sign",
    "payment_files.withdraw": "payment_files.withdraw",
    "people.change": "people.change_person",
    "people.confirm_right": "people.confirm_right",
    "people.create": "people.create_person",
    "people.disable": "people.disable_person",
    "people.enable": "people.enable_person",
    "people.propose_enable": "people.propose_enable_person",
    "people.propose_right": "people.propose_right",
    "people.refuse_right": "people.refuse_right",
    "people.revoke_right": "people.revoke_right",
    "policies.confirm": "policies.confirm",
    "policies.index": "policies.propose",
    "policies.refuse": "policies.refuse",
    "programmes.confirm": "programmes.confirm_parameter",
    "programmes.create": "programmes.create_programme",
    "programmes.edit": "programmes.edit_programme",
    "programmes.propose": "programmes.propose_parameter",
    "programmes.refuse": "programmes.refuse_parameter",
    "projects.add_member": "projects.add_project_member",
    "projects.add_party": "projects.add_project_party",
    "projects.edit": "projects.edit_project",
    "projects.end_member": "projects.end_project_member",
    "projects.register": "projects.register_project",
    "projects.remove_party": "projects.remove_project_party",
    "periods.end_exception": "periods.end_exception",
    "periods.explain": "periods.explain",
    "periods.give_exception": "periods.give_exception",
    "periods.open_again": "periods.open_again",
    "periods.revalue": "periods.revalue",
    "periods.seal": "periods.seal",
    "periods.start_closing": "periods.start_closing",
    "reconciliation.approve": "reconciliation.approve",
    "reconciliation.bring": "reconciliation.bring",
    "reconciliation.enter": "reconciliation.enter",
    "reconciliation.match": "reconciliation.match",
    "reconciliation.match_certain": "reconciliation.match_certain",
    "reconciliation.prepare": "reconciliation.prepare",
    "reconciliation.send_back": "reconciliation.send_back",
    "reconciliation.switch_automatic": "reconciliation.switch_automatic",
    "reconciliation.take": "reconciliation.take",
    "reconciliation.undo": "reconciliation.undo",
    "reconciliation.withdraw": "reconciliation.withdraw",
    "room.add_paper": "room.add_paper",
    "room.add_record": "room.add_record",
    "room.ask": "room.ask",
    "room.ask_for_pack": "room.ask_for_pack",
    "room.close_question": "room.close_question",
    "room.draw": "room.draw",
    "room.draw_again": "room.draw_again",
    "room.finding": "room.finding",
    "room.lock": "room.lock",
    "room.move_record": "room.move_record",
    "rails.confirm": "rails.confirm",
    "rails.confirm_day": "rails.confirm_day",
    "rails.enter_day": "rails.enter_day",
    "rails.propose": "rails.propose",
    "rails.refuse": "rails.refuse",
    "rails.refuse_day": "rails.refuse_day",
    "returns.import_file": "returns.import_file",
    "returns.keep_layout": "returns.keep_layout",
    "returns.post": "returns.post",
    "returns.refuse": "returns.refuse",
    "returns.submit": "returns.submit",
    "returns.withdraw": "returns.withdraw",
    "statements.accept": "statements.accept",
    "statements.audit": "statements.audit",
    "statements.certify": "statements.certify",
    "statements.correct": "statements.correct",
    "statements.file": "statements.file",
    "statements.issue": "statements.issue",
    "statements.prepare": "statements.prepare",
    "statements.prepare_again": "statements.prepare_again",
    "statements.send_back": "statements.send_back",
    "statements.withdraw": "statements.withdraw",
    "verify.check": "statements.check",
    "vouchers.confirm_mapping": "vouchers.confirm_mapping",
    "vouchers.confirm_profile": "vouchers.confirm_profile",
    "vouchers.propose_mapping": "vouchers.propose_mapping",
    "vouchers.propose_profile": "vouchers.propose_profile",
    "vouchers.refuse_mapping": "vouchers.refuse_mapping",
    "vouchers.refuse_profile": "vouchers.refuse_profile",
    "whitelist.apply": "whitelist.apply_for_listing",
    "whitelist.put_on_list": "whitelist.put_on_list",
    "whitelist.reinstate": "whitelist.reinstate_entry",
    "whitelist.remove": "whitelist.remove_entry",
    "whitelist.suspend": "whitelist.suspend_entry",
}
"""What a screen's verb is called in the API; several where the screen's address spells out a choice."""

ONLY_ON_SCREENS = {
    "account.change_password": "a token may not change what guards the account",
    "account.create_token": "a token may not make tokens",
    "account.end_session": "sessions belong to browsers",
    "account.preferences": "language and row height concern the screens",
    "account.set_password": "a link to set a password is opened by a person",
    "account.sign_in": "the API takes tokens, not sessions",
    "account.sign_out": "the API takes tokens, not sessions",
    "disbursements.review": "shows a page before the batch is approved; it changes nothing",
    "language.choose": "the language of pages; the API takes Accept-Language",
    "people.issue_password_link": "the secret is handed over by a person, in person",
    "people.request_password_link": "the secret is handed over by a person, in person",
    "room.token": "a token may not make tokens",
}


def _verbs_of_screens(app: Flask) -> set[str]:
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.rule.startswith("/api/")
    }


def test_every_verb_of_a_screen_is_in_the_api(app: Flask) -> None:
    known = {f"{operation.tag}.{operation.endpoint}" for operation in operations(app)}
    missing = {verb for verb in _verbs_of_screens(app) if verb not in API_OF and verb not in ONLY_ON_SCREENS}
    assert not missing, f"screens whose verb the API lacks, or whose name is not in this list: {sorted(missing)}"
    gone = {name for names in API_OF.values() for name in names.split()} - known
    assert not gone, f"operations the API does not have: {sorted(gone)}"


def test_no_screen_in_the_list_has_gone(app: Flask) -> None:
    assert not (set(API_OF) | set(ONLY_ON_SCREENS)) - _verbs_of_screens(app)


def test_screen_and_api_ask_for_the_same_permission(app: Flask) -> None:
    asked = {f"{operation.tag}.{operation.endpoint}": operation.permission for operation in operations(app)}
    differing = []
    for screen, names in API_OF.items():
        guard = guard_of(app.view_functions[screen])
        wanted = {asked[name] for name in names.split()}
        if guard is None or (len(wanted) == 1 and guard.permission not in wanted and screen not in LESS_ON_SCREENS):
            differing.append(f"{screen}: {guard and guard.permission}, API {sorted(map(str, wanted))}")
    assert not differing, differing


READ_FIRST = {"corridor.thresholds", "disbursements.mandates", "payment_files.profiles"}
"""Pages that show a list to readers and carry the form for those who may fill it; the service decides exactly."""

LESS_ON_SCREENS = READ_FIRST | {"account.revoke_token"}
"""A signed-in person ends a token of their own without any role; a token needs the scope for it."""


def test_the_description_is_valid_openapi_3_1(app: Flask) -> None:
    described = app.test_client().get(f"{PREFIX}/openapi.json").json
    assert described["openapi"].startswith("3.1")
    operations_described = [each for methods in described["paths"].values() for each in methods.values()]
    for operation in operations_described[1:]:
        errors = [status for status in operation["responses"] if int(status) >= 400]
        for status in errors:  # alike in every operation; checking them once saves seconds
            del operation["responses"][status]
    OpenAPIV31SpecValidator(described).validate()


def test_the_description_holds_every_operation_with_its_errors(app: Flask) -> None:
    described = app.test_client().get(f"{PREFIX}/openapi.json").json
    count = sum(len(methods) for methods in described["paths"].values())
    assert count == len(operations(app))
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            answers = operation["responses"]
            assert {"400", "401", "403", "404"} <= set(answers), f"{method} {path}"
            for status, answer in answers.items():
                if int(status) >= 400:
                    assert "application/problem+json" in answer["content"], f"{method} {path} {status}"


def test_operations_have_names_of_their_own_and_summaries(app: Flask) -> None:
    described = app.test_client().get(f"{PREFIX}/openapi.json").json
    named = [operation["operationId"] for methods in described["paths"].values() for operation in methods.values()]
    assert len(named) == len(set(named))
    assert all(operation["summary"] for methods in described["paths"].values() for operation in methods.values())


@pytest.mark.parametrize("role", [Role.GRANT_OFFICER, Role.ACCOUNTANT, Role.ADMINISTRATOR])
def test_no_answer_holds_a_number_that_could_have_been_rounded(
    app: Flask, session: Session, visitors: Visitors, worlds: Worlds, role: Role
) -> None:
    headers, caller = visitors.token(role), app.test_client()
    wrong, seen = [], 0
    for address in addresses_of(app, "GET", api=True):
        for path in paths(session, address, worlds.home) if address.admits(role) else ():
            answer = caller.get(path, headers=headers)
            if answer.status_code != 200 or answer.mimetype != "application/json":
                continue
            seen += 1
            floats: list[str] = []
            json.loads(answer.text, parse_float=lambda text, found=floats: found.append(text))  # type: ignore[misc]
            wrong += [f"{address}: {floats[:3]}"] if floats else []
    assert not wrong, wrong
    assert seen > 5


def test_versioned_records_carry_an_etag_and_answer_not_modified(
    app: Flask, session: Session, visitors: Visitors, worlds: Worlds
) -> None:
    headers, caller = visitors.token(Role.GRANT_OFFICER), app.test_client()
    tagged = 0
    for address in addresses_of(app, "GET", api=True):
        for path in paths(session, address, worlds.home) if address.parts else ():
            answer = caller.get(path, headers=headers)
            if answer.status_code != 200 or "version" not in (answer.json or {}):
                continue
            tagged += 1
            assert answer.headers.get("ETag") == f'"{answer.json["version"]}"', path
            again = caller.get(path, headers=headers | {"If-None-Match": answer.headers["ETag"]})
            assert again.status_code == 304, path
    assert tagged >= 6


def _filling(schema: Any) -> dict[str, Any]:
    """A body that only has its texts, so that the version is what is looked at."""
    declared = schema().fields
    return {
        name: "A reason"
        for name, field in declared.items()
        if name in {"reason", "note"} or (field.required and name != "version")
    }


@pytest.mark.parametrize("role", list(Role))
def test_a_stale_version_is_refused_and_changes_nothing(
    app: Flask,
    session: Session,
    visitors: Visitors,
    worlds: Worlds,
    database_digest: Callable[[], str],
    role: Role,
) -> None:
    """412 where the rest of the body is fine; 400 names what else is wrong; never done."""
    versioned = {
        f"api_{operation.tag}.{operation.endpoint}": operation.body
        for operation in operations(app)
        if operation.body is not None and isinstance(operation.body().fields.get("version"), VersionField)
    }
    headers, caller, before = visitors.token(role), app.test_client(), database_digest()
    wrong, failed_precondition = [], 0
    for address in addresses_of(app, "POST", "PUT", api=True):
        if address.rule.endpoint not in versioned or not address.admits(role):
            continue
        for path in paths(session, address, worlds.home):
            body = _filling(versioned[address.rule.endpoint])
            stale = headers | {"If-Match": '"1999999999"'}
            answer = ask(caller, path, address.method, headers=stale, json=body)
            failed_precondition += answer.status == 412
            if answer.status not in {400, 403, 404, 409, 412}:
                wrong.append(f"{address}: {answer}")
    assert not wrong, wrong
    assert database_digest() == before
    if role in {Role.ADMINISTRATOR, Role.GRANT_OFFICER, Role.WHITELIST_OFFICER}:
        assert failed_precondition


WHOLE_LISTS = {
    "/inbox": "what waits for one person",
    "/institutions/<code>/bank-accounts": "the accounts of one institution",
    "/me/tokens": "one's own tokens",
    "/institutions/<code>/authority-limits": "the matrix of one institution, read as a whole",
    "/institutions/<code>/delegations": "the delegations of one institution",
    "/policies": "one row for each number of policy",
    "/programmes/<code>/parameters": "one row for each parameter",
    "/claims/<reference:reference>/checks": "one row for each rule",
    "/claims/<reference:reference>/flags": "one row for each flag",
    "/claims/<reference:reference>/missing": "one row for each line",
    "/manpower/<reference:reference>/flags": "one row for each month",
    "/manpower/contracts/<reference:reference>": "one row for each month",
    "/contracts/<reference:reference>/tranches": "60 at most",
    "/contracts/<reference:reference>/budget": "one row for each heading",
    "/contracts/<reference:reference>/budget/checks": "one for each ratio of the terms at most",
    "/contracts/<reference:reference>/budget/requests": "those of one contract",
    "/contracts/<reference:reference>/limits": "one row for each line and ratio of the terms",
    "/contracts/<reference:reference>/amendments": "the amendments of one contract",
    "/corridor/asked": "one row for each rule that applies",
    "/corridor/codes": "one row for each code of two short lists",
    "/calendar/days": "those of one month",
    "/rails": "one row for each rail in force",
    "/rails/<code>": "a few versions for each rail",
    "/corridor/coverage": "one row for each route and purpose",
    "/disbursements/<reference:reference>/checks": "one row for each gate",
    "/disbursements/<reference:reference>/quotes": "a few for each payment",
    "/reports": "one row for each kind of report",
    "/books": "one row for each book",
    "/books/keys": "one row for each key",
    "/periods/<code>": "the last three years at most",
    "/periods/<code>/months/<month>/checks": "one for each check",
    "/periods/<code>/months/<month>/exceptions": "a few for a month",
    "/periods/<code>/months/<month>/posted-under-exception": "a few for a month, read as a whole",
    "/room": "the rooms that are open to one person",
    "/room/<reference:reference>/packs": "a few for each engagement",
    "/room/<reference:reference>/papers": "what one team writes, read and exported as a whole",
    "/room/<reference:reference>/questions": "what one team asks",
    "/room/<reference:reference>/records": "a few for each engagement",
    "/room/<reference:reference>/statements": "the files of a few statements",
    "/bank": "the accounts of one's own institutions",
    "/bank/<uuid:account_id>/ageing": "one row for each of four ages",
    "/bank/<uuid:account_id>/months": "twelve a year, read as a whole",
    "/bank/<uuid:account_id>/notified": "what waits of the last three months",
    "/bank-profiles": "a few versions for each bank one pays from",
    "/payment-files/waiting": "one row for each account and currency",
    "/payment-files/<reference:reference>/notified": "one row for each payment of a file",
    "/returns/<reference:reference>/checks": "a thousand wrong lines at most, read as a whole",
    "/vouchers/<code>/mappings": "those in use, about one for each account, read as a whole",
    "/vouchers/<code>/profiles": "a few for each institution",
}
"""Lists of the API that are given whole, and why they stay short."""


def test_every_list_that_grows_is_given_in_pages(app: Flask) -> None:
    lists = {each.rule: each.query for each in operations(app) if each.method == "GET" and each.many}
    paged = {rule for rule, query in lists.items() if query is not None and {"cursor", "limit"} <= set(query().fields)}
    assert set(lists) - paged == set(WHOLE_LISTS)
    assert len(paged) >= 12


@pytest.mark.parametrize("path", ["contracts", "disbursements", "people", "institutions", "audit-events", "programmes"])
def test_a_list_gives_no_more_rows_than_were_asked_for_and_leads_on(
    app: Flask, visitors: Visitors, worlds: Worlds, path: str
) -> None:
    headers, caller = visitors.token(Role.GRANT_OFFICER), app.test_client()
    whole = caller.get(f"{PREFIX}/{path}?limit=200", headers=headers)
    if whole.status_code == 403:
        headers = visitors.token(Role.ADMINISTRATOR)
        whole = caller.get(f"{PREFIX}/{path}?limit=200", headers=headers)
    expected = [each.get("id") or each["reference"] for each in whole.json["items"]]
    seen, cursor = [], ""
    for _ in range(min(len(expected), 3)):
        answer = caller.get(f"{PREFIX}/{path}?limit=1{cursor}", headers=headers)
        assert len(answer.json["items"]) == 1, answer.text
        seen += [each.get("id") or each["reference"] for each in answer.json["items"]]
        cursor = f"&cursor={answer.json['next']}"
    assert seen == expected[:3]
    assert seen


def _by_row(body: type[Form]) -> bool:
    """Whether each row of the body carries the version of what it replaces."""
    rows = [field.row().fields for field in body().fields.values() if isinstance(field, RowsField)]
    return bool(rows) and all("version" in fields and fields["version"].required for fields in rows)


def test_no_write_takes_the_version_as_optional(app: Flask) -> None:
    declared = [(each, each.body().fields.get("version")) for each in operations(app) if each.body is not None]
    optional = [str(each.rule) for each, field in declared if field is not None and not field.required]
    replacing = [
        str(each.rule) for each, field in declared if each.method == "PUT" and field is None and not _by_row(each.body)
    ]
    assert (optional, replacing) == ([], [])
    assert sum(field is not None for _each, field in declared) > 30


def test_a_write_without_the_version_asks_for_it(
    app: Flask, session: Session, visitors: Visitors, worlds: Worlds
) -> None:
    answer = app.test_client().post(
        f"{PREFIX}/whitelist/{worlds.home.ids['whitelist'][0]}/suspend",
        headers=visitors.token(Role.WHITELIST_OFFICER),
        json={"reason": "Checked"},
    )
    assert answer.status_code == 428, answer.text
    assert answer.json["breaches"][0]["field"] == "version"


def _project(worlds: Worlds, title: str) -> dict[str, Any]:
    return {
        "title_en": title,
        "first_day": "2026-01-01",
        "last_day": "2027-12-31",
        "confidentiality": "PUBLIC",
        "institution_id": worlds.home.made["funder_id"],
    }


def test_a_repeated_write_gives_the_first_answer_and_one_record(app: Flask, visitors: Visitors, worlds: Worlds) -> None:
    caller, headers = app.test_client(), visitors.token(Role.GRANT_OFFICER) | {"Idempotency-Key": uuid4().hex}
    first = caller.post(f"{PREFIX}/projects", json=_project(worlds, "Once"), headers=headers)
    again = caller.post(f"{PREFIX}/projects", json=_project(worlds, "Once"), headers=headers)
    assert first.status_code == again.status_code == 201, first.text
    assert again.json == first.json
    assert again.headers["Idempotency-Replayed"] == "true"
    found = caller.get(f"{PREFIX}/projects?text=Once", headers=headers).json["items"]
    assert [project["reference"] for project in found] == [first.json["reference"]]


def test_a_key_used_for_another_body_is_refused(
    app: Flask, visitors: Visitors, worlds: Worlds, database_digest: Callable[[], str]
) -> None:
    caller, headers = app.test_client(), visitors.token(Role.GRANT_OFFICER) | {"Idempotency-Key": uuid4().hex}
    assert caller.post(f"{PREFIX}/projects", json=_project(worlds, "Once"), headers=headers).status_code == 201
    before = database_digest()
    other = caller.post(f"{PREFIX}/projects", json=_project(worlds, "Twice"), headers=headers)
    assert other.status_code == 422
    assert other.mimetype == "application/problem+json"
    assert database_digest() == before


def test_two_people_may_use_the_same_key(app: Flask, visitors: Visitors, worlds: Worlds) -> None:
    caller, key = app.test_client(), {"Idempotency-Key": uuid4().hex}
    mine = caller.post(
        f"{PREFIX}/projects", json=_project(worlds, "Mine"), headers=visitors.token(Role.GRANT_OFFICER) | key
    )
    foreign = visitors.token(Role.GRANT_OFFICER, foreign=True) | key
    theirs = _project(worlds, "Theirs") | {"institution_id": worlds.foreign.made["funder_id"]}
    answer = caller.post(f"{PREFIX}/projects", json=theirs, headers=foreign)
    assert (mine.status_code, answer.status_code) == (201, 201), answer.text
    assert answer.json["reference"] != mine.json["reference"]
