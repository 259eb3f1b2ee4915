"""The widget on a shop's own page, in a real Chromium: another origin, and a policy that lets nothing inline in."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.axe import violations

QUESTION = [
    {"text": "Shall I?", "buttons": [{"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}]},
    {"custom": {"v": 1, "kind": "question", "asks": "confirm"}},
]
DISPUTE = {
    "v": 1,
    "kind": "verdict",
    "as_of": "2026-03-02T09:00:00+00:00",
    "remedies": [
        {
            "remedy": "dispute",
            "outcome": "eligible",
            "closes_at": "2026-03-14T23:59:59.999999+01:00",
            "last_day": "2026-03-14",
            "reasons": [{"code": "within_protection", "clause": "BP-D2"}],
            "pays": {"original_shipping": "unspecified", "return_shipping": "shop"},
        },
        {"remedy": "exchange", "outcome": "eligible", "last_day": "2026-03-31"},
    ],
    "dates": [{"code": "warranty_ends", "clause": "AS-W1", "last_day": "2026-08-28"}],
}
REFUSED = {
    **DISPUTE,
    "remedies": [
        {"remedy": "return_refund", "outcome": "not_eligible", "reasons": [{"code": "activated", "clause": "AS-R4"}]}
    ],
}


def asks(fact, text="And?"):
    return {"text": text}, {"custom": {"v": 1, "kind": "question", "asks": fact}}


def launcher(page):
    return page.get_by_role("button", name=re.compile("^After-sales help"))


def opened(page):
    launcher(page).click()
    expect(page.get_by_label("Your message")).to_be_visible()
    return page


def say(page, text):
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def said(page):
    return page.get_by_role("log").locator(".said")


def test_it_opens_on_any_page_of_the_shop_and_talks(shop_page, rasa):
    page = opened(shop_page(script='data-name="Inkwell"'))
    expect(page.get_by_role("dialog", name="Inkwell")).to_contain_text("bot")
    say(page, "Return it")
    expect(said(page)).to_have_text([re.compile("a bot"), "Return it", "You said: Return it"])
    assert rasa.heard[0]["metadata"]["shop"] == "inkwell"


def test_nothing_is_asked_of_the_server_before_it_is_used(shop_page, gateway):
    asked = []
    page = shop_page()
    expect(launcher(page)).to_be_visible()
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    expect(launcher(page)).to_be_visible()
    assert [url.rpartition("/")[2] for url in asked if url.startswith(gateway.url)] == ["widget.js", "en.js"]


def test_all_of_it_is_at_most_fifteen_kilobytes(shop_page, gateway, rasa):
    sizes = {}
    page = shop_page()
    page.on("response", lambda answer: sizes.update({answer.url: answer}))
    page.reload()
    opened(page)
    say(page, "Return it")
    expect(said(page)).to_have_count(3)
    loaded = {url: int(answer.headers["content-length"]) for url, answer in sizes.items() if url.endswith(".js")}
    assert {answer.headers["content-encoding"] for url, answer in sizes.items() if url in loaded} == {"gzip"}
    assert len(loaded) == 3
    assert sum(loaded.values()) <= 15_000, loaded


def test_the_focus_goes_in_and_comes_back(shop_page):
    page = shop_page()
    expect(launcher(page)).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(launcher(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your message")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(launcher(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your message")).to_be_focused()
    page.get_by_role("button", name="Close the chat").click()
    expect(launcher(page)).to_be_focused()


def test_the_keyboard_is_enough_for_the_menu(shop_page):
    page = opened(shop_page())
    more = page.get_by_role("button", name="More")
    more.focus()
    page.keyboard.press("Enter")
    expect(more).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Save the conversation")).to_be_focused()
    page.keyboard.press("Escape")
    expect(more).to_be_focused()
    expect(page.get_by_role("button", name="Save the conversation")).to_be_hidden()


def test_on_a_phone_it_has_the_whole_screen_to_itself(shop_page):
    page = opened(shop_page(viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True))
    box = page.get_by_role("dialog").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 700)
    expect(page.get_by_role("log")).to_be_focused()
    page.get_by_role("button", name="Close the chat").click()
    expect(page.get_by_role("link", name="More")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(640, 400), (320, 256)], ids=["200 %", "400 %"])
def test_a_screen_of_1280_by_1024_can_be_zoomed(shop_page, rasa, width, height):
    """WCAG 2.2: 1.4.4 and 1.4.10."""
    page = opened(shop_page(viewport={"width": width, "height": height}))
    rasa.says({"text": "You can open a dispute."}, {"custom": {**DISPUTE, "more": True}}, *QUESTION)
    say(page, "It never came")
    page.get_by_role("button", name="Yes", exact=True).click()
    expect(page.get_by_label("Your message")).to_be_in_viewport(ratio=1)
    for box in (page.locator("html"), page.get_by_role("dialog"), page.get_by_role("log")):
        assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
    assert page.get_by_role("log").bounding_box()["height"] > 60


def test_what_comes_while_it_is_closed_is_counted(shop_page, rasa):
    page = opened(shop_page())
    rasa.holds_back()
    say(page, "Return it")
    assert rasa.asked.acquire(timeout=10)
    page.keyboard.press("Escape")
    rasa.released.set()
    expect(launcher(page)).to_have_accessible_name(re.compile("^After-sales help . 1 unread message$"))
    page.reload()
    expect(launcher(page)).to_have_accessible_name(re.compile("^After-sales help . 1 unread message$"))
    launcher(page).click()
    expect(said(page)).to_have_count(3)
    page.keyboard.press("Escape")
    expect(launcher(page)).to_have_accessible_name("After-sales help")


def test_two_tabs_say_the_same(shop_page, rasa):
    one = opened(shop_page())
    other = opened(shop_page(context=one.context))
    say(one, "Hello")
    expect(said(other)).to_have_text([re.compile("a bot"), "Hello", "You said: Hello"])
    say(other, "Again")
    for page in (one, other):
        expect(said(page)).to_have_count(5)
        assert said(page).all_inner_texts()[1:] == ["Hello", "You said: Hello", "Again", "You said: Again"]
    assert len({heard["sender"] for heard in rasa.heard}) == 1


def test_what_is_written_offline_is_sent_when_the_connection_is_back(shop_page, rasa):
    page = opened(shop_page())
    say(page, "Hello")
    expect(said(page)).to_have_count(3)
    page.context.set_offline(True)
    expect(page.get_by_text("No connection.")).to_be_visible()
    say(page, "One")
    say(page, "Two")
    expect(page.get_by_role("button", name="Try again").first).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("No connection.")).to_be_hidden()
    expect(said(page)).to_have_count(7)
    assert said(page).all_inner_texts()[3:] == ["One", "You said: One", "Two", "You said: Two"]
    assert [heard["message"] for heard in rasa.heard] == ["Hello", "One", "Two"]


def test_what_waits_survives_a_reload(shop_page, rasa, gateway):
    page = opened(shop_page())
    page.route("**/api/v1/**", lambda route: route.abort())
    say(page, "Hello")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    page.reload()
    page.unroute_all(behavior="ignoreErrors")
    opened(page)
    expect(said(page)).to_have_text([re.compile("a bot"), "Hello", "You said: Hello"])
    assert len(rasa.heard) == 1


def test_what_was_refused_stays_where_it_was_said(shop_page, rasa):
    page = opened(shop_page())
    rasa.says(*QUESTION)
    say(page, "Return it")
    expect(page.get_by_role("button", name="Yes", exact=True)).to_be_visible()
    page.route("**/api/v1/messages", lambda route: route.fulfill(status=422, json={}))
    page.get_by_role("button", name="Yes", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("This cannot be sent.")
    page.unroute_all(behavior="ignoreErrors")
    rasa.says({"text": "Well?"})
    say(page, "Hello?")
    expect(said(page).last).to_have_text("Well?")
    assert said(page).all_inner_texts()[1:] == ["Return it", "Shall I?", "Yes", "Hello?", "Well?"]
    page.get_by_role("button", name="Try again").click()
    expect(said(page)).to_have_count(7)
    assert said(page).all_inner_texts()[1:] == ["Return it", "Shall I?", "Hello?", "Well?", "Yes", "Well?"]
    assert [heard["message"] for heard in rasa.heard] == ["Return it", "Hello?", "/affirm"]


def test_a_date_is_picked_and_sent_in_words(shop_page, rasa):
    page = opened(shop_page())
    rasa.says(*asks("order.delivered_at"))
    say(page, "Return it")
    day = page.get_by_label("Pick the day")
    expect(day).to_be_visible()
    rasa.says({"text": "Thank you."})
    day.fill("2026-02-27")
    day.press("Enter")
    expect(said(page).last).to_have_text("Thank you.")
    expect(day).to_be_hidden()
    assert rasa.heard[1]["message"] == "27 February 2026"


def test_the_order_of_the_page_is_one_click_away(shop_page, rasa):
    page = opened(shop_page(script='data-order="AC-1, AC-2"'))
    rasa.says(*asks("order.number"))
    say(page, "Return it")
    expect(page.get_by_placeholder("Order number")).to_be_visible()
    rasa.says({"text": "Thank you."})
    page.get_by_role("button", name="AC-2").click()
    expect(said(page).last).to_have_text("Thank you.")
    assert rasa.heard[1]["message"] == "AC-2"


def picture(colour):
    held = BytesIO()
    Image.new("RGB", (300, 200), colour).save(held, "PNG")
    return {"name": f"{colour}.png", "mimeType": "image/png", "buffer": held.getvalue()}


def test_pictures_are_shown_before_and_after_they_are_sent(shop_page, rasa):
    page = opened(shop_page())
    rasa.says(*asks("claim.photos"))
    say(page, "The nib is cracked")
    expect(said(page)).to_have_count(3)
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Add pictures").first.click()
    chosen.value.set_files([picture("red"), picture("teal")])
    expect(page.get_by_role("img", name="red.png")).to_be_visible()
    page.get_by_role("button", name="Remove red.png").click()
    rasa.says({"text": "Thank you."})
    say(page, "Here it is")
    expect(said(page).last).to_have_text("Thank you.")
    expect(page.get_by_role("log").get_by_role("img", name="1 picture")).to_be_visible()
    assert rasa.heard[1]["metadata"]["pictures"] == 1
    page.reload()
    opened(page)
    expect(said(page).nth(3)).to_have_text("Here it is")


def test_a_file_that_is_no_picture_is_refused_in_words(shop_page):
    page = opened(shop_page())
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Add pictures").click()
    chosen.value.set_files([{"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}])
    expect(page.get_by_role("status")).to_contain_text("Please choose a photo")


def test_a_decision_counts_down_and_says_why(shop_page, rasa):
    page = opened(shop_page())
    rasa.says({"text": "You can open a dispute."}, {"custom": DISPUTE})
    say(page, "It never came")
    card = page.get_by_label("The decision in short")
    expect(card.get_by_role("timer")).to_have_text("12 days 13 hours left")
    expect(card).to_contain_text("the shop pays")
    expect(card).to_contain_text("31 March 2026")
    expect(card.get_by_text("BP-D2")).to_be_hidden()
    card.get_by_text("Why, and which clause").click()
    expect(card.get_by_text("BP-D2")).to_be_visible()
    expect(card).to_contain_text("Within protection")


def test_a_refusal_says_what_still_runs(shop_page, rasa):
    page = opened(shop_page())
    rasa.says({"text": "No."}, {"custom": REFUSED})
    say(page, "Return it")
    card = page.get_by_label("The decision in short")
    expect(card).to_contain_text("Not possible")
    expect(card).to_contain_text("Warranty ends")
    expect(card).to_contain_text("28 August 2026")


def test_a_person_is_one_tap_away(shop_page, rasa):
    page = opened(shop_page())
    page.get_by_role("button", name="Talk to a person").click()
    expect(said(page)).to_have_count(3)
    assert rasa.heard[0]["message"] == "I want to talk to a person"


def test_the_conversation_can_be_kept_as_a_file(shop_page, rasa):
    page = opened(shop_page())
    say(page, "Hello")
    expect(said(page)).to_have_count(3)
    page.get_by_role("button", name="More").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the conversation").click()
    kept = download.value.path().read_text(encoding="utf-8")
    assert download.value.suggested_filename == "inkwell.txt"
    assert re.search(r"You: Hello\s+.*Assistant: You said: Hello", kept)


@pytest.mark.parametrize(
    ("language", "opens", "writes"),
    [
        ("de", "Hilfe nach dem Kauf", "Ihre Nachricht"),
        ("es", "Ayuda posventa", "Su mensaje"),
        ("zh", "售后帮助", "您的消息"),
    ],
)
def test_it_speaks_the_language_of_the_page(shop_page, rasa, language, opens, writes):
    page = shop_page(script=f'data-lang="{language}-XX"')
    page.get_by_role("button", name=opens).click()
    expect(page.get_by_label(writes)).to_be_visible()
    page.locator(".choice").first.click()
    expect(said(page)).to_have_count(3)
    assert rasa.heard[0]["message"] == "I want to send something back"


def test_another_language_can_be_chosen_and_stays(shop_page, rasa):
    page = opened(shop_page())
    say(page, "Hello")
    expect(said(page)).to_have_count(3)
    page.get_by_role("button", name="More").click()
    page.get_by_label("Language").select_option("de")
    expect(page.get_by_label("Ihre Nachricht")).to_be_visible()
    expect(said(page)).to_have_count(3)
    page.reload()
    expect(page.get_by_role("button", name="Hilfe nach dem Kauf")).to_be_visible()


def test_the_styles_of_the_page_do_not_reach_it(shop_page):
    page = shop_page()
    sizes = launcher(page).bounding_box()
    page.evaluate(
        "() => { const sheet = new CSSStyleSheet(); document.adoptedStyleSheets = [sheet];"
        "sheet.replaceSync('html { font: 10px serif; text-transform: uppercase } button { display: none } "
        "* { letter-spacing: 3px; margin: 9px }'); }"
    )
    assert launcher(page).bounding_box() == sizes


def test_the_shop_gives_it_its_own_colours(shop_page, gateway):
    page = shop_page()
    page.evaluate(
        "() => { const sheet = new CSSStyleSheet(); document.adoptedStyleSheets = [sheet];"
        "sheet.replaceSync('aftercare-chat { --aftercare-accent: #7a1fa2 }'); }"
    )
    assert launcher(page).evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(122, 31, 162)"


@pytest.mark.parametrize("look", ["light", "dark", "phone", "rtl"])
def test_axe_finds_nothing_wrong_in_any_state(shop_page, rasa, look):
    options = {"viewport": {"width": 390, "height": 780}, "has_touch": True} if look == "phone" else {}
    scheme = 'data-scheme="dark"' if look == "dark" else ""
    page = shop_page(page='dir="rtl"' if look == "rtl" else "", script=scheme + ' data-name="Inkwell"', **options)
    found = {"closed": violations(page)}
    opened(page)
    found["greeting"] = violations(page)
    rma = {"v": 1, "kind": "rma", "number": "RMA-7K4P-9XQ-M33", "return_by": "2026-03-04T23:59:59+01:00"}
    for state, items in {
        "dispute": [{"text": "You can."}, {"custom": {**DISPUTE, "more": True}}, *QUESTION],
        "refused": [{"text": "No."}, {"custom": REFUSED}],
        "slip": [{"text": "Here."}, {"custom": {**rma, "slip_url": "/s/1"}}],
        "pictures": asks("claim.photos"),
        "day": asks("order.delivered_at"),
        "line": [{"text": "Which?", "buttons": [{"title": f"Pen {n}", "payload": f"/p{n}"} for n in range(6)]}],
    }.items():
        before = said(page).count()
        rasa.says(*items)
        say(page, state)
        expect(said(page).nth(before + 1)).to_be_visible()
        expect(page.locator(".typing")).to_have_count(0)
        found[state] = violations(page)
    page.get_by_role("button", name="More").click()
    found["menu"] = violations(page)
    page.keyboard.press("Escape")
    page.route("**/api/v1/**", lambda route: route.abort())
    say(page, "failing")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    found["failed"] = violations(page)
    page.unroute_all(behavior="ignoreErrors")
    assert [f"{state}: {one}" for state, several in found.items() for one in several] == []
