"""Twilio: text messages, and WhatsApp by the same calls."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import httpx

from gateway.channels import gsm
from gateway.channels.accounts import QUICK_REPLIES, Account
from gateway.channels.adapter import Answer, Arrived, Carrier, Heard, Recipient, no_challenge
from gateway.channels.calling import Files, call, download, json_of
from gateway.channels.errors import Forged, NotNow, Refused, Unreadable
from gateway.channels.shapes import Part, Shape
from gateway.channels.texts import word

# Body has up to 1600 characters.
SMS = Shape(longest=1600, joined=True, written=gsm.written, costs=gsm.segments)
WHATSAPP = Shape(longest=1600, joined=True, window=timedelta(hours=24))
# Quick replies: three, with labels of up to 20 characters, below a text of up to 1024.
_MOST_QUICK_REPLIES, _LONGEST_LABEL, _LONGEST_WITH_BUTTONS = max(QUICK_REPLIES), 20, 1024

_WHATSAPP_PREFIX = "whatsapp:"
_MOST_MEDIA = 10
_MEDIA_HOSTS = ("twiliocdn.com", "s3-external-1.amazonaws.com")
_BUSY = frozenset({20429, 14107, 63018, 63038})
"""Too many requests, of ours or of the channel's."""


class Twilio:
    """A number of an account; its requests are signed over the address called and the form's fields."""

    def __init__(self, account: Account) -> None:
        self._contents = {count: sid for count in QUICK_REPLIES if (sid := account.get(f"buttons_{count}"))}
        self.shape = whatsapp(frozenset(self._contents)) if account.channel == "whatsapp" else SMS
        self._prefix = _WHATSAPP_PREFIX if account.channel == "whatsapp" else ""
        self._sid, self._auth_token = account["account_sid"], account["auth_token"]
        self._number = account["number"]
        self._api = account.api
        self._files = Files(account.api, ("twilio.com",), _MEDIA_HOSTS)

    challenge = staticmethod(no_challenge)

    def verify(self, arrived: Arrived) -> None:
        signed = arrived.url + "".join(name + value for name, value in sorted(set(_fields(arrived.body))))
        fits = base64.b64encode(hmac.new(self._auth_token.encode(), signed.encode(), hashlib.sha1).digest())
        if not hmac.compare_digest(fits, arrived.headers.get("x-twilio-signature", "").encode()):
            raise Forged("the signature does not fit")
        if dict(_fields(arrived.body)).get("AccountSid") != self._sid:
            raise Forged("it is about another account")

    def read(self, arrived: Arrived) -> list[Heard]:
        told = dict(_fields(arrived.body))
        number, sender = told.get("MessageSid", ""), told.get("From", "")
        if told.get("To") != self._prefix + self._number:
            return []
        if not number or not sender.startswith(self._prefix + "+"):
            raise Unreadable("no MessageSid or no sender's number")
        each_kind = [(told.get(f"MediaUrl{i}", ""), told.get(f"MediaContentType{i}", "")) for i in range(_MOST_MEDIA)]
        pictures = tuple({"url": url} for url, kind in each_kind if kind.startswith("image/"))
        pressed = told.get("ButtonPayload") or None
        text = word(told.get("ButtonText") if pressed else told.get("Body"))
        beyond_us = not text.strip() and not pictures and not pressed
        sender = sender.removeprefix(self._prefix)
        return [Heard(number, sender, text, choice=pressed, pictures=pictures, beyond_us=beyond_us)]

    def answer(self, arrived: Arrived) -> Answer:
        return Answer("<Response></Response>", "text/xml")

    def fetch(self, http: httpx.Client, picture: Mapping[str, Any]) -> bytes:
        proof = base64.b64encode(f"{self._sid}:{self._auth_token}".encode()).decode()
        return download(http, picture["url"], self._files, {"Authorization": f"Basic {proof}"})

    def send(self, by: Carrier, to: Recipient, part: Part) -> None:
        form = {"From": self._prefix + self._number, "To": self._prefix + to.address}
        if part.template is not None:
            template, words = part.template
            form |= _content(template, [words])
        elif part.buttons:
            # A variable holds no line break.
            pairs = [value for each in part.buttons for value in (each.label, each.payload)]
            form |= _content(self._contents[len(part.buttons)], [" ".join(part.text.split()), *pairs])
        else:
            form["Body"] = part.text
        url = f"{self._api}/2010-04-01/Accounts/{self._sid}/Messages.json"
        response = call(by.http, "POST", url, data=form, auth=(self._sid, self._auth_token))
        if response.status_code in (200, 201):
            return
        code = json_of(response).get("code")
        told = f"Messages: status {response.status_code}, code {code if isinstance(code, int) else 'none'}"
        if code in _BUSY:
            raise NotNow(told, everybody=True)
        # 401 and 404 mean account or token: settings to mend, not a message to give up.
        raise (NotNow if response.status_code in (401, 404) else Refused)(told)


def _content(sid: str, values: list[str]) -> dict[str, str]:
    """A content of this SID with its variables {{1}}, {{2}} …"""
    told = {str(number): value for number, value in enumerate(values, start=1)}
    return {"ContentSid": sid, "ContentVariables": json.dumps(told, ensure_ascii=False)}


def whatsapp(counts: frozenset[int]) -> Shape:
    """With buttons for these numbers of choices, numbered choices for others."""
    if not counts:
        return WHATSAPP
    return replace(
        WHATSAPP,
        buttons=_MOST_QUICK_REPLIES,
        counts=counts,
        longest_label=_LONGEST_LABEL,
        longest_with_buttons=_LONGEST_WITH_BUTTONS,
    )


def _fields(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=200, errors="strict")
    except ValueError:
        raise Forged("the body is no form") from None
