"""A provider's form in either encoding, letters of any encoding in it."""

from datetime import UTC, datetime
from urllib.parse import quote_plus

import pytest

from gateway.channels.accounts import Account
from gateway.channels.adapter import Arrived
from gateway.channels.email import Email
from gateway.channels.errors import Unreadable
from gateway.channels.forms import fields

LATIN = (
    "From: Ada <ada@example.com>\r\nSubject: Stift\r\nMessage-ID: <1@example.com>\r\n"
    "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGrüße\r\n"
)
FORM = {"timestamp": b"1", "token": b"t", "signature": b"s", "body-mime": LATIN.encode("latin-1")}


def urlencoded(told):
    body = "&".join(f"{name}={quote_plus(value)}" for name, value in told.items()).encode()
    return Arrived({"content-type": "application/x-www-form-urlencoded"}, "", body, datetime.now(UTC))


def multipart(told):
    parts = [
        b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value)
        for name, value in told.items()
    ]
    body = b"".join(parts) + b"--b--\r\n"
    return Arrived({"content-type": "multipart/form-data; boundary=b"}, "", body, datetime.now(UTC))


@pytest.mark.parametrize("encoded", [urlencoded, multipart])
def test_the_fields_are_those_that_were_sent(encoded):
    told = fields(encoded(FORM))
    assert told.keys() == FORM.keys()
    assert told["token"] == "t"
    assert told["body-mime"].encode("utf-8", "surrogateescape").rstrip() == FORM["body-mime"].rstrip()


@pytest.mark.parametrize("encoded", [urlencoded, multipart])
def test_a_letter_in_another_encoding_is_read(encoded):
    account = Account("email", "inkwell", {"address": "service@inkwell.example.com", "signing_key": "k"}, "")
    (heard,) = Email(account, b"key").read(encoded(FORM))
    assert heard.text == "Stift\nGrüße"
    assert heard.address == "ada@example.com"


def test_a_body_that_is_no_form_is_refused():
    with pytest.raises(Unreadable):
        fields(Arrived({"content-type": "application/json"}, "", b"{}", datetime.now(UTC)))
    with pytest.raises(Unreadable):
        fields(Arrived({"content-type": "application/x-www-form-urlencoded"}, "", "ü".encode(), datetime.now(UTC)))
