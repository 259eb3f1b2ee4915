"""The marketplace's buyer protection, with the one-year service sold beside it."""

from .dispute import DISPUTE, protection_period, refund_due
from .one_year_service import ONE_YEAR_SERVICE, service_ends, service_opens

REMEDIES = (DISPUTE, ONE_YEAR_SERVICE)

__all__ = ["REMEDIES", "protection_period", "refund_due", "service_ends", "service_opens"]
