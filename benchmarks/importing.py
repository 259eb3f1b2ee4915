"""Orders a second into the store, through the command itself, and the memory it takes for a million of them."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.postgres import INSTALL, closing_database, private_server

from .sample_orders import prepare, told_orders

ROOT = Path(__file__).resolve().parent.parent
ON_POSTGRESQL = 1_000_000
ON_SQLITE = 100_000


@dataclass(frozen=True)
class Run:
    """One run of the command: orders a second, orders for each of its own CPU seconds, its peak memory."""

    a_second: float
    a_cpu_second: float
    peak_mb: float


def measure(console: Console, on_postgresql: int = ON_POSTGRESQL, on_sqlite: int = ON_SQLITE) -> None:
    """Prints the table. Every file is imported twice: the second time everything in it is known."""
    table = Table(
        *("database", "orders", "new/s", "new per CPU second", "unchanged/s", "peak memory"),
        title="aftercare import",
    )
    with tempfile.TemporaryDirectory() as folder, private_server({}) as server:
        stores = {"SQLite": (f"sqlite:///{folder}/bench.db", on_sqlite)}
        if server is None:
            console.print(f"PostgreSQL is left out. {INSTALL}")
        else:
            stores["PostgreSQL, as it comes"] = (server.url("aftercare_template"), on_postgresql)
        for name, (url, count) in stores.items():
            file = Path(folder) / "orders.jsonl"
            with file.open("w", encoding="utf-8") as lines:
                lines.writelines(json.dumps(order) + "\n" for order in told_orders(count))
            with closing_database(url) as database:
                prepare(database)
            new, unchanged = (_run(file, url, count) for _ in range(2))
            table.add_row(
                *(name, f"{count:,}", f"{new.a_second:,.0f}", f"{new.a_cpu_second:,.0f}"),
                *(f"{unchanged.a_second:,.0f}", f"{max(new.peak_mb, unchanged.peak_mb):,.0f} MB"),
            )
    console.print(table)


def _run(file: Path, url: str, count: int) -> Run:
    began = time.perf_counter()
    command = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "cli", "import", str(file)],
        cwd=ROOT,
        env={**os.environ, "AFTERCARE_DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(command.pid, 0)
    seconds = time.perf_counter() - began
    command.returncode = os.waitstatus_to_exitcode(status)
    if command.returncode != 0:
        raise RuntimeError(f"the import ended with {command.returncode}")
    return Run(count / seconds, count / (usage.ru_utime + usage.ru_stime), usage.ru_maxrss / 1024)


if __name__ == "__main__":
    measure(Console(), *(int(count) for count in sys.argv[1:3]))
