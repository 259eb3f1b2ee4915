"""What a message adds to the matter: from understood spans and intents to values of slots.

Understanding only proposes. What is heard here is what the customer said; whether an order number exists
and whose it is, is checked against the store elsewhere.
"""

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from order_store import order_key
from policy_core import Cause, ClaimReason

from .arrivals import days_of_arrival
from .choosing import (
    match_title,
    means_another_order,
    means_the_other_line,
    named_line,
    pick_remedy,
    takes_back,
)
from .goals import BESIDE, GOALS
from .hearing_goals import (
    OWN_QUESTIONS,
    goal_in_words,
    is_about_other_addresses,
    own_answer,
    own_slots,
    quote_answer,
)
from .later import Request
from .lines import further_lines, named_lines, pick_lines
from .reasons import GOAL_OF_REASON, REASON_OF_INTENT, fits
from .together import SLOT as TOGETHER
from .together import answered as answered_together
from .told_days import ToldDay, read_day, read_days

YES_NO_SLOTS = frozenset(
    {"complete", "activated", "resalable", "caused_by_customer", "labels_intact", "has_fault", "confirm", "quote"}
)
FACT_SLOTS = ("complete", "activated", "resalable", "caused_by_customer", "cause", "labels_intact")
SURE = 0.55
"""How certain an intent has to be to count as a yes, or to change the goal of a running matter."""
CERTAIN = 0.9
"""How certain to change it in a message that gives the number or the contact asked for: such hold little else."""
_SAY_HOW_IT_IS = frozenset({"report_defect", "report_wrong_item", "report_missing_parts"})

_OPENING = re.compile(r"^\W*(yes|yeah|yep|yup|nope|nah|no)\b(?!\W+(?:idea|clue|matter|problem))", re.I)
_CLOSING = re.compile(r",\s*(yes|yeah|yep|yup|nope|nah|no)\W*$", re.I)
_TYPED_NUMBER = re.compile(r"^[^\w]*((?:[A-Za-z]{1,6}[\s-]?)?\d[\d\s-]{1,24}\d)[^\w]*$")
_NUMBER_WITHIN = re.compile(
    r"(?<![\w@.,/+-])(?!(?:19|20)\d\d(?![\d-]))(?:[A-Za-z]{1,6}-)?\d(?:-?\d){3,11}(?![\w@-]|[.,]\d)"
)
_WRITES = frozenset({"confirm", "quote"})
_CHANGES_THE_TERMS = frozenset(
    {"order_number", "line", "reason", *FACT_SLOTS, "delivered_on", "tracking", "carrier", "privacy_kind", "correction"}
)


@dataclass(frozen=True, slots=True)
class Message:
    """A message as understood: `spans` are the (label, value) pairs found.

    `answer` is the value behind a button, `answers` the slot whose question the button stood under; `pictures`
    counts those the customer has sent for the matter so far. `requests` are what it asks for beside its intent; their
    words and spans are not among its own.
    """

    text: str
    intent: str
    confidence: float
    spans: tuple[tuple[str, str], ...] = ()
    answer: str | None = None
    answers: str | None = None
    pictures: int = 0
    requests: tuple[Request, ...] = ()

    def values(self, label: str) -> list[str]:
        """The different values found under `label`, in order."""
        return list(dict.fromkeys(value for found, value in self.spans if found == label))


