"""Every period of every programme, walked through each day of ten years: no gap, no overlap, no day off by one.

The expected days are worked out here on their own, with plain dates: an event day plus N, a year later by the
calendar, and a day of the shop found by asking on which date an instant falls there.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from policy_core import (
    Case,
    Claim,
    ClaimReason,
    Line,
    Order,
    Outcome,
    Programme,
    Proof,
    ProofValidity,
    RemedyVerdict,
    Rma,
    Shop,
    Verdict,
    decide,
    load_policy,
    read_case,
)

BP, AS, ST = Programme.BUYER_PROTECTION, Programme.AFTER_SALES, Programme.STORE_POLICY
SHIPPED = Path(__file__).parents[2] / "policy_core" / "programmes"
TICK, DAY = timedelta(microseconds=1), timedelta(days=1)

# Three leap days; in Apia the 30th of December 2011 was left out.
FIRST, LAST = date(2008, 1, 1), date(2017, 12, 31)
TEN_YEARS = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
assert len(TEN_YEARS) == 3653

# Every day where clocks change at midnight: there is none in spring, and the last hour comes twice in autumn.
WALKED = ("Africa/Cairo",)
# In these, the days that stand out; midnight comes twice a year in Havana.
GLANCED_AT = ("America/New_York", "America/Havana", "Asia/Kathmandu", "Asia/Shanghai", "Europe/Berlin", "Pacific/Apia")
EVERYWHERE = pytest.mark.parametrize(
    "zone", [ZoneInfo(name) for name in WALKED + GLANCED_AT], ids=lambda zone: zone.key
)


# -- the calendar, once more --------------------------------------------------------------------------------------


@cache
def beginning(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of `day` there, in UTC; days begin on a quarter of an hour, UTC. A day left out has none:
    the first of the next."""
    before = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=36)
    quarters = range(4 * 72)
    return before + timedelta(minutes=15) * bisect_left(
        quarters, day, key=lambda quarter: (before + timedelta(minutes=15) * quarter).astimezone(zone).date()
    )


def ending(day: date, zone: ZoneInfo) -> datetime:
    return beginning(day + DAY, zone) - TICK


def exists(day: date, zone: ZoneInfo) -> bool:
    return beginning(day, zone) < beginning(day + DAY, zone)


def days_later(days: int) -> Callable[[date], date]:
    return lambda day: day + timedelta(days=days)


def a_year_later(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year + 1, 2, 28)
    return date(day.year + 1, day.month, day.day)


def test_the_days_found_here_follow_each_other() -> None:
    """25,571 days: each is as long as its clock says, and the one that was left out is no longer than nothing."""
    lengths: dict[str, set[float]] = {}
    for name in WALKED + GLANCED_AT:
        zone = ZoneInfo(name)
        for day in TEN_YEARS:
            if exists(day, zone):
                assert beginning(day, zone).astimezone(zone).date() == ending(day, zone).astimezone(zone).date() == day
            lengths.setdefault(name, set()).add((beginning(day + DAY, zone) - beginning(day, zone)) / DAY * 24)
    assert lengths == {
        "America/New_York": {23, 24, 25},
        "Africa/Cairo": {23, 24, 25},
        "Asia/Kathmandu": {24},
        "Asia/Shanghai": {24},
        "Europe/Berlin": {23, 24, 25},
        "America/Havana": {23, 24, 25},
        "Pacific/Apia": {0, 23, 24, 25},
    }


def of_another_length(day: date, zone: ZoneInfo) -> bool:
    return beginning(day + DAY, zone) - beginning(day, zone) != DAY


@cache
def event_days(zone: ZoneInfo, last_day: Callable[[date], date]) -> list[date]:
    """Every day of the ten years; where they are only glanced at, those on which an event, or the end of its
    period, is within a day of a clock change, of a leap day or of the end of a year."""
    if zone.key in WALKED:
        return TEN_YEARS

    def stands_out(day: date) -> bool:
        around = [day - DAY, day, day + DAY]
        return any(of_another_length(each, zone) or (each.month, each.day) in _TURNS for each in around)

    return [day for day in TEN_YEARS if stands_out(day) or stands_out(last_day(day))]


_TURNS = {(2, 28), (2, 29), (3, 1), (12, 31)}


def event_on(day: date, zone: ZoneInfo) -> datetime:
    """By turns the first and the last microsecond of the day: the one is yesterday, or the other tomorrow, in UTC."""
    return beginning(day, zone) if day.toordinal() % 2 else ending(day, zone)


# -- each period: open to the end of its last day, closed one microsecond later -----------------------------------


@dataclass(frozen=True)
class Window:
    """A period that an event opens. `tell` makes the case of an event from its day, its instant and the shop."""

    name: str
    programme: Programme
    remedy: str
    last_day: Callable[[date], date]
    tell: Callable[[date, datetime, Shop], Case]
    opened: tuple[str, str, str]  # outcome, reason, clause
    closed: tuple[str, str]
    listed: tuple[str, str] | None  # the code and the clause of its end in `dates`
    closes: bool = True  # whether its end is that of the remedy
    by_day: bool = False  # the event is told as a day, not as an instant
    parameters: Mapping[str, Any] | None = None


GOODS = Claim(
    reason=ClaimReason.DEFECTIVE,
    complete=True,
    caused_by_customer=False,
    labels_intact=True,
    activated=False,
    resalable=True,
    photos=1,
)
NO_PROOF = replace(GOODS, proof=Proof(None, ProofValidity.INVALID))
NEW_CLAIM = replace(GOODS, reason=ClaimReason.CHANGE_OF_MIND)
LONG_AGO = date(2000, 1, 1)


def with_order(at: datetime, shop: Shop, claim: Claim = GOODS, **told: Any) -> Case:
    return Case(at, shop, Order(**told), claim=claim)


def with_rma(programme: Programme) -> Callable[[date, datetime, Shop], Case]:
    return lambda day, at, shop: Case(at, shop, Order(paid_at=at - 20 * DAY), claim=GOODS, rma=Rma(programme, at))


OPEN, INSPECTED = "eligible", "eligible_after_inspection"
WINDOWS = [
    Window(
        "a dispute after receipt is confirmed",
        BP,
        "dispute",
        days_later(15),
        # The end stored before no longer counts.
        lambda day, at, shop: with_order(
            at, shop, paid_at=at - 9 * DAY, receipt_confirmed_at=at, protection_ends_at=at + 3 * DAY
        ),
        (OPEN, "within_protection", "BP-3"),
        ("protection_ended", "BP-3"),
        ("protection_ends", "BP-3"),
    ),
    Window(
        "a return of a faulty item",
        AS,
        "return_refund",
        days_later(7),
        lambda day, at, shop: with_order(at, shop, paid_at=at, delivered_at=at),
        (OPEN, "within_return_window", "AS-R2"),
        ("return_window_closed", "AS-X1"),
        ("return_window_ends", "AS-R1"),
    ),
    Window(
        "a return of a faultless item, received in the customer's word",
        AS,
        "return_refund",
        days_later(7),
        lambda day, at, shop: with_order(at, shop, NEW_CLAIM, paid_at=at, receipt_confirmed_at=at),
        (OPEN, "within_return_window", "AS-R1"),
        ("return_window_closed", "AS-X1"),
        ("return_window_ends", "AS-R1"),
    ),
    Window(
        "sending off a confirmed return",
        AS,
        "return_refund",
        days_later(7),
        with_rma(AS),
        (OPEN, "within_return_window", "AS-R2"),
        ("confirmed_return_lapsed", "AS-X7"),
        ("send_by", "AS-X7"),
    ),
    Window(
        "the warranty from the date on the proof",
        AS,
        "warranty_repair",
        days_later(180),
        lambda day, at, shop: Case(at, shop, claim=replace(GOODS, proof=Proof(day, ProofValidity.VALID))),
        (INSPECTED, "within_warranty", "AS-W1"),
        ("warranty_ended", "AS-W1"),
        ("warranty_ends", "AS-W1"),
        by_day=True,
    ),
    Window(
        "the warranty where the paid order is the proof",
        AS,
        "warranty_repair",
        days_later(180),
        lambda day, at, shop: with_order(at, shop, paid_at=at),
        (INSPECTED, "within_warranty", "AS-W1"),
        ("warranty_ended", "AS-W1"),
        ("warranty_ends", "AS-W1"),
    ),
    Window(
        "the warranty from the factory",
        AS,
        "warranty_repair",
        days_later(240),
        lambda day, at, shop: Case(at, shop, line=Line(factory_shipped_on=day), claim=NO_PROOF),
        (INSPECTED, "within_warranty", "AS-W1"),
        ("warranty_ended", "AS-W1"),
        ("warranty_ends", "AS-W1"),
        by_day=True,
    ),
    Window(
        "the cover after a repair",
        AS,
        "warranty_repair",
        days_later(60),
        lambda day, at, shop: Case(
            at, shop, line=Line(factory_shipped_on=LONG_AGO, repaired_and_sent_back_on=day), claim=NO_PROOF
        ),
        (INSPECTED, "within_warranty", "AS-W3"),
        ("warranty_ended", "AS-W3"),
        ("warranty_ends", "AS-W3"),
        by_day=True,
    ),
    Window(
        "returning a faulty item under its RMA",
        ST,
        "return_refund",
        days_later(30),
        with_rma(ST),
        (INSPECTED, "defective", "ST-D1"),
        ("rma_expired", "ST-D2"),
        ("rma_return_by", "ST-D2"),
    ),
    Window(
        "changing one's mind where the shop limits it",
        ST,
        "return_refund",
        days_later(14),
        lambda day, at, shop: with_order(at, shop, NEW_CLAIM, paid_at=at, delivered_at=at),
        (OPEN, "change_of_mind", "ST-N1"),
        ("change_of_mind_closed", "ST-A2"),
        None,
        parameters={"change_of_mind_days": 14},
    ),
    Window(
        "the warranty the line itself has",
        ST,
        "exchange",
        lambda day: day,
        lambda day, at, shop: Case(at, shop, Order(delivered_at=at), Line(warranty_until=day), GOODS),
        (INSPECTED, "defective", "ST-D1"),
        ("warranty_ended", "ST-D3"),
        ("warranty_ends", "ST-D3"),
        closes=False,
        by_day=True,
    ),
]


