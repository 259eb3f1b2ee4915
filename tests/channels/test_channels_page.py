"""A conversation begun in a messenger goes on in a real browser."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.parametrize("channel", ["telegram"], indirect=True)


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
