"""What the bank sees of a text lies within its set and length, and every change is marked."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from app.payment_files.characters import Change, fit, in_lines, takes
from app.payment_files.states import Repertoire

TEXTS = st.text(max_size=60) | st.text(alphabet="aé&“”  　大學,½\t€ß/", max_size=60)


@given(TEXTS, st.sampled_from(Repertoire), st.integers(1, 40))
def test_what_is_sent_lies_within_set_and_length(text: str, repertoire: Repertoire, longest: int) -> None:
    sent = fit(text, repertoire, longest).text
    assert len(sent) <= longest
    assert all(takes(character, repertoire) for character in sent)
    assert sent == " ".join(sent.split())


@given(TEXTS, st.sampled_from(Repertoire), st.integers(1, 40))
def test_fitting_twice_changes_nothing_more(text: str, repertoire: Repertoire, longest: int) -> None:
    once = fit(text, repertoire, longest)
    again = fit(once.text, repertoire, longest)
    assert again.text == once.text
    assert not again.changed


@given(TEXTS, st.sampled_from(Repertoire), st.integers(1, 40))
def test_the_pieces_tell_all_that_is_on_file_and_all_that_is_sent(
    text: str, repertoire: Repertoire, longest: int
) -> None:
    fitted = fit(text, repertoire, longest)
    assert "".join(piece.sent for piece in fitted.pieces) == fitted.text
    assert fitted.changed or fitted.text == text


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Lion Ridge University", "Lion Ridge University"),
        ("Café & Søn", "Cafe + Son"),
        ("“A”; B_C", "'A', B-C"),
        ("½ of it", "1/2 of it"),
        ("two  spaces \n here ", "two spaces here"),
    ],
)
def test_latin_stand_ins(text: str, sent: str) -> None:
    assert fit(text, Repertoire.LATIN, 70).text == sent


def test_chinese_has_no_stand_in_in_latin_letters() -> None:
    fitted = fit("獅子山大學 (LRU)", Repertoire.LATIN, 70)
    assert fitted.unsendable == "獅子山大學"
    assert fitted.text == "(LRU)"


@pytest.mark.parametrize(
    ("text", "repertoire"),
    [("清潭科学基金会", Repertoire.GB18030), ("獅子山大學", Repertoire.HKSCS), ("咗嘅", Repertoire.HKSCS)],
)
def test_a_bank_that_takes_chinese_sees_it_unchanged(text: str, repertoire: Repertoire) -> None:
    fitted = fit(text, repertoire, 70)
    assert fitted.text == text
    assert not fitted.changed


def test_pictures_are_sent_to_nobody() -> None:
    assert all(fit("ok 🙂", each, 70).unsendable == "🙂" for each in Repertoire)


def test_what_is_cut_is_marked() -> None:
    fitted = fit("Lion Ridge", Repertoire.LATIN, 6)
    assert fitted.text == "Lion R"
    assert [(piece.on_file, piece.change) for piece in fitted.pieces][-1] == ("idge", Change.CUT)


def test_a_stand_in_longer_than_the_room_ends_the_text() -> None:
    assert fit("ab€cd", Repertoire.LATIN, 4).text == "ab"


def test_an_address_is_cut_into_lines() -> None:
    whole, lines = in_lines("12 Science Park Road, Futian", Repertoire.LATIN, 10, 2)
    assert lines == ("12 Science", "Park Road")
    assert whole.changed


def test_an_address_is_broken_between_words_where_its_lines_suffice() -> None:
    street = "9 Tolo Place, Sha Tin, New Territories"
    assert in_lines(street, Repertoire.LATIN, 35, 2)[1] == ("9 Tolo Place, Sha Tin, New", "Territories")
    assert in_lines("aaa bbb ccc", Repertoire.LATIN, 6, 2)[1] == ("aaa bb", "b ccc"), "no more is lost than must be"
