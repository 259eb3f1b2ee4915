"""Run by Alembic, on the connection `order_store.migrating` hands over; that one commits."""

from alembic import context

from order_store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
