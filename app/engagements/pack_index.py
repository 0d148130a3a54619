"""The first page of an evidence pack: HTML that needs nothing but itself, in the auditor's language."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.orm import Session

from app.contracts.models import Contract
from app.engagements import pack
from app.engagements.models import Sample
from app.engagements.pack import Survey, Written
from app.engagements.population import Control
from app.engagements.samples import drawn_again
from app.engagements.states import CLASS_LABELS, LineClass
from app.institutions import queries as institutions
from app.institutions.models import Institution
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.chart import CHART
from app.projects.models import Project
from app.sampling.states import METHOD_LABELS, REASON_LABELS, Method, Reason
from app.settings import PROJECT
from app.statements.states import ENGAGEMENT_LABELS, Engagement as EngagementKind
from reports.model import Language, Multilingual
from reports.output import formats
from reports.output.wording import Translate, catalogue

TEMPLATE = "engagements/pack_index.html"


def page(session: Session, found: Survey, written: Sequence[Written], language: Language) -> bytes:
    """The page, with links to what was written and the SHA-256 of each file."""
    translate = catalogue(language)
    there = {each.path for each in written}
    engagement = found.engagement
    place = institutions.by_id(session, engagement.institution_id)
    project = session.get_one(Project, engagement.project_id)
    shown: dict[str, Any] = {
        "language": language.tag,
        "engagement": engagement,
        "kind": translate(ENGAGEMENT_LABELS[EngagementKind(engagement.kind)]),
        "institution": _name(place, language),
        "project": project.reference,
        "title": Multilingual(project.title_en, project.title_zh_hant, project.title_zh_hans).best(language).text,
        "contracts": [_contract(session, each, language) for each in found.contracts],
        "controls": [_control(each) for each in found.controls],
        "statements": [
            (statement, contract, [(pack.statement_path(statement, each), each) for each in found.files[statement.id]])
            for statement, contract in found.statements
            if statement.id in found.files
        ],
        "samples": [_sample(found, each, translate, there) for each in found.samples],
        "files": written,
        "day": lambda day: formats.date_in_text(day, language),
        "scripts": pack.SCRIPTS,
    }
    template = _templates(language).get_template(TEMPLATE)
    return template.render(shown).encode()


@cache
def _templates(language: Language) -> Environment:
    """Templates without the application's frame, its addresses and its request."""
    made = Environment(
        loader=FileSystemLoader(PROJECT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    translate = catalogue(language)
    made.install_gettext_callables(  # type: ignore[attr-defined]
        translate, lambda one, many, number: translate(one if number == 1 else many), newstyle=True
    )
    return made


def _name(place: Institution, language: Language) -> str:
    return Multilingual(place.name_en, place.name_zh_hant, place.name_zh_hans).best(language).text


def _contract(session: Session, contract: Contract, language: Language) -> tuple[Contract, str, str]:
    parties = (institutions.by_id(session, key) for key in (contract.funder_id, contract.grantee_id))
    funder, grantee = (_name(each, language) for each in parties)
    return contract, funder, grantee


def _control(each: Control) -> dict[str, Any]:
    figures = (each.opening, each.received, each.spent, each.returned, each.exchange, each.closing)
    return {
        "contract": each.contract.reference,
        "currency": each.currency.value,
        "figures": [formats.amount(amount) for amount in figures],
        "ties": each.ties,
        "difference": formats.amount(each.difference),
        "file": f"population/{each.contract.reference}-{each.currency}.csv",
    }


def _sample(found: Survey, sample: Sample, translate: Translate, there: set[str]) -> dict[str, Any]:
    currency, drawn = Currency(sample.currency), drawn_again(sample)
    contract = next(each for each in found.contracts if each.id == sample.contract_id)
    lines = []
    for item in sample.items:
        drilled = found.looked_at[item.entry_id]
        posting = next(each for each in drilled.lines if each.line_no == item.line_no)
        proof = pack.proof_path(drilled)
        lines.append(
            {
                "key": f"{item.entry_id}-{item.line_no}",
                "day": item.effective_on,
                "account": translate(CHART[posting.code].name),
                "words": posting.reason,
                "amount": formats.amount(Money(item.amount_minor, currency)),
                "reason": translate(REASON_LABELS[Reason(item.reason)]),
                "documents": list(
                    dict.fromkeys((pack.document_path(each), each.filename) for each in drilled.documents)
                ),
                "proof": proof if proof in there else "",
                "elsewhere": drilled.elsewhere,
            }
        )
    return {
        "sample": sample,
        "contract": contract.reference,
        "class": translate(CLASS_LABELS[LineClass(sample.line_class)]),
        "method": translate(METHOD_LABELS[Method(sample.method)]),
        "coverage": formats.percent(drawn.coverage),
        "folder": pack.sample_folder(sample),
        "place": found.places[sample.number],
        "seal": pack.seal_path(sample),
        "digest": sample.digest.hex(),
        "lines": lines,
        "complete": sum(1 for each in lines if each["documents"]),
    }
