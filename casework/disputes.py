"""What happens to a dispute once it is opened: the seller's answer, the decision, the refund after its end (BP-7).

Every function takes who acts (`Acting`) and the stored dispute. Raises ImpossibleTransition for what cannot happen
now, DeskError for what does not fit.
"""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from sqlalchemy.orm import Session

from order_store import Dispute
from policy_core import CaseError, decide

from . import notices
from .acting import Acting, DeskError, NotPossibleError
from .cases import Told, build_case
from .refunds import drop, pay, refund_of, request_refund


def answered(acting: Acting, dispute: Dispute, why: str = "seller_answered") -> None:
    """The seller has answered."""
    acting.step(dispute, "answer", why)


def decide_for(
    acting: Acting,
    dispute: Dispute,
    side: Literal["buyer", "seller"],
    why: str,
    amount: Decimal | None = None,
) -> None:
    """Decides the dispute, for the reason code or clause `why`; the buyer is told by e-mail.

    For the buyer, `amount` (default: all that is left of what the line cost) is to be refunded; where all of it
    has gone back already, nothing is due.
    """
    if amount is not None and side == "seller":
        raise DeskError(f"{dispute.number}: decided for the seller, nothing is refunded: leave the amount out")
    acting.step(dispute, f"decide_for_{side}", why)
    dispute.decided_because = why
    if side == "buyer":
        refund = request_refund(acting, dispute.line, amount, "dispute", why, dispute=dispute)
        if refund is None:
            acting.step(dispute, "waive", "nothing_left")
    notices.dispute_decided(acting.session, dispute, acting.now)


def withdraw(acting: Acting, dispute: Dispute, why: str = "buyer_asked") -> None:
    """The buyer takes the claim back; its process ends with that."""
    acting.step(dispute, "withdraw", why)
    dispute.decided_because = why
    acting.step(dispute, "close", why)


def close(acting: Acting, dispute: Dispute, why: str = "decided") -> date | None:
    """The claim process ends: from today counts by when a refund is there (BP-7). Gives that last day.

    None where no refund is due. The buyer is told by e-mail where one is.
    """
    acting.step(dispute, "close", why)
    if dispute.settlement != "due":
        return None
    notices.refund_due(acting.session, dispute, acting.now)
    return refund_due_on(acting.session, dispute, acting.now)


def refunded(acting: Acting, dispute: Dispute, why: str = "paid") -> None:
    """The money has been sent."""
    acting.step(dispute, "refund", why)
    refund = refund_of(acting.session, dispute)
    if refund is None:
        raise NotPossibleError(f"{dispute.number}: no refund was requested for it")
    pay(acting, refund, why)


def waive(acting: Acting, dispute: Dispute, why: str) -> None:
    """Nothing is refunded any more: the buyer has it otherwise, or no longer wants it."""
    acting.step(dispute, "waive", why)
    drop(acting, dispute, why)


def refund_due_on(session: Session, dispute: Dispute, now: datetime) -> date | None:
    """The last local day by which the dispute's refund is there (BP-7), as the policies count it as of `now`.

    None while the claim process runs, where no refund is owed or was paid, and where the order contradicts itself.
    """
    if dispute.claim_closed_at is None or dispute.settlement not in ("due", "refunded"):
        return None
    try:
        case = build_case(session, dispute.line, Told.from_slots(dispute.facts), now)
    except CaseError:
        return None
    verdict = decide(replace(case, claim_closed_at=dispute.claim_closed_at))
    return notices.last_day_of(verdict, "refund_due")
