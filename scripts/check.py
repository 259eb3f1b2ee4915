"""Runs every check and both test suites, all of them even when one fails, and ends with a plain summary.

Run by `make test` and `make lint` with .venv's Python, at the project root: scripts/check.py [--lint]
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
APP, RASA = ".venv/bin/", ".venv-rasa/bin/"
# Only what this machine lacks may leave a test out: PostgreSQL or Chromium. tests/nlu runs where Rasa is.
PYTEST = ("-m", "pytest", "-rs", "-q", "--color=yes" if sys.stdout.isatty() else "--color=no")
LINT: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ruff check", (APP + "ruff", "check", ".")),
    ("ruff format", (APP + "ruff", "format", "--check", ".")),
    ("mypy", (APP + "mypy",)),
    ("mypy of the set-up", (APP + "mypy", "--config-file", "scripts/mypy.ini")),
    ("mypy of understanding", (APP + "mypy", "--config-file", "bot/nlu/mypy.ini")),
    ("imports", (APP + "lint-imports",)),
)
TESTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("tests", (APP + "python", *PYTEST, "tests", "--ignore=tests/nlu")),
    (
        "tests of understanding",
        (RASA + "python", *PYTEST, "-c", "tests/nlu/pytest.ini", "--confcutdir=tests/nlu", "tests/nlu"),
    ),
)
CLOSING = re.compile(r"^=*\s*(?:\d+ \w+|no tests ran)\b.* in [\d.]+s")
SKIPPED = re.compile(r"^SKIPPED \[(\d+)\] (.*)$")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class Result:
    """How one check ended."""

    name: str
    status: int
    seconds: float
    closing: str = ""
    not_run: list[str] = field(default_factory=list)


def run(name: str, command: Sequence[str]) -> Result:
    """Runs one check, its output passed through as it comes."""
    write(f"\n--- {name}: {' '.join(command)}\n")
    began = time.monotonic()
    result = Result(name, 0, 0.0)
    try:
        child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except OSError as problem:
        write(f"{command[0]} could not be started: {problem}\n")
        return Result(name, 1, 0.0)
    with child:
        for line in child.stdout or ():
            write(line)
            plain = COLOUR.sub("", line).rstrip()
            if CLOSING.match(plain):
                result.closing = plain
            if skipped := SKIPPED.match(plain):
                result.not_run.append(skipped[2])
    result.status, result.seconds = child.returncode, time.monotonic() - began
    return result


def write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def summarise(results: Sequence[Result], demands_all: bool) -> int:
    """Prints how each check ended, what was not run and pytest's closing lines; the exit code of it all."""
    write("\n--- summary\n")
    for result in results:
        write(f"{'ok' if result.status == 0 else 'FAILED':<7} {result.name} ({result.seconds:.0f} s)\n")
    not_run = [told for result in results for told in result.not_run]
    for told in not_run:
        write(f"not run {told}\n")
    if not_run and demands_all:
        write("FAILED  CI runs every test, and the ones above were not.\n")
    for result in results:
        if result.closing:
            write(f"{result.closing}\n")
    return int(any(result.status for result in results) or bool(not_run and demands_all))


def main(arguments: Sequence[str]) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    checks = LINT if "--lint" in arguments else LINT + TESTS
    os.environ.setdefault("AFTERCARE_ENV", "test")
    demands_all = os.environ.get("CI", "").lower() not in ("", "0", "false")
    return summarise([run(name, command) for name, command in checks], demands_all)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
