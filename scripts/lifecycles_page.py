"""Writes docs/lifecycles.md from the machines: python -m scripts.lifecycles_page

The page is never edited by hand; what it says stands in order_store/machines.py.
"""

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from order_store import machines
from order_store.stepping import CASE, Lifecycle, Step

PAGE = Path(__file__).resolve().parents[1] / "docs" / "lifecycles.md"
COMMAND = ".venv/bin/python -m scripts.lifecycles_page"

_INTRODUCTION = f"""\
# Lifecycles

Everything granted goes through states, and changes them by the steps below alone. A case has a column for each
thing that moves by itself: of a return, where the goods are, what was decided, and what became of the money. One
status could not tell that two of three pieces came and one of them was refunded. `{CASE}` is no column of its own:
a case is closed once it has the instant of its closing.

A step that the present state does not allow is refused by name, with what is possible instead, and changes nothing.
One that is taken writes who, when, why, from which state and to which into the audit trail, which can only grow.
The commands that take them are in [desk.md](desk.md).

The page is made from `order_store/machines.py` by `{COMMAND}`.
"""


def page() -> str:
    """The page, as it should be."""
    return "\n".join([_INTRODUCTION, *(section for lifecycle in machines.MACHINES for section in _sections(lifecycle))])


def _sections(lifecycle: Lifecycle) -> Iterator[str]:
    yield f"## {lifecycle.name}\n\n{_meaning(lifecycle)}\n"
    for column, states in lifecycle.columns.items():
        if column != CASE:
            yield f"`{column}` begins as `{states[0]}`:\n\n{_diagram(lifecycle, column)}\n"
    yield _table(lifecycle)


def _meaning(lifecycle: Lifecycle) -> str:
    """The sentence below the machine's definition."""
    source = inspect.getsource(machines)
    name = next(name for name, value in vars(machines).items() if value is lifecycle)
    found = re.search(rf'^{name}: Final = .*?^"""(.*?)"""', source, re.M | re.S)
    return found[1] if found else ""


def _diagram(lifecycle: Lifecycle, column: str) -> str:
    arrows = [f"    [*] --> {lifecycle.columns[column][0]}"]
    for step in lifecycle.steps:
        if column in step.leads_to:
            arrows += [f"    {state} --> {step.leads_to[column]}: {step.event}" for state in step.needs[column]]
    return "\n".join(["```mermaid", "stateDiagram-v2", *dict.fromkeys(arrows), "```"])


def _table(lifecycle: Lifecycle) -> str:
    rows = [f"| `{step.event}` | {_needs(step)} | {_leads_to(step)} |" for step in lifecycle.steps]
    return "\n".join(["| step | needs | leads to |", "|---|---|---|", *rows, ""])


def _needs(step: Step) -> str:
    return " · ".join(f"{column} {' or '.join(states)}" for column, states in step.needs.items())


def _leads_to(step: Step) -> str:
    return " · ".join(f"{column} **{state}**" for column, state in step.leads_to.items())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE} is written\n")
