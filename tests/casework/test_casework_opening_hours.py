"""When people are at the shop."""

from datetime import UTC, datetime

import pytest

from casework.opening_hours import hours_in_words, next_opening
from casework.words import Words
from tests.casework.orders import a_shop

WEEK = {day: ["09:00", "17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}


def _next(now: str, **settings: object) -> str | None:
    shop = a_shop("quill", **({"opening_hours": WEEK} | settings))
    opens = next_opening(shop, datetime.fromisoformat(now).astimezone(UTC))
    return opens.astimezone(UTC).isoformat() if opens is not None else None


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-03-10T09:00:00+01:00", "2026-03-10T08:00:00+00:00"),
        ("2026-03-10T16:59:59+01:00", "2026-03-10T15:59:59+00:00"),
        ("2026-03-10T08:59:59+01:00", "2026-03-10T08:00:00+00:00"),
        ("2026-03-10T17:00:00+01:00", "2026-03-11T08:00:00+00:00"),
        ("2026-03-13T17:00:00+01:00", "2026-03-16T08:00:00+00:00"),
        ("2026-03-14T12:00:00+01:00", "2026-03-16T08:00:00+00:00"),
        ("2026-03-27T18:00:00+01:00", "2026-03-30T07:00:00+00:00"),  # the clocks change in between
        ("2026-04-02T18:00:00+02:00", "2026-04-07T07:00:00+00:00"),  # Good Friday to Easter Monday
        ("2026-12-31T18:00:00+01:00", "2027-01-04T08:00:00+00:00"),  # New Year is a Friday
    ],
)
def test_an_open_shop_is_there_now_and_a_closed_one_when_it_opens_next(now: str, opens: str) -> None:
    assert _next(now) == opens


def test_a_holiday_is_that_of_the_shops_country() -> None:
    assert _next("2026-07-03T18:00:00-04:00", timezone="America/New_York", country="US") == "2026-07-06T13:00:00+00:00"
    assert _next("2026-07-03T09:00:00-04:00", timezone="America/New_York", country="US") == "2026-07-06T13:00:00+00:00"
    assert _next("2026-07-03T09:00:00-04:00", timezone="America/New_York", country="DE") == "2026-07-03T13:00:00+00:00"


def test_a_shop_without_opening_hours_promises_no_time() -> None:
    assert _next("2026-03-10T09:00:00+01:00", opening_hours={}) is None


def test_a_country_without_a_calendar_has_no_holidays() -> None:
    assert _next("2026-12-25T10:00:00+01:00", country="XX") == "2026-12-25T09:00:00+00:00"


def test_the_shops_day_counts_not_that_of_utc() -> None:
    night_in_shanghai = "2026-03-10T23:30:00+00:00"  # already Wednesday there
    assert _next(night_in_shanghai, timezone="Asia/Shanghai", country="CN") == "2026-03-11T01:00:00+00:00"


def test_days_with_the_same_hours_are_told_together() -> None:
    words = Words.load()
    hours = {**WEEK, "thu": ["09:00", "20:00"], "sat": ["10:00", "14:00"]}
    assert hours_in_words(a_shop("quill", opening_hours=hours), words) == (
        "Monday to Wednesday 09:00 to 17:00, Thursday 09:00 to 20:00, Friday 09:00 to 17:00, Saturday 10:00 to 14:00"
    )
    assert hours_in_words(a_shop("quill", opening_hours={}), words) is None
