"""The whole system, with every channel switched on: the same conversation, from the first message to the number."""

import re
import time
from contextlib import ExitStack, closing
from dataclasses import replace
from io import BytesIO

import httpx
import pytest
from PIL import Image
from sqlalchemy import select

from gateway.channels import gsm
from order_store import Order, Picture, Rma
from tests.casework.orders import tell, told
from tests.channels.people import PEOPLE, PUBLIC
from tests.running import running

ANSWERS_WITHIN = 90.0
NUMBER = re.compile(r"RMA-[0-9A-Z-]{8,}")


@pytest.fixture(scope="module")
def people():
    """One customer a channel; text messages and WhatsApp have one provider."""
    with ExitStack() as open_until_the_end:
        yield {
            name: person(open_until_the_end.enter_context(closing(person.STAND_IN())), "quill")
            for name, person in PEOPLE.items()
        }


@pytest.fixture(scope="module")
def served(tmp_path_factory, people):
    folder = tmp_path_factory.mktemp("channels")
    variables = {"AFTERCARE_PUBLIC_URL": PUBLIC, "AFTERCARE_PICTURES": str(folder / "pictures")}
    for person in people.values():
        variables |= person.variables(folder)
    with running(folder, **variables) as system:
        for person in people.values():
            person.url = system.url
        yield system


def answered(person, said):
    """What comes back within a while, once all of it is there."""
    before = len(person.read)
    said()
    deadline = time.monotonic() + ANSWERS_WITHIN
    while len(person.read) == before:
        assert time.monotonic() < deadline, f"no answer to {person}"
        time.sleep(0.1)
    time.sleep(1.0)
    return "\n".join(person.read[before:])


@pytest.mark.parametrize("name", list(PEOPLE))
def test_a_return_from_the_first_message_to_the_number(name, people, served):
    ada = people[name]
    number = f"QC-86{list(PEOPLE).index(name):02}"
    customer = {"name": "Ada Fenn", "email": "ada.fenn@example.com", "phone": None}
    tell(served.database, told(number=number, customer=customer))
    photo = BytesIO()
    Image.new("RGB", (64, 48), "firebrick").save(photo, "JPEG")

    asked = answered(ada, lambda: ada.says("I would like to send something back, I changed my mind"))
    assert "order number" in asked
    asked = answered(ada, lambda: ada.says(number))
    assert "e-mail" in asked
    asked = answered(ada, lambda: ada.says("ada.fenn@example.com"))
    assert "Shall I go ahead?" in asked
    shown = answered(ada, lambda: ada.request("", picture=photo.getvalue()).sent_to(served.url))
    assert "Shall I go ahead?" in shown
    given = answered(ada, lambda: ada.chooses("Yes"))
    found = NUMBER.search(given)
    assert found, ada.read
    assert f"{PUBLIC}/api/v1/slips/" in given
    with served.database.read() as session:
        order = session.scalars(select(Order).where(Order.number == number)).one()
        (rma,) = session.scalars(select(Rma).where(Rma.line_id.in_([line.id for line in order.lines]))).all()
        assert rma.number == found[0].rstrip("-")
        assert session.scalars(select(Picture).where(Picture.rma_id == rma.id)).all()
    assert ada.provider.wrong == []
    if name == "sms":
        assert max(gsm.segments(text) for text in ada.read) <= 4


def test_a_return_that_is_begun_on_the_website_is_finished_on_telegram_after_it_is_proven_there(people, served):
    number = "QC-8700"
    customer = {"name": "Ada Fenn", "email": "ada.fenn@example.com", "phone": None}
    tell(served.database, told(number=number, customer=customer))
    ada = replace(people["telegram"], number=7)
    with httpx.Client(base_url=served.url, timeout=60) as http:
        token = http.post("/api/v1/sessions", json={"shop": "quill"}).json()["token"]
        bearer = {"Authorization": f"Bearer {token}"}
        text = f"I would like to send something back, I changed my mind. {number}, ada.fenn@example.com"
        said = http.post("/api/v1/messages", headers=bearer, json={"client_id": "m1", "text": text}).json()
        assert "Shall I go ahead?" in said["replies"][-1]["text"]
        code = http.post("/api/v1/handovers", headers=bearer).json()["code"]
    moved = answered(ada, lambda: ada.says(code))
    assert "once more" in moved
    assert "kettle" not in moved
    asked = answered(ada, lambda: ada.says("yes"))
    assert "e-mail" in asked
    assert "kettle" not in asked
    assert "Shall I go ahead?" in answered(ada, lambda: ada.says("ada.fenn@example.com"))
    assert NUMBER.search(answered(ada, lambda: ada.chooses("Yes")))
