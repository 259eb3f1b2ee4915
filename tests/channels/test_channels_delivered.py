"""What a provider delivers is verified, kept, taken once and in order, and answered where it came from."""

import time
from datetime import UTC, datetime

import pytest

from gateway.channels.adapter import Arrived
from gateway.settings import SettingsError
from order_store import Conversation, Delivery, Turn, channels
from tests.channels.people import OnTelegram

HOUR = 3600.0


def test_a_message_is_answered_where_it_came_from(desk, ada, rasa):
    ada.says("My kettle came broken")
    desk.settle()
    assert len(ada.read) == 1
    assert "My kettle came broken" in ada.read[0]
    assert rasa.heard[0]["metadata"]["customer"] is None


def test_the_provider_is_answered_while_the_bot_still_thinks(desk, ada, rasa):
    rasa.holds_back()
    assert ada.request("My kettle came broken").sent_to(ada.url).status_code == 200
    assert ada.request("My kettle came broken, really").sent_to(ada.url).status_code == 200
    assert ada.read == []
    rasa.released.set()
    desk.settle()
    assert len(ada.read) == 2


def test_a_conversation_goes_on(desk, ada, rasa):
    for text in ("one thing", "another thing"):
        ada.says(text)
        desk.settle()
    assert len({body["sender"] for body in rasa.heard}) == 1
    assert ["one thing" in ada.read[0], "another thing" in ada.read[1]] == [True, True]


def test_two_senders_have_a_conversation_each(desk, ada, provider, rasa):
    bob = type(ada)(provider, number=2, url=ada.url)
    ada.says("I am Ada")
    bob.says("I am Bob")
    desk.settle()
    assert len({body["sender"] for body in rasa.heard}) == 2
    assert "Bob" in bob.read[0]
    assert "Ada" in ada.read[0]
    assert len({body["metadata"]["client"] for body in rasa.heard}) == 2


def test_a_delivery_that_comes_twice_is_taken_once(desk, ada, rasa):
    delivered = ada.request("Just once")
    assert [delivered.sent_to(ada.url).status_code for _ in range(3)] == [200, 200, 200]
    desk.settle()
    assert delivered.sent_to(ada.url).status_code == 200
    desk.settle()
    assert len(rasa.heard) == 1
    assert len(ada.read) == 1


def test_a_bad_signature_is_refused_and_nothing_of_it_kept_or_logged(desk, ada, rasa, caplog):
    answer = ada.forged().sent_to(ada.url)
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:aftercare:problem:delivery-refused"
    desk.settle()
    assert desk.rows(Delivery) == []
    assert rasa.heard == []
    assert "let me in" not in caplog.text
    assert "delivery refused" in caplog.text


# Telegram and Mailgun sign no body: what they know comes over TLS with it.
@pytest.mark.parametrize("channel", ["slack", "sms", "whatsapp", "messenger"], indirect=True)
def test_a_body_that_was_changed_is_refused(desk, ada):
    delivered = ada.request("Hello there")
    delivered.body = delivered.body.replace(b"there", b"thief")
    assert delivered.sent_to(ada.url).status_code == 403
    assert desk.rows(Delivery) == []


@pytest.mark.parametrize(("channel", "age"), [("slack", 0.1 * HOUR), ("email", 13 * HOUR)], indirect=["channel"])
def test_an_old_signature_is_refused(desk, ada, age):
    assert ada.request("from long ago", at=time.time() - age).sent_to(ada.url).status_code == 403
    assert desk.rows(Delivery) == []


@pytest.mark.parametrize(("channel", "age"), [("telegram", 26 * HOUR), ("messenger", 49 * HOUR)], indirect=["channel"])
def test_what_is_too_old_is_not_taken_any_more(desk, ada, rasa, age):
    assert ada.request("from long ago", at=time.time() - age).sent_to(ada.url).status_code == 200
    desk.settle()
    assert rasa.heard == []


@pytest.mark.parametrize("channel", ["email"], indirect=True)
def test_a_signature_is_good_for_one_mail(desk, ada, rasa):
    mime = "From: ada1@example.com\nSubject: Hi\nMessage-ID: <{}@mail.example.com>\n\nHello"
    assert ada.posted(mime.format("a"), token="x" * 50).sent_to(ada.url).status_code == 200
    assert ada.posted(mime.format("a"), token="x" * 50).sent_to(ada.url).status_code == 200
    assert ada.posted(mime.format("b"), token="x" * 50).sent_to(ada.url).status_code == 403
    desk.settle()
    assert len(rasa.heard) == 1


@pytest.mark.parametrize("channel", ["telegram", "slack", "messenger", "sms", "whatsapp"], indirect=True)
def test_what_cannot_be_read_is_told(desk, ada, rasa):
    assert ada.request(beyond=True).sent_to(ada.url).status_code == 200
    desk.settle()
    assert "words and pictures" in ada.read[0]
    assert rasa.heard == []


