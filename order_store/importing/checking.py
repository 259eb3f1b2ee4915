"""Checking one told order: what it must hold, what may be left out, and what cannot have happened."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any, Final

from order_store.codes import ADDRESS_ERRORS, STANDINGS, STOCKS
from order_store.finding import order_key
from order_store.importing.fields import Fields, Problem
from order_store.importing.kinds import (
    AMOUNT,
    CURRENCY,
    DAY,
    EMAIL,
    FLAG,
    INSTANT,
    PHONE,
    WEB_ADDRESS,
    code_of,
    text,
    whole,
)
from order_store.importing.told import ToldCustomer, ToldLine, ToldOrder, ToldShipment

ORDER_KEYS: Final = (
    *("number", "shop", "invoice", "customer", "placed_at", "paid_at", "protection_ends_at"),
    *("receipt_confirmed_at", "completed_at", "on_platform", "address_error", "shipments", "lines"),
)
CUSTOMER_KEYS: Final = ("name", "email", "phone", "standing")
SHIPMENT_KEYS: Final = ("carrier", "tracking", "shipped_at", "promised_by", "delivered_at")
LINE_KEYS: Final = (
    *("sku", "title", "quantity", "unit_price", "currency", "serial", "shipment", "factory_shipped_on"),
    *("warranty_until", "repaired_and_sent_back_on", "one_year_service", "stock", "restock_expected_on"),
)
SERVICE_KEYS: Final = ("provider", "terms_url")

_MOST: Final = 1000
_NUMBER: Final = text(64)
_SHORT: Final = text(200)
_TITLE: Final = text(500)


def check_order(told: Any, shops: Collection[str]) -> ToldOrder | list[Problem]:
    """The order told, or everything that is wrong with it; `shops` are the keys of the shops in the store."""
    problems: list[Problem] = []
    order = _order(Fields(told, "", problems, ORDER_KEYS), shops)
    return problems or order


def _order(fields: Fields, shops: Collection[str]) -> ToldOrder:
    number = fields.needed("number", _NUMBER, "")
    number_key = order_key(number)
    if number and not (number_key and len(number_key) <= 64):
        fields.refuse("number", f"expected letters or digits in the number, found {number!r}")
    shop = fields.needed("shop", _SHORT, "")
    if shop and shop not in shops:
        known = ", ".join(sorted(shops)[:10]) or "none yet: load its settings with aftercare shops FILE"
        fields.refuse("shop", f"expected a shop of the store ({known}), found {shop!r}")
    shipments = fields.objects("shipments", SHIPMENT_KEYS, most=_MOST)
    lines = fields.objects("lines", LINE_KEYS, most=_MOST)
    if lines == [] and fields.is_object:
        fields.refuse("lines", "expected at least one line, found none")
    order = ToldOrder(
        shop_key=shop,
        number=number,
        number_key=number_key,
        invoice=fields.blank_or("invoice", _SHORT),
        customer=_customer(fields),
        placed_at=fields.optional("placed_at", INSTANT),
        paid_at=fields.optional("paid_at", INSTANT),
        protection_ends_at=fields.optional("protection_ends_at", INSTANT),
        receipt_confirmed_at=fields.optional("receipt_confirmed_at", INSTANT),
        completed_at=fields.optional("completed_at", INSTANT),
        on_platform=fields.optional("on_platform", FLAG) is not False,
        address_error=fields.optional("address_error", code_of(ADDRESS_ERRORS)) or "none",
        shipments=tuple(map(_shipment, shipments or ())),
        lines=tuple(_line(line, None if shipments is None else len(shipments)) for line in lines or ()),
    )
    _refuse_impossible_dates(order, fields)
    return order


def _customer(order: Fields) -> ToldCustomer:
    fields = order.object("customer", CUSTOMER_KEYS)
    if fields is None:
        if order.is_object:
            order.refuse("customer", "expected an object with the customer's e-mail address, found nothing")
        return ToldCustomer("", None, None, "good")
    return ToldCustomer(
        email=fields.needed("email", EMAIL, ""),
        name=fields.blank_or("name", _SHORT),
        phone=fields.blank_or("phone", PHONE),
        standing=fields.optional("standing", code_of(STANDINGS)) or "good",
    )


def _shipment(fields: Fields) -> ToldShipment:
    shipment = ToldShipment(
        carrier=fields.blank_or("carrier", _SHORT),
        tracking=fields.blank_or("tracking", _SHORT),
        shipped_at=fields.optional("shipped_at", INSTANT),
        promised_by=fields.optional("promised_by", DAY),
        delivered_at=fields.optional("delivered_at", INSTANT),
    )
    shipped, delivered = shipment.shipped_at, shipment.delivered_at
    if shipped and delivered and delivered < shipped:
        fields.refuse("delivered_at", f"expected an instant not before shipped_at ({shipped.isoformat()})")
    return shipment


def _line(fields: Fields, shipments: int | None) -> ToldLine:
    return ToldLine(
        sku=fields.blank_or("sku", _SHORT),
        title=fields.needed("title", _TITLE, ""),
        quantity=fields.needed("quantity", whole(range(1, 1_000_001)), 1),
        unit_price=fields.needed("unit_price", AMOUNT, Decimal(0)),
        currency=fields.needed("currency", CURRENCY, ""),
        serial=fields.blank_or("serial", _SHORT),
        shipment=_shipment_of(fields, shipments),
        factory_shipped_on=fields.optional("factory_shipped_on", DAY),
        warranty_until=fields.optional("warranty_until", DAY),
        repaired_and_sent_back_on=fields.optional("repaired_and_sent_back_on", DAY),
        one_year_service=_service(fields),
        stock=fields.optional("stock", code_of(STOCKS)) or "in_stock",
        restock_expected_on=fields.optional("restock_expected_on", DAY),
    )


def _service(line: Fields) -> dict[str, str | None] | None:
    fields = line.object("one_year_service", SERVICE_KEYS)
    if fields is None:
        return None
    return {
        "provider": fields.blank_or("provider", _SHORT),
        "terms_url": fields.blank_or("terms_url", WEB_ADDRESS),
    }


def _shipment_of(line: Fields, shipments: int | None) -> int | None:
    if shipments is None or not line.is_object:
        return None
    if line.has("shipment"):
        if shipments:
            return line.optional("shipment", whole(range(shipments)))
        if line.optional("shipment", whole(range(_MOST))) is not None:
            line.refuse("shipment", "expected null, since the order tells no shipments")
        return None
    if shipments > 1:
        line.refuse("shipment", f"expected an index from 0 to {shipments - 1}, or null when not shipped, found nothing")
    return 0 if shipments == 1 else None


def _refuse_impossible_dates(order: ToldOrder, fields: Fields) -> None:
    confirmed = order.receipt_confirmed_at
    for index, shipment in enumerate(order.shipments):
        if confirmed and shipment.shipped_at and confirmed < shipment.shipped_at:
            fields.refuse(
                "receipt_confirmed_at",
                f"expected an instant not before shipments[{index}].shipped_at ({shipment.shipped_at.isoformat()})",
            )
            break
    if order.completed_at and order.paid_at and order.completed_at < order.paid_at:
        fields.refuse("completed_at", f"expected an instant not before paid_at ({order.paid_at.isoformat()})")
