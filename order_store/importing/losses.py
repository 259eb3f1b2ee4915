"""What other shop systems tell that an order here cannot hold, or do not tell that it should: code and words."""

from typing import Final

LOSSES: Final = {
    "refunds": "money already paid back: not taken, so the chat does not know of it",
    "removed": "articles taken out of the order or returned: still told as ordered",
    "delivery_days": "the day the parcel arrived: not told, so the chat asks the customer",
    "sending_days": "the day the parcel was sent: not told; the day the order was completed stands for it",
    "payment_days": "the day of payment: not told; the day of the order stands for it",
    "tracking": "carrier and tracking number: not told",
    "more_tracking": "further tracking numbers of one parcel: only the first is taken",
    "several_parcels": "articles sent in several parcels: told as in the last one",
    "partly_sent": "articles sent in part: told as sent",
    "not_sent": "articles that never travel, such as gift cards: told as not sent yet",
    "discounts": "discounts: prices are taken as before them, so a refund the chat names may be too high",
    "taxes": "taxes added to the prices: prices are taken without them, so a refund the chat names may be too low",
    "rounding": "prices that had to be rounded: one of several that were paid for together",
    "shipping_charges": "shipping charges and fees: not taken",
    "phones": "phone numbers without a country code: not taken, the customer shows who they are by e-mail",
    "notes": "the customer's notes: not taken",
}
"""What becomes of orders that are taken."""

LEFT_OUT: Final = {
    "cancelled": "cancelled",
    "refunded": "paid back in full",
    "payment_failed": "payment failed",
    "draft": "not placed yet, or thrown away",
    "test": "placed as a test",
}
"""Why orders are not taken: for each of them the chat would offer what is over."""
