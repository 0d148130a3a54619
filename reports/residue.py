"""The computation of residue under Statement A: from the balance carried forward to the amount repayable.

Repayable = balance carried forward + cost disallowed - what the terms let the institution keep - commitments accepted.
Disallowance is a journal that has raised the balance already, so it is first taken out (no share of it is kept) and
then added in full. Every line is printed, a nil one as an en dash; the lines add up to the last one.
"""

from __future__ import annotations

from decimal import Decimal

from app.kernel.messages import _
from app.kernel.money import Money
from reports.contract_figures import ContractFigures
from reports.model import Column, Kind, Row, RowStyle, Section, Span, Table, Text, row, text
from reports.sources import source_words

KEY = "residue"


def section(figures: ContractFigures) -> Section:
    """The computation as a table of its own; amounts in the contract's currency, deductions in brackets."""
    columns = (
        Column("item", text(_("Item"))),
        Column("amount", text(_("Amount")), Kind.MONEY, currency=figures.currency),
    )
    rows = [*_unspent(figures), *(_repayable(figures) if figures.is_repayable else _not_yet_due(figures))]
    return Section(text(_("Computation of residue")), table=Table(KEY, columns, tuple(rows)))


def _unspent(f: ContractFigures) -> list[Row]:
    return [
        row(text(_("Balance carried forward")), f.carried_forward),
        row(text(_("Add: residue returned already")), f.refunded.cumulative),
        row(text(_("Less: unrealised exchange difference, never repayable")), -f.unrealised.cumulative),
        row(text(_("Less: cost disallowed, taken out of expenditure by journal")), -f.disallowed.cumulative),
        row(text(_("Unspent")), f.unspent, style=RowStyle.SUBTOTAL),
        row(text(_("Less: commitments accepted")), -f.commitments),
    ]


def _not_yet_due(f: ContractFigures) -> list[Row]:
    words = Span(text(_("not yet due; retained")), 1)
    return [row(_kept_label(f), words), row(text(_("Amount repayable to the funder")), words, style=RowStyle.TOTAL)]


def _repayable(f: ContractFigures) -> list[Row]:
    rows = [
        row(_kept_label(f), -f.kept),
        row(text(_("Add: cost disallowed, repayable in full")), f.disallowed.cumulative),
        row(text(_("Less: residue returned already")), -f.refunded.cumulative),
    ]
    if f.due_to_funder.minor < 0:
        rows.append(row(text(_("Add: spent or returned beyond what was due")), -f.due_to_funder))
    rows.append(row(text(_("Amount repayable to the funder")), f.repayable, style=RowStyle.TOTAL))
    return rows


def _kept_label(f: ContractFigures) -> Text:
    percent = Decimal(str(f.kept_percent.value))
    return text(_("Less: kept by the institution under the terms, %(percent)s per cent"), percent=percent)


def paragraphs(figures: ContractFigures) -> list[Text]:
    """What the statement's note says of it: where the lines come from, and on whose word."""
    words = [
        text(_("The lines stand in the table of that name; they lead from the balance carried forward to the amount.")),
        text(_("Source of the share kept: %(source)s"), source=source_words(figures.kept_percent.source)),
    ]
    if not figures.is_cash_basis:
        words.append(text(_("Commitments: cost approved and not yet paid is expenditure already on this basis.")))
    elif figures.commitments_accepted.value:
        words.append(text(_("Commitments accepted are cost approved and not yet paid at the end of the period.")))
        words.append(text(_("Source: %(source)s"), source=source_words(figures.commitments_accepted.source)))
    else:
        owed: Money = figures.unpaid.cumulative
        words.append(text(_("The terms accept no commitments; approved and not yet paid: %(amount)s."), amount=owed))
        words.append(text(_("Source: %(source)s"), source=source_words(figures.commitments_accepted.source)))
    if not figures.is_repayable:
        words.append(text(_("Not yet due: the amount is computed when the contract closes; until then retained.")))
    return words
