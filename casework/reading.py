"""Reading the store for one message: in one transaction, begun with the first read."""

from contextlib import ExitStack
from types import TracebackType

from sqlalchemy.orm import Session

from order_store import Database


class Reading:
    """A read-only transaction that is begun when something is read, and ends with the `with` block.

    `pause` ends it before something is written: two transactions of one thread at a time could wait for each other.
    What was read stays readable. Raises StoreUnavailable as `Database` does.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self._opened: Session | None = None
        self._stack = ExitStack()

    @property
    def session(self) -> Session:
        if self._opened is None:
            self._opened = self._stack.enter_context(self.database.read())
        return self._opened

    def pause(self) -> None:
        """End the transaction; the next read begins another, which sees what was written meanwhile."""
        self._opened = None
        self._stack.close()

    def __enter__(self) -> "Reading":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        return self._stack.__exit__(kind, error, trace)
