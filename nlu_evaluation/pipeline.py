"""Intents as a pipeline of Rasa's understands them, trained in memory or read from a model.

The components are config.yml's, run through the graph that Rasa itself builds of them; what comes after the last
component that has a say in the intent (finding entities, the dialogue) is left out.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import yaml
from rasa.core.channels.channel import UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.shared.data import TrainingType
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu_evaluation.outside import FALLBACK
from nlu_evaluation.remembering import Memory

DATA_PROVIDER = "nlu_training_data_provider"
# How many utterances go through the graph at once.
BATCH = 256


@dataclass(frozen=True)
class Heard:
    """What was made of an utterance: the likeliest intent, its confidence and that of the next one (0 to 1).

    `fell_back` says that the pipeline, sure of too little, would have asked instead.
    """

    intent: str
    confidence: float
    runner_up: float
    fell_back: bool

    @property
    def answered(self) -> str:
        """The intent the bot acts on."""
        return FALLBACK if self.fell_back else self.intent


class Understanding:
    """A trained pipeline."""

    def __init__(self, schema: GraphSchema, storage: ModelStorage) -> None:
        """Loads the components of the prediction graph `schema` from `storage`."""
        self._target = _last_about_intents(schema)
        minimal = schema.minimal_graph_schema([self._target])
        self._runner = DaskGraphRunner(minimal, storage, ExecutionContext(minimal))

    @classmethod
    def of_archive(cls, model: Path) -> Understanding:
        """The understanding of a trained model."""
        with tempfile.TemporaryDirectory() as folder:
            storage, metadata = LocalModelStorage.from_model_archive(Path(folder), model)
            return cls(metadata.predict_schema, storage)

    def hear(self, texts: Sequence[str]) -> list[Heard]:
        """What is understood of each of `texts`."""
        heard: list[Heard] = []
        for start in range(0, len(texts), BATCH):
            messages = [UserMessage(text=text) for text in texts[start : start + BATCH]]
            out = self._runner.run(inputs={PLACEHOLDER_MESSAGE: messages}, targets=[self._target])
            heard += [_heard(message) for message in out[self._target]]
        return heard


class Pipeline:
    """The pipeline of a config.yml, not yet trained."""

    def __init__(self, config: Path) -> None:
        """Reads the configuration; Rasa's exceptions name what is wrong with it."""
        settings = yaml.safe_load(config.read_text(encoding="utf-8"))
        graphs = DefaultV1Recipe().graph_config_for_recipe(settings, {}, TrainingType.NLU)
        self._memory = Memory()
        self._predicting = self._memory.lend_to(graphs.predict_schema)
        # The examples are put in by hand, so what would read them from files goes.
        unread = {name: node for name, node in graphs.train_schema.nodes.items() if not node.is_input}
        self._training = self._memory.lend_to(GraphSchema(unread))

    @property
    def threshold(self) -> float | None:
        """The confidence below which the bot asks instead; None where the pipeline has no fallback."""
        for node in self._predicting.nodes.values():
            if issubclass(node.uses, FallbackClassifier):
                return float({**node.uses.get_default_config(), **node.config}["threshold"])
        return None

    def train(self, examples: Sequence[Message]) -> Understanding:
        """Trains what bears on intents with `examples`, which stay as they are."""
        data = TrainingData([deepcopy(example) for example in examples])
        needed = self._predicting.minimal_graph_schema([_last_about_intents(self._predicting)])
        trained = [node.resource.name for node in needed.nodes.values() if node.resource]
        with tempfile.TemporaryDirectory() as folder:
            storage = LocalModelStorage.create(Path(folder))
            training = self._training.minimal_graph_schema(trained)
            runner = DaskGraphRunner(training, storage, ExecutionContext(training))
            runner.run(inputs={DATA_PROVIDER: data}, targets=trained)
            return Understanding(self._predicting, storage)


def _last_about_intents(schema: GraphSchema) -> str:
    names: list[str] = [name for name, node in schema.nodes.items() if issubclass(node.uses, IntentClassifier)]
    return names[-1]


def _heard(message: Message) -> Heard:
    intent = message.get(INTENT) or {}
    ranking = [ranked for ranked in message.get(INTENT_RANKING_KEY, []) if ranked["name"] != FALLBACK]
    first, second = [*ranking, {}, {}][:2]
    return Heard(
        intent=str(first.get("name") or FALLBACK).split("/")[0],
        confidence=float(first.get("confidence", 0.0)),
        runner_up=float(second.get("confidence", 0.0)),
        fell_back=intent.get("name") in (None, FALLBACK),
    )
