"""Orders are told apart in a JSON list as in JSON Lines, and a broken one hides no other."""

import json
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_store import UnreadableImport
from order_store.importing import reading
from order_store.importing.reading import Entry, read_json

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


class Trickle(BytesIO):
    """A stream that gives a few bytes at a time, as a pipe may."""

    def __init__(self, data: bytes, size: int) -> None:
        super().__init__(data)
        self._size = size

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self._size)


def read(text: str | bytes, size: int = 1 << 16) -> list[Entry]:
    return list(read_json(Trickle(text if isinstance(text, bytes) else text.encode(), size)))


def told(text: str | bytes) -> list[Any]:
    return [entry.told for entry in read(text)]


def problems(text: str | bytes) -> list[str | None]:
    return [entry.problem for entry in read(text)]


@given(st.lists(JSON, max_size=6), st.integers(1, 40), st.sampled_from([None, 2]))
def test_a_list_is_read_as_json_reads_it_whatever_comes_at_once(
    values: list[Any], size: int, indent: int | None
) -> None:
    text = json.dumps(values, ensure_ascii=False, indent=indent)
    entries = read(text.encode("utf-8", "surrogatepass"), size)
    assert [entry.told for entry in entries] == values
    assert [entry.item for entry in entries] == list(range(1, len(values) + 1))


@given(st.lists(st.dictionaries(st.text(), JSON, max_size=3), min_size=1, max_size=6), st.integers(1, 40))
def test_lines_are_read_as_json_reads_each(values: list[Any], size: int) -> None:
    text = "\n".join(json.dumps(value) for value in values)
    assert [entry.told for entry in read(text, size)] == values


def test_lines_and_items_know_where_they_start() -> None:
    lines = read('{"a": 1}\n\n{"a": 2}\r\n   \n{"a": 3}')
    assert [(entry.item, entry.line) for entry in lines] == [(1, 1), (2, 3), (3, 5)]
    items = read('\n[\n  {"a":\n 1},\n\n  {"a": 2}, {"a": 3}\n]\n')
    assert [(entry.item, entry.line) for entry in items] == [(1, 3), (2, 6), (3, 6)]


def test_a_mark_at_the_start_of_the_file_is_skipped() -> None:
    assert told(b"\xef\xbb\xbf" + b'[{"a": 1}]') == [{"a": 1}]
    assert [entry.told for entry in read(b"\xef\xbb\xbf" + b'{"a": 1}\n', size=1)] == [{"a": 1}]


@pytest.mark.parametrize("text", ["[]", " [ ] ", "[\n]\n"])
def test_an_empty_list_holds_no_orders(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize("size", [1, 7, 1 << 16])
def test_a_list_may_be_all_an_object_holds_under_a_known_key(size: int) -> None:
    text = '{\n "orders":\n [{"a": 1},\n  {"a": [2]}]\n}\n'
    entries = list(read_json(Trickle(text.encode(), size), "orders"))
    assert [(entry.item, entry.line, entry.told) for entry in entries] == [(1, 3, {"a": 1}), (2, 4, {"a": [2]})]
    assert [entry.told for entry in read_json(Trickle(b'{"a": 1}\n{"a": 2}', size), "orders")] == [{"a": 1}, {"a": 2}]
    with pytest.raises(UnreadableImport, match="goes on after"):
        list(read_json(Trickle(b'{"orders": []}}', size), "orders"))


def test_a_broken_order_hides_no_other_in_a_list() -> None:
    entries = read('[{"a": 1}, {"a": }, {"a": 3,}, nonsense, {"a": "]},{[\\"\\\\"}, 5]')
    assert [entry.told for entry in entries] == [{"a": 1}, None, None, None, {"a": ']},{["\\'}, 5]
    assert [entry.problem is None for entry in entries] == [True, False, False, False, True, True]
    assert entries[1].problem == "is not JSON: Expecting value (character 8)"


def test_a_broken_line_hides_no_other() -> None:
    entries = read(b'{"a": 1}\n{"a": \n\xff\xfe{}\n{"a": 4}\n')
    assert [entry.told for entry in entries] == [{"a": 1}, None, None, {"a": 4}]
    assert entries[2].problem == "is not UTF-8 text (byte 1)"


def test_a_comma_with_nothing_behind_it_is_a_problem_of_its_own() -> None:
    assert problems('[{"a": 1},]') == [None, "expected an order between two commas"]
    assert problems('[,{"a": 1}]') == ["expected an order between two commas", None]


@pytest.mark.parametrize("text", ['[{"a": 1}', '[{"a": 1}, {"a":', '[{"a": 1}, "open', "[", '[{"a": 1}, "\\'])
def test_a_list_cut_off_says_so(text: str) -> None:
    assert read(text)[-1].problem == "the file ends inside the list; it may have been cut off"


@pytest.mark.parametrize("size", [7, 1 << 16])
def test_an_order_too_long_is_left_out_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(reading, "LONGEST_ORDER", 100)
    long = json.dumps({"a": "x" * 500})
    for text in (f'[{{"a": 1}},\n{long},\n{{"a": 3}}]', f'{{"a": 1}}\n{long}\n{{"a": 3}}'):
        entries = read(text, size)
        assert [entry.told for entry in entries] == [{"a": 1}, None, {"a": 3}]
        assert entries[1].problem == "is longer than 100 bytes, too long for an order"
        assert entries[2].line == 3


@pytest.mark.parametrize("value", ["NaN", "-Infinity", '{"price": Infinity}', "9" * 5000, "[" * 200_000, '"\t"'])
def test_what_json_does_not_allow_is_a_problem_and_no_crash(value: str) -> None:
    entries = read(f'{{"a": 1}}\n{value}\n{{"a": 3}}')
    assert [entry.problem is None for entry in entries] == [True, False, True]


def test_keys_told_twice_are_remembered() -> None:
    (order,) = told('{"a": 1, "b": {"c": 1, "c": 2}, "a": 3}')
    assert order.twice == ("a",)
    assert order["b"].twice == ("c",)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        ("[]".encode("utf-16"), "UTF-16"),
        (b"[] []", "goes on after the end of its list"),
        (b'[{"a": 1}]\n' + b" " * 100_000 + b"x", "goes on after the end of its list"),
    ],
)
def test_a_file_of_which_nothing_can_be_made_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableImport, match=words):
        read(data)


@given(st.binary(max_size=200), st.integers(1, 20))
def test_no_bytes_upset_the_reading(data: bytes, size: int) -> None:
    for start in (b"", b"[", b"{"):
        try:
            entries = read(start + data, size)
        except UnreadableImport:
            continue
        assert [entry.item for entry in entries] == list(range(1, len(entries) + 1))