def shop_of(zone: ZoneInfo, *programmes: Programme, parameters: Mapping[str, Any] | None = None) -> Shop:
    told = {"programmes": list(programmes), "timezone": zone.key, "parameters": parameters}
    return read_case({"as_of": "2026-01-01T00:00:00Z", "shop": told}).shop


def verdict_on(case: Case, remedy: str) -> tuple[RemedyVerdict, Verdict]:
    verdict = decide(case)
    (judged,) = [each for each in verdict.remedies if each.remedy == remedy]
    return judged, verdict


def how(judged: RemedyVerdict) -> tuple[str, ...]:
    """The outcome, and each reason with its clause."""
    return (str(judged.outcome), *(text for reason in judged.reasons for text in (reason.code, reason.clause)))


@EVERYWHERE
@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: window.name)
def test_a_period_is_open_to_its_last_microsecond_and_closed_one_later(window: Window, zone: ZoneInfo) -> None:
    """11 periods of an event on each of 3,653 days, and on 73 to 266 days of 6 more zones: 53,763 events, each judged
    at its instant, at the end of its period and a microsecond later."""
    shop = shop_of(zone, window.programme, parameters=window.parameters)
    for day in event_days(zone, window.last_day):
        if not window.by_day and not exists(day, zone):
            continue
        at = beginning(day, zone) if window.by_day else event_on(day, zone)
        last_day = window.last_day(day)
        end = ending(last_day, zone)
        case = window.tell(day, at, shop)
        # A warranty that ends on a day that was left out was over before this one began.
        for as_of in (at, end) if at <= end else ():
            judged, verdict = verdict_on(replace(case, as_of=as_of), window.remedy)
            assert how(judged) == window.opened, (day, as_of)
            assert judged.closes_at == (end if window.closes else None), (day, as_of)
            assert judged.last_day == (end.astimezone(zone).date() if window.closes else None), (day, as_of)
            assert_listed(window.listed, last_day, verdict)
        judged, verdict = verdict_on(replace(case, as_of=end + TICK), window.remedy)
        assert how(judged) == ("not_eligible", *window.closed), (day, last_day)
        assert (judged.opens_at, judged.closes_at, judged.last_day) == (None, None, None)
        assert_listed(window.listed, last_day, verdict)


def assert_listed(listed: tuple[str, str] | None, last_day: date, verdict: Verdict) -> None:
    if listed is not None:
        assert (*listed, last_day) in [(each.code, each.clause, each.last_day) for each in verdict.dates]


def test_a_window_with_a_day_that_was_left_out_ends_with_the_day_before() -> None:
    """Seven days after the 23rd is the 30th, which Apia did not have: the 31st is too late already."""
    apia = ZoneInfo("Pacific/Apia")
    received = event_on(date(2011, 12, 23), apia)
    case = with_order(received, shop_of(apia, AS), paid_at=received, delivered_at=received)
    judged, _ = verdict_on(case, "return_refund")
    assert judged.last_day == date(2011, 12, 29)
    closing, _ = verdict_on(replace(case, as_of=beginning(date(2011, 12, 31), apia)), "return_refund")
    assert closing.outcome is Outcome.NOT_ELIGIBLE


