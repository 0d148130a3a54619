"""What the draft and amendment forms offer: pockets, grantees, accounts, and one budget row per heading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.contracts.drafting import available_in_pocket
from app.contracts.forms import BudgetForm, YearLineForm
from app.contracts.labels import MODE_LABELS
from app.contracts.models import Programme
from app.contracts.states import FundingMode
from app.contracts.terms import family
from app.contracts.terms.family import TOTAL, Family
from app.funds.models import Fund, Pocket
from app.institutions import queries as institutions
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import Money
from app.projects import queries as projects
from app.projects.models import Project
from app.web.forms import HtmlForm, Row
from app.web.templating import choices
from app.web.wording import named


@dataclass(frozen=True, slots=True)
class DraftChoices:
    """Everything the form offers once project and programme are known."""

    project: Project
    programme: Programme
    terms: Family
    currency: Currency
    grantees: list[tuple[str, str]]
    accounts: list[tuple[str, str]]
    pockets: list[tuple[str, str, Money]]
    modes: list[tuple[str, str]]
    budget: list[tuple[str, Row]]
    """Name of each heading (a message id) and its row; empty where only the total is budgeted."""


def draft_choices(session: Session, actor: Actor, form: HtmlForm) -> DraftChoices | None:
    """The choices for the project and programme in the form; None while they are not chosen or not in scope."""
    project = _found(session, Project, form.values.get("project_id"))
    programme = _found(session, Programme, form.values.get("programme_id"))
    if project is None or programme is None or not projects.sees(session, actor, project.id):
        return None
    currency = Currency(programme.currency)
    terms = family(programme.terms_family)
    parties = institutions.by_ids(session, projects.party_ids(session, project.id) - {programme.funder_id})
    accounts = [
        (str(account.id), f"{named(place)}: {account.currency} {account.masked_number}")
        for place in parties.values()
        for account in institutions.verified_accounts(session, place.id)
    ]
    return DraftChoices(
        project=project,
        programme=programme,
        terms=terms,
        currency=currency,
        grantees=[(str(place.id), f"{place.side} {named(place)}") for place in parties.values()],
        accounts=accounts,
        pockets=_pockets(session, programme.funder_id, currency),
        modes=choices({mode: MODE_LABELS[mode] for mode in terms.modes}),
        budget=budget_rows(form, terms) if FundingMode.ITEMISED in terms.modes else [],
    )


def budget_rows(form: HtmlForm, terms: Family) -> list[tuple[str, Row]]:
    """One row per heading of the terms, those typed already in their places, so that errors find their inputs."""
    typed: list[dict[str, Any]] = list(form.values.get("budget") or [])
    known = {str(values.get("heading", "")): (index, values) for index, values in enumerate(typed)}
    schema = BudgetForm()
    rows, further = [], len(typed)
    for row in terms.rows:
        if row.code in known:
            index, values = known[row.code]
        else:
            index, values, further = further, {"heading": row.code}, further + 1
        prefix = f"budget-{index}-"
        mine = [error for error in form.errors if error.field and error.field.startswith(prefix)]
        rows.append((row.label, Row("budget", index, values, mine, form, schema)))
    return rows


def year_rows(form: HtmlForm, terms: Family, *, by_heading: bool) -> list[tuple[str, Row]]:
    """One row per heading of a year's budget, or one for the whole contract; those typed keep their amounts."""
    typed = {str(values.get("heading", "")): values for values in form.values.get("budget") or []}
    codes = [(row.code, row.label) for row in terms.rows] if by_heading else [(TOTAL, _("The whole contract"))]
    schema = YearLineForm()
    rows = []
    for index, (code, label) in enumerate(codes):
        prefix = f"budget-{index}-"
        mine = [error for error in form.errors if error.field and error.field.startswith(prefix)]
        values = dict(typed.get(code, {})) | {"heading": code}
        rows.append((label, Row("budget", index, values, mine, form, schema)))
    return rows


def _pockets(session: Session, funder_id: UUID, currency: Currency) -> list[tuple[str, str, Money]]:
    statement = (
        select(Pocket, Fund)
        .join(Fund, Fund.id == Pocket.fund_id)
        .where(Fund.institution_id == funder_id, Fund.closed_on.is_(None), Pocket.currency == currency.value)
        .order_by(Fund.parent_id.nulls_first(), Fund.reference)
    )
    return [
        (str(pocket.id), f"{fund.reference} {named(fund)}", available_in_pocket(session, pocket.id, currency))
        for pocket, fund in session.execute(statement)
    ]


def _found(session: Session, model: type[Any], key: Any) -> Any:
    try:
        return session.get(model, UUID(str(key)))
    except ValueError:
        return None
