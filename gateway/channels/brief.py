"""A verdict in few words, where every text message costs: what it is, until when, who pays and by which clause.

The reasons in words are left out, and sent to whoever answers MORE; what is asked, and its choices, never are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from casework.words import Words
from gateway.channels.shapes import Said, Shape, parts

MOST_SEGMENTS = 3
"""Text messages a turn may cost before it is said in few words."""

MORE = re.compile(r"\W*(?:more|why)\W*", re.I)
"""What a customer answers who wants the reasons in words."""

_CLAUSES_ALONE = re.compile(r"\n(?=\([A-Z]{2}-[A-Z0-9, -]+\)$)", re.M)
_OPEN = ("eligible", "eligible_after_inspection")

Payload = Mapping[str, Any] | None
"""A reply's half for machines."""


def is_verdict(custom: Payload) -> bool:
    return custom is not None and custom.get("kind") == "verdict"


def in_few_words(said: Sequence[Said], payloads: Sequence[Payload], shape: Shape, words: Words) -> list[Said]:
    """The replies as they are where that costs little; else the longest of their shorter wordings that does."""
    found = list(said)
    if shape.costs is None or not any(is_verdict(custom) for custom in payloads):
        return found
    for texts in _shorter([each.text for each in said], payloads, words):
        if sum(shape.costs(part.text) for part in parts(shape, found)) <= MOST_SEGMENTS:
            break
        found = [replace(each, text=text) for each, text in zip(said, texts, strict=True)]
    return found


def _shorter(texts: Sequence[str], payloads: Sequence[Payload], words: Words) -> list[list[str]]:
    """The texts, shorter and shorter."""
    once = _said_once(texts)
    shorter = [once]
    for wholly in (False, True):
        cut = [_by_clause(text, custom, words, wholly) for text, custom in zip(once, payloads, strict=True)]
        shorter.append([_with_more(text, before, words) for text, before in zip(cut, once, strict=True)])
    return shorter


def _said_once(texts: Sequence[str]) -> list[str]:
    """Without the lines that are said again with the question."""
    kept = []
    for place, text in enumerate(texts):
        later = "\n".join(texts[place + 1 :])
        kept.append("\n".join(line for line in text.split("\n") if line not in later))
    return kept


def _by_clause(text: str, custom: Payload, words: Words, wholly: bool) -> str:
    """The reasons by their clauses alone: those of what is open, and `wholly` those of what is not as well.

    `wholly` also leaves out what comes after a yes, and says shorter what was understood.
    """
    if custom is None or not is_verdict(custom):
        return text
    for remedy in custom.get("remedies") or ():
        if wholly or remedy.get("outcome") in _OPEN:
            for reason in remedy.get("reasons") or ():
                text = text.replace(f"{words('reason_' + str(reason['code']))} (", "(")
            if wholly and remedy.get("next_step"):
                text = text.replace(f"\n{words('next_' + str(remedy['next_step']))}", "")
    text = _CLAUSES_ALONE.sub(" ", text)
    return _what_it_rests_on(text, words) if wholly else text


def _what_it_rests_on(text: str, words: Words) -> str:
    before, after = words("rests_on", facts="\0").split("\0")
    lines = text.split("\n")
    for place, line in enumerate(lines):
        if line.startswith(before) and line.endswith(after):
            lines[place] = words("channel_rests_on", facts=line[len(before) : -len(after)])
    return "\n".join(lines)


def _with_more(text: str, before: str, words: Words) -> str:
    return text if text == before else f"{text}\n{words('channel_more')}"
