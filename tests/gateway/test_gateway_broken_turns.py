"""Whatever becomes of Rasa in a turn, the customer is told, and told the same when asked again."""

import json

import pytest

from casework.log_lines import JsonLines
from order_store import messages_after

VERDICT = {"text": "You can return it."}
MORE = {"custom": {"v": 1, "kind": "verdict", "more": True}}


@pytest.fixture
def told(start, rasa, known, database):
    """Sends a message with Rasa as it was set up; what came back, checked to be the same the second time."""

    def send(**settings):
        gateway = start(**settings)
        token = gateway.session()
        first = gateway.say(token, "Return it")
        rasa.released.set()
        rasa.status, rasa.raw = 200, None
        rasa.says({"text": "All is well again."})
        assert gateway.say(token, "Return it") == first
        *before, last = first["replies"]
        if before:
            assert (last["text"], last["custom"]) == (known.unavailable, {"v": 1, "kind": "unavailable"})
        else:
            assert last["text"] == known.later
            assert last["custom"] == {"v": 1, "kind": "unavailable", "answer_follows": True}
        assert gateway.say(token, "Again", "m2")["replies"][0]["text"] == "All is well again."
        return [reply["text"] for reply in before]

    return send


def test_rasa_is_down(told, start, rasa, known):
    gateway = start({"AFTERCARE_RASA_URL": "http://127.0.0.1:9"})
    (reply,) = gateway.say(gateway.session(), "Return it")["replies"]
    assert reply["text"] == known.later
    assert reply["from"] == "bot"
    assert reply["choices"] == []


def test_rasa_takes_too_long(told, rasa, patience):
    rasa.holds_back()
    assert told(turn_timeout=patience) == []


@pytest.mark.parametrize(
    ("items", "before"),
    [
        pytest.param([], [], id="an empty answer"),
        pytest.param([VERDICT, MORE], ["You can return it."], id="the announced reply never came"),
        pytest.param([VERDICT, {"picture": "x"}], ["You can return it."], id="an item that says nothing"),
        pytest.param([VERDICT, {"text": None}], ["You can return it."], id="a text that is none"),
    ],
)
def test_the_answer_broke_off(told, rasa, items, before):
    rasa.says(*items)
    assert told() == before


@pytest.mark.parametrize(
    ("status", "raw"),
    [
        pytest.param(500, b'[{"text": "Traceback"}]', id="an error"),
        pytest.param(302, b"", id="a redirection"),
        pytest.param(200, b"<html>", id="a page"),
        pytest.param(200, b"", id="nothing"),
        pytest.param(200, b"\xff\xff", id="bytes"),
        pytest.param(200, b'{"status": "failure"}', id="an object"),
        pytest.param(200, b'[{"text": "\\ud800"}]', id="half a character"),
        pytest.param(200, b'[{"custom": {"amount": NaN}}]', id="a number JSON does not have"),
        pytest.param(200, b"[" * 100_000, id="a nest without end"),
    ],
)
def test_something_else_answers_in_rasas_place(told, rasa, status, raw):
    rasa.status, rasa.raw = status, raw
    assert told() == []


def test_a_broken_turn_is_logged_without_what_was_said(told, rasa, caplog):
    rasa.says(VERDICT, MORE)
    with caplog.at_level("INFO", logger="gateway"):
        told()
    (line,) = [json.loads(JsonLines().format(record)) for record in caplog.records if "broke_off" in str(vars(record))]
    assert {name: line[name] for name in ("message", "turn", "outcome", "again", "replies")} == {
        "message": "turn",
        "turn": 1,
        "outcome": "broke_off",
        "again": False,
        "replies": 2,
    }
    assert line["conversation"]
    assert line["rasa_ms"] <= line["total_ms"]
    assert "return" not in str(line).lower()


def test_the_apology_is_part_of_the_conversation(start, rasa, known, database):
    gateway = start()
    rasa.says()
    token = gateway.session()
    assert gateway.say(token, "Return it")["last_seq"] == 2
    with database.read() as session:
        (message,) = messages_after(session, rasa.heard[0]["sender"], 0)
    assert message.text == known.later
