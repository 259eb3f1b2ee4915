"""What of a talk was said otherwise than it is: outcomes, days, payers, numbers and amounts against the truth."""

from collections.abc import Iterator, Mapping, Set
from typing import Any

from casework.reasons import GOAL_OF_REASON
from policy_core import ClaimReason, Outcome
from tests.simulation.pasts import Standing
from tests.simulation.personas import Persona
from tests.simulation.premises import days_on_premises, false_premises, is_said_back, on_premises, stands_at_the_end
from tests.simulation.stored import Left
from tests.simulation.talk import Talk, Turn
from tests.simulation.truth import Truth, dates_of, days_in

TELLS_DAYS = (
    *("verdict", "rma", "question", "dispute", "cancellation", "backorder", "refund"),
    *("privacy", "rma_status", "refund_status"),
)
"""Kinds of reply that name no day but a deadline, or one of what had happened before the talk."""
CLAIMED = ("outcome", "last_day", "pays")
NO_REASON: Mapping[str, Any] = {"claim.reason": None}
MONEY = ("state", "amount", "currency", "because")
DONE_BY_CUSTOMER = ("damage_by_customer", "excluded_cause", "misused", "not_a_quality_fault")


def wrong_claims(talk: Talk, persona: Persona, truth: Truth, left: Left) -> Iterator[str]:
    """Every outcome, day, payer, number and amount that was told otherwise than it is; and what was written so."""
    costs = [line.cost for place, line in enumerate(truth.lines) if place in (persona.line, persona.also_line)]
    beside = False  # from here on it answers what was asked besides, for which no reason was told
    for place, turn in enumerate(talk.turns, start=1):
        for reply in turn.replies:
            payload = reply["custom"] or {}
            beside |= payload.get("kind") == "next"
            if payload.get("kind") != "verdict":
                continue
            premises = false_premises(persona, payload)
            if premises and is_said_back(reply["text"], premises):
                wrongs = _wrong_on_premises(payload, truth, premises)
            else:
                wrongs = _wrong_verdict(payload, truth)
            if not beside or list(_wrong_on_premises(payload, truth, NO_REASON)):
                yield from (f"turn {place}: {wrong}" for wrong in wrongs)
        for payload in turn.custom("rma"):
            for wrong in _wrong_rma(payload, turn, truth):
                yield f"turn {place}: {wrong}"
        for payload in (*turn.custom("cancellation"), *turn.custom("refund")):
            if payload.get("amount") not in (None, *costs):
                yield f"turn {place}: {payload['amount']} told, {' or '.join(costs)} is what it cost"
        given = {payload["number"] for earlier in talk.turns[:place] for payload in earlier.custom("rma")}
        for wrong in (*_wrong_standing(turn, truth, given), *_wrong_privacy(turn, persona, truth)):
            yield f"turn {place}: {wrong}"
        for day in _wrong_days(turn, persona, truth):
            yield f"turn {place}: {day} is no day of this matter"
    for path, value in stands_at_the_end(talk, persona).items():
        yield f"at the end {path} stands as {value}, which is not so"
    yield from _wrong_rows(persona, truth, left)
    yield from _wrong_tickets(talk, left)


def _wrong_verdict(payload: Mapping[str, Any], truth: Truth) -> Iterator[str]:
    line = truth.lines[payload["line"] - 1]
    for told in payload["remedies"]:
        if told["outcome"] == Outcome.NEEDS_INFORMATION:
            continue
        name = (told["programme"], told["remedy"])
        true = line.remedies.get(name)
        for key in CLAIMED if true is not None else ():
            if told[key] != true[key]:  # type: ignore[index]
                yield f"{'.'.join(name)}: {key} {told[key]} told, {true[key]} is true"  # type: ignore[index]
        if true is not None and (others := _reasons(told) - _reasons(true)):
            yield f"{'.'.join(name)}: because of {', '.join(sorted(others))} told, it is {sorted(_reasons(true))}"
        if true is None:
            yield f"{'.'.join(name)} told, of which the shop's policies know nothing"
    if others := dates_of(payload) - line.dates - line.later_dates:
        yield f"dates: {sorted(others)} told, {sorted(line.dates)} are true"


def _wrong_on_premises(payload: Mapping[str, Any], truth: Truth, premises: Mapping[str, Any]) -> Iterator[str]:
    """What is not what the policies say of goods that are as the reply says (see `premises`)."""
    verdicts = list(on_premises(truth.lines[payload["line"] - 1].cases, premises))
    for told in payload["remedies"]:
        of_it = [each for verdict in verdicts for each in verdict["remedies"] if _is_same_remedy(each, told)]
        if told["outcome"] != Outcome.NEEDS_INFORMATION and not any(
            all(told[key] == each[key] for key in CLAIMED) for each in of_it
        ):
            yield f"{told['programme']}.{told['remedy']}: {told['outcome']} told, not even if {dict(premises)} held"


