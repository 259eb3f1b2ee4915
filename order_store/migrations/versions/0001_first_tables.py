"""Shops, orders, what was granted for them, tickets, the audit trail, identity attempts, conversations.

The types are spelt out here, not taken from the application, so that this stays what it was.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    *("shops", "customers", "orders", "shipments", "lines"),
    *("rmas", "disputes", "cancellations", "backorder_choices", "refunds", "tickets"),
    *("audit", "identity_attempts", "conversations", "turns", "messages"),
)


def upgrade() -> None:
    _shops_and_orders()
    _cases()
    _tickets()
    _audit()
    _identity_attempts()
    _conversations()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_is_append_only()")


def _shops_and_orders() -> None:
    op.create_table(
        "shops",
        sa.Column("key", sa.String(64), nullable=False),
        _needed("name", sa.Text()),
        _needed("programmes", _json()),
        _needed("parameters", _json()),
        _needed("timezone", sa.String(64)),
        _needed("country", sa.String(2)),
        _needed("languages", _json()),
        _needed("contact", _json()),
        _needed("service_center", _json()),
        _needed("opening_hours", _json()),
        _needed("allowed_origins", _json()),
        _needed("approval", sa.String(16)),
        _optional("token_secret_name", sa.String(64)),
        _one_of("shops", "approval", "automatic", "manual"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_shops")),
    )
    _create(
        "customers",
        _needed("shop_key", sa.String(64)),
        _optional("name", sa.Text()),
        _needed("email", sa.String(254)),
        _optional("phone", sa.String(16)),
        _needed("standing", sa.String(16)),
        _one_of("customers", "standing", "good", "suspended"),
        _refers("customers", "shop_key", "shops", "key"),
        _unique("customers", "shop_key", "email"),
    )
    _create(
        "orders",
        _needed("shop_key", sa.String(64)),
        _needed("number", sa.String(64)),
        _needed("number_key", sa.String(64)),
        _needed("customer_id", _id()),
        _optional("invoice", sa.Text()),
        _optional("placed_at", _instant()),
        _optional("paid_at", _instant()),
        _optional("protection_ends_at", _instant()),
        _optional("receipt_confirmed_at", _instant()),
        _optional("completed_at", _instant()),
        _needed("on_platform", sa.Boolean()),
        _needed("address_error", sa.String(16)),
        _optional("order_digest", sa.String(32)),
        _optional("customer_digest", sa.String(32)),
        _one_of("orders", "address_error", "none", "customer", "carrier"),
        _refers("orders", "shop_key", "shops", "key"),
        _refers("orders", "customer_id", "customers"),
        _unique("orders", "shop_key", "number_key"),
    )
    _index("orders", "customer_id")
    _create(
        "shipments",
        _needed("order_id", _id()),
        _needed("position", sa.Integer()),
        _optional("carrier", sa.Text()),
        _optional("tracking", sa.Text()),
        _optional("shipped_at", _instant()),
        _optional("promised_by", sa.Date()),
        _optional("delivered_at", _instant()),
        _refers("shipments", "order_id", "orders"),
        _unique("shipments", "order_id", "position"),
    )
    _create(
        "lines",
        _needed("order_id", _id()),
        _needed("position", sa.Integer()),
        _optional("sku", sa.Text()),
        _needed("title", sa.Text()),
        _needed("quantity", sa.Integer()),
        _needed("unit_price", _money()),
        _needed("currency", sa.String(3)),
        _optional("serial", sa.Text()),
        _optional("shipment_id", _id()),
        _optional("factory_shipped_on", sa.Date()),
        _optional("warranty_until", sa.Date()),
        _optional("repaired_and_sent_back_on", sa.Date()),
        _optional("one_year_service", _json()),
        _needed("stock", sa.String(16)),
        _optional("restock_expected_on", sa.Date()),
        _one_of("lines", "stock", "in_stock", "out_of_stock"),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_lines_quantity")),
        _refers("lines", "order_id", "orders"),
        _refers("lines", "shipment_id", "shipments"),
        _unique("lines", "order_id", "position"),
    )
    _index("lines", "shipment_id")


def _cases() -> None:
    _create(
        "rmas",
        _needed("line_id", _id()),
        _needed("programme", sa.String(32)),
        _needed("remedy", sa.String(32)),
        _needed("number", sa.String(32)),
        _needed("reason", sa.String(32)),
        _needed("issued_at", _instant()),
        _optional("handed_over_at", _instant()),
        _optional("received_at", _instant()),
        _optional("carrier", sa.Text()),
        _optional("tracking", sa.Text()),
        _optional("tracked", sa.Boolean()),
        _optional("closed_at", _instant()),
        *_judged(),
        _needed("to_check", _json()),
        _one_of("rmas", "programme", "buyer_protection", "after_sales", "store_policy"),
        _one_of("rmas", "remedy", "return_refund", "exchange", "warranty_repair"),
        _refers("rmas", "line_id", "lines"),
        _unique("rmas", "number"),
        _unique("rmas", "idempotency_key"),
    )
    _index("rmas", "line_id")
    _one_open("rmas", "closed_at")
    _create(
        "disputes",
        _needed("line_id", _id()),
        _needed("number", sa.String(32)),
        _needed("reason", sa.String(32)),
        _needed("opened_at", _instant()),
        _optional("claim_closed_at", _instant()),
        *_judged(),
        _needed("to_check", _json()),
        _refers("disputes", "line_id", "lines"),
        _unique("disputes", "number"),
        _unique("disputes", "idempotency_key"),
    )
    _index("disputes", "line_id")
    _one_open("disputes", "claim_closed_at")
    _create(
        "cancellations",
        _needed("line_id", _id()),
        _needed("cancelled_at", _instant()),
        *_judged(),
        _refers("cancellations", "line_id", "lines"),
        _unique("cancellations", "line_id"),
        _unique("cancellations", "idempotency_key"),
    )
    _create(
        "backorder_choices",
        _needed("line_id", _id()),
        _needed("choice", sa.String(16)),
        _needed("chosen_at", _instant()),
        *_judged(),
        _one_of("backorder_choices", "choice", "wait", "refund"),
        _refers("backorder_choices", "line_id", "lines"),
        _unique("backorder_choices", "line_id"),
        _unique("backorder_choices", "idempotency_key"),
    )
    _create(
        "refunds",
        _needed("line_id", _id()),
        _needed("amount", _money()),
        _needed("currency", sa.String(3)),
        _needed("because", sa.String(16)),
        _needed("requested_at", _instant()),
        _needed("idempotency_key", sa.String(128)),
        _one_of("refunds", "because", "cancelled", "out_of_stock"),
        _refers("refunds", "line_id", "lines"),
        _unique("refunds", "idempotency_key"),
    )
    _index("refunds", "line_id")


def _tickets() -> None:
    _create(
        "tickets",
        _needed("number", sa.String(32)),
        _needed("shop_key", sa.String(64)),
        _optional("conversation_id", sa.String(64)),
        _optional("order_id", _id()),
        _optional("line_id", _id()),
        _optional("contact", sa.String(254)),
        _optional("goal", sa.String(64)),
        _needed("why", sa.Text()),
        _needed("transcript", _json()),
        _optional("verdict", _json()),
        _optional("facts", _json()),
        _needed("opened_at", _instant()),
        _optional("closed_at", _instant()),
        _needed("idempotency_key", sa.String(128)),
        _refers("tickets", "shop_key", "shops", "key"),
        _refers("tickets", "order_id", "orders"),
        _refers("tickets", "line_id", "lines"),
        _unique("tickets", "number"),
        _unique("tickets", "idempotency_key"),
    )
    for column in ("shop_key", "conversation_id", "order_id", "line_id"):
        _index("tickets", column)


def _audit() -> None:
    _create(
        "audit",
        _needed("at", _instant()),
        _needed("who", sa.String(128)),
        _needed("what", sa.String(128)),
        _needed("subject", sa.String(128)),
        _needed("why", sa.Text()),
        _needed("details", _json()),
    )
    _index("audit", "subject")
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{event.lower()} BEFORE {event} ON audit"
                " BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
            )
    else:
        op.execute(
            "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'"
            " USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()"
        )


def _identity_attempts() -> None:
    _create(
        "identity_attempts",
        _needed("at", _instant()),
        _needed("shop_key", sa.String(64)),
        _needed("conversation_id", sa.String(64)),
        _needed("client", sa.String(128)),
        _needed("order_key", sa.String(64)),
        _needed("succeeded", sa.Boolean()),
    )
    _index("identity_attempts", "conversation_id", "at")
    _index("identity_attempts", "client", "at")
    _index("identity_attempts", "client", "order_key", "at")


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(64), nullable=False),
        _needed("shop_key", sa.String(64)),
        _needed("created_at", _instant()),
        _needed("expires_at", _instant()),
        _needed("client", sa.String(128)),
        _optional("customer_email", sa.String(254)),
        _optional("customer_orders", _json()),
        _needed("last_seq", sa.Integer()),
        _refers("conversations", "shop_key", "shops", "key"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    _index("conversations", "shop_key")
    _create(
        "turns",
        _needed("conversation_id", sa.String(64)),
        _needed("client_id", sa.String(128)),
        _needed("said", _json()),
        _needed("received_at", _instant()),
        _optional("answered_at", _instant()),
        _refers("turns", "conversation_id", "conversations"),
        _unique("turns", "conversation_id", "client_id"),
    )
    _create(
        "messages",
        _needed("conversation_id", sa.String(64)),
        _optional("turn_id", _id()),
        _needed("seq", sa.Integer()),
        _needed("at", _instant()),
        _needed("sender", sa.String(16)),
        _needed("text", sa.Text()),
        _needed("choices", _json()),
        _optional("custom", _json()),
        _one_of("messages", "sender", "bot", "agent"),
        sa.CheckConstraint("seq > 0", name=op.f("ck_messages_seq")),
        _refers("messages", "conversation_id", "conversations"),
        _refers("messages", "turn_id", "turns"),
        _unique("messages", "conversation_id", "seq"),
    )
    _index("messages", "turn_id")


def _create(table: str, *parts: Any) -> None:
    op.create_table(
        table,
        sa.Column("id", _id(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sqlite_autoincrement=True,
    )


def _judged() -> list[sa.Column[Any]]:
    return [_needed("facts", _json()), _needed("verdict", _json()), _needed("idempotency_key", sa.String(128))]


def _needed(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _optional(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def _id() -> sa.types.TypeEngine[Any]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _money() -> sa.types.TypeEngine[Any]:
    return sa.Numeric().with_variant(sa.Text(), "sqlite")


def _json() -> sa.JSON:
    return sa.JSON()


def _instant() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _one_of(table: str, column: str, *codes: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{code}'" for code in codes)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def _refers(table: str, column: str, other: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=op.f(f"fk_{table}_{column}_{other}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))


def _one_open(table: str, closed: str) -> None:
    still_open = sa.text(f"{closed} IS NULL")
    op.create_index(
        f"uq_{table}_open_line",
        table,
        ["line_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
