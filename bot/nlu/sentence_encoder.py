"""The Rasa featurizer that gives each message its MiniLM sentence vector.

In config.yml: `- name: bot.nlu.sentence_encoder.SentenceEncoder` (the project root on PYTHONPATH).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.bare_words import bare
from bot.nlu.onnx_encoder import (
    FOR_LEARNING,
    EncoderMissingError,
    EncoderOutdatedError,
    OnnxEncoder,
    encoder_digest,
    encoder_folder,
)
from bot.nlu.payloads import is_payload


class SentenceEncoderMissingError(RasaException):
    """The encoder's files are not there; the message names the command that makes them."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Adds one dense sentence feature to every message with text: the encoder's `layers`, of unit length.

    Config: `path`, the folder of the exported encoder, relative to the project root; `threads`, how many
    cores one message may use (one, so that messages side by side do not fight for cores).
    """

    @staticmethod
    def required_packages() -> list[str]:
        """Packages whose versions make a trained model out of date when they change."""
        return ["onnxruntime", "tokenizers"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's configuration where config.yml says nothing."""
        return {**DenseFeaturizer.get_default_config(), "path": "bot/models/encoder", "threads": 1}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing beyond what loading the encoder checks."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Another encoder is another component: nothing trained with the old one is reused."""
        try:
            return encoder_digest(config.get("path", cls.get_default_config()["path"]))
        except EncoderMissingError as missing:
            raise SentenceEncoderMissingError(str(missing)) from None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Loads the encoder.

        Raises:
            SentenceEncoderMissingError: its files are not there.
        """
        return cls(config, execution_context.node_name)

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, {**self.get_default_config(), **config})
        try:
            folder = encoder_folder(self._config["path"])
        except EncoderMissingError as missing:
            raise SentenceEncoderMissingError(str(missing)) from None
        self._folder = folder
        self._origin = self._config[FEATURIZER_CLASS_ALIAS] or name
        self._encoder = _encoder(folder, self._config["threads"])

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds the features to every training example that has text."""
        # Nothing else runs while the examples are encoded: all cores at it, thousands of sentences at once.
        self._add_features(training_data.training_examples, _encoder(self._folder, os.cpu_count() or 1))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the features to every message that has text; blank ones and buttons' payloads get none."""
        self._add_features(messages, self._encoder)
        return messages

    def _add_features(self, messages: list[Message], encoder: OnnxEncoder) -> None:
        texts = ((message, message.get(TEXT) or "") for message in messages)
        told = [message for message, text in texts if text.strip() and not is_payload(text)]
        vectors = encoder.encode([bare(message.get(TEXT)) for message in told])
        for message, vector in zip(told, vectors, strict=True):
            message.add_features(self._features(vector))

    def _features(self, vector: NDArray[np.float32]) -> Features:
        return Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, self._origin)


def _encoder(folder: Path, threads: int) -> OnnxEncoder:
    try:
        return OnnxEncoder(folder, threads, FOR_LEARNING)
    except EncoderOutdatedError as outdated:
        raise SentenceEncoderMissingError(str(outdated)) from None
