"""A case as other programs write it (a mapping from JSON or YAML) to a checked `Case`."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from . import values
from .case import Case, Claim, Line, Order, Proof, Rma, Shop, check_events
from .codes import AddressError, Cause, ClaimReason, Standing, Stock
from .errors import CaseError, ParameterError
from .loading import default_policy
from .parameters import Overrides, Policy

Fields: TypeAlias = Mapping[str, values.Reader]


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


def _as_told(value: object, path: str) -> object:
    return value


def _proof(value: object, path: str) -> Proof:
    told = _section(value, path, {"date": values.day, "valid": values.proof_validity})
    return Proof(told.get("date"), told.get("valid"))


def _rma(value: object, path: str) -> Rma:
    return Rma(**_section(value, path, _RMA, required=("programme", "issued_at")))


def _nested(fields: Fields, required: tuple[str, ...] = ()) -> values.Reader:
    return lambda value, path: _section(value, path, fields, required)


_SHOP: Fields = {
    "programmes": values.programmes,
    "timezone": values.timezone,
    "country": values.country,
    "parameters": _as_told,
}
_ORDER: Fields = {
    "paid_at": values.instant,
    "shipped_at": values.instant,
    "delivered_at": values.instant,
    "receipt_confirmed_at": values.instant,
    "completed_at": values.instant,
    "protection_ends_at": values.instant,
    "on_platform": values.flag,
    "account_standing": values.one_of(Standing),
    "address_error": values.one_of(AddressError),
}
_LINE: Fields = {
    "stock": values.one_of(Stock),
    "factory_shipped_on": values.day,
    "warranty_until": values.day,
    "one_year_service": values.flag,
    "repaired_and_sent_back_on": values.day,
}
_CLAIM: Fields = {
    "reason": values.one_of(ClaimReason),
    "proof": _proof,
    "complete": values.flag,
    "activated": values.flag,
    "resalable": values.flag,
    "caused_by_customer": values.flag,
    "cause": values.one_of(Cause),
    "labels_intact": values.flag,
    "photos": values.count,
}
_RMA: Fields = {
    "programme": values.programme,
    "issued_at": values.instant,
    "handed_over_at": values.instant,
    "received_at": values.instant,
    "tracked": values.flag,
}
_CASE: Fields = {
    "as_of": values.instant,
    "shop": _nested(_SHOP, required=("programmes", "timezone")),
    "order": _nested(_ORDER),
    "line": _nested(_LINE),
    "claim": _nested(_CLAIM),
    "rma": _rma,
    "claim_closed_at": values.instant,
}
