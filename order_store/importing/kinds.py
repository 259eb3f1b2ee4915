"""What a field of an order may hold: how each kind of value is read, and what to write instead."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar

from order_store.contact import normalise_email, normalise_phone
from order_store.importing.currencies import CURRENCIES

Code = TypeVar("Code", bound=str)
Value = TypeVar("Value", covariant=True)

_YEARS: Final = range(1970, 2200)
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d\d:?\d\d)", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_AMOUNT: Final = re.compile(r"\d{1,12}(?:\.\d{1,4})?", re.ASCII)
_WEB_ADDRESS: Final = re.compile(r"https?://[^\s\x00-\x1f\ud800-\udfff]{1,1000}")
# Besides white space and control characters, the marks that turn the reading direction of what follows.
_BLANKS: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
_HALF_CHARACTER: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Kind(Generic[Value]):
    """A kind of value: `read` takes what JSON holds and raises ValueError unless it is as `expected` says."""

    read: Callable[[Any], Value]
    expected: str


def text(longest: int = 500) -> Kind[str]:
    """Text on one line, not blank: white space and control characters become single spaces."""

    def read(told: Any) -> str:
        line = _string(told)
        if not (line.isascii() and line.isprintable() and "  " not in line):  # most are, and are one line then
            line = _BLANKS.sub(" ", line)
            _expect(not _HALF_CHARACTER.search(line))
        line = line.strip()
        _expect(0 < len(line) <= longest)
        return line

    return Kind(read, f"text of 1 to {longest} characters")


def code_of(codes: tuple[Code, ...]) -> Kind[Code]:
    """One of the codes."""
    return Kind(lambda told: codes[codes.index(told)], " or ".join(codes))


def whole(allowed: range) -> Kind[int]:
    """A whole number within `allowed`."""

    def read(told: Any) -> int:
        _expect(isinstance(told, int) and not isinstance(told, bool) and told in allowed)
        return int(told)

    return Kind(read, f"a whole number from {allowed.start} to {allowed.stop - 1}")


def _expect(condition: object) -> None:
    if not condition:
        raise ValueError


def _string(told: Any, pattern: re.Pattern[str] | None = None) -> str:
    if not isinstance(told, str) or (pattern is not None and not pattern.fullmatch(told)):
        raise ValueError
    return told


def _flag(told: Any) -> bool:
    _expect(isinstance(told, bool))
    return bool(told)


def _instant(told: Any) -> datetime:
    instant = datetime.fromisoformat(_string(told, _INSTANT).upper()).astimezone(UTC)
    _expect(instant.year in _YEARS)
    return instant


def _day(told: Any) -> date:
    day = date.fromisoformat(_string(told, _DAY))
    _expect(day.year in _YEARS)
    return day


def _currency(told: Any) -> str:
    _expect(_string(told) in CURRENCIES)
    return str(told)


def _email(told: Any) -> str:
    address = normalise_email(_string(told))
    _expect(address and not _HALF_CHARACTER.search(address))
    return str(address)


def _phone(told: Any) -> str:
    number = normalise_phone(_string(told))
    _expect(number)
    return str(number)


FLAG: Final = Kind(_flag, "true or false")
INSTANT: Final = Kind(_instant, "an instant with its offset such as 2026-03-01T10:00:00+01:00")
DAY: Final = Kind(_day, "a date such as 2026-03-01")
AMOUNT: Final = Kind(lambda told: Decimal(_string(told, _AMOUNT)), 'a decimal in quotes such as "39.90"')
CURRENCY: Final = Kind(_currency, "an ISO 4217 currency such as EUR")
EMAIL: Final = Kind(_email, "an e-mail address such as name@example.com")
PHONE: Final = Kind(_phone, "a phone number with its country code such as +49 30 23125 100")
WEB_ADDRESS: Final = Kind(lambda told: _string(told, _WEB_ADDRESS), "an address such as https://shop.example.com/terms")
