"""`aftercare decide --batch`: JSON Lines in, a verdict or a refusal for each line out, in order and in flat memory."""

import json
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from typing import BinaryIO, Final, TypeAlias

import typer

from policy_core import CaseError, PolicyError, decide, default_policy, read_case, read_json

from .deciding import input_name, not_utf_8, one_line, open_input, unreadable

LONGEST_LINE: Final = 1024 * 1024
NOT_WRITTEN: Final = 1
NOBODY_READS: Final = 141  # what a shell says of a command that SIGPIPE ended

_CHUNK: Final = 64 * 1024
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"

Advance: TypeAlias = Callable[[int, int], None]


def decide_lines(file: str) -> None:
    """Judges the case on each line of `file` ("-": standard input) and prints its verdict, or why there is none.

    A verdict has the bytes `aftercare decide` prints for that case; a refusal is
    `{"error": {"line": 7, "path": "order.paid_at", "message": "…"}}`, lines counted from 1, the path empty for the
    line as a whole. How many were refused is said on standard error.

    Raises InputError where the input cannot be read, typer.Exit where the output cannot be written.
    """
    judge = _Judge()
    with open_input(file) as stream:
        output = _standard_output()
        with _progress(_size(stream)) as advance:
            for lines, length in _whole_lines(stream):
                _write(output, "".join(judge.answer(line) for line in lines))
                advance(length, len(lines))
    if judge.refused:
        told = f"{judge.refused:,} of {judge.lines:,} lines refused, each answered in its place"
        typer.echo(one_line(f"{input_name(file)}: {told}"), err=True)


class _Judge:
    """Answers one line after the other, and counts them."""

    def __init__(self) -> None:
        self.lines = 0
        self.refused = 0
        self._policy = default_policy()

    def answer(self, line: bytes) -> str:
        """The verdict on the case of a line, or the reason why there is none."""
        self.lines += 1
        try:
            if len(line) > LONGEST_LINE:
                raise CaseError("", f"longer than {LONGEST_LINE:,} bytes: a case is told in far fewer")
            if not line or line.isspace():
                raise CaseError("", "a blank line: expected a case in JSON")
            return decide(read_case(read_json(line.decode("utf-8")), self._policy), self._policy).to_json() + "\n"
        except UnicodeDecodeError as error:
            return self._refusal("", not_utf_8(error))
        except CaseError as error:
            return self._refusal(error.path, error.message)
        except PolicyError as error:
            return self._refusal("", str(error))

    def _refusal(self, path: str, message: str) -> str:
        self.refused += 1
        error = {"line": self.lines, "path": one_line(path), "message": one_line(message)}
        return json.dumps({"error": error}, ensure_ascii=False, separators=(",", ":")) + "\n"


def _whole_lines(stream: BufferedIOBase) -> Iterator[tuple[list[bytes], int]]:
    """The lines that have come, without their ends, and how many bytes were read for them.

    A read takes what is there, and waits only where nothing is. What came is answered and flushed before the next
    read: a program that sends one line and waits for its answer gets it, and one that sends without a pause costs
    one write for 64 KiB. Raises InputError.
    """
    begun = b""
    mark = _BYTE_ORDER_MARK
    while chunk := _read(stream):
        *lines, begun = (begun + chunk).split(b"\n")
        begun = begun[: LONGEST_LINE + 1]  # of a line that does not end, enough for it to be refused
        if lines:
            lines[0] = lines[0].removeprefix(mark)
            mark = b""
        yield lines, len(chunk)
    if last := begun.removeprefix(mark):
        yield [last], 0


def _read(stream: BufferedIOBase) -> bytes:
    try:
        return stream.read1(_CHUNK)
    except OSError as error:
        raise unreadable(error) from None


def _standard_output() -> BinaryIO:
    try:
        return typer.get_binary_stream("stdout")
    except RuntimeError:
        typer.echo("standard output: is closed: send the verdicts to a file or a program", err=True)
        raise typer.Exit(NOT_WRITTEN) from None


def _write(output: BinaryIO, answers: str) -> None:
    """Writes the answers out, all the way. Raises typer.Exit where that cannot be done."""
    try:
        output.write(answers.encode("utf-8"))
        output.flush()
    except OSError as error:
        # What is left in the buffer would fail once more, and loudly, when the process ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), output.fileno())
        if isinstance(error, BrokenPipeError):
            raise typer.Exit(NOBODY_READS) from None
        typer.echo(f"standard output: cannot be written: {error.strerror}", err=True)
        raise typer.Exit(NOT_WRITTEN) from None


def _size(stream: BufferedIOBase) -> int | None:
    """How many bytes the input has, where it is a file and can say so."""
    try:
        told = os.fstat(stream.fileno())
    except OSError:
        return None
    return (told.st_size or None) if stat.S_ISREG(told.st_mode) else None


@contextmanager
def _progress(size: int | None) -> Iterator[Advance]:
    """A bar for a person who watches standard error while the verdicts go elsewhere; told bytes and lines."""
    if sys.stderr is None or not sys.stderr.isatty() or sys.stdout.isatty():
        yield lambda length, lines: None
        return
    # Here, since most batches show none; and it draws four times a second however fast the lines go.
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn

    sized: list[ProgressColumn] = [] if size is None else [DownloadColumn(), TimeRemainingColumn()]
    columns = (BarColumn(), TextColumn("{task.fields[lines]:,} lines"), *sized)
    with Progress(
        *columns,
        console=Console(stderr=True),
        refresh_per_second=4,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    ) as bar:
        task = bar.add_task("", total=size, lines=0)
        answered = 0

        def advance(length: int, lines: int) -> None:
            nonlocal answered
            answered += lines
            bar.update(task, advance=length, lines=answered)

        yield advance
