"""Side questions: what a message asks in passing while a question of the bot's is open.

Inside a matter three things can come. Another outcome for the item ("cancel it", "a new one, please"), or a sign that
the open matter is dropped ("forget that", "instead"), changes the goal. What can be told at once (where the parcel is,
what the cover is, when people are at the shop) is told, and the open question comes back. A wish that needs questions
or a proof of its own (an invoice, a reminder) waits its turn.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from order_store import order_key

from .dossier import Dossier
from .goals import GOALS
from .heard import Heard
from .hearing_answers import SURE, answer_to, is_no_plain_answer, volunteered
from .identity import Asker
from .later import Request, queued
from .messages import Message, Setting
from .policy_told import asks_how_long_a_repair_takes

HOURS = "opening_hours"
PERSON_LATER = "person_later"
CARRIAGE = "shipping_cost"
REPAIR_TIME = "repair_time"
"""What is asked in passing and is no goal: when people are there, for one later on, who pays, a repair's duration."""
TOLD_AT_ONCE = frozenset({"track_order", "ask_deadline", "warranty", "refund_status", "privacy_request"})
"""Goals that a side question can be about: they take nothing away from an open matter."""
WAIT = frozenset({"invoice", "remind_me", "stop_reminding"})
"""Goals that do something, and nothing to the open matter."""
ABOUT_NO_ITEM = frozenset({"refund_status"})
NEEDS_NO_ORDER = frozenset({HOURS, PERSON_LATER, CARRIAGE, REPAIR_TIME, "privacy_request"})
_HEARD_BESIDE = frozenset({"order_number", "email", "phone", "date", "fact", "product", "quantity"})
"""Labels of what counts for a matter, though a question stands beside it."""
_ONLY_ASKED = frozenset({"track_order", "ask_deadline", "refund_status", "remind_me", "stop_reminding"})
"""Open matters that are mere questions: the newer one takes their place."""

_UNHEARD = frozenset({"affirm", "deny", "inform", "nlu_fallback"})
"""Intents of what was said to an announcement and may be a question none the less."""

_DROPS = re.compile(
    r"\b(?:forget (?:that|it|this|about)|instead|(?:scrap|drop|leave) (?:that|it|this)|never ?mind|rather|"
    r"on second thoughts?|i (?:just|only) (?:want|need)|no longer)\b|^\W*(?:\w+\W+){0,2}?actually\b",
    re.I,
)
_ASKS = re.compile(
    r"\?|^\W*(?:(?:and|but|so|ok|okay|wait|well|also|by the way|btw|actually|sorry)\W+)*"
    r"(?:is|are|was|am|do|does|did|can|could|will|would|should|has|have|who|what|why|when|where|how|which|until)\b",
    re.I,
)
_WISH_FOR_DATA = re.compile(r"\b(?:delete|erase|remove|correct|change|send|export|copy|download)\b", re.I)
_HOURS = re.compile(
    r"\b(?:opening|office|business|working|support|service|phone)\s+(?:hours|times)\b|\bhours of\b|^\W*hours\W*$"
    r"|\b(?:when|what time|until when|till when|how late|how long|what days|which days|are you|is (?:the|your) \w+)\b"
    r".{0,40}\b(?:open|close[ds]?|reached|reachable|staffed|at work)\b",
    re.I,
)
_LATER = re.compile(
    r"\b(?:later|afterwards?|another time|some other time|after (?:this|that)|if (?:this|that|it|you) (?:does|do|can)"
    r"(?:n['\u2019]?t| ?not)|if (?:necessary|needed|i need)|in case)\b",
    re.I,
)
_CALL = re.compile(r"\b(?:call|ring|phone|contact)\s+me\b", re.I)
_COST = re.compile(
    r"\b(?:what|how much)\b.{0,30}\b(?:cost|pay|charged?|fees?)\b"
    r"|\bwho(?:'s| is| has to|ever)?\s+(?:pays?|paying|bears)\b"
    r"|\b(?:is|are|it'?s|be)\b.{0,30}\b(?:free|charged?|fees?)\b|\b(?:postage|shipping|costs?)\b",
    re.I,
)


