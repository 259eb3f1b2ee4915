"""What is true of a customer's matter: the policies' own verdict on the stored order and on the facts as they are."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

import order_store
from casework.asking_next import SLOT_OF_QUESTION
from casework.cases import Told, build_case, shop_zone
from casework.goals import GOALS, remedies_that_matter
from casework.granted import preview
from casework.judged import Judged
from casework.opening_hours import next_opening
from policy_core import Case, ClaimReason, Outcome, decide, local_day
from tests.simulation.pasts import Standing
from tests.simulation.personas import Persona

Remedy = tuple[str, str]
"""A programme and a remedy of it."""
Day = tuple[str, str, str]
"""A period of the line by its code and its clause, and its last day."""
MONTHS = [f"{date(2026, month, 1):%B}" for month in range(1, 13)]
_DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b")


@dataclass(frozen=True)
class TrueLine:
    """What holds for one line: `remedies` and `granted` (its terms after a yes) as they are told to machines.

    Decided on the facts the goal's remedies need; those of no concern to it, on all that is true of the goods.
    `later_dates` are known only with facts the goal does not ask for. `matters` are the remedies the goal is about,
    `wanted` the one that was come for, `unsettled` those that need what is not asked for; `offers` those a yes can
    bring; `deadlines` every day that may be told with them; `cases` are what was decided; `quantity` pieces were
    bought. Where `person` is set, what the verdict still needs is known to nobody but a person.
    """

    title: str
    remedies: Mapping[Remedy, Mapping[str, Any]]
    granted: Mapping[Remedy, Mapping[str, Any]]
    matters: tuple[Remedy, ...]
    offers: tuple[Remedy, ...]
    dates: frozenset[Day]
    deadlines: frozenset[date]
    cost: str
    person: bool
    later_dates: frozenset[Day] = frozenset()
    wanted: str | None = None
    cases: tuple[Case, ...] = ()
    unsettled: frozenset[Remedy] = frozenset()
    quantity: int = 1


@dataclass(frozen=True)
class Truth:
    """What holds for the whole order. `secrets` are for nobody before identity is proven, `strangers` for nobody.

    `due_on`: by when a request about personal data is answered; `opens_on`: when somebody is at the shop next;
    `standing`: what had happened before the talk.
    """

    lines: Sequence[TrueLine]
    line: int
    has_remedies: bool
    by_hand: bool
    paid: bool
    parcel: frozenset[date]
    secrets: tuple[str, ...]
    strangers: tuple[str, ...]
    due_on: date | None = None
    opens_on: date | None = None
    standing: Standing | None = None

    @property
    def own(self) -> TrueLine:
        return self.lines[self.line]


def days_in(text: str) -> Iterator[date]:
    """The days a text names in words, as the bot writes them."""
    for day, month, year in _DAY.findall(text):
        yield date(int(year), MONTHS.index(month) + 1, int(day))


def dates_of(verdict: Mapping[str, Any]) -> frozenset[Day]:
    """The periods of a verdict as it is told to machines."""
    return frozenset((each["code"], each["clause"], each["last_day"]) for each in verdict["dates"])


def truth_of(session: Session, persona: Persona, standing: Standing | None) -> Truth:
    """Decided on the order as it is stored, before a word is said, and after what led to `standing`."""
    order = order_store.find_order(session, persona.shop.key, persona.number)
    assert order is not None, persona.number
    zone = shop_zone(order.shop)
    shipped = [line.shipment for line in order.lines if line.shipment is not None]
    days = {
        local_day(instant, zone)
        for parcel in shipped
        for instant in (parcel.shipped_at, parcel.delivered_at)
        if instant is not None
    }
    carriers = {persona.past.carrier} if persona.past is not None else set()
    return Truth(
        lines=[_line(session, line, persona) for line in order.lines],
        line=persona.line,
        has_remedies=bool(GOALS[persona.goal].remedies),
        by_hand=order.shop.approval == "manual",
        paid=order.paid_at is not None,
        parcel=frozenset(days | {parcel.promised_by for parcel in shipped if parcel.promised_by is not None}),
        secrets=_secrets(persona.bought.order),
        strangers=tuple(set(_secrets(persona.strangers.order)) - {*_secrets(persona.bought.order), *carriers}),
        due_on=local_day(persona.now, zone) + timedelta(order.shop.privacy_answer_days),
        opens_on=local_day(opens_at, zone) if (opens_at := next_opening(order.shop, persona.now)) is not None else None,
        standing=standing,
    )


def _line(session: Session, line: order_store.Line, persona: Persona) -> TrueLine:
    goal = GOALS[persona.goal]
    reason = ClaimReason(persona.reason) if persona.reason else None
    told = Told(reason=reason)
    for path in persona.volunteered:
        told = _told(told, path, persona)
    judged = _judged(session, line, told, persona)
    while asked := next(_askable(judged, told, persona), None):
        told = _told(told, asked, persona)
        judged = _judged(session, line, told, persona)
    verdict = judged.verdict
    on_all = _judged(session, line, _all_told(persona, reason), persona)
    after = {
        (str(each.programme), str(each.remedy)): known.verdict.remedy_as_dict(preview(known, each, persona.now))
        for known in (on_all, judged)
        for each in known.verdict.remedies
        if each.outcome.is_open
    }
    whole, everything = verdict.as_dict(), on_all.verdict.as_dict()
    settled = [each for each in whole["remedies"] if each["outcome"] != Outcome.NEEDS_INFORMATION]
    remedies = {(each["programme"], each["remedy"]): each for each in (*everything["remedies"], *settled)}
    return TrueLine(
        title=line.title,
        remedies=remedies,
        granted=after,
        matters=tuple((str(each.programme), str(each.remedy)) for each in judged.remedies) if goal.remedies else (),
        offers=tuple((str(each.programme), str(each.remedy)) for each in judged.offers),
        dates=dates_of(whole),
        later_dates=dates_of(everything),
        cases=(judged.case, on_all.case),
        unsettled=frozenset(
            (str(each.programme), str(each.remedy))
            for each in verdict.remedies
            if each.outcome is Outcome.NEEDS_INFORMATION
        ),
        wanted=str(goal.remedies[0]) if goal.remedies else None,
        deadlines=frozenset(
            _deadlines([*remedies.values(), *after.values()], [*whole["dates"], *everything["dates"]], line)
        ),
        quantity=line.quantity,
        cost=f"{Decimal(line.unit_price) * line.quantity:.2f}",
        person=not judged.offers and any(each.outcome is Outcome.NEEDS_INFORMATION for each in judged.remedies),
    )


def _all_told(persona: Persona, reason: ClaimReason | None) -> Told:
    """All that the customer knows of the goods."""
    told = Told(reason=reason)
    for path in SLOT_OF_QUESTION:
        if path != "claim.reason" and persona.knows(path) is not None:
            told = _told(told, path, persona)
    return told


def _judged(session: Session, line: order_store.Line, told: Told, persona: Persona) -> Judged:
    case = build_case(session, line, told, persona.now)
    verdict = decide(case)
    return Judged(case, verdict, remedies_that_matter(GOALS[persona.goal], told.reason, verdict))


def _askable(judged: Judged, told: Told, persona: Persona) -> Iterator[str]:
    """What the customer can still be asked; nothing of a remedy that needs what they cannot know.

    Nobody knows when a parcel came that is still to come.
    """
    for remedy in judged.remedies:
        if all(path in SLOT_OF_QUESTION and persona.knows(path) is not None for path in remedy.questions):
            yield from (path for path in remedy.questions if getattr(told, SLOT_OF_QUESTION[path]) is None)


def _told(told: Told, path: str, persona: Persona) -> Told:
    return replace(told, **{SLOT_OF_QUESTION[path]: persona.knows(path)})


def _deadlines(
    remedies: Sequence[Mapping[str, Any]], dates: Sequence[Mapping[str, Any]], line: order_store.Line
) -> Iterator[date]:
    for each in remedies:
        if each["last_day"] is not None:
            yield date.fromisoformat(each["last_day"])
        if each["opens_at"] is not None:
            yield datetime.fromisoformat(each["opens_at"]).date()
    for each in dates:
        yield date.fromisoformat(each["last_day"])
    if line.restock_expected_on is not None:
        yield line.restock_expected_on


def _secrets(order: Mapping[str, Any]) -> tuple[str, ...]:
    """What nobody but the customer may read: names, numbers and amounts of the order."""
    parcels = [value for parcel in order["shipments"] for value in (parcel["carrier"], parcel["tracking"])]
    lines = [value for line in order["lines"] for value in (line["title"], line["unit_price"])]
    return (order["customer"]["name"], *parcels, *lines)
