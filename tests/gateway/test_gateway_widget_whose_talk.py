"""Whose talk the widget shows, and in which conversation it goes on: another login, another tab, another day."""

import re
import time
from datetime import datetime

import pytest
from playwright.sync_api import expect

from order_store import add_messages
from tests.gateway.test_gateway_widget_in_browser import QUESTION, launcher, opened, picture, said, say

EVE = "eve@example.com"


def texts(page):
    """What is on screen below the greeting."""
    return said(page).all_inner_texts()[1:]


def says(page, *lines):
    """Wait until this, below the greeting, is all that is on screen."""
    expect(said(page)).to_have_text([re.compile("a bot"), *lines])


def log_in(page, vouching, *told):
    """The page goes on with another customer: `vouching` is a function of `told` that gives the property's value."""
    page.locator("aftercare-chat").evaluate(
        f"(chat, told) => {{ chat.remove(); chat.customerToken = ({vouching})(...told); document.body.append(chat); }}",
        told,
    )


def vouch(page, *told, vouching="(token) => token"):
    page.locator("aftercare-chat").evaluate(f"(chat, told) => {{ chat.customerToken = ({vouching})(...told); }}", told)


def streams(page):
    """The addresses of streams that are asked for from now on."""
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "events" in request.url else None)
    return asked


@pytest.fixture
def adas(shop_page, rasa, customer_token):
    """A page on which Ada, logged in, has talked."""
    page = opened(shop_page(script=f'data-customer-token="{customer_token()}"'))
    say(page, "I am Ada")
    says(page, "I am Ada", "You said: I am Ada")
    assert rasa.heard[0]["metadata"]["customer"]["email"] == "ada@example.com"
    return page


def test_somebody_else_who_is_logged_in_sees_their_own_talk_alone(adas, rasa, customer_token):
    log_in(adas, "(token) => async () => token", customer_token(sub=EVE))
    opened(adas)
    says(adas)
    say(adas, "I am Eve")
    says(adas, "I am Eve", "You said: I am Eve")
    assert rasa.heard[1]["metadata"]["customer"]["email"] == EVE
    assert rasa.heard[1]["sender"] != rasa.heard[0]["sender"]


def test_until_it_is_known_who_is_logged_in_nothing_is_shown_nor_followed_nor_sent(adas, rasa, customer_token):
    asked = streams(adas)
    waits = (
        "(token) => { const told = new Promise((known) => { window.known = () => known(token); }); return () => told; }"
    )
    log_in(adas, waits, customer_token(sub=EVE))
    opened(adas)
    say(adas, "I am Eve")
    says(adas, "I am Eve")
    time.sleep(0.5)
    assert (len(rasa.heard), asked) == (1, [])
    adas.evaluate("known()")
    says(adas, "I am Eve", "You said: I am Eve")
    assert rasa.heard[1]["metadata"]["customer"]["email"] == EVE


def test_a_page_that_cannot_say_who_is_logged_in_is_asked_again(adas, rasa, customer_token):
    asked = streams(adas)
    log_in(adas, "() => async () => { throw new TypeError(); }")
    opened(adas)
    say(adas, "I am Eve")
    expect(adas.get_by_role("status")).to_have_text("Not sent yet, trying again.")
    says(adas, "I am Eve")
    assert (len(rasa.heard), asked) == (1, [])
    vouch(adas, customer_token(sub=EVE))
    says(adas, "I am Eve", "You said: I am Eve")
    assert rasa.heard[1]["metadata"]["customer"]["email"] == EVE


def test_a_login_that_changes_while_the_page_is_open_takes_no_talk_along(adas, rasa, gateway, customer_token):
    log_in(adas, "(ada) => { window.now = ada; return () => window.now; }", customer_token())
    opened(adas)
    says(adas, "I am Ada", "You said: I am Ada")
    gateway.http.put("/api/v1/clock", json={"now": "2026-03-03T10:00:00+00:00"}).raise_for_status()
    adas.evaluate("token => { window.now = token; }", customer_token(sub=EVE))
    say(adas, "I am Eve")
    says(adas, "I am Eve", "You said: I am Eve")
    assert rasa.heard[1]["metadata"]["customer"]["email"] == EVE


def test_a_picture_that_was_not_sent_is_no_bond_with_the_next_customer(shop_page, rasa, customer_token):
    page = opened(shop_page(script=f'data-customer-token="{customer_token()}"'))
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Add pictures").first.click()
    with page.expect_response("**/attachments"):
        chosen.value.set_files([picture("red")])
    expect(page.locator(".tile.going")).to_have_count(0)
    log_in(page, "(token) => token", customer_token(sub=EVE))
    say(opened(page), "I am Eve")
    says(page, "I am Eve", "You said: I am Eve")
    assert rasa.heard[0]["metadata"]["customer"]["email"] == EVE
    assert rasa.heard[0]["metadata"]["pictures"] == 0


