"""What waits for a person, over all slices: groups of items, each with why, since when and where to go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import Session

from app.access.guards import may
from app.access.permissions import Permission
from app.access.roles import ROLE_NAMES
from app.claims import queries as claims
from app.claims.models import Claim
from app.contracts import queries as contracts
from app.contracts.models import Contract
from app.contracts.states import ObligationStatus
from app.corridor import queries as corridor
from app.disbursements import queries as disbursements, remittance
from app.disbursements.models import Disbursement, ResidueReturn
from app.engagements import queries as engagements
from app.engagements.models import Engagement, Question
from app.equipment import queries as equipment
from app.exchange_rates import queries as exchange_rates
from app.exposure import queries as exposure
from app.funds import queries as funds
from app.institutions import queries as institutions
from app.journals import queries as journals
from app.kernel.actor import Actor, Role
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import Money, total
from app.manpower import queries as manpower
from app.payment_files import queries as payment_files
from app.people import queries as people
from app.people.authority import queries as authority
from app.people.authority.models import Delegation
from app.rails import queries as rails
from app.returns import queries as spending_returns
from app.statements import queries as statements
from app.statements.models import Statement
from app.web.present import now, today
from app.web.translation import current_language
from app.whitelist import queries as whitelist
from app.whitelist.states import KIND_NAMES
from reports.catalogue import REPORTS


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits: its reference, what it is, its amount if it has one, since when, and its page.

    `what` is a person's own words; `named` is a message id, where the product names the thing instead.
    """

    reference: str
    what: str
    amount: Money | None
    since: date | None
    endpoint: str
    arguments: dict[str, object]
    named: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Items of one kind: why they wait for this person, and the page that shows them all."""

    key: str
    why: str
    items: tuple[Item, ...]
    endpoint: str
    arguments: dict[str, object]

    @property
    def size(self) -> int:
        """How many items there are."""
        return len(self.items)

    def sum(self, currency: Currency) -> Money | None:
        """The total of the items in one currency; None where no item has an amount in it."""
        amounts = [item.amount for item in self.items if item.amount is not None and item.amount.currency is currency]
        return total(amounts, currency) if amounts else None


def groups(session: Session, actor: Actor) -> list[Group]:
    """Everything that waits for the actor, what moves money first. Groups without items are left out."""
    payments = [
        _payments(view, why, view, read)(session, actor) for right, view, why, read in _PAYMENTS if may(actor, right)
    ]
    return [group for group in [*payments, *_others(session, actor)] if group.items]


def count(session: Session, actor: Actor) -> int:
    """How many items wait for the actor: asked on every page, so what can be counted is not read."""
    views = [view for right, view, _why, _read in _PAYMENTS if may(actor, right)]
    payments = sum(disbursements.counts(session, actor, views).values()) if views else 0
    mine = [(gather, statement) for right, gather, statement in _SOURCES if may(actor, right)]
    counted = [statement(actor) for _gather, statement in mine if statement is not None]
    read = sum(gather(session, actor).size for gather, statement in mine if statement is None)
    return payments + _rows(session, counted) + read


def _rows(session: Session, statements: Sequence[Select[Any]]) -> int:
    """How many rows all the statements have together, in one query."""
    if not statements:
        return 0
    numbers = [
        select(func.count())
        .select_from(each.with_only_columns(literal(1), maintain_column_froms=True).order_by(None).subquery())
        .scalar_subquery()
        for each in statements
    ]
    return sum(session.execute(select(*numbers)).one())


def _others(session: Session, actor: Actor) -> list[Group]:
    """Every group but those of payments on their way."""
    return [gather(session, actor) for right, gather, _statement in _SOURCES if may(actor, right)]


def _day(instant: datetime | None) -> date | None:
    return business_date(instant) if instant else None


def _payments(
    key: str, why: str, view: str, read: Callable[[Session, Actor], Iterable[Disbursement]]
) -> Callable[[Session, Actor], Group]:
    """A group of disbursements from one of the queue's saved views."""

    def gather(session: Session, actor: Actor) -> Group:
        items = tuple(
            Item(
                row.reference,
                row.purpose,
                row.amount,
                _day(row.submitted_at or row.made_at),
                "disbursements.detail",
                {"reference": row.reference},
            )
            for row in read(session, actor)
        )
        return Group(key, why, items, "disbursements.queue", {"view": view})

    return gather


