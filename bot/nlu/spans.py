"""The Rasa entity extractor for numbers, addresses, days, reasons and volunteered facts.

In config.yml: `- name: bot.nlu.spans.SpanExtractor`. What it finds is described in patterns.yml.
"""

from __future__ import annotations

import hashlib
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
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.phrases import PatternError
from bot.nlu.span_finder import PATTERNS, SpanFinder, load_patterns


class UnreadablePatternsError(RasaException):
    """patterns.yml says something the extractor cannot read; the message quotes it."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class SpanExtractor(GraphComponent, EntityExtractorMixin):
    """Adds the spans of patterns.yml to a message's entities.

    Labels: order_number, rma_number, dispute_number, ticket_number, tracking_number, email, phone, date,
    reason (value: a claim reason) and fact (value: `name=value` of a claim fact; one entity per fact).
    """

    @staticmethod
    def required_packages() -> list[str]:
        """Packages whose versions make a trained model out of date when they change."""
        return ["spacy"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Other patterns are another component."""
        return hashlib.sha256(PATTERNS.read_bytes()).hexdigest()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpanExtractor:
        """Compiles the patterns.

        Raises:
            UnreadablePatternsError: they say something that cannot be read.
        """
        try:
            return cls(SpanFinder(load_patterns()))
        except PatternError as problem:
            raise UnreadablePatternsError(str(problem)) from None

    def __init__(self, finder: SpanFinder) -> None:
        self._finder = finder

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds what each message's text holds to its entities; those of other extractors stay."""
        for message in messages:
            text = message.get(TEXT)
            found = self.add_extractor_name(
                [
                    {
                        ENTITY_ATTRIBUTE_TYPE: find.label,
                        ENTITY_ATTRIBUTE_VALUE: find.value,
                        ENTITY_ATTRIBUTE_START: find.start,
                        ENTITY_ATTRIBUTE_END: find.end,
                    }
                    for find in (self._finder.find(text) if text else [])
                ]
            )
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages
