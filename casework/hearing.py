"""What a message adds to the matter: from understood spans and intents to values of slots.

Understanding only proposes. What is heard here is what the customer said; whether an order number exists
and whose it is, is checked against the store elsewhere.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from order_store import order_key
from policy_core import Cause, ClaimReason, RemedyName

from .goals import GOALS
from .told_days import read_day

YES_NO_SLOTS = frozenset(
    {"complete", "activated", "resalable", "caused_by_customer", "labels_intact", "has_fault", "confirm"}
)
FACT_SLOTS = ("complete", "activated", "resalable", "caused_by_customer", "cause", "labels_intact")
SURE = 0.55
"""How certain an intent has to be to count as a yes, or to change the goal of a running matter."""

_TYPED_NUMBER = re.compile(r"^[^\w]*((?:[A-Za-z]{1,6}[\s-]?)?\d[\d\s-]{1,24}\d)[^\w]*$")
_REASON_OF_INTENT = {
    "report_defect": ClaimReason.DEFECTIVE,
    "report_wrong_item": ClaimReason.WRONG_ITEM,
    "report_missing_parts": ClaimReason.MISSING_PARTS,
    "missing_order": ClaimReason.NOT_RECEIVED,
    "out_of_stock": ClaimReason.OUT_OF_STOCK,
}
_GOAL_OF_REASON = {
    ClaimReason.CHANGE_OF_MIND: "return_item",
    ClaimReason.ORDERED_WRONG: "return_item",
    ClaimReason.DEFECTIVE: "report_defect",
    ClaimReason.DAMAGED: "report_defect",
    ClaimReason.NOT_AS_DESCRIBED: "report_wrong_item",
    ClaimReason.WRONG_ITEM: "report_wrong_item",
    ClaimReason.MISSING_PARTS: "report_missing_parts",
    ClaimReason.NOT_RECEIVED: "missing_order",
    ClaimReason.RETURNED_BY_CUSTOMS: "request_refund",
    ClaimReason.OUT_OF_STOCK: "out_of_stock",
}
_REMEDY_OF_INTENT = {
    "exchange_item": (RemedyName.EXCHANGE,),
    "cancel_order": (RemedyName.CANCEL,),
    "request_refund": (RemedyName.REFUND_NOW, RemedyName.RETURN_REFUND),
    "return_item": (RemedyName.RETURN_REFUND,),
    "warranty": (RemedyName.WARRANTY_REPAIR,),
    "deny": ("none",),
}
_REMEDY_WORDS = (
    (re.compile(r"\bwait", re.I), (RemedyName.WAIT_BACKORDER,)),
    (re.compile(r"\b(?:exchange|replace|swap)", re.I), (RemedyName.EXCHANGE,)),
    (re.compile(r"\brepair|\bfix", re.I), (RemedyName.WARRANTY_REPAIR, RemedyName.PAID_REPAIR)),
    (re.compile(r"\bdispute", re.I), (RemedyName.DISPUTE,)),
    (re.compile(r"\bcancel", re.I), (RemedyName.CANCEL,)),
    (re.compile(r"\brefund|\bmoney", re.I), (RemedyName.REFUND_NOW, RemedyName.RETURN_REFUND)),
    (re.compile(r"\breturn|\bsend (?:it )?back", re.I), (RemedyName.RETURN_REFUND,)),
)


@dataclass(frozen=True, slots=True)
class Message:
    """A message as understood: `answer` is the value behind a button, `spans` the (label, value) pairs found."""

    text: str
    intent: str
    confidence: float
    spans: tuple[tuple[str, str], ...] = ()
    answer: str | None = None

    def values(self, label: str) -> list[str]:
        """The different values found under `label`, in order."""
        return list(dict.fromkeys(value for found, value in self.spans if found == label))


@dataclass(frozen=True, slots=True)
class Setting:
    """Where the message falls: the slot that was asked for, what can be chosen, and the shop's day."""

    requested: str | None
    now: datetime
    zone: ZoneInfo
    line_titles: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ()


def hear(message: Message, slots: Mapping[str, Any], setting: Setting) -> dict[str, Any]:
    """The slots a message fills or changes; empty when it says nothing for the matter.

    An answer to the question asked counts first; whatever else was said counts too. A wish for something
    else changes the goal and keeps what is known.
    """
    heard: dict[str, Any] = {}
    corrects = message.intent == "correct_that"
    answered = _answer(message, setting)
    if setting.requested is not None and answered is not None:
        heard[setting.requested] = answered
    heard |= _identity(message, slots, setting, corrects)
    for name, value in _volunteered(message).items():
        if slots.get(name) is None or corrects or name == setting.requested:
            heard.setdefault(name, value)
    heard |= _line(message, slots, setting, corrects)
    if (goal := _goal(message, slots, answered_already=answered is not None)) is not None:
        heard |= {"goal": goal, "remedy": None, "confirm": None}
    if corrects and slots.get("confirm") is None and slots.get("remedy") and not heard:
        heard["remedy"] = None
    return heard


