"""What is said reaches Rasa, and what Rasa says comes back as replies."""

import json
from datetime import datetime

import jwt
import pytest

from order_store import Conversation, transcript

BUTTONS = [{"title": "Yes, please", "payload": '/affirm{"x": 1}'}, {"title": "No", "payload": "/deny"}]


def conversation_id(token):
    return jwt.decode(token, options={"verify_signature": False})["conversation"]


def test_a_reply_has_the_shape_pages_rely_on(gateway, rasa, known):
    rasa.says(
        {"text": "You can return it.\nUntil Monday."},
        {"custom": {"v": 1, "kind": "verdict", "more": True}},
        {"text": "Shall I?", "buttons": BUTTONS},
        {"custom": {"v": 1, "kind": "question", "asks": "confirm"}},
    )
    answer = gateway.say(gateway.session(), "I want to return it")
    at = answer["replies"][0]["at"]
    assert datetime.fromisoformat(at) == datetime.fromisoformat(known.now)
    assert answer == {
        "replies": [
            {
                "seq": 2,
                "at": at,
                "from": "bot",
                "text": "You can return it.\nUntil Monday.",
                "choices": [],
                "custom": {"v": 1, "kind": "verdict", "calendar_url": None},
            },
            {
                "seq": 3,
                "at": at,
                "from": "bot",
                "text": "Shall I?",
                "choices": [
                    {"id": answer["replies"][1]["choices"][0]["id"], "label": "Yes, please"},
                    {"id": answer["replies"][1]["choices"][1]["id"], "label": "No"},
                ],
                "custom": {"v": 1, "kind": "question", "asks": "confirm"},
            },
        ],
        "last_seq": 3,
    }


def test_rasa_is_told_who_where_and_when(gateway, rasa, known, database, customer_token):
    token = gateway.session(customer_token=customer_token(orders=["AC-10482"]))
    gateway.say(token, "Hello")
    (heard,) = rasa.heard
    with database.read() as session:
        conversation = session.get(Conversation, conversation_id(token))
    assert heard == {
        "sender": conversation.id,
        "message": "Hello",
        "metadata": {
            "shop": "inkwell",
            "now": known.now,
            "conversation": conversation.id,
            "turn": 1,
            "client": conversation.client,
            "place": 0,
            "customer": {"email": "ada@example.com", "orders": ["AC-10482"]},
            "pictures": 0,
        },
    }


def test_without_a_customer_token_rasa_is_told_of_no_customer(gateway, rasa):
    gateway.say(gateway.session(), "Hello")
    assert rasa.heard[0]["metadata"]["customer"] is None


def test_messages_are_numbered_through_the_conversation_the_customers_own_among_them(gateway):
    token = gateway.session()
    assert [gateway.say(token, "Hello", f"m{n}")["last_seq"] for n in (1, 2, 3)] == [2, 4, 6]


@pytest.mark.parametrize("text", ["", "   ", "\n", "\u200b", "\ud83d"])
def test_saying_nothing_is_answered_calmly(gateway, rasa, text):
    token = gateway.session()
    body = json.dumps({"client_id": "m1", "text": text})
    answer = gateway.http.post("/api/v1/messages", content=body, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert rasa.heard[0]["message"] == "…"


def test_a_pasted_page_is_understood_by_its_beginning_and_kept_whole(gateway, rasa, database):
    token = gateway.session()
    pasted = "<p>My kettle is broken.</p>" * 400
    gateway.say(token, pasted)
    assert rasa.heard[0]["message"] == pasted[:2000]
    with database.read() as session:
        assert transcript(session, conversation_id(token))[0]["text"] == pasted
