"""What nobody writes who wants help: it costs little, holds up nobody, and asks nothing of the machine's network."""

import json
import time
from datetime import timedelta

import httpx
import pytest

from gateway.channels.adapter import Heard
from gateway.channels.calling import Files, download
from gateway.channels.errors import Refused, Unreadable
from gateway.channels.mime import is_automatic, read_mime, written_in
from order_store import Delivery, Dispatch, add_messages, channels
from tests.channels.people import OnMessenger, OnSlack, OnTelegram

API = "https://api.example.com"
FILES = Files(API, ("files.example.com",), ("cdn.example.net",))
PROOF = {"Authorization": "Bearer a-token"}


def network(**answers):
    """A client whose hosts, by their names, answer so; `asked` are the requests that were made."""
    asked = []

    def answer(request):
        asked.append(request)
        return answers[request.url.host.replace(".", "_").replace("-", "_")]

    client = httpx.Client(transport=httpx.MockTransport(answer))
    client.asked = asked
    return client


def leads_to(url):
    return httpx.Response(302, headers={"Location": url})


def test_a_file_is_fetched_with_our_proof_where_the_provider_keeps_it():
    http = network(files_example_com=httpx.Response(200, content=b"a picture"))
    assert download(http, "https://files.example.com/1", FILES, PROOF) == b"a picture"
    assert http.asked[0].headers["authorization"] == "Bearer a-token"


def test_our_proof_does_not_follow_a_redirect_to_another_host():
    elsewhere = leads_to("https://cdn.example.net/1")
    http = network(files_example_com=elsewhere, cdn_example_net=httpx.Response(200, content=b"a picture"))
    assert download(http, "https://files.example.com/1", FILES, PROOF) == b"a picture"
    assert "authorization" not in http.asked[1].headers


@pytest.mark.parametrize(
    "url",
    [
        "https://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:5005/conversations",
        "http://cdn.example.net/1",
        "https://cdn.example.net:8443/1",
        "https://evil.example.net/1",
        "https://notfiles.example.com/1",
        "file:///etc/passwd",
        "https://[oops/",
    ],
)
def test_a_redirect_leads_nowhere_else(url):
    http = network(files_example_com=leads_to(url))
    with pytest.raises(Refused):
        download(http, "https://files.example.com/1", FILES, PROOF)
    assert len(http.asked) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://cdn.example.net/1",
        "http://files.example.com/1",
        "https://files.example.com@evil.example.net/1",
        "https://files.example.com:8443/1",
        "https://evil.example.net/files.example.com",
        "http://api.example.com/1",
        "",
        "https://[oops/",
    ],
)
def test_a_file_lies_at_the_providers_address_or_is_not_asked_for(url):
    http = network()
    with pytest.raises(Refused):
        download(http, url, FILES, PROOF)
    assert http.asked == []


def took(work):
    began = time.monotonic()
    work()
    return time.monotonic() - began


@pytest.mark.parametrize(
    "markup", ["<script" * 50_000, "<" * 200_000, "<br" * 60_000, "<style>" * 30_000, "<a" * 90_000 + ">"]
)
def test_markup_that_never_ends_is_read_at_once(markup):
    mail = read_mime(f"From: a@example.com\nContent-Type: text/html\n\n{markup}".encode())
    assert took(lambda: written_in(mail)) < 5


def test_a_header_without_end_is_read_at_once():
    mail = read_mime(
        b"From: a@example.com\nSubject: " + b"a " * 200_000 + b"\nReferences: " + b"<a@b> " * 50_000 + b"\n\nx"
    )
    assert took(lambda: [str(mail.get(name)) for name in ("Subject", "References")]) < 5
    assert written_in(mail) == "x"


def nested(depth):
    heads = [f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(depth)]
    return ("From: ada1@example.com\n" + "".join(heads) + "\nHello").encode()


def test_a_mail_within_mails_without_end_is_unreadable():
    with pytest.raises(Unreadable):
        read_mime(nested(3000))