def _answer(message: Message, setting: Setting) -> Any:
    match setting.requested:
        case None:
            return None
        case "goal":
            return message.answer if message.answer in GOALS else None
        case "reason":
            return _reason(message)
        case "remedy":
            return _remedy(message, setting.remedies)
        case "line":
            return _picked_line(message, setting.line_titles)
        case "delivered_on":
            return _day(message, setting)
        case slot if slot in YES_NO_SLOTS:
            return _yes_or_no(message)
        case _:
            return None


def _yes_or_no(message: Message) -> bool | None:
    said = message.answer
    if said is None and message.confidence >= SURE:
        said = {"affirm": "yes", "deny": "no"}.get(message.intent)
    return {"yes": True, "no": False}.get(said or "")


def _reason(message: Message) -> str | None:
    if message.answer in list(ClaimReason):
        return message.answer
    found = message.values("reason")
    if len(found) == 1:
        return found[0]
    implied = _REASON_OF_INTENT.get(message.intent)
    return implied if implied is not None and not found and message.confidence >= SURE else None


def _remedy(message: Message, offered: Sequence[str]) -> str | None:
    if message.answer is not None:
        return message.answer if message.answer in (*offered, "none") else None
    for pattern, names in _REMEDY_WORDS:
        if pattern.search(message.text) and (name := _first(names, offered)):
            return name
    return _first(_REMEDY_OF_INTENT.get(message.intent, ()), (*offered, "none"))


def _first(names: Sequence[str], offered: Sequence[str]) -> str | None:
    return next((str(name) for name in names if name in offered), None)


def _picked_line(message: Message, titles: Sequence[str]) -> int | None:
    if message.answer is not None and message.answer.isdecimal():
        return int(message.answer) if int(message.answer) < len(titles) else None
    typed = re.fullmatch(r"\D{0,3}(\d{1,2})\D{0,3}", message.text)
    if typed and 1 <= int(typed[1]) <= len(titles):
        return int(typed[1]) - 1
    return match_title(message.text, titles)


def match_title(text: str, titles: Sequence[str]) -> int | None:
    """The one title that shares the most words with `text`; None when none does or two do alike."""
    said = _words(text)
    shared = [len(said & _words(title)) for title in titles]
    best = max(shared, default=0)
    return shared.index(best) if best and shared.count(best) == 1 else None


def _words(text: str) -> set[str]:
    words = re.findall(r"[^\W\d_]{3,}", text.lower())
    return {word.removesuffix("s") for word in words} - {"the", "and", "for", "with"}


def _day(message: Message, setting: Setting) -> Any:
    """A day as ISO text, or `{"options": [...]}` when it can be read two ways."""
    told = read_day(message.answer or message.text, setting.now, setting.zone)
    if told.day is not None:
        return told.day.isoformat()
    return {"options": [day.isoformat() for day in told.options]} if told.options else None


def _identity(message: Message, slots: Mapping[str, Any], setting: Setting, corrects: bool) -> dict[str, Any]:
    heard: dict[str, Any] = {}
    numbers = message.values("order_number")
    if not numbers and setting.requested == "order_number" and (typed := _TYPED_NUMBER.match(message.text)):
        numbers = [typed[1].strip()]
    known = slots.get("order_number")
    if len(numbers) == 1 and order_key(numbers[0]) != order_key(known or ""):
        heard["order_number"] = numbers[0]
        if known is not None:
            heard |= {"line": None, "remedy": None, "confirm": None}
    contacts = message.values("email") or (
        message.values("phone") if setting.requested == "contact" or slots.get("contact") is None else []
    )
    if contacts and (slots.get("verified_order") is None or corrects or "order_number" in heard):
        heard["contact"] = contacts[0]
    return heard


def _volunteered(message: Message) -> dict[str, Any]:
    heard: dict[str, Any] = {}
    reasons = message.values("reason")
    if len(reasons) == 1:
        heard["reason"] = reasons[0]
    for fact in message.values("fact"):
        name, _, value = fact.partition("=")
        if name in FACT_SLOTS:
            heard[name] = Cause(value).value if name == "cause" else value == "true"
    return heard


def _line(message: Message, slots: Mapping[str, Any], setting: Setting, corrects: bool) -> dict[str, Any]:
    if setting.requested == "line" or (slots.get("line") is not None and not corrects):
        return {}
    picked = match_title(message.text, setting.line_titles) if len(setting.line_titles) > 1 else None
    return {} if picked is None else {"line": picked, "remedy": None, "confirm": None}


def _goal(message: Message, slots: Mapping[str, Any], answered_already: bool) -> str | None:
    """The goal the message brings, if it is new; an answer to the question asked never changes the goal."""
    current = slots.get("goal")
    if current is None and message.intent not in GOALS:
        reasons = message.values("reason")
        return _GOAL_OF_REASON.get(ClaimReason(reasons[0])) if len(reasons) == 1 else None
    if message.intent not in GOALS or message.intent == current:
        return None
    if current is None:
        return message.intent
    return message.intent if message.confidence >= SURE and not answered_already else None
