"""The shop's own policy: cancelling, out-of-stock items, and returns with an RMA."""

from .before_delivery import CANCEL, REFUND_NOW, REFUSE_DELIVERY, WAIT_BACKORDER
from .returns import EXCHANGE, RETURN_REFUND, rma_return_by, warranty_until

REMEDIES = (CANCEL, REFUSE_DELIVERY, WAIT_BACKORDER, REFUND_NOW, RETURN_REFUND, EXCHANGE)

__all__ = ["REMEDIES", "rma_return_by", "warranty_until"]
