"""The file of an import, and on a terminal how far it is read."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from order_store import UnreadableImport


class Stream(Protocol):
    """What an import reads from."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, none at the end."""


@contextmanager
def opened_file(file: Path, output: Console) -> Iterator[Stream]:
    """The file (- is standard input), with a progress bar of its bytes where `output` is a terminal."""
    if str(file) == "-":
        with _watched(sys.stdin.buffer, "standard input", None, output) as stream:
            yield stream
        return
    try:
        opened = file.open("rb")
    except OSError as error:
        raise UnreadableImport(f"{file}: cannot be read ({error.strerror})") from error
    with opened, _watched(opened, file.name, file.stat().st_size or None, output) as stream:
        yield stream


@contextmanager
def _watched(stream: Stream, name: str, size: int | None, output: Console) -> Iterator[Stream]:
    if not output.is_terminal:
        yield stream
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn())
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=output, transient=True) as progress:
        yield _Watched(stream, progress, name, size)


class _Watched:
    """A stream that tells the progress bar what is read from it."""

    def __init__(self, stream: Stream, progress: Progress, name: str, size: int | None) -> None:
        self._stream = stream
        self._progress = progress
        self._task = progress.add_task(name, total=size)

    def read(self, size: int, /) -> bytes:
        data = self._stream.read(size)
        self._progress.advance(self._task, len(data))
        return data
