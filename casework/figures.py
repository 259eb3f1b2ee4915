"""The figures in force at a shop, and how they are said."""

from datetime import datetime

from policy_core import ParameterName, Policy, Shop, Unit, default_policy, local_day

from .words import Words


def figure(name: ParameterName, shop: Shop, now: datetime, policy: Policy | None = None) -> int | None:
    """The figure in force at the shop on the day asked (GEN-A1: nothing is paid yet); None: there is no such limit."""
    value = (policy or default_policy()).value(name, local_day(now, shop.timezone), shop.parameters)
    return None if value is None else int(value)


_UNITS = {Unit.YEARS: "year", Unit.WORKING_DAYS: "working_day"}


def figure_in_words(name: ParameterName, value: int, words: Words) -> str:
    """A figure with its unit: "14 days", "1 year", "3 working days"."""
    one = _UNITS.get(default_policy().parameters[name].unit, "day")
    return words(f"figure_{one}") if value == 1 else words(f"figure_{one}s", number=value)
