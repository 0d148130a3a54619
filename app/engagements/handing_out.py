"""What an auditor takes along: statements as issued, reports of the scope, the population, samples, as files.

Everything is built from the engagement's own contracts and days; nothing else is reachable by number or id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.contracts.models import Contract
from app.engagements import population
from app.engagements.models import Engagement, Sample
from app.engagements.population import PopulationLine
from app.engagements.samples import drawn_again, kept_population
from app.engagements.states import CLASS_LABELS
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger.chart import CHART
from app.sampling import population_csv, sample_csv
from app.statements import building
from app.statements.models import Statement, StatementFile
from app.statements.states import ISSUED_ON
from reports import heads
from reports.catalogue import ReportKind
from reports.model import Column, Kind, Language, Report, Row, RowStyle, Section, Table, row, text
from reports.output import MEDIA_TYPES, Format, file_name, write
from reports.parameters import Parameters

CSV_TYPE = "text/csv; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Handed:
    """A file on its way to someone."""

    content: bytes
    media_type: str
    name: str


def statements_of(session: Session, engagement: Engagement) -> list[tuple[Statement, Contract]]:
    """Issued statements of the scope's contracts whose days lie within the engagement's, by number."""
    query = (
        select(Statement, Contract)
        .join(Contract, Contract.id == Statement.contract_id)
        .where(
            Statement.contract_id.in_(engagement.contract_ids),
            Statement.first_day >= engagement.first_day,
            Statement.last_day <= engagement.last_day,
            Statement.status.in_(ISSUED_ON),
        )
        .order_by(Statement.reference)
    )
    return [(statement, contract) for statement, contract in session.execute(query)]


def statement_files(session: Session, statements: Sequence[Statement]) -> dict[UUID, list[StatementFile]]:
    """The kept files of these statements without their content, by statement."""
    query = (
        select(StatementFile)
        .where(StatementFile.statement_id.in_([each.id for each in statements]))
        .order_by(StatementFile.kind.desc(), StatementFile.format, StatementFile.language, StatementFile.added_at)
    )
    found: dict[UUID, list[StatementFile]] = {}
    for each in session.scalars(query):
        found.setdefault(each.statement_id, []).append(each)
    return found


def statement_file(session: Session, engagement: Engagement, file_id: UUID) -> Handed:
    """A kept file of a statement of the scope, byte for byte. Raises NotFound for any other."""
    within = [statement for statement, _contract in statements_of(session, engagement)]
    for files in statement_files(session, within).values():
        for each in files:
            if each.id == file_id:
                return Handed(each.content, each.media_type, each.filename)
    raise NotFound(Breach("statement.file-not-found", _("There is no such file.")))


def reports_of() -> tuple[ReportKind, ...]:
    """Reports that can be built of a contract within the engagement's days."""
    return building.STATEABLE


def report(
    session: Session,
    engagement: Engagement,
    contract: Contract,
    name: str,
    language: Language,
    form: Format,
    *,
    now: datetime,
) -> Handed:
    """A report of the contract over the engagement's days, from the books of today. Raises NotFound, RuleBreached."""
    parameters = Parameters(engagement.first_day, engagement.last_day, now, contract_id=contract.id)
    built = building.kind_of(name).build(session, parameters)
    return Handed(write(built, form, language), MEDIA_TYPES[form], file_name(built, form, language))


def population_report(
    session: Session,
    engagement: Engagement,
    contract: Contract,
    currency: Currency,
    wanted: population.PopulationFilter,
    *,
    now: datetime,
) -> Report:
    """The lines of one contract and currency as a report, each class with its own total."""
    parameters = Parameters(engagement.first_day, engagement.last_day, now, contract_id=contract.id)
    found = population.narrowed(population.lines(session, engagement, contract, currency), wanted)
    table = Table("population", _columns(currency), tuple(_rows(found, currency)), caption=text(_("Population")))
    return Report(
        name="population",
        title=text(_("Population of lines in %(currency)s"), currency=currency.value),
        prepared_at=now,
        document_id=heads.document_id(f"POP{currency.value}", contract.reference, parameters),
        period=heads.period_words(engagement.first_day, engagement.last_day),
        issuer=heads.contract_issuer(session, contract),
        references=heads.contract_references(session, contract),
        sections=(Section(table=table),),
        footers=(heads.prepared_line(parameters),),
        currency=currency,
    )


def population_file(
    session: Session,
    engagement: Engagement,
    contract: Contract,
    currency: Currency,
    wanted: population.PopulationFilter,
    language: Language,
    form: Format,
    *,
    now: datetime,
) -> Handed:
    """The same as a file."""
    built = population_report(session, engagement, contract, currency, wanted, now=now)
    return Handed(write(built, form, language), MEDIA_TYPES[form], file_name(built, form, language))


def _columns(currency: Currency) -> tuple[Column, ...]:
    return (
        Column("line", text(_("Line")), Kind.REFERENCE, width=56),
        Column("date", text(_("Date")), Kind.DATE, width=52),
        Column("class", text(_("Class"))),
        Column("account", text(_("Account"))),
        Column("particulars", text(_("Particulars"))),
        Column("amount", text(_("Amount")), Kind.MONEY, currency=currency, width=80),
    )


def _rows(found: Sequence[PopulationLine], currency: Currency) -> list[Row]:
    rows = [
        row(
            each.key,
            each.effective_on,
            text(CLASS_LABELS[each.line_class]),
            text(CHART[each.code].name),
            each.words,
            each.amount,
        )
        for each in found
    ]
    for line_class, amount in population.sums(found, currency).items():
        label = text(CLASS_LABELS[line_class])
        rows.append(row(None, None, label, text(_("Total")), None, amount, style=RowStyle.TOTAL))
    return rows


def sample_file(sample: Sample, *, whole: bool) -> Handed:
    """The sample as CSV, or with `whole` the population it was drawn from: the files that anyone can recompute."""
    name = f"{'population' if whole else 'sample'}-{sample.number}.csv"
    content = population_csv(kept_population(sample)) if whole else sample_csv(drawn_again(sample))
    return Handed(content, CSV_TYPE, name)


def amount_of(sample: Sample, minor: int | None) -> Money | None:
    """Minor units in the sample's currency; None stays None."""
    return None if minor is None else Money(minor, Currency(sample.currency))
