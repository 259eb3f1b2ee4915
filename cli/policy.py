"""`aftercare policy diff`: what changes between two sets of parameters, and which open orders it concerns."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer
from rich.console import Console

from casework.clock import Clock
from casework.comparing import compare_orders
from casework.parameter_sets import SHIPPED, ParameterSetError, read_parameter_sets
from order_store import Database, StoreUnavailable, database_url
from order_store.location import DEFAULT_URL, PROJECT_ROOT, VARIABLE, parse_url
from policy_core import PolicyError

from .importing import NOT_READABLE, exit_on_error
from .policy_tables import show_orders, show_sets

STORE: Final = "store"
_A_SET: Final = f"An edition's folder, the word {SHIPPED}, or a file of shops' settings."

policy = typer.Typer(help="Look at the policies' parameters.", no_args_is_help=True)


@policy.command("diff")
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help=_A_SET)],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same, of the same kind.")],
    orders: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Judge the orders of this database, too, as of now; "
            f"{STORE} is the one AFTERCARE_DATABASE_URL names. Nothing is written.",
        ),
    ] = None,
) -> None:
    """Show every parameter whose figure changes from OLD to NEW and, with --orders, each line with another verdict.

    A line is judged for every reason a customer can give, nothing else being said yet. Shown are answers that are
    still open under OLD or under NEW: an outcome other than not_eligible, or a last day that is not over.

    Exits with 0 whether something changes or not, 2 when a set or the database cannot be read.
    """
    output = Console()
    with exit_on_error(Console(stderr=True)), _exit_on_bad_set(Console(stderr=True)):
        before, after = read_parameter_sets(old, new)
        show_sets(before, after, output)
        if orders is not None:
            now = Clock.from_environment(os.environ).now()
            with _opened_to_read(orders) as database, database.read() as session:
                show_orders(compare_orders(session, before, after, now), database.name, now, output)


@contextmanager
def _opened_to_read(orders: str) -> Iterator[Database]:
    """The database as it is: nothing is made or migrated. Raises StoreUnavailable for a SQLite file there is not."""
    told = (os.environ.get(VARIABLE) or DEFAULT_URL) if orders == STORE else orders
    url = parse_url(told)
    if url.get_backend_name() == "sqlite" and url.database:
        file = PROJECT_ROOT / url.database
        if not file.exists():  # opening would make it
            raise StoreUnavailable(f"{file}: there is no such store; name one that exists, or run: aftercare migrate")
    database = Database(database_url({VARIABLE: told}))
    try:
        yield database
    finally:
        database.dispose()


@contextmanager
def _exit_on_bad_set(output: Console) -> Iterator[None]:
    try:
        yield
    except (PolicyError, ParameterSetError) as error:
        output.print(str(error), style="red", markup=False)
        raise typer.Exit(NOT_READABLE) from None
