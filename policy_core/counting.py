"""How the last day of a window comes about: a day that is a fact, plus figures of the policy."""

from datetime import date
from typing import NamedTuple

from .days import after_days, after_years
from .figures import ParameterName, Unit


class Step(NamedTuple):
    """`figure` days or years more; `parameter` names the figure, None for the day after a last day."""

    figure: int
    unit: Unit = Unit.DAYS
    parameter: ParameterName | None = None


class Count(NamedTuple):
    """From `start`, the local day of the fact at the path `fact`, in `steps` to `last_day`, which still counts."""

    fact: str
    start: date
    last_day: date
    steps: tuple[Step, ...] = ()

    @classmethod
    def told(cls, fact: str, day: date) -> "Count":
        """A last day that is a fact itself."""
        return cls(fact, day, day)

    def plus(self, step: Step) -> "Count":
        """The same, counted on by one step."""
        count = after_years if step.unit is Unit.YEARS else after_days
        return Count(self.fact, self.start, count(self.last_day, step.figure), (*self.steps, step))


DAY_AFTER = Step(1)
"""To the first day after a window."""


def later(*counts: Count | None) -> Count | None:
    """The one with the later last day (the first of equals); None where none is known."""
    return max((count for count in counts if count is not None), key=lambda count: count.last_day, default=None)
