"""Log lines carry no secrets and cannot be forged."""

from __future__ import annotations

import json
import re

import structlog

from app.web.request_log import LONG_SEGMENT, new_reference, without_secrets


def test_values_named_like_secrets_are_left_out() -> None:
    event = without_secrets(None, "info", {"password": "hunter2", "Authorization": "Bearer x", "note": "kept"})
    assert event == {"password": "[left out]", "Authorization": "[left out]", "note": "kept"}


def test_account_numbers_keep_their_last_four_digits() -> None:
    event = without_secrets(None, "info", {"path": "/accounts/6225880137201234", "request_id": "123456789012"})
    assert event == {"path": "/accounts/…1234", "request_id": "123456789012"}


def test_tokens_in_paths_are_cut_but_ids_are_kept() -> None:
    assert LONG_SEGMENT.sub("/…", "/reset/" + "a" * 43) == "/reset/…"
    assert "0190163d" in LONG_SEGMENT.sub("/…", "/people/0190163d-8694-739b-aea5-966c26f8ad91")


def test_line_breaks_are_escaped() -> None:
    line = structlog.processors.JSONRenderer()(None, "info", {"path": "/a\r\nforged\x1b[0m"})
    assert len(str(line).splitlines()) == 1
    assert json.loads(line)["path"] == "/a\r\nforged\x1b[0m"


def test_references_can_be_read_out() -> None:
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){2}", new_reference())


def test_row_that_the_database_refused_is_left_out() -> None:
    told = 'duplicate key\nDETAIL:  Key (email)=(ann@a.example) already exists.\nCONTEXT: SQL statement "SELECT 1"'
    kept = without_secrets(None, "error", {"event": "failure", "exception": told})["exception"]
    assert kept == 'duplicate key\nDETAIL: [left out]\nCONTEXT: SQL statement "SELECT 1"'
