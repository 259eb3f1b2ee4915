"""The customer's identity, proven from what was heard: here, and nowhere else."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .choosing import match_title, named_line
from .goals import GOALS
from .heard import Heard
from .identity import Asker, Refusal, identify
from .lines import named_lines
from .matter_slots import IDENTITY_SLOTS
from .reading import Reading

_PAIR = ("order_number", "contact")


def prove_identity(
    reading: Reading, heard: Heard, known: Mapping[str, Any], asker: Asker, now: datetime, still_theirs: bool
) -> None:
    """Prove a new pair, or again one that no longer holds (`still_theirs`: the order could be read just now)."""
    _complete_refused(heard, known)
    now_known = {**known, **heard.updates}
    number, contact = now_known.get("order_number"), now_known.get("contact")
    if not heard.updates or number is None or (contact is None and asker.email is None):
        return
    if now_known.get("verified_order") == number and "contact" not in heard.updates and still_theirs:
        return
    reading.pause()
    with reading.database.write() as session:
        found = identify(session, asker, number, contact, now)
        if isinstance(found, Refusal):
            heard.updates |= dict.fromkeys((*IDENTITY_SLOTS, "rma"))
            heard.updates["refused"] = {"order_number": number, "contact": contact}
            if found is Refusal.WAIT:
                heard.updates["blocked"] = True
            else:
                heard.remarks.append("no_match")
            return
        heard.updates |= {"order_number": found.number, "verified_order": found.number, "refused": None}
        titles = [line.title for line in found.lines]
    if now_known.get("line") is None and len(titles) > 1:
        opening = now_known.get("opening") or ""
        product = now_known.get("named_product")
        if several := named_lines(opening, titles):
            heard.updates |= {"line": several[0], "lines": several[1:]}
            return
        picked = named_line([product] if product else [], titles)
        if picked is None:
            picked = match_title(opening, titles)
        if picked is not None:
            heard.updates["line"] = picked


def _complete_refused(heard: Heard, known: Mapping[str, Any]) -> None:
    """After a pair that matched no order only the wrong part has to be told anew; the other one is still in hand.

    Which one was wrong is never told: who gives a part as it was is asked for the other, and nothing is tried.
    """
    goal = GOALS.get({**known, **heard.updates}.get("goal") or "")
    refused = (known.get("refused") or {}) if goal is None or goal.needs_order else {}
    given = next((name for name in _PAIR if heard.updates.get(name) is not None), None)
    if given is None or refused.get(given) is None:
        return
    other = _PAIR[1 - _PAIR.index(given)]
    in_hand = known.get(other) is not None or heard.updates.get(other) is not None
    if not in_hand and not _alike(heard.updates[given], refused[given]):
        heard.updates[other] = refused.get(other)


def _alike(one: str, other: str) -> bool:
    return re.sub(r"[\W_]", "", one).casefold() == re.sub(r"[\W_]", "", other).casefold()
