"""E-mail: what a customer writes comes by Mailgun's webhook as raw MIME, or is fetched from a mailbox; answers go into
the same thread by SMTP.

From is no proof of anything. A thread is told by a Message-ID of ours, which only those who got it know, and which has
to come back from the address it was sent to; anything else is a conversation of its own.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64decode
from collections.abc import Mapping
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import httpx

from gateway.channels.accounts import Account
from gateway.channels.adapter import Answer, Arrived, Carrier, Heard, Recipient, no_challenge
from gateway.channels.errors import Forged, Unreadable
from gateway.channels.forms import fields
from gateway.channels.handover_codes import CODE
from gateway.channels.mime import is_automatic, pictures_in, read_mime, written_in
from gateway.channels.shapes import Part, Shape
from gateway.secret import keyed_hash
from order_store import normalise_email

SHAPE = Shape(longest=100_000, joined=True)
OLDEST = timedelta(hours=12)
"""Mailgun tries for eight hours."""
LONGEST_SUBJECT = 200
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,300})>")


class Email:
    """An address; `key` makes thread names nobody can guess."""

    shape = SHAPE

    def __init__(self, account: Account, key: bytes) -> None:
        self._signing_key = (account.get("signing_key") or "").encode()
        self._own = normalise_email(account["address"]) or account["address"]
        self._key = key

    challenge = staticmethod(no_challenge)

    def verify(self, arrived: Arrived) -> None:
        if not self._signing_key:
            raise Forged("mail is fetched from the mailbox alone")
        form = fields(arrived)
        at, token = form.get("timestamp", ""), form.get("token", "")
        if not (at.isascii() and at.isdigit() and len(at) < 12 and token):
            raise Forged("no timestamp or token")
        fits = hmac.new(self._signing_key, (at + token).encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(fits.encode(), form.get("signature", "").encode()):
            raise Forged("the signature does not fit")
        if abs(arrived.at.timestamp() - int(at)) > OLDEST.total_seconds():
            raise Forged("the timestamp is too old")

    def read(self, arrived: Arrived) -> list[Heard]:
        form = fields(arrived)
        if "body-mime" not in form:
            raise Unreadable("no body-mime: the address told to Mailgun has to end with mime")
        return self.read_mail(form["body-mime"].encode("utf-8", "surrogateescape"), form["token"])

    def read_mail(self, content: bytes, nonce: str | None = None) -> list[Heard]:
        """What a mail as it came says; nothing, where no person wrote it. Raises Unreadable."""
        mail = read_mime(content)
        try:
            sender = normalise_email(parseaddr(str(mail.get("From", "")))[1])
            number = _first_id(str(mail.get("Message-ID", "")))
            if sender is None or sender == self._own or is_automatic(mail):
                return []
            return [self._told(mail, sender, number or hashlib.sha256(content).hexdigest(), nonce)]
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise Unreadable(type(error).__name__) from None

    def _told(self, mail: EmailMessage, sender: str, number: str, nonce: str | None) -> Heard:
        before = " ".join(str(mail.get(name, "")) for name in ("References", "In-Reply-To"))
        answered = [found.partition(".")[0] for found in _MESSAGE_ID.findall(before) if self._is_ours(found)]
        thread = answered[-1] if answered else keyed_hash(self._key, f"{sender} {number}")[:32]
        subject = " ".join(str(mail.get("Subject", "")).split())[:LONGEST_SUBJECT]
        text = written_in(mail)
        code = CODE.search(subject)
        if code is not None:
            text = code[0]
        elif not answered and subject:
            text = f"{subject}\n{text}"
        pictures = pictures_in(mail)
        references = _MESSAGE_ID.findall(before)[-8:]
        reply_with = {"subject": subject, "message_id": number, "references": [*dict.fromkeys([*references, number])]}
        return Heard(number, sender, text, thread, pictures=pictures, reply_with=reply_with, nonce=nonce)

    def _is_ours(self, message_id: str) -> bool:
        return bool(re.fullmatch(rf"[0-9a-f]{{32}}\.\d+@{re.escape(self._domain)}", message_id))

    @property
    def _domain(self) -> str:
        return self._own.rpartition("@")[2]

    def answer(self, arrived: Arrived) -> Answer:
        return Answer()

    def fetch(self, http: httpx.Client, picture: Mapping[str, Any]) -> bytes:
        return b64decode(picture["data"])

    def send(self, by: Carrier, to: Recipient, part: Part) -> None:
        """In the thread of what it answers."""
        told = to.reply_with
        subject = told.get("subject") or to.shop_name
        message = EmailMessage()
        message["From"] = Address(to.shop_name, addr_spec=self._own)
        message["To"] = to.address
        message["Subject"] = subject if subject.lower().startswith("re:") else f"Re: {subject}"
        message_id = f"<{to.thread}.{to.number}@{self._domain}>"
        message["Message-ID"] = message_id
        if told.get("message_id"):
            message["In-Reply-To"] = f"<{told['message_id']}>"
            message["References"] = " ".join(f"<{each}>" for each in told.get("references", [told["message_id"]]))
        message["Auto-Submitted"] = "auto-replied"
        message.set_content(part.text + "\n", cte="quoted-printable")
        by.post(message_id, message)


def _first_id(header: str) -> str:
    found = _MESSAGE_ID.search(header)
    return found[1] if found else ""
