"""Customers, one a channel: what they write arrives as their provider would deliver it, signed by its rule."""

import base64
import email
import hashlib
import hmac
import itertools
import json
import re
import time
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlencode

import httpx

from tests.channels.standing_in import MessengerStandIn, SlackStandIn, TelegramStandIn, TwilioStandIn

IDS = itertools.count(int(time.time()))
PUBLIC = "https://help.example.com"


@dataclass
class Request:
    """A provider's request, not yet sent."""

    path: str
    headers: dict
    body: bytes

    def sent_to(self, url):
        return httpx.post(url + self.path, content=self.body, headers=self.headers, timeout=30)


@dataclass
class Person:
    """Somebody who writes by one channel; `provider` is where what is written to them arrives."""

    provider: object
    shop: str = "inkwell"
    number: int = 1
    ids: itertools.count = IDS
    url: str = ""

    def says(self, text, **more):
        answer = self.request(text, **more).sent_to(self.url)
        assert answer.status_code == 200, answer.text
        return answer

    @property
    def inbox(self):
        return [message for message in self.provider.sent if message[0] == self.place]

    @property
    def read(self):
        """Everything they were sent, as texts."""
        return [text for _, text, _ in self.inbox]

    def chooses(self, label):
        """By its button, or by the number it stands under."""
        for _, text, buttons in reversed(self.inbox):
            if label in buttons:
                answer = self.pressed(label, buttons[label]).sent_to(self.url)
                assert answer.status_code == 200, answer.text
                return
            if found := re.search(rf"^(\d+) {re.escape(label)}$", text, re.M):
                self.says(found[1])
                return
        raise AssertionError(f"{label!r} was not offered: {self.read[-3:]}")


class OnTelegram(Person):
    STAND_IN = TelegramStandIn
    SECRET = "told-to-setWebhook"

    @property
    def place(self):
        return str(5550000 + self.number)

    def variables(self, folder):
        return {
            "AFTERCARE_TELEGRAM_SHOP": self.shop,
            "AFTERCARE_TELEGRAM_TOKEN": TelegramStandIn.TOKEN,
            "AFTERCARE_TELEGRAM_SECRET": self.SECRET,
            "AFTERCARE_TELEGRAM_USERNAME": "inkwell_bot",
            "AFTERCARE_TELEGRAM_API": self.provider.url,
        }

    def request(self, text="", picture=None, secret=SECRET, at=None, beyond=False):
        chat = {"id": int(self.place), "type": "private", "first_name": "Ada"}
        number = next(self.ids)
        message = {"message_id": number, "from": {"id": int(self.place)}, "chat": chat, "date": int(at or time.time())}
        if picture is not None:
            self.provider.files[f"large{number}"] = picture
            sizes = [{"file_id": f"{size}{number}", "width": 90} for size in ("small", "large")]
            message |= {"photo": sizes} | ({"caption": text} if text else {})
        elif beyond:
            message["voice"] = {"file_id": "v"}
        else:
            message["text"] = text
        return self.update({"update_id": number, "message": message}, secret)

    def pressed(self, label, payload):
        keyboard = {"inline_keyboard": [[{"text": label, "callback_data": payload}]]}
        chat = {"id": int(self.place), "type": "private"}
        query = {"id": f"q{next(self.ids)}", "data": payload, "message": {"chat": chat, "reply_markup": keyboard}}
        return self.update({"update_id": next(self.ids), "callback_query": query}, self.SECRET)

    def update(self, told, secret):
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret}
        return Request("/channels/telegram", headers, json.dumps(told).encode())

    def forged(self):
        return self.request("let me in", secret="guessed")


