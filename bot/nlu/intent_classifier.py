"""Intents by a kernel machine over word and character n-grams and the encoder's sentence vector.

In config.yml: `- name: bot.nlu.intent_classifier.IntentClassifier`, after a featurizer that gives one dense
sentence feature. How it learns is in kernel_machine.py.
"""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers import LABEL_RANKING_LENGTH
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.exceptions import InvalidConfigException, RasaException
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.bare_words import bare
from bot.nlu.kernel_machine import Axes, Floats, Kernel, UnsolvableError, fit
from bot.nlu.learnt import Learnt
from bot.nlu.ngrams import Vocabulary
from bot.nlu.payloads import is_payload

logger = logging.getLogger(__name__)
FILE = "classifier.npz"
NUMBERS = ("words_weight", "meaning_weight", "sharpness", "ridge")
# Below this a ridge is lost in single precision.
LEAST = 0.01
COUNTS = ("axes", "least_examples")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(RasaIntentClassifier, GraphComponent):
    """The intent of a message from its words and its sentence vector, with an honest confidence.

    Config:
        words_weight: how much it counts that two sentences share n-grams.
        meaning_weight: how much it counts that their vectors are near each other.
        sharpness: how near they must be; the larger, the less a distant example matters.
        ridge: strength of the regularisation, from 0.01; the larger, the less a single example matters.
        axes: how many principal axes of the vectors are kept.
        least_examples: an n-gram found in fewer is left out.
        ranking_length: how many intents the ranking names; 0 for all.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Something before it in the pipeline must make sentence vectors."""
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Packages whose versions make a trained model out of date when they change."""
        return ["scipy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's configuration where config.yml says nothing."""
        return {
            "words_weight": 1.0,
            "meaning_weight": 2.0,
            "sharpness": 1.5,
            "ridge": 0.25,
            "axes": 192,
            "least_examples": 2,
            "ranking_length": LABEL_RANKING_LENGTH,
        }

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuses values that mean nothing.

        Raises:
            InvalidConfigException: naming the key, what it was and what it may be.
        """
        for key in NUMBERS:
            if key in config and not (type(config[key]) in (int, float) and config[key] >= LEAST):
                raise InvalidConfigException(f"IntentClassifier: {key} is {config[key]!r}, expected from {LEAST} on.")
        for key, least in (*((key, 1) for key in COUNTS), ("ranking_length", 0)):
            if key in config and not (type(config[key]) is int and config[key] >= least):
                raise InvalidConfigException(
                    f"IntentClassifier: {key} is {config[key]!r}, expected a whole number from {least}."
                )

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        """A classifier that has learnt nothing yet."""
        return cls(config, model_storage, resource)

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = {**self.get_default_config(), **config}
        self.validate_config(self._config)
        self._model_storage = model_storage
        self._resource = resource
        self._learnt: Learnt | None = None

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from every example that has an intent and text, and persists what it learnt.

        Raises:
            RasaException: fewer than two intents have examples, none has a vector, or `ridge` is too small.
        """
        examples = [e for e in training_data.intent_examples if e.get(INTENT) and (e.get(TEXT) or "").strip()]
        names = sorted({example.get(INTENT) for example in examples})
        if len(names) < 2:
            raise RasaException("IntentClassifier: the training data needs examples of at least two intents.")
        self._learnt = self._learn(examples, names)
        with self._model_storage.write_to(self._resource) as folder:
            self._learnt.save(folder / FILE)
        return self._resource

    def _learn(self, examples: list[Message], names: list[str]) -> Learnt:
        texts = [bare(example.get(TEXT)) for example in examples]
        intents = np.array([names.index(example.get(INTENT)) for example in examples])
        kernel = Kernel(*(float(self._config[key]) for key in NUMBERS[:3]))
        vocabulary = Vocabulary.of(texts, self._config["least_examples"])
        vectors = _together([_vector(example) for example in examples])
        axes = Axes.of(vectors, self._config["axes"])
        along = axes.of_unit_length(vectors)
        try:
            fitted = fit(kernel, vocabulary.matrix(texts), along, intents, len(names), float(self._config["ridge"]))
        except UnsolvableError as problem:
            raise RasaException(f"IntentClassifier: {problem}.") from None
        right = 100 * float(np.mean(fitted.left_out == intents))
        logger.info("%.1f %% of %s examples are heard right by what the others teach.", right, len(examples))
        return Learnt(names, kernel, vocabulary, axes, along, fitted.solution)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets `intent` and `intent_ranking`; a message that says nothing known gets no intent, confidence 0.

        Neither does a button's payload: the intent it names is told by Rasa.
        """
        for message in messages:
            message.set(INTENT, {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}, add_to_output=True)
            message.set(INTENT_RANKING_KEY, [], add_to_output=True)
            ranking = self._ranking(message)
            if ranking:
                message.set(INTENT, dict(ranking[0]), add_to_output=True)
                message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        text = message.get(TEXT) or ""
        if self._learnt is None or is_payload(text):
            return []
        chances = self._learnt.chances(bare(text), _vector(message))
        if chances is None:
            return []
        best = np.argsort(-chances, kind="stable")[: self._config["ranking_length"] or len(chances)]
        names = self._learnt.intents
        return [{INTENT_NAME_KEY: names[i], PREDICTED_CONFIDENCE_KEY: float(chances[i])} for i in best]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Classifies the training examples, for components that learn from its output."""
        self.process(training_data.training_examples)
        return training_data

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        """What `train` persisted.

        Raises:
            ValueError: the model archive holds no such classifier.
        """
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._learnt = Learnt.load(folder / FILE)
        return component


def _vector(message: Message) -> Floats | None:
    """The message's dense sentence feature, (width,); None where it has none."""
    dense = message.get_dense_features(TEXT)[1]
    return None if dense is None else np.asarray(dense.features, dtype=np.float32).reshape(-1)


def _together(vectors: list[Floats | None]) -> Floats:
    """One row for each vector, zeros for those that are missing."""
    width = max((len(vector) for vector in vectors if vector is not None), default=0)
    if not width:
        raise RasaException("IntentClassifier: no example has a sentence vector; put a dense featurizer before it.")
    nothing = np.zeros(width, dtype=np.float32)
    return np.stack([nothing if vector is None else vector for vector in vectors])
