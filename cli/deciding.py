"""`aftercare decide`: the facts of one case in, its verdict out."""

from pathlib import Path
from typing import Annotated

import typer

import policy_core

STANDARD_INPUT = "-"
BAD_INPUT = 2


class InputError(Exception):
    """The text of a case cannot be had: the message says why and what to do."""


def decide(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="One case as JSON or YAML; - reads it from standard input.")
    ],
) -> None:
    """Judge one case: prints its verdict as one line of JSON.

    It is the same line whether a person or a program reads it: the same case is always the same bytes.

    Exits with 2, and one line on standard error that names the file and the field, where the input is no case.
    """
    try:
        verdict = policy_core.decide(policy_core.read_case(policy_core.read_text(read_input(file))))
    except (InputError, policy_core.PolicyError) as error:
        name = "standard input" if file == STANDARD_INPUT else file
        typer.echo(_one_line(f"{name}: {error}"), err=True)
        raise typer.Exit(BAD_INPUT) from None
    # Bytes, since text would be written in the terminal's encoding and line ends.
    typer.echo(verdict.to_json().encode("utf-8"))


def read_input(file: str) -> str:
    """The whole text of `file`, or of standard input for "-"; UTF-8, a byte order mark allowed.

    Raises InputError where there is no such file, it cannot be read, or is not UTF-8.
    """
    try:
        content = typer.get_binary_stream("stdin").read() if file == STANDARD_INPUT else Path(file).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}") from None
    except RuntimeError:
        raise InputError("is closed: give a file, or send the case to it") from None
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 text (byte {error.start + 1}): save it as UTF-8") from None


def _one_line(message: str) -> str:
    """Line ends and control characters that were told are written out, so that they do nothing to a terminal."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in message
    )
