"""What waits is taken up: the next of several items, the next request of a message."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet

from casework.asking_next import next_slots
from casework.dossier import Dossier
from casework.later import Request, next_line, something_waits, waiting
from casework.listening import begin
from casework.matter_slots import MATTER_SLOTS
from casework.telling import VERSION, Telling

from .base import CaseAction, Say, database, words
from .finishing import finish
from .in_passing import answer_in_passing
from .matter import matter_of
from .replying import say_aside
from .turn import Turn


class Next(CaseAction):
    """Announces what comes next and begins it with what is known; what needs no question is settled at once."""

    def name(self) -> str:
        return "action_next"

    def act(self, turn: Turn, tracker: Tracker, say: Say) -> list[EventType]:
        changed: dict[str, Any] = {}

        def know(updates: dict[str, Any]) -> None:
            changed.update(updates)
            tracker.add_slots([SlotSet(name, value) for name, value in updates.items()])

        asks = False
        while something_waits(tracker.slots) and not asks:
            if changed:
                say.goes_on()
            if line := next_line(tracker.slots, MATTER_SLOTS):
                know(line)
                _announce_line(turn, tracker, say)
            else:
                request, *rest = waiting(tracker.slots)
                say.telling(_announcement(request), more=True)
                heard, is_matter = begin(database(), request, tracker.slots, turn.asker, turn.now)
                know({**heard.updates, "later": [each.as_slot() for each in rest] or None})
                for remark in heard.remarks:
                    say(remark, more=True)
                if heard.aside is not None:
                    answer_in_passing(heard.aside, turn, tracker, say, more=False)
                elif not is_matter:
                    say_aside(request.goal, turn, tracker, say)
                if not is_matter:
                    continue
            asks = not tracker.get_slot("blocked") and _asks(turn, tracker)
            if not asks:
                finish(turn, tracker, say)
                know({"settled": True})
                if tracker.get_slot("blocked"):
                    break
        events: list[EventType] = [SlotSet(name, value) for name, value in changed.items()]
        events.append(SlotSet("heard_turn", turn.id))
        return [*events, FollowupAction("case_form" if asks else "action_listen")]

    def after_failure(self, tracker: Tracker) -> list[EventType]:
        """What waits goes on waiting; the customer has been told, and no rule knows what follows."""
        return [FollowupAction("action_listen")]


def _asks(turn: Turn, tracker: Tracker) -> bool:
    with database().read() as session:
        return bool(next_slots(session, Dossier.from_slots(tracker.slots, turn.asker), turn.now))


def _announce_line(turn: Turn, tracker: Tracker, say: Say) -> None:
    with matter_of(tracker, turn) as matter:
        payload = {"v": VERSION, "kind": "next", "goal": matter.goal}
        say.telling(Telling(words()("now_to_item", item=matter.line.title), payload), more=True)


def _announcement(request: Request) -> Telling:
    payload = {"v": VERSION, "kind": "next", "goal": request.goal}
    return Telling(words()("now_to", request=request.quote), payload)
