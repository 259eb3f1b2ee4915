"""Opening a conversation, alone or vouched for by the shop."""

from datetime import datetime, timedelta

import jwt
import pytest

from order_store import Conversation

HOUR = 3600


def conversation_of(token, database):
    claims = jwt.decode(token, options={"verify_signature": False})
    with database.read() as session:
        return session.get(Conversation, claims["conversation"])


def test_a_session_holds_a_token_for_one_day(gateway, known):
    answer = gateway.http.post("/api/v1/sessions", json={"shop": "inkwell"})
    assert answer.status_code == 201
    assert set(answer.json()) == {"token", "expires_at"}
    lifetime = datetime.fromisoformat(answer.json()["expires_at"]) - datetime.fromisoformat(known.now)
    assert lifetime == timedelta(hours=24)


def test_each_session_is_a_conversation_of_its_own_that_nobody_can_guess(gateway, database):
    ids = {conversation_of(gateway.session(), database).id for _ in range(5)}
    assert len(ids) == 5
    assert min(map(len, ids)) >= 32


def test_an_unknown_shop_is_a_problem_that_says_so(gateway):
    answer = gateway.http.post("/api/v1/sessions", json={"shop": "nowhere"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "unknown shop"
    assert answer.json()["type"] == "urn:aftercare:problem:unknown-shop"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "shop"),
        ({"shop": 5}, "shop"),
        ({"shop": "inkwell", "sender": "somebody"}, "sender"),
        ({"shop": "inkwell", "customer_token": 5}, "customer_token"),
        ([], ""),
    ],
)
def test_a_body_that_is_not_as_expected_is_refused_with_the_path(gateway, body, path):
    answer = gateway.http.post("/api/v1/sessions", json=body)
    assert answer.status_code == 422
    assert [error["path"] for error in answer.json()["errors"]] == [path]


def test_the_client_address_is_kept_as_a_fingerprint_only(gateway, database):
    client = conversation_of(gateway.session(), database).client
    assert "127.0.0.1" not in client
    assert len(client) == 64


def test_a_customer_the_shop_vouches_for_is_kept_on_the_conversation(gateway, database, customer_token):
    token = gateway.session(customer_token=customer_token(orders=["AC-10482", "AC-10501"]))
    conversation = conversation_of(token, database)
    assert conversation.customer_email == "ada@example.com"
    assert conversation.customer_orders == ["AC-10482", "AC-10501"]


def test_a_customer_token_without_orders_is_about_all_of_theirs(gateway, database, customer_token):
    conversation = conversation_of(gateway.session(customer_token=customer_token()), database)
    assert conversation.customer_email == "ada@example.com"
    assert conversation.customer_orders is None


def test_without_a_customer_token_nobody_is_verified(gateway, database):
    conversation = conversation_of(gateway.session(), database)
    assert conversation.customer_email is None
    assert conversation.customer_orders is None


def test_a_customer_token_may_end_exactly_ten_minutes_ahead(gateway, customer_token):
    assert gateway.session(customer_token=customer_token(exp_in=600))


REFUSED_CLAIMS = {
    "already over": {"exp_in": 0},
    "over for long": {"exp_in": -HOUR},
    "more than ten minutes ahead": {"exp_in": 601},
    "without an end": {"exp": None},
    "with an end that is no number": {"exp": "soon"},
    "with an end no calendar has": {"exp": 10**18},
    "not valid yet": {"nbf": 4_102_444_800},
    "with a beginning that is no number": {"nbf": "now"},
    "of another shop": {"iss": "lantern"},
    "without a shop": {"iss": None},
    "without a customer": {"sub": None},
    "for a customer who is no e-mail": {"sub": "customer 5"},
    "for half an e-mail": {"sub": "@example.com"},
    "with orders that are no list": {"orders": "AC-10482"},
    "with an order that is no text": {"orders": [10482]},
    "with an empty order": {"orders": [""]},
    "with more orders than a customer has": {"orders": ["AC-1"] * 101},
    "signed with another secret": {"key": "a secret of somebody else, just as long as it"},
    "signed with another algorithm": {"algorithm": "HS384"},
    "not signed": {"algorithm": "none", "key": None},
}


@pytest.mark.parametrize("claims", REFUSED_CLAIMS.values(), ids=REFUSED_CLAIMS.keys())
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_a_customer_token_is_refused(gateway, known, customer_token, claims):
    token = customer_token(**claims)
    answer = gateway.http.post("/api/v1/sessions", json={"shop": "inkwell", "customer_token": token})
    assert answer.status_code == 401, answer.text
    assert answer.json()["type"] == "urn:aftercare:problem:customer-token-refused"
    assert answer.json()["detail"]
    assert "INKWELL_TOKEN_SECRET" not in answer.text
    assert known.shop_secret not in answer.text


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "ÿ.ÿ.ÿ", "." * 3000])
def test_what_is_no_token_at_all_is_refused_too(gateway, token):
    answer = gateway.http.post("/api/v1/sessions", json={"shop": "inkwell", "customer_token": token})
    assert answer.status_code == 401


def test_a_shop_without_a_secret_takes_no_customer_token(gateway, customer_token):
    answer = gateway.http.post(
        "/api/v1/sessions", json={"shop": "lantern", "customer_token": customer_token(iss="lantern")}
    )
    assert answer.status_code == 401
    assert "secret" in answer.json()["detail"]


def test_a_secret_nobody_set_lets_no_token_in(start, customer_token):
    gateway = start({"INKWELL_TOKEN_SECRET": ""})
    answer = gateway.http.post("/api/v1/sessions", json={"shop": "inkwell", "customer_token": customer_token()})
    assert answer.status_code == 401
    assert "INKWELL_TOKEN_SECRET" not in answer.text


def test_a_token_of_another_gateways_secret_is_refused(gateway, start):
    elsewhere = start({"AFTERCARE_SECRET": "another secret, and also long enough"})
    assert gateway.send(elsewhere.session(), text="Hello").status_code == 401
