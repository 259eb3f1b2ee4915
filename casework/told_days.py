"""Days as people write them: "last Tuesday", "3/4", "two weeks ago", "3 April"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import dateparser

_TIME_OF_DAY = re.compile(
    r"\bat\s+\d{1,2}(?::\d{2}|\.(?:00|1[3-9]|[2-5]\d))?\s?(?=[ap]\.?m\b|h\b|o'?clock|[,;!?]|$)|\b\d{1,2}(?::\d{2}|\s?[ap]m\b)",
    re.I,
)
_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})\s?[./-]\s?(\d{1,2})(?:\s?[./-]\s?(\d{4}|\d{2}))?(?![\d/-])")
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_FILLER = re.compile(r"\b(?:it|was|is|came|come|arrived|delivered|received|got|i|on|the|of|my|at)\b", re.I)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(
    r"\b(mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|r|rs|rsday|urday)?\b(?!\s+(?:in|by|at|around)\b)", re.I
)
_NOT_A_LATEST_WEEKDAY = re.compile(r"\d|\b(?:week|weeks|next|this|before)\b", re.I)
_VAGUE = re.compile(
    r"\b(?:last|this|past|few|couple|several|some|half)\s+(?:of\s+|an?\s+)?(?:days?|weeks?|months?|years?)\b"
    r"|\b(?:about|around|roughly|approximately|approx|circa|almost|nearly|over|maybe|perhaps|between)\b"
    r"|\b(?:more|less|longer)\s+than\b|\bor so\b|\bbefore yesterday\b(?<!day before yesterday)"
    r"|\d\s?(?:-|\u2013|to|or|\.\d)\s?\d*\s*(?:days?|weeks?|months?|years?)\b",
    re.I,
)
_LENGTH = re.compile(r"\b(?:days?|weeks?|fortnights?|months?|years?)\b", re.I)
_POINT = re.compile(r"\b(?:ago|back|day before yesterday)\b", re.I)
_LEAP_YEARS_APART = 8


@dataclass(frozen=True, slots=True)
class ToldDay:
    """What was read: one day, or the days an ambiguous writing can mean, or neither."""

    day: date | None = None
    options: tuple[date, ...] = ()


def read_day(text: str, now: datetime, zone: ZoneInfo) -> ToldDay:
    """A day that has been, read as of `now` in `zone`; without a year it is the latest such day.

    Days and months that can be swapped ("3/4"), and two weekdays, come back as options. A day still to come is
    returned as such, for the caller to refuse. A week, a month, a length of time or a guess is no day.
    """
    today = now.astimezone(zone).date()
    text = _TIME_OF_DAY.sub(" ", text)
    if iso := _ISO.search(text):
        return ToldDay(_date(*(int(part) for part in iso.groups())))
    if _VAGUE.search(text):
        return ToldDay()
    if numeric := _NUMERIC.search(text):
        first, second, year = numeric.groups()
        days = (_latest(int(number), int(month), year, today) for number, month in ((first, second), (second, first)))
        return _one_of(day for day in days if day is not None)
    if not _NOT_A_LATEST_WEEKDAY.search(text) and (weekdays := _WEEKDAY.findall(text)):
        return _one_of(day for weekday in weekdays for day in _latest_weekday(weekday, today))
    return ToldDay(_in_words(text, now.astimezone(zone)))


def read_days(texts: Iterable[str], now: datetime, zone: ZoneInfo) -> ToldDay:
    """The day that several writings name; where they differ, all of them as options."""
    read = [read_day(text, now, zone) for text in texts]
    return _one_of(day for each in read for day in (each.options if each.day is None else (each.day,)))


def _one_of(days: Iterable[date]) -> ToldDay:
    different = tuple(dict.fromkeys(days))
    return ToldDay(different[0]) if len(different) == 1 else ToldDay(options=different)


def _latest_weekday(name: str, today: date) -> tuple[date, ...]:
    days_back = (today.weekday() - _WEEKDAYS.index(name.lower())) % 7
    return (today - timedelta(days=days_back),) if days_back else (today, today - timedelta(days=7))


def _in_words(text: str, local_now: datetime) -> date | None:
    words = _FILLER.sub(" ", text).strip(" .,!?")
    if not words or (_LENGTH.search(words) and not _POINT.search(words)):
        return None
    parsed = dateparser.parse(
        re.sub(r"\bback\b", "ago", words),
        languages=["en"],
        settings={
            "RELATIVE_BASE": local_now.replace(tzinfo=None),
            "PREFER_DATES_FROM": "past",
            "REQUIRE_PARTS": ["day"],
            "PARSERS": ["relative-time", "absolute-time"],
        },
    )
    return parsed.date() if parsed else None


def _latest(day: int, month: int, year: str | None, today: date) -> date | None:
    """The day of that year; without one the latest that is not after tomorrow (29 February: years back)."""
    if year is not None:
        return _date(int(year) if len(year) == 4 else 2000 + int(year), month, day)
    years = range(today.year, today.year - _LEAP_YEARS_APART - 1, -1)
    days = (_date(each, month, day) for each in years)
    return next((each for each in days if each is not None and each <= today + timedelta(days=1)), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
