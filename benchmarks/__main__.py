"""`python -m benchmarks`: every measurement, as tables.

Ratios within one run count; absolute figures are the machine's.
"""

import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from policy_core import Programme
from tests.running import processes_of, running

from .bots import SHIPPED, default_pipeline_model
from .deciding import cases_a_second
from .talking import USERS, Talk


def main() -> None:
    """Measure and print."""
    console = Console()
    verdicts = Table("verdicts, one core", "cases a second", title="policy_core")
    verdicts.add_row("one programme each, mixed", f"{cases_a_second([[each] for each in Programme]):,.0f}")
    verdicts.add_row("all three programmes", f"{cases_a_second([list(Programme)]):,.0f}")
    console.print(verdicts)

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


if __name__ == "__main__":
    main()
