"""Tells whether a step's inputs are what they were when it was last done."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Iterable

IGNORED = {"__pycache__"}


def fingerprint(root: Path, paths: Iterable[Path], *facts: str) -> str:
    """sha256 over the names and contents of `paths` (folders: every file within) and over `facts`."""
    digest = hashlib.sha256()
    for path in paths:
        for file in _files(path):
            _add(digest, file.relative_to(root).as_posix().encode())
            _add(digest, file.read_bytes())
    for fact in facts:
        _add(digest, fact.encode())
    return digest.hexdigest()


def _add(digest: hashlib._Hash, part: bytes) -> None:
    digest.update(len(part).to_bytes(8, "big"))
    digest.update(part)


def _files(path: Path) -> list[Path]:
    if not path.exists():
        return []
    if path.is_file():
        return [path]
    return sorted(f for f in path.rglob("*") if f.is_file() and not IGNORED & set(f.parts))


class Stamp:
    """A file that says with which inputs a step was finished; it is written last and taken away first."""

    def __init__(self, file: Path) -> None:
        """`file` lies inside or beside what the step makes, so that it goes when that goes."""
        self._file = file

    def matches(self, wanted: str) -> bool:
        """Whether the step was finished with these very inputs."""
        return self.told() == wanted

    def told(self) -> str | None:
        """The inputs it was finished with; None when it never was."""
        try:
            return self._file.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None

    def remove(self) -> None:
        """Says that the step is under way: stopped from here on, it counts as not done."""
        if self._file.exists():
            self._file.unlink()

    def write(self, fingerprint_of_inputs: str) -> None:
        """Says that the step is finished."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(fingerprint_of_inputs + "\n", encoding="ascii")
