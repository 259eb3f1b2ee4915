"""The parts say that they are at work."""

from datetime import timedelta

from order_store import Database, beat, last_beat
from tests.store.conftest import NOW


def test_the_newest_beat_of_a_part_counts(database: Database) -> None:
    for seconds in (0, 10):
        with database.write() as session:
            beat(session, "worker", NOW + timedelta(seconds=seconds))
    with database.read() as session:
        assert last_beat(session, "worker") == NOW + timedelta(seconds=10)
        assert last_beat(session, "another") is None
