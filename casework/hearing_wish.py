"""What a message wants: the goal it brings, where it brings one."""

import re
from collections.abc import Mapping, Set
from typing import Any

from policy_core import ClaimReason

from .arrivals import says_it_has_not_come
from .choosing import is_meant_by
from .goals import BESIDE, GOALS
from .hearing_answers import FACT_SLOTS, SAY_HOW_IT_IS, SURE
from .hearing_goals import goal_in_words
from .messages import Message
from .reasons import GOAL_OF_REASON

_SUPPOSED = re.compile(r"\b(?:what (?:if|happens|when)|in case|suppos\w+|if (?:it|the|my|something|they))\b", re.I)
CERTAIN = 0.9
"""How certain to change it in a message that gives the number or the contact while one is asked for: such hold little
else."""
_PAIR = frozenset({"order_number", "contact"})


def goal_brought(
    message: Message, slots: Mapping[str, Any], requested: str | None, told: Set[str], answered_already: bool
) -> str | None:
    """The goal the message brings, if it is new; an answer to the question asked never changes the goal.

    `told`: the slots it fills besides. While a fact of the goods is asked for, what is only guessed to be a report of
    something else is most likely said of that fact.
    """
    current = slots.get("goal")
    if current == "rma" and message.intent == "track_order" and message.values("tracking_number"):
        return None  # the number of the parcel that goes back
    if requested == "delivered_on" and not answered_already and _has_not_come(message):
        return "missing_order" if current != "missing_order" else None
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
    if requested is not None and _only_guessed(message, told) and _SUPPOSED.search(message.text):
        return None
    if requested == "confirm" and is_meant_by(message.intent, slots.get("remedy")):
        return None  # "repair, yes": what was announced
    needed = CERTAIN if requested in _PAIR and told & _PAIR else SURE
    return message.intent if message.confidence >= needed else None


def _only_guessed(message: Message, told: Set[str]) -> bool:
    return message.intent in SAY_HOW_IT_IS and "reason" not in told


def _has_not_come(message: Message) -> bool:
    return message.answer is None and not message.values("date") and says_it_has_not_come(message.text)
