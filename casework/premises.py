"""What a verdict rests on that nobody asked for: heard in passing, it may have been misheard, so it is said with it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from policy_core import ClaimReason, decide

from .arrivals import days_of_arrival
from .asking_next import SLOT_OF_QUESTION
from .dossier import Dossier
from .hearing_answers import FACT_SLOTS
from .judged import Judged
from .messages import Message
from .reasons import GOAL_OF_REASON
from .together import SLOT as TOGETHER
from .words import Words

TAKEN = "taken"
"""The slot with the names of those that were filled in passing, or by a guess at what the customer wants."""
_CAN_BE_TAKEN = ("reason", *FACT_SLOTS, "delivered_on")
_PATHS = {slot: path for path, slot in SLOT_OF_QUESTION.items()} | {"cause": "claim.cause"}
_SAID_BY_THE_GOAL = frozenset({"report_wrong_item", "report_missing_parts", "missing_order"})
"""Goals that say why, so that a customer whose wish was misheard is judged by a reason that is not theirs."""


def believed(message: Message) -> Message:
    """The message without a wish that it contradicts: what came on a day it names is not missing.

    The reason it tells counts then; without one the wish has to be asked for.
    """
    if message.intent != "missing_order" or message.requests:
        return message
    reasons = [each for each in message.values("reason") if each != ClaimReason.NOT_RECEIVED]
    text = message.text
    for number in message.values("order_number"):
        text = re.sub(rf"\s*{re.escape(number)}", "", text, flags=re.I)
    if not days_of_arrival(text, message.values("date")):
        return message
    spans = tuple(span for span in message.spans if span[1] != ClaimReason.NOT_RECEIVED)
    goal = GOAL_OF_REASON[ClaimReason(reasons[0])] if len(reasons) == 1 else None
    return replace(message, intent=goal or "inform", spans=spans)


def taken_in_passing(updates: Mapping[str, Any], known: Mapping[str, Any], message: Message) -> list[str] | None:
    """What stands in the slot TAKEN after `updates`: an answer to a question of its own takes a name out of it."""
    requested = known.get("requested_slot")
    stays = [name for name in known.get(TAKEN) or () if name not in updates]
    comes = [
        name
        for name in _CAN_BE_TAKEN
        if updates.get(name) is not None
        and requested not in (TOGETHER, name)
        and not (message.answer is not None and name == "reason")
    ]
    return sorted({*stays, *comes}) or None


def rests_on(dossier: Dossier, judged: Judged) -> dict[str, Any]:
    """The facts, by path, that were taken in passing and without which another verdict would have come.

    Where the goal alone says why, that is one of them. The day of arrival is not: it is named with every verdict that
    rests on it (`Teller.verdict`).
    """
    reason = dossier.reason()
    found: dict[str, Any] = {}
    guessed = dossier.told.reason is None and dossier.goal is not None and dossier.goal.name in _SAID_BY_THE_GOAL
    if reason is not None and (guessed or "reason" in dossier.taken):
        found["claim.reason"] = reason.value
    claim = judged.case.claim
    for name in (each for each in dossier.taken if each not in ("reason", "delivered_on")):
        value = getattr(claim, name)
        if value is None:
            continue
        without = decide(replace(judged.case, claim=replace(claim, **{name: None})))
        if any(without.remedy(each.remedy, each.programme) != each for each in judged.remedies):
            found[_PATHS[name]] = value
    return found


def premises_told(words: Words, facts: Mapping[str, Any]) -> str:
    """The sentence that says them back, so that the customer can put them right."""
    return words("rests_on", facts="; ".join(said_back(words, path, value) for path, value in facts.items()))


def said_back(words: Words, path: str, value: Any) -> str:
    """One fact, by its path, as it is said back."""
    slot = path.rpartition(".")[2]
    if isinstance(value, bool):
        return words(f"understood_{slot}_{'yes' if value else 'no'}")
    return words(f"understood_{value}" if slot == "reason" else f"understood_{slot}")
