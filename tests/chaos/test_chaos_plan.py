"""Which processes a storm kills, and how often; `make chaos` runs one."""

import random

from tests.chaos.killing import SHARES, plan


def test_every_kind_of_process_gets_its_share_of_the_kills_and_the_same_again_for_the_same_seed() -> None:
    victims = plan(200, random.Random(1), on_postgresql=True)
    assert victims == plan(200, random.Random(1), on_postgresql=True)
    assert len(victims) == 200
    assert {victims.count(victim) > 4 for victim in (*SHARES, "postgresql")} == {True}
    assert "postgresql" not in plan(200, random.Random(1), on_postgresql=False)
