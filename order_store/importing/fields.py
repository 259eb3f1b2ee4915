"""Reading the fields of a told object: each wrong one becomes a problem with its path, none stops the rest."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from order_store.importing.kinds import Kind

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the field at `path` ("lines[0].unit_price"; empty: with the order as a whole)."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class Fields:
    """One told object at `path`, whose keys may be those of `known` and none twice.

    What is wrong is added to `problems`; the value returned in its place is good only for reading on.
    """

    def __init__(self, told: Any, path: str, problems: list[Problem], known: tuple[str, ...]) -> None:
        self._problems = problems
        self._path = path
        self._told: Mapping[str, Any] = {}
        self.is_object = isinstance(told, Mapping)
        if not self.is_object:
            problems.append(Problem(path, f"expected an object, found {found(told)}"))
            return
        self._told = told
        for key in getattr(told, "twice", ()):
            self.refuse(key, "is told twice; keep one")
        if told.keys() <= _as_set(known):
            return
        for key in map(str, told):
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                hint = f"did you mean {near[0]}?" if near else f"expected {', '.join(known)}"
                self.refuse(key[:60], f"is no field of the format; {hint}")

    def path_of(self, key: str) -> str:
        """The path of this object's field `key`."""
        return f"{self._path}.{key}" if self._path else key

    def refuse(self, key: str, message: str) -> None:
        """Notes that the field `key` is wrong."""
        self._problems.append(Problem(self.path_of(key), message))

    def has(self, key: str) -> bool:
        """Whether the field is told, be it as null."""
        return key in self._told

    def optional(self, key: str, kind: Kind[Value]) -> Value | None:
        """The field's value, None when it is null or left out."""
        told = self._told.get(key)
        if told is None:
            return None
        try:
            return kind.read(told)
        except (ValueError, OverflowError):
            self.refuse(key, f"expected {kind.expected}, found {found(told)}")
            return None

    def blank_or(self, key: str, kind: Kind[str]) -> str | None:
        """As `optional`, and blank text is nothing told, too."""
        told = self._told.get(key)
        return None if isinstance(told, str) and not told.strip() else self.optional(key, kind)

    def needed(self, key: str, kind: Kind[Value], stand_in: Value) -> Value:
        """The field's value; `stand_in` only where that it is missing or wrong is noted as a problem."""
        value = self.optional(key, kind)
        if value is not None:
            return value
        if self._told.get(key) is None and self.is_object:
            self.refuse(key, f"expected {kind.expected}, found nothing")
        return stand_in

    def object(self, key: str, known: tuple[str, ...]) -> "Fields | None":
        """The object told there, if any."""
        told = self._told.get(key)
        return None if told is None else Fields(told, self.path_of(key), self._problems, known)

    def objects(self, key: str, known: tuple[str, ...], *, most: int) -> list["Fields"] | None:
        """The objects of the list told there; null or left out is an empty one, None what is no list."""
        told = self._told.get(key)
        if told is None:
            return []
        if not isinstance(told, list | tuple) or len(told) > most:
            self.refuse(key, f"expected a list of at most {most} objects, found {found(told)}")
            return None
        path = self.path_of(key)
        return [Fields(part, f"{path}[{index}]", self._problems, known) for index, part in enumerate(told)]


@cache
def _as_set(known: tuple[str, ...]) -> frozenset[str]:
    return frozenset(known)


def found(value: Any) -> str:
    """A few words for what was found instead."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"the text {value if len(value) <= 40 else value[:39] + '…'!r}"
    if isinstance(value, int | float):
        return f"the number {value}" if abs(value) < 10**20 else "a huge number"
    if isinstance(value, Mapping):
        return "an object"
    return f"a list of {len(value)}" if isinstance(value, list | tuple) else f"a {type(value).__name__}"