def _returns(
    key: str, why: str, read: Callable[[Session, Actor], Iterable[ResidueReturn]]
) -> Callable[[Session, Actor], Group]:
    def gather(session: Session, actor: Actor) -> Group:
        items = tuple(
            Item(
                row.reference,
                row.note,
                row.total,
                row.sent_on,
                "disbursements.residue_detail",
                {"reference": row.reference},
            )
            for row in read(session, actor)
        )
        return Group(key, why, items, "disbursements.residue_list", {})

    return gather


def _contract_item(contract: Contract, what: str, since: date | None) -> Item:
    return Item(
        contract.reference,
        what,
        contracts.amount_of(contract),
        since,
        "contracts.detail",
        {"reference": contract.reference},
    )


def _signatures(session: Session, actor: Actor) -> Group:
    items = tuple(
        _contract_item(contract, contract.agreement_number, _day(contract.drafted_at))
        for contract in contracts.contracts_awaiting_signature(session, actor)
    )
    return Group("signatures", _("Contracts to sign"), items, "contracts.index", {"status": "DRAFT"})


def _amendments(session: Session, actor: Actor) -> Group:
    items = tuple(
        _contract_item(contract, amendment.reason, _day(amendment.proposed_at))
        for amendment, contract in contracts.amendments_awaiting_decision(session, actor)
    )
    return Group("amendments", _("Amendments to decide"), items, "contracts.index", {})


def _budget_requests(session: Session, actor: Actor) -> Group:
    items = tuple(
        Item(
            contract.reference,
            request.reason,
            None,
            _day(request.asked_at),
            "contract_budget.show",
            {"reference": contract.reference},
        )
        for request, contract in session.execute(contracts.budget_requests_to_decide(actor))
    )
    return Group("budget-requests", _("Items and yearly budgets to decide"), items, "contracts.index", {})


def _obligations(key: str, why: str, status: ObligationStatus) -> Callable[[Session, Actor], Group]:
    def gather(session: Session, actor: Actor) -> Group:
        items = tuple(
            Item(
                row.contract.reference,
                "",
                None,
                _day(row.obligation.submitted_at) or row.obligation.due_on,
                "contracts.detail",
                {"reference": row.contract.reference},
                row.obligation.title,
            )
            for row in contracts.obligations_awaiting(session, actor, status)
        )
        return Group(key, why, items, "obligations.index", {"status": status.value})

    return gather


def _movements(session: Session, actor: Actor) -> Group:
    items = tuple(
        Item(
            row.reference,
            row.reason,
            Money(row.amount_minor, Currency(row.currency)),
            _day(row.entered_at),
            "funds.movement",
            {"reference": row.reference},
        )
        for row in funds.awaiting_approval_by(session, actor)
    )
    return Group("movements", _("Movements of funds to approve"), items, "funds.index", {})


def _journals(session: Session, actor: Actor) -> Group:
    items = tuple(
        Item(row.reference, row.reason, None, _day(row.made_at), "journals.detail", {"reference": row.reference})
        for row in journals.awaiting_approval_by(session, actor)
    )
    return Group("journals", _("Journals to approve"), items, "journals.index", {"status": "SUBMITTED"})


def _drafted_returns(session: Session, actor: Actor) -> Group:
    items = tuple(
        Item(row.reference, row.file_name, None, _day(row.made_at), "returns.detail", {"reference": row.reference})
        for row in session.scalars(spending_returns.awaiting_submission(actor))
    )
    return Group("returns-drafted", _("Spending returns to submit"), items, "returns.index", {"status": "DRAFT"})


def _disposals(session: Session, actor: Actor) -> Group:
    items = tuple(
        Item(
            row.reference, f"{row.tag} {row.description}", None, None, "equipment.detail", {"reference": row.reference}
        )
        for row in equipment.disposals_to_decide(session, actor)
    )
    return Group("disposals", _("Disposals of equipment to decide"), items, "equipment.index", {})


def _unconverted(session: Session, actor: Actor) -> Group:
    items = tuple(
        Item(
            row.reference,
            f"{row.person_name}, {row.post}",
            None,
            row.first_month,
            "manpower.detail",
            {"reference": row.reference},
        )
        for row in session.scalars(_to_convert(actor))
    )
    return Group("months-to-convert", _("Months of staff cost to convert"), items, "manpower.index", {})


def _to_convert(actor: Actor) -> Select[Any]:
    return manpower.awaiting_conversion(actor, today())


