"""Importing orders: told in the native format or mapped to it, checked field by field, stored whole or refused."""

from order_store.importing.fields import Problem
from order_store.importing.report import ImportReport, Refused
from order_store.importing.running import import_orders

__all__ = ["ImportReport", "Problem", "Refused", "import_orders"]
