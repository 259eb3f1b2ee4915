"""Taking a message in: what it adds to the matter, checked against the store before it counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import order_store
from order_store import Database
from policy_core import local_day

from .cases import shop_zone
from .choosing import match_title
from .dossier import SLOT_OF_QUESTION, Dossier
from .goals import GO_ON, GOALS
from .hearing import Message, Setting, hear
from .identity import Asker, Refusal, identify

IDENTITY_SLOTS = ("order_number", "contact", "verified_order")
MATTER_SLOTS = (
    "goal",
    "opening",
    "line",
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
    "remedy",
    "confirm",
    "told",
    "unsure",
    "stopped",
    "gave_up",
    "blocked",
    "failed",
    "settled",
)
"""The slots of one matter; the next one starts with all of them empty."""
EXPLAINED = frozenset({*SLOT_OF_QUESTION.values(), "order_number"})
"""The slots whose question has a sentence on how to find the answer out."""


@dataclass(slots=True)
class Heard:
    """Slots to change (none: the message says nothing for the matter), and the sentences to say first."""

    updates: dict[str, Any] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def listen(database: Database, message: Message, slots: Mapping[str, Any], asker: Asker, now: datetime) -> Heard:
    """Take in `message` as of `now`. The identity is proven here, and nowhere else."""
    heard = Heard(updates=_fresh_matter(message, slots) if slots.get("settled") else {})
    known = {**slots, **heard.updates}
    requested = known.get("requested_slot")
    if message.intent == "stop":
        heard.updates["stopped"] = True
        return heard
    if message.intent == "dont_know" and requested in EXPLAINED:
        return _unsure(heard, known, requested)
    setting = _setting(database, known, asker, requested, now)
    heard.updates |= hear(message, known, setting)
    if message.intent in GOALS and not heard.updates:
        heard.updates["goal"] = known.get("goal")
        if requested is not None and message.intent != known.get("goal"):
            heard.remarks.append("rephrase")
    if "goal" in heard.updates and known.get("opening") is None:
        heard.updates["opening"] = message.text
    if heard.updates and known.get("misses"):
        heard.updates["misses"] = None
    _prove_identity(database, heard, known, asker, now, still_theirs=bool(setting.line_titles))
    _check_day(database, heard, known, asker, now)
    return heard


def _fresh_matter(message: Message, slots: Mapping[str, Any]) -> dict[str, Any]:
    """A new matter starts empty; a person who is called in, say, gets the matter as it stands."""
    if message.intent in GO_ON:
        return dict.fromkeys(("goal", "stopped", "gave_up", "blocked", "failed", "settled", "unsure"))
    return {slot: None for slot in MATTER_SLOTS if slots.get(slot) is not None}


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
        if requested == "remedy" and order is not None and (line := dossier.line_of(order)) is not None:
            remedies = tuple(each.remedy for each in dossier.judge(session, line, now).offers)
        return Setting(requested, now, shop_zone(shop), titles, remedies)


def _check_day(database: Database, heard: Heard, known: Mapping[str, Any], asker: Asker, now: datetime) -> None:
    """A receipt day is a day that has come, and not before the parcel left; one that reads two ways is asked back.

    One told earlier is looked at again, for the order or the line may be another one now.
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
        if order is None or line is None:
            return
        zone = shop_zone(order.shop)
        shipped_at = line.shipment.shipped_at if line.shipment is not None else None
    if day > local_day(now, zone):
        heard.updates["delivered_on"] = None
        heard.remarks.append("day_in_future")
    elif shipped_at is not None and day < local_day(shipped_at, zone):
        heard.updates["delivered_on"] = None
        heard.remarks.append("day_before_shipping")


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
            heard.updates |= dict.fromkeys(IDENTITY_SLOTS)
            if found is Refusal.WAIT:
                heard.updates["blocked"] = True
            else:
                heard.remarks.append("no_match")
            return
        heard.updates |= {"order_number": found.number, "verified_order": found.number}
        titles = [line.title for line in found.lines]
    if now_known.get("line") is None and len(titles) > 1:
        opening = " ".join(text for text in (now_known.get("opening"),) if text)
        picked = match_title(opening, titles)
        if picked is not None:
            heard.updates["line"] = picked
