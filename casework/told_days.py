"""Days as people write them: "last Tuesday", "3/4", "two weeks ago", "3 April"."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import dateparser

_NUMERIC = re.compile(r"\b(\d{1,2})\s?[./-]\s?(\d{1,2})(?:\s?[./-]\s?(\d{4}|\d{2}))?\b")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_FILLER = re.compile(r"\b(?:it|was|is|came|come|arrived|delivered|received|got|i|on|the|of|my|at|around|about)\b", re.I)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|rs|rsday|urday)?\b", re.I)
_VAGUE = re.compile(r"\b(?:last|this|past|few|couple|some)\s+(?:of\s+)?(?:days?|weeks?|months?|years?)\b", re.I)


@dataclass(frozen=True, slots=True)
class ToldDay:
    """What was read: one day, or the days an ambiguous writing can mean, or neither."""

    day: date | None = None
    options: tuple[date, ...] = ()


def read_day(text: str, now: datetime, zone: ZoneInfo) -> ToldDay:
    """A day that has been, read as of `now` in `zone`; without a year it is the latest such day.

    Days and months that can be swapped ("3/4") come back as options. A day still to come is returned as such,
    for the caller to refuse; a week or a month is no day.
    """
    today = now.astimezone(zone).date()
    if iso := _ISO.search(text):
        day = _date(*(int(part) for part in iso.groups()))
        return ToldDay(day)
    if numeric := _NUMERIC.search(text):
        first, second, year = numeric.groups()
        options = dict.fromkeys(
            day
            for number, month in ((first, second), (second, first))
            if (day := _past(int(number), int(month), year, today)) is not None
        )
        return ToldDay(next(iter(options))) if len(options) == 1 else ToldDay(options=tuple(options))
    if (weekday := _WEEKDAY.search(text)) and not re.search(r"\d|\b(?:week|next|this)\b", text, re.I):
        days_back = (today.weekday() - _WEEKDAYS.index(weekday[1].lower())) % 7
        latest = today - timedelta(days=days_back)
        return ToldDay(latest) if days_back else ToldDay(options=(today, today - timedelta(days=7)))
    return ToldDay(_in_words(text, now.astimezone(zone)))


def _in_words(text: str, local_now: datetime) -> date | None:
    words = _FILLER.sub(" ", text).strip(" .,!?")
    if not words or _VAGUE.search(words):
        return None
    parsed = dateparser.parse(
        words,
        languages=["en"],
        settings={
            "RELATIVE_BASE": local_now.replace(tzinfo=None),
            "PREFER_DATES_FROM": "past",
            "REQUIRE_PARTS": ["day"],
            "PARSERS": ["relative-time", "absolute-time"],
        },
    )
    return parsed.date() if parsed else None


def _past(day: int, month: int, year: str | None, today: date) -> date | None:
    if year is not None:
        return _date(int(year) if len(year) == 4 else 2000 + int(year), month, day)
    this_year = _date(today.year, month, day)
    if this_year is not None and this_year <= today + timedelta(days=1):
        return this_year
    return _date(today.year - 1, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
