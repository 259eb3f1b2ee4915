"""Questions about the policy itself, who pays the postage, and until when an item is covered."""

import pytest

from casework.policy_told import asks_how_long_a_repair_takes, asks_how_long_money_takes
from order_store import Database, Shop, save_shops
from tests.actions.conversation import Customer, proven
from tests.casework.desk import FAULT, say_yes
from tests.casework.orders import ANOTHER_LINE, EMAIL, a_line, a_shop, tell, told


def _asks_policy(customer: Customer, text: str = "what is your return policy?") -> str:
    return customer.says(text, "refund_policy")


def _asks_postage(customer: Customer) -> str:
    return customer.says("who pays for the return", "shipping_cost")


def _right(customer: Customer, name: str) -> dict[str, object]:
    rights = customer.custom("policy")["rights"]
    found: dict[str, object] = next(each for each in rights if each["right"] == name)
    return found


def test_a_shop_without_a_limit_names_none_and_one_with_a_limit_names_its_own(store: Database) -> None:
    assert "no last day is set. You bear the postage both ways" in _asks_policy(Customer())
    shop: Shop = a_shop("kind", parameters={"change_of_mind_days": 14, "rma_return_days": 1})
    with store.write() as session:
        save_shops(session, [shop])
    customer = Customer("kind")
    text = _asks_policy(customer)
    assert "within 14 days of the day it came" in text
    assert "within 1 day of the day the number is issued" in text
    assert _right(customer, "change_of_mind") == {
        "right": "change_of_mind",
        "programme": "store_policy",
        "remedy": "return_refund",
        "figures": {"change_of_mind_days": 14},
        "pays": {"original_shipping": "customer", "return_shipping": "customer"},
        "clauses": ["ST-N1", "ST-N2"],
    }


def test_a_figure_that_changes_is_told_as_of_the_day_asked(store: Database) -> None:
    later = [{"to": "2026-03-09", "value": 7}, {"from": "2026-03-10", "value": 21}]
    with store.write() as session:
        save_shops(session, [a_shop("changing", programmes=["after_sales"], parameters={"return_days": later})])
    assert "a return within 21 days of the day it came" in _asks_policy(Customer("changing"))


def test_each_programme_tells_its_own_rights(store: Database) -> None:
    text = _asks_policy(Customer("voltaic"))
    assert "180 days from the day on your proof of purchase" in text
    assert "AS-W1" in text
    assert "ST-" not in text
    text = _asks_policy(Customer("bazaar"))
    assert "you have 15 days for it. (BP-3" in text
    assert "waits for 15 days after the order is completed, and can then be applied for during 1 year" in text
    both = _asks_policy(Customer("double"))
    assert "AS-R1" in both
    assert "ST-N1" in both


def test_inside_a_matter_the_answer_is_followed_by_the_open_question(store: Database) -> None:
    customer = Customer()
    customer.says("return it", "return_item")
    assert "the policy gives you" in _asks_policy(customer)
    assert customer.asks == "order.number"
    assert "depends on why it travels" in _asks_postage(customer)
    assert customer.asks == "order.number"


@pytest.mark.parametrize(
    ("text", "about_time"),
    [
        ("how long does a refund take?", True),
        ("When will I get my money?", True),
        ("how many business days until refunds are credited", False),
        ("how long do I have to request a refund", False),
        ("when can a customer request a reimbursement", False),
        ("Might I enquire how long a reimbursement takes as a rule, once goods have come back to you?", True),
        ("what is your refund policy", False),
    ],
)
def test_how_long_money_takes_is_told_from_how_long_it_can_be_asked_for(text: str, about_time: bool) -> None:
    assert asks_how_long_money_takes(text) is about_time


def test_how_long_a_refund_takes_is_named_only_where_a_clause_does(store: Database) -> None:
    question = "how long does a refund take?"
    assert "does not say how long a refund takes" in _asks_policy(Customer(), question)
    assert "within 15 days of the end of the dispute's process. (BP-7)" in _asks_policy(Customer("bazaar"), question)


@pytest.mark.parametrize(
    ("text", "about_its_length"),
    [
        ("How long does a repair take?", True),
        ("how long will it take to repair my kettle", True),
        ("how many working days for a repair?", True),
        ("how quickly do you fix it", True),
        ("how long does it take you to repair it", True),
        ("how long do you take to repair it", True),
        ("how long do you need to repair it", True),
        ("how long do I have to wait for the repair?", True),
        ("how long before I have it repaired and back?", True),
        ("how long does the repair take after you have it?", True),
        ("how long do I have to get it repaired", False),
        ("how many days do I have to have it repaired", False),
        ("how long do I have for the repair", False),
        ("how many days I've got for a repair", False),
        ("how long have I got to take it in for repair", False),
        ("how long can I wait before I have it repaired", False),
        ("how many days left for repair", False),
        ("how long is my RMA for repair open", False),
        ("how long do you repair items after purchase", False),
        ("how long do you still repair old items", False),
        ("how long is a repair free?", False),
        ("until when can I have it repaired?", False),
        ("how long does the warranty cover repairs", False),
        ("how long does a refund take?", False),
    ],
)
def test_how_long_a_repair_takes_is_told_from_how_long_there_is_a_right_to_one(
    text: str, about_its_length: bool
) -> None:
    assert asks_how_long_a_repair_takes(text) is about_its_length


