"""What of a talk was not as it should be: claims against the truth, writes nobody asked for, facts told to anybody."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from casework.writing import WRITERS
from policy_core import Outcome, RemedyName
from tests.simulation.personas import Persona
from tests.simulation.talk import LOST, Row, Talk, Turn
from tests.simulation.truth import TrueLine, Truth, dates_of, days_in

TELL_DEADLINES = ("verdict", "rma", "question", "dispute", "cancellation", "backorder", "refund")
"""Kinds of reply that name no day but a deadline."""
SENT_IN = ("return_refund", "exchange", "warranty_repair")
CLAIMED = ("outcome", "last_day", "pays")
DONE_BY_CUSTOMER = ("damage_by_customer", "excluded_cause", "misused", "not_a_quality_fault")


@dataclass(frozen=True)
class Findings:
    """What came of one talk. `unsolved` says what was missing, None where nothing was."""

    talk: Talk
    goal: str
    wrong: Sequence[str] = ()
    unasked: Sequence[str] = ()
    leaks: Sequence[str] = ()
    unsolved: str | None = None
    turns: int = 0
    fallbacks: int = 0
    asked_twice: Sequence[str] = field(default_factory=tuple)

    @property
    def is_grave(self) -> bool:
        """Whether something happened that must never happen."""
        return bool(self.wrong or self.unasked or self.leaks)


def judge(talk: Talk, persona: Persona, truth: Truth) -> Findings:
    return Findings(
        talk=talk,
        goal=persona.goal,
        wrong=list(wrong_claims(talk, truth)),
        unasked=list(unasked_writes(talk, truth)),
        leaks=list(leaks(talk, truth)),
        unsolved=unsolved(talk, persona.goal, truth),
        turns=len(talk.turns),
        fallbacks=sum(turn.text.startswith(LOST) for turn in talk.turns),
        asked_twice=list(asked_twice(talk)),
    )


# -- claims -----------------------------------------------------------------------------------------------------


def wrong_claims(talk: Talk, truth: Truth) -> Iterator[str]:
    """Every outcome, day and payer that was told otherwise than it is."""
    for place, turn in enumerate(talk.turns, start=1):
        for payload in turn.custom("verdict"):
            for wrong in _wrong_verdict(payload, truth):
                yield f"turn {place}: {wrong}"
        for payload in turn.custom("rma"):
            for wrong in _wrong_rma(payload, turn, truth):
                yield f"turn {place}: {wrong}"
        for payload in (*turn.custom("cancellation"), *turn.custom("refund")):
            if payload.get("amount") not in (None, truth.own.cost):
                yield f"turn {place}: {payload['amount']} told, {truth.own.cost} is what it cost"
        for day in _wrong_days(turn, truth):
            yield f"turn {place}: {day} is no day of this matter"


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
    if others := dates_of(payload) - line.dates:  # some become known only with a fact that is still asked for
        yield f"dates: {sorted(others)} told, {sorted(line.dates)} are true"


def _reasons(remedy: Mapping[str, Any]) -> set[str]:
    """Why, by code; all that the customer did to it is one, for they tell of it in their own words."""
    return {"done_by_customer" if each["code"] in DONE_BY_CUSTOMER else each["code"] for each in remedy["reasons"]}


def _wrong_rma(payload: Mapping[str, Any], turn: Turn, truth: Truth) -> Iterator[str]:
    remedy = turn.yes_to[1] if turn.yes_to is not None else None
    line = truth.lines[turn.yes_to[0]] if turn.yes_to is not None else truth.own
    due = {terms["last_day"] for (_, name), terms in line.granted.items() if remedy in (None, name)}
    told = (payload["return_by"] or "")[:10] or None
    if told not in due:
        yield f"rma: return_by {told} told, {sorted(map(str, due))} is true"


def _wrong_days(turn: Turn, truth: Truth) -> Iterator[str]:
    deadlines = frozenset[Any]().union(*(line.deadlines for line in truth.lines))
    of_their_data = False
    for reply in turn.replies:
        payload = reply["custom"] or {}
        if payload.get("kind") == "next":
            of_their_data = payload.get("goal") == "privacy_request"
        if of_their_data:
            continue  # a request that waited: the day of its answer is none of the order's
        if payload.get("kind") == "order":
            allowed = truth.parcel
        elif payload.get("kind") in TELL_DEADLINES and payload.get("asks") != "order.delivered_at":
            allowed = deadlines
        else:
            continue
        yield from (day.isoformat() for day in days_in(reply["text"]) if day not in allowed)


# -- writes -----------------------------------------------------------------------------------------------------


def unasked_writes(talk: Talk, truth: Truth) -> Iterator[str]:
    """Rows that were there before, or without, the customer's yes to what they stand for."""
    said_yes_to: set[str] = set()
    for place, turn in enumerate(talk.turns, start=1):
        if turn.yes_to is not None:
            said_yes_to.add(turn.yes_to[1])
        for table, remedy in turn.rows:
            if remedy not in said_yes_to:
                yield f"turn {place}: {table} holds {remedy}, to which nobody has said yes"


