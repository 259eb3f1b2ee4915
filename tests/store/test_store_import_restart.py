"""An import killed in the middle, started again, ends as if nothing had happened."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from order_store import Customer, Database, Line, Order, Shipment, import_orders
from order_store.importing.running import BATCH
from tests.store.conftest import NOW, told

PROJECT = Path(__file__).parents[2]
WITHIN = 120.0

pytestmark = pytest.mark.usefixtures("shop")


def orders_told() -> list[dict[str, Any]]:
    return [
        told(number=f"IW-{number}", customer={"email": f"c{number % 90}@example.com", "name": f"Name {number % 90}"})
        for number in range(BATCH * 5 // 2)
    ]


@contextmanager
def importing(database_url: str, file: str) -> Iterator[subprocess.Popen[bytes]]:
    environ = {**os.environ, "AFTERCARE_DATABASE_URL": database_url, "AFTERCARE_ENV": "production", "COLUMNS": "200"}
    environ.pop("AFTERCARE_CLOCK", None)
    command = subprocess.Popen(
        [sys.executable, "-m", "cli", "import", file],
        cwd=PROJECT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield command
    finally:
        command.kill()
        command.communicate()


def stored_orders(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Order)) or 0


def everything(database: Database) -> list[list[tuple[Any, ...]]]:
    """All that the orders say, without the numbers the database gave."""
    with database.read() as session:
        return [
            [tuple(row) for row in session.execute(query)]
            for query in (
                select(Customer.shop_key, Customer.email, Customer.name, Customer.phone).order_by(Customer.email),
                select(Order.number, Order.order_digest, Order.customer_digest, Customer.email)
                .join(Order.customer)
                .order_by(Order.number),
                select(Order.number, Shipment.position, Shipment.tracking).join(Shipment.order).order_by(Order.number),
                select(Order.number, Line.position, Line.title, Line.unit_price, Shipment.position)
                .join(Line.order)
                .join(Line.shipment)
                .order_by(Order.number, Line.position),
            )
        ]


def test_an_import_killed_in_the_middle_and_started_again_ends_with_the_same_store(
    database: Database, store_url: str, tmp_path: Path
) -> None:
    orders = orders_told()
    lines = [json.dumps(order).encode() + b"\n" for order in orders]
    with importing(store_url, "-") as command:
        assert command.stdin is not None
        command.stdin.write(b"".join(lines[: BATCH * 2 + 10]))
        command.stdin.flush()
        until = time.monotonic() + WITHIN
        while stored_orders(database) < BATCH:
            assert time.monotonic() < until, "nothing was stored"
            time.sleep(0.05)
        command.kill()  # its input is still open: it was in the middle
        command.wait(WITHIN)
    kept = stored_orders(database)
    assert kept % BATCH == 0
    assert BATCH <= kept < len(orders)

    file = tmp_path / "orders.jsonl"
    file.write_bytes(b"".join(lines))
    with importing(store_url, str(file)) as command:
        output, _ = command.communicate(timeout=WITHIN)
        assert command.returncode == 0, output.decode()
    assert f"│ {len(orders) - kept} │ 0 │ {kept} │ 0 │" in " ".join(output.decode().split())

    after = everything(database)
    assert import_orders(database, orders, NOW).unchanged == len(orders)
    assert everything(database) == after
    assert [len(rows) for rows in after] == [90, len(orders), len(orders), len(orders)]
