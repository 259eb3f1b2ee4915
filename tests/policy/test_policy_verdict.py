"""What policy_core offers, the shape a verdict has for other programs, and how days are counted in any zone."""

import ast
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import policy_core
from policy_core import (
    CaseError,
    Outcome,
    ParameterError,
    PolicyError,
    Programme,
    RemedyName,
    Verdict,
    decide,
    end_of_day,
    local_day,
    read_case,
    start_of_day,
)

ALL_THREE = ["buyer_protection", "after_sales", "store_policy"]


def a_case(**told: Any) -> dict[str, Any]:
    return {
        "as_of": "2026-02-17T23:59:59+08:00",
        "shop": {"programmes": ["after_sales"], "timezone": "Asia/Shanghai", "country": "CN"},
        "order": {"paid_at": "2026-01-01T09:00:00+08:00", "delivered_at": "2026-02-10T14:00:00+08:00"},
        "claim": {"reason": "defective", "complete": True, "caused_by_customer": False, "labels_intact": True},
        **told,
    }


def verdict_on(**told: Any) -> Verdict:
    return decide(read_case(a_case(**told)))


# -- public names -------------------------------------------------------------------------------------------------


def test_the_public_names_are_exactly_what_is_imported_in_order() -> None:
    tree = ast.parse(Path(policy_core.__file__).read_text(encoding="utf-8"))
    imported = [alias.asname or alias.name for n in tree.body if isinstance(n, ast.ImportFrom) for alias in n.names]
    assert policy_core.__all__ == sorted(imported)
    assert len(set(imported)) == len(imported)


def test_every_public_name_says_what_it_is() -> None:
    assert [name for name in policy_core.__all__ if not (getattr(policy_core, name).__doc__ or "").strip()] == []


def test_whatever_goes_wrong_on_purpose_is_a_policy_error() -> None:
    assert issubclass(CaseError, PolicyError)
    assert issubclass(ParameterError, PolicyError)
    assert str(CaseError("order.paid_at", "wrong")) == "order.paid_at: wrong"
    assert str(CaseError("", "no case")) == "no case"


# -- the shape of a verdict ---------------------------------------------------------------------------------------


def test_a_verdict_has_the_public_shape_to_the_letter() -> None:
    assert verdict_on().as_dict() == {
        "policy": "2026.1",
        "as_of": "2026-02-17T23:59:59+08:00",
        "remedies": [
            {
                "remedy": "return_refund",
                "programme": "after_sales",
                "outcome": "eligible",
                "opens_at": None,
                "closes_at": "2026-02-17T23:59:59.999999+08:00",
                "last_day": "2026-02-17",
                "reasons": [{"code": "within_return_window", "clause": "AS-R2"}],
                "pays": {"original_shipping": "unspecified", "return_shipping": "unspecified"},
                "obligations": [
                    {"code": "send_within_7_days", "clause": "AS-X7", "due": None},
                    {"code": "regular_carrier_and_notice", "clause": "AS-F3", "due": None},
                    {"code": "include_proof_and_note", "clause": "AS-P2", "due": None},
                ],
                "questions": [],
                "next_step": "confirm_return",
            },
            {
                "remedy": "warranty_repair",
                "programme": "after_sales",
                "outcome": "eligible_after_inspection",
                "opens_at": None,
                "closes_at": "2026-06-30T23:59:59.999999+08:00",
                "last_day": "2026-06-30",
                "reasons": [{"code": "within_warranty", "clause": "AS-W1"}],
                "pays": {"original_shipping": "unspecified", "return_shipping": "unspecified"},
                "obligations": [
                    {"code": "diagnose_first", "clause": "AS-P1", "due": None},
                    {"code": "include_proof_and_note", "clause": "AS-P2", "due": None},
                    {"code": "regular_carrier_and_notice", "clause": "AS-F3", "due": None},
                ],
                "questions": [],
                "next_step": None,
            },
            {
                "remedy": "paid_repair",
                "programme": "after_sales",
                "outcome": "eligible_after_inspection",
                "opens_at": None,
                "closes_at": None,
                "last_day": None,
                "reasons": [{"code": "quote_first", "clause": "AS-P3"}],
                "pays": {"original_shipping": "unspecified", "return_shipping": "unspecified"},
                "obligations": [],
                "questions": [],
                "next_step": None,
            },
            {
                "remedy": "software_upgrade",
                "programme": "after_sales",
                "outcome": "not_eligible",
                "opens_at": None,
                "closes_at": None,
                "last_day": None,
                "reasons": [{"code": "not_a_ground", "clause": "AS-F2"}],
                "pays": None,
                "obligations": [],
                "questions": [],
                "next_step": None,
            },
        ],
        "dates": [
            {"code": "return_window_ends", "clause": "AS-R1", "last_day": "2026-02-17"},
            {"code": "warranty_ends", "clause": "AS-W1", "last_day": "2026-06-30"},
        ],
    }


def test_the_fields_of_a_verdict_keep_their_order() -> None:
    written = json.loads(verdict_on().to_json())
    assert list(written) == ["policy", "as_of", "remedies", "dates"]
    fields = "remedy programme outcome opens_at closes_at last_day reasons pays obligations questions next_step"
    assert [list(each) for each in written["remedies"]] == [fields.split()] * 4
    assert [list(each) for each in written["dates"]] == [["code", "clause", "last_day"]] * 2


