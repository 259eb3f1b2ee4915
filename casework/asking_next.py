"""What has to be asked next: what the verdict still needs, which item, whether to do what was announced."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

import order_store
from policy_core import CaseError

from . import repairs
from .dossier import Dossier
from .goals import BESIDE
from .judged import SENT_IN, Judged
from .parcel_back import awaiting_approval, rma_in_question, standing
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

ABOUT_MONEY = frozenset({"out_of_stock", "request_refund"})
"""Goals whose choice is made once the money for the whole line was asked for."""

ABOUT_REPAIRS = frozenset({"repair_quote", "rma", "warranty"})
"""Goals that are about the repair of an item that is in for one."""


def next_slots(session: Session, dossier: Dossier, now: datetime) -> list[str]:
    """The slots to ask for, the most pressing first; none: the matter is settled."""
    goal = dossier.goal
    if goal is None:
        return ["goal"]
    if goal.name == "privacy_request":
        return next_of_privacy(session, dossier.wish, dossier.asker, dossier.order(session), dossier.confirmed)
    if not goal.needs_order:
        wants_contact = goal.name not in BESIDE or dossier.order_number is not None
        return ["contact"] if wants_contact and not dossier.verified and not dossier.asker.email else []
    order = dossier.order(session)
    if order is None:
        return ["order_number"] if dossier.asker.email else ["order_number", "contact"]
    if not goal.needs_line:
        return ["confirm"] if goal.asks_yes and dossier.confirmed is None else []
    line = dossier.line_of(order)
    if line is None:
        return ["line"]
    if goal.name in ABOUT_REPAIRS and repairs.open_repair(session, line.id) is not None:
        open_quote = repairs.quoted(session, line.id, now)
        return ["quote"] if open_quote is not None and dossier.agreed is None else []
    if not goal.remedies:
        return []
    if goal.name == "rma" and (slots := _next_of_rma(session, dossier, line, now)) is not None:
        return slots
    if money_is_asked_for(session, dossier, line):
        return []
    if dossier.reason() is None and not goal.asks_reason:
        return ["has_fault"] if dossier.has_fault is None else []
    try:
        judged = dossier.judge(session, line, now)
    except CaseError:
        return []  # what the order says contradicts itself: a person looks at it
    return _next_of_case(session, dossier, line, judged)


def money_is_asked_for(session: Session, dossier: Dossier, line: order_store.Line) -> bool:
    """Whether the matter is about money that was asked for already, so that there is nothing to choose any more."""
    return dossier.goal is not None and dossier.goal.name in ABOUT_MONEY and asked_for_outright(session, line)


def _next_of_rma(session: Session, dossier: Dossier, line: order_store.Line, now: datetime) -> list[str] | None:
    """What to ask about the line's RMA, or about the parcel sent under it; None: there is none to speak of."""
    rma = rma_in_question(session, line.id, dossier.rma_number)
    if rma is None:
        return None if awaiting_approval(session, line.id, SENT_IN) is None else []
    if not dossier.parcel.sent or standing(session, rma, dossier.parcel, now) != "open":
        return []
    if not dossier.parcel.whole:
        return ["tracking"]
    return ["confirm"] if dossier.confirmed is None else []


def _next_of_case(session: Session, dossier: Dossier, line: order_store.Line, judged: Judged) -> list[str]:
    if askable := _askable(judged):
        return [TOGETHER] if askable[0] in listed(dossier, judged) else askable
    if not judged.remedies and dossier.goal is not None and dossier.goal.depends_on_reason and dossier.reason() is None:
        return ["reason"]
    if not judged.offers or dossier.remedy == "none":
        return []
    chosen = dossier.chosen(judged)
    if chosen is None:
        return ["remedy"]
    if chosen.remedy in SENT_IN and order_store.open_rma(session, line.id) is not None:
        return []  # the number exists already; it is told again, nothing is written
    return ["confirm"] if dossier.confirmed is None else []


def listed(dossier: Dossier, judged: Judged) -> tuple[str, ...]:
    """The slots of the facts that are asked as one list; none: each is asked alone."""
    return asked_together(_askable(judged), dossier.together)


def as_if_asked(
    session: Session, dossier: Dossier, line: order_store.Line, answers: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """Those of the `answers` to a list of facts that count, taken as if each was asked alone.

    A fact that is not asked any more, since the ones before it settle the matter, is left out: it could turn a
    person's decision into a refusal. Raises CaseError as `judge` does.
    """
    taken: dict[str, Any] = {}
    while True:
        known = replace(dossier, told=replace(dossier.told, **taken))
        asked = _askable(known.judge(session, line, now))
        slot = next((each for each in asked if each in answers and each not in taken), None)
        if slot is None:
            return taken
        taken[slot] = answers[slot]


def _askable(judged: Judged) -> list[str]:
    return [SLOT_OF_QUESTION[path] for path in judged.questions if path in SLOT_OF_QUESTION]


def announced(session: Session, dossier: Dossier, line: order_store.Line | None, now: datetime) -> str | None:
    """What the open yes would be to, as `plain_yes` names it: a remedy, another wish, a quote; None: not known."""
    goal = dossier.goal.name if dossier.goal is not None else None
    if goal == "privacy_request":
        return f"privacy_{dossier.wish.kind}"
    if goal == "invoice" or (goal == "rma" and dossier.parcel.sent):
        return goal
    if line is None:
        return None
    if goal in ABOUT_REPAIRS and repairs.open_repair(session, line.id) is not None:
        return "quote"
    try:
        chosen = dossier.chosen(dossier.judge(session, line, now))
    except CaseError:
        return None
    return chosen.remedy if chosen is not None else None
