"""Finds the two Pythons: 3.11 or newer for the product, 3.10 for Rasa."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable, Iterator, Tuple

from setup.problem import SetupProblemError
from setup.running import environment

APP_NAMES = ("python3.11", "python3.12", "python3.13", "python3.14")
_Wanted = Callable[[Tuple[int, ...]], bool]
TELL = "import sys; print('%d.%d.%d' % sys.version_info[:3]); print(sys.executable)"


class Python:
    """An interpreter that answered: its path, its version and where it came from."""

    def __init__(self, path: Path, version: tuple[int, int, int], source: str) -> None:
        """`source` is what a person is told: "python3.11 on the PATH"."""
        self.path = path
        self.version = version
        self.source = source

    def __str__(self) -> str:
        return f"Python {'.'.join(str(part) for part in self.version)} ({self.source})"


def ask(command: str | Path, source: str) -> Python | None:
    """The interpreter behind `command`, if it runs: a shim may be there and refuse."""
    try:
        told = subprocess.run(
            [str(command), "-c", TELL],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            env=environment(),
            timeout=60,
            check=True,
        )
        version, path = told.stdout.decode().splitlines()[:2]
        major, minor, micro = (int(part) for part in version.split("."))
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return Python(Path(path), (major, minor, micro), source)


def for_the_app() -> Python:
    """A Python from 3.11 on.

    Raises:
        SetupProblemError: there is none.
    """
    for python in _candidates(APP_NAMES, lambda version: version >= (3, 11)):
        if python.version >= (3, 11):
            return python
    tried = ", ".join(APP_NAMES)
    raise SetupProblemError(
        f"Aftercare needs Python 3.11 or newer, and none was found (tried {tried}, python3 and pyenv). Install one "
        "(Debian: apt-get install python3 python3-venv; or pyenv install 3.11), then run the same command again."
    )


def for_rasa(uv: Path) -> Python:
    """A Python 3.10: on the PATH, of pyenv, or one that uv brings.

    Raises:
        SetupProblemError: there is none, and none could be installed.
    """
    for python in _candidates(("python3.10",), lambda version: version[:2] == (3, 10)):
        if python.version[:2] == (3, 10):
            return python
    found = _from_uv(uv)
    if found is not None:
        return found
    raise SetupProblemError(
        "Rasa needs Python 3.10, and none was found (tried python3.10, pyenv and uv python install 3.10). "
        "Install one (pyenv install 3.10, or uv python install 3.10 where the network allows), "
        "then run the same command again."
    )


def _candidates(names: tuple[str, ...], wanted: _Wanted) -> Iterator[Python]:
    for name in names:
        for folder in os.get_exec_path():
            if Path(folder, name).is_file():
                found = ask(Path(folder, name), name + " on the PATH")
                if found is not None:
                    yield found
    yield from _of_pyenv(wanted)
    for name in (sys.executable, "python3", "python"):
        path = shutil.which(name) if name else None
        found = ask(path, Path(path).name) if path else None
        if found is not None:
            yield found


def _of_pyenv(wanted: _Wanted) -> Iterator[Python]:
    for version in sorted(_pyenv_versions(), reverse=True):
        if wanted(version):
            name = ".".join(str(part) for part in version)
            prefix = _output(["pyenv", "prefix", name])
            found = ask(Path(prefix, "bin", "python"), "pyenv " + name) if prefix else None
            if found is not None:
                yield found


def _pyenv_versions() -> list[tuple[int, ...]]:
    names = _output(["pyenv", "versions", "--bare"]).split()
    return [tuple(int(p) for p in n.split(".")) for n in names if n.replace(".", "").isdigit() and n.count(".") == 2]


def _from_uv(uv: Path) -> Python | None:
    if not _output([str(uv), "python", "find", "--no-project", "3.10"]):
        _output([str(uv), "python", "install", "3.10"], patience=900)
    path = _output([str(uv), "python", "find", "--no-project", "3.10"])
    found = ask(path, "uv python install 3.10") if path else None
    return found if found is not None and found.version[:2] == (3, 10) else None


def _output(command: list[str], patience: int = 60) -> str:
    try:
        told = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            env=environment(),
            timeout=patience,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return told.stdout.decode().strip()
