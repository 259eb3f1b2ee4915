"""The verdict in words where two programmes speak of the same wish: one answer, what is possible first."""

from datetime import datetime, timedelta

import pytest

from casework.telling import Teller
from casework.words import Words
from order_store import Database
from tests.casework.orders import NOW, a_dossier, line_of, tell, told

YES = {"complete": True, "activated": False, "resalable": True, "caused_by_customer": False, "labels_intact": True}
OPEN = "Yes, you can send the Copper kettle back for a refund"


@pytest.fixture
def store(sqlite_shops: Database) -> Database:
    tell(sqlite_shops, told(shop="double"), told(number="VT-1", shop="voltaic"))
    return sqlite_shops


def _told(store: Database, now: datetime, reason: str = "change_of_mind", **where: str) -> list[str]:
    dossier = a_dossier("return_item", reason=reason, **{"shop": "double", **where}, **YES)
    with store.read() as session:
        line = line_of(session, dossier)
        return Teller(Words.load(), line, now).verdict(dossier.judge(session, line, now)).text.splitlines()


def test_what_is_possible_comes_first_and_the_other_programmes_no_after_it(store: Database) -> None:
    sentences = _told(store, NOW + timedelta(days=30))
    assert sentences[0].startswith(OPEN)
    assert sentences[-1] == (
        "The after-sales terms alone would not give it: The days in which a return can be asked for are over. (AS-X1)"
    )
    assert not [each for each in sentences if "not possible" in each]


def test_what_both_give_is_said_once_and_then_on_which_terms_the_other_does(store: Database) -> None:
    sentences = _told(store, NOW)
    assert sentences[0].startswith(f"{OPEN} until Thursday 12 March 2026")
    assert [each for each in sentences if OPEN in each] == sentences[:1]
    assert sentences[-1].startswith("The shop's own policy would give it as well, and there no last day is set.")


def test_where_nothing_is_open_every_no_is_told_as_such(store: Database) -> None:
    sentences = _told(store, NOW + timedelta(days=30), number="VT-1", shop="voltaic")
    assert sentences[0] == (
        "Return for a refund: not possible. The days in which a return can be asked for are over. (AS-X1)"
    )
