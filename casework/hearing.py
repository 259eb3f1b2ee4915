"""What a message adds to the matter: from understood spans and intents to values of slots.

Understanding only proposes. What is heard here is what the customer said; whether an order number exists
and whose it is, is checked against the store elsewhere.
"""

from collections.abc import Mapping
from typing import Any

from policy_core import ClaimReason

from .hearing_answers import FACT_SLOTS, YES_NO_SLOTS, answer_to, arrival_day, volunteered
from .hearing_goals import OWN_QUESTIONS, own_slots
from .hearing_identity import identity_told
from .hearing_lines import line_meant, pieces_meant
from .hearing_wish import goal_brought
from .messages import Message, Setting
from .reasons import fits
from .together import SLOT as TOGETHER

_CHANGES_THE_TERMS = frozenset(
    {"order_number", "line", "reason", *FACT_SLOTS, "delivered_on", "tracking", "carrier", "privacy_kind", "correction"}
)


def hear(message: Message, slots: Mapping[str, Any], setting: Setting) -> dict[str, Any]:
    """The slots a message fills or changes; empty when it says nothing for the matter.

    An answer to the question asked counts first; whatever else was said counts too. A wish for something
    else changes the goal and keeps what is known.
    """
    if message.answer is not None and message.answers != setting.requested:
        return {}  # a button of a question that is no longer open
    heard: dict[str, Any] = {}
    corrects = message.intent == "correct_that"
    answered = answer_to(message, setting, slots.get("goal"))
    if setting.requested == TOGETHER and answered is not None:
        heard |= answered
    elif setting.requested == "line" and answered is not None:
        heard |= {"line": answered[0], "lines": answered[1:] or None}
    elif setting.requested is not None and answered is not None:
        heard[setting.requested] = answered
    told, is_answered = volunteered(message), answered is not None
    likely = goal_brought(message, slots, setting.requested, told.keys(), is_answered)
    identity = identity_told(message, slots, setting, corrects, likely or heard.get("goal") or slots.get("goal"))
    heard |= identity
    goal = goal_brought(message, slots, setting.requested, told.keys() | identity.keys(), is_answered)
    matter = goal or heard.get("goal") or slots.get("goal")
    for name, value in told.items():
        in_passing = name in (slots.get("taken") or ())  # what was heard so gives way to what is heard now
        news = slots.get(name) is None or corrects or in_passing or name == setting.requested
        if news or (name == "reason" and goal is not None):
            heard.setdefault(name, value)
    missing = "missing_order" in (matter, message.intent) or ClaimReason.NOT_RECEIVED in message.values("reason")
    # A day heard in passing, or named with a verdict that has just been told, gives way to what is said of it now.
    may_change = "delivered_on" in (slots.get("taken") or ()) or setting.requested in ("confirm", "remedy")
    if not missing and (slots.get("delivered_on") is None or corrects or may_change):
        day = arrival_day(message, setting)
        if day is not None and day != slots.get("delivered_on"):
            heard.setdefault("delivered_on", day)
    if message.pictures > (slots.get("photos") or 0):
        heard["photos"] = message.pictures
    line = line_meant(message, slots, setting, corrects)
    changes_line = "line" in line and slots.get("line") is not None and message.answer is None
    if changes_line and setting.requested in YES_NO_SLOTS:
        heard.pop(setting.requested, None)  # "no, I mean the lamp" is no answer to what was asked of the kettle
    heard |= line
    heard |= pieces_meant(message, slots)
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
    if heard.keys() & {"pieces", "delivered_on"} and (
        setting.requested == "confirm" or slots.get("confirm") is not None
    ):
        heard["confirm"] = None  # a yes, or a no, to other terms than were announced
    if "delivered_on" in heard and setting.requested == "remedy":
        heard["remedy"] = None
    if corrects and slots.get("confirm") is None and slots.get("remedy") and not heard:
        heard["remedy"] = None
    return heard