def test_a_login_that_is_told_when_it_holds_no_more_ends_nothing(adas, customer_token):
    waits = (
        "(token) => { const word = new Promise((tell) => { window.known = () => tell(token); }); return () => word; }"
    )
    log_in(adas, waits, customer_token(sub=EVE))
    log_in(adas, "(token) => token", customer_token())
    adas.evaluate("known()")
    opened(adas)
    says(adas, "I am Ada", "You said: I am Ada")


def test_a_login_told_late_finds_its_talk(adas, customer_token):
    log_in(adas, "() => ''")
    opened(adas)
    says(adas)
    vouch(adas, customer_token())
    says(adas, "I am Ada", "You said: I am Ada")
    say(adas, "Still me")
    expect(said(adas)).to_have_count(5)


def test_a_talk_nobody_claims_is_not_followed_and_ends_when_somebody_else_writes(adas, rasa, customer_token):
    asked = streams(adas)
    log_in(adas, "() => ''")
    opened(adas)
    assert asked == []
    say(adas, "I am nobody")
    says(adas, "I am nobody", "You said: I am nobody")
    assert rasa.heard[1]["metadata"]["customer"] is None
    vouch(adas, customer_token())
    expect(said(adas)).to_have_count(3)
    assert "Ada" not in str(texts(adas))
    assert "I am Ada" not in adas.evaluate("JSON.stringify(localStorage)")


def test_who_has_logged_out_on_an_open_page_leaves_no_talk_to_others(adas, rasa, gateway, customer_token):
    vouch(adas, customer_token(), vouching="(token) => () => (window.isOut ? '' : token)")
    says(adas, "I am Ada", "You said: I am Ada")
    adas.evaluate("window.isOut = true")
    gateway.http.put("/api/v1/clock", json={"now": "2026-03-03T10:00:00+00:00"}).raise_for_status()
    say(adas, "I am nobody")
    says(adas, "I am nobody", "You said: I am nobody")
    assert rasa.heard[-1]["metadata"]["customer"] is None
    assert "I am Ada" not in adas.evaluate("JSON.stringify(localStorage)")


def test_two_tabs_that_write_at_once_are_in_one_conversation(shop_page, rasa):
    one = opened(shop_page())
    other = opened(shop_page(context=one.context))
    one.context.route("**/api/v1/sessions", lambda route: (time.sleep(0.3), route.continue_()))
    for page, text in ((one, "One"), (other, "Two")):
        page.get_by_label("Your message").fill(text)
    for page in (one, other):
        page.evaluate("() => { document.querySelector('aftercare-chat').panel.composer.send(); }")
    for page in (one, other):
        says(page, "One", "You said: One", "Two", "You said: Two")
    assert [heard["message"] for heard in rasa.heard] == ["One", "Two"]
    assert len({heard["sender"] for heard in rasa.heard}) == 1


def test_what_a_person_writes_the_next_day_is_shown_to_who_comes_back(shop_page, rasa, gateway, database):
    page = opened(shop_page())
    say(page, "Hello")
    says(page, "Hello", "You said: Hello")
    tomorrow = "2026-03-03T10:00:00+00:00"
    gateway.http.put("/api/v1/clock", json={"now": tomorrow}).raise_for_status()
    with database.write() as session:
        replies = [{"text": "This is Ms Okafor.", "sender": "agent"}]
        add_messages(session, rasa.heard[0]["metadata"]["conversation"], replies, datetime.fromisoformat(tomorrow))
    page.reload()
    expect(launcher(page)).to_be_visible()
    opened(page)
    says(page, "Hello", "You said: Hello", "This is Ms Okafor.")


def test_a_choice_taken_after_its_day_is_sent_in_words(shop_page, rasa, gateway):
    page = opened(shop_page())
    rasa.says(*QUESTION)
    say(page, "Return it")
    says(page, "Return it", "Shall I?")
    gateway.http.put("/api/v1/clock", json={"now": "2026-03-03T10:00:00+00:00"}).raise_for_status()
    rasa.says({"text": "Well?"})
    page.get_by_role("button", name="Yes", exact=True).click()
    says(page, "Return it", "Shall I?", "Yes", "Well?")
    assert rasa.heard[1]["message"] == "Yes"


def test_pictures_of_a_conversation_that_is_over_are_asked_for_again(shop_page, rasa, gateway):
    page = opened(shop_page())
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Add pictures").first.click()
    with page.expect_response("**/attachments"):
        chosen.value.set_files([picture("red")])
    page.context.route("**/api/v1/messages", lambda route: route.abort())
    page.get_by_role("button", name="Send", exact=True).click()
    say(page, "It is cracked")
    gateway.http.put("/api/v1/clock", json={"now": "2026-05-03T10:00:00+00:00"}).raise_for_status()
    page.context.unroute_all(behavior="ignoreErrors")
    page.get_by_role("button", name="Try again").first.click()
    expect(page.get_by_text("Please add the pictures again.").first).to_be_visible()
    expect(said(page).last).to_have_text("You said: It is cracked")
    assert [heard["message"] for heard in rasa.heard] == ["It is cracked"]
