"""The migrations: one line from first to last, equal to the models, and reversible."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect
from sqlalchemy.pool import NullPool

from app.all_models import metadata
from app.db.migration import UnusableDatabase, configuration, newest_revision, upgrade
from tests.postgres import WorkerDatabase, connect


@pytest.fixture
def empty(worker_database: WorkerDatabase) -> Iterator[Engine]:
    """An empty database, as its owner."""
    name = f"{worker_database.name}_empty"
    with connect(worker_database.superuser_url, "postgres") as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name} OWNER hetao_owner")
    url = worker_database.owner_url.replace(f"/{worker_database.name}?", f"/{name}?")
    engine = create_engine(url, poolclass=NullPool)
    yield engine
    with connect(worker_database.superuser_url, "postgres") as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _url(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def test_there_is_one_head_and_names_are_revisions() -> None:
    script = ScriptDirectory.from_config(configuration(""))
    assert len(script.get_heads()) == 1
    for revision in script.walk_revisions():
        assert revision.path.endswith(f"/{revision.revision}.py")


def test_migrated_tables_match_the_models(empty: Engine) -> None:
    upgrade(_url(empty))
    with empty.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_object": lambda thing, name, kind, reflected, other: name != "alembic_version",
            },
        )
        assert compare_metadata(context, metadata) == []


def test_down_to_nothing_and_up_again(empty: Engine) -> None:
    upgrade(_url(empty))
    before = {schema: sorted(inspect(empty).get_table_names(schema)) for schema in inspect(empty).get_schema_names()}
    command.downgrade(configuration(_url(empty)), "base")
    assert set(inspect(empty).get_table_names("public")) <= {"alembic_version"}
    upgrade(_url(empty))
    after = {schema: sorted(inspect(empty).get_table_names(schema)) for schema in inspect(empty).get_schema_names()}
    assert after == before


def test_every_table_of_the_slices_is_open_to_the_application_and_none_is_public(empty: Engine) -> None:
    upgrade(_url(empty))
    with empty.connect() as connection:
        for table in metadata.tables:
            allowed = connection.exec_driver_sql(
                f"SELECT has_table_privilege('hetao_app', 'public.{table}', 'SELECT, INSERT')"
            ).scalar_one()
            assert allowed, table
        audit = connection.exec_driver_sql(
            "SELECT has_table_privilege('hetao_app', 'public.audit_event', 'UPDATE, DELETE, TRUNCATE')"
        ).scalar_one()
        assert not audit


def test_the_newest_file_is_the_head() -> None:
    assert ScriptDirectory.from_config(configuration("")).get_current_head() == newest_revision()


def test_a_migrated_database_is_left_alone(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade(_url(empty))
    monkeypatch.setattr(command, "upgrade", lambda *_: pytest.fail("migrated again"))
    upgrade(_url(empty))


def test_a_server_without_the_applications_role_is_refused(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.db.migration.APPLICATION", "nobody_made_this_role")
    with pytest.raises(UnusableDatabase, match="nobody_made_this_role"):
        upgrade(_url(empty))
    assert inspect(empty).get_table_names() == []


def test_an_unsupported_server_is_refused(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.db.migration.OLDEST", 99)
    with pytest.raises(UnusableDatabase, match="99 to"):
        upgrade(_url(empty))
