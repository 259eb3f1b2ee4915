"""Whether a phrase in a sentence is said to be so, or is denied, asked, supposed or somebody else's word."""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

from spacy.tokens import Doc, Span, Token

from bot.nlu.questions import Questions

ENDS = frozenset((".", "!", "?", "\u2026", "...", "!!", "??", "?!", "!?", "???", "!!!"))
STOPS = ENDS | frozenset((";", ":", ",", "(", ")", "[", "]", "-", "\u2013", "\u2014", "/", "|", ".."))
STATES = frozenset(("unused", "unopened", "never", "still"))
# Behind "to be": "to be honest, I dropped it".
FRANK = frozenset(("honest", "fair", "clear", "frank", "sure", "precise", "exact"))
DETERMINERS = frozenset(("the", "my", "our", "your", "its", "this", "that", "these", "those", "a", "an", "any"))
# "The last one was faulty" is about an earlier piece; "my last order arrived broken" may well be about this one.
THE_ONE = frozenset(("one", "ones"))
WORDS_DENIED = 6


@dataclass(frozen=True)
class Sentences:
    """The words of the patterns' `sentences`, and what they make of a phrase.

    A clause ends at punctuation, at a connective ("but") and at an "and" that begins a new sentence.
    """

    questions: Questions
    factive: frozenset[str]
    negators: frozenset[str]
    hypothetical: frozenset[str]
    polite: frozenset[str]
    acting: frozenset[str]
    seeming: frozenset[str]
    reporters: frozenset[str]
    hearsay: frozenset[str]
    others: frozenset[str]
    prepositions: frozenset[str]
    expected: frozenset[str]
    goods: frozenset[str]
    subjects: frozenset[str]
    connectives: frozenset[str]
    earlier: frozenset[str]
    purchases: frozenset[str]

    @classmethod
    def of(cls, patterns: dict[str, Any]) -> Sentences:
        """Reads them from the loaded patterns; KeyError names a list that is not there."""
        names = (field.name for field in fields(cls) if field.name != "questions")
        lists = {name: frozenset(patterns["sentences"][name]) for name in names}
        return cls(Questions.of(patterns), **lists)

    def told_of_the_goods(self, span: Span) -> bool:
        """Whether the customer states `span` as a fact about the goods.

        Strict: whatever is denied, asked, supposed, wished, reported from others or general does not count.
        """
        before = span.doc[self._clause_start(span.doc, span.start) : span.start]
        words = [token.lower_ for token in before]
        following = span.doc[span.end].lower_ if span.end < len(span.doc) else ""
        return not (
            self._denied(span, before)
            or self._disowned(span)
            or self._of_others(before)
            or self._of_all_goods(words)
            or self._supposed(words, span)
            or self._reported(words)
            or self._expected_so(words)
            or (following in self.goods and span[-1].lower_ not in DETERMINERS)
            or self._of_earlier_times(span, self.purchases)
            or self.questions.asked(words, span)
            or self._asked_by_tone(span, words)
        )

    def told_as_reason(self, span: Span, unless_reported: bool = False) -> bool:
        """Whether `span`, a phrase that gives the reason for writing, is told as so.

        "Can I return a lamp that arrived broken?" tells one; "does it count as damaged in transit?" does not. With
        `unless_reported`, neither does what people are quoted with ("they told me it is defective").
        """
        before = span.doc[self._clause_start(span.doc, span.start) : span.start]
        words = [token.lower_ for token in before]
        return not (
            self._denied(span, before)
            or self._disowned(span)
            or self._of_others(before)
            or self._supposed(words, span)
            or self._of_earlier_times(span, THE_ONE)
            or self.questions.asked_as_reason(before, span)
            or (unless_reported and self._hearsay(words))
        )

    def _disowned(self, span: Span) -> bool:
        """ "It is not that it doesn't work", "not because it was damaged"."""
        words: list[str] = []
        for token in span.doc[max(0, span.start - WORDS_DENIED) : span.start]:
            words = [] if token.lower_ in STOPS else [*words, token.lower_]
        return any(
            first in self.negators and second in ("that", "because", "as", "like") for first, second in pairwise(words)
        )

    def _of_others(self, before: Span) -> bool:
        """ "My neighbour's kettle broke": not about what the customer bought."""
        words = [token.lower_ for token in before]
        return any(
            word in self.others and not self.prepositions & set(words[max(0, position - 2) : position])
            for position, word in enumerate(words)
        )

    def _of_all_goods(self, words: list[str]) -> bool:
        """ "Items which are unused may be returned": a rule, not a fact."""
        return len(words) > 1 and words[0] in self.goods and words[1] in ("which", "that")

    def _of_earlier_times(self, span: Span, purchases: frozenset[str]) -> bool:
        """ "My last order was fine, nothing was missing": the sentence is about another purchase."""
        words: list[str] = []
        for token in span.doc[: span.start]:
            words = [] if token.lower_ in ENDS else [*words, token.lower_]
        return any(first in self.earlier and second in purchases for first, second in pairwise(words))

    def _hearsay(self, words: list[str]) -> bool:
        return any(
            first in self.hearsay and {second, third} & self.reporters
            for first, second, third in zip(words, words[1:], [*words[2:], ""], strict=False)
        )

    def _clause_start(self, doc: Doc, index: int) -> int:
        for position in range(index - 1, -1, -1):
            word = doc[position].lower_
            if word in STOPS or "\n" in word or word in self.connectives:
                return position + 1
            following = doc[position + 1].lower_
            if word in ("and", "then", "&", "as") and following in self.subjects:
                if word == "as" and following in STATES:  # "does it count as unused?"
                    continue
                return position + 1
        return 0

    def _denied(self, span: Span, before: Span) -> bool:
        # A phrase that is itself a denial ("never opened", "unused") stands beside others of its kind: only
        # a negator right before it turns it round.
        is_denial = any(token.lower_ in self.negators or token.lower_.startswith("un") for token in span)
        if is_denial and any(
            first.lower_ in self.negators and second.lower_ in self.reporters for first, second in pairwise(before)
        ):
            return True
        nearest: list[Token] = list(before)[-(2 if is_denial else WORDS_DENIED) :]
        for token in reversed(nearest):
            if token.lower_ in self.factive:
                return False
            if token.lower_ in self.negators:
                # "No it never arrived" answers; it does not deny what follows.
                opens = token.i == before.start or span.doc[token.i - 1].lower_ in ("and", "so")
                answers = opens and span.doc[token.i + 1].lower_ in self.subjects
                return not (token.lower_ == "no" and answers)
        return False

    def _supposed(self, words: list[str], span: Span) -> bool:
        for position, word in enumerate(words):
            previous = words[position - 1] if position else ""
            following = words[position + 1] if position + 1 < len(words) else self._begun(span)
            if word == "case" and previous == "in":
                return True
            frankly = words[position + 2 : position + 3]
            if word == "to" and following == "be" and previous not in self.seeming and not FRANK.intersection(frankly):
                return True
            opens_question = word in self.questions.modals and self.questions.opener(words) == word
            is_courtesy = word not in ("if", "whether", "unless", "perhaps", "maybe") and (
                following in self.polite or (following in self.acting and previous in ("i", "we"))
            )
            if word in self.hypothetical and not is_courtesy and not opens_question:
                return True
        return False

    def _begun(self, span: Span) -> str:
        """The phrase's own first word, where that is what a modal leads into: "I would | like a new one"."""
        first = span[0].lower_
        return "" if first in self.negators else first

    def _reported(self, words: list[str]) -> bool:
        return any(
            word in self.reporters and not {"i", "we"} & set(words[max(0, position - 3) : position])
            for position, word in enumerate(words)
        )

    def _expected_so(self, words: list[str]) -> bool:
        """ "I bought it unused", "listed as new"."""
        if words[-1:] in (["it"], ["them"], ["as"]):
            words = words[:-1]
        return bool(words) and words[-1] in self.expected

    def _asked_by_tone(self, span: Span, words: list[str]) -> bool:
        """A question by its mark alone: "so it was my fault?"."""
        for token in span.doc[span.end :]:
            word = token.lower_
            if word in ENDS or "\n" in word:
                return "?" in word and not self._told_after_a_question(span, words)
            if word in STOPS or word in self.connectives:
                return False
        return False

    def _told_after_a_question(self, span: Span, words: list[str]) -> bool:
        """ "Can I return it, it's unopened?": the question mark is the earlier clause's."""
        start = self._clause_start(span.doc, span.start)
        if start < 2 or span.doc[start - 1].text in ENDS:
            return False
        earlier = [t.lower_ for t in span.doc[self._clause_start(span.doc, start - 1) : start - 1]]
        opening = words[0] if words else span[0].lower_
        return self.questions.opens(earlier) and opening in self.subjects
