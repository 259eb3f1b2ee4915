"""Telegram (Bot API): private chats with a bot."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from gateway.channels.accounts import Account
from gateway.channels.adapter import Answer, Arrived, Carrier, Heard, Recipient, decoded, no_challenge
from gateway.channels.calling import Files, call, download, json_of
from gateway.channels.errors import Forged, NotNow, Refused
from gateway.channels.shapes import Part, Shape
from gateway.channels.texts import utf16_units, whole, word

# A message has up to 4096 characters, and what a button sends up to 64 bytes; a keyboard of more than eight rows, or
# with longer labels, fits no phone. Telegram keeps updates for 24 hours.
SHAPE = Shape(longest=4096, buttons=8, longest_label=60, measured=utf16_units)
OLDEST = timedelta(hours=25)
_GREETING = "hello"


class Telegram:
    """A bot; its updates come with the secret that setWebhook was told."""

    shape = SHAPE

    def __init__(self, account: Account) -> None:
        self._secret = account["secret"]
        self._methods = f"{account.api}/bot{account['token']}"
        self._files = f"{account.api}/file/bot{account['token']}"
        self._at = Files(account.api)

    challenge = staticmethod(no_challenge)

    def verify(self, arrived: Arrived) -> None:
        told = arrived.headers.get("x-telegram-bot-api-secret-token", "")
        if not hmac.compare_digest(told.encode(), self._secret.encode()):
            raise Forged("the secret token does not fit")

    def read(self, arrived: Arrived) -> list[Heard]:
        update = decoded(arrived.body)
        number = whole(update.get("update_id"))
        match update:
            case {
                "callback_query": {"data": str(data), "message": {"chat": {"type": "private", "id": chat}} as message}
            }:
                label = _label(message, data)
                return [Heard(f"u{number}", str(chat), label, choice=data)]
            case {"message": {"chat": {"type": "private", "id": chat}, "date": int(date)} as message}:
                if arrived.at.timestamp() - date > OLDEST.total_seconds():
                    return []
                return [_told(f"u{number}", str(chat), message)]
        return []

    def answer(self, arrived: Arrived) -> Answer:
        """A pressed button stops spinning: the answer to the update may itself be a call."""
        match decoded(arrived.body):
            case {"callback_query": {"id": str(query)}}:
                body = {"method": "answerCallbackQuery", "callback_query_id": query}
                return Answer(json.dumps(body), "application/json")
        return Answer()

    def fetch(self, http: httpx.Client, picture: Mapping[str, Any]) -> bytes:
        response = call(http, "POST", f"{self._methods}/getFile", json={"file_id": picture["file_id"]})
        match json_of(response):
            case {"ok": True, "result": {"file_path": str(path)}} if ".." not in path:
                return download(http, f"{self._files}/{path}", self._at)
        raise Refused(f"getFile: status {response.status_code}")

    def send(self, by: Carrier, to: Recipient, part: Part) -> None:
        body: dict[str, Any] = {
            "chat_id": int(to.address),
            "text": part.text,
            "link_preview_options": {"is_disabled": True},
        }
        if part.buttons:
            rows = [[{"text": each.label, "callback_data": each.payload}] for each in part.buttons]
            body["reply_markup"] = {"inline_keyboard": rows}
        response = call(by.http, "POST", f"{self._methods}/sendMessage", json=body)
        if response.status_code == 200:
            return
        told = f"sendMessage: status {response.status_code}"
        # 401 and 404 mean the token: a setting to mend, not a message to give up.
        raise (NotNow if response.status_code in (401, 404) else Refused)(told)


def _label(message: Mapping[str, Any], data: str) -> str:
    rows = (message.get("reply_markup") or {}).get("inline_keyboard") or []
    return next((word(each.get("text")) for row in rows for each in row if each.get("callback_data") == data), "")


def _told(provider_id: str, chat: str, message: Mapping[str, Any]) -> Heard:
    text = word(message.get("text")) or word(message.get("caption"))
    if text == "/start":
        text = _GREETING
    pictures: tuple[dict[str, Any], ...] = ()
    match message:
        case {"photo": [*sizes]} if sizes:
            # The same photo in several sizes, the largest last.
            pictures = ({"file_id": word(sizes[-1].get("file_id"))},)
        case {"document": {"file_id": str(file_id), "mime_type": str(kind)}} if kind.startswith("image/"):
            pictures = ({"file_id": file_id},)
    return Heard(provider_id, chat, text, pictures=pictures, beyond_us=not text and not pictures)
