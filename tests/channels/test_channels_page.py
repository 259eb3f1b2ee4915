"""A conversation begun in a messenger goes on in a real browser, and one of a page, the shop's own too, elsewhere."""

import pytest
from playwright.sync_api import expect

from tests.axe import violations
from tests.gateway.conftest import shop_page  # noqa: F401 - a fixture
from tests.gateway.test_gateway_widget_in_browser import opened, said, say

pytestmark = pytest.mark.parametrize("channel", ["telegram"], indirect=True)


@pytest.fixture
def gateway(desk):
    return desk.gateway


def test_the_page_shows_what_was_asked_last_and_takes_the_answer(desk, ada, rasa, asks, chromium):
    asks("Shall I give you a return number?", ("Yes", "No"))
    ada.says("My nib is bent")
    desk.settle()
    ada.says("continue on the website")
    desk.settle()
    address = next(line for line in ada.read[-1].splitlines() if "#continue=" in line).rpartition(" ")[2]
    context = chromium.new_context(reduced_motion="reduce")
    try:
        page = context.new_page()
        page.on("dialog", lambda asked: asked.accept())
        page.goto(address.replace("https://help.example.com", desk.gateway.url))
        expect(page.get_by_text("Shall I give you a return number?")).to_be_visible()
        assert "#" not in page.url
        rasa.says({"text": "Your number is on its way."})
        page.get_by_role("button", name="Yes", exact=True).click()
        expect(page.get_by_text("Your number is on its way.")).to_be_visible()
    finally:
        context.close()
    assert rasa.heard[-1]["message"] == '/inform{"n": 1}'
    assert rasa.heard[-1]["sender"] == rasa.heard[0]["sender"]
    assert not any("on its way" in text for text in ada.read)


def test_the_menu_of_the_chat_leads_elsewhere(desk, ada, rasa, chromium):
    rasa.says({"text": "What is it about?"})
    context = chromium.new_context(reduced_motion="reduce")
    try:
        page = context.new_page()
        page.goto(f"{desk.gateway.url}/?shop=inkwell")
        page.get_by_label("Your message").fill("My nib is bent")
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_text("What is it about?")).to_be_visible()
        page.get_by_role("button", name="More", exact=True).click()
        page.get_by_role("button", name="Continue elsewhere").click()
        address = page.get_by_role("link", name="Telegram").get_attribute("href")
        expect(page.get_by_role("link", name="On another device")).to_be_visible()
    finally:
        context.close()
    ada.says(f"/start {address.rpartition('=')[2]}")
    desk.settle()
    assert "We go on here." in ada.read[0]
    ada.says("It was so from the start")
    desk.settle()
    assert rasa.heard[-1]["sender"] == rasa.heard[0]["sender"]


PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True}


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
def test_the_widget_on_the_shops_own_page_leads_elsewhere(desk, ada, rasa, shop_page, options):  # noqa: F811
    page = opened(shop_page(script='data-name="Inkwell"', **options))
    page.context.route("https://t.me/**", lambda route: route.fulfill(body="Telegram"))
    say(page, "My nib is bent")
    expect(said(page)).to_have_count(3)
    page.get_by_role("button", name="More", exact=True).click()
    entry = page.get_by_role("button", name="Continue elsewhere")
    entry.click()
    link = page.get_by_role("link", name="Telegram")
    expect(page.get_by_role("link", name="On another device")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    ada.says(f"/start {link.get_attribute('href').rpartition('=')[2]}")
    with page.expect_popup():
        link.click()
    expect(entry).to_be_visible()
    desk.settle()
    ada.says("It was so from the start")
    desk.settle()
    assert rasa.heard[-1]["sender"] == rasa.heard[0]["sender"]
    page.keyboard.press("Escape")
    say(page, "And here?")
    expect(said(page).filter(has_text="You said: And here?")).to_be_visible()
    assert rasa.heard[-1]["sender"] != rasa.heard[0]["sender"]
    assert not page.get_by_text("from the start").count()


def test_where_nothing_is_known_to_lead_to_that_is_said(desk, rasa, shop_page):  # noqa: F811
    page = opened(shop_page())
    page.route("**/api/v1/handovers", lambda route: route.abort())
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("button", name="Continue elsewhere").click()
    expect(page.get_by_role("status")).to_have_text("Not possible right now")
