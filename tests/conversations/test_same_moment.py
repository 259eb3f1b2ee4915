"""The same customer in up to sixty-four windows, who says yes in all of them at the same moment."""

import threading
from datetime import datetime

import httpx
import pytest
from sqlalchemy import select

from order_store import Letter, Rma, Ticket, find_order, import_orders
from tests.chaos.chat import Chat
from tests.chaos.customer import settle
from tests.chaos.matters import Matter, matter_of
from tests.running import CLOCK, System


@pytest.mark.parametrize(("kind", "number", "windows"), [("rma", "QC-64001", 64), ("approval", "WS-64002", 16)])
def test_a_yes_in_many_windows_at_once_gives_one_number(system: System, kind: str, number: str, windows: int) -> None:
    matter = matter_of(kind, number)
    system.at(CLOCK)
    assert not import_orders(system.database, [matter.order], datetime.fromisoformat(CLOCK)).refused
    told = _in_windows(system, matter, windows)
    with system.database.read() as session:
        order = find_order(session, matter.kind.shop, number)
        assert order is not None
        number_of = (Rma if kind == "rma" else Ticket).number
        (stored,) = session.scalars(select(number_of).filter_by(line_id=order.lines[0].id))
        letters = session.scalars(select(Letter).where(Letter.customer_id == order.customer_id)).all()
    assert told == [stored] * windows
    assert [letter.kind for letter in letters] == (["rma_issued"] if kind == "rma" else [])


def _in_windows(system: System, matter: Matter, count: int) -> list[str]:
    """The number each window was told; every one of them has come to the question before the first says yes."""
    at_the_question = threading.Barrier(count)
    told: list[str] = []

    def talk(window: int) -> None:
        try:
            with httpx.Client(base_url=system.url) as client:
                chat = Chat(client, matter.kind.shop, f"{matter.number}-{window}")
                settle(chat, matter, before_yes=lambda: at_the_question.wait(300))
                told.append(chat.last.custom(matter.kind.ends)[0]["number"])
        except BaseException:
            at_the_question.abort()
            raise

    windows = [threading.Thread(target=talk, args=(window,)) for window in range(count)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    return told
