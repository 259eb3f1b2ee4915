"""What customers come for, and which remedies each goal is about.

A goal is settled when none of its remedies still needs information. The first reason a goal implies is
taken as said; the others are asked.
"""

from dataclasses import dataclass

from policy_core import ClaimReason, Outcome, RemedyName, Verdict
from policy_core.verdict import RemedyVerdict

_FAULTS = frozenset({ClaimReason.DEFECTIVE, ClaimReason.DAMAGED})

_FAULT_REMEDIES = (
    RemedyName.RETURN_REFUND,
    RemedyName.EXCHANGE,
    RemedyName.WARRANTY_REPAIR,
    RemedyName.ONE_YEAR_SERVICE,
    RemedyName.DISPUTE,
)


@dataclass(frozen=True, slots=True)
class Goal:
    """`name` is the intent's. `reason`: what the goal itself says of why. `asks_reason`: else it is asked.

    `depends_on_reason`: which remedies it is about is known only with the reason. `needs_line` False: it is about
    the order as a whole. `asks_yes`: something is done on a yes that is no remedy.
    """

    name: str
    remedies: tuple[RemedyName, ...] = ()
    reason: ClaimReason | None = None
    asks_reason: bool = False
    needs_order: bool = True
    depends_on_reason: bool = False
    needs_line: bool = True
    asks_yes: bool = False


GOALS: dict[str, Goal] = {
    goal.name: goal
    for goal in (
        Goal(
            "return_item",
            (RemedyName.RETURN_REFUND, RemedyName.EXCHANGE, RemedyName.REFUSE_DELIVERY, RemedyName.CANCEL),
            asks_reason=True,
            depends_on_reason=True,
        ),
        Goal("report_defect", _FAULT_REMEDIES, asks_reason=True),
        Goal(
            "report_wrong_item",
            (RemedyName.RETURN_REFUND, RemedyName.EXCHANGE, RemedyName.DISPUTE),
            reason=ClaimReason.WRONG_ITEM,
        ),
        Goal(
            "report_missing_parts",
            (RemedyName.RETURN_REFUND, RemedyName.EXCHANGE, RemedyName.DISPUTE),
            reason=ClaimReason.MISSING_PARTS,
        ),
        Goal("missing_order", (RemedyName.DISPUTE, RemedyName.CANCEL), reason=ClaimReason.NOT_RECEIVED),
        Goal(
            "warranty",
            (
                RemedyName.WARRANTY_REPAIR,
                RemedyName.ONE_YEAR_SERVICE,
                RemedyName.RETURN_REFUND,
                RemedyName.EXCHANGE,
                RemedyName.PAID_REPAIR,
            ),
        ),
        Goal(
            "out_of_stock",
            (RemedyName.WAIT_BACKORDER, RemedyName.REFUND_NOW, RemedyName.CANCEL),
            reason=ClaimReason.OUT_OF_STOCK,
        ),
        Goal(
            "cancel_order",
            (RemedyName.CANCEL, RemedyName.REFUSE_DELIVERY, RemedyName.RETURN_REFUND),
            reason=ClaimReason.CHANGE_OF_MIND,
        ),
        Goal(
            "request_refund",
            (RemedyName.RETURN_REFUND, RemedyName.REFUND_NOW, RemedyName.DISPUTE, RemedyName.CANCEL),
            asks_reason=True,
        ),
        Goal("exchange_item", (RemedyName.EXCHANGE, RemedyName.RETURN_REFUND), asks_reason=True),
        Goal(
            "rma",
            (RemedyName.RETURN_REFUND, RemedyName.EXCHANGE, RemedyName.WARRANTY_REPAIR),
            asks_reason=True,
        ),
        Goal("repair_quote"),
        Goal("privacy_request", needs_order=False),
        Goal("ask_deadline"),
        Goal("track_order"),
        Goal("refund_status", needs_line=False),
        Goal("invoice", needs_line=False, asks_yes=True),
        Goal("remind_me"),
        Goal("stop_reminding"),
        Goal("human_handoff", needs_order=False),
        Goal("complaint", needs_order=False),
    )
}
"""Every goal a case can have, by the name of its intent."""


GO_ON = frozenset({"human_handoff", "complaint", "remind_me", "stop_reminding"})
"""Goals that are about what was just settled, as it stands, and not a matter of their own."""

BESIDE = frozenset({"complaint"})
"""Goals that leave a running matter as it is: said inside one, they are answered, and its question comes back."""


def remedies_that_matter(goal: Goal, reason: ClaimReason | None, verdict: Verdict) -> tuple[RemedyVerdict, ...]:
    """The goal's remedies in the verdict's ranking.

    A return for a fault is a fault report. A paid repair matters only where none of the others is open or
    could still be; cancelling a missing order only while it has not been shipped. Who wants newer software is
    offered the upgrade (AS-F2), whatever they called it; who asks the manufacturer for it asks for nothing else.
    """
    names = goal.remedies
    if reason is ClaimReason.SOFTWARE_UPGRADE and goal.name in ("warranty", "report_defect"):
        return tuple(each for each in verdict.remedies if each.remedy is RemedyName.SOFTWARE_UPGRADE)
    if reason is ClaimReason.SOFTWARE_UPGRADE and names:
        names = (*names, RemedyName.SOFTWARE_UPGRADE)
    if goal.name == "return_item" and reason in _FAULTS:
        names = _FAULT_REMEDIES
    ranked = tuple(each for each in verdict.remedies if each.remedy in names)
    if goal.name == "missing_order":
        ranked = tuple(
            each for each in ranked if not (each.remedy is RemedyName.CANCEL and each.outcome is Outcome.NOT_ELIGIBLE)
        )
    if reason in _FAULTS and goal.name in ("report_defect", "return_item", "warranty"):
        others = tuple(each for each in ranked if each.remedy is not RemedyName.PAID_REPAIR)
        if any(each.outcome.is_open or each.outcome is Outcome.NEEDS_INFORMATION for each in others):
            return others
        names = (*names, RemedyName.PAID_REPAIR)
        return tuple(each for each in verdict.remedies if each.remedy in names)
    return ranked
