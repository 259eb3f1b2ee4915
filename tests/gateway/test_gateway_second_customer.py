"""A second customer with a valid session gets nothing of the first one's, by any route: a table of tries.

Each try is made by Eve. She has a session of her own, at Ada's shop or at another, and knows Ada's conversation, client
ids, choices and attachments as if she had looked over her shoulder, but holds none of Ada's tokens. What comes back is
searched for what only Ada was told, and Ada's conversation has to stay as it was. In a second table Eve had a token of
the conversation, and led Ada into it.
"""

import base64
import json
from datetime import datetime, timedelta
from io import BytesIO
from types import SimpleNamespace

import jwt
import pytest
from PIL import Image

from gateway.secret import key_for
from order_store import channels, said_after, transcript

ONLY_ADAS = "AC-10482-of-Ada"
RMA = {"v": 1, "kind": "rma", "number": "RMA-7K4P-9XQ-M33", "return_by": "2026-04-01T23:59:59+02:00"}


class Ada:
    """The first customer: what she said, chose, sent and was told."""

    def __init__(self, gateway, rasa, customer_token):
        self.token = gateway.session(customer_token=customer_token())
        self.conversation = jwt.decode(self.token, options={"verify_signature": False})["conversation"]
        rasa.says(
            {
                "text": f"Your order {ONLY_ADAS}: shall I?",
                "buttons": [{"title": f"Yes to {ONLY_ADAS}", "payload": "/affirm"}],
            },
            {"custom": {**RMA, "more": True}},
            {"text": f"And {ONLY_ADAS}?"},
        )
        replies = gateway.say(self.token, f"It is about {ONLY_ADAS}", "adas-first")["replies"]
        self.choice = replies[0]["choices"][0]["id"]
        self.slip = replies[0]["custom"]["slip_url"]
        self.attachment = add_picture(gateway, self.token).json()["attachment_id"]
        rasa.answer = lambda body: [{"text": "I know nothing of that."}]


def add_picture(gateway, token):
    picture = BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "JPEG")
    return gateway.http.post(
        "/api/v1/attachments", files={"picture": ("p.jpg", picture.getvalue())}, headers=bearer(token)
    )


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def altered(token, **claims):
    """A token of Eve's with other claims under its old signature."""
    head, body, signature = token.split(".")
    told = {**json.loads(base64.urlsafe_b64decode(body + "==")), **claims}
    return f"{head}.{base64.urlsafe_b64encode(json.dumps(told).encode()).rstrip(b'=').decode()}.{signature}"


def post(gateway, token, **body):
    return gateway.http.post("/api/v1/messages", json={"client_id": "eves", **body}, headers=bearer(token))


def session(gateway, headers=None, **body):
    return gateway.http.post("/api/v1/sessions", json={"shop": "inkwell", **body}, headers=headers)


def stream(gateway, token, query="", after=None):
    """What a stream tells, until what Eve says meanwhile has come through it."""
    with gateway.follow(token, after, query) as following:
        if following.status != 200:
            following.response.read()
            return following.response
        gateway.say(token, "It is Eve", "eves-last")
        return SimpleNamespace(status_code=200, text=json.dumps(following.take(2)))


def forged(ada, claims):
    return jwt.encode({"exp": 4_102_444_800, **claims}, "k" * 32, algorithm="HS256")


