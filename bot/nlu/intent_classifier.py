"""Intents by logistic regression over sparse n-grams and the dense sentence embedding together.

Rasa's own LogisticRegressionClassifier ignores `C`, always balances the classes and fails on a message
that lacks one of the two feature blocks; this one does none of that.
In config.yml: `- name: bot.nlu.intent_classifier.IntentClassifier`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
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
from scipy.sparse import csr_matrix, hstack, vstack
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

FILE = "classifier.npz"


@dataclass(frozen=True)
class Learnt:
    """What a training left: for `weights` (features, intents) and `bias` (intents,) the intents' names.

    The first `sparse_width` features are n-grams, the rest the embedding.
    """

    intents: list[str]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    sparse_width: int

    @property
    def dense_width(self) -> int:
        """How long an embedding is."""
        return int(self.weights.shape[0]) - self.sparse_width

    def chances(self, features: csr_matrix) -> NDArray[np.float32]:
        """The chance of each intent, (messages, intents)."""
        chances: NDArray[np.float32] = softmax(features @ self.weights + self.bias, axis=1)
        return chances

    def save(self, file: Path) -> None:
        """Plain arrays: nothing in the file is code."""
        np.savez(
            file, intents=np.array(self.intents), weights=self.weights, bias=self.bias, sparse_width=self.sparse_width
        )

    @classmethod
    def load(cls, file: Path) -> Learnt:
        """What `save` wrote. Raises ValueError for a file that holds anything but arrays."""
        with np.load(file, allow_pickle=False) as arrays:
            return cls(
                intents=[str(name) for name in arrays["intents"]],
                weights=np.ascontiguousarray(arrays["weights"]),
                bias=arrays["bias"],
                sparse_width=int(arrays["sparse_width"]),
            )


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(RasaIntentClassifier, GraphComponent):
    """Logistic regression on the message's sentence features.

    Config:
        C: inverse strength of the regularisation; larger fits the examples closer.
        class_weight: null, or `balanced` to weigh rare intents up.
        max_iter, tol, random_state: the solver's (lbfgs).
        sparse_norm: `l2` scales each message's n-gram counts to unit length, so that long messages do
            not drown the embedding; null leaves the counts.
        dense_weight: what the embedding (unit length) is multiplied by.
        ranking_length: how many intents the ranking names; 0 for all.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Something before it in the pipeline must make features."""
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Packages whose versions make a trained model out of date when they change."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's configuration where config.yml says nothing."""
        return {
            "C": 1.0,
            "class_weight": None,
            "max_iter": 1000,
            "tol": 1e-4,
            "random_state": 42,
            "sparse_norm": None,
            "dense_weight": 1.0,
            "ranking_length": LABEL_RANKING_LENGTH,
        }

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuses values the solver would only stumble over later.

        Raises:
            InvalidConfigException: naming the key, what it was and what it may be.
        """
        for key in ("C", "max_iter", "tol", "dense_weight"):
            if key in config and not (isinstance(config[key], (int, float)) and config[key] > 0):
                raise InvalidConfigException(f"IntentClassifier: {key} is {config[key]!r}, expected above 0.")
        for key, allowed in (
            ("class_weight", (None, "balanced")),
            ("sparse_norm", (None, "l1", "l2", "max")),
        ):
            if config.get(key) not in allowed:
                raise InvalidConfigException(
                    f"IntentClassifier: {key} is {config[key]!r}, expected one of {list(allowed)}."
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
            RasaException: fewer than two intents have examples.
        """
        examples = [e for e in training_data.intent_examples if e.get(INTENT) and e.get(TEXT)]
        intents = [example.get(INTENT) for example in examples]
        if len(set(intents)) < 2:
            raise RasaException("IntentClassifier: the training data needs examples of at least two intents.")
        blocks = [_blocks(example) for example in examples]
        sparse_width = max((sparse.shape[1] for sparse, _ in blocks if sparse is not None), default=0)
        dense_width = max((dense.shape[1] for _, dense in blocks if dense is not None), default=0)
        model = LogisticRegression(
            **{key: self._config[key] for key in ("C", "class_weight", "max_iter", "tol", "random_state")}
        ).fit(self._matrix(examples, sparse_width, dense_width), intents)
        self._learnt = _learnt(model, sparse_width)
        with self._model_storage.write_to(self._resource) as folder:
            self._learnt.save(folder / FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets `intent` and `intent_ranking`; a message without any features gets no intent, confidence 0."""
        readable = [message for message in messages if any(block is not None for block in _blocks(message))]
        for message in messages:
            message.set(INTENT, {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}, add_to_output=True)
            message.set(INTENT_RANKING_KEY, [], add_to_output=True)
        learnt = self._learnt
        if learnt is None or not readable:
            return messages
        length = self._config["ranking_length"] or len(learnt.intents)
        features = self._matrix(readable, learnt.sparse_width, learnt.dense_width)
        for message, chances in zip(readable, learnt.chances(features), strict=True):
            best = np.argsort(-chances, kind="stable")[:length]
            ranking = [{INTENT_NAME_KEY: learnt.intents[i], PREDICTED_CONFIDENCE_KEY: float(chances[i])} for i in best]
            message.set(INTENT, dict(ranking[0]), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Classifies the training examples, for components that learn from its output."""
        self.process(training_data.training_examples)
        return training_data

    def _matrix(self, messages: list[Message], sparse_width: int, dense_width: int) -> csr_matrix:
        """One row per message: n-grams, then embedding; a block the message lacks is zeros."""
        rows = []
        for message in messages:
            sparse, dense = _blocks(message)
            if sparse is None:
                sparse = csr_matrix((1, sparse_width))
            elif self._config["sparse_norm"]:
                sparse = normalize(sparse, norm=self._config["sparse_norm"])
            if dense is None:
                dense = np.zeros((1, dense_width))
            rows.append(hstack([sparse, csr_matrix(dense * self._config["dense_weight"])], format="csr"))
        return vstack(rows, format="csr")

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


def _learnt(model: LogisticRegression, sparse_width: int) -> Learnt:
    """A fitted model as arrays; with two intents scikit-learn keeps the weights of one."""
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        # Half of it each way: softmax then gives what the sigmoid of the whole gave.
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return Learnt(
        intents=[str(name) for name in model.classes_],
        weights=np.ascontiguousarray(weights.T, dtype=np.float32),
        bias=bias.astype(np.float32),
        sparse_width=sparse_width,
    )


def _blocks(message: Message) -> tuple[csr_matrix | None, NDArray[np.float32] | None]:
    """The message's sentence features, sparse (1, n) and dense (1, m); None where there are none."""
    sparse = message.get_sparse_features(TEXT)[1]
    dense = message.get_dense_features(TEXT)[1]
    return (
        csr_matrix(sparse.features) if sparse is not None else None,
        np.asarray(dense.features) if dense is not None else None,
    )
