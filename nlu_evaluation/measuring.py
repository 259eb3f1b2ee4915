"""Measures the pipeline of config.yml and, on outside sets, Rasa's default pipeline beside it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from rasa.shared.nlu.constants import INTENT
from rich.console import Console
from rich.table import Table

from benchmarks.bots import MADE, ROOT, default_understanding_model
from nlu_evaluation.cross_validation import cross_validate, load_examples
from nlu_evaluation.measured import Measured
from nlu_evaluation.outside import Utterance, read_sets
from nlu_evaluation.pipeline import Heard, Pipeline, Understanding
from nlu_evaluation.report import Findings, OnSets, set_rows, write_report
from nlu_evaluation.scores import SetScore, accuracy, macro_f1, score_intents, score_set

WEAKEST = 5
OURS = "ours"


class DefaultPipelineError(Exception):
    """Rasa's default pipeline could not be trained; the message says where to look."""


def measure(console: Console, folder: Path, sets: Path | None, epochs: int) -> None:
    """Measures, writes the report into `folder` and prints its summary; with `epochs` 0 nothing is compared.

    Raises:
        OutsideSetError: an outside set cannot be read.
        DefaultPipelineError: training what is compared with failed.
    """
    examples = load_examples(ROOT / "bot" / "data" / "nlu")
    intents = [example.get(INTENT) for example in examples]
    rows = read_sets(sets, set(intents)) if sets else {}
    pipeline = Pipeline(ROOT / "config.yml")
    heard = cross_validate(pipeline, examples, console.print)
    trained = Measured.of_examples("cross-validation", intents, heard)
    outside = []
    if rows:
        console.print("Training on every example …")
        outside.append(_on_sets(OURS, pipeline.train(examples), rows))
    if rows and epochs:
        outside.append(_on_sets(f"Rasa's default, {epochs} epochs", _default_understanding(console, epochs), rows))
    findings = Findings(trained, pipeline.threshold, outside)
    report = write_report(folder, findings)
    _summarise(console, findings)
    console.print(f"All of it: {report.relative_to(ROOT)}")


def _default_understanding(console: Console, epochs: int) -> Understanding:
    try:
        return Understanding.of_archive(default_understanding_model(console, epochs))
    except subprocess.CalledProcessError:
        log = (MADE / f"default-nlu-{epochs}-training.log").relative_to(ROOT)
        raise DefaultPipelineError(f"Rasa's default pipeline could not be trained; {log} says why.") from None


def _on_sets(name: str, understanding: Understanding, sets: Mapping[str, Sequence[Utterance]]) -> OnSets:
    """All sets at once through one understanding."""
    scores: list[SetScore] = []
    every_row: list[Utterance] = []
    every_heard: list[Heard] = []
    for set_name, rows in sets.items():
        heard = understanding.hear([row.text for row in rows])
        scores.append(score_set(set_name, rows, [each.answered for each in heard]))
        every_row += rows
        every_heard += heard
    return OnSets(scores, Measured.of_utterances(name, every_row, every_heard))


def _summarise(console: Console, findings: Findings) -> None:
    measured = findings.cross_validated
    scores = score_intents(measured.expected, measured.likeliest)
    right = accuracy(measured.expected, measured.likeliest)
    console.print(
        f"Cross-validation of {len(measured.expected):,} examples, {len(scores)} intents: "
        f"macro-F1 {macro_f1(scores):.3f}, accuracy {right:.3f}"
    )
    weakest = sorted(scores, key=lambda score: score.f1)[:WEAKEST]
    console.print("Weakest: " + ", ".join(f"{score.intent} {score.f1:.2f}" for score in weakest))
    if not findings.outside:
        return
    heads = ("set", "rows", "pipeline", "strict", "lenient", "in scope", "oos P", "oos R")
    shown = Table(*heads, title="Utterances from outside")
    for name, score, shares in set_rows(findings.outside):
        shown.add_row(score.name, str(score.rows), name, *("-" if s is None else f"{s:.3f}" for s in shares))
    console.print(shown)
