"""Who may say something in a conversation: the access rules as a table."""

import base64
import json

import jwt
import pytest

from gateway.secret import key_for


def changed(token, **claims):
    """`token` with other claims and its old signature."""
    head, body, signature = token.split(".")
    told = json.loads(base64.urlsafe_b64decode(body + "=="))
    body = base64.urlsafe_b64encode(json.dumps({**told, **claims}).encode()).rstrip(b"=").decode()
    return f"{head}.{body}.{signature}"


def claims_of(token):
    return jwt.decode(token, options={"verify_signature": False})


def resigned(token, gateway, purpose="chat token", key=None, algorithm="HS256", **claims):
    told = {name: value for name, value in {**claims_of(token), **claims}.items() if value is not None}
    return jwt.encode(told, key or key_for(purpose, gateway.settings.secret), algorithm=algorithm)


REFUSED = {
    "no header": lambda token, gateway: {},
    "an empty header": lambda token, gateway: {"Authorization": ""},
    "a bearer of nothing": lambda token, gateway: {"Authorization": "Bearer"},
    "another scheme": lambda token, gateway: {"Authorization": f"Basic {token}"},
    "the token alone": lambda token, gateway: {"Authorization": token},
    "no token at all": lambda token, gateway: {"Authorization": "Bearer x"},
    "a token cut short": lambda token, gateway: bearer(token[:-1]),
    "another conversation under the old signature": lambda token, gateway: bearer(changed(token, conversation="c")),
    "a longer life under the old signature": lambda token, gateway: bearer(changed(token, exp=4_102_444_800)),
    "another shop under the old signature": lambda token, gateway: bearer(changed(token, shop="lantern")),
    "signed by somebody else": lambda token, gateway: bearer(resigned(token, gateway, key="k" * 32)),
    "signed with the secret itself": lambda token, gateway: bearer(
        resigned(token, gateway, key=gateway.settings.secret)
    ),
    "signed with the key of another purpose": lambda token, gateway: bearer(
        resigned(token, gateway, purpose="client address")
    ),
    "signed with another algorithm": lambda token, gateway: bearer(resigned(token, gateway, algorithm="HS384")),
    "not signed": lambda token, gateway: bearer(jwt.encode(claims_of(token), None, algorithm="none")),
    "without an end": lambda token, gateway: bearer(resigned(token, gateway, exp=None)),
    "with an end that is no number": lambda token, gateway: bearer(resigned(token, gateway, exp="soon")),
    "without a conversation": lambda token, gateway: bearer(resigned(token, gateway, conversation=None)),
    "of a conversation that is kept no more": lambda token, gateway: bearer(
        resigned(token, gateway, conversation="gone")
    ),
    "expired": lambda token, gateway: bearer(resigned(token, gateway, exp=1_000_000_000)),
}


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("headers", REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_a_message_is_refused_with_a_token(gateway, rasa, headers):
    token = gateway.session()
    answer = gateway.http.post(
        "/api/v1/messages", json={"client_id": "m1", "text": "Hello"}, headers=headers(token, gateway)
    )
    assert answer.status_code == 401, answer.text
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"
    assert "POST /api/v1/sessions" in answer.json()["detail"]
    assert rasa.heard == []


@pytest.mark.parametrize("headers", REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_a_stream_of_events_is_refused_with_a_token(gateway, headers):
    answer = gateway.http.get("/api/v1/events", headers=headers(gateway.session(), gateway))
    assert answer.status_code == 401, answer.text
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "POST /api/v1/sessions" in answer.json()["detail"]


def test_the_scheme_may_be_written_small(gateway):
    answer = gateway.http.post(
        "/api/v1/messages",
        json={"client_id": "m1", "text": "Hello"},
        headers={"Authorization": f"bearer {gateway.session()}"},
    )
    assert answer.status_code == 200


def test_a_customer_token_is_no_chat_token(gateway, customer_token):
    assert gateway.send(customer_token(), text="Hello").status_code == 401


def test_a_token_holds_until_its_last_second_and_says_then_that_it_expired(gateway):
    token = gateway.session()
    gateway.http.put("/api/v1/clock", json={"now": "2026-03-03T08:59:59Z"})
    assert gateway.send(token, "m1", text="Hello").status_code == 200
    gateway.http.put("/api/v1/clock", json={"now": "2026-03-03T09:00:00Z"})
    answer = gateway.send(token, "m2", text="Hello")
    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:aftercare:problem:token-expired"


def test_one_conversations_token_never_speaks_in_another(gateway, rasa):
    mine, theirs = gateway.session(), gateway.session()
    gateway.say(mine, "Hello")
    gateway.say(theirs, "Hello")
    assert [heard["sender"] for heard in rasa.heard] == [
        claims_of(mine)["conversation"],
        claims_of(theirs)["conversation"],
    ]


def test_the_sender_cannot_be_told_in_the_body(gateway, rasa):
    answer = gateway.send(gateway.session(), text="Hello", sender="somebody else")
    assert answer.status_code == 422
    assert rasa.heard == []
