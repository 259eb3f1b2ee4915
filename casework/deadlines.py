"""Days and instants as people read them: weekday, date, zone, and how much is left."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from policy_core import end_of_day, local_day

from .words import Words


def day_in_words(day: date, words: Words) -> str:
    """A calendar day with its weekday: "Monday 16 March 2026"."""
    return words(
        "phrase_day",
        weekday=words(f"weekday_{day.isoweekday()}"),
        day=day.day,
        month=words(f"month_{day.month}"),
        year=day.year,
    )


def zone_in_words(zone: ZoneInfo, words: Words) -> str:
    """A zone by its city: "Shanghai time"."""
    return words("phrase_zone", city=zone.key.rsplit("/", 1)[-1].replace("_", " "))


def days_left_in_words(day: date, today: date, words: Words) -> str:
    """How far off `day` is: "9 days left", "today is the last day", "that was 3 days ago"."""
    left = (day - today).days
    if left < 0:
        return words("phrase_day_ago") if left == -1 else words("phrase_days_ago", days=-left)
    if left == 0:
        return words("phrase_last_day")
    return words("phrase_day_left") if left == 1 else words("phrase_days_left", days=left)


def deadline_in_words(closes_at: datetime, zone: ZoneInfo, now: datetime, words: Words) -> str:
    """An end as the customer reads it, in the shop's zone; an end of day is called that."""
    day = local_day(closes_at, zone)
    time = (
        words("phrase_end_of_day")
        if closes_at == end_of_day(day, zone)
        else words("phrase_time", time=closes_at.astimezone(zone).strftime("%H:%M"))
    )
    return words(
        "phrase_deadline",
        day=day_in_words(day, words),
        time=time,
        zone=zone_in_words(zone, words),
        left=days_left_in_words(day, local_day(now, zone), words),
    )


def last_day_in_words(last_day: date, zone: ZoneInfo, now: datetime, words: Words) -> str:
    """The last day of a period as the customer reads it: it ends with the day."""
    return deadline_in_words(end_of_day(last_day, zone), zone, now, words)
