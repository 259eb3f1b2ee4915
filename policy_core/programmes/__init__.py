"""The three policies: each a folder of remedies (rows that cite their clause) and dated parameters."""

from collections.abc import Callable

from ..codes import Programme
from ..facts import Facts
from ..rules import Remedy
from ..verdict import Period
from . import after_sales, buyer_protection, store_policy

REMEDIES: dict[Programme, tuple[Remedy, ...]] = {
    Programme.BUYER_PROTECTION: buyer_protection.REMEDIES,
    Programme.AFTER_SALES: after_sales.REMEDIES,
    Programme.STORE_POLICY: store_policy.REMEDIES,
}

PERIODS: tuple[tuple[Programme, Callable[[Facts], Period | None]], ...] = (
    (Programme.BUYER_PROTECTION, buyer_protection.protection_period),
    (Programme.BUYER_PROTECTION, buyer_protection.service_opens),
    (Programme.BUYER_PROTECTION, buyer_protection.service_ends),
    (Programme.AFTER_SALES, after_sales.return_window),
    (Programme.AFTER_SALES, after_sales.warranty_period),
    (Programme.STORE_POLICY, store_policy.warranty_until),
    (Programme.AFTER_SALES, after_sales.send_by),
    (Programme.STORE_POLICY, store_policy.rma_return_by),
    (Programme.BUYER_PROTECTION, buyer_protection.refund_due),
)
"""Every period the policies know of a line, in the order a verdict lists them."""
