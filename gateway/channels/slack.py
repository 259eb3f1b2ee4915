"""Slack (Events API, interactivity, Web API): direct messages with an app."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx

from gateway.channels.accounts import Account
from gateway.channels.adapter import Answer, Arrived, Carrier, Heard, Recipient, decoded, no_challenge
from gateway.channels.calling import Files, call, download, json_of
from gateway.channels.errors import Forged, NotNow, Refused, Unreadable
from gateway.channels.shapes import Part, Shape
from gateway.channels.texts import word


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# A section has up to 3000 characters as they are written, a block of actions 25 buttons with labels of up to 75; of
# choices there are never more than fit a phone.
SHAPE = Shape(longest=3000, buttons=8, longest_label=75, written=_escaped)
OLDEST = timedelta(minutes=5)

_FOR_GOOD = frozenset(
    {
        "channel_not_found",
        "is_archived",
        "user_disabled",
        "messages_tab_disabled",
        "restricted_action",
        "msg_too_long",
        "no_text",
        "invalid_blocks",
        "cannot_dm_bot",
    }
)
_LINK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


class Slack:
    """An app; its requests are signed with the signing secret, over time and raw body."""

    shape = SHAPE

    def __init__(self, account: Account) -> None:
        self._signing_secret = account["signing_secret"].encode()
        self._token = {"Authorization": f"Bearer {account['token']}"}
        self._api = account.api
        self._files = Files(account.api, ("slack.com",), ("slack-edge.com", "slack-files.com"))

    challenge = staticmethod(no_challenge)

    def verify(self, arrived: Arrived) -> None:
        at = arrived.headers.get("x-slack-request-timestamp", "")
        if not (at.isascii() and at.isdigit() and len(at) < 12):
            raise Forged("no timestamp")
        if abs(arrived.at.timestamp() - int(at)) > OLDEST.total_seconds():
            raise Forged("the timestamp is too old")
        signed = b"v0:" + at.encode() + b":" + arrived.body
        fits = "v0=" + hmac.new(self._signing_secret, signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(fits.encode(), arrived.headers.get("x-slack-signature", "").encode()):
            raise Forged("the signature does not fit")

    def read(self, arrived: Arrived) -> list[Heard]:
        match _payload(arrived):
            case {
                "type": "event_callback",
                "event_id": str(number),
                "team_id": str(team),
                "event": {"type": "message", "channel_type": "im", "user": str(user), "channel": str(channel)} as event,
            } if "bot_id" not in event and event.get("subtype") in (None, "file_share"):
                return [_told(number, f"{team}/{user}", channel, event)]
            case {
                "type": "block_actions",
                "team": {"id": str(team)},
                "user": {"id": str(user)},
                "channel": {"id": str(channel)},
                "actions": [{"action_ts": str(at), "value": str(value)} as action, *_],
            } as pressed:
                thread = word((pressed.get("message") or {}).get("thread_ts"))
                label = word((action.get("text") or {}).get("text"))
                number = f"{user}-{at}"
                return [Heard(number, f"{team}/{user}", label, thread, value, reply_with=_place(channel, thread))]
        return []

    def answer(self, arrived: Arrived) -> Answer:
        match _payload(arrived):
            case {"type": "url_verification", "challenge": str(challenge)}:
                return Answer(challenge)
        return Answer()

    def fetch(self, http: httpx.Client, picture: Mapping[str, Any]) -> bytes:
        return download(http, picture["url"], self._files, self._token)

    def send(self, by: Carrier, to: Recipient, part: Part) -> None:
        body: dict[str, Any] = {"text": part.text, "unfurl_links": False, "unfurl_media": False, **to.reply_with}
        if part.buttons:
            elements = [
                {
                    "type": "button",
                    "text": {"type": "plain_text", "text": each.label},
                    "value": each.payload,
                    "action_id": f"choice-{place}",
                }
                for place, each in enumerate(part.buttons)
            ]
            section = {"type": "section", "text": {"type": "mrkdwn", "text": part.text}}
            body["blocks"] = [section, {"type": "actions", "elements": elements}]
        answer = json_of(call(by.http, "POST", f"{self._api}/chat.postMessage", json=body, headers=self._token))
        if answer.get("ok") is True:
            return
        error = re.sub(r"[^a-z_]", "", word(answer.get("error")))[:60] or "no answer"
        raise (Refused if error in _FOR_GOOD else NotNow)(f"chat.postMessage: {error}")


def _payload(arrived: Arrived) -> dict[str, Any]:
    """Events come as JSON, what is pressed as a form that holds JSON."""
    if arrived.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        try:
            return decoded(parse_qs(arrived.body.decode())["payload"][0].encode())
        except (KeyError, ValueError):
            raise Unreadable("a form without a payload") from None
    return decoded(arrived.body)


def _told(number: str, address: str, channel: str, event: Mapping[str, Any]) -> Heard:
    files = [each for each in event.get("files") or () if isinstance(each, dict)]
    pictures = tuple(
        {"url": word(each.get("url_private"))} for each in files if word(each.get("mimetype")).startswith("image/")
    )
    thread = word(event.get("thread_ts"))
    text = _plain(word(event.get("text")))
    beyond_us = not text and not pictures
    place = _place(channel, thread)
    return Heard(number, address, text, thread, pictures=pictures, beyond_us=beyond_us, reply_with=place)


def _place(channel: str, thread: str) -> dict[str, Any]:
    return {"channel": channel, **({"thread_ts": thread} if thread else {})}


def _plain(text: str) -> str:
    """What was typed: Slack writes an address as <mailto:ada@example.com|ada@example.com>."""

    def shown(found: re.Match[str]) -> str:
        target, label = found[1], found[2]
        return "" if target[:1] in ("@", "#", "!") else label or target.removeprefix("mailto:")

    return _LINK.sub(shown, text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
