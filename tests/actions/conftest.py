"""A store the actions work on, in which the shops of the tests have opened."""

from collections.abc import Iterator

import pytest

import bot.actions.base
from order_store import Database
from tests.casework.orders import open_shops


@pytest.fixture
def store(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """On SQLite, found by the actions as they find it in production: by AFTERCARE_DATABASE_URL."""
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", sqlite_url)
    bot.actions.base.database.cache_clear()
    database = bot.actions.base.database()
    open_shops(database)
    yield database
    database.dispose()
    bot.actions.base.database.cache_clear()
