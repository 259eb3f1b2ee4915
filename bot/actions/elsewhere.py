"""What is none of the bot's business: what it can do instead, and who at the shop can answer."""

import re

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet

from casework.telling import VERSION, Telling
from order_store import find_shop
from policy_core import ClaimReason

from .base import INSTEAD, Say, database, goal_choices, words
from .turn import Turn, message_of

_ABOUT_GOODS = re.compile(
    r"\b(?:how much|price[sd]?|cost|costs|cheap\w*|discount\w*|coupon\w*|voucher\w*|promo\w*|sale|sell|selling|"
    r"stock|available|availability|products?|models?|sizes?|colou?rs?|ingredients?|specifications?|specs?|compatible|"
    r"brands?|buy|purchase|payments?|membership|loyalty|account|password|newsletter|gift cards?|wholesale)\b",
    re.I,
)


def tell_who_can_help(turn: Turn, tracker: Tracker, say: Say, running: bool) -> list[EventType]:
    """Said once with what the bot can do; said again it is shorter, and names the shop's own contact.

    Who asks the manufacturer for new software opens a matter of theirs (AS-F2), whatever else it sounds like.
    """
    message = message_of(tracker)
    if not running and message.values("reason") == [ClaimReason.SOFTWARE_UPGRADE]:
        return [FollowupAction("case_form")]
    times = int(tracker.get_slot("misses") or 0) + 1
    about_goods = _ABOUT_GOODS.search(message.text) is not None
    again = times > 1
    sentences = [words()("out_of_scope_shop" if about_goods else "out_of_scope_again" if again else "out_of_scope")]
    if about_goods or again:
        sentences += _contact(turn)
    choices = [] if running or again else goal_choices(INSTEAD)
    told = Telling("\n".join(sentences), {"v": VERSION, "kind": "note"})
    say.telling(told, choices + say.person(), more=running)
    return [SlotSet("misses", times)]


def _contact(turn: Turn) -> list[str]:
    """How to reach the shop itself, where its settings say."""
    with database().read() as session:
        contact = find_shop(session, turn.asker.shop_key).contact or {}
    reached = [contact[each] for each in ("email", "phone") if contact.get(each)]
    return [words()("shop_contact", contact=", ".join(reached))] if reached else []
