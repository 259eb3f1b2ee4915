"""An RMA's slip and a message's deadlines are behind signed links that open nothing else, and not for ever."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import jwt
import pypdf
import pytest
from icalendar import Calendar

from gateway.links import Links
from gateway.secret import key_for
from order_store import Line, Message, Rma, find_rma, import_orders

ORDER = {
    "number": "IW-1",
    "shop": "inkwell",
    "customer": {"name": "Ada Fenn", "email": "ada@example.com", "standing": "good"},
    "paid_at": "2026-02-20T08:20:00+01:00",
    "shipments": [{"shipped_at": "2026-02-21T16:00:00+01:00", "delivered_at": "2026-02-24T11:30:00+01:00"}],
    "lines": [{"title": "Fountain pen", "quantity": 1, "unit_price": "39.90", "currency": "EUR"}],
}
FACTS = {"reason": "defective", "complete": True, "caused_by_customer": False, "labels_intact": True}
NUMBER = "RMA-7K4P-9XQ-M33"
RETURN_BY = "2026-04-01T23:59:59.999999+02:00"
VERDICT = {
    "v": 1,
    "kind": "verdict",
    "order": "IW-1",
    "item": "Fountain pen",
    "remedies": [],
    "dates": [
        {"code": "warranty_ends", "clause": "ST-D3", "last_day": "2026-03-09"},
        {"code": "return_window_ends", "clause": "AS-R1", "last_day": "2026-03-02"},
        {"code": "refund_due", "clause": "BP-7", "last_day": "2026-02-27"},
    ],
}
SAME_WORDS = "this link opens nothing, or no longer: ask in the chat for a new one"


@pytest.fixture
def rma(database, known):
    """An RMA of Inkwell's, issued at the moment these tests stand at."""
    now = datetime.fromisoformat(known.now)
    assert import_orders(database, [ORDER], now).new == 1
    with database.write() as session:
        line = session.query(Line).one()
        session.add(
            Rma(
                line_id=line.id,
                programme="store_policy",
                remedy="return_refund",
                number=NUMBER,
                reason="defective",
                issued_at=now,
                facts=FACTS,
                verdict={"obligations": [{"code": "original_package", "clause": "ST-M3", "due": None}]},
                idempotency_key="k1",
            )
        )
    return NUMBER


@pytest.fixture
def told(gateway, rasa, rma):
    """The payload of the RMA as the chat shows it, and the token it was asked with."""
    rasa.says({"text": "Here it is."}, {"custom": payload()})
    token = gateway.session()
    return gateway.say(token, "My RMA number")["replies"][0]["custom"], token


def payload(**changes):
    return {"v": 1, "kind": "rma", "number": NUMBER, "return_by": RETURN_BY, "slip_url": None} | changes


def refused(answer):
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == SAME_WORDS
    return True


def text_of(answer):
    (page,) = pypdf.PdfReader(BytesIO(answer.content)).pages
    return page.extract_text()


def test_the_slip_is_a_pdf_that_is_shown_and_kept_by_nobody(gateway, told):
    custom, _ = told
    answer = gateway.http.get(custom["slip_url"])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == f'inline; filename="{NUMBER}.pdf"'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert NUMBER in text_of(answer)
    assert "Wednesday 1 April 2026, end of day, Berlin time" in text_of(answer)


def test_the_slips_policy_lets_a_browser_show_it(gateway, told):
    policy = gateway.http.get(told[0]["slip_url"]).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; ")
    assert "script-src" not in policy


def test_the_rmas_calendar_holds_its_last_day(gateway, told):
    answer = gateway.http.get(told[0]["calendar_url"])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event.decoded("dtstart").isoformat() == "2026-04-01"
    assert NUMBER in event["summary"]


def test_head_tells_as_much_without_the_paper(gateway, told):
    answer = gateway.http.head(told[0]["slip_url"])
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_message_sent_again_shows_the_same_links_and_the_store_holds_none(gateway, told, database):
    custom, token = told
    assert gateway.say(token, "My RMA number")["replies"][0]["custom"] == custom
    with database.read() as session:
        stored = [message.custom for message in session.query(Message)]
    assert stored == [payload()]


def test_links_start_where_the_gateway_is_reached(start, rasa, rma):
    gateway = start({"AFTERCARE_PUBLIC_URL": "https://help.inkwell.example/"})
    rasa.says({"custom": payload()})
    custom = gateway.say(gateway.session(), "My RMA number")["replies"][0]["custom"]
    assert custom["slip_url"].startswith("https://help.inkwell.example/api/v1/slips/")
    assert custom["calendar_url"].startswith("https://help.inkwell.example/api/v1/calendars/")


@pytest.mark.parametrize(
    ("return_by", "days", "has_calendar"),
    [
        ("2026-03-20T23:59:59+01:00", 18.6, True),  # as long as the parcel may be sent
        (RETURN_BY, 30.5, True),
        ("2028-01-01T23:59:59+01:00", 90, True),
        (None, 30, False),
        ("2026-02-27T23:59:59+01:00", 30, False),  # sent in time, and told again
    ],
)
def test_a_link_holds_as_long_as_it_is_needed(gateway, rasa, rma, known, return_by, days, has_calendar):
    rasa.says({"custom": payload(return_by=return_by)})
    custom = gateway.say(gateway.session(), "My RMA number")["replies"][0]["custom"]
    assert (custom["calendar_url"] is not None) is has_calendar
    clock, now = gateway.app.state.parts.clock, datetime.fromisoformat(known.now)
    clock.move(now + timedelta(days=days) - timedelta(hours=2))
    assert gateway.http.get(custom["slip_url"]).status_code == 200
    clock.move(now + timedelta(days=days) + timedelta(hours=2))
    assert refused(gateway.http.get(custom["slip_url"]))


