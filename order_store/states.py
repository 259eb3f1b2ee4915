"""The states a case can be in, column by column; which step leads from which to which is told in `machines`."""

from typing import Final, Literal, get_args

RmaGoods = Literal["awaited", "sent", "received_in_part", "received", "inspected", "sent_back", "kept", "lost"]
RmaDecision = Literal["requested", "approved", "accepted", "accepted_in_part", "rejected", "cancelled", "expired"]
RmaSettlement = Literal["none", "due", "refunded", "exchanged", "repaired", "void"]
DisputeCourse = Literal["opened", "seller_answered", "decided"]
DisputeDecision = Literal["undecided", "for_buyer", "for_seller", "withdrawn"]
DisputeSettlement = Literal["none", "due", "refunded", "void"]
BackorderCourse = Literal["asked", "waiting", "refund_due", "refunded", "shipped", "released"]
RefundState = Literal["requested", "paid", "dropped"]
RepairCourse = Literal["received", "quoted", "agreed", "declined", "repaired", "unrepairable", "sent_back"]
RepairFee = Literal["none", "owed", "paid", "waived", "to_return", "returned"]
PrivacyKind = Literal["access", "correction", "erasure"]
PrivacyCourse = Literal["received", "verified", "answered", "refused"]
TicketCourse = Literal["waiting", "approved", "declined", "answered"]

RMA_GOODS: Final[tuple[RmaGoods, ...]] = get_args(RmaGoods)
RMA_DECISIONS: Final[tuple[RmaDecision, ...]] = get_args(RmaDecision)
RMA_SETTLEMENTS: Final[tuple[RmaSettlement, ...]] = get_args(RmaSettlement)
DISPUTE_COURSES: Final[tuple[DisputeCourse, ...]] = get_args(DisputeCourse)
DISPUTE_DECISIONS: Final[tuple[DisputeDecision, ...]] = get_args(DisputeDecision)
DISPUTE_SETTLEMENTS: Final[tuple[DisputeSettlement, ...]] = get_args(DisputeSettlement)
BACKORDER_COURSES: Final[tuple[BackorderCourse, ...]] = get_args(BackorderCourse)
REFUND_STATES: Final[tuple[RefundState, ...]] = get_args(RefundState)
REPAIR_COURSES: Final[tuple[RepairCourse, ...]] = get_args(RepairCourse)
REPAIR_FEES: Final[tuple[RepairFee, ...]] = get_args(RepairFee)
PRIVACY_KINDS: Final[tuple[PrivacyKind, ...]] = get_args(PrivacyKind)
PRIVACY_COURSES: Final[tuple[PrivacyCourse, ...]] = get_args(PrivacyCourse)
TICKET_COURSES: Final[tuple[TicketCourse, ...]] = get_args(TicketCourse)
