"""A customer's yes: decide again on the present facts, and write, in one short transaction.

Each write is locked on its line and carries an idempotency key, so a double click, a retry or two workers
give one row; asking again for what was granted gives the same number.
"""

from datetime import datetime

from sqlalchemy.orm import Session

import order_store
from policy_core import RemedyName

from .dossier import Dossier, Judged
from .granted import Granted
from .writing import WRITERS, Yes


class NoLongerOpenError(Exception):
    """Between the question and the yes the remedy closed; `judged` is the verdict now."""

    def __init__(self, judged: Judged) -> None:
        super().__init__("the remedy is no longer open")
        self.judged = judged


def grant(
    session: Session, dossier: Dossier, line: order_store.Line, remedy: RemedyName, now: datetime, key: str
) -> Granted:
    """Write what the customer said yes to. `key` names this yes: the same key never writes twice.

    Needs a writing session. Where the shop approves by hand nothing is written, and the kind is "person".
    Raises NoLongerOpenError when the remedy is not open as of `now`.
    """
    order_store.lock_line(session, line.id)
    session.expire_all()  # what was read before the lock may have changed meanwhile
    judged = dossier.judge(session, line, now)
    chosen = next((each for each in judged.open if each.remedy is remedy), None)
    if chosen is None:
        raise NoLongerOpenError(judged)
    writer = WRITERS.get(remedy)
    if writer is None or line.order.shop.approval == "manual":
        return Granted("person", chosen, judged)
    return writer(Yes(session, dossier, line, judged, chosen, now, key))
