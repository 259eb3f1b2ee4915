"""Mail fetched from a mailbox is taken like mail that is delivered: once, whatever breaks off."""

from contextlib import closing
from urllib.parse import parse_qs, quote

import pytest

from order_store import Delivery
from tests.channels.mailbox import Mailbox
from tests.channels.test_channels_hostile import nested
from worker.channel_threads import Channels
from worker.imap import LARGEST, ImapServer, MailboxAddressError

pytestmark = pytest.mark.parametrize("channel", ["email"], indirect=True)


@pytest.fixture
def mailbox():
    with closing(Mailbox()) as one:
        yield one


@pytest.fixture
def environ(environ, mailbox):
    user, password = quote(mailbox.USER, safe=""), quote(mailbox.PASSWORD, safe="")
    return {**environ, "AFTERCARE_EMAIL_IMAP_URL": f"imap://{user}:{password}@127.0.0.1:{mailbox.port}/INBOX"}


@pytest.fixture
def fetching(desk):
    (only,) = desk.channels.mailboxes
    return only


def written(ada, text, **how):
    return parse_qs(ada.request(text, **how).body.decode())["body-mime"][0].encode()


def test_a_mail_is_fetched_answered_and_marked_as_seen(desk, ada, mailbox, fetching, rasa):
    mailbox.mails.append(written(ada, "My nib is bent", subject="Broken pen"))
    assert fetching.fetch() is False
    desk.settle()
    assert "My nib is bent" in rasa.heard[0]["message"]
    assert "My nib is bent" in ada.read[0]
    assert mailbox.seen == {1}
    mailbox.mails.append(written(ada, "It was so from the start"))
    fetching.fetch()
    desk.settle()
    assert [body["sender"] for body in rasa.heard] == [rasa.heard[0]["sender"]] * 2


@pytest.mark.parametrize("step", ["UID STORE", "UID FETCH", "SELECT", "LOGIN"])
def test_what_breaks_off_is_taken_up_and_taken_once(desk, ada, mailbox, fetching, rasa, step):
    mailbox.mails.append(written(ada, "My nib is bent"))
    mailbox.breaks.append(step)
    for _ in range(3):
        assert fetching.fetch() is False
    desk.settle()
    assert len(rasa.heard) == 1
    assert mailbox.seen == {1}


def test_a_mail_nobody_can_read_holds_up_no_other(desk, ada, mailbox, fetching, rasa):
    mailbox.mails += [b"\x00\xff not a mail", b"From: \xff\xfe\nContent-Type: text/plain; charset=nonsense\n\nx"]
    mailbox.mails.append(written(ada, "My nib is bent"))
    fetching.fetch()
    desk.settle()
    assert len(rasa.heard) == 1
    assert mailbox.seen == {1, 2, 3}


def test_a_mail_within_mails_without_end_holds_up_no_other(desk, ada, mailbox, fetching, rasa):
    mailbox.mails += [nested(3000), written(ada, "My nib is bent")]
    fetching.fetch()
    desk.settle()
    assert len(rasa.heard) == 1
    assert mailbox.seen == {1, 2}


def test_too_large_a_mail_is_not_even_fetched(desk, ada, mailbox, fetching, rasa, caplog):
    mailbox.mails += [written(ada, "a film"), written(ada, "My nib is bent")]
    mailbox.sizes = {1: 2 * LARGEST}
    fetching.fetch()
    desk.settle()
    assert ["My nib is bent" in body["message"] for body in rasa.heard] == [True]
    assert "mail too large" in caplog.text
    assert mailbox.seen == {1, 2}


def test_who_is_not_let_in_fetches_nothing(desk, ada, mailbox, fetching, monkeypatch, caplog):
    mailbox.mails.append(written(ada, "My nib is bent"))
    monkeypatch.setattr(Mailbox, "PASSWORD", "another")
    assert fetching.fetch() is False
    assert desk.rows(Delivery) == []
    assert "mailbox away" in caplog.text


def test_where_mail_is_fetched_nobody_can_deliver_it(desk, ada, environ, database):
    variables = {name: value for name, value in desk.variables.items() if name != "AFTERCARE_EMAIL_SIGNING_KEY"}
    gateway = desk.start(variables)
    assert ada.request("My nib is bent", secret="").sent_to(gateway.url).status_code == 403
    assert len(Channels.from_environment(variables, database).mailboxes) == 1


@pytest.mark.parametrize(
    "url", ["imaps://mail.example.com", "http://a:b@mail.example.com", "imap://a:b@mail.example.com", "imaps://a:b@x:y"]
)
def test_an_address_that_cannot_be_used_is_told(channel, url):
    with pytest.raises(MailboxAddressError, match="AFTERCARE_EMAIL_IMAP_URL"):
        ImapServer.from_url(url)


def test_the_folder_and_the_port_have_defaults(channel):
    server = ImapServer.from_url("imaps://a%40example.com:p%3Aw@mail.example.com")
    assert (server.port, server.folder, server.user, server.password) == (993, "INBOX", "a@example.com", "p:w")
    assert "p:w" not in repr(server)
