"""A shop's own figures: what it may set, what is in force on which day, what is refused and how to mend it."""

from datetime import date
from typing import Any

import pytest

from policy_core import CaseError, ParameterError, default_policy, read_case
from policy_core.parameters import Period

MAY, JUNE, JULY = date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 1)


def told(parameters: Any) -> dict[str, Any]:
    shop = {"programmes": ["after_sales"], "timezone": "UTC", "parameters": parameters}
    return {"as_of": "2026-02-17T12:00:00Z", "shop": shop}


def in_force(parameters: Any, name: str, on: date) -> object:
    return default_policy().value(name, on, read_case(told(parameters)).shop.parameters)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"return_days": 14}, (Period(14),)),
        ({"return_days": 0}, (Period(0),)),
        ({"return_days": 36_500}, (Period(36_500),)),
        ({"service_years": 100}, (Period(100),)),
        ({"most_favourable_clock": True}, (Period(True),)),
        ({"change_of_mind_days": 14}, (Period(14),)),
        ({"change_of_mind_days": None}, (Period(None),)),
        ({"return_days": [{"value": 14}]}, (Period(14),)),
        ({"return_days": [{"value": 14, "from": None, "to": None}]}, (Period(14),)),
        (
            {"return_days": [{"to": "2026-06-30", "value": 7}, {"from": "2026-07-01", "value": 14}]},
            (Period(7, None, JUNE), Period(14, JULY)),
        ),
        ({"return_days": [{"from": "2026-05-31", "to": "2026-05-31", "value": 7}]}, (Period(7, MAY, MAY),)),
    ],
)
def test_a_shop_may_set_its_own_figures(parameters: dict[str, Any], expected: tuple[Period, ...]) -> None:
    (name,) = parameters
    assert read_case(told(parameters)).shop.parameters == {name: expected}


@pytest.mark.parametrize("parameters", [None, {}])
def test_a_shop_need_not(parameters: object) -> None:
    assert read_case(told(parameters)).shop.parameters == {}


def test_outside_its_own_periods_a_shop_has_the_programmes_figure() -> None:
    parameters = {"return_days": [{"to": "2026-05-31", "value": 10}, {"from": "2026-07-01", "value": 14}]}
    days = [MAY, date(2026, 6, 1), JUNE, JULY]
    assert [in_force(parameters, "return_days", day) for day in days] == [10, 7, 7, 14]
    assert in_force(parameters, "send_by_days", JULY) == 7


@pytest.mark.parametrize("parameters", [[], "", 0, False, "return_days", ["return_days"], [["return_days", 7]]])
def test_a_shops_figures_are_told_by_name(parameters: object) -> None:
    with pytest.raises(CaseError) as caught:
        read_case(told(parameters))
    assert (caught.value.path, caught.value.message) == ("shop.parameters", "expected values by parameter name")


@pytest.mark.parametrize("name", ["retrun_days", "RETURN_DAYS", "", "after_sales.return_days", 7])
def test_an_unknown_figure_is_named_with_those_there_are(name: object) -> None:
    with pytest.raises(CaseError) as caught:
        read_case(told({name: 7}))
    assert caught.value.path == f"shop.parameters.{name}"
    known = ", ".join(sorted(default_policy().parameters))
    assert caught.value.message == f"no such parameter; there are: {known}"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("return_days", None, "expected a whole number of days from 0 to 36500, got None"),
        ("return_days", "7", "expected a whole number of days from 0 to 36500, got '7'"),
        ("return_days", -1, "expected a whole number of days from 0 to 36500, got -1"),
        ("return_days", True, "expected a whole number of days from 0 to 36500, got True"),
        ("return_days", {"value": 7}, "expected a whole number of days from 0 to 36500, got a dict"),
        ("service_years", 101, "expected a whole number of years from 0 to 100, got 101"),
        ("most_favourable_clock", 1, "expected true or false, got 1"),
        ("most_favourable_clock", None, "expected true or false, got None"),
        ("change_of_mind_days", False, "expected a whole number of days from 0 to 36500, got False"),
        ("return_days", [], "expected a list of periods: [{from: …, to: …, value: …}]"),
        ("return_days", [7], "expected a period with `value` and perhaps `from` and `to`, got 7"),
        (
            "return_days",
            [{"from": "2026-07-01", "value": 14}, {"to": "2026-06-30", "value": 7}],
            "the period from the beginning overlaps the one before it: end each period the day before the next begins",
        ),
        ("return_days", [{"from": 20260701, "value": 7}], "`from`: expected a day like 2026-07-01, got 20260701"),
        ("return_days", [{"from": "20260701", "value": 7}], "`from`: expected a day like 2026-07-01, got '20260701'"),
        ("return_days", [{"to": "2026-W27-3", "value": 7}], "`to`: expected a day like 2026-07-01, got '2026-W27-3'"),
        ("return_days", [{"to": "", "value": 7}], "`to`: expected a day like 2026-07-01, got ''"),
        (
            "return_days",
            [{"to": 10**5000, "value": 7}],
            "`to`: expected a day like 2026-07-01, got a number too large to show",
        ),
    ],
)
def test_a_wrong_figure_is_refused_with_its_path(name: str, value: object, message: str) -> None:
    with pytest.raises(CaseError) as caught:
        read_case(told({name: value}))
    assert (caught.value.path, caught.value.message) == (f"shop.parameters.{name}", message)


def test_a_shops_settings_are_refused_with_their_place() -> None:
    with pytest.raises(ParameterError) as caught:
        default_policy().read_overrides({"return_days": "long"}, "inkwell")
    assert str(caught.value).startswith("inkwell: return_days: expected a whole number of days")


def test_a_period_holds_on_its_first_and_on_its_last_day() -> None:
    assert Period(7, MAY, JUNE).holds_on(MAY)
    assert Period(7, MAY, JUNE).holds_on(JUNE)
    assert not Period(7, MAY, JUNE).holds_on(JULY)
