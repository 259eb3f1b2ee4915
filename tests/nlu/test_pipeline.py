"""Pipelines measured as Rasa runs them: any components, trained without a model, fixed features made once."""

from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.onnx_encoder import OnnxEncoder
from bot.nlu.sentence_encoder import SentenceEncoder
from nlu_evaluation.cross_validation import cross_validate, load_examples
from nlu_evaluation.pipeline import Pipeline
from nlu_evaluation.remembering import Known, remembering

WORDS = """
recipe: default.v1
assistant_id: test
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: CountVectorsFeaturizer
  - name: bot.nlu.sentence_encoder.SentenceEncoder
  - name: bot.nlu.intent_classifier.IntentClassifier
"""
FALLBACK = """  - name: FallbackClassifier
    threshold: 0.99
    ambiguity_threshold: 0.05
  - name: bot.nlu.spans.SpanExtractor
"""
SAID = {
    "greet": ("hello", "hello there", "good morning", "hi", "hi there", "good evening", "hello everybody"),
    "cancel_order": ("cancel it", "cancel my order", "please cancel", "stop the order", "undo my order", "cancel now"),
    "refund_status": ("where is my money", "refund yet", "money back when", "no refund yet", "is my refund on its way"),
}
EXAMPLES = [Message({TEXT: text, INTENT: intent}) for intent, texts in SAID.items() for text in texts]


def pipeline(tmp_path: Path, config: str) -> Pipeline:
    (tmp_path / "config.yml").write_text(config, encoding="utf-8")
    return Pipeline(tmp_path / "config.yml")


def test_what_is_heard_has_its_confidence_and_the_next_ones(tmp_path: Path) -> None:
    heard = pipeline(tmp_path, WORDS).train(EXAMPLES).hear(["hello", "cancel my order please"])
    assert [each.intent for each in heard] == ["greet", "cancel_order"]
    assert all(1 > each.confidence > each.runner_up > 0 and not each.fell_back for each in heard)
    assert heard[0].answered == "greet"


def test_falling_back_keeps_what_was_likeliest(tmp_path: Path) -> None:
    with_fallback = pipeline(tmp_path, WORDS + FALLBACK)
    unsure = "lamp"
    plain = pipeline(tmp_path, WORDS).train(EXAMPLES).hear([unsure])[0]
    heard = with_fallback.train(EXAMPLES).hear([unsure])[0]
    assert (heard.intent, heard.confidence, heard.runner_up) == (plain.intent, plain.confidence, plain.runner_up)
    assert heard.fell_back
    assert heard.answered == "nlu_fallback"
    assert with_fallback.threshold == 0.99


def test_without_a_fallback_there_is_no_threshold(tmp_path: Path) -> None:
    assert pipeline(tmp_path, WORDS).threshold is None


def test_training_leaves_the_examples_as_they_were(tmp_path: Path) -> None:
    pipeline(tmp_path, WORDS).train(EXAMPLES)
    assert all(example.features == [] and set(example.data) == {TEXT, INTENT} for example in EXAMPLES)


def test_each_example_is_heard_in_its_place_and_encoded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoded: list[str] = []
    encode = OnnxEncoder.encode
    monkeypatch.setattr(OnnxEncoder, "encode", lambda self, texts: encoded.extend(texts) or encode(self, texts))
    told: list[str] = []
    heard = cross_validate(pipeline(tmp_path, WORDS), EXAMPLES, told.append)
    assert sum(each.intent == e.get(INTENT) for each, e in zip(heard, EXAMPLES, strict=True)) > len(EXAMPLES) / 2
    assert sorted(encoded) == sorted(example.get(TEXT) for example in EXAMPLES)
    assert len(told) == 5


def test_remembered_features_are_the_ones_that_would_be_made(tmp_path: Path) -> None:
    known: Known = {}

    def featurized(component: type, texts: list[str], *, training: bool) -> list[list[float]]:
        made = component.create(  # type: ignore[attr-defined]
            {}, LocalModelStorage(tmp_path), Resource("x"), ExecutionContext(GraphSchema({}), node_name="encoder")
        )
        messages = [Message({TEXT: text}) for text in texts]
        if training:
            messages = made.process_training_data(TrainingData(messages)).training_examples
        else:
            made.process(messages)
        assert all(len(message.features) == 1 for message in messages)
        return [message.features[0].features.round(4).tolist() for message in messages]

    texts = ["where is my lamp", "hello", "no"]
    plain = featurized(SentenceEncoder, texts, training=False)
    thoughtful = remembering(SentenceEncoder, known)
    assert featurized(thoughtful, texts[:2], training=True) == plain[:2]
    assert featurized(thoughtful, texts, training=False) == plain
    assert featurized(thoughtful, ["no", "where is my lamp"], training=True) == [plain[2], plain[0]]
    assert set(known) == set(texts)


def test_examples_are_those_that_rasa_reads(tmp_path: Path) -> None:
    written = 'version: "3.1"\nnlu:\n  - intent: greet\n    examples: |\n      - hi\n      - hello\n'
    (tmp_path / "greet.yml").write_text(written, encoding="utf-8")
    assert [(e.get(TEXT), e.get(INTENT)) for e in load_examples(tmp_path)] == [("hi", "greet"), ("hello", "greet")]
