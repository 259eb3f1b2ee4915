"""The report in Markdown, with its pictures beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from nlu_evaluation.measured import Measured
from nlu_evaluation.pictures import draw_confusion, draw_reliability, draw_thresholds
from nlu_evaluation.scores import (
    IntentScore,
    SetScore,
    accuracy,
    calibration_error,
    confusions,
    macro_f1,
    reliability,
    score_intents,
    threshold_curve,
)

MISTAKES = 25


@dataclass(frozen=True)
class OnSets:
    """One pipeline on the outside sets: a score for each, and all their rows together."""

    sets: list[SetScore]
    together: Measured


@dataclass(frozen=True)
class Findings:
    """What was measured; `outside` holds this pipeline first, then the one it is compared with, if any."""

    cross_validated: Measured
    threshold: float | None
    outside: list[OnSets] = field(default_factory=list)

    @property
    def series(self) -> list[Measured]:
        """All that has confidences to draw."""
        outside = [replace(each.together, name=f"outside, {each.together.name}") for each in self.outside]
        return [self.cross_validated, *outside]


def write_report(folder: Path, findings: Findings) -> Path:
    """Writes report.md and its pictures into `folder`; the path of report.md."""
    folder.mkdir(parents=True, exist_ok=True)
    trained = findings.cross_validated
    draw_confusion(folder / "confusion-cross-validation.png", trained.name, trained.expected, trained.likeliest)
    draw_reliability(folder / "reliability.png", findings.series)
    draw_thresholds(folder / "fallback.png", findings.series, findings.threshold)
    parts = ["# How well the bot understands", *_cross_validation(trained)]
    if findings.outside:
        draw_confusion(
            folder / "confusion-outside.png",
            findings.outside[0].together.name,
            findings.outside[0].together.expected,
            findings.outside[0].together.answered,
        )
        parts += _outside(findings.outside)
    parts += _confidence(findings)
    report = folder / "report.md"
    report.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return report


def _cross_validation(measured: Measured) -> list[str]:
    scores = score_intents(measured.expected, measured.likeliest)
    rows = [[score.intent, *_figures(score), str(score.support)] for score in scores]
    return [
        "## Cross-validation",
        f"{len(measured.expected):,} examples, each heard by a pipeline trained without it; the likeliest intent "
        f"counts, before any falling back. Accuracy {accuracy(measured.expected, measured.likeliest):.3f}, "
        f"**macro-F1 {macro_f1(scores):.3f}**.",
        table(["intent", "precision", "recall", "F1", "support"], rows),
        "![Confusion matrix](confusion-cross-validation.png)",
        "### Most frequent mistakes",
        _mistakes(measured.expected, measured.likeliest),
    ]


def _outside(outside: Sequence[OnSets]) -> list[str]:
    ours = outside[0].together
    per_pipeline = [{s.intent: s for s in score_intents(e.together.expected, e.together.answered)} for e in outside]
    rows = []
    for intent, score in per_pipeline[0].items():
        figures = [figure for scores in per_pipeline for figure in _figures(scores[intent])]
        rows.append([intent, *figures, str(score.support)])
    heads = [f"{head}, {each.together.name}" for each in outside for head in ("precision", "recall", "F1")]
    macros = "; ".join(
        f"{each.together.name} **{macro_f1(list(scores.values())):.3f}**"
        for each, scores in zip(outside, per_pipeline, strict=True)
    )
    return [
        "## Utterances from outside",
        "What the bot acts on counts: falling back is out_of_scope. Strict: the label itself; lenient: it or another "
        "acceptable intent; in scope: lenient, without the rows labelled out_of_scope.",
        sets_table(outside),
        "### Intent by intent",
        f"All sets together; an acceptable intent counts as the label. Macro-F1: {macros}.",
        table(["intent", *heads, "support"], rows),
        "![Confusion matrix](confusion-outside.png)",
        f"### Most frequent mistakes, {ours.name}",
        _mistakes(ours.expected, ours.answered),
    ]


def _confidence(findings: Findings) -> list[str]:
    errors = "; ".join(
        f"{each.name} {calibration_error(reliability(each.confidences, each.right)):.3f}" for each in findings.series
    )
    curves = [threshold_curve(each.confidences, each.right) for each in findings.series]
    rows = []
    for points in zip(*curves, strict=True):
        figures = [_figure(figure) for _, share, right in points for figure in (share, right)]
        rows.append([f"{points[0][0]:.2f}", *figures])
    heads = [f"{head}, {each.name}" for each in findings.series for head in ("answered", "accuracy")]
    configured = "none" if findings.threshold is None else f"{findings.threshold:g}"
    return [
        "## Confidence",
        f"How far confidence and the share heard right are apart (expected calibration error): {errors}.",
        "![Reliability](reliability.png)",
        "### Falling back",
        f"The share answered at each threshold, and how much of it is right. Configured: {configured}.",
        table(["threshold", *heads], rows),
        "![Fallback threshold](fallback.png)",
    ]


def sets_table(outside: Sequence[OnSets]) -> str:
    """A row for each set and pipeline."""
    heads = ["set", "rows", "pipeline", "strict", "lenient", "in scope", "out of scope: precision", "recall"]
    rows = [[score.name, str(score.rows), name, *map(_figure, shares)] for name, score, shares in set_rows(outside)]
    return table(heads, rows)


def set_rows(outside: Sequence[OnSets]) -> list[tuple[str, SetScore, tuple[float | None, ...]]]:
    """For each set and pipeline: the pipeline's name, the score, and its shares in the order of the table's heads."""
    return [
        (name, score, (score.strict, score.lenient, score.in_scope, score.oos_precision, score.oos_recall))
        for scores in zip(*(each.sets for each in outside), strict=True)
        for name, score in zip((each.together.name for each in outside), scores, strict=True)
    ]


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; the first column is words, the rest figures."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _figures(score: IntentScore) -> list[str]:
    return [_figure(share) for share in (score.precision, score.recall, score.f1)]


def _figure(share: float | None) -> str:
    return "-" if share is None else f"{share:.3f}"


def _mistakes(expected: Sequence[str], got: Sequence[str]) -> str:
    rows = [[wanted, heard, str(count)] for wanted, heard, count in confusions(expected, got, MISTAKES)]
    return table(["expected", "heard", "times"], rows)
