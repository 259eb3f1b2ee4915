"""What understanding knows of the shops: product names and how order numbers look, a file written before training."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.phrases import PatternError

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class ShopWords:
    """One shop's words: `order_numbers` are patterns (# a digit, @ a letter), `products` catalogue titles."""

    order_numbers: tuple[str, ...] = ()
    products: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """The words of each shop by its key, and which of all the words are `ordinary`: said of other things, too."""

    shops: Mapping[str, ShopWords] = field(default_factory=dict)
    ordinary: frozenset[str] = frozenset()

    @classmethod
    def of(cls, told: Any, source: str = "the vocabulary") -> Vocabulary:
        """Reads {"shops": {key: {"order_numbers": [...], "products": [...]}}, "ordinary": [...]}; parts may be missing.

        Raises:
            PatternError: it is built otherwise; the message names `source` and the shop.
        """
        if told is None:
            return cls()
        shops = told.get("shops", {}) if isinstance(told, Mapping) else None
        if not isinstance(shops, Mapping):
            raise PatternError(f"{source}: write one mapping `shops:`, or have `aftercare vocabulary` write it")
        return cls(
            {key: _shop(words, f"{source}: shop {key}") for key, words in shops.items()},
            frozenset(told.get("ordinary", ())),
        )

    def as_dict(self) -> dict[str, Any]:
        """What `of` reads, in plain lists."""
        shops = {key: {"order_numbers": [*s.order_numbers], "products": [*s.products]} for key, s in self.shops.items()}
        return {"shops": shops, "ordinary": sorted(self.ordinary)}


def vocabulary_file(told: str) -> Path:
    """Where the vocabulary of a component's settings lies; a relative path counts from the project's root."""
    return ROOT / told


def read_vocabulary(file: Path) -> Vocabulary:
    """The vocabulary of `file`; an empty one where there is no such file.

    Raises:
        PatternError: the file is no vocabulary.
    """
    if not file.is_file():
        return Vocabulary()
    try:
        # Every scalar is text: a product may be called 1984 or On.
        return Vocabulary.of(yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader), str(file))  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise PatternError(f"{file}: is not YAML ({' '.join(str(problem).split())})") from None


def _shop(words: Any, source: str) -> ShopWords:
    if not isinstance(words, Mapping):
        raise PatternError(f"{source}: write a mapping of order_numbers and products")
    return ShopWords(
        _texts(words.get("order_numbers", ()), f"{source}: order_numbers"),
        _texts(words.get("products", ()), f"{source}: products"),
    )


def _texts(listed: Any, source: str) -> tuple[str, ...]:
    if isinstance(listed, str) or not isinstance(listed, Iterable):
        raise PatternError(f"{source}: write a list")
    texts = tuple(listed)
    if not all(isinstance(text, str) and text for text in texts):
        raise PatternError(f"{source}: write a list of texts")
    return texts
