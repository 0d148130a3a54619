"""The tests' databases: a migrated template, a copy per worker, and putting a copy back to how it was."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import psycopg
from psycopg import sql
from sqlalchemy import Engine
from sqlalchemy.pool import QueuePool

from app.db.embedded import APPLICATION, OWNER, Database
from app.db.migration import upgrade
from app.db.session import build_engine

TEMPLATE = "hetao_template"

KEPT_OPEN = 2
"""A test's session and a unit of work beside it; all workers share the server's connections."""

NOT_DIGESTED = ("audit", "throttl", "sign_in_attempt", "alembic_version", "engagement_view")
"""Tables whose name holds one of these may change when a verb is refused."""

TOUCHED = ["last_seen_at", "last_used_at", "last_used_from"]
"""Columns that every visit with a session or a token brings up to date."""

_TABLES = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT LIKE 'pg\\_%'
      AND n.nspname NOT IN ('information_schema', 'pristine') AND c.relname <> 'alembic_version'
    ORDER BY 1, 2
"""


def database_url(url: str, name: str) -> str:
    """`url` with another database's name."""
    before, _, query = url.partition("?")
    return f"{before.rpartition('/')[0]}/{name}?{query}"


def connect(url: str, name: str) -> psycopg.Connection[tuple[object, ...]]:
    """A psycopg connection to the database `name`."""
    plain = database_url(url, name).replace("postgresql+psycopg://", "postgresql://", 1)
    return psycopg.connect(plain, autocommit=True)


def make_template(running: Database) -> None:
    """Migrate the template unless another worker has; remember the rows that migrations put in."""
    with connect(running.superuser_url, "postgres") as server:
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [TEMPLATE]).fetchone():
            return
        server.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}")
        server.execute(f"CREATE DATABASE {TEMPLATE} OWNER {OWNER}")
    upgrade(database_url(running.owner_url, TEMPLATE))
    remember_rows(running, TEMPLATE)


def remember_rows(running: Database, name: str) -> None:
    """Keep the rows that the database holds now, for `restore` to come back to, and make it a template."""
    with connect(running.superuser_url, name) as template:
        template.execute("DROP SCHEMA IF EXISTS pristine CASCADE")
        template.execute("CREATE SCHEMA pristine")
        for schema, table in template.execute(_TABLES).fetchall():
            whole = sql.Identifier(str(schema), str(table))
            if template.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(whole)).fetchone():
                kept = sql.Identifier("pristine", f"{schema}.{table}")
                template.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(kept, whole))
    with connect(running.superuser_url, "postgres") as server:
        server.execute(f"ALTER DATABASE {name} WITH IS_TEMPLATE true")


@dataclass(frozen=True, slots=True)
class WorkerDatabase:
    """One worker's own copy of the template."""

    name: str
    url: str
    owner_url: str
    superuser_url: str
    engine: Engine
    superuser: psycopg.Connection[tuple[object, ...]]
    wipe: str

    @classmethod
    def copy_template(cls, running: Database, worker: str, template: str = TEMPLATE) -> WorkerDatabase:
        """Copy the template for `worker` and open it as the application's role."""
        name = f"hetao_{worker}" if template == TEMPLATE else f"{template}_{worker}"
        with connect(running.superuser_url, "postgres") as server:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            server.execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER}")
            server.execute(f"GRANT CONNECT ON DATABASE {name} TO {APPLICATION}")
        superuser = connect(running.superuser_url, name)
        url = database_url(running.url, name)
        return cls(
            name=name,
            url=url,
            owner_url=database_url(running.owner_url, name),
            superuser_url=running.superuser_url,
            engine=build_engine(url),
            superuser=superuser,
            wipe=_wipe_statement(superuser),
        )

    def restore(self) -> None:
        """Take out what a test wrote and put back what the migrations had put in; triggers and foreign keys are off.

        Two connections stay open, for a new one has everything to learn; one that a test still holds is cut off.
        """
        pool = self.engine.pool
        assert isinstance(pool, QueuePool)
        if pool.checkedout() or pool.checkedin() > KEPT_OPEN:
            self.engine.dispose()
        with self.superuser.transaction():
            self.superuser.execute("SET LOCAL session_replication_role = replica")
            self.superuser.execute("SET LOCAL lock_timeout = '10s'")
            self.superuser.execute(self.wipe)

    def digest(self) -> str:
        """SHA-256 over every row of every table but audit and throttling, without the times of last visits."""
        seen = hashlib.sha256()
        for schema, table in self.superuser.execute(_TABLES).fetchall():
            if any(word in str(table) for word in NOT_DIGESTED):
                continue
            whole = sql.Identifier(str(schema), str(table))
            row_as_text = sql.SQL("SELECT (to_jsonb(t) - %s::text[])::text FROM {} t ORDER BY 1").format(whole)
            rows = self.superuser.execute(row_as_text, [TOUCHED]).fetchall()
            seen.update(f"{schema}.{table}:{len(rows)}\n".encode())
            for row in rows:
                seen.update(f"{row[0]}\n".encode())
        return seen.hexdigest()

    def close(self) -> None:
        """Close every connection of this worker."""
        self.engine.dispose()
        self.superuser.close()


def _wipe_statement(superuser: psycopg.Connection[tuple[object, ...]]) -> str:
    """One DO block that empties what has rows and restores the tables that migrations filled."""
    seeded = {
        str(row[0])
        for row in superuser.execute("SELECT relname FROM pg_class WHERE relnamespace = 'pristine'::regnamespace")
    }
    lines = []
    for schema, table in superuser.execute(_TABLES).fetchall():
        whole, kept = f'"{schema}"."{table}"', f'pristine."{schema}.{table}"'
        if f"{schema}.{table}" not in seeded:
            lines.append(f"IF EXISTS (SELECT FROM {whole}) THEN DELETE FROM {whole}; END IF;")
            continue
        columns = superuser.execute(
            "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) "
            "FROM information_schema.columns WHERE table_schema = %s AND table_name = %s AND is_generated = 'NEVER'",
            [schema, table],
        ).fetchone()
        named = columns[0] if columns else "*"
        lines.append(
            f"IF EXISTS ((SELECT t::text FROM {whole} t EXCEPT ALL SELECT t::text FROM {kept} t) UNION ALL "
            f"(SELECT t::text FROM {kept} t EXCEPT ALL SELECT t::text FROM {whole} t)) THEN DELETE FROM {whole}; "
            f"INSERT INTO {whole} ({named}) OVERRIDING SYSTEM VALUE SELECT {named} FROM {kept}; END IF;"
        )
    return "DO $wipe$ BEGIN " + "\n".join([*lines, "NULL;"]) + " END $wipe$"
