"""What all that is printed or saved has in common: its words, and the terms an RMA is sent in on."""

from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import object_session

import order_store
import policy_core
from policy_core import CaseError, Period, Programme, RemedyName, RemedyVerdict, end_of_day, local_day

from .cases import RETURN_REMEDIES, Told, build_case
from .deadlines import day_in_words, zone_in_words
from .words import Words

PAPER_WORDS_FILE = Path(__file__).with_name("paper.yml")

_RETURN_BY_PERIODS = {"store_policy": "rma_return_by", "after_sales": "send_by"}


@cache
def paper_words() -> Words:
    """The words of slips and calendars."""
    return Words.load(PAPER_WORDS_FILE)


@cache
def chat_words() -> Words:
    """The words of the chat: paper says what the customer has read there already."""
    return Words.load()


def standing_terms(rma: order_store.Rma) -> tuple[RemedyVerdict | None, tuple[Period, ...]]:
    """What the policy said of `rma` at the instant it was issued, as its remedy and the line's periods.

    As of that instant the answer stays the same for good: what happens to the item afterwards, or how late a
    slip is printed, changes nothing of it. `rma` belongs to an open session. Gives (None, ()) where the order
    as it is told today contradicts what the RMA was issued on.
    """
    session = object_session(rma)
    if session is None:
        raise ValueError("the RMA has to be read in a session that is still open")
    try:
        case = build_case(session, rma.line, Told.from_slots(rma.facts), rma.issued_at)
        # An item sent in for repair is no confirmed return.
        issued = policy_core.Rma(Programme(rma.programme), rma.issued_at) if rma.remedy in RETURN_REMEDIES else None
        verdict = policy_core.decide(replace(case, rma=issued))
    except CaseError:
        return None, ()
    return verdict.remedy(RemedyName(rma.remedy), Programme(rma.programme)), verdict.dates


def return_by(remedy: RemedyVerdict, periods: tuple[Period, ...], zone: ZoneInfo) -> tuple[datetime, str] | None:
    """By when the parcel has to be on its way (UTC) and the clause that says so; None: the policy names no day."""
    code = _RETURN_BY_PERIODS.get(remedy.programme)
    period = next((each for each in periods if each.code == code), None)
    if period is not None:
        return end_of_day(period.last_day, zone), period.clause
    if remedy.closes_at is not None:
        return remedy.closes_at, remedy.reasons[0].clause
    return None


def instant_on_paper(instant: datetime, zone: ZoneInfo) -> str:
    """An end as it is printed: weekday, date, time and zone, and nothing that is true of one day only."""
    day, chat = local_day(instant, zone), chat_words()
    time = (
        chat("phrase_end_of_day")
        if instant == end_of_day(day, zone)
        else chat("phrase_time", time=instant.astimezone(zone).strftime("%H:%M"))
    )
    return paper_words()("slip_deadline", day=day_in_words(day, chat), time=time, zone=zone_in_words(zone, chat))
