"""The screen of banks' profiles: what each bank takes, entered by one person and confirmed by another."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.access.guards import current_actor, may, requires
from app.access.permissions import Permission
from app.db.unit_of_work import unit_of_work
from app.institutions import queries as institutions
from app.payment_files import labels, profile_service, queries
from app.payment_files.blueprint import pages
from app.payment_files.forms import ProfileForm
from app.payment_files.states import BankCodeKind, ChargeBearer, PurposePlacement, Repertoire
from app.web.forms import HtmlForm
from app.web.present import now
from app.web.templating import page
from app.web.translation import current_language

PRESET = {
    "code_kind": BankCodeKind.BIC,
    "repertoire": Repertoire.LATIN,
    "name_length": 70,
    "address_length": 35,
    "remittance_length": 140,
    "purpose_placement": PurposePlacement.REMITTANCE,
    "charge_bearer": ChargeBearer.SHAR,
}


@pages.route("/payments/bank-profiles", methods=["GET", "POST"])
@requires(Permission.PAYMENT_FILES_READ)
def profiles() -> ResponseReturnValue:
    """What banks take: characters, lengths, addresses, where the purpose code goes, who bears charges."""
    actor = current_actor()
    form = HtmlForm(ProfileForm, initial=PRESET)
    if form.sent:
        form.run(lambda session, command: str(profile_service.enter(session, actor, command, now=now()).id))
        if form.done:
            flash(gettext("The profile is entered; a second person confirms it."), "success")
            return redirect(url_for("payment_files.profiles"))
    with unit_of_work() as session:
        places = institutions.by_ids(session, actor.institutions())
        mine = [key for key in places if may(actor, Permission.BANK_ACCOUNTS_ENTER, key)]
        held = queries.profiles(session, actor)
        shown = page(
            "payment_files/profiles.html",
            form=form,
            held=held,
            places=institutions.by_ids(session, {row.institution_id for row in held if row.institution_id}),
            options=[(str(key), places[key].name(current_language().code)) for key in mine],
            labels=labels,
            me=actor.person_id,
        )
    return shown, form.status


@pages.post("/payments/bank-profiles/<uuid:profile_id>/confirm")
@requires(Permission.BANK_ACCOUNTS_VERIFY)
def confirm_profile(profile_id: UUID) -> ResponseReturnValue:
    """Confirm a profile somebody else entered."""
    with unit_of_work() as session:
        profile_service.confirm(session, current_actor(), profile_id, now=now())
    flash(gettext("The profile is confirmed."), "success")
    return redirect(url_for("payment_files.profiles"))
