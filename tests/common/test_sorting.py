"""Norwegian order by a stored key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sloyfe.common.sorting import sort_key


@pytest.mark.parametrize(
    "in_order",
    [
        ["Alta", "Bergen", "Zulu", "Ærøy", "Øygarden", "Ål"],
        ["Zebra", "Zz", "Æ", "Øksnes", "Ørsta", "Ås", "Aasen", "Åsnes"],
        ["Averøy", "Øvre Eiker", "Aamot", "Åmot og Åsnes", "Aasvang"],
        ["Nes", "Nes (Akershus)", "Nes – Ness", "Nesna", "Nesodden"],
        ["Deanu gielda", "Đeavdnu", "Dyrøy"],
        ["Nada", "Ŋamma", "Nes"],
        ["Caba", "Čáhcesuolu", "Cz"],
        ["Mohn", "Müller", "Mysen"],
        ["oslo 2", "Oslo 3"],
        ["X101 Aabakken", "X102 Alvdal"],
    ],
)
def test_names_stand_as_in_a_norwegian_list(in_order: list[str]) -> None:
    backwards = list(reversed(in_order))
    assert sorted(backwards, key=sort_key) == in_order


def test_the_three_last_letters_come_after_everything_that_begins_with_z() -> None:
    assert sort_key("zzzz") < sort_key("æ") < sort_key("ø") < sort_key("å")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("BODØ", "bodø"),
        ("A\u030as", "Ås"),
        ("Haakon", "Håkon"),
        ("Sør-Varanger", "Sør Varanger"),
        ("  Nes ", "Nes"),
        ("Mátta-Várjjaga gielda", "Matta-Varjjaga gielda"),
    ],
)
def test_case_accents_and_marks_do_not_count(one: str, other: str) -> None:
    assert sort_key(one) == sort_key(other)


def test_a_part_of_a_name_comes_before_the_longer_name() -> None:
    assert sort_key("Sør-Varanger") < sort_key("Sør-Varanger kommune – Mátta-Várjjaga gielda")


@given(st.text(max_size=60))
def test_a_key_can_be_stored_and_sorted_as_bytes(name: str) -> None:
    key = sort_key(name)
    assert "\0" not in key
    assert key == key.strip()
    assert "  " not in key


@given(
    st.text(alphabet="abcdefghijklmnopqrstuvwxyzæøå -", max_size=20),
    st.text(alphabet="abcæøåz -", max_size=20),
)
def test_byte_order_is_the_order_of_the_norwegian_alphabet(one: str, other: str) -> None:
    alphabet = " abcdefghijklmnopqrstuvwxyzæøå"

    def by_hand(name: str) -> list[int]:
        words = " ".join(name.replace("-", " ").replace("aa", "å").split())
        return [alphabet.index(letter) for letter in words]

    assert (sort_key(one) < sort_key(other)) == (by_hand(one) < by_hand(other))
    first, second = sort_key(one).encode(), sort_key(other).encode()
    assert (first < second) == (by_hand(one) < by_hand(other))
