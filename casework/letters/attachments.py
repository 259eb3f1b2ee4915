"""What is attached to a letter: made when it is sent, from what the outbox says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

import order_store

from ..calendars import deadline_ics
from ..slips import slip_pdf


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside a letter: `kind` is its media type, such as application/pdf."""

    name: str
    kind: str
    content: bytes = field(repr=False)


def attached(session: Session, letter: order_store.Letter) -> tuple[Attachment, ...]:
    """The files of `letter`. Each try makes the same ones: they are dated by when the letter was queued."""
    made = (_made(session, letter, each) for each in letter.attachments)
    return tuple(each for each in made if each is not None)


def _made(session: Session, letter: order_store.Letter, told: Mapping[str, Any]) -> Attachment | None:
    rma = session.get_one(order_store.Rma, told["rma"])
    if told["kind"] == "slip":
        return Attachment(f"{rma.number}.pdf", "application/pdf", slip_pdf(rma, letter.shop, letter.queued_at))
    if told["kind"] == "return_by":
        calendar = deadline_ics(rma, letter.shop, letter.queued_at)
        return None if calendar is None else Attachment(f"{rma.number}.ics", "text/calendar", calendar)
    raise LookupError(f"letter {letter.id}: there is no attachment of the kind {told['kind']!r}")
