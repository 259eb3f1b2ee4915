"""A conversation that goes on elsewhere knows what it is about, and not any more whose order it is."""

from order_store import Database
from tests.actions.conversation import Customer
from tests.casework.orders import EMAIL, tell, told


def asked_for_a_yes(store: Database) -> Customer:
    """A customer whose return has been announced."""
    tell(store, told())
    customer = Customer()
    customer.says("I changed my mind", "return_item", order_number="QC-1001", email=EMAIL, reason="change_of_mind")
    for _ in range(6):
        if customer.asks == "confirm":
            return customer
        customer.chooses("Yes, all of it" if "Yes, all of it" in _labels(customer) else _labels(customer)[0])
    raise AssertionError(customer.text)


def _labels(customer: Customer) -> list[str]:
    return [button["title"] for button in customer.replies[-1]["buttons"]]


def test_the_order_is_not_spoken_of_before_it_is_proven_again(store: Database) -> None:
    customer = asked_for_a_yes(store)
    customer.place = 7
    customer.says("hello, I am back")
    assert customer.asks == "customer.email"
    assert customer.slots["verified_order"] is None
    assert customer.slots["order_number"] == "QC-1001"
    assert customer.slots["goal"] == "return_item"


def test_a_yes_said_elsewhere_grants_nothing_and_what_is_agreed_to_is_announced_again(store: Database) -> None:
    customer = asked_for_a_yes(store)
    customer.place = 7
    customer.says("yes", "affirm")
    assert customer.asks == "customer.email"
    customer.says(EMAIL, email=EMAIL)
    assert customer.asks == "confirm"
    assert "Shall I go ahead?" in customer.text
    customer.says("yes", "affirm")
    assert customer.custom("rma")["number"]


def test_who_cannot_prove_it_learns_nothing(store: Database) -> None:
    customer = asked_for_a_yes(store)
    customer.place = 7
    customer.says("what is the last day?", "ask_deadline")
    customer.says("bo@example.org", email="bo@example.org")
    assert customer.slots["verified_order"] is None


def test_a_contact_told_elsewhere_proves_nothing_here(store: Database) -> None:
    tell(store, told())
    customer = Customer()
    customer.says("return it", "return_item", email=EMAIL)
    customer.place = 7
    customer.says("QC-1001", order_number="QC-1001")
    assert customer.asks == "customer.email"
    assert customer.slots["verified_order"] is None


def test_what_is_proven_here_stays_so(store: Database) -> None:
    customer = asked_for_a_yes(store)
    customer.place = 7
    customer.says(EMAIL, email=EMAIL)
    customer.says("no", "deny")
    assert customer.slots["verified_order"] == "QC-1001"
    customer.place = 9
    customer.says("the last day?", "ask_deadline")
    assert customer.slots["verified_order"] is None
