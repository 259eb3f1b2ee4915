"""The whole system, really running: Rasa, the action server and the gateway, started by the product's supervisor.

On free ports, over a store of its own, with a clock that stands still until it is moved.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx

from order_store import Database, read_shops, save_shops

ROOT = Path(__file__).resolve().parent.parent
SHOPS = ROOT / "tests" / "conversations" / "shops.yml"
CLOCK = "2026-03-10T09:00:00+00:00"
STARTS_WITHIN = 240.0
STOPS_WITHIN = 60.0


@dataclass(frozen=True)
class System:
    """Where the running system is reached, the store it works on, and its supervisor's process id."""

    url: str
    database: Database
    supervisor: int
    boot_seconds: float

    def at(self, now: str) -> None:
        """Move the whole system's clock to `now`, an ISO instant with an offset."""
        _http().put(f"{self.url}/api/v1/clock", json={"now": now}).raise_for_status()


@cache
def _http() -> httpx.Client:
    """One client for all calls: to make one takes forty milliseconds."""
    return httpx.Client()


@dataclass(frozen=True)
class Process:
    """A process below the supervisor: its id, command line and resident memory in megabytes (Linux)."""

    pid: int
    command: str
    resident_mb: float


def processes_of(system: System) -> list[Process]:
    """Everything the system's supervisor has started, directly or not."""
    parents: dict[int, int] = {}
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            lines = (folder / "status").read_text().splitlines()
            command = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue  # ended meanwhile
        status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
        parents[int(folder.name)] = int(status["PPid"])
        found.append(Process(int(folder.name), command, int(status.get("VmRSS", "0 kB").split()[0]) / 1024))
    return [process for process in found if _descends(process.pid, system.supervisor, parents)]


def _descends(pid: int, ancestor: int, parents: dict[int, int]) -> bool:
    while (pid := parents.get(pid, 0)) and pid != ancestor:
        pass
    return pid == ancestor


def environment_of(folder: Path, database_url: str, port: int, **variables: str) -> dict[str, str]:
    """What `serve` is told: everything it writes is below `folder`; `variables` count last."""
    return {
        **os.environ,
        "AFTERCARE_ENV": "test",
        "AFTERCARE_CLOCK": CLOCK,
        "AFTERCARE_DATABASE_URL": database_url,
        "AFTERCARE_TRACKER_DB": str(folder / "tracker.db"),
        "AFTERCARE_HOST": "127.0.0.1",
        "AFTERCARE_PORT": str(port),
        "AFTERCARE_MAIL_FOLDER": str(folder / "mail"),
        "AFTERCARE_TRUSTED_PROXIES": "127.0.0.1",  # so that one machine can speak for many
        "AFTERCARE_SECRET": "only-for-tests-" + "0" * 32,
        **{f"AFTERCARE_{what}_PER_MINUTE": "1000000" for what in ("MESSAGES", "CALLS", "SESSIONS", "SHOP_CALLS")},
        **variables,
    }


@contextmanager
def running(folder: Path, **variables: str) -> Iterator[System]:
    """The system with its store and log below `folder`; `variables` are set in its environment as well."""
    url = f"sqlite:///{folder / 'aftercare.db'}"
    database = Database(url)
    database.upgrade()
    with database.write() as session:
        save_shops(session, read_shops(SHOPS))
    port = free_port()
    environment = environment_of(folder, url, port, **variables)
    log = folder / "serve.log"
    began = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli", "serve"], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_ready(address, process, log)
            yield System(address, database, process.pid, time.monotonic() - began)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(STOPS_WITHIN)
            database.dispose()


def _wait_until_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the system stopped:\n{log.read_text()[-3000:]}")
        try:
            if httpx.get(f"{url}/readyz", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise RuntimeError(f"the system was not ready within {STARTS_WITHIN:.0f} s:\n{log.read_text()[-3000:]}")


def free_port() -> int:
    """A port of loopback nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
