"""Utterances, what was expected of each and what was heard: what tables and pictures are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nlu_evaluation.outside import Utterance
from nlu_evaluation.pipeline import Heard
from nlu_evaluation.scores import taken_for


@dataclass(frozen=True)
class Measured:
    """One understanding on some utterances.

    `likeliest` is the intent heard before any falling back, `answered` the one the bot acts on; both with the
    label in the place of an intent that is as acceptable.
    """

    name: str
    expected: list[str]
    likeliest: list[str]
    answered: list[str]
    confidences: list[float]

    @property
    def right(self) -> list[bool]:
        """Whether the likeliest intent is the one expected, utterance by utterance."""
        return [wanted == heard for wanted, heard in zip(self.expected, self.likeliest, strict=True)]

    @classmethod
    def of_examples(cls, name: str, expected: Sequence[str], heard: Sequence[Heard]) -> Measured:
        """Examples that have one right intent each."""
        return cls(
            name,
            list(expected),
            [each.intent for each in heard],
            [each.answered for each in heard],
            [each.confidence for each in heard],
        )

    @classmethod
    def of_utterances(cls, name: str, utterances: Sequence[Utterance], heard: Sequence[Heard]) -> Measured:
        """Rows of outside sets, which may have several."""
        pairs = list(zip(utterances, heard, strict=True))
        return cls(
            name,
            [row.intent for row in utterances],
            [taken_for(row, each.intent) for row, each in pairs],
            [taken_for(row, each.answered) for row, each in pairs],
            [each.confidence for each in heard],
        )
