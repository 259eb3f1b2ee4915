"""What is asked in passing: answered at once, whatever else is open."""

from rasa_sdk import Tracker

from casework import repairs, side_questions
from casework.cases import shop_terms, shop_zone
from casework.cover_told import tell_cover
from casework.deadlines import zone_in_words
from casework.opening_hours import hours_in_words, next_opening
from casework.policy_told import tell_repair_time
from casework.repairs_told import tell_repair
from casework.telling import VERSION, Telling
from order_store import find_shop

from . import refund_status
from .asking import dates_of, say_parcel
from .base import Say, words
from .handing_over import when_open
from .matter import Matter, matter_of
from .policy_questions import tell_the_carriage
from .turn import Turn


def answer_in_passing(asked: str, turn: Turn, tracker: Tracker, say: Say, more: bool) -> None:
    """Tell what was `asked` (see `casework.side_questions`); `more`: the question that is open comes back after it."""
    if asked == side_questions.CARRIAGE:
        tell_the_carriage(turn, tracker, say, more)
        return
    with matter_of(tracker, turn) as matter:
        match asked:
            case side_questions.HOURS:
                _tell_hours(matter, say, more)
            case side_questions.REPAIR_TIME:
                _tell_repair_time(matter, say, more)
            case side_questions.PERSON_LATER:
                say("person_later", choices=say.person(), more=more)
            case "privacy_request":
                say("privacy_in_passing", more=more)
            case "track_order":
                say_parcel(matter, say, more)
            case "refund_status":
                refund_status.tell(matter, say, more)
            case "warranty":
                say.telling(_days_alone(tell_cover(matter.teller, matter.judged)), more=more)
            case _:
                say.telling(_days_alone(dates_of(matter)), more=more)


def _tell_repair_time(matter: Matter, say: Say, more: bool) -> None:
    """Of the item's own repair, where it is in for one: where that stands; else by the policy."""
    line, now = matter.own_line, matter.turn.now
    repair = repairs.open_repair(matter.session, line.id) if line is not None else None
    terms = shop_terms(find_shop(matter.session, matter.turn.asker.shop_key))
    own = tell_repair(matter.teller, repair) if repair is not None and repair.due_on is not None else None
    say.telling(own or tell_repair_time(words(), terms, now), [] if more else say.person(), more=more)


def _days_alone(telling: Telling) -> Telling:
    """Without the remedies: the matter whose question is open decides them, once it knows enough."""
    return Telling(telling.text, {**telling.custom, "remedies": []})


def _tell_hours(matter: Matter, say: Say, more: bool) -> None:
    shop = find_shop(matter.session, matter.turn.asker.shop_key)
    hours = hours_in_words(shop, words())
    if hours is None:
        sentences = [words()("opening_hours_unsaid")]
    else:
        sentences = [words()("opening_hours", hours=hours, zone=zone_in_words(shop_zone(shop), words()))]
        sentences += when_open(shop, next_opening(shop, matter.turn.now), matter.turn.now)
    say.telling(Telling("\n".join(sentences), {"v": VERSION, "kind": "note"}), say.person(), more)
