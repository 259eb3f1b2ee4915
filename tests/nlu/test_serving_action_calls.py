"""The calls of actions, with less work for the same answers."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from bot.serving.action_calls import check_answers_with_one_validator, send_the_domain_to_those_who_ask

ACTIONS = "version: '3.1'\nactions: [validate_case_form, action_tell, {action_ask: {send_domain: true}}]\n"


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rasa is put back after each test."""
    monkeypatch.setattr(RemoteAction, "_validate_action_result", RemoteAction._validate_action_result)
    collects = Domain.__dict__["_collect_actions_which_explicitly_need_domain"]
    monkeypatch.setattr(Domain, "_collect_actions_which_explicitly_need_domain", collects)


@pytest.mark.parametrize(
    "answer",
    [
        {"events": [{"event": "slot", "name": "line", "value": 2, "timestamp": None}], "responses": [{"text": "Hi"}]},
        {"events": [], "responses": []},
        {},
        {"events": [{"event": "no such event"}], "responses": []},
        {"events": [], "responses": ["Hi"]},
        {"events": "none"},
        [],
    ],
)
def test_an_answer_passes_where_it_passes_with_rasa_alone(answer: Any) -> None:
    action = RemoteAction("action_tell", None)

    def refused() -> bool:
        try:
            return not action._validate_action_result(answer)
        except ValidationError:
            return True

    alone = refused()
    check_answers_with_one_validator()
    assert refused() is alone


def test_the_domain_goes_to_those_alone_who_ask_for_it() -> None:
    send_the_domain_to_those_who_ask()
    domain = Domain.from_yaml(ACTIONS)
    endpoint = EndpointConfig("http://127.0.0.1/webhook", enable_selective_domain=True)
    tracker = _tracker(domain)
    told = {
        name: "domain" in RemoteAction(name, endpoint)._action_call_format(tracker, domain)
        for name in ("validate_case_form", "action_tell", "action_ask")
    }
    assert told == {"validate_case_form": False, "action_tell": False, "action_ask": True}


def _tracker(domain: Domain) -> Any:
    from rasa.shared.core.trackers import DialogueStateTracker

    return DialogueStateTracker("c1", domain.slots)
