"""The figures of the policies: dated, cited, one entry each, in `programmes/<name>/parameters.yml`.

A shop overrides a figure by its name, dated the same way; where its own periods say nothing for a day, the
programme's figure is in force.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeAlias

from .codes import Programme
from .errors import ParameterError, shown
from .figures import ParameterName, Unit

Value: TypeAlias = int | bool | None

LONGEST_DAYS = 36_500
LONGEST_YEARS = 100


@dataclass(frozen=True, slots=True)
class Period:
    """A value in force from `start` to `end`, both days included; `None`: without end on that side."""

    value: Value
    start: date | None = None
    end: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


Overrides: TypeAlias = Mapping[str, tuple[Period, ...]]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One figure of a policy: the clause it stands in, its unit, and its value over time without a gap."""

    name: ParameterName
    programme: Programme
    clause: str
    unit: Unit
    meaning: str
    optional: bool
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """All three policies in one edition: its version and every parameter by name."""

    version: str
    parameters: Mapping[str, Parameter]
    _constant: dict[str, Value] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name, parameter in self.parameters.items():
            if len(parameter.periods) == 1:
                self._constant[name] = parameter.periods[0].value

    def value(self, name: str, on: date, overrides: Overrides) -> Value:
        """The value of `name` in force on the day `on`, the shop's own first."""
        for period in overrides.get(name, ()):
            if period.holds_on(on):
                return period.value
        if name in self._constant:
            return self._constant[name]
        return next(period.value for period in self.parameters[name].periods if period.holds_on(on))

    def number(self, name: str, on: date, overrides: Overrides) -> int:
        """The value of a parameter that always has a figure. Raises ParameterError where it has none."""
        value = self.value(name, on, overrides)
        if not isinstance(value, int):
            raise ParameterError(self.version, name, f"no figure in force on {on}: it may be null")
        return value

    def read_overrides(self, raw: object, where: str) -> Overrides:
        """A shop's own values: `{name: value}` or `{name: [{from, to, value}, …]}`.

        Raises ParameterError for an unknown name, a value that is none, or periods that overlap.
        """
        if not isinstance(raw, Mapping):
            raise ParameterError(where, "parameters", "expected values by parameter name")
        overrides = {}
        for name, given in raw.items():
            parameter = self.parameters.get(name)
            if parameter is None:
                known = ", ".join(sorted(self.parameters))
                raise ParameterError(where, str(name), f"no such parameter; there are: {known}")
            reader = PeriodReader(where, name, parameter.unit, parameter.optional)
            overrides[name] = reader.some(given) if isinstance(given, list) else (Period(reader.value(given)),)
        return overrides


@dataclass(frozen=True, slots=True)
class PeriodReader:
    """Reads the periods of one parameter; every complaint names the file (or shop) and the key."""

    where: str
    key: str
    unit: Unit
    optional: bool

    def all_time(self, raw: object) -> tuple[Period, ...]:
        """Periods that cover all time. Raises ParameterError for a gap or an overlap."""
        periods = self.some(raw)
        if periods[0].start is not None:
            raise self._error("the first period has no `from`: it holds from the beginning")
        if periods[-1].end is not None:
            raise self._error(f"nothing is in force after {periods[-1].end}: the last period has no `to`")
        for earlier, later in pairwise(periods):
            if earlier.end and later.start != earlier.end + timedelta(days=1):
                raise self._error(f"a gap between {earlier.end} and {later.start}: begin the later a day after")
        return periods

    def some(self, raw: object) -> tuple[Period, ...]:
        """Periods in order of time, possibly with gaps. Raises ParameterError for an overlap."""
        if not isinstance(raw, list) or not raw:
            raise self._error("expected a list of periods: [{from: …, to: …, value: …}]")
        return self._in_order(tuple(self._period(entry) for entry in raw))

    def value(self, raw: object) -> Value:
        """One value in the parameter's unit. Raises ParameterError saying what was expected."""
        if raw is None and self.optional:
            return None
        if self.unit is Unit.FLAG:
            if isinstance(raw, bool):
                return raw
            raise self._error(f"expected true or false, got {shown(raw)}")
        most = LONGEST_YEARS if self.unit is Unit.YEARS else LONGEST_DAYS
        if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw <= most:
            return raw
        raise self._error(
            f"expected a whole number of {self.unit.replace('_', ' ')} from 0 to {most}, got {shown(raw)}"
        )

    def _period(self, raw: object) -> Period:
        if not isinstance(raw, Mapping) or "value" not in raw or not set(raw) <= {"from", "to", "value"}:
            raise self._error(f"expected a period with `value` and perhaps `from` and `to`, got {shown(raw)}")
        period = Period(self.value(raw["value"]), self._day(raw, "from"), self._day(raw, "to"))
        if period.start and period.end and period.end < period.start:
            raise self._error(f"a period ends on {period.end}, before it begins on {period.start}")
        return period

    def _day(self, raw: Mapping[str, object], end: str) -> date | None:
        given = raw.get(end)
        if given is None:
            return None
        try:
            day = date.fromisoformat(str(given))
            if day.isoformat() == str(given):
                return day
        except ValueError:
            pass
        raise self._error(f"`{end}`: expected a day like 2026-07-01, got {shown(given)}")

    def _in_order(self, periods: tuple[Period, ...]) -> tuple[Period, ...]:
        for earlier, later in pairwise(periods):
            if earlier.end is None or later.start is None or later.start <= earlier.end:
                raise self._error(
                    f"the period from {later.start or 'the beginning'} overlaps the one before it: "
                    "end each period the day before the next begins"
                )
        return periods

    def _error(self, mend: str) -> ParameterError:
        return ParameterError(self.where, self.key, mend)
