"""Shopify's orders as its Admin API (REST) tells them, in the native format."""

from collections.abc import Mapping
from decimal import Decimal
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
    sum_of,
)

NAMES: Final = {
    "": "",
    "number": "name",
    "customer.email": "email",
    "customer.name": "billing_address.name",
    "customer.phone": "phone",
    "placed_at": "created_at",
    "paid_at": "processed_at",
    "shipments": "fulfillments",
    "shipments[].carrier": "fulfillments[].tracking_company",
    "shipments[].tracking": "fulfillments[].tracking_number",
    "shipments[].shipped_at": "fulfillments[].created_at",
    "lines": "line_items",
    "lines[]": "line_items[]",
    "lines[].title": "line_items[].name",
    "lines[].sku": "line_items[].sku",
    "lines[].quantity": "line_items[].quantity",
    "lines[].unit_price": "line_items[].price",
    "lines[].currency": "currency",
}
"""A native field and what it is made from."""

shopify_name: Final = names_of(NAMES)

_PAID: Final = ("paid", "partially_refunded", "refunded")
_UNSENT: Final = ("cancelled", "error", "failure")


def map_shopify(told: Any, shop: ForeignShop) -> Mapped:
    """The order `told` by Shopify; one that was wrapped alone ({"order": …}) is unwrapped."""
    order = object_of(told)
    order = object_of(order.get("order", order))
    losses: set[str] = set()
    parcels = [each for each in objects_of(order.get("fulfillments")) if each.get("status") not in _UNSENT]
    billing, shipping = object_of(order.get("billing_address")), object_of(order.get("shipping_address"))
    customer = object_of(order.get("customer"))
    placed_at = first_told(order.get("processed_at"), order.get("created_at"))
    mapped = Mapped(
        native_order(
            shop,
            number=order.get("name"),
            customer={
                "email": first_told(order.get("email"), order.get("contact_email"), customer.get("email")),
                "name": first_told(
                    *(billing.get("name"), shipping.get("name")),
                    full_name(customer.get("first_name"), customer.get("last_name")),
                ),
                "phone": phone_of(
                    losses, order.get("phone"), customer.get("phone"), billing.get("phone"), shipping.get("phone")
                ),
            },
            placed_at=placed_at,
            paid_at=_paid_at(order, placed_at, losses),
            shipments=[_parcel(each, losses) for each in parcels],
            lines=_lines(order, parcels, losses),
        ),
        losses,
        _left_out(order),
    )
    if parcels:
        losses.add("delivery_days")
    if order.get("refunds"):
        losses.add("refunds")
    if any(is_positive(each.get("price")) for each in objects_of(order.get("shipping_lines"))):
        losses.add("shipping_charges")
    if first_told(order.get("note")) is not None:
        losses.add("notes")
    return mapped


def _left_out(order: Mapping[str, Any]) -> str | None:
    if order.get("test") is True:
        return "test"
    if order.get("cancelled_at") or order.get("financial_status") == "voided":
        return "cancelled"
    remaining = [line.get("current_quantity") for line in objects_of(order.get("line_items"))]
    if order.get("financial_status") == "refunded" or (remaining and all(each == 0 for each in remaining)):
        return "refunded"
    return None


def _paid_at(order: Mapping[str, Any], placed_at: Any, losses: set[str]) -> Any:
    """The last successful payment where transactions are told, which a list of orders does not do."""
    if order.get("financial_status") not in _PAID:
        return None
    payments = [
        each["processed_at"]
        for each in objects_of(order.get("transactions"))
        if each.get("kind") in ("sale", "capture") and each.get("status") == "success" and each.get("processed_at")
    ]
    if payments:
        return payments[-1]
    losses.add("payment_days")
    return placed_at


def _parcel(fulfillment: Mapping[str, Any], losses: set[str]) -> dict[str, Any]:
    further = fulfillment.get("tracking_numbers")
    numbers = further if isinstance(further, list) else []
    if len(numbers) > 1:
        losses.add("more_tracking")
    return {
        "carrier": fulfillment.get("tracking_company"),
        "tracking": first_told(fulfillment.get("tracking_number"), *numbers[:1]),
        "shipped_at": fulfillment.get("created_at"),
    }


def _lines(order: Mapping[str, Any], parcels: list[Mapping[str, Any]], losses: set[str]) -> Any:
    """The lines in Shopify's order, each whole: a place, once told, is never another article's."""
    told = order.get("line_items")
    if not isinstance(told, list):
        return told
    sent: dict[str, list[tuple[int, Any]]] = {}
    for index, parcel in enumerate(parcels):
        for part in objects_of(parcel.get("line_items")):
            sent.setdefault(str(part.get("id")), []).append((index, part.get("quantity")))
    return [
        _line(each, order, sent.get(str(each.get("id")), []), losses) if isinstance(each, Mapping) else each
        for each in told
    ]


def _line(
    line: Mapping[str, Any], order: Mapping[str, Any], parts: list[tuple[int, Any]], losses: set[str]
) -> dict[str, Any]:
    quantity, remaining = line.get("quantity"), line.get("current_quantity")
    if isinstance(quantity, int) and isinstance(remaining, int) and remaining < quantity:
        losses.add("removed")
    if len(parts) > 1:
        losses.add("several_parcels")
    amounts = [amount for _, amount in parts if isinstance(amount, int)]
    owed = remaining if isinstance(remaining, int) else quantity
    if parts and isinstance(owed, int) and sum(amounts) < owed:
        losses.add("partly_sent")
    if line.get("requires_shipping") is False or line.get("gift_card") is True:
        losses.add("not_sent")
    price, currency = _price(line, order, losses)
    return {
        "sku": line.get("sku"),
        "title": first_told(line.get("name"), line.get("title")),
        "quantity": quantity,
        "unit_price": price,
        "currency": currency,
        "shipment": parts[-1][0] if parts else None,
    }


def _price(line: Mapping[str, Any], order: Mapping[str, Any], losses: set[str]) -> tuple[Any, Any]:
    """What the customer paid for one: in the currency they paid in, after discounts, with taxes."""
    paid_in = object_of(object_of(line.get("price_set")).get("presentment_money"))
    in_theirs = bool(paid_in)
    price, currency = line.get("price"), order.get("currency")
    if in_theirs:
        price, currency = paid_in.get("amount"), paid_in.get("currency_code")
    off = [_amount(each, "amount", in_theirs) for each in objects_of(line.get("discount_allocations"))]
    on_top = [] if order.get("taxes_included") is True else objects_of(line.get("tax_lines"))
    taxes = [_amount(each, "price", in_theirs) for each in on_top]
    one, quantity = decimal_of(price), line.get("quantity")
    if not (any(off) or any(taxes)) or one is None or not is_quantity(quantity):
        return price, currency
    discount, tax = sum_of(off), sum_of(taxes)
    if discount is None or tax is None:
        losses.add("discounts" if discount is None else "taxes")
    return price_of_one(one * quantity - (discount or 0) + (tax or 0), quantity, losses), currency


def _amount(told: Mapping[str, Any], key: str, in_theirs: bool) -> Decimal | None:
    if not in_theirs:
        return decimal_of(told.get(key))
    return decimal_of(object_of(object_of(told.get(f"{key}_set")).get("presentment_money")).get("amount"))
