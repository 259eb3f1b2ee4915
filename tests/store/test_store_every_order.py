"""Going through every order there is, however many."""

import gc
import weakref

import pytest

from order_store import Database, every_order, import_orders, save_shops
from tests.store.conftest import NOW, a_shop, told


def take_in(database: Database, *orders: dict[str, object]) -> None:
    assert not import_orders(database, list(orders), NOW).refused


def test_an_empty_store_has_none(database: Database) -> None:
    with database.read() as session:
        assert list(every_order(session)) == []


def test_every_order_of_every_shop_comes_once_by_shop_and_number(database: Database, shop: str) -> None:
    with database.write() as session:
        save_shops(session, [a_shop("abacus")])
    take_in(database, told(number="IW-3"), told(number="IW-1"), told(number="ZZ-9", shop="abacus"), told(number="IW-2"))
    with database.read() as session:
        found = [(order.shop_key, order.number) for order in every_order(session, batch=2)]
    assert found == [("abacus", "ZZ-9"), ("inkwell", "IW-1"), ("inkwell", "IW-2"), ("inkwell", "IW-3")]


def test_an_order_comes_with_its_lines_shipments_customer_and_shop(database: Database, shop: str) -> None:
    lines = [told()["lines"][0] | {"title": title} for title in ("Pen", "Ink", "Paper")]
    take_in(database, told(lines=lines))
    with database.read() as session:
        (order,) = every_order(session)
    assert [line.title for line in order.lines] == ["Pen", "Ink", "Paper"]
    assert [line.order for line in order.lines] == [order] * 3
    assert order.lines[0].shipment is order.shipments[0]
    assert (order.customer.standing, order.shop.timezone) == ("good", "Europe/Berlin")


@pytest.mark.parametrize("batch", [1, 7, 60, 1000])
def test_no_order_is_lost_between_batches(database: Database, shop: str, batch: int) -> None:
    numbers = [f"IW-{number:03}" for number in range(60)]
    take_in(database, *(told(number=number) for number in numbers))
    with database.read() as session:
        assert [order.number for order in every_order(session, batch)] == numbers


def test_orders_passed_by_are_let_go_of(database: Database, shop: str) -> None:
    take_in(database, *(told(number=f"IW-{number:03}") for number in range(100)))
    seen: weakref.WeakSet[object] = weakref.WeakSet()
    most = 0
    # What was there before is not gone through: behind a thousand other tests a collection takes seconds.
    gc.freeze()
    try:
        with database.read() as session:
            for order in every_order(session, batch=5):
                seen.add(order)
                del order
                gc.collect()
                most = max(most, len(seen))
    finally:
        gc.unfreeze()
    assert most <= 10


def test_other_questions_can_be_asked_on_the_way(database: Database, shop: str) -> None:
    take_in(database, *(told(number=f"IW-{number}") for number in range(10, 20)))
    with database.read() as session:
        counted = [sum(1 for _ in every_order(session, batch=3)) for _ in every_order(session, batch=3)]
    assert counted == [10] * 10
