"""Statements D, E, G, the final account, project report and a statement in thousands keep PDF/A-3a and PDF/UA-1."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from app.equipment.states import Crossing
from app.exchange_rates.models import RateKind
from reports.model import Language
from reports.output import Format, write
from reports.thousands import in_thousands
from tests.builders import equipment, manpower, payments
from tests.builders.payments import TODAY
from tests.reports.conftest import FLAVOURS, Validate
from tests.reports.reading import about_contract, about_project
from tests.reports.test_disallowed_expenditure import disallowed
from tests.reports.test_project_overview import joint

pytestmark = pytest.mark.verapdf


def test_every_new_statement_passes_in_every_language(session: Session, validate: Validate) -> None:
    made, _other = joint(session)
    disallowed(session, made)
    equipment.disposed(session, made, equipment.kept(session, made, "EQ-1"))
    equipment.kept(session, made, "EQ-2", crossing=Crossing.ATA_CARNET, customs_document="ATA 1", return_by=TODAY)
    manpower.kept(session, made, percent=Decimal(60))
    manpower.kept(session, made, first_month=manpower.NOVEMBER, percent=Decimal(60))
    payments.rate(session, "0.9235", TODAY, kind=RateKind.PERIOD_END)
    reports = {
        name: about_contract(session, made, name)
        for name in (
            "disallowed-expenditure",
            "equipment-register",
            "final-account",
            "income-and-expenditure",
            "manpower-schedule",
        )
    }
    reports["project-overview"] = about_project(session, made, "project-overview")
    reports["thousands"] = in_thousands(reports["income-and-expenditure"])
    documents = {
        f"{name}-{language}": write(report, Format.PDF, language)
        for name, report in reports.items()
        for language in Language
    }
    documents["final-account-bilingual"] = write(reports["final-account"], Format.PDF, Language.ZH_HANS, bilingual=True)
    session.rollback()  # nothing stays open in the database while the validator reads for a minute
    verdicts = validate(documents)
    assert len(verdicts) == len(documents) * len(FLAVOURS)
    assert {key: clauses for key, (passed, clauses) in verdicts.items() if not passed} == {}
