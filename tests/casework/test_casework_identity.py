"""Who is asking: the same answer for every wrong pair, a pause after five, and never a lock on the owner."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from casework.identity import MOST_FAILURES, WINDOW, Asker, Refusal, identify, own_order
from order_store import Database, IdentityAttempt, Order
from tests.casework.orders import EMAIL, NOW, PHONE, an_asker, open_shops, tell, told


def _try(
    database: Database,
    contact: str | None,
    number: str = "QC-1001",
    asker: Asker | None = None,
    after: Any = timedelta(),
) -> Order | Refusal:
    with database.write() as session:
        return identify(session, asker or an_asker(), number, contact, NOW + after)


def _attempts(database: Database) -> list[tuple[str, bool]]:
    with database.read() as session:
        return [(each.order_key, each.succeeded) for each in session.scalars(select(IdentityAttempt).order_by("id"))]


@pytest.fixture
def store(sqlite_shops: Database) -> Database:
    tell(
        sqlite_shops,
        told(),
        told(number="HB-1", shop="bazaar"),
        told(number="US-1", customer={"email": "bo@example.org", "phone": "+1 202 555 0134"}),
    )
    return sqlite_shops


@pytest.mark.parametrize("contact", [EMAIL, EMAIL.upper(), f"  {EMAIL.title()} "])
def test_the_right_e_mail_proves_it_in_any_case(store: Database, contact: str) -> None:
    found = _try(store, contact)
    assert isinstance(found, Order)
    assert found.number == "QC-1001"


@pytest.mark.parametrize(
    "contact",
    [
        *(PHONE, "+493023125111", "0049 30 23125 111", "030 23125111", "(030) 23125-111", "+49 (0)30 23125-111"),
        *("030/23125111", "49 30 23125111", "my number is 030 23125111"),
    ],
)
def test_the_right_phone_proves_it_however_it_is_written(store: Database, contact: str) -> None:
    assert isinstance(_try(store, contact), Order)


@pytest.mark.parametrize("contact", ["(202) 555-0134", "1-202-555-0134", "+1 202 555 0134", "2025550134"])
def test_an_american_phone_needs_no_trunk_zero(store: Database, contact: str) -> None:
    assert isinstance(_try(store, contact, "US-1"), Order)


@pytest.mark.parametrize(
    "contact",
    [
        "",
        " ",
        "23125111"[1:],
        "111",
        "030 23125112",
        "+44 30 23125 111",
        "0",
        "@",
        "ada.fenn",
        "ada.fenn@example.co",
        None,
    ],
)
def test_a_part_of_the_contact_proves_nothing(store: Database, contact: str | None) -> None:
    assert _try(store, contact) is Refusal.NO_MATCH


@pytest.mark.parametrize("number", ["QC-1001", "qc 1001", "#QC1001", "\uff31\uff23\uff11\uff10\uff10\uff11"])
def test_the_order_number_is_found_however_it_is_typed(store: Database, number: str) -> None:
    assert isinstance(_try(store, EMAIL, number), Order)


def test_a_wrong_pair_an_unknown_order_and_another_shops_order_are_the_same(store: Database) -> None:
    tries = [("bo@example.org", "QC-1001"), (EMAIL, "QC-999999"), (EMAIL, "HB-1"), (EMAIL, "")]
    assert {_try(store, contact, number) for contact, number in tries} == {Refusal.NO_MATCH}
    assert _attempts(store) == [("QC1001", False), ("QC999999", False), ("HB1", False), ("", False)]


def test_a_success_is_recorded_as_one(store: Database) -> None:
    _try(store, EMAIL)
    assert _attempts(store) == [("QC1001", True)]


def _fail(store: Database, times: int, **who: Any) -> None:
    for each in range(times):
        assert _try(store, f"m{each}@example.net", asker=an_asker(**who)) is Refusal.NO_MATCH


@pytest.mark.parametrize("who", [{"conversation": "c1", "client": "elsewhere"}, {"conversation": "c9", "client": "k1"}])
def test_after_five_failures_the_conversation_and_the_client_wait_even_with_the_right_pair(
    store: Database, who: dict[str, str]
) -> None:
    _fail(store, MOST_FAILURES)
    assert _try(store, EMAIL, asker=an_asker(**who)) is Refusal.WAIT
    assert len(_attempts(store)) == MOST_FAILURES


def test_four_failures_do_not_make_anybody_wait(store: Database) -> None:
    _fail(store, MOST_FAILURES - 1)
    assert isinstance(_try(store, EMAIL), Order)


def test_the_pause_ends_a_quarter_of_an_hour_after_the_first_of_the_five(store: Database) -> None:
    _fail(store, MOST_FAILURES)
    assert _try(store, EMAIL, after=WINDOW - timedelta(microseconds=1)) is Refusal.WAIT
    assert isinstance(_try(store, EMAIL, after=WINDOW), Order)


def test_a_strangers_failures_never_lock_the_owner_out(store: Database) -> None:
    for each in range(8):
        _fail(store, MOST_FAILURES, conversation=f"s{each}", client=f"stranger{each}")
    assert isinstance(_try(store, EMAIL, asker=an_asker(conversation="owner", client="home")), Order)


def test_a_signed_token_needs_no_contact(store: Database) -> None:
    assert isinstance(_try(store, None, asker=an_asker(email=EMAIL.upper())), Order)


def test_a_signed_token_opens_only_the_orders_it_names(store: Database) -> None:
    assert isinstance(_try(store, None, asker=an_asker(email=EMAIL, orders=("qc 1001",))), Order)
    assert _try(store, None, asker=an_asker(email=EMAIL, orders=("QC-7",))) is Refusal.NO_MATCH
    assert _try(store, None, asker=an_asker(email=EMAIL, orders=())) is Refusal.NO_MATCH


def test_a_token_for_somebody_else_opens_nothing(store: Database) -> None:
    assert _try(store, None, asker=an_asker(email="bo@example.org")) is Refusal.NO_MATCH


def test_a_token_of_another_shop_opens_nothing_of_this_one(store: Database) -> None:
    assert _try(store, None, asker=an_asker("bazaar", email=EMAIL)) is Refusal.NO_MATCH
    assert isinstance(_try(store, None, "HB-1", asker=an_asker("bazaar", email=EMAIL)), Order)


def test_ownership_is_proven_anew_whenever_the_order_is_read(store: Database) -> None:
    with store.read() as session:
        assert own_order(session, an_asker(), "QC-1001", EMAIL) is not None
        assert own_order(session, an_asker(), "QC-1001", "bo@example.org") is None
        assert own_order(session, an_asker(), "QC-1001", None) is None
        assert own_order(session, an_asker("bazaar"), "QC-1001", EMAIL) is None


def test_attempts_are_counted_on_every_kind_of_database(database: Database) -> None:
    open_shops(database)
    tell(database, told())
    _fail(database, MOST_FAILURES)
    assert _try(database, EMAIL) is Refusal.WAIT
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(IdentityAttempt)) == MOST_FAILURES
