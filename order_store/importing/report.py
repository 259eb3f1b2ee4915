"""What an import did, and what it refused and why."""

from dataclasses import dataclass, field

from order_store.importing.fields import Problem


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
    """How many orders were new, changed or unchanged, and each refused one."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[Refused] = field(default_factory=list)

    @property
    def total(self) -> int:
        """All orders told."""
        return self.new + self.changed + self.unchanged + len(self.refused)
