"""Several requests in one message, heard by a pipeline as Rasa runs it."""

from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.several import RequestFinder, RequestSplitter
from nlu_evaluation.pipeline import Pipeline, Understanding
from nlu_evaluation.several import taken_for_several

CONFIG = """
recipe: default.v1
assistant_id: test
language: en
pipeline:
  - name: bot.nlu.several.RequestSplitter
  - name: WhitespaceTokenizer
  - name: CountVectorsFeaturizer
  - name: bot.nlu.sentence_encoder.SentenceEncoder
  - name: bot.nlu.intent_classifier.IntentClassifier
  - name: bot.nlu.several.RequestFinder
    threshold: 0.4
"""
SAID = {
    "invoice": ("send me the invoice", "I need an invoice", "an invoice please", "can I have the invoice", "the bill"),
    "track_order": ("where is my parcel", "where is my order", "track my order", "where is it now", "track it please"),
    "return_item": ("I want to return the lamp", "send it back", "return the mug", "I want to return it", "a return"),
    "greet": ("hello", "hi there", "good morning", "good day", "hello everybody"),
}
EXAMPLES = [Message({TEXT: text, INTENT: intent}) for intent, texts in SAID.items() for text in texts]


@pytest.fixture(scope="module")
def understanding(tmp_path_factory: pytest.TempPathFactory) -> Understanding:
    config: Path = tmp_path_factory.mktemp("several") / "config.yml"
    config.write_text(CONFIG, encoding="utf-8")
    return Pipeline(config).train(EXAMPLES)


def parsed(understanding: Understanding, *texts: str) -> list[dict[str, Any]]:
    messages = [UserMessage(text=text) for text in texts]
    target = understanding._target
    out = understanding._runner.run(inputs={PLACEHOLDER_MESSAGE: messages}, targets=[target])[target]
    return [message.as_dict(only_output_properties=True) for message in out]


def test_each_further_request_is_an_entity_with_its_stretch_of_the_message(understanding: Understanding) -> None:
    text = "I want to return the lamp and also where is my order"
    heard = parsed(understanding, "hello", text, "send me the invoice")
    assert [each["text"] for each in heard] == ["hello", text, "send me the invoice"]
    assert [each["intent"]["name"] for each in heard[::2]] == ["greet", "invoice"]
    assert {heard[1]["intent"]["name"], *(each["value"] for each in heard[1]["entities"])} == {
        "return_item",
        "track_order",
    }
    assert heard[1]["intent"] == heard[1]["intent_ranking"][0]
    (request,) = heard[1]["entities"]
    assert request["entity"] == "request"
    stretches = {"return_item": "I want to return the lamp", "track_order": "where is my order"}
    assert text[request["start"] : request["end"]] == stretches[request["value"]]
    assert not heard[0].get("entities")
    assert not heard[2].get("entities")


def test_a_payload_is_no_sentence(understanding: Understanding) -> None:
    payload = '/inform{"answer": "return the lamp and where is my order"}'
    assert not parsed(understanding, payload)[0].get("entities")


def test_what_measures_intents_gets_one_answer_for_each_message(understanding: Understanding) -> None:
    heard = understanding.hear(["send me the invoice and where is my parcel", "hello", "track my order"])
    assert [each.intent for each in heard[1:]] == ["greet", "track_order"]
    assert len(heard) == 3


def test_how_often_one_request_is_taken_for_several_is_counted_at_each_threshold(understanding: Understanding) -> None:
    two = "send me the invoice and where is my parcel"
    found = taken_for_several(understanding, ["hello", two, "I want to return the lamp and I want to return it"])
    assert found[0.4] == [two]
    assert all(set(stricter) <= set(found[0.4]) for stricter in found.values())


@pytest.mark.parametrize("threshold", [0, 1.5, "much", None, True])
def test_a_threshold_is_a_confidence(tmp_path: Path, threshold: Any) -> None:
    context = ExecutionContext(GraphSchema({}), node_name="requests")
    with pytest.raises(InvalidConfigException, match="threshold"):
        RequestFinder.create({"threshold": threshold}, LocalModelStorage(tmp_path), Resource("x"), context)


def test_both_components_are_known_to_rasas_recipe() -> None:
    for component in (RequestSplitter, RequestFinder):
        assert DefaultV1Recipe._from_registry(f"{component.__module__}.{component.__name__}").clazz is component
