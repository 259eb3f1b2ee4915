"""The formats of order files, each read order by order into the native one."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any, Final, Literal, get_args

from order_store.importing.csv_reading import BadRow, Row, grouped, read_rows
from order_store.importing.foreign import ForeignShop, Mapped, names_of
from order_store.importing.reading import Entry, Readable, begin, read_json
from order_store.importing.shopify_csv import NAMES, NEEDED, NUMBER, map_shopify_rows
from order_store.importing.shopify_json import map_shopify, shopify_name
from order_store.importing.woocommerce import map_woocommerce, woocommerce_name

OrderFormat = Literal["native", "shopify", "woocommerce"]
ORDER_FORMATS: Final[tuple[OrderFormat, ...]] = get_args(OrderFormat)


def read_foreign(stream: Readable, order_format: OrderFormat, shop: ForeignShop) -> Iterator[Entry]:
    """The orders of a file of Shopify's (its export or its Admin API's JSON) or of WooCommerce's (JSON)."""
    if order_format == "woocommerce":
        return _mapped(read_json(stream), map_woocommerce, woocommerce_name, shop)
    start, chunks = begin(stream)
    if start.lstrip()[:1] in (b"{", b"["):
        whole = _Rejoined(chain([start], chunks))
        return _mapped(read_json(whole, wrapper="orders"), map_shopify, shopify_name, shop)
    return _shopify_rows(start, chunks, shop)


class _Rejoined:
    """A stream again of what was read from one."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def read(self, _size: int, /) -> bytes:
        return next(self._chunks, b"")


def _mapped(
    entries: Iterator[Entry],
    mapping: Callable[[Any, ForeignShop], Mapped],
    names: Callable[[str], str],
    shop: ForeignShop,
) -> Iterator[Entry]:
    for entry in entries:
        if entry.problem is None and isinstance(entry.told, dict):
            yield _entry(entry, mapping(entry.told, shop), names)
        else:
            yield entry


def _shopify_rows(start: bytes, chunks: Iterator[bytes], shop: ForeignShop) -> Iterator[Entry]:
    for item, group in enumerate(grouped(read_rows(start, chunks, NEEDED), NUMBER), start=1):
        rows = [row for row in group if isinstance(row, Row)]
        number = next((row.cells[NUMBER] for row in group if row.cells), None)
        told = Entry(item, group[0].line, {"number": number})
        bad = next((row for row in group if isinstance(row, BadRow)), None)
        if bad is not None:
            yield replace(told, problem=f"its row in line {bad.line} {bad.problem}")
        else:
            names = names_of(NAMES, [str(row.line) for row in rows].__getitem__)
            yield _entry(told, map_shopify_rows(rows, shop), names)


def _entry(entry: Entry, mapped: Mapped, names: Callable[[str], str]) -> Entry:
    losses = tuple(sorted(mapped.losses))
    problem = None if mapped.left_out else mapped.problem
    return replace(entry, told=mapped.order, problem=problem, losses=losses, left_out=mapped.left_out, names=names)
