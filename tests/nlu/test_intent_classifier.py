"""The intent classifier: its settings count, a message may lack any of its features, and it is kept safely."""

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
from scipy.sparse import csr_matrix

from bot.nlu.intent_classifier import IntentClassifier

INTENTS = [f"intent_{number:02}" for number in range(12)]
RESOURCE = Resource("classifier")


def message(intent: int | None, *, sparse: bool = True, dense: bool = True, jitter: int = 0) -> Message:
    """One whose features point at intent number `intent`; None points nowhere."""
    made = Message({TEXT: f"text {intent} {jitter}", **({} if intent is None else {INTENT: INTENTS[intent]})})
    vector = np.zeros((1, 12))
    if intent is not None:
        vector[0, intent] = 1 + 0.1 * jitter
    if sparse:
        made.add_features(Features(csr_matrix(vector), FEATURE_TYPE_SENTENCE, TEXT, "counts"))
    if dense:
        made.add_features(Features(vector.astype(np.float32), FEATURE_TYPE_SENTENCE, TEXT, "encoder"))
    return made


def examples() -> TrainingData:
    return TrainingData([message(intent, jitter=jitter) for intent in range(12) for jitter in range(4)])


def classifier(tmp_path: Path, **config: object) -> IntentClassifier:
    context = ExecutionContext(GraphSchema({}), node_name="classifier")
    return IntentClassifier.create(config, LocalModelStorage(tmp_path), RESOURCE, context)


@pytest.fixture
def trained(tmp_path: Path) -> IntentClassifier:
    made = classifier(tmp_path, C=10.0)
    made.train(examples())
    return made


@pytest.mark.parametrize(("sparse", "dense"), [(True, True), (True, False), (False, True)])
def test_a_message_is_understood_by_whichever_features_it_has(
    trained: IntentClassifier, sparse: bool, dense: bool
) -> None:
    heard = trained.process([message(7, sparse=sparse, dense=dense)])[0]
    assert heard.get(INTENT)["name"] == "intent_07"


def test_a_message_without_features_has_no_intent_and_harms_no_other(trained: IntentClassifier) -> None:
    nothing, heard = trained.process([message(None, sparse=False, dense=False), message(3)])
    assert nothing.get(INTENT) == {"name": None, "confidence": 0.0}
    assert nothing.get("intent_ranking") == []
    assert heard.get(INTENT)["name"] == "intent_03"


def test_the_ranking_names_ten_intents_best_first(trained: IntentClassifier) -> None:
    heard = trained.process([message(5)])[0]
    ranking = heard.get("intent_ranking")
    assert len(ranking) == 10
    assert ranking[0] == heard.get(INTENT)
    confidences = [ranked["confidence"] for ranked in ranking]
    assert confidences == sorted(confidences, reverse=True)
    assert isinstance(ranking[0]["confidence"], float)


def test_what_was_learnt_is_the_same_after_loading(trained: IntentClassifier, tmp_path: Path) -> None:
    context = ExecutionContext(GraphSchema({}), node_name="classifier")
    loaded = IntentClassifier.load({"C": 10.0}, LocalModelStorage(tmp_path), RESOURCE, context)
    before, after = trained.process([message(2)])[0], loaded.process([message(2, dense=True)])[0]
    assert before.get("intent_ranking") == after.get("intent_ranking")
    assert loaded.process([message(4, sparse=False)])[0].get(INTENT)["name"] == "intent_04"


def test_regularisation_is_the_configured_one(tmp_path: Path) -> None:
    confidences = []
    for strength in (0.01, 100.0):
        made = classifier(tmp_path, C=strength)
        made.train(examples())
        confidences.append(made.process([message(1)])[0].get(INTENT)["confidence"])
    assert confidences[0] < 0.3 < 0.9 < confidences[1]


def test_rare_intents_weigh_more_only_when_asked_to(tmp_path: Path) -> None:
    data = TrainingData([message(0, jitter=j % 4) for j in range(40)] + [message(1), message(1, jitter=1)])
    unsure = Message({TEXT: "?"})
    unsure.add_features(Features(np.zeros((1, 12), dtype=np.float32), FEATURE_TYPE_SENTENCE, TEXT, "encoder"))
    chances = {}
    for weight in (None, "balanced"):
        made = classifier(tmp_path, class_weight=weight)
        made.train(data)
        ranking = made.process([unsure])[0].get("intent_ranking")
        chances[weight] = {ranked["name"]: ranked["confidence"] for ranked in ranking}["intent_01"]
    assert chances["balanced"] > chances[None] + 0.05


@pytest.mark.parametrize(
    "config",
    [{"C": 0}, {"C": "much"}, {"class_weight": "fair"}, {"sparse_norm": "l3"}, {"dense_weight": -1}, {"max_iter": 0}],
)
def test_a_wrong_setting_is_named(tmp_path: Path, config: dict[str, object]) -> None:
    with pytest.raises(InvalidConfigException, match=next(iter(config))):
        classifier(tmp_path, **config)


def test_one_intent_alone_cannot_be_learnt(tmp_path: Path) -> None:
    with pytest.raises(RasaException, match="at least two intents"):
        classifier(tmp_path).train(TrainingData([message(1), message(1, jitter=1)]))
