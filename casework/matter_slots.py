"""The slots of a matter, and with which of them the next one begins."""

from collections.abc import Mapping
from typing import Any

from .goals import BESIDE, GO_ON
from .messages import Message

IDENTITY_SLOTS = ("order_number", "contact", "verified_order")
PROOF_SLOTS = ("contact", "verified_order", "refused")
"""What shows whose order it is, or nearly so; the order's number shows nothing."""
STANDS_ON_PROOF = ("told", "confirm", "quote", "rma")
"""What was announced or agreed to on such proof: without it, it is to be announced again."""
MATTER_SLOTS = (
    "goal",
    "opening",
    "line",
    "named_product",
    "pieces",
    "lines",
    "reason",
    "complete",
    "activated",
    "resalable",
    "caused_by_customer",
    "cause",
    "labels_intact",
    "photos",
    "taken",
    "delivered_on",
    "day_options",
    "has_fault",
    "together",
    "remedy",
    "confirm",
    "rma",
    "sent",
    "tracking",
    "carrier",
    "quote",
    "privacy_kind",
    "correction",
    "told",
    "unsure",
    "stopped",
    "gave_up",
    "blocked",
    "failed",
    "settled",
    "complained",
)
"""The slots of one matter; the next one starts with all of them empty."""


def fresh_matter(message: Message, slots: Mapping[str, Any]) -> dict[str, Any]:
    """A new matter starts empty; a person who is called in, say, gets the matter as it stands.

    A complaint that tells of a reason of its own is a new matter.
    """
    if message.intent in GO_ON and not (message.intent in BESIDE and message.values("reason")):
        return dict.fromkeys(("goal", "stopped", "gave_up", "blocked", "failed", "settled", "unsure"))
    return {slot: None for slot in MATTER_SLOTS if slots.get(slot) is not None}
