"""Notices go to the channel their customer last used, within its rules; by e-mail else."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from casework.acting import WORKER, Acting
from casework.erasing import erase_customer
from casework.personal_data import personal_data
from order_store import Correspondent, Customer, Delivery, Dispatch, Letter, Turn, outbox, record_attempt
from tests.casework.orders import NOW, a_line, open_shops, tell, the_line, told
from tests.channels.people import OnWhatsapp
from worker.delivering import Delivering
from worker.gate import Gate
from worker.notices import Notices
from worker.settings import Settings


@pytest.fixture
def shop():
    return "quill"


@pytest.fixture
def ran_out(desk):
    """An order whose item has run out, at a shop that has the channel."""
    open_shops(desk.database)
    tell(desk.database, told(shipments=[], lines=[a_line(stock="out_of_stock")]))


@pytest.fixture
def letters(tmp_path):
    def read():
        return [file.read_text() for file in sorted((tmp_path / "letters").glob("*.eml"))]

    return read


@pytest.fixture
def post(desk, ran_out, tmp_path):
    """Queues a notice of the order's item, and has the worker deliver it."""
    variables = {**desk.variables, "AFTERCARE_MAIL_FOLDER": str(tmp_path / "letters")}
    notices = Notices(desk.database, desk.channels.adapters, desk.channels.notices.accounts, desk.machine)
    worker = Delivering(
        desk.database,
        Settings.from_environment(variables).mailbox(),
        business=lambda: NOW,
        machine=desk.machine,
        gate=Gate(),
        stopping=threading.Event(),
        redirected=notices.redirected,
    )

    def queue(kind="item_out_of_stock", key="k"):
        with desk.database.write() as session:
            line = the_line(session)
            variables = {"line": line.id, "restock_expected_on": None, "amount": ["39.90", "EUR"]}
            customer = line.order.customer_id
            outbox.queue(
                session, shop=line.order.shop, kind=kind, key=key, now=NOW, variables=variables, customer_id=customer
            )

    def deliver():
        while worker.deliver_one():
            pass
        desk.settle()

    def queue_and_deliver(**how):
        queue(**how)
        deliver()

    queue_and_deliver.again = deliver
    return queue_and_deliver


def proves_the_order(desk, conversation_id, at=NOW):
    with desk.database.write() as session:
        line = the_line(session)
        record_attempt(
            session,
            at=at,
            shop_key="quill",
            conversation_id=conversation_id,
            client="k",
            order_key=line.order.number_key,
            succeeded=True,
        )


def wrote(desk, ada):
    ada.says("My mug")
    desk.settle()
    with desk.database.read() as session:
        proven = session.scalars(select(Correspondent)).one().conversation_id
    proves_the_order(desk, proven)


CHATS = ["telegram", "slack", "messenger", "whatsapp", "sms"]


@pytest.mark.parametrize("channel", CHATS, indirect=True)
def test_a_notice_goes_where_the_customer_last_wrote(desk, ada, post, letters):
    wrote(desk, ada)
    post()
    assert "is out of stock: wait, or have your money back" in ada.read[-1]
    assert "Wait: it is sent as soon as it is back." in ada.read[-1]
    assert letters() == []


@pytest.mark.parametrize("channel", ["email"], indirect=True)
def test_who_writes_by_email_gets_a_letter(desk, ada, post, letters):
    wrote(desk, ada)
    post()
    assert len(ada.read) == 1
    assert len(letters()) == 1


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_who_was_last_on_the_website_gets_a_letter(desk, ada, post, letters):
    wrote(desk, ada)
    desk.gateway.http.put("/api/v1/clock", json={"now": "2026-03-02T09:05:00+00:00"}).raise_for_status()
    token = desk.gateway.session("quill")
    desk.gateway.say(token, "It is me again")
    with desk.database.read() as session:
        newest = session.scalars(select(Turn).order_by(Turn.id.desc()).limit(1)).one()
    proves_the_order(desk, newest.conversation_id)
    post()
    assert len(letters()) == 1


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_where_a_conversation_was_brought_to_nobody_gets_a_notice_before_they_are_known_there(
    desk, ada, post, letters, database
):
    token = desk.gateway.session("quill")
    desk.gateway.say(token, "My mug")
    with database.read() as session:
        conversation_id = session.scalars(select(Turn)).one().conversation_id
    proves_the_order(desk, conversation_id, at=desk.gateway.app.state.parts.clock.now() - timedelta(minutes=1))
    bearer = {"Authorization": f"Bearer {token}"}
    ada.says(desk.gateway.http.post("/api/v1/handovers", headers=bearer).json()["code"])
    desk.settle()
    ada.says("It is me")
    desk.settle()
    desk.gateway.http.put("/api/v1/clock", json={"now": "2026-03-02T09:05:00+00:00"}).raise_for_status()
    post()
    assert len(letters()) == 1
    proves_the_order(desk, conversation_id)
    post(key="later")
    assert len(letters()) == 1
    assert "is out of stock" in ada.read[-1]


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_who_proved_nothing_gets_no_notice(desk, ada, post, letters):
    ada.says("My mug")
    desk.settle()
    post()
    assert len(ada.read) == 1
    assert len(letters()) == 1


@pytest.mark.parametrize("channel", ["whatsapp", "messenger"], indirect=True)
def test_after_the_window_it_is_a_letter(desk, ada, post, letters):
    wrote(desk, ada)
    desk.skipped = timedelta(hours=24, minutes=1)
    post()
    assert len(ada.read) == 1
    assert len(letters()) == 1


class TestWithATemplate:
    @pytest.fixture
    def environ(self, environ):
        return {**environ, "AFTERCARE_WHATSAPP_TEMPLATE": OnWhatsapp.TEMPLATE}

    @pytest.mark.parametrize("channel", ["whatsapp"], indirect=True)
    def test_after_the_window_it_is_the_approved_template(self, desk, ada, post, letters):
        wrote(desk, ada)
        desk.skipped = timedelta(hours=24, minutes=1)
        post()
        assert ada.read[-1].startswith(f"template {OnWhatsapp.TEMPLATE}: Your ")
        assert letters() == []


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_a_notice_the_channel_refuses_is_a_letter_after_all(desk, ada, provider, post, letters):
    wrote(desk, ada)
    provider.failures = [(403, {}, {"ok": False})]
    post()
    assert letters() == []
    post.again()
    assert len(letters()) == 1
    assert len(ada.read) == 1


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_what_is_told_of_a_customer_names_their_channels_and_erasing_forgets_them(desk, ada, post):
    wrote(desk, ada)
    with desk.database.write() as session:
        session.query(Letter).delete()
        customer = session.scalars(select(Customer)).one()
        assert personal_data(session, customer)["channels"][0]["address"] == ada.place
        erase_customer(Acting(session, datetime.now(UTC), WORKER), customer, "asked_to")
    assert ada.place not in str(
        [vars(each) for table in (Correspondent, Delivery, Dispatch) for each in desk.rows(table)]
    )


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_who_wrote_again_since_is_forgotten_too(desk, ada, post):
    wrote(desk, ada)
    desk.gateway.http.put("/api/v1/clock", json={"now": "2026-03-04T09:00:00+00:00"}).raise_for_status()
    ada.says("Something else")
    desk.settle()
    with desk.database.write() as session:
        customer = session.scalars(select(Customer)).one()
        assert personal_data(session, customer)["channels"][0]["address"] == ada.place
        erase_customer(Acting(session, datetime.now(UTC), WORKER), customer, "asked_to")
    assert ada.place not in str([vars(each) for each in desk.rows(Correspondent)])
