"""What is known of one customer's matter in a conversation, and what has to be asked next.

A dossier is rebuilt from the conversation's slots at every turn; it holds what was said and nothing of the
order, which is read anew (and its ownership proven anew) each time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

import order_store
from policy_core import Case, CaseError, ClaimReason, RemedyName, RemedyVerdict, Verdict, decide

from . import repairs
from .cases import DELIVERED_AT, Told, build_case
from .goals import BESIDE, GOALS, Goal, remedies_that_matter
from .identity import Asker, own_order
from .parcel_back import ParcelBack, awaiting_approval, rma_in_question, standing
from .privacy_wishes import PrivacyWish
from .privacy_wishes import next_slots as next_of_privacy
from .refunds import asked_for_outright
from .together import SLOT as TOGETHER
from .together import asked_together

SLOT_OF_QUESTION = {
    "claim.reason": "reason",
    "claim.complete": "complete",
    "claim.activated": "activated",
    "claim.resalable": "resalable",
    "claim.caused_by_customer": "caused_by_customer",
    "claim.labels_intact": "labels_intact",
    "claim.photos": "photos",
    "order.delivered_at": "delivered_on",
}
"""The slot that asks for a fact. A question that has none goes to a person."""

WRITTEN = frozenset(
    {
        RemedyName.RETURN_REFUND,
        RemedyName.EXCHANGE,
        RemedyName.WARRANTY_REPAIR,
        RemedyName.DISPUTE,
        RemedyName.CANCEL,
        RemedyName.WAIT_BACKORDER,
        RemedyName.REFUND_NOW,
        RemedyName.ONE_YEAR_SERVICE,
        RemedyName.PAID_REPAIR,
        RemedyName.SOFTWARE_UPGRADE,
    }
)
"""Remedies that a customer's yes writes down; refusing a parcel is done at the door."""

SENT_IN = frozenset({RemedyName.RETURN_REFUND, RemedyName.EXCHANGE, RemedyName.WARRANTY_REPAIR})
"""Remedies for which the item travels under an RMA number."""

ABOUT_MONEY = frozenset({"out_of_stock", "request_refund"})
"""Goals whose choice is made once the money for the whole line was asked for."""

