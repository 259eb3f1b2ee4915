"""What a message adds to the matters that have questions of their own: a parcel sent back, a quote, a privacy request.

Called by `hearing.hear`; what these matters hear is nobody else's to take.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from order_store import normalise_number
from order_store.states import PRIVACY_KINDS

from .goals import GOALS
from .parcel_words import carrier_in, says_i_sent_it, says_it_is_sent, typed_tracking
from .privacy_wishes import LONGEST_WISH
from .privacy_words import kind_in, says_what_to_correct

if TYPE_CHECKING:
    from .messages import Message

OWN_QUESTIONS = frozenset({"tracking", "privacy_kind", "correction"})
"""The slots whose answers are read here."""

NOT_A_CORRECTION = frozenset(
    {"help", "greet", "goodbye", "thanks", "dont_know", "bot_challenge", "affirm", "deny", "human_handoff", "choose"}
)
"""Intents that answer no question for a text of one's own."""

CERTAIN = 0.8
"""How certain another wish has to be where any text would be an answer."""

_QUOTE = re.compile(
    r"\b(?:the|your|that|this|my|repair)\s+(?:repair\s+)?quot(?:e|ation)\b"
    r"|\bquot(?:e|ation)\s+(?:RPR\b|for (?:the|my|your) repair|of the repair|you sent|i got)",
    re.I,
)
_WANTS_A_QUOTE = re.compile(
    r"\b(?:get|give|want|need|have|like|make|send)\s+(?:me\s+)?(?:a|an|another)\s+(?:\w+\s+)?quot", re.I
)
_REPAIR_NUMBER = re.compile(r"\bRPR[\s-]?[A-Z0-9]{4}", re.I)
_MAY_MEAN_A_QUOTE = frozenset(
    {"warranty", "rma", "report_defect", "inform", "affirm", "deny", "ask_deadline", "out_of_scope", "nlu_fallback"}
    | {"shipping_cost", "refund_policy", "request_refund", "cancel_order", "repair_quote", "refund_status", "invoice"}
)
_NOT_TO_SHIP = re.compile(
    r"(?<!\bi )(?<!\bwe )(?<!\byou )(?<!\bthey )(?<!\bit )(?<!\bhe )(?<!\bshe )(?<!\bthat )(?<!\bwhich )(?<!\bwho )"
    r"\b(?:do not|don['\u2019]?t|dont)\s+(?:please\s+)?(?:ship|dispatch)\b"
    r"(?!\W+(?:\w+\W+){0,3}(?:another|new|replacement|until|before|to|by|with|together|yet|back|on|repaired|spare|me)\b)",
    re.I,
)
"""Said to the shop of the goods that were bought; not of what somebody does not do, nor of when or whither."""
_MAY_MEAN_NOT_TO_SHIP = frozenset({"report_defect", "stop", "deny", "inform", "out_of_scope", "nlu_fallback"})
_ACCEPTS = re.compile(r"\b(?:i|we)?\s*(?:accept|agree)\b|\bgo ahead\b|\brepair it then\b", re.I)
_DECLINES = re.compile(
    r"\b(?:decline|reject|refuse|turn (?:it|that) down|too expensive|too much|do(?:n't| not) repair)", re.I
)
_DENIED = re.compile(r"\b(?:not|never|no (?:need|reason|wish)|cannot|dont|wont|cant)\b|n['\u2019]t\b", re.I)
_ON_TERMS = re.compile(r"\b(?:if|when|before|unless|until|how|but|only)\b|\?", re.I)
_CLAUSE_ENDS = re.compile(r"[.!?;,]|\b(?:and|but|so)\b", re.I)
_UNSURE = re.compile(r"\b(?:not|never|if|when|before|unless|how|cannot|can't|don't|won't)\b|n['\u2019]t\b|\?", re.I)


def goal_in_words(message: Message) -> str | None:
    """The goal that words alone bring, whatever the intent: a quote, a parcel, an RMA spoken of."""
    if message.answer is not None:
        return None
    if _means_the_quote(message):
        return "repair_quote"
    if message.intent in _MAY_MEAN_NOT_TO_SHIP and _NOT_TO_SHIP.search(message.text) and not message.values("reason"):
        return "cancel_order"
    if says_i_sent_it(message.text) and message.values("tracking_number"):
        return "rma"
    return "rma" if message.values("rma_number") and message.intent not in GOALS else None


