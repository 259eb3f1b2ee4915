"""What an import did, what it refused and why, and what the file told that an order here cannot hold."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from order_store.importing.fields import Problem
from order_store.importing.losses import LEFT_OUT, LOSSES

MOST_LISTED: Final = 10_000
"""Refused orders listed one by one; the rest is counted, so that a file of nothing else takes no memory."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An order left out: its place in the file (both counted from 1), its number if told, what is wrong."""

    item: int
    line: int | None
    number: str | None
    problems: tuple[Problem, ...]

    @property
    def where(self) -> str:
        """The place in words: "line 7", or "item 3" where there are no lines."""
        return f"item {self.item}" if self.line is None else f"line {self.line}"

    @property
    def path(self) -> str:
        """The path of the first wrong field; empty when the order could not be read at all."""
        return self.problems[0].path

    @property
    def message(self) -> str:
        """What the first wrong field holds and what was expected."""
        return self.problems[0].message


@dataclass(slots=True)
class ImportReport:
    """How many orders were new, changed or unchanged, and each refused one.

    Of another shop system's file: `left_out` counts the orders not taken by the code of why, `withdrawn` those
    of them that went out of the store, `losses` the orders taken by the code of what of them had no place.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    refused: list[Refused] = field(default_factory=list)
    refused_unlisted: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    losses: Counter[str] = field(default_factory=Counter)

    @property
    def refused_count(self) -> int:
        """All orders refused, listed or not."""
        return len(self.refused) + self.refused_unlisted

    @property
    def total(self) -> int:
        """All orders told."""
        return self.new + self.changed + self.unchanged + self.left_out.total() + self.refused_count

    @property
    def left_out_in_words(self) -> list[tuple[str, int]]:
        """Why orders were not taken, and how many, the most common reason first."""
        return [(LEFT_OUT[code], count) for code, count in self.left_out.most_common()]

    @property
    def losses_in_words(self) -> list[tuple[str, int]]:
        """What of orders taken had no place, and of how many, the most common loss first."""
        return [(LOSSES[code], count) for code, count in self.losses.most_common()]

    def refuse(self, refused: Refused) -> None:
        """Counts a refused order, and lists it among the first."""
        if len(self.refused) < MOST_LISTED:
            self.refused.append(refused)
        else:
            self.refused_unlisted += 1
