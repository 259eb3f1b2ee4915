"""What is told of the policies without an order: model cases, as the policies themselves decide them."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from casework.carriage_told import tell_carriage
from casework.figures import figure
from casework.policy_told import tell_policy
from casework.situations import SITUATIONS, decided
from casework.words import Words
from policy_core import ParameterName, Payer, Programme, Shop, default_policy
from tests.casework.orders import NOW

WORDS = Words.load()


def a_shop(*programmes: Programme, **own: object) -> Shop:
    parameters = default_policy().read_overrides(own, "a shop")
    return Shop(programmes or tuple(Programme), ZoneInfo("Europe/Berlin"), "DE", parameters)


@pytest.mark.parametrize("programme", Programme)
def test_every_situation_of_a_programme_is_open_under_it(programme: Programme) -> None:
    told = [each.situation for each in decided(a_shop(programme), NOW)]
    assert told == [each for each in SITUATIONS if each.programme is programme]


def test_the_one_year_service_is_told_however_long_a_shop_lets_it_wait() -> None:
    shop = a_shop(Programme.BUYER_PROTECTION, service_waiting_days=400, service_years=2)
    text = tell_policy(WORDS, shop, NOW).text
    assert "waits for 400 days after the order is completed, and can then be applied for during 2 years" in text


def test_a_programme_the_shop_has_not_taken_is_not_told() -> None:
    for told in (tell_policy, tell_carriage):
        text = told(WORDS, a_shop(Programme.STORE_POLICY), NOW).text
        assert "ST-" in text
        assert "AS-" not in text
        assert "BP-" not in text


def test_a_figure_is_the_one_in_force_on_the_shops_day() -> None:
    dated = [{"to": "2026-03-10", "value": 3}, {"from": "2026-03-11", "value": 5}]
    shop = a_shop(change_of_mind_days=dated)
    evening = NOW.replace(hour=23, minute=30)  # the next day in Berlin
    assert figure(ParameterName.CHANGE_OF_MIND_DAYS, shop, NOW) == 3
    assert figure(ParameterName.CHANGE_OF_MIND_DAYS, shop, evening) == 5
    assert figure(ParameterName.CHANGE_OF_MIND_DAYS, replace(shop, parameters={}), NOW) is None


def test_every_payer_that_is_told_is_the_verdicts() -> None:
    cases = tell_carriage(WORDS, a_shop(), NOW).custom["cases"]
    by_reason = {(each["remedy"], each["reason"], *each["clauses"]): each["pays"] for each in cases}
    assert by_reason["return_refund", "defective", "ST-D5"]["return_shipping"] is Payer.CUSTOMER
    assert by_reason["return_refund", "wrong_item", "ST-N3"]["return_shipping"] is Payer.UNSPECIFIED
    assert by_reason["cancel", "change_of_mind", "ST-N1"]["return_shipping"] is Payer.NONE
