"""What is public: these routes and no others, each answer with its headers."""

import json

import pytest

from casework.log_lines import JsonLines

PUBLIC = {
    ("POST", "/api/v1/sessions"),
    ("POST", "/api/v1/messages"),
    ("GET", "/api/v1/events"),
    ("POST", "/api/v1/attachments"),
    ("POST", "/api/v1/handovers"),
    ("POST", "/api/v1/handovers/take"),
    ("POST", "/channels/{channel}"),
    ("GET", "/channels/{channel}"),
    ("GET", "/api/v1/slips/{token}"),
    ("GET", "/api/v1/calendars/{token}"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/"),
    ("GET", "/widget.js"),
    ("GET", "/widget/{path:path}"),
}


def routes(app):
    """What is routed, as (method, path); the browser's own questions (HEAD, OPTIONS) go with them."""
    found = set()
    for route in app.routes:
        for method in getattr(route, "methods", None) or {"GET"}:
            if method not in {"HEAD", "OPTIONS"}:
                found.add((method, route.path))
    return found


@pytest.mark.parametrize("environment", ["production", "demo"])
def test_nothing_else_is_public(start, environment):
    gateway = start({"AFTERCARE_ENV": environment, "AFTERCARE_CLOCK": ""})
    to_try = {("GET", "/order")} if environment == "demo" else set()
    assert routes(gateway.app) == PUBLIC | to_try | {("GET", "/page")}


def test_the_clock_can_be_moved_in_a_test_alone(start):
    assert routes(start().app) == PUBLIC | {("GET", "/page"), ("GET", "/order"), ("PUT", "/api/v1/clock")}


@pytest.mark.parametrize(
    "path",
    [
        "/docs",
        "/redoc",
        "/openapi.json",
        "/webhooks/rest/webhook",
        "/webhook",
        "/conversations/x/tracker",
        "/model/parse",
        "/api/v1/sessions/",
        "/page/../settings.py",
        "/page/%2e%2e/settings.py",
        "/page/index.html",
        "/page/",
        "/page",
    ],
)
def test_there_is_nothing_at(gateway, path):
    answer = gateway.http.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


ANSWERS = [
    ("GET", "/", 200),
    ("GET", "/?shop=inkwell", 200),
    ("GET", "/?shop=nowhere", 404),
    ("HEAD", "/?shop=inkwell", 200),
    ("GET", "/page/say.js", 200),
    ("GET", "/page/page.css", 200),
    ("GET", "/page/icon.svg", 200),
    ("GET", "/healthz", 200),
    ("HEAD", "/healthz", 200),
    ("GET", "/readyz", 200),
    ("GET", "/nowhere", 404),
    ("DELETE", "/api/v1/sessions", 405),
    ("GET", "/api/v1/messages", 405),
    ("POST", "/api/v1/messages", 401),
    ("POST", "/api/v1/attachments", 401),
    ("OPTIONS", "/api/v1/attachments", 204),
    ("GET", "/api/v1/slips/x", 404),
    ("GET", "/api/v1/calendars/x", 404),
    ("HEAD", "/api/v1/slips/x", 404),
    ("POST", "/api/v1/slips/x", 405),
    ("POST", "/api/v1/sessions", 400),
    ("OPTIONS", "/api/v1/sessions", 204),
]


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_every_answer_carries_the_headers(gateway, method, path, status):
    answer = gateway.http.request(method, path)
    assert answer.status_code == status
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "frame-ancestors" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == ("no-cache" if path.startswith("/page/") else "no-store")


def test_a_method_that_is_not_answered_says_which_is(gateway):
    answer = gateway.http.get("/api/v1/messages")
    assert "POST" in answer.headers["allow"]
    assert answer.json()["type"] == "urn:aftercare:problem:method-not-allowed"


def test_an_error_nobody_foresaw_is_a_problem_with_the_headers_too(gateway, monkeypatch, caplog):
    said = "ada@example.com"

    def fails(*_, **__):
        raise RuntimeError(said)

    monkeypatch.setattr("gateway.sessions.start_conversation", fails)
    answer = gateway.http.post("/api/v1/sessions", json={"shop": "inkwell"})
    assert answer.status_code == 500
    assert answer.json()["type"] == "urn:aftercare:problem:internal"
    assert answer.headers["x-content-type-options"] == "nosniff"
    (line,) = [JsonLines().format(record) for record in caplog.records if record.getMessage() == "unhandled"]
    told = json.loads(line)
    assert (told["route"], told["method"], told["error"]) == ("/api/v1/sessions", "POST", "RuntimeError")
    assert "in _start" in told["where"]
    assert said not in line + answer.text


def test_a_page_may_be_framed_by_its_own_shop_alone(gateway):
    def framed_by(path):
        return gateway.http.get(path).headers["content-security-policy"].split("frame-ancestors ")[1].split(";")[0]

    assert framed_by("/?shop=inkwell") == "https://www.inkwell.example"
    assert framed_by("/?shop=lantern") == "https://lantern.example https://m.lantern.example"
    assert framed_by("/") == "'none'"
    assert "x-frame-options" not in gateway.http.get("/?shop=inkwell").headers
    assert gateway.http.get("/").headers["x-frame-options"] == "DENY"
