"""Words come out in one language or two; parameters are filled, user text is never interpreted."""

from datetime import date

import pytest

from app.kernel.currencies import Currency
from app.kernel.money import Money
from reports.model import Column, Kind, Language, Literal, Multilingual, Span, text
from reports.output.wording import Voice, Voices, catalogue

TRANSLATIONS = {"Paid %(amount)s on %(day)s": "於%(day)s支付%(amount)s", "Project": "項目"}
ENGLISH = Voice(Language.EN, str)
CHINESE = Voice(Language.ZH_HANT, lambda message: TRANSLATIONS.get(message, message))


def test_parameters_are_written_in_the_language_of_the_text() -> None:
    words = text("Paid %(amount)s on %(day)s", amount=Money(-123400, Currency.CNY), day=date(2026, 3, 31))

    assert ENGLISH.say(words) == Literal("Paid CNY (1,234.00) on 31 March 2026", "en-HK")
    assert CHINESE.say(words) == Literal("於2026年3月31日支付CNY (1,234.00)", "zh-Hant-HK")


def test_an_untranslated_text_is_english_and_says_so() -> None:
    assert CHINESE.say(text("Scheme")) == Literal("Scheme", "en-HK")


@pytest.mark.parametrize("typed", ["%(name)s", "100% %s", "<b>&amp;</b>", "{name}", "=1+1"])
def test_user_text_is_never_interpreted(typed: str) -> None:
    assert ENGLISH.say(text("Name: %(name)s", name=typed)).text == f"Name: {typed}"
    assert ENGLISH.say(Literal(typed)).text == typed


def test_a_per_cent_sign_in_a_message_is_written_doubled() -> None:
    assert ENGLISH.say(text("%(share)s of 100%%", share=5)).text == "5 of 100%"


def test_a_text_can_fill_another_text() -> None:
    assert CHINESE.say(text("%(what)s!", what=text("Project"))).text == "項目!"


def test_two_languages_say_a_text_once_where_both_read_the_same() -> None:
    both = Voices(ENGLISH, CHINESE)

    assert [each.text for each in both.say(text("Project"))] == ["Project", "項目"]
    assert len(both.say(Literal("HTP-0117"))) == 1
    assert len(both.say(Multilingual("Trust"))) == 1


def test_an_untranslated_text_is_not_said_twice_with_its_dates_in_another_language() -> None:
    assert len(Voices(ENGLISH, CHINESE).say(text("Date: %(day)s", day=date(2026, 3, 31)))) == 1


def test_an_amount_prints_its_code_only_where_no_head_or_column_does() -> None:
    amount = Money(100, Currency.CNY)

    assert ENGLISH.cell(amount, Column("a", text("A"), Kind.MONEY)).text == "CNY 1.00"
    assert ENGLISH.cell(amount, Column("a", text("A"), Kind.MONEY, shows_code=False)).text == "1.00"
    assert ENGLISH.cell(amount, Column("a", text("A"), Kind.MONEY, currency=Currency.CNY)).text == "1.00"


def test_a_blank_cell_says_nothing_and_a_nil_cell_a_dash() -> None:
    column = Column("a", text("A"), Kind.MONEY, currency=Currency.CNY)
    both = Voices(ENGLISH, CHINESE)

    assert both.cell(None, column) == ()
    assert both.cell(Money(0, Currency.CNY), column) == (Literal("–"),)
    assert [each.text for each in both.cell(Span(text("Project"), 2), column)] == ["Project", "項目"]


def test_english_needs_no_catalogue() -> None:
    assert catalogue(Language.EN)("Project") == "Project"
    assert catalogue(Language.ZH_HANT)("") == ""
