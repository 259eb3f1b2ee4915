"""The four main conversations as customers have them: in Chromium, with the whole system behind it."""

import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from order_store import Turn, transcript
from tests.axe import violations
from tests.browser.speaking import KeyboardConversation, PageConversation
from tests.conversations.player import on_orders_of_its_own, play
from tests.conversations.scripts import main_scripts, scripts_of
from tests.running import CLOCK, ROOT, System, processes_of

PICTURES = ROOT / "var" / "pictures"
"""Kept for people to look at."""


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 480, "height": 1000}, reduced_motion="reduce", locale="en-GB")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []


def picture_of(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


@pytest.mark.parametrize("script", main_scripts())
def test_the_conversation_goes_as_written_on_the_page(script: dict[str, Any], system: System, page: Page) -> None:
    def begin(_address: str) -> PageConversation:
        page.goto(f"{system.url}/?shop={script['shop']}")
        return PageConversation(page)

    play(on_orders_of_its_own(script, "9"), begin, system)
    assert violations(page) == []
    picture_of(page, script["shop"])


@pytest.mark.parametrize("script", main_scripts())
def test_the_keyboard_is_enough(script: dict[str, Any], system: System, page: Page) -> None:
    def begin(_address: str) -> PageConversation:
        page.goto(f"{system.url}/?shop={script['shop']}")
        return KeyboardConversation(page)

    play(on_orders_of_its_own(script, "8"), begin, system)


def test_pictures_are_given_where_they_are_asked_for(system: System, page: Page) -> None:
    [script] = [one for one in scripts_of("faults") if "a defect needs pictures" in one["name"]]

    def begin(_address: str) -> PageConversation:
        page.goto(f"{system.url}/?shop={script['shop']}")
        return PageConversation(page)

    play(on_orders_of_its_own(script, "7"), begin, system)
    expect(page.get_by_label("Return number (RMA)")).to_contain_text("Monday 2 March 2026")
    picture_of(page, "pictures")


def process_of(system: System, command: str) -> int:
    [found] = [one.pid for one in processes_of(system) if command in one.command]
    return found


def newest_turn(system: System) -> Turn:
    with system.database.read() as session:
        return session.scalars(select(Turn).order_by(Turn.id.desc()).limit(1)).one()


def test_nothing_is_lost_when_the_page_is_reloaded_and_the_gateway_killed(system: System, page: Page) -> None:
    """It is killed with a turn under way: the actions hold that up, so that Rasa has it and nobody has the answer."""
    script = scripts_of("returning")[0]
    system.at(CLOCK)
    actions = process_of(system, "cli.actions_server")
    killed_in = (3, 4)

    def interrupt(turn: int) -> None:
        if turn in (2, 5):
            page.reload()
            expect(page.get_by_role("log").locator(".bot .said")).not_to_have_count(0)
        if turn in killed_in:
            os.kill(actions, signal.SIGSTOP)

    def kill(turn: int) -> None:
        if turn in killed_in:
            gives_up = time.monotonic() + 20
            while newest_turn(system).answered_at is not None:
                assert time.monotonic() < gives_up
                time.sleep(0.01)
            os.kill(process_of(system, "-m gateway"), signal.SIGKILL)
            os.kill(actions, signal.SIGCONT)

    def begin(_address: str) -> PageConversation:
        page.goto(f"{system.url}/?shop={script['shop']}")
        return PageConversation(page, interrupt, kill)

    try:
        play(on_orders_of_its_own(script, "6"), begin, system)
    finally:
        os.kill(actions, signal.SIGCONT)
    with system.database.read() as session:
        stored = [one["text"] for one in transcript(session, newest_turn(system).conversation_id) if one["text"]]
    assert page.get_by_role("log").locator(".said").all_inner_texts()[1:] == stored
    assert len(page.get_by_role("log").locator(".customer .said").all()) == len(script["turns"])


def test_a_dispute_counts_down_on_the_order_page(system: System, page: Page) -> None:
    script = on_orders_of_its_own(scripts_of("missing_order")[0], "5")
    number = script["orders"][0]["number"]

    def begin(_address: str) -> PageConversation:
        page.goto(f"{system.url}/order?shop={script['shop']}&number={number}")
        expect(page.locator("time.left").first).to_have_text("10 days 6 hours left")
        assert violations(page) == []
        page.get_by_role("button", name="After-sales help").click()
        return PageConversation(page)

    play(script, begin, system)
    expect(page.get_by_role("timer")).to_have_text("10 days 6 hours left")
    assert violations(page) == []
    picture_of(page, "order")
