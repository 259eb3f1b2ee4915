"""The whole system, which may lose any of its processes at any moment, and is started again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from order_store import Database
from tests.running import ROOT, STOPS_WITHIN, Process, System, environment_of, free_port, processes_of

STARTS_WITHIN = 300.0
DIES_WITHIN = 30.0
COMMANDS = {
    "gateway": "-m gateway",
    "actions": "-m cli.actions_server",
    "worker": "-m worker",
    "rasa": "-m bot.serving run",
}
"""What tells a part's process, once it is what it is going to be, by its command line."""


class House:
    """The system over `database`, below `folder`; its gateway keeps its address however often it is started."""

    def __init__(self, folder: Path, database: Database, **variables: str) -> None:
        self.database = database
        self.log = folder / "serve.log"
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        store = database.engine.url.render_as_string(hide_password=False)
        self._environment = environment_of(folder, store, port, AFTERCARE_TRUSTED_PROXIES="127.0.0.1", **variables)
        self._supervisor: subprocess.Popen[bytes] | None = None
        self._client = httpx.Client(base_url=self.url, timeout=10)

    def start(self) -> None:
        """Starts it and waits until every part is up."""
        gives_up = time.monotonic() + STARTS_WITHIN
        while not self.is_up():
            if self._supervisor is None or self._supervisor.poll() is not None:
                # It was killed, or found its port still taken by what it left behind.
                with self.log.open("ab") as output:
                    self._supervisor = subprocess.Popen(
                        [sys.executable, "-m", "tests.chaos.serving"],
                        cwd=ROOT,
                        env=self._environment,
                        stdout=output,
                        stderr=output,
                    )
            if time.monotonic() > gives_up:
                raise RuntimeError(f"not up within {STARTS_WITHIN:.0f} s:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Ends it as Ctrl-C does."""
        if self._supervisor is not None:
            self._supervisor.send_signal(signal.SIGINT)
            self._supervisor.wait(STOPS_WITHIN)
        self._client.close()

    def is_up(self) -> bool:
        """Whether every part answers, the worker included."""
        try:
            ready = self._client.get("/readyz").status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False
        return ready and self._worker_is_up()

    def pids(self, part: str) -> list[int]:
        """The processes of a part as it stands, none while it is down; of the "supervisor", the one it is."""
        if self._supervisor is None:
            return []
        if part == "supervisor":
            return [self._supervisor.pid]
        return [
            each.pid for each in self._processes() if COMMANDS[part] in each.command and "tether" not in each.command
        ]

    def kill_supervisor(self) -> None:
        """Kills the supervisor and starts the system again. Raises RuntimeError if what it had started lives on."""
        assert self._supervisor is not None
        below = [each.pid for each in self._processes()]
        self._supervisor.kill()
        self._supervisor.wait()
        until(lambda: not any(map(_lives, below)), DIES_WITHIN, "what a killed supervisor had started ended")
        self.start()

    def _processes(self) -> list[Process]:
        assert self._supervisor is not None
        return processes_of(System(self.url, self.database, self._supervisor.pid, 0.0))

    def _worker_is_up(self) -> bool:
        if self._supervisor is None:
            return False
        ready = ROOT / "var" / "run" / f"worker-{self._supervisor.pid}"
        try:
            return int(ready.read_text()) in self.pids("worker")
        except (OSError, ValueError):
            return False


def until(true: Callable[[], object], seconds: float, what: str) -> None:
    """Waits for what has to become true. Raises RuntimeError if it does not."""
    gives_up = time.monotonic() + seconds
    while not true():
        if time.monotonic() > gives_up:
            raise RuntimeError(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.2)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def kill(pid: int) -> bool:
    """kill -9; whether there was such a process."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
