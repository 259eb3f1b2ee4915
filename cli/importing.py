"""`aftercare import` and `aftercare shops`: orders and shops into the store, with a report a person can act on."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from casework.clock import Clock, ClockError
from casework.shops import read_checked_shops
from order_store import (
    Database,
    Shop,
    StoreError,
    UnreadableImport,
    database_url,
    import_orders,
    save_shops,
)

from .import_progress import opened_file
from .import_report import show_report

ALL_TAKEN: Final = 0
SOME_REFUSED: Final = 1
NOT_READABLE: Final = 2


class Format(StrEnum):
    """The formats of an order file."""

    native = "native"
    shopify = "shopify"
    woocommerce = "woocommerce"


def import_file(
    file: Annotated[
        Path,
        typer.Argument(
            help="A JSON list of orders or JSON Lines, or the CSV export of Shopify's admin; - reads standard input."
        ),
    ],
    format: Annotated[Format, typer.Option("--format", help="How the file tells an order.")] = Format.native,
    shop: Annotated[
        str | None,
        typer.Option("--shop", help="The key of the shop a shopify or woocommerce file is of.", metavar="KEY"),
    ] = None,
) -> None:
    """Take orders into the store; the same file again changes nothing.

    Exits with 0 when every order was taken, 1 when some were refused, 2 when the file cannot be read at all.
    Broken off, it may simply be started again.
    """
    output, errors = Console(), Console(stderr=True)
    with exit_on_error(errors):
        if format is Format.native and shop is not None:
            raise UnreadableImport("--shop is for other shop systems' files; a native order names its shop itself")
        with opened_file(file, errors) as stream, opened_store() as database:
            now = Clock.from_environment(os.environ).now()
            report = import_orders(database, stream, now, order_format=format.value, shop=shop)
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
def exit_on_error(output: Console) -> Iterator[None]:
    """Ends the command with 2 and one message where the store or a setting is in the way."""
    try:
        yield
    except (StoreError, ClockError) as error:
        output.print(str(error), style="red", markup=False)
        raise typer.Exit(NOT_READABLE) from None
