"""`aftercare import` and `aftercare shops`: orders and shops into the store, with a report a person can act on."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from casework.clock import Clock, ClockError
from casework.shops import read_checked_shops
from order_store import (
    Database,
    ImportReport,
    Shop,
    StoreError,
    UnreadableImport,
    database_url,
    import_orders,
    save_shops,
)

ALL_TAKEN: Final = 0
SOME_REFUSED: Final = 1
NOT_READABLE: Final = 2

_SHOWN: Final = 50


class OrderFormat(StrEnum):
    """The formats of an order file."""

    native = "native"


def import_file(
    file: Annotated[Path, typer.Argument(help="A JSON list of orders or JSON Lines; - reads standard input.")],
    format: Annotated[OrderFormat, typer.Option("--format", help="How the file tells an order.")] = OrderFormat.native,
) -> None:
    """Take orders into the store; the same file again changes nothing.

    Exits with 0 when every order was taken, 1 when some were refused, 2 when the file cannot be read at all.
    """
    output = Console()
    with exit_on_error(Console(stderr=True)), _opened(file) as stream, opened_store() as database:
        report = import_orders(database, stream, Clock.from_environment(os.environ).now())
        show_report(report, str(file), output)
        raise typer.Exit(SOME_REFUSED if report.refused else ALL_TAKEN)


def load_shops(
    file: Annotated[Path, typer.Argument(help="The shops' settings, such as demo/shops.yml.")],
) -> None:
    """Take shops' settings into the store, each under its key; shops the file does not tell stay as they are.

    Exits with 2 when the file cannot be taken; nothing is changed then.
    """
    output = Console()
    with exit_on_error(Console(stderr=True)):
        shops = read_checked_shops(file)
        with opened_store() as database:
            show_shops(store_shops(database, shops), output)


def store_shops(database: Database, shops: list[Shop]) -> list[tuple[str, str]]:
    """Stores the shops in one transaction; (key, "new" | "changed" | "unchanged") of each."""
    with database.write() as session:
        return [(key, str(change)) for key, change in save_shops(session, shops)]


def show_shops(outcome: list[tuple[str, str]], output: Console) -> None:
    """Prints what became of each shop."""
    table = Table("shop", "is now in the store as")
    for key, change in outcome:
        table.add_row(key, change)
    output.print(table)


def show_report(report: ImportReport, name: str, output: Console) -> None:
    """Prints how many orders were taken, and each refused one with its place, field and reason."""
    counts = Table("new", "changed", "unchanged", "refused", title=f"Orders of {escape(name)}", title_justify="left")
    counts.add_row(*(str(n) for n in (report.new, report.changed, report.unchanged, len(report.refused))))
    output.print(counts)
    if not report.refused:
        return
    refused = Table("where", "order", "field", "what is wrong", title="Refused, nothing of them was stored")
    for one in report.refused[:_SHOWN]:
        for place, problem in enumerate(one.problems):
            start = (one.where, escape(one.number or "?")) if place == 0 else ("", "")
            refused.add_row(*start, escape(problem.path or "-"), escape(problem.message))
    output.print(refused)
    if len(report.refused) > _SHOWN:
        output.print(f"… and {len(report.refused) - _SHOWN} more; mend these and import the file again.")


@contextmanager
def opened_store() -> Iterator[Database]:
    """The store AFTERCARE_DATABASE_URL names, its tables brought up to date."""
    database = Database(database_url(os.environ))
    try:
        database.upgrade()
        yield database
    finally:
        database.dispose()


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    if str(file) == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = file.open("rb")
    except OSError as error:
        raise UnreadableImport(f"{file}: cannot be read ({error.strerror})") from error
    with stream:
        yield stream


@contextmanager
def exit_on_error(output: Console) -> Iterator[None]:
    """Ends the command with 2 and one message where the store or a setting is in the way."""
    try:
        yield
    except (StoreError, ClockError) as error:
        output.print(str(error), style="red", markup=False)
        raise typer.Exit(NOT_READABLE) from None