@EVERYWHERE
def test_the_protection_stored_with_an_order_ends_at_its_instant(zone: ZoneInfo) -> None:
    """Ends on 3,653 days, at the first, the last or some microsecond of the day; on fewer in 6 more zones.
    Before the order was paid, it was not covered."""
    shop = shop_of(zone, BP)
    for number, day in enumerate(event_days(zone, days_later(0))):
        if not exists(day, zone):
            continue
        end = event_on(day, zone) if number % 3 else beginning(day, zone) + timedelta(hours=11, microseconds=7)
        paid = event_on(day, zone) - 40 * DAY
        case = Case(end, shop, Order(paid_at=paid, protection_ends_at=end), claim=GOODS)
        for as_of, outcome, code in [
            (paid - TICK, "not_eligible", "not_covered_yet"),
            (paid, "eligible", "within_protection"),
            (end, "eligible", "within_protection"),
            (end + TICK, "not_eligible", "protection_ended"),
        ]:
            judged, verdict = verdict_on(replace(case, as_of=as_of), "dispute")
            assert how(judged) == (outcome, code, "BP-1"), (day, as_of)
            expected = (paid, end, day) if outcome == "eligible" else (None, None, None)
            assert (judged.opens_at, judged.closes_at, judged.last_day) == expected, (day, as_of)
            ends = [(each.code, each.clause, each.last_day) for each in verdict.dates]
            assert ends == ([("protection_ends", "BP-1", day)] if as_of >= paid else []), (day, as_of)


@EVERYWHERE
def test_the_one_year_service_waits_opens_and_ends_without_a_gap(zone: ZoneInfo) -> None:
    """Completed on 3,653 days, on fewer in 6 more zones: each judged at six instants. Waiting to its last
    microsecond, open from the next one, open to its last, ended at the next."""
    shop = shop_of(zone, BP)
    for day in event_days(zone, lambda day: a_year_later(day + 15 * DAY)):
        if not exists(day, zone):
            continue
        completed = event_on(day, zone)
        waiting_until = day + 15 * DAY
        opens, end = beginning(waiting_until + DAY, zone), ending(a_year_later(waiting_until), zone)
        order = Order(paid_at=completed - 30 * DAY, completed_at=completed)
        case = Case(completed, shop, order, Line(one_year_service=True), GOODS)
        listed = {
            ("one_year_service_opens", "OW-2", waiting_until + DAY),
            ("one_year_service_ends", "OW-2", a_year_later(waiting_until)),
        }
        waiting = ("not_yet", "waiting_period", "OW-2", "waiting_period", "OW-4")
        for as_of, expected, window in [
            (completed - TICK, ("not_yet", "order_not_completed", "OW-2"), (None, None)),
            (completed, waiting, (opens, None)),
            (opens - TICK, waiting, (opens, None)),
            (opens, ("eligible", "within_service", "OW-2"), (opens, end)),
            (end, ("eligible", "within_service", "OW-2"), (opens, end)),
            (end + TICK, ("not_eligible", "service_ended", "OW-2"), (None, None)),
        ]:
            judged, verdict = verdict_on(replace(case, as_of=as_of), "one_year_service")
            assert how(judged) == expected, (day, as_of)
            assert (judged.opens_at, judged.closes_at) == window, (day, as_of)
            shown = {(each.code, each.clause, each.last_day) for each in verdict.dates}
            assert shown == (listed if as_of >= completed else set()), (day, as_of)


@EVERYWHERE
def test_the_refund_is_due_fifteen_days_after_the_claim_was_closed(zone: ZoneInfo) -> None:
    """Closed on 3,653 days, on fewer in 6 more zones; known from the very instant, not one before."""
    shop = shop_of(zone, BP)
    for day in event_days(zone, days_later(15)):
        if exists(day, zone):
            closed = event_on(day, zone)
            case = Case(closed, shop, claim_closed_at=closed)
            due = [(each.code, each.clause, each.last_day) for each in decide(case).dates]
            assert due == [("refund_due", "BP-7", day + 15 * DAY)], day
            assert decide(replace(case, as_of=closed - TICK)).dates == (), day


# -- one line, asked about on every day ---------------------------------------------------------------------------

# The order of one line, told as local days; each event at noon of its day.
STORY: dict[str, Any] = {
    "paid": date(2009, 2, 28),
    "shipped": date(2009, 3, 5),
    "delivered": date(2009, 3, 29),
    "confirmed": date(2009, 4, 2),
    "completed": date(2009, 4, 24),
    "stored_end": date(2009, 3, 31),
    "claim_closed": date(2009, 5, 30),
    "proof": date(2009, 3, 1),
    "factory": date(2008, 12, 24),
    "repaired": date(2010, 10, 15),
    "warranty_until": date(2012, 2, 29),
    "issued": date(2011, 12, 20),
}


