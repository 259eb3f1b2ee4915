"""The clock of a test can be moved, and moves what the next turn knows."""

import pytest


@pytest.mark.parametrize("environment", ["production", "demo"])
def test_outside_a_test_there_is_no_clock_to_move(start, environment):
    gateway = start({"AFTERCARE_ENV": environment, "AFTERCARE_CLOCK": ""})
    answer = gateway.http.put("/api/v1/clock", json={"now": "2026-03-05T10:00:00Z"})
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:aftercare:problem:not-found"


def test_moving_the_clock_moves_the_next_turn(gateway, rasa):
    token = gateway.session()
    answer = gateway.http.put("/api/v1/clock", json={"now": "2026-03-02T20:00:00+08:00"})
    assert answer.status_code == 200
    assert answer.json() == {"now": "2026-03-02T12:00:00+00:00"}
    gateway.say(token, "Hello")
    assert rasa.heard[0]["metadata"]["now"] == "2026-03-02T12:00:00+00:00"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "now"),
        ({"now": 5}, "now"),
        ({"now": "tomorrow"}, "now"),
        ({"now": "2026-03-02T12:00:00"}, "now"),
        ({"now": "0001-01-01T00:00:00+14:00"}, "now"),
        ({"now": "2026-03-02T12:00:00Z", "zone": "x"}, "zone"),
    ],
)
def test_the_clock_moves_to_an_instant_with_an_offset_only(gateway, body, path):
    answer = gateway.http.put("/api/v1/clock", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == path
