"""The pictures of the report, as PNG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from nlu_evaluation.measured import Measured
from nlu_evaluation.scores import calibration_error, confusion_shares, reliability, threshold_curve

# Told apart by those who see few colours (Okabe and Ito), and by their marks without any.
COLOURS = ("#0072b2", "#d55e00", "#009e73")
MARKS = ("o", "s", "^")
# A share below this is not written into its cell.
SHOWN = 0.05


def draw_confusion(file: Path, title: str, expected: Sequence[str], got: Sequence[str]) -> None:
    """Per intent (row) the share heard as each (column)."""
    intents, shares = confusion_shares(expected, got)
    figure, axes = _canvas(2 + 0.36 * len(intents), 2 + 0.34 * len(intents))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    places = range(len(intents))
    axes.set_xticks(places, labels=intents, rotation=90, fontsize=8)
    axes.set_yticks(places, labels=intents, fontsize=8)
    for row in places:
        for column in places:
            if shares[row, column] >= SHOWN:
                ink = "white" if shares[row, column] > 0.5 else "black"
                told = f"{100 * shares[row, column]:.0f}"
                axes.text(column, row, told, ha="center", va="center", fontsize=6, color=ink)
    axes.set_xlabel("heard")
    axes.set_ylabel("expected")
    axes.set_title(f"{title}: % of each intent heard as each")
    _save(figure, file)


def draw_reliability(file: Path, series: Sequence[Measured]) -> None:
    """How often the likeliest intent is right where the pipeline says it is that sure."""
    figure, axes = _canvas(6, 5.5)
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1, linestyle=":", label="as sure as right")
    for each, colour, mark in zip(series, COLOURS, MARKS, strict=False):
        bins = reliability(each.confidences, each.right)
        label = f"{each.name} (off by {calibration_error(bins):.3f})"
        axes.plot([b.confidence for b in bins], [b.right for b in bins], color=colour, marker=mark, label=label)
    axes.set_xlabel("confidence")
    axes.set_ylabel("share heard right")
    axes.set_title("Reliability")
    _frame(axes)
    _save(figure, file)


def draw_thresholds(file: Path, series: Sequence[Measured], configured: float | None) -> None:
    """What a fallback threshold buys: the accuracy of what is answered, against the share that is."""
    figure, axes = _canvas(7, 5.5)
    for each, colour, mark in zip(series, COLOURS, MARKS, strict=False):
        curve = threshold_curve(each.confidences, each.right)
        thresholds = [threshold for threshold, _, _ in curve]
        accuracies = [float("nan") if right is None else right for _, _, right in curve]
        axes.plot(thresholds, accuracies, color=colour, marker=mark, markersize=4, label=f"{each.name}: accuracy")
        shares = [share for _, share, _ in curve]
        axes.plot(thresholds, shares, color=colour, linestyle="--", label=f"{each.name}: answered")
    if configured is not None:
        axes.axvline(configured, color="grey", linewidth=1, linestyle=":", label=f"configured: {configured:g}")
    axes.set_xlabel("fallback threshold")
    axes.set_ylabel("share")
    axes.set_title("Accuracy of what is answered, and the share answered")
    _frame(axes)
    _save(figure, file)


def _canvas(width: float, height: float) -> tuple[Figure, Axes]:
    # Without pyplot: nothing asks for a display.
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure, figure.add_subplot()


def _frame(axes: Axes) -> None:
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.02)
    axes.grid(color="#dddddd", linewidth=0.5)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.11), ncol=2, fontsize=7)


def _save(figure: Figure, file: Path) -> None:
    figure.savefig(file, dpi=110, bbox_inches="tight")
