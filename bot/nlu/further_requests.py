"""Several requests in one message: which pieces of it ask for something of their own.

Precision comes first. A single request must hardly ever be taken for two, so a piece counts only when it is sure, and
what customers say in one breath about one trouble ("it came broken, I want my money back") stays one request.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.nlu.pieces import Piece

_REMEDIES = frozenset(
    {
        "return_item",
        "report_defect",
        "report_wrong_item",
        "report_missing_parts",
        "missing_order",
        "warranty",
        "out_of_stock",
        "cancel_order",
        "request_refund",
        "exchange_item",
        "rma",
    }
)
_ABOUT_REMEDIES = frozenset({"ask_deadline", "refund_policy", "refund_status", "shipping_cost"})
_ONE_TROUBLE = (
    _REMEDIES | _ABOUT_REMEDIES,
    frozenset(
        {"track_order", "missing_order", "out_of_stock", "cancel_order", "request_refund", "refund_status", "rma"}
    ),
    frozenset({"track_order", "ask_deadline"}),
)
"""Intents that are one request unless the customer speaks of two orders or two things."""
REQUESTS = frozenset({*_REMEDIES, *_ABOUT_REMEDIES, "track_order", "invoice", "privacy_request"}) | {
    "human_handoff",
    "remind_me",
}
"""Intents that ask for something by themselves."""
ANSWERS = frozenset({"affirm", "deny", "inform", "correct_that"})
"""Intents that answer what the bot asked; a request may be added to one."""

_NUMBER = re.compile(r"(?<![\w@.-])(?:[a-z]{2,5}-\d+|[a-z]{1,5}[- ]?\d{3,}|#?\d{4,})(?![\w@]|[.,:]\d)", re.I)
_OTHER = re.compile(
    r"\b(?:my|the|an)\s?(?:other|second|older|earlier|previous)\s+"
    r"(?!(?:day|week|weekend|hand|side|time|thing|question)s?\b|(?<=another )one\b)\w+"
    r"|\b(?:another|a different|a second)\s+(?:order|parcel|package|shipment|delivery)\b",
    re.I,
)
_OBJECT = re.compile(
    r"\b(?:return|exchange|swap|replace|cancel|refund|send back|warranty (?:on|for|of))\s+(?:the|my|this|that|a|an)\s+"
    r"(?P<object>(?:\w+\s+){0,3}?\w+)(?=\W*$|\s+(?:for|from|because|which|that|to|in|with|it|is|i)\b|\s*[,.!?])",
    re.I,
)
_NAMED = re.compile(r"\b(?:the|my)\s+(\w+)", re.I)
_NO_OBJECT = re.compile(
    r"orders?|money|refund|items?|things?|products?|purchase|package|parcel|shipping|payment|amount|rest|price|cost|"
    r"postage|ones?|return|exchange|replacement|label|whole|entire|full|same"
)


@dataclass(frozen=True)
class Heard:
    """A piece with the intent it was heard as; `confidence` is from 0 to 1."""

    piece: Piece
    intent: str
    confidence: float


@dataclass(frozen=True)
class Request:
    """text[start:end] of the message asks for `intent`; `heard` is the piece that says so."""

    intent: str
    start: int
    end: int
    heard: Heard


def requests_in(pieces: Sequence[Heard], sure: float) -> list[Request]:
    """The requests of a message, in the order they stand there; fewer than two: there is nothing to take apart.

    A piece that asks for nothing of its own belongs to the request before it. The first may be an answer to what the
    bot asked ("yes it is, and also where is my other order?").
    """
    found: list[Request] = []
    for heard in pieces:
        is_request = heard.intent in REQUESTS and heard.confidence >= sure
        opens = not found and heard.intent in ANSWERS and heard.confidence >= sure and heard.piece.start == 0
        if (is_request or opens) and not any(_is_one_with(each, heard) for each in found):
            found.append(Request(heard.intent, heard.piece.start if found else 0, heard.piece.end, heard))
        elif found:
            found[-1] = replace(found[-1], end=heard.piece.end)
    if found and found[0].intent in ANSWERS and not all(each.heard.piece.added for each in found[1:]):
        # No answer: "I changed my mind and want to return it" is one wish.
        return [replace(found[1], start=found[0].start), *found[2:]]
    return found


def _is_one_with(request: Request, heard: Heard) -> bool:
    if request.intent in ANSWERS:
        return False
    same = request.intent == heard.intent
    if not same and not any({request.intent, heard.intent} <= family for family in _ONE_TROUBLE):
        return False
    return not _of_another_thing(request.heard.piece.text, heard.piece.text, heard.piece.added)


def _of_another_thing(one: str, two: str, added: bool) -> bool:
    """Whether the pieces speak of two orders, or ask for two different things to be taken back."""
    if _OTHER.search(two):
        return True
    numbers, further = _numbers(one), _numbers(two)
    if numbers and further and not numbers & further:
        return True
    objects, others = _objects(one), _objects(two)
    if added and not objects:
        objects = _singular(_NAMED.findall(one.lower()))
    return bool(objects and others and not objects & others)


def _numbers(text: str) -> set[str]:
    return {re.sub(r"\W", "", number).lower() for number in _NUMBER.findall(text)}


def _objects(text: str) -> set[str]:
    return _singular([found["object"].split()[-1] for found in _OBJECT.finditer(text.lower())])


def _singular(words: Sequence[str]) -> set[str]:
    return {word.rstrip("s") for word in words if not _NO_OBJECT.fullmatch(word)}
