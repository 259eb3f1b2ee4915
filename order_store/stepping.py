"""What a lifecycle is made of: columns of states, and the steps that change them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

CASE: Final = "case"
"""The column that is open until the row has the instant of its closing."""

CASE_STATES: Final = ("open", "closed")


@dataclass(frozen=True, slots=True)
class Step:
    """One way `event` can go: `needs` the states a column may be in, `leads_to` the states it sets."""

    event: str
    needs: Mapping[str, tuple[str, ...]]
    leads_to: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """`columns` with their states, the first one where a row begins; `given` columns no step ever changes.

    `name` is the subject's in the audit trail. `ends`: the column with the instant a row was closed at.
    """

    name: str
    columns: Mapping[str, tuple[str, ...]]
    steps: tuple[Step, ...]
    ends: str | None = None
    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def beginning(self) -> dict[str, str]:
        """The state a row begins in, by column."""
        return {column: each[0] for column, each in self.columns.items()}

    @property
    def events(self) -> tuple[str, ...]:
        """Every event there is, in the order told."""
        return tuple(dict.fromkeys(step.event for step in self.steps))

    def step(self, event: str, state: Mapping[str, str]) -> Step | None:
        """The step `event` takes from `state`, which names every column, the given ones too; None: impossible."""
        fitting = (step for step in self.steps if step.event == event)
        return next(
            (step for step in fitting if all(state[column] in needed for column, needed in step.needs.items())), None
        )

    def possible(self, state: Mapping[str, str]) -> tuple[str, ...]:
        """The events that can happen in `state`."""
        return tuple(event for event in self.events if self.step(event, state) is not None)


def step(event: str, /, **columns: str) -> Step:
    """A step as it is told: "sent|lost > received" needs sent or lost and makes received; without ">" only needs."""
    needs: dict[str, tuple[str, ...]] = {}
    leads_to: dict[str, str] = {}
    for column, told in columns.items():
        needed, _, becomes = told.partition(" > ")
        needs[column] = tuple(needed.split("|"))
        if becomes:
            leads_to[column] = becomes
    return Step(event, needs, leads_to)


def while_open(event: str, /, **columns: str) -> Step:
    """A step of a case that is not closed."""
    return step(event, case="open", **columns)
