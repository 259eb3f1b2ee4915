"""`aftercare decide`: the facts of one case in, its verdict out; with --batch, of as many as there are lines."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path
from typing import Annotated, Final, cast

import typer

import policy_core

STANDARD_INPUT: Final = "-"
BAD_INPUT: Final = 2


class InputError(Exception):
    """The text of a case cannot be had: the message says why and what to do."""


def decide(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="One case as JSON or YAML; - reads it from standard input.")
    ],
    batch: Annotated[bool, typer.Option("--batch", help="JSON Lines: a case on each line, answered in turn.")] = False,
) -> None:
    """Judge one case: prints its verdict as one line of JSON.

    It is the same line whether a person or a program reads it: the same case is always the same bytes.

    Exits with 2, and one line on standard error that names the file and the field, where the input is no case.

    With --batch, a line that is no case is answered in its place: {"error": {"line", "path", "message"}}. Exits with
    0 once every line is answered.
    """
    with refusing_bad_input(file):
        if batch:
            # Here, so that one case is judged without waiting for what only many need.
            from .batch import decide_lines

            decide_lines(file)
            return
        verdict = policy_core.decide(policy_core.read_case(policy_core.read_text(read_input(file))))
    # Bytes, since text would be written in the terminal's encoding and line ends.
    typer.echo(verdict.to_json().encode("utf-8"))


@contextmanager
def refusing_bad_input(file: str) -> Iterator[None]:
    """Ends the command with 2 and one line that names `file` and the field, where the input is no case."""
    try:
        yield
    except (InputError, policy_core.PolicyError) as error:
        typer.echo(one_line(f"{input_name(file)}: {error}"), err=True)
        raise typer.Exit(BAD_INPUT) from None


def read_input(file: str) -> str:
    """The whole text of `file`, or of standard input for "-"; UTF-8, a byte order mark allowed.

    Raises InputError where there is no such file, it cannot be read, or is not UTF-8.
    """
    with open_input(file) as stream:
        try:
            return stream.read().decode("utf-8-sig")
        except OSError as error:
            raise unreadable(error) from None
        except UnicodeDecodeError as error:
            raise InputError(not_utf_8(error)) from None


def open_input(file: str) -> BufferedIOBase:
    """The bytes of `file`, or of standard input for "-". Raises InputError where they are not to be had."""
    try:
        if file == STANDARD_INPUT:
            return cast(BufferedIOBase, typer.get_binary_stream("stdin"))
        return Path(file).open("rb")
    except OSError as error:
        raise unreadable(error) from None
    except RuntimeError:
        raise InputError("is closed: give a file, or send the case to it") from None


def unreadable(error: OSError) -> InputError:
    """What to tell of an input that stopped being readable."""
    return InputError(f"cannot be read: {error.strerror}")


def not_utf_8(error: UnicodeDecodeError) -> str:
    """What to tell of bytes that are no text."""
    return f"not UTF-8 text (byte {error.start + 1}): save it as UTF-8"


def input_name(file: str) -> str:
    """The input as messages name it."""
    return "standard input" if file == STANDARD_INPUT else file


def one_line(message: str) -> str:
    """Line ends and control characters that were told are written out, so that they do nothing to a terminal."""
    if message.isprintable():
        return message
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in message
    )
