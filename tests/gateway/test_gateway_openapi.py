"""docs/openapi.yml is true: what it says of a call is what comes, whatever is sent."""

import re
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import jsonschema_rs
import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, settings
from schemathesis import checks

from gateway.problems import ProblemKind
from gateway.settings import Settings
from order_store import Database, beat, parse_shops, save_shops
from tests.gateway.conftest import NOW, SHOPS, Gateway, StandInRasa

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = yaml.safe_load((ROOT / "docs" / "openapi.yml").read_text(encoding="utf-8"))
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.negative_data_rejection,
    checks.missing_required_header,
    checks.unsupported_method,
    checks.ignored_auth,
]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A gateway that lives as long as these tests, without limits in their way, and a token of its own."""
    folder = tmp_path_factory.mktemp("openapi")
    url = f"sqlite:///{folder / 'aftercare.db'}"
    with closing(StandInRasa()) as rasa:
        store = Database(url)
        store.upgrade()
        with store.write() as session:
            save_shops(session, parse_shops(SHOPS))
            beat(session, "worker", datetime.now(UTC))
        store.dispose()
        (folder / "domain.yml").write_text(
            "responses: {utter_unavailable: [{text: Sorry.}], utter_answer_comes_later: [{text: Later.}],"
            " utter_channel_moved: [{text: Here.}]}"
        )
        variables = {
            "AFTERCARE_ENV": "test",
            "AFTERCARE_CLOCK": NOW,
            "AFTERCARE_DATABASE_URL": url,
            "AFTERCARE_SECRET": "the secret of these tests, long enough for production",
            "AFTERCARE_PICTURES": str(folder / "pictures"),
            "AFTERCARE_RASA_URL": rasa.url,
            "AFTERCARE_ACTIONS_URL": f"{rasa.url}/webhook",
            **{f"AFTERCARE_{what}_PER_MINUTE": "1000000" for what in ("MESSAGES", "CALLS", "SESSIONS", "PICTURES")},
        }
        gateway = Gateway(replace(Settings.from_environment(variables), domain=folder / "domain.yml"))
        yield SimpleNamespace(gateway=gateway, rasa=rasa, token=gateway.session())
        gateway.close()


# Every call but the stream, which has no end to wait for; that one has tests of its own.
schema = schemathesis.openapi.from_dict(DOCUMENT).exclude(path="/api/v1/events")


@schema.parametrize()
@settings(
    max_examples=30,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_a_call_answers_as_the_document_says(case, served):
    headers = {"Authorization": f"Bearer {served.token}"} if case.path.startswith("/api/v1/") else None
    case.call_and_validate(base_url=served.gateway.url, headers=headers, checks=CHECKS)


def component(name):
    """A validator of `#/components/schemas/name`."""
    return jsonschema_rs.validator_for(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": f"#/components/schemas/{name}"}
        | {"components": DOCUMENT["components"]}
    )


def test_every_event_is_one_of_the_document(served):
    token = served.gateway.session()
    served.rasa.says(
        {"text": "Shall I?", "buttons": [{"title": "Yes", "payload": "/affirm"}]},
        {"custom": {"v": 1, "kind": "question", "asks": "confirm"}},
    )
    event = component("Event")
    with served.gateway.follow(token) as stream:
        choice = served.gateway.say(token, "Hello")["replies"][0]["choices"][0]["id"]
        served.gateway.send(token, "m2", choice=choice)
        for told in stream.take(4):
            event.validate(told)


def test_the_document_names_every_route(served):
    described = {(method.upper(), path) for path, calls in DOCUMENT["paths"].items() for method in calls}
    routed = {
        (method, route.path.replace(":path}", "}"))
        for route in served.gateway.app.routes
        for method in getattr(route, "methods", None) or ()
        if method not in {"HEAD", "OPTIONS"}
    }
    only_to_try = {("PUT", "/api/v1/clock"), ("GET", "/order")}
    assert described == routed - only_to_try


def test_the_document_names_every_problem():
    named = DOCUMENT["components"]["schemas"]["Problem"]["properties"]["type"]["enum"]
    assert named == [kind.type for kind in ProblemKind]


def test_the_document_is_linked_from_the_one_in_words():
    assert re.search(r"\]\(openapi\.yml\)", (ROOT / "docs" / "http.md").read_text(encoding="utf-8"))