def asked_at_any_time(message: Message, slots: Mapping[str, Any]) -> str | None:
    """What is asked that takes no order, and is told whatever else is open: one of the names above.

    When people are at the shop, where none of them is asked for; how long a repair takes, where none is wished for and
    the message says nothing besides that is to be heard.
    """
    if message.intent == "human_handoff" and _HOURS.search(message.text) is not None:
        return HOURS
    return REPAIR_TIME if _asks_for_the_repair_time(message) and not _tells_something(message, slots) else None


def asked_in_passing(message: Message, slots: Mapping[str, Any], setting: Setting) -> str | None:
    """What the message asks beside the question that is open: a goal or one of the names above; None: nothing."""
    goal, requested = slots.get("goal"), setting.requested
    if _asks_for_the_repair_time(message):
        return REPAIR_TIME
    if message.answer is not None or requested is None or goal not in GOALS:
        return None
    if (
        requested == "confirm"
        and message.intent in _UNHEARD
        and (_asks(message) or is_no_plain_answer(message, setting))
    ):
        return CARRIAGE if GOALS[goal].remedies and _COST.search(message.text) else None
    if message.intent == "human_handoff":
        return PERSON_LATER if _LATER.search(message.text) and not _CALL.search(message.text) else None
    if message.intent not in TOLD_AT_ONCE | WAIT or message.intent == goal or message.confidence < SURE:
        return None
    if goal in _ONLY_ASKED or _DROPS.search(message.text) or message.values("tracking_number"):
        return None
    if message.intent == "warranty" and not _asks(message):
        return None  # a repair is wished for: another outcome
    is_about_the_item = requested in ("line", "order_number", "contact")
    if "reason" in volunteered(message) or (answer_to(message, setting, goal) is not None and not is_about_the_item):
        return None
    return message.intent


def without_it(message: Message, slots: Mapping[str, Any], setting: Setting) -> tuple[Message, Setting]:
    """What is left to be heard of a message with a side question: no other wish, no other order, hardly an answer."""
    if _names_another_order(message, slots):
        message = replace(message, spans=tuple(span for span in message.spans if span[0] != "order_number"))
    requested = setting.requested if setting.requested in ("line", "order_number", "contact") else None
    return replace(message, intent="inform"), replace(setting, requested=requested)


def take_aside(
    session: Session,
    heard: Heard,
    asked: str,
    message: Message,
    known: Mapping[str, Any],
    asker: Asker,
) -> None:
    """Have what was `asked` in passing told at once where that can be, else wait its turn."""
    if known.get("misses"):
        heard.updates["misses"] = None
    if _can_be_told(session, asked, message, {**known, **heard.updates}, asker):
        heard.aside = asked
        return
    waiting = {**known, **heard.updates}
    heard.updates["later"] = queued(waiting, (Request(asked, message.text, message.spans),))
    heard.remarks.append("comes_after")


def _can_be_told(session: Session, asked: str, message: Message, known: Mapping[str, Any], asker: Asker) -> bool:
    if asked == "privacy_request":
        return _WISH_FOR_DATA.search(message.text) is None
    if asked in NEEDS_NO_ORDER:
        return True
    if asked in WAIT or _names_another_order(message, known):
        return False
    dossier = Dossier.from_slots(known, asker)
    order = dossier.order(session)
    return order is not None and (asked in ABOUT_NO_ITEM or dossier.line_of(order) is not None)


def _asks_for_the_repair_time(message: Message) -> bool:
    asks_alone = message.answer is None and not message.requests and not message.values("reason")
    return asks_alone and asks_how_long_a_repair_takes(message.text)


def _tells_something(message: Message, slots: Mapping[str, Any]) -> bool:
    """Whether an order, a contact or anything else of a matter is told, beside the question.

    With an RMA it is that repair which is asked for; with a settled matter's own order, the repair of that matter.
    """
    if message.values("rma_number") or message.values("tracking_number"):
        return False
    known = slots.get("order_number")
    if slots.get("settled") and known is not None:
        return _names_another_order(message, slots)
    return any(label in _HEARD_BESIDE for label, _ in message.spans)


def _names_another_order(message: Message, slots: Mapping[str, Any]) -> bool:
    known = slots.get("order_number")
    numbers = {order_key(number) for number in message.values("order_number")}
    return known is not None and bool(numbers - {order_key(known)})


def _asks(message: Message) -> bool:
    return _ASKS.search(message.text) is not None
