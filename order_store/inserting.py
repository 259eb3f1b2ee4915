"""Rows that are there once, however many transactions insert them at the same time."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from order_store.tables import Base


def insert_once(session: Session, table: type[Base], *unique: str, **values: Any) -> bool:
    """Inserts a row unless one with the same `unique` columns is there; whether it did.

    Where another transaction is just writing such a row, waits for it to end.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).values(**values).on_conflict_do_nothing(index_elements=list(unique))
    return session.execute(statement.returning(table.__table__.c.id)).first() is not None
