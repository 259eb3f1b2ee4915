"""When people are at the shop: its opening hours, weekends and the public holidays of its country."""

from datetime import UTC, date, datetime, time, timedelta

import holidays

import order_store

from .cases import shop_zone
from .words import Words

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LOOK_AHEAD_DAYS = 30


def next_opening(shop: order_store.Shop, now: datetime) -> datetime | None:
    """When a person can be reached: `now` while the shop is open, else the next opening, in UTC.

    None where the shop names no opening hours.
    """
    zone = shop_zone(shop)
    today = now.astimezone(zone).date()
    for ahead in range(_LOOK_AHEAD_DAYS):
        hours = _hours_on(shop, today + timedelta(days=ahead))
        if hours is None:
            continue
        opens, closes = (datetime.combine(today + timedelta(days=ahead), each, zone).astimezone(UTC) for each in hours)
        if now < opens:
            return opens
        if now < closes:
            return now
    return None


def hours_in_words(shop: order_store.Shop, words: Words) -> str | None:
    """The hours of an ordinary week, days with equal hours together; None where the shop names none."""
    stretches: list[tuple[int, int, list[str]]] = []
    for day, name in enumerate(_WEEKDAYS, start=1):
        hours = (shop.opening_hours or {}).get(name)
        if not hours:
            continue
        if stretches and stretches[-1][1] == day - 1 and stretches[-1][2] == hours:
            stretches[-1] = (stretches[-1][0], day, hours)
        else:
            stretches.append((day, day, hours))
    told = [
        words(
            "phrase_hours" if first == last else "phrase_hours_days",
            weekday=words(f"weekday_{first}"),
            last=words(f"weekday_{last}"),
            opens=hours[0],
            closes=hours[1],
        )
        for first, last, hours in stretches
    ]
    return ", ".join(told) or None


def _hours_on(shop: order_store.Shop, day: date) -> tuple[time, time] | None:
    hours = (shop.opening_hours or {}).get(_WEEKDAYS[day.weekday()])
    if not hours or _is_public_holiday(shop.country, day):
        return None
    return time.fromisoformat(hours[0]), time.fromisoformat(hours[1])


def _is_public_holiday(country: str, day: date) -> bool:
    try:
        return day in holidays.country_holidays(country, years=day.year)
    except NotImplementedError:
        return False