def _spending_returns(session: Session, actor: Actor) -> Group:
    items = tuple(
        Item(row.reference, row.file_name, None, _day(row.submitted_at), "returns.detail", {"reference": row.reference})
        for row in spending_returns.awaiting_posting_by(session, actor)
    )
    return Group("spending-returns", _("Spending returns to post"), items, "returns.index", {"status": "SUBMITTED"})


def _claims(
    key: str, why: str, status: str, statement: Callable[[Actor], Select[Claim]]
) -> Callable[[Session, Actor], Group]:
    """A group of claims; their amounts may be in two currencies and are left to their pages."""

    def gather(session: Session, actor: Actor) -> Group:
        items = tuple(
            Item(
                row.reference,
                row.purpose,
                None,
                _day(row.submitted_at or row.made_at),
                "claims.detail",
                {"reference": row.reference},
            )
            for row in session.scalars(statement(actor))
        )
        return Group(key, why, items, "claims.index", {"status": status})

    return gather


def _rates(session: Session, actor: Actor) -> Group:
    items = tuple(
        Item(
            f"{row.unit} {row.base_currency} = {row.rate.normalize():f} {row.quote_currency}",
            row.source,
            None,
            _day(row.entered_at),
            "exchange_rates.detail",
            {"rate_id": row.id},
        )
        for row in exchange_rates.awaiting_confirmation_by(session, actor)
    )
    return Group("rates", _("Exchange rates to confirm"), items, "exchange_rates.index", {"status": "ENTERED"})


def _rails(session: Session, actor: Actor) -> Group:
    items = tuple(
        Item(row.code, row.source, None, _day(row.proposed_at), "rails.detail", {"code": row.code})
        for row in rails.rails_to_confirm(session, actor)
    )
    return Group("rails", _("Versions of rails to confirm"), items, "rails.index", {})


def _bank_days(session: Session, actor: Actor) -> Group:
    items = tuple(
        Item(
            f"{row.side} {row.day.isoformat()}",
            row.reason,
            None,
            _day(row.proposed_at),
            "rails.calendar",
            {"month": row.day.isoformat()[:7]},
        )
        for row in rails.days_to_confirm(session, actor)
    )
    return Group("bank-days", _("Bank days to confirm"), items, "rails.calendar", {})


def _corridor_rules(session: Session, actor: Actor) -> Group:
    items = tuple(
        Item(
            f"{row.from_side} → {row.to_side}, {row.code}",
            row.source,
            None,
            _day(row.proposed_at),
            "corridor.rule",
            {"rule_id": row.id},
            named=row.title,
        )
        for row in session.scalars(corridor.rules_to_confirm(actor))
    )
    return Group(
        "corridor-rules", _("Rules of the corridor to confirm"), items, "corridor.rules", {"status": "PROPOSED"}
    )


def _covers(session: Session, actor: Actor) -> Group:
    items = tuple(
        Item(
            row.bank,
            row.bank_reference,
            row.amount,
            _day(row.entered_at),
            "exposure.pocket",
            {"pocket_id": row.pocket_id},
        )
        for row in exposure.waiting_for(session, actor)
    )
    return Group("covers", _("Notes of forward cover to confirm"), items, "exposure.index", {})


def _threshold_rates(session: Session, actor: Actor) -> Group:
    items = tuple(
        Item(
            f"1 {row.base_currency} = {row.rate.normalize():f} {row.currency}",
            row.source,
            None,
            _day(row.proposed_at),
            "corridor.thresholds",
            {},
        )
        for row in session.scalars(corridor.rates_to_confirm(actor))
    )
    return Group("threshold-rates", _("Rates of thresholds to confirm"), items, "corridor.thresholds", {})


def _filings(session: Session, actor: Actor) -> Group:
    items = tuple(
        Item(row.form_number, "", row.value, _day(row.proposed_at), "corridor.filing", {"filing_id": row.id})
        for row in session.scalars(corridor.filings_to_confirm(actor))
    )
    return Group("tax-filings", _("Tax filings to confirm"), items, "corridor.filings", {})


def _declarations(session: Session, actor: Actor) -> Group:
    items = tuple(
        Item(
            row.reference,
            row.purpose,
            row.amount,
            row.receipt.value_date if row.receipt else None,
            "disbursements.remittance_file",
            {"reference": row.reference},
        )
        for row in remittance.to_declare(session, actor, now=now())
    )
    asked: dict[str, object] = {"waits_for": "GRANTEE"}
    return Group("declarations", _("Receipts to declare to the bank"), items, "disbursements.remittance_files", asked)


