"""What imports tell of stock: lines that ran out, came back or left, and what has to follow from it (ST-O1, ST-O2).

Each kind is found by a look that locks nothing, and settled line by line: locked, and judged again.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

import order_store
from order_store import BackorderChoice, Cancellation, Letter, Line, Shipment

from . import notices
from .acting import Acting


def untold(session: Session) -> Sequence[int]:
    """The ids of lines that ran out and wait for their customer's choice, who has had no letter about it."""
    return session.scalars(_untold()).all()


def tell(acting: Acting, line_id: int) -> bool:
    """ST-O1: tells the customer of a line that an import told to have run out; whether there was need to."""
    line = order_store.lock_line(acting.session, line_id)
    if acting.session.scalar(_untold().where(Line.id == line_id)) is None:
        return False
    notices.item_out_of_stock(acting.session, line, acting.now)
    return True


def back(session: Session) -> Sequence[int]:
    """The ids of lines whose customers were told that they ran out, and which an import has told to be there again."""
    return session.scalars(_back()).all()


def note_back(acting: Acting, line_id: int) -> bool:
    """Notes in the audit trail that a line came back, so that running out again is told again; whether it had come.

    The desk's own restocking is noted by its step.
    """
    order_store.lock_line(acting.session, line_id)
    if acting.session.scalar(_back().where(Line.id == line_id)) is None:
        return False
    order_store.record(
        acting.session,
        at=acting.now,
        who=acting.who,
        what=notices.RESTOCKED,
        subject=f"line:{line_id}",
        why="import",
        details={"from": {"stock": "out_of_stock"}, "to": {"stock": "in_stock"}},
    )
    return True


def left(session: Session, now: datetime) -> Sequence[int]:
    """The ids of lines that are waited for and shipped as of `now`."""
    return session.scalars(_left(now)).all()


def note_shipped(acting: Acting, line_id: int) -> bool:
    """Ends the waiting for a line an import has told to be shipped; whether it was waited for."""
    line = order_store.lock_line(acting.session, line_id)
    if acting.session.scalar(_left(acting.now).where(Line.id == line_id)) is None:
        return False
    choice = choice_of(acting.session, line)
    return choice is not None and acting.step_if_possible(choice, "ship", "import")


def choice_of(session: Session, line: Line) -> BackorderChoice | None:
    """What the line's customer chose when it ran out, if they have."""
    return session.scalar(select(BackorderChoice).filter_by(line_id=line.id))


def cancelled() -> ColumnElement[bool]:
    """Whether a `Line` is cancelled."""
    return select(Cancellation.id).where(Cancellation.line_id == Line.id).exists()


def _untold() -> Select[tuple[int]]:
    told = select(Letter.id).where(Letter.idempotency_key == notices.out_of_stock_key())
    return (
        select(Line.id)
        .outerjoin(Line.shipment)
        .outerjoin(BackorderChoice, BackorderChoice.line_id == Line.id)
        .where(Line.stock == "out_of_stock", Shipment.shipped_at.is_(None), BackorderChoice.id.is_(None))
        .where(~cancelled(), ~told.exists())
        .order_by(Line.id)
    )


def _back() -> Select[tuple[int]]:
    # The key with something added is no key to look letters up by: from the few letters to their lines, never from
    # all the lines of a shop to their letters.
    the_last_told_of = Letter.idempotency_key.concat("") == notices.out_of_stock_key()
    return (
        select(Line.id)
        .join(Letter, Letter.variables["line"].as_integer() == Line.id)
        .where(Letter.kind == "item_out_of_stock", Line.stock == "in_stock", the_last_told_of)
        .order_by(Line.id)
    )


def _left(now: datetime) -> Select[tuple[int]]:
    return (
        select(Line.id)
        .join(BackorderChoice, BackorderChoice.line_id == Line.id)
        .join(Line.shipment)
        .where(BackorderChoice.course == "waiting", Shipment.shipped_at <= now)
        .order_by(Line.id)
    )
