"""Everything the patterns describe, found in one message: numbers, addresses, days, reasons and facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.assertion import Sentences
from bot.nlu.catalogue import Catalogue
from bot.nlu.characters import CharacterRule, Find, find_characters, read_rules
from bot.nlu.phrases import PatternError, Phrase, PhraseFinder
from bot.nlu.products import SENTENCE_ENDS, ProductFinder, read_words
from bot.nlu.quantities import QuantityFinder, QuantityWords
from bot.nlu.vocabulary import ShopWords, Vocabulary

PATTERNS = Path(__file__).with_name("patterns")
# A message is read up to here; what customers type is far shorter, what they paste need not be read whole.
LONGEST = 4000
ENDLESS = re.compile(r"\S{81,}")
# Apostrophes and blanks as keyboards and copied text have them.
PLAIN = {"\u2019": "'", "\u2018": "'", "\u00b4": "'", "`": "'", "\t": " ", "\u00a0": " ", "\u202f": " ", "\r": "\n"}
FAULTS = frozenset(
    ("defective", "damaged", "not_as_described", "wrong_item", "missing_parts", "not_received", "returned_by_customs")
)
NEAR = 60
"""A reason so many characters on may still be what is wrong with the pieces that were counted."""
NOT_HERE = frozenset(("missing_parts", "not_received", "returned_by_customs", "out_of_stock"))
"""Reasons that say nothing of the pieces that are there."""
CAUSED = "caused_by_customer=true"
HAD_A_FALL = "cause=collision"


def load_patterns(folder: Path = PATTERNS) -> dict[str, Any]:
    """The files of `folder` as one, every scalar as text (`on` is a word here, not a truth value).

    Sections of one name are joined: `phrases` stand in as many files as there are subjects.

    Raises:
        PatternError: a file has no sections, or names something that an earlier one has named.
    """
    patterns: dict[str, Any] = {}
    for file in sorted(folder.glob("*.yml")):
        sections = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - makes text alone
        if not isinstance(sections, dict):
            raise PatternError(f"bot/nlu/patterns: {file.name} has no sections; write some or remove the file")
        for section, told in sections.items():
            if isinstance(told, list):
                patterns.setdefault(section, []).extend(told)
                continue
            known = patterns.setdefault(section, {})
            if twice := sorted(known.keys() & told):
                raise PatternError(f"bot/nlu/patterns: {file.name} has {', '.join(twice)} of {section} a second time")
            known.update(told)
    return patterns


class ShopFinder:
    """What depends on the shop: the shapes of its order numbers, and its products."""

    def __init__(self, patterns: dict[str, Any], words: ShopWords, ordinary: frozenset[str]) -> None:
        """Compiles and indexes a shop's words.

        Raises:
            PatternError: the patterns say something that cannot be read.
        """
        self.rules: list[CharacterRule] = read_rules(patterns, words.order_numbers)
        told = {name: frozenset(listed) for name, listed in patterns["products"].items()}
        catalogue = Catalogue(words.products, told["weak"], told["stop"], ordinary)
        self.products = ProductFinder(catalogue, told["linking"], told["determiners"])


def _together(shops: Iterable[ShopWords]) -> ShopWords:
    shops = list(shops)
    return ShopWords(
        tuple(dict.fromkeys(pattern for shop in shops for pattern in shop.order_numbers)),
        tuple(dict.fromkeys(title for shop in shops for title in shop.products)),
    )


class SpanFinder:
    """Finds spans; built once, then read-only."""

    def __init__(self, patterns: dict[str, Any], vocabulary: Vocabulary | None = None) -> None:
        """Compiles the loaded patterns, and indexes the shops' `vocabulary` (default: none).

        Raises:
            PatternError: they say something that cannot be read.
        """
        vocabulary = vocabulary or Vocabulary()
        self._no_shop = ShopFinder(patterns, ShopWords(), vocabulary.ordinary)
        self._any_shop = ShopFinder(patterns, _together(vocabulary.shops.values()), vocabulary.ordinary)
        self._shops = {key: ShopFinder(patterns, shop, vocabulary.ordinary) for key, shop in vocabulary.shops.items()}
        self._phrases = PhraseFinder(patterns)
        self._sentences = Sentences.of(patterns)
        self._quantities = QuantityFinder(QuantityWords.of(patterns))

    def find(self, text: str, shop: str | None = None) -> list[Find]:
        """What `text` holds, in the order it stands there; offsets are those of `text`.

        The order numbers and products are those of the `shop` with this key; of all, where it is not known.
        """
        read, offsets = _tidy(text[:LONGEST])
        words = self._any_shop if shop is None else self._shops.get(shop, self._no_shop)
        finds = find_characters(words.rules, read)
        finds += self._reasons_and_facts(read)
        finds += self._products_and_quantities(read, words.products, finds)
        return [
            Find(find.label, find.value, offsets[find.start], offsets[find.end - 1] + 1)
            for find in sorted(finds, key=lambda find: (find.start, find.end, find.label, find.value))
        ]

    def _products_and_quantities(self, text: str, products: ProductFinder, known: list[Find]) -> list[Find]:
        taken = [(find.start, find.end) for find in known if find.label not in ("reason", "fact")]
        told = [(find.start, find.end) for find in known if find.label == "reason" and find.value not in NOT_HERE]
        said = read_words(text, products.catalogue, taken)
        named = products.find(said)

        def is_told(place: int) -> bool:
            return any(
                place < end and start - place <= NEAR and not SENTENCE_ENDS.search(text, place, max(place, start))
                for start, end in told
            )

        counted = self._quantities.find(said, products.catalogue.nouns.__contains__, is_told)
        return named + [
            find
            for find in _once(counted)
            if not any(find.start >= product.start and find.start < product.end for product in named)
        ]

    def _reasons_and_facts(self, text: str) -> list[Find]:
        reasons: list[tuple[Phrase, Find]] = []
        facts: list[Find] = []
        # No word is that long; splitting one costs the square of its length.
        readable = ENDLESS.sub(lambda run: "x" * len(run[0]), text)
        for phrase, span in self._phrases.found(self._phrases.read(readable)):
            if phrase.label == "reason" and self._sentences.told_as_reason(span, phrase.unless_reported):
                reasons.append((phrase, Find("reason", phrase.value, span.start_char, span.end_char)))
            if phrase.label == "fact" and self._sentences.told_of_the_goods(span):
                facts += [Find("fact", fact, span.start_char, span.end_char) for fact in phrase.value.split()]
        told = _settled_facts(facts)
        by_customer = any(fact.value in (CAUSED, HAD_A_FALL) for fact in told)
        settled = _settled_reasons([find for phrase, find in reasons if not (by_customer and phrase.unless_caused)])
        if any(reason.value == "ordered_wrong" for reason in settled):
            # "I picked the wrong one, my own fault": the order was the customer's fault, not a fault of the goods.
            told = [fact for fact in told if fact.value != CAUSED]
        return settled + told


def _settled_reasons(reasons: list[Find]) -> list[Find]:
    """The longest of overlapping reasons, each once; a fault told beside a change of mind is the reason."""
    kept = list(_once(_longest(reasons, lambda _: "")))
    if any(reason.value in FAULTS for reason in kept):
        kept = [reason for reason in kept if reason.value in FAULTS or reason.value == "out_of_stock"]
    return kept


def _settled_facts(facts: list[Find]) -> list[Find]:
    """The longest of overlapping facts of one kind, each once; a fact told both ways is not told."""
    kept = list(_once(_longest(facts, lambda fact: fact.value.partition("=")[0])))
    told: dict[str, set[str]] = {}
    for fact in kept:
        name, _, value = fact.value.partition("=")
        told.setdefault(name, set()).add(value)
    # Two causes can both be true ("it burnt out because I ignored the manual").
    return [fact for fact in kept if fact.value.startswith("cause=") or len(told[fact.value.partition("=")[0]]) == 1]


def _longest(finds: list[Find], kind: Any) -> list[Find]:
    kept: list[Find] = []
    for find in sorted(finds, key=lambda find: (find.start - find.end, find.start)):
        if not any(kind(find) == kind(k) and find.start < k.end and k.start < find.end for k in kept):
            kept.append(find)
    return sorted(kept, key=lambda find: find.start)


def _once(finds: list[Find]) -> Iterator[Find]:
    seen = set()
    for find in finds:
        if find.value not in seen:
            seen.add(find.value)
            yield find


def _tidy(text: str) -> tuple[str, list[int]]:
    """`text` with plain apostrophes and single blanks, and where each of its characters stood."""
    kept: list[str] = []
    offsets: list[int] = []
    for index, character in enumerate(text):
        plain = PLAIN.get(character, character)
        if plain == " " and (not kept or kept[-1] in " \n"):
            continue
        kept.append(plain)
        offsets.append(index)
    return "".join(kept), offsets
