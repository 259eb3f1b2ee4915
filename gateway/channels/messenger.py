"""Facebook Messenger (Messenger Platform): people who write to a page."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from gateway.channels.accounts import Account
from gateway.channels.adapter import Answer, Arrived, Carrier, Heard, Recipient, decoded
from gateway.channels.calling import Files, call, download, json_of
from gateway.channels.errors import Forged, NotNow, Refused
from gateway.channels.shapes import Part, Shape
from gateway.channels.texts import word

# Text has up to 2000 characters; there are up to 13 quick replies with labels of up to 20.
SHAPE = Shape(longest=2000, buttons=13, longest_label=20, window=timedelta(hours=24))
OLDEST = timedelta(hours=48)
_BUSY = frozenset({4, 17, 32, 341, 613, 80006})
"""Error codes of calls over a limit."""
_TOKEN_OVER = 190


class Messenger:
    """A page; its events are signed with the app's secret, over the raw body."""

    shape = SHAPE

    def __init__(self, account: Account) -> None:
        self._app_secret = account["app_secret"].encode()
        self._verify_token = account["verify_token"]
        self._token = {"Authorization": f"Bearer {account['token']}"}
        self._api = account.api
        self._files = Files(account.api, ("fbcdn.net", "fbsbx.com", "facebook.com"))

    def challenge(self, query: Mapping[str, str]) -> str:
        told = query.get("hub.verify_token", "")
        if query.get("hub.mode") != "subscribe" or not hmac.compare_digest(told.encode(), self._verify_token.encode()):
            raise Forged("the verify token does not fit")
        return query.get("hub.challenge", "")

    def verify(self, arrived: Arrived) -> None:
        fits = "sha256=" + hmac.new(self._app_secret, arrived.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(fits.encode(), arrived.headers.get("x-hub-signature-256", "").encode()):
            raise Forged("the signature does not fit")

    def read(self, arrived: Arrived) -> list[Heard]:
        data = decoded(arrived.body)
        if data.get("object") != "page":
            return []
        events = [event for entry in _objects(data.get("entry")) for event in _objects(entry.get("messaging"))]
        return [heard for event in events if not _old(event, arrived) if (heard := _told(event)) is not None]

    def answer(self, arrived: Arrived) -> Answer:
        return Answer("EVENT_RECEIVED")

    def fetch(self, http: httpx.Client, picture: Mapping[str, Any]) -> bytes:
        return download(http, picture["url"], self._files)

    def send(self, by: Carrier, to: Recipient, part: Part) -> None:
        message: dict[str, Any] = {"text": part.text}
        if part.buttons:
            message["quick_replies"] = [
                {"content_type": "text", "title": each.label, "payload": each.payload} for each in part.buttons
            ]
        body = {"recipient": {"id": to.address}, "messaging_type": "RESPONSE", "message": message}
        response = call(by.http, "POST", f"{self._api}/me/messages", json=body, headers=self._token)
        if response.status_code == 200:
            return
        error = json_of(response).get("error")
        code, passes = (
            (error.get("code"), error.get("is_transient") is True) if isinstance(error, dict) else (None, False)
        )
        told = f"messages: status {response.status_code}, code {code if isinstance(code, int) else 'none'}"
        if code in _BUSY:
            raise NotNow(told, everybody=True)
        raise (NotNow if passes or code == _TOKEN_OVER else Refused)(told)


def _objects(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _old(event: Mapping[str, Any], arrived: Arrived) -> bool:
    """Meta goes on trying for a day and a half; what is older was kept by somebody else."""
    at = event.get("timestamp")
    return isinstance(at, int) and arrived.at.timestamp() - at / 1000 > OLDEST.total_seconds()


def _told(event: Mapping[str, Any]) -> Heard | None:
    match event:
        case {"message": {"is_echo": True}}:
            return None
        case {"sender": {"id": str(sender)}, "message": {"mid": str(number)} as message}:
            payload = (message.get("quick_reply") or {}).get("payload")
            attached = _objects(message.get("attachments"))
            pictures = tuple(
                {"url": word((each.get("payload") or {}).get("url"))}
                for each in attached
                if each.get("type") == "image"
            )
            text = word(message.get("text"))
            choice = payload if isinstance(payload, str) else None
            beyond_us = not text and not pictures
            return Heard(number, sender, text, choice=choice, pictures=pictures, beyond_us=beyond_us)
        case {"sender": {"id": str(sender)}, "postback": {"mid": str(number)} as postback}:
            # The button a conversation is begun with, perhaps from a link that says how it goes on.
            ref = word((postback.get("referral") or {}).get("ref"))
            return Heard(number, sender, ref or word(postback.get("title")))
        case {"sender": {"id": str(sender)}, "referral": {"ref": str(ref)}, "timestamp": int(at)}:
            return Heard(f"referral-{sender}-{at}", sender, ref)
    return None
