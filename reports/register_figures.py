"""What statements D and E share: the contract's head, and a register's figures laid beside the ledger's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.contracts.states import Basis
from app.exchange_rates import queries as exchange_rates
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import Money, total
from app.ledger.headings import Heading
from app.projects.models import Project
from reports import heads
from reports.contract_figures import ContractFigures
from reports.model import Column, Kind, Note, Row, RowStyle, Section, Table, row, text
from reports.parameters import Parameters
from reports.rates import shown
from reports.sources import source_words


@dataclass(frozen=True, slots=True)
class Tie:
    """One heading: what the ledger booked and what the register charges, in the contract's currency, to one day."""

    heading: Heading
    ledger: Money
    register: Money

    @property
    def difference(self) -> Money:
        """What the ledger has and the register has not; negative where the register has more."""
        return self.ledger - self.register


def frame(session: Session, figures: ContractFigures, parameters: Parameters, code: str) -> dict[str, Any]:
    """What the head and foot of a statement of one contract are made of, as arguments of `Report`."""
    contract = figures.contract
    return {
        "prepared_at": parameters.prepared_at,
        "document_id": heads.document_id(code, contract.reference, parameters),
        "period": heads.period_words(parameters.first_day, parameters.last_day, contract.first_day),
        "subject": heads.project_title(session.get_one(Project, contract.project_id)),
        "issuer": heads.contract_issuer(session, contract),
        "references": heads.contract_references(session, contract),
        "heads": heads.contract_heads(session, contract, figures.programme),
        "certificates": heads.statement_certificates()[:1],
        "footers": (heads.prepared_line(parameters), heads.NOT_AN_AUDITORS_REPORT),
        "currency": figures.currency,
        "basis": heads.BASIS_WORDS[Basis(figures.programme.basis)],
    }


def ties(
    figures: ContractFigures, headings: Iterable[Heading], registered: dict[Heading, Money], always: Sequence[Heading]
) -> list[Tie]:
    """Each heading that has a figure on either side, and those that always stand, cumulative to the last day."""
    found = [
        Tie(each, figures.cost_of([each]).cumulative, registered.get(each, Money.zero(figures.currency)))
        for each in headings
    ]
    return [each for each in found if each.ledger or each.register or each.heading in always]


def tie_section(heading: str, registered: str, found: Sequence[Tie], currency: Currency) -> Section:
    """The ledger beside the register, heading by heading, with the difference in words."""
    columns = (
        Column("heading", text(_("Heading"))),
        Column("ledger", text(_("Booked in the ledger")), Kind.MONEY, currency=currency),
        Column("registered", text(registered), Kind.MONEY, currency=currency),
        Column("difference", text(_("Difference")), Kind.MONEY, currency=currency),
    )
    rows: list[Row] = [row(text(each.heading.label), each.ledger, each.register, each.difference) for each in found]
    whole = [total((getattr(each, name) for each in found), currency) for name in ("ledger", "register", "difference")]
    rows.append(row(text(_("Total")), *whole, style=RowStyle.TOTAL))
    said = (
        text(_("It agrees with the ledger."))
        if not any(each.difference for each in found)
        else text(_("It does not agree with the ledger; the difference is shown and has to be explained."))
    )
    return Section(text(heading), (said,), Table("agreement", columns, tuple(rows), caption=text(heading)))


def rate_note(session: Session, number: str, rate_ids: Iterable[UUID | None]) -> tuple[Note, ...]:
    """The rates that amounts paid in another currency were converted at, with day and source; none: no note."""
    chosen = {key: exchange_rates.by_id(session, key) for key in rate_ids if key is not None}
    rates = sorted((each for each in chosen.values() if each is not None), key=lambda each: each.rate_date)
    if not rates:
        return ()
    lines = tuple(
        text(
            _("Booking rate: %(unit)s %(base)s = %(rate)s %(quote)s, %(source)s, %(day)s."),
            unit=each.unit,
            base=each.base.value,
            rate=shown(each.rate),
            quote=each.quote.value,
            source=source_words(each.source),
            day=each.rate_date,
        )
        for each in rates
    )
    return (Note(number, text(_("Amounts paid in another currency")), lines),)
