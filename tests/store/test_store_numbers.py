"""RMA, dispute, ticket, repair and request numbers: no slip of the pen or the tongue reads as another number."""

import math
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_store import Database, new_number, normalise_number, unused_number
from order_store.numbers import _READ_AS, ALPHABET, PREFIXES, NumberKind, _check_character, _printed

KINDS: list[NumberKind] = ["rma", "dispute", "ticket", "repair", "privacy"]
BODIES = st.text(ALPHABET, min_size=9, max_size=9)
PLACES = 10


def number_of(kind: NumberKind, body: str) -> str:
    return _printed(kind, body + _check_character(kind, body))


@pytest.mark.parametrize(("kind", "prefix"), PREFIXES.items())
def test_a_new_number_is_printed_in_groups_after_its_prefix(kind: NumberKind, prefix: str) -> None:
    start, *groups = new_number(kind).split("-")
    assert start == prefix
    assert [len(group) for group in groups] == [4, 3, 3]


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_number_reads_as_itself(kind: NumberKind) -> None:
    for _ in range(200):
        number = new_number(kind)
        assert normalise_number(number) == normalise_number(number, kind) == number


def test_a_number_holds_at_least_40_random_bits() -> None:
    assert 9 * math.log2(len(ALPHABET)) > 40
    assert len({new_number("rma") for _ in range(1000)}) == 1000


def test_no_character_looks_like_another_or_stands_for_two() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 23
    assert set(map(chr, _READ_AS)).isdisjoint(ALPHABET)
    assert {chr(meant) if isinstance(meant, int) else meant for meant in _READ_AS.values()} <= set(ALPHABET)
    assert not set("AEIOU") & set(ALPHABET)


def test_every_single_wrong_character_is_caught() -> None:
    # The sum is linear: how a place's character changes it does not depend on the other places, so trying
    # every pair of characters in every place of one number tries them in all numbers.
    for kind in KINDS:
        for place, right in product(range(PLACES - 1), ALPHABET):
            body = "0" * place + right + "0" * (PLACES - 2 - place)
            whole = body + _check_character(kind, body)
            for at in (place, PLACES - 1):
                for wrong in set(ALPHABET) - {whole[at]}:
                    assert normalise_number(_printed(kind, whole[:at] + wrong + whole[at + 1 :])) is None


def test_every_two_characters_swapped_are_caught() -> None:
    for kind in KINDS:
        for (one, other), (left, right) in product(combinations(range(PLACES - 1), 2), product(ALPHABET, repeat=2)):
            if left == right or (left not in "0CY" and right not in "0CY"):
                continue
            body = "".join({one: left, other: right}.get(place, "7") for place in range(PLACES - 1))
            swapped = "".join({one: right, other: left}.get(place, "7") for place in range(PLACES - 1))
            assert normalise_number(_printed(kind, swapped + _check_character(kind, body))) is None


@given(st.sampled_from(KINDS), BODIES, st.integers(0, PLACES - 1), st.sampled_from(ALPHABET))
def test_a_wrong_character_is_caught_in_any_number(kind: NumberKind, body: str, place: int, wrong: str) -> None:
    whole = body + _check_character(kind, body)
    changed = whole[:place] + wrong + whole[place + 1 :]
    assert (normalise_number(_printed(kind, changed)) is not None) == (changed == whole)


@given(st.sampled_from(KINDS), BODIES, st.integers(0, PLACES - 2))
def test_neighbours_swapped_are_caught_in_any_number(kind: NumberKind, body: str, place: int) -> None:
    whole = body + _check_character(kind, body)
    changed = whole[:place] + whole[place + 1] + whole[place] + whole[place + 2 :]
    assert (normalise_number(_printed(kind, changed)) is not None) == (changed == whole)


@given(BODIES, st.sampled_from(KINDS), st.sampled_from(KINDS))
def test_a_number_with_the_prefix_of_another_kind_is_none(body: str, kind: NumberKind, other: NumberKind) -> None:
    number = number_of(kind, body).replace(PREFIXES[kind], PREFIXES[other])
    assert (normalise_number(number) is None) == (kind != other)
    assert (normalise_number(number_of(kind, body), other) is None) == (kind != other)


@pytest.mark.parametrize(
    "typed",
    [
        "RMA-015Q-286-M34",
        "rma 015q 286 m34",
        "RMA015Q286M34",
        " Rma\N{EN DASH}O I S Q / Z B G . N 3 4 ",
        "rma-oisq-zbg-m34",
        "RMA-Ol5Q-2B6-M34",
        "".join(chr(ord(character) + 0xFEE0) for character in "rma015Q286M34"),
        "015Q286M34",
    ],
)
def test_a_number_is_read_however_it_is_typed(typed: str) -> None:
    assert normalise_number(typed, "rma") == "RMA-015Q-286-M34"


@pytest.mark.parametrize("typed", ["", "RMA", "hello", "RMA-1234", "#10482", "RMA-" + "0" * 60, "💥", "015Q286M34"])
def test_what_is_no_number_reads_as_none(typed: str) -> None:
    assert normalise_number(typed) is None


@given(st.text())
def test_no_text_upsets_the_reading(text: str) -> None:
    read = normalise_number(text)
    assert read is None or normalise_number(read) == read


def test_an_unused_number_is_one_the_store_does_not_hold(database: Database) -> None:
    with database.read() as session:
        assert normalise_number(unused_number(session, "ticket"), "ticket")
