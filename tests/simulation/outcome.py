"""What came of a run: a table to read, the worst talks in full, and whether it is good enough."""

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from tests.simulation.judging import Findings
from tests.simulation.talk import Talk, digest, labels_of

SOLVED = 0.95
MEDIAN_TURNS = 6
INDENT = "        "


@dataclass(frozen=True)
class Outcome:
    """The findings of all customers of a run that took so many `seconds`."""

    findings: Sequence[Findings]
    seconds: float

    @property
    def wrong(self) -> int:
        return sum(len(each.wrong) for each in self.findings)

    @property
    def unasked(self) -> int:
        return sum(len(each.unasked) for each in self.findings)

    @property
    def leaks(self) -> int:
        return sum(len(each.leaks) for each in self.findings)

    @property
    def solved(self) -> float:
        """The share of customers whose matter was settled."""
        return sum(each.unsolved is None for each in self.findings) / len(self.findings)

    @property
    def turns(self) -> Sequence[int]:
        """How many messages the customers needed whose matter was settled."""
        return [each.turns for each in self.findings if each.unsolved is None] or [0]

    @property
    def is_good(self) -> bool:
        grave = self.wrong or self.unasked or self.leaks
        return not grave and self.solved >= SOLVED and statistics.median(self.turns) <= MEDIAN_TURNS

    @property
    def digest(self) -> str:
        """The same for two runs in which everybody said and was told the same, and the same was found."""
        found = [
            (each.wrong, each.unasked, each.leaks, each.unsolved, each.asked_twice, each.fallbacks, each.misheard)
            for each in self.findings
        ]
        return digest((each.talk for each in self.findings), found)

    def show(self, console: Console, worst: int) -> None:
        """Prints the table, then as many of the worst talks."""
        table = Table("what", "found", "wanted", title=f"{len(self.findings)} customers in {self.seconds:.0f} s")
        table.add_row("wrong claims", str(self.wrong), "0")
        table.add_row("writes without a yes", str(self.unasked), "0")
        table.add_row("facts leaked before identity", str(self.leaks), "0")
        table.add_row("matters settled", f"{self.solved:.1%}", f"{SOLVED:.0%} or more")
        table.add_row("messages until then, median", f"{statistics.median(self.turns):g}", f"{MEDIAN_TURNS} or fewer")
        table.add_row("messages until then, 95 in 100", f"{_percentile(self.turns, 0.95)}", "")
        misheard = sum(each.misheard for each in self.findings)
        table.add_row("misheard, said back, to be put right", str(misheard), "")
        table.add_row("not understood", str(sum(each.fallbacks for each in self.findings)), "")
        table.add_row("asked twice", str(sum(len(each.asked_twice) for each in self.findings)), "")
        console.print(table)
        console.print(self._by_goal())
        console.print(f"sha256 of all talks and findings: {self.digest}", highlight=False, soft_wrap=True)
        for each in self.worst()[:worst]:
            show_talk(console, each)

    def worst(self) -> Sequence[Findings]:
        """Those with anything to read about, the gravest first."""
        found = [each for each in self.findings if each.is_grave or each.unsolved or each.fallbacks or each.asked_twice]
        return sorted(
            found,
            key=lambda each: (
                -len(each.leaks) - len(each.unasked),
                -len(each.wrong),
                each.unsolved is None,
                -each.fallbacks - len(each.asked_twice),
                -each.turns,
            ),
        )

    def _by_goal(self) -> Table:
        by_goal: dict[str, list[Findings]] = defaultdict(list)
        for each in self.findings:
            by_goal[each.goal].append(each)
        table = Table("goal", "customers", "settled", "messages", "not understood", "asked twice")
        for goal, found in sorted(by_goal.items()):
            solved = [each for each in found if each.unsolved is None]
            turns = statistics.median(each.turns for each in solved) if solved else 0
            lost, twice = sum(each.fallbacks for each in found), sum(len(each.asked_twice) for each in found)
            table.add_row(goal, str(len(found)), str(len(solved)), f"{turns:g}", str(lost), str(twice))
        return table


def _percentile(values: Sequence[int], share: float) -> int:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def show_talk(console: Console, findings: Findings) -> None:
    """What is wrong with a talk, and the talk."""
    console.rule(f"{findings.talk.name}: {findings.goal}")
    for what in (*findings.wrong, *findings.unasked, *findings.leaks, findings.unsolved, *findings.asked_twice):
        if what is not None:
            console.print(what, style="red", markup=False, highlight=False)
    for line in lines_of(findings.talk):
        console.print(line, markup=False, highlight=False)


def lines_of(talk: Talk) -> list[str]:
    """A talk as it reads."""
    lines = []
    for place, turn in enumerate(talk.turns, start=1):
        lines.append(f"{place:>4} >  {turn.said}")
        for reply in turn.replies:
            lines += [f"{INDENT}{line}" for line in str(reply["text"]).splitlines()]
            if labels := labels_of(reply):
                lines.append(f"{INDENT}[{'] ['.join(labels)}]")
        if turn.rows:
            stored = [" ".join(str(part) for part in row if part is not None) for row in turn.rows]
            lines.append(f"{INDENT}(stored: {', '.join(stored)})")
    return lines
