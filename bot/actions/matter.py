"""The customer's matter as an action sees it: the dossier with its order, line and verdict, read anew."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rasa_sdk import Tracker
from sqlalchemy.orm import Session

from casework.dossier import Dossier
from casework.judged import Judged
from casework.telling import Teller
from order_store import Line, Order
from policy_core import CaseError

from .base import database, words
from .turn import Turn

logger = logging.getLogger(__name__)


class UnsettledError(LookupError):
    """An action that needs the customer's own order line ran before there was one."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What the customer is about. Order and line are ones they have proven to be theirs, or there is none yet.

    A line without a verdict is one whose order contradicts itself: a person has to look at it.
    """

    session: Session
    dossier: Dossier
    own_order: Order | None
    own_line: Line | None
    own_judged: Judged | None
    turn: Turn

    @property
    def goal(self) -> str | None:
        return self.dossier.goal.name if self.dossier.goal is not None else None

    @property
    def order(self) -> Order:
        """Raises UnsettledError while there is none."""
        if self.own_order is None:
            raise UnsettledError("no order")
        return self.own_order

    @property
    def line(self) -> Line:
        """Raises UnsettledError while there is none."""
        if self.own_line is None:
            raise UnsettledError("no order line")
        return self.own_line

    @property
    def judged(self) -> Judged:
        """What the policies say of the line. Raises UnsettledError while there is none."""
        if self.own_judged is None:
            raise UnsettledError("no verdict")
        return self.own_judged

    @property
    def teller(self) -> Teller:
        return Teller(words(), self.line, self.turn.now)


@contextmanager
def matter_of(tracker: Tracker, turn: Turn, *, write: bool = False) -> Iterator[Matter]:
    """The matter as of the turn, inside a reading (or writing) session."""
    dossier = Dossier.from_slots(tracker.slots, turn.asker)
    with database().write() if write else database().read() as session:
        order = dossier.order(session)
        line = dossier.line_of(order) if order is not None else None
        yield Matter(session, dossier, order, line, _judged(session, dossier, line, turn), turn)


def _judged(session: Session, dossier: Dossier, line: Line | None, turn: Turn) -> Judged | None:
    try:
        return dossier.judge(session, line, turn.now) if line is not None else None
    except CaseError:
        logger.exception("order line %s cannot be judged", line.id if line is not None else None)
        return None
