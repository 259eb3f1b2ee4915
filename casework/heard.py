"""What is taken from a message."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Heard:
    """Slots to change (none: the message says nothing for the matter), and the sentences to say first.

    `aside`: what it asks in passing (see `side_questions`), told before the open question comes back.
    """

    updates: dict[str, Any] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    aside: str | None = None
