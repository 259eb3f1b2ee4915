"""Messages in a language the bot does not understand."""

import pytest

from order_store import Database
from tests.actions.conversation import Customer

ENGLISH_ONLY = "I understand English only so far."


@pytest.mark.parametrize("intent", ["nlu_fallback", "out_of_scope", "greet"])
def test_it_is_said_in_that_language_and_in_english(store: Database, intent: str) -> None:
    customer = Customer()
    told = customer.says("wo ist denn mein Paket", intent, language="de")
    assert told.startswith("Ich verstehe bisher nur Englisch.")
    assert ENGLISH_ONLY in told
    assert customer.replies[0]["buttons"][-1]["title"] == "Talk to a person"


def test_a_language_without_words_of_its_own_is_answered_in_english(store: Database) -> None:
    assert Customer().says("ne t", "nlu_fallback", language="und").startswith(ENGLISH_ONLY)


def test_inside_a_matter_the_question_comes_back(store: Database) -> None:
    customer = Customer()
    customer.says("return it", "return_item")
    assert ENGLISH_ONLY in customer.says("no entiendo la pregunta", "nlu_fallback", language="es")
    assert customer.asks == "order.number"


def test_what_is_understood_all_the_same_is_answered(store: Database) -> None:
    customer = Customer()
    customer.says("retour svp, ma commande QC-1001", "return_item", order_number="QC-1001", language="fr")
    assert (customer.slots["order_number"], customer.asks) == ("QC-1001", "customer.email")
