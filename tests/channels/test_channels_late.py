"""What is said later, or by a person, arrives where the customer last wrote."""

import time

import pytest

from order_store import Message, add_messages


@pytest.fixture
def environ(environ):
    return {**environ, "AFTERCARE_TURN_SECONDS": "1"}


@pytest.mark.parametrize("channel", ["telegram", "email"], indirect=True)
def test_an_answer_that_comes_late_comes_to_the_channel(desk, ada, rasa):
    rasa.holds_back()
    ada.says("Is anybody there?")
    desk.settle()
    assert len(ada.read) == 1
    assert "Is anybody there?" not in ada.read[0]
    rasa.released.set()
    deadline = time.monotonic() + 20
    while len(desk.rows(Message)) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    desk.settle()
    assert "Is anybody there?" in ada.read[1]


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_what_a_person_answers_comes_to_the_channel(desk, ada, rasa):
    ada.says("I want a person")
    desk.settle()
    with desk.database.write() as session:
        add_messages(
            session, rasa.heard[0]["sender"].split(":")[0], [{"text": "Here I am", "sender": "agent"}], desk.machine()
        )
    desk.settle()
    assert ada.read[-1] == "Here I am"