def _is_same_remedy(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return (one["programme"], one["remedy"]) == (other["programme"], other["remedy"])


def _reasons(remedy: Mapping[str, Any]) -> set[str]:
    """Why, by code; all that the customer did to it is one, for they tell of it in their own words."""
    return {"done_by_customer" if each["code"] in DONE_BY_CUSTOMER else each["code"] for each in remedy["reasons"]}


def _wrong_rma(payload: Mapping[str, Any], turn: Turn, truth: Truth) -> Iterator[str]:
    if truth.standing is not None:
        yield from _wrong_standing_rma(payload, truth.standing)
        return
    remedy = turn.yes_to.wish if turn.yes_to is not None else None
    line = truth.lines[turn.yes_to.line] if turn.yes_to is not None else truth.own
    due = {terms["last_day"] for (_, name), terms in line.granted.items() if remedy in (None, name)}
    told = (payload["return_by"] or "")[:10] or None
    if told not in due:
        yield f"rma: return_by {told} told, {sorted(map(str, due))} is true"


def _wrong_standing_rma(payload: Mapping[str, Any], standing: Standing) -> Iterator[str]:
    told = (payload["number"], (payload["return_by"] or "")[:10] or None)
    true = (standing.number, standing.last_day.isoformat() if standing.last_day is not None else None)
    if told != true:
        yield f"rma: {told} told, {true} is true"


def _wrong_standing(turn: Turn, truth: Truth, given: Set[str]) -> Iterator[str]:
    """What was told of an RMA, and of the money, that was there before the talk, or was `given` in it."""
    standing = truth.standing
    for payload in turn.custom("rma_status"):
        told = (payload["number"], payload["status"])
        noted = standing is not None and payload["status"] == "sent" and standing.status == "approved"
        if standing is None or (told != (standing.number, standing.status) and not noted):
            yield f"rma: {told} told, {standing and (standing.number, standing.status)} is true"
    for payload in turn.custom("refund_status"):
        for line in payload["lines"]:
            own = standing if line["line"] == truth.line + 1 else None
            told_money = [tuple(each[key] for key in MONEY) for each in line["refunds"]]
            true_money = [own.refund] if own is not None and own.refund is not None else []
            if told_money != true_money:
                yield f"refund: {told_money} told, {true_money} is true"
            number = line["rma"] and line["rma"]["number"]
            if number is not None and number not in given and (own is None or number != own.number):
                yield f"refund: {number} told, {own and own.number} is true"


def _wrong_privacy(turn: Turn, persona: Persona, truth: Truth) -> Iterator[str]:
    for payload in turn.custom("privacy"):
        told = (payload["asks_for"], payload["due_on"])
        true = (persona.wish, truth.due_on.isoformat() if truth.due_on is not None else None)
        if told != true:
            yield f"personal data: {told} told, {true} is true"


def _wrong_rows(persona: Persona, truth: Truth, left: Left) -> Iterator[str]:
    """What was written for another reason than the customer's, or is to be answered to somebody else or another day."""
    wish = GOAL_OF_REASON[ClaimReason(persona.reason)] if persona.reason and truth.standing is None else None
    for reason in left.reasons:
        if wish is not None and GOAL_OF_REASON[ClaimReason(reason)] != wish:
            yield f"the store holds the reason {reason}, it is {persona.reason}"
    for contact in left.contacts:
        if contact != persona.email:
            yield f"the store holds that the answer goes to {contact}, the customer is {persona.email}"
    for day in left.due:
        if day != truth.due_on:
            yield f"the store holds {day} as the day of the answer, {truth.due_on} is true"
    told = persona.past.tracking if persona.past is not None else None
    for tracking in left.trackings if told is not None else ():
        if tracking not in (told, None):
            yield f"the store holds the parcel {tracking}, it is {told}"


def _wrong_tickets(talk: Talk, left: Left) -> Iterator[str]:
    """Tickets told that the store does not hold, and one told as two."""
    for place, turn in enumerate(talk.turns, start=1):
        numbers = [str(payload["number"]) for payload in turn.custom("ticket")]
        for number in numbers:
            if number not in left.tickets:
                yield f"turn {place}: {number} told, the store holds no such ticket"
        if len(set(numbers)) < len(numbers):
            yield f"turn {place}: one ticket told as {len(numbers)}: {', '.join(numbers)}"


def _wrong_days(turn: Turn, persona: Persona, truth: Truth) -> Iterator[str]:
    deadlines = frozenset[Any]().union(*(line.deadlines for line in truth.lines), {truth.due_on})
    deadlines |= truth.standing.days if truth.standing is not None else frozenset()
    deadlines |= {persona.bought.received_on}  # said back where it is known from the customer only
    for payload in turn.custom("verdict"):
        if premises := false_premises(persona, payload):
            deadlines |= frozenset(days_on_premises(truth.lines[payload["line"] - 1].cases, premises))
    for reply in turn.replies:
        payload = reply["custom"] or {}
        if payload.get("kind") == "order":
            allowed = truth.parcel
        elif payload.get("kind") in TELLS_DAYS and payload.get("asks") != "order.delivered_at":
            allowed = deadlines
        else:
            continue
        yield from (day.isoformat() for day in days_in(reply["text"]) if day not in allowed)
