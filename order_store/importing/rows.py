"""What a told order says, as the values of the table rows that hold it."""

from collections.abc import Iterator, Mapping
from typing import Any

from order_store.importing.customers import CustomerKey
from order_store.importing.told import ToldLine, ToldOrder


def order_values(order: ToldOrder, customers: Mapping[CustomerKey, int]) -> dict[str, Any]:
    """The columns of the order's own row but its id."""
    return {
        "shop_key": order.shop_key,
        "number": order.number,
        "number_key": order.number_key,
        "customer_id": customers[order.shop_key, order.customer.email],
        "invoice": order.invoice,
        "placed_at": order.placed_at,
        "paid_at": order.paid_at,
        "protection_ends_at": order.protection_ends_at,
        "receipt_confirmed_at": order.receipt_confirmed_at,
        "completed_at": order.completed_at,
        "on_platform": order.on_platform,
        "address_error": order.address_error,
        "order_digest": order.digest,
        "customer_digest": order.customer.digest,
    }


def shipment_values(order: ToldOrder) -> Iterator[dict[str, Any]]:
    """The columns of each shipment's row but its id and order."""
    for position, shipment in enumerate(order.shipments):
        yield {
            "position": position,
            "carrier": shipment.carrier,
            "tracking": shipment.tracking,
            "shipped_at": shipment.shipped_at,
            "promised_by": shipment.promised_by,
            "delivered_at": shipment.delivered_at,
        }


def line_values(line: ToldLine) -> dict[str, Any]:
    """The columns of a line's row but its id, order, position and shipment."""
    return {
        "sku": line.sku,
        "title": line.title,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "currency": line.currency,
        "serial": line.serial,
        "factory_shipped_on": line.factory_shipped_on,
        "warranty_until": line.warranty_until,
        "repaired_and_sent_back_on": line.repaired_and_sent_back_on,
        "one_year_service": line.one_year_service,
        "stock": line.stock,
        "restock_expected_on": line.restock_expected_on,
    }
