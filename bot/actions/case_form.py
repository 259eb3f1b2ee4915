"""The one form: a case asks what its verdict still needs, and nothing else."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT, FormValidationAction

from casework.dossier import Dossier
from casework.heard import Heard
from casework.listening import listen

from .base import Say, database, safely
from .in_passing import answer_in_passing
from .moved import leave_proof_behind
from .turn import Turn, comes_again, message_of, settled_before

FAILED: Mapping[str, Any] = {"failed": True}
ENDS = ("answered", "stopped", "gave_up", "blocked", "failed")
"""The slots that end the form whatever is still missing."""


class ValidateCaseForm(FormValidationAction):
    """Takes in what the customer said and finds the next slot to ask for."""

    def name(self) -> str:
        return "validate_case_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Hear the message once (Rasa validates the same message up to twice), then ask what is missing.

        Where that fails the question that was open comes back, so that the answer can be sent again.
        """
        left = leave_proof_behind(tracker)
        heard = [*left, *await self.get_extraction_events(dispatcher, tracker, domain)]
        if left:
            # A yes means what was announced where the proof was given; here it is announced again first.
            heard += [SlotSet(slot, None) for slot in ("confirm", "quote")]
        tracker.add_slots(heard)
        slots = await self.required_slots([], dispatcher, tracker, domain)
        missing = next((slot for slot in slots if tracker.get_slot(slot) is None), None)
        if not tracker.get_slot("failed"):
            return [*heard, SlotSet(REQUESTED_SLOT, missing)]
        open_question = tracker.get_slot(REQUESTED_SLOT)
        return [*heard, SlotSet("failed", open_question is None), SlotSet(REQUESTED_SLOT, open_question)]

    async def get_extraction_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The slots the message fills or changes; none when it says nothing for the matter."""
        more = tracker.get_slot(REQUESTED_SLOT) is not None
        updates = await safely(self.name(), dispatcher, lambda said: _hear(said, tracker), FAILED, more)
        return [SlotSet(slot, value) for slot, value in updates.items()]

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[str]:
        """The slots of the verdict's open questions; none once the matter is settled (or cannot go on)."""
        if any(tracker.get_slot(slot) for slot in ENDS):
            return []
        more = tracker.get_slot(REQUESTED_SLOT) is not None
        slots = await safely(self.name(), dispatcher, lambda _: _questions(tracker), None, more)
        if slots is None:
            tracker.add_slots([SlotSet("failed", True)])
        return slots or []


def _hear(dispatcher: CollectingDispatcher, tracker: Tracker) -> Mapping[str, Any]:
    turn = Turn.of(tracker)
    if tracker.get_slot("heard_turn") == turn.id:
        if not comes_again(turn, tracker):
            return {}
        # A message that comes again adds nothing, but the form has to take it: the open question is asked once more,
        # with the verdict it stands on, and what was settled before it is told again.
        Say(dispatcher).again(settled_before(turn, tracker))
        return {"heard_turn": turn.id, "told": None}
    heard = listen(database(), message_of(tracker), tracker.slots, turn.asker, turn.now)
    say = Say(dispatcher)
    for remark in heard.remarks:
        say(remark, more=True)
    if heard.aside is not None:
        return {**heard.updates, **_tell_aside(heard, turn, tracker, say), "heard_turn": turn.id}
    return {**heard.updates, "heard_turn": turn.id} if heard.updates else {}


def _tell_aside(heard: Heard, turn: Turn, tracker: Tracker, say: Say) -> Mapping[str, Any]:
    """Answer what was asked in passing; with no question open that is all there is to the turn."""
    is_open = tracker.get_slot(REQUESTED_SLOT) is not None
    tracker.add_slots([SlotSet(name, value) for name, value in heard.updates.items()])
    answer_in_passing(heard.aside or "", turn, tracker, say, more=is_open)
    return {} if is_open else {"answered": True}


def _questions(tracker: Tracker) -> list[str]:
    turn = Turn.of(tracker)
    with database().read() as session:
        return Dossier.from_slots(tracker.slots, turn.asker).next_slots(session, turn.now)
