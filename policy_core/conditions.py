"""The small conditions that rows are made of. A condition holds only on what is known: never on a gap."""

from collections.abc import Callable
from typing import TypeAlias

from .codes import ClaimReason
from .counting import Count
from .facts import Facts

Condition: TypeAlias = Callable[[Facts], bool]
Window: TypeAlias = Callable[[Facts], Count | None]
"""A window of the policy as it is counted for a case; None where its start is not known."""

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


def both(first: Condition, second: Condition) -> Condition:
    return lambda facts: first(facts) and second(facts)


def negated(condition: Condition) -> Condition:
    return lambda facts: not condition(facts)