def test_how_long_a_repair_takes_is_named_only_where_a_clause_does(store: Database) -> None:
    question = "How long does a repair take?"
    customer = Customer("voltaic")
    told_at_once = customer.says(question, "warranty")
    assert "within 3 working days of the day on which its need is confirmed. (AS-P4)" in told_at_once
    assert customer.slots["goal"] is None
    assert "within 3 working days" in _asks_policy(Customer("voltaic"), question)
    assert "does not say how long a repair takes" in Customer().says(question, "warranty")


def test_inside_a_matter_the_length_of_a_repair_is_told_and_the_question_comes_back(store: Database) -> None:
    customer = Customer("voltaic")
    customer.says("my kettle is broken", "report_defect", reason="defective")
    assert "within 3 working days" in customer.says("how long does a repair take?", "warranty")
    assert customer.asks == "order.number"
    assert customer.slots["goal"] == "report_defect"


def test_the_order_told_with_the_question_for_a_repairs_length_is_not_asked_for_again(store: Database) -> None:
    tell(store, told())
    customer = Customer()
    text = f"my order is QC-1001, {EMAIL}. How long does a repair take?"
    assert "does not say how long a repair takes" in customer.says(
        text, "warranty", order_number="QC-1001", email=EMAIL
    )
    assert (customer.asks, customer.slots["goal"]) == (None, None)
    customer.says("my kettle is broken", "report_defect", reason="defective")
    assert customer.slots["verified_order"] == "QC-1001"
    assert customer.asks not in (None, "order.number", "order.contact")
    assert "does not say how long a repair takes" in customer.says("how long does a repair take?", "warranty")


def test_without_an_order_the_postage_is_told_for_each_reason(store: Database) -> None:
    text = _asks_postage(Customer())
    assert "A fault (ST-D5): You bear the postage both ways" in text
    assert "The shop's mistake (ST-N3): The policy does not say" in text
    text = _asks_postage(Customer("voltaic"))
    assert "no fault of quality (AS-F1): You bear the postage for sending it back." in text
    assert "Repair under warranty (AS-W1): The policy does not say" in text


def test_in_a_matter_with_a_verdict_the_postage_is_that_of_the_verdict(store: Database) -> None:
    tell(store, told())
    customer = proven()
    customer.says("I changed my mind", "return_item", reason="change_of_mind")
    text = _asks_postage(customer)
    assert "Postage for the Copper kettle:\n• Return for a refund (ST-N1): You bear the postage both ways" in text
    assert "mistake" not in text
    assert customer.asks == "confirm"


def test_with_an_rma_the_postage_is_that_of_its_terms(store: Database) -> None:
    tell(store, told())
    say_yes(store, "report_defect", "return_refund", photos=1, **FAULT)
    assert "Return for a refund (ST-D5): You bear the postage both ways" in _asks_postage(proven())


def test_an_unproven_order_tells_nothing_of_its_postage(store: Database) -> None:
    tell(store, told())
    customer = Customer()
    customer.slots |= {"order_number": "QC-1001", "goal": "return_item", "reason": "change_of_mind"}
    assert "depends on why it travels" in _asks_postage(customer)


def test_the_cover_of_an_item_is_told_with_its_days(store: Database) -> None:
    tell(store, told(shop="voltaic"))
    text = proven("voltaic").says("until when is it under warranty?", "warranty")
    assert "Warranty of the Copper kettle: until Friday 28 August 2026" in text


def test_a_line_without_the_one_year_service_says_so(store: Database) -> None:
    tell(store, told(shop="bazaar"))
    text = proven("bazaar").says("am I still covered?", "warranty")
    assert "The one-year service was not part of this order. (OW-1)" in text


def test_a_one_year_service_that_has_not_begun_says_so_and_one_that_has_names_its_days(store: Database) -> None:
    service = {"provider": "Nibcare", "terms_url": None}
    tell(store, told(shop="bazaar", lines=[a_line(one_year_service=service)]))
    assert "starts after the order is completed. (OW-2)" in proven("bazaar").says("covered?", "warranty")
    tell(store, told(shop="bazaar", completed_at="2026-03-08T10:00:00-05:00", lines=[a_line(one_year_service=service)]))
    text = proven("bazaar").says("covered?", "warranty")
    assert "One-year service: it can be applied for from Tuesday 24 March 2026 (OW-2)" in text


def test_a_shop_that_sets_no_warranty_says_so(store: Database) -> None:
    tell(store, told(lines=[a_line(), dict(ANOTHER_LINE, warranty_until="2027-01-31")]))
    assert "The order names no end of a warranty" in proven(line=0).says("under warranty?", "warranty")
    text = proven(line=1).says("under warranty?", "warranty")
    assert "until Sunday 31 January 2027" in text
    assert "names no end" not in text


def test_a_software_upgrade_is_arranged_by_a_person_after_a_yes(store: Database) -> None:
    tell(store, told(shop="voltaic"))
    customer = proven("voltaic")
    text = customer.says("please upgrade the firmware", "out_of_scope", reason="software_upgrade")
    assert "The manufacturer can upgrade the software of the Copper kettle" in text
    assert "You bear the postage both ways" in text
    assert customer.asks == "confirm"
    assert "Your ticket number is" in customer.chooses("Yes")


def test_a_software_upgrade_where_no_policy_speaks_of_it_goes_to_a_person(store: Database) -> None:
    tell(store, told())
    text = proven().says("please upgrade the firmware", "warranty", reason="software_upgrade")
    assert "The shop's policy says nothing of this" in text
