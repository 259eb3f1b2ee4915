"""Several of an order's lines at once: "both", "the lamp and the mug", "the other one too"."""

import re
from collections.abc import Sequence

from .choosing import match_title, means_the_other_line, pick_line, title_words

_ALL = re.compile(
    r"\bboth\b(?=\W*$|\W*[,.!?]|\s+(?:please|from|back|came|arrived|were|for|because|in|at)\b"
    r"|\s+(?:of\s+)?(?:the\s+|my\s+)?(?:items|things|products|articles|pieces|them|these|those)\b)"
    r"|\ball (?:of (?:them|these|those|the items)|the items|items|things|two|three|four|five|\d)\b"
    r"|\b(?:every|each) (?:item|one of them|of them)\b"
    r"|\b(?:return|exchange|cancel|refund|replace|send)\s+(?:back\s+)?(?:everything|both|(?:them )?all|it all)\b"
    r"|\b(?:whole|entire|complete) order\b",
    re.I,
)
_ALL_WHEN_ASKED = re.compile(r"\b(?:all|both|everything|every|each)\b", re.I)
_NOTHING_ELSE = re.compile(
    r"^\W*(?:(?:no|sorry|actually|and|but|i|we|want|mean|meant|to|return|exchange|please|for)\W+)*"
    r"(?:both|all)(?:\W+(?:of|them|these|those|the|items|please|two|three))*\W*$",
    re.I,
)
_TOO = re.compile(
    r"\btoo\b(?=\W*(?:$|please|thanks|[,.!?;]))|\b(?:also|as well|same (?:for|with|goes for)|likewise)\b"
    r"|^\W*(?:and|plus)\b(?=\W+(?:\S+\s*){1,4}$)",
    re.I,
)
_JOINED = re.compile(r"\s*(?:,|;|&|\+|/|\band\b|\bplus\b|\bas well as\b)\s*", re.I)
_NOT_ALL = re.compile(r"\b(?:not|except|but|without|only|n't|instead)\b", re.I)


def pick_lines(text: str, titles: Sequence[str]) -> list[int]:
    """The lines, counted from 0, that the answer to "which item?" names; none where it names none for sure."""
    if _NOT_ALL.search(text) is None and (_ALL_WHEN_ASKED.search(text) or _ALL.search(text)):
        return _all(text, titles)
    if several := named_lines(text, titles):
        return several
    picked = pick_line(text, titles)
    return [] if picked is None else [picked]


def named_lines(text: str, titles: Sequence[str]) -> list[int]:
    """The lines that a sentence names where it names several; else none."""
    if _NOT_ALL.search(text):
        return []
    if _ALL.search(text):
        return _all(text, titles)
    found = [match_title(part, titles) for part in _JOINED.split(text)]
    named = list(dict.fromkeys(line for line in found if line is not None))
    return named if len(named) > 1 and all(_names(text, line, titles) for line in named) else []


def further_lines(text: str, titles: Sequence[str], line: int, waiting: Sequence[int]) -> list[int]:
    """The lines that words add to the one spoken of ("the other one too"), without it and those that wait already."""
    if len(titles) < 2:
        return []
    found = named_lines(text, titles) if _TOO.search(text) or _NOTHING_ELSE.match(text) else []
    if not found and _TOO.search(text):
        picked = match_title(text, titles)
        if picked is None and means_the_other_line(text) and len(titles) == 2:
            picked = 1 - line
        found = [] if picked is None else [picked]
    return [each for each in found if each != line and each not in waiting]


def _all(text: str, titles: Sequence[str]) -> list[int]:
    """Two are both; of more, "both" could be any two."""
    count = 2 if re.search(r"\bboth\b|\btwo\b", text, re.I) else len(titles)
    return list(range(len(titles))) if count == len(titles) else []


def _names(text: str, line: int, titles: Sequence[str]) -> bool:
    """Whether a word of the text stands in this title and in no other."""
    others = {word for position, title in enumerate(titles) if position != line for word in title_words(title)}
    return bool(title_words(text) & title_words(titles[line]) - others)
