"""What a customer still lacks at the end of a talk: a remedy not told, a write not done, an answer not given."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from casework.writing import WRITERS
from policy_core import Outcome, RemedyName
from tests.simulation.pasts import Standing
from tests.simulation.personas import Persona
from tests.simulation.stored import Left
from tests.simulation.talk import Row, Talk
from tests.simulation.truth import TrueLine, Truth, dates_of

SENT_IN = ("return_refund", "exchange", "warranty_repair")
OTHER_ROWS = {
    "sent": "parcels",
    "invoice": "tickets",
    "access": "privacy",
    "correction": "privacy",
    "erasure": "privacy",
}
"""The tables of what is written on a yes that is to no remedy."""


def unsolved(talk: Talk, persona: Persona, truth: Truth, left: Left) -> str | None:
    """What the customer still lacks at the end: a remedy not told, a write not done; None where nothing is."""
    goal = persona.goal
    if talk.broke is not None or not talk.turns:
        return f"broke off: {talk.broke}"
    if persona.vouched_for is not None and any(turn.question == "customer.email" for turn in talk.turns):
        return "asked who they are, for whom the shop vouches"
    if goal in ("invoice", "privacy_request"):
        return _unwritten(talk, "ticket" if goal == "invoice" else "privacy", truth)
    if truth.standing is not None:
        return _untold_standing(talk, persona, truth.standing, left) or _undone(talk, truth)
    if goal == "human_handoff":
        return None if talk.told("ticket") else "no ticket"
    if goal == "track_order":
        return None if talk.told("order") else "not told where the parcel is"
    own = truth.own
    verdicts = [each for each in talk.told("verdict") if each["line"] == truth.line + 1]
    if not truth.has_remedies:
        told = verdicts and own.dates <= dates_of(verdicts[-1])
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


def _unwritten(talk: Talk, kind: str, truth: Truth) -> str | None:
    """What is asked for and given on a yes, or not done on a no."""
    agreed = any(turn.yes_to is not None for turn in talk.turns)
    if agreed and not talk.told(kind):
        return f"no {kind}"
    if not agreed and not any(turn.said_no for turn in talk.turns):
        return "nothing offered"
    return _undone(talk, truth)


def _untold_standing(talk: Talk, persona: Persona, standing: Standing, left: Left) -> str | None:
    """What is lacking to somebody who asks for what there was before the talk."""
    if persona.goal == "refund_status":
        return None if talk.told("refund_status") else "not told of the refund"
    numbers = {each["number"] for kind in ("rma", "rma_status") for each in talk.told(kind)}
    if standing.status == "approved" and standing.number not in numbers:
        return "not told the RMA number"
    if standing.status != "approved" and not talk.told("rma_status") and not talk.told("ticket"):
        return "not told where the return stands"
    told_of_parcel = any(turn.yes_to == (persona.line, "sent") for turn in talk.turns)
    declined = any(turn.said_no for turn in talk.turns)
    if persona.past is not None and persona.past.is_untold and standing.status == "approved":
        if told_of_parcel:
            return None if persona.past.tracking in left.trackings else f"the store holds {left.trackings} as parcels"
        return None if declined else "the parcel's number not taken"
    return None


def _untold(verdicts: Sequence[Mapping[str, Any]], own: TrueLine) -> str | None:
    """A remedy not told. Of what is closed only that which was come for has to be told."""
    remedies = [each for verdict in verdicts for each in verdict["remedies"]]
    told = {(each["programme"], each["remedy"]): each["outcome"] for each in remedies}
    for name in (each for each in own.matters if each not in own.unsettled):
        outcome = own.remedies[name]["outcome"]
        if name not in told and outcome == Outcome.NOT_ELIGIBLE and name[1] != own.wanted:
            continue
        if outcome != Outcome.NEEDS_INFORMATION and told.get(name) != outcome:
            return f"{'.'.join(name)}: {outcome} is true, {told.get(name, 'nothing')} told"
    return None


def _undone(talk: Talk, truth: Truth) -> str | None:
    """What the store lacks or has too much, after a yes as after a no."""
    agreed = [turn.yes_to[1] for turn in talk.turns if turn.yes_to is not None]
    declined = any(turn.said_no for turn in talk.turns)
    if truth.standing is None and truth.own.offers and not agreed and not declined:
        return "nothing offered"
    expected = Counter(expected_rows(agreed[-1], truth) if agreed else ())
    found = Counter(talk.turns[-1].rows)
    if found != expected:
        return f"the store holds {sorted(found.elements())} where it should hold {sorted(expected.elements())}"
    return None


def expected_rows(remedy: str, truth: Truth) -> tuple[Row, ...]:
    """The rows a yes to `remedy`, or to a wish that is none, leaves."""
    if remedy in OTHER_ROWS:
        return ((OTHER_ROWS[remedy], remedy),)
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
