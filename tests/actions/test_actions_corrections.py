"""A customer who takes back which item it is, and what is told to them anew."""

from order_store import Database
from tests.actions.conversation import proven
from tests.casework.orders import ANOTHER_LINE, a_line, tell, told


def test_the_verdict_of_the_other_item_is_told_even_where_it_is_the_same(store: Database) -> None:
    tell(store, told(lines=[a_line(), ANOTHER_LINE]))
    customer = proven()
    customer.says("return it", "return_item", reason="change_of_mind")
    customer.chooses("Copper kettle")
    assert customer.custom("verdict")["line"] == 1
    customer.says("no, I mean the lamp", "correct_that")
    assert customer.custom("verdict")["line"] == 2
    assert customer.asks == "confirm"


def test_the_dates_are_told_once_for_an_item_and_anew_for_another(store: Database) -> None:
    tell(store, told(lines=[a_line(warranty_until="2026-05-01"), ANOTHER_LINE]))
    customer = proven()
    customer.says("is it under warranty?", "warranty")
    assert "Warranty of the Copper kettle" in customer.chooses("Copper kettle")
    again = customer.says("qwertz", "nlu_fallback", 0.3)
    assert "Is something wrong with it?" in again
    assert "Warranty of the Copper kettle" not in again
    assert "Reading lamp" in customer.says("no, I mean the lamp", "correct_that")
    assert customer.asks == "claim.reason"
