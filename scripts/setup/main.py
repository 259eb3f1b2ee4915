"""The order of the steps, what is printed of them, and one set-up at a time."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import time
from typing import Any, Iterator, TextIO

from setup.demo import Demo
from setup.environments import AppEnvironment, RasaEnvironment
from setup.layout import Layout
from setup.learning import Encoder, Training
from setup.problem import SetupProblemError
from setup.system import SystemPackages
from setup.vocabulary import Vocabulary

ENVIRONMENTS = (AppEnvironment, RasaEnvironment)
GOALS: dict[str, tuple[Any, ...]] = {
    "env": ENVIRONMENTS,
    "encoder": (*ENVIRONMENTS, Encoder),
    "train": (*ENVIRONMENTS, Encoder, Vocabulary, Training),
    "test": (*ENVIRONMENTS, Encoder, Vocabulary, Training, SystemPackages),
    "chat": (*ENVIRONMENTS, Encoder, Vocabulary, Training, Demo),
}


def main(arguments: list[str], layout: Layout | None = None, out: TextIO | None = None) -> int:
    """Does the steps of the goal; 0 done, 1 a problem (told in a sentence), 2 no such goal, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character must not stop the set-up.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    out = out or sys.stdout
    if len(arguments) != 1 or arguments[0] not in GOALS:
        sys.stderr.write("Say what to set up: python3 scripts/bootstrap.py {}\n".format("|".join(GOALS)))
        return 2
    layout = layout or Layout()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with _alone(layout, out):
            for step in GOALS[arguments[0]]:
                perform(step(layout), out)
    except SetupProblemError as problem:
        sys.stderr.write(f"\n{problem}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. What was finished stays; run the same command again to go on.\n")
        return 130
    except OSError as problem:
        sys.stderr.write(f"\nSetting up stopped: {problem}\n")
        return 1
    return 0


def perform(step: Any, out: TextIO) -> None:
    """Does one step unless it is done, in one line: its name, then "already done" or what it took."""
    out.write(f"{step.name} … ")
    out.flush()
    if step.is_done():
        out.write("already done\n")
        return
    began = time.monotonic()
    note = step.do()
    took = "%.0f s" % (time.monotonic() - began)
    out.write(f"{took} ({note})\n" if note else took + "\n")
    out.flush()


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


@contextlib.contextmanager
def _alone(layout: Layout, out: TextIO) -> Iterator[None]:
    """Waits until no other set-up of this checkout runs; the system frees the lock of one that died."""
    import fcntl

    layout.stamps.mkdir(parents=True, exist_ok=True)
    with (layout.stamps / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            out.write("Another set-up is running here (process %s); waiting for it.\n" % (lock.read().strip() or "?"))
            out.flush()
            fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        lock.truncate()
        lock.write(str(os.getpid()))
        lock.flush()
        yield
