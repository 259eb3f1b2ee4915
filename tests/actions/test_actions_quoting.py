"""A repair's quote: told with what a yes and a no lead to, and answered once."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

import order_store
from casework import repairs
from order_store import Database, Repair
from tests.actions.conversation import Customer, proven
from tests.casework.desk import a_warranty_repair, arrived, at_desk, repair, rma, states, step
from tests.casework.orders import ANOTHER_LINE, EMAIL, NOW, a_line, tell, the_line, told

UNTIL = date(2026, 3, 20)
ABOUT = "It is about the quote for repairing my kettle, order QC-1001"


def take(store: Database, name: str, *arguments: object, now: datetime = NOW) -> None:
    with at_desk(store, now) as acting:
        getattr(repairs, name)(acting, acting.session.get_one(Repair, 1), *arguments)


def quote(store: Database, amount: str = "45.00") -> None:
    take(store, "quote", Decimal(amount), "EUR", UNTIL)


@pytest.fixture
def came_in(store: Database) -> Database:
    tell(store, told(shop="voltaic"))
    with at_desk(store) as acting:
        repairs.start(acting, the_line(acting.session, shop="voltaic"))
    return store


@pytest.fixture
def quoted(came_in: Database) -> Database:
    quote(came_in)
    return came_in


def asked(goal: str = "warranty", text: str = "is it about my repair?") -> Customer:
    customer = proven("voltaic")
    customer.says(text, goal)
    return customer


def _what(store: Database) -> list[tuple[str, str, str]]:
    with store.read() as session:
        entries = order_store.history(session, session.get_one(Repair, 1))
        return [(each.what, each.who, each.why) for each in entries]


def test_the_quote_is_told_with_what_follows_from_either_answer(quoted: Database) -> None:
    customer = asked()
    assert "Repairing the Copper kettle costs 45.00 EUR (repair RPR-" in customer.text
    assert "holds until Friday 20 March 2026, end of day, Shanghai time (10 days left)" in customer.text
    assert "it goes back to you once this is paid (AS-P4)" in customer.text
    assert "not repaired and goes back to you as it is" in customer.text
    assert "The policy does not say who pays the postage" in customer.text
    assert customer.asks == "quote"
    payload = customer.custom("quote")
    assert (payload["amount"], payload["currency"], payload["valid_until"]) == ("45.00", "EUR", "2026-03-20")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("I won't decline", "deny"),
        ("don't reject it", "deny"),
        ("I refuse to pay the postage but repair it", "inform"),
        ("decline it if it is not done by Friday", "deny"),
        ("yes, but only the heating coil", "affirm"),
        ("I accept, provided it is done this week", "inform"),
    ],
)
def test_a_quote_is_neither_agreed_to_nor_declined_in_doubt(quoted: Database, text: str, intent: str) -> None:
    customer = asked()
    customer.says(text, intent)
    assert customer.asks == "quote"
    assert "no longer" not in customer.text
    assert [what for what, _, _ in _what(quoted)][-1] == "repair.quote"
    assert "is agreed" in customer.says("yes, go ahead with the repair", "affirm")


@pytest.mark.parametrize("text", ["no, I decline the quote", "too expensive, I don't want it", "don't repair it"])
def test_a_quote_is_declined_in_words_that_say_so(quoted: Database, text: str) -> None:
    asked().says(text, "deny")
    assert [what for what, _, _ in _what(quoted)][-1] == "repair.decline"


def test_a_yes_starts_the_repair_and_names_the_day(quoted: Database) -> None:
    customer = asked()
    text = customer.chooses("Agree")
    assert "is agreed" in text
    assert "It is to be done by Friday 13 March 2026 (AS-P4)" in text
    assert "45.00 EUR are to be paid" in text
    assert states(repair(quoted)) == ("agreed", "owed", "open")
    assert _what(quoted)[-1] == ("repair.agree", "customer", "AS-P3")


def test_a_no_leaves_it_as_it_is(quoted: Database) -> None:
    customer = asked()
    assert "is not repaired and goes back to you" in customer.chooses("Decline")
    assert states(repair(quoted)) == ("declined", "none", "open")
    assert _what(quoted)[-1][:2] == ("repair.decline", "customer")


@pytest.mark.parametrize(
    ("text", "intent", "course"),
    [
        ("yes", "affirm", "agreed"),
        ("I accept the quote", "warranty", "agreed"),
        ("no thanks", "deny", "declined"),
        ("that's too expensive", "inform", "declined"),
        ("I don't accept that", "warranty", "quoted"),
        ("what if I accept?", "warranty", "quoted"),
        ("yes but how long does it take", "ask_deadline", "quoted"),
    ],
)
def test_typed_answers_count_where_they_are_clear(quoted: Database, text: str, intent: str, course: str) -> None:
    asked().says(text, intent)
    assert repair(quoted).course == course


def test_it_is_answered_once(quoted: Database) -> None:
    customer = asked()
    customer.chooses("Agree")
    assert "is agreed" in customer.says("I agree to the quote", "warranty")
    assert [what for what, *_ in _what(quoted)].count("repair.agree") == 1


def test_a_yes_to_a_quote_that_was_made_anew_is_no_yes(quoted: Database) -> None:
    customer = asked()
    take(quoted, "decline")
    quote(quoted, "60.00")
    text = customer.chooses("Agree")
    assert "no longer open" in text
    assert repair(quoted).course == "quoted"
    assert "60.00 EUR" in customer.says("and the quote?", "warranty")


def test_a_quote_that_is_over_cannot_be_agreed_to(quoted: Database) -> None:
    customer = asked()
    customer.now = datetime(2026, 3, 20, 16, 0, 1, tzinfo=UTC)  # 21 March in Shanghai
    assert "held until a day that is past" in customer.chooses("Agree")
    assert repair(quoted).course == "quoted"


def test_the_words_of_the_letter_lead_to_it_once_the_contact_is_proven(quoted: Database) -> None:
    customer = Customer("voltaic")
    customer.says(ABOUT, "inform", order_number="QC-1001")
    assert customer.asks == "customer.email"
    assert "45.00" not in customer.text
    customer.says(EMAIL, email=EMAIL)
    assert customer.asks == "quote"


def test_of_two_items_the_quoted_one_is_meant(store: Database) -> None:
    tell(store, told(shop="voltaic", lines=[a_line(), ANOTHER_LINE]))
    with at_desk(store) as acting:
        repairs.start(acting, the_line(acting.session, shop="voltaic", position=1))
    quote(store)
    assert "Repairing the Reading lamp costs" in asked("repair_quote").text


def test_in_warranty_what_is_no_quality_fault_goes_back_at_the_customers_cost(store: Database) -> None:
    a_warranty_repair(store)
    arrived(store)
    step(store, "reject", "AS-W2")
    quote(store)
    assert rma(store).decision == "rejected"
    customer = asked("rma", "status of my rma")
    assert "You bear the postage for sending it back." in customer.text
    assert customer.asks == "quote"


def test_without_a_quote_it_says_so_and_where_the_repair_stands(came_in: Database) -> None:
    assert "is being looked at" in asked("repair_quote").text
    assert "Warranty of the Copper kettle" in asked("warranty").text


def test_an_item_never_repaired_has_no_quote(store: Database) -> None:
    tell(store, told(shop="voltaic"))
    assert "There is no quote for a repair of the Copper kettle" in asked("repair_quote").text


def test_stopping_answers_nothing(quoted: Database) -> None:
    asked().says("stop", "stop")
    assert repair(quoted).course == "quoted"
