"""Rasa's dialogues, those of late kept in memory: the file stays the truth, whoever else writes it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from bot.serving import tracker_store
from bot.serving.tracker_store import KeptTrackerStore

DOMAIN = Domain.from_yaml("version: '3.1'\nslots: {line: {type: any, mappings: [{type: custom}]}}\nintents: [greet]\n")
WHO = "c1"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "dialogues.db"


def opened(file: Path, kind: type[SQLTrackerStore] = KeptTrackerStore) -> SQLTrackerStore:
    return kind(domain=DOMAIN, host=None, event_broker=None, db=str(file))


def begun(store: SQLTrackerStore, who: str = WHO) -> DialogueStateTracker:
    return asyncio.run(store.get_or_create_tracker(who, append_action_listen=False))


def went_on(store: SQLTrackerStore, *events: Event, who: str = WHO) -> DialogueStateTracker:
    """A turn: the dialogue is fetched, goes on, and is saved."""
    tracker = begun(store, who)
    for event in events:
        tracker.update(event)
    asyncio.run(store.save(tracker))
    return tracker


def fetched(store: SQLTrackerStore, who: str = WHO) -> DialogueStateTracker | None:
    return asyncio.run(store.retrieve(who))


def said(text: str) -> UserUttered:
    return UserUttered(text, {"name": "greet", "confidence": 1.0})


@contextmanager
def statements(store: SQLTrackerStore) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(" ".join(statement.split()))

    sa.event.listen(store.engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(store.engine, "before_cursor_execute", note)


TURNS = (
    (ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")),
    (said("hello"), SlotSet("line", 2), ActionExecuted("action_listen")),
    (said("the kettle"), SlotSet("line", 3), ActionExecuted("action_listen")),
)


def test_a_dialogue_is_what_rasas_own_store_makes_of_the_same_turns(tmp_path: Path) -> None:
    ours, rasas = opened(tmp_path / "ours.db"), opened(tmp_path / "rasas.db", SQLTrackerStore)
    for events in TURNS:
        went_on(ours, *events)
        went_on(rasas, *events)
    for later in (opened(tmp_path / "ours.db"), opened(tmp_path / "ours.db", SQLTrackerStore)):
        told, expected = fetched(later), fetched(rasas)
        assert told is not None
        assert expected is not None
        assert told.current_state(EventVerbosity.ALL) == expected.current_state(EventVerbosity.ALL)
        assert told.get_slot("line") == 3


def test_a_turn_reads_no_event_back(file: Path) -> None:
    store = opened(file)
    went_on(store, *TURNS[0])
    with statements(store) as seen:
        tracker = went_on(store, *TURNS[1])
    assert tracker.get_slot("line") == 2
    assert [each for each in seen if "events.data" in each] == []
    assert len([each for each in seen if each.startswith("INSERT")]) == 1


def test_another_process_that_went_on_with_it_is_heard(file: Path) -> None:
    one, another = opened(file), opened(file)
    for events in TURNS[:2]:
        went_on(one, *events)
    went_on(another, *TURNS[2])
    told = fetched(one)
    assert told is not None
    assert told.get_slot("line") == 3
    went_on(one, said("and the lamp"))
    assert [event.text for event in fetched(another).events if isinstance(event, UserUttered)] == [  # type: ignore[union-attr]
        "hello",
        "the kettle",
        "and the lamp",
    ]


def test_what_is_erased_from_the_file_is_not_remembered(file: Path) -> None:
    store = opened(file)
    for events in TURNS:
        went_on(store, *events)
    with closing(sqlite3.connect(file)) as erasing, erasing:
        erasing.execute("DELETE FROM events")
    assert fetched(store) is None


def test_a_turn_that_broke_off_leaves_nothing(file: Path) -> None:
    store = opened(file)
    for events in TURNS[:2]:
        went_on(store, *events)
    begun(store).update(SlotSet("line", 9))
    told = fetched(store)
    assert told is not None
    assert told.get_slot("line") == 2
    went_on(store, *TURNS[2])
    assert fetched(opened(file)).get_slot("line") == 3  # type: ignore[union-attr]


def test_each_event_is_written_once(file: Path) -> None:
    store = opened(file)
    written = [event for events in TURNS for event in events]
    for events in TURNS:
        tracker = went_on(store, *events)
        asyncio.run(store.save(tracker))
    with closing(sqlite3.connect(file)) as reading:
        rows = reading.execute("SELECT type_name, sender_id FROM events ORDER BY id").fetchall()
    assert rows == [(event.type_name, WHO) for event in written]


def test_of_several_sessions_the_newest_is_taken_up(file: Path) -> None:
    store = opened(file)
    for events in TURNS:
        went_on(store, *events)
    went_on(store, SessionStarted(), said("back again"))
    for told in (fetched(store), fetched(opened(file, SQLTrackerStore))):
        assert told is not None
        assert [event.text for event in told.events if isinstance(event, UserUttered)] == ["back again"]


def test_what_nobody_goes_on_with_leaves_the_memory(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(tracker_store.time, "monotonic", lambda: now[0])
    store = opened(file)
    for who in ("c1", "c2"):
        went_on(store, *TURNS[0], who=who)
    now[0] += tracker_store.KEPT_SECONDS / 2
    kept = went_on(store, *TURNS[1], who="c2")
    now[0] += tracker_store.KEPT_SECONDS / 2 + 1
    left = went_on(store, *TURNS[0], who="c3")
    with statements(store) as seen:
        assert fetched(store, "c2") is kept
        assert fetched(store, "c3") is left
    assert [each for each in seen if "events.data" in each] == []
    with statements(store) as seen:
        assert fetched(store, "c1") is not None
    assert len([each for each in seen if "events.data" in each]) == 1


def test_the_memory_has_an_end(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracker_store, "MOST_KEPT", 2)
    store = opened(file)
    for who in ("c1", "c2", "c3"):
        went_on(store, *TURNS[0], who=who)
    with statements(store) as seen:
        assert all(fetched(store, who) is not None for who in ("c3", "c2", "c1"))
    assert len([each for each in seen if "events.data" in each]) == 1