TRIES = {
    "her own stream": (200, lambda g, ada, eve: stream(g, eve)),
    "her stream, as if she had Ada's last event": (200, lambda g, ada, eve: stream(g, eve, after=1)),
    "her stream, with Ada's conversation in the address": (
        200,
        lambda g, ada, eve: stream(g, eve, f"?conversation={ada.conversation}"),
    ),
    "her token, of Ada's conversation": (
        401,
        lambda g, ada, eve: stream(g, altered(eve, conversation=ada.conversation)),
    ),
    "a token signed with a key she guessed": (
        401,
        lambda g, ada, eve: stream(g, forged(ada, {"conversation": ada.conversation, "shop": "inkwell"})),
    ),
    "a slip's link as a token": (401, lambda g, ada, eve: stream(g, ada.slip.rpartition("/")[2])),
    "Ada's conversation as a token": (401, lambda g, ada, eve: stream(g, ada.conversation)),
    "no such path": (404, lambda g, ada, eve: g.http.get(f"/api/v1/events/{ada.conversation}", headers=bearer(eve))),
    "Ada's client id": (200, lambda g, ada, eve: post(g, eve, client_id="adas-first", text="Hello")),
    "Ada's choice": (422, lambda g, ada, eve: post(g, eve, choice=ada.choice)),
    "Ada's picture": (422, lambda g, ada, eve: post(g, eve, text="Look", attachments=[ada.attachment])),
    "Ada's conversation in the body": (422, lambda g, ada, eve: post(g, eve, text="Hi", conversation=ada.conversation)),
    "Ada's conversation as the sender": (422, lambda g, ada, eve: post(g, eve, text="Hi", sender=ada.conversation)),
    "a message under her altered token": (
        401,
        lambda g, ada, eve: post(g, altered(eve, conversation=ada.conversation), text="Hello"),
    ),
    "a picture under her altered token": (
        401,
        lambda g, ada, eve: add_picture(g, altered(eve, conversation=ada.conversation)),
    ),
    "a payload typed": (200, lambda g, ada, eve: post(g, eve, text=f'/inform{{"order":"{ONLY_ADAS}"}}')),
    "coming back as Ada with an altered token": (
        401,
        lambda g, ada, eve: session(g, bearer(altered(eve, conversation=ada.conversation))),
    ),
    "coming back with a slip's link": (401, lambda g, ada, eve: session(g, bearer(ada.slip.rpartition("/")[2]))),
    "vouched for by herself": (
        401,
        lambda g, ada, eve: session(g, customer_token=forged(ada, {"iss": "inkwell", "sub": "ada@example.com"})),
    ),
    "a slip's link of her own making": (
        404,
        lambda g, ada, eve: g.http.get(f"/api/v1/slips/{forged(ada, {'shop': 'inkwell', 'rma': RMA['number']})}"),
    ),
    "her chat token as a slip's link": (404, lambda g, ada, eve: g.http.get(f"/api/v1/slips/{eve}")),
    "a slip's link as a calendar's": (
        404,
        lambda g, ada, eve: g.http.get(f"/api/v1/calendars/{ada.slip.rpartition('/')[2]}"),
    ),
    "the metrics": (200, lambda g, ada, eve: g.http.get("/metrics")),
    "the readiness": (200, lambda g, ada, eve: g.http.get("/readyz")),
    "the page": (200, lambda g, ada, eve: g.http.get("/?shop=inkwell")),
}


@pytest.fixture
def ada(gateway, rasa, customer_token):
    return Ada(gateway, rasa, customer_token)


@pytest.mark.parametrize("shop", ["inkwell", "lantern"], ids=["at the same shop", "at another shop"])
@pytest.mark.parametrize(("status", "attempt"), TRIES.values(), ids=TRIES)
def test_a_second_customer_tries(gateway, database, ada, shop, status, attempt):
    eve = gateway.session(shop)
    with database.read() as session:
        before = transcript(session, ada.conversation)
    answer = attempt(gateway, ada, eve)
    assert answer.status_code == status
    assert ONLY_ADAS not in answer.text
    assert RMA["number"] not in answer.text
    with database.read() as session:
        assert transcript(session, ada.conversation) == before
        assert len(said_after(session, ada.conversation, 0, 100)) == len(before)


LINK = "/api/v1/handovers"


class LedAstray:
    """Ada once more: she went on with a conversation by a link of Eve's, who began it and has another link to it."""

    def __init__(self, gateway, rasa):
        self.eves = gateway.session()
        gateway.say(self.eves, "Hello", "eves-first")
        self.conversation = jwt.decode(self.eves, options={"verify_signature": False})["conversation"]
        link, self.other = (gateway.http.post(LINK, headers=bearer(self.eves)).json()["code"] for _ in range(2))
        self.token = take(gateway, link).json()["token"]
        rasa.says({"text": f"Your order {ONLY_ADAS}: shall I?", "buttons": [{"title": "Yes", "payload": "/affirm"}]})
        self.choice = gateway.say(self.token, f"It is about {ONLY_ADAS}", "adas-first")["replies"][0]["choices"][0][
            "id"
        ]


