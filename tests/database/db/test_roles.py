"""The application's role can do less than the owner."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session


def test_application_role_is_neither_owner_nor_superuser(session: Session) -> None:
    assert session.execute(text("SELECT current_user")).scalar_one() == "hetao_app"
    assert session.execute(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")).scalar_one() is False


def test_application_role_cannot_make_tables(session: Session) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text("CREATE TABLE public.mine (id int)"))


def test_sessions_are_read_committed_and_in_utc(session: Session) -> None:
    assert session.execute(text("SHOW transaction_isolation")).scalar_one() == "read committed"
    assert session.execute(text("SHOW timezone")).scalar_one() == "UTC"