@dataclass(frozen=True, slots=True)
class Setting:
    """Where the message falls: the slot that was asked for, what can be chosen, and the shop's day.

    `listed`: the facts that were asked for as one list.
    """

    requested: str | None
    now: datetime
    zone: ZoneInfo
    line_titles: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()


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
    if setting.requested == TOGETHER and answered is not None:
        heard |= answered
    elif setting.requested == "line" and answered is not None:
        heard |= {"line": answered[0], "lines": answered[1:] or None}
    elif setting.requested is not None and answered is not None:
        heard[setting.requested] = answered
    told, is_answered = _volunteered(message), answered is not None
    likely = _goal(message, slots, setting.requested, told.keys(), is_answered)
    identity = _identity(message, slots, setting, corrects, likely or heard.get("goal") or slots.get("goal"))
    heard |= identity
    goal = _goal(message, slots, setting.requested, told.keys() | identity.keys(), is_answered)
    matter = goal or heard.get("goal") or slots.get("goal")
    for name, value in told.items():
        news = slots.get(name) is None or corrects or name == setting.requested
        if news or (name == "reason" and goal is not None):
            heard.setdefault(name, value)
    missing = "missing_order" in (matter, message.intent) or ClaimReason.NOT_RECEIVED in message.values("reason")
    if not missing and (slots.get("delivered_on") is None or corrects):
        day = _arrival(message, setting)
        if day is not None:
            heard.setdefault("delivered_on", day)
    if message.pictures > (slots.get("photos") or 0):
        heard["photos"] = message.pictures
    line = _line(message, slots, setting, corrects)
    changes_line = "line" in line and slots.get("line") is not None and message.answer is None
    if changes_line and setting.requested in YES_NO_SLOTS:
        heard.pop(setting.requested, None)  # "no, I mean the lamp" is no answer to what was asked of the kettle
    heard |= line
    heard |= _pieces(message, slots)
    for name, value in own_slots(message, slots, matter).items():
        if slots.get(name) != value:
            heard.setdefault(name, value)
    if setting.requested == "confirm" and heard.keys() & OWN_QUESTIONS:
        heard["confirm"] = None  # "no, the number is …" is a yes or no to something else than what was announced
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
            return _picked_lines(message, setting.line_titles) or None
        case "delivered_on":
            return _day(message, setting)
        case "photos":
            return _no_pictures(message)
        case slot if slot == TOGETHER:
            return _list_answered(message, setting, goal)
        case slot if slot in OWN_QUESTIONS:
            return own_answer(message, slot)
        case slot if slot in YES_NO_SLOTS:
            return _yes_or_no(message, slot, goal)
        case _:
            return None


def _yes_or_no(message: Message, slot: str, goal: str | None) -> bool | None:
    """A button, a sure yes or no, or one that opens or closes the sentence ("no, it just stopped", "everything, yes").

    Where the word says the opposite of what was understood, the word counts ("yes, nothing was thrown away"). What is
    written on a yes needs more than such a word, and no such doubt; a fact told in the same breath that says the
    opposite leaves the question open.
    """
    said = message.answer
    if said is None and message.confidence >= SURE:
        said = {"affirm": "yes", "deny": "no"}.get(message.intent)
    says_how_it_is = message.intent in _SAY_HOW_IT_IS and slot in (*FACT_SLOTS, "has_fault")
    wants_something_else = message.intent in GOALS.keys() - BESIDE and message.intent != goal and not says_how_it_is
    found = (
        None
        if message.answer or wants_something_else
        else _OPENING.match(message.text) or _CLOSING.search(message.text)
    )
    if found is not None:
        word = "no" if found[1].lower().startswith("n") else "yes"
        if slot in _WRITES and said != word and "yes" in (said, word):
            return None
        said = word
    answered = {"yes": True, "no": False}.get(said or "")
    if answered is None and slot == "quote":
        answered = quote_answer(message)
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


def _list_answered(message: Message, setting: Setting, goal: str | None) -> dict[str, Any] | None:
    said = _yes_or_no(message, TOGETHER, goal)
    told = _volunteered(message)
    if said is None and told and (opening := _OPENING.match(message.text)):
        # "Yes, but the box is gone" is an answer, however much it sounds like a wish.
        said = not opening[1].lower().startswith("n")
    text = message.text if message.answer is None else message.answer
    return answered_together(text, setting.listed, said, told, message.intent == "dont_know") or None


