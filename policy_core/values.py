"""Readers of single values: a told value and its path in, the checked value out.

Each raises CaseError with the path and what was expected there.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from .codes import Programme, ProofValidity
from .errors import CaseError, shown

FIRST_YEAR, LAST_YEAR = 1900, 2999

Reader: TypeAlias = Callable[[object, str], Any]


def instant(value: object, path: str) -> datetime:
    """ISO 8601 with an offset; in UTC."""
    if isinstance(value, str):
        try:
            told = datetime.fromisoformat(value)
            if told.tzinfo is not None and FIRST_YEAR <= told.year <= LAST_YEAR:
                return told.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise CaseError(
        path,
        "expected an instant with an offset, like 2026-02-17T23:59:59+08:00, "
        f"between {FIRST_YEAR} and {LAST_YEAR}; got {shown(value)}",
    )


def day(value: object, path: str) -> date:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            told = date.fromisoformat(value)
            if FIRST_YEAR <= told.year <= LAST_YEAR:
                return told
        except ValueError:
            pass
    raise CaseError(path, f"expected a day like 2026-02-17, between {FIRST_YEAR} and {LAST_YEAR}; got {shown(value)}")


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def flag(value: object, path: str) -> bool:
    if isinstance(value, bool):
        return value
    raise CaseError(path, f"expected true or false; got {shown(value)}")


def count(value: object, path: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise CaseError(path, f"expected a whole number, 0 or more; got {shown(value)}")


def one_of(codes: type[StrEnum]) -> Reader:
    """The reader of a code of `codes`."""
    known: dict[object, StrEnum] = {code.value: code for code in codes}

    def read(value: object, path: str) -> StrEnum:
        if isinstance(value, str) and (code := known.get(value)) is not None:
            return code
        raise CaseError(path, f"expected one of {', '.join(codes)}; got {shown(value)}")

    return read


programme = one_of(Programme)


def programmes(value: object, path: str) -> tuple[Programme, ...]:
    if not isinstance(value, list) or not value:
        raise CaseError(path, f"expected a list of programmes: {', '.join(Programme)}")
    told = tuple(programme(each, f"{path}[{index}]") for index, each in enumerate(value))
    if len(set(told)) != len(told):
        raise CaseError(path, "expected each programme once")
    return told


# What these name depends on the machine, or counts leap seconds: the same case would not get the same verdict.
_NO_ZONES = frozenset({"localtime", "posixrules", "Factory"})
_NO_ZONE_FOLDERS = ("posix/", "right/")


@lru_cache(maxsize=1024)
def _known_zone(name: str) -> ZoneInfo | None:
    if name in _NO_ZONES or name.startswith(_NO_ZONE_FOLDERS):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def timezone(value: object, path: str) -> ZoneInfo:
    """An IANA name that means the same on every machine."""
    if isinstance(value, str) and value and (zone := _known_zone(value)) is not None:
        return zone
    raise CaseError(path, f"expected an IANA time zone like Europe/Berlin; got {shown(value)}")


def country(value: object, path: str) -> str:
    if isinstance(value, str) and re.fullmatch("[A-Z]{2}", value):
        return value
    raise CaseError(path, f"expected an ISO 3166 country code like DE; got {shown(value)}")


def proof_validity(value: object, path: str) -> ProofValidity:
    if isinstance(value, bool):
        return ProofValidity.VALID if value else ProofValidity.INVALID
    if value == "forged":
        return ProofValidity.FORGED
    raise CaseError(path, f"expected true, false or forged; got {shown(value)}")
