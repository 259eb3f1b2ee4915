"""How reasons and goals go together: what an intent says of the reason, and which goal a reason alone brings."""

from policy_core import ClaimReason

REASON_OF_INTENT = {
    "report_defect": ClaimReason.DEFECTIVE,
    "report_wrong_item": ClaimReason.WRONG_ITEM,
    "report_missing_parts": ClaimReason.MISSING_PARTS,
    "missing_order": ClaimReason.NOT_RECEIVED,
    "out_of_stock": ClaimReason.OUT_OF_STOCK,
}
GOAL_OF_REASON = {
    ClaimReason.CHANGE_OF_MIND: "return_item",
    ClaimReason.ORDERED_WRONG: "return_item",
    ClaimReason.DEFECTIVE: "report_defect",
    ClaimReason.DAMAGED: "report_defect",
    ClaimReason.NOT_AS_DESCRIBED: "report_wrong_item",
    ClaimReason.WRONG_ITEM: "report_wrong_item",
    ClaimReason.MISSING_PARTS: "report_missing_parts",
    ClaimReason.NOT_RECEIVED: "missing_order",
    ClaimReason.RETURNED_BY_CUSTOMS: "request_refund",
    ClaimReason.OUT_OF_STOCK: "out_of_stock",
    ClaimReason.SOFTWARE_UPGRADE: "warranty",
}


def fits(goal: str, reason: str | None) -> bool:
    """Whether a reason told for another goal can be the reason for this one too."""
    if reason is None:
        return True
    match goal:
        case "report_defect":
            return reason in (ClaimReason.DEFECTIVE, ClaimReason.DAMAGED)
        case "warranty":
            return reason in (ClaimReason.DEFECTIVE, ClaimReason.DAMAGED, ClaimReason.SOFTWARE_UPGRADE)
        case "report_wrong_item" | "report_missing_parts" | "missing_order" | "out_of_stock":
            return GOAL_OF_REASON.get(ClaimReason(reason)) == goal
        case "return_item" | "exchange_item" | "rma":
            return reason not in (ClaimReason.NOT_RECEIVED, ClaimReason.OUT_OF_STOCK)
        case _:
            return True
