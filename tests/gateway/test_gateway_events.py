"""Everything said in a conversation reaches whoever follows it: once, in order, whoever wrote it."""

import time
from datetime import datetime, timedelta

import jwt
import pytest

from gateway import events
from order_store import Database, add_messages, parse_shops, said_after, save_shops


def conversation_id(token):
    return jwt.decode(token, options={"verify_signature": False})["conversation"]


@pytest.fixture
def lively(start):
    """A gateway whose streams are never silent for long."""
    return start(heartbeat=timedelta(seconds=0.1), look=timedelta(seconds=0.05))


def write(database, token, *texts, sender="agent"):
    """As another process does: through a store of its own."""
    with database.write() as session:
        replies = [{"text": text, "sender": sender} for text in texts]
        add_messages(session, conversation_id(token), replies, datetime.fromisoformat("2026-03-02T09:00:00+00:00"))


def test_what_the_customer_says_and_what_is_answered_are_events_in_the_order_of_their_numbers(gateway):
    token = gateway.session()
    with gateway.follow(token) as stream:
        answer = gateway.say(token, "Hello")
        (first, said), (second, answered) = stream.next(), stream.next()
    assert (first, second) == (1, 2)
    assert said == {
        "seq": 1,
        "at": "2026-03-02T09:00:00+00:00",
        "from": "customer",
        "text": "Hello",
        "choices": [],
        "custom": None,
        "client_id": "m1",
        "choice": None,
        "attachments": [],
    }
    assert [answered] == answer["replies"]


def test_the_stream_is_one_no_cache_keeps_and_no_proxy_holds_back(gateway):
    with gateway.follow(gateway.session()) as stream:
        assert stream.status == 200
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["cache-control"] == "no-store"
        assert stream.headers["x-accel-buffering"] == "no"
        assert next(stream.lines) == ": welcome"


def test_a_choice_is_told_by_its_label(gateway, rasa):
    token = gateway.session()
    rasa.says({"text": "Shall I?", "buttons": [{"title": "Yes", "payload": "/affirm"}]})
    choice = gateway.say(token, "Hello")["replies"][0]["choices"][0]
    gateway.send(token, "m2", choice=choice["id"])
    with gateway.follow(token, after=2) as stream:
        _, said = stream.next()
    assert (said["text"], said["choice"], said["client_id"]) == ("Yes", choice["id"], "m2")
    assert "payload" not in str(said)


def test_what_was_missed_is_told_first(gateway):
    token = gateway.session()
    for number in range(3):
        gateway.say(token, f"Hello {number}", f"m{number}")
    with gateway.follow(token, after=3) as stream:
        assert [event["seq"] for event in stream.take(3)] == [4, 5, 6]
        gateway.say(token, "And more", "m4")
        assert [event["seq"] for event in stream.take(2)] == [7, 8]


def test_more_than_is_read_at_once_is_told_whole(gateway, database):
    token = gateway.session()
    write(database, token, *[f"Line {number}" for number in range(450)])
    with gateway.follow(token) as stream:
        assert [event["seq"] for event in stream.take(450)] == list(range(1, 451))


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "9" * 40, "\u0661"])
def test_an_id_no_event_can_have_is_refused(gateway, after):
    headers = {"Authorization": f"Bearer {gateway.session()}", "Last-Event-ID": after.encode()}
    answer = gateway.http.get("/api/v1/events", headers=headers)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "Last-Event-ID"


def test_an_id_of_another_conversation_has_everything_told(gateway):
    token = gateway.session()
    gateway.say(token, "Hello")
    with gateway.follow(token, after=40) as stream:
        assert [event["seq"] for event in stream.take(2)] == [1, 2]


def test_a_turn_is_read_once_when_it_begins_and_once_when_it_is_answered(start, rasa, monkeypatch):
    read = []
    monkeypatch.setattr(events, "said_after", lambda *asked: read.append(asked) or said_after(*asked))
    gateway = start(look=timedelta(seconds=0.02))
    token = gateway.session()
    rasa.answer = lambda body: time.sleep(0.1) or [{"text": "Hello"}]
    with gateway.follow(token) as stream:
        for number in range(5):
            gateway.say(token, "Hello", f"m{number}")
            stream.take(2)
            time.sleep(0.1)
    assert len(read) == 10


