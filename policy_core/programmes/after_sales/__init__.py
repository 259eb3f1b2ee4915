"""The manufacturer's after-sales service: returns within days, the warranty, repairs."""

from .repairs import PAID_REPAIR, SOFTWARE_UPGRADE, WARRANTY_REPAIR
from .return_refund import RETURN_REFUND, return_window, send_by
from .warranty import warranty_period

REMEDIES = (RETURN_REFUND, WARRANTY_REPAIR, PAID_REPAIR, SOFTWARE_UPGRADE)

__all__ = ["REMEDIES", "return_window", "send_by", "warranty_period"]
