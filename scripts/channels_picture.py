"""Paints docs/images/channels.webp from a running demo: python -m scripts.channels_picture http://localhost:8000

One verdict in the shape of each channel. The replies are those a customer of the demo reads; what becomes of them on
a channel, its own shape says.
"""

from __future__ import annotations

import html
import io
import sys
import tempfile
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
from casework.words import Words
from gateway.channels import email, messenger, slack, telegram, twilio
from gateway.channels.accounts import QUICK_REPLIES
from gateway.channels.brief import in_few_words
from gateway.channels.shapes import Choice, Part, Said, Shape, parts
from PIL import Image
from playwright.sync_api import sync_playwright

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "images" / "channels.webp"
CHROMIUM = "/usr/bin/chromium"
SHOP = "harborlane"
SAYS = ("What came is not as described: order 8127-4410-7902", "luis.ortega@example.org")
CHANNELS: tuple[tuple[str, Shape], ...] = (
    ("Telegram", telegram.SHAPE),
    ("Slack", slack.SHAPE),
    ("Messenger", messenger.SHAPE),
    ("WhatsApp", twilio.whatsapp(frozenset(QUICK_REPLIES))),
    ("SMS", twilio.SMS),
    ("E-mail", email.SHAPE),
)
STYLE = """
body { margin: 0; padding: 24px; font: 14px/1.45 system-ui, sans-serif; color: #16211f; background: #e9eeec; }
main { display: grid; grid-template-columns: repeat(3, 1fr); gap: 20px; align-items: start; }
section { background: #fff; border-radius: 14px; padding: 14px; }
h2 { font-size: 15px; margin: 0 0 10px; color: #0b6355; }
p { white-space: pre-line; margin: 0 0 8px; padding: 10px 12px; border-radius: 12px; background: #f1f5f4; }
div { display: flex; gap: 8px; flex-wrap: wrap; }
span { border: 1px solid #0b6355; border-radius: 999px; padding: 4px 14px; color: #0b6355; font-weight: 600; }
"""


def replies(base: str) -> list[dict[str, Any]]:
    """What the demo answers last, as docs/http.md describes it."""
    with httpx.Client(base_url=base, timeout=60) as client:
        token = client.post("/api/v1/sessions", json={"shop": SHOP}).raise_for_status().json()["token"]
        answer: dict[str, Any] = {}
        for text in SAYS:
            body = {"client_id": uuid.uuid4().hex, "text": text}
            called = client.post("/api/v1/messages", json=body, headers={"Authorization": f"Bearer {token}"})
            answer = called.raise_for_status().json()
    return list(answer["replies"])


def said(told: Sequence[dict[str, Any]], shape: Shape) -> list[Said]:
    """The same for a channel: choices are numbered through the turn, and where words cost they are few."""
    found, first = [], 1
    for reply in told:
        choices = tuple(Choice(each["label"], each["id"]) for each in reply["choices"])
        found.append(Said(reply["text"], choices, first))
        first += len(choices)
    return in_few_words(found, [reply["custom"] for reply in told], shape, Words.load())


def panel(name: str, messages: Sequence[Part]) -> str:
    """A channel's messages with their buttons."""
    shown = []
    for each in messages:
        buttons = "".join(f"<span>{html.escape(button.label)}</span>" for button in each.buttons)
        # Slack's texts are written as its markup already.
        text = html.escape(html.unescape(each.text))
        shown.append(f"<p>{text}</p>" + (f"<div>{buttons}</div>" if buttons else ""))
    return f"<section><h2>{html.escape(name)}</h2>{''.join(shown)}</section>"


def main(base: str) -> None:
    """Asks, shapes and paints."""
    told = replies(base)
    panels = "".join(panel(name, parts(shape, said(told, shape))) for name, shape in CHANNELS)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = Path(folder) / "channels.html"
        page_file.write_text(f"<meta charset=utf-8><style>{STYLE}</style><main>{panels}</main>", encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1200, "height": 400})
        page.goto(page_file.as_uri())
        painted = page.screenshot(full_page=True)
        browser.close()
    Image.open(io.BytesIO(painted)).convert("RGB").save(PICTURE, quality=82)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Say where the demo runs: python -m scripts.channels_picture http://localhost:8000")
    main(sys.argv[1])
