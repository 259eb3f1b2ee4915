"""How the desk's commands show what they did and what there is."""

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

import order_store
from casework.acting import Acting
from casework.cases import shop_zone
from order_store import Base

from .commands import commands_of


def say_state(row: Base) -> None:
    """One line: what the row is called, its state, and the commands that can come next."""
    state = ", ".join(f"{column} {value}" for column, value in order_store.state_of(row).items())
    possible = commands_of(order_store.lifecycle_of(row).name, order_store.possible_events(row))
    say(f"{order_store.name_of(row)}: {state}; possible now: {possible}")


def say(text: str) -> None:
    """One line, as it is."""
    Console().print(text, markup=False, highlight=False, soft_wrap=True)


def show_rows(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], nothing: str) -> None:
    """A table, or `nothing` where there is no row."""
    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*("-" if value is None else escape(str(value)) for value in row))
    if table.row_count:
        Console().print(table)
    else:
        say(nothing)


def show_facts(title: str, facts: Iterable[tuple[str, Any]]) -> None:
    """What is known of one case; what is not known is left out."""
    table = Table(title=title, title_justify="left", show_header=False)
    for name, value in facts:
        if value is not None:
            table.add_row(name, escape(str(value)))
    Console().print(table)


def show_history(acting: Acting, row: Base, shop: order_store.Shop) -> None:
    """Everything that happened to the row: when in the shop's zone, what, who, why, from which state to which."""
    zone = shop_zone(shop)
    show_rows(
        "What happened",
        (f"when ({zone.key})", "what", "who", "why", "change"),
        (
            (
                entry.at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
                entry.what,
                entry.who,
                entry.why,
                _change(entry.details),
            )
            for entry in order_store.history(acting.session, row)
        ),
        "The audit trail holds nothing of it.",
    )


def _change(details: dict[str, Any]) -> str:
    before, after = details.get("from", {}), details.get("to", {})
    return ", ".join(f"{column}: {before.get(column, '?')} > {state}" for column, state in after.items())
