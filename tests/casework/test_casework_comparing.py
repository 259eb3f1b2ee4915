"""What another set of parameters changes for the orders in the store; NOW is 10 March 2026, 17:30 in Shanghai."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from casework.comparing import Answer, Change, ComparedLine, compare_orders
from casework.parameter_sets import ParameterSet
from order_store import Database, Rma, Shop, save_shops
from policy_core import ClaimReason, Outcome, ParameterError, Policy, default_policy
from policy_core.parameters import Period
from tests.casework.orders import NOW, a_line, a_shop, tell, the_line, told

Compare = Callable[[ParameterSet, ParameterSet], list[ComparedLine]]

RETURNS = (ClaimReason.CHANGE_OF_MIND, ClaimReason.ORDERED_WRONG, ClaimReason.DEFECTIVE, ClaimReason.DAMAGED)
ANYTHING = tuple(ClaimReason)
CLOSED = Answer(Outcome.NOT_ELIGIBLE, None)
ASKED = Answer(Outcome.NEEDS_INFORMATION, None)


def an_edition(**figures: int | tuple[Period, ...] | None) -> ParameterSet:
    """The shipped edition with other figures."""
    shipped = default_policy()
    parameters = {
        name: replace(parameter, periods=_periods(figures[name])) if name in figures else parameter
        for name, parameter in shipped.parameters.items()
    }
    return ParameterSet("edited", Policy("edited", parameters))


def _periods(given: int | tuple[Period, ...] | None) -> tuple[Period, ...]:
    return given if isinstance(given, tuple) else (Period(given),)


def settings(*shops: Shop) -> ParameterSet:
    """Shops as a settings file tells them."""
    return ParameterSet("shops.yml", default_policy(), {shop.key: shop for shop in shops})


SHIPPED = ParameterSet("shipped", default_policy())
FOURTEEN_DAYS = an_edition(return_days=14)


@pytest.fixture
def compare(shops: Database) -> Compare:
    """Compares on a store of each kind."""

    def compared(old: ParameterSet, new: ParameterSet) -> list[ComparedLine]:
        with shops.read() as session:
            return list(compare_orders(session, old, new, NOW))

    return compared


def received(day: str, number: str = "VT-1", **changes: Any) -> dict[str, Any]:
    """An order of the manufacturer's shop that came on the day `day` in Shanghai."""
    shipment = {"carrier": "Parcel Post", "tracking": "PP1", "shipped_at": "2026-02-02T08:00:00+08:00"}
    return (
        told(
            number=number,
            shop="voltaic",
            placed_at="2026-02-01T08:00:00+08:00",
            paid_at="2026-02-01T08:00:00+08:00",
            shipments=[shipment | {"delivered_at": f"{day}T12:00:00+08:00"}],
        )
        | changes
    )


def ends(old: str, new: str) -> Change:
    """Another last day of the return window."""
    before, after = (Answer(None, date.fromisoformat(day)) for day in (old, new))
    return Change("return_window_ends (AS)", ANYTHING, before, after)


# -- which lines ------------------------------------------------------------------------------------------------------


def test_a_return_too_late_by_seven_days_is_in_time_by_fourteen(shops: Database, compare: Compare) -> None:
    tell(shops, received("2026-02-28"))
    (line,) = compare(SHIPPED, FOURTEEN_DAYS)
    assert (line.shop, line.order, line.sku, line.position) == ("voltaic", "VT-1", "K-1", 0)
    assert line.changes == (
        Change("after_sales.return_refund", RETURNS, CLOSED, ASKED),
        ends("2026-03-07", "2026-03-14"),
    )


def test_the_other_way_round_it_closes(shops: Database, compare: Compare) -> None:
    tell(shops, received("2026-02-28"))
    (line,) = compare(FOURTEEN_DAYS, SHIPPED)
    assert line.changes == (
        Change("after_sales.return_refund", RETURNS, ASKED, CLOSED),
        ends("2026-03-14", "2026-03-07"),
    )


def test_what_is_over_either_way_is_no_change(shops: Database, compare: Compare) -> None:
    tell(shops, received("2026-02-18"))
    assert [line.changes for line in compare(SHIPPED, FOURTEEN_DAYS)] == [()]


