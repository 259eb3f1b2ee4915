"""What is written in another language than the bot's is said to be so, in that language too, and never guessed at."""

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from casework.telling import VERSION, Telling

from .base import INSTEAD, Say, goal_choices, words


def in_another_language(tracker: Tracker, say: Say, running: bool) -> list[EventType] | None:
    """Says so where the newest message is not English; else None.

    For messages nothing was made of, or only small talk: a wish that was understood all the same goes its way.
    """
    language = tracker.latest_message.get("language")
    if language is None:
        return None
    own = f"other_language_{language}"
    sentences = [words()(own)] if own in words() else []
    told = Telling("\n".join([*sentences, words()("other_language")]), {"v": VERSION, "kind": "note"})
    choices = [] if running else goal_choices(INSTEAD)
    say.telling(told, choices + say.person(), more=running)
    return [SlotSet("misses", int(tracker.get_slot("misses") or 0) + 1)]
