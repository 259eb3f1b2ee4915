"""What utterances that were heard say about an understanding: figures, no files and no pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from nlu_evaluation.outside import FALLBACK, OUT_OF_SCOPE, Utterance

THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(20))
BINS = 10


@dataclass(frozen=True)
class IntentScore:
    """How one intent is understood; `support` is how many utterances have it."""

    intent: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class SetScore:
    """One outside set: shares of 0 to 1, None where there is nothing to take a share of.

    `strict`: the label itself was understood; `lenient`: it or another acceptable intent; `in_scope`: lenient, of the
    rows not labelled out_of_scope; `oos_precision` and `oos_recall`: noticing what is out of scope, where falling
    back counts as noticing.
    """

    name: str
    rows: int
    strict: float | None
    lenient: float | None
    in_scope: float | None
    oos_precision: float | None
    oos_recall: float | None


@dataclass(frozen=True)
class Bin:
    """The utterances with a confidence in one range: their mean confidence, and the share heard right."""

    confidence: float
    right: float
    count: int


def taken_for(utterance: Utterance, intent: str) -> str:
    """The intent that counts as heard: one as acceptable as the label is the label, falling back is out_of_scope."""
    settled = OUT_OF_SCOPE if intent == FALLBACK else intent
    return utterance.intent if settled in utterance.accepted else settled


def score_intents(expected: Sequence[str], got: Sequence[str]) -> list[IntentScore]:
    """One score for each intent that is expected at least once, by name."""
    intents = sorted(set(expected))
    columns = precision_recall_fscore_support(expected, got, labels=intents, zero_division=0)
    return [
        IntentScore(intent, float(precision), float(recall), float(f1), int(support))
        for intent, precision, recall, f1, support in zip(intents, *columns, strict=True)
    ]


def macro_f1(scores: Sequence[IntentScore]) -> float:
    """The mean F1, every intent counting the same."""
    return float(np.mean([score.f1 for score in scores]))


def accuracy(expected: Sequence[str], got: Sequence[str]) -> float:
    """The share of `got` that is what was expected."""
    return float(np.mean([one == other for one, other in zip(expected, got, strict=True)]))


def score_set(name: str, utterances: Sequence[Utterance], answered: Sequence[str]) -> SetScore:
    """Scores what the bot acts on (`answered`, nlu_fallback included) against the set."""
    got = [OUT_OF_SCOPE if intent == FALLBACK else intent for intent in answered]
    pairs = list(zip(utterances, got, strict=True))
    is_right = [intent == row.intent or intent in row.accepted for row, intent in pairs]
    noticed = sum(intent == OUT_OF_SCOPE == row.intent for row, intent in pairs)
    wrongly = sum(intent == OUT_OF_SCOPE and not right for (_, intent), right in zip(pairs, is_right, strict=True))
    missed = sum(row.intent == OUT_OF_SCOPE and not right for (row, _), right in zip(pairs, is_right, strict=True))
    scoped = [right for (row, _), right in zip(pairs, is_right, strict=True) if row.intent != OUT_OF_SCOPE]
    return SetScore(
        name=name,
        rows=len(pairs),
        strict=_share(sum(intent == row.intent for row, intent in pairs), len(pairs)),
        lenient=_share(sum(is_right), len(pairs)),
        in_scope=_share(sum(scoped), len(scoped)),
        oos_precision=_share(noticed, noticed + wrongly),
        oos_recall=_share(noticed, noticed + missed),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def confusions(expected: Sequence[str], got: Sequence[str], most: int) -> list[tuple[str, str, int]]:
    """The `most` frequent mistakes: expected, heard instead, how often."""
    mistakes = Counter(pair for pair in zip(expected, got, strict=True) if pair[0] != pair[1])
    return [(wanted, heard, count) for (wanted, heard), count in mistakes.most_common(most)]


def confusion_shares(expected: Sequence[str], got: Sequence[str]) -> tuple[list[str], NDArray[np.float64]]:
    """The intents, and per intent (row) the share heard as each intent (column); an intent never expected has zeros."""
    intents = sorted({*expected, *got})
    counts: NDArray[Any] = confusion_matrix(expected, got, labels=intents)
    return intents, counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def threshold_curve(confidences: Sequence[float], right: Sequence[bool]) -> list[tuple[float, float, float | None]]:
    """For each of THRESHOLDS: it, the share answered, and the accuracy of what is answered (None: nothing is)."""
    sure, correct = np.asarray(confidences), np.asarray(right, dtype=bool)
    curve: list[tuple[float, float, float | None]] = []
    for threshold in THRESHOLDS:
        answered = sure >= threshold
        curve.append((threshold, float(answered.mean()), float(correct[answered].mean()) if answered.any() else None))
    return curve


def reliability(confidences: Sequence[float], right: Sequence[bool]) -> list[Bin]:
    """The utterances by confidence, in BINS equal ranges; empty ranges are left out."""
    sure, correct = np.asarray(confidences), np.asarray(right, dtype=bool)
    numbers = np.minimum((sure * BINS).astype(int), BINS - 1)
    return [
        Bin(float(sure[inside].mean()), float(correct[inside].mean()), int(inside.sum()))
        for inside in (numbers == number for number in range(BINS))
        if inside.any()
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error: how far confidence and share right are apart, weighed by count."""
    return sum(abs(each.confidence - each.right) * each.count for each in bins) / sum(each.count for each in bins)
