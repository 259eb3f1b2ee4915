"""Which of the things a message asks for comes now, and which wait."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .goals import GOALS
from .hearing_answers import SURE
from .later import Request, adds_a_request
from .messages import Message

ANSWERS = frozenset({"affirm", "deny", "inform", "correct_that"})
"""What a message is heard as that answers a question and asks for nothing."""
_SEVERAL = re.compile(r"\b(?:and|both|plus)\b|[&,+]", re.I)
_OTHER = re.compile(r"\b(?:other|another|different)\b", re.I)
_ONE_OF_THEM = re.compile(r"\b(?:not|or|instead|sorry|meant|mean|rather|wrong)\b", re.I)


def one_request_first(message: Message, known: Mapping[str, Any]) -> Message:
    """The message with what it wants now as its own, and what it wants beside that among its requests.

    A wish added to an open question waits; several orders in one wish are taken one after the other. The only order
    named is the one all of it is about.
    """
    goal, requested = known.get("goal"), known.get("requested_slot")
    if goal is None and message.requests and message.intent in ANSWERS:
        first, *rest = message.requests
        spans = (*message.spans, *first.spans)
        return replace(message, text=first.text, intent=first.goal, confidence=1.0, spans=spans, requests=tuple(rest))
    waits = requested is not None and message.intent in GOALS and message.intent != goal
    if waits and goal is not None and message.confidence >= SURE and adds_a_request(message.text):
        own = Request(message.intent, message.text, message.spans)
        return replace(message, text="", intent="inform", spans=(), requests=(own, *message.requests))
    numbers = message.values("order_number")
    are_all_meant = _SEVERAL.search(message.text) and not _ONE_OF_THEM.search(message.text)
    if len(numbers) > 1 and message.intent in GOALS and are_all_meant:
        further = tuple(Request(message.intent, number, (("order_number", number),)) for number in numbers[1:])
        spans = tuple(span for span in message.spans if span[0] != "order_number" or span[1] == numbers[0])
        return replace(message, spans=spans, requests=(*further, *message.requests))
    told_later = {span for each in message.requests for span in each.spans if span[0] == "order_number"}
    opens = known.get("order_number") is None
    of_another = any(_OTHER.search(each.text) for each in message.requests)
    if opens and not numbers and len(told_later) == 1 and not of_another:
        return replace(message, spans=(*message.spans, *told_later))
    return message
