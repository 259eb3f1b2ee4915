"""The code of a link by which a conversation goes on elsewhere: short enough to be texted, and not to be guessed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from gateway.secret import key_for

_SIGNED = 16
CODE = re.compile(r"(?<![\w-])c(\d{1,15})-([A-Za-z0-9_-]{16})(?![\w-])")
"""A code anywhere in a text; Telegram's links take no other characters, and 64 of them."""


class HandoverCodes:
    """Makes and reads codes; nothing that opens a conversation lies in the store."""

    def __init__(self, secret: bytes) -> None:
        self._key = key_for("handover", secret)

    def code(self, handover_id: int) -> str:
        return f"c{handover_id}-{self._signature(handover_id)}"

    def read(self, text: str) -> int | None:
        """The id of the handover whose code is in `text`; None where there is none of ours."""
        found = CODE.search(text)
        if found is None or not hmac.compare_digest(self._signature(int(found[1])), found[2]):
            return None
        return int(found[1])

    def _signature(self, handover_id: int) -> str:
        digest = hmac.new(self._key, str(handover_id).encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode()[:_SIGNED]