def test_an_obligation_that_is_due_tells_its_day() -> None:
    rma = {"programme": "after_sales", "issued_at": "2026-02-12T11:00:00+08:00"}
    first = verdict_on(rma=rma).as_dict()["remedies"][0]
    assert first["obligations"][0] == {"code": "send_within_7_days", "clause": "AS-X7", "due": "2026-02-19"}


def test_a_question_is_the_path_of_a_fact() -> None:
    asked = verdict_on(claim={"reason": "defective", "complete": True}).as_dict()["remedies"]
    assert [each["questions"] for each in asked if each["remedy"] == "return_refund"] == [
        ["claim.caused_by_customer", "claim.labels_intact"]
    ]


def test_json_is_compact_and_holds_the_whole_verdict() -> None:
    verdict = verdict_on()
    written = verdict.to_json()
    assert json.loads(written) == verdict.as_dict()
    assert written.startswith(
        '{"policy":"2026.1","as_of":"2026-02-17T23:59:59+08:00","remedies":[{"remedy":"return_refund","programme":'
    )
    assert "\n" not in written


def test_instants_are_shown_in_the_zone_of_the_shop() -> None:
    told = {"programmes": ["after_sales"], "timezone": "America/New_York"}
    shown = verdict_on(shop=told).as_dict()
    assert shown["as_of"] == "2026-02-17T10:59:59-05:00"
    # Received on 10 February at 01:00 in New York, so to the end of the 17th there.
    assert shown["remedies"][0]["closes_at"] == "2026-02-17T23:59:59.999999-05:00"


def test_the_same_case_is_the_same_bytes_however_it_was_told() -> None:
    told = a_case(shop={"programmes": ALL_THREE, "timezone": "Asia/Shanghai"})
    backwards = {
        key: dict(reversed(value.items())) if isinstance(value, dict) else value for key, value in told.items()
    }
    elsewhere = {**backwards, "as_of": "2026-02-17T15:59:59Z"}
    assert {decide(read_case(each)).to_json() for each in (told, told, backwards, elsewhere)} == {
        decide(read_case(told)).to_json()
    }


def test_a_remedy_is_found_by_name_and_by_programme() -> None:
    verdict = verdict_on(shop={"programmes": ["store_policy", "after_sales"], "timezone": "Asia/Shanghai"})
    best = verdict.remedy(RemedyName.RETURN_REFUND)
    stores = verdict.remedy(RemedyName.RETURN_REFUND, Programme.STORE_POLICY)
    assert best is not None
    assert stores is not None
    assert (best.programme, best.outcome) == (Programme.AFTER_SALES, Outcome.ELIGIBLE)
    assert (stores.programme, stores.outcome) == (Programme.STORE_POLICY, Outcome.NEEDS_INFORMATION)
    assert verdict.remedy(RemedyName.DISPUTE) is None
    assert verdict.remedy(RemedyName.EXCHANGE, Programme.AFTER_SALES) is None


# -- days in any zone ---------------------------------------------------------------------------------------------

TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("zone", "day", "first", "last"),
    [
        # Nothing special.
        ("Asia/Shanghai", date(2026, 3, 1), "2026-02-28T16:00:00", "2026-03-01T15:59:59.999999"),
        # The clock goes forward in the night: a day of 23 hours; and back: one of 25.
        ("Europe/Berlin", date(2026, 3, 29), "2026-03-28T23:00:00", "2026-03-29T21:59:59.999999"),
        ("Europe/Berlin", date(2026, 10, 25), "2026-10-24T22:00:00", "2026-10-25T22:59:59.999999"),
        # There is no midnight: the day begins at one.
        ("Africa/Cairo", date(2026, 4, 24), "2026-04-23T22:00:00", "2026-04-24T20:59:59.999999"),
        # The last hour comes twice: the second one counts.
        ("Africa/Cairo", date(2026, 10, 29), "2026-10-28T21:00:00", "2026-10-29T21:59:59.999999"),
        # Midnight comes twice: the first one counts.
        ("Atlantic/Azores", date(2026, 10, 25), "2026-10-25T00:00:00", "2026-10-26T00:59:59.999999"),
        # Half an hour of summer time.
        ("Australia/Lord_Howe", date(2026, 4, 5), "2026-04-04T13:00:00", "2026-04-05T13:29:59.999999"),
    ],
)
def test_a_day_runs_from_its_first_to_its_last_microsecond(zone: str, day: date, first: str, last: str) -> None:
    where = ZoneInfo(zone)
    start, end = start_of_day(day, where), end_of_day(day, where)
    assert start == datetime.fromisoformat(first).replace(tzinfo=UTC)
    assert end == datetime.fromisoformat(last).replace(tzinfo=UTC)
    assert (local_day(start, where), local_day(end, where)) == (day, day)
    assert local_day(start - TICK, where) == day - timedelta(days=1)
    assert local_day(end + TICK, where) == day + timedelta(days=1)


def test_a_day_that_was_skipped_is_over_before_the_next_begins() -> None:
    apia = ZoneInfo("Pacific/Apia")
    end, start = end_of_day(date(2011, 12, 30), apia), start_of_day(date(2011, 12, 31), apia)
    assert end + TICK == start == end_of_day(date(2011, 12, 29), apia) + TICK
