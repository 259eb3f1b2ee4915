"""How much may be asked for, and by whom it is counted."""

from types import SimpleNamespace

import pytest
from starlette.datastructures import Headers

from gateway.addresses import client_address
from gateway.limits import RateLimit
from gateway.problems import ApiError
from gateway.settings import Settings


class Seconds:
    now = 0.0

    def __call__(self):
        return self.now


def refused(limit, key):
    with pytest.raises(ApiError) as caught:
        limit.take(key)
    assert caught.value.kind.status == 429
    return caught.value.retry_after


def test_a_minutes_worth_may_come_at_once_and_no_more():
    limit = RateLimit(3, seconds=Seconds())
    for _ in range(3):
        limit.take("a")
    assert refused(limit, "a") == pytest.approx(20)


def test_the_next_one_is_taken_as_soon_as_it_was_announced():
    seconds = Seconds()
    limit = RateLimit(3, seconds=seconds)
    for _ in range(3):
        limit.take("a")
    seconds.now = 19.9
    assert refused(limit, "a") == pytest.approx(0.1)
    seconds.now = 20.01
    limit.take("a")
    assert refused(limit, "a") > 19


def test_being_refused_costs_nothing():
    seconds = Seconds()
    limit = RateLimit(1, seconds=seconds)
    limit.take("a")
    for _ in range(100):
        refused(limit, "a")
    seconds.now = 61
    limit.take("a")


def test_a_long_rest_saves_up_no_more_than_a_minutes_worth():
    seconds = Seconds()
    limit = RateLimit(2, seconds=seconds)
    limit.take("a")
    seconds.now = 3600
    limit.take("a")
    limit.take("a")
    assert refused(limit, "a")


def test_each_key_is_counted_alone():
    limit = RateLimit(1, seconds=Seconds())
    limit.take("a")
    limit.take("b")
    assert refused(limit, "a")


def test_only_so_many_keys_are_remembered_and_the_busy_ones_stay():
    limit = RateLimit(2, most_keys=10, seconds=Seconds())
    for n in range(50):
        limit.take("busy") if n == 0 else None
        limit.take(f"a{n}")
        if n == 5:
            limit.take("busy")
            assert refused(limit, "busy")
    assert len(limit) == 10


def test_too_many_messages_of_one_conversation_are_turned_away_with_a_time(start, rasa):
    gateway = start({"AFTERCARE_MESSAGES_PER_MINUTE": "2"})
    token = gateway.session()
    gateway.say(token, "One", "m1")
    gateway.say(token, "Two", "m2")
    answer = gateway.send(token, "m3", text="Three")
    assert answer.status_code == 429
    assert answer.json()["type"] == "urn:aftercare:problem:too-many-requests"
    assert 1 <= int(answer.headers["retry-after"]) <= 30
    assert len(rasa.heard) == 2
    assert gateway.say(gateway.session(), "Somebody else")


def test_too_many_sessions_from_one_address_are_turned_away(start):
    gateway = start({"AFTERCARE_SESSIONS_PER_MINUTE": "2"})
    gateway.session()
    gateway.session()
    assert gateway.http.post("/api/v1/sessions", json={"shop": "inkwell"}).status_code == 429


def test_an_address_is_counted_over_all_its_calls_even_the_refused_ones(start):
    gateway = start({"AFTERCARE_CALLS_PER_MINUTE": "3"})
    gateway.session()
    assert gateway.send("x", text="Hello").status_code == 401
    assert gateway.http.post("/api/v1/sessions", content=b"x").status_code == 400
    answer = gateway.send("x", text="Hello")
    assert answer.status_code == 429
    assert answer.headers["retry-after"]


def test_one_shops_rush_is_not_the_others_outage(start):
    gateway = start({"AFTERCARE_SHOP_CALLS_PER_MINUTE": "3"})
    token = gateway.session()
    gateway.say(token, "One", "m1")
    gateway.say(token, "Two", "m2")
    refused = gateway.send(token, "m3", text="Three")
    assert (refused.status_code, int(refused.headers["retry-after"])) == (429, 20)
    assert gateway.http.post("/api/v1/sessions", json={"shop": "inkwell"}).status_code == 429
    assert gateway.say(gateway.session("lantern"), "Hello")


