"""Screens of vouchers: the period's check, file and profiles on one, the account codes on the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.db.unit_of_work import unit_of_work
from app.institutions.models import Institution
from app.kernel.currencies import Currency
from app.kernel.errors import NotFound, Refusal
from app.vouchers import queries, service
from app.vouchers.forms import ACCOUNT_LABELS, HEADING_LABELS, DecideForm, MappingForm, ProfileForm, WantedForm
from app.vouchers.states import (
    DATE_LABELS,
    DECIMAL_LABELS,
    EVERYTHING,
    FILE_LABELS,
    DateFormat,
    FileType,
    SettingStatus,
    VoucherColumn,
)
from app.web.downloads import attachment
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.templating import choices, page

pages = Blueprint("vouchers", __name__)


@pages.get("/vouchers")
@requires(Permission.VOUCHERS_READ)
def index() -> ResponseReturnValue:
    """The institutions whose vouchers one may read; the only one opens at once."""
    with unit_of_work() as session:
        found = queries.institutions(session, current_actor())
        if len(found) == 1:
            return redirect(url_for("vouchers.show", code=found[0].code))
        return page("vouchers/index.html", institutions=found)


@pages.get("/vouchers/<code>")
@requires(Permission.VOUCHERS_READ)
def show(code: str) -> ResponseReturnValue:
    """The profiles, and the check of a period when one is asked for."""
    form = HtmlForm(WantedForm, initial=_asked())
    checked = None
    if request.args.get("first_day") or request.args.get("last_day"):
        try:
            with unit_of_work() as session:
                checked = service.check(session, current_actor(), code, load_query(WantedForm).wanted(today()))
        except NotFound:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
    return _show(code, form, checked), form.status


def _asked() -> dict[str, str]:
    first = today().replace(day=1).isoformat()
    return {
        "profile": request.args.get("profile", ""),
        "first_day": request.args.get("first_day", first),
        "last_day": request.args.get("last_day", today().isoformat()),
    }


def _show(
    code: str, form: HtmlForm, checked: service.Checked | None = None, profile_form: HtmlForm | None = None
) -> str:
    with unit_of_work() as session:
        place = queries.institution(session, current_actor(), code)
        profiles = queries.profiles(session, place.id)
        return page(
            "vouchers/show.html",
            institution=place,
            profiles=profiles,
            names=[(each.name, each.name) for each in profiles if each.status == SettingStatus.CONFIRMED],
            form=profile_form if profile_form is not None and profile_form.errors else form,
            wanted=form,
            profile_form=profile_form or HtmlForm(ProfileForm, initial=_usual()),
            checked=checked,
            asked=_asked(),
            files=FILE_LABELS,
            dates=DATE_LABELS,
            decimals=DECIMAL_LABELS,
            known_columns=", ".join(VoucherColumn),
            me=current_actor().person_id,
        )


def _usual() -> dict[str, Any]:
    return {"file_type": FileType.CSV, "columns": EVERYTHING, "date_format": DateFormat.ISO, "header": True}


@pages.get("/vouchers/<code>/file")
@requires(Permission.VOUCHERS_EXPORT)
def file(code: str) -> ResponseReturnValue:
    """The file under a confirmed profile; refused by name while an account has no code."""
    form = HtmlForm(WantedForm, initial=_asked())
    try:
        wanted = load_query(WantedForm).wanted(today())
        with unit_of_work() as session:
            made = service.hand_out(session, current_actor(), code, wanted, now=now())
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return _show(code, form), form.status
    return attachment(made.content, made.media_type, made.name)


@pages.post("/vouchers/<code>/profiles")
@requires(Permission.VOUCHERS_MAP)
def propose_profile(code: str) -> ResponseReturnValue:
    """Propose a profile of files."""
    form = HtmlForm(ProfileForm)
    form.run(
        lambda session, command: str(service.propose_profile(session, current_actor(), code, command, now=now()).id)
    )
    if form.done:
        flash(gettext("The profile is proposed. A second person confirms it."), "success")
        return redirect(url_for("vouchers.show", code=code), 303)
    return _show(code, HtmlForm(WantedForm, initial=_asked()), profile_form=form), form.status


@pages.get("/vouchers/<code>/accounts")
@requires(Permission.VOUCHERS_READ)
def accounts(code: str) -> ResponseReturnValue:
    """The account codes, proposed and in force."""
    return _accounts(code, HtmlForm(MappingForm, initial=_typed())), 200


def _typed() -> dict[str, str]:
    """What a link from the check fills in."""
    return {
        "account": request.args.get("account", ""),
        "currency": request.args.get("currency", Currency.CNY.value),
        "heading": request.args.get("heading", ""),
    }


@pages.post("/vouchers/<code>/mappings")
@requires(Permission.VOUCHERS_MAP)
def propose_mapping(code: str) -> ResponseReturnValue:
    """Propose the institution's own code for an account."""
    form = HtmlForm(MappingForm)
    form.run(
        lambda session, command: str(service.propose_mapping(session, current_actor(), code, command, now=now()).id)
    )
    if form.done:
        flash(gettext("The code is proposed. A second person confirms it."), "success")
        return redirect(url_for("vouchers.accounts", code=code), 303)
    return _accounts(code, form), form.status


