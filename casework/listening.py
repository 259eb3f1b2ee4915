"""Taking a message in: what it adds to the matter, checked against the store before it counts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from order_store import Database

from .asking_next import SLOT_OF_QUESTION
from .checking_told import as_if_asked, check_day, check_pieces
from .choosing import is_meant_by
from .goals import BESIDE, GO_ON, GOALS
from .heard import Heard
from .hearing import hear
from .hearing_answers import WRITES, is_no_plain_answer, volunteered
from .identity import Asker
from .later import Request, next_line, queued, refers_back
from .lines import further_lines
from .lines_in_question import find_line, lacks_rma
from .matter_slots import MATTER_SLOTS, fresh_matter
from .messages import Message
from .one_request import ANSWERS, one_request_first
from .parcel_words import is_parcel_of_the_return
from .premises import TAKEN, believed, taken_in_passing
from .proving import prove_identity
from .reading import Reading
from .receipts import without_lost_receipts
from .setting import setting_of
from .side_questions import (
    asked_at_any_time,
    asked_in_passing,
    take_aside,
    without_it,
)
from .taking_up_again import meant_instead
from .together import SLOT as TOGETHER

EXPLAINED = frozenset({*SLOT_OF_QUESTION.values(), "order_number"})
"""The slots whose question has a sentence on how to find the answer out."""


def listen(database: Database, message: Message, slots: Mapping[str, Any], asker: Asker, now: datetime) -> Heard:
    """Take in `message` as of `now`."""
    with Reading(database) as reading:
        return take_in(reading, message, slots, asker, now)


def take_in(reading: Reading, message: Message, slots: Mapping[str, Any], asker: Asker, now: datetime) -> Heard:
    """The same, with what is read in `reading`."""
    if (asked := asked_at_any_time(message, slots)) is not None:
        return Heard(aside=asked)
    message, no_receipt = without_lost_receipts(message, slots)
    if added := _added_lines(reading, message, slots, asker, now):
        return Heard(next_line({**slots, "lines": added}, MATTER_SLOTS) or {})
    heard = Heard(updates=fresh_matter(message, slots) if slots.get("settled") else {})
    if (again := meant_instead(reading.session, message, slots, asker, now)) is not None:
        heard = Heard(again, ["done_stays"] if slots.get("confirm") else [])
        message = replace(message, intent="inform")
    elif is_parcel_of_the_return(message, slots):
        heard.updates["line"] = slots.get("line")
        message = replace(message, intent="rma")
    known = {**slots, **heard.updates}
    requested = known.get("requested_slot")
    if message.intent == "stop" and not _tells_the_reason(message, requested):
        heard.updates["stopped"] = True
        return heard
    message = one_request_first(believed(message), known)
    if message.intent == "dont_know" and requested == "privacy_kind":
        heard.updates["stopped"] = True  # who does not know what they want of it wants nothing of it
        return heard
    # "No idea, it just stopped", "I can't take a photo" are answers.
    answers_it = message.pictures > (known.get("photos") or 0) or requested in volunteered(message)
    if message.intent == "dont_know" and requested in EXPLAINED and not answers_it:
        return _unsure(heard, known, requested)
    setting = setting_of(reading.session, known, asker, requested, now, typed=message.answer is None)
    asked = asked_in_passing(message, known, setting)
    whole = message
    if asked is not None:
        message, setting = without_it(message, known, setting)
    heard.updates |= hear(message, known, setting)
    if requested == TOGETHER:
        as_if_asked(reading.session, heard, known, asker, now)
    if message.requests and (heard.updates or message.intent in (*GOALS, *ANSWERS)):
        is_taken = message.intent in (*GOALS, *ANSWERS)
        own = () if is_taken else (Request(message.intent, message.text, message.spans),)
        heard.updates["later"] = queued(known, (*own, *message.requests))
    if (heard.updates.get("lines") and requested is not None) or heard.updates.get("later"):
        heard.remarks.append("one_after_the_other")
    if message.intent in GOALS.keys() - BESIDE and not heard.updates:
        heard.updates["goal"] = known.get("goal")
        restated = requested == "confirm" and is_meant_by(message.intent, known.get("remedy"))
        if requested is not None and message.intent != known.get("goal") and not restated:
            heard.remarks.append("rephrase")
    if requested in WRITES and asked is None and not heard.updates and is_no_plain_answer(message, setting):
        heard.updates[requested] = None
        heard.remarks.append("plain_yes")
    if heard.updates and message.intent in BESIDE:
        heard.updates["complained"] = True
    _keep_invoice_address(heard, message, known)
    if "goal" in heard.updates and known.get("opening") is None:
        heard.updates["opening"] = message.text
    if no_receipt:
        heard.remarks.append("by_the_order_itself")
        heard.updates.setdefault("goal", known.get("goal"))
    if heard.updates and known.get("misses"):
        heard.updates["misses"] = None
    prove_identity(reading, heard, known, asker, now, still_theirs=bool(setting.line_titles))
    find_line(reading.session, heard.updates, known, asker)
    if asked is not None:
        take_aside(reading.session, heard, asked, whole, known, asker)
    if lacks_rma(reading.session, heard.updates, known, asker):
        heard.remarks.append("no_rma_yet")
    check_day(reading.session, heard, known, asker, now)
    check_pieces(reading.session, heard, known, asker)
    if heard.updates and (taken := taken_in_passing(heard.updates, known, message)) != known.get(TAKEN):
        heard.updates[TAKEN] = taken
    if heard.updates.get("complained") and _goes_on_with_a_question({**known, **heard.updates}):
        heard.remarks.insert(0, "sorry")
    return heard


def begin(
    database: Database, request: Request, slots: Mapping[str, Any], asker: Asker, now: datetime
) -> tuple[Heard, bool]:
    """The matter of a request that has waited, begun with what its own words say; the customer stays identified.

    Also gives whether it is a matter at all, and not something that is only answered.
    """
    if request.goal not in GOALS:
        return Heard(), False
    known = {**slots, "settled": True, "requested_slot": None, "later": None}
    heard = listen(database, Message(request.text, request.goal, 1.0, request.spans), known, asker, now)
    if heard.aside is not None:
        return Heard(aside=heard.aside), False
    same_order = "order_number" not in heard.updates
    if heard.updates.get("line") is None and same_order and refers_back(request.text):
        heard.updates["line"] = slots.get("line")
    return heard, True


def takes_up_again(database: Database, message: Message, slots: Mapping[str, Any], asker: Asker, now: datetime) -> bool:
    """Whether a message that asks for nothing goes on with the settled matter: another line of it, or the one meant."""
    with Reading(database) as reading:
        added = _added_lines(reading, message, slots, asker, now)
        return bool(added) or meant_instead(reading.session, message, slots, asker, now) is not None


def _added_lines(
    reading: Reading, message: Message, slots: Mapping[str, Any], asker: Asker, now: datetime
) -> list[int]:
    """The order's lines for which the customer, their matter just settled, wants the same: "the other one too"."""
    goal = slots.get("goal")
    other_wish = message.intent in GOALS and message.intent != goal
    if not slots.get("settled") or goal not in GOALS or goal in GO_ON or other_wish or message.values("order_number"):
        return []
    line = slots.get("line")
    setting = setting_of(reading.session, slots, asker, None, now) if line is not None else None
    if setting is None or not setting.line_titles:
        return []
    return further_lines(message.text, setting.line_titles, int(slots["line"]), ())