def line_of(zone: ZoneInfo, reason: ClaimReason, rma: Programme) -> Case:
    at = {name: beginning(day, zone) + timedelta(hours=12) for name, day in STORY.items()}
    order = Order(
        paid_at=at["paid"],
        shipped_at=at["shipped"],
        delivered_at=at["delivered"],
        receipt_confirmed_at=at["confirmed"],
        completed_at=at["completed"],
        protection_ends_at=at["stored_end"],
    )
    line = Line(None, STORY["factory"], STORY["warranty_until"], True, STORY["repaired"])
    claim = replace(GOODS, reason=reason, proof=Proof(STORY["proof"], ProofValidity.VALID))
    return Case(
        as_of=at["paid"],
        shop=shop_of(zone, BP, AS, ST, parameters={"change_of_mind_days": 40}),
        order=order,
        line=line,
        claim=claim,
        rma=Rma(rma, at["issued"]),
        claim_closed_at=at["claim_closed"],
    )


NO, YES, LATER, ASK = "not_eligible", "eligible", "not_yet", "needs_information"
# What each remedy is, in order of time: (the outcome, the reasons, the first day on which it is that from the first
# microsecond on, or the event at whose instant it comes about). Worked out by hand from the days of the story.
Turns = list[tuple[str, str, str | date]]
START = "the beginning"
FAULTY: dict[tuple[Programme, str], Turns] = {
    (BP, "dispute"): [
        (NO, "not_covered_yet", START),
        (YES, "within_protection", "paid"),
        # 31 March at noon; on 2 April receipt is confirmed, and it runs to the 17th after all.
        (NO, "protection_ended", "stored_end"),
        (YES, "within_protection", "confirmed"),
        (NO, "protection_ended", date(2009, 4, 18)),
    ],
    (BP, "one_year_service"): [
        (LATER, "order_not_completed", START),
        (LATER, "waiting_period waiting_period", "completed"),
        (YES, "within_service", date(2009, 5, 10)),
        (NO, "service_ended", date(2010, 5, 10)),
    ],
    (AS, "return_refund"): [
        # No receipt yet, and before the day on it no proof: once paid, the order is one.
        (ASK, "", START),
        (YES, "within_return_window", "delivered"),
        (NO, "return_window_closed", date(2009, 4, 6)),
    ],
    (AS, "warranty_repair"): [
        (ASK, "", START),
        (INSPECTED, "within_warranty", "paid"),
        # 180 days after 1 March: 28 August.
        (NO, "warranty_ended", date(2009, 8, 29)),
        (INSPECTED, "within_warranty", date(2010, 10, 15)),
        (NO, "warranty_ended", date(2010, 12, 15)),
    ],
    (AS, "paid_repair"): [(INSPECTED, "quote_first", START)],
    (AS, "software_upgrade"): [(NO, "not_a_ground", START)],
    (ST, "cancel"): [(YES, "not_shipped", START), (NO, "already_shipped", "shipped")],
    (ST, "refuse_delivery"): [
        (NO, "not_a_ground not_shipped_yet", START),
        (NO, "not_a_ground", "shipped"),
        (NO, "not_a_ground already_delivered", "delivered"),
    ],
    (ST, "wait_backorder"): [(NO, "in_stock", START), (NO, "in_stock already_shipped", "shipped")],
    (ST, "refund_now"): [(NO, "in_stock", START), (NO, "in_stock already_shipped", "shipped")],
    (ST, "return_refund"): [
        (NO, "not_delivered_yet", START),
        (INSPECTED, "defective", "delivered"),
        # Under an RMA the warranty's end, in February, is no bar; 30 days after 20 December is 19 January.
        (NO, "rma_expired", date(2012, 1, 20)),
    ],
}
FAULTY[ST, "exchange"] = FAULTY[ST, "return_refund"]
UNWANTED: dict[tuple[Programme, str], Turns] = {
    (BP, "dispute"): [
        (NO, "not_covered_yet not_a_ground", START),
        (NO, "not_a_ground", "paid"),
        (NO, "not_a_ground protection_ended", "stored_end"),
        (NO, "not_a_ground", "confirmed"),
        (NO, "not_a_ground protection_ended", date(2009, 4, 18)),
    ],
    (BP, "one_year_service"): [
        (NO, "not_a_fault", START),
        (NO, "not_a_fault service_ended", date(2010, 5, 10)),
    ],
    (AS, "return_refund"): [
        (ASK, "", START),
        (YES, "within_return_window", "delivered"),
        (NO, "return_window_closed", date(2009, 4, 6)),
        # Confirmed all the same: to be sent off by the 27th of December.
        (YES, "within_return_window", "issued"),
        (NO, "confirmed_return_lapsed", date(2011, 12, 28)),
    ],
    (AS, "warranty_repair"): [
        (NO, "not_a_ground", START),
        (NO, "not_a_ground warranty_ended", date(2009, 8, 29)),
        (NO, "not_a_ground", date(2010, 10, 15)),
        (NO, "not_a_ground warranty_ended", date(2010, 12, 15)),
    ],
    (AS, "paid_repair"): [(NO, "not_a_ground", START)],
    (AS, "software_upgrade"): [(NO, "not_a_ground", START)],
    (ST, "cancel"): FAULTY[ST, "cancel"],
    (ST, "refuse_delivery"): [
        (NO, "not_shipped_yet", START),
        (YES, "in_transit", "shipped"),
        (NO, "already_delivered", "delivered"),
    ],
    (ST, "wait_backorder"): FAULTY[ST, "wait_backorder"],
    (ST, "refund_now"): FAULTY[ST, "refund_now"],
    (ST, "return_refund"): [
        (NO, "not_delivered_yet", START),
        (YES, "change_of_mind", "delivered"),
        # 40 days after 29 March: 8 May.
        (NO, "change_of_mind_closed", date(2009, 5, 9)),
    ],
    (ST, "exchange"): [
        (NO, "not_delivered_yet not_a_ground", START),
        (NO, "not_a_ground", "delivered"),
        (NO, "change_of_mind_closed not_a_ground", date(2009, 5, 9)),
    ],
}


