"""`aftercare migrate` and `aftercare demo`: the store made current, and filled with something to try."""

import os

from rich.console import Console

from casework.clock import Clock

from .demo import load_demo
from .importing import exit_on_error, opened_store


def show_current() -> None:
    """Migrate the store and say so."""
    with exit_on_error(Console(stderr=True)), opened_store() as database:
        Console().print(f"{database.name} is up to date", markup=False, highlight=False)


def show_demo() -> None:
    """Load the demo, or date it anew when it is older than a day, and print what to try."""
    output = Console()
    with exit_on_error(Console(stderr=True)), opened_store() as database:
        loaded = load_demo(database, Clock.from_environment(os.environ).now())
        output.print("Demo shops loaded" if loaded.loaded else "Demo shops are fresh")
        for line in loaded.lines():
            output.print(line, markup=False, highlight=False)
