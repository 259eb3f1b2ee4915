"""Lets a featurizer that learns nothing work once per sentence, however many models are trained on it."""

from __future__ import annotations

from typing import Any, cast

from rasa.engine.graph import GraphComponent, GraphSchema, SchemaNode
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

Known = dict[str, list[Features]]


class Memory:
    """What each such featurizer of a pipeline made of each sentence."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}

    def lend_to(self, schema: GraphSchema) -> GraphSchema:
        """The same graph, those of its featurizers that learn nothing remembering what they did.

        A featurizer is known by its place in the pipeline, so that the graphs lent to must be of one config.yml.
        """
        trained = {name for name, node in schema.nodes.items() if node.fn == "train"}
        nodes = {}
        for name, node in schema.nodes.items():
            learns = node.resource is not None or bool(trained & set(node.needs.values()))
            nodes[name] = node if learns else self._remembering(name, node)
        return GraphSchema(nodes)

    def _remembering(self, name: str, node: SchemaNode) -> SchemaNode:
        if not issubclass(node.uses, Featurizer):
            return node
        uses = remembering(node.uses, self._known.setdefault(name, {}))
        return SchemaNode(**{**vars(node), "uses": uses})


def remembering(component: type[GraphComponent], known: Known) -> type[GraphComponent]:
    """`component`, asked only about the sentences that are not in `known`, which it fills."""

    def process(self: Any, messages: list[Message]) -> list[Message]:
        strange = [message for message in messages if message.get(TEXT) not in known]
        _learn(strange, lambda: component.process(self, strange), known, messages)
        return messages

    def process_training_data(self: Any, training_data: TrainingData) -> TrainingData:
        messages = training_data.training_examples
        strange = TrainingData([message for message in messages if message.get(TEXT) not in known])

        def ask() -> None:
            component.process_training_data(self, strange)

        _learn(strange.training_examples, ask, known, messages)
        return training_data

    taught = {"process": process, "process_training_data": process_training_data}
    return cast("type[GraphComponent]", type(f"Remembering{component.__name__}", (component,), taught))


def _learn(strange: list[Message], ask: Any, known: Known, messages: list[Message]) -> None:
    """Has the strange messages featurized, notes what that added, and adds it to the ones that are known."""
    asked = {id(message) for message in strange}
    before = {id(message): len(message.features) for message in strange}
    ask()
    for message in strange:
        known[message.get(TEXT)] = message.features[before[id(message)] :]
    for message in messages:
        if id(message) not in asked:
            for features in known[message.get(TEXT)]:
                message.add_features(features)
