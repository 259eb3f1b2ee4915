"""The one form: a case asks what its verdict still needs, and nothing else."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT, FormValidationAction

from casework.dossier import Dossier
from casework.listening import listen

from .base import Say, database, safely
from .turn import Turn, message_of

FAILED: Mapping[str, Any] = {"failed": True}


class ValidateCaseForm(FormValidationAction):
    """Takes in what the customer said and finds the next slot to ask for."""

    def name(self) -> str:
        return "validate_case_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Hear the message once (Rasa validates the same message up to twice), then ask what is missing."""
        heard = await self.get_extraction_events(dispatcher, tracker, domain)
        tracker.add_slots(heard)
        slots = await self.required_slots([], dispatcher, tracker, domain)
        missing = next((slot for slot in slots if tracker.get_slot(slot) is None), None)
        return [*heard, SlotSet(REQUESTED_SLOT, missing)]

    async def get_extraction_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The slots the message fills or changes; none when it says nothing for the matter."""
        updates = await safely(self.name(), dispatcher, lambda: _hear(dispatcher, tracker), FAILED)
        return [SlotSet(slot, value) for slot, value in updates.items()]

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[str]:
        """The slots of the verdict's open questions; none once the matter is settled (or cannot go on)."""
        if any(tracker.get_slot(slot) for slot in ("stopped", "gave_up", "blocked", "failed")):
            return []
        return await safely(self.name(), dispatcher, lambda: _questions(tracker), [])


def _hear(dispatcher: CollectingDispatcher, tracker: Tracker) -> Mapping[str, Any]:
    turn = Turn.of(tracker)
    if tracker.get_slot("heard_turn") == turn.id:
        return {}
    heard = listen(database(), message_of(tracker), tracker.slots, turn.asker, turn.now)
    say = Say(dispatcher)
    for remark in heard.remarks:
        say(remark, more=True)
    return {**heard.updates, "heard_turn": turn.id} if heard.updates else {}


def _questions(tracker: Tracker) -> list[str]:
    turn = Turn.of(tracker)
    with database().read() as session:
        return Dossier.from_slots(tracker.slots, turn.asker).next_slots(session, turn.now)