def test_two_tabs_are_told_the_same(gateway):
    token = gateway.session()
    with gateway.follow(token) as one, gateway.follow(token) as other:
        gateway.say(token, "Hello")
        assert one.take(2) == other.take(2)


def test_a_message_of_another_process_is_told(lively, database):
    token = lively.session()
    with lively.follow(token) as stream:
        write(database, token, "Good morning, this is Ms Okafor.")
        _, told = stream.next()
    assert (told["from"], told["text"], told["seq"]) == ("agent", "Good morning, this is Ms Okafor.", 1)


def test_a_message_of_another_process_is_told_on_postgresql_too(start, known, postgresql_url):
    store = Database(postgresql_url)
    with store.write() as session:
        save_shops(session, parse_shops(known.shops))
    gateway = start({"AFTERCARE_DATABASE_URL": postgresql_url}, look=timedelta(seconds=0.05))
    token = gateway.session()
    with gateway.follow(token) as stream:
        gateway.say(token, "Hello")
        write(store, token, "Good morning.")
        assert [event["from"] for event in stream.take(3)] == ["customer", "bot", "agent"]
    store.dispose()
    gateway.close()


def test_nothing_of_another_conversation_is_told(lively, database):
    mine, theirs = lively.session(), lively.session()
    with lively.follow(mine) as stream:
        write(database, theirs, "Not for you.")
        lively.say(theirs, "Hello")
        lively.say(mine, "It is me")
        assert [event["text"] for event in stream.take(2)] == ["It is me", "You said: It is me"]


def test_a_silent_stream_shows_that_it_lives(lively):
    token = lively.session()
    with lively.follow(token) as stream:
        time.sleep(0.4)
        lively.say(token, "Hello")
        stream.take(2)
    assert stream.comments.count(": still here") >= 2


def test_a_stream_ends_with_its_token_and_is_not_opened_after_it(lively, known):
    token = lively.session()
    with lively.follow(token) as stream:
        lively.say(token, "Hello")
        stream.take(2)
        later = datetime.fromisoformat(known.now) + timedelta(hours=24)
        lively.http.put("/api/v1/clock", json={"now": later.isoformat()})
        assert stream.next() is None
    answer = lively.http.get("/api/v1/events", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:aftercare:problem:token-expired")


def test_a_reader_that_went_away_is_forgotten(lively):
    streams = lively.app.state.parts.streams
    with lively.follow(lively.session()) as stream:
        next(stream.lines)
        assert len(streams) == 1
    until(lambda: len(streams) == 0)
    until(lambda: streams._looking.done())


def test_a_conversation_has_so_many_streams_and_an_address_too(start):
    gateway = start(streams_per_address=9)
    token, other = gateway.session(), gateway.session()
    opened = [gateway.follow(token) for _ in range(8)]
    assert [stream.status for stream in opened] == [200] * 8
    refused = gateway.http.get("/api/v1/events", headers={"Authorization": f"Bearer {token}"})
    assert refused.status_code == 429
    assert refused.headers["retry-after"]
    opened.append(gateway.follow(other))
    assert opened[-1].status == 200
    assert gateway.http.get("/api/v1/events", headers={"Authorization": f"Bearer {other}"}).status_code == 429
    for stream in opened:
        stream.__exit__()


def test_a_gateway_told_to_stop_ends_its_streams_at_once(start):
    gateway = start()
    with gateway.follow(gateway.session()) as stream:
        next(stream.lines)
        began = time.monotonic()
        gateway.server.should_exit = True
        assert stream.next() is None
        gateway.thread.join(10)
    assert time.monotonic() - began < 5


def until(holds):
    gives_up = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < gives_up
        time.sleep(0.01)
