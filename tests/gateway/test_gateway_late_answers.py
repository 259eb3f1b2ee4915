"""Where Rasa is slow, down or silent, the message is kept, the customer told, and the answer comes when it is there."""

import time
from datetime import timedelta

import pytest

from order_store import conversations_owed

SOON = timedelta(seconds=0.1)
FOLLOWS = {"v": 1, "kind": "unavailable", "answer_follows": True}


@pytest.fixture
def impatient(start, later_rasa):
    """A gateway whose Rasa is down until it is started."""
    return start({"AFTERCARE_RASA_URL": later_rasa.url}, first_retry=SOON)


def texts(stream, count):
    return [event["text"] for event in stream.take(count)]


def until_nothing_is_owed(database, gateway):
    """Neither in the store nor, a moment later, in the gateway's memory."""
    gives_up = time.monotonic() + 20
    while True:
        with database.read() as session:
            if not conversations_owed(session) and len(gateway.app.state.parts.owed) == 0:
                return
        assert time.monotonic() < gives_up
        time.sleep(0.02)


def test_rasa_is_down_and_the_answer_comes_once_it_is_back(impatient, later_rasa, known):
    token = impatient.session()
    with impatient.follow(token) as stream:
        told = impatient.say(token, "Hello")
        assert [(reply["text"], reply["custom"]) for reply in told["replies"]] == [(known.later, FOLLOWS)]
        assert texts(stream, 2) == ["Hello", known.later]
        rasa = later_rasa()
        assert stream.take(1)[0] == {
            "seq": 3,
            "at": known.now,
            "from": "bot",
            "text": "You said: Hello",
            "choices": [],
            "custom": None,
        }
    assert impatient.say(token, "Hello") == told
    assert len(rasa.heard) == 1


def test_rasa_is_slow_and_its_answer_is_not_asked_for_twice(start, rasa, known, patience):
    gateway = start(turn_timeout=patience, first_retry=SOON)
    token = gateway.session()
    rasa.holds_back()
    with gateway.follow(token) as stream:
        assert gateway.say(token, "Hello")["replies"][0]["text"] == known.later
        rasa.released.set()
        assert texts(stream, 3) == ["Hello", known.later, "You said: Hello"]
    assert len(rasa.heard) == 1


def test_a_call_that_never_ends_is_given_up_and_made_again(start, rasa, known):
    gateway = start(turn_timeout=timedelta(seconds=0.3), longest_call=timedelta(seconds=0.6), first_retry=SOON)
    token = gateway.session()
    rasa.holds_back()
    with gateway.follow(token) as stream:
        gateway.say(token, "Hello")
        assert rasa.asked.acquire(timeout=10)
        assert rasa.asked.acquire(timeout=10)
        rasa.released.set()
        assert texts(stream, 3) == ["Hello", known.later, "You said: Hello"]
    turns = {heard["metadata"]["turn"] for heard in rasa.heard}
    assert len(turns) == 1


def test_rasa_answers_nothing_and_is_asked_again(start, rasa, known):
    gateway = start(first_retry=SOON)
    token = gateway.session()
    rasa.answer = lambda body: [] if len(rasa.heard) < 3 else [{"text": "Here it is."}]
    with gateway.follow(token) as stream:
        gateway.say(token, "Hello")
        assert texts(stream, 3) == ["Hello", known.later, "Here it is."]


def test_several_messages_are_answered_in_their_order(impatient, later_rasa, known):
    token = impatient.session()
    with impatient.follow(token) as stream:
        for number in range(3):
            assert impatient.say(token, f"Hello {number}", f"m{number}")["replies"][0]["custom"] == FOLLOWS
        assert texts(stream, 6) == [text for n in range(3) for text in (f"Hello {n}", known.later)]
        rasa = later_rasa()
        assert texts(stream, 3) == ["You said: Hello 0", "You said: Hello 1", "You said: Hello 2"]
    assert [heard["message"] for heard in rasa.heard] == ["Hello 0", "Hello 1", "Hello 2"]


def test_a_new_message_has_the_earlier_ones_tried_at_once(start, later_rasa, known):
    gateway = start({"AFTERCARE_RASA_URL": later_rasa.url}, first_retry=timedelta(hours=1))
    token = gateway.session()
    with gateway.follow(token) as stream:
        gateway.say(token, "Hello")
        later_rasa()
        assert gateway.say(token, "Still there?", "m2")["replies"][0]["text"] == "You said: Still there?"
        assert texts(stream, 5) == [
            "Hello",
            known.later,
            "Still there?",
            "You said: Hello",
            "You said: Still there?",
        ]


def test_who_says_the_same_once_more_is_answered_once(start, later_rasa, known):
    gateway = start({"AFTERCARE_RASA_URL": later_rasa.url}, first_retry=timedelta(hours=1))
    token = gateway.session()
    gateway.say(token, "Hello")
    rasa = later_rasa()
    assert gateway.say(token, "Hello", "m2")["replies"][0]["text"] == "You said: Hello"
    assert len(rasa.heard) == 1
    assert gateway.say(token, "Hello", "m1")["replies"][0]["text"] == known.later


def test_a_message_rasa_has_no_answer_to_keeps_no_later_one_waiting(start, rasa, known, database):
    gateway = start(first_retry=timedelta(hours=1))
    token = gateway.session()
    rasa.answer = lambda body: [] if body["message"] == "Hello" else [{"text": "Good."}]
    gateway.say(token, "Hello")
    with gateway.follow(token, after=2) as stream:
        assert gateway.say(token, "Something else", "m2")["replies"][0]["text"] == "Good."
        assert texts(stream, 3) == ["Something else", known.unavailable, "Good."]
    until_nothing_is_owed(database, gateway)


def test_a_message_rasa_never_has_an_answer_to_is_given_up(start, rasa, known, database):
    gateway = start(first_retry=timedelta(milliseconds=1))
    token = gateway.session()
    rasa.says()
    with gateway.follow(token) as stream:
        gateway.say(token, "Hello")
        assert texts(stream, 3) == ["Hello", known.later, known.unavailable]
    until_nothing_is_owed(database, gateway)


def test_what_is_owed_survives_the_gateway(start, later_rasa, known):
    before = start({"AFTERCARE_RASA_URL": later_rasa.url}, first_retry=SOON)
    token = before.session()
    before.say(token, "Hello")
    before.close()
    later_rasa()
    after = start({"AFTERCARE_RASA_URL": later_rasa.url}, first_retry=SOON)
    with after.follow(token, after=2) as stream:
        assert texts(stream, 1) == ["You said: Hello"]


def test_nothing_is_owed_beyond_the_session(impatient, later_rasa, database, known):
    token = impatient.session()
    impatient.say(token, "Hello")
    impatient.http.put("/api/v1/clock", json={"now": "2026-03-04T09:00:00+00:00"})
    until_nothing_is_owed(database, impatient)
    answer = impatient.http.post(
        "/api/v1/sessions", json={"shop": "inkwell"}, headers={"Authorization": f"Bearer {token}"}
    )
    with impatient.follow(answer.json()["token"]) as stream:
        rasa = later_rasa()
        impatient.say(answer.json()["token"], "Back", "m2")
        assert texts(stream, 4) == ["Hello", known.later, "Back", "You said: Back"]
    assert len(rasa.heard) == 1
