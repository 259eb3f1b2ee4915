"""Processes are killed at random while customers talk: nothing is lost, doubled or half done."""

import random
from pathlib import Path

from order_store import Database
from tests.chaos.killing import SHARES, plan
from tests.chaos.running import storm_over

VICTIMS = ["gateway", "actions", "worker"] * 4 + ["rasa"]


def test_a_short_storm_loses_doubles_and_breaks_nothing(sqlite_database: Database, tmp_path: Path) -> None:
    victims = random.Random(7).sample(VICTIMS, len(VICTIMS))
    outcome = storm_over(sqlite_database, tmp_path, victims, seed=7)
    if outcome.violations:
        outcome.keep(tmp_path / "evidence", sqlite_database, tmp_path / "serve.log")
    assert outcome.violations == [], f"the evidence is in {tmp_path / 'evidence'}"
    assert sorted(kill.victim for kill in outcome.kills) == sorted(VICTIMS)
    assert len({talk.matter.kind.name for talk in outcome.talks}) == 7


def test_every_kind_of_process_gets_its_share_of_the_kills_and_the_same_again_for_the_same_seed() -> None:
    victims = plan(200, random.Random(1), on_postgresql=True)
    assert victims == plan(200, random.Random(1), on_postgresql=True)
    assert len(victims) == 200
    assert {victims.count(victim) > 4 for victim in (*SHARES, "postgresql")} == {True}
    assert "postgresql" not in plan(200, random.Random(1), on_postgresql=False)
