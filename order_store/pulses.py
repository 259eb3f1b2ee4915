"""The parts nobody can call, such as the worker, say here that they are at work."""

from datetime import datetime

from sqlalchemy.orm import Session

from order_store.tables import Pulse


def beat(session: Session, part: str, at: datetime) -> None:
    """Notes that `part` is at work `at` this instant of the machine's clock."""
    session.merge(Pulse(part=part, at=at))


def last_beat(session: Session, part: str) -> datetime | None:
    """When `part` last said so; None: never."""
    pulse = session.get(Pulse, part)
    return pulse.at if pulse is not None else None
