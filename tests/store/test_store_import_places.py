"""The places of a million orders are kept in little memory, and each is found again."""

from hypothesis import given
from hypothesis import strategies as st

from order_store.importing.places import Places


@given(st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3))))
def test_the_first_place_of_a_key_is_the_one_found(keys: list[tuple[str, str]]) -> None:
    places, expected = Places(), dict[tuple[str, str], int]()
    for place, key in enumerate(keys, start=1):
        assert places.first(key, place) == expected.get(key)
        expected.setdefault(key, place)


def test_it_grows_and_keeps_what_it_holds() -> None:
    places = Places()
    keys = [("inkwell", str(number)) for number in range(20_000)]
    assert [places.first(key, place) for place, key in enumerate(keys, start=1)] == [None] * len(keys)
    assert [places.first(key, 0) for key in keys] == list(range(1, len(keys) + 1))
