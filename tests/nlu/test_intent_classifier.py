"""The intent classifier: its settings count, a message may lack words or vector, and it is kept safely."""

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException, RasaException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import intent_classifier
from bot.nlu.intent_classifier import IntentClassifier
from bot.nlu.kernel_machine import UnsolvableError

INTENTS = [f"intent_{number:02}" for number in range(12)]
THINGS = (
    "lamp",
    "kettle",
    "parcel",
    "refund",
    "label",
    "repair",
    "invoice",
    "person",
    "voucher",
    "stamp",
    "jar",
    "hob",
)
RESOURCE = Resource("classifier")


def message(number: int, *, words: bool = True, vector: bool = True, jitter: int = 0, labelled: bool = True) -> Message:
    """One whose words and vector point at intent `number`; without either they point nowhere."""
    text = f"{THINGS[number]} {jitter}" if words else "qqq"
    made = Message({TEXT: text, **({INTENT: INTENTS[number]} if labelled else {})})
    if vector:
        pointing = np.full(12, 0.1) + np.random.default_rng(12 * jitter + number).normal(size=12) / 20
        pointing[number] = 1
        made.add_features(Features(pointing[np.newaxis].astype(np.float32), FEATURE_TYPE_SENTENCE, TEXT, "encoder"))
    return made


def examples() -> TrainingData:
    return TrainingData([message(number, jitter=jitter) for number in range(12) for jitter in range(4)])


def classifier(tmp_path: Path, **config: object) -> IntentClassifier:
    context = ExecutionContext(GraphSchema({}), node_name="classifier")
    return IntentClassifier.create(config, LocalModelStorage(tmp_path), RESOURCE, context)


@pytest.fixture
def trained(tmp_path: Path) -> IntentClassifier:
    made = classifier(tmp_path)
    made.train(examples())
    return made


@pytest.mark.parametrize(("words", "vector"), [(True, True), (True, False), (False, True)])
def test_a_message_is_understood_by_whatever_it_has(trained: IntentClassifier, words: bool, vector: bool) -> None:
    heard = trained.process([message(7, words=words, vector=vector, jitter=9, labelled=False)])[0]
    assert heard.get(INTENT)["name"] == "intent_07"


def test_a_message_that_says_nothing_known_has_no_intent_and_harms_no_other(trained: IntentClassifier) -> None:
    nothing, blank, heard = trained.process([message(0, words=False, vector=False), Message({TEXT: ""}), message(3)])
    for silent in (nothing, blank):
        assert silent.get(INTENT) == {"name": None, "confidence": 0.0}
        assert silent.get("intent_ranking") == []
    assert heard.get(INTENT)["name"] == "intent_03"


def test_the_ranking_names_ten_intents_best_first(trained: IntentClassifier) -> None:
    heard = trained.process([message(5)])[0]
    ranking = heard.get("intent_ranking")
    assert len(ranking) == 10
    assert ranking[0] == heard.get(INTENT)
    confidences = [ranked["confidence"] for ranked in ranking]
    assert confidences == sorted(confidences, reverse=True)
    assert isinstance(ranking[0]["confidence"], float)


def test_a_ranking_of_length_nought_names_them_all(tmp_path: Path) -> None:
    made = classifier(tmp_path, ranking_length=0)
    made.train(examples())
    ranking = made.process([message(5)])[0].get("intent_ranking")
    assert sorted(ranked["name"] for ranked in ranking) == INTENTS
    assert sum(ranked["confidence"] for ranked in ranking) == pytest.approx(1, abs=1e-5)


def test_what_was_learnt_is_the_same_after_loading(trained: IntentClassifier, tmp_path: Path) -> None:
    context = ExecutionContext(GraphSchema({}), node_name="classifier")
    loaded = IntentClassifier.load({}, LocalModelStorage(tmp_path), RESOURCE, context)
    for heard in ({}, {"vector": False}, {"words": False}):
        before = trained.process([message(2, jitter=9, **heard)])[0]
        after = loaded.process([message(2, jitter=9, **heard)])[0]
        assert before.get("intent_ranking") == after.get("intent_ranking")


def test_a_file_that_holds_code_is_not_loaded(trained: IntentClassifier, tmp_path: Path) -> None:
    file = next(tmp_path.rglob("classifier.npz"))
    np.savez(file, intents=np.array([{"a": 1}], dtype=object), kernel=np.array([{}], dtype=object))
    context = ExecutionContext(GraphSchema({}), node_name="classifier")
    with pytest.raises(ValueError, match="allow_pickle"):
        IntentClassifier.load({}, LocalModelStorage(tmp_path), RESOURCE, context)


def test_training_twice_learns_the_same(tmp_path: Path) -> None:
    heard = []
    for place in ("one", "other"):
        (tmp_path / place).mkdir()
        made = classifier(tmp_path / place)
        made.train(examples())
        heard.append(made.process([message(4, jitter=9)])[0].get("intent_ranking"))
    assert heard[0] == heard[1]


@pytest.mark.parametrize("setting", ["words_weight", "meaning_weight", "sharpness", "ridge"])
def test_every_weight_counts(tmp_path: Path, setting: str) -> None:
    muddled = examples()
    for place, example in enumerate(muddled.training_examples):
        example.set(INTENT, INTENTS[place % 3] if place % 4 == 0 else example.get(INTENT))
    heard = []
    for value in (0.2, 5):
        made = classifier(tmp_path, **{setting: value})
        made.train(muddled)
        heard.append(made.process([message(2, jitter=9)])[0].get(INTENT)["confidence"])
    assert heard[0] != pytest.approx(heard[1], abs=1e-3)


@pytest.mark.parametrize(
    "config",
    [
        {"ridge": 0}, {"ridge": 0.001}, {"sharpness": "much"}, {"words_weight": -1}, {"meaning_weight": True},
        {"axes": 0}, {"axes": 2.5}, {"least_examples": 0}, {"ranking_length": -1},
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named(tmp_path: Path, config: dict[str, object]) -> None:
    with pytest.raises(InvalidConfigException, match=next(iter(config))):
        classifier(tmp_path, **config)


def test_one_intent_alone_cannot_be_learnt(tmp_path: Path) -> None:
    with pytest.raises(RasaException, match="at least two intents"):
        classifier(tmp_path).train(TrainingData([message(1), message(1, jitter=1)]))


def test_examples_without_vectors_name_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(RasaException, match="put a dense featurizer before it"):
        classifier(tmp_path).train(TrainingData([message(number, vector=False) for number in (1, 2)]))


def test_examples_that_cannot_be_solved_are_told_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsolvable(*_: object) -> None:
        raise UnsolvableError("try a larger one")

    monkeypatch.setattr(intent_classifier, "fit", unsolvable)
    with pytest.raises(RasaException, match="IntentClassifier: try a larger one"):
        classifier(tmp_path).train(examples())
