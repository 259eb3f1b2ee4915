"""Where a line's parcel is, as far as the order says."""

from datetime import datetime

import order_store

from .deadlines import day_in_words
from .telling import VERSION, Teller, Telling


def delivery_of(line: order_store.Line, now: datetime) -> datetime | None:
    """When the carrier delivered the line, if that has happened as of `now`; UTC."""
    delivered_at = line.shipment.delivered_at if line.shipment is not None else None
    return delivered_at if delivered_at is not None and delivered_at <= now else None


def tell_parcel(teller: Teller) -> Telling:
    """Where the line's parcel is, as far as the order says."""
    words, line = teller.words, teller.line
    shipment, order = line.shipment, line.order
    payload = {"v": VERSION, "kind": "order", "number": order.number, "item": line.title, "shipment": None}
    if shipment is None or shipment.shipped_at is None or shipment.shipped_at > teller.now:
        return Telling(words("not_shipped", item=line.title), payload)
    delivered_at = delivery_of(line, teller.now)
    payload["shipment"] = {
        "carrier": shipment.carrier,
        "tracking": shipment.tracking,
        "shipped_at": shipment.shipped_at.isoformat(),
        "promised_by": shipment.promised_by.isoformat() if shipment.promised_by else None,
        "delivered_at": delivered_at.isoformat() if delivered_at else None,
    }
    sentences = [words("shipped", item=line.title, day=teller.day(shipment.shipped_at))]
    if shipment.tracking:
        carrier = shipment.carrier or words("phrase_the_carrier")
        sentences.append(words("tracking", carrier=carrier, tracking=shipment.tracking))
    if delivered_at is not None:
        sentences.append(words("delivered", day=teller.day(delivered_at)))
    elif shipment.promised_by is not None:
        sentences.append(words("promised_by", day=day_in_words(shipment.promised_by, words)))
    return Telling("\n".join(sentences), payload)
