"""Importing orders in the native format: checked field by field, stored whole or refused with every reason."""

from order_store.importing.fields import Problem
from order_store.importing.report import ImportReport, Refused
from order_store.importing.running import import_orders

__all__ = ["ImportReport", "Problem", "Refused", "import_orders"]
