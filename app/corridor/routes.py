"""Screens of the corridor: rules and their history, a case to try, coverage, rates and codes, tax filings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.access.guards import current_actor, may, requires
from app.access.permissions import Permission
from app.audit.timeline import history
from app.contracts import queries as contracts
from app.contracts.labels import PURPOSE_NAMES
from app.contracts.queries import amount_of
from app.corridor import queries, service
from app.corridor.forms import DecideForm, FilingForm, RateForm, RuleForm, RuleQuery, TryQuery, case_of
from app.corridor.models import CorridorRule
from app.corridor.queries import RuleFilter, as_rule
from app.corridor.rules import asked, coverage as covered
from app.corridor.states import CODE_LIST_NAMES, KIND_NAMES, ROUTES, STEP_NAMES, ForeignCurrency
from app.db.unit_of_work import unit_of_work
from app.institutions.states import KIND_NAMES as INSTITUTION_NAMES
from app.kernel.currencies import Currency
from app.people import queries as people
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.schemas import PageQuery
from app.web.templating import page
from app.web.translation import current_language
from app.whitelist.states import KIND_NAMES as LIST_NAMES

pages = Blueprint("corridor", __name__)

WORDS: dict[str, Any] = {
    "kinds": KIND_NAMES,
    "purposes": PURPOSE_NAMES,
    "steps": STEP_NAMES,
    "bodies": INSTITUTION_NAMES,
    "lists": LIST_NAMES,
    "code_lists": CODE_LIST_NAMES,
    "routes": ROUTES,
}


@pages.get("/corridor/rules")
@requires(Permission.CORRIDOR_READ)
def rules() -> ResponseReturnValue:
    """Every version of every rule, by code."""
    asked_for = load_query(RuleQuery)
    wanted = RuleFilter(asked_for["route"], asked_for["purpose"], asked_for["verified"], asked_for["status"])
    with unit_of_work() as session:
        in_force = {rule.id for rule in queries.rules_on(session, today())}
        found = queries.listed_rules(session, wanted, asked_for["cursor"] or None)
        return page("corridor/rules.html", found=found, in_force=in_force, asked=asked_for, as_rule=as_rule, **WORDS)


@pages.get("/corridor/rules/<uuid:rule_id>")
@requires(Permission.CORRIDOR_READ)
def rule(rule_id: UUID) -> ResponseReturnValue:
    """One version of a rule: its conditions, what it asks for, its source, its other versions."""
    return _rule(rule_id, None), 200


def _rule(rule_id: UUID, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        row = queries.rule_by_id(session, rule_id)
        return page(
            "corridor/rule.html",
            row=row,
            rule=as_rule(row),
            in_force={each.id for each in queries.rules_on(session, today())},
            versions=queries.versions_of(session, row),
            names=people.names_of(session, {row.proposed_by_id, row.decided_by_id}, current_language().code),
            events=history(session, "corridor_rule", row.id) if may(current_actor(), Permission.AUDIT_READ) else [],
            me=current_actor().person_id,
            form=form,
            **WORDS,
        )


@pages.route("/corridor/rules/propose", methods=["GET", "POST"])
@requires(Permission.CORRIDOR_MANAGE)
def propose_rule() -> ResponseReturnValue:
    """Propose a rule, or the next version of one: `of` names the version to start from."""
    form = HtmlForm(RuleForm, initial=_started(request.args.get("of", "")))
    if form.sent:
        key = form.run(lambda session, command: service.propose_rule(session, current_actor(), command, now=now()).id)
        if form.done:
            flash(gettext("The rule is proposed. A second person confirms it."), "success")
            return redirect(url_for("corridor.rule", rule_id=key), 303)
    return page("corridor/propose.html", form=form), form.status


def _started(of: str) -> dict[str, object]:
    """What the form begins with: the version it changes, from today."""
    initial: dict[str, object] = {"first_day": today()}
    try:
        key = UUID(of)
    except ValueError:
        return initial
    with unit_of_work() as session:
        row = queries.rule_by_id(session, key)
        above = as_rule(row).above
        kept = {name: getattr(row, name) for name in RuleForm().fields if hasattr(CorridorRule, name)}
        plain = f"{above.minor // 100}.{above.minor % 100:02d}" if above else None
        return {name: value for name, value in kept.items() if value is not None} | initial | {"above": plain}


@pages.post("/corridor/rules/<uuid:rule_id>/confirm")
@requires(Permission.CORRIDOR_MANAGE)
def confirm_rule(rule_id: UUID) -> ResponseReturnValue:
    """Put a proposed version in force."""
    form = _decided(service.confirm_rule, rule_id)
    return _after_rule(form, rule_id, gettext("The rule is confirmed."))


@pages.post("/corridor/rules/<uuid:rule_id>/refuse")
@requires(Permission.CORRIDOR_MANAGE)
def refuse_rule(rule_id: UUID) -> ResponseReturnValue:
    """Turn a proposed version down."""
    form = _decided(service.refuse_rule, rule_id)
    return _after_rule(form, rule_id, gettext("The proposal is refused."))


def _decided(verb: Callable[..., Any], key: UUID) -> HtmlForm:
    form = HtmlForm(DecideForm)
    form.run(lambda session, command: str(verb(session, current_actor(), key, command, now=now()).id))
    return form


def _after_rule(form: HtmlForm, rule_id: UUID, said: str) -> ResponseReturnValue:
    if not form.done:
        return _rule(rule_id, form), form.status
    flash(said, "success")
    return redirect(url_for("corridor.rule", rule_id=rule_id), 303)


@pages.get("/corridor/try")
@requires(Permission.CORRIDOR_READ)
def try_case() -> ResponseReturnValue:
    """What a payment would be asked for, why, and by which source. Writes nothing."""
    case = load_query(TryQuery)
    day = case["day"] or today()
    found = None
    if case["amount"] is not None:
        with unit_of_work() as session:
            found = asked(case_of(case, queries.rates_on(session, day)), queries.rules_on(session, day))
    return page("corridor/try.html", case=case, day=day, found=found, **WORDS)


@pages.get("/corridor/coverage")
@requires(Permission.CORRIDOR_READ)
def coverage() -> ResponseReturnValue:
    """Routes by purposes: rules in force, how many are verified, what ends soon, and where there is none."""
    with unit_of_work() as session:
        return page(
            "corridor/coverage.html", cells=covered(queries.rules_on(session, today()), ROUTES, today()), **WORDS
        )


@pages.route("/corridor/thresholds", methods=["GET", "POST"])
@requires(Permission.CORRIDOR_READ)
def thresholds() -> ResponseReturnValue:
    """Rates to compare amounts with thresholds, the form that proposes one, and the lists of codes."""
    form = HtmlForm(RateForm, initial={"base_currency": "USD", "currency": "CNY", "rate_date": today()})
    if form.sent:
        form.run(lambda session, command: str(service.propose_rate(session, current_actor(), command, now=now()).id))
        if form.done:
            flash(gettext("The rate is proposed. A second person confirms it."), "success")
            return redirect(url_for("corridor.thresholds"), 303)
    return _thresholds(form), form.status


def _thresholds(form: HtmlForm) -> str:
    asked_for = load_query(PageQuery)
    with unit_of_work() as session:
        return page(
            "corridor/thresholds.html",
            form=form,
            bases=[(each.value, each.value) for each in ForeignCurrency],
            currencies=[(each.value, each.value) for each in Currency],
            rates=queries.rates(session, asked_for.cursor, asked_for.limit),
            codes=queries.all_codes(session),
            me=current_actor().person_id,
            **WORDS,
        )


@pages.post("/corridor/thresholds/<uuid:rate_id>/confirm")
@requires(Permission.CORRIDOR_MANAGE)
def confirm_rate(rate_id: UUID) -> ResponseReturnValue:
    """Let a proposed rate be used."""
    return _after_rate(_decided(service.confirm_rate, rate_id), gettext("The rate is confirmed."))


@pages.post("/corridor/thresholds/<uuid:rate_id>/refuse")
@requires(Permission.CORRIDOR_MANAGE)
def refuse_rate(rate_id: UUID) -> ResponseReturnValue:
    """Turn a proposed rate down."""
    return _after_rate(_decided(service.refuse_rate, rate_id), gettext("The proposal is refused."))


def _after_rate(form: HtmlForm, said: str) -> ResponseReturnValue:
    if not form.done:
        return _thresholds(form), form.status
    flash(said, "success")
    return redirect(url_for("corridor.thresholds"), 303)


@pages.get("/corridor/filings")
@requires(Permission.CORRIDOR_READ)
def filings() -> ResponseReturnValue:
    """Tax filings of the contracts in scope."""
    asked_for = load_query(PageQuery)
    with unit_of_work() as session:
        found = queries.filings(session, current_actor(), asked_for.cursor, asked_for.limit)
        return page("corridor/filings.html", found=found, amount_of=amount_of)


@pages.route("/corridor/filings/enter", methods=["GET", "POST"])
@requires(Permission.CORRIDOR_MANAGE)
def enter_filing() -> ResponseReturnValue:
    """Enter the tax filing of a contract."""
    form = HtmlForm(FilingForm, initial={"contract": request.args.get("contract", ""), "currency": "CNY"})
    if form.sent:
        key = form.run(lambda session, command: service.enter_filing(session, current_actor(), command, now=now()).id)
        if form.done:
            flash(gettext("The filing is entered. A second person confirms it."), "success")
            return redirect(url_for("corridor.filing", filing_id=key), 303)
    return page("corridor/enter_filing.html", form=form), form.status


@pages.get("/corridor/filings/<uuid:filing_id>")
@requires(Permission.CORRIDOR_READ)
def filing(filing_id: UUID) -> ResponseReturnValue:
    """One tax filing beside its contract."""
    return _filing(filing_id, None), 200


def _filing(filing_id: UUID, form: HtmlForm | None) -> str:
    actor = current_actor()
    with unit_of_work() as session:
        row, contract = queries.filing_by_id(session, actor, filing_id)
        return page(
            "corridor/filing.html",
            row=row,
            contract=contract,
            agreed=amount_of(contract),
            may_open=may(actor, Permission.CONTRACTS_READ) and contracts.sees(session, actor, contract.id),
            may_decide=may(actor, Permission.CORRIDOR_MANAGE, contract.funder_id),
            names=people.names_of(session, {row.proposed_by_id, row.decided_by_id}, current_language().code),
            events=history(session, "tax_filing", row.id) if may(actor, Permission.AUDIT_READ) else [],
            me=actor.person_id,
            form=form,
        )


@pages.post("/corridor/filings/<uuid:filing_id>/confirm")
@requires(Permission.CORRIDOR_MANAGE)
def confirm_filing(filing_id: UUID) -> ResponseReturnValue:
    """Confirm a filing against its form."""
    form = _decided(service.confirm_filing, filing_id)
    return _after_filing(
        form, filing_id, gettext("The filing is confirmed: later payments of the contract need no other.")
    )


@pages.post("/corridor/filings/<uuid:filing_id>/refuse")
@requires(Permission.CORRIDOR_MANAGE)
def refuse_filing(filing_id: UUID) -> ResponseReturnValue:
    """Turn a filing down."""
    return _after_filing(_decided(service.refuse_filing, filing_id), filing_id, gettext("The filing is refused."))


def _after_filing(form: HtmlForm, filing_id: UUID, said: str) -> ResponseReturnValue:
    if not form.done:
        return _filing(filing_id, form), form.status
    flash(said, "success")
    return redirect(url_for("corridor.filing", filing_id=filing_id), 303)
