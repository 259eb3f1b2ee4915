"""The training examples, each heard by a pipeline that was trained without it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from sklearn.model_selection import StratifiedKFold

from nlu_evaluation.pipeline import Heard, Pipeline

FOLDS = 5


def load_examples(folder: Path) -> list[Message]:
    """Every example of an intent in the folder, as Rasa reads it."""
    return [example for example in load_data(str(folder)).intent_examples if example.get(TEXT)]


def cross_validate(pipeline: Pipeline, examples: Sequence[Message], tell: Callable[[str], None]) -> list[Heard]:
    """What is understood of each example, in their order, in FOLDS rounds with every intent's share in each."""
    heard: dict[int, Heard] = {}
    split = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    rounds = split.split(examples, [example.get(INTENT) for example in examples])
    for number, (learnt, held_out) in enumerate(rounds, 1):
        tell(f"Cross-validation, round {number} of {FOLDS} …")
        understanding = pipeline.train([examples[index] for index in learnt])
        texts = [examples[index].get(TEXT) for index in held_out]
        heard.update(zip((int(index) for index in held_out), understanding.hear(texts), strict=True))
    return [heard[index] for index in range(len(examples))]
