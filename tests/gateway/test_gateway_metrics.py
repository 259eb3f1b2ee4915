"""What Prometheus reads, and who else does not."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

TOKEN = "only-prometheus-knows-this"


def numbers(gateway, **headers):
    """Every sample as {(name, labels…): value}."""
    answer = gateway.http.get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_turns_their_outcomes_and_their_parts_are_counted(gateway, rasa):
    token = gateway.session()
    rasa.says(
        {"text": "Yes."},
        {"custom": {"v": 1, "kind": "verdict", "remedies": [{"outcome": "eligible"}], "more": True}},
        {"text": "Somebody writes to you."},
        {"custom": {"v": 1, "kind": "ticket", "number": "TKT-1"}},
    )
    gateway.say(token, "Hello")
    rasa.says({"text": "Pardon?"}, {"custom": {"v": 1, "kind": "note", "understood": False}})
    gateway.say(token, "Mumble", "m2")
    rasa.says({"text": "Yes."}, {"custom": {"v": 1, "kind": "note", "more": True}})
    gateway.say(token, "Again", "m3")
    gateway.say(token, "Again", "m3")
    told = numbers(gateway)
    assert told["aftercare_turns_total", "answered"] == 2
    assert told["aftercare_turns_total", "broke_off"] == 1
    assert told["aftercare_turn_seconds_count",] == 3
    assert told["aftercare_part_seconds_count", "rasa"] == 3
    assert told["aftercare_part_seconds_count", "store"] >= 6
    assert told["aftercare_replies_total", "verdict"] == 1
    assert told["aftercare_verdicts_total", "eligible"] == 1
    assert told["aftercare_handoffs_total",] == 1
    assert told["aftercare_fallbacks_total",] == 1
    assert told["aftercare_http_answers_total", "/api/v1/messages", "200"] == 4


def test_streams_and_what_is_owed_are_shown_as_they_are(gateway, rasa):
    token = gateway.session()
    rasa.status = 503
    with gateway.follow(token) as stream:
        next(stream.lines)
        gateway.say(token, "Hello")
        told = numbers(gateway)
    assert told["aftercare_open_streams",] == 1
    assert told["aftercare_conversations_owed",] == 1
    assert told["aftercare_turns_total", "nonsense"] == 1


def test_nothing_of_a_customer_and_no_path_of_their_making_is_shown(gateway):
    token = gateway.session()
    gateway.say(token, "I am ada@example.com")
    gateway.http.get("/ada@example.com")
    gateway.http.get(f"/api/v1/slips/{token}")
    text = gateway.http.get("/metrics").text
    assert "ada@example.com" not in text
    assert token not in text
    assert 'route="none",status="404"' in text
    assert 'route="/api/v1/slips/{token}",status="404"' in text


@pytest.mark.parametrize(
    ("variables", "headers", "status"),
    [
        ({"AFTERCARE_ENV": "demo"}, {}, 200),
        ({"AFTERCARE_ENV": "production", "AFTERCARE_CLOCK": ""}, {}, 401),
        ({"AFTERCARE_TRUSTED_PROXIES": "127.0.0.1"}, {"X-Forwarded-For": "203.0.113.9"}, 401),
        ({"AFTERCARE_METRICS_TOKEN": TOKEN}, {}, 401),
        ({"AFTERCARE_METRICS_TOKEN": TOKEN}, {"Authorization": "Bearer something-else-altogether"}, 401),
        ({"AFTERCARE_METRICS_TOKEN": TOKEN}, {"Authorization": f"Bearer {TOKEN}"}, 200),
        (
            {"AFTERCARE_ENV": "production", "AFTERCARE_CLOCK": "", "AFTERCARE_METRICS_TOKEN": TOKEN},
            {"Authorization": f"Bearer {TOKEN}"},
            200,
        ),
    ],
)
def test_the_metrics_are_not_for_everybody(start, variables, headers, status):
    answer = start(variables).http.get("/metrics", headers=headers)
    assert answer.status_code == status
    if status == 401:
        assert answer.json()["type"] == "urn:aftercare:problem:metrics-refused"
        assert answer.headers["www-authenticate"] == "Bearer"
