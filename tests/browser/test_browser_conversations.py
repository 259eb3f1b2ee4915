"""The four main conversations as a customer has them: on the page, in Chromium, with the whole system behind it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conversations.player import on_orders_of_its_own, play
from tests.conversations.scripts import main_scripts
from tests.running import ROOT, System

PICTURES = ROOT / "var" / "pictures"
NUMBER = re.compile(r"\b(?:RMA|DSP|TKT)-[0-9A-Z]{4}-[0-9A-Z]{3}-[0-9A-Z]{3}\b")
ANSWERS_WITHIN_MS = 30_000


@dataclass
class PageConversation:
    """Spoken on the page, by typing and clicking."""

    page: Page
    kept: dict[str, str] = field(default_factory=dict)
    _read: int = 0

    def says(self, text: str) -> None:
        self._before()
        self.page.get_by_label("Your message").fill(text.format(**self.kept))
        self.page.get_by_role("button", name="Send", exact=True).click()
        self._until_answered()

    def chooses(self, label: str) -> None:
        self._before()
        self.page.get_by_role("log").get_by_role("button", name=label, exact=True).last.click()
        self._until_answered()

    @property
    def text(self) -> str:
        return "\n".join(self._bubbles().all_inner_texts()[self._read :])

    def keep(self, name: str, source: str) -> None:
        found = NUMBER.findall(self.text)
        assert found, f"no number to keep in:\n{self.text}"
        self.kept[name] = found[0]

    def check_payloads(self, turn: dict[str, Any]) -> None:
        """The page shows people what it shows; payloads are checked over HTTP."""

    def _bubbles(self) -> Any:
        return self.page.get_by_role("log").locator(".from-bot .said")

    def _before(self) -> None:
        self._read = self._bubbles().count()

    def _until_answered(self) -> None:
        expect(self._bubbles()).not_to_have_count(self._read, timeout=ANSWERS_WITHIN_MS)
        expect(self.page.get_by_role("button", name="Send", exact=True)).to_be_enabled(timeout=ANSWERS_WITHIN_MS)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 480, "height": 1400}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("script", main_scripts())
def test_the_conversation_goes_as_written_on_the_page(script: dict[str, Any], system: System, page: Page) -> None:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def begin(_address: str) -> PageConversation:
        page.goto(f"{system.url}/?shop={script['shop']}")
        return PageConversation(page)

    play(on_orders_of_its_own(script, "9"), begin, system)
    _picture(page, script["shop"])
    assert complaints == []


def _picture(page: Page, name: str) -> None:
    """Kept for people to look at; the ones in the docs are made from these."""
    Path(PICTURES).mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