@pytest.mark.parametrize(
    ("markup", "read"),
    [
        ("<p>It is <b>bent</b></p><p>Since Monday</p>", "It is bent\nSince Monday"),
        ("<style>p { color: red }</style><SCRIPT>let a = '<b>'</SCRIPT>It is bent", "It is bent"),
        ("2 &lt; 3<br/>yes", "2 < 3\nyes"),
    ],
)
def test_of_markup_the_words_are_read(markup, read):
    assert written_in(read_mime(f"From: a@example.com\nContent-Type: text/html\n\n{markup}".encode())) == read


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-generated; type=vacation",
        "X-Autoreply: yes",
        'Content-Type: multipart/report; boundary="b"',
        "Return-Path: <>",
    ],
)
def test_what_a_machine_writes_is_known(header):
    assert is_automatic(read_mime(f"From: a@example.com\n{header}\n\nI am away".encode()))


@pytest.mark.parametrize("text", ["My nib\x00 is bent", "My nib \ud800is bent"])
@pytest.mark.parametrize("channel", ["telegram", "slack", "messenger"], indirect=True)
def test_letters_no_database_keeps_are_left_out(desk, ada, rasa, text):
    ada.says(text)
    desk.settle()
    assert rasa.heard[-1]["message"].replace("  ", " ") == "My nib is bent"


ODD = {
    OnTelegram: {"update_id": 1, "callback_query": {"id": "1", "data": "a", "message": {"reply_markup": 7}}},
    OnSlack: {"type": "event_callback", "event_id": "E", "team_id": "T", "event": {"type": "message", "files": 7}},
    OnMessenger: {"object": "page", "entry": [{"messaging": [{"sender": {"id": "1"}, "message": {"mid": "m"}}]}]},
}


@pytest.mark.parametrize("channel", ["telegram", "slack", "messenger"], indirect=True)
def test_what_has_another_shape_than_documented_is_refused_and_not_a_fault(desk, ada, rasa):
    told = json.loads(json.dumps(ODD[type(ada)]))
    if isinstance(ada, OnTelegram):
        told["callback_query"]["message"]["chat"] = {"type": "private", "id": 1}
        request = ada.update(told, ada.SECRET)
    elif isinstance(ada, OnSlack):
        told["event"] |= {"channel_type": "im", "user": "U1", "channel": "D1"}
        request = ada.signed(json.dumps(told).encode(), "application/json", ada.SECRET, None)
    else:
        told["entry"][0]["messaging"][0]["message"]["quick_reply"] = 7
        request = ada.signed(json.dumps(told).encode())
    assert request.sent_to(ada.url).status_code == 400
    assert desk.rows(Delivery) == []


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_what_is_given_up_is_told_to_who_wrote_it(desk, ada, database, rasa):
    ada.says("first")
    desk.settle()
    desk.gateway.close()
    ada.url = ""
    with database.write() as session:
        heard = Heard("u1", ada.place, "second")
        channels.keep_delivery(
            session,
            channel="telegram",
            shop_key="inkwell",
            provider_id="u1",
            sender=ada.place,
            said=heard.kept(),
            at=desk.machine(),
        )
        (delivery,) = channels.waiting_deliveries(session, desk.machine())
        desk.gateway.app.state.parts.channels.taking.give_up(session, delivery, desk.machine())
    while desk.sending.send_one():
        pass
    assert len(ada.read) == 2
    assert [each.state for each in desk.rows(Delivery)] == ["done", "dead"]


@pytest.mark.parametrize("channel", ["whatsapp", "messenger"], indirect=True)
def test_nothing_is_said_after_the_window(desk, ada, rasa):
    ada.says("I want a person")
    desk.settle()
    desk.skipped = timedelta(hours=25)
    with desk.database.write() as session:
        add_messages(
            session, rasa.heard[0]["sender"].split(":")[0], [{"text": "Here I am", "sender": "agent"}], desk.machine()
        )
    desk.settle()
    assert len(ada.read) == 1
    assert desk.rows(Dispatch)[-1].last_error == "too long after the customer's last message"
