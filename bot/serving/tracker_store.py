"""Rasa's dialogues in their SQL file, those of late in memory as well: a turn writes what is new, nothing is read back.

Rasa's own store reads a dialogue's events back at every message and replays them, counts them again to find the new
ones, and on SQLite opens the file anew for each of these: a third of its time for a turn.
"""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker

MOST_KEPT = 512
"""Dialogues in memory; one of some length takes about a hundred kilobytes."""

KEPT_SECONDS = 900
"""How long one stays there when nothing is said in it."""


@dataclass(frozen=True)
class _Kept:
    tracker: DialogueStateTracker
    stored: int
    """How many of the tracker's events are in the file."""
    newest: int
    """The id of the newest of them."""
    at: float
    """On the monotonic clock."""

    @property
    def is_as_stored(self) -> bool:
        """Whether the tracker has not moved on since: a turn that broke off leaves events that were never stored."""
        return len(self.tracker.events) == self.stored


class KeptTrackerStore(SQLTrackerStore):
    """Rasa's SQL store of dialogues; see the module's docstring. The file stays the truth.

    One look at the id of a dialogue's newest event tells whether what is kept is still the file's: another process
    may have gone on with it or erased it. Used by one thread, Rasa's event loop.
    """

    engine: sa.engine.Engine

    def __init__(self, **settings: Any) -> None:
        """`settings` as SQLTrackerStore takes them, from endpoints.yml."""
        super().__init__(**settings)
        if self.engine.dialect.name == "sqlite":
            # One connection that stays open; Rasa's engine opens the file for every transaction.
            url = self.engine.url
            self.engine.dispose()
            self.engine = sa.create_engine(
                url, poolclass=sa.pool.QueuePool, pool_size=2, connect_args={"check_same_thread": False}
            )
            self.sessionmaker.configure(bind=self.engine)
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The dialogue's newest session; None when there is none."""
        kept = self._kept.get(sender_id)
        with self.engine.connect() as connection:
            # Asked for before the events are: what comes in between is then noticed the next time.
            newest = self._newest(connection, sender_id)
        if kept is not None and kept.is_as_stored and kept.newest == newest:
            return kept.tracker
        self._kept.pop(sender_id, None)
        tracker = await super().retrieve(sender_id)
        if tracker is not None and newest is not None:
            self._keep(tracker, newest)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Writes the events that are not in the file yet."""
        await self.stream_events(tracker)
        who = tracker.sender_id
        kept = self._kept.pop(who, None)
        with self.engine.begin() as connection:
            is_known = kept is not None and kept.tracker is tracker and kept.newest == self._newest(connection, who)
            events = list(tracker.events)[kept.stored :] if kept is not None and is_known else self._new_ones(tracker)
            if events:
                connection.execute(sa.insert(self.SQLEvent.__table__), [_row(who, event) for event in events])
            newest = self._newest(connection, who)
        if newest is not None:
            self._keep(tracker, newest)

    def _new_ones(self, tracker: DialogueStateTracker) -> list[Event]:
        with self.session_scope() as session:
            return list(self._additional_events(session, tracker))

    def _newest(self, connection: sa.engine.Connection, sender_id: str) -> int | None:
        events = self.SQLEvent.__table__
        newest: int | None = connection.scalar(
            sa.select(sa.func.max(events.c.id)).where(events.c.sender_id == sender_id)
        )
        return newest

    def _keep(self, tracker: DialogueStateTracker, newest: int) -> None:
        now = time.monotonic()
        while self._kept and next(iter(self._kept.values())).at < now - KEPT_SECONDS:
            self._kept.popitem(last=False)
        # Of a dialogue with several sessions Rasa takes up the newest alone.
        if sum(isinstance(event, SessionStarted) for event in tracker.events) > 1:
            return
        self._kept[tracker.sender_id] = _Kept(tracker, len(tracker.events), newest, now)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)


def _row(sender_id: str, event: Event) -> dict[str, Any]:
    data = event.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }
