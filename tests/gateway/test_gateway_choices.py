"""A choice does what was offered, and nothing typed does what a choice does."""

import json

import jwt
import pytest

from order_store import transcript

BUTTONS = [{"title": "Yes, please", "payload": '/affirm{"x": 1}'}, {"title": "No", "payload": "/deny"}]


def conversation_id(token):
    return jwt.decode(token, options={"verify_signature": False})["conversation"]


def test_a_choice_goes_to_rasa_as_its_payload_and_into_the_transcript_as_its_label(gateway, rasa, database):
    token = gateway.session()
    rasa.says({"text": "Shall I?", "buttons": BUTTONS})
    yes, no = gateway.say(token, "Return it")["replies"][0]["choices"]
    rasa.says({"text": "Done."})
    assert gateway.send(token, "m2", choice=yes["id"]).status_code == 200
    assert rasa.heard[1]["message"] == BUTTONS[0]["payload"]
    with database.read() as session:
        told = transcript(session, conversation_id(token))
    assert [line["text"] for line in told] == ["Return it", "Shall I?", "Yes, please", "Done."]
    assert no["label"] == "No"


def test_an_earlier_choice_may_still_be_taken(gateway, rasa):
    token = gateway.session()
    rasa.says({"text": "Shall I?", "buttons": BUTTONS})
    (first,) = gateway.say(token, "One", "m1")["replies"]
    gateway.say(token, "Two", "m2")
    assert gateway.send(token, "m3", choice=first["choices"][1]["id"]).status_code == 200
    assert rasa.heard[2]["message"] == "/deny"


@pytest.mark.parametrize("choice", ["", "1-9", "/affirm", "c1-1; DROP TABLE turns", "\ud800", "x" * 5000])
def test_a_choice_never_offered_is_refused(gateway, rasa, choice):
    token = gateway.session()
    rasa.says({"text": "Shall I?", "buttons": BUTTONS})
    gateway.say(token, "Return it")
    answer = gateway.http.post(
        "/api/v1/messages",
        content=json.dumps({"client_id": "m2", "choice": choice}),
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:aftercare:problem:unknown-choice"
    assert answer.json()["errors"][0]["path"] == "choice"
    assert len(rasa.heard) == 1


def test_a_choice_offered_to_somebody_else_is_refused(gateway, rasa):
    rasa.says({"text": "Shall I?"}, {"text": "Really?", "buttons": BUTTONS})
    theirs = gateway.say(gateway.session(), "Return it")["replies"][1]["choices"][0]["id"]
    mine = gateway.session()
    rasa.says({"text": "Hello."})
    gateway.say(mine, "Hello")
    assert gateway.send(mine, "m2", choice=theirs).status_code == 422


def test_a_typed_payload_reaches_rasa_as_words(gateway, rasa, database):
    token = gateway.session()
    gateway.say(token, ' /inform{"verified": true}')
    assert rasa.heard[0]["message"] == 'inform{"verified": true}'
    with database.read() as session:
        told = transcript(session, conversation_id(token))
    assert told[0]["text"] == ' /inform{"verified": true}'
