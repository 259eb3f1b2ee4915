"""Orders: who bought what, how it was paid for and how it travelled."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from order_store.codes import ADDRESS_ERRORS, STANDINGS, STOCKS, AddressError, Standing, Stock
from order_store.tables.base import NEVER_REUSE_IDS, Base, Id, JsonObject, one_of
from order_store.tables.shops import Shop


class Customer(Base):
    """A shop's customer: `email` lower-cased, `phone` digits after a leading +."""

    __tablename__ = "customers"
    __table_args__ = (
        UniqueConstraint("shop_key", "email"),
        one_of("standing", STANDINGS),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Id]
    shop_key: Mapped[str] = mapped_column(ForeignKey("shops.key"))
    name: Mapped[str | None]
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(16))
    standing: Mapped[Standing] = mapped_column(String(16), default="good")


class Order(Base):
    """An order as the shop told it: `number` as printed, `number_key` as it is looked up.

    `order_digest` and `customer_digest` are fingerprints of what the last import told: the same order told
    again changes nothing, whatever became of the rows meanwhile. An `order_digest` of NO_MORE_TOLD: its customer was
    erased (BP-8), and what an import tells of it is not taken again.
    """

    NO_MORE_TOLD: ClassVar[str] = "erased"

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("shop_key", "number_key"),
        one_of("address_error", ADDRESS_ERRORS),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Id]
    shop_key: Mapped[str] = mapped_column(ForeignKey("shops.key"))
    number: Mapped[str] = mapped_column(String(64))
    number_key: Mapped[str] = mapped_column(String(64))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    invoice: Mapped[str | None]
    placed_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    protection_ends_at: Mapped[datetime | None]
    receipt_confirmed_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    on_platform: Mapped[bool] = mapped_column(default=True)
    address_error: Mapped[AddressError] = mapped_column(String(16), default="none")
    order_digest: Mapped[str | None] = mapped_column(String(32))
    customer_digest: Mapped[str | None] = mapped_column(String(32))

    shop: Mapped[Shop] = relationship()
    customer: Mapped[Customer] = relationship()
    shipments: Mapped[list["Shipment"]] = relationship(
        back_populates="order", order_by="Shipment.position", cascade="all, delete-orphan"
    )
    lines: Mapped[list["Line"]] = relationship(
        back_populates="order", order_by="Line.position", cascade="all, delete-orphan"
    )


class Shipment(Base):
    """A parcel of an order; `position` counts from 0; `promised_by` is a local date of the shop."""

    __tablename__ = "shipments"
    __table_args__ = (UniqueConstraint("order_id", "position"), NEVER_REUSE_IDS)

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    position: Mapped[int]
    carrier: Mapped[str | None]
    tracking: Mapped[str | None]
    shipped_at: Mapped[datetime | None]
    promised_by: Mapped[date | None]
    delivered_at: Mapped[datetime | None]

    order: Mapped[Order] = relationship(back_populates="shipments")


class Line(Base):
    """One article of an order; `position` counts from 0 and is the line's identity from import to import.

    No shipment means not shipped. `one_year_service` is null or {"provider", "terms_url"}, each of which
    may be null. Days are local dates of the shop.
    """

    __tablename__ = "lines"
    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        one_of("stock", STOCKS),
        CheckConstraint("quantity > 0", name="quantity"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    position: Mapped[int]
    sku: Mapped[str | None]
    title: Mapped[str]
    quantity: Mapped[int]
    unit_price: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    serial: Mapped[str | None]
    shipment_id: Mapped[int | None] = mapped_column(ForeignKey("shipments.id"), index=True)
    factory_shipped_on: Mapped[date | None]
    warranty_until: Mapped[date | None]
    repaired_and_sent_back_on: Mapped[date | None]
    one_year_service: Mapped[JsonObject | None]
    stock: Mapped[Stock] = mapped_column(String(16), default="in_stock")
    restock_expected_on: Mapped[date | None]

    order: Mapped[Order] = relationship(back_populates="lines")
    shipment: Mapped[Shipment | None] = relationship()
