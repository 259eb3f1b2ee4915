"""The stories under tests/conversations/stories, by Rasa's own tester: rules, the form, asides, what is not understood.

The tester predicts every action and runs none, so the stories prove the dialogue's course and no deadline; those are
proven by the played conversations.
"""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.core.agent import Agent, load_agent
from rasa.core.test import test as play_stories
from rasa.model_training import train_core
from rasa.shared.core.domain import Domain

ROOT = Path(__file__).resolve().parents[2]
STORIES = sorted((ROOT / "tests" / "conversations" / "stories").glob("*.yml"))
DOMAIN = ROOT / "domain.yml"


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Agent:
    """The dialogue alone, made of the domain and the rules as they stand."""
    folder = tmp_path_factory.mktemp("dialogue")
    model = train_core(str(DOMAIN), str(ROOT / "config.yml"), str(ROOT / "bot" / "data" / "rules"), str(folder))
    return asyncio.run(load_agent(model_path=model))


@pytest.mark.parametrize("stories", STORIES, ids=lambda path: path.stem)
def test_every_story_goes_as_told(stories: Path, agent: Agent, tmp_path: Path) -> None:
    told = asyncio.run(
        play_stories(
            str(stories), agent, out_directory=str(tmp_path), fail_on_prediction_errors=True, disable_plotting=True
        )
    )
    assert told["report"]["conversation_accuracy"]["correct"] == told["report"]["conversation_accuracy"]["total"] > 0


def test_every_intent_is_told_of_in_a_story() -> None:
    told = {intent for path in STORIES for intent in _intents(yaml.safe_load(path.read_text(encoding="utf-8")))}
    assert set(Domain.load(str(DOMAIN)).intents) - told <= {"session_start", "restart", "back"}


def _intents(told: Any) -> set[str]:
    if isinstance(told, list):
        return set().union(*map(_intents, told))
    if not isinstance(told, dict):
        return set()
    named = {told["intent"]} if isinstance(told.get("intent"), str) else set()
    return named.union(*map(_intents, told.values()))