@pytest.mark.parametrize(("day", "listed"), [("2026-02-24", True), ("2026-02-23", False)])
def test_the_last_day_under_the_new_figure_still_counts(
    shops: Database, compare: Compare, day: str, listed: bool
) -> None:
    tell(shops, received(day))
    (line,) = compare(SHIPPED, FOURTEEN_DAYS)
    assert bool(line.changes) is listed


def test_what_is_open_either_way_has_another_last_day_and_the_same_outcome(shops: Database, compare: Compare) -> None:
    tell(shops, received("2026-03-07"))
    (line,) = compare(SHIPPED, FOURTEEN_DAYS)
    assert line.changes == (ends("2026-03-14", "2026-03-21"),)


def test_reasons_that_make_no_difference_are_not_named(shops: Database, compare: Compare) -> None:
    """A limit on changing one's mind concerns no fault; without one there is no last day (ST-A2)."""
    tell(shops, told())  # quill, received on 5 March
    (line,) = compare(SHIPPED, an_edition(change_of_mind_days=10))
    open_ended, limited = (Answer(Outcome.ELIGIBLE, day) for day in (None, date(2026, 3, 15)))
    choices = (ClaimReason.CHANGE_OF_MIND, ClaimReason.ORDERED_WRONG)
    assert line.changes == (Change("store_policy.return_refund", choices, open_ended, limited),)


def test_an_rma_is_judged_by_its_day_of_issue(shops: Database, compare: Compare) -> None:
    tell(shops, told(), told(number="QC-1002"))
    with shops.write() as session:
        for number, issued_at in (("QC-1001", "2026-03-06"), ("QC-1002", "2026-03-08")):
            session.add(
                Rma(
                    line_id=the_line(session, number).id,
                    programme="store_policy",
                    remedy="return_refund",
                    number=f"RMA-{number}",
                    reason="defective",
                    issued_at=NOW.replace(day=int(issued_at[-2:])),
                    facts={},
                    verdict={},
                    to_check=[],
                    idempotency_key=number,
                )
            )
    dated = an_edition(rma_return_days=(Period(30, None, date(2026, 3, 7)), Period(20, date(2026, 3, 8))))
    first, second = compare(SHIPPED, dated)
    assert first.changes == ()
    last_days = Answer(None, date(2026, 4, 7)), Answer(None, date(2026, 3, 28))
    faults = (ClaimReason.DEFECTIVE, ClaimReason.DAMAGED)
    assert second.changes == (Change("rma_return_by (ST)", faults, *last_days),)


def test_each_line_of_an_order_is_told_apart(shops: Database, compare: Compare) -> None:
    tell(shops, received("2026-02-28", lines=[a_line(), a_line(sku=None), a_line(sku="L-2", shipment=None)]))
    lines = compare(SHIPPED, FOURTEEN_DAYS)
    assert [(line.position, line.sku, bool(line.changes)) for line in lines] == [
        (0, "K-1", True),
        (1, None, True),
        (2, "L-2", False),
    ]


def test_the_same_figures_change_no_line(shops: Database, compare: Compare) -> None:
    tell(shops, received("2026-02-28"), told())
    assert [line.changes for line in compare(SHIPPED, an_edition(return_days=7))] == [(), ()]


def test_a_line_that_contradicts_itself_is_said_and_the_others_go_on(shops: Database, compare: Compare) -> None:
    tell(shops, received("2026-02-28"), received("2026-02-28", "VT-2"))
    with shops.write() as session:
        shipment = the_line(session, "VT-1", "voltaic").shipment
        assert shipment is not None
        shipment.delivered_at = NOW.replace(year=2020)
    bad, good = compare(SHIPPED, FOURTEEN_DAYS)
    assert bad.problem == "order.delivered_at: expected an instant not before order.shipped_at"
    assert bad.changes == ()
    assert good.problem is None
    assert good.changes


def test_nothing_is_written(shops: Database, compare: Compare) -> None:
    tell(shops, received("2026-02-28"))
    with shops.read() as session:
        list(compare_orders(session, SHIPPED, FOURTEEN_DAYS, NOW))
        assert not session.new
        assert not session.dirty


# -- shops' own values ------------------------------------------------------------------------------------------------


def store(database: Database, *shops: Shop) -> None:
    with database.write() as session:
        save_shops(session, shops)


