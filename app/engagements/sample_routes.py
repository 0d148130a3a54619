"""Screens of samples in the room: draw, look, draw again, lock, record what was found, take along."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor
from app.db.unit_of_work import unit_of_work
from app.engagements import drill, handing_out, population, queries, sample_seals, samples
from app.engagements.forms import DrawAgainForm, DrawForm, FindingForm, LockForm, SampleFileForm
from app.engagements.models import Engagement, Sample
from app.engagements.room import ONE, enter, named_auditors, pages, room_page
from app.engagements.states import CLASS_LABELS, LineClass
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.people import queries as people
from app.sampling.states import METHOD_LABELS, REASON_LABELS, Method
from app.web.downloads import attachment
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.schemas import Form
from app.web.translation import current_language


@pages.route(f"{ONE}/samples/draw", methods=["GET", "POST"])
@named_auditors
def draw(reference: str) -> ResponseReturnValue:
    """Choose how to draw; the seed is fixed before any line is shown."""
    form = HtmlForm(DrawForm, initial=_measures_asked(reference))
    if form.sent:
        number = form.run(
            lambda session, command: samples.draw_first(session, current_actor(), reference, command, now=now()).number
        )
        if form.done:
            return redirect(url_for("room.sample", reference=reference, number=number), 303)
    with unit_of_work() as session:
        row = enter(session, reference, "draw")
        agreed = queries.contracts_in(session, row.engagement)
        shown = room_page(
            "engagements/draw.html",
            row,
            form=form,
            agreed=[(each.reference, f"{each.reference} ({each.currency})") for each in agreed],
            classes=CLASS_LABELS,
            methods=METHOD_LABELS,
        )
    return shown, form.status


def _measures_asked(reference: str) -> dict[str, Any]:
    """What a link fills in (else the first contract in its currency), a random seed, and 95 percent."""
    asked = request.args
    with unit_of_work() as session:
        engagement = queries.entered(session, current_actor(), reference, today()).engagement
        first = queries.contracts_in(session, engagement)[0]
    return {
        "contract": asked.get("contract", first.reference),
        "currency": asked.get("currency", first.currency),
        "line_class": asked.get("line_class", "") or LineClass.COST.value,
        "method": Method.MONETARY_UNIT.value,
        "seed": samples.new_seed(),
        "confidence": "95",
    }


@pages.get(f"{ONE}/samples/<int:number>")
@named_auditors
def sample(reference: str, number: int) -> ResponseReturnValue:
    """A sample: its lines and why each is there, how it was drawn, and once locked what the errors say."""
    return _sample(reference, number, None), 200


def _sample(reference: str, number: int, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        row = enter(session, reference, "sample", str(number))
        found = queries.sample(session, row.engagement.id, number)
        contract = next(each for each in queries.contracts_in(session, row.engagement) if each.id == found.contract_id)
        words = {
            each.key: each for each in population.lines(session, row.engagement, contract, Currency(found.currency))
        }
        return room_page(
            "engagements/sample.html",
            row,
            sample=found,
            contract=contract,
            words=words,
            key_of=samples.key_of,
            amount_of=lambda minor: handing_out.amount_of(found, minor),
            evidence=_evidence(session, row.engagement, found),
            place=sample_seals.place_of(session, reference, found),
            evaluation=samples.evaluation(found),
            evaluation_confidence=samples.percent_of(found.basis),
            measures=_measures(found, form),
            classes=CLASS_LABELS,
            methods=METHOD_LABELS,
            reasons=REASON_LABELS,
            names=people.names_of(session, [found.made_by_id, found.locked_by_id], current_language().code),
            form=form,
        )


def _measures(found: Sample, form: HtmlForm | None) -> HtmlForm:
    """The form of a drawing anew: as it was refused, else with the plan of the last drawing."""
    if form is not None and isinstance(form.schema, DrawAgainForm):
        return form
    return HtmlForm(DrawAgainForm(), initial=_measures_of(found))


def _evidence(session: Session, engagement: Engagement, found: Sample) -> dict[int, int]:
    """How many documents stand behind each entry of the sample."""
    return {
        entry_id: len(drill.drilled(session, engagement, entry_id).documents)
        for entry_id in dict.fromkeys(each.entry_id for each in found.items)
    }


def _measures_of(found: Sample) -> dict[str, Any]:
    """The plan of the last drawing, as it would be typed."""
    basis, currency = found.basis, Currency(found.currency)

    def typed(minor: int | None) -> str:
        return str(Money(minor, currency).amount) if minor else ""

    return {
        "version": found.version,
        "method": found.method,
        "seed": found.seed,
        "currency": found.currency,
        "confidence": samples.percent_of(basis),
        "tolerable": typed(basis["tolerable"]),
        "expected": typed(basis["expected"]),
        "above": typed(basis["above"]),
        "size": basis["size"] or "",
        "picked": "\n".join(basis["picked"]),
        "bounds": "\n".join(typed(each) for each in basis["bounds"]),
    }


def _change_sample(reference: str, number: int, schema: type[Form], verb: Any, said: str) -> ResponseReturnValue:
    form = HtmlForm(schema)
    form.run(lambda session, command: verb(session, current_actor(), reference, number, command, now=now()).number)
    if form.done:
        flash(said, "success")
        return redirect(url_for("room.sample", reference=reference, number=number), 303)
    return _sample(reference, number, form), form.status


@pages.post(f"{ONE}/samples/<int:number>/draw-again")
@named_auditors
def draw_again(reference: str, number: int) -> ResponseReturnValue:
    """Draw it anew."""
    return _change_sample(reference, number, DrawAgainForm, samples.draw_again, gettext("Drawn anew and logged."))


@pages.post(f"{ONE}/samples/<int:number>/lock")
@named_auditors
def lock(reference: str, number: int) -> ResponseReturnValue:
    """Lock it for good."""
    said = gettext("The sample is locked. Nothing about it changes any more.")
    return _change_sample(reference, number, LockForm, samples.lock, said)


@pages.post(f"{ONE}/samples/<int:number>/findings")
@named_auditors
def finding(reference: str, number: int) -> ResponseReturnValue:
    """Record what was found of a line."""
    return _change_sample(reference, number, FindingForm, samples.record_finding, gettext("The finding is recorded."))


@pages.get(f"{ONE}/samples/<int:number>/file")
@named_auditors
def sample_file(reference: str, number: int) -> ResponseReturnValue:
    """The sample as CSV, or the population it was drawn from."""
    whole = load_query(SampleFileForm)["whole"]
    with unit_of_work() as session:
        row = enter(session, reference, "sample-file", str(number))
        made = handing_out.sample_file(queries.sample(session, row.engagement.id, number), whole=whole)
    return attachment(made.content, made.media_type, f"{reference}-{made.name}")


@pages.get(f"{ONE}/samples/<int:number>/seal")
@named_auditors
def sample_seal(reference: str, number: int) -> ResponseReturnValue:
    """The proof that the sample's digest is sealed with the book it was drawn from."""
    with unit_of_work() as session:
        row = enter(session, reference, "sample-seal", str(number))
        proof = sample_seals.proof_to_take(session, reference, queries.sample(session, row.engagement.id, number))
    return attachment(proof, "application/json", f"{reference}-sample-{number}.proof.json")
