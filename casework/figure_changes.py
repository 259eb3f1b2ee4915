"""Which figures and settings differ between two sets of parameters, and on which days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

import policy_core
from policy_core import Overrides, Parameter, Policy
from policy_core.parameters import Period, Value

_NO_OVERRIDES: Overrides = MappingProxyType({})
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A parameter, as the new set tells it, whose figure is another from `start` to `end`.

    Both days are included; None: without end on that side.
    """

    parameter: Parameter
    old: Value
    new: Value
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class SettingChange:
    """Something of a shop, besides its figures, that its lines are judged by."""

    name: str
    old: str
    new: str


def figure_changes(
    old: Policy, new: Policy, old_overrides: Overrides = _NO_OVERRIDES, new_overrides: Overrides = _NO_OVERRIDES
) -> tuple[FigureChange, ...]:
    """Every stretch of days on which a parameter has another figure, a shop's own values put on each edition.

    In the editions' order, then in order of time. Writing the same figure another way changes nothing.
    """
    changes: list[FigureChange] = []
    for name, parameter in new.parameters.items():
        periods = (
            *old.parameters[name].periods,
            *parameter.periods,
            *old_overrides.get(name, ()),
            *new_overrides.get(name, ()),
        )
        stretches: list[FigureChange] = []
        for start, end in _stretches(periods):
            day = start or date.min
            was, becomes = old.value(name, day, old_overrides), new.value(name, day, new_overrides)
            if stretches and (stretches[-1].old, stretches[-1].new) == (was, becomes):
                start = stretches.pop().start
            stretches.append(FigureChange(parameter, was, becomes, start, end))
        changes += [each for each in stretches if each.old != each.new]
    return tuple(changes)


def setting_changes(old: policy_core.Shop, new: policy_core.Shop) -> tuple[SettingChange, ...]:
    """What differs in a shop's programmes (in whatever order), time zone and country."""
    told = (
        SettingChange("programmes", ", ".join(sorted(old.programmes)), ", ".join(sorted(new.programmes))),
        SettingChange("timezone", old.timezone.key, new.timezone.key),
        SettingChange("country", old.country or "", new.country or ""),
    )
    return tuple(each for each in told if each.old != each.new)


def _stretches(periods: Iterable[Period]) -> list[tuple[date | None, date | None]]:
    """All time, cut wherever one of the periods begins or has ended: first and last days."""
    begins = {each.start for each in periods if each.start is not None}
    begins |= {each.end + _ONE_DAY for each in periods if each.end is not None and each.end < date.max}
    first_days = [None, *sorted(begins - {date.min})]
    last_days = [*(day - _ONE_DAY for day in first_days if day is not None), None]
    return list(zip(first_days, last_days, strict=True))
