"""Which order a message names, and whose e-mail or phone it gives as proof."""

import re
from collections.abc import Mapping
from typing import Any

from order_store import order_key

from .choosing import means_another_order
from .hearing_goals import is_about_other_addresses
from .messages import Message, Setting

_TYPED_NUMBER = re.compile(r"^[^\w]*((?:[A-Za-z]{1,6}[\s-]?)?\d[\d\s-]{1,24}\d)[^\w]*$")
_NUMBER_WITHIN = re.compile(
    r"(?<![\w@.,/+-])(?!(?:19|20)\d\d(?![\d-]))(?:[A-Za-z]{1,6}-)?\d(?:-?\d){3,11}(?![\w@-]|[.,]\d)"
)


def identity_told(
    message: Message, slots: Mapping[str, Any], setting: Setting, corrects: bool, goal: str | None
) -> dict[str, Any]:
    heard: dict[str, Any] = {}
    if setting.requested == "tracking":
        return heard  # a number now is the parcel's
    numbers = message.values("order_number") or message.values("rma_number")
    if not numbers and setting.requested == "order_number" and (typed := _TYPED_NUMBER.match(message.text)):
        numbers = [typed[1].strip()]
    elif not numbers and setting.requested in ("order_number", "contact"):
        numbers = _number_within(message, setting.requested)
    known = slots.get("order_number")
    if len(numbers) == 1 and order_key(numbers[0]) != order_key(known or ""):
        heard["order_number"] = numbers[0]
        if known is not None:
            heard |= {"line": None, "lines": None, "remedy": None, "confirm": None}
    elif not numbers and corrects and known is not None and means_another_order(message.text):
        heard |= {"order_number": None, "line": None, "lines": None, "remedy": None, "confirm": None}
    contacts = message.values("email") or (
        message.values("phone") if setting.requested == "contact" or slots.get("contact") is None else []
    )
    if is_about_other_addresses(message, goal, setting.requested):
        contacts = []
    if contacts and (slots.get("verified_order") is None or corrects or "order_number" in heard):
        heard["contact"] = contacts[0]
    return heard


def _number_within(message: Message, requested: str) -> list[str]:
    """The one thing in an answer that can be an order number: "it's AT-40080", "the number is 40360, I think".

    Where the contact is asked for, digits alone may be meant as a phone number.
    """
    if any(message.values(label) for label in ("phone", "date", "tracking_number", "rma_number")):
        return []
    found = list(dict.fromkeys(_NUMBER_WITHIN.findall(message.text)))
    return found if len(found) == 1 and (requested == "order_number" or not found[0][0].isdigit()) else []
