"""A conversation over the public HTTP API, as a page or another channel holds it."""

import itertools
import json
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import httpx
from PIL import Image

NOT_ALL = "Not all of it"
"""The button under facts asked as one list, for who answers each by itself."""


@dataclass
class HttpConversation:
    """Spoken over the public HTTP API; `address` is where it comes from, "" for this machine."""

    client: httpx.Client
    shop: str
    address: str = ""
    turns: list[list[dict[str, Any]]] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self._headers = {"X-Forwarded-For": self.address} if self.address else {}
        opened = self.client.post("/api/v1/sessions", json={"shop": self.shop}, headers=self._headers)
        assert opened.status_code == 201, opened.text
        self._headers["Authorization"] = f"Bearer {opened.json()['token']}"

    @property
    def replies(self) -> list[dict[str, Any]]:
        """The newest turn's."""
        return self.turns[-1] if self.turns else []

    def says(self, text: str) -> None:
        self._send({"text": text.format(**self.kept)})

    def chooses(self, label: str) -> None:
        offered = _choices(self.replies)
        assert label in offered, f"{label!r} is not among the choices {list(offered)}"
        self._send({"choice": offered[label]})

    def presses_earlier(self, label: str) -> None:
        """Press a button that still stands further up, under a turn before the newest."""
        offered = next((_choices(replies) for replies in self.turns[-2::-1] if label in _choices(replies)), {})
        assert label in offered, f"no earlier turn offered {label!r}"
        self._send({"choice": offered[label]})

    def answers_until(self, asks: str, facts: dict[str, str]) -> None:
        """Say of `facts` what is asked, in whatever order, until the question `asks` comes (or there is none).

        Facts asked as one list are told one by one.
        """
        for _ in range(len(facts) + 1):
            if self.asked is None or (self.asked == asks and not self.asks_several):
                break
            if self.asks_several:
                self.chooses(NOT_ALL)
                continue
            assert self.asked in facts, f"asked for {self.asked!r}, which the script's facts do not hold"
            self.says(facts[self.asked])
        assert self.asked == asks, f"{asks!r} was never asked; the last turn reads:\n{self.text}"

    def shows_picture(self, text: str) -> None:
        """Say `text` (which may be empty) with a picture."""
        picture = BytesIO()
        Image.new("RGB", (32, 24), "firebrick").save(picture, "JPEG")
        files = {"picture": ("fault.jpg", picture.getvalue(), "image/jpeg")}
        added = self.client.post("/api/v1/attachments", files=files, headers=self._headers)
        assert added.status_code == 201, added.text
        self._send({"text": text, "attachments": [added.json()["attachment_id"]]})

    def _send(self, said: dict[str, Any]) -> None:
        message = {"client_id": f"m{next(self._numbers)}", **said}
        answer = self.client.post("/api/v1/messages", json=message, headers=self._headers)
        assert answer.status_code == 200, answer.text
        self.turns.append(answer.json()["replies"])

    def hears(self, kind: str) -> None:
        """Wait for what comes by itself, until a message of this kind; it is the newest turn then."""
        headers = {**self._headers, "Last-Event-ID": str(self.replies[-1]["seq"])}
        heard: list[dict[str, Any]] = []
        with self.client.stream("GET", "/api/v1/events", headers=headers, timeout=60) as stream:
            for line in stream.iter_lines():
                if line.startswith("data: "):
                    heard.append(json.loads(line.removeprefix("data: ")))
                    if (heard[-1]["custom"] or {}).get("kind") == kind:
                        break
        self.turns.append(heard)

    @property
    def text(self) -> str:
        return "\n".join(reply["text"] for reply in self.replies)

    @property
    def asked(self) -> str | None:
        """The fact the newest turn asks for, None where it asks for none."""
        return str(self._question["asks"]) if self._question else None

    @property
    def asks_several(self) -> bool:
        """Whether it asks for several facts as one list, the first of which is the one `asked`."""
        return len(self._question.get("all", ())) > 1

    @property
    def _question(self) -> dict[str, Any]:
        questions = [reply["custom"] for reply in self.replies if (reply["custom"] or {}).get("kind") == "question"]
        return questions[-1] if questions else {}

    def custom(self, kind: str) -> dict[str, Any]:
        found = [reply["custom"] for reply in self.replies if (reply["custom"] or {}).get("kind") == kind]
        assert found, f"no reply of kind {kind!r} among {[reply['custom'] for reply in self.replies]}"
        return found[-1]

    def keep(self, name: str, source: str) -> None:
        if source == "text":
            self.kept[name] = self.text
            return
        kind, key = source.split(".")
        self.kept[name] = str(self.custom(kind)[key])

    def check_payloads(self, turn: dict[str, Any]) -> None:
        kinds = [(reply["custom"] or {}).get("kind") for reply in self.replies]
        assert kinds, "nothing was answered"
        assert "unavailable" not in kinds, self.text
        if "asks" in turn:
            assert self.asked == turn["asks"], self.text
        for name, expected in turn.get("verdict", {}).items():
            programme, remedy = name.split(".")
            told = self.custom("verdict")["remedies"]
            verdict = next(each for each in told if (each["programme"], each["remedy"]) == (programme, remedy))
            assert {key: verdict[key] for key in expected} == expected, name
        for kind, keys in turn.get("custom", {}).items():
            payload = self.custom(kind)
            assert {key: payload[key] for key in keys} == keys, payload


def _choices(replies: list[dict[str, Any]]) -> dict[str, str]:
    """The ids of the choices under `replies`, by label."""
    return {choice["label"]: choice["id"] for reply in replies for choice in reply["choices"]}
