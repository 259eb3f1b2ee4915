"""What can go wrong with the store itself.

StoreError
├── StoreUnavailable    the database cannot be reached, is busy, or holds no tables yet
├── SettingsError       a shops file says something it must not
├── UnknownConversation a conversation id nobody started
├── UnknownPicture      a picture that is not this conversation's to send
└── UnreadableImport    an import file that is not JSON at all
"""


class StoreError(Exception):
    """Base of the store's own errors; its text says what, where, and what to do."""


class StoreUnavailable(StoreError):  # noqa: N818
    """The database cannot be reached, is too busy to answer in time, or is not set up."""


class SettingsError(StoreError):
    """A shops file that cannot be taken; the text names file, shop, key and the mend."""


class UnknownConversation(StoreError, LookupError):  # noqa: N818
    """No conversation has this id."""


class UnreadableImport(StoreError):  # noqa: N818
    """An import file of which no order can be told apart."""


class UnknownPicture(StoreError, LookupError):  # noqa: N818
    """A picture is not among those the conversation has yet to send; `position` (from 0) is its place in the list."""

    def __init__(self, position: int) -> None:
        super().__init__(f"picture {position + 1} is not one this conversation has yet to send")
        self.position = position
