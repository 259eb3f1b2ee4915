"""What understanding is told of the shops: what they sell and how they number orders."""

from typing import Any

from order_store import Database, import_orders, product_names, save_shops, shop_vocabularies
from tests.store.conftest import NOW, a_shop, told


def an_order(number: str, *titles: str, **changes: Any) -> dict[str, Any]:
    line = told()["lines"][0]
    return told(number=number, lines=[line | {"title": title} for title in titles], **changes)


def test_a_shop_has_its_patterns_and_its_titles_the_most_frequent_first(database: Database) -> None:
    with database.write() as session:
        save_shops(session, [a_shop(order_numbers=["IW-#####"]), a_shop("atlas")])
    orders = [
        an_order("IW-1", "Ink Moss", "Pen Wren"),
        an_order("IW-2", "Pen  Wren", "Desk lamp"),
        an_order("A-1", "Map of the sea", shop="atlas"),
    ]
    assert import_orders(database, orders, NOW).new == 3
    with database.read() as session:
        shops = shop_vocabularies(session)
    assert list(shops) == ["atlas", "inkwell"]
    assert shops["inkwell"] == {"order_numbers": ["IW-#####"], "products": ["Pen Wren", "Desk lamp", "Ink Moss"]}
    assert shops["atlas"] == {"order_numbers": [], "products": ["Map of the sea"]}


def test_a_shop_without_orders_has_no_products(database: Database, shop: str) -> None:
    with database.read() as session:
        assert shop_vocabularies(session) == {shop: {"order_numbers": [], "products": []}}


def test_no_more_names_are_told_than_may_be() -> None:
    assert product_names({"b": 1, "B": 1, "a": 1, "c": 5}, most=3) == ["c", "B", "a"]
