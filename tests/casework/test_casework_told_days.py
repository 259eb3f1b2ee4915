"""Days as people write them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from casework.told_days import ToldDay, read_day, read_days

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)  # a Tuesday


def _read(text: str, now: datetime = NOW, zone: ZoneInfo = BERLIN) -> ToldDay:
    return read_day(text, now, zone)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-05", "2026-03-05"),
        ("2026/03/05", "2026-03-05"),
        ("it came on 2026-03-05, thanks", "2026-03-05"),
        ("5 March", "2026-03-05"),
        ("March 5th", "2026-03-05"),
        ("the 5th of March 2026", "2026-03-05"),
        ("5 March 25", "2025-03-05"),
        ("3 April", "2025-04-03"),
        ("24 December", "2025-12-24"),
        ("31/12", "2025-12-31"),
        ("15.2.", "2026-02-15"),
        ("15.02.2026", "2026-02-15"),
        ("02/15/26", "2026-02-15"),
        ("3/3", "2026-03-03"),
        ("29 Feb", "2024-02-29"),
        ("29.2.", "2024-02-29"),
        ("yesterday", "2026-03-09"),
        ("Yesterday morning at 10:30", "2026-03-09"),
        ("today at 5.30pm", "2026-03-10"),
        ("on 5 March at 10", "2026-03-05"),
        ("the day before yesterday", "2026-03-08"),
        ("two weeks ago", "2026-02-24"),
        ("a week ago", "2026-03-03"),
        ("it arrived 5 days ago", "2026-03-05"),
        ("5 days back", "2026-03-05"),
        ("a fortnight ago", "2026-02-24"),
        ("last Friday", "2026-03-06"),
        ("on Sunday", "2026-03-08"),
        ("weds", "2026-03-04"),
        ("Wednesday, 4 March", "2026-03-04"),
    ],
)
def test_one_day_is_read_as_that_day(text: str, day: str) -> None:
    assert _read(text) == ToldDay(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("3/4", ["2025-04-03", "2026-03-04"]),
        ("03.02.2026", ["2026-02-03", "2026-03-02"]),
        ("Tuesday", ["2026-03-10", "2026-03-03"]),
        ("Sunday or Monday", ["2026-03-08", "2026-03-09"]),
    ],
)
def test_what_can_be_read_two_ways_comes_back_as_both(text: str, days: list[str]) -> None:
    assert _read(text) == ToldDay(options=tuple(map(date.fromisoformat, days)))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "last week",
            "in March",
            "march",
            "a few days ago",
            "a couple of days ago",
            "several weeks ago",
            "last month",
        ),
        *("2026", "12", "the 3rd", "3-4 days ago", "10-12 days ago", "2 or 3 days ago", "1.5 weeks ago", "3 days"),
        *("about two weeks ago", "maybe Monday", "around 5 March", "it took 3 weeks", "more than 10 days ago"),
        *("early March", "13/13", "2026-02-30", "30 Feb", "29 Feb 2025", "0/0", "at 5.30", "2 days before yesterday"),
        *("how long does a refund take?", "may I ask something", "it sat in the post", "no idea", "", "…", "🙂"),
    ],
)
def test_a_week_a_month_or_a_guess_is_no_day(text: str) -> None:
    assert _read(text) == ToldDay()


@pytest.mark.parametrize(
    ("text", "day"), [("tomorrow", "2026-03-11"), ("2026-04-01", "2026-04-01"), ("11.3.2027", None)]
)
def test_a_day_still_to_come_is_read_as_such_for_the_caller_to_refuse(text: str, day: str | None) -> None:
    told = _read(text)
    days = told.options if told.day is None else (told.day,)
    assert all(each > date(2026, 3, 10) for each in days)
    assert day is None or told.day == date.fromisoformat(day)


def test_yesterday_is_the_shops_yesterday_not_that_of_utc() -> None:
    just_after_midnight_in_shanghai = datetime(2026, 3, 9, 16, 30, tzinfo=UTC)
    assert _read("yesterday", just_after_midnight_in_shanghai, ZoneInfo("Asia/Shanghai")).day == date(2026, 3, 9)
    assert _read("yesterday", just_after_midnight_in_shanghai, ZoneInfo("UTC")).day == date(2026, 3, 8)
    assert _read("Monday", just_after_midnight_in_shanghai, ZoneInfo("Asia/Shanghai")).day == date(2026, 3, 9)


def test_several_writings_that_differ_are_all_asked_back() -> None:
    assert read_days(["last Friday", "6 March"], NOW, BERLIN) == ToldDay(date(2026, 3, 6))
    both = read_days(["5 March", "6 March"], NOW, BERLIN)
    assert both == ToldDay(options=(date(2026, 3, 5), date(2026, 3, 6)))
