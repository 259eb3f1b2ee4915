"""What the customers of a storm come for: an order each, what they say, and what a yes has to write."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

NAME = "Ada Fenn"
UNSENT: list[dict[str, Any]] = []
ARRIVED = {
    "carrier": "Parcel Post",
    "tracking": "PP5519",
    "shipped_at": "2026-03-02T16:00:00+01:00",
    "promised_by": "2026-03-05",
    "delivered_at": "2026-03-05T11:30:00+01:00",
}
NOT_ARRIVED = ARRIVED | {"delivered_at": None}
KETTLE = {"sku": "K-1", "title": "Copper kettle", "quantity": 1, "unit_price": "39.90", "currency": "EUR"}
PEN = {"sku": "P-2", "title": "Fountain pen", "quantity": 2, "unit_price": "19.50", "currency": "EUR"}
RAN_OUT = PEN | {"stock": "out_of_stock", "restock_expected_on": "2026-03-24"}


@dataclass(frozen=True)
class Kind:
    """A kind of matter. `ends` is the `kind` of the reply that says it is done, `presses` the choices to take.

    `openings`: ways to say what it is about, the next one where one was not understood. `then`: what is said once
    the order has been found, where an opening alone asks for nothing that is written.
    `tables`: the rows it leaves for the line, by table, with the first entry of each in the audit trail.
    """

    name: str
    shop: str
    openings: tuple[str, ...]
    ends: str
    tables: dict[str, str]
    presses: tuple[str, ...] = ("Yes",)
    then: str | None = None
    shipments: tuple[dict[str, Any], ...] = ()
    line: tuple[tuple[str, Any], ...] = tuple(KETTLE.items())
    protected: bool = False


@dataclass(frozen=True)
class Matter:
    """One matter of one customer, about the only line of an order of its own."""

    kind: Kind
    number: str
    email: str

    @property
    def order(self) -> dict[str, Any]:
        """The order as it is told to the importer."""
        return {
            "number": self.number,
            "shop": self.kind.shop,
            "customer": {"name": NAME, "email": self.email, "phone": None},
            "placed_at": "2026-02-28T08:15:00+01:00",
            "paid_at": "2026-02-28T08:20:00+01:00",
            "protection_ends_at": "2026-03-20T15:30:00-04:00" if self.kind.protected else None,
            "shipments": [dict(each) for each in self.kind.shipments],
            "lines": [dict(self.kind.line)],
        }

    def said(self, text: str) -> str:
        """`text` with the order's number and its customer's address in it."""
        return text.format(number=self.number, email=self.email)


OUT_OF_STOCK = (
    "the pen I ordered is out of stock, what now?",
    "order {number} is out of stock and i don't want to wait",
    "my item is out of stock",
)
RETURN = ("i'd like to return an item, i changed my mind", "i want to send it back", "I want to return {number}")
NOT_HERE = ("my order {number} never arrived!!", "my parcel has not arrived", "i never got my order")
CANCEL = ("please cancel my order {number}", "cancel my order", "i want to cancel my order please")
WHERE = ("where is my order {number}?", "where is my parcel?", "track my order {number}")
RAN_OUT_LINE = tuple(RAN_OUT.items())

KINDS = (
    Kind("rma", "quill", RETURN, "rma", {"rmas": "rma.issued"}, shipments=(ARRIVED,)),
    Kind(
        "dispute",
        "bazaar",
        NOT_HERE,
        "dispute",
        {"disputes": "dispute.opened"},
        shipments=(NOT_ARRIVED,),
        protected=True,
    ),
    Kind(
        "cancellation",
        "quill",
        CANCEL,
        "cancellation",
        {"cancellations": "line.cancelled", "refunds": "refund.requested"},
        presses=("Cancel it", "Yes"),
    ),
    Kind(
        "wait",
        "quill",
        OUT_OF_STOCK,
        "backorder",
        {"choices": "backorder.wait"},
        presses=("Wait for it", "Yes"),
        line=RAN_OUT_LINE,
    ),
    Kind(
        "refund",
        "quill",
        OUT_OF_STOCK,
        "refund",
        {"choices": "backorder.refund", "refunds": "refund.requested"},
        presses=("Refund now", "Yes"),
        line=RAN_OUT_LINE,
    ),
    Kind(
        "person",
        "quill",
        WHERE,
        "ticket",
        {"tickets": "ticket.opened"},
        then="i want to talk to a human",
    ),
    Kind("approval", "workshop", RETURN, "ticket", {"tickets": "ticket.opened"}, shipments=(ARRIVED,)),
)


def matters(rng: random.Random) -> Iterator[Matter]:
    """Matters without end: every kind in turn, in an order that changes, each on an order of its own."""
    for turn in itertools.count(100):
        for place, kind in enumerate(rng.sample(KINDS, len(KINDS))):
            number = f"{turn}{place}"
            yield Matter(kind, f"QC-{number}", f"ada.{number}@example.com")


def matter_of(name: str, number: str) -> Matter:
    """The matter of this kind about the order of this number."""
    kind = next(each for each in KINDS if each.name == name)
    return Matter(kind, number, f"ada.{number.rpartition('-')[2].lower()}@example.com")
