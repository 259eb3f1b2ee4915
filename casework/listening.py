"""Taking a message in: what it adds to the matter, checked against the store before it counts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import order_store
from order_store import Database
from policy_core import local_day

from .cases import receipt_day_known, shop_zone
from .choosing import match_title, named_line
from .dossier import SLOT_OF_QUESTION, Dossier
from .goals import BESIDE, GO_ON, GOALS
from .hearing import SURE, Message, Setting, hear
from .identity import Asker, Refusal, identify
from .later import Request, adds_a_request, next_line, queued, refers_back
from .lines import further_lines, named_lines
from .lines_in_question import find_line, lacks_rma
from .together import SLOT as TOGETHER
from .together import USUAL

IDENTITY_SLOTS = ("order_number", "contact", "verified_order")
MATTER_SLOTS = (
    "goal",
    "opening",
    "line",
    "named_product",
    "pieces",
    "lines",
    "reason",
    "complete",
    "activated",
    "resalable",
    "caused_by_customer",
    "cause",
    "labels_intact",
    "photos",
    "delivered_on",
    "day_options",
    "has_fault",
    "together",
    "remedy",
    "confirm",
    "rma",
    "sent",
    "tracking",
    "carrier",
    "quote",
    "privacy_kind",
    "correction",
    "told",
    "unsure",
    "stopped",
    "gave_up",
    "blocked",
    "failed",
    "settled",
    "complained",
)
"""The slots of one matter; the next one starts with all of them empty."""
ANSWERS = frozenset({"affirm", "deny", "inform", "correct_that"})
"""What a message is heard as that answers a question and asks for nothing."""
_SEVERAL = re.compile(r"\b(?:and|both|plus)\b|[&,+]", re.I)
_OTHER = re.compile(r"\b(?:other|another|different)\b", re.I)
_ONE_OF_THEM = re.compile(r"\b(?:not|or|instead|sorry|meant|mean|rather|wrong)\b", re.I)
EXPLAINED = frozenset({*SLOT_OF_QUESTION.values(), "order_number"})
"""The slots whose question has a sentence on how to find the answer out."""


@dataclass(slots=True)
class Heard:
    """Slots to change (none: the message says nothing for the matter), and the sentences to say first."""

    updates: dict[str, Any] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def listen(database: Database, message: Message, slots: Mapping[str, Any], asker: Asker, now: datetime) -> Heard:
    """Take in `message` as of `now`. The identity is proven here, and nowhere else."""
    if added := added_lines(database, message, slots, asker, now):
        return Heard(next_line({**slots, "lines": added}, MATTER_SLOTS) or {})
    heard = Heard(updates=_fresh_matter(message, slots) if slots.get("settled") else {})
    known = {**slots, **heard.updates}
    requested = known.get("requested_slot")
    if message.intent == "stop" and not _tells_the_reason(message, requested):
        heard.updates["stopped"] = True
        return heard
    message = _one_request_first(message, known)
    if message.intent == "dont_know" and requested == "privacy_kind":
        heard.updates["stopped"] = True  # who does not know what they want of it wants nothing of it
        return heard
    shows_something = message.pictures > (known.get("photos") or 0)
    if message.intent == "dont_know" and requested in EXPLAINED and not shows_something:
        return _unsure(heard, known, requested)
    setting = _setting(database, known, asker, requested, now)
    heard.updates |= hear(message, known, setting)
    if requested == TOGETHER:
        _as_if_asked(database, heard, known, asker, now)
    if message.requests and (heard.updates or message.intent in (*GOALS, *ANSWERS)):
        is_taken = message.intent in (*GOALS, *ANSWERS)
        own = () if is_taken else (Request(message.intent, message.text, message.spans),)
        heard.updates["later"] = queued(known, (*own, *message.requests))
    if (heard.updates.get("lines") and requested is not None) or heard.updates.get("later"):
        heard.remarks.append("one_after_the_other")
    if message.intent in GOALS.keys() - BESIDE and not heard.updates:
        heard.updates["goal"] = known.get("goal")
        if requested is not None and message.intent != known.get("goal"):
            heard.remarks.append("rephrase")
    if heard.updates and message.intent in BESIDE:
        heard.updates["complained"] = True
    _keep_invoice_address(heard, message, known)
    if "goal" in heard.updates and known.get("opening") is None:
        heard.updates["opening"] = message.text
    if heard.updates and known.get("misses"):
        heard.updates["misses"] = None
    _prove_identity(database, heard, known, asker, now, still_theirs=bool(setting.line_titles))
    find_line(database, heard.updates, known, asker)
    if lacks_rma(database, heard.updates, known, asker):
        heard.remarks.append("no_rma_yet")
    _check_day(database, heard, known, asker, now)
    _check_pieces(database, heard, known, asker)
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
    same_order = "order_number" not in heard.updates
    if heard.updates.get("line") is None and same_order and refers_back(request.text):
        heard.updates["line"] = slots.get("line")
    return heard, True


def added_lines(
    database: Database, message: Message, slots: Mapping[str, Any], asker: Asker, now: datetime
) -> list[int]:
    """The order's lines for which the customer, their matter just settled, wants the same: "the other one too"."""
    goal = slots.get("goal")
    other_wish = message.intent in GOALS and message.intent != goal
    if not slots.get("settled") or goal not in GOALS or goal in GO_ON or other_wish or message.values("order_number"):
        return []
    setting = _setting(database, slots, asker, None, now)
    line = slots.get("line")
    if line is None or not setting.line_titles:
        return []
    return further_lines(message.text, setting.line_titles, int(line), ())


