"""Which pages may call the chat, as a table."""

import asyncio

import pytest

from gateway.known_shops import SECONDS_KEPT, KnownShops
from order_store import parse_shops, save_shops

OWN = "own"
ALLOWED = "https://www.inkwell.example"
OTHER_SHOPS = "https://lantern.example"


def headers(gateway, origin):
    if origin is None:
        return {}
    return {"Origin": gateway.url if origin is OWN else origin}


RULES = [
    # origin, may a session of Inkwell be opened, is the answer readable across origins
    pytest.param(None, True, False, id="no page"),
    pytest.param(OWN, True, False, id="the gateway's own page"),
    pytest.param(ALLOWED, True, True, id="a page of the shop"),
    pytest.param("HTTPS://WWW.INKWELL.EXAMPLE", True, True, id="the same in capitals"),
    pytest.param(OTHER_SHOPS, False, False, id="a page of another shop"),
    pytest.param("https://inkwell.example", False, False, id="a neighbour of the shop's page"),
    pytest.param("https://www.inkwell.example.evil.example", False, False, id="a longer name"),
    pytest.param("http://www.inkwell.example", False, False, id="the shop's page unencrypted"),
    pytest.param("https://www.inkwell.example:8443", False, False, id="another port"),
    pytest.param("https://evil.example", False, False, id="a page nobody knows"),
    pytest.param("null", False, False, id="a page without an origin"),
    pytest.param("", False, False, id="an empty origin"),
]


def check(answer, origin, expected, allowed, readable):
    assert answer.status_code == (expected if allowed else 403), answer.text
    assert answer.headers.get("access-control-allow-origin") == (origin if readable else None)
    assert "Origin" in answer.headers["vary"]
    assert "access-control-allow-credentials" not in answer.headers
    if not allowed:
        assert answer.json()["type"] == "urn:aftercare:problem:origin-refused"


@pytest.mark.parametrize(("origin", "allowed", "readable"), RULES)
def test_a_page_opens_a_session(gateway, origin, allowed, readable):
    answer = gateway.http.post("/api/v1/sessions", json={"shop": "inkwell"}, headers=headers(gateway, origin))
    check(answer, origin, 201, allowed, readable)


@pytest.mark.parametrize(("origin", "allowed", "readable"), RULES)
def test_a_page_sends_a_message(gateway, rasa, origin, allowed, readable):
    token = gateway.session()
    answer = gateway.http.post(
        "/api/v1/messages",
        json={"client_id": "m1", "text": "Hello"},
        headers={**headers(gateway, origin), "Authorization": f"Bearer {token}"},
    )
    check(answer, origin, 200, allowed, readable)
    assert len(rasa.heard) == (1 if allowed else 0)


@pytest.mark.parametrize(("origin", "allowed", "readable"), RULES)
def test_a_page_follows_a_conversation(gateway, origin, allowed, readable):
    with gateway.follow(gateway.session(), origin=headers(gateway, origin).get("Origin")) as stream:
        if stream.status != 200:
            stream.response.read()
        check(stream.response, origin, 200, allowed, readable)


@pytest.mark.parametrize("path", ["/api/v1/sessions", "/api/v1/messages"])
@pytest.mark.parametrize(
    ("origin", "allowed"),
    [(ALLOWED, True), (OTHER_SHOPS, True), (OWN, True), ("https://evil.example", False), ("null", False)],
)
def test_a_browser_asks_first(gateway, path, origin, allowed):
    """It asks without body and token, so which of the shops it is about comes out with the call itself."""
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    answer = gateway.http.options(path, headers={**headers(gateway, origin), **asked})
    assert answer.status_code == (204 if allowed else 403)
    if allowed:
        assert answer.headers["access-control-allow-methods"] == "POST"
        assert answer.headers["access-control-allow-headers"] == "authorization, content-type, last-event-id"
    readable = origin if allowed and origin is not OWN else None
    assert answer.headers.get("access-control-allow-origin") == readable


@pytest.mark.parametrize(
    ("token", "body", "status"),
    [("x", {"client_id": "m1", "text": "Hello"}, 401), (None, {"client_id": "m1"}, 422)],
)
def test_a_page_of_the_shop_can_read_why_it_was_refused(gateway, token, body, status):
    bearer = {"Authorization": f"Bearer {token or gateway.session()}"}
    answer = gateway.http.post("/api/v1/messages", json=body, headers={"Origin": ALLOWED, **bearer})
    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == ALLOWED


def test_a_page_of_the_shop_can_read_how_long_to_wait(start):
    gateway = start({"AFTERCARE_CALLS_PER_MINUTE": "1"})
    gateway.session()
    answer = gateway.http.post("/api/v1/sessions", json={"shop": "inkwell"}, headers={"Origin": ALLOWED})
    assert answer.status_code == 429
    assert answer.headers["access-control-allow-origin"] == ALLOWED
    assert answer.headers["access-control-expose-headers"] == "Retry-After"


def test_a_page_of_the_shop_can_read_that_its_token_expired(gateway):
    token = gateway.session()
    gateway.http.put("/api/v1/clock", json={"now": "2026-04-01T00:00:00Z"})
    answer = gateway.http.post(
        "/api/v1/messages",
        json={"client_id": "m1", "text": "Hello"},
        headers={"Origin": ALLOWED, "Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 401
    assert answer.headers["access-control-allow-origin"] == ALLOWED


@pytest.mark.parametrize(
    ("trusted", "status"), [("127.0.0.1", 201), ("", 403)], ids=["behind a trusted proxy", "claimed by anybody"]
)
def test_the_own_page_is_encrypted_by_the_proxy(start, trusted, status):
    gateway = start({"AFTERCARE_TRUSTED_PROXIES": trusted})
    answer = gateway.http.post(
        "/api/v1/sessions",
        json={"shop": "inkwell"},
        headers={"Host": "chat.example", "Origin": "https://chat.example", "X-Forwarded-Proto": "https"},
    )
    assert answer.status_code == status


def test_what_pages_a_shop_lets_in_is_not_read_for_every_call(database, known):
    now = [1_000.0]
    shops = KnownShops(database, lambda: now[0])

    def allowed():
        return asyncio.run(shops.all())["inkwell"].allowed_origins

    assert allowed() == [ALLOWED]
    inkwell = {**known.shops["shops"]["inkwell"], "allowed_origins": [OTHER_SHOPS]}
    with database.write() as session:
        save_shops(session, parse_shops({"shops": {"inkwell": inkwell}}))
    now[0] += SECONDS_KEPT - 0.1
    assert allowed() == [ALLOWED]
    now[0] += 0.1
    assert allowed() == [OTHER_SHOPS]