def own_answer(message: Message, slot: str) -> Any:
    """The answer to one of `OWN_QUESTIONS`; None where the message holds none."""
    match slot:
        case "privacy_kind":
            if message.answer is not None:
                return message.answer if message.answer in PRIVACY_KINDS else None
            return kind_in(message.text)
        case "correction":
            return _correction(message)
        case _:
            return _tracking(message)


def quote_answer(message: Message) -> bool | None:
    """A yes or no to a quote in words that say so; what is doubtful is neither."""
    accepts, declines = _ACCEPTS.search(message.text), _DECLINES.search(message.text)
    if accepts is not None and declines is None and not _UNSURE.search(message.text):
        return True
    if declines is not None and accepts is None and not is_doubtful_no(message):
        return False
    return None


def is_doubtful_no(message: Message) -> bool:
    """Whether words that decline a quote are denied themselves, or go with a condition: "I won't decline"."""
    declines = _DECLINES.search(message.text)
    if declines is None or message.answer is not None:
        return False
    clause = _CLAUSE_ENDS.split(message.text[: declines.start()])[-1]
    return _DENIED.search(clause) is not None or _ON_TERMS.search(message.text) is not None


def own_slots(message: Message, slots: Mapping[str, Any], goal: str | None) -> dict[str, Any]:
    """What else the message says for a matter of this `goal`; questions that are open have their answers already."""
    heard: dict[str, Any] = {}
    if named := message.values("rma_number"):
        heard["rma"] = normalise_number(named[0], "rma")
    if goal == "rma":
        heard |= _parcel(message, slots)
    elif goal == "privacy_request" and message.intent in (goal, "correct_that"):
        kind = kind_in(message.text)
        if kind is not None:
            heard["privacy_kind"] = kind
        if kind == "correction" and says_what_to_correct(message.text):
            heard["correction"] = message.text.strip()[:LONGEST_WISH]
    return heard


def is_about_other_addresses(message: Message, goal: str | None, requested: str | None) -> bool:
    """Whether an address in the message is not the customer's proof but what is to be corrected."""
    return goal == "privacy_request" and requested != "contact" and kind_in(message.text) == "correction"


def _means_the_quote(message: Message) -> bool:
    if message.intent not in _MAY_MEAN_A_QUOTE or _WANTS_A_QUOTE.search(message.text):
        return False
    return bool(_QUOTE.search(message.text) or _REPAIR_NUMBER.search(message.text))


def _parcel(message: Message, slots: Mapping[str, Any]) -> dict[str, Any]:
    heard: dict[str, Any] = {}
    if numbers := message.values("tracking_number"):
        heard["tracking"] = numbers[0]
    if says_it_is_sent(message.text) and ("tracking" in heard or "?" not in message.text):
        heard["sent"] = True
    if heard or slots.get("sent"):
        carrier = carrier_in(message.text)
        heard |= {"carrier": carrier} if carrier is not None else {}
    return heard


def _tracking(message: Message) -> str | bool | None:
    """The number, or False for a customer who has none."""
    if message.answer is not None:
        return False if message.answer == "no" else None
    if numbers := message.values("tracking_number"):
        return numbers[0]
    if typed := typed_tracking(message.text):
        return typed
    said_no = message.intent == "deny" or re.search(r"\b(?:no|without|haven't|don't have)\b", message.text, re.I)
    return False if said_no and not re.search(r"\d", message.text) else None


def _correction(message: Message) -> str | None:
    wants_something_else = message.intent in GOALS and message.intent != "privacy_request"
    if message.answer is not None or message.intent in NOT_A_CORRECTION or not message.text.strip():
        return None
    if wants_something_else and message.confidence >= CERTAIN:
        return None
    if message.intent == "privacy_request" and not says_what_to_correct(message.text):
        return None
    return message.text.strip()[:LONGEST_WISH]
