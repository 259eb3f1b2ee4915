"""Finding a case by the number people quote, whichever shop it is of."""

from typing import Final, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_store.numbers import NumberKind, normalise_number
from order_store.tables import Dispute, PrivacyRequest, Repair, Rma, Ticket

Numbered = TypeVar("Numbered", Rma, Dispute, Ticket, Repair, PrivacyRequest)

_KINDS: Final[dict[type, NumberKind]] = {
    Rma: "rma",
    Dispute: "dispute",
    Ticket: "ticket",
    Repair: "repair",
    PrivacyRequest: "privacy",
}


def find_numbered(session: Session, table: type[Numbered], number: str) -> Numbered | None:
    """The row of `table` with this number, however it was typed; None also when the number has a slip in it."""
    printed = normalise_number(number, _KINDS[table])
    if printed is None:
        return None
    return session.scalar(select(table).where(table.number == printed))
