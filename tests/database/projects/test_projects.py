"""Projects: registration, who takes part, and who sees them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.kernel.actor import Role
from app.kernel.errors import Conflict, NotFound, NotPermitted, RuleBreached
from app.projects import queries, service
from app.projects.commands import AddMember, AddParty, EditProject, EndMember, RegisterProject, RemoveParty
from app.projects.states import TeamRole
from tests.builders import contracts, projects
from tests.builders.projects import NOW


def test_registering_institution_takes_part_and_leads(session: Session) -> None:
    world = contracts.world(session)
    parties = {party.institution_id: party.is_lead for party in world.project.parties}
    assert parties == {world.funder.id: True, world.grantee.id: False}
    assert world.project.reference.startswith("PRJ-2026-")


def test_secret_project_is_refused_in_words(session: Session) -> None:
    world = contracts.world(session)
    command = RegisterProject(
        "Quiet work", date(2026, 1, 1), date(2026, 12, 31), world.funder.id, confidentiality="SECRET"
    )
    with pytest.raises(RuleBreached) as refusal:
        service.register(session, world.maker, command, now=NOW)
    assert refusal.value.breaches[0].code == "project.secret"
    assert refusal.value.breaches[0].cure


def test_untitled_project_with_reversed_days_is_told_both(session: Session) -> None:
    world = contracts.world(session)
    command = RegisterProject(" ", date(2026, 12, 31), date(2026, 1, 1), world.funder.id)
    with pytest.raises(RuleBreached) as refusal:
        service.register(session, world.maker, command, now=NOW)
    assert {breach.code for breach in refusal.value.breaches} == {"project.untitled", "project.days"}


def test_finance_officer_cannot_register_a_project(session: Session) -> None:
    world = contracts.world(session)
    command = RegisterProject("Work", date(2026, 1, 1), date(2026, 12, 31), world.grantee.id)
    with pytest.raises(NotPermitted):
        service.register(session, world.finance, command, now=NOW)


def test_member_of_an_outside_institution_is_refused(session: Session) -> None:
    world = contracts.world(session)
    outside = projects.institution(session, "Elsewhere University")
    person = projects.person(session, "Dr Far")
    command = AddMember(person.id, outside.id, TeamRole.MEMBER)
    with pytest.raises(RuleBreached) as refusal:
        service.add_member(session, world.maker, world.project.id, command, now=NOW)
    assert refusal.value.breaches[0].code == "project.member-outside"


def test_person_has_one_part_once(session: Session) -> None:
    world = contracts.world(session)
    command = AddMember(world.pi.person_id, world.grantee.id, TeamRole.PRINCIPAL_INVESTIGATOR)
    with pytest.raises(Conflict):
        service.add_member(session, world.maker, world.project.id, command, now=NOW)


def test_ended_principal_investigator_leads_no_longer(session: Session) -> None:
    world = contracts.world(session)
    session.refresh(world.project)
    command = EndMember(world.project.members[0].id, date(2026, 6, 30))
    service.end_member(session, world.maker, world.project.id, command, now=NOW)
    session.flush()
    assert queries.principal_investigators(session, world.project.id, date(2026, 7, 1)) == []
    assert len(queries.principal_investigators(session, world.project.id, date(2026, 6, 30))) == 1


def test_party_with_a_contract_stays(session: Session) -> None:
    world = contracts.world(session)
    contracts.drafted(session, world)
    with pytest.raises(RuleBreached):
        service.remove_party(session, world.maker, world.project.id, RemoveParty(world.grantee.id), now=NOW)


def test_party_without_a_contract_leaves(session: Session) -> None:
    world = contracts.world(session)
    third = projects.institution(session, "Third Institute")
    service.add_party(session, world.maker, world.project.id, AddParty(third.id), now=NOW)
    session.refresh(world.project)
    service.remove_party(session, world.maker, world.project.id, RemoveParty(third.id), now=NOW)
    session.flush()
    assert third.id not in queries.party_ids(session, world.project.id)


def test_principal_investigator_sees_own_project_only(session: Session) -> None:
    world = contracts.world(session)
    other = projects.project(session, world.maker, world.funder.id, [world.grantee.id])
    page = queries.visible_projects(session, world.pi, queries.ProjectFilter())
    assert [project.id for project in page.items] == [world.project.id]
    with pytest.raises(NotFound):
        queries.get_visible(session, world.pi, other.reference)


def test_finance_officer_sees_every_project_of_the_institution(session: Session) -> None:
    world = contracts.world(session)
    projects.project(session, world.maker, world.funder.id, [world.grantee.id])
    page = queries.visible_projects(session, world.finance, queries.ProjectFilter())
    assert len(page.items) == 2


def test_search_reads_a_percent_sign_as_text(session: Session) -> None:
    world = contracts.world(session)
    page = queries.visible_projects(session, world.maker, queries.ProjectFilter(text="%"))
    assert list(page.items) == []


def test_stale_page_cannot_edit(session: Session) -> None:
    world = contracts.world(session)
    command = EditProject(world.project.version, "New title", date(2025, 9, 1), date(2027, 8, 31))
    service.edit(session, world.maker, world.project.id, command, now=NOW)
    session.flush()
    with pytest.raises(Conflict):
        service.edit(session, world.maker, world.project.id, replace(command, title_en="Other"), now=NOW)


def test_overseer_sees_every_project(session: Session) -> None:
    world = contracts.world(session)
    overseer = projects.someone(session, "Overseer", (Role.OVERSEER, projects.institution(session, "Office").id))
    page = queries.visible_projects(session, overseer, queries.ProjectFilter())
    assert world.project.id in {project.id for project in page.items}
