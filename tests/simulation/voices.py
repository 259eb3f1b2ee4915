"""How customers put things: sentences by what they are about (voices.yml), with slips of the finger put in."""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parent / "voices.yml"
_KEYS = {True: "true", False: "false"}
_PROTECTED = re.compile(r"[\d@]")
_WORD = re.compile(r"[^\W\d_]{5,}")


@dataclass(frozen=True)
class Voices:
    """Sentences by kind; an `answers` entry is a list, or lists by what is answered ("true", "false", "none")."""

    openings: Mapping[str, Sequence[str]]
    answers: Mapping[str, Any]
    reasons: Mapping[str, Sequence[str]]
    remedies: Mapping[str, Sequence[str]]
    corrections: Mapping[str, Sequence[str]]
    seconds: Mapping[str, Sequence[str]]
    plain: Mapping[str, Sequence[str]]
    """Those that need no more than a name: yes, reserved, no, dont_know, thanks, greetings, person, sent_back, …"""

    @classmethod
    def load(cls, path: Path = FILE) -> "Voices":
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert isinstance(told, dict), path
        return cls(
            openings=told["openings"],
            answers={
                asked: {_KEYS.get(value, str(value)): said for value, said in given.items()}
                if isinstance(given, Mapping)
                else given
                for asked, given in told["answers"].items()
            },
            reasons=told["reasons"],
            remedies=told["remedies"],
            corrections=told["corrections"],
            seconds=told["seconds"],
            plain={name: said for name, said in told.items() if isinstance(said, list)},
        )

    def to_open(self, goal: str, wish: str | None) -> Sequence[str]:
        """Ways to begin with a goal; who wants something of their data begins with that."""
        return self.openings.get(f"privacy_{wish}" if wish is not None else goal) or self.plain["person"]

    def to(self, asked: str, value: object = None) -> Sequence[str]:
        """Ways to answer the question for `asked`, with `value` where it is one of a few."""
        given = self.answers[asked]
        if isinstance(given, Mapping):
            found: Sequence[str] = given[_KEYS.get(value, str(value)) if isinstance(value, bool) else str(value)]
            return found
        return list(given)


def with_slips(text: str, share: float, rng: random.Random) -> str:
    """`text` with that share of its longer words mistyped: two letters swapped, one lost or one doubled.

    Numbers and addresses are left alone, for people look at those twice.
    """
    return " ".join(_slipped(word, rng) if rng.random() < share else word for word in text.split(" "))


def _slipped(word: str, rng: random.Random) -> str:
    found = None if _PROTECTED.search(word) else _WORD.search(word)
    if found is None:
        return word
    at = rng.randrange(found.start() + 1, found.end() - 1)
    slip = rng.choice(("swap", "lose", "double"))
    if slip == "swap":
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at + 1 :] if slip == "lose" else word[:at] + word[at] + word[at:]


def day_as_said(day: date, today: date, rng: random.Random) -> str:
    """A day as people name it, in words that mean one day only."""
    ago = (today - day).days
    ways = [f"on {day.day} {day:%B %Y}", f"on {day:%B} {day.day}, {day.year}", f"on the {day.day}. {day:%B} {day.year}"]
    near = {0: ["today"], 1: ["yesterday"], 7: ["a week ago"], 14: ["two weeks ago"]}.get(ago, [])
    if 2 <= ago <= 20:
        near.append(f"{ago} days ago")
    return rng.choice(near if near and rng.random() < 0.5 else ways)
