"""Every deadline can be put into a calendar: on its day, once, with a reminder before it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar, Event

from casework.calendars import calendar_file, deadline_ics, rma_deadlines, told_deadlines
from casework.granting import grant
from casework.paper import chat_words, paper_words
from casework.telling import Teller
from order_store import Database, find_rma
from policy_core import RemedyName
from tests.casework.orders import NOW, a_dossier, a_line, a_shop, line_of, tell, the_line, told

SHOP = a_shop("voltaic", name="Voltaic, Ltd; Co")
FAULT = {"reason": "defective", "complete": True, "caused_by_customer": False, "labels_intact": True}
PERIODS = (
    *("protection_ends", "one_year_service_opens", "one_year_service_ends", "return_window_ends"),
    *("warranty_ends", "send_by", "rma_return_by", "refund_due"),
)


def _payload(*dates: tuple[str, str], **changes: Any) -> dict[str, Any]:
    listed = [{"code": code, "clause": "AS-W1", "last_day": day} for code, day in dates]
    return {
        "v": 1,
        "kind": "verdict",
        "order": "QC-1001",
        "line": 1,
        "item": "Copper kettle",
        "dates": listed,
    } | changes


def _events(file: bytes) -> list[Event]:
    return [part for part in Calendar.from_ical(file).walk("VEVENT") if isinstance(part, Event)]


def _file(payload: dict[str, Any], now: datetime = NOW) -> bytes:
    return calendar_file(told_deadlines(payload, SHOP, now), SHOP, now)


def test_a_deadline_is_an_event_of_its_whole_last_day() -> None:
    (event,) = _events(_file(_payload(("warranty_ends", "2026-08-28"))))
    assert event.decoded("dtstart") == date(2026, 8, 28)
    assert event.get("dtend") is None
    assert event.get("summary") == "Warranty ends: Copper kettle"
    said = str(event.get("description"))
    assert "Voltaic, Ltd; Co, order QC-1001" in said
    assert "Until Friday 28 August 2026, end of day, Shanghai time (AS-W1)" in said


def test_it_reminds_at_nine_in_the_morning_three_days_before() -> None:
    (event,) = _events(_file(_payload(("warranty_ends", "2026-08-28"))))
    (alarm,) = event.walk("VALARM")
    assert alarm.get("action") == "DISPLAY"
    assert datetime(2026, 8, 28, tzinfo=UTC) + alarm.decoded("trigger") == datetime(2026, 8, 25, 9, tzinfo=UTC)


def test_taken_in_again_an_event_replaces_itself_and_no_other() -> None:
    both = _payload(("warranty_ends", "2026-08-28"), ("return_window_ends", "2026-03-12"))
    first, again = _events(_file(both)), _events(_file(both, NOW + timedelta(hours=5)))
    moved = _events(_file(_payload(("warranty_ends", "2026-09-01"))))
    uids = [str(event["uid"]) for event in first]
    assert len(set(uids)) == 2
    assert [str(event["uid"]) for event in again] == uids
    assert str(moved[0]["uid"]) == uids[0]
    assert again[0].decoded("dtstamp") - first[0].decoded("dtstamp") == timedelta(hours=5)
    other_clause = _payload(("warranty_ends", "2026-08-28"))
    other_clause["dates"][0]["clause"] = "ST-D3"
    second_line = _payload(("warranty_ends", "2026-08-28"), line=2)
    assert not {str(event["uid"]) for each in (other_clause, second_line) for event in _events(_file(each))} & set(uids)
    elsewhere = _events(calendar_file(told_deadlines(both, a_shop("quill"), NOW), a_shop("quill"), NOW))
    assert not {str(event["uid"]) for event in elsewhere} & set(uids)


def test_the_same_period_by_two_clauses_is_two_events_of_one_file() -> None:
    both = _payload(("warranty_ends", "2026-08-28"), ("warranty_ends", "2028-02-01"))
    both["dates"][1]["clause"] = "ST-D3"
    assert len({str(event["uid"]) for event in _events(_file(both))}) == 2


def test_what_was_told_before_lines_had_numbers_still_has_its_days() -> None:
    old = _payload(("warranty_ends", "2026-08-28"))
    del old["line"]
    assert [each.day for each in told_deadlines(old, SHOP, NOW)] == [date(2026, 8, 28)]


def test_the_file_is_written_as_the_standard_has_it() -> None:
    file = _file(_payload(("warranty_ends", "2026-08-28"), item="Kettle; 1,7 l \\ copper\nKölner 上海 " * 6))
    lines = file.split(b"\r\n")
    assert lines[-1] == b""
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 75
    unfolded = file.replace(b"\r\n ", b"").decode()
    assert "Kettle\\; 1\\,7 l \\\\ copper\\nKölner 上海" in unfolded
    assert "DTSTART;VALUE=DATE:20260828" in unfolded
    assert "VERSION:2.0" in unfolded
    assert "DTSTAMP:20260310T093000Z" in unfolded


@pytest.mark.parametrize("code", PERIODS)
def test_every_period_of_the_policies_has_its_words(code: str) -> None:
    assert f"calendar_{code}" in paper_words()
    assert f"date_{code}" in chat_words()


def test_a_day_that_is_over_is_left_out_and_today_is_not() -> None:
    payload = _payload(("return_window_ends", "2026-03-09"), ("send_by", "2026-03-10"))
    assert [each.key.split("/")[2] for each in told_deadlines(payload, SHOP, NOW)] == ["send_by"]
    # At half past four in the afternoon in London the day is over in Shanghai.
    assert told_deadlines(payload, SHOP, datetime(2026, 3, 10, 16, 30, tzinfo=UTC)) == []


def test_a_service_that_opens_is_told_by_its_first_moment() -> None:
    (event,) = _events(_file(_payload(("one_year_service_opens", "2026-03-16"))))
    assert "From Monday 16 March 2026, 00:00, Shanghai time" in str(event.get("description"))


def test_a_verdict_told_in_the_chat_becomes_a_calendar(sqlite_shops: Database) -> None:
    tell(sqlite_shops, told(shop="voltaic", lines=[a_line(factory_shipped_on="2026-02-01")]))
    dossier = a_dossier("report_defect", shop="voltaic", **FAULT)
    with sqlite_shops.read() as session:
        line = the_line(session, shop="voltaic")
        payload = Teller(chat_words(), line, NOW).verdict(dossier.judge(session, line, NOW)).custom
    assert payload["line"] == 1
    days = {each.key.split("/")[2]: each.day.isoformat() for each in told_deadlines(payload, SHOP, NOW)}
    assert days == {each["code"]: each["last_day"] for each in payload["dates"]}
    assert "return_window_ends" in days


def test_an_rma_has_the_day_the_parcel_has_to_be_on_its_way(shops: Database) -> None:
    tell(shops, told(shop="voltaic"))
    dossier = a_dossier("report_defect", shop="voltaic", **FAULT)
    with shops.write() as session:
        granted = grant(session, dossier, line_of(session, dossier), RemedyName.RETURN_REFUND, NOW, "c1:1")
    with shops.read() as session:
        rma = find_rma(session, "voltaic", str(granted.number))
        assert rma is not None
        (deadline,) = rma_deadlines(rma, rma.line.order.shop)
        file = deadline_ics(rma, rma.line.order.shop, NOW)
    assert deadline.day == date(2026, 3, 17)
    assert str(granted.number) in deadline.summary
    assert "(AS-X7)" in deadline.description
    assert "Returns, Musterstrasse 1" in deadline.description
    assert file is not None
    assert len(_events(file)) == 1


def test_an_rma_without_a_last_day_has_no_calendar(sqlite_shops: Database) -> None:
    tell(sqlite_shops, told())
    dossier = a_dossier("return_item", reason="change_of_mind")
    with sqlite_shops.write() as session:
        granted = grant(session, dossier, line_of(session, dossier), RemedyName.RETURN_REFUND, NOW, "c1:1")
    with sqlite_shops.read() as session:
        rma = find_rma(session, "quill", str(granted.number))
        assert rma is not None
        assert deadline_ics(rma, rma.line.order.shop, NOW) is None
