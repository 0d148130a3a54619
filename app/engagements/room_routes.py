"""The auditor's room: scope and control totals, population, entries, samples, questions, records, papers, files.

Nobody comes in by a role: `service.enter` finds the engagement by the person named in it and logs the look.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.access.guards import current_actor
from app.db.unit_of_work import unit_of_work
from app.engagements import (
    drill,
    handing_out,
    pack_routes,
    papers,
    population,
    queries,
    sample_routes,
    token_routes,
    work_routes,
)
from app.engagements.forms import HEADING_LABELS, PopulationFileForm, PopulationForm
from app.engagements.models import Engagement
from app.engagements.population import PopulationFilter
from app.engagements.room import ONE, enter, named_auditors, pages as pages, papers_key, room_page
from app.engagements.routes import years_of
from app.engagements.states import CLASS_LABELS, PAPER_LABELS
from app.kernel.currencies import Currency
from app.ledger.chart import CHART
from app.people import queries as people
from app.statements.states import ENGAGEMENT_LABELS
from app.web.downloads import attachment
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.templating import page
from app.web.translation import current_language
from reports.model import Language
from reports.output import Format

PARTS = (pack_routes, sample_routes, token_routes, work_routes)
"""The other screens of the room, joined to its blueprint by being imported."""


@pages.get("/room")
@named_auditors
def index() -> ResponseReturnValue:
    """The rooms that the reader may enter today."""
    with unit_of_work() as session:
        rows = queries.rooms_listed(session, current_actor(), today())
        return page("engagements/rooms.html", section="room", rows=rows, kinds=ENGAGEMENT_LABELS)


@pages.get(ONE)
@named_auditors
def home(reference: str) -> ResponseReturnValue:
    """The scope in one sentence, the last day, the letter and the control totals."""
    with unit_of_work() as session:
        row = enter(session, reference, "home")
        engagement = row.engagement
        agreed = queries.contracts_in(session, engagement)
        asked = queries.questions(session, engagement.id)
        return room_page(
            "engagements/home.html",
            row,
            agreed=agreed,
            years_list=years_of(session, engagement),
            kinds=ENGAGEMENT_LABELS,
            controls=population.controls(session, engagement, agreed),
            samples=queries.samples(session, engagement.id),
            questions=asked,
            classes=CLASS_LABELS,
            letter=drill.letter_of(session, engagement),
            today=today(),
        )


@pages.get(f"{ONE}/letter")
@named_auditors
def letter(reference: str) -> ResponseReturnValue:
    """The letter of engagement."""
    with unit_of_work() as session:
        row = enter(session, reference, "letter")
        return attachment(*drill.letter_of(session, row.engagement).original())


def _chosen(
    session: Session, engagement: Engagement, wanted: Any
) -> tuple[list[Any], Any, Currency, list[population.PopulationLine]]:
    """The contracts of the scope, the one asked for (else the first), its currency and its lines."""
    agreed = queries.contracts_in(session, engagement)
    contract = queries.contract_in(session, engagement, wanted.contract) if wanted.contract else agreed[0]
    currency = wanted.currency or Currency(contract.currency)
    return agreed, contract, currency, population.lines(session, engagement, contract, currency)


@pages.get(f"{ONE}/population")
@named_auditors
def lines(reference: str) -> ResponseReturnValue:
    """The lines of one contract and currency, with filters, in pages, and the sums of each class."""
    wanted = load_query(PopulationForm(currency=_currency_asked()))
    with unit_of_work() as session:
        row = enter(session, reference, "population", f"{wanted.contract} {wanted.currency or ''}".strip())
        agreed, contract, currency, every = _chosen(session, row.engagement, wanted)
        found = population.narrowed(every, wanted)
        return room_page(
            "engagements/population.html",
            row,
            contract_choices=[(each.reference, each.reference) for each in agreed],
            contract=contract,
            currency=currency,
            filters=wanted,
            found=population.paged(found, wanted.cursor, wanted.limit),
            count=len(found),
            sums=population.sums(found, currency),
            controls=[
                each for each in population.controls(session, row.engagement, [contract]) if each.currency is currency
            ],
            classes=CLASS_LABELS,
            headings=HEADING_LABELS,
            account_name=lambda code: CHART[code].name,
        )


def _currency_asked() -> Currency:
    """The currency in which an amount of the filters is meant."""
    given = request.args.get("currency", "")
    return Currency(given) if given in Currency.__members__ else Currency.HKD


@pages.get(f"{ONE}/population/file")
@named_auditors
def lines_file(reference: str) -> ResponseReturnValue:
    """The same lines as a file: CSV, XLSX, PDF or JSON."""
    asked = load_query(PopulationFileForm(currency=_currency_asked()))
    wanted = _as_filter(asked)
    form, language = asked["format"] or Format.CSV, asked["language"] or Language(current_language().code)
    with unit_of_work() as session:
        row = enter(session, reference, "population-file", f"{wanted.contract} {form}")
        _agreed, contract, currency, _lines = _chosen(session, row.engagement, wanted)
        made = handing_out.population_file(
            session, row.engagement, contract, currency, wanted, language, form, now=now()
        )
    return attachment(made.content, made.media_type, made.name)


def _as_filter(asked: dict[str, Any]) -> PopulationFilter:
    return PopulationFilter(**{name: value for name, value in asked.items() if name not in ("format", "language")})


@pages.get(f"{ONE}/entries/<int:entry_id>")
@named_auditors
def entry(reference: str, entry_id: int) -> ResponseReturnValue:
    """What stands behind a line: the entry, its record, documents, approvals and seal; and the auditors' own papers."""
    return _entry(reference, entry_id, None), 200


def _entry(reference: str, entry_id: int, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        row = enter(session, reference, "entry", str(entry_id))
        found = drill.drilled(session, row.engagement, entry_id)
        kept = papers.opened(session, row.engagement, papers_key(), entry_id)
        concerned = [found.entry.actor_id, *(each.person_id for source in found.sources for each in source.approvals)]
        return room_page(
            "engagements/entry.html",
            row,
            drilled=found,
            entry=found.entry,
            contracts=drill.contracts_by_id(session, row.engagement),
            papers=kept,
            paper_kinds=PAPER_LABELS,
            names=people.names_of(session, [*concerned, *(each.made_by_id for each in kept)], current_language().code),
            account_name=lambda code: CHART[code].name,
            form=form,
        )


@pages.get(f"{ONE}/entries/<int:entry_id>/proof")
@named_auditors
def proof(reference: str, entry_id: int) -> ResponseReturnValue:
    """The proof that the entry is in its book, to be checked without us."""
    with unit_of_work() as session:
        row = enter(session, reference, "proof", str(entry_id))
        content = drill.proof_of(session, row.engagement, entry_id)
    return attachment(content, "application/json", f"entry-{entry_id}.proof.json")


@pages.get(f"{ONE}/documents/<uuid:document_id>")
@named_auditors
def document(reference: str, document_id: UUID) -> ResponseReturnValue:
    """A document behind a line, byte for byte as it was received."""
    with unit_of_work() as session:
        row = enter(session, reference, "document", str(document_id))
        return attachment(*drill.document_in(session, row.engagement, document_id).original())