# -- leaks ------------------------------------------------------------------------------------------------------


def leaks(talk: Talk, truth: Truth) -> Iterator[str]:
    """What was told of an order before its owner was known, and anything of somebody else's."""
    for place, turn in enumerate(talk.turns, start=1):
        told = json.dumps(
            [(reply["text"], reply["choices"], reply["custom"]) for reply in turn.replies], ensure_ascii=False
        )
        secrets = truth.strangers if turn.proven else (*truth.strangers, *truth.secrets)
        for secret in secrets:
            if re.search(rf"(?<![\w.-]){re.escape(secret)}(?![\w-])", told, re.I):
                yield f"turn {place}: {secret!r}"
        if not turn.proven and not turn.custom("ticket") and (days := list(days_in(told))):
            yield f"turn {place}: {days[0]}"


# -- the matter -------------------------------------------------------------------------------------------------


def unsolved(talk: Talk, goal: str, truth: Truth) -> str | None:
    """What the customer still lacks at the end: a remedy not told, a write not done; None where nothing is."""
    if talk.broke is not None or not talk.turns:
        return f"broke off: {talk.broke}"
    if goal == "human_handoff":
        return None if talk.told("ticket") else "no ticket"
    if goal == "track_order":
        return None if talk.told("order") else "not told where the parcel is"
    own = truth.own
    verdicts = [each for each in talk.told("verdict") if each["line"] == truth.line + 1]
    if not truth.has_remedies:
        told = verdicts and dates_of(verdicts[-1]) == own.dates
        return None if told else "not told the dates"
    if goal == "warranty" and not _has_reason(talk):
        return None if verdicts else "not told the dates"
    if own.person or not own.matters:
        return None if talk.told("ticket") or _offers_person(talk) else "no person brought in"
    return _untold(verdicts, own) or _undone(talk, truth)


def _has_reason(talk: Talk) -> bool:
    """Whether a customer who asks about the warranty has a fault, too."""
    return not any("Good to hear" in turn.text for turn in talk.turns)


def _offers_person(talk: Talk) -> bool:
    return any(choice["label"] == "Talk to a person" for reply in talk.turns[-1].replies for choice in reply["choices"])


def _untold(verdicts: Sequence[Mapping[str, Any]], own: TrueLine) -> str | None:
    remedies = [each for verdict in verdicts for each in verdict["remedies"]]
    told = {(each["programme"], each["remedy"]): each["outcome"] for each in remedies}
    for name in own.matters:
        outcome = own.remedies[name]["outcome"]
        if outcome != Outcome.NEEDS_INFORMATION and told.get(name) != outcome:
            return f"{'.'.join(name)}: {outcome} is true, {told.get(name, 'nothing')} told"
    return None


def _undone(talk: Talk, truth: Truth) -> str | None:
    """What the store lacks or has too much, after a yes as after a no."""
    agreed = [turn.yes_to[1] for turn in talk.turns if turn.yes_to is not None]
    declined = any(turn.said_no for turn in talk.turns)
    if truth.own.offers and not agreed and not declined:
        return "nothing offered"
    expected = Counter(expected_rows(agreed[-1], truth) if agreed else ())
    found = Counter(talk.turns[-1].rows)
    if found != expected:
        return f"the store holds {sorted(found.elements())} where it should hold {sorted(expected.elements())}"
    return None


def expected_rows(remedy: str, truth: Truth) -> tuple[Row, ...]:
    """The rows a yes to `remedy` leaves."""
    refund = (("refunds", remedy),) if truth.paid else ()
    if truth.by_hand or RemedyName(remedy) not in WRITERS:
        return (("tickets", remedy),)
    if remedy in SENT_IN:
        return (("rmas", remedy),)
    return {
        "dispute": (("disputes", remedy),),
        "cancel": (("cancellations", remedy), *refund),
        "wait_backorder": (("choices", remedy),),
        "refund_now": (("choices", remedy), *refund),
    }[remedy]


def asked_twice(talk: Talk) -> Iterator[str]:
    """Questions that came again right after they had been answered."""
    for turn in talk.turns:
        if turn.answers is not None and turn.question == turn.answers:
            yield turn.answers
