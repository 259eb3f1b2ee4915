"""The codes the store may hold, each written once: as a type, and as the tuple its checks are made from."""

from typing import Final, Literal, get_args

Programme = Literal["buyer_protection", "after_sales", "store_policy"]
Approval = Literal["automatic", "manual"]
Standing = Literal["good", "suspended"]
AddressError = Literal["none", "customer", "carrier"]
Stock = Literal["in_stock", "out_of_stock"]
RmaRemedy = Literal["return_refund", "exchange", "warranty_repair"]
BackorderDecision = Literal["wait", "refund"]
RefundCause = Literal["cancelled", "out_of_stock", "returned", "dispute"]
Sender = Literal["bot", "agent"]
LetterKind = Literal[
    "rma_issued",
    "item_out_of_stock",
    "dispute_decided",
    "refund_due",
    "repair_quoted",
    "rma_reminder",
    "protection_reminder",
    "ship_by_reminder",
]
LetterState = Literal["waiting", "sent", "dead", "withdrawn"]
ReminderKind = Literal["rma", "protection", "ship_by"]
Channel = Literal["telegram", "slack", "messenger", "whatsapp", "sms", "email"]
DeliveryState = Literal["waiting", "done", "dead"]
DispatchState = Literal["waiting", "sent", "dead"]

PROGRAMMES: Final[tuple[Programme, ...]] = get_args(Programme)
APPROVALS: Final[tuple[Approval, ...]] = get_args(Approval)
STANDINGS: Final[tuple[Standing, ...]] = get_args(Standing)
ADDRESS_ERRORS: Final[tuple[AddressError, ...]] = get_args(AddressError)
STOCKS: Final[tuple[Stock, ...]] = get_args(Stock)
RMA_REMEDIES: Final[tuple[RmaRemedy, ...]] = get_args(RmaRemedy)
BACKORDER_DECISIONS: Final[tuple[BackorderDecision, ...]] = get_args(BackorderDecision)
REFUND_CAUSES: Final[tuple[RefundCause, ...]] = get_args(RefundCause)
SENDERS: Final[tuple[Sender, ...]] = get_args(Sender)
LETTER_KINDS: Final[tuple[LetterKind, ...]] = get_args(LetterKind)
LETTER_STATES: Final[tuple[LetterState, ...]] = get_args(LetterState)
REMINDER_KINDS: Final[tuple[ReminderKind, ...]] = get_args(ReminderKind)
CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)
DELIVERY_STATES: Final[tuple[DeliveryState, ...]] = get_args(DeliveryState)
DISPATCH_STATES: Final[tuple[DispatchState, ...]] = get_args(DispatchState)
