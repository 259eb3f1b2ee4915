"""A button's payload is no sentence: nothing of ours reads it, and Rasa makes of it what it names."""

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.core.domain import Domain
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.intent_classifier import IntentClassifier
from bot.nlu.language_finder import LanguageFinder
from bot.nlu.onnx_encoder import OnnxEncoder
from bot.nlu.payloads import is_payload
from bot.nlu.sentence_encoder import SentenceEncoder
from bot.nlu.several import RequestFinder, RequestSplitter
from bot.nlu.span_finder import SpanFinder
from bot.nlu.spans import SpanExtractor

DOMAIN = Domain.load(str(Path(__file__).resolve().parents[2] / "domain.yml"))
# In the order of config.yml.
COMPONENTS = (
    RequestSplitter,
    SentenceEncoder,
    IntentClassifier,
    FallbackClassifier,
    RequestFinder,
    LanguageFinder,
    SpanExtractor,
)
EXAMPLES = [
    Message({TEXT: text, INTENT: intent})
    for intent, texts in {"return_item": ("return the lamp", "send it back"), "greet": ("hello", "hi there")}.items()
    for text in texts
]


PRESSED = '/choose{"answer":"goal=return_item; order AC-10482 is broken, where is it, and I want my money back"}'


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """The components, those that learn trained, and what Rasa itself puts behind them."""
    made: list[Any] = []
    data = TrainingData(EXAMPLES)
    for kind in COMPONENTS:
        context = ExecutionContext(GraphSchema({}), node_name=kind.__name__)
        storage = LocalModelStorage(tmp_path_factory.mktemp(kind.__name__))
        component = kind.create(kind.get_default_config(), storage, Resource(kind.__name__), context)
        if kind is SentenceEncoder:
            component.process_training_data(data)
        if hasattr(component, "train"):
            component.train(data)
        made.append(component)
    return made


def heard(pipeline: list[Any], text: str) -> Message:
    messages = [Message({TEXT: text})]
    for component in pipeline:
        messages = component.process(messages)
    (message,) = messages
    return message


def test_nothing_of_ours_reads_a_payload(pipeline: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    encode, find = OnnxEncoder.encode, SpanFinder.find
    monkeypatch.setattr(OnnxEncoder, "encode", lambda self, texts: read.extend(texts) or encode(self, texts))
    monkeypatch.setattr(SpanFinder, "find", lambda self, text, shop: read.append(text) or find(self, text, shop))
    message = heard(pipeline, PRESSED)
    assert read == message.features == message.get(ENTITIES) == []
    assert message.get("language") is None
    assert message.get(INTENT)["name"] == "nlu_fallback"
    assert heard(pipeline, "return the lamp AC-10482").get(INTENT)["name"] == "return_item"
    assert read == ["return the lamp 12345", "return the lamp AC-10482"]


@pytest.mark.parametrize(
    ("payload", "intent", "answers"),
    [
        ('/choose{"answer":"goal=return_item"}', "choose", ["goal=return_item"]),
        ("/human_handoff", "human_handoff", []),
        ("/choose{", "choose", []),
        ('/choose{"answer":', "choose", []),
        ("/choose{}", "choose", []),
        ("/no_such_intent", "nlu_fallback", []),
        ("/", "nlu_fallback", []),
    ],
)
def test_rasa_makes_of_a_payload_what_it_names_and_of_a_broken_one_what_is_left(
    pipeline: list[Any], payload: str, intent: str, answers: list[str]
) -> None:
    (message,) = RegexMessageHandler().process([heard(pipeline, payload)], DOMAIN)
    assert message.get(INTENT)["name"] == intent
    assert [entity["value"] for entity in message.get(ENTITIES)] == answers


@pytest.mark.parametrize("text", ["/choose", " /choose", PRESSED, "/"])
def test_a_payload_is_what_rasa_takes_for_one(text: str) -> None:
    assert is_payload(text)


@pytest.mark.parametrize("text", [None, "", "24/7", "and/or", "https://example.com/returns", "where is it"])
def test_what_only_has_a_slash_in_it_is_none(text: str | None) -> None:
    assert not is_payload(text)
