"""One meaning, each channel's shape: replies as the messages a channel can show.

Choices are buttons where a channel has them and they fit, else numbered lines; a number typed while that question is
open is the choice. What is said is never cut off: what is too long for one message goes on in the next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True)
class Choice:
    """What is read, and what the press of its button tells us."""

    label: str
    payload: str


@dataclass(frozen=True)
class Said:
    """One reply: text (links among it), and choices, the first of which is number `first` of its turn."""

    text: str
    choices: tuple[Choice, ...] = ()
    first: int = 1


@dataclass(frozen=True)
class Shape:
    """What one message of a channel holds.

    `longest` is in what `measured` counts, characters unless told. `buttons` is how many it may have (0: none),
    `counts` which numbers of them where not every one will do; each has a label of at most `longest_label`
    characters, and the text above them at most `longest_with_buttons` where that is less. `joined`: all replies of
    a turn are one message. `window` is how long after the customer's last message we may write of our own accord;
    None: at any time. `costs`: how much a message of a text costs, where what is long is said in few words.
    """

    longest: int
    buttons: int = 0
    longest_label: int = 0
    joined: bool = False
    window: timedelta | None = None
    written: Callable[[str], str] = field(default=lambda text: text)
    measured: Callable[[str], int] = len
    costs: Callable[[str], int] | None = None
    longest_with_buttons: int | None = None
    counts: frozenset[int] | None = None

    def has_buttons_for(self, choices: Sequence[Choice]) -> bool:
        labels = [each.label for each in choices]
        return (
            0 < len(labels) <= self.buttons
            and (self.counts is None or len(labels) in self.counts)
            and all(0 < len(label) <= self.longest_label for label in labels)
            and len(set(labels)) == len(labels)
        )


@dataclass(frozen=True)
class Part:
    """One message to a provider. `template` is what stands for it where only what was approved may be sent."""

    text: str
    buttons: tuple[Choice, ...] = ()
    template: tuple[str, str] | None = None


def parts(shape: Shape, said: Sequence[Said]) -> list[Part]:
    """The messages that say `said` in this shape; none where nothing is said."""
    found: list[Part] = []
    waiting: list[str] = []
    for each in said:
        fits = shape.has_buttons_for(each.choices)
        if fits:
            # What is said before stands by itself, so that the buttons are under their question.
            found += _messages(shape, waiting)
            found += _messages(shape, [each.text], each.choices)
            waiting = []
        else:
            waiting.append(_with_numbers(each))
        if not shape.joined:
            found += _messages(shape, waiting)
            waiting = []
    return found + _messages(shape, waiting)


def _messages(shape: Shape, texts: Sequence[str], choices: tuple[Choice, ...] = ()) -> list[Part]:
    longest = shape.longest_with_buttons or shape.longest if choices else shape.longest
    cut = pieces(shape.written("\n\n".join(filter(None, texts))), longest, shape.measured)
    if choices and not cut:
        cut = ["…"]
    return [*(Part(piece) for piece in cut[:-1]), *(Part(piece, choices) for piece in cut[-1:])]


def told_by_number(labels: Sequence[str]) -> bool:
    """Whether choices of these labels can be; not where one is a number itself."""
    return not any(label.strip().isdigit() for label in labels)


def _with_numbers(said: Said) -> str:
    labels = [each.label for each in said.choices]
    by_number = told_by_number(labels)
    lines = [f"{place if by_number else '-'} {label}" for place, label in enumerate(labels, start=said.first)]
    return "\n".join(filter(None, [said.text, *lines]))


def pieces(text: str, longest: int, measured: Callable[[str], int] = len) -> list[str]:
    """`text` in pieces of at most `longest`, as `measured`, cut where a line, a sentence or a word ends."""
    rest, found = text.strip(), []
    while measured(rest[: longest + 1]) > longest:
        most = longest
        while (over := measured(rest[:most]) - longest) > 0:
            most -= -(-over // 2)
        window = rest[: most + 1]
        cut = next((at for mark in ("\n", ". ", " ") if (at := window.rfind(mark)) > most // 2), most - 1)
        cut = min(cut + 1, most)
        found.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [*found, rest] if rest else found
