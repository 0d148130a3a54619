"""Gathers the facts that drafting, signing and amending are checked against."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.budgets import queries as budgets
from app.budgets.commands import BudgetItem
from app.contracts import queries, rules
from app.contracts.commands import DraftContract, EditContract, TrancheInput
from app.contracts.models import Contract, Programme
from app.contracts.states import FundingMode, Purpose, TrancheCondition, WhitelistEffect
from app.contracts.terms import family
from app.funds.models import Fund, Pocket
from app.institutions.models import BankAccount
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger import balances
from app.projects import queries as projects


def tranche_facts(
    tranches: Sequence[TrancheInput], currency: Currency, paid: dict[int, Money] | None = None
) -> tuple[rules.TrancheFacts, ...]:
    """Instalments as the rules take them, numbered from 1."""
    return tuple(
        rules.TrancheFacts(
            number,
            given.amount,
            given.holdback or Money.zero(currency),
            given.condition,
            given.due_on,
            given.milestone,
            (paid or {}).get(number),
        )
        for number, given in enumerate(tranches, 1)
    )


def draft_facts(session: Session, programme: Programme, command: DraftContract) -> rules.DraftFacts:
    """A drafted contract with what its pocket, account and project say. Raises NotFound for an unknown pocket."""
    pocket = session.get(Pocket, command.pocket_id)
    if pocket is None:
        raise NotFound(Breach("pocket.not-found", _("There is no such pocket."), field="pocket_id"))
    return rules.DraftFacts(
        family=family(programme.terms_family),
        mode=command.funding_mode,
        currency=command.currency,
        amount=command.amount,
        first_day=command.first_day,
        last_day=command.last_day,
        tranches=tranche_facts(command.tranches, command.currency),
        budget=tuple((item.heading, item.amount) for item in command.budget),
        funder_id=programme.funder_id,
        grantee_id=command.grantee_id,
        party_ids=projects.party_ids(session, command.project_id),
        programme_currency=Currency(programme.currency),
        programme_active=programme.active,
        pocket_currency=Currency(pocket.currency),
        pocket_funder_id=session.get_one(Fund, pocket.fund_id).institution_id,
        account_owner_id=_owner(session, command.grantee_account_id, command.grantee_id),
    )


def _owner(session: Session, account_id: UUID | None, grantee_id: UUID) -> UUID | None:
    if account_id is None:
        return None
    account = session.get(BankAccount, account_id)
    if account is None:
        raise NotFound(
            Breach("bank-account.not-found", _("There is no such bank account."), field="grantee_account_id")
        )
    return account.institution_id


def as_command(session: Session, contract: Contract) -> EditContract:
    """A contract as the command that leaves it as it is: for the draft's form, and to check it again at signing."""
    currency = Currency(contract.currency)
    return EditContract(
        project_id=contract.project_id,
        programme_id=contract.programme_id,
        grantee_id=contract.grantee_id,
        pocket_id=contract.pocket_id,
        funding_mode=FundingMode(contract.funding_mode),
        currency=currency,
        amount=queries.amount_of(contract),
        first_day=contract.first_day,
        last_day=contract.last_day,
        tranches=tranche_inputs(contract),
        budget=budget_items(session, contract, date.max),
        grantee_account_id=contract.grantee_account_id,
        purpose=Purpose(contract.purpose),
        agreement_number=contract.agreement_number,
        governing_law=contract.governing_law,
        dispute_forum=contract.dispute_forum,
        budget_rate=contract.budget_rate,
        negative_list_declared=contract.negative_list_declared,
        version=contract.version,
    )


def tranche_inputs(contract: Contract) -> tuple[TrancheInput, ...]:
    """The contract's tranches as they were entered."""
    currency = Currency(contract.currency)
    return tuple(
        TrancheInput(
            Money(tranche.amount_minor, currency),
            tranche.due_on,
            TrancheCondition(tranche.condition),
            Money(tranche.holdback_minor, currency),
            tranche.milestone,
        )
        for tranche in contract.tranches
    )


def budget_items(session: Session, contract: Contract, at: date) -> tuple[BudgetItem, ...]:
    """The revised budget by heading on a day; empty where only the total is budgeted."""
    budget = budgets.budget_by_heading(session, contract.id, at, Currency(contract.currency))
    if not budget.by_heading:
        return ()
    lines = {line.heading: line.justification for line in budgets.lines_of(session, contract.id)}
    return tuple(BudgetItem(row.heading, row.revised, lines.get(row.heading, "")) for row in budget.rows)


def available_in_pocket(session: Session, pocket_id: UUID, currency: Currency) -> Money:
    """What the pocket has left after holds; nil before its first posting."""
    position = balances.pocket_position(session, pocket_id)
    return position.available if position is not None else Money.zero(currency)


def signing_facts(session: Session, contract: Contract, signed_on: date, today: date) -> rules.SigningFacts:
    """Everything looked at on the day of signing."""
    programme = session.get_one(Programme, contract.programme_id)
    currency = Currency(contract.currency)
    return rules.SigningFacts(
        draft=draft_facts(session, programme, as_command(session, contract)),
        holdback_percent=programme.holdback_percent,
        whitelist_effect=WhitelistEffect(programme.whitelist_effect),
        whitelist_kind=programme.whitelist_kind,
        whitelisted=queries.whitelisted(session, contract.grantee_id, programme.whitelist_kind, today),
        available=available_in_pocket(session, contract.pocket_id, currency),
        letter_kept=contract.commitment_letter_id is not None,
        negative_list_declared=contract.negative_list_declared,
        minutes_required=programme.collective_minutes_required,
        minutes_kept=contract.minutes_document_id is not None,
        has_pi=bool(projects.principal_investigators(session, contract.project_id, today)),
        signed_on=signed_on,
        today=today,
    )