def _accounts(code: str, form: HtmlForm) -> str:
    with unit_of_work() as session:
        place = queries.institution(session, current_actor(), code)
        rows = queries.mappings(session, place.id)
        return page(
            "vouchers/accounts.html",
            institution=place,
            mappings=rows,
            contracts=queries.contract_references(session, (row.contract_id for row in rows)),
            form=form,
            account_words=ACCOUNT_LABELS,
            numbered=[(code, f"{code} {words}") for code, words in choices(ACCOUNT_LABELS)],
            heading_words=HEADING_LABELS,
            me=current_actor().person_id,
        )


@pages.post("/vouchers/mappings/<uuid:mapping_id>/confirm")
@requires(Permission.VOUCHERS_CONFIRM)
def confirm_mapping(mapping_id: UUID) -> ResponseReturnValue:
    """Put an account's code in force."""
    return _decide(mapping_id, service.confirm_mapping, gettext("The code is in force."))


@pages.post("/vouchers/mappings/<uuid:mapping_id>/refuse")
@requires(Permission.VOUCHERS_CONFIRM)
def refuse_mapping(mapping_id: UUID) -> ResponseReturnValue:
    """Turn an account's code down."""
    return _decide(mapping_id, service.refuse_mapping, gettext("The proposal is refused."))


@pages.post("/vouchers/profiles/<uuid:profile_id>/confirm")
@requires(Permission.VOUCHERS_CONFIRM)
def confirm_profile(profile_id: UUID) -> ResponseReturnValue:
    """Put a profile of files in force."""
    return _decide(profile_id, service.confirm_profile, gettext("The profile is in force."))


@pages.post("/vouchers/profiles/<uuid:profile_id>/refuse")
@requires(Permission.VOUCHERS_CONFIRM)
def refuse_profile(profile_id: UUID) -> ResponseReturnValue:
    """Turn a profile of files down."""
    return _decide(profile_id, service.refuse_profile, gettext("The proposal is refused."))


def _decide(setting_id: UUID, verb: Callable[..., Any], said: str) -> ResponseReturnValue:
    form = HtmlForm(DecideForm)
    of_mapping = verb in (service.confirm_mapping, service.refuse_mapping)

    def run(session: Session, command: dict[str, Any]) -> str:
        return str(verb(session, current_actor(), setting_id, version=command["version"], now=now()).id)

    form.run(run)
    code = _code_of(setting_id, of_mapping=of_mapping)
    if form.done:
        flash(said, "success")
        return redirect(url_for("vouchers.accounts" if of_mapping else "vouchers.show", code=code), 303)
    if of_mapping:
        refused = HtmlForm(MappingForm, initial=_typed())
        refused.errors = form.errors
        return _accounts(code, refused), form.status
    wanted = HtmlForm(WantedForm, initial=_asked())
    wanted.errors = form.errors
    return _show(code, wanted), form.status


def _code_of(setting_id: UUID, *, of_mapping: bool) -> str:
    """The code of the institution a setting belongs to, within the actor's scope."""
    with unit_of_work() as session:
        find = queries.mapping if of_mapping else queries.profile
        row = find(session, current_actor(), setting_id)
        return session.get_one(Institution, row.institution_id).code
