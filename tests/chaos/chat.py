"""A conversation held as a patient page would hold it: every message is sent until it is answered."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

LONGEST_TURN = 40.0
LONGEST_OUTAGE = 300.0
PAUSE = 0.5


class Unanswered(Exception):  # noqa: N818
    """The system refused a message, or never answered it."""


@dataclass(frozen=True)
class Turn:
    """A message as it was sent, and the replies that came for it. `tries`: how often it had to be sent."""

    client_id: str
    said: dict[str, Any]
    replies: list[dict[str, Any]]
    tries: int

    def custom(self, kind: str) -> list[dict[str, Any]]:
        """The payloads of this kind."""
        return [reply["custom"] for reply in self.replies if (reply["custom"] or {}).get("kind") == kind]


@dataclass
class Chat:
    """One session with `shop`. `name` makes its client ids, and is nobody else's; `address` is where it comes from.

    `customer_token`: the shop's word for who it is, signed.
    """

    client: httpx.Client
    shop: str
    name: str
    address: str = "203.0.113.1"
    customer_token: str | None = None
    turns: list[Turn] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._headers = {"X-Forwarded-For": self.address}
        told = {"shop": self.shop, "customer_token": self.customer_token}
        opened, _ = self._until_answered(lambda: self._post("/api/v1/sessions", told))
        self._headers["Authorization"] = f"Bearer {opened['token']}"

    @property
    def last(self) -> Turn:
        return self.turns[-1]

    def says(self, text: str) -> Turn:
        return self._send({"text": text})

    def presses(self, choice_id: str) -> Turn:
        return self._send({"choice": choice_id})

    def sends_picture(self, picture: bytes, text: str) -> Turn:
        """A JPEG, with a text beside it."""

        def upload() -> httpx.Response:
            files = {"picture": ("picture.jpg", picture, "image/jpeg")}
            return self.client.post("/api/v1/attachments", files=files, headers=self._headers, timeout=LONGEST_TURN)

        uploaded, _ = self._until_answered(upload)
        return self._send({"text": text, "attachments": [uploaded["attachment_id"]]})

    def repeats(self) -> Turn:
        """Says again, as a new message, what was said last."""
        return self._send(self.last.said)

    def offered(self) -> dict[str, str]:
        """The choices of the newest turn: their ids by label."""
        return {choice["label"]: choice["id"] for reply in self.last.replies for choice in reply["choices"]}

    def sends_again(self) -> list[dict[str, Any]]:
        """The newest message under its client id once more; the replies."""
        return self._answer(self.last.client_id, self.last.said)[0]

    def wait_until_ready(self) -> None:
        """Until every part answers."""

        def is_ready() -> httpx.Response:
            return self.client.get("/readyz", headers=self._headers)

        self._until_answered(is_ready)

    def _send(self, said: dict[str, Any]) -> Turn:
        client_id = f"{self.name}-{len(self.turns) + 1}"
        replies, tries = self._answer(client_id, said)
        self.turns.append(Turn(client_id, said, replies, tries))
        return self.last

    def _answer(self, client_id: str, said: dict[str, Any]) -> tuple[list[dict[str, Any]], int]:
        answer, tries = self._until_answered(lambda: self._post("/api/v1/messages", {"client_id": client_id, **said}))
        return answer["replies"], tries

    def _post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        return self.client.post(path, json=body, headers=self._headers, timeout=LONGEST_TURN)

    def _until_answered(self, ask: Callable[[], httpx.Response]) -> tuple[Any, int]:
        gives_up, tries, why = time.monotonic() + LONGEST_OUTAGE, 0, ""
        while time.monotonic() < gives_up:
            tries += 1
            try:
                response = ask()
            except httpx.TransportError as error:
                why = repr(error)
            else:
                if response.is_success:
                    return response.json(), tries
                why = f"{response.status_code} {response.text[:500]}"
                if response.status_code < 500 and response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                    raise Unanswered(f"{self.name}: {why}")
            time.sleep(PAUSE)
        raise Unanswered(f"{self.name}: no answer within {LONGEST_OUTAGE:.0f} s: {why}")
