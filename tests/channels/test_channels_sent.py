"""What is said arrives: choices, pictures, long texts; and what a provider cannot take just now is sent later."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from order_store import Dispatch, Picture, dispatches, new_number
from tests.worker.conftest import smtp
from tests.worker.mail_server import MailServer
from worker.channels import LEASE


@pytest.fixture
def photo():
    picture = BytesIO()
    Image.new("RGB", (64, 48), "firebrick").save(picture, "JPEG")
    return picture.getvalue()


def test_a_choice_is_taken_by_its_button_or_its_number(desk, ada, rasa, asks):
    asks()
    ada.says("I want to do something about it")
    desk.settle()
    ada.chooses("Exchange it")
    desk.settle()
    assert rasa.heard[-1]["message"] == '/inform{"n": 2}'


def test_a_number_is_a_choice_only_while_that_question_is_open(desk, ada, rasa, asks):
    asks()
    ada.says("I want to do something about it")
    desk.settle()
    rasa.says({"text": "And how many are broken?"})
    ada.says("wait, something else")
    desk.settle()
    ada.says("2")
    desk.settle()
    assert "/inform" not in rasa.heard[-1]["message"]


@pytest.mark.parametrize("channel", ["telegram", "slack", "messenger"], indirect=True)
def test_a_button_of_an_earlier_conversation_is_no_choice_of_this_one(desk, ada, rasa, asks):
    asks()
    ada.says("something")
    desk.settle()
    old = ada.inbox[-1]
    desk.gateway.http.put("/api/v1/clock", json={"now": "2026-03-04T09:00:00+00:00"}).raise_for_status()
    asks(labels=("Cancel it", "Keep it"))
    ada.says("something else")
    desk.settle()
    ada.pressed("Exchange it", old[2]["Exchange it"]).sent_to(ada.url)
    desk.settle()
    assert rasa.heard[-1]["message"] == "Exchange it"


def test_a_picture_is_evidence(desk, ada, rasa, photo):
    assert ada.request("It looks like this", picture=photo).sent_to(ada.url).status_code == 200
    desk.settle()
    assert "It looks like this" in rasa.heard[-1]["message"]
    assert rasa.heard[-1]["metadata"]["pictures"] == 1
    (picture,) = desk.rows(Picture)
    assert (picture.width, picture.height) == (64, 48)
    assert picture.turn_id is not None


def test_what_is_no_picture_is_told_in_the_same_words_as_on_the_website(desk, ada, rasa):
    assert ada.request("Look", picture=b"<html>no picture</html>").sent_to(ada.url).status_code == 200
    desk.settle()
    assert desk.rows(Picture) == []
    assert any("send a photo as JPEG, PNG or WebP" in text for text in ada.read)
    assert rasa.heard[-1]["metadata"]["pictures"] == 0


BY_HTTP = ["telegram", "slack", "messenger", "sms", "whatsapp"]


@pytest.mark.parametrize("channel", BY_HTTP, indirect=True)
def test_a_provider_that_asks_us_to_wait_is_asked_again_after_that(desk, ada, provider):
    provider.failures = [(429, {"Retry-After": "30"}, {"ok": False, "error": "ratelimited"})]
    ada.says("first")
    desk.settle()
    assert ada.read == []
    bob = type(ada)(provider, number=2, url=ada.url)
    desk.skipped = timedelta(seconds=28)
    desk.settle()
    assert ada.read == []
    desk.skipped = timedelta(seconds=33)
    bob.says("second")
    desk.settle()
    assert [len(ada.read), len(bob.read)] == [1, 1]
    assert desk.states() == ["sent", "sent"]


@pytest.mark.parametrize("channel", ["slack"], indirect=True)
def test_a_provider_that_asks_for_no_wait_at_all_is_not_asked_again_at_once(desk, ada, provider):
    provider.failures = [(429, {"Retry-After": "0"}, {})] * 3
    ada.says("first")
    desk.settle()
    (dispatch,) = desk.rows(Dispatch)
    assert dispatch.tries == 1
    assert dispatch.due_at > desk.machine()


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_telegram_tells_in_the_body_how_long_to_wait(desk, ada, provider):
    asked = {"ok": False, "error_code": 429, "parameters": {"retry_after": 34}}
    provider.failures = [(429, {}, asked)]
    ada.says("first")
    desk.settle()
    (dispatch,) = desk.rows(Dispatch)
    assert timedelta(seconds=30) < dispatch.due_at - desk.machine() <= timedelta(seconds=34)


@pytest.mark.parametrize("channel", BY_HTTP, indirect=True)
def test_a_provider_in_trouble_is_tried_again_and_the_order_is_kept(desk, ada, provider):
    provider.failures = [(500, {}, {}), (503, {}, {})]
    ada.says("first")
    ada.says("second")
    desk.settle()
    assert ada.read == []
    for seconds in (5, 15):
        desk.skipped = timedelta(seconds=seconds)
        desk.settle()
    assert ["first" in ada.read[0], "second" in ada.read[1]] == [True, True]
    assert len(ada.read) == 2


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_what_a_provider_never_takes_is_given_up_and_holds_up_nothing(desk, ada, provider):
    provider.failures = [(403, {}, {"ok": False, "description": "Forbidden: bot was blocked by the user"})]
    ada.says("first")
    desk.settle()
    ada.says("second")
    desk.settle()
    assert desk.states() == ["dead", "sent"]
    assert "second" in ada.read[0]
    (dead, _) = desk.rows(Dispatch)
    assert dead.last_error == "sendMessage: status 403"


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_of_a_long_answer_what_has_gone_out_does_not_go_out_again(desk, ada, provider, rasa):
    rasa.says({"text": "One sentence of some length. " * 400})
    take = provider.take

    def fails_at_the_second(path, headers, body):
        if len(provider.sent) == 1 and not provider.failed:
            provider.failed = True
            return 500, {}, {}
        return take(path, headers, body)

    provider.failed, provider.take = False, fails_at_the_second
    ada.says("tell me everything")
    desk.settle()
    assert len(ada.read) == 1
    desk.skipped = timedelta(seconds=10)
    desk.settle()
    assert len(ada.read) == 3
    assert "".join("".join(ada.read).split()) == "".join(("One sentence of some length. " * 400).split())


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_a_worker_that_dies_with_a_message_in_hand_leaves_it_to_the_next(desk, ada, database):
    ada.says("first")
    desk.sending.stopping.set()
    sent, desk.sending.send_one = desk.sending.send_one, lambda: False
    desk.settle()
    with database.write() as session:
        assert dispatches.claim(session, "the one that dies", desk.machine(), desk.machine() + LEASE) is not None
    desk.sending.send_one = sent
    desk.settle()
    assert ada.read == []
    desk.skipped = LEASE + timedelta(seconds=1)
    desk.settle()
    assert len(ada.read) == 1


def test_an_rma_comes_with_links_to_its_papers(desk, ada, rasa, channel):
    number = new_number("rma")
    custom = {"v": 1, "kind": "rma", "number": number, "return_by": "2026-03-30T23:59:59+02:00"}
    rasa.says({"text": f"Your return number is {number}.", "custom": custom})
    ada.says("yes")
    desk.settle()
    (text,) = ada.read
    assert f"Your return number is {number}." in text
    assert "https://help.example.com/api/v1/slips/" in text
    assert ("https://help.example.com/api/v1/calendars/" in text) == (channel != "sms")


@pytest.mark.parametrize("channel", ["slack"], indirect=True)
def test_what_slack_writes_as_links_is_read_as_it_was_typed(desk, ada, rasa):
    ada.says("order IW-10471, <mailto:ada@example.com|ada@example.com> &amp; thanks")
    desk.settle()
    assert rasa.heard[-1]["message"] == "order IW-10471, ada@example.com & thanks"


@pytest.mark.parametrize("channel", ["email"], indirect=True)
def test_an_answer_by_email_stays_in_its_thread(desk, ada, provider, rasa):
    ada.says("My nib is bent", subject="Broken pen")
    desk.settle()
    (mail,) = provider.mails
    assert str(mail["Subject"]) == "Re: Broken pen"
    assert mail["In-Reply-To"] in mail["References"]
    assert mail["Auto-Submitted"] == "auto-replied"
    ada.says("It was like that from the start")
    desk.settle()
    assert len({body["sender"] for body in rasa.heard}) == 1
    assert rasa.heard[-1]["message"] == "It was like that from the start"
    assert str(provider.mails[-1]["References"]).count("@mail.example.com") == 2


@pytest.mark.parametrize("channel", ["email"], indirect=True)
def test_from_is_no_proof(desk, ada, provider, rasa):
    ada.says("My nib is bent", subject="Broken pen")
    desk.settle()
    ada.says("I am somebody who writes From: Ada", subject="Another thing")
    stranger = type(ada)(provider, number=2, url=ada.url)
    mine = provider.mails[0]["Message-ID"]
    answer = stranger.request("I saw this thread", subject="Re: Broken pen", References=mine).sent_to(ada.url)
    assert answer.status_code == 200
    desk.settle()
    assert len({body["sender"] for body in rasa.heard}) == 3


@pytest.mark.parametrize("channel", ["email"], indirect=True)
@pytest.mark.parametrize(
    "header", [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"List_Id": "<all.example.com>"}]
)
def test_machines_are_not_answered(desk, ada, rasa, header):
    assert ada.request("I am on holiday", subject="Away", **header).sent_to(ada.url).status_code == 200
    desk.settle()
    assert rasa.heard == []


class TestByMailServer:
    """What 429 and 500 are to the others is a mail server's 4xx, and 5xx what is refused for good."""

    @pytest.fixture
    def server(self):
        with MailServer().listening() as server:
            yield server

    @pytest.fixture
    def desk(self, desk, server):
        desk.sending.mailbox = smtp(server)
        yield desk
        desk.sending.mailbox.rest()

    @pytest.mark.parametrize("channel", ["email"], indirect=True)
    def test_a_mail_server_in_trouble_is_tried_again_with_the_same_message_id(self, desk, ada, server):
        server.answers["letter"].append("451 try later")
        ada.says("My nib is bent", subject="Broken pen")
        desk.settle()
        assert [server.taken, desk.states()] == [[], ["waiting"]]
        desk.skipped = timedelta(seconds=5)
        desk.settle()
        (mail,) = server.taken
        assert "My nib is bent" in mail.message.get_content()
        assert mail.recipients == [ada.place]
        assert desk.states() == ["sent"]

    @pytest.mark.parametrize("channel", ["email"], indirect=True)
    def test_what_a_mail_server_refuses_is_given_up_and_holds_up_nothing(self, desk, ada, server):
        server.answers["rcpt"].append("550 no such user")
        ada.says("My nib is bent", subject="Broken pen")
        desk.settle()
        assert desk.states() == ["dead"]
        (dead,) = desk.rows(Dispatch)
        assert ada.place not in dead.last_error
        ada.says("Is anybody there?", subject="Broken pen")
        desk.settle()
        assert len(server.taken) == 1
