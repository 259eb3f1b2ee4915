"""A conversation as a customer has it: in the browser, by typing and clicking, or with the keyboard alone."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image
from playwright.sync_api import Locator, Page, expect

NUMBER = re.compile(r"\b(?:RMA|DSP|TKT)-[0-9A-Z]{4}-[0-9A-Z]{3}-[0-9A-Z]{3}\b")
ANSWERS_WITHIN_MS = 90_000
"""A gateway that was killed has to come back first."""


@dataclass
class PageConversation:
    """Spoken with the mouse.

    `before_turn` is called with the number of the turn that comes, from 1; `under_way` with the same once it is sent.
    """

    page: Page
    before_turn: Callable[[int], None] = lambda _: None
    under_way: Callable[[int], None] = lambda _: None
    kept: dict[str, str] = field(default_factory=dict)
    _read: int = 0
    _turn: int = 0

    def says(self, text: str) -> None:
        self._before()
        self.write(text.format(**self.kept))
        self._until_answered()

    def chooses(self, label: str) -> None:
        self._before()
        self.press(self.page.get_by_role("log").get_by_role("button", name=label, exact=True).last)
        self._until_answered()

    def shows_picture(self, text: str) -> None:
        self._before()
        held = BytesIO()
        Image.effect_noise((900, 700), 60).convert("RGB").save(held, "JPEG")
        picture = {"name": "fault.jpg", "mimeType": "image/jpeg", "buffer": held.getvalue()}
        with self.page.expect_file_chooser() as chosen:
            self.press(self.page.get_by_role("button", name="Add pictures").first)
        chosen.value.set_files([picture])
        expect(self.page.get_by_role("img", name="fault.jpg")).to_be_visible()
        self.write(text)
        self._until_answered()

    def write(self, text: str) -> None:
        self.page.get_by_label("Your message").fill(text)
        self.page.get_by_role("button", name="Send", exact=True).click()

    def press(self, button: Locator) -> None:
        button.click()

    @property
    def text(self) -> str:
        return "\n".join(self._bubbles().all_inner_texts()[self._read :])

    def keep(self, name: str, source: str) -> None:
        found = NUMBER.findall(self.text)
        assert found, f"no number to keep in:\n{self.text}"
        self.kept[name] = found[0]

    def check_payloads(self, turn: dict[str, Any]) -> None:
        """The page shows people what it shows; payloads are checked over HTTP."""

    def _bubbles(self) -> Locator:
        return self.page.get_by_role("log").locator(".bot .said")

    def _before(self) -> None:
        self._turn += 1
        self.before_turn(self._turn)
        self._read = self._bubbles().count()

    def _until_answered(self) -> None:
        self.under_way(self._turn)
        expect(self._bubbles()).not_to_have_count(self._read, timeout=ANSWERS_WITHIN_MS)
        expect(self.page.locator(".typing")).to_have_count(0, timeout=ANSWERS_WITHIN_MS)


@dataclass
class KeyboardConversation(PageConversation):
    """Spoken without a mouse: the focus is where it has to be, and everything is reached by Tab."""

    def write(self, text: str) -> None:
        expect(self.page.get_by_label("Your message")).to_be_focused()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def press(self, button: Locator) -> None:
        for _ in range(20):
            self.page.keyboard.press("Shift+Tab")
            if button.evaluate("one => one.getRootNode().activeElement === one"):
                break
        expect(button).to_be_focused()
        self.page.keyboard.press("Enter")
