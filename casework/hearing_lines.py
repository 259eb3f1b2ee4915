"""Which of the order's items a message is about, and how many pieces of it."""

from collections.abc import Mapping
from typing import Any

from .choosing import match_title, means_the_other_line, named_line, takes_back
from .goals import GOALS
from .hearing_answers import SURE
from .lines import further_lines, named_lines
from .messages import Message, Setting


def line_meant(message: Message, slots: Mapping[str, Any], setting: Setting, corrects: bool) -> dict[str, Any]:
    known, titles, waiting = slots.get("line"), setting.line_titles, list(slots.get("lines") or ())
    products = message.values("product")
    if not titles and known is None and len(products) == 1 and products[0] != slots.get("named_product"):
        return {"named_product": products[0]}  # whether it is among the order's lines is seen once the order is theirs
    if setting.requested == "line" or len(titles) < 2:
        return {}
    new_goal = message.intent in GOALS and message.intent != slots.get("goal")
    wants_something_else = new_goal and message.confidence >= SURE
    if known is None:
        several = named_lines(message.text, titles)
        if several:
            return {"line": several[0], "lines": several[1:], "remedy": None, "confirm": None}
    elif not wants_something_else and (further := further_lines(message.text, titles, int(known), waiting)):
        return {"lines": [*waiting, *further]}
    elif not corrects and not takes_back(message.text):
        return {}
    picked = named_line(products, titles)
    if picked is None:
        picked = match_title(message.text, titles)
    if picked is not None and (corrects or picked != known):
        return {"line": picked, "remedy": None, "confirm": None}
    if known is None or not corrects or not means_the_other_line(message.text):
        return {}
    return {"line": 1 - int(known) if len(titles) == 2 else None, "remedy": None, "confirm": None}


def pieces_meant(message: Message, slots: Mapping[str, Any]) -> dict[str, Any]:
    """How many pieces are meant, where one number is told; whether the line has so many is seen at the order."""
    told = message.values("quantity")
    if len(told) != 1 or not told[0].isdecimal() or int(told[0]) in (0, slots.get("pieces")):
        return {}
    return {"pieces": int(told[0])}
