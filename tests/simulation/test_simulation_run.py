"""A few simulated customers against the running system; `make simulate` sends a thousand."""

from tests.running import System
from tests.simulation.outcome import Outcome
from tests.simulation.running import simulate

CUSTOMERS = 25


def test_simulated_customers_are_told_nothing_untrue_and_nothing_is_written_without_their_yes(system: System) -> None:
    outcome = Outcome(list(simulate(system, CUSTOMERS, seed=7, mark="7")), 0.0)
    grave = [(each.talk.name, *each.wrong, *each.unasked, *each.leaks) for each in outcome.findings if each.is_grave]
    unsolved = [(each.talk.name, each.unsolved) for each in outcome.findings if each.unsolved is not None]
    assert grave == []
    assert outcome.solved >= 0.9, unsolved
