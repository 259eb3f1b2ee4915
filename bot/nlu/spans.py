"""The Rasa entity extractor for numbers, addresses, days, reasons and volunteered facts.

In config.yml: `- name: bot.nlu.spans.SpanExtractor`. What it finds is described in `patterns`.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    METADATA,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.ordinary import ordinary_words
from bot.nlu.payloads import is_payload
from bot.nlu.phrases import PatternError
from bot.nlu.span_finder import PATTERNS, SpanFinder, load_patterns
from bot.nlu.vocabulary import Vocabulary, read_vocabulary, vocabulary_file

LEARNT = "vocabulary.json"


class UnreadablePatternsError(RasaException):
    """The patterns or the vocabulary say something the extractor cannot read; the message quotes it."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class SpanExtractor(GraphComponent, EntityExtractorMixin):
    """Adds the spans of the patterns, and the shops' order numbers and products, to a message's entities.

    Labels: order_number, rma_number, dispute_number, ticket_number, tracking_number, email, phone, date,
    reason (value: a claim reason), fact (value: `name=value` of a claim fact; one entity per fact), product (value:
    the catalogue's title) and quantity (value: a number of pieces, as digits).

    The message's metadata {"shop": key} says whose numbers and products these are. `vocabulary` names the file that
    holds them; it is read in training alone, and none is an empty one.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """No vocabulary is looked for unless config.yml names one."""
        return {"vocabulary": None}

    @staticmethod
    def required_packages() -> list[str]:
        """Packages whose versions make a trained model out of date when they change."""
        return ["spacy"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Other patterns, or another vocabulary, are another component."""
        file = vocabulary_file(config["vocabulary"]) if config.get("vocabulary") else None
        words = file.read_bytes() if file is not None and file.is_file() else b""
        patterns = [file.read_bytes() for file in sorted(PATTERNS.glob("*.yml"))]
        return hashlib.sha256(b"\0".join([*patterns, words])).hexdigest()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpanExtractor:
        """Reads the vocabulary and compiles the patterns.

        Raises:
            UnreadablePatternsError: they say something that cannot be read.
        """
        try:
            file = config.get("vocabulary")
            vocabulary = read_vocabulary(vocabulary_file(file)) if file else Vocabulary()
            return cls(vocabulary, model_storage, resource)
        except PatternError as problem:
            raise UnreadablePatternsError(str(problem)) from None

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SpanExtractor:
        """The extractor as it was trained: its vocabulary is the model's, not that of the file now.

        Raises:
            UnreadablePatternsError: the patterns say something that cannot be read.
        """
        try:
            with model_storage.read_from(resource) as folder:
                learnt = json.loads((folder / LEARNT).read_text(encoding="utf-8"))
            return cls(Vocabulary.of(learnt), model_storage, resource)
        except PatternError as problem:
            raise UnreadablePatternsError(str(problem)) from None

    def __init__(self, vocabulary: Vocabulary, model_storage: ModelStorage, resource: Resource) -> None:
        self._vocabulary = vocabulary
        self._storage, self._resource = model_storage, resource
        self._finder = SpanFinder(load_patterns(), vocabulary)

    def train(self, training_data: TrainingData) -> Resource:
        """Keeps the vocabulary with the model, and which of its words customers say of other things, too."""
        examples = (example.get(TEXT) for example in training_data.training_examples)
        ordinary = ordinary_words(self._vocabulary, filter(None, examples))
        learnt = Vocabulary(self._vocabulary.shops, ordinary)
        with self._storage.write_to(self._resource) as folder:
            (folder / LEARNT).write_text(json.dumps(learnt.as_dict(), ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds what each message's text holds to its entities; those of other extractors stay."""
        for message in messages:
            text = message.get(TEXT)
            shop = (message.get(METADATA) or {}).get("shop")
            found = self.add_extractor_name(
                [
                    {
                        ENTITY_ATTRIBUTE_TYPE: find.label,
                        ENTITY_ATTRIBUTE_VALUE: find.value,
                        ENTITY_ATTRIBUTE_START: find.start,
                        ENTITY_ATTRIBUTE_END: find.end,
                    }
                    for find in ([] if not text or is_payload(text) else self._finder.find(text, shop))
                ]
            )
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages
