"""A turn of the chat: the bot as shipped beside the same bot with Rasa's default pipeline."""

import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.running import processes_of, running

from .bots import SHIPPED, default_pipeline_model
from .talking import USERS, Talk


def measure(console: Console) -> None:
    """Prints the table."""
    turns = Table("bot", "p50 of a turn", f"messages/s, {USERS} users", "ready after", "Rasa's memory", title="Turns")
    models = {"as shipped": SHIPPED, "Rasa's default pipeline (DIET + TED)": default_pipeline_model(console)}
    for name, model in models.items():
        with tempfile.TemporaryDirectory() as folder, running(Path(folder), AFTERCARE_MODEL=str(model)) as system:
            talk = Talk(system)
            p50 = talk.turn_seconds()
            throughput = talk.messages_a_second()
            turns.add_row(
                name,
                f"{p50 * 1000:.0f} ms",
                f"{throughput:.1f}",
                f"{system.boot_seconds:.0f} s",
                f"{max(each.resident_mb for each in processes_of(system) if ' run ' in each.command):,.0f} MB",
            )
    console.print(turns)
