"""What the intent classifier keeps of its training: plain arrays in one file, nothing in it is code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.nlu.kernel_machine import Axes, Floats, Kernel, Solution, product_on_one_core
from bot.nlu.ngrams import KINDS, Vocabulary


@dataclass(frozen=True)
class Learnt:
    """The intents' names, and all it takes to tell their chances for a text and its sentence vector."""

    intents: list[str]
    kernel: Kernel
    vocabulary: Vocabulary
    axes: Axes
    examples: Floats
    solution: Solution

    def chances(self, text: str, vector: Floats | None) -> Floats | None:
        """The chance of each intent, (intents,); None for a text that has no n-gram met in training and no vector."""
        places, values = self.vocabulary.features(text)
        if vector is None and not len(places):
            return None
        scores = product_on_one_core(self.solution.word_weights[places].T, values)
        if vector is not None:
            cosines = product_on_one_core(self.examples, self.axes.one_of_unit_length(vector))
            scores += product_on_one_core(self.solution.example_weights.T, self.kernel.of_cosines(cosines))
        return self.solution.chances(scores)

    def save(self, file: Path) -> None:
        """Writes it to `file`, an .npz."""
        np.savez(
            file,
            intents=np.array(self.intents),
            kernel=np.array([self.kernel.words, self.kernel.meaning, self.kernel.sharpness]),
            **{f"ngrams_{place}": _lines(ngrams) for place, ngrams in enumerate(self.vocabulary.ngrams)},
            centre=self.axes.centre,
            scale=self.axes.scale,
            axes=self.axes.axes,
            examples=self.examples,
            word_weights=self.solution.word_weights,
            example_weights=self.solution.example_weights,
            stretch=np.array(self.solution.stretch),
        )

    @classmethod
    def load(cls, file: Path) -> Learnt:
        """What `save` wrote. Raises ValueError for a file that holds anything but arrays."""
        with np.load(file, allow_pickle=False) as arrays:
            words, meaning, sharpness = map(float, arrays["kernel"])
            return cls(
                intents=[str(name) for name in arrays["intents"]],
                kernel=Kernel(words, meaning, sharpness),
                vocabulary=Vocabulary([_words(arrays[f"ngrams_{place}"]) for place in range(len(KINDS))]),
                axes=Axes(arrays["centre"], arrays["scale"], arrays["axes"]),
                examples=arrays["examples"],
                solution=Solution(arrays["word_weights"], arrays["example_weights"], float(arrays["stretch"])),
            )


def _lines(ngrams: list[str]) -> NDArray[np.uint8]:
    # An n-gram holds no line break, and as an array of text each would take the room of the longest.
    return np.frombuffer("\n".join(ngrams).encode(), dtype=np.uint8)


def _words(lines: NDArray[Any]) -> list[str]:
    told = lines.tobytes().decode()
    return told.split("\n") if told else []
