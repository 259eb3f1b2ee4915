"""Counting working days: weekends and public holidays of the shop's country do not count."""

from datetime import date, timedelta

import holidays

_SATURDAY = 5


def after_working_days(country: str, day: date, days: int) -> date:
    """The `days`-th working day after `day`, which is day 0; `country` is ISO 3166 alpha-2.

    A country the library does not know has no public holidays, and its weekend is Saturday and Sunday.
    """
    found = day
    for _ in range(days):
        found += timedelta(days=1)
        while not is_working_day(country, found):
            found += timedelta(days=1)
    return found


def is_working_day(country: str, day: date) -> bool:
    """Whether people work on `day` in `country`, where a weekend may be worked for a bridge day."""
    try:
        calendar = holidays.country_holidays(country, years=day.year)
    except NotImplementedError:
        return day.weekday() < _SATURDAY
    return calendar.is_working_day(day)
