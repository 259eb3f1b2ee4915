"""A customer's yes: decide again on the present facts, and write, in one short transaction.

Each write is locked on its line and carries an idempotency key, so a double click, a retry or two workers
give one row; asking again for what was granted gives the same number, and what a line cost goes back once.
"""

from datetime import datetime

from sqlalchemy.orm import Session

import order_store
from policy_core import Outcome, RemedyName, RemedyVerdict

from .dossier import Dossier
from .granted import CONFIRMED_RETURNS, Granted
from .judged import SENT_IN, Judged
from .refunds import money_back
from .writing import WRITERS, Yes

WORTH_MONEY = frozenset(WRITERS) - {RemedyName.WARRANTY_REPAIR}
"""Remedies that give back what a line cost, in money or goods; a line is worth that once."""


class NoLongerOpenError(Exception):
    """Between the question and the yes the `remedy` closed; `judged` is the verdict now."""

    def __init__(self, judged: Judged, remedy: RemedyName) -> None:
        super().__init__(f"{remedy} is no longer open")
        self.judged, self.remedy = judged, remedy


def grant(
    session: Session,
    dossier: Dossier,
    line: order_store.Line,
    remedy: RemedyName,
    now: datetime,
    key: str,
    approved_by: str | None = None,
    approved_because: str | None = None,
) -> Granted:
    """Write what the customer said yes to. `key` names this yes: the same key never writes twice.

    Needs a writing session. Where the shop approves by hand, or has refused the same for this line before, and
    nobody has approved it (`approved_by`), nothing is written, and the kind is "person". What the policy leaves to
    a person is granted to one who says why, as a code (`approved_because`). Raises NoLongerOpenError when the
    remedy is not open as of `now`.
    """
    order_store.lock_line(session, line.id)
    session.expire_all()  # what was read before the lock may have changed meanwhile
    judged = dossier.judge(session, line, now)
    settled = _settled(session, line, judged, remedy)
    if settled is not None:
        return settled
    by_a_person = approved_by is not None
    choices = grantable(dossier, judged, by_a_person, by_a_person and approved_because is not None)
    chosen = next((each for each in choices if each.remedy is remedy), None)
    if chosen is None:
        raise NoLongerOpenError(judged, remedy)
    writer = WRITERS.get(remedy)
    if writer is None or (not by_a_person and _needs_a_person(session, line, remedy)):
        return Granted("person", chosen, judged)
    return writer(Yes(session, dossier, line, judged, chosen, now, key, approved_by or "customer", approved_because))


def grantable(dossier: Dossier, judged: Judged, by_a_person: bool, says_why: bool = False) -> list[RemedyVerdict]:
    """What can be granted, best first: what is open, then, where a person says why, what is theirs to decide.

    A person may choose among all remedies where the goal has none of its own, as for somebody who asked for a person.
    """
    of_its_own = dossier.goal is not None and dossier.goal.remedies
    among = judged.verdict.remedies if by_a_person and not of_its_own else judged.remedies
    found = [each for each in among if each.outcome.is_open]
    if says_why:
        found += [each for each in among if each.outcome is Outcome.REFER_TO_PERSON]
    return found


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
    """What there is, where all the money of the line has gone back or is about to, or no piece is left to repair."""
    given, told = money_back(session, line), judged.verdict.remedy(remedy)
    gone = given.nothing_left if remedy in WORTH_MONEY else remedy in SENT_IN and given.pieces <= 0
    if not gone or told is None:
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
