"""The small conditions that rows are made of. A condition holds only on what is known: never on a gap."""

from collections.abc import Callable
from typing import TypeAlias

from .codes import ClaimReason
from .facts import Facts

Condition: TypeAlias = Callable[[Facts], bool]

FAULTS = frozenset({ClaimReason.DEFECTIVE, ClaimReason.DAMAGED})
CUSTOMER_CHOICES = frozenset({ClaimReason.CHANGE_OF_MIND, ClaimReason.ORDERED_WRONG})


def always(_: Facts) -> bool:
    return True


def reason_in(reasons: frozenset[ClaimReason]) -> Condition:
    return lambda facts: facts.reason in reasons


def reason_is(reason: ClaimReason) -> Condition:
    return lambda facts: facts.reason is reason


def reason_not_in(reasons: frozenset[ClaimReason]) -> Condition:
    return lambda facts: facts.reason is not None and facts.reason not in reasons


def claim_is(fact: str, value: bool) -> Condition:
    """The customer's `fact` is known to be `value`."""
    return lambda facts: getattr(facts.claim, fact) is value


def claim_unknown(fact: str) -> Condition:
    return lambda facts: getattr(facts.claim, fact) is None


def all_of(*conditions: Condition) -> Condition:
    return lambda facts: all(condition(facts) for condition in conditions)


def negated(condition: Condition) -> Condition:
    return lambda facts: not condition(facts)
