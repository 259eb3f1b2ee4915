"""What waits its turn: the further requests of a message and the further lines of a matter, one after the other."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_REFERS_BACK = re.compile(r"\b(?:it|its|this|that|them|those|these)\b", re.I)
_ADDS = re.compile(
    r"^\W*(?:(?:oh|and|ok|btw|by the way)\b\W*)*(?:also|plus|besides|another (?:thing|question)|one (?:more|other) "
    r"(?:thing|question))\b|\b(?:also|as well|too)\W*$",
    re.I,
)
LONGEST_QUOTE = 160
NO_LINES = frozenset({"human_handoff"})
"""Goals that are done once, however many items they are about."""


@dataclass(frozen=True, slots=True)
class Request:
    """Something a message asks for: an intent, in these words, with the (label, value) pairs found in them."""

    goal: str
    text: str
    spans: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_slot(cls, kept: Mapping[str, Any]) -> "Request":
        return cls(kept["goal"], kept["text"], tuple((label, value) for label, value in kept["spans"]))

    def as_slot(self) -> dict[str, Any]:
        """As a slot keeps it: JSON."""
        return {"goal": self.goal, "text": self.text, "spans": [list(span) for span in self.spans]}

    @property
    def quote(self) -> str:
        """Its words on one line, shortened where they are many."""
        text = " ".join(self.text.split())
        return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"


def waiting(slots: Mapping[str, Any]) -> list[Request]:
    """The requests that wait, the next one first."""
    return [Request.from_slot(each) for each in slots.get("later") or ()]


def queued(slots: Mapping[str, Any], requests: Iterable[Request]) -> list[dict[str, Any]]:
    """The slot `later` with `requests` at its end; one that waits already is not added again."""
    found = waiting(slots)
    found += [each for each in dict.fromkeys(requests) if each not in found]
    return [each.as_slot() for each in found]


def something_waits(slots: Mapping[str, Any]) -> bool:
    """Whether another line or another request comes after the matter."""
    return bool(_further_lines(slots) or slots.get("later"))


def next_line(slots: Mapping[str, Any], matter_slots: Iterable[str]) -> dict[str, Any] | None:
    """The slots of the same matter for its next line, of which only wish and reason are known; None: no line waits.

    `matter_slots`: all that belong to one matter. The reason was told of another line, so it counts as heard in passing
    (`premises.TAKEN`): it is said back with the verdict.
    """
    lines = _further_lines(slots)
    if not lines:
        return None
    kept = {name: slots.get(name) for name in ("goal", "opening", "reason")}
    kept["taken"] = ["reason"] if kept["reason"] is not None else None
    return dict.fromkeys(matter_slots) | kept | {"line": lines[0], "lines": lines[1:] or None}


def refers_back(text: str) -> bool:
    """Whether a request is about the item spoken of before it: "and send me an invoice for it"."""
    return bool(_REFERS_BACK.search(text))


def adds_a_request(text: str) -> bool:
    """Whether the words say that this comes beside what is open, not in its place."""
    return bool(_ADDS.search(text))


def _further_lines(slots: Mapping[str, Any]) -> list[int]:
    return [] if slots.get("goal") in NO_LINES else list(slots.get("lines") or ())
