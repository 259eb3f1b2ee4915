"""Gives understanding the demo shops' names to train with, as long as nobody has written a shop's own."""

from __future__ import annotations

from setup.layout import Layout
from setup.running import run


class Vocabulary:
    """var/vocabulary.yml: product names and order-number patterns, read in training."""

    name = "vocabulary"

    def __init__(self, layout: Layout) -> None:
        """Nothing is looked at before `is_done`."""
        self._layout = layout

    def is_done(self) -> bool:
        """Whether there is one; whose it is, is the shop's business."""
        return self._layout.vocabulary.is_file()

    def do(self) -> str:
        """Writes the demo's, from its files.

        Raises:
            SetupProblemError: it failed; its last lines say why.
        """
        layout = self._layout
        command = [layout.app / "bin" / "aftercare", "vocabulary", "--demo", "--out", layout.vocabulary]
        run(layout, "vocabulary", command)
        return "of the demo shops"
