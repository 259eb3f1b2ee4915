"""Runs a command with its output in a log, and turns a failure into a sentence a person can act on."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, Mapping, Sequence

from setup.layout import Layout
from setup.problem import SetupProblemError

LAST_LINES = 12
# What these variables say is meant for the caller's Python, not for ours.
FOREIGN = ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__", "CONDA_PREFIX", "PIP_USER", "PIP_TARGET")
NO_NETWORK = re.compile(
    r"dns error|temporary failure in name resolution|could not resolve|name or service not known|network is unreachable"
    r"|connection refused|connection reset|connection timed out|operation timed out|max retries exceeded|proxyerror"
    r"|error sending request|tcp connect error|failed to fetch|newconnectionerror|no route to host",
    re.IGNORECASE,
)
DISK_FULL = re.compile(r"no space left on device|disk quota exceeded", re.IGNORECASE)


def environment(**more: str) -> dict[str, str]:
    """The caller's environment without what would lead our Pythons astray."""
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return {**kept, **more}


def run(layout: Layout, what: str, command: Sequence[object], env: Mapping[str, str] | None = None) -> None:
    """Runs `command` in the project root; its output goes to var/log/setup-WHAT.log.

    Raises:
        SetupProblemError: it could not be started or failed; the message holds its last lines and the log's path.
    """
    layout.logs.mkdir(parents=True, exist_ok=True)
    log = layout.logs / ("setup-" + re.sub(r"[^a-z0-9]+", "-", what.lower()) + ".log")
    child: subprocess.Popen[bytes] | None = None
    try:
        with log.open("wb") as output, _uninterrupted():
            child = subprocess.Popen(
                [str(part) for part in command],
                cwd=str(layout.root),
                env=dict(env or environment()),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        status = child.wait()
    except OSError as problem:
        raise SetupProblemError(f"{command[0]} could not be started: {problem}") from None
    except BaseException:
        if child is not None:
            _stop(child)
        raise
    if status != 0:
        raise SetupProblemError(_explain(what, layout, log))


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Holds Ctrl-C and a wish to end back, so that a command that has started is known before it has to be stopped."""
    held: list[int] = []
    before = {number: signal.signal(number, lambda n, _: held.append(n)) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if held:
            os.kill(os.getpid(), held[0])


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(timeout=5)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _explain(what: str, layout: Layout, log: Path) -> str:
    told = log.read_text(encoding="utf-8", errors="replace")
    lines = "\n".join("    " + line for line in told.strip().splitlines()[-LAST_LINES:])
    if DISK_FULL.search(told):
        cause = "The disk is full. Free some space, then run the same command again."
    elif NO_NETWORK.search(told):
        cause = (
            "The package registry could not be reached. Check the network (or proxy), then run the same command again."
        )
    else:
        cause = "Put right what the last lines say, then run the same command again."
    return f"{what} failed. {cause}\n{lines}\n  All of it is in {layout.shown(log)}"