def test_a_stored_value_of_the_shops_stands_over_both_editions(shops: Database, compare: Compare) -> None:
    store(shops, a_shop("voltaic", parameters={"return_days": 7}))
    tell(shops, received("2026-02-28"))
    assert [line.changes for line in compare(SHIPPED, FOURTEEN_DAYS)] == [()]


def test_a_stored_value_that_is_none_stops_with_the_shop_and_the_key(shops: Database, compare: Compare) -> None:
    store(shops, a_shop("voltaic", parameters={"return_days": "soon"}))
    tell(shops, received("2026-02-28"))
    with pytest.raises(ParameterError, match=r"^shop voltaic: return_days: expected a whole number of days"):
        compare(SHIPPED, FOURTEEN_DAYS)


def test_a_settings_file_stands_in_for_what_is_stored(shops: Database, compare: Compare) -> None:
    store(shops, a_shop("voltaic", parameters={"return_days": 30}))
    tell(shops, received("2026-02-28"))
    (line,) = compare(settings(a_shop("voltaic")), settings(a_shop("voltaic", parameters={"return_days": 14})))
    assert ends("2026-03-07", "2026-03-14") in line.changes


@pytest.mark.parametrize(
    ("paid_at", "listed"), [("2026-02-28T23:59:59+08:00", False), ("2026-03-01T00:00:00+08:00", True)]
)
def test_an_order_paid_before_a_dated_change_keeps_its_terms(
    shops: Database, compare: Compare, paid_at: str, listed: bool
) -> None:
    tell(shops, received("2026-03-02", placed_at=None, paid_at=paid_at))
    dated = a_shop("voltaic", parameters={"return_days": [{"from": "2026-03-01", "value": 14}]})
    (line,) = compare(settings(a_shop("voltaic")), settings(dated))
    expected = (
        Change("after_sales.return_refund", RETURNS, CLOSED, ASKED),
        ends("2026-03-09", "2026-03-16"),
    )
    assert line.changes == (expected if listed else ())


def test_each_shop_is_compared_with_its_own_settings(shops: Database, compare: Compare) -> None:
    tell(shops, told(), received("2026-02-28"))
    old = settings(a_shop("quill"), a_shop("voltaic"))
    new = settings(a_shop("quill"), a_shop("voltaic", parameters={"return_days": 14}))
    assert [(line.order, bool(line.changes)) for line in compare(old, new)] == [("QC-1001", False), ("VT-1", True)]


def test_lines_of_a_shop_in_one_file_alone_are_left_out(shops: Database, compare: Compare) -> None:
    tell(shops, told(), received("2026-02-28"))
    old, new = settings(a_shop("quill"), a_shop("voltaic")), settings(a_shop("quill"))
    assert [(line.shop, line.left_out) for line in compare(old, new)] == [("quill", False), ("voltaic", True)]


def test_a_programme_a_shop_takes_up_brings_its_remedies(shops: Database, compare: Compare) -> None:
    tell(shops, received("2026-03-09"))
    both = a_shop("voltaic", programmes=["after_sales", "store_policy"])
    (line,) = compare(settings(a_shop("voltaic")), settings(both))
    new = {change.subject: change for change in line.changes}
    assert {change.old for change in line.changes} == {None}
    # A wrong item is the store's own mistake and asks nothing more (ST-N3).
    wrong = Change("store_policy.exchange", (ClaimReason.WRONG_ITEM,), None, Answer(Outcome.ELIGIBLE, None))
    assert [each for each in line.changes if each.subject == wrong.subject and wrong.reasons[0] in each.reasons] == [
        replace(wrong, reasons=(ClaimReason.NOT_AS_DESCRIBED, ClaimReason.WRONG_ITEM))
    ]
    assert "store_policy.cancel" not in new  # shipped: over from the start


def test_an_open_rma_of_a_programme_a_shop_drops_is_said(shops: Database, compare: Compare) -> None:
    tell(shops, told(shop="double"))
    with shops.write() as session:
        session.add(
            Rma(
                line_id=the_line(session, shop="double").id,
                programme="store_policy",
                remedy="return_refund",
                number="RMA-1",
                reason="defective",
                issued_at=NOW,
                facts={},
                verdict={},
                to_check=[],
                idempotency_key="1",
            )
        )
    old, new = settings(a_shop("double")), settings(a_shop("double", programmes=["after_sales"]))
    (line,) = compare(old, new)
    assert line.problem == "rma.programme: expected one of the shop's programmes, got store_policy"