def take(gateway, code):
    return gateway.http.post(f"{LINK}/take", json={"code": code})


TRIES_WITH_HER_EARLIER_TOKEN = {
    "the stream": (401, lambda g, ada: g.http.get("/api/v1/events", headers=bearer(ada.eves))),
    "a message": (401, lambda g, ada: post(g, ada.eves, text="yes")),
    "her first message once more": (401, lambda g, ada: post(g, ada.eves, client_id="eves-first", text="Hello")),
    "Ada's client id": (401, lambda g, ada: post(g, ada.eves, client_id="adas-first", text="Hello")),
    "Ada's choice": (401, lambda g, ada: post(g, ada.eves, choice=ada.choice)),
    "a picture": (401, lambda g, ada: add_picture(g, ada.eves)),
    "a new link": (401, lambda g, ada: g.http.post(LINK, headers=bearer(ada.eves))),
    "her other link": (410, lambda g, ada: take(g, ada.other)),
    "coming back": (401, lambda g, ada: session(g, bearer(ada.eves))),
    "her token, said to be given later": (401, lambda g, ada: post(g, altered(ada.eves, moves=1), text="yes")),
}


@pytest.mark.parametrize(("status", "attempt"), TRIES_WITH_HER_EARLIER_TOKEN.values(), ids=TRIES_WITH_HER_EARLIER_TOKEN)
def test_who_led_a_customer_into_her_conversation_is_in_it_no_more(gateway, database, rasa, status, attempt):
    ada = LedAstray(gateway, rasa)
    with database.read() as store:
        before = transcript(store, ada.conversation)
    answer = attempt(gateway, ada)
    assert answer.status_code == status
    assert ONLY_ADAS not in answer.text
    with database.read() as store:
        assert transcript(store, ada.conversation) == before
    assert post(gateway, ada.token, client_id="adas-next", text="Still me").status_code == 200


def test_a_stream_opened_before_a_conversation_went_on_elsewhere_ends_untold(start, rasa):
    gateway = start(look=timedelta(hours=1))
    eves = gateway.session()
    with gateway.follow(eves) as stream:
        gateway.say(eves, "Hello")
        assert len(stream.take(2)) == 2
        code = gateway.http.post(LINK, headers=bearer(eves)).json()["code"]
        gateway.say(take(gateway, code).json()["token"], f"It is about {ONLY_ADAS}", "adas-first")
        assert stream.next() is None


def test_a_stream_ends_too_where_the_conversation_went_on_by_another_process(start, database, known):
    gateway = start(look=timedelta(seconds=0.05))
    eves = gateway.session()
    with gateway.follow(eves) as stream:
        code = gateway.http.post(LINK, headers=bearer(eves)).json()["code"]
        handover = gateway.app.state.parts.codes.read(code)
        with database.write() as store:
            channels.take_over(store, handover, "inkwell", datetime.fromisoformat(known.now))
        assert stream.next() is None


def test_nobody_with_a_secret_of_another_shop_vouches_for_adas_customers(start, ada, gateway):
    other = start({"LANTERN_SECRET": "a secret that Lantern alone knows, and well"})
    token = jwt.encode(
        {"iss": "inkwell", "sub": "ada@example.com", "exp": 1_772_442_200},
        "a secret that Lantern alone knows, and well",
    )
    assert session(other, customer_token=token).status_code == 401


def test_what_eve_took_for_adas_key_opened_hers_alone(gateway, rasa, ada):
    """The key that signs sessions is made from the secret for this alone: no other purpose's key opens one."""
    eve = gateway.session()
    for purpose in ("slip link", "calendar link", "client address"):
        claims = {"conversation": ada.conversation, "shop": "inkwell", "exp": 4_102_444_800}
        token = jwt.encode(claims, key_for(purpose, gateway.settings.secret), algorithm="HS256")
        assert post(gateway, token, text="Hello").status_code == 401
    assert post(gateway, eve, text="Hello").status_code == 200