def _one_request_first(message: Message, known: Mapping[str, Any]) -> Message:
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


def _tells_the_reason(message: Message, requested: str | None) -> bool:
    """ "I don't need it anymore" ends nothing where the reason was asked for: it is the reason."""
    return requested == "reason" and len(message.values("reason")) == 1


def _fresh_matter(message: Message, slots: Mapping[str, Any]) -> dict[str, Any]:
    """A new matter starts empty; a person who is called in, say, gets the matter as it stands.

    A complaint that tells of a reason of its own is a new matter.
    """
    if message.intent in GO_ON and not (message.intent in BESIDE and message.values("reason")):
        return dict.fromkeys(("goal", "stopped", "gave_up", "blocked", "failed", "settled", "unsure"))
    return {slot: None for slot in MATTER_SLOTS if slots.get(slot) is not None}


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


def _setting(
    database: Database, known: Mapping[str, Any], asker: Asker, requested: str | None, now: datetime
) -> Setting:
    dossier = Dossier.from_slots(known, asker)
    with database.read() as session:
        order = dossier.order(session)
        shop = order.shop if order is not None else order_store.find_shop(session, asker.shop_key)
        titles = tuple(line.title for line in order.lines) if order is not None else ()
        remedies: tuple[str, ...] = ()
        listed: tuple[str, ...] = ()
        line = dossier.line_of(order) if order is not None else None
        if requested == "remedy" and line is not None:
            remedies = tuple(each.remedy for each in dossier.judge(session, line, now).offers)
        elif requested == TOGETHER and line is not None:
            listed = dossier.listed(dossier.judge(session, line, now))
        return Setting(requested, now, shop_zone(shop), titles, remedies, listed)


def _as_if_asked(database: Database, heard: Heard, known: Mapping[str, Any], asker: Asker, now: datetime) -> None:
    """Of the answer to a list of facts only those count that would have been asked one by one."""
    answers = {name: value for name, value in heard.updates.items() if name in USUAL}
    dossier = Dossier.from_slots(known, asker)
    with database.read() as session:
        order = dossier.order(session)
        line = dossier.line_of(order) if order is not None else None
        taken = dossier.as_if_asked(session, line, answers, now) if line is not None else {}
    for name in answers.keys() - taken.keys():
        del heard.updates[name]


