"""The training examples with the line each stands on, read without Rasa."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml


@dataclass(frozen=True)
class Example:
    """One sentence of the training data."""

    file: Path
    line: int
    intent: str
    text: str

    @property
    def place(self) -> str:
        """Where a person finds it: `greet.yml:12`."""
        return f"{self.file.name}:{self.line}"


# libyaml where PyYAML was built with it: many times as fast.
LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Node = TypeVar("_Node", bound=yaml.Node)


class UnreadableExamplesError(Exception):
    """A file of training data that is not built as the others; the message says where."""


def read_examples(folder: Path) -> list[Example]:
    """Every example under `intent:` in the folder's files, in order.

    Raises:
        UnreadableExamplesError: a file is no YAML, or its `examples` are not lines that begin with a hyphen.
    """
    return [example for file in sorted(folder.rglob("*.yml")) for example in _read(file)]


def _read(file: Path) -> Iterator[Example]:
    try:
        with file.open("rb") as stream:
            root = yaml.compose(stream, Loader=LOADER)
    except yaml.YAMLError as problem:
        raise UnreadableExamplesError(f"{file.name} cannot be read: {problem}") from None
    for entry in _field(root, "nlu", yaml.SequenceNode).value:
        if isinstance(entry, yaml.MappingNode) and any(key.value == "intent" for key, _ in entry.value):
            intent = str(_field(entry, "intent", yaml.ScalarNode).value)
            block = _field(entry, "examples", yaml.ScalarNode)
            if block.style != "|":
                raise UnreadableExamplesError(f"{file.name}: the examples of {intent} do not begin with `examples: |`.")
            # The block's text begins on the line after its `|`; marks count lines from 0.
            for number, line in enumerate(block.value.split("\n"), block.start_mark.line + 2):
                if line.strip():
                    yield Example(file, number, intent, _sentence(file, number, line))


def _sentence(file: Path, number: int, line: str) -> str:
    if not line.lstrip().startswith("- "):
        raise UnreadableExamplesError(f"{file.name}, line {number}: expected a hyphen and a sentence, found {line!r}.")
    return line.lstrip()[2:].strip()


def _field(node: yaml.Node | None, name: str, kind: type[_Node]) -> _Node:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == name and isinstance(value, kind):
                return value
    where = f"{node.start_mark.name}, line {node.start_mark.line + 1}" if node else "an empty file"
    raise UnreadableExamplesError(f"Training data without a proper `{name}`: {where}.")
