"""What is known of one customer's matter in a conversation.

A dossier is rebuilt from the conversation's slots at every turn; it holds what was said and nothing of the
order, which is read anew (and its ownership proven anew) each time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

import order_store
from policy_core import ClaimReason, RemedyVerdict, decide

from .cases import Told, build_case
from .goals import GOALS, Goal, remedies_that_matter
from .identity import Asker, own_order
from .judged import Judged
from .parcel_back import ParcelBack
from .privacy_wishes import PrivacyWish
from .together import SLOT as TOGETHER


@dataclass(frozen=True, slots=True)
class Dossier:
    """The matter so far. `line` counts the order's lines from 0; `remedy` is the one the customer chose.

    `rma_number` is the RMA they named, `agreed` their answer to a repair's quote, `taken` the slots
    that were filled in passing (`premises`).
    """

    goal: Goal | None
    asker: Asker
    order_number: str | None
    contact: str | None
    verified: bool
    line: int | None
    told: Told
    has_fault: bool | None
    remedy: str | None
    confirmed: bool | None
    together: str | None = None
    rma_number: str | None = None
    parcel: ParcelBack = field(default_factory=ParcelBack)
    agreed: bool | None = None
    wish: PrivacyWish = field(default_factory=PrivacyWish)
    taken: tuple[str, ...] = ()

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any], asker: Asker) -> "Dossier":
        """Read the conversation's slots (see domain.yml)."""
        line = slots.get("line")
        return cls(
            goal=GOALS.get(slots.get("goal") or ""),
            asker=asker,
            order_number=slots.get("order_number"),
            contact=slots.get("contact"),
            verified=slots.get("verified_order") is not None
            and slots.get("verified_order") == slots.get("order_number"),
            line=int(line) if line is not None else None,
            told=Told.from_slots(slots),
            has_fault=slots.get("has_fault"),
            remedy=slots.get("remedy"),
            confirmed=slots.get("confirm"),
            together=slots.get(TOGETHER),
            rma_number=slots.get("rma"),
            parcel=ParcelBack.from_slots(slots),
            agreed=slots.get("quote"),
            wish=PrivacyWish.from_slots(slots),
            taken=tuple(slots.get("taken") or ()),
        )

    def order(self, session: Session) -> order_store.Order | None:
        """The customer's own order, once they have proven it is theirs."""
        if not self.verified or self.order_number is None:
            return None
        return own_order(session, self.asker, self.order_number, self.contact)

    def line_of(self, order: order_store.Order) -> order_store.Line | None:
        """The line in question: the one named, or the only one it can be."""
        if self.line is not None:
            return next((line for line in order.lines if line.position == self.line), None)
        candidates = order.lines
        if self.goal is not None and self.goal.name == "out_of_stock":
            missing = [line for line in order.lines if line.stock == "out_of_stock"]
            candidates = missing or candidates
        return candidates[0] if len(candidates) == 1 else None

    def reason(self) -> ClaimReason | None:
        """Why the customer asks: as told, else as their goal says."""
        if self.told.reason is not None:
            return self.told.reason
        if self.has_fault:
            return ClaimReason.DEFECTIVE
        return self.goal.reason if self.goal is not None else None

    def judge(self, session: Session, line: order_store.Line, now: datetime) -> Judged:
        """Decide the line's case as of `now`. Raises CaseError when what was told contradicts the order."""
        reason = self.reason()
        case = build_case(session, line, self.told.because(reason), now)
        verdict = decide(case)
        goal = self.goal
        if goal is None:
            return Judged(case, verdict, ())
        wanted = goal.remedies[0] if goal.remedies else None
        return Judged(case, verdict, remedies_that_matter(goal, reason, verdict), wanted)

    def chosen(self, judged: Judged) -> RemedyVerdict | None:
        """The remedy the customer wants: the one named, or the only one there is."""
        if self.remedy is not None:
            return next((each for each in judged.offers if each.remedy == self.remedy), None)
        return judged.offers[0] if len(judged.offers) == 1 else None
