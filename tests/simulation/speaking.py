"""How a customer gets something across: typed with slips of the finger, or by a button."""

import random
from collections.abc import Callable
from typing import Any

from casework.words import Words
from tests.chaos.chat import Chat
from tests.simulation.personas import Persona
from tests.simulation.talk import Row, Talk, Turn
from tests.simulation.voices import Voices, with_slips


class Speaker:
    """One customer's side of a chat, written down as a talk. `rows` reads what the store holds of the order's lines."""

    def __init__(
        self, persona: Persona, voices: Voices, words: Words, chat: Chat, rows: Callable[[], tuple[Row, ...]]
    ) -> None:
        self.talk = Talk(persona.name)
        self._persona = persona
        self._voices = voices
        self._words = words
        self._chat = chat
        self._rows = rows
        self._rng = random.Random(persona.seed)
        self._said_number = self._said_email = persona.vouched_for is not None
        self._wrong_number = persona.temper.wrong_number
        self._wrong_item = persona.temper.wrong_item and len(persona.bought.titles) > 1
        self._item_to_correct = self._number_to_correct = self._is_reserved = False

    @property
    def _last(self) -> Turn:
        return self.talk.turns[-1]

    def _pick(self, ways: Any) -> str:
        return str(self._rng.choice(list(ways)))

    def _offered(self) -> dict[str, str]:
        return {choice["label"]: choice["id"] for reply in self._last.replies for choice in reply["choices"]}

    def _press_or(self, label: str, said: str, question: str, **meant: Any) -> None:
        """Presses the button, where there is one and this customer presses buttons or has typed in vain, else types."""
        in_vain = sum(turn.answers == question for turn in self.talk.turns) > 1
        if label in self._offered() and (in_vain or self._rng.random() < self._persona.temper.presses):
            self._press(self._offered()[label], question, **meant)
        else:
            self._say(said, question, **meant)

    def _press(self, choice: str, question: str | None, **meant: Any) -> None:
        label = next(label for label, offered in self._offered().items() if offered == choice)
        self._keep(f"[{label}]", self._chat.presses(choice).replies, question, **meant)

    def _say(self, text: str, question: str | None, **meant: Any) -> None:
        said = with_slips(text, self._persona.temper.slips, self._rng)
        self._said_number |= self._persona.number in said
        self._said_email |= self._persona.email in said
        self._keep(said, self._chat.says(said).replies, question, **meant)

    def _keep(self, said: str, replies: list[dict[str, Any]], question: str | None, **meant: Any) -> None:
        proven = self._said_number and self._said_email
        self.talk.turns.append(Turn(said, replies, self._rows(), question, proven, **meant))
