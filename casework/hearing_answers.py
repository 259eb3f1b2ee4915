"""What a message answers to the question that is open, and what it tells of the goods besides."""

import re
from typing import Any

from policy_core import Cause, ClaimReason

from .arrivals import days_of_arrival
from .choosing import named_line, pick_remedy
from .goals import BESIDE, GOALS
from .hearing_goals import OWN_QUESTIONS, is_doubtful_no, own_answer, quote_answer
from .lines import pick_lines
from .messages import Message, Setting
from .plain_yes import is_plain_yes
from .reasons import REASON_OF_INTENT
from .together import SLOT as TOGETHER
from .together import answered as answered_together
from .told_days import ToldDay, read_day, read_days

YES_NO_SLOTS = frozenset(
    {"complete", "activated", "resalable", "caused_by_customer", "labels_intact", "has_fault", "confirm", "quote"}
)
FACT_SLOTS = ("complete", "activated", "resalable", "caused_by_customer", "cause", "labels_intact")
SURE = 0.55
"""How certain an intent has to be to count as a yes, or to change the goal of a running matter."""
SAY_HOW_IT_IS = frozenset({"report_defect", "report_wrong_item", "report_missing_parts"})
_OPENING = re.compile(r"^\W*(yes|yeah|yep|yup|nope|nah|no)\b(?!\W+(?:idea|clue|matter|problem))", re.I)
_CLOSING = re.compile(r",\s*(yes|yeah|yep|yup|nope|nah|no)\W*$", re.I)
_SO = re.compile(
    r"^\W*(?:(?:well|yes|no)\W+)?(?:i\W*(?:am|m|do)?\s+)?(?:afraid|think|believe|guess|suppose|reckon|fear)\s+(so|not)\W*$",
    re.I,
)
"""A yes or no by its last word: "I'm afraid so", "I think not"."""
WRITES = frozenset({"confirm", "quote"})
"""The slots on whose yes something is written."""


def answer_to(message: Message, setting: Setting, goal: str | None) -> Any:
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
            return _no_pictures(message, setting)
        case slot if slot == TOGETHER:
            return _list_answered(message, setting, goal)
        case slot if slot in OWN_QUESTIONS:
            return own_answer(message, slot)
        case slot if slot in YES_NO_SLOTS:
            return _yes_or_no(message, setting, slot, goal)
        case _:
            return None


def volunteered(message: Message) -> dict[str, Any]:
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


def arrival_day(message: Message, setting: Setting) -> Any:
    """The day of arrival told in passing, as `_day` gives it."""
    return _told(read_days(days_of_arrival(message.text, message.values("date")), setting.now, setting.zone))


def is_no_plain_answer(message: Message, setting: Setting) -> bool:
    """Whether what was said to something announced is a yes to other terms, or a quote's no in doubt."""
    if message.answer is not None:
        return False
    if setting.requested == "quote" and is_doubtful_no(message):
        return True
    word = _word(message)
    says_yes = word == "yes" or (word is None and message.intent == "affirm" and message.confidence >= SURE)
    return says_yes and not is_plain_yes(message.text, setting.announced, setting.item)


def _yes_or_no(message: Message, setting: Setting, slot: str, goal: str | None) -> bool | None:
    """A button, a sure yes or no, or one that opens or closes the sentence ("no, it just stopped", "everything, yes").

    Where the word says the opposite of what was understood, the word counts ("yes, nothing was thrown away"). What is
    written on a yes needs more than such a word, and a plain yes; a fact told in the same breath that says the
    opposite leaves the question open.
    """
    if slot == "quote" and is_doubtful_no(message):
        return None
    said = message.answer
    if said is None and message.confidence >= SURE:
        said = {"affirm": "yes", "deny": "no"}.get(message.intent)
    says_how_it_is = message.intent in SAY_HOW_IT_IS and slot in (*FACT_SLOTS, "has_fault")
    wants_something_else = message.intent in GOALS.keys() - BESIDE and message.intent != goal and not says_how_it_is
    word = None if message.answer or wants_something_else else _word(message)
    if word is not None:
        if slot in WRITES and said is not None and said != word:
            return None
        said = word
    answered = {"yes": True, "no": False}.get(said or "")
    if answered is None and slot == "quote":
        answered = quote_answer(message)
    if answered and slot in WRITES and message.answer is None:
        answered = is_plain_yes(message.text, setting.announced, setting.item) or None
    told = volunteered(message).get(slot)
    return None if answered is not None and told is (not answered) else answered


def _word(message: Message) -> str | None:
    """The yes or no that opens or closes the sentence."""
    found = _SO.match(message.text) or _OPENING.match(message.text) or _CLOSING.search(message.text)
    return None if found is None else "no" if found[1].lower().startswith("n") else "yes"


def _no_pictures(message: Message, setting: Setting) -> int | None:
    """0 for a customer who can give none (ST-2); a yes alone is no picture yet."""
    return 0 if message.pictures == 0 and _yes_or_no(message, setting, "photos", None) is False else None


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
    said = _yes_or_no(message, setting, TOGETHER, goal)
    told = volunteered(message)
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


def _told(told: ToldDay) -> Any:
    if told.day is not None:
        return told.day.isoformat()
    return {"options": [day.isoformat() for day in told.options]} if told.options else None
