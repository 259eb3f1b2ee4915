"""The point of no return of a letter, and a way to keep every letter before it."""

import threading

from worker.mail import NotDelivered


class Gate:
    """A letter passes it just before it is handed over for good, and leaves once what became of it is noted.

    Whoever wants to stop closes it: a letter still before it can be let go without harm, one beyond it has to be
    waited for, or nobody knows whether it has gone out.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closed = False
        self._beyond = False

    def enter(self) -> None:
        """Raises NotDelivered where the gate has been closed."""
        with self._lock:
            if self._closed:
                raise NotDelivered(STOPPING, "the worker was told to stop before the letter had gone out")
            self._beyond = True

    def leave(self) -> None:
        """What became of the letter is noted, or it never went through."""
        with self._lock:
            self._beyond = False

    def close(self) -> bool:
        """Lets no letter through from now on; False where one is beyond it."""
        with self._lock:
            self._closed = True
            return not self._beyond


STOPPING = "stopping"
"""The code of a letter that met a closed gate."""