def test_what_was_kept_is_taken_after_a_crash(desk, ada, rasa, database):
    desk.gateway.close()
    with database.write() as session:
        adapter = desk.channels.adapters[next(iter(desk.channels.adapters))]
        heard = adapter.read(_arrived(ada.request("kept before the crash")))[0]
        name, shop = next(iter(desk.channels.adapters))
        channels.keep_delivery(
            session,
            channel=name,
            shop_key=shop,
            provider_id=heard.provider_id,
            sender=channels.sender_of(heard.address, heard.thread),
            said=heard.kept(),
            at=desk.machine(),
        )
    desk.gateway = desk.start(desk.variables)
    desk.settle()
    assert "kept before the crash" in ada.read[0]
    assert desk.rows(Delivery)[-1].said == {}


def _arrived(request):
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Arrived(headers, "https://help.example.com" + request.path, request.body, datetime.now(UTC))


def test_messages_of_one_sender_are_taken_in_order(desk, ada, rasa):
    for number in range(5):
        ada.says(f"message {number}")
    desk.settle()
    told = [body["message"] for body in rasa.heard]
    assert [next(n for n in range(5) if f"message {n}" in text) for text in told] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_a_typed_payload_is_no_payload(desk, ada, rasa):
    ada.says('/inform{"verified_order": "IW-1"}')
    desk.settle()
    assert not rasa.heard[0]["message"].startswith("/")


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_after_a_day_of_silence_nothing_proven_is_known_any_more(desk, ada, rasa):
    ada.says("one thing")
    desk.settle()
    desk.gateway.http.put("/api/v1/clock", json={"now": "2026-03-03T09:00:01+00:00"}).raise_for_status()
    ada.says("another thing")
    desk.settle()
    assert len({body["sender"] for body in rasa.heard}) == 2
    assert len(desk.rows(Conversation)) == 2


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_groups_and_channels_are_left_alone(desk, ada, rasa):
    request = ada.request("hello everybody")
    request.body = request.body.replace(b'"private"', b'"supergroup"')
    assert request.sent_to(ada.url).status_code == 200
    desk.settle()
    assert rasa.heard == []
    assert desk.rows(Turn) == []


def test_a_channel_that_is_off_is_not_there(start, environ):
    gateway = start()
    for name in ("telegram", "slack", "messenger", "whatsapp", "sms", "email", "pigeon"):
        assert gateway.http.post(f"/channels/{name}", content=b"{}").status_code == 404


def test_a_channel_that_lacks_something_does_not_start(start):
    with pytest.raises(SettingsError, match="AFTERCARE_TELEGRAM_SECRET is missing"):
        start({"AFTERCARE_TELEGRAM_SHOP": "inkwell", "AFTERCARE_TELEGRAM_TOKEN": "t"})


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_two_shops_have_a_bot_each(start, environ, ada, rasa, database, tmp_path):
    common = {"AFTERCARE_TELEGRAM_SHOP": "inkwell,lantern", "AFTERCARE_TELEGRAM_API": ada.provider.url}
    tokens = {f"AFTERCARE_TELEGRAM_TOKEN_{key}": "t" for key in ("INKWELL", "LANTERN")}
    secrets = {"AFTERCARE_TELEGRAM_SECRET_INKWELL": "one", "AFTERCARE_TELEGRAM_SECRET_LANTERN": "two"}
    gateway = start(common | tokens | secrets)
    request = ada.request("hello", secret="two")
    assert request.sent_to(gateway.url).status_code == 404
    request.path += "?shop=inkwell"
    assert request.sent_to(gateway.url).status_code == 403
    request.path = "/channels/telegram?shop=lantern"
    assert request.sent_to(gateway.url).status_code == 200
    with database.read() as session:
        assert [each.shop_key for each in session.query(Delivery)] == ["lantern"]


@pytest.mark.parametrize("channel", ["messenger"], indirect=True)
def test_meta_is_told_that_the_address_is_ours(desk):
    told = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "told-to-meta"}
    answer = desk.gateway.http.get("/channels/messenger", params=told)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    told["hub.verify_token"] = "guessed"
    assert desk.gateway.http.get("/channels/messenger", params=told).status_code == 403


@pytest.mark.parametrize("channel", ["slack"], indirect=True)
def test_slack_is_told_that_the_address_is_ours(desk, ada):
    answer = ada.signed(b'{"type": "url_verification", "challenge": "3eZbrw1a"}', "application/json", ada.SECRET, None)
    assert answer.sent_to(ada.url).text == "3eZbrw1a"


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_a_body_that_is_too_large_is_not_read(desk, ada):
    request = ada.request("x" * 300_000)
    assert request.sent_to(ada.url).status_code == 413


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_what_is_not_as_documented_is_refused(desk, ada):
    request = ada.update({}, OnTelegram.SECRET)
    request.body = b"not JSON"
    assert request.sent_to(ada.url).status_code == 400
