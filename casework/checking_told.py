"""What was heard, held against the store before it counts: days, pieces, and answers to a list."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

import order_store
from policy_core import local_day

from . import asking_next
from .cases import receipt_day_known, shop_zone
from .dossier import Dossier
from .heard import Heard
from .identity import Asker
from .together import USUAL


def as_if_asked(session: Session, heard: Heard, known: Mapping[str, Any], asker: Asker, now: datetime) -> None:
    """Of the answer to a list of facts only those count that would have been asked one by one."""
    answers = {name: value for name, value in heard.updates.items() if name in USUAL}
    dossier = Dossier.from_slots(known, asker)
    order = dossier.order(session)
    line = dossier.line_of(order) if order is not None else None
    taken = asking_next.as_if_asked(session, dossier, line, answers, now) if line is not None else {}
    for name in answers.keys() - taken.keys():
        del heard.updates[name]


def check_day(session: Session, heard: Heard, known: Mapping[str, Any], asker: Asker, now: datetime) -> None:
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


def check_pieces(session: Session, heard: Heard, known: Mapping[str, Any], asker: Asker) -> None:
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
    order = dossier.order(session)
    line = dossier.line_of(order) if order is not None else None
    if order is None or line is None or pieces <= line.quantity:
        return
    bought = sum(each.quantity for each in order.lines)
    heard.updates["pieces"] = None
    if pieces > bought:
        heard.remarks.append("more_pieces_than_bought")
