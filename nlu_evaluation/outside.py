"""Reads utterances that were not written for the product and never enter its data: they measure it.

A set is a file `*.tsv`, each line an utterance, a tab, its intent and, after another tab, other acceptable
intents with commas between them. What the bot should not answer is labelled out_of_scope.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

OUT_OF_SCOPE = "out_of_scope"
FALLBACK = "nlu_fallback"


class OutsideSetError(Exception):
    """A set that cannot be read; the message says where and why."""


@dataclass(frozen=True)
class Utterance:
    """One line of a set: what should be understood is `intent`, or one of `accepted`."""

    set_name: str
    line: int
    text: str
    intent: str
    accepted: frozenset[str] = frozenset()

    @property
    def row(self) -> str:
        """What it is called where its text is not shown: `shop_chat:12`."""
        return f"{self.set_name}:{self.line}"


def read_sets(place: Path, intents: Collection[str]) -> dict[str, list[Utterance]]:
    """The utterances of each set in the folder `place` (or of the one file), by the set's name.

    Raises:
        OutsideSetError: no set is there, or a line has no tab or names an intent that is none of `intents`.
    """
    files = sorted(place.glob("*.tsv")) if place.is_dir() else [place]
    if not files or not all(file.is_file() for file in files):
        raise OutsideSetError(f"No sets in {place}: expected *.tsv, each line an utterance, a tab and its intent.")
    return {file.stem: _read(file, intents) for file in files}


def _read(file: Path, intents: Collection[str]) -> list[Utterance]:
    utterances = []
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError:
        raise OutsideSetError(f"{file} is not UTF-8.") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        text, intent, others = [*line.rstrip("\r").split("\t"), "", ""][:3]
        accepted = frozenset(other.strip() for other in others.split(",")) - {""}
        for named in (intent, *sorted(accepted)):
            if named not in intents:
                raise OutsideSetError(
                    f"{file}, line {number}: {named!r} is no intent of the bot; expected an utterance, a tab and "
                    f"one of {', '.join(sorted(intents))}."
                )
        utterances.append(Utterance(file.stem, number, text, intent, accepted))
    if not utterances:
        raise OutsideSetError(f"{file} holds no utterance.")
    return utterances
