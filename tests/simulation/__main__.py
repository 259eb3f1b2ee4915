"""A run as it is asked for: `python -m tests.simulation [--customers 100] [--seed 1] [--worst 5] …`."""

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from tests.chaos.house import House
from tests.chaos.stores import empty_store
from tests.running import ROOT, System
from tests.simulation.outcome import Outcome, show_talk
from tests.simulation.running import simulate

KEPT = ROOT / "var" / "simulation"


def main(arguments: list[str]) -> int:
    """Runs the customers of a seed and prints what came of it; 1 if that is not good enough.

    Every talk is kept below var/simulation, to be read.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--customers", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--worst", type=int, default=5, help="how many of the worst talks are printed")
    asked = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started ends as well
    console = Console()
    with tempfile.TemporaryDirectory(prefix="aftercare-simulation-") as name:
        folder = Path(name)
        with empty_store(asked.database, folder) as (database, _):
            house = House(folder, database)
            try:
                house.start()
                began = time.monotonic()
                findings = list(simulate(System(house.url, database, 0, 0.0), asked.customers, asked.seed))
                outcome = Outcome(findings, time.monotonic() - began)
            finally:
                house.stop()
    outcome.show(console, asked.worst)
    kept = KEPT / f"{asked.database}-{asked.customers}-{asked.seed}.txt"
    kept.parent.mkdir(parents=True, exist_ok=True)
    with kept.open("w", encoding="utf-8") as file:
        paper = Console(file=file, width=200)
        for each in (*outcome.worst(), *(each for each in findings if each not in outcome.worst())):
            show_talk(paper, each)
    console.print(f"Every talk is in {kept.relative_to(ROOT)}")
    return 0 if outcome.is_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
