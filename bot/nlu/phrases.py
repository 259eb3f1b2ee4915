"""Reads the `phrases` of the patterns and finds them in the words of a message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from bot.nlu.word_automaton import MARK, Place, WordAutomaton

# What follows these words is another thought: a gap ("...") does not reach over them.
GAP_ENDS = frozenset(("and", "but", "because", "if", "or", "so", "when", "since", "until"))
GAP = [Place(any_word=True, optional=True)] * 3
GROUP = re.compile(r"\((\w+)\)")
# How many fillers ("really", "just", "already") may stand where one may.
FILLERS = "<so>?"
MOST_FILLERS = 3
WORDS_BEFORE = 4
WORDS_AFTER = 5


class PatternError(Exception):
    """The patterns say something the extractor cannot read; the message quotes it."""


@dataclass(frozen=True)
class Phrase:
    """What one entry of `phrases` finds, and beside which words it does not count."""

    label: str
    value: str
    unless_about: frozenset[str]
    unless_next: frozenset[str]
    unless_soon: frozenset[str]
    unless_within: frozenset[str]
    unless_said: frozenset[str]
    unless_reported: bool
    unless_caused: bool
    opens: bool

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
            unless_said=words("unless_said"),
            unless_reported=entry.get("unless_reported") == "true",
            unless_caused=entry.get("unless_caused") == "true",
            opens=entry.get("opens") == "true",
        )

    def suits(self, span: Span) -> bool:
        """Whether no word around `span` says that the phrase is about something else."""
        doc = span.doc
        if self.opens and span.start and not (doc[span.start - 1].is_punct or doc[span.start - 1].is_space):
            return False
        if self.unless_said and any(token.lower_ in self.unless_said for token in doc):
            return False
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
    """Every phrase of the patterns, over the words as spaCy's blank English pipeline divides them."""

    def __init__(self, patterns: dict[str, Any]) -> None:
        """Compiles the phrases of the loaded patterns.

        Raises:
            PatternError: a list or group that does not exist, or a word that is more than one word.
        """
        self._nlp: Language = spacy.blank("en")
        self._lists: dict[str, list[str]] = patterns["lists"]
        self._groups: dict[str, list[str]] = patterns.get("groups", {})
        self._phrases: list[Phrase] = []
        lines = []
        for entry in patterns["phrases"]:
            phrase = Phrase.of(entry)
            for line in (plain for written in entry["any"] for plain in self._without_groups(written)):
                lines.append(self._places(line))
                self._phrases.append(phrase)
        self._automaton = WordAutomaton(lines, GAP_ENDS)

    def read(self, text: str) -> Doc:
        """The words of `text`."""
        return self._nlp.make_doc(text)

    def found(self, doc: Doc) -> Iterator[tuple[Phrase, Span]]:
        """Every phrase in `doc` that is not about something else, overlapping ones included."""
        words = [token.lower_ for token in doc]
        for place, token in enumerate(doc):
            if (token.is_punct or token.is_space) and token.text != "%" and not self._automaton.names(words[place]):
                words[place] = MARK
        seen = set()
        for number, start, end in self._automaton.find(words):
            phrase = self._phrases[number]
            if (id(phrase), start, end) in seen:
                continue
            seen.add((id(phrase), start, end))
            span = doc[start:end]
            if phrase.suits(span):
                yield phrase, span

    def _without_groups(self, line: str) -> Iterator[str]:
        """`line` once for every way to fill its (groups)."""
        parts = GROUP.split(line)
        for name in parts[1::2]:
            if name not in self._groups:
                raise PatternError(f"bot/nlu/patterns: no group ({name}) (in {line!r})")
        fillings = [self._groups[part] if place % 2 else [part] for place, part in enumerate(parts)]
        for chosen in product(*fillings):
            filled = "".join(chosen)
            if GROUP.search(filled):
                yield from self._without_groups(filled)
            else:
                yield filled

    def _places(self, line: str) -> list[Place]:
        places: list[Place] = []
        for word in line.split():
            if word == "...":
                places += GAP
            elif word in ("_", "_?"):
                places.append(Place(any_word=True, optional=word == "_?"))
            else:
                places += [self._place(word, line)] * (MOST_FILLERS if word == FILLERS else 1)
        return places

    def _place(self, word: str, line: str) -> Place:
        choices = {each for choice in word.removesuffix("?").split("|") for each in self._choices(choice, line)}
        words = frozenset(choice for choice in choices if not choice.endswith("*"))
        for choice in words:
            self._demand_one_word(choice, line)
        return Place(words, frozenset(choice[:-1] for choice in choices - words), optional=word.endswith("?"))

    def _choices(self, choice: str, line: str) -> set[str]:
        if not choice.startswith("<"):
            return {choice}
        if choice[1:-1] not in self._lists:
            raise PatternError(f"bot/nlu/patterns: no list {choice} (in {line!r})")
        return {each for listed in self._lists[choice[1:-1]] for each in self._choices(listed, line)}

    def _demand_one_word(self, choice: str, line: str) -> None:
        # "n't" and "'s" are words only behind another one.
        if choice.startswith(("'", "n't")):
            return
        if len(self._nlp.tokenizer(choice)) != 1:
            raise PatternError(f"bot/nlu/patterns: {choice!r} is more than one word (in {line!r})")
