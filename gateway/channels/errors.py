"""How a delivery or a message of ours can fail.

ChannelError
├── Forged       the request is not the provider's, or is an old one: 403, and nothing of it is read
├── Unreadable   it is the provider's, but not of the documented shape: 400
├── NotNow       a passing failure of the provider's; tried again, not before what it asks for
└── Refused      the provider takes this for good not: the customer blocked us, a window has closed
"""

from __future__ import annotations


class ChannelError(Exception):
    """The text is for logs and holds nothing of what was said, no address and no token."""


class Forged(ChannelError):  # noqa: N818
    pass


class Unreadable(ChannelError):  # noqa: N818
    pass


class NotNow(ChannelError):  # noqa: N818
    """`after` is how many seconds the provider asks us to wait; `everybody`: with all of this account."""

    def __init__(self, text: str, after: float | None = None, *, everybody: bool = False) -> None:
        super().__init__(text)
        self.after = after
        self.everybody = everybody


class Refused(ChannelError):  # noqa: N818
    pass