def _files_to_complete(session: Session, actor: Actor) -> Group:
    items = tuple(
        Item(
            file.row.reference,
            file.row.purpose,
            file.amount,
            _day(file.row.submitted_at),
            "disbursements.remittance_file",
            {"reference": file.row.reference},
        )
        for file in remittance.to_complete(session, actor, now=now())
    )
    asked: dict[str, object] = {"waits_for": "MAKER"}
    return Group("files", _("Files of your payments to complete"), items, "disbursements.remittance_files", asked)


def _pieces(session: Session, actor: Actor) -> Group:
    rows = list(session.scalars(disbursements.pieces_to_confirm(actor)))
    payments = disbursements.by_ids(session, {row.disbursement_id for row in rows})
    items = tuple(
        Item(
            payments[row.disbursement_id].reference,
            "",
            payments[row.disbursement_id].amount,
            None,
            "disbursements.detail",
            {"reference": payments[row.disbursement_id].reference},
            named=row.title,
        )
        for row in rows
    )
    asked: dict[str, object] = {"waits_for": "SECOND_PERSON"}
    why = _("Pieces of remittance files to confirm")
    return Group("pieces", why, items, "disbursements.remittance_files", asked)


def _accounts(session: Session, actor: Actor) -> Group:
    items = tuple(
        Item(
            f"{row.currency} {row.masked_number}",
            row.holder_name,
            None,
            _day(row.entered_at),
            "institutions.account",
            {"account_id": row.id},
        )
        for row in institutions.accounts_awaiting_verification(session, actor)
    )
    return Group("accounts", _("Bank accounts to verify"), items, "institutions.index", {})


def _rights(session: Session, actor: Actor) -> Group:
    rows = people.rights_awaiting_confirmation(session, actor)
    names = people.names_of(session, [row.person_id for row in rows], current_language().code)
    items = tuple(
        Item(
            names[row.person_id],
            "",
            None,
            row.first_day,
            "people.detail",
            {"person_id": row.person_id},
            ROLE_NAMES[Role(row.role)],
        )
        for row in rows
    )
    return Group("rights", _("Rights to confirm"), items, "people.index", {})


def _authority(session: Session, actor: Actor) -> Group:
    rows = authority.awaiting_confirmation(session, actor)
    holders = [row.to_person_id if isinstance(row, Delegation) else row.proposed_by_id for row in rows]
    names = people.names_of(session, holders, current_language().code)
    items = tuple(
        Item(
            names[holder],
            "",
            None,
            row.first_day,
            "authority.index",
            {},
            _("Delegation") if isinstance(row, Delegation) else _("Limit of authority"),
        )
        for row, holder in zip(rows, holders, strict=True)
    )
    return Group("authority", _("Limits and delegations to confirm"), items, "authority.index", {})


def _whitelist(session: Session, actor: Actor) -> Group:
    items = tuple(
        Item(
            row.subject_name,
            "",
            None,
            _day(row.applied_at),
            "whitelist.detail",
            {"entry_id": row.id},
            KIND_NAMES[row.kind],
        )
        for row in whitelist.awaiting_listing(session, actor)
    )
    return Group("whitelist", _("Listings applied for"), items, "whitelist.index", {"status": "APPLIED"})


def _statement_item(statement: Statement, since: datetime | None) -> Item:
    return Item(
        statement.reference,
        "",
        None,
        _day(since),
        "statements.detail",
        {"reference": statement.reference},
        REPORTS[statement.report].title if statement.report in REPORTS else "",
    )


def _statements(
    key: str, why: str, query: Callable[[Actor], Select[Any]], status: str
) -> Callable[[Session, Actor], Group]:
    """A group of statements from what waits for someone."""

    def gather(session: Session, actor: Actor) -> Group:
        items = tuple(
            _statement_item(row, row.filed_at or row.issued_at or row.prepared_at)
            for row in session.scalars(query(actor))
        )
        return Group(key, why, items, "statements.index", {"status": status})

    return gather


def _to_certify(session: Session, actor: Actor) -> Group:
    rows = statements.to_certify(session, actor)
    items = tuple(_statement_item(row.statement, row.statement.prepared_at) for row in rows)
    return Group("statements-to-certify", _("Statements to certify"), items, "statements.index", {"status": "DRAFT"})


