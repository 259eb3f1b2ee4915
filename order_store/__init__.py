"""The order store: what was ordered and how it travelled, what was granted for it, and every conversation.

Open a `Database`, then call the functions here inside its `write()` or `read()`; each takes the session
first. Instants are timezone-aware and in UTC, money is a Decimal beside its ISO 4217 currency.
"""

from order_store.audit import record
from order_store.contact import normalise_email, normalise_phone
from order_store.conversations import (
    add_messages,
    answer_turn,
    answers,
    begin_turn,
    find_choice,
    messages_after,
    start_conversation,
    transcript,
)
from order_store.database import Database
from order_store.errors import (
    SettingsError,
    StoreError,
    StoreUnavailable,
    UnknownConversation,
    UnreadableImport,
)
from order_store.finding import (
    find_order,
    find_rma,
    find_shop,
    latest_dispute,
    lock_line,
    open_dispute,
    open_rma,
    order_key,
)
from order_store.identity import failures_since, record_attempt
from order_store.importing import ImportReport, Problem, Refused, import_orders
from order_store.location import database_url
from order_store.numbers import new_number, normalise_number, unused_number
from order_store.shops import parse_shops, read_shops, save_shops
from order_store.tables import (
    AuditEntry,
    BackorderChoice,
    Base,
    Cancellation,
    Conversation,
    Customer,
    Dispute,
    IdentityAttempt,
    Line,
    Message,
    Order,
    Refund,
    Rma,
    Shipment,
    Shop,
    Ticket,
    Turn,
)
from order_store.yaml_reading import read_yaml

__all__ = [
    "AuditEntry",
    "BackorderChoice",
    "Base",
    "Cancellation",
    "Conversation",
    "Customer",
    "Database",
    "Dispute",
    "IdentityAttempt",
    "ImportReport",
    "Line",
    "Message",
    "Order",
    "Problem",
    "Refund",
    "Refused",
    "Rma",
    "SettingsError",
    "Shipment",
    "Shop",
    "StoreError",
    "StoreUnavailable",
    "Ticket",
    "Turn",
    "UnknownConversation",
    "UnreadableImport",
    "add_messages",
    "answer_turn",
    "answers",
    "begin_turn",
    "database_url",
    "failures_since",
    "find_choice",
    "find_order",
    "find_rma",
    "find_shop",
    "import_orders",
    "latest_dispute",
    "lock_line",
    "messages_after",
    "new_number",
    "normalise_email",
    "normalise_number",
    "normalise_phone",
    "open_dispute",
    "open_rma",
    "order_key",
    "parse_shops",
    "read_shops",
    "read_yaml",
    "record",
    "record_attempt",
    "save_shops",
    "start_conversation",
    "transcript",
    "unused_number",
]
