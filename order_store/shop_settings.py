"""What each setting of a shop may say, and what to write instead."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from order_store.codes import APPROVALS, PROGRAMMES
from order_store.contact import normalise_email, normalise_phone

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LEAST_DIGITS: Final = 4
"""How many digits an order number has at least: what is shorter has the look of an amount or a size."""


class WrongPartError(ValueError):
    """One part of a setting cannot be taken; the message names it and says why."""


@dataclass(frozen=True)
class Setting:
    """One setting: `take` gives its value as stored, `expected` says what to write.

    `otherwise` makes the value of a setting left out (none: it must be written); what a `secret` one
    holds is never repeated in a message.
    """

    take: Callable[[Any], Any]
    expected: str
    otherwise: Callable[[], Any] | None = None
    secret: bool = False

    def value(self, told: Any) -> Any:
        """The value to store; raises ValueError with what to write."""
        if told is None:
            if self.otherwise is None:
                raise ValueError(f"is missing; write {self.expected}")
            return self.otherwise()
        try:
            return self.take(told)
        except WrongPartError as wrong:
            raise ValueError(f"{wrong}; write {self.expected}") from None
        except (ValueError, TypeError, KeyError, AttributeError, OSError):
            found = "" if self.secret else f" (found {told!r})"
            raise ValueError(f"write {self.expected}{found}") from None


def _expect(condition: object) -> None:
    if not condition:
        raise ValueError


def _text(value: Any) -> str:
    _expect(isinstance(value, str) and value.strip())
    return " ".join(value.split())


def _matching(pattern: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        _expect(isinstance(value, str) and re.fullmatch(pattern, value))
        return str(value)

    return check


def _list_of(check: Callable[[Any], str]) -> Callable[[Any], list[str]]:
    def check_all(value: Any) -> list[str]:
        _expect(isinstance(value, list))
        checked = [check(part) for part in value]
        _expect(len(set(checked)) == len(checked))
        return checked

    return check_all


def _programmes(value: Any) -> list[str]:
    programmes = _list_of(_matching("|".join(PROGRAMMES)))(value)
    _expect(programmes)
    return programmes


def _parameters(value: Any) -> dict[str, Any]:
    # Which names and values a programme knows is the policy's to say, not the store's.
    _expect(isinstance(value, Mapping) and all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in value))
    return dict(value)


def _timezone(value: Any) -> str:
    _expect((isinstance(value, str) and "/" in value) or value == "UTC")
    return ZoneInfo(value).key


def _days(value: Any) -> int:
    _expect(isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 365)
    return int(value)


def _contact(value: Any) -> dict[str, str | None]:
    _expect(isinstance(value, Mapping) and set(value) <= {"name", "email", "phone"})
    email, phone = value.get("email"), value.get("phone")
    checked = {
        "name": None if value.get("name") is None else _text(value["name"]),
        "email": None if email is None else normalise_email(email),
        "phone": None if phone is None else normalise_phone(phone),
    }
    _expect((email is None or checked["email"]) and (phone is None or checked["phone"]))
    # The phone stays as written: people read it.
    return {**checked, "phone": None if phone is None else _text(phone)}


def _opening_hours(value: Any) -> dict[str, list[str]]:
    _expect(isinstance(value, Mapping) and set(value) <= set(WEEKDAYS))
    hours = {}
    for day in (day for day in WEEKDAYS if value.get(day) is not None):
        opens, closes = (_matching(r"\d\d:\d\d")(hour) for hour in value[day])
        _expect(time.fromisoformat(opens) < time.fromisoformat(closes))
        hours[day] = [opens, closes]
    return hours


def _order_number(value: Any) -> str:
    """`#` stands for a digit, `@` for a letter, every other letter, digit and separator for itself."""
    if not isinstance(value, str) or not value.strip():
        raise WrongPartError("a pattern is missing (an unquoted # begins a comment)")
    pattern = value.strip()

    def demand(condition: object, why: str) -> None:
        if not condition:
            raise WrongPartError(f"{pattern!r} cannot be a pattern: {why}")

    demand(len(pattern) <= 40, "it is longer than 40 characters")
    unknown = re.search(r"[^A-Za-z0-9#@ ./_-]", pattern)
    demand(unknown is None, f"{unknown[0] if unknown else ''!r} is no letter, digit, separator (- . / _), # or @")
    demand(re.fullmatch(r"[A-Za-z0-9#@]+(?:[ ./_-][A-Za-z0-9#@]+)*", pattern), "a separator stands between two parts")
    demand("#" in pattern, "it has no # for a digit, so it would be one order's number")
    digits = sum(character in "#0123456789" for character in pattern)
    demand(digits >= LEAST_DIGITS, f"it has fewer than {LEAST_DIGITS} digits, so that it would match anything")
    return pattern


def _origin(value: Any) -> str:
    parts = urlsplit(value)
    _expect(parts.scheme in {"http", "https"} and parts.hostname and value == f"{parts.scheme}://{parts.netloc}")
    _expect(parts.port is None or parts.port)
    return str(value).lower()


SETTINGS: Final[dict[str, Setting]] = {
    "name": Setting(_text, "the shop's name as text"),
    "programmes": Setting(_programmes, f"a list of {', '.join(PROGRAMMES)}, none of them twice"),
    "timezone": Setting(_timezone, "an IANA time zone such as Europe/Berlin"),
    "country": Setting(_matching("[A-Z]{2}"), "the ISO 3166 code in two capitals, such as NO"),
    "parameters": Setting(_parameters, "a mapping by parameter name, such as {return_days: 14}", dict),
    "languages": Setting(
        _list_of(_matching("[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")),
        "a list of language codes such as [en, pt-BR]",
        lambda: ["en"],
    ),
    "contact": Setting(
        _contact,
        '{name, email: name@example.com, phone: "+49 30 23125 100"}, the phone in quotes with its country code',
        lambda: {"name": None, "email": None, "phone": None},
    ),
    "service_center": Setting(_list_of(_text), "the address as a list of lines, none of them twice", list),
    "opening_hours": Setting(
        _opening_hours,
        '{mon: ["09:00", "17:00"], ...} with mon tue wed thu fri sat sun, opening before closing',
        dict,
    ),
    "allowed_origins": Setting(
        _list_of(_origin), "a list of origins such as https://shop.example.com, without a path", list
    ),
    "approval": Setting(_matching("|".join(APPROVALS)), " or ".join(APPROVALS), lambda: "automatic"),
    "token_secret_name": Setting(
        _matching("[A-Z][A-Z0-9_]{2,63}"),
        "the NAME of an environment variable, such as INKWELL_TOKEN_SECRET; the secret itself stays out of files",
        lambda: None,
        secret=True,
    ),
    "order_numbers": Setting(
        _list_of(_order_number),
        f'a list of patterns in quotes such as ["IW-#####", "#####"], none of them twice: # for a digit (with those '
        f"written out at least {LEAST_DIGITS}), @ for a letter, everything else as it is",
        list,
    ),
    "privacy_answer_days": Setting(
        _days, "the calendar days a privacy request may take, 1 to 365, such as 30", lambda: 30
    ),
}
