"""Every letter, word for word, as text; the same words in its HTML, which loads nothing and trusts nobody."""

from datetime import date
from html.parser import HTMLParser

import pytest
from sqlalchemy import select

from casework import reminders
from casework.letters.contents import one_line
from order_store import Database, Letter
from order_store.codes import LETTER_KINDS
from tests.casework.letters import (
    CHAT,
    CONFIRMED,
    a_dispute,
    a_store_rma,
    an_rma,
    decided,
    in_days,
    quoted,
    ran_out,
    read,
)
from tests.casework.orders import NOW, tell, the_line, told

SIGNED = """\
This is an automatic message about your order QC-1001. A reply reaches
{shop}.

--
{shop}
"""


def text_of(database: Database, kind: str, shop: str = "Quill") -> str:
    """The letter's text without the parts all letters share, which are checked here."""
    text = read(database, kind).text.replace("-- \n", "--\n")
    opening, signed = "Hello Ada Fenn,\n\n", SIGNED.format(shop=shop)
    assert text.startswith(opening)
    assert text.endswith(signed)
    return text.removeprefix(opening).removesuffix(signed).strip()


def remind(database: Database, shop: str, kind: str, day: int) -> None:
    with database.write() as session:
        assert reminders.remind_me(session, the_line(session, shop=shop), kind, NOW) is not None
        assert reminders.plan_due(session, in_days(day)) == 1


def test_an_rma_of_the_manufacturer(sqlite_shops: Database) -> None:
    tell(sqlite_shops, told(shop="voltaic"))
    an_rma(sqlite_shops)
    letter = read(sqlite_shops, "rma_issued")
    assert letter.subject == "RMA-TEST: sending your Copper kettle back"
    assert (
        text_of(sqlite_shops, "rma_issued", "Voltaic")
        == """\
The RMA number for the Copper kettle of your order QC-1001 is

    RMA-TEST

With it you can send the item back for a refund.

Send it back by Tuesday 17 March 2026, end of day, Shanghai time
(AS-X7).

What to keep in mind:

- Send it off by the day named above, or the return lapses. (AS-X7)
- Use a regular carrier, and tell us the tracking number once it is
  sent. (AS-F3)
- Put in the proof of purchase and a note with your name, address,
  contact, the fault and your wishes. (AS-P2)

The policy does not say who pays the postage; a person can tell you.

Send it to:

    Returns
    Musterstrasse 1

Attached is a slip to print: its upper part goes on the outside of the
parcel, its lower part inside. The other file puts the last day into
your calendar.

Once it is sent, tell us the tracking number in the chat, or by replying
to this message.

Open the chat:
https://chat.example.com/?shop=voltaic#say=It%20is%20about%20my%20return%20RMA-TEST."""
    )
    slip, calendar = letter.attachments
    assert (slip.name, slip.kind, slip.content[:5]) == ("RMA-TEST.pdf", "application/pdf", b"%PDF-")
    assert (calendar.name, calendar.kind) == ("RMA-TEST.ics", "text/calendar")
    assert b"DTSTART;VALUE=DATE:20260317" in calendar.content


def test_an_rma_without_a_last_day_names_none_and_puts_none_into_the_calendar(sqlite_shops: Database) -> None:
    tell(sqlite_shops, told())
    an_rma(sqlite_shops, "quill", reason="change_of_mind")
    letter = read(sqlite_shops, "rma_issued")
    assert "The policy sets no last day for this, but sending it soon is best." in letter.text
    assert "You bear the postage both ways; it is not refunded." in letter.text
    assert "your calendar" not in letter.text
    assert [each.name for each in letter.attachments] == ["RMA-TEST.pdf"]


def test_an_item_that_ran_out(sqlite_shops: Database) -> None:
    tell(sqlite_shops, told(shipments=[]))
    ran_out(sqlite_shops)
    assert read(sqlite_shops, "item_out_of_stock").subject == (
        "Your Copper kettle is out of stock: wait, or have your money back"
    )
    assert (
        text_of(sqlite_shops, "item_out_of_stock")
        == """\
The Copper kettle of your order QC-1001 has run out. We are sorry about
that, and tell you at once (ST-O1).

The choice is yours (ST-O2):

- Wait: it is sent as soon as it is back. We expect it on Tuesday 24
  March 2026.
- A full refund at once: 79.80 EUR; the item is then not sent.

Choose in the chat:
https://chat.example.com/?shop=quill#say=It%20is%20about%20order%20QC-1001%3A%20the%20Copper%20kettle%20is%20out%20of%20stock."""
    )


def test_an_unpaid_item_that_ran_out_has_nothing_to_refund(sqlite_shops: Database) -> None:
    tell(sqlite_shops, told(shipments=[], paid_at=None))
    ran_out(sqlite_shops, None)
    text = text_of(sqlite_shops, "item_out_of_stock")
    assert (
        "- Wait: it is sent as soon as it is back.\n- Call it off: nothing has been paid, and it is not sent." in text
    )


