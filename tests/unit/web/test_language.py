"""Which language is chosen, and where the choice leads."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.web.frame import Frame
from app.web.marks import mark_of
from app.web.translation import best_language
from tests.browser.style_guide import style_guide


@pytest.fixture
def client() -> FlaskClient:
    return style_guide().test_client()


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("zh-HK,zh;q=0.9,en;q=0.8", "zh-Hant"),
        ("zh-TW", "zh-Hant"),
        ("zh-CN,en", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-Hant-CN", "zh-Hant"),
        ("zh-Hans-HK", "zh-Hans"),
        ("fr;q=1,en-GB;q=0.5,zh-HK;q=0.7", "zh-Hant"),
        ("en-GB", "en"),
        ("en;q=0,zh-CN;q=0.1", "zh-Hans"),
    ],
)
def test_the_browsers_language_maps_regions_to_scripts(accepted: str, code: str) -> None:
    chosen = best_language(accepted)
    assert chosen is not None
    assert chosen.code == code


@pytest.mark.parametrize("accepted", ["", "fr", "de;q=abc", ";;;,,,"])
def test_a_language_we_do_not_speak_is_no_choice(accepted: str) -> None:
    assert best_language(accepted) is None


def test_the_page_says_its_language(client: FlaskClient) -> None:
    text = client.get("/", headers={"Accept-Language": "zh-HK"}).text
    assert '<html lang="zh-Hant-HK"' in text


def test_the_cookie_wins_over_the_browser(client: FlaskClient) -> None:
    answer = client.post("/language", data={"language": "zh-Hans", "next": "/error/404?x=1"})
    assert answer.status_code == 303
    assert answer.location == "/error/404?x=1"
    text = client.get("/", headers={"Accept-Language": "zh-HK"}).text
    assert '<html lang="zh-Hans-CN"' in text


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", ""])
def test_the_choice_of_language_leads_nowhere_else(client: FlaskClient, target: str) -> None:
    assert client.post("/language", data={"language": "en", "next": target}).location == "/"


def test_an_unknown_language_changes_nothing(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.post("/language", data={"language": "xx", "next": "/"}).headers


def test_an_unknown_status_is_shown_in_its_own_words() -> None:
    assert mark_of("HALF_DONE").word == "Half done"


@pytest.mark.parametrize(("name", "initials"), [("Ho Wing-sum", "HS"), ("周芸", "周"), ("Zhou", "Z"), ("", "")])
def test_the_round_mark_shows_initials(name: str, initials: str) -> None:
    assert Frame(person_name=name).initials == initials