def _questions(
    key: str, why: str, statement: Callable[[Actor], Select[Any]], endpoint: str
) -> Callable[[Session, Actor], Group]:
    """A group of auditors' questions: those put to the actor, or those answered for an auditor."""

    def gather(session: Session, actor: Actor) -> Group:
        mine = endpoint == "engagements.answer"
        rows = list(session.scalars(statement(actor)))
        numbers = {key: session.get_one(Engagement, key).reference for key in {row.engagement_id for row in rows}}
        items = tuple(
            Item(
                f"{numbers[row.engagement_id]} / {row.number}",
                row.text,
                None,
                row.due_on if mine else _day(row.answered_at),
                endpoint,
                {"question_id": row.id} if mine else {"reference": numbers[row.engagement_id]},
            )
            for row in rows
        )
        return Group(key, why, items, "pages.inbox", {})

    return gather


def _engagements(
    key: str, why: str, statement: Callable[[Actor], Select[Any]], endpoint: str, every: str
) -> Callable[[Session, Actor], Group]:
    """A group of engagements: to grant, or whose room is open to the actor."""

    def gather(session: Session, actor: Actor) -> Group:
        items = tuple(
            Item(
                row.reference,
                row.purpose,
                None,
                _day(row.granted_at or row.proposed_at),
                endpoint,
                {"reference": row.reference},
            )
            for row in session.scalars(statement(actor))
        )
        return Group(key, why, items, every, {})

    return gather


def _payment_files(session: Session, actor: Actor) -> Group:
    """Payment files that wait for the actor's signature."""
    items = tuple(
        Item(
            row.reference,
            "",
            row.total,
            _day(row.made_at),
            "payment_files.detail",
            {"reference": row.reference},
            named=_("Payment file"),
        )
        for row in session.scalars(payment_files.awaiting_signature(actor))
    )
    why = _("Payment files to sign")
    return Group("payment-files", why, items, "payment_files.index", {"status": "DRAFT"})


def _rooms(actor: Actor) -> Select[Engagement]:
    return engagements.rooms(actor, today())


def _answered(actor: Actor) -> Select[Question]:
    return engagements.answered_for(actor, today())


P = Permission
_PAYMENTS: tuple[tuple[Permission, str, str, Callable[[Session, Actor], Iterable[Disbursement]]], ...] = (
    (P.DISBURSEMENTS_APPROVE, "to-check", _("Disbursements to check"), disbursements.awaiting_approval_by),
    (P.DISBURSEMENTS_RELEASE, "to-release", _("Disbursements to release"), disbursements.awaiting_release_by),
    (P.DISBURSEMENTS_SETTLE, "to-settle", _("Bank lines to enter"), disbursements.awaiting_settlement_by),
    (P.DISBURSEMENTS_CONFIRM_RECEIPT, "to-confirm", _("Receipts to confirm"), disbursements.awaiting_receipt_by),
)
"""Saved views of the queue that wait for someone: the right, the view, why it waits, and what reads it."""

