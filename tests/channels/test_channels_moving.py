"""A conversation goes on elsewhere by a link that is good once; what was proven goes with it, and nowhere else."""

import pytest

from order_store import Handover


def handed_over(desk, token):
    answer = desk.gateway.http.post("/api/v1/handovers", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 201, answer.text
    return answer.json()


def taken(desk, code):
    return desk.gateway.http.post("/api/v1/handovers/take", json={"code": code})


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
