"""The page as a customer uses it, in a real Chromium."""

import re

import pytest
from playwright.sync_api import expect

BUTTONS = [{"title": "Yes, please", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}]
QUESTION = [{"text": "Shall I?", "buttons": BUTTONS}, {"custom": {"v": 1, "kind": "question", "asks": "confirm"}}]
VERDICT = {
    "v": 1,
    "kind": "verdict",
    "remedies": [
        {
            "remedy": "return_refund",
            "outcome": "eligible",
            "last_day": "2026-03-16",
            "reasons": [{"code": "within_return_window", "clause": "AS-R2"}],
        },
        {"remedy": "dispute", "outcome": "not_eligible", "last_day": None, "reasons": [{"clause": "BP-3"}]},
    ],
}
RMA = {
    "v": 1,
    "kind": "rma",
    "number": "RMA-7K4P-9XQ-M33",
    "return_by": "2026-04-01T23:59:59+02:00",
    "slip_url": "/s/1",
}


@pytest.fixture
def open_page(chromium, gateway):
    """Opens pages: `open_page(path, **context)`; a script that fails or breaks the page's policy fails the test."""
    contexts, complaints = [], []

    def open_one(path="/?shop=inkwell", **context):
        contexts.append(chromium.new_context(**{"reduced_motion": "reduce", **context}))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        page.goto(gateway.url + path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


def say(page, text):
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def bubbles(page):
    return page.get_by_role("log").locator(".said")


def test_from_an_example_to_a_return_number(open_page, rasa):
    page = open_page()
    rasa.says({"text": "Yes, it can go back."}, {"custom": {**VERDICT, "more": True}}, *QUESTION)
    page.get_by_role("button", name="I want to send something back").click()
    card = page.get_by_label("The decision in short")
    expect(card).to_contain_text("Return and refund")
    expect(card).to_contain_text("Monday 16 March 2026")
    expect(card).to_contain_text("AS-R2")
    expect(card).not_to_contain_text("Dispute")
    rasa.says({"text": "Done."}, {"custom": RMA})
    page.get_by_role("button", name="Yes, please").click()
    slip = page.get_by_label("Return number (RMA)")
    expect(slip).to_contain_text("RMA-7K4P-9XQ-M33")
    expect(slip).to_contain_text("Wednesday 1 April 2026")
    paper = [("Print the slip for the parcel", "slips"), ("Put it into your calendar", "calendars")]
    for name, kind in paper:
        link = slip.get_by_role("link", name=name)
        expect(link).to_have_attribute("href", re.compile(f"/api/v1/{kind}/[^/]+$"))
    expect(page.get_by_role("button", name="No", exact=True)).to_have_count(0)
    assert [heard["message"] for heard in rasa.heard] == ["I want to send something back", "/affirm"]


def test_the_return_number_can_be_copied(open_page, rasa):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    rasa.says({"text": "Done."}, {"custom": RMA})
    say(page, "Return it")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "RMA-7K4P-9XQ-M33"


def test_nothing_said_becomes_markup(open_page, rasa):
    page = open_page()
    nasty = "<img src=x onerror=\"document.title='caught'\"><b>bold</b>"
    rasa.says(
        {"text": nasty, "buttons": [{"title": nasty, "payload": "/x"}]},
        {"custom": {"v": 1, "kind": "rma", "number": nasty, "slip_url": "javascript:alert(1)"}},
    )
    say(page, nasty)
    expect(bubbles(page).nth(1)).to_have_text(nasty)
    expect(bubbles(page).nth(2)).to_have_text(nasty)
    expect(page.locator(".number")).to_have_text(nasty)
    expect(page.get_by_role("log").locator("img, b, a")).to_have_count(0)
    assert page.title() != "caught"


def test_line_breaks_are_kept(open_page, rasa):
    page = open_page()
    rasa.says({"text": "One\nTwo\nThree"})
    say(page, "Hello")
    assert bubbles(page).nth(2).inner_text() == "One\nTwo\nThree"
    expect(bubbles(page).nth(2)).to_have_css("white-space-collapse", "preserve-breaks")


def test_a_message_that_did_not_get_through_is_sent_again_as_the_same(open_page, rasa):
    page = open_page()
    page.route("**/api/v1/messages", lambda route: (route.fetch(), route.abort()))
    page.route("**/api/v1/events", lambda route: route.abort())
    say(page, "Return it")
    retry = page.get_by_role("button", name="Try again")
    expect(retry).to_be_visible()
    page.unroute_all(behavior="ignoreErrors")
    expect(bubbles(page).nth(2)).to_have_text("You said: Return it")
    expect(retry).to_have_count(0)
    assert len(rasa.heard) == 1


def test_what_the_stream_brings_back_is_sent_even_if_its_answer_was_lost(open_page, rasa):
    page = open_page()
    say(page, "Hello")
    expect(bubbles(page)).to_have_count(3)
    page.route("**/api/v1/messages", lambda route: (route.fetch(), route.abort()))
    say(page, "Return it")
    expect(bubbles(page).nth(4)).to_have_text("You said: Return it")
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
    assert len(rasa.heard) == 2


def test_a_turn_that_broke_off_can_be_tried_once_more(open_page, rasa, known):
    page = open_page()
    rasa.says({"text": "First of all:"}, {"custom": {"v": 1, "kind": "note", "more": True}})
    say(page, "Return it")
    expect(bubbles(page).nth(3)).to_have_text(known.unavailable)
    rasa.says({"text": "Here I am."})
    page.get_by_role("button", name="Try again").click()
    expect(bubbles(page).last).to_have_text("Here I am.")
    assert [heard["message"] for heard in rasa.heard] == ["Return it"] * 2


def test_an_answer_that_comes_later_comes_by_itself(open_page, rasa):
    page = open_page()
    rasa.says()
    say(page, "Return it")
    expect(bubbles(page).nth(2)).to_contain_text("comes here by itself")
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
    expect(page.locator(".typing")).to_be_visible()
    rasa.says({"text": "Here I am."})
    expect(bubbles(page).last).to_have_text("Here I am.", timeout=20_000)
    expect(page.locator(".typing")).to_have_count(0)


def test_a_reload_goes_on_in_the_same_conversation(open_page, rasa):
    page = open_page()
    rasa.says(*QUESTION)
    say(page, "Return it")
    expect(page.get_by_role("button", name="Yes, please")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Yes, please")).to_be_visible()
    assert bubbles(page).all_inner_texts()[1:] == ["Return it", "Shall I?"]
    page.get_by_role("button", name="Yes, please").click()
    expect(bubbles(page)).to_have_count(5)
    assert len({heard["sender"] for heard in rasa.heard}) == 1


def test_a_reload_in_the_middle_of_a_turn_still_brings_its_answer_once(open_page, rasa):
    page = open_page()
    rasa.holds_back()
    say(page, "Return it")
    assert rasa.asked.acquire(timeout=10)
    page.reload()
    expect(bubbles(page).nth(1)).to_have_text("Return it")
    rasa.released.set()
    expect(bubbles(page).nth(2)).to_have_text("You said: Return it")
    assert len(rasa.heard) == 1


def test_after_its_token_expired_the_page_takes_the_conversation_up_again(open_page, rasa, gateway):
    page = open_page()
    say(page, "Hello")
    expect(bubbles(page).nth(2)).to_be_visible()
    gateway.http.put("/api/v1/clock", json={"now": "2026-03-09T09:00:00Z"})
    say(page, "Are you still there?")
    expect(bubbles(page).last).to_have_text("You said: Are you still there?")
    expect(page.get_by_role("log")).to_contain_text("Welcome back.")
    assert len({heard["sender"] for heard in rasa.heard}) == 2
    assert len({heard["metadata"]["conversation"] for heard in rasa.heard}) == 1


def test_starting_over_forgets_the_conversation(open_page, rasa):
    page = open_page()
    say(page, "The first")
    expect(bubbles(page).nth(2)).to_have_text("You said: The first")
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Start over").click()
    page.keyboard.press("Escape")
    expect(bubbles(page)).to_have_count(3)
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Start over").click()
    page.get_by_role("button", name="Really start over?").click()
    expect(bubbles(page)).to_have_count(1)
    assert page.evaluate("localStorage.length") == 0
    say(page, "The second")
    expect(bubbles(page)).to_have_text([re.compile("a bot"), "The second", "You said: The second"])
    assert len({heard["sender"] for heard in rasa.heard}) == 2


def test_a_server_that_says_by_a_date_when_to_come_back_is_not_asked_without_pause(open_page, rasa):
    page = open_page()
    asked = []
    later = {"Retry-After": "Wed, 04 Mar 2026 09:00:00 GMT"}
    page.route("**/api/v1/messages", lambda route: (asked.append(1), route.fulfill(status=503, headers=later)))
    say(page, "Hello")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    page.wait_for_timeout(500)
    assert len(asked) == 1
    page.unroute_all(behavior="ignoreErrors")
    expect(bubbles(page).last).to_have_text("You said: Hello")


def test_a_question_for_a_day_brings_a_calendar(open_page, rasa):
    page = open_page()
    day = page.get_by_label("Pick the day")
    expect(day).to_be_hidden()
    rasa.says({"text": "When did it arrive?"}, {"custom": {"v": 1, "kind": "question", "asks": "order.delivered_at"}})
    say(page, "Return it")
    expect(day).to_be_visible()
    rasa.says({"text": "Thank you."})
    day.fill("2026-02-27")
    page.get_by_role("button", name="Send this day").click()
    expect(bubbles(page).last).to_have_text("Thank you.")
    expect(day).to_be_hidden()
    assert rasa.heard[1]["message"] == "27 February 2026"


def test_the_keyboard_is_enough(open_page, rasa):
    page = open_page()
    rasa.says(*QUESTION)
    page.get_by_label("Your message").focus()
    page.keyboard.type("Two")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("lines")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Yes, please")).to_be_visible()
    expect(page.get_by_label("Your message")).to_be_focused()
    for name in ("Add pictures", "No", "Yes, please"):
        page.keyboard.press("Shift+Tab")
        expect(page.get_by_role("button", name=name)).to_be_focused()
    page.keyboard.press("Enter")
    expect(bubbles(page)).to_have_count(5)
    expect(page.get_by_label("Your message")).to_be_focused()
    assert [heard["message"] for heard in rasa.heard] == ["Two\nlines", "/affirm"]


def test_what_is_said_while_an_answer_is_awaited_is_sent_after_it(open_page, rasa):
    page = open_page()
    rasa.holds_back()
    say(page, "Hello")
    assert rasa.asked.acquire(timeout=10)
    expect(page.get_by_role("status")).to_have_text("The assistant is writing")
    say(page, "And one thing more")
    expect(bubbles(page)).to_have_count(3)
    expect(page.get_by_role("log")).to_contain_text("Sending …")
    assert len(rasa.heard) == 1
    rasa.released.set()
    expect(bubbles(page)).to_have_count(5)
    assert bubbles(page).all_inner_texts()[1:] == [
        "Hello",
        "You said: Hello",
        "And one thing more",
        "You said: And one thing more",
    ]
    expect(page.get_by_role("status")).to_have_text("")
    assert [heard["message"] for heard in rasa.heard] == ["Hello", "And one thing more"]


def test_each_shop_has_a_conversation_of_its_own(open_page, gateway, rasa):
    page = open_page()
    say(page, "Hello")
    expect(bubbles(page)).to_have_count(3)
    page.goto(gateway.url + "/?shop=lantern")
    expect(bubbles(page)).to_have_count(1)
    say(page, "Hello")
    expect(bubbles(page)).to_have_count(3)
    assert [heard["metadata"]["shop"] for heard in rasa.heard] == ["inkwell", "lantern"]


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_screen(open_page, rasa, width):
    page = open_page(viewport={"width": width, "height": 640})
    rasa.says({"text": "x" * 300}, {"custom": {**VERDICT, "more": True}}, {"text": "Done."}, {"custom": RMA}, *QUESTION)
    say(page, "https://example.com/" + "a" * 200)
    expect(page.get_by_role("button", name="Yes, please")).to_be_visible()
    for box in (page.locator("html"), page.get_by_role("log")):
        assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
    page_is_longer = "document.documentElement.scrollHeight > document.documentElement.clientHeight"
    assert not page.evaluate(page_is_longer)


def test_it_is_dark_where_dark_is_preferred(open_page):
    grounds = [
        open_page(color_scheme=scheme).locator(".panel").evaluate("panel => getComputedStyle(panel).backgroundColor")
        for scheme in ("light", "dark")
    ]
    assert grounds == ["rgb(243, 246, 245)", "rgb(17, 25, 23)"]


def test_a_shop_can_be_chosen(open_page):
    page = open_page("/")
    page.get_by_role("link", name="Lantern").click()
    expect(page.get_by_role("heading", name="Lantern", level=2)).to_be_visible()


def test_the_words_a_link_brings_along_are_sent_by_the_customer_alone(open_page, rasa):
    page = open_page("/?shop=inkwell#say=It%20is%20about%20order%20AC-1%3A%20%3Cb%3Eout%3C/b%3E%20of%20stock.")
    expect(page.get_by_label("Your message")).to_have_value("It is about order AC-1: <b>out</b> of stock.")
    expect(bubbles(page)).to_have_count(1)
    assert "#" not in page.url
    rasa.says({"text": "Wait, or a refund?"})
    page.get_by_role("button", name="Send", exact=True).click()
    expect(bubbles(page)).to_contain_text(["It is about order AC-1: <b>out</b> of stock.", "Wait, or a refund?"])


@pytest.fixture
def link(gateway, rasa):
    """The end of a link to a conversation begun elsewhere, in which something was said."""
    headers = {"Authorization": f"Bearer {gateway.session()}"}
    gateway.http.post("/api/v1/messages", json={"client_id": "m1", "text": "Elsewhere"}, headers=headers)
    return f"/?shop=inkwell#continue={gateway.http.post('/api/v1/handovers', headers=headers).json()['code']}"


def follow(page, gateway, link, accept=True):
    """Follow the link on `page`; what it asks and tells."""
    told = []
    page.on("dialog", lambda asked: (told.append(asked.message), asked.accept() if accept else asked.dismiss()))
    page.goto("about:blank")
    page.goto(gateway.url + link)
    return told


def test_a_link_to_a_conversation_is_followed_once_the_customer_agrees(open_page, gateway, link):
    page = open_page()
    say(page, "Here")
    expect(bubbles(page)).to_have_count(3)
    told = follow(page, gateway, link)
    expect(bubbles(page)).to_have_text([re.compile("a bot"), "Elsewhere", "You said: Elsewhere"])
    expect(page).to_have_url(re.compile("inkwell$"))
    assert len(told) == 1
    assert "only if you asked for the link yourself" in told[0]
    page.reload()
    expect(bubbles(page)).to_have_count(3)
    assert len(told) == 1


def test_a_link_that_is_not_agreed_to_changes_nothing(open_page, gateway, link):
    page = open_page()
    say(page, "Here")
    expect(bubbles(page)).to_have_count(3)
    follow(page, gateway, link, accept=False)
    expect(page).to_have_url(re.compile("inkwell$"))
    expect(bubbles(page)).to_have_text([re.compile("a bot"), "Here", "You said: Here"])
    code = link.rpartition("=")[2]
    assert gateway.http.post("/api/v1/handovers/take", json={"code": code}).status_code == 201


def test_a_link_that_was_used_says_so_and_is_forgotten(open_page, gateway, link):
    gateway.http.post("/api/v1/handovers/take", json={"code": link.rpartition("=")[2]}).raise_for_status()
    page = open_page()
    told = follow(page, gateway, link)
    expect(page).to_have_url(re.compile("inkwell$"))
    assert "used already" in told[1]


def test_a_link_that_cannot_be_followed_right_now_is_kept(open_page, gateway, link):
    page = open_page()
    page.route("**/handovers/take", lambda route: route.fulfill(status=429))
    told = follow(page, gateway, link)
    expect(bubbles(page)).to_have_count(1)
    page.wait_for_function("location.hash && document.querySelector('aftercare-chat').panel.talk.mine")
    assert "Reload the page" in told[1]
    page.unroute_all(behavior="ignoreErrors")
    page.reload()
    expect(bubbles(page)).to_have_text([re.compile("a bot"), "Elsewhere", "You said: Elsewhere"])