ABOUT_REPAIRS = frozenset({"repair_quote", "rma", "warranty"})
"""Goals that are about the repair of an item that is in for one."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A line's case, its verdict, and the remedies of it that the goal is about, best first.

    `wanted` is the one the customer came for in the first place.
    """

    case: Case
    verdict: Verdict
    remedies: tuple[RemedyVerdict, ...]
    wanted: RemedyName | None = None

    @property
    def questions(self) -> tuple[str, ...]:
        """The fact paths still needed, each once, in the order of the remedies.

        As long as there is another way out, nobody is asked when something came that has not been shipped, or that
        they want to cancel because it is still on its way.
        """
        not_here = not self._is_shipped or self.wanted is RemedyName.CANCEL
        in_vain = DELIVERED_AT if self.open and not_here else None
        asked = (path for each in self.remedies if in_vain not in each.questions for path in each.questions)
        return tuple(dict.fromkeys(asked))

    @property
    def _is_shipped(self) -> bool:
        shipped_at = self.case.order.shipped_at
        return shipped_at is not None and shipped_at <= self.case.as_of

    @property
    def open(self) -> tuple[RemedyVerdict, ...]:
        """What the customer can have, best first."""
        return tuple(each for each in self.remedies if each.outcome.is_open)

    @property
    def offers(self) -> tuple[RemedyVerdict, ...]:
        """What the customer can have by saying yes, each remedy once, under the best of its programmes."""
        best: dict[RemedyName, RemedyVerdict] = {}
        for each in self.open:
            if each.remedy in WRITTEN:
                best.setdefault(each.remedy, each)
        return tuple(best.values())


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

    def next_slots(self, session: Session, now: datetime) -> list[str]:
        """The slots to ask for, the most pressing first; none: the matter is settled."""
        goal = self.goal
        if goal is None:
            return ["goal"]
        if goal.name == "privacy_request":
            return next_of_privacy(session, self.wish, self.asker, self.order(session), self.confirmed)
        if not goal.needs_order:
            wants_contact = goal.name not in BESIDE or self.order_number is not None
            return ["contact"] if wants_contact and not self.verified and not self.asker.email else []
        order = self.order(session)
        if order is None:
            return ["order_number"] if self.asker.email else ["order_number", "contact"]
        if not goal.needs_line:
            return ["confirm"] if goal.asks_yes and self.confirmed is None else []
        line = self.line_of(order)
        if line is None:
            return ["line"]
        if goal.name in ABOUT_REPAIRS and repairs.open_repair(session, line.id) is not None:
            open_quote = repairs.quoted(session, line.id, now)
            return ["quote"] if open_quote is not None and self.agreed is None else []
        if not goal.remedies:
            return []
        if goal.name == "rma" and (slots := self._next_of_rma(session, line, now)) is not None:
            return slots
        if self.money_is_asked_for(session, line):
            return []
        has_rma = order_store.open_rma(session, line.id) is not None
        if self.reason() is None and not goal.asks_reason:
            return ["has_fault"] if self.has_fault is None else []
        try:
            judged = self.judge(session, line, now)
        except CaseError:
            return []  # what the order says contradicts itself: a person looks at it
        return self._next_of_case(judged, has_rma)

    def money_is_asked_for(self, session: Session, line: order_store.Line) -> bool:
        """Whether the matter is about money that was asked for already, so that there is nothing to choose any more."""
        return self.goal is not None and self.goal.name in ABOUT_MONEY and asked_for_outright(session, line)

    def _next_of_rma(self, session: Session, line: order_store.Line, now: datetime) -> list[str] | None:
        """What to ask about the line's RMA, or about the parcel sent under it; None: there is none to speak of."""
        rma = rma_in_question(session, line.id, self.rma_number)
        if rma is None:
            return None if awaiting_approval(session, line.id, SENT_IN) is None else []
        if not self.parcel.sent or standing(session, rma, self.parcel, now) != "open":
            return []
        if not self.parcel.whole:
            return ["tracking"]
        return ["confirm"] if self.confirmed is None else []

    def _next_of_case(self, judged: Judged, has_rma: bool) -> list[str]:
        if askable := self._askable(judged):
            return [TOGETHER] if askable[0] in self.listed(judged) else askable
        if not judged.remedies and self.goal is not None and self.goal.depends_on_reason and self.reason() is None:
            return ["reason"]
        if not judged.offers or self.remedy == "none":
            return []
        chosen = self.chosen(judged)
        if chosen is None:
            return ["remedy"]
        if has_rma and chosen.remedy in SENT_IN:
            return []  # the number exists already; it is told again, nothing is written
        return ["confirm"] if self.confirmed is None else []

    def listed(self, judged: Judged) -> tuple[str, ...]:
        """The slots of the facts that are asked as one list; none: each is asked alone."""
        return asked_together(self._askable(judged), self.together)

    def as_if_asked(
        self, session: Session, line: order_store.Line, answers: Mapping[str, Any], now: datetime
    ) -> dict[str, Any]:
        """Those of the `answers` to a list of facts that count, taken as if each was asked alone.

        A fact that is not asked any more, since the ones before it settle the matter, is left out: it could turn a
        person's decision into a refusal. Raises CaseError as `judge` does.
        """
        taken: dict[str, Any] = {}
        while True:
            dossier = replace(self, told=replace(self.told, **taken))
            asked = dossier._askable(dossier.judge(session, line, now))
            slot = next((each for each in asked if each in answers and each not in taken), None)
            if slot is None:
                return taken
            taken[slot] = answers[slot]

    @staticmethod
    def _askable(judged: Judged) -> list[str]:
        return [SLOT_OF_QUESTION[path] for path in judged.questions if path in SLOT_OF_QUESTION]

    def chosen(self, judged: Judged) -> RemedyVerdict | None:
        """The remedy the customer wants: the one named, or the only one there is."""
        if self.remedy is not None:
            return next((each for each in judged.offers if each.remedy == self.remedy), None)
        return judged.offers[0] if len(judged.offers) == 1 else None

    def announced(self, session: Session, line: order_store.Line | None, now: datetime) -> str | None:
        """What the open yes would be to, as `plain_yes` names it: a remedy, another wish, a quote; None: not known."""
        goal = self.goal.name if self.goal is not None else None
        if goal == "privacy_request":
            return f"privacy_{self.wish.kind}"
        if goal == "invoice" or (goal == "rma" and self.parcel.sent):
            return goal
        if line is None:
            return None
        if goal in ABOUT_REPAIRS and repairs.open_repair(session, line.id) is not None:
            return "quote"
        try:
            chosen = self.chosen(self.judge(session, line, now))
        except CaseError:
            return None
        return chosen.remedy if chosen is not None else None
