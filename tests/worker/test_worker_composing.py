"""What a message says on its envelope and in its headers, and that nobody's name can write one."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from casework.letters import Attachment, Rendered
from order_store import Customer, Letter
from tests.casework.orders import a_shop
from worker.composing import compose
from worker.mail import Mail, NotDelivered, Refused

RENDERED = Rendered(
    "Your kettle", "Grüße,\nthe shop\n", "<p>Grüße</p>", (Attachment("a.pdf", "application/pdf", b"%PDF"),)
)


def a_letter(name: str | None = "Ada Fenn", email: str = "ada@example.com", shop: Any = None) -> Letter:
    return Letter(
        id=17,
        shop=shop or a_shop("quill", name="Quill & Co."),
        shop_key="quill",
        kind="rma_issued",
        customer=Customer(name=name, email=email),
        message_id="<0123456789abcdef0123456789abcdef@example.com>",
        queued_at=datetime(2026, 3, 10, 9, 30, tzinfo=UTC),
        variables={},
        attachments=[],
    )


def read(mail: Mail) -> EmailMessage:
    message = message_from_bytes(mail.content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_message_says_from_whom_to_whom_and_that_no_person_wrote_it() -> None:
    mail = compose(a_letter(), RENDERED, None)
    message = read(mail)
    assert (mail.sender, mail.recipient, mail.international) == ("help@example.com", "ada@example.com", False)
    assert {name: str(value) for name, value in message.items() if not name.startswith("Content")} == {
        "From": '"Quill & Co." <help@example.com>',
        "To": "Ada Fenn <ada@example.com>",
        "Reply-To": '"Quill & Co." <help@example.com>',
        "Subject": "Your kettle",
        "Date": "Tue, 10 Mar 2026 09:30:00 +0000",
        "Message-ID": "<0123456789abcdef0123456789abcdef@example.com>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
    }


def test_it_holds_the_text_the_html_and_the_files_and_nothing_but_ascii() -> None:
    mail = compose(a_letter(), RENDERED, None)
    assert mail.content.isascii()
    assert max(map(len, mail.content.split(b"\r\n"))) <= 78
    message = read(mail)
    parts = [part.get_content_type() for part in message.walk()]
    assert parts == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf"]
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == ["Grüße,", "the shop"]
    assert html.get_content().strip() == "<p>Grüße</p>"
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("a.pdf", b"%PDF")


def test_every_try_sends_the_same_bytes() -> None:
    assert compose(a_letter(), RENDERED, None).content == compose(a_letter(), RENDERED, None).content


def test_the_sender_that_was_set_writes_and_the_shop_is_answered() -> None:
    mail = compose(a_letter(), RENDERED, "post@example.net")
    assert mail.sender == "post@example.net"
    assert str(read(mail)["From"]) == '"Quill & Co." <post@example.net>'
    assert "help@example.com" in str(read(mail)["Reply-To"])


def test_without_any_sender_the_letter_waits_and_says_what_to_set() -> None:
    shop = a_shop("quill", contact={"name": None, "email": None, "phone": None})
    with pytest.raises(NotDelivered, match="set AFTERCARE_MAIL_FROM"):
        compose(a_letter(shop=shop), RENDERED, None)
    mail = compose(a_letter(shop=shop), RENDERED, "post@example.net")
    assert read(mail)["Reply-To"] is None


@pytest.mark.parametrize("email", ["", "erased", "no at.example.com"])
def test_without_an_address_there_is_nobody_to_send_it_to(email: str) -> None:
    with pytest.raises(Refused, match="no e-mail address"):
        compose(a_letter(email=email), RENDERED, None)


@pytest.mark.parametrize(
    "name",
    [
        "Ada\r\nBcc: x@example.com",
        "Ada\nSubject: other",
        'Ada" <x@example.com>, "',
        "Ada\u2028Bcc: x",
        "Ada\x00\x1b[31m",
    ],
)
def test_a_name_can_neither_write_a_header_nor_add_a_recipient(name: str) -> None:
    shop = a_shop("quill", name=name)
    message = read(compose(a_letter(name=name, shop=shop), RENDERED, None))
    assert [address.addr_spec for address in message["To"].addresses] == ["ada@example.com"]
    assert [address.addr_spec for address in message["From"].addresses] == ["help@example.com"]
    assert message["Bcc"] is None
    assert str(message["Subject"]) == "Your kettle"


def test_a_name_of_any_script_is_read_back_whole() -> None:
    for name in ("Åse Lindqvist-Bjørnstad", "王小明", "Ahmed عبد الله"):
        assert read(compose(a_letter(name=name), RENDERED, None))["To"].addresses[0].display_name == name


def test_domains_beyond_ascii_travel_as_the_net_writes_them_and_other_letters_as_they_are() -> None:
    mail = compose(a_letter(email="ada@bücher.example"), RENDERED, None)
    assert (mail.recipient, mail.international) == ("ada@xn--bcher-kva.example", False)
    mail = compose(a_letter(email="jürgen@example.com"), RENDERED, None)
    assert (mail.recipient, mail.international) == ("jürgen@example.com", True)
