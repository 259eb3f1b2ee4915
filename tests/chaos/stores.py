"""An empty store of either kind, for a run of its own."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from order_store import Database
from tests.postgres import INSTALL, closing_database, private_server


@contextmanager
def empty_store(kind: str, folder: Path) -> Iterator[tuple[Database, Path | None]]:
    """A migrated empty store, and the folder of its server. What is committed has to survive: nothing is turned off."""
    if kind == "sqlite":
        with closing_database(f"sqlite:///{folder / 'aftercare.db'}") as database:
            database.upgrade()
            yield database, None
        return
    with private_server({}) as server:
        if server is None:
            sys.exit(INSTALL)
        with server.migrated() as url, closing_database(url) as database:
            yield database, Path(str(database.engine.url.query["host"]))