def _tells_the_reason(message: Message, requested: str | None) -> bool:
    """ "I don't need it anymore" ends nothing where the reason was asked for: it is the reason."""
    return requested == "reason" and len(message.values("reason")) == 1


def _goes_on_with_a_question(known: Mapping[str, Any]) -> bool:
    """Whether a complaint opened a matter, or its order is still to be proven; else its own answer says sorry."""
    to_be_proven = known.get("order_number") is not None and known.get("verified_order") is None
    return known.get("goal") not in BESIDE or to_be_proven


def _keep_invoice_address(heard: Heard, message: Message, known: Mapping[str, Any]) -> None:
    """An invoice goes to the address of its order: another one, told with or in place of the yes, is no yes."""
    if known.get("goal") != "invoice" or known.get("requested_slot") != "confirm":
        return
    others = [each for each in message.values("email") if each != (known.get("contact") or "").strip().lower()]
    if others and "order_number" not in heard.updates:
        heard.updates.pop("contact", None)
        heard.updates |= {"confirm": None, "goal": "invoice"}
        heard.remarks.append("invoice_address")


def _unsure(heard: Heard, known: Mapping[str, Any], requested: str) -> Heard:
    """One explanation of how to find out; the second time a person."""
    if known.get("unsure") != requested:
        heard.updates["unsure"] = requested
        heard.remarks.append(f"explain_{requested}")
    elif requested == "order_number":
        heard.updates["goal"] = "human_handoff"
    else:
        heard.updates["gave_up"] = requested
    return heard