def test_every_link_that_opens_nothing_is_answered_in_the_same_words(gateway, told, known, environ):
    custom, token = told
    slip = custom["slip_url"].rpartition("/")[2]
    calendar = custom["calendar_url"].rpartition("/")[2]
    exp = int(datetime.fromisoformat(known.now).timestamp()) + 600
    key = key_for("slip link", environ["AFTERCARE_SECRET"].encode())

    def signed(claims, key=key, algorithm="HS256"):
        return jwt.encode(claims, key, algorithm=algorithm)

    wrong = [
        "x",
        slip[:-2],
        slip + "x",
        token,
        calendar,
        signed({"shop": "inkwell", "rma": NUMBER, "exp": exp}, key="somebody's own key of thirty-two bytes"),
        signed({"shop": "inkwell", "rma": NUMBER, "exp": exp}, key=None, algorithm="none"),
        signed({"shop": "inkwell", "rma": NUMBER}),
        signed({"shop": "inkwell", "rma": NUMBER, "exp": exp - 1200}),
        signed({"shop": "lantern", "rma": NUMBER, "exp": exp}),
        signed({"shop": "inkwell", "rma": "RMA-0000-000-000", "exp": exp}),
        signed({"shop": "inkwell", "message": 1, "exp": exp}),
        signed({"shop": 1, "rma": [], "exp": exp}),
    ]
    assert all(refused(gateway.http.get(f"/api/v1/slips/{one}")) for one in wrong)
    assert refused(gateway.http.get(f"/api/v1/calendars/{slip}"))
    assert gateway.http.get(f"/api/v1/slips/{slip}").status_code == 200


def test_no_slip_is_printed_for_a_return_that_is_over(gateway, told, database, known):
    custom, _ = told
    with database.write() as session:
        find_rma(session, "inkwell", NUMBER).closed_at = datetime.fromisoformat(known.now)
    assert refused(gateway.http.get(custom["slip_url"]))
    assert refused(gateway.http.get(custom["calendar_url"]))


def test_a_chat_about_another_shop_makes_no_link_to_this_ones_rma(gateway, rasa, rma):
    rasa.says({"custom": payload()})
    custom = gateway.say(gateway.session("lantern"), "My RMA number")["replies"][0]["custom"]
    assert refused(gateway.http.get(custom["slip_url"]))


def test_a_verdicts_days_that_are_to_come_become_a_calendar(gateway, rasa):
    rasa.says({"text": "You can."}, {"custom": VERDICT})
    token = gateway.session()
    custom = gateway.say(token, "Until when?")["replies"][0]["custom"]
    assert gateway.say(token, "Until when?")["replies"][0]["custom"] == custom
    assert {**custom, "calendar_url": None} == {**VERDICT, "calendar_url": None}
    answer = gateway.http.get(custom["calendar_url"])
    days = [event.decoded("dtstart").isoformat() for event in Calendar.from_ical(answer.content).walk("VEVENT")]
    assert days == ["2026-03-09", "2026-03-02"]
    gateway.app.state.parts.clock.move(datetime(2026, 3, 10, tzinfo=UTC))
    assert refused(gateway.http.get(custom["calendar_url"]))


def test_a_verdict_without_a_day_to_come_has_no_calendar(gateway, rasa):
    rasa.says({"custom": {**VERDICT, "dates": VERDICT["dates"][2:]}})
    assert gateway.say(gateway.session(), "Until when?")["replies"][0]["custom"]["calendar_url"] is None


def test_a_verdicts_calendar_is_gone_with_what_was_said(gateway, rasa, database):
    rasa.says({"custom": VERDICT})
    custom = gateway.say(gateway.session(), "Until when?")["replies"][0]["custom"]
    with database.write() as session:
        session.query(Message).one().custom = None
    assert refused(gateway.http.get(custom["calendar_url"]))


def test_a_link_names_neither_the_conversation_nor_the_customer(gateway, rasa, told):
    custom, token = told
    claims = jwt.decode(custom["slip_url"].rpartition("/")[2], options={"verify_signature": False})
    assert set(claims) == {"shop", "rma", "exp"}
    rasa.says({"custom": VERDICT})
    verdict = gateway.say(token, "Until when?", "m2")["replies"][0]["custom"]
    claims = jwt.decode(verdict["calendar_url"].rpartition("/")[2], options={"verify_signature": False})
    assert set(claims) == {"shop", "message", "exp"}


def test_other_payloads_are_shown_as_they_are(known):
    class Said:
        id, at = 1, datetime.fromisoformat(known.now)

    links = Links(b"secret", "")
    for custom in (None, {"v": 1, "kind": "ticket", "number": "T"}, {"v": 1, "kind": "note"}):
        Said.custom = custom
        assert links.shown(Said, "inkwell") == custom


@pytest.mark.parametrize("number", [None, 7, "", "RMA-0000-000-001", "<b>", "DSP-7K4P-9XQ-M33"])
def test_what_is_no_rmas_number_has_no_links_whatever_came_with_it(gateway, rasa, number):
    rasa.says({"custom": payload(number=number, slip_url="javascript:alert(1)", calendar_url="javascript:alert(1)")})
    custom = gateway.say(gateway.session(), "My RMA number")["replies"][0]["custom"]
    assert (custom["slip_url"], custom["calendar_url"]) == (None, None)
