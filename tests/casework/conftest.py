"""A store, once of each kind, in which the shops of the tests have opened."""

import pytest

from order_store import Database
from tests.casework.orders import open_shops


@pytest.fixture
def shops(database: Database) -> Database:
    open_shops(database)
    return database


@pytest.fixture
def sqlite_shops(sqlite_database: Database) -> Database:
    """On SQLite alone, where the kind of database makes no difference."""
    open_shops(sqlite_database)
    return sqlite_database
