"""Orders told one by one from a JSON list or JSON Lines, however long, and however broken one of them is."""

import codecs
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, Final, NoReturn, Protocol, runtime_checkable

from order_store.errors import UnreadableImport

LONGEST_ORDER: Final = 1 << 20
"""Bytes of one order; a longer one is refused unread."""

_CHUNK: Final = 1 << 16
_START: Final = 512
_QUOTE: Final = ord('"')
_COMMA: Final = ord(",")
_STRING: Final = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
"""The rest of a string, up to its closing quote or the end of the chunk."""
_INSIDE: Final = re.compile(rb'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
"""What of an element cannot end it: whole strings, and everything but brackets."""
_BETWEEN: Final = re.compile(rb'[^"\[\]{},]*+')


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

    `problem` says why it could not be read at all; `told` means nothing then. What another shop system told
    is in the native format here: `losses` are the codes of what that cannot hold, `left_out` the code of why
    such an order is not taken at all, `names` gives a field's path as the file calls it.
    """

    item: int
    line: int | None = None
    told: Any = None
    problem: str | None = None
    losses: tuple[str, ...] = ()
    left_out: str | None = None
    names: Callable[[str], str] | None = None


def read_json(stream: Readable, wrapper: str | None = None) -> Iterator[Entry]:
    """The orders of a JSON list or of JSON Lines (UTF-8), told apart by the first character.

    The list may also be all that an object holds, under the key `wrapper`. A broken order becomes an entry
    with a problem, and the next is read on. Blank lines between are skipped. Raises UnreadableImport for an
    empty file and for text of another encoding.
    """
    start, chunks = begin(stream)
    wrapped = wrapper and re.match(rb'\s*+\{\s*+"%b"\s*+:\s*+(?=\[)' % wrapper.encode(), start)
    if wrapped:
        start = b"\n" * wrapped[0].count(b"\n") + start[wrapped.end() :]
    whole = chain([start], chunks)
    is_list = start.lstrip().startswith(b"[")
    pieces = _split_list(whole, b"}" if wrapped else b"") if is_list else _split_lines(whole)
    for item, (line, piece) in enumerate(pieces, start=1):
        yield _read(item, line, piece)


def begin(stream: Readable) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes of the file, enough to see what it is, and the rest in chunks.

    Raises UnreadableImport for an empty file and for UTF-16.
    """
    chunks = iter(partial(stream.read, _CHUNK), b"")
    start = b""
    for chunk in chunks:
        start += chunk
        if len(start) >= _START and start.strip():
            break
    start = start.removeprefix(codecs.BOM_UTF8)
    if not start.strip():
        raise UnreadableImport("the file is empty; write a JSON list of orders, or one order per line")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableImport("the file is UTF-16 text; save it as UTF-8")
    return start, chunks


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


def _split_list(chunks: Iterable[bytes], closing: bytes) -> Iterator[tuple[int, bytes | None]]:
    """The elements of the list by their brackets, commas and quotes; None where the file ends too early.

    `closing` is what may still come after the list.
    """
    line, depth, elements, in_string, after_backslash = 1, 0, 0, False, False
    held = bytearray()
    for chunk in chunks:
        place, taken, after_backslash = int(after_backslash), 0, False
        while True:
            if in_string:
                place = _match_end(_STRING, chunk, place)
                after_backslash = chunk[place : place + 1] == b"\\"
                if after_backslash or place >= len(chunk):
                    break
                in_string, place = False, place + 1
            place = _match_end(_INSIDE if depth > 1 else _BETWEEN, chunk, place)
            if place >= len(chunk):
                break
            character, place = chunk[place], place + 1
            if character == _QUOTE:
                in_string = True
            elif character in b"[{":
                depth += 1
                if depth == 1:
                    line += chunk.count(b"\n", 0, place - 1)
                    taken = place
            elif depth == 1 and character in b",]":
                held += chunk[taken : place - 1]
                taken = place
                if held.strip() or elements or character == _COMMA:
                    elements += 1
                    yield line + _newlines_before(held), bytes(held)
                line += held.count(b"\n")
                held.clear()
                depth -= character != _COMMA
                if depth == 0:
                    return _nothing_more(chain([chunk[taken:]], chunks), closing)
            elif character in b"]}":
                depth -= 1
        if len(held) <= LONGEST_ORDER:
            held += chunk[taken:]
        else:
            line += chunk.count(b"\n", taken)
    yield line + _newlines_before(held), None
    return None


def _match_end(pattern: re.Pattern[bytes], chunk: bytes, place: int) -> int:
    match = pattern.match(chunk, place)
    return place if match is None else match.end()


def _newlines_before(held: bytearray) -> int:
    return held.count(b"\n", 0, len(held) - len(held.lstrip()))


def _nothing_more(chunks: Iterable[bytes], closing: bytes) -> None:
    for chunk in chunks:
        rest = chunk.strip()
        if closing and rest.startswith(closing):
            rest, closing = rest.removeprefix(closing).strip(), b""
        if rest:
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
