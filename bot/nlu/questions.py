"""Whether a clause asks what it says, or only begins as a question does."""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

from spacy.tokens import Span

# What follows "have" where a subject was left out, not where something is asked.
HAVING = frozenset(("a", "an", "the", "got", "one", "been"))


@dataclass(frozen=True)
class Questions:
    """The words of the patterns' `sentences` by which questions are known, and what they make of a clause.

    A clause is told by its words before the phrase in question, all lower case.
    """

    auxiliaries: frozenset[str]
    modals: frozenset[str]
    asking: frozenset[str]
    came: frozenset[str]
    openers: frozenset[str]

    @classmethod
    def of(cls, patterns: dict[str, Any]) -> Questions:
        """Reads them from the loaded patterns; KeyError names a list that is not there."""
        return cls(**{field.name: frozenset(patterns["sentences"][field.name]) for field in fields(cls)})

    def opener(self, words: list[str]) -> str:
        """The first word that may open a question; empty where there is none."""
        return next((word for word in words if word not in self.openers), "")

    def opens(self, words: list[str]) -> bool:
        """Whether the first of them opens a question."""
        return self.opener(words) in self.modals | self.auxiliaries | self.asking

    def asked(self, words: list[str], span: Span) -> bool:
        """Whether a clause that begins with `words` asks for `span`."""
        # A phrase that opens its own sentence ("haven't received it") has only lost its subject.
        opener = self.opener(words)
        if opener in self.asking:
            return not self._names_what_came([*words, *(token.lower_ for token in span[:2])])
        return opener in self.auxiliaries | self.modals and not _runs_on(words)

    def asked_as_reason(self, before: Span, span: Span) -> bool:
        """Whether `before`, the clause up to `span`, asks if the reason is so; a wish may lead to one that is."""
        words = [token.lower_ for token in before]
        if words[:1] == ["which"] and before.start and before.doc[before.start - 1].text == ",":
            return False
        opener = self.opener(words)
        if opener in self.modals:
            # "Will the lamp be out of stock?" asks; "can I return it, will you repair it" lead to what is told.
            following = words[words.index(opener) + 1 :]
            return following[-1:] == ["be"] and following[0] not in ("i", "we", "you", "u")
        return self.asked(words, span) and not self._lost_its_subject(words)

    def _lost_its_subject(self, words: list[str]) -> bool:
        """ "Was damaged in the post", "have a defective lamp": the auxiliary opens no question."""
        opener = self.opener(words)
        if opener not in self.auxiliaries:
            return False
        following = words[words.index(opener) + 1 :]
        return not following or (opener in ("have", "has", "had") and following[0] in HAVING)

    def _names_what_came(self, words: list[str]) -> bool:
        """ "What came is broken", "what I got is not as described": the goods, and no question."""
        if "what" not in words:
            return False
        after = words[words.index("what") + 1 :][:2]
        return bool(self.came & set(after)) and after[0] not in self.auxiliaries


def _runs_on(words: list[str]) -> bool:
    """A second sentence begun without a stop: "can i return it i never opened it"."""
    if any(word in ("that", "or", "whether", "if") for word in words[2:]):
        return False
    nominative = any(word in ("i", "we", "they", "its", "im", "ive") for word in words[2:])
    return nominative or any(
        word in ("it", "this") and following in ("is", "'s", "was", "has") for word, following in pairwise(words[3:])
    )