def test_behind_a_proxy_each_customer_is_counted_alone(start):
    gateway = start({"AFTERCARE_SESSIONS_PER_MINUTE": "1", "AFTERCARE_TRUSTED_PROXIES": "127.0.0.1"})

    def status(forwarded):
        headers = {"X-Forwarded-For": forwarded}
        return gateway.http.post("/api/v1/sessions", json={"shop": "inkwell"}, headers=headers).status_code

    assert status("192.0.2.1") == 201
    assert status("192.0.2.2") == 201
    assert status("198.51.100.9, 192.0.2.1") == 429


def test_nobody_escapes_the_count_by_claiming_another_address(start):
    gateway = start({"AFTERCARE_SESSIONS_PER_MINUTE": "1"})
    gateway.session()
    answer = gateway.http.post("/api/v1/sessions", json={"shop": "inkwell"}, headers={"X-Forwarded-For": "192.0.2.7"})
    assert answer.status_code == 429


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "address"),
    [
        pytest.param("192.0.2.1", None, "", "192.0.2.1", id="the peer"),
        pytest.param("192.0.2.1", "198.51.100.1", "", "192.0.2.1", id="a claim nobody vouches for"),
        pytest.param("192.0.2.1", "198.51.100.1", "10.0.0.0/8", "192.0.2.1", id="not a trusted peer"),
        pytest.param("10.0.0.1", "198.51.100.1", "10.0.0.0/8", "198.51.100.1", id="a trusted peer"),
        pytest.param("10.0.0.1", "203.0.113.9, 198.51.100.1", "10.0.0.0/8", "198.51.100.1", id="a client's claim"),
        pytest.param("10.0.0.1", "198.51.100.1, 10.0.0.2", "10.0.0.0/8", "198.51.100.1", id="two trusted proxies"),
        pytest.param("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.0/8", "10.0.0.3", id="all of them trusted"),
        pytest.param("10.0.0.1", "somewhere, 10.0.0.2", "10.0.0.0/8", "10.0.0.2", id="no address behind it"),
        pytest.param("10.0.0.1", None, "10.0.0.0/8", "10.0.0.1", id="a proxy that says nothing"),
        pytest.param("2001:db8:1:2:3::4", None, "", "2001:db8:1:2::/64", id="a subscriber's network"),
        pytest.param("::ffff:192.0.2.1", None, "", "192.0.2.1", id="IPv4 seen through IPv6"),
        pytest.param("::1", "198.51.100.1", "::1", "198.51.100.1", id="a trusted IPv6 peer"),
        pytest.param("fe80::1%eth0", None, "", "fe80::/64", id="an address with a zone"),
        pytest.param(None, "198.51.100.1", "0.0.0.0/0", "local", id="a Unix socket"),
        pytest.param("10.0.0.1", "x" * 9_000 + ", 198.51.100.1", "10.0.0.0/8", "198.51.100.1", id="an endless claim"),
    ],
)
def test_the_address_is_the_nearest_one_nobody_can_forge(environ, peer, forwarded, trusted, address):
    settings = Settings.from_environment({**environ, "AFTERCARE_TRUSTED_PROXIES": trusted})
    headers = Headers({"x-forwarded-for": forwarded} if forwarded else {})
    connection = SimpleNamespace(client=SimpleNamespace(host=peer) if peer else None, headers=headers)
    asked = [client_address(connection, settings.trusted_proxies) for _ in range(2)]
    assert asked == [address, address]


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "sent in pieces"])
@pytest.mark.parametrize("path", ["/api/v1/sessions", "/api/v1/messages"])
def test_a_body_too_large_is_refused(gateway, rasa, path, announced):
    body = b'{"client_id": "m1", "text": "' + b"a" * 65_536 + b'"}'
    headers = {"Authorization": f"Bearer {gateway.session()}"}
    answer = gateway.http.post(path, content=body if announced else iter([body[:100], body[100:]]), headers=headers)
    assert answer.status_code == 413
    assert answer.json()["type"] == "urn:aftercare:problem:body-too-large"
    assert rasa.heard == []


def test_a_body_just_small_enough_is_taken(gateway):
    body = b'{"client_id": "m1", "text": "' + b"a" * (65_536 - 31) + b'"}'
    assert len(body) == 65_536
    headers = {"Authorization": f"Bearer {gateway.session()}"}
    assert gateway.http.post("/api/v1/messages", content=body, headers=headers).status_code == 200


def test_a_body_that_never_arrives_is_given_up(gateway, monkeypatch):
    import socket

    monkeypatch.setattr("gateway.bodies.MOST_SECONDS", 0.2)
    host, port = gateway.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(b"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n{")
        assert b" 408 " in connection.recv(4096).split(b"\r\n")[0]
