"""Components as HTML: what is typed is kept and escaped, errors are tied to their fields, nothing is styled inline."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from flask import Flask, render_template_string

from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.web.templating import FundShares
from app.web.wording import named
from tests.browser.style_guide import ShownForm, style_guide

HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def app() -> Flask:
    return style_guide()


def render(app: Flask, source: str, **context: object) -> str:
    with app.test_request_context("/"):
        return render_template_string(source, **context)


def test_what_was_typed_is_kept_and_escaped(app: Flask) -> None:
    form = ShownForm(values={"note": HOSTILE}, errors=[])
    shown = render(
        app, '{{ ui.field_text(form, "note", "Note") }}{{ ui.field_textarea(form, "note", "Note") }}', form=form
    )
    assert "<script>" not in shown
    assert shown.count("&lt;script&gt;") == 2


def test_an_error_is_tied_to_its_field(app: Flask) -> None:
    shown = render(app, '{{ ui.field_text(form, "br", "BR", hint="8 digits") }}', form=ShownForm())
    assert 'aria-describedby="br-hint br-error" aria-invalid="true"' in shown
    assert 'id="br-error"' in shown


def test_the_summary_leads_to_each_field(app: Flask) -> None:
    shown = render(app, "{{ ui.error_summary(form) }}", form=ShownForm())
    assert '<a href="#br">' in shown
    assert '<a href="#amount">' in shown


def test_a_form_without_errors_has_no_summary(app: Flask) -> None:
    assert render(app, "{{ ui.error_summary(form) }}", form=ShownForm(errors=[])).strip() == ""


def test_a_password_is_never_sent_back(app: Flask) -> None:
    form = ShownForm(values={"password": "river-and-bank"}, errors=[])
    assert "river-and-bank" not in render(app, '{{ ui.field_text(form, "password", "P", type="password") }}', form=form)


def test_money_prints_its_code_and_minor_units_apart(app: Flask) -> None:
    amount = Money.parse("-1234.50", Currency.HKD)
    assert render(app, "{{ m|money }}", m=amount) == (
        '<span class="money"><i>HKD</i>\u00a0(1,234<span class="minor">.50</span>)</span>'
    )


def test_an_unknown_component_is_an_error(app: Flask) -> None:
    with pytest.raises(AttributeError, match="no component is called glitter"):
        _ = app.jinja_env.globals["ui"].glitter  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/", "/sign-in", *(f"/error/{n}" for n in (400, 403, 404, 409, 422, 429, 500, 503))])
def test_no_page_carries_inline_style_or_script(app: Flask, path: str) -> None:
    text = app.test_client().get(path).text
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*src=)|javascript:", text)


def test_a_fund_bar_ends_at_its_edge() -> None:
    def cny(text: str) -> Money:
        return Money.parse(text, Currency.CNY)

    shares = FundShares.of(cny("100.00"), cny("150.00"), cny("90.00"), cny("40.00"))
    assert (shares.received, shares.spent, shares.held) == (100, 90, 10)


def test_the_next_page_of_a_list_keeps_its_filters(app: Flask) -> None:
    with app.test_request_context("/?status=DRAFT&status=SENT&cursor=old&_external=1"):
        assert render_template_string("{{ ui.page_url('new') }}") == (
            "/?status=DRAFT&amp;status=SENT&amp;_external=1&amp;cursor=new"
        )


@pytest.mark.parametrize(
    ("language", "institution", "project"),
    [("en", "Lion Ridge University", "Thin films"), ("zh-Hant", "獅嶺大學", "薄膜"), ("zh-Hans", "獅嶺大學", "薄膜")],
)
def test_a_record_is_called_by_its_name_in_the_readers_language_or_the_nearest(
    app: Flask, language: str, institution: str, project: str
) -> None:
    university = SimpleNamespace(name_en="Lion Ridge University", name_zh_hant="獅嶺大學", name_zh_hans=None)
    study = SimpleNamespace(title_en="Thin films", title_zh_hant="薄膜", title_zh_hans="")
    with app.test_request_context("/", headers={"Accept-Language": language}):
        assert [named(university), named(study)] == [institution, project]