def test_without_a_public_address_no_letter_holds_a_link(sqlite_shops: Database) -> None:
    tell(sqlite_shops, told(shipments=[]))
    ran_out(sqlite_shops)
    letter = read(sqlite_shops, "item_out_of_stock", chat=None)
    assert "Tell us in the chat on our website, or reply to this message." in letter.text
    assert "http" not in letter.text + letter.html


def test_a_dispute_decided_for_the_buyer_and_the_refund_that_follows(sqlite_shops: Database) -> None:
    a_dispute(sqlite_shops)
    decided(sqlite_shops, "buyer")
    subject = "DSP-TEST: your dispute about the Copper kettle has been decided"
    assert read(sqlite_shops, "dispute_decided").subject == subject
    assert (
        text_of(sqlite_shops, "dispute_decided", "Bazaar")
        == """\
Your dispute DSP-TEST about the Copper kettle of your order QC-1001 has
been decided.

It was decided in your favour: you get your money back, 79.80 EUR
(BP-5). By which day it is with you, we write as soon as the claim
process has ended.

What else is open to you, the chat can tell:
https://chat.example.com/?shop=bazaar"""
    )
    assert read(sqlite_shops, "refund_due").subject == "DSP-TEST: your refund for the Copper kettle"
    assert (
        text_of(sqlite_shops, "refund_due", "Bazaar")
        == """\
The claim process of your dispute DSP-TEST about the Copper kettle of
your order QC-1001 has ended.

Your refund of 79.80 EUR is due by Wednesday 25 March 2026 (BP-7).

If it has not reached you by then, tell us and a person looks into it.

Open the chat:
https://chat.example.com/?shop=bazaar"""
    )


def test_a_dispute_decided_for_the_seller_brings_no_letter_about_money(sqlite_shops: Database) -> None:
    a_dispute(sqlite_shops)
    decided(sqlite_shops, "seller")
    text = text_of(sqlite_shops, "dispute_decided", "Bazaar")
    assert "It was decided in the seller's favour, so it brings no refund." in text
    assert "If you see it differently or have something new to show, reply to this\nmessage." in text
    with sqlite_shops.read() as session:
        assert session.scalars(select(Letter.kind)).all() == ["dispute_decided"]


def test_a_repair_s_quote(sqlite_shops: Database) -> None:
    tell(sqlite_shops, told())
    quoted(sqlite_shops)
    assert read(sqlite_shops, "repair_quoted").subject == "RPR-TEST: what repairing your Copper kettle costs"
    assert (
        text_of(sqlite_shops, "repair_quoted")
        == """\
We have looked at the Copper kettle of your order QC-1001. Repairing it
costs

    48.50 EUR

The repair starts only once you have agreed (AS-P3). The quote holds
until Tuesday 24 March 2026, end of day.

To accept or decline it, say so in the chat, or reply to this message
with "accept" or "decline" and the number RPR-TEST.

Answer in the chat:
https://chat.example.com/?shop=quill#say=It%20is%20about%20the%20quote%20RPR-TEST%20for%20repairing%20my%20Copper%20kettle%2C%20order%20QC-1001."""
    )


def test_a_reminder_to_return_under_an_rma(sqlite_shops: Database) -> None:
    tell(sqlite_shops, told())
    a_store_rma(sqlite_shops)
    remind(sqlite_shops, "quill", "rma", 27)
    assert read(sqlite_shops, "rma_reminder").subject == (
        "Reminder: send your Copper kettle back by Thursday 9 April 2026, end of day, Berlin time"
    )
    assert (
        text_of(sqlite_shops, "rma_reminder")
        == """\
The last day to return the Copper kettle of your order QC-1001 under its
RMA number is Thursday 9 April 2026, end of day, Berlin time (ST-D2).
After it there is no replacement or refund.

    RMA-TEST

Write the number on the outside of the parcel and send it to:

    Returns
    Musterstrasse 1

Sent already? Tell us the tracking number by replying to this message.

You get this reminder because you asked for it. To get no more of them
about this item, tell us so in the chat or reply to this message with
"stop reminding me"."""
    )


def test_a_reminder_to_send_a_confirmed_return_off(sqlite_shops: Database) -> None:
    tell(sqlite_shops, told(shop="voltaic"))
    an_rma(sqlite_shops)
    remind(sqlite_shops, "voltaic", "ship_by", 4)
    text = text_of(sqlite_shops, "ship_by_reminder", "Voltaic")
    assert text.startswith("""\
Your return of the Copper kettle of your order QC-1001 is confirmed.
Send it off by Tuesday 17 March 2026, end of day, Shanghai time, or the
return lapses (AS-X7).

    RMA-TEST

Send it with a regular carrier to:
""")
    assert '"stop reminding me"' in text


