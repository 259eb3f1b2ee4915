"""What a mailbox is given, and what it can answer.

MailError
├── NotDelivered     not this time: the server is away, busy or slow; another try may go through
└── Refused          never: the server refuses this recipient or this letter for good
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mail:
    """One letter on the wire: `content` with CRLF line ends, `recipient` and `sender` bare addresses.

    `international`: an address holds more than ASCII, which not every server takes (RFC 6531).
    """

    message_id: str
    sender: str
    recipient: str
    content: bytes = field(repr=False)
    international: bool = False


class MailError(Exception):
    """A letter was not taken. `code` is for logs and holds nothing personal; the text may quote the server."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class NotDelivered(MailError):  # noqa: N818
    """The letter was not taken now; nothing says that another try would fail."""


class Refused(MailError):  # noqa: N818
    """The server will not take the letter, today or tomorrow."""


class Mailbox(Protocol):
    """Where letters go."""

    @property
    def name(self) -> str:
        """Where letters go, for people; no password in it."""

    @property
    def lease(self) -> timedelta:
        """How long a claim on a letter holds before it has to be renewed."""

    def deliver(self, mail: Mail, enter: Callable[[], None]) -> None:
        """Returns once the letter has been taken for good. Raises NotDelivered or Refused.

        Calls `enter` just before the letter is out of its hands; what that raises stops it.
        """

    def rest(self) -> None:
        """Nothing to send for now: whatever is held open may be closed."""