def _picked_lines(message: Message, titles: tuple[str, ...]) -> list[int]:
    if message.answer == "all":
        return list(range(len(titles)))
    if message.answer is not None:
        return [int(message.answer)] if message.answer in map(str, range(len(titles))) else []
    named = named_line(message.values("product"), titles)
    return pick_lines(message.text, titles) if named is None else [named]


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
    return _told(told)


def _arrival(message: Message, setting: Setting) -> Any:
    """The day of arrival told in passing, as `_day` gives it."""
    return _told(read_days(days_of_arrival(message.text, message.values("date")), setting.now, setting.zone))


def _told(told: ToldDay) -> Any:
    if told.day is not None:
        return told.day.isoformat()
    return {"options": [day.isoformat() for day in told.options]} if told.options else None


def _identity(
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
    known, titles, waiting = slots.get("line"), setting.line_titles, list(slots.get("lines") or ())
    products = message.values("product")
    if not titles and known is None and len(products) == 1 and products[0] != slots.get("named_product"):
        return {"named_product": products[0]}  # whether it is among the order's lines is seen once the order is theirs
    if setting.requested == "line" or len(titles) < 2:
        return {}
    new_goal = message.intent in GOALS and message.intent != slots.get("goal")
    wants_something_else = new_goal and message.confidence >= SURE
    if known is None:
        several = named_lines(message.text, titles)
        if several:
            return {"line": several[0], "lines": several[1:], "remedy": None, "confirm": None}
    elif not wants_something_else and (further := further_lines(message.text, titles, int(known), waiting)):
        return {"lines": [*waiting, *further]}
    elif not corrects and not takes_back(message.text):
        return {}
    picked = named_line(products, titles)
    if picked is None:
        picked = match_title(message.text, titles)
    if picked is not None and (corrects or picked != known):
        return {"line": picked, "remedy": None, "confirm": None}
    if known is None or not corrects or not means_the_other_line(message.text):
        return {}
    return {"line": 1 - int(known) if len(titles) == 2 else None, "remedy": None, "confirm": None}


def _pieces(message: Message, slots: Mapping[str, Any]) -> dict[str, Any]:
    """How many pieces are meant, where one number is told; whether the line has so many is seen at the order."""
    told = message.values("quantity")
    if len(told) != 1 or not told[0].isdecimal() or int(told[0]) in (0, slots.get("pieces")):
        return {}
    return {"pieces": int(told[0])}


def _goal(
    message: Message, slots: Mapping[str, Any], requested: str | None, told: Set[str], answered_already: bool
) -> str | None:
    """The goal the message brings, if it is new; an answer to the question asked never changes the goal.

    `told`: the slots it fills besides. While a fact of the goods is asked for, what is only guessed to be a report of
    something else is most likely said of that fact.
    """
    current = slots.get("goal")
    if current == "rma" and message.intent == "track_order" and message.values("tracking_number"):
        return None  # the number of the parcel that goes back
    named = goal_in_words(message)
    if named is not None and not answered_already:
        return named if named != current else None
    if current is None and (message.intent not in GOALS or message.intent in BESIDE):
        reasons = message.values("reason")
        of_the_reason = GOAL_OF_REASON.get(ClaimReason(reasons[0])) if len(reasons) == 1 else None
        return of_the_reason or (message.intent if message.intent in BESIDE else None)
    if message.intent not in GOALS.keys() - BESIDE or message.intent == current:
        return None
    if current is None:
        # Whoever asks for newer software is heard by that: it sounds like news of an order.
        upgrade = message.values("reason") == [ClaimReason.SOFTWARE_UPGRADE]
        return GOAL_OF_REASON[ClaimReason.SOFTWARE_UPGRADE] if upgrade else message.intent
    if answered_already or (requested in FACT_SLOTS and (requested in told or _only_guessed(message, told))):
        return None
    needed = CERTAIN if requested in ("order_number", "contact") and requested in told else SURE
    return message.intent if message.confidence >= needed else None


def _only_guessed(message: Message, told: Set[str]) -> bool:
    return message.intent in _SAY_HOW_IT_IS and "reason" not in told
