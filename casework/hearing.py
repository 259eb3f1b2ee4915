"""What a message adds to the matter: from understood spans and intents to values of slots.

Understanding only proposes. What is heard here is what the customer said; whether an order number exists
and whose it is, is checked against the store elsewhere.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from order_store import order_key
from policy_core import Cause, ClaimReason

from .choosing import match_title, means_another_order, means_the_other_line, named_line, pick_line, pick_remedy
from .goals import GOALS
from .reasons import GOAL_OF_REASON, REASON_OF_INTENT, fits
from .told_days import read_day, read_days

YES_NO_SLOTS = frozenset(
    {"complete", "activated", "resalable", "caused_by_customer", "labels_intact", "has_fault", "confirm"}
)
FACT_SLOTS = ("complete", "activated", "resalable", "caused_by_customer", "cause", "labels_intact")
SURE = 0.55
"""How certain an intent has to be to count as a yes, or to change the goal of a running matter."""

_OPENING = re.compile(r"^\W*(yes|yeah|yep|yup|nope|nah|no)\b(?!\W+(?:idea|clue|matter|problem))", re.I)
_TYPED_NUMBER = re.compile(r"^[^\w]*((?:[A-Za-z]{1,6}[\s-]?)?\d[\d\s-]{1,24}\d)[^\w]*$")
_CHANGES_THE_TERMS = frozenset({"order_number", "line", "reason", *FACT_SLOTS, "delivered_on"})


@dataclass(frozen=True, slots=True)
class Message:
    """A message as understood: `spans` are the (label, value) pairs found.

    `answer` is the value behind a button, `answers` the slot whose question the button stood under; `pictures`
    counts those the customer has sent for the matter so far.
    """

    text: str
    intent: str
    confidence: float
    spans: tuple[tuple[str, str], ...] = ()
    answer: str | None = None
    answers: str | None = None
    pictures: int = 0

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
    if message.answer is not None and message.answers != setting.requested:
        return {}  # a button of a question that is no longer open
    heard: dict[str, Any] = {}
    corrects = message.intent == "correct_that"
    answered = _answer(message, setting, slots.get("goal"))
    if setting.requested is not None and answered is not None:
        heard[setting.requested] = answered
    goal = _goal(message, slots, answered_already=answered is not None)
    heard |= _identity(message, slots, setting, corrects)
    for name, value in _volunteered(message).items():
        news = slots.get(name) is None or corrects or name == setting.requested
        if news or (name == "reason" and goal is not None):
            heard.setdefault(name, value)
    if message.pictures > (slots.get("photos") or 0):
        heard["photos"] = message.pictures
    heard |= _line(message, slots, setting, corrects)
    heard |= _pieces(message, slots)
    if goal is not None:
        heard |= {"goal": goal, "remedy": None, "confirm": None}
        if "reason" not in heard and not fits(goal, slots.get("reason")):
            heard["reason"] = None
    if heard.keys() & _CHANGES_THE_TERMS and "confirm" not in heard:
        heard |= {name: None for name in ("remedy", "confirm") if slots.get(name) is not None and name not in heard}
    if "pieces" in heard and (setting.requested == "confirm" or slots.get("confirm") is not None):
        heard["confirm"] = None  # a yes, or a no, to other terms than were announced
    if corrects and slots.get("confirm") is None and slots.get("remedy") and not heard:
        heard["remedy"] = None
    return heard


def _answer(message: Message, setting: Setting, goal: str | None) -> Any:
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
        case "photos":
            return _no_pictures(message)
        case slot if slot in YES_NO_SLOTS:
            return _yes_or_no(message, slot, goal)
        case _:
            return None


def _yes_or_no(message: Message, slot: str, goal: str | None) -> bool | None:
    """A button, a sure yes or no, or one that opens the sentence ("no, it just stopped").

    What is written on a yes needs more than a word that opens a sentence; a fact told in the same breath that says
    the opposite leaves the question open.
    """
    said = message.answer
    if said is None and message.confidence >= SURE:
        said = {"affirm": "yes", "deny": "no"}.get(message.intent)
    wants_something_else = message.intent in GOALS and message.intent != goal
    if said is None and not wants_something_else and (opening := _OPENING.match(message.text)):
        said = "no" if opening[1].lower().startswith("n") else "yes"
        if said == "yes" and slot == "confirm":
            return None
    answered = {"yes": True, "no": False}.get(said or "")
    told = _volunteered(message).get(slot)
    return None if answered is not None and told is (not answered) else answered


def _no_pictures(message: Message) -> int | None:
    """0 for a customer who can give none (ST-2); a yes alone is no picture yet."""
    return 0 if message.pictures == 0 and _yes_or_no(message, "photos", None) is False else None


def _reason(message: Message) -> str | None:
    if message.answer in list(ClaimReason):
        return message.answer
    found = message.values("reason")
    if len(found) == 1:
        return found[0]
    implied = REASON_OF_INTENT.get(message.intent)
    return implied if implied is not None and not found and message.confidence >= SURE else None


def _remedy(message: Message, offered: tuple[str, ...]) -> str | None:
    if message.answer is not None:
        return message.answer if message.answer in (*offered, "none") else None
    return pick_remedy(message.text, message.intent, offered)


def _picked_line(message: Message, titles: tuple[str, ...]) -> int | None:
    if message.answer is not None:
        return int(message.answer) if message.answer in map(str, range(len(titles))) else None
    named = named_line(message.values("product"), titles)
    return pick_line(message.text, titles) if named is None else named


def _day(message: Message, setting: Setting) -> Any:
    """A day as ISO text, or `{"options": [...]}` when it can be read two ways.

    Where days were found in the message they count, else the whole of it, unless it asks something.
    """
    if message.answer is not None:
        told = read_day(message.answer, setting.now, setting.zone)
    elif dates := message.values("date"):
        told = read_days(dates, setting.now, setting.zone)
    elif "?" in message.text:
        return None
    else:
        told = read_day(message.text, setting.now, setting.zone)
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
    elif not numbers and corrects and known is not None and means_another_order(message.text):
        heard |= {"order_number": None, "line": None, "remedy": None, "confirm": None}
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
    facts = message.values("fact")
    # Two causes told at once are a question; "proof" is heard of nobody, a paid order is the proof itself (AS-A4).
    two_causes = sum(fact.startswith("cause=") for fact in facts) > 1
    for fact in facts:
        name, _, value = fact.partition("=")
        if name == "cause" and two_causes:
            continue
        if name in FACT_SLOTS:
            heard[name] = Cause(value).value if name == "cause" else value == "true"
        elif name == "photos" and message.pictures == 0:
            heard[name] = int(value)
    return heard


def _line(message: Message, slots: Mapping[str, Any], setting: Setting, corrects: bool) -> dict[str, Any]:
    known, titles = slots.get("line"), setting.line_titles
    products = message.values("product")
    if not titles and known is None and len(products) == 1 and products[0] != slots.get("named_product"):
        return {"named_product": products[0]}  # whether it is among the order's lines is seen once the order is theirs
    if setting.requested == "line" or len(titles) < 2 or (known is not None and not corrects):
        return {}
    picked = named_line(products, titles)
    if picked is None:
        picked = match_title(message.text, titles)
    if picked is not None:
        return {"line": picked, "remedy": None, "confirm": None}
    if known is None or not means_the_other_line(message.text):
        return {}
    return {"line": 1 - int(known) if len(titles) == 2 else None, "remedy": None, "confirm": None}


def _pieces(message: Message, slots: Mapping[str, Any]) -> dict[str, Any]:
    """How many pieces are meant, where one number is told; whether the line has so many is seen at the order."""
    told = message.values("quantity")
    if len(told) != 1 or not told[0].isdecimal() or int(told[0]) in (0, slots.get("pieces")):
        return {}
    return {"pieces": int(told[0])}


def _goal(message: Message, slots: Mapping[str, Any], answered_already: bool) -> str | None:
    """The goal the message brings, if it is new; an answer to the question asked never changes the goal."""
    current = slots.get("goal")
    if current is None and message.intent not in GOALS:
        reasons = message.values("reason")
        return GOAL_OF_REASON.get(ClaimReason(reasons[0])) if len(reasons) == 1 else None
    if message.intent not in GOALS or message.intent == current:
        return None
    if current is None:
        return message.intent
    return message.intent if message.confidence >= SURE and not answered_already else None
