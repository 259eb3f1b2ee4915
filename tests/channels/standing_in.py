"""Stand-ins for the providers: HTTP servers that take what their documentation says, and refuse everything else."""

import base64
import json
import re
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit


class WrongCallError(Exception):
    """Something a real provider would refuse."""


class Provider:
    """`sent` holds every message it took, in order; `failures` are answered first, as (status, headers, body)."""

    def __init__(self):
        self.sent = []
        self.failures = []
        self.files = {}
        self.called = []
        self.wrong = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self.handle_call(b"")

            def do_POST(self):
                self.handle_call(self.rfile.read(int(self.headers.get("Content-Length", 0))))

            def handle_call(self, body):
                provider.called.append(self.path)
                try:
                    status, headers, answer = provider.answer(self.command, self.path, self.headers, body)
                except WrongCallError as error:
                    provider.wrong.append(str(error))
                    status, headers, answer = 400, {}, {"description": str(error)}
                raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                with suppress(ConnectionError):
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(raw)))
                    self.end_headers()
                    self.wfile.write(raw)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self, method, path, headers, body):
        sending = method == "POST" and self.is_sending(path)
        if sending and self.failures:
            return self.failures.pop(0)
        return self.take(path, headers, body) if sending else self.other(path, headers, body)

    def other(self, path, headers, body):
        raise WrongCallError(f"nothing at {urlsplit(path).path}")

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def demand(condition, why):
    if not condition:
        raise WrongCallError(why)


