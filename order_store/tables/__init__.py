"""The tables, one module per subject."""

from order_store.tables.audit import AuditEntry
from order_store.tables.base import Base
from order_store.tables.cases import BackorderChoice, Cancellation, Dispute, Refund, Rma
from order_store.tables.channels import Correspondent, Delivery, Dispatch, Handover
from order_store.tables.conversations import Conversation, Message, Turn
from order_store.tables.identity import IdentityAttempt
from order_store.tables.orders import Customer, Line, Order, Shipment
from order_store.tables.outbox import Letter, Reminder
from order_store.tables.pictures import Picture
from order_store.tables.privacy import PrivacyRequest
from order_store.tables.pulses import Pulse
from order_store.tables.repairs import Repair
from order_store.tables.shops import Shop
from order_store.tables.tickets import Ticket

__all__ = [
    "AuditEntry",
    "BackorderChoice",
    "Base",
    "Cancellation",
    "Conversation",
    "Correspondent",
    "Customer",
    "Delivery",
    "Dispatch",
    "Dispute",
    "Handover",
    "IdentityAttempt",
    "Letter",
    "Line",
    "Message",
    "Order",
    "Picture",
    "PrivacyRequest",
    "Pulse",
    "Refund",
    "Reminder",
    "Repair",
    "Rma",
    "Shipment",
    "Shop",
    "Ticket",
    "Turn",
]
