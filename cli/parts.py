"""What the system consists of: how each part is started, where it listens, how the others find it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cli import ports
from cli.supervisor import Part
from worker.settings import Settings

NAMES = ("worker", "actions", "rasa", "web")
RASA_PORT, ACTIONS_PORT = 5005, 5055


@dataclass(frozen=True)
class System:
    """The parts to start, first to last, and where to ask whether they are up."""

    parts: tuple[Part, ...]
    address: str
    """Where people find what was started."""
    ready_at: str | Path
    """An address that answers 200 once it is up, or a file that is there then."""
    dialogues: Path | None
    """The SQLite file in which Rasa keeps the state of its dialogues, where Rasa is among the parts."""


def system(root: Path, variables: Mapping[str, str], only: str | None) -> System:
    """The parts as `variables` describe them, every port checked.

    The internal ports may be anything where the whole system is started here, unless AFTERCARE_RASA_URL or
    AFTERCARE_ACTIONS_URL says which it must be.

    Raises:
        PortError: a port is in use or no port.
        SettingsError: the worker's settings cannot be used.
    """
    names = NAMES if only is None else (only,)
    may_choose = only is None
    rasa = _internal(variables, "AFTERCARE_RASA_URL", RASA_PORT, "rasa" in names, may_choose)
    actions = _internal(variables, "AFTERCARE_ACTIONS_URL", ACTIONS_PORT, "actions" in names, may_choose)
    host, port = _public(variables)
    if "web" in names:
        ports.demand(host, port, "AFTERCARE_PORT", "8001")
    environment = {
        **variables,
        "AFTERCARE_RASA_URL": variables.get("AFTERCARE_RASA_URL") or f"http://{ports.PRIVATE}:{rasa}",
        "AFTERCARE_ACTIONS_URL": variables.get("AFTERCARE_ACTIONS_URL") or f"http://{ports.PRIVATE}:{actions}/webhook",
        # Of this supervisor alone: another system may run from the same folder.
        "AFTERCARE_WORKER_READY": str(root / "var" / "run" / f"worker-{os.getpid()}"),
        "AFTERCARE_TRACKER_DB": variables.get("AFTERCARE_TRACKER_DB") or str(root / "var" / "conversations.db"),
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(root),
    }
    made = {
        "worker": Part("worker", [sys.executable, "-m", "worker"], environment, root),
        "actions": Part("actions", [sys.executable, "-m", "cli.actions_server", str(actions)], environment, root),
        "rasa": _rasa(root, environment, rasa),
        "web": Part("web", [sys.executable, "-m", "gateway"], environment, root),
    }
    shown = "localhost" if host in ("0.0.0.0", "127.0.0.1", "::", "::1") else host  # noqa: S104 - compared, not bound
    asked = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    addresses = {
        "actions": (f"http://{ports.PRIVATE}:{actions}", "/health"),
        "rasa": (f"http://{ports.PRIVATE}:{rasa}", "/"),
        "web": (f"http://{asked}:{port}", "/readyz" if only is None else "/healthz"),
    }
    letters_to = Settings.from_environment(environment).mailbox().name if "worker" in names else ""
    if only == "worker":
        return System((made["worker"],), letters_to, Path(environment["AFTERCARE_WORKER_READY"]), None)
    base, path = addresses[names[-1]]
    address = f"http://{shown}:{port}" if "web" in names else base
    dialogues = Path(environment["AFTERCARE_TRACKER_DB"]) if "rasa" in names else None
    return System(tuple(made[name] for name in names), address, base + path, dialogues)


def model_of(variables: Mapping[str, str]) -> str:
    """The trained bot, as a path below the project's root or an absolute one."""
    return variables.get("AFTERCARE_MODEL") or "bot/models/aftercare.tar.gz"


def _rasa(root: Path, environment: Mapping[str, str], port: int) -> Part:
    command = [
        *(str(root / ".venv-rasa" / "bin" / "python"), "-m", "bot.serving", "run", "--model", model_of(environment)),
        *("--interface", ports.PRIVATE, "--port", str(port)),
        *("--endpoints", "endpoints.yml", "--credentials", "credentials.yml"),
    ]
    quiet = {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "CUDA_VISIBLE_DEVICES": "-1",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "SANIC_WORKERS": "1",
        # One message is answered on one core; more threads only get in each other's way.
        "OMP_NUM_THREADS": "1",
    }
    log = root / "var" / "log" / "rasa.log"
    # When it is told to end, no turn is under way any more and every conversation is stored.
    return Part("rasa", command, {**environment, **quiet}, root, log, grace=3)


def _internal(variables: Mapping[str, str], variable: str, preferred: int, is_ours: bool, may_choose: bool) -> int:
    given = variables.get(variable, "")
    if not given:
        if not is_ours:
            return preferred
        if may_choose:
            return ports.free()
    try:
        port = urlsplit(given).port or preferred if given else preferred
    except ValueError:
        raise ports.PortError(
            f"{variable} is {given!r}; write an address such as http://127.0.0.1:{preferred}"
        ) from None
    if is_ours:
        path = "/webhook" if preferred == ACTIONS_PORT else ""
        ports.demand(ports.PRIVATE, port, variable, f"http://{ports.PRIVATE}:{preferred + 1000}{path}")
    return port


def _public(variables: Mapping[str, str]) -> tuple[str, int]:
    in_production = variables.get("AFTERCARE_ENV", "production") == "production"
    host = variables.get("AFTERCARE_HOST") or ("0.0.0.0" if in_production else ports.PRIVATE)  # noqa: S104 - the public door
    told = variables.get("AFTERCARE_PORT") or "8000"
    if not (told.isascii() and told.isdigit() and 1 <= int(told) <= 65535):
        raise ports.PortError(f"AFTERCARE_PORT is {told!r}; write a port from 1 to 65535, for example 8000")
    return host, int(told)
