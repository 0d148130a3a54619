"""Units of work commit or leave nothing; locks and versions keep two people apart."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app import all_models  # noqa: F401 - the mapper wants every table
from app.db.unit_of_work import lock_for_update, run_in_unit, unit_of_work
from app.institutions.models import Institution
from app.institutions.states import InstitutionKind, Side
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, NotFound
from app.kernel.identity import new_id
from tests.conftest import NOW


def versioned_row(session: Session) -> Institution:
    """Any row with a version."""
    row = Institution(
        code="LOOP",
        side=Side.HK.value,
        kind=next(iter(InstitutionKind)).value,
        name_en="Loop Institute",
        functional_currency=Currency.HKD.value,
        data_residency=Side.HK.value,
        opened_at=NOW,
    )
    session.add(row)
    session.flush()
    return row


def test_a_unit_that_raises_leaves_nothing() -> None:
    made = []

    def write_and_fail(session: Session) -> None:
        made.append(versioned_row(session).id)
        raise RuntimeError("after writing")

    with pytest.raises(RuntimeError):
        run_in_unit(write_and_fail)
    with unit_of_work() as session:
        assert session.get(Institution, made[0]) is None


def test_a_unit_that_ends_is_kept_and_its_rows_stay_readable() -> None:
    with unit_of_work() as session:
        row = versioned_row(session)
    assert row.version == 1
    with unit_of_work() as session:
        assert session.get(type(row), row.id) is not None


def test_each_change_of_a_row_adds_one_to_its_version() -> None:
    with unit_of_work() as session:
        row = versioned_row(session)
    with unit_of_work() as session:
        lock_for_update(session, type(row), row.id, 1).name_en = "Renamed once"
    with unit_of_work() as session:
        assert lock_for_update(session, type(row), row.id, 2).name_en == "Renamed once"


def test_a_stale_version_is_a_conflict() -> None:
    with unit_of_work() as session:
        row = versioned_row(session)
    with unit_of_work() as session:
        lock_for_update(session, type(row), row.id, 1).name_en = "First"
    with unit_of_work() as session, pytest.raises(Conflict) as refused:
        lock_for_update(session, type(row), row.id, 1)
    assert refused.value.breaches[0].code == "record.changed"


def test_a_row_that_is_not_there_is_not_found() -> None:
    with unit_of_work() as session:
        model = type(versioned_row(session))
    with unit_of_work() as session, pytest.raises(NotFound):
        lock_for_update(session, model, new_id())


@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_a_lost_race_is_run_again(state: str) -> None:
    attempts: list[int] = []

    def lose_twice(session: Session) -> int:
        attempts.append(1)
        if len(attempts) < 3:
            session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '{state}'; END $$"))
        return len(attempts)

    assert run_in_unit(lose_twice) == 3


def test_a_race_lost_every_time_ends_with_its_error() -> None:
    attempts: list[int] = []

    def lose(session: Session) -> None:
        attempts.append(1)
        session.execute(text("DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40P01'; END $$"))

    with pytest.raises(DBAPIError):
        run_in_unit(lose, attempts=3)
    assert len(attempts) == 3


def test_another_error_is_not_tried_again() -> None:
    attempts: list[int] = []

    def fail(session: Session) -> None:
        attempts.append(1)
        session.execute(text("SELECT 1 / 0"))

    with pytest.raises(DBAPIError):
        run_in_unit(fail)
    assert len(attempts) == 1


def test_what_a_test_wrote_is_gone_in_the_next(session: Session) -> None:
    rows = session.execute(select(type(versioned_row(session)))).scalars().all()
    assert len(rows) == 1
    assert isinstance(rows[0].id, UUID)


def test_failed_statement_does_not_tell_its_parameters(session: Session) -> None:
    with pytest.raises(DBAPIError) as failed:
        session.execute(text("SELECT 1 / :zero, :name"), {"zero": 0, "name": "Chan Siu Ming"})
    assert "division by zero" in str(failed.value)
    assert "Chan Siu Ming" not in str(failed.value)
