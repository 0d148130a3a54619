"""Lines break where a typesetter would break them."""

import pytest

from reports.output.pdf.fonts import REGULAR, DocumentFont
from reports.output.pdf.wrapping import break_text

FONT = DocumentFont(REGULAR, "F1")


def broken(text: str, characters: float) -> list[str]:
    """The text in lines as wide as so many Chinese characters."""
    return break_text(text, FONT, characters * 1000)


def test_latin_breaks_at_spaces() -> None:
    assert broken("Administrative overhead of the project", 8) == ["Administrative", "overhead of the", "project"]


def test_chinese_breaks_between_characters() -> None:
    assert broken("面向跨境量子傳感的低噪聲光子鏈路", 8) == ["面向跨境量子傳感", "的低噪聲光子鏈路"]


def test_closing_punctuation_never_begins_a_line() -> None:
    assert broken("全數用於本項目，並無", 7) == ["全數用於本項", "目，並無"]


def test_opening_punctuation_never_ends_a_line() -> None:
    assert broken("中文中文「括號」", 5) == ["中文中文", "「括號」"]


def test_a_single_character_is_not_left_alone_on_the_last_line() -> None:
    assert broken("深圳市河套科技创新研究基金会", 13) == ["深圳市河套科技创新研究基", "金会"]


def test_a_word_wider_than_the_line_is_cut() -> None:
    pieces = broken("x" * 100, 5)

    assert "".join(pieces) == "x" * 100
    assert all(FONT.width(piece) <= 5000 for piece in pieces)


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_blank_text_gives_blank_lines(text: str) -> None:
    assert set(broken(text, 5)) == {""}


@pytest.mark.parametrize("width", [1, 3, 7.5, 20])
def test_no_character_is_lost_or_added(width: float) -> None:
    text = "買HKD 1,234.56（港元）的 oscilloscope/示波器、探頭；HT-2025-017-HK 「𨋢」。"

    assert "".join(broken(text, width)).replace(" ", "") == text.replace(" ", "")