_SOURCES: tuple[
    tuple[Permission, Callable[[Session, Actor], Group], Callable[[Actor], Select[Any]] | None],
    ...,
] = (
    (
        P.DISBURSEMENTS_DRAFT,
        _payments("returned", _("Returned to you"), "returned", disbursements.returned_to),
        disbursements.returned_to_maker,
    ),
    (
        P.RESIDUE_CONFIRM,
        _returns("returns", _("Residue returns to confirm"), disbursements.returns_awaiting_confirmation),
        None,
    ),
    (
        P.RESIDUE_CONFIRM,
        _returns("arrivals", _("Returned residue to look for at the bank"), disbursements.returns_awaiting_arrival),
        None,
    ),
    (P.PAYMENT_FILES_SIGN, _payment_files, payment_files.awaiting_signature),
    (P.FUNDS_APPROVE, _movements, funds.awaiting_approval),
    (P.JOURNALS_APPROVE, _journals, journals.awaiting_approval),
    (P.RETURNS_POST, _spending_returns, spending_returns.awaiting_posting),
    (P.RETURNS_DRAFT, _drafted_returns, spending_returns.awaiting_submission),
    (P.EQUIPMENT_APPROVE_DISPOSAL, _disposals, equipment.disposals_awaiting),
    (P.MANPOWER_KEEP, _unconverted, _to_convert),
    (
        P.CLAIMS_DRAFT,
        _claims("claims-returned", _("Claims returned to you"), "RETURNED", claims.returned_to),
        claims.returned_to,
    ),
    (
        P.CLAIMS_CHECK,
        _claims("claims-to-check", _("Claims to check"), "SUBMITTED", claims.awaiting_check),
        claims.awaiting_check,
    ),
    (
        P.CLAIMS_APPROVE,
        _claims("claims-to-approve", _("Claims to approve"), "CHECKED", claims.awaiting_approval),
        claims.awaiting_approval,
    ),
    (
        P.CLAIMS_PAY,
        _claims("claims-to-pay", _("Claims to pay"), "APPROVED", claims.awaiting_payment),
        claims.awaiting_payment,
    ),
    (P.CONTRACTS_SIGN, _signatures, contracts.contracts_to_sign),
    (P.CONTRACTS_APPROVE_AMENDMENT, _amendments, contracts.amendments_to_decide),
    (P.BUDGETS_APPROVE, _budget_requests, contracts.budget_requests_to_decide),
    (
        P.OBLIGATIONS_ACCEPT,
        _obligations("to-accept", _("Reports to accept or query"), ObligationStatus.SUBMITTED),
        partial(contracts.obligations_in, status=ObligationStatus.SUBMITTED),
    ),
    (
        P.OBLIGATIONS_SUBMIT,
        _obligations("queried", _("Queried by the funder"), ObligationStatus.QUERIED),
        partial(contracts.obligations_in, status=ObligationStatus.QUERIED),
    ),
    (P.STATEMENTS_CERTIFY, _to_certify, None),
    (
        P.STATEMENTS_ISSUE,
        _statements("statements-to-issue", _("Statements to issue"), statements.to_issue, "CERTIFIED"),
        statements.to_issue,
    ),
    (
        P.STATEMENTS_AUDIT,
        _statements("statements-to-audit", _("Statements that wait for your report"), statements.to_audit, "ISSUED"),
        statements.to_audit,
    ),
    (
        P.STATEMENTS_FILE,
        _statements("statements-to-file", _("Statements to file with the funder"), statements.to_file, ""),
        statements.to_file,
    ),
    (
        P.STATEMENTS_ACCEPT,
        _statements("statements-to-accept", _("Statements to accept or return"), statements.to_accept, "FILED"),
        statements.to_accept,
    ),
    (
        P.PAGES_READ,
        _questions("questions-asked", _("Questions of auditors to you"), engagements.asked_of, "engagements.answer"),
        engagements.asked_of,
    ),
    (
        P.PAGES_READ,
        _questions("questions-answered", _("Answers to your questions"), _answered, "room.questions"),
        _answered,
    ),
    (
        P.ENGAGEMENTS_MANAGE,
        _engagements(
            "engagements-to-grant",
            _("Engagements of auditors to grant"),
            engagements.to_grant,
            "engagements.detail",
            "engagements.index",
        ),
        engagements.to_grant,
    ),
    (
        P.PAGES_READ,
        _engagements("rooms", _("Engagements you audit"), _rooms, "room.home", "room.index"),
        _rooms,
    ),
    (P.DISBURSEMENTS_CONFIRM_DOCUMENTS, _pieces, disbursements.pieces_to_confirm),
    (P.DISBURSEMENTS_CONFIRM_RECEIPT, _declarations, None),
    (P.DISBURSEMENTS_DRAFT, _files_to_complete, None),
    (P.CORRIDOR_MANAGE, _filings, corridor.filings_to_confirm),
    (P.CORRIDOR_MANAGE, _corridor_rules, corridor.rules_to_confirm),
    (P.CORRIDOR_MANAGE, _threshold_rates, corridor.rates_to_confirm),
    (P.RATES_CONFIRM, _rates, None),
    (P.RATES_CONFIRM, _covers, exposure.to_confirm),
    (P.RAILS_CONFIRM, _rails, None),
    (P.RAILS_CONFIRM, _bank_days, None),
    (P.BANK_ACCOUNTS_VERIFY, _accounts, institutions.accounts_to_verify),
    (P.PEOPLE_CONFIRM, _rights, None),
    (P.AUTHORITY_CONFIRM, _authority, None),
    (P.WHITELIST_LIST, _whitelist, whitelist.to_list),
)
"""Where items come from, in the order shown, the right without which they are not looked for, and what counts them."""
