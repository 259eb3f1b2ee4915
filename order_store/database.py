"""The database, as one object: short write transactions, read-only ones, and its tables kept current."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from order_store import migrating
from order_store.connecting import Mode, connect, in_mode
from order_store.errors import StoreUnavailable
from order_store.location import parse_url


class Database:
    """A SQLite file or a PostgreSQL database, shared by threads; every process opens its own.

    Opening connects to nothing yet. Every method raises StoreUnavailable when the database cannot be
    reached, stays locked for too long, or lacks the tables asked for; nothing is half-done then.
    """

    def __init__(self, url: str) -> None:
        """`url` as `database_url` gives it; raises StoreUnavailable when it is none the store can use."""
        self._url = parse_url(url)
        self._engine = connect(self._url)

    def __repr__(self) -> str:
        return f"Database({self.name!r})"

    @property
    def name(self) -> str:
        """The URL without its password, for messages and logs."""
        return self._url.render_as_string(hide_password=True)

    @property
    def engine(self) -> Engine:
        """The engine behind; its plain transactions only read on SQLite."""
        return self._engine

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One write transaction: committed at the end, rolled back on any error, which is raised on.

        Keep it short and wait for nothing inside it: on SQLite nobody else can write meanwhile. Objects
        stay readable afterwards.
        """
        with self._session("write") as session, session.begin():
            session.connection()
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One read-only transaction over one state of the database; objects stay readable afterwards."""
        with self._session("read") as session:
            session.connection()
            yield session

    def upgrade(self, revision: str = "head") -> None:
        """Brings the tables up to this version; does nothing, and waits for nobody, when they are."""
        if revision == "head" and self.is_current():
            return
        with self._migration() as session:
            migrating.upgrade(session.connection(), revision)

    def downgrade(self, revision: str) -> None:
        """Brings the tables down to `revision`; "base" drops them all, with what they hold."""
        with self._migration() as session:
            migrating.downgrade(session.connection(), revision)

    def is_current(self) -> bool:
        """Whether the tables are those of this version."""
        with self.read() as session:
            return migrating.is_current(session.connection())

    def dispose(self) -> None:
        """Closes the connections kept open."""
        self._engine.dispose()

    @contextmanager
    def _migration(self) -> Iterator[Session]:
        with self._session("migrate") as session, session.begin():
            yield session
            if self._url.get_backend_name() == "sqlite":
                broken = session.connection().exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise StoreUnavailable(f"{self.name}: the migration left broken references: {broken[:5]}")

    @contextmanager
    def _session(self, mode: Mode) -> Iterator[Session]:
        session = Session(in_mode(self._engine, mode), expire_on_commit=False)
        try:
            yield session
        except PoolTimeout as error:
            raise StoreUnavailable(
                f"{self.name}: every connection is taken; try again, and look for transactions that never end"
            ) from error
        except DBAPIError as error:
            problem = self._explain(error, mode)
            if problem is None:
                raise
            raise StoreUnavailable(problem) from error
        finally:
            session.close()

    def _explain(self, error: DBAPIError, mode: Mode) -> str | None:
        """What to do about `error`, or None when it says something about a statement, not the database."""
        words = " ".join(str(error.orig).split())
        if mode == "read" and "readonly database" in words:
            return None
        if _tables_missing(error, words):
            return f"{self.name}: its tables are missing or of an older version ({words}); run: aftercare migrate"
        if "database is locked" in words or getattr(error.orig, "sqlstate", None) in _BUSY_STATES:
            return f"{self.name}: busy with other writers ({words}); try again"
        if (
            isinstance(error, OperationalError | InterfaceError)
            or error.connection_invalidated
            or "file is not a database" in words
        ):
            return (
                f"{self.name}: cannot be used ({words}); check AFTERCARE_DATABASE_URL,"
                " that the server runs or the file can be written, and the password"
            )
        return None


_BUSY_STATES = {"40P01", "40001", "55P03"}  # deadlock detected, serialization failure, lock not available


def _tables_missing(error: DBAPIError, words: str) -> bool:
    if isinstance(error, OperationalError) and words.startswith(("no such table", "no such column")):
        return True
    missing = {"42P01", "42703"}  # undefined table, undefined column
    return isinstance(error, ProgrammingError) and getattr(error.orig, "sqlstate", None) in missing
