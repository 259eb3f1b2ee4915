"""Rows are read from comma-separated text piece by piece, and a broken one hides no other."""

import csv
import io
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_store import UnreadableImport
from order_store.importing.csv_reading import BadRow, Row, grouped, read_rows

CELLS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r"), max_size=6)


def read(data: bytes, size: int = 1 << 16) -> list[Row | BadRow]:
    chunks = [data[start : start + size] for start in range(0, len(data), size)]
    return list(read_rows(chunks[0] if chunks else b"", chunks[1:], ["Name"]))


def table(*rows: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([["Name", "Note"], *rows])
    return text.getvalue().encode()


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=6), st.integers(1, 40))
def test_cells_are_read_as_they_were_written_whatever_comes_at_once(rows: list[list[str]], size: int) -> None:
    read_back = [list(row.cells.values()) if isinstance(row, Row) else row for row in read(table(*rows), size)]
    assert read_back == [row for row in rows if any(row)]


def test_rows_know_where_they_start() -> None:
    rows = read(table(["1", "two\nlines"], ["2", 'a "quoted" word'], ["3", ""]))
    assert [(row.line, row.cells and row.cells["Name"]) for row in rows] == [(2, "1"), (4, "2"), (5, "3")]


def test_a_broken_row_hides_no_other() -> None:
    data = b'Name,Note\n1,a\n2,"b"c\n3,d,e\n4,\xff\n5,f\r\n'
    rows = read(data)
    assert [type(row) for row in rows] == [Row, BadRow, BadRow, BadRow, Row]
    assert [row.problem.split(":")[0] for row in rows if isinstance(row, BadRow)] == [
        "is no row of comma-separated cells",
        "has 3 cells where the first row names 2 columns",
        "is not UTF-8 text",
    ]


def test_a_quote_that_never_closes_takes_a_bounded_part_of_the_file() -> None:
    rows = [f"{number},note\n".encode() for number in range(60_000)]
    rows[10] = b'10,"never closed\n'
    found = read(b"Name,Note\n" + b"".join(rows))
    assert isinstance(found[10], BadRow)
    assert isinstance(found[-1], Row)
    assert found[-1].cells["Name"] == "59999"


def test_rows_that_follow_each_other_are_one_order() -> None:
    rows = read(b"Name,Note\nA,1\nA,2\nbroken\nA,3\nB,4\nA,5\n")
    assert [[row.line for row in group] for group in grouped(rows, "Name")] == [[2, 3, 4, 5], [6], [7]]


def test_an_order_of_endless_rows_is_cut_beyond_what_an_order_may_have() -> None:
    (group,) = grouped(read(b"Name,Note\n" + b"A,1\n" * 3000), "Name")
    assert len(group) == 1001


@pytest.mark.parametrize("data", [b"Note\n1\n", b'"Name\n', b"Name;Note\n"])
def test_a_first_row_without_the_needed_columns_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableImport, match=r"first row|semicolons"):
        read(data)


def test_memory_does_not_grow_with_the_file() -> None:
    def chunks(count: int) -> Iterator[bytes]:
        for number in range(count):
            yield b"".join(f"#{number}-{row},note\n".encode() for row in range(500))

    def peak(count: int) -> int:
        tracemalloc.start()
        for _ in grouped(read_rows(b"Name,Note\n", chunks(count), ["Name"]), "Name"):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(2)  # what is made once, is made
    assert peak(60) < 2 * peak(6)
