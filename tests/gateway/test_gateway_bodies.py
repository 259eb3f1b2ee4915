"""What a body may hold, and what is said of one that holds something else."""

import json

import pytest


@pytest.mark.parametrize(
    ("body", "path"),
    [
        pytest.param({"client_id": "m1"}, "text", id="neither text nor choice"),
        pytest.param({"client_id": "m1", "text": None}, "text", id="a null text is none"),
        pytest.param({"client_id": "m1", "text": "a", "choice": "c1-1"}, "choice", id="both"),
        pytest.param({"text": "a"}, "client_id", id="no client_id"),
        pytest.param({"client_id": "", "text": "a"}, "client_id", id="an empty client_id"),
        pytest.param({"client_id": "m" * 129, "text": "a"}, "client_id", id="an endless client_id"),
        pytest.param({"client_id": "a\nb", "text": "a"}, "client_id", id="a client_id nobody can read"),
        pytest.param({"client_id": "\ud800", "text": "a"}, "client_id", id="half a character"),
        pytest.param({"client_id": 1, "text": "a"}, "client_id", id="a client_id that is a number"),
        pytest.param({"client_id": "m1", "text": 1}, "text", id="a text that is a number"),
        pytest.param({"client_id": "m1", "choice": ["c1-1"]}, "choice", id="a choice that is a list"),
        pytest.param({"client_id": "m1", "text": "a", "sender": "x"}, "sender", id="an unknown key"),
        pytest.param({"client_id": "m1", "text": "a", "\ud800": "x"}, "", id="an unknown key nobody can read"),
        pytest.param("Hello", "", id="no object"),
    ],
)
def test_a_body_that_is_not_as_expected_is_refused_with_the_path(gateway, rasa, body, path):
    token = gateway.session()
    answer = gateway.http.post(
        "/api/v1/messages", content=json.dumps(body), headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["path"] for error in answer.json()["errors"]] == [path]
    assert rasa.heard == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"text=Hello", id="a form"),
        pytest.param(b"\xff\xfe{", id="bytes that are no text"),
        pytest.param(b'{"client_id": "m1", "text": NaN}', id="a number JSON does not have"),
        pytest.param(b'{"client_id": "m1", "text": ' + b"9" * 5000 + b"}", id="a number with too many digits"),
        pytest.param(b"[" * 60_000, id="a nest without end"),
    ],
)
def test_a_body_that_is_not_json_is_refused(gateway, body):
    answer = gateway.http.post(
        "/api/v1/messages", content=body, headers={"Authorization": f"Bearer {gateway.session()}"}
    )
    assert answer.status_code == 400, answer.text
    assert answer.json()["type"] == "urn:aftercare:problem:not-json"


def test_a_key_told_twice_is_refused(gateway):
    answer = gateway.http.post(
        "/api/v1/messages",
        content=b'{"client_id": "m1", "text": "a", "text": "b"}',
        headers={"Authorization": f"Bearer {gateway.session()}"},
    )
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"path": "text", "message": "told twice; tell it once"}]
