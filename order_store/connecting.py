"""Engines set up so that a transaction is what it says on SQLite as on PostgreSQL."""

import sqlite3
from time import monotonic, sleep
from typing import Any, Final, Literal

from sqlalchemy import URL, Connection, Engine, create_engine, event

Mode = Literal["read", "write", "migrate"]

WAIT_SECONDS: Final = 5
"""How long a transaction waits for another's lock, and a connection for its server."""

_SQLITE_BEGIN: Final[dict[Mode, tuple[str, ...]]] = {
    "read": ("PRAGMA query_only = ON", "PRAGMA foreign_keys = ON", "BEGIN"),
    # The write lock is taken at once: a deferred transaction that reads first fails when it comes to write.
    "write": ("PRAGMA query_only = OFF", "PRAGMA foreign_keys = ON", "BEGIN IMMEDIATE"),
    # SQLite changes a table by making it anew, which foreign keys would take for a deletion.
    "migrate": ("PRAGMA query_only = OFF", "PRAGMA foreign_keys = OFF", "BEGIN IMMEDIATE"),
}


def connect(url: URL) -> Engine:
    """The engine for `url`, already checked by `location.parse_url`; opens no connection yet."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url,
            connect_args={"timeout": WAIT_SECONDS},
            pool_timeout=2 * WAIT_SECONDS,
            hide_parameters=True,  # an error's text, and so a log, never holds what customers wrote
        )
        event.listen(engine, "connect", _leave_transactions_to_us)
        event.listen(engine, "begin", _begin_on_sqlite)
        return engine
    options = f"{url.query.get('options', '')} -c lock_timeout={WAIT_SECONDS}s".strip()
    return create_engine(
        url,
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": WAIT_SECONDS, "options": options},
        pool_pre_ping=True,
        pool_timeout=2 * WAIT_SECONDS,
        hide_parameters=True,
    )


def in_mode(engine: Engine, mode: Mode) -> Engine:
    """The same engine and pool, whose transactions only read, write, or change the tables."""
    if mode == "read" and engine.dialect.name == "postgresql":
        # One snapshot for all of a read's statements, as SQLite gives it anyway.
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine.execution_options(store_mode=mode)


def _leave_transactions_to_us(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    # The file keeps the mode, so this is a new file's first moment; SQLite does not wait for another process
    # that changes the mode of the same file.
    gives_up = monotonic() + WAIT_SECONDS
    while True:
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if monotonic() > gives_up:
                raise
            sleep(0.02)


def _begin_on_sqlite(connection: Connection) -> None:
    for statement in _SQLITE_BEGIN[connection.get_execution_options().get("store_mode", "read")]:
        connection.exec_driver_sql(statement)
