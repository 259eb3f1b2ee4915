"""A conversation goes on elsewhere by a link that is good once: what it is about goes along, and no proof does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from starlette.concurrency import run_in_threadpool

from order_store import Conversation, Handover, Message, Turn, record_attempt


def handed_over(desk, token):
    answer = desk.gateway.http.post("/api/v1/handovers", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 201, answer.text
    return answer.json()


def taken(desk, code):
    return desk.gateway.http.post("/api/v1/handovers/take", json={"code": code})


def proves(desk, conversation_id=None):
    """Whoever talks in the conversation, the newest one unless told, is identified."""
    with desk.database.write() as session:
        newest = session.query(Conversation).order_by(Conversation.created_at.desc()).first()
        record_attempt(
            session,
            at=datetime(2026, 3, 2, 9, tzinfo=UTC),
            shop_key="inkwell",
            conversation_id=conversation_id or newest.id,
            client="k",
            order_key="IW1",
            succeeded=True,
        )


def shown_at(desk, token, count):
    """The first messages of the conversation that a page with this token is shown."""
    with desk.gateway.follow(token) as stream:
        return [message["text"] for message in stream.take(count)]


def test_what_was_told_of_an_order_does_not_go_along_to_a_channel(desk, ada, rasa, asks):
    asks("Your Heron pen can go back until Monday. Shall I?", ("Yes", "No"))
    token = desk.gateway.session()
    desk.gateway.say(token, "order IW-1, ada1@example.com")
    proves(desk)
    ada.says(handed_over(desk, token)["code"])
    desk.settle()
    assert len(ada.read) == 1
    assert "tell me its e-mail address or phone number once more" in ada.read[0]
    ada.says("yes")
    desk.settle()
    assert rasa.heard[-1]["sender"] == rasa.heard[0]["sender"]
    assert rasa.heard[0]["metadata"]["place"] == 0
    assert rasa.heard[-1]["metadata"]["place"] == 1


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_what_was_told_of_an_order_does_not_go_along_to_the_website(desk, ada, rasa):
    rasa.says({"text": "Your Heron pen can go back until Monday."})
    ada.says("order IW-1, ada1@example.com")
    desk.settle()
    proves(desk)
    ada.says("continue on the website")
    desk.settle()
    answer = taken(desk, desk.gateway.app.state.parts.codes.code(1)).json()
    (first,) = answer["replies"]
    assert first["custom"] == {"v": 1, "kind": "question", "asks": "customer.email"}
    assert shown_at(desk, answer["token"], 1) == [first["text"]]


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_whom_the_shop_vouches_for_on_its_page_is_not_known_elsewhere(desk, ada, rasa):
    vouched = {
        "iss": "inkwell",
        "sub": "ada@example.com",
        "exp": int(datetime(2026, 3, 2, 9, 5, tzinfo=UTC).timestamp()),
    }
    token = desk.gateway.session(customer_token=jwt.encode(vouched, desk.variables["INKWELL_TOKEN_SECRET"], "HS256"))
    desk.gateway.say(token, "My nib is bent")
    assert rasa.heard[0]["metadata"]["customer"] is not None
    ada.says(handed_over(desk, token)["code"])
    desk.settle()
    ada.says("And now?")
    desk.settle()
    assert rasa.heard[-1]["sender"] == rasa.heard[0]["sender"]
    assert rasa.heard[-1]["metadata"]["customer"] is None


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_what_is_proven_at_the_new_place_is_not_known_at_the_old_one(desk, ada, rasa):
    token = desk.gateway.session()
    desk.gateway.say(token, "My nib is bent")
    code = handed_over(desk, token)["code"]
    ada.says(code)
    desk.settle()
    bearer = {"Authorization": f"Bearer {token}"}
    for answer in (
        desk.gateway.send(token, "m9", text="And here?"),
        desk.gateway.http.post("/api/v1/handovers", headers=bearer),
        desk.gateway.http.get("/api/v1/events", headers=bearer),
        desk.gateway.http.post("/api/v1/sessions", headers=bearer, json={"shop": "inkwell"}),
    ):
        assert (answer.status_code, answer.json()["type"]) == (401, "urn:aftercare:problem:token-refused")
    assert len(rasa.heard) == 1


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_the_old_place_does_not_listen_on(desk, ada, rasa):
    token = desk.gateway.session()
    desk.gateway.say(token, "My nib is bent")
    with desk.gateway.follow(token) as stream:
        stream.take(2)
        ada.says(handed_over(desk, token)["code"])
        desk.settle()
        ada.says("IW-1, ada1@example.com")
        desk.settle()
        assert stream.next() is None


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_where_a_conversation_was_taken_to_it_is_taken_up_again(desk, ada, rasa):
    token = desk.gateway.session()
    desk.gateway.say(token, "order IW-1, ada1@example.com")
    proves(desk)
    there = taken(desk, handed_over(desk, token)["code"]).json()["token"]
    bearer = {"Authorization": f"Bearer {there}"}
    again = desk.gateway.http.post("/api/v1/sessions", headers=bearer, json={"shop": "inkwell"}).json()["token"]
    desk.gateway.say(again, "It is me", "m2")
    assert shown_at(desk, again, 2)[1] == "It is me"
    assert rasa.heard[-1]["metadata"]["place"] == 1


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_once_a_link_was_used_no_other_holds(desk):
    token = desk.gateway.session()
    first, second = handed_over(desk, token)["code"], handed_over(desk, token)["code"]
    assert taken(desk, second).status_code == 201
    assert taken(desk, first).status_code == 410


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_a_move_that_broke_off_is_not_called_over(desk, ada, monkeypatch):
    taking = desk.gateway.app.state.parts.channels.taking
    kept, broken = type(taking)._kept, []

    def breaks_once(self, *arguments):
        if not broken:
            broken.append(True)
            raise RuntimeError("the machine goes down")
        return kept(self, *arguments)

    monkeypatch.setattr(type(taking), "_kept", breaks_once)
    ada.says(handed_over(desk, desk.gateway.session())["code"])
    desk.settle()
    assert broken
    assert len(ada.read) == 1
    assert "We go on here." in ada.read[0]


def test_from_the_website_to_a_channel(desk, ada, rasa, asks):
    asks("Shall I give you a return number?", ("Yes", "No"))
    token = desk.gateway.session()
    desk.gateway.say(token, "My nib is bent")
    ada.says(handed_over(desk, token)["code"])
    desk.settle()
    assert "We go on here." in ada.read[0]
    assert "Shall I give you a return number?" in ada.read[-1]
    ada.chooses("Yes")
    desk.settle()
    assert rasa.heard[-1]["message"] == '/inform{"n": 1}'
    assert rasa.heard[-1]["sender"] == rasa.heard[0]["sender"]


def test_from_a_channel_to_the_website(desk, ada, rasa, asks):
    asks("Shall I give you a return number?", ("Yes", "No"))
    ada.says("My nib is bent")
    desk.settle()
    ada.says("Can we continue on the website?")
    desk.settle()
    assert len(rasa.heard) == 1
    code = desk.gateway.app.state.parts.codes.code(1)
    assert f"https://help.example.com/?shop=inkwell#continue={code}" in ada.read[-1]
    answer = taken(desk, code).json()
    assert answer["shop"] == "inkwell"
    assert answer["replies"][-1]["text"] == "Shall I give you a return number?"
    desk.gateway.send(answer["token"], "m1", choice=answer["replies"][-1]["choices"][0]["id"])
    desk.settle()
    assert rasa.heard[-1]["sender"] == rasa.heard[0]["sender"]
    assert len(ada.read) == 2
    ada.says("And what about my mug?")
    desk.settle()
    assert rasa.heard[-1]["sender"] != rasa.heard[0]["sender"]


def test_what_is_proven_elsewhere_is_not_known_here(desk, ada, rasa):
    token = desk.gateway.session()
    desk.gateway.say(token, "order IW-1, ada1@example.com")
    ada.says("What about my order?")
    desk.settle()
    assert rasa.heard[-1]["sender"] != rasa.heard[0]["sender"]


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_a_link_is_good_once(desk, ada):
    code = handed_over(desk, desk.gateway.session())["code"]
    assert taken(desk, code).status_code == 201
    answer = taken(desk, code)
    assert (answer.status_code, answer.json()["type"]) == (410, "urn:aftercare:problem:handover-over")
    ada.says(code)
    desk.settle()
    assert "used already or is too old" in ada.read[0]


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_a_link_is_good_for_a_quarter_of_an_hour(desk):
    code = handed_over(desk, desk.gateway.session())["code"]
    desk.gateway.http.put("/api/v1/clock", json={"now": "2026-03-02T09:15:00+00:00"}).raise_for_status()
    assert taken(desk, code).status_code == 410


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_a_link_cannot_be_guessed(desk):
    code = handed_over(desk, desk.gateway.session())["code"]
    changed = code[:-1] + ("A" if code[-1] != "A" else "B")
    for guess in (changed, code.replace("c1-", "c2-"), "", "c1-", "c" * 400):
        assert taken(desk, guess).status_code == 410
    assert [each.used_at for each in desk.rows(Handover)] == [None]


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_a_link_does_not_lead_to_another_shop(desk, ada, rasa):
    ada.says(handed_over(desk, desk.gateway.session("lantern"))["code"])
    desk.settle()
    assert "used already or is too old" in ada.read[0]


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_without_a_token_nobody_gets_a_link(desk):
    assert desk.gateway.http.post("/api/v1/handovers").status_code == 401


@pytest.mark.parametrize("channel", ["telegram", "messenger", "sms", "whatsapp", "email"], indirect=True)
def test_each_channel_is_opened_with_the_code(desk, channel):
    told = handed_over(desk, desk.gateway.session())
    assert set(told["links"]) == {"page", channel}
    assert told["code"] in told["links"][channel]


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_telegrams_start_link_brings_the_code(desk, ada, rasa):
    ada.says("/start " + handed_over(desk, desk.gateway.session())["code"])
    desk.settle()
    assert "We go on here." in ada.read[0]
    ada.says("/start")
    desk.settle()
    assert rasa.heard[-1]["message"] == "hello"


@pytest.mark.parametrize("channel", ["email"], indirect=True)
def test_an_email_goes_on_with_the_code_in_its_subject(desk, ada, rasa):
    code = handed_over(desk, desk.gateway.session())["code"]
    ada.says("", subject=code)
    desk.settle()
    assert "We go on here." in ada.read[0]


def test_what_was_typed_before_a_move_and_waits_for_rasa_proves_nothing_at_the_new_place(start, later_rasa):
    gateway = start({"AFTERCARE_RASA_URL": later_rasa.url}, first_retry=timedelta(hours=1))
    token = gateway.session()
    gateway.say(token, "IW-1, ada1@example.com")
    code = gateway.http.post("/api/v1/handovers", headers={"Authorization": f"Bearer {token}"}).json()["code"]
    answer = gateway.http.post("/api/v1/handovers/take", json={"code": code}).json()
    (first,) = answer["replies"]
    assert first["custom"]["asks"] == "customer.email"
    rasa = later_rasa()
    with gateway.follow(answer["token"]) as stream:
        gateway.say(answer["token"], "What about my order?", "m2")
        assert [message["text"] for message in stream.take(3)] == [
            first["text"],
            "What about my order?",
            "You said: What about my order?",
        ]
    assert [heard["message"] for heard in rasa.heard] == ["What about my order?"]


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_a_message_of_the_old_place_sent_again_at_the_new_one_tells_nothing(desk, rasa):
    token = desk.gateway.session()
    desk.gateway.say(token, "order IW-1, ada1@example.com")
    proves(desk)
    there = taken(desk, handed_over(desk, token)["code"]).json()["token"]
    assert desk.gateway.send(there, "m1", text="order IW-1, ada1@example.com").status_code == 401
    assert len(rasa.heard) == 1


@pytest.mark.parametrize("kind", ["answered", "late"])
@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_an_answer_under_way_while_the_conversation_moves_is_told_at_no_place(desk, rasa, kind):
    patience = timedelta(seconds=30) if kind == "answered" else timedelta(seconds=1.5)
    gateway = desk.start(desk.variables, turn_timeout=patience)
    token = gateway.session()
    rasa.holds_back()
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(gateway.send, token, "m1", text="IW-1, ada1@example.com")
        assert rasa.asked.acquire(timeout=10)
        answer = taken(desk, handed_over(desk, token)["code"]).json()
        if kind == "answered":
            rasa.released.set()
        assert sending.result().status_code == 401
    rasa.released.set()
    (first,) = answer["replies"]
    with gateway.follow(answer["token"]) as stream:
        gateway.say(answer["token"], "And now?", "m2")
        assert [message["text"] for message in stream.take(3)] == [first["text"], "And now?", "You said: And now?"]
    assert [message.text for message in desk.rows(Message)] == [first["text"], "You said: And now?"]
    assert [heard["metadata"]["place"] for heard in rasa.heard] == [0, 1]


@pytest.mark.parametrize("channel", ["sms"], indirect=True)
@pytest.mark.parametrize("goes_by", [0, 1], ids=["from the page", "from page to page to the channel"])
def test_a_verdict_of_the_old_place_is_not_told_to_whoever_asks_for_more(desk, ada, rasa, goes_by):
    buttons = [{"title": each, "payload": f"/{each.lower()}"} for each in ("Yes", "No")]
    verdict = {"v": 1, "kind": "verdict", "remedies": [], "dates": [], "more": True}
    rasa.says({"text": "Your Heron pen can go back.", "custom": verdict}, {"text": "Shall I?", "buttons": buttons})
    token = desk.gateway.session()
    told = desk.gateway.say(token, "order IW-1, ada1@example.com")["replies"]
    proves(desk)
    for _ in range(goes_by):
        token = taken(desk, handed_over(desk, token)["code"]).json()["token"]
        assert desk.gateway.send(token, "m2", choice=told[-1]["choices"][0]["id"]).status_code == 422
    ada.says(handed_over(desk, token)["code"])
    desk.settle()
    rasa.says({"text": "Whose order is it?"})
    for said in ("MORE", "why", "1"):
        ada.says(said)
        desk.settle()
        assert rasa.heard[-1]["message"] == said
    assert ada.read[1:] == ["Whose order is it?"] * 3


@pytest.mark.parametrize("when", ["before its turn", "while Rasa is asked"])
@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_a_message_that_a_move_overtakes_begins_another_conversation(desk, ada, rasa, monkeypatch, when):
    ada.says("My nib is bent")
    desk.settle()
    ada.says("continue on the website")
    desk.settle()
    codes, there = desk.gateway.app.state.parts.codes, []
    turns = desk.gateway.app.state.parts.turns
    take = turns.take

    async def overtaken(*arguments):
        if not there:
            there.append((await run_in_threadpool(taken, desk, codes.code(1))).json()["token"])
        return await take(*arguments)

    if when == "before its turn":
        monkeypatch.setattr(turns, "take", overtaken)
        ada.says("IW-1, ada1@example.com")
    else:
        assert rasa.asked.acquire(timeout=10)
        rasa.holds_back()
        ada.says("IW-1, ada1@example.com")
        assert rasa.asked.acquire(timeout=10)
        there.append(taken(desk, codes.code(1)).json()["token"])
        rasa.released.set()
    desk.settle()
    first, *_, last = rasa.heard
    assert last["message"] == "IW-1, ada1@example.com"
    assert last["sender"] != first["sender"]
    assert all(heard["metadata"]["place"] == 0 for heard in rasa.heard)
    assert ada.read[-1] == "You said: IW-1, ada1@example.com"
    rasa.heard.clear()
    desk.gateway.say(there[0], "And now?")
    assert rasa.heard[0]["metadata"]["place"] == 1
    assert [each.tries for each in desk.rows()] == [0, 0, 0]
    overtaken_there = [] if when == "before its turn" else ["IW-1, ada1@example.com"]
    said_there = [each.said["text"] for each in desk.rows(Turn) if each.conversation_id == first["sender"]]
    assert said_there == ["My nib is bent", *overtaken_there, "And now?"]


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_a_page_that_is_not_let_in_moves_nothing(desk):
    token = desk.gateway.session()
    code = handed_over(desk, token)["code"]
    elsewhere = {"Origin": "https://lantern.example"}
    refused = desk.gateway.http.post("/api/v1/handovers/take", json={"code": code}, headers=elsewhere)
    assert refused.status_code == 403
    desk.gateway.say(token, "Still here")
    assert taken(desk, code).status_code == 201


@pytest.mark.parametrize("channel", ["telegram"], indirect=True)
def test_the_end_of_a_link_is_told_in_whole_seconds(desk):
    moved = desk.gateway.http.put("/api/v1/clock", json={"now": "2026-03-02T09:00:00.123456+00:00"})
    moved.raise_for_status()
    assert handed_over(desk, desk.gateway.session())["expires_at"] == "2026-03-02T09:15:00+00:00"
