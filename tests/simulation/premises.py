"""What a verdict says it rests on, and whether that is so: a premise that is said back can be put right.

The rule of the judge: a verdict that says, in its text and its payload, what was understood in passing is about goods
of that kind. Where the customer knows it to be otherwise, it is no claim about their goods. It still has to be what the
policies say of the goods it names, its days too; the customer has to be able to put it right; and at the end of the
talk no verdict on their item may stand on it. What was written on it would be wrong in any case. How often that
happened is shown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from casework.premises import said_back
from casework.reasons import GOAL_OF_REASON
from casework.words import Words
from policy_core import Case, ClaimReason, Rma, decide
from tests.simulation.personas import Persona
from tests.simulation.talk import Talk, Turn


def false_premises(persona: Persona, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The facts, by path, that the verdict rests on and that the customer knows to be otherwise.

    Reasons are told apart as far as customers do: a thing that is damaged does not work either. Who has none, and only
    wants to know where their parcel is, knows any to be otherwise.
    """
    facts = dict(payload.get("rests_on", {}))
    reason = facts.pop("claim.reason", None)
    found = {path: value for path, value in facts.items() if persona.knows(path) not in (None, value)}
    is_another = reason is not None and (persona.reason is None or _kind(reason) != _kind(persona.reason))
    return found | ({"claim.reason": reason} if is_another else {})


def is_said_back(text: str, facts: Mapping[str, Any]) -> bool:
    """Whether the text says every one of the facts."""
    return all(said_back(_words(), path, value) in text for path, value in facts.items())


def stands_at_the_end(talk: Talk, persona: Persona) -> Mapping[str, Any]:
    """The false premises of the last verdict on the customer's own item.

    Who came for no verdict is done with it once they are told something else.
    """
    if persona.reason is None and not talk.turns[-1].custom("verdict"):
        return {}
    told = [each for each in talk.told("verdict") if each["line"] == persona.line + 1]
    return false_premises(persona, told[-1]) if told else {}


def turns_on_false_premises(talk: Talk, persona: Persona) -> Iterator[Turn]:
    """The turns in which a verdict rested on what is not so."""
    return (turn for turn in talk.turns if any(false_premises(persona, each) for each in turn.custom("verdict")))


def on_premises(cases: tuple[Case, ...], facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What the policies say of goods that are as the facts say, as it is told to machines."""
    for case in _cases_on(cases, facts):
        yield decide(case).as_dict()


def days_on_premises(cases: tuple[Case, ...], facts: Mapping[str, Any]) -> Iterator[date]:
    """The last days of such goods, before and after an RMA is issued for them."""
    for case in _cases_on(cases, facts):
        issued = [replace(case, rma=Rma(programme, case.as_of)) for programme in case.shop.programmes]
        for each in (case, *issued):
            yield from (remedy.last_day for remedy in decide(each).remedies if remedy.last_day is not None)


def _cases_on(cases: tuple[Case, ...], facts: Mapping[str, Any]) -> Iterator[Case]:
    claimed = {path.removeprefix("claim."): value for path, value in facts.items()}
    if claimed.get("reason") is not None:
        claimed["reason"] = ClaimReason(claimed["reason"])
    return (replace(case, claim=replace(case.claim, **claimed)) for case in cases)


@cache
def _words() -> Words:
    return Words.load()


def _kind(reason: str) -> str:
    return GOAL_OF_REASON[ClaimReason(reason)]
