"""A case as other programs write it (a mapping from JSON or YAML) to a checked `Case`."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from .case import Case, Claim, Line, Order, Proof, Rma, Shop, check_events
from .codes import AddressError, Cause, ClaimReason, Programme, ProofValidity, Standing, Stock
from .errors import CaseError, ParameterError, shown
from .loading import default_policy
from .parameters import Overrides, Policy

FIRST_YEAR, LAST_YEAR = 1900, 2999

Reader: TypeAlias = Callable[[object, str], Any]
Fields: TypeAlias = Mapping[str, Reader]


def read_case(data: object, policy: Policy | None = None) -> Case:
    """Read and check a case of the public shape; absent and null both mean "not known".

    Instants are ISO 8601 with an offset, days ISO dates. `policy` says which parameters a shop may override
    (default: the shipped edition). Raises CaseError with the path of the field and what was expected there.
    """
    told = _section(data, "", _CASE, required=("as_of", "shop"))
    shop = told["shop"]
    case = Case(
        as_of=told["as_of"],
        shop=Shop(
            programmes=shop["programmes"],
            timezone=shop["timezone"],
            country=shop.get("country"),
            parameters=_overrides(shop.get("parameters"), policy or default_policy()),
        ),
        order=Order(**told.get("order") or {}),
        line=Line(**told.get("line") or {}),
        claim=Claim(**told.get("claim") or {}),
        rma=told.get("rma"),
        claim_closed_at=told.get("claim_closed_at"),
    )
    check_events(case)
    return case


def _section(data: object, path: str, fields: Fields, required: tuple[str, ...] = ()) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        raise CaseError(path, f"expected an object with {', '.join(fields)}")
    told = {}
    prefix = f"{path}." if path else ""
    for key, value in data.items():
        reader = fields.get(key)
        if reader is None:
            raise CaseError(f"{prefix}{key}", f"unknown key; expected one of {', '.join(fields)}")
        if value is not None:
            told[key] = reader(value, prefix + key)
    for key in required:
        if key not in told:
            raise CaseError(prefix + key, "required")
    return told


def _overrides(raw: object, policy: Policy) -> Overrides:
    try:
        return {} if raw is None else policy.read_overrides(raw, "shop.parameters")
    except ParameterError as error:
        path = "shop.parameters" if error.key == "parameters" else f"shop.parameters.{error.key}"
        raise CaseError(path, error.mend) from None


def _instant(value: object, path: str) -> datetime:
    if isinstance(value, str):
        try:
            instant = datetime.fromisoformat(value)
            if instant.tzinfo is not None and FIRST_YEAR <= instant.year <= LAST_YEAR:
                return instant.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise CaseError(
        path,
        "expected an instant with an offset, like 2026-02-17T23:59:59+08:00, "
        f"between {FIRST_YEAR} and {LAST_YEAR}; got {shown(value)}",
    )


def _day(value: object, path: str) -> date:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            day = date.fromisoformat(value)
            if FIRST_YEAR <= day.year <= LAST_YEAR:
                return day
        except ValueError:
            pass
    raise CaseError(path, f"expected a day like 2026-02-17, between {FIRST_YEAR} and {LAST_YEAR}; got {shown(value)}")


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _flag(value: object, path: str) -> bool:
    if isinstance(value, bool):
        return value
    raise CaseError(path, f"expected true or false; got {shown(value)}")


def _count(value: object, path: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise CaseError(path, f"expected a whole number, 0 or more; got {shown(value)}")


def _one_of(codes: type[StrEnum]) -> Reader:
    known: dict[object, StrEnum] = {code.value: code for code in codes}

    def read(value: object, path: str) -> StrEnum:
        if isinstance(value, str) and (code := known.get(value)) is not None:
            return code
        raise CaseError(path, f"expected one of {', '.join(codes)}; got {shown(value)}")

    return read


_programme = _one_of(Programme)


def _programmes(value: object, path: str) -> tuple[Programme, ...]:
    if not isinstance(value, list) or not value:
        raise CaseError(path, f"expected a list of programmes: {', '.join(Programme)}")
    programmes = tuple(_programme(each, f"{path}[{index}]") for index, each in enumerate(value))
    if len(set(programmes)) != len(programmes):
        raise CaseError(path, "expected each programme once")
    return programmes


# What these name depends on the machine, or counts leap seconds: the same case would not get the same verdict.
_NO_ZONES = frozenset({"localtime", "posixrules", "Factory"})
_NO_ZONE_FOLDERS = ("posix/", "right/")


@cache
def _known_zone(name: str) -> ZoneInfo | None:
    if name in _NO_ZONES or name.startswith(_NO_ZONE_FOLDERS):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def _timezone(value: object, path: str) -> ZoneInfo:
    if isinstance(value, str) and value and (zone := _known_zone(value)) is not None:
        return zone
    raise CaseError(path, f"expected an IANA time zone like Europe/Berlin; got {shown(value)}")


def _country(value: object, path: str) -> str:
    if isinstance(value, str) and re.fullmatch("[A-Z]{2}", value):
        return value
    raise CaseError(path, f"expected an ISO 3166 country code like DE; got {shown(value)}")


def _as_told(value: object, path: str) -> object:
    return value


def _validity(value: object, path: str) -> ProofValidity:
    if isinstance(value, bool):
        return ProofValidity.VALID if value else ProofValidity.INVALID
    if value == "forged":
        return ProofValidity.FORGED
    raise CaseError(path, f"expected true, false or forged; got {shown(value)}")


def _proof(value: object, path: str) -> Proof:
    told = _section(value, path, {"date": _day, "valid": _validity})
    return Proof(told.get("date"), told.get("valid"))


def _rma(value: object, path: str) -> Rma:
    return Rma(**_section(value, path, _RMA, required=("programme", "issued_at")))


def _nested(fields: Fields, required: tuple[str, ...] = ()) -> Reader:
    return lambda value, path: _section(value, path, fields, required)


_SHOP: Fields = {
    "programmes": _programmes,
    "timezone": _timezone,
    "country": _country,
    "parameters": _as_told,
}
_ORDER: Fields = {
    "paid_at": _instant,
    "shipped_at": _instant,
    "delivered_at": _instant,
    "receipt_confirmed_at": _instant,
    "completed_at": _instant,
    "protection_ends_at": _instant,
    "on_platform": _flag,
    "account_standing": _one_of(Standing),
    "address_error": _one_of(AddressError),
}
_LINE: Fields = {
    "stock": _one_of(Stock),
    "factory_shipped_on": _day,
    "warranty_until": _day,
    "one_year_service": _flag,
    "repaired_and_sent_back_on": _day,
}
_CLAIM: Fields = {
    "reason": _one_of(ClaimReason),
    "proof": _proof,
    "complete": _flag,
    "activated": _flag,
    "resalable": _flag,
    "caused_by_customer": _flag,
    "cause": _one_of(Cause),
    "labels_intact": _flag,
    "photos": _count,
}
_RMA: Fields = {
    "programme": _programme,
    "issued_at": _instant,
    "handed_over_at": _instant,
    "received_at": _instant,
    "tracked": _flag,
}
_CASE: Fields = {
    "as_of": _instant,
    "shop": _nested(_SHOP, required=("programmes", "timezone")),
    "order": _nested(_ORDER),
    "line": _nested(_LINE),
    "claim": _nested(_CLAIM),
    "rma": _rma,
    "claim_closed_at": _instant,
}