def every_day(case: Case, zone: ZoneInfo) -> Iterator[tuple[date, Verdict]]:
    """The verdict at the first and at the last microsecond of each day of the ten years."""
    for day in TEN_YEARS:
        for as_of in (beginning(day, zone), ending(day, zone)):
            yield day, decide(replace(case, as_of=as_of))


def begins(turn: str | date, zone: ZoneInfo) -> datetime:
    """The first instant at which a turn has come about."""
    if turn == START:
        return datetime.min.replace(tzinfo=UTC)
    if isinstance(turn, date):
        return beginning(turn, zone)
    noon = beginning(STORY[turn], zone) + timedelta(hours=12)
    return noon + TICK if turn == "stored_end" else noon


@pytest.mark.parametrize(
    ("reason", "rma", "turns", "name"),
    [
        pytest.param(ClaimReason.DEFECTIVE, ST, FAULTY, "Africa/Cairo", id="faulty"),
        pytest.param(ClaimReason.CHANGE_OF_MIND, AS, UNWANTED, "America/New_York", id="unwanted"),
    ],
)
def test_on_every_day_each_remedy_is_what_its_story_says_and_changes_as_announced(
    reason: ClaimReason, rma: Programme, turns: dict[tuple[Programme, str], Turns], name: str
) -> None:
    """2 lines of 12 remedies, on 3,653 days, the first and the last microsecond: 14,612 verdicts. Each says what the
    story does; what it changes of the one before, an event brought about or that one had announced; and between
    two events no remedy goes back a step."""
    zone = ZoneInfo(name)
    case = line_of(zone, reason, rma)
    story = {
        key: [(begins(turn, zone), (outcome, *reasons.split())) for outcome, reasons, turn in told]
        for key, told in turns.items()
    }
    events = [begins(event, zone) for event in STORY if event not in TOLD_AS_DAYS]
    events += [beginning(STORY[event], zone) for event in TOLD_AS_DAYS]
    before: Verdict | None = None
    for day, verdict in every_day(case, zone):
        judged = {(each.programme, str(each.remedy)): each for each in verdict.remedies}
        assert len(verdict.remedies) == len(judged) == len(story)
        for key, told in story.items():
            expected = [outcome for begun, outcome in told if begun <= verdict.as_of][-1]
            assert (str(judged[key].outcome), *(reason.code for reason in judged[key].reasons)) == expected, (day, key)
        if before is not None and not any(before.as_of < event <= verdict.as_of for event in events):
            if (before.remedies, before.dates) != (verdict.remedies, verdict.dates):
                assert any(before.as_of < told <= verdict.as_of for told in announced(before)), day
            for each in before.remedies:
                then = judged[each.programme, str(each.remedy)].outcome
                assert ORDER[each.outcome] <= ORDER[then], (day, each.remedy)
        before = verdict


TOLD_AS_DAYS = ("proof", "factory", "repaired", "warranty_until")
ORDER = {
    Outcome.NOT_YET: 0,
    Outcome.NEEDS_INFORMATION: 1,
    Outcome.ELIGIBLE: 2,
    Outcome.ELIGIBLE_AFTER_INSPECTION: 2,
    Outcome.REFER_TO_PERSON: 3,
    Outcome.NOT_ELIGIBLE: 4,
}


