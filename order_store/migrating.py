"""Alembic without an ini file: the tables are brought up or down through a connection already begun."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

MIGRATIONS: Final = Path(__file__).resolve().parent / "migrations"

# Any number will do, so long as every process that migrates takes the same lock.
_LOCK: Final = 0x5AF7E12CA12E

_WAIT_FOR_OTHERS: Final = "SET LOCAL lock_timeout = '120s'"


def upgrade(connection: Connection, revision: str) -> None:
    """Brings the tables up to `revision`, within the connection's transaction."""
    _one_at_a_time(connection)
    command.upgrade(_config(connection), revision)


def downgrade(connection: Connection, revision: str) -> None:
    """Brings the tables down to `revision` ("base": none left), within the connection's transaction."""
    _one_at_a_time(connection)
    command.downgrade(_config(connection), revision)


def is_current(connection: Connection) -> bool:
    """Whether the tables are those of this version."""
    newest = ScriptDirectory.from_config(_config(connection)).get_heads()
    return set(MigrationContext.configure(connection).get_current_heads()) == set(newest)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _one_at_a_time(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_WAIT_FOR_OTHERS)
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
