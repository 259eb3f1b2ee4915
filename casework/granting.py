"""A customer's yes: decide again on the present facts, and write, in one short transaction.

Each write is locked on its line and carries an idempotency key, so a double click, a retry or two workers
give one row; asking again for what was granted gives the same number, and what a line cost goes back once.
"""

from datetime import datetime

from sqlalchemy.orm import Session

import order_store
from policy_core import RemedyName

from .dossier import SENT_IN, Dossier, Judged
from .granted import CONFIRMED_RETURNS, Granted
from .refunds import money_back
from .writing import WRITERS, Yes

WORTH_MONEY = frozenset(WRITERS) - {RemedyName.WARRANTY_REPAIR}
"""Remedies that give back what a line cost, in money or goods; a line is worth that once."""


class NoLongerOpenError(Exception):
    """Between the question and the yes the remedy closed; `judged` is the verdict now."""

    def __init__(self, judged: Judged) -> None:
        super().__init__("the remedy is no longer open")
        self.judged = judged


def grant(
    session: Session,
    dossier: Dossier,
    line: order_store.Line,
    remedy: RemedyName,
    now: datetime,
    key: str,
    approved_by: str | None = None,
) -> Granted:
    """Write what the customer said yes to. `key` names this yes: the same key never writes twice.

    Needs a writing session. Where the shop approves by hand, or has refused the same for this line before, and
    nobody has approved it (`approved_by`), nothing is written, and the kind is "person". Raises NoLongerOpenError
    when the remedy is not open as of `now`.
    """
    order_store.lock_line(session, line.id)
    session.expire_all()  # what was read before the lock may have changed meanwhile
    judged = dossier.judge(session, line, now)
    settled = _settled(session, line, judged, remedy)
    if settled is not None:
        return settled
    chosen = next((each for each in judged.open if each.remedy is remedy), None)
    if chosen is None:
        raise NoLongerOpenError(judged)
    writer = WRITERS.get(remedy)
    if writer is None or (approved_by is None and _needs_a_person(session, line, remedy)):
        return Granted("person", chosen, judged)
    return writer(Yes(session, dossier, line, judged, chosen, now, key, approved_by or "customer"))


def _needs_a_person(session: Session, line: order_store.Line, remedy: RemedyName) -> bool:
    """Whether the shop approves by hand, or a person there has refused the same already."""
    if line.order.shop.approval == "manual":
        return True
    if remedy is RemedyName.DISPUTE:
        dispute = order_store.latest_dispute(session, line.id)
        return dispute is not None and dispute.decision == "for_seller"
    rma = order_store.latest_rma(session, line.id)
    if rma is None or rma.decision != "rejected" or remedy not in SENT_IN:
        return False
    refused = RemedyName(rma.remedy)
    return remedy is refused or {remedy, refused} <= CONFIRMED_RETURNS


def _settled(session: Session, line: order_store.Line, judged: Judged, remedy: RemedyName) -> Granted | None:
    """What there is, where all the money of the line has gone back or is about to."""
    given, told = money_back(session, line), judged.verdict.remedy(remedy)
    if remedy not in WORTH_MONEY or not given.nothing_left or told is None:
        return None
    kind = "cancellation" if given.refunds[0].because == "cancelled" else "refund"
    return Granted(kind, told, judged, number=_number(session, given.refunds[-1]), refund=given.told, again=True)


def _number(session: Session, refund: order_store.Refund) -> str | None:
    """What the refund is owed for, as the customer knows it."""
    if refund.rma_id is not None:
        return session.get_one(order_store.Rma, refund.rma_id).number
    if refund.dispute_id is not None:
        return session.get_one(order_store.Dispute, refund.dispute_id).number
    return None
