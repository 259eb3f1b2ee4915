"""What a customer still lacks at the end of a talk: a remedy not told, a write not done, an answer not given."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from casework.writing import WRITERS
from policy_core import Outcome, RemedyName
from tests.simulation.pasts import Standing
from tests.simulation.personas import Persona
from tests.simulation.stored import Left
from tests.simulation.talk import Row, Talk, Yes
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
    if persona.second is not None and (lack := _second_lacks(talk, persona.second, left)) is not None:
        return lack
    if persona.also_line is not None and not any(
        each["line"] == persona.also_line + 1 for each in talk.told("verdict")
    ):
        return "nothing told of the second item"
    if truth.standing is not None:
        return _untold_standing(talk, persona, truth.standing, left) or _undone(talk, truth)
    if goal == "human_handoff":
        return None if _has_person(talk, left) else "no ticket"
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


def _has_person(talk: Talk, left: Left) -> bool:
    """Whether somebody at the shop knows that they asked for a person, under a number they were told."""
    whys = {left.tickets.get(str(payload["number"])) for payload in talk.told("ticket")}
    return bool(whys & {"asked_for_person", "complaint"})


def _second_lacks(talk: Talk, second: str, left: Left) -> str | None:
    """What was asked for beside the matter and not seen to; an invoice may be left after a no."""
    if second == "human_handoff":
        return None if _has_person(talk, left) else "no person for the second request"
    answered = any(turn.said_no or (turn.yes_to and turn.yes_to.wish == second) for turn in talk.turns)
    return None if answered else f"nothing of the second request, {second}"


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
    told_of_parcel = any(turn.yes_to == Yes(persona.line, "sent") for turn in talk.turns)
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
    agreed = {_matter(turn.yes_to): turn.yes_to for turn in talk.turns if turn.yes_to is not None}
    declined = any(turn.said_no for turn in talk.turns)
    if truth.standing is None and truth.own.offers and not agreed and not declined:
        return "nothing offered"
    expected = Counter(row for yes in agreed.values() for row in expected_rows(yes, truth))
    found = Counter(talk.turns[-1].rows)
    if found != expected:
        return f"the store holds {sorted(found.elements())} where it should hold {sorted(expected.elements())}"
    return None


def _matter(yes: Yes) -> tuple[int, str | None]:
    """Of the yeses to one item the last counts; a wish that is no remedy is a matter of its own."""
    return yes.line, yes.wish if yes.wish in OTHER_ROWS else None


def expected_rows(yes: Yes, truth: Truth) -> tuple[Row, ...]:
    """The rows a yes leaves."""
    line, wish = yes.line, yes.wish
    if wish in OTHER_ROWS:
        return (Row(OTHER_ROWS[wish], wish, line if wish == "sent" else None),)
    refund = (Row("refunds", wish, line),) if truth.paid else ()
    if truth.by_hand or RemedyName(wish) not in WRITERS:
        return (Row("tickets", wish, line),)
    if wish in SENT_IN:
        return (Row("rmas", wish, line, yes.pieces or truth.lines[line].quantity),)
    return {
        "dispute": (Row("disputes", wish, line),),
        "cancel": (Row("cancellations", wish, line), *refund),
        "wait_backorder": (Row("choices", wish, line),),
        "refund_now": (Row("choices", wish, line), *refund),
    }[wish]
