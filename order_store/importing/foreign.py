"""Telling another shop system's order in the native format.

A mapping moves and renames, and checks nothing: what it cannot make sense of it passes on as it is, and the
checks of the native format refuse it under the name the file has for it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeGuard
from zoneinfo import ZoneInfo

from order_store.contact import normalise_phone

_INDEX: Final = re.compile(r"\[(\d+)\]")
_FINEST: Final = Decimal("0.0001")
_CENT: Final = Decimal("0.01")
_HUGE: Final = Decimal(10) ** 12
_MOST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class ForeignShop:
    """The shop a file of another system is about, which the file itself does not name."""

    key: str
    zone: ZoneInfo


@dataclass(slots=True)
class Mapped:
    """An order in the native format, the codes of what it lost, and why it is not taken at all, if so."""

    order: dict[str, Any]
    losses: set[str] = field(default_factory=set)
    left_out: str | None = None
    problem: str | None = None


def native_order(shop: ForeignShop, **told: Any) -> dict[str, Any]:
    """An order of the native format; what other systems know nothing of is left out."""
    return {"shop": shop.key, **told}


def names_of(names: Mapping[str, str], place: Callable[[int], str] = "[{}]".format) -> Callable[[str], str]:
    """Gives a native path ("lines[0].quantity") as the file calls it, by its path without indices.

    `place` says where the part of that index is in the file.
    """

    def name(path: str) -> str:
        indices = [place(int(index)) for index in _INDEX.findall(path)]
        return names.get(_INDEX.sub("[]", path), path).replace("[]", "{}").format(*indices)

    return name


def object_of(told: Any) -> Mapping[str, Any]:
    """`told` where it is an object, else an empty one."""
    return told if isinstance(told, Mapping) else {}


def objects_of(told: Any) -> list[Mapping[str, Any]]:
    """The objects of `told` where it is a list, else none."""
    return [object_of(each) for each in told] if isinstance(told, list) else []


def first_told(*told: Any) -> Any:
    """The first that is neither null nor blank."""
    return next((each for each in told if each is not None and (not isinstance(each, str) or each.strip())), None)


def full_name(*parts: Any) -> str | None:
    """The parts of a name that are told, with a space between."""
    return " ".join(part.strip() for part in parts if isinstance(part, str) and part.strip()) or None


def phone_of(losses: set[str], *told: Any) -> str | None:
    """The first phone number with a country code; noted as a loss when there are others only."""
    numbers = [each.lstrip("'") for each in told if isinstance(each, str) and each.strip("' ")]
    phone = next((each for each in numbers if normalise_phone(each)), None)
    if numbers and phone is None:
        losses.add("phones")
    return phone


def decimal_of(told: Any) -> Decimal | None:
    """The decimal told as text, None where it is none or of no order's size."""
    try:
        number = Decimal(told) if isinstance(told, str) and told.strip() else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() and abs(number) < _HUGE else None


def is_positive(*told: Any) -> bool:
    """Whether one of the amounts told is above zero."""
    return any((amount := decimal_of(each)) is not None and amount > 0 for each in told)


def is_quantity(told: Any) -> TypeGuard[int]:
    """Whether `told` is a quantity a line may have."""
    return isinstance(told, int) and not isinstance(told, bool) and 1 <= told <= _MOST


def price_of_one(total: Decimal, quantity: int, losses: set[str]) -> str:
    """What one cost of `quantity` that cost `total` together, with four decimals at most."""
    one = (total / quantity).quantize(_FINEST)
    if (one * quantity).quantize(_CENT) != total.quantize(_CENT):
        losses.add("rounding")
    return format(one.quantize(_CENT) if one == one.quantize(_CENT) else one.normalize(), "f")


def sum_of(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum, None when one of them is not known."""
    total = Decimal(0)
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total
