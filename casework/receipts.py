"""A receipt that cannot be found, told beside another matter, is no wish for an invoice."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .messages import Message

_LOST = (
    r"lost|lose|mislaid|misplaced|threw|thrown|binned|can(?:no|['\u2019]?)t find|no longer have"
    r"|(?:do|did|have)(?: not|n['\u2019]?t) (?:kept|keep)"
)
_NONE_THERE = re.compile(
    rf"\b(?:{_LOST})\b.{{0,30}}\b(?:receipt|invoice|bill)\b"
    r"|\b(?:without|(?:do|have)(?: not|n['\u2019]?t) (?:have|got)|have no|got no)\b"
    r".{0,30}\b(?:receipt|bill)\b"
    r"|\b(?:receipt|invoice|bill)\b.{0,20}\b(?:is|was|got|has)\b.{0,10}\b(?:lost|gone|thrown|mislaid|binned)\b",
    re.I,
)
"""Of a receipt, that there is none; of an invoice, which the shop may never have sent, that it was lost."""
_WANTS_ONE = re.compile(
    r"\?|\b(?:send|resend|e-?mail|mail|copy|duplicate|another|new one|need|want|wish|would like|like|get|give|download"
    r"|again|please|pls|can you|could you|can i|issue|print)\b",
    re.I,
)


def says_there_is_no_receipt(text: str) -> bool:
    """Whether the text says so and asks for none."""
    return _NONE_THERE.search(text) is not None and _WANTS_ONE.search(text) is None


def without_lost_receipts(message: Message, slots: Mapping[str, Any]) -> tuple[Message, bool]:
    """The message without wishes for an invoice that only say there is none to be found; and whether there was one.

    Beside another matter alone: who says nothing else may well want one.
    """
    requests = tuple(
        each for each in message.requests if each.goal != "invoice" or not says_there_is_no_receipt(each.text)
    )
    found = len(requests) < len(message.requests)
    in_another_matter = slots.get("requested_slot") is not None and slots.get("goal") != "invoice"
    if message.intent == "invoice" and (in_another_matter or requests) and says_there_is_no_receipt(message.text):
        return replace(message, intent="inform", requests=requests), True
    return (replace(message, requests=requests) if found else message), found
