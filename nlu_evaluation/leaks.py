"""Tells which training examples copy outside utterances, without showing those unless asked to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from bot.nlu.onnx_encoder import OnnxEncoder, encoder_folder
from nlu_evaluation.copies import Copy, find_copies
from nlu_evaluation.examples import read_examples
from nlu_evaluation.outside import read_sets

ENCODER = "bot/models/encoder"


def look_for_leaks(console: Console, data: Path, sets: Path, show: bool) -> bool:
    """Prints every copy; whether there is one that could have been avoided.

    Raises:
        OutsideSetError: an outside set cannot be read.
        UnreadableExamplesError: the training data cannot be read.
        EncoderMissingError: the sentence encoder was not made yet.
    """
    examples = read_examples(data)
    rows = read_sets(sets, {example.intent for example in examples})
    utterances = [row for each in rows.values() for row in each]
    encoder = OnnxEncoder(encoder_folder(ENCODER), os.cpu_count() or 1)
    copies = find_copies(examples, utterances, encoder.encode)
    unavoidable = [copy for copy in copies if copy.unavoidable]
    leaks = [copy for copy in copies if not copy.unavoidable]
    _list(console, "Too short to be put otherwise", unavoidable, show)
    _list(console, "Copies", leaks, show)
    concerned = len({copy.utterance.row for copy in leaks})
    _say(
        console,
        f"{len(examples):,} examples, {len(utterances):,} utterances from outside: {concerned:,} of these stand in the "
        f"training data ({len(leaks):,} pairs); {len(unavoidable):,} pairs are too short to be put otherwise.",
    )
    return bool(leaks)


def _list(console: Console, title: str, copies: Sequence[Copy], show: bool) -> None:
    if not copies:
        return
    _say(console, f"{title}:")
    for copy in copies:
        told = f": {copy.utterance.text}" if show else ""
        kind = f"{copy.kind} ({copy.nearness:.2f})"
        _say(console, f"  {copy.example.place}: {copy.example.text}\n    {kind} as {copy.utterance.row}{told}")


def _say(console: Console, line: str) -> None:
    # As it is: a sentence may hold what Rich would read as markup.
    console.print(line, markup=False, highlight=False, soft_wrap=True)
