"""Every report by its name. To add one: a file with `NAME` and `build`, and a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.kernel.messages import _
from reports import (
    bank_reconciliation,
    disallowed_expenditure,
    disbursement_register,
    equipment_register,
    final_account,
    fund_position,
    general_ledger,
    income_and_expenditure,
    manpower_schedule,
    pocket_statement,
    project_overview,
    receipts_and_payments,
    remittance_schedule,
    seals,
    trial_balance,
)
from reports.model import Language, Report
from reports.parameters import Parameters

_IN_THOUSANDS = ("A", "B", "C")

Build = Callable[[Session, Parameters], Report]


@dataclass(frozen=True, slots=True)
class ReportKind:
    """One report: its name, its letter among the statements, what it is about, and what builds its figures."""

    name: str
    title: str
    letter: str
    about_contract: bool
    about_book: bool
    summary: str
    figures: Build
    about_project: bool = False
    as_known: bool = False
    """Whether it can be told as known at a block of the book."""
    first_language: Language = Language.EN
    """The language it is written in unless another is asked for."""
    in_thousands: bool = False
    """Whether it may be asked for with its amounts in thousands."""

    def build(self, session: Session, parameters: Parameters) -> Report:
        """The report, with how far its books are sealed."""
        return replace(self.figures(session, parameters), seals=seals.of_books(session, parameters))


def _of_contract(name: str, title: str, letter: str, summary: str, build: Build) -> ReportKind:
    return ReportKind(name, title, letter, True, False, summary, build, in_thousands=letter in _IN_THOUSANDS)


def _of_book(name: str, title: str, summary: str, build: Build, *, as_known: bool = False) -> ReportKind:
    return ReportKind(name, title, "", False, True, summary, build, as_known=as_known)


_KINDS = (
    _of_contract(
        income_and_expenditure.NAME,
        _("Statement of Income and Expenditure"),
        "A",
        _("Budget, variations, actual of the period and cumulative, variance, exchange difference and residue."),
        income_and_expenditure.build,
    ),
    _of_contract(
        fund_position.NAME,
        _("Statement of Fund Position"),
        "B",
        _("Bank, advances and payables at the period's end, agreeing with Statement A."),
        fund_position.build,
    ),
    _of_contract(
        receipts_and_payments.NAME,
        _("Statement of Receipts and Payments by Tranche"),
        "C",
        _("Each tranche from release to the grantee's bank, and payments by heading."),
        receipts_and_payments.build,
    ),
    _of_contract(
        equipment_register.NAME,
        _("Equipment Register"),
        "D",
        _("Items with cost, place, custodian, customs and disposal, agreeing with the ledger's equipment heading."),
        equipment_register.build,
    ),
    _of_contract(
        manpower_schedule.NAME,
        _("Manpower Schedule"),
        "E",
        _("People with post, rate, months, share of time, contributions and charge, beside the ledger's headings."),
        manpower_schedule.build,
    ),
    ReportKind(
        remittance_schedule.NAME,
        _("Schedule of Cross-border Remittances"),
        "F",
        True,
        True,
        _("What crossed the boundary, with rates, charges and bank references."),
        remittance_schedule.build,
    ),
    _of_contract(
        disallowed_expenditure.NAME,
        _("Statement of Expenditure Disallowed and Exceptions"),
        "G",
        _("Cost disallowed, late transfers, reversals, entries under an exception, cost dated outside the contract."),
        disallowed_expenditure.build,
    ),
    ReportKind(
        bank_reconciliation.NAME,
        _("Bank Reconciliation Statement"),
        "H",
        False,
        True,
        _("Each bank account from the bank's balance to the book's, with every line that only one of them shows."),
        bank_reconciliation.build,
    ),
    ReportKind(
        disbursement_register.NAME,
        _("Disbursement Register"),
        "",
        True,
        True,
        _("Every disbursement with its status, one list per currency."),
        disbursement_register.build,
    ),
    ReportKind(
        final_account.NAME,
        _("Final Account of Project Funds"),
        "",
        True,
        False,
        _("The Mainland's form (决算表): funds, expenditure against budget, balance, residue, three signatures."),
        final_account.build,
        first_language=Language.ZH_HANS,
    ),
    ReportKind(
        project_overview.NAME,
        _("Combined Project Report"),
        "",
        False,
        False,
        _("Every contract of a project on both sides, each in its own currency and year; nothing is added across."),
        project_overview.build,
        about_project=True,
    ),
    _of_book(
        pocket_statement.NAME,
        _("Pocket Statement"),
        _("Each pocket of the book's funds with its running balance and what is held."),
        pocket_statement.build,
    ),
    _of_book(
        trial_balance.NAME,
        _("Trial Balance"),
        _("Every account's balance, one list per currency, with its worth in the book's currency."),
        trial_balance.build,
        as_known=True,
    ),
    _of_book(
        general_ledger.NAME,
        _("General Ledger"),
        _("Every posting of the period by account, with running balances."),
        general_ledger.build,
    ),
)

REPORTS: dict[str, ReportKind] = {kind.name: kind for kind in _KINDS}