def _check_day(database: Database, heard: Heard, known: Mapping[str, Any], asker: Asker, now: datetime) -> None:
    """A receipt day is a day that has come, and not before the parcel left; one that reads two ways is asked back.

    One told earlier is looked at again, for the order or the line may be another one now. Where the order itself
    names the day, what was told of it does not count.
    """
    if not heard.updates:
        return
    now_known = {**known, **heard.updates}
    told = now_known.get("delivered_on")
    if told is None:
        return
    heard.updates["day_options"] = None
    if isinstance(told, dict):
        heard.updates |= {"delivered_on": None, "day_options": told["options"]}
        return
    day = date.fromisoformat(told)
    dossier = Dossier.from_slots(now_known, asker)
    with database.read() as session:
        order = dossier.order(session)
        line = dossier.line_of(order) if order is not None else None
        if order is None or line is None or receipt_day_known(line, now):
            return
        zone = shop_zone(order.shop)
        shipped_at = line.shipment.shipped_at if line.shipment is not None else None
    if day > local_day(now, zone):
        heard.updates["delivered_on"] = None
        heard.remarks.append("day_in_future")
    elif shipped_at is not None and day < local_day(shipped_at, zone):
        heard.updates["delivered_on"] = None
        heard.remarks.append("day_before_shipping")


def _check_pieces(database: Database, heard: Heard, known: Mapping[str, Any], asker: Asker) -> None:
    """A line has no more pieces than were bought; what is told of one line is not told of another.

    A number the order holds on several lines together ("both of them") says nothing of the one in question.
    """
    now_known = {**known, **heard.updates}
    pieces = now_known.get("pieces")
    if not heard.updates or pieces is None:
        return
    moved = any(
        known.get(slot) is not None
        and order_store.order_key(str(known[slot])) != order_store.order_key(str(now_known[slot]))
        for slot in ("line", "order_number")
    )
    if moved and known.get("pieces") == pieces:
        heard.updates["pieces"] = None
        return
    dossier = Dossier.from_slots(now_known, asker)
    with database.read() as session:
        order = dossier.order(session)
        line = dossier.line_of(order) if order is not None else None
        if order is None or line is None or pieces <= line.quantity:
            return
        bought = sum(each.quantity for each in order.lines)
    heard.updates["pieces"] = None
    if pieces > bought:
        heard.remarks.append("more_pieces_than_bought")


def _prove_identity(
    database: Database, heard: Heard, known: Mapping[str, Any], asker: Asker, now: datetime, still_theirs: bool
) -> None:
    """Prove a new pair, or again one that no longer holds (`still_theirs`: the order could be read just now)."""
    now_known = {**known, **heard.updates}
    number, contact = now_known.get("order_number"), now_known.get("contact")
    if not heard.updates or number is None or (contact is None and asker.email is None):
        return
    if now_known.get("verified_order") == number and "contact" not in heard.updates and still_theirs:
        return
    with database.write() as session:
        found = identify(session, asker, number, contact, now)
        if isinstance(found, Refusal):
            heard.updates |= dict.fromkeys((*IDENTITY_SLOTS, "rma"))
            if found is Refusal.WAIT:
                heard.updates["blocked"] = True
            else:
                heard.remarks.append("no_match")
            return
        heard.updates |= {"order_number": found.number, "verified_order": found.number}
        titles = [line.title for line in found.lines]
    if now_known.get("line") is None and len(titles) > 1:
        opening = now_known.get("opening") or ""
        product = now_known.get("named_product")
        if several := named_lines(opening, titles):
            heard.updates |= {"line": several[0], "lines": several[1:]}
            return
        picked = named_line([product] if product else [], titles)
        if picked is None:
            picked = match_title(opening, titles)
        if picked is not None:
            heard.updates["line"] = picked
