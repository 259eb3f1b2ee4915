"""Which figures change, and on which days."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import policy_core
from casework.figure_changes import SettingChange, figure_changes, setting_changes
from policy_core import Policy, Programme, default_policy
from policy_core.parameters import Period, Value

MAY_31, JUNE_1, JUNE_30, JULY_1 = date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 30), date(2026, 7, 1)

Change = tuple[str, Value, Value, date | None, date | None]


def edited(**figures: tuple[Period, ...]) -> Policy:
    shipped = default_policy().parameters
    return Policy("edited", dict(shipped) | {name: replace(shipped[name], periods=figures[name]) for name in figures})


def changes(old: Policy, new: Policy, old_own: object = None, new_own: object = None) -> list[Change]:
    own = [policy.read_overrides(given or {}, "test") for policy, given in ((old, old_own), (new, new_own))]
    return [(each.parameter.name, each.old, each.new, each.start, each.end) for each in figure_changes(old, new, *own)]


SHIPPED = default_policy()


def test_an_edition_changes_nothing_from_itself() -> None:
    assert changes(SHIPPED, SHIPPED) == []


def test_another_figure_changes_on_every_day() -> None:
    assert changes(SHIPPED, edited(return_days=(Period(14),))) == [("return_days", 7, 14, None, None)]


def test_a_dated_figure_changes_from_its_day_on() -> None:
    new = edited(return_days=(Period(7, None, JUNE_30), Period(14, JULY_1)))
    assert changes(SHIPPED, new) == [("return_days", 7, 14, JULY_1, None)]
    assert changes(new, SHIPPED) == [("return_days", 14, 7, JULY_1, None)]


def test_each_stretch_of_days_is_told_with_its_figures() -> None:
    new = edited(return_days=(Period(10, None, MAY_31), Period(7, JUNE_1, JUNE_30), Period(14, JULY_1)))
    assert changes(SHIPPED, new) == [("return_days", 7, 10, None, MAY_31), ("return_days", 7, 14, JULY_1, None)]


def test_the_same_figure_written_in_two_periods_changes_nothing() -> None:
    split = edited(return_days=(Period(7, None, JUNE_30), Period(7, JULY_1)))
    assert changes(SHIPPED, split) == []
    assert changes(split, edited(return_days=(Period(9),))) == [("return_days", 7, 9, None, None)]


def test_no_limit_and_a_limit_of_no_days_are_two_things() -> None:
    new = edited(change_of_mind_days=(Period(0),))
    assert changes(SHIPPED, new) == [("change_of_mind_days", None, 0, None, None)]


def test_the_changes_come_in_the_order_of_the_policies() -> None:
    new = edited(rma_return_days=(Period(20),), dispute_days=(Period(20),))
    assert [name for name, *_ in changes(SHIPPED, new)] == ["dispute_days", "rma_return_days"]


def test_a_shops_own_value_counts_where_it_holds() -> None:
    dated = {"return_days": [{"from": "2026-06-01", "to": "2026-06-30", "value": 14}]}
    assert changes(SHIPPED, SHIPPED, {}, dated) == [("return_days", 7, 14, JUNE_1, JUNE_30)]
    assert changes(SHIPPED, SHIPPED, dated, dated) == []


def test_a_shops_own_value_hides_an_editions_change() -> None:
    own = {"return_days": 9}
    assert changes(SHIPPED, edited(return_days=(Period(14),)), own, own) == []


def test_a_shops_value_that_is_the_policys_own_changes_nothing() -> None:
    assert changes(SHIPPED, SHIPPED, {}, {"return_days": 7}) == []


def test_the_first_and_the_last_day_there_are_do_not_overflow() -> None:
    edges = {"return_days": [{"from": "0001-01-01", "to": "9999-12-31", "value": 14}]}
    assert changes(SHIPPED, SHIPPED, {}, edges) == [("return_days", 7, 14, None, None)]


def test_settings_that_lines_are_judged_by_are_told() -> None:
    berlin = policy_core.Shop((Programme.AFTER_SALES, Programme.STORE_POLICY), ZoneInfo("Europe/Berlin"), "DE")
    turned = replace(berlin, programmes=berlin.programmes[::-1])
    assert setting_changes(berlin, turned) == ()
    lima = policy_core.Shop((Programme.STORE_POLICY,), ZoneInfo("America/Lima"))
    assert setting_changes(berlin, lima) == (
        SettingChange("programmes", "after_sales, store_policy", "store_policy"),
        SettingChange("timezone", "Europe/Berlin", "America/Lima"),
        SettingChange("country", "DE", ""),
    )
