"""Proof stays where it was given: it does not come along when a conversation goes on elsewhere.

The gateway says with every message at which place the conversation is; another place is another number.
"""

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from casework.matter_slots import PROOF_SLOTS, STANDS_ON_PROOF


def leave_proof_behind(tracker: Tracker) -> list[EventType]:
    """Empties, in the tracker too, what was proven elsewhere and what was announced on it; the events that do so."""
    here = _place((tracker.latest_message or {}).get("metadata"))
    stale = [slot for slot in PROOF_SLOTS if tracker.slots.get(slot) is not None and _given_at(slot, tracker) != here]
    if not stale:
        return []
    announced = [slot for slot in STANDS_ON_PROOF if tracker.slots.get(slot) is not None]
    events: list[EventType] = [SlotSet(slot, None) for slot in (*stale, *announced)]
    tracker.add_slots(events)
    return events


def _given_at(slot: str, tracker: Tracker) -> int:
    """The place of the message that filled the slot as it is now."""
    place, given = 0, 0
    for event in tracker.events:
        if event.get("event") == "user":
            place = _place(event.get("metadata"))
        elif event.get("event") == "slot" and event.get("name") == slot and event.get("value") is not None:
            given = place
    return given


def _place(metadata: Mapping[str, Any] | None) -> int:
    return int((metadata or {}).get("place") or 0)
