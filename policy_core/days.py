"""How days are counted: calendar days in the shop's zone, the event day being day 0.

Instants are aware `datetime`s in UTC everywhere in policy_core, so that comparing and subtracting them is
exact on both sides of a clock change; a zone is only put on when a day is read or an instant is shown.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar day an instant falls on in `zone`."""
    return instant.astimezone(zone).date()


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of `day` in `zone`, in UTC (the earlier one where midnight comes twice)."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The last microsecond of `day` in `zone`, in UTC (the later one where the last hour comes twice)."""
    return datetime.combine(day, time.max, zone).replace(fold=1).astimezone(UTC)


def after_days(day: date, days: int) -> date:
    """The last day of a window of `days` days that an event on `day` opens; it still counts."""
    return day + timedelta(days=days)


def after_years(day: date, years: int) -> date:
    """The same date `years` calendar years on; 29 February becomes the 28th where there is none."""
    return day + relativedelta(years=years)
