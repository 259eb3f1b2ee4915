"""What the parts print, on one screen: each line with its part's name, and the chatty ones into a file."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

COLOURS = ("36", "35", "33", "32", "34")
LONGEST_LINE = 64 * 1024
KEPT_LINES = 15
LARGEST_LOG = 5_000_000
LEVEL = re.compile(r"\b(DEBUG|INFO|WARNING|ERROR|CRITICAL)\b|\[(debug|info|warning|error|critical)\s*\]")
ALARMING = frozenset(("WARNING", "ERROR", "CRITICAL"))


class Screen:
    """Where people read: lines of the parts and of the supervisor itself, coloured on a terminal."""

    def __init__(self, out: TextIO, names: list[str]) -> None:
        """`names` are the parts that will speak; the longest sets the margin."""
        self._out = out
        self._margin = max((len(name) for name in names), default=0)
        coloured = out.isatty() and not os.environ.get("NO_COLOR")
        self._colours = dict(zip(names, COLOURS * len(names), strict=False)) if coloured else {}

    def say(self, text: str) -> None:
        """A line of the supervisor's own."""
        self._write(f"{text}\n")

    def show(self, name: str, line: str) -> None:
        """A line of a part's."""
        prefix = f"{name:<{self._margin}} |"
        if name in self._colours:
            prefix = f"\x1b[{self._colours[name]}m{prefix}\x1b[0m"
        self._write(f"{prefix} {line}\n")

    def _write(self, text: str) -> None:
        try:
            self._out.write(text)
            self._out.flush()
        except (OSError, ValueError):
            # Nobody reads any more (a closed pipe); the parts go on.
            return


class Lines:
    """A part's output cut into lines: the last ones kept, all of them shown, or only what alarms."""

    def __init__(self, show: Callable[[str], None], log: Path | None) -> None:
        """With a `log` everything goes there and only warnings and errors are shown."""
        self._show = show
        self._log = log
        self._pending = b""
        self._alarming = False
        self.last: deque[str] = deque(maxlen=KEPT_LINES)
        if log is not None:
            log.parent.mkdir(parents=True, exist_ok=True)
            if log.exists() and log.stat().st_size > LARGEST_LOG:
                log.replace(log.with_suffix(".log.1"))

    def feed(self, piece: bytes) -> None:
        """Takes output as it comes."""
        *lines, self._pending = (self._pending + piece).split(b"\n")
        if len(self._pending) > LONGEST_LINE:
            lines, self._pending = [*lines, self._pending], b""
        for line in lines:
            self._take(line)

    def end(self) -> None:
        """Takes what came without an end of line."""
        if self._pending:
            self._take(self._pending)
        self._pending = b""

    def _take(self, raw: bytes) -> None:
        line = raw.decode("utf-8", "replace").rstrip()
        if not line:
            return
        self.last.append(line)
        if self._log is None:
            self._show(line)
            return
        with self._log.open("a", encoding="utf-8") as log:
            log.write(f"{line}\n")
        level = LEVEL.search(line)
        if level is not None:
            self._alarming = (level[1] or level[2]).upper() in ALARMING
        if self._alarming or line.startswith("Traceback"):
            self._alarming = True
            self._show(line)
