"""The one form: a case asks what its verdict still needs, and nothing else."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT, FormValidationAction

from casework.asking_next import next_slots
from casework.dossier import Dossier
from casework.heard import Heard
from casework.listening import take_in
from casework.reading import Reading

from .base import Say, database, safely
from .in_passing import answer_in_passing
from .moved import leave_proof_behind
from .turn import Turn, comes_again, message_of, settled_before

ENDS = ("answered", "stopped", "gave_up", "blocked", "failed")
"""The slots that end the form whatever is still missing."""


class ValidateCaseForm(FormValidationAction):
    """Takes in what the customer said and finds the next slot to ask for."""

    def name(self) -> str:
        return "validate_case_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Hear the message once (Rasa validates the same message up to twice), then ask what is missing.

        Where that fails nothing of it was heard, and the question that was open comes back, so that the answer can be
        sent again.
        """
        left = leave_proof_behind(tracker)
        open_question = tracker.get_slot(REQUESTED_SLOT)
        asks = open_question is not None
        taken_in = await safely(
            self.name(), dispatcher, lambda said: _take_in(said, tracker, bool(left)), None, more=asks
        )
        if taken_in is None:
            return [*left, SlotSet("failed", not asks), SlotSet(REQUESTED_SLOT, open_question)]
        updates, missing = taken_in
        return [*left, *(SlotSet(slot, value) for slot, value in updates.items()), SlotSet(REQUESTED_SLOT, missing)]


def _take_in(
    dispatcher: CollectingDispatcher, tracker: Tracker, has_moved: bool
) -> tuple[Mapping[str, Any], str | None]:
    """The slots the message fills or changes, and the one to ask for next: none once the matter is settled."""
    with Reading(database()) as reading:
        updates = _hear(reading, dispatcher, tracker)
        if has_moved:
            # A yes means what was announced where the proof was given; here it is announced again first.
            updates = {**updates, "confirm": None, "quote": None}
        tracker.add_slots([SlotSet(name, value) for name, value in updates.items()])
        if any(tracker.get_slot(slot) for slot in ENDS):
            return updates, None
        turn = Turn.of(tracker)
        slots = next_slots(reading.session, Dossier.from_slots(tracker.slots, turn.asker), turn.now)
    return updates, next((slot for slot in slots if tracker.get_slot(slot) is None), None)


def _hear(reading: Reading, dispatcher: CollectingDispatcher, tracker: Tracker) -> Mapping[str, Any]:
    turn = Turn.of(tracker)
    if tracker.get_slot("heard_turn") == turn.id:
        if not comes_again(turn, tracker):
            return {}
        # A message that comes again adds nothing, but the form has to take it: the open question is asked once more,
        # with the verdict it stands on, and what was settled before it is told again.
        Say(dispatcher).again(settled_before(turn, tracker))
        return {"heard_turn": turn.id, "told": None}
    heard = take_in(reading, message_of(tracker), tracker.slots, turn.asker, turn.now)
    say = Say(dispatcher)
    for remark in heard.remarks:
        say(remark, more=True)
    if heard.aside is not None:
        reading.pause()
        return {**heard.updates, **_tell_aside(heard, turn, tracker, say), "heard_turn": turn.id}
    return {**heard.updates, "heard_turn": turn.id} if heard.updates else {}


def _tell_aside(heard: Heard, turn: Turn, tracker: Tracker, say: Say) -> Mapping[str, Any]:
    """Answer what was asked in passing; with no question open that is all there is to the turn."""
    is_open = tracker.get_slot(REQUESTED_SLOT) is not None
    tracker.add_slots([SlotSet(name, value) for name, value in heard.updates.items()])
    answer_in_passing(heard.aside or "", turn, tracker, say, more=is_open)
    return {} if is_open else {"answered": True}
