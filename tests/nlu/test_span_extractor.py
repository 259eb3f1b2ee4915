"""The extractor as Rasa sees it: entities beside those of others, none for an empty message."""

from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import spans
from bot.nlu.spans import SpanExtractor, UnreadablePatternsError


def extractor(tmp_path: Path) -> SpanExtractor:
    context = ExecutionContext(GraphSchema({}), node_name="spans")
    return SpanExtractor.create({}, LocalModelStorage(tmp_path), Resource("spans"), context)


def test_spans_become_entities_beside_those_already_there(tmp_path: Path) -> None:
    text = "order AC-10482 is still sealed"
    other = {"entity": "product", "value": "kettle", "start": 0, "end": 5, "extractor": "Other"}
    heard = extractor(tmp_path).process([Message({TEXT: text, ENTITIES: [other]})])[0].get(ENTITIES)
    assert heard[0] == other
    assert heard[1] == {
        "entity": "order_number",
        "value": "AC-10482",
        "start": 6,
        "end": 14,
        "extractor": "SpanExtractor",
    }
    facts = [(entity["value"], text[entity["start"] : entity["end"]]) for entity in heard[2:]]
    assert facts == [(fact, "still sealed") for fact in ("activated=false", "complete=true", "resalable=true")]


@pytest.mark.parametrize("text", ["", None])
def test_a_message_without_text_has_no_entities(tmp_path: Path, text: str | None) -> None:
    heard = extractor(tmp_path).process([Message({TEXT: text} if text is not None else {})])[0]
    assert heard.get(ENTITIES) == []


def test_patterns_that_cannot_be_read_are_told_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = {"lists": {}, "phrases": [], "fragments": {}, "sentences": {}, "characters": [{"regex": "("}]}
    monkeypatch.setattr(spans, "load_patterns", lambda: broken)
    with pytest.raises(UnreadablePatternsError, match="does not compile"):
        extractor(tmp_path)


def test_what_was_trained_is_kept_with_the_model_and_the_shop_comes_with_the_message(tmp_path: Path) -> None:
    file = tmp_path / "vocabulary.yml"
    file.write_text(
        "shops: {quill: {order_numbers: ['#####'], products: [Pen Heron, fine nib]}, galley: {products: [Kettle Wren]}}"
    )
    (tmp_path / "model").mkdir()
    storage, resource = LocalModelStorage(tmp_path / "model"), Resource("spans")
    context = ExecutionContext(GraphSchema({}), node_name="spans")
    config = {"vocabulary": str(file)}
    examples = TrainingData([Message({TEXT: "my pen leaks"}), Message({TEXT: "the kettle is loud"})])
    SpanExtractor.create(config, storage, resource, context).train(examples)
    file.unlink()
    loaded = SpanExtractor.load(config, storage, resource, context)

    def heard(metadata: object) -> list[str]:
        message = Message({TEXT: "the Heron pen of 10482 and my kettle wren", "metadata": metadata})
        return [entity["value"] for entity in loaded.process([message])[0].get(ENTITIES)]

    assert heard({"shop": "quill"}) == ["Pen Heron", "10482"]
    assert heard({"shop": "galley"}) == ["Kettle Wren"]
    assert heard(None) == ["Pen Heron", "10482", "Kettle Wren"]


def test_a_vocabulary_that_cannot_be_read_is_told_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "vocabulary.yml").write_text("shops: [")
    context = ExecutionContext(GraphSchema({}), node_name="spans")
    told = {"vocabulary": str(tmp_path / "vocabulary.yml")}
    with pytest.raises(UnreadablePatternsError, match="is not YAML"):
        SpanExtractor.create(told, LocalModelStorage(tmp_path), Resource("spans"), context)


def test_another_vocabulary_is_another_component(tmp_path: Path) -> None:
    config = {"vocabulary": str(tmp_path / "vocabulary.yml")}
    before = SpanExtractor.fingerprint_addon(config)
    (tmp_path / "vocabulary.yml").write_text("shops: {}")
    assert SpanExtractor.fingerprint_addon(config) != before


def test_changed_patterns_are_another_component(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = SpanExtractor.fingerprint_addon({})
    (tmp_path / "phrases.yml").write_text("other")
    monkeypatch.setattr(spans, "PATTERNS", tmp_path)
    assert SpanExtractor.fingerprint_addon({}) != before
