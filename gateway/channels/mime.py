"""An e-mail as it came, read without trust: anybody can write one, so whatever it holds is read in bounded time."""

from __future__ import annotations

import base64
import email
import html
import re
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy
from itertools import islice
from typing import Any, cast

from gateway.channels.errors import Unreadable
from gateway.channels.quoting import own_words
from gateway.channels.texts import LONGEST

MOST_PICTURES = 5
LONGEST_HEADER = 4_000
"""Characters; what takes apart an address or a list of words takes longer by the square of them."""

LONGEST_READ = 10 * LONGEST
"""Characters of the text that are looked at for what was written and what was only quoted."""

_TAG = re.compile(r"<(/?+[a-z]*+)[^<>]*+>", re.I)
_HIDDEN = frozenset({"script", "style"})
_BREAKS = frozenset({"br", "/p", "/div", "/li", "/tr"})


class _Bounded(EmailPolicy):
    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_HEADER]


def read_mime(content: bytes) -> EmailMessage:
    """Raises Unreadable where it is built in a way nobody writes."""
    try:
        return email.message_from_bytes(content, policy=cast("Policy[EmailMessage]", _Bounded()))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(type(error).__name__) from None


def is_automatic(mail: Any) -> bool:
    """Written by no person: answered, it might be answered for ever."""
    submitted = str(mail.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    bulk = str(mail.get("Precedence", "")).strip().lower() in ("bulk", "junk", "list", "auto_reply")
    marked = any(mail.get(name) is not None for name in ("List-Id", "X-Autoreply", "X-Autorespond"))
    returned = mail.get("Return-Path") == "<>" or mail.get_content_type() == "multipart/report"
    return submitted != "no" or bulk or marked or returned


def written_in(mail: EmailMessage) -> str:
    """What the sender wrote themselves, without what they answered."""
    body = mail.get_body(("plain", "html"))
    if body is None:
        return ""
    try:
        text = str(body.get_content())[:LONGEST_READ]
    except (LookupError, UnicodeError):
        return ""
    return own_words(text if body.get_content_subtype() == "plain" else _plain(text))[:LONGEST]


def pictures_in(mail: EmailMessage) -> tuple[dict[str, Any], ...]:
    """As base64, which the store can keep."""
    images = (part for part in mail.walk() if part.get_content_maintype() == "image")
    decoded = (cast(bytes, part.get_payload(decode=True) or b"") for part in islice(images, MOST_PICTURES))
    return tuple({"data": base64.b64encode(data).decode()} for data in decoded)


def _plain(markup: str) -> str:
    kept: list[str] = []
    hidden, at = "", 0
    for tag in _TAG.finditer(markup):
        name = tag[1].lower()
        if not hidden:
            kept.append(markup[at : tag.start()])
            kept.append("\n" if name in _BREAKS else "")
            hidden = name if name in _HIDDEN else ""
        elif name == f"/{hidden}":
            hidden = ""
        at = tag.end()
    return html.unescape("".join([*kept, "" if hidden else markup[at:]]))
