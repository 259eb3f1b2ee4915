"""`aftercare explain`: the verdict as a person reads it. What must be read is worked out by hand."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from typer.testing import CliRunner

from cli.explaining import FACTS
from cli.main import app
from policy_core import Case, Programme, decide, explain, read_case, read_yaml

AFTER_SALES = """\
as_of: 2026-02-17T23:59:59+08:00
shop: {programmes: [after_sales], timezone: Asia/Shanghai, country: CN}
order: {paid_at: 2026-02-01T09:00:00+08:00, delivered_at: 2026-02-10T14:00:00+08:00}
claim: {reason: defective, complete: true, caused_by_customer: false, labels_intact: true}
"""


def read(case: str) -> str:
    """What `aftercare explain` prints, its line breaks and columns folded away."""
    outcome = CliRunner().invoke(app, ["explain", "-"], input=case, env={"COLUMNS": "200"})
    assert outcome.exit_code == 0, outcome.stderr
    return " ".join(outcome.stdout.split())


def test_the_arithmetic_of_an_open_window_is_shown_with_its_clause() -> None:
    page = read(AFTER_SALES)
    assert "As of Tue 17 Feb 2026 23:59:59, Asia/Shanghai. Policy 2026.1." in page
    assert "return refund, after sales: eligible AS-R2 within return window: " in page
    assert "received Tue 10 Feb + 7 days = Tue 17 Feb, end of day, Shanghai (return_days)" in page
    assert "the customer's part: send within 7 days (AS-X7)" in page
    assert "next step: confirm return" in page


def test_the_table_names_each_remedy_with_its_outcome_its_last_day_and_who_pays() -> None:
    page = read(AFTER_SALES)
    assert "│ return refund │ after sales │ eligible │ Tue 17 Feb │ unspecified, unspecified │" in page
    assert "│ software upgrade │ after sales │ not eligible │ │ │" in page


def test_a_closed_window_shows_the_same_arithmetic() -> None:
    page = read(AFTER_SALES.replace("02-17T23:59:59", "02-18T00:00:00"))
    assert "return refund, after sales: not eligible AS-X1 return window closed: " in page
    assert page.count("received Tue 10 Feb + 7 days = Tue 17 Feb, end of day, Shanghai (return_days)") == 2


def test_the_facts_a_rule_looked_at_are_named_and_no_others() -> None:
    page = read(AFTER_SALES.replace("complete: true", "complete: false"))
    _, block = page.split("return refund, after sales: not eligible AS-X2 incomplete: ")
    assert block.split("known: ")[1].startswith("complete no software upgrade, after sales: ")


def test_what_is_still_needed_is_named_with_its_path() -> None:
    page = read(AFTER_SALES.replace(", labels_intact: true", ""))
    assert "return refund, after sales: needs information still needed: labels intact (claim.labels_intact)" in page
    proof = read(AFTER_SALES.replace("paid_at: 2026-02-01T09:00:00+08:00, ", ""))
    assert "still needed: proof of purchase (claim.proof)" in proof


def test_a_figure_of_the_shop_is_counted_with_its_own_value() -> None:
    page = read(AFTER_SALES.replace("country: CN", "country: CN, parameters: {return_days: 1}"))
    assert "received Tue 10 Feb + 1 day = Wed 11 Feb, end of day, Shanghai (return_days)" in page


def test_the_receipt_counts_from_the_customers_word_where_the_carrier_has_none() -> None:
    page = read(AFTER_SALES.replace("delivered_at", "receipt_confirmed_at"))
    assert "receipt confirmed Tue 10 Feb + 7 days = Tue 17 Feb" in page


def test_another_year_is_named() -> None:
    page = read(AFTER_SALES.replace("delivered_at: 2026-02-10", "delivered_at: 2025-12-30"))
    assert "received Tue 30 Dec 2025 + 7 days = Tue 6 Jan, end of day" in page
    assert "paid Sun 1 Feb + 180 days = Fri 31 Jul, end of day, Shanghai (warranty_days_with_proof)" in page


SERVICE = """\
as_of: 2024-02-20T12:00:00+08:00
shop: {programmes: [buyer_protection], timezone: Asia/Shanghai}
order: {paid_at: 2024-02-01T09:00:00+08:00, completed_at: 2024-02-14T10:00:00+08:00}
line: {one_year_service: true}
claim: {reason: defective}
"""


def test_the_waiting_period_of_the_one_year_service_is_counted_to_its_first_day() -> None:
    page = read(SERVICE)
    first_day = "completed Wed 14 Feb + 15 days + 1 day = Fri 1 Mar, start of day, Shanghai (service_waiting_days)"
    assert f"OW-2 one year service opens: {first_day}" in page
    assert "opens Fri 1 Mar 2024 00:00:00" in page
    assert (
        "OW-2 one year service ends: completed Wed 14 Feb + 15 days + 1 year = Fri 28 Feb 2025, end of day, Shanghai "
        "(service_waiting_days, service_years)" in page
    )


def test_a_stored_end_is_told_as_it_stands_and_what_is_to_come_does_not_count() -> None:
    page = read(
        """\
