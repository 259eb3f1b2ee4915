"""RMAs that have expired, and what was sent in time after all: nobody had said so before the day was over."""

from dataclasses import replace
from datetime import datetime

import order_store
import policy_core
from order_store import Rma
from policy_core import CaseError, Programme, decide

from .acting import Acting, NotPossibleError
from .cases import Told, build_case
from .sweeping import LAPSED


def revive(acting: Acting, rma: Rma, handed_over_at: datetime | None) -> None:
    """The expired RMA, locked, holds again: its parcel was handed over in time (ST-A1, ST-D2, AS-X7).

    `handed_over_at` is None without tracking, where that day does not count. Raises NotPossibleError where it was
    not in time, or another RMA of the line is open.
    """
    another = order_store.open_rma(acting.session, rma.line_id)
    if another is not None:
        raise NotPossibleError(f"{rma.number} has expired, and {another.number} is open for the same item: use that")
    if handed_over_at is None:
        raise NotPossibleError(
            f"{rma.number} has expired, and without --tracking the day it was sent on does not count"
        )
    if not _in_time(acting, rma, handed_over_at):
        raise NotPossibleError(f"{rma.number} has expired: handed over at {handed_over_at.isoformat()} is too late")
    acting.step(rma, "revive", "ST-A1")


def _in_time(acting: Acting, rma: Rma, handed_over_at: datetime) -> bool:
    """Whether the RMA holds, on the facts it was issued on, once it was handed over with tracking at that instant."""
    try:
        case = build_case(acting.session, rma.line, Told.from_slots(rma.facts), acting.now)
    except CaseError:
        return False  # the order contradicts itself: a person decides by hand
    sent = policy_core.Rma(Programme(rma.programme), rma.issued_at, handed_over_at, tracked=True)
    verdict = decide(replace(case, rma=sent, claim_closed_at=None))
    return not any(
        reason.code in LAPSED
        for each in verdict.remedies
        if each.remedy == rma.remedy and each.programme == rma.programme
        for reason in each.reasons
    )
