"""What a channel's adapter is given and gives: a provider's request in, what the customer said out, and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from typing import Any, Protocol

import httpx

from gateway.channels.errors import Forged, Unreadable
from gateway.channels.shapes import Part, Shape


@dataclass(frozen=True)
class Arrived:
    """A request as it came: `headers` in lower case, `url` as the provider calls it, the raw `body`, machine time."""

    headers: Mapping[str, str]
    url: str
    body: bytes = field(repr=False)
    at: datetime


@dataclass(frozen=True)
class Heard:
    """One message of a customer.

    `choice` is the payload of a button of ours, `text` then its label. `pictures` tell the adapter where to fetch
    them. `beyond_us`: there was something in it we cannot read, such as a voice message. `nonce`: what the signature
    is good for once, where that is not the message's id.
    """

    provider_id: str
    address: str
    text: str = ""
    thread: str = ""
    choice: str | None = None
    pictures: tuple[dict[str, Any], ...] = ()
    beyond_us: bool = False
    reply_with: dict[str, Any] = field(default_factory=dict)
    nonce: str | None = None

    def kept(self) -> dict[str, Any]:
        """As the store keeps it until it is taken."""
        return {
            "address": self.address,
            "thread": self.thread,
            "text": self.text,
            "choice": self.choice,
            "pictures": list(self.pictures),
            "beyond_us": self.beyond_us,
            "reply_with": self.reply_with,
        }

    @classmethod
    def from_kept(cls, provider_id: str, kept: Mapping[str, Any]) -> Heard:
        return cls(provider_id, **{**kept, "pictures": tuple(kept["pictures"])})


@dataclass(frozen=True)
class Answer:
    """What the provider's request is answered with."""

    body: str = ""
    kind: str = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Recipient:
    """Whom something goes to, from the shop of this name; `number` tells it from everything else that ever went out."""

    address: str
    thread: str
    reply_with: Mapping[str, Any]
    number: int
    shop_name: str


@dataclass(frozen=True)
class Carrier:
    """What carries messages out: calls of a provider, or our own mail server by `post`.

    `post` is given the Message-ID and the mail. Raises NotNow or Refused.
    """

    http: httpx.Client
    post: Callable[[str, EmailMessage], None]


class Receiver(Protocol):
    """The end of an account that hears: what its provider delivers."""

    @property
    def shape(self) -> Shape:
        """What a message may look like there, and so what a number typed can mean."""

    def verify(self, arrived: Arrived) -> None:
        """Raises Forged unless the provider itself sent this, and just now."""

    def read(self, arrived: Arrived) -> list[Heard]:
        """What customers said in a verified request; what concerns nobody is left out. Raises Unreadable."""

    def answer(self, arrived: Arrived) -> Answer:
        """What a verified request is answered with, once all of it is kept."""

    def challenge(self, query: Mapping[str, str]) -> str:
        """The answer to the provider's question whether this address is ours. Raises Forged."""

    def fetch(self, http: httpx.Client, picture: Mapping[str, Any]) -> bytes:
        """A picture, or so much of it that it is too large. Raises NotNow or Refused."""


class Sender(Protocol):
    """The end of an account that speaks."""

    @property
    def shape(self) -> Shape:
        """What a message may look like there."""

    def send(self, by: Carrier, to: Recipient, part: Part) -> None:
        """Hands one message over for good. Raises NotNow or Refused."""


class Adapter(Receiver, Sender, Protocol):
    """One account of one channel."""


def no_challenge(query: Mapping[str, str]) -> str:
    raise Forged("this provider asks no such question")


def decoded(body: bytes) -> dict[str, Any]:
    """A JSON object. Raises Unreadable."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("the body is not JSON") from None
    if not isinstance(data, dict):
        raise Unreadable("the body is not an object")
    return data
