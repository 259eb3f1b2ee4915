"""A settled matter taken up again for what was meant: "sorry, I meant the other one", "no, order 10483"."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from order_store import order_key

from .cases import shop_zone
from .choosing import takes_back
from .dossier import Dossier
from .goals import GO_ON, GOALS
from .hearing_lines import line_meant
from .identity import Asker
from .matter_slots import MATTER_SLOTS
from .messages import Message, Setting

STAYS = ("goal", "opening", "reason")
"""What is about the customer and not about the item: it holds for the one that was meant as well."""
_PUT_RIGHT = frozenset({"correct_that", "deny", "affirm", "inform", "nlu_fallback"})
"""What a message is heard as that wants nothing new."""


def meant_instead(
    session: Session, message: Message, slots: Mapping[str, Any], asker: Asker, now: datetime
) -> dict[str, Any] | None:
    """The slots with which the settled matter begins anew for another line or order; None: nothing else was meant."""
    goal = GOALS.get(slots.get("goal") or "")
    if not slots.get("settled") or goal is None or not goal.needs_order or goal.name in GO_ON or message.answer:
        return None
    if message.intent not in _PUT_RIGHT and message.intent != goal.name:
        return None
    if message.intent != "correct_that" and not takes_back(message.text):
        return None
    begun: dict[str, Any] = {slot: None for slot in MATTER_SLOTS if slots.get(slot) is not None}
    begun |= {name: slots.get(name) for name in STAYS}
    numbers = message.values("order_number")
    if len(numbers) == 1 and order_key(numbers[0]) != order_key(slots.get("order_number") or ""):
        return begun
    line = _other_line(session, message, slots, asker, now)
    return None if line is None else begun | {"line": line[0]}


def _other_line(
    session: Session, message: Message, slots: Mapping[str, Any], asker: Asker, now: datetime
) -> tuple[int | None] | None:
    """The line that was meant, or that one of several others was (None); None alone where no other was."""
    dossier = Dossier.from_slots(slots, asker)
    order = dossier.order(session)
    if order is None or slots.get("line") is None:
        return None
    setting = Setting(None, now, shop_zone(order.shop), tuple(line.title for line in order.lines))
    picked = line_meant(message, {**slots, "lines": None}, setting, corrects=True)
    if "line" not in picked or picked["line"] == slots.get("line"):
        return None
    return (picked["line"],)
