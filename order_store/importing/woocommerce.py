"""WooCommerce's orders as its REST API tells them, in the native format.

WooCommerce itself knows no parcels: the extensions that do keep them among the order's `meta_data`.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any, Final

from order_store.importing.foreign import (
    ForeignShop,
    Mapped,
    decimal_of,
    first_told,
    full_name,
    is_positive,
    is_quantity,
    names_of,
    native_order,
    object_of,
    objects_of,
    phone_of,
    price_of_one,
)

TRACKING: Final = "_wc_shipment_tracking_items"
"""Where the Shipment Tracking extensions keep the parcels."""

NAMES: Final = {
    "": "",
    "number": "number",
    "customer": "billing",
    "customer.email": "billing.email",
    "customer.name": "billing.first_name",
    "customer.phone": "billing.phone",
    "placed_at": "date_created_gmt",
    "paid_at": "date_paid_gmt",
    "completed_at": "date_completed_gmt",
    "shipments": f"meta_data ({TRACKING})",
    "shipments[].carrier": f"meta_data ({TRACKING}[].tracking_provider)",
    "shipments[].tracking": f"meta_data ({TRACKING}[].tracking_number)",
    "shipments[].shipped_at": f"meta_data ({TRACKING}[].date_shipped)",
    "lines": "line_items",
    "lines[]": "line_items[]",
    "lines[].title": "line_items[].name",
    "lines[].sku": "line_items[].sku",
    "lines[].quantity": "line_items[].quantity",
    "lines[].unit_price": "line_items[].total",
    "lines[].currency": "currency",
}
"""A native field and what it is made from."""

woocommerce_name: Final = names_of(NAMES)

_WITHOUT_OFFSET: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?", re.ASCII)
_LEFT_OUT: Final = {
    "cancelled": "cancelled",
    "refunded": "refunded",
    "failed": "payment_failed",
    **dict.fromkeys(("trash", "draft", "auto-draft", "checkout-draft"), "draft"),
}


def map_woocommerce(told: Any, shop: ForeignShop) -> Mapped:
    """The order `told` by WooCommerce."""
    order = object_of(told)
    losses: set[str] = set()
    billing = object_of(order.get("billing"))
    status = str(order.get("status")).removeprefix("wc-")
    completed_at = _utc(order.get("date_completed_gmt")) if status == "completed" else None
    parcels = _parcels(order, completed_at, shop, losses)
    mapped = Mapped(
        native_order(
            shop,
            number=_number(order),
            customer={
                "email": billing.get("email"),
                "name": full_name(billing.get("first_name"), billing.get("last_name")),
                "phone": phone_of(losses, billing.get("phone"), object_of(order.get("shipping")).get("phone")),
            },
            placed_at=_utc(order.get("date_created_gmt")),
            paid_at=_utc(order.get("date_paid_gmt")),
            completed_at=completed_at,
            shipments=parcels,
            lines=_lines(order, len(parcels), losses),
        ),
        losses,
        _LEFT_OUT.get(status),
    )
    if parcels:
        losses.add("delivery_days")
    if order.get("refunds"):
        losses.add("refunds")
    if is_positive(order.get("shipping_total"), *(fee.get("total") for fee in objects_of(order.get("fee_lines")))):
        losses.add("shipping_charges")
    if first_told(order.get("customer_note")) is not None:
        losses.add("notes")
    return mapped


def _number(order: Mapping[str, Any]) -> Any:
    """As customers see it, which is the id unless an extension numbers orders itself."""
    number = first_told(order.get("number"), order.get("id"))
    return str(number) if isinstance(number, int) and not isinstance(number, bool) else number


def _utc(told: Any) -> Any:
    """The API's dates in GMT come without an offset."""
    return f"{told}Z" if isinstance(told, str) and _WITHOUT_OFFSET.fullmatch(told) else told or None


def _parcels(order: Mapping[str, Any], completed_at: Any, shop: ForeignShop, losses: set[str]) -> list[dict[str, Any]]:
    tracked = next(
        (objects_of(meta.get("value")) for meta in objects_of(order.get("meta_data")) if meta.get("key") == TRACKING),
        [],
    )
    if not tracked:
        if completed_at is None:
            return []
        losses.update(("sending_days", "tracking"))
        return [{"shipped_at": completed_at}]
    return [
        {
            "carrier": first_told(item.get("custom_tracking_provider"), item.get("tracking_provider")),
            "tracking": item.get("tracking_number"),
            "shipped_at": _shipped_at(item.get("date_shipped"), shop),
        }
        for item in tracked
    ]


def _shipped_at(told: Any, shop: ForeignShop) -> Any:
    """The extensions keep a day as the second its midnight would be in UTC; it is meant as the shop's day."""
    if not isinstance(told, int | str) or not str(told).isdecimal() or len(str(told)) > 11:
        return told or None
    moment = datetime.fromtimestamp(int(told), UTC)
    if moment.time() == time():
        moment = datetime.combine(moment.date(), time(), shop.zone)
    return moment.isoformat()


def _lines(order: Mapping[str, Any], parcels: int, losses: set[str]) -> Any:
    """Nothing says which article is in which parcel: the last is the one that completes the order."""
    if parcels > 1:
        losses.add("several_parcels")
    told = order.get("line_items")
    if not isinstance(told, list):
        return told
    shipment = parcels - 1 if parcels else None
    return [_line(each, order, shipment, losses) if isinstance(each, Mapping) else each for each in told]


def _line(line: Mapping[str, Any], order: Mapping[str, Any], shipment: int | None, losses: set[str]) -> dict[str, Any]:
    quantity, total = line.get("quantity"), decimal_of(line.get("total"))
    price: Any = line.get("total")
    if total is not None and is_quantity(quantity):
        price = price_of_one(total + (decimal_of(line.get("total_tax")) or 0), quantity, losses)
    return {
        "sku": line.get("sku"),
        "title": line.get("name"),
        "quantity": quantity,
        "unit_price": price,
        "currency": order.get("currency"),
        "shipment": shipment,
    }