class OnSlack(Person):
    STAND_IN = SlackStandIn
    SECRET = "a-signing-secret"

    @property
    def place(self):
        return f"D{self.number}"

    def variables(self, folder):
        return {
            "AFTERCARE_SLACK_SHOP": self.shop,
            "AFTERCARE_SLACK_TOKEN": SlackStandIn.TOKEN,
            "AFTERCARE_SLACK_SIGNING_SECRET": self.SECRET,
            "AFTERCARE_SLACK_API": self.provider.url,
        }

    def request(self, text="", picture=None, secret=SECRET, at=None, beyond=False):
        number = next(self.ids)
        event = {
            "type": "message",
            "channel_type": "im",
            "user": f"U{self.number}",
            "channel": self.place,
            "text": text,
        }
        event["ts"] = f"{number}.000100"
        if picture is not None:
            self.provider.files[str(number)] = picture
            url = f"{self.provider.url}/files-pri/{number}"
            event |= {"subtype": "file_share", "files": [{"mimetype": "image/jpeg", "url_private": url}]}
        told = {"type": "event_callback", "team_id": "T1", "event_id": f"Ev{number}", "event": event}
        return self.signed(json.dumps(told).encode(), "application/json", secret, at)

    def pressed(self, label, payload):
        action = {"type": "button", "text": {"text": label}, "value": payload, "action_ts": f"{next(self.ids)}.1"}
        told = {
            "type": "block_actions",
            "team": {"id": "T1"},
            "user": {"id": f"U{self.number}"},
            "channel": {"id": self.place},
            "message": {"ts": "1.1"},
            "actions": [action],
        }
        body = urlencode({"payload": json.dumps(told)}).encode()
        return self.signed(body, "application/x-www-form-urlencoded", self.SECRET, None)

    def signed(self, body, kind, secret, at):
        at = str(int(at or time.time()))
        signature = hmac.new(secret.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
        headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={signature}", "Content-Type": kind}
        return Request("/channels/slack", headers, body)

    def forged(self):
        return self.request("let me in", secret="guessed")


class OnMessenger(Person):
    STAND_IN = MessengerStandIn
    SECRET = "an-app-secret"

    @property
    def place(self):
        return f"psid-{self.number}"

    def variables(self, folder):
        return {
            "AFTERCARE_MESSENGER_SHOP": self.shop,
            "AFTERCARE_MESSENGER_TOKEN": MessengerStandIn.TOKEN,
            "AFTERCARE_MESSENGER_APP_SECRET": self.SECRET,
            "AFTERCARE_MESSENGER_VERIFY_TOKEN": "told-to-meta",
            "AFTERCARE_MESSENGER_USERNAME": "inkwell",
            "AFTERCARE_MESSENGER_API": self.provider.url,
        }

    def request(self, text="", picture=None, secret=SECRET, at=None, beyond=False, **more):
        number = next(self.ids)
        message = {"mid": f"m_{number}", **({"text": text} if text else {}), **more}
        if picture is not None:
            self.provider.files[str(number)] = picture
            message["attachments"] = [
                {"type": "image", "payload": {"url": f"{self.provider.url}/attachments/{number}"}}
            ]
        elif beyond:
            message["attachments"] = [{"type": "audio", "payload": {"url": "https://example.com/voice"}}]
        at = int((at or time.time()) * 1000)
        event = {"sender": {"id": self.place}, "recipient": {"id": "page"}, "timestamp": at, "message": message}
        told = {"object": "page", "entry": [{"id": "page", "time": at, "messaging": [event]}]}
        return self.signed(json.dumps(told).encode(), secret)

    def signed(self, body, secret=SECRET):
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return Request("/channels/messenger", {"X-Hub-Signature-256": f"sha256={signature}"}, body)

    def pressed(self, label, payload):
        return self.request(label, quick_reply={"payload": payload})

    def forged(self):
        return self.request("let me in", secret="guessed")


class OnSms(Person):
    STAND_IN = TwilioStandIn
    CHANNEL, PREFIX = "sms", ""
    OURS = "+15550100"

    @property
    def place(self):
        return f"+1555019{self.number:02}"

    def variables(self, folder):
        name = f"AFTERCARE_{self.CHANNEL.upper()}"
        return {
            f"{name}_SHOP": self.shop,
            f"{name}_ACCOUNT_SID": TwilioStandIn.SID,
            f"{name}_AUTH_TOKEN": TwilioStandIn.TOKEN,
            f"{name}_NUMBER": self.OURS,
            f"{name}_API": self.provider.url,
        }

    def request(self, text="", picture=None, secret=TwilioStandIn.TOKEN, at=None, beyond=False):
        number = next(self.ids)
        told = {
            "MessageSid": f"SM{number:032}",
            "AccountSid": TwilioStandIn.SID,
            "From": self.PREFIX + self.place,
            "To": self.PREFIX + self.OURS,
            "Body": text,
            "NumMedia": "0",
        }
        if picture is not None or beyond:
            self.provider.files[f"ME{number}"] = picture
            url = f"{self.provider.url}/2010-04-01/Accounts/{TwilioStandIn.SID}/Messages/x/Media/ME{number}"
            kind = "audio/ogg" if beyond else "image/jpeg"
            told |= {"NumMedia": "1", "MediaUrl0": url, "MediaContentType0": kind}
        return self.delivered(told, secret)

    def delivered(self, told, secret=TwilioStandIn.TOKEN):
        path = f"/channels/{self.CHANNEL}"
        signed = PUBLIC + path + "".join(name + told[name] for name in sorted(told))
        signature = base64.b64encode(hmac.new(secret.encode(), signed.encode(), hashlib.sha1).digest()).decode()
        headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
        return Request(path, headers, urlencode(told).encode())

    def forged(self):
        return self.request("let me in", secret="guessed")


class OnWhatsapp(OnSms):
    CHANNEL, PREFIX = "whatsapp", "whatsapp:"
    TEMPLATE = "HX" + "a" * 32
    WITH_BUTTONS: ClassVar = {f"AFTERCARE_WHATSAPP_BUTTONS_{n}": sid for n, sid in TwilioStandIn.QUICK_REPLIES.items()}

    def pressed(self, label, payload):
        told = {
            "MessageSid": f"SM{next(self.ids):032}",
            "AccountSid": TwilioStandIn.SID,
            "From": self.PREFIX + self.place,
            "To": self.PREFIX + self.OURS,
            "Body": label,
            "NumMedia": "0",
            "ButtonText": label,
            "ButtonPayload": payload,
        }
        return self.delivered(told)


class PostOffice:
    """Where answers by e-mail arrive: the worker's folder of letters."""

    def __init__(self):
        self.folder = None
        self.failures = []
        self.wrong = []

    @property
    def mails(self):
        files = sorted(self.folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        read = [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]
        return [mail for mail in read if not mail.is_multipart()]  # letters have papers and a second form

    @property
    def sent(self):
        return [(str(each["To"]), each.get_content().replace("\r\n", "\n").strip(), {}) for each in self.mails]

    def close(self):
        pass


class ByEmail(Person):
    STAND_IN = PostOffice
    KEY = "a-webhook-signing-key"
    OURS = "service@inkwell.example.com"

    @property
    def place(self):
        return f"ada{self.number}@example.com"

    def variables(self, folder):
        self.provider.folder = Path(folder) / "mail"
        return {
            "AFTERCARE_EMAIL_SHOP": self.shop,
            "AFTERCARE_EMAIL_ADDRESS": self.OURS,
            "AFTERCARE_EMAIL_SIGNING_KEY": self.KEY,
            "AFTERCARE_MAIL_FOLDER": str(self.provider.folder),
        }

    def request(self, text="", picture=None, secret=KEY, at=None, beyond=False, subject=None, **headers):
        mail = EmailMessage(policy=SMTP)
        mail["From"] = f"Ada <{self.place}>"
        mail["To"] = self.OURS
        ours = [each for each in self.provider.mails if str(each["To"]) == self.place]
        if ours and subject is None:
            mail["In-Reply-To"] = ours[-1]["Message-ID"]
            mail["References"] = f"{ours[-1].get('References', '')} {ours[-1]['Message-ID']}".strip()
            quoted = "\n".join(f"> {line}" for line in ours[-1].get_content().splitlines())
            text = f"{text}\n\nOn Mon, 2 Mar 2026 at 10:00, Inkwell wrote:\n{quoted}"
        mail["Subject"] = subject or ("Re: " + str(ours[-1]["Subject"]) if ours else "My order")
        mail["Message-ID"] = f"<{next(self.ids)}@mail.example.com>"
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        if picture is not None:
            mail.add_attachment(picture, maintype="image", subtype="jpeg", filename="fault.jpg")
        return self.posted(mail.as_bytes().decode(), secret, at)

    def posted(self, mime, secret=KEY, at=None, token=None):
        at, token = str(int(at or time.time())), token or f"{next(self.ids):050}"
        signature = hmac.new(secret.encode(), (at + token).encode(), hashlib.sha256).hexdigest()
        told = {"timestamp": at, "token": token, "signature": signature, "recipient": self.OURS, "body-mime": mime}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return Request("/channels/email?as=mime", headers, urlencode(told).encode())

    def forged(self):
        return self.request("let me in", secret="guessed")


PEOPLE = {
    "telegram": OnTelegram,
    "slack": OnSlack,
    "messenger": OnMessenger,
    "sms": OnSms,
    "whatsapp": OnWhatsapp,
    "email": ByEmail,
}
