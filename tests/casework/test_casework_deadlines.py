"""Days and instants in the customer's words."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from casework.deadlines import day_in_words, days_left_in_words, deadline_in_words, last_day_in_words, zone_in_words
from casework.words import Words
from policy_core import end_of_day

WORDS = Words.load()
SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")


def test_a_deadline_names_weekday_date_zone_and_what_is_left() -> None:
    now = datetime(2026, 3, 7, 2, 0, tzinfo=UTC)
    told = deadline_in_words(end_of_day(date(2026, 3, 16), SHANGHAI), SHANGHAI, now, WORDS)
    assert told == "Monday 16 March 2026, end of day, Shanghai time (9 days left)"


def test_every_weekday_and_every_month_has_its_name() -> None:
    days = [date(2026, month, 1) for month in range(1, 13)]
    for day in days + [date(2026, 3, 2) + timedelta(days=each) for each in range(7)]:
        assert day_in_words(day, WORDS) == f"{day:%A} {day.day} {day:%B %Y}"


def test_the_last_day_is_called_so_until_its_last_microsecond() -> None:
    last = date(2026, 3, 16)
    first_instant = datetime(2026, 3, 15, 16, 0, tzinfo=UTC)
    for now in (first_instant, end_of_day(last, SHANGHAI)):
        assert last_day_in_words(last, SHANGHAI, now, WORDS).endswith("(today is the last day)")
    before = last_day_in_words(last, SHANGHAI, first_instant - timedelta(microseconds=1), WORDS)
    assert before.endswith("(1 day left)")


def test_an_exact_end_shows_its_time_and_an_end_of_day_does_not() -> None:
    now = datetime(2026, 3, 10, 12, tzinfo=UTC)
    exact = datetime(2026, 3, 20, 19, 30, tzinfo=UTC)
    assert deadline_in_words(exact, NEW_YORK, now, WORDS).startswith("Friday 20 March 2026, 15:30, New York time")
    a_second_early = end_of_day(date(2026, 3, 20), NEW_YORK).replace(microsecond=0)
    assert "23:59" in deadline_in_words(a_second_early, NEW_YORK, now, WORDS)


@pytest.mark.parametrize("last", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_clock_change_moves_neither_the_day_nor_the_count(last: date) -> None:
    now = datetime(last.year, last.month, last.day - 1, 12, tzinfo=BERLIN)
    told = last_day_in_words(last, BERLIN, now, WORDS)
    assert told == f"{day_in_words(last, WORDS)}, end of day, Berlin time (1 day left)"


def test_an_hour_that_comes_twice_is_still_that_day() -> None:
    havana = ZoneInfo("America/Havana")  # midnight to one comes twice on 1 November 2026
    last = date(2026, 10, 31)
    assert "Saturday 31 October 2026, end of day" in last_day_in_words(
        last, havana, datetime(2026, 10, 30, tzinfo=UTC), WORDS
    )


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("America/New_York", "New York time"),
        ("UTC", "UTC time"),
        ("Asia/Ho_Chi_Minh", "Ho Chi Minh time"),
    ],
)
def test_a_zone_is_called_by_its_city(key: str, shown: str) -> None:
    assert zone_in_words(ZoneInfo(key), WORDS) == shown


@pytest.mark.parametrize(
    ("left", "shown"),
    [
        (9, "9 days left"),
        (1, "1 day left"),
        (0, "today is the last day"),
        (-1, "that was yesterday"),
        (-3, "that was 3 days ago"),
    ],
)
def test_what_is_left_is_counted_in_days(left: int, shown: str) -> None:
    today = date(2026, 2, 27)
    assert days_left_in_words(today + timedelta(days=left), today, WORDS) == shown
