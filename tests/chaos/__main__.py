"""A storm as it is asked for: `python -m tests.chaos [--kills 200] [--seed 1] [--database sqlite|postgresql]`."""

import argparse
import random
import signal
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from tests.chaos.killing import plan
from tests.chaos.running import CUSTOMERS, storm_over
from tests.chaos.stores import empty_store
from tests.running import ROOT

EVIDENCE = ROOT / "var" / "chaos"


def main(arguments: list[str]) -> int:
    """Runs one storm and prints what came of it; 1, with the evidence below var/chaos, if anything does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--customers", type=int, default=CUSTOMERS)
    asked = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started ends as well
    console = Console()
    victims = plan(asked.kills, random.Random(asked.seed), on_postgresql=asked.database == "postgresql")
    with tempfile.TemporaryDirectory(prefix="aftercare-chaos-") as name:
        folder = Path(name)
        with empty_store(asked.database, folder) as (database, server_folder):
            outcome = storm_over(
                database,
                folder,
                victims,
                asked.seed,
                customers=asked.customers,
                server_folder=server_folder,
                told=lambda kill: console.print(f"{kill.at:7.1f} s  {kill.victim}", highlight=False),
            )
            outcome.show(console)
            if not outcome.violations:
                return 0
            evidence = EVIDENCE / f"{asked.database}-{asked.kills}-{asked.seed}"
            outcome.keep(evidence, database, folder)
            console.print(f"The evidence is in {evidence.relative_to(ROOT)}")
            return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