def test_a_reminder_that_the_protection_ends(sqlite_shops: Database) -> None:
    tell(sqlite_shops, told(shop="bazaar", **CONFIRMED))
    remind(sqlite_shops, "bazaar", "protection", 7)
    assert read(sqlite_shops, "protection_reminder").subject == (
        "Reminder: buyer protection for your Copper kettle ends soon"
    )
    assert text_of(sqlite_shops, "protection_reminder", "Bazaar").startswith("""\
The buyer protection of the Copper kettle of your order QC-1001 ends on
Friday 20 March 2026, end of day, New York time (BP-3).

If it has not arrived, or is damaged, defective or not as described,
open a dispute before that. If all is well, there is nothing to do.

Open the chat:
https://chat.example.com/?shop=bazaar
""")


class Reader(HTMLParser):
    """What a person sees of a page, the addresses it leads to, and what it would load."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self._in_head = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._in_head = tag == "title" or (self._in_head and tag != "body")
        told = dict(attributes)
        assert not {"src", "background", "onclick", "class"} & told.keys()
        assert "url(" not in (told.get("style") or "")
        if tag == "a":
            self.links.append(told["href"] or "")

    def handle_data(self, data: str) -> None:
        if not self._in_head:
            self.seen.append(data)


def all_kinds(database: Database) -> None:
    """One letter of each kind."""
    tell(database, told(), told(number="QC-1002", shipments=[]), told(shop="voltaic"))
    an_rma(database)
    with database.write() as session:
        reminders.remind_me(session, the_line(session, shop="voltaic"), "ship_by", NOW)
        reminders.plan_due(session, in_days(4))
    ran_out(database)
    quoted(database)
    a_dispute(database)
    decided(database, "buyer")


def test_the_html_says_what_the_text_says_and_loads_nothing(sqlite_shops: Database) -> None:
    all_kinds(sqlite_shops)
    for kind in (
        "rma_issued",
        "ship_by_reminder",
        "item_out_of_stock",
        "repair_quoted",
        "dispute_decided",
        "refund_due",
    ):
        letter, page = read(sqlite_shops, kind), Reader()
        page.feed(letter.html)
        seen = " ".join(" ".join(page.seen).split())
        for paragraph in letter.text.replace("-- \n", "").split("\n\n"):
            said = " ".join(paragraph.replace("- ", "").split()).partition(": http")[0]
            assert said in seen or all(word in seen for word in said.split()), (kind, said)
        assert page.links == [link for link in letter.text.split() if link.startswith("http")]
        assert not page.tags & {"img", "script", "link", "style", "iframe", "form", "object"}
        assert '<meta name="color-scheme" content="light dark">' in letter.html
        assert "color:" not in letter.html.replace("color-scheme", "")


def test_every_kind_has_a_template() -> None:
    from casework.letters.rendering import TEMPLATES

    assert [kind for kind in LETTER_KINDS if not (TEMPLATES / "en" / f"{kind}.jinja").exists()] == []


@pytest.mark.parametrize("form", ["title", "name"])
def test_what_others_wrote_cannot_become_markup_or_a_line_of_its_own(sqlite_shops: Database, form: str) -> None:
    evil = "Kettle\r\n\r\nBcc: x@example.com <img src=x onerror=alert(1)> {{ 7*7 }} & Söhne"
    order = told(shipments=[])
    if form == "title":
        order["lines"][0]["title"] = evil
    else:
        order["customer"]["name"] = evil
    tell(sqlite_shops, order)
    ran_out(sqlite_shops)
    letter = read(sqlite_shops, "item_out_of_stock")
    assert "<img" not in letter.html
    assert "&lt;img src=x onerror=alert(1)&gt; {{ 7*7 }} &amp; Söhne" in " ".join(letter.html.split())
    assert "\nBcc" not in letter.text
    assert len(letter.subject.splitlines()) == 1


def test_names_are_kept_to_one_line_of_a_readable_length() -> None:
    assert one_line("  Ada\u2028\x00 \t Fenn\x1b ") == "Ada Fenn"
    assert one_line("王小明 👩‍🔧") == "王小明 👩‍🔧"
    assert len(one_line("x" * 5000)) == 300


def test_a_letter_reads_the_same_whenever_it_is_sent(sqlite_shops: Database) -> None:
    tell(sqlite_shops, told(shipments=[]))
    ran_out(sqlite_shops, date(2026, 3, 24))
    first = read(sqlite_shops, "item_out_of_stock", CHAT)
    with sqlite_shops.write() as session:
        the_line(session).restock_expected_on = date(2026, 4, 2)
    assert read(sqlite_shops, "item_out_of_stock", CHAT) == first
