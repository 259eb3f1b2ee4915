"""Taking a message apart where another request may begin; whether one does begin is heard elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

FEWEST_WORDS = 3
"""What is shorter belongs to its neighbour, but for a yes or no at the beginning."""
MOST_PIECES = 8

_ADDED = (
    r"also|plus|besides|additionally|furthermore|moreover|secondly|by\sthe\sway|btw|while\s(?:i\sam|i'm|im)\sat\sit|"
    r"another\s(?:thing|question)|one\s(?:more|other)\s(?:thing|question)|the\sother\sthing"
)
# What leads up to a joint is bounded: of a thousand blanks, each would be looked at from each of those before it.
_JOINT = re.compile(
    rf"""
    (?: (?<=[.!?;\u2026]) \s+ | \s{{0,20}}\n\s* | \s{{0,20}};\s* )                  # a sentence ends
      (?: (?:oh|ok|and|also|then|so|but|&|{_ADDED}) \b [\s,:]* )*
    | [\s,\u2013\u2014-]{{1,20}} (?: (?:and|&|but|then|{_ADDED}) (?!\w) [\s,:]* )+  # another thought is joined on
    | , \s+ (?= (?:where|when|what|how|who|why|can|could|do|does|did|is|are|will|would|please|i) \b )
    """,
    re.I | re.X,
)
_ADDS = re.compile(rf"\b(?:{_ADDED})\b", re.I)
_ANSWER = re.compile(r"\W*(?:yes|yeah|yep|yup|no|nope|ok|okay|sure|correct|right)\W*$", re.I)
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")


@dataclass(frozen=True)
class Piece:
    """text[start:end] of a message. `added`: the customer says that it is something more ("and also")."""

    text: str
    start: int
    end: int
    added: bool


def pieces_of(text: str) -> list[Piece]:
    """The pieces of `text`, in order; a message with nothing to take apart is one piece."""
    cuts = [0]
    starts = [0]
    for joint in _JOINT.finditer(text):
        before, after = text[starts[-1] : joint.start()], text[joint.end() :]
        if len(starts) == MOST_PIECES or not _stands_alone(after):
            break
        is_answer = len(starts) == 1 and _ANSWER.match(before)
        if not (is_answer or _stands_alone(before)):
            continue
        cuts.append(joint.start())
        starts.append(joint.end())
    ends = [*cuts[1:], len(text)]
    return [
        Piece(text[start:end], start, end, _says_more(text[cut:start], text[start:end]))
        for cut, start, end in zip(cuts, starts, ends, strict=True)
    ]


def _says_more(joint: str, text: str) -> bool:
    return bool(_ADDS.search(joint) or _ADDS.match(text) or re.search(r"\b(?:also|as well|too)\W*$", text, re.I))


def _stands_alone(text: str) -> bool:
    return sum(1 for _ in islice(_WORD.finditer(text), FEWEST_WORDS)) == FEWEST_WORDS
