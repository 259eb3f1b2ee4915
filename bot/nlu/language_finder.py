"""The Rasa component that notes a message's language where it is not English.

In config.yml: `- name: bot.nlu.language_finder.LanguageFinder`, anywhere. How it tells is in languages.py.
"""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.languages import english_words, foreign_language
from bot.nlu.payloads import is_payload

LANGUAGE = "language"
LEARNT = "english.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class LanguageFinder(GraphComponent):
    """Sets `language` (an ISO 639-1 code, or `und`) on a message that is surely not English."""

    @staticmethod
    def required_packages() -> list[str]:
        """Packages whose versions make a trained model out of date when they change."""
        return ["py3langid"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageFinder:
        """A finder that knows no English word yet."""
        return cls(frozenset(), model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageFinder:
        """What `train` persisted.

        Raises:
            ValueError: the model archive holds no such words.
        """
        with model_storage.read_from(resource) as folder:
            words = json.loads((folder / LEARNT).read_text(encoding="utf-8"))
        return cls(frozenset(words), model_storage, resource)

    def __init__(self, english: frozenset[str], model_storage: ModelStorage, resource: Resource) -> None:
        self._english = english
        self._storage, self._resource = model_storage, resource

    def train(self, training_data: TrainingData) -> Resource:
        """Keeps the words that many examples have; they are English but for a few."""
        self._english = english_words(example.get(TEXT) or "" for example in training_data.intent_examples)
        with self._storage.write_to(self._resource) as folder:
            (folder / LEARNT).write_text(json.dumps(sorted(self._english), ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Notes the language of each message that is foreign."""
        for message in messages:
            text = message.get(TEXT) or ""
            language = None if is_payload(text) else foreign_language(text, self._english)
            if language is not None:
                message.set(LANGUAGE, language, add_to_output=True)
        return messages
