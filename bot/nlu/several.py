"""The Rasa components that hear several requests in one message.

In config.yml `bot.nlu.several.RequestSplitter` stands before all others, `bot.nlu.several.RequestFinder` after the last
one that has a say in the intent. What stands between them hears the pieces as it hears any message.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_CONFIDENCE,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    EXTRACTOR,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.further_requests import Heard, requests_in
from bot.nlu.payloads import is_payload
from bot.nlu.pieces import Piece, pieces_of

LABEL = "request"
PIECES = "pieces"
PIECE = "piece"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class RequestSplitter(GraphComponent):
    """Puts the pieces of a message behind it, as messages of their own; most messages have none."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RequestSplitter:
        """There is nothing to set up."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the pieces of each message that has several."""
        found: list[Message] = []
        for message in messages:
            text = message.get(TEXT) or ""
            pieces = [] if is_payload(text) else pieces_of(text)
            if len(pieces) > 1:
                own = [Message({TEXT: piece.text, PIECE: piece}) for piece in pieces]
                message.set(PIECES, own)
                found += own
        return [*messages, *found]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class RequestFinder(IntentClassifier, GraphComponent):
    """Adds an entity `request` (value: its intent) for each request of a message beside the one it is heard as.

    Config: `threshold`, the confidence a piece has to be heard with, above 0 and up to 1.
    A message with several requests is heard as the one it was heard as all in all, else as the first of them.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's configuration where config.yml says nothing."""
        return {"threshold": 0.85}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RequestFinder:
        """Takes the threshold.

        Raises:
            InvalidConfigException: it is no confidence.
        """
        return cls({**cls.get_default_config(), **config}["threshold"])

    def __init__(self, threshold: float) -> None:
        if not (type(threshold) in (int, float) and 0 < threshold <= 1):
            raise InvalidConfigException(
                f"RequestFinder: threshold is {threshold!r}, expected a number above 0 and up to 1."
            )
        self._threshold = threshold

    def process(self, messages: list[Message]) -> list[Message]:
        """Takes the pieces out again, after what they say is noted with the messages they are of."""
        for message in messages:
            if message.get(PIECES):
                self._note(message, message.get(PIECES))
        return [message for message in messages if message.get(PIECE) is None]

    def _note(self, message: Message, pieces: list[Message]) -> None:
        by_piece = {piece.get(PIECE): piece for piece in pieces}
        requests = requests_in([_heard(piece.get(PIECE), piece) for piece in pieces], self._threshold)
        if len(requests) < 2:
            return
        heard_as = (message.get(INTENT) or {}).get(INTENT_NAME_KEY)
        own = next((each for each in requests if each.intent == heard_as), requests[0])
        told_by = by_piece[own.heard.piece]
        for key in (INTENT, INTENT_RANKING_KEY):
            message.set(key, told_by.get(key), add_to_output=True)
        entities = [
            {
                ENTITY_ATTRIBUTE_TYPE: LABEL,
                ENTITY_ATTRIBUTE_VALUE: each.intent,
                ENTITY_ATTRIBUTE_START: each.start,
                ENTITY_ATTRIBUTE_END: each.end,
                ENTITY_ATTRIBUTE_CONFIDENCE: each.heard.confidence,
                EXTRACTOR: type(self).__name__,
            }
            for each in requests
            if each is not own
        ]
        message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)


def _heard(piece: Piece, message: Message) -> Heard:
    intent = message.get(INTENT) or {}
    # A topic of an intent ("invoice/copy") is the intent.
    name = str(intent.get(INTENT_NAME_KEY) or "").partition("/")[0]
    return Heard(piece, name, float(intent.get(PREDICTED_CONFIDENCE_KEY) or 0.0))
