"""What shops sell and how they number orders, for understanding; nothing of who bought anything."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from order_store.tables import Line, Order, Shop

MOST_PRODUCTS: Final = 5000
"""How many product names a shop's vocabulary holds at most."""


def shop_vocabularies(session: Session) -> dict[str, dict[str, list[str]]]:
    """By shop, sorted by key: its `order_numbers` patterns, and as `products` the titles of its order lines."""
    sold: dict[str, Counter[str]] = {}
    query = select(Order.shop_key, Line.title, func.count()).join(Line.order).group_by(Order.shop_key, Line.title)
    for shop_key, title, lines in session.execute(query):
        sold.setdefault(shop_key, Counter())[title] += lines
    shops = session.scalars(select(Shop)).all()
    return {
        shop.key: {"order_numbers": shop.order_numbers, "products": product_names(sold.get(shop.key, {}))}
        for shop in sorted(shops, key=lambda shop: shop.key)
    }


def product_names(lines: Mapping[str, int], most: int = MOST_PRODUCTS) -> list[str]:
    """The titles that `lines` counts, at most `most`, those of the most lines first, then by title.

    Blanks are single, and titles that differ in nothing else are one.
    """
    counts: Counter[str] = Counter()
    for title, count in lines.items():
        counts[" ".join(title.split())] += count
    # Sorted here: databases do not agree on the order of capitals.
    return sorted(filter(None, counts), key=lambda title: (-counts[title], title))[:most]