class TelegramStandIn(Provider):
    TOKEN = "4242:only-for-these-tests"

    def is_sending(self, path):
        return path.endswith("/sendMessage")

    def take(self, path, headers, body):
        demand(path == f"/bot{self.TOKEN}/sendMessage", "another bot's token")
        told = json.loads(body)
        demand(isinstance(told["chat_id"], int), "chat_id")
        demand(1 <= len(told["text"].encode("utf-16-le")) // 2 <= 4096, "text has 1 to 4096 characters")
        rows = told.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = [button for row in rows for button in row]
        demand(all(1 <= len(button["callback_data"].encode()) <= 64 for button in buttons), "callback_data")
        demand(all(button["text"] for button in buttons), "a button without a text")
        self.sent.append(
            (str(told["chat_id"]), told["text"], {each["text"]: each["callback_data"] for each in buttons})
        )
        return 200, {}, {"ok": True, "result": {"message_id": len(self.sent), "reply_markup": told.get("reply_markup")}}

    def other(self, path, headers, body):
        if path.endswith("/getMe"):
            return (200, {}, {"ok": True}) if self.TOKEN in path else (401, {}, {"ok": False})
        if path == f"/bot{self.TOKEN}/getFile":
            file_id = json.loads(body)["file_id"]
            return 200, {}, {"ok": True, "result": {"file_id": file_id, "file_path": f"photos/{file_id}.jpg"}}
        found = re.fullmatch(rf"/file/bot{self.TOKEN}/photos/(.+)\.jpg", path)
        demand(found, "no such file")
        return 200, {}, self.files[found[1]]


class SlackStandIn(Provider):
    TOKEN = "xoxb-only-for-these-tests"

    def is_sending(self, path):
        return path == "/chat.postMessage"

    def take(self, path, headers, body):
        demand(headers["Authorization"] == f"Bearer {self.TOKEN}", "not_authed")
        demand(headers["Content-Type"].startswith("application/json"), "not JSON")
        told = json.loads(body)
        demand(told["channel"].startswith("D"), "channel_not_found")
        demand(0 < len(told["text"]) <= 4000, "text")
        buttons = {}
        for block in told.get("blocks", []):
            if block["type"] == "section":
                demand(0 < len(block["text"]["text"]) <= 3000, "a section has up to 3000 characters")
            else:
                demand(block["type"] == "actions" and 0 < len(block["elements"]) <= 25, "actions: up to 25 elements")
                actions = [each["action_id"] for each in block["elements"]]
                demand(len(actions) == len(set(actions)), "action_id twice")
                for each in block["elements"]:
                    demand(0 < len(each["text"]["text"]) <= 75 and each["text"]["type"] == "plain_text", "button")
                    demand(len(each["value"]) <= 2000, "value")
                    buttons[each["text"]["text"]] = each["value"]
        text = told["text"].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        self.sent.append((told["channel"], text, buttons))
        return 200, {}, {"ok": True, "ts": f"1700000000.{len(self.sent):06}"}

    def other(self, path, headers, body):
        demand(headers["Authorization"] == f"Bearer {self.TOKEN}", "a file is private")
        return 200, {}, self.files[path.removeprefix("/files-pri/")]


class MessengerStandIn(Provider):
    TOKEN = "a-page-token-for-these-tests"

    def is_sending(self, path):
        return urlsplit(path).path == "/me/messages"

    def take(self, path, headers, body):
        demand(headers["Authorization"] == f"Bearer {self.TOKEN}", "token")
        told = json.loads(body)
        demand(told["messaging_type"] in ("RESPONSE", "UPDATE"), "messaging_type")
        message = told["message"]
        demand(0 < len(message["text"]) <= 2000, "text has up to 2000 characters")
        replies = message.get("quick_replies", [])
        demand(len(replies) <= 13, "up to 13 quick replies")
        demand(all(0 < len(each["title"]) <= 20 and each["content_type"] == "text" for each in replies), "title")
        demand(all(0 < len(each["payload"]) <= 1000 for each in replies), "payload")
        person = told["recipient"]["id"]
        self.sent.append((person, message["text"], {each["title"]: each["payload"] for each in replies}))
        return 200, {}, {"recipient_id": person, "message_id": f"m_{len(self.sent)}"}

    def other(self, path, headers, body):
        return 200, {}, self.files[path.removeprefix("/attachments/")]


class TwilioStandIn(Provider):
    QUICK_REPLIES: ClassVar = {count: "HX" + str(count) * 32 for count in (1, 2, 3)}
    SID = "AC" + "0" * 32
    TOKEN = "a-twilio-token-for-these-tests"

    @property
    def proof(self):
        return "Basic " + base64.b64encode(f"{self.SID}:{self.TOKEN}".encode()).decode()

    def is_sending(self, path):
        return path == f"/2010-04-01/Accounts/{self.SID}/Messages.json"

    def take(self, path, headers, body):
        demand(headers["Authorization"] == self.proof, "credentials")
        told = {name: values[0] for name, values in parse_qs(body.decode(), strict_parsing=True).items()}
        demand(re.fullmatch(r"(whatsapp:)?\+\d{6,15}", told["To"]), "To")
        demand(told["From"].startswith("whatsapp:") == told["To"].startswith("whatsapp:"), "another channel")
        buttons = {}
        count = next((each for each, sid in self.QUICK_REPLIES.items() if sid == told.get("ContentSid")), None)
        if count is not None:
            demand("Body" not in told and told["To"].startswith("whatsapp:"), "quick replies")
            values = json.loads(told["ContentVariables"])
            demand(list(values) == [str(each) for each in range(1, 2 * count + 2)], "every variable, and no other")
            demand(all(value and "\n" not in value for value in values.values()), "a variable holds no line break")
            text, *pairs = values.values()
            demand(len(text) <= 1024, "the text above quick replies has up to 1024 characters")
            buttons = dict(zip(pairs[::2], pairs[1::2], strict=True))
            demand(len(buttons) == count, "two buttons of the same title")
            demand(all(len(title) <= 20 and len(payload) <= 200 for title, payload in buttons.items()), "a button")
        elif "ContentSid" in told:
            demand("Body" not in told and re.fullmatch("HX[0-9a-f]{32}", told["ContentSid"]), "ContentSid")
            text = f"template {told['ContentSid']}: {json.loads(told['ContentVariables'])['1']}"
        else:
            text = told["Body"]
            demand(1 <= len(text) <= 1600, "Body has up to 1600 characters")
        self.sent.append((told["To"].removeprefix("whatsapp:"), text, buttons))
        return 201, {}, {"sid": f"SM{len(self.sent):032}", "status": "queued"}

    def other(self, path, headers, body):
        demand(headers["Authorization"] == self.proof, "media need the account's proof")
        return 200, {}, self.files[path.rpartition("/")[2]]
