"""Shopify's export of orders from its admin (CSV), in the native format.

Every article is a row; what is told of the order stands in the first of its rows.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from order_store.importing.csv_reading import Row
from order_store.importing.foreign import (
    ForeignShop,
    Mapped,
    decimal_of,
    first_told,
    is_positive,
    native_order,
    phone_of,
)

NUMBER: Final = "Name"
NEEDED: Final = (
    *(NUMBER, "Email", "Financial Status", "Created at", "Currency"),
    *("Lineitem name", "Lineitem quantity", "Lineitem price"),
)
"""The columns without which the file is none of Shopify's."""

NAMES: Final = {
    "": "",
    "number": NUMBER,
    "customer.email": "Email",
    "customer.name": "Billing Name",
    "customer.phone": "Phone",
    "placed_at": "Created at",
    "paid_at": "Paid at",
    "shipments[].shipped_at": "Fulfilled at",
    "lines": "rows",
    "lines[].title": "Lineitem name (line [])",
    "lines[].sku": "Lineitem sku (line [])",
    "lines[].quantity": "Lineitem quantity (line [])",
    "lines[].unit_price": "Lineitem price (line [])",
    "lines[].currency": "Currency",
}
"""A native field and the column it is made from."""

# "2026-03-01 10:00:00 +0100"
_INSTANT: Final = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) ?([+-]\d{4}|UTC)", re.ASCII)
_NOT_SENT: Final = ("", "pending", "unfulfilled", "restocked")


def map_shopify_rows(rows: Sequence[Row], shop: ForeignShop) -> Mapped:
    """The order that `rows` tell."""
    order = rows[0].cells
    losses: set[str] = set()
    sent_at = _instant(order.get("Fulfilled at"))
    mapped = Mapped(
        native_order(
            shop,
            number=order[NUMBER],
            customer={
                "email": order["Email"],
                "name": first_told(order.get("Billing Name"), order.get("Shipping Name")),
                "phone": phone_of(losses, order.get("Phone"), order.get("Billing Phone"), order.get("Shipping Phone")),
            },
            placed_at=_instant(order["Created at"]),
            paid_at=_instant(order.get("Paid at")),
            shipments=[] if sent_at is None else [{"shipped_at": sent_at}],
            lines=[_line(row.cells, order, sent_at is not None, losses) for row in rows],
        ),
        losses,
        _left_out(order),
    )
    if not order["Financial Status"].strip():
        mapped.problem = "its first row is missing: the one that tells the Financial Status"
    elif sent_at is None:
        mapped.problem = _sent_some_day(rows)
    else:
        losses.update(("delivery_days", "tracking"))
    if is_positive(order.get("Refunded Amount")):
        losses.add("refunds")
    if is_positive(order.get("Discount Amount")):
        losses.add("discounts")
    if _taxes_on_top(order):
        losses.add("taxes")
    if is_positive(order.get("Shipping")):
        losses.add("shipping_charges")
    if first_told(order.get("Notes")) is not None:
        losses.add("notes")
    return mapped


def _instant(cell: str | None) -> str | None:
    told = _INSTANT.fullmatch((cell or "").strip())
    if told is None:
        return cell if cell and cell.strip() else None
    day_and_time, offset = told.groups()
    return f"{day_and_time}{'Z' if offset == 'UTC' else offset}"


def _left_out(order: Mapping[str, str]) -> str | None:
    status = order["Financial Status"].strip().lower()
    if order.get("Cancelled at", "").strip() or status == "voided":
        return "cancelled"
    return "refunded" if status == "refunded" else None


def _line(cells: Mapping[str, str], order: Mapping[str, str], has_parcel: bool, losses: set[str]) -> dict[str, Any]:
    quantity: Any = cells["Lineitem quantity"].strip()
    if quantity.isascii() and quantity.isdigit() and len(quantity) < 10:
        quantity = int(quantity)
    status = cells.get("Lineitem fulfillment status", "").strip().lower()
    travels = _travels(cells)
    if not travels:
        losses.add("not_sent")
    if has_parcel and status == "partial":
        losses.add("partly_sent")
    # Where the whole order is sent, so is a line that does not say.
    whole = order.get("Fulfillment Status", "").strip().lower() == "fulfilled"
    is_sent = travels and has_parcel and (status not in _NOT_SENT or (whole and not status))
    return {
        "sku": cells.get("Lineitem sku"),
        "title": cells["Lineitem name"],
        "quantity": quantity,
        "unit_price": cells["Lineitem price"].strip(),
        "currency": order["Currency"].strip(),
        "shipment": 0 if is_sent else None,
    }


def _travels(cells: Mapping[str, str]) -> bool:
    return cells.get("Lineitem requires shipping", "").strip().lower() != "false"


def _sent_some_day(rows: Sequence[Row]) -> str | None:
    """Told as not sent, the chat would offer to cancel what is on its way."""
    for row in rows:
        if _travels(row.cells) and row.cells.get("Lineitem fulfillment status", "").strip().lower() not in _NOT_SENT:
            return (
                f"Lineitem fulfillment status (line {row.line}): is sent, but the export does not tell when"
                " (Fulfilled at is empty); import it again once all of it is sent, or from the Admin API's JSON"
            )
    return None


def _taxes_on_top(order: Mapping[str, str]) -> bool:
    subtotal, shipping, taxes, total = (
        decimal_of(order.get(column)) for column in ("Subtotal", "Shipping", "Taxes", "Total")
    )
    if subtotal is None or not taxes or total is None:
        return False
    return subtotal + (shipping or 0) + taxes == total
