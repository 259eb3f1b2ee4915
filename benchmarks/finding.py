"""How long it takes to show a customer their order, found by its number and their e-mail address."""

import sys
import time
from datetime import UTC, datetime
from random import Random
from statistics import quantiles

from rich.console import Console
from rich.table import Table

from casework.identity import Asker, identify
from order_store import Database, Order, import_orders
from tests.postgres import INSTALL, closing_database, private_server

from .sample_orders import SHOP, email_of, number_of, prepare, told_orders

FEW = 10_000
MANY = 1_000_000
ASKED = 4_000
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


def measure(console: Console, few: int = FEW, many: int = MANY) -> None:
    """Prints the table: two stores on one server, asked in turns, so that both see the same machine."""
    table = Table("orders in the store", "p50", "p95", title="Finding an order by number and e-mail, PostgreSQL")
    with private_server({}) as server:
        if server is None:
            console.print(f"Finding orders is not measured. {INSTALL}")
            return
        with (
            server.bare() as few_url, server.bare() as many_url,
            closing_database(few_url) as small, closing_database(many_url) as large,
        ):  # fmt: skip
            stores = {few: small, many: large}
            for count, database in stores.items():
                prepare(database)
                import_orders(database, told_orders(count), NOW)
            taken = _ask(stores)
    p95 = {}
    for count, seconds in taken.items():
        cuts = quantiles(seconds, n=20)
        p95[count] = cuts[18]
        table.add_row(f"{count:,}", f"{cuts[9] * 1000:.1f} ms", f"{cuts[18] * 1000:.1f} ms")
    table.caption = f"p95 at {many:,} is {p95[many] / p95[few]:.2f} x that at {few:,}"
    console.print(table)


def _ask(stores: dict[int, Database]) -> dict[int, list[float]]:
    """The seconds each question took, by the number of orders; the first tenth of them warms up."""
    chance = Random(10)  # noqa: S311 - any orders will do, the same in every run
    taken: dict[int, list[float]] = {count: [] for count in stores}
    for asked in range(ASKED + ASKED // 10):
        for count, database in stores.items():
            order = chance.randrange(count)
            asker = Asker(shop_key=SHOP, conversation=f"conversation-{asked}", client=f"client-{asked}")
            began = time.perf_counter()
            with database.write() as session:
                found = identify(session, asker, number_of(order), email_of(order), NOW)
            seconds = time.perf_counter() - began
            if not isinstance(found, Order):
                raise RuntimeError(f"{number_of(order)} was not found: {found}")
            if asked >= ASKED // 10:
                taken[count].append(seconds)
    return taken


if __name__ == "__main__":
    measure(Console(), *(int(count) for count in sys.argv[1:3]))
