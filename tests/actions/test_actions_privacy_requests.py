"""Privacy requests in the chat: which kind, whose, by when; taken down once, with what is to be corrected."""

from datetime import date

import pytest
from sqlalchemy import select

import order_store
from order_store import Database, PrivacyRequest
from tests.actions.conversation import Customer, proven
from tests.casework.desk import a_return
from tests.casework.orders import EMAIL, PHONE, tell, told

DUE = date(2026, 4, 9)


@pytest.fixture
def told_of(store: Database) -> Database:
    tell(store, told())
    return store


def requests(store: Database) -> list[PrivacyRequest]:
    with store.read() as session:
        return list(session.scalars(select(PrivacyRequest).order_by(PrivacyRequest.id)))


def test_a_request_is_announced_with_its_day_and_taken_down_on_a_yes(told_of: Database) -> None:
    customer = Customer()
    customer.says("what data do you have about me", "privacy_request")
    assert customer.asks == "order.number"
    customer.says("QC-1001")
    assert customer.asks == "customer.email"
    text = customer.says(EMAIL, email=EMAIL)
    assert "your request to see the personal data the shop holds about you (BP-8)" in text
    assert "by Thursday 9 April 2026" in text
    assert requests(told_of) == []
    assert "its number is PRV-" in customer.chooses("Yes")
    (request,) = requests(told_of)
    assert (request.kind, request.course, request.contact, request.due_on) == ("access", "verified", EMAIL, DUE)
    assert customer.custom("privacy")["due_on"] == "2026-04-09"
    with told_of.read() as session:
        whats = [(each.what, each.who) for each in order_store.history(session, request)]
    assert whats == [("privacy.received", "customer"), ("privacy.verify", "customer")]


def test_the_kind_is_asked_where_the_words_leave_it_open(told_of: Database) -> None:
    customer = proven()
    assert "(BP-8)" in customer.says("gdpr", "privacy_request")
    assert customer.asks == "privacy.kind"
    customer.chooses("See the data about me")
    assert customer.asks == "confirm"


def test_deleting_says_what_goes_what_stays_and_what_has_to_be_settled(store: Database) -> None:
    a_return(store)
    customer = proven()
    text = customer.says("delete all my data", "privacy_request")
    assert "It cannot be undone" in text
    assert "What stays, without your name: orders, amounts and cases" in text
    assert "have to be settled first: RMA-" in text
    assert "A person carries it out" in customer.chooses("Yes")
    assert requests(store)[0].kind == "erasure"


def test_what_to_correct_is_asked_and_kept_in_the_customers_words(told_of: Database) -> None:
    customer = proven()
    customer.says("my name is wrong in your records", "privacy_request")
    assert customer.asks == "privacy.correction"
    wish = "It should read Ada Fennimore, with two n"
    assert f'in your words: "{wish}"' in customer.says(wish, "out_of_scope", 0.7)
    customer.chooses("Yes")
    assert requests(told_of)[0].wish == wish


def test_a_new_address_in_the_wish_is_no_proof_of_identity(told_of: Database) -> None:
    customer = Customer()
    wish = "change my e-mail to ada.new@example.com in your records"
    customer.says(wish, "privacy_request", email="ada.new@example.com")
    assert customer.slots["contact"] is None
    customer.says("QC-1001")
    customer.says(EMAIL, email=EMAIL)
    customer.chooses("Yes")
    assert requests(told_of)[0].wish == wish


def test_asking_again_gives_the_open_request(told_of: Database) -> None:
    customer = proven()
    customer.says("delete my account", "privacy_request")
    customer.chooses("Yes")
    number = requests(told_of)[0].number
    assert number in customer.says("please delete all my data", "privacy_request")
    assert f"is open already; its number is {number}" in proven().says("delete my data", "privacy_request")
    assert len(requests(told_of)) == 1


def test_another_correction_is_added_to_the_open_request(told_of: Database) -> None:
    customer = proven()
    customer.says("please correct my name, it should be Ada Fennimore", "privacy_request")
    customer.chooses("Yes")
    text = customer.says("my birthday is stored as 1958, correct is 1985", "privacy_request")
    assert "I will add this to your open request PRV-" in text
    customer.chooses("Yes")
    (request,) = requests(told_of)
    assert request.wish is not None
    assert "Fennimore" in request.wish
    assert "1985" in request.wish


def test_a_no_takes_nothing_down(told_of: Database) -> None:
    customer = proven()
    customer.says("delete my data", "privacy_request")
    assert "I have not done anything" in customer.chooses("No")
    assert requests(told_of) == []


def test_another_kind_before_the_yes_is_announced_anew(told_of: Database) -> None:
    customer = proven()
    customer.says("delete my data", "privacy_request")
    text = customer.says("no, I only want to see my data", "correct_that")
    assert "your request to see the personal data" in text
    assert customer.asks == "confirm"
    assert requests(told_of) == []


def test_a_stranger_learns_and_writes_nothing(told_of: Database) -> None:
    customer = Customer()
    customer.says("delete my data", "privacy_request")
    customer.says("QC-1001")
    assert "I could not find an order" in customer.says("x", email="mallory@example.com")
    assert requests(told_of) == []


def test_who_is_signed_in_is_asked_for_no_order(told_of: Database) -> None:
    customer = Customer(vouched={"email": EMAIL, "orders": None})
    assert "to see the personal data" in customer.says("show me my data", "privacy_request")
    customer.chooses("Yes")
    assert requests(told_of)[0].customer_id is not None


def test_a_token_for_some_orders_vouches_for_these_alone(told_of: Database) -> None:
    customer = Customer(vouched={"email": EMAIL, "orders": ["QC-1001"]})
    customer.says("show me my data", "privacy_request")
    assert customer.asks == "order.number"


def test_somebody_the_shop_knows_nothing_of_gets_a_request_for_a_person_to_verify(told_of: Database) -> None:
    customer = Customer(vouched={"email": "new@example.com", "orders": None})
    customer.says("show me my data", "privacy_request")
    customer.chooses("Yes")
    (request,) = requests(told_of)
    assert (request.course, request.contact, request.customer_id) == ("received", "new@example.com", None)


def test_the_answer_goes_to_the_address_of_the_order_whatever_proved_it(told_of: Database) -> None:
    customer = Customer()
    customer.says("show me my data", "privacy_request")
    customer.says("QC-1001")
    assert EMAIL not in customer.says(PHONE, phone=PHONE)
    customer.chooses("Yes")
    assert requests(told_of)[0].contact == EMAIL