as_of: 2026-03-01T12:00:00Z
shop: {programmes: [buyer_protection], timezone: UTC}
order: {paid_at: 2026-02-01T09:00:00Z, protection_ends_at: 2026-03-05T10:30:00Z, shipped_at: 2026-02-02T09:00:00Z,
        receipt_confirmed_at: 2026-03-09T00:00:00Z}
claim: {reason: not_received}
"""
    )
    assert "│ dispute │ buyer protection │ eligible │ Thu 5 Mar 2026 10:30:00 │" in page
    assert "protection stored until Thu 5 Mar, UTC" in page
    assert "receipt confirmed Mon 9 Mar 2026 00:00:00 (still to come, so it does not count)" in page


def test_an_rma_shows_by_when_it_has_to_be_sent() -> None:
    page = read(
        """\
as_of: 2026-02-10T12:00:00Z
shop: {programmes: [store_policy], timezone: UTC}
order: {paid_at: 2026-01-01T09:00:00Z, delivered_at: 2026-01-05T09:00:00Z}
claim: {reason: defective, caused_by_customer: false, photos: 2}
rma: {programme: store_policy, issued_at: 2026-01-31T09:00:00Z}
"""
    )
    assert "RMA issued Sat 31 Jan + 30 days = Mon 2 Mar, end of day, UTC (rma_return_days)" in page
    assert "the customer's part: return within 30 days (ST-D2, by Mon 2 Mar)" in page
    assert "the customer's part: mark RMA outside (ST-M4)" in page
    assert "pictures 2" in page


def test_nothing_that_travels_is_said_so() -> None:
    page = read("as_of: 2026-02-10T12:00:00Z\nshop: {programmes: [store_policy], timezone: UTC}")
    assert "│ cancel │ store policy │ eligible │ │ nothing travels │" in page


def test_every_fact_of_a_case_has_a_name() -> None:
    assert set(FACTS) == set(paths(Case)) - {"as_of", "rma.programme"}


def paths(part: Any, prefix: str = "") -> Iterator[str]:
    """The public fact paths of a case, its shop left out."""
    public = {"day": "date", "validity": "valid"} if prefix == "claim.proof." else {}
    hints = get_type_hints(part)
    for each in fields(part):
        hint = hints[each.name]
        section = next((kind for kind in (hint, *get_args(hint)) if is_dataclass(kind)), None)
        if each.name == "shop":
            continue
        if section is not None:
            yield from paths(section, f"{prefix}{each.name}.")
        else:
            yield prefix + public.get(each.name, each.name)


@pytest.mark.parametrize("programme", Programme)
@pytest.mark.parametrize("reason", ["defective", "change_of_mind", "not_received", "missing_parts", "null"])
def test_an_explanation_is_of_the_very_verdict(programme: Programme, reason: str) -> None:
    told = AFTER_SALES.replace("[after_sales]", f"[{programme}]").replace("reason: defective", f"reason: {reason}")
    case = read_case(read_yaml(told))
    verdict, explanations = explain(case)
    assert verdict == decide(case)
    assert tuple(each.verdict for each in explanations) == verdict.remedies
    for each in explanations:
        reasons = [ground.reason for ground in each.grounds]
        assert reasons == (list(each.verdict.reasons) or [None])


def test_a_bad_case_is_refused_like_that_of_decide(tmp_path: Path) -> None:
    file = tmp_path / "case.yml"
    file.write_text(AFTER_SALES.replace("defective", "broken"), encoding="utf-8")
    outcome = CliRunner().invoke(app, ["explain", str(file)])
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith(f"{file}: claim.reason: expected one of change_of_mind, ")
    assert len(outcome.stderr.splitlines()) == 1
