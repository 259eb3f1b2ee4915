"""A form's fields out of a raw body, which has to stay raw for its signature."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import HTTP
from urllib.parse import parse_qsl

from gateway.channels.adapter import Arrived
from gateway.channels.errors import Unreadable

MOST_FIELDS = 200


def fields(arrived: Arrived) -> dict[str, str]:
    """The text fields by name, of a form in either encoding; what is not UTF-8 in one is kept as surrogates.

    Raises Unreadable.
    """
    kind = arrived.headers.get("content-type", "")
    try:
        if kind.startswith("application/x-www-form-urlencoded"):
            return dict(
                parse_qsl(
                    arrived.body.decode("ascii"),
                    keep_blank_values=True,
                    max_num_fields=MOST_FIELDS,
                    errors="surrogateescape",
                )
            )
        if kind.startswith("multipart/form-data"):
            form = message_from_bytes(
                b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n" + arrived.body, policy=HTTP
            )
            parts = form.iter_parts() if form.is_multipart() else iter(())
            return {
                str(name): bytes(part.get_payload(decode=True) or b"").decode("utf-8", "surrogateescape")
                for part in parts
                if (name := part.get_param("name", header="content-disposition"))
            }
    except (ValueError, LookupError):
        raise Unreadable("the body is no form") from None
    raise Unreadable("the body is no form")
