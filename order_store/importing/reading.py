"""Orders told one by one from a JSON list or JSON Lines, however long, and however broken one of them is."""

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NoReturn, Protocol, runtime_checkable

from order_store.errors import UnreadableImport

LONGEST_ORDER: Final = 1 << 20
"""Bytes of one order; a longer one is refused unread."""

_CHUNK: Final = 1 << 16
_LONGEST_MARK: Final = len(codecs.BOM_UTF8)
_MARKS: Final = re.compile(rb'\\.|\\\Z|["\[\]{},]', re.DOTALL)


@runtime_checkable
class Readable(Protocol):
    """A binary stream: an open file, standard input, bytes in memory."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, none at the end."""


class ToldObject(dict[str, Any]):
    """A JSON object that remembers which keys it told twice."""

    twice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One order as told, not checked yet: `item` counts from 1, `line` is where it starts in the file.

    `problem` says why it could not be read at all; `told` means nothing then.
    """

    item: int
    line: int | None = None
    told: Any = None
    problem: str | None = None


def read_json(stream: Readable) -> Iterator[Entry]:
    """The orders of a JSON list or of JSON Lines (UTF-8), told apart by the first character.

    A broken one becomes an entry with a problem, and the next is read on. Blank lines between are skipped.
    Raises UnreadableImport for an empty file and for text of another encoding.
    """
    chunks = iter(partial(stream.read, _CHUNK), b"")
    start = b""
    for chunk in chunks:
        start += chunk
        if len(start) >= _LONGEST_MARK and start.removeprefix(codecs.BOM_UTF8).strip():
            break
    start = start.removeprefix(codecs.BOM_UTF8)
    if not start.strip():
        raise UnreadableImport("the file is empty; write a JSON list of orders, or one order per line")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableImport("the file is UTF-16 text; save it as UTF-8")
    whole = _chain(start, chunks)
    pieces = _split_list(whole) if start.lstrip().startswith(b"[") else _split_lines(whole)
    for item, (line, piece) in enumerate(pieces, start=1):
        yield _read(item, line, piece)


def _chain(start: bytes, chunks: Iterable[bytes]) -> Iterator[bytes]:
    yield start
    yield from chunks


def _split_lines(chunks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    line = 1
    held = bytearray()
    for chunk in chunks:
        *ended, begun = chunk.split(b"\n")
        for end in ended:
            held += end
            if held.strip():
                yield line, bytes(held)
            held.clear()
            line += 1
        if len(held) <= LONGEST_ORDER:
            held += begun
    if held.strip():
        yield line, bytes(held)


def _split_list(chunks: Iterable[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """The elements of the list by their brackets, commas and quotes; None where the file ends too early."""
    line, depth, elements, after_backslash, in_string = 1, 0, 0, 0, False
    held = bytearray()
    for chunk in chunks:
        begin, after_backslash, taken = after_backslash, 0, 0
        for mark in _MARKS.finditer(chunk, begin):
            character = mark[0]
            if character == b"\\":
                after_backslash = 1
            elif in_string or character == b'"':
                in_string ^= character == b'"'
            elif character in b"[{":
                depth += 1
                if depth == 1:
                    line += chunk.count(b"\n", 0, mark.start())
                    taken = mark.end()
            elif depth == 1 and character in b",]":
                held += chunk[taken : mark.start()]
                taken = mark.end()
                if held.strip() or elements or character == b",":
                    elements += 1
                    yield line + _newlines_before(held), bytes(held)
                line += held.count(b"\n")
                held.clear()
                depth -= character == b"]"
                if depth == 0:
                    return _nothing_more(chunk[taken:], chunks)
            elif character in b"]}":
                depth -= 1
        if len(held) <= LONGEST_ORDER:
            held += chunk[taken:]
        else:
            line += chunk.count(b"\n", taken)
    yield line + _newlines_before(held), None
    return None


def _newlines_before(held: bytearray) -> int:
    return held.count(b"\n", 0, len(held) - len(held.lstrip()))


def _nothing_more(rest: bytes, chunks: Iterable[bytes]) -> None:
    if rest.strip() or any(chunk.strip() for chunk in chunks):
        raise UnreadableImport("the file goes on after the end of its list; write one list, or one order per line")


def _read(item: int, line: int, piece: bytes | None) -> Entry:
    if piece is None:
        return Entry(item, line, problem="the file ends inside the list; it may have been cut off")
    if len(piece) > LONGEST_ORDER:
        return Entry(item, line, problem=f"is longer than {LONGEST_ORDER} bytes, too long for an order")
    if not piece.strip():
        return Entry(item, line, problem="expected an order between two commas")
    try:
        told = json.loads(piece.decode(), object_pairs_hook=_told_object, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        return Entry(item, line, problem=f"is not UTF-8 text (byte {error.start + 1})")
    except json.JSONDecodeError as error:
        return Entry(item, line, problem=f"is not JSON: {error.msg} (character {error.pos + 1})")
    except RecursionError:
        return Entry(item, line, problem="is nested too deeply")
    except ValueError as error:
        return Entry(item, line, problem=f"is not JSON: {error}")
    return Entry(item, line, told)


def _told_object(pairs: list[tuple[str, Any]]) -> ToldObject:
    told = ToldObject(pairs)
    if len(told) < len(pairs):
        keys = [key for key, _ in pairs]
        told.twice = tuple(key for key in told if keys.count(key) > 1)
    return told


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")
