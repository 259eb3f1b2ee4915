"""The order page to try the widget on."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import expect

from order_store import import_orders

ORDER = {
    "number": "AC-1",
    "shop": "lantern",
    "customer": {"name": "Ada <b>Fenn", "email": "ada@example.com"},
    "placed_at": "2026-02-20T10:00:00+08:00",
    "paid_at": "2026-02-20T10:05:00+08:00",
    "shipments": [
        {"carrier": "Post", "shipped_at": "2026-02-24T10:00:00+08:00", "delivered_at": "2026-02-27T10:00:00+08:00"}
    ],
    "lines": [{"sku": "K", "title": "Kettle & lid", "quantity": 2, "unit_price": "1239.90", "currency": "CNY"}],
}


@pytest.fixture
def orders(database, known):
    later = {
        **ORDER,
        "number": "AC-2",
        "shipments": [{**ORDER["shipments"][0], "delivered_at": "2026-02-28T10:00:00+08:00"}],
    }
    inkwell = {**ORDER, "shop": "inkwell", "number": "IW-1"}
    report = import_orders(database, [later, ORDER, inkwell], datetime.fromisoformat(known.now))
    assert not report.refused, report.refused


def test_it_shows_the_order_with_its_deadlines_and_the_widget(gateway, orders):
    page = gateway.http.get("/order?shop=lantern&number=AC-1").text
    assert "Kettle &amp; lid" in page
    assert "Ada &lt;b&gt;Fenn" in page
    assert "¥2,479.80" in page
    assert "until Friday, 6 March 2026" in page
    assert 'datetime="2026-03-06T15:59:59.999999+00:00"' in page
    assert re.search(r'src="/widget.js" data-shop="lantern" data-name="Lantern" data-order="AC-1"', page)
    assert "$" not in page


@pytest.mark.parametrize(
    ("now", "left", "looks"),
    [
        ("2026-03-02T09:00:00Z", "4 days 6 hours left", "left"),
        ("2026-03-06T00:00:00Z", "15 hours 59 minutes left", "left soon"),
        ("2026-03-06T15:58:30Z", re.compile("1 minute (29|28|27|26|25) seconds left"), "left soon"),
    ],
)
def test_the_time_left_runs_by_the_shops_clock(gateway, orders, chromium, now, left, looks):
    gateway.http.put("/api/v1/clock", json={"now": now}).raise_for_status()
    context = chromium.new_context()
    try:
        page = context.new_page()
        page.goto(f"{gateway.url}/order?shop=lantern&number=AC-1")
        expect(page.locator("time").first).to_have_text(left)
        expect(page.locator("time").first).to_have_class(looks)
    finally:
        context.close()


def test_a_protection_that_ends_at_an_instant_ends_nothing_else_then(gateway, database, known):
    told = {**ORDER, "protection_ends_at": "2026-03-06T10:00:00+08:00"}
    assert not import_orders(database, [told], datetime.fromisoformat(known.now)).refused
    page = gateway.http.get("/order?shop=lantern&number=AC-1").text
    assert re.findall(r'class="left" datetime="2026-03-06T(.{8})', page) == ["15:59:59"]


def test_without_a_number_it_is_the_order_that_presses_most(gateway, orders):
    assert "<h1>Order AC-1</h1>" in gateway.http.get("/order?shop=lantern").text


def test_where_the_shop_has_a_secret_its_customer_is_vouched_for(gateway, orders, rasa):
    page = gateway.http.get("/order?shop=inkwell").text
    token = re.search(r'data-customer-token="([^"]+)"', page)[1]
    gateway.say(gateway.session(customer_token=token), "Hello")
    assert rasa.heard[0]["metadata"]["customer"]["email"] == "ada@example.com"
    assert 'data-customer-token=""' in gateway.http.get("/order?shop=lantern").text


@pytest.mark.parametrize("asked", ["", "?shop=nowhere", "?shop=lantern&number=IW-1", "?shop=lantern&number=%00"])
def test_no_other_order_is_shown(gateway, orders, asked):
    assert gateway.http.get(f"/order{asked}").status_code == 404


def test_in_production_there_is_no_such_page(start, orders):
    assert (
        start({"AFTERCARE_ENV": "production", "AFTERCARE_CLOCK": ""}).http.get("/order?shop=lantern").status_code == 404
    )
