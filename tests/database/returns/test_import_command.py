"""`hetao returns import`: tried, submitted once, and a wrong file named by line and column."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from sqlalchemy.orm import Session

from app.cli import hetao
from app.people.models import Person
from tests.builders import returns, statements
from tests.builders.payments import PaymentWorld


def run(session: Session, made: PaymentWorld, file: Path, content: bytes, *options: str) -> tuple[int, dict[str, Any]]:
    """The command's exit status and its facts."""
    file.write_bytes(content)
    email = session.get_one(Person, made.finance.person_id).email
    named = ["--contract", made.contract.reference, "--as", email, "--declared", "--json"]
    result = CliRunner().invoke(hetao, ["returns", "import", str(file), *named, *options])
    return result.exit_code, json.loads(result.stdout)


def test_a_file_is_tried_submitted_once_and_named_where_it_is_wrong(
    session: Session, tmp_path: Path, database_digest: Callable[[], str]
) -> None:
    made = statements.received(session)
    session.commit()
    file, sound = tmp_path / "november.csv", returns.file().content
    before = database_digest()
    status, said = run(session, made, file, sound, "--dry-run")
    assert (status, said["reference"], said["rows"]) == (0, None, 1)
    status, said = run(session, made, file, returns.file(returns.row(Amount="1.234")).content)
    (error,) = said["errors"]
    assert (status, error["line"], error["column"]) == (1, 2, "Amount")
    assert database_digest() == before
    status, said = run(session, made, file, sound)
    assert (status, said["status"], said["sums"][0]["amount"]) == (0, "SUBMITTED", "1200.00")
    status, again = run(session, made, file, sound)
    assert (status, again["already_imported"]) == (0, said["reference"])
