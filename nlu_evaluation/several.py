"""How often a message that asks for one thing is taken for several requests, at one threshold and the next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.nlu.further_requests import Heard, requests_in
from bot.nlu.pieces import pieces_of
from nlu_evaluation.cross_validation import load_examples
from nlu_evaluation.pipeline import Understanding

THRESHOLDS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9)


def taken_for_several(understanding: Understanding, texts: Sequence[str]) -> dict[float, list[str]]:
    """For each threshold those of `texts` in which two requests or more are found."""
    joined = [(text, pieces) for text in texts if len(pieces := pieces_of(text)) > 1]
    heard = iter(understanding.hear([piece.text for _, pieces in joined for piece in pieces]))
    told = [
        (text, [Heard(piece, said.answered, said.confidence) for piece, said in zip(pieces, heard, strict=False)])
        for text, pieces in joined
    ]
    return {
        threshold: [text for text, pieces in told if len(requests_in(pieces, threshold)) > 1]
        for threshold in THRESHOLDS
    }


def tell_several(console: Console, model: Path, data: Path) -> None:
    """Print the share of the examples in `data`, one request each, that the trained `model` takes for several.

    The model has learnt the examples whole, though not their pieces: on new messages it does a little worse.
    """
    texts = [example.get("text") for example in load_examples(data)]
    found = taken_for_several(Understanding.of_archive(model), texts)
    table = Table("threshold", "taken for several", f"of {len(texts)}")
    for threshold, taken in found.items():
        table.add_row(f"{threshold:.2f}", str(len(taken)), f"{len(taken) / max(1, len(texts)):.2%}")
    console.print(table)
