"""Who is killed when: planned from a seed, so that every kind of process gets its share."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.house import COMMANDS, House, kill, until

SHARES: Mapping[str, int] = {"gateway": 28, "actions": 28, "worker": 28, "rasa": 6, "supervisor": 3}
"""Of a hundred kills or so; Rasa takes twenty seconds to come back, a supervisor takes everything with it."""

POSTGRES = "postgresql"
POSTGRES_SHARE = 15
LONGEST_ABSENCE = 120.0
RECOVERS_WITHIN = 300.0


@dataclass(frozen=True)
class Kill:
    """One kill: of what, when (seconds since the storm began), and whether everything was up just before."""

    victim: str
    pid: int
    at: float
    was_up: bool


def plan(kills: int, rng: random.Random, *, on_postgresql: bool) -> list[str]:
    """The victims in order, each kind as often as its share says, and at least once where there are enough kills."""
    shares = dict(SHARES) | ({POSTGRES: POSTGRES_SHARE} if on_postgresql else {})
    whole = sum(shares.values())
    victims = [victim for victim, share in shares.items() for _ in range(max(1, kills * share // whole))]
    victims += rng.choices(list(shares), weights=list(shares.values()), k=max(0, kills - len(victims)))
    rng.shuffle(victims)
    return victims[:kills]


class Killer:
    """Kills the planned `victims` of `house` one after the other; `server_folder` is PostgreSQL's, where it runs."""

    def __init__(
        self,
        house: House,
        victims: Sequence[str],
        rng: random.Random,
        server_folder: Path | None,
        told: Callable[[Kill], None],
    ) -> None:
        """`told` hears of every kill."""
        self._house = house
        self._told = told
        self._victims = victims
        self._rng = rng
        self._server_folder = server_folder
        self.kills: list[Kill] = []

    def run(self) -> None:
        """Three times in four once all have come back, else while something is still coming back."""
        began = time.monotonic()
        for victim in self._victims:
            if self._rng.random() < 0.75:
                until(self._house.is_up, RECOVERS_WITHIN, "everything is up again")
            time.sleep(self._rng.uniform(0, 2.5))
            self._strike(victim, began)
        until(self._house.is_up, RECOVERS_WITHIN, "everything is up again")

    def _strike(self, victim: str, began: float) -> None:
        was_up = self._house.is_up()
        while True:
            until(lambda: self._pids(victim), LONGEST_ABSENCE, f"there is a process of {victim}")
            pid = self._rng.choice(sorted(self._pids(victim)) or [0])
            at = time.monotonic() - began
            if victim == "supervisor":
                self._house.kill_supervisor()
            elif pid == 0 or not kill(pid):
                continue  # it ended between the look and the stroke
            self.kills.append(Kill(victim, pid, at, was_up))
            self._told(self.kills[-1])
            return

    def _pids(self, victim: str) -> list[int]:
        if victim in COMMANDS or victim == "supervisor":
            return self._house.pids(victim)
        return backends(self._server_folder) if self._server_folder is not None else []


def backends(folder: Path) -> list[int]:
    """The processes that serve the connections of the PostgreSQL server whose data is below `folder`."""
    found, parents = [], {}
    server = None
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_text().replace("\0", " ")
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # ended meanwhile
        pid = int(entry.name)
        parents[pid] = parent
        if f"{folder}/data" in command:
            server = pid
        elif command.startswith("postgres: aftercare "):
            found.append(pid)
    return [pid for pid in found if parents[pid] == server]
