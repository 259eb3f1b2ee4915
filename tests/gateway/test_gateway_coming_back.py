"""A customer who comes back finds the talk, and has to prove again who they are."""

from datetime import datetime, timedelta

import jwt
import pytest

BUTTONS = [{"title": "Yes", "payload": "/affirm"}]


@pytest.fixture
def pass_time(gateway, known):
    def move(**duration):
        later = datetime.fromisoformat(known.now) + timedelta(**duration)
        gateway.http.put("/api/v1/clock", json={"now": later.isoformat()}).raise_for_status()

    return move


def come_back(gateway, token, shop="inkwell", **body):
    headers = {"Authorization": f"Bearer {token}"}
    return gateway.http.post("/api/v1/sessions", json={"shop": shop, **body}, headers=headers)


def conversation_id(token):
    return jwt.decode(token, options={"verify_signature": False})["conversation"]


def test_the_talk_is_told_again_and_goes_on_under_the_next_number(gateway, pass_time):
    old = gateway.session()
    gateway.say(old, "Hello")
    pass_time(hours=25)
    assert gateway.send(old, "m2", text="Again").status_code == 401
    new = come_back(gateway, old).json()["token"]
    with gateway.follow(new) as stream:
        gateway.say(new, "I am back", "m2")
        assert [event["text"] for event in stream.take(4)] == [
            "Hello",
            "You said: Hello",
            "I am back",
            "You said: I am back",
        ]


def test_rasa_hears_somebody_new_so_nothing_is_proven_any_more(gateway, rasa, pass_time):
    old = gateway.session()
    gateway.say(old, "Hello")
    pass_time(hours=25)
    new = come_back(gateway, old).json()["token"]
    gateway.say(new, "Hello", "m2")
    first, second = rasa.heard
    assert first["sender"] != second["sender"]
    assert first["metadata"]["conversation"] == second["metadata"]["conversation"] == conversation_id(new)


def test_what_was_offered_before_is_offered_no_more(gateway, rasa, pass_time):
    rasa.says({"text": "Shall I?", "buttons": BUTTONS})
    old = gateway.session()
    choice = gateway.say(old, "Hello")["replies"][0]["choices"][0]["id"]
    pass_time(hours=25)
    new = come_back(gateway, old).json()["token"]
    answer = gateway.send(new, "m2", choice=choice)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:aftercare:problem:unknown-choice")
    fresh = gateway.say(new, "Hello", "m3")["replies"][0]["choices"][0]["id"]
    assert gateway.send(new, "m4", choice=fresh).status_code == 200


def test_a_message_sent_the_day_before_has_the_answer_of_the_day_before(gateway, rasa, pass_time):
    old = gateway.session()
    first = gateway.say(old, "Hello")
    pass_time(hours=25)
    assert gateway.say(come_back(gateway, old).json()["token"], "Hello") == first
    assert len(rasa.heard) == 1


def test_two_tabs_that_come_back_are_in_one_session(gateway, rasa, pass_time):
    old = gateway.session()
    gateway.say(old, "Hello")
    pass_time(hours=25)
    one, other = (come_back(gateway, old).json() for _ in range(2))
    assert one == other
    gateway.say(one["token"], "Here", "m2")
    third = come_back(gateway, old).json()
    assert third == one
    gateway.say(third["token"], "There", "m3")
    assert rasa.heard[1]["sender"] == rasa.heard[2]["sender"]


def test_a_session_that_still_holds_is_not_made_longer(gateway, pass_time, rasa):
    answer = gateway.http.post("/api/v1/sessions", json={"shop": "inkwell"}).json()
    gateway.say(answer["token"], "Hello")
    pass_time(hours=5)
    again = come_back(gateway, answer["token"])
    assert (again.status_code, again.json()) == (201, answer)
    gateway.say(answer["token"], "More", "m2")
    assert rasa.heard[0]["sender"] == rasa.heard[1]["sender"]


@pytest.mark.parametrize(("days", "status"), [(30, 201), (31, 401)])
def test_an_old_token_opens_the_next_session_for_thirty_days(gateway, pass_time, days, status):
    old = gateway.session()
    pass_time(days=days, hours=23)
    assert come_back(gateway, old).status_code == status


def test_what_one_customer_was_vouched_for_nobody_else_reads(gateway, customer_token, pass_time):
    def token_of(email):
        return {} if email is None else {"customer_token": customer_token(sub=email)}

    for was, becomes, status in [
        ("ada@example.com", "Ada@Example.com", 201),
        ("ada@example.com", "eve@example.com", 401),
        ("ada@example.com", None, 401),
        (None, "eve@example.com", 401),
        (None, None, 201),
    ]:
        pass_time(hours=0)
        old = gateway.session(**token_of(was))
        pass_time(hours=25)
        answer = come_back(gateway, old, **token_of(becomes))
        assert answer.status_code == status, (was, becomes)
        if status == 401:
            assert answer.json()["type"] == "urn:aftercare:problem:token-refused"


def test_the_orders_vouched_for_are_those_of_today(gateway, rasa, customer_token, pass_time):
    old = gateway.session(customer_token=customer_token(orders=["AC-1"]))
    gateway.say(old, "Hello")
    pass_time(hours=25)
    new = come_back(gateway, old, customer_token=customer_token(orders=["AC-2"])).json()["token"]
    gateway.say(new, "Hello", "m2")
    assert [heard["metadata"]["customer"]["orders"] for heard in rasa.heard] == [["AC-1"], ["AC-2"]]


def test_a_token_of_another_shop_opens_nothing(gateway):
    assert come_back(gateway, gateway.session("lantern"), shop="inkwell").status_code == 401


@pytest.mark.parametrize("authorization", ["Bearer x", "Bearer", "Basic x", ""])
def test_what_is_no_token_of_ours_opens_nothing(gateway, authorization):
    answer = gateway.http.post("/api/v1/sessions", json={"shop": "inkwell"}, headers={"Authorization": authorization})
    assert answer.status_code == 401