def announced(verdict: Verdict) -> list[datetime]:
    told = [each.opens_at for each in verdict.remedies if each.opens_at]
    told += [each.closes_at + TICK for each in verdict.remedies if each.closes_at]
    for period in verdict.dates:
        if period.code == "one_year_service_opens":
            told.append(beginning(period.last_day, verdict.zone))
        else:
            told.append(ending(period.last_day, verdict.zone) + TICK)
    return told


# -- dated figures ------------------------------------------------------------------------------------------------

# From the day on that it is told with, each of these figures is in force; before the first, the policy's own.
IN_THE_EDITION: dict[str, list[tuple[date, Any]]] = {
    "dispute_days": [(date(2009, 1, 1), 18), (date(2012, 2, 29), 21), (date(2012, 3, 1), 12)],
    "refund_due_days": [(date(2010, 12, 31), 10), (date(2011, 1, 1), 30)],
    "service_waiting_days": [(date(2011, 12, 30), 20), (date(2011, 12, 31), 0)],
    "service_years": [(date(2012, 2, 29), 2), (date(2016, 2, 29), 3)],
    "return_days": [(date(2009, 4, 24), 14), (date(2013, 10, 27), 10), (date(2013, 10, 28), 30)],
    "send_by_days": [(date(2010, 3, 14), 3), (date(2014, 11, 2), 9)],
    "warranty_days_with_proof": [(date(2014, 5, 15), 365), (date(2014, 7, 31), 90)],
    "warranty_days_without_proof": [(date(2008, 2, 29), 300)],
    "repair_cover_days": [(date(2017, 12, 31), 61)],
    "rma_return_days": [(date(2015, 6, 30), 45), (date(2015, 7, 1), 20)],
    "change_of_mind_days": [(date(2010, 4, 30), 14), (date(2016, 12, 31), 28)],
    "most_favourable_clock": [(date(2013, 6, 1), True), (date(2013, 6, 2), False)],
}
OF_THE_POLICY = {
    "dispute_days": 15,
    "refund_due_days": 15,
    "service_waiting_days": 15,
    "service_years": 1,
    "return_days": 7,
    "send_by_days": 7,
    "warranty_days_with_proof": 180,
    "warranty_days_without_proof": 240,
    "repair_cover_days": 60,
    "rma_return_days": 30,
    "change_of_mind_days": None,
    "most_favourable_clock": False,
}
# A shop's own, with gaps in which the edition's is in force: the first day, the last one, the figure.
OF_THE_SHOP: dict[str, list[tuple[date | None, date | None, Any]]] = {
    "dispute_days": [(None, date(2008, 6, 30), 1), (date(2008, 7, 2), date(2012, 2, 28), 2)],
    "return_days": [(date(2013, 10, 27), date(2013, 10, 27), 3), (date(2015, 1, 1), None, 4)],
    "service_years": [(date(2015, 2, 28), date(2016, 2, 28), 5)],
    "warranty_days_with_proof": [(date(2008, 1, 1), date(2008, 12, 31), 6), (date(2010, 1, 1), date(2014, 5, 14), 7)],
    "rma_return_days": [(None, date(2015, 6, 29), 8), (date(2015, 7, 2), None, 9)],
    "send_by_days": [(date(2012, 2, 29), date(2012, 2, 29), 10)],
    "change_of_mind_days": [(date(2010, 5, 1), date(2010, 5, 31), None), (date(2017, 12, 31), None, 0)],
    "most_favourable_clock": [(date(2013, 6, 2), date(2013, 6, 2), True)],
}


