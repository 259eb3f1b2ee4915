"""Reads the `phrases` of patterns.yml and builds the spaCy pipeline that finds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

SPANS = "phrases"
# What follows these words is another thought: a gap ("...") does not reach over them.
GAP_ENDS = ["and", "but", "because", "if", "or", "so", "when", "since", "until"]
GAP = {"IS_PUNCT": False, "IS_SPACE": False, "LOWER": {"NOT_IN": GAP_ENDS}, "OP": "{0,3}"}
WORDS_BEFORE = 4
WORDS_AFTER = 5


class PatternError(Exception):
    """patterns.yml says something the extractor cannot read; the message quotes it."""


@dataclass(frozen=True)
class Phrase:
    """What one entry of `phrases` finds, and beside which words it does not count."""

    label: str
    value: str
    unless_about: frozenset[str]
    unless_next: frozenset[str]
    unless_soon: frozenset[str]
    unless_within: frozenset[str]
    unless_reported: bool
    unless_caused: bool

    @classmethod
    def of(cls, entry: dict[str, Any]) -> Phrase:
        """Reads an entry of `phrases`."""

        def words(key: str) -> frozenset[str]:
            return frozenset(entry.get(key, ()))

        return cls(
            label=entry["label"],
            value=entry["id"],
            unless_about=words("unless_about"),
            unless_next=words("unless_next"),
            unless_soon=words("unless_soon"),
            unless_within=words("unless_within"),
            unless_reported=entry.get("unless_reported") == "true",
            unless_caused=entry.get("unless_caused") == "true",
        )

    def suits(self, span: Span) -> bool:
        """Whether no word around `span` says that the phrase is about something else."""
        doc = span.doc
        for token in reversed(list(doc[max(0, span.start - WORDS_BEFORE) : span.start])):
            if token.lower_ in self.unless_about:
                return False
            if token.is_punct or token.lower_ in GAP_ENDS:
                break
        for token in doc[span.end : span.end + WORDS_AFTER]:
            if token.lower_ in self.unless_soon:
                return False
            if (token.is_punct and token.text != "%") or token.lower_ in GAP_ENDS:
                break
        if any(token.lower_ in self.unless_within for token in span):
            return False
        return span.end >= len(doc) or doc[span.end].lower_ not in self.unless_next


class PhraseFinder:
    """A blank English pipeline with one span ruler that holds every phrase."""

    def __init__(self, patterns: dict[str, Any]) -> None:
        """Builds the pipeline from the loaded patterns.yml.

        Raises:
            PatternError: a list that does not exist, or a word that is more than one word.
        """
        self._nlp: Language = spacy.blank("en")
        self._lists: dict[str, list[str]] = patterns["lists"]
        self._phrases: list[Phrase] = []
        ruler = self._nlp.add_pipe("span_ruler", config={"spans_key": SPANS, "validate": False})
        rules = []
        for entry in patterns["phrases"]:
            self._phrases.append(Phrase.of(entry))
            number = str(len(self._phrases) - 1)
            rules += [{"label": entry["label"], "id": number, "pattern": self._tokens(p)} for p in entry["any"]]
        ruler.add_patterns(rules)

    def read(self, text: str) -> Doc:
        """Tokens of `text`, phrases marked."""
        return self._nlp(text)

    def found(self, doc: Doc) -> Iterator[tuple[Phrase, Span]]:
        """Every phrase in `doc` that is not about something else, overlapping ones included."""
        for span in doc.spans[SPANS]:
            phrase = self._phrases[int(span.id_)]
            if phrase.suits(span):
                yield phrase, span

    def _tokens(self, line: str) -> list[dict[str, Any]]:
        return [GAP if word == "..." else self._token(word, line) for word in line.split()]

    def _token(self, word: str, line: str) -> dict[str, Any]:
        optional, choices = word.endswith("?"), []
        prefixes = []
        for choice in word.removesuffix("?").split("|"):
            if choice.startswith("<"):
                if choice[1:-1] not in self._lists:
                    raise PatternError(f"patterns.yml: no list {choice} (in {line!r})")
                choices += self._lists[choice[1:-1]]
            elif choice.endswith("*"):
                prefixes.append(choice[:-1])
            else:
                choices.append(choice)
        for choice in choices:
            self._demand_one_word(choice, line)
        told = {"LOWER": {"REGEX": "^(?:" + "|".join([f"{p}.*" for p in prefixes] + choices) + ")$"}}
        token: dict[str, Any] = told if prefixes else {"LOWER": {"IN": choices}}
        return {**token, "OP": "?"} if optional else token

    def _demand_one_word(self, choice: str, line: str) -> None:
        # "n't" and "'s" are words only behind another one.
        if choice.startswith(("'", "n't")):
            return
        if len(self._nlp.tokenizer(choice)) != 1:
            raise PatternError(f"patterns.yml: {choice!r} is more than one word (in {line!r})")
