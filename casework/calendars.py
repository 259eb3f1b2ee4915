"""Deadlines as calendar files (RFC 5545): one day-long event on the last day of each, and a reminder before it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from icalendar import Alarm, Calendar, Event

import order_store
from policy_core import end_of_day, local_day, start_of_day

from .cases import shop_zone
from .paper import instant_on_paper, paper_words, return_by, standing_terms

PRODUCT = "-//Aftercare//Deadlines//EN"

REMINDED = timedelta(days=-3, hours=9)
"""From the start of the day itself: at nine in the morning, three days before."""

FIRST_DAYS = frozenset({"one_year_service_opens"})
"""Periods whose day is one from which something can be done; of the others it is the last."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day of the shop's calendar to be kept. `key` names it among all the shop's: the same one is one event."""

    key: str
    day: date
    summary: str
    description: str


def deadline_ics(rma: order_store.Rma, shop: order_store.Shop, now: datetime) -> bytes | None:
    """The calendar file with the day by which the item of `rma` has to be on its way; None: the policy names none.

    `rma` belongs to a session that is still open; `now` (aware) is when the file was made.
    """
    deadlines = rma_deadlines(rma, shop)
    return calendar_file(deadlines, shop, now) if deadlines else None


def rma_deadlines(rma: order_store.Rma, shop: order_store.Shop) -> list[Deadline]:
    """By when the item of `rma` has to be on its way (ST-D2, AS-X7); none where the policy names no day."""
    remedy, periods = standing_terms(rma)
    zone = shop_zone(shop)
    end = return_by(remedy, periods, zone) if remedy is not None else None
    if end is None:
        return []
    words, (instant, clause) = paper_words(), end
    description = words(
        "calendar_until",
        shop=shop.name,
        order=rma.line.order.number,
        deadline=instant_on_paper(instant, zone),
        clause=clause,
    )
    if shop.service_center:
        description += "\n" + words("calendar_send_to", address=", ".join(shop.service_center))
    summary = words("calendar_return_by", item=rma.line.title, number=rma.number)
    return [Deadline(f"{rma.number}/return_by", local_day(instant, zone), summary, description)]


def told_deadlines(payload: Mapping[str, Any], shop: order_store.Shop, now: datetime) -> list[Deadline]:
    """The days of a verdict as the customer was told it (its payload, docs/http.md) that are not over as of `now`."""
    today = local_day(now, shop_zone(shop))
    told = [(str(each["code"]), str(each["clause"]), date.fromisoformat(each["last_day"])) for each in payload["dates"]]
    return [_of_period(shop, payload, *each) for each in told if each[2] >= today]


def _of_period(shop: order_store.Shop, payload: Mapping[str, Any], code: str, clause: str, day: date) -> Deadline:
    words, zone = paper_words(), shop_zone(shop)
    order, item = str(payload["order"]), str(payload["item"])
    opens = code in FIRST_DAYS
    instant = start_of_day(day, zone) if opens else end_of_day(day, zone)
    description = words(
        "calendar_from" if opens else "calendar_until",
        shop=shop.name,
        order=order,
        deadline=instant_on_paper(instant, zone),
        clause=clause,
    )
    # By its number, since two lines may have one title; what was told before it was named has the title alone.
    line = payload.get("line", item)
    return Deadline(f"{order}/{line}/{code}/{clause}", day, words(f"calendar_{code}", item=item), description)


def calendar_file(deadlines: Iterable[Deadline], shop: order_store.Shop, now: datetime) -> bytes:
    """The calendar file of `deadlines`, in UTF-8; imported again, every one of them replaces itself."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", paper_words()("calendar_name", shop=shop.name))
    for deadline in deadlines:
        calendar.add_component(_event(deadline, shop, now))
    return bytes(calendar.to_ical())


def _event(deadline: Deadline, shop: order_store.Shop, now: datetime) -> Event:
    event = Event()
    event.add("uid", uuid5(NAMESPACE_URL, f"urn:aftercare:deadline:{shop.key}/{deadline.key}"))
    event.add("dtstamp", now)
    event.add("dtstart", deadline.day)
    event.add("summary", deadline.summary)
    event.add("description", deadline.description)
    event.add("transp", "TRANSPARENT")  # a deadline keeps nobody busy all day
    reminder = Alarm()
    reminder.add("action", "DISPLAY")
    reminder.add("trigger", REMINDED)
    reminder.add("description", deadline.summary)
    event.add_component(reminder)
    return event
