"""The corridor as JSON: the same verbs as the screens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.contracts.models import Contract
from app.corridor import queries, service
from app.corridor.forms import DecideForm, FilingForm, RateForm, RuleForm, RuleQuery, TryQuery, case_of
from app.corridor.models import CorridorCode, CorridorRate, CorridorRule, TaxFiling
from app.corridor.queries import RuleFilter
from app.corridor.rules import Asked, Cover, asked, coverage as covered
from app.corridor.states import ROUTES
from app.kernel.actor import Actor
from app.web.api import ApiBlueprint
from app.web.paging import Page
from app.web.present import now, today
from app.web.schemas import CodeOut, DecimalOut, MoneyOut, Out, PageOf, PageQuery
from app.web.wording import words

api = ApiBlueprint("corridor", __name__)
READ, MANAGE = Permission.CORRIDOR_READ, Permission.CORRIDOR_MANAGE


class CorridorRuleOut(Out):
    """One version of one rule; `above_minor` is in hundredths of `above_currency`."""

    id = fields.UUID()
    code = fields.String()
    number = fields.Integer()
    from_side = CodeOut()
    to_side = CodeOut()
    purpose = CodeOut(allow_none=True)
    payer_kind = CodeOut(allow_none=True)
    payee_kind = CodeOut(allow_none=True)
    currency = CodeOut(allow_none=True)
    above_minor = fields.Integer(allow_none=True)
    above_currency = CodeOut(allow_none=True)
    exempt_listed_on = CodeOut(allow_none=True)
    exempt_payer_kind = CodeOut(allow_none=True)
    kind = CodeOut()
    title = fields.String()
    how = fields.String()
    code_list = CodeOut(allow_none=True)
    suggested = fields.String()
    blocks = CodeOut(allow_none=True)
    valid_days = fields.Integer(allow_none=True)
    due_days = fields.Integer(allow_none=True)
    source = fields.String()
    verified = fields.Boolean()
    first_day = fields.Date()
    last_day = fields.Date(allow_none=True)
    status = CodeOut()
    proposed_by_id = fields.UUID(allow_none=True)
    decided_by_id = fields.UUID(allow_none=True)
    version = fields.Integer()


class AskedOut(Out):
    """What a case is asked for, why, and by which rule."""

    rule_id = fields.UUID()
    code = fields.String()
    kind = CodeOut()
    title = fields.String()
    why = fields.List(fields.String())
    how = fields.String()
    suggested = fields.String()
    blocks = CodeOut(allow_none=True)
    due_days = fields.Integer(allow_none=True)
    source = fields.String()
    verified = fields.Boolean()


class CoverOut(Out):
    """One purpose on one route: rules in force, how many verified, how many end within 90 days."""

    from_side = CodeOut()
    to_side = CodeOut()
    purpose = CodeOut()
    rules = fields.Integer()
    verified = fields.Integer()
    ending = fields.Integer()


class CorridorRateOut(Out):
    """A rate to compare amounts with thresholds."""

    id = fields.UUID()
    base_currency = CodeOut()
    currency = CodeOut()
    rate = DecimalOut()
    rate_date = fields.Date()
    source = fields.String()
    status = CodeOut()
    proposed_by_id = fields.UUID()
    decided_by_id = fields.UUID(allow_none=True)
    version = fields.Integer()


class CorridorCodeOut(Out):
    """A code of a list."""

    code_list = CodeOut()
    code = fields.String()
    edition = fields.String()
    name = fields.String()
    source = fields.String()
    verified = fields.Boolean()


class TaxFilingOut(Out):
    """The tax filing of a contract."""

    id = fields.UUID()
    contract_id = fields.UUID()
    form_number = fields.String()
    verification_code = fields.String()
    filed_on = fields.Date()
    value = MoneyOut()
    status = CodeOut()
    proposed_by_id = fields.UUID()
    decided_by_id = fields.UUID(allow_none=True)
    version = fields.Integer()


@api.get(
    "/corridor/rules", permission=READ, query=RuleQuery, response=CorridorRuleOut, many=True, summary="List the rules"
)
def rules(session: Session, actor: Actor, query: dict[str, Any]) -> Page[CorridorRule]:
    """Every version of every rule, by code, a page at a time."""
    wanted = RuleFilter(query["route"], query["purpose"], query["verified"], query["status"])
    return queries.listed_rules(session, wanted, query["cursor"], query["limit"])


@api.get("/corridor/rules/<uuid:rule_id>", permission=READ, response=CorridorRuleOut, summary="Show a rule")
def rule(session: Session, actor: Actor, rule_id: UUID) -> CorridorRule:
    """One version of a rule."""
    return queries.rule_by_id(session, rule_id)


@api.post(
    "/corridor/rules",
    permission=MANAGE,
    body=RuleForm,
    response=CorridorRuleOut,
    status=201,
    summary="Propose a rule",
)
def propose_rule(session: Session, actor: Actor, command: service.ProposeRule) -> CorridorRule:
    """A rule, or the next version of one; in force once a second person has confirmed it."""
    return service.propose_rule(session, actor, command, now=now())


@api.post(
    "/corridor/rules/<uuid:rule_id>/confirm",
    permission=MANAGE,
    body=DecideForm,
    response=CorridorRuleOut,
    summary="Confirm a rule",
)
def confirm_rule(session: Session, actor: Actor, command: service.Decide, rule_id: UUID) -> CorridorRule:
    """Put a proposed version in force; whoever proposed it cannot."""
    return service.confirm_rule(session, actor, rule_id, command, now=now())


@api.post(
    "/corridor/rules/<uuid:rule_id>/refuse",
    permission=MANAGE,
    body=DecideForm,
    response=CorridorRuleOut,
    summary="Refuse a rule",
)
def refuse_rule(session: Session, actor: Actor, command: service.Decide, rule_id: UUID) -> CorridorRule:
    """Turn a proposed version down; whoever proposed it cannot."""
    return service.refuse_rule(session, actor, rule_id, command, now=now())


@api.get("/corridor/asked", permission=READ, query=TryQuery, response=AskedOut, many=True, summary="Try a case")
def try_case(session: Session, actor: Actor, query: dict[str, Any]) -> list[dict[str, Any]]:
    """What a payment of `amount` would be asked for on a day, and why; nothing without an amount."""
    if query["amount"] is None:
        return []
    day = query["day"] or today()
    return [
        _asked(each) for each in asked(case_of(query, queries.rates_on(session, day)), queries.rules_on(session, day))
    ]


def _asked(each: Asked) -> dict[str, Any]:
    found = {name: getattr(each.rule, name) for name in AskedOut().fields if hasattr(each.rule, name)}
    why = [words(reason.message, reason.params) for reason in each.why]
    return found | {"rule_id": each.rule.id, "title": words(each.rule.title), "how": words(each.rule.how), "why": why}


@api.get("/corridor/coverage", permission=READ, response=CoverOut, many=True, summary="Coverage and gaps")
def coverage(session: Session, actor: Actor) -> list[Cover]:
    """Every route and purpose, those without a rule too."""
    return covered(queries.rules_on(session, today()), ROUTES, today())


@api.get(
    "/corridor/thresholds",
    permission=READ,
    query=PageQuery,
    response=CorridorRateOut,
    many=True,
    summary="List the rates",
)
def thresholds(session: Session, actor: Actor, query: PageOf) -> Page[CorridorRate]:
    """Rates to compare amounts with thresholds, newest first."""
    return queries.rates(session, query.cursor, query.limit)


@api.post(
    "/corridor/thresholds",
    permission=MANAGE,
    body=RateForm,
    response=CorridorRateOut,
    status=201,
    summary="Propose a rate",
)
def propose_rate(session: Session, actor: Actor, command: service.ProposeRate) -> CorridorRate:
    """Used once a second person has confirmed it."""
    return service.propose_rate(session, actor, command, now=now())


@api.post(
    "/corridor/thresholds/<uuid:rate_id>/confirm",
    permission=MANAGE,
    body=DecideForm,
    response=CorridorRateOut,
    summary="Confirm a rate of a threshold",
)
def confirm_rate(session: Session, actor: Actor, command: service.Decide, rate_id: UUID) -> CorridorRate:
    """Let a proposed rate be used; whoever proposed it cannot."""
    return service.confirm_rate(session, actor, rate_id, command, now=now())


@api.post(
    "/corridor/thresholds/<uuid:rate_id>/refuse",
    permission=MANAGE,
    body=DecideForm,
    response=CorridorRateOut,
    summary="Refuse a rate of a threshold",
)
def refuse_rate(session: Session, actor: Actor, command: service.Decide, rate_id: UUID) -> CorridorRate:
    """Turn a proposed rate down; whoever proposed it cannot."""
    return service.refuse_rate(session, actor, rate_id, command, now=now())


@api.get("/corridor/codes", permission=READ, response=CorridorCodeOut, many=True, summary="List the codes")
def codes(session: Session, actor: Actor) -> list[CorridorCode]:
    """The codes of every list, with edition and source."""
    return list(queries.all_codes(session))


@api.get(
    "/corridor/filings", permission=READ, query=PageQuery, response=TaxFilingOut, many=True, summary="List tax filings"
)
def filings(session: Session, actor: Actor, query: PageOf) -> Page[TaxFiling]:
    """Tax filings of the contracts in your scope, newest first."""
    found = queries.filings(session, actor, query.cursor, query.limit)
    return found.map(_without_contract)


def _without_contract(pair: tuple[TaxFiling, Contract]) -> TaxFiling:
    return pair[0]


@api.get("/corridor/filings/<uuid:filing_id>", permission=READ, response=TaxFilingOut, summary="Show a tax filing")
def filing(session: Session, actor: Actor, filing_id: UUID) -> TaxFiling:
    """One tax filing."""
    return queries.filing_by_id(session, actor, filing_id)[0]


@api.post(
    "/corridor/filings",
    permission=MANAGE,
    body=FilingForm,
    response=TaxFilingOut,
    status=201,
    summary="Enter a tax filing",
)
def enter_filing(session: Session, actor: Actor, command: service.EnterFiling) -> TaxFiling:
    """The tax filing of a contract; it counts once a second person has confirmed it."""
    return service.enter_filing(session, actor, command, now=now())


@api.post(
    "/corridor/filings/<uuid:filing_id>/confirm",
    permission=MANAGE,
    body=DecideForm,
    response=TaxFilingOut,
    summary="Confirm a tax filing",
)
def confirm_filing(session: Session, actor: Actor, command: service.Decide, filing_id: UUID) -> TaxFiling:
    """Later payments under the contract need no other; whoever entered it cannot confirm it."""
    return service.confirm_filing(session, actor, filing_id, command, now=now())


@api.post(
    "/corridor/filings/<uuid:filing_id>/refuse",
    permission=MANAGE,
    body=DecideForm,
    response=TaxFilingOut,
    summary="Refuse a tax filing",
)
def refuse_filing(session: Session, actor: Actor, command: service.Decide, filing_id: UUID) -> TaxFiling:
    """Turn a filing down; whoever entered it cannot."""
    return service.refuse_filing(session, actor, filing_id, command, now=now())