def in_force(of_the_shop: bool) -> dict[date, dict[str, Any]]:
    """The figures of every day, laid over each other day by day."""
    figures = {day: dict(OF_THE_POLICY) for day in TEN_YEARS}
    for name, turns in IN_THE_EDITION.items():
        for turn, value in turns:
            for day in TEN_YEARS[(turn - FIRST).days :]:
                figures[day][name] = value
    for name, periods in OF_THE_SHOP.items() if of_the_shop else ():
        for first, last, value in periods:
            day = first or FIRST
            while day <= (last or LAST):
                figures[day][name] = value
                day += DAY
    return figures


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped edition with its figures dated."""
    folder = tmp_path_factory.mktemp("edition")
    for file in SHIPPED.rglob("*.yml"):
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        for name in content.keys() & IN_THE_EDITION.keys():
            turns = [(None, OF_THE_POLICY[name]), *IN_THE_EDITION[name], (None, None)]
            content[name]["periods"] = [
                {"from": turn and str(turn), "to": until and str(until - DAY), "value": value}
                for (turn, value), (until, _) in pairwise(turns)
            ]
        target = folder / file.relative_to(SHIPPED)
        target.parent.mkdir(exist_ok=True)
        target.write_text(yaml.safe_dump(content), encoding="utf-8")
    return folder


def told_parameters() -> dict[str, Any]:
    return {
        name: [{"from": first and str(first), "to": last and str(last), "value": value} for first, last, value in told]
        for name, told in OF_THE_SHOP.items()
    }


@pytest.mark.parametrize(
    ("name", "of_the_shop"),
    [("America/New_York", False), ("Asia/Kathmandu", True), ("Pacific/Apia", True)],
    ids=["the edition's", "the shop's over them", "the shop's where a day was left out"],
)
def test_every_order_is_judged_by_the_figures_of_the_day_it_was_paid(
    edition: Path, name: str, of_the_shop: bool
) -> None:
    """Paid on 3,653 days, in 3 zones, first by the edition's figures, dated by 24 turns, then with a shop's own
    over some of them, with gaps."""
    zone, policy = ZoneInfo(name), load_policy(edition)
    shop = shop_of(zone, BP, AS, ST, parameters=told_parameters() if of_the_shop else None)
    at, later = date(2018, 5, 17), beginning(date(2018, 6, 1), zone)
    noon = beginning(at, zone) + timedelta(hours=12)
    for day, figures in in_force(of_the_shop).items():
        if not exists(day, zone):
            continue
        case = Case(
            later,
            shop,
            Order(event_on(day, zone), noon, noon, noon, noon),
            Line(factory_shipped_on=date(2018, 1, 1), one_year_service=True, repaired_and_sent_back_on=LONG_AGO),
            replace(NEW_CLAIM, proof=Proof(date(2018, 1, 31), ProofValidity.VALID)),
            claim_closed_at=noon,
        )
        verdict = decide(case, policy)
        warranty = date(2018, 1, 31) + timedelta(days=figures["warranty_days_with_proof"])
        if figures["most_favourable_clock"]:
            warranty = max(warranty, date(2018, 1, 1) + timedelta(days=figures["warranty_days_without_proof"]))
        waiting_until = at + timedelta(days=figures["service_waiting_days"])
        assert {each.code: each.last_day for each in verdict.dates} == {
            "protection_ends": at + timedelta(days=figures["dispute_days"]),
            "one_year_service_opens": waiting_until + DAY,
            "one_year_service_ends": waiting_until.replace(year=2018 + figures["service_years"]),
            "return_window_ends": at + timedelta(days=figures["return_days"]),
            "warranty_ends": warranty,
            "refund_due": at + timedelta(days=figures["refund_due_days"]),
        }, day
        (change,) = [each for each in verdict.remedies if (each.programme, each.remedy) == (ST, "return_refund")]
        limit = figures["change_of_mind_days"]
        last_day = None if limit is None else at + timedelta(days=limit)
        closed = last_day is not None and last_day < date(2018, 6, 1)
        assert (change.outcome is Outcome.NOT_ELIGIBLE) == closed, day
        assert change.last_day == (None if closed else last_day), day


@pytest.mark.parametrize(
    ("paid", "of_the_shop"),
    [(date(2008, 1, 1), False), (date(2017, 12, 31), True), (None, True)],
    ids=["paid long ago, the edition's", "paid at the end, the shop's", "not paid, the shop's"],
)
def test_an_rma_and_an_order_not_paid_have_the_figures_of_another_day(
    edition: Path, paid: date | None, of_the_shop: bool
) -> None:
    """An RMA issued on each of 3,653 days has the terms of that day, whenever its order was paid; an order that is
    not paid is judged, on each of those days, by the figures of the day it is asked about."""
    zone, policy = ZoneInfo("America/New_York"), load_policy(edition)
    shop = shop_of(zone, AS, ST, parameters=told_parameters() if of_the_shop else None)
    paid_at = paid and beginning(paid, zone)
    figures_of = in_force(of_the_shop)
    repaired = FIRST - 30 * DAY
    for day, figures in figures_of.items():
        issued = event_on(day, zone)
        # As of the instant it is issued: what is paid later is not paid yet.
        judged_by = figures if paid_at is None or paid_at > issued else figures_of[paid or day]
        line = Line(factory_shipped_on=repaired, repaired_and_sent_back_on=repaired)
        for programme, code, name in [(AS, "send_by", "send_by_days"), (ST, "rma_return_by", "rma_return_days")]:
            case = Case(issued, shop, Order(paid_at), line, NO_PROOF, Rma(programme, issued))
            ends = {each.code: each.last_day for each in decide(case, policy).dates}
            cover = max(judged_by["repair_cover_days"], judged_by["warranty_days_without_proof"])
            assert ends == {
                code: day + timedelta(days=figures[name]),
                "warranty_ends": repaired + timedelta(days=cover),
            }, day
