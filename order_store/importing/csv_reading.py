"""Orders of several rows each, read from comma-separated text however long it is."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final, NamedTuple

from order_store.errors import UnreadableImport
from order_store.importing.reading import LONGEST_ORDER

_MOST_ROWS: Final = 1001
"""One more than an order may have; the rows after it are left unread, and the order is refused."""


class Row(NamedTuple):
    """A row by its columns' names; `line` is where it starts in the file."""

    line: int
    cells: Mapping[str, str]


class BadRow(NamedTuple):
    """A row that cannot be read, and why; `cells` as far as it can be told apart into them."""

    line: int
    problem: str
    cells: Mapping[str, str] | None = None


def read_rows(start: bytes, chunks: Iterable[bytes], needed: Iterable[str]) -> Iterator[Row | BadRow]:
    """The rows below the first, which names the columns; blank ones are skipped.

    The text is UTF-8, the cells are separated by commas and quoted where they have to be. Raises
    UnreadableImport when the first row does not name every column of `needed`.
    """
    reader = csv.reader(_lines(chain([start], chunks)), strict=True)
    columns = _columns(reader, needed)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadRow(line, f"is no row of comma-separated cells: {error}")
            continue
        if not any(cells):
            continue
        if len(cells) != len(columns):
            yield BadRow(line, f"has {len(cells)} cells where the first row names {len(columns)} columns")
        elif any("\ud800" <= character <= "\udfff" for cell in cells if not cell.isascii() for character in cell):
            yield BadRow(line, "is not UTF-8 text", dict(zip(columns, cells, strict=True)))
        else:
            yield Row(line, dict(zip(columns, cells, strict=True)))


def grouped(rows: Iterable[Row | BadRow], key: str) -> Iterator[list[Row | BadRow]]:
    """The rows that follow each other with the same cell under `key`.

    A row that has no such cell may be one of those before it, and stands among them.
    """
    group: list[Row | BadRow] = []
    of: str | None = None
    for row in rows:
        own = of if row.cells is None else row.cells[key]
        if own != of and of is not None:
            yield group
            group = []
        of = own
        if len(group) < _MOST_ROWS:
            group.append(row)
    if group:
        yield group


def _columns(reader: Iterator[list[str]], needed: Iterable[str]) -> list[str]:
    try:
        columns = [column.strip() for column in next(reader, [])]
    except csv.Error as error:
        raise UnreadableImport(f"the first row does not name the columns: {error}") from error
    missing = [column for column in needed if column not in columns]
    if not missing:
        return columns
    if any(";" in column for column in columns):
        raise UnreadableImport("the cells are separated by semicolons; take the export as the shop gives it")
    raise UnreadableImport(f"the first row names no column {missing[0]!r}; take the export as the shop gives it")


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """The lines with their ends; one without an end is cut, so that it takes no memory."""
    held = b""
    for chunk in chunks:
        held += chunk
        *whole, held = held.split(b"\n")
        for line in whole:
            yield line.decode("utf-8", "surrogateescape") + "\n"
        if len(held) > LONGEST_ORDER:
            yield held.decode("utf-8", "surrogateescape")
            held = b""
    if held:
        yield held.decode("utf-8", "surrogateescape")
