"""Pictures come in through the gateway, belong to their conversation, and are sent once with a message."""

import socket
from concurrent.futures import ThreadPoolExecutor

import jwt
import pytest
from PIL import Image

import order_store
from casework.evidence import MOST_BYTES
from gateway import attachments as gateway_attachments
from order_store import Database, Picture, Turn, parse_shops, save_shops
from tests.casework.photos import MAKER, a_bomb, a_picture, encoded, exif, read

PATH = "/api/v1/attachments"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200)


def add(gateway, token, data=None, name="nib.jpg", kind="image/jpeg", field="picture"):
    files = {field: (name, a_picture() if data is None else data, kind)}
    return gateway.http.post(PATH, files=files, headers={"Authorization": f"Bearer {token}"})


def added(gateway, token, data=None):
    answer = add(gateway, token, data)
    assert answer.status_code == 201, answer.text
    return answer.json()["attachment_id"]


def conversation_id(token):
    return jwt.decode(token, options={"verify_signature": False})["conversation"]


def pictures(database):
    with database.read() as session:
        return session.query(Picture).order_by(Picture.id).all()


def problem(answer):
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.json()["type"].removeprefix("urn:aftercare:problem:")


def test_a_picture_is_kept_for_its_conversation_without_what_the_camera_wrote(gateway, database):
    token = gateway.session()
    attachment_id = added(gateway, token, a_picture(exif=exif(6)))
    (picture,) = pictures(database)
    assert picture.attachment_id == attachment_id
    assert picture.conversation_id == conversation_id(token)
    assert picture.turn_id is None
    kept = gateway.app.state.parts.picture_folder.read(picture.file, picture.sha256)
    assert read(kept).size == (240, 320) == (picture.width, picture.height)
    assert MAKER.encode() not in kept


def test_pictures_are_sent_with_a_text_and_rasa_is_told_how_many_there_are(gateway, rasa, database):
    token = gateway.session()
    first, second, third = (added(gateway, token) for _ in range(3))
    assert gateway.send(token, "m1", text="The nib is cracked", attachments=[second, first]).status_code == 200
    assert gateway.send(token, "m2", text="And the box", attachments=[third]).status_code == 200
    assert gateway.send(token, "m3", text="That is all").status_code == 200
    told = [(heard["message"], heard["metadata"]["pictures"]) for heard in rasa.heard]
    assert told == [("The nib is cracked", 2), ("And the box", 3), ("That is all", 3)]
    with database.read() as session:
        assert session.get_one(Turn, 1).said == {"text": "The nib is cracked", "attachments": [second, first]}
        assert len(order_store.sent_pictures(session, conversation_id(token))) == 3


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "  "}])
def test_pictures_alone_are_a_message_that_no_intent_is_guessed_of(gateway, rasa, body):
    token = gateway.session()
    answer = gateway.send(token, attachments=[added(gateway, token)], **body)
    assert answer.status_code == 200
    assert [(heard["message"], heard["metadata"]["pictures"]) for heard in rasa.heard] == [("/inform", 1)]


def test_a_message_sent_again_is_answered_the_same_and_sends_its_pictures_once(gateway, rasa):
    token = gateway.session()
    attachment_id = added(gateway, token)
    first = gateway.send(token, "m1", text="Look", attachments=[attachment_id])
    assert gateway.send(token, "m1", text="Look", attachments=[attachment_id]).json() == first.json()
    assert len(rasa.heard) == 1


def test_a_turn_that_broke_off_is_taken_again_with_its_pictures(start, rasa, database):
    token = start().session()
    before = start()
    attachment_id = added(before, token)
    with database.write() as session:
        said = {"text": "", "attachments": [attachment_id]}
        turn, _ = order_store.begin_turn(session, conversation_id(token), "m1", said, pictures(database)[0].added_at)
        order_store.send_pictures(session, turn, [attachment_id])
    answer = before.send(token, "m1", attachments=[attachment_id])
    assert answer.status_code == 200
    assert [(heard["message"], heard["metadata"]["pictures"]) for heard in rasa.heard] == [("/inform", 1)]


def test_a_strangers_picture_can_neither_be_sent_nor_told_from_none(gateway, rasa, database):
    own, stranger = gateway.session(), gateway.session()
    foreign = added(gateway, own)
    mine = added(gateway, stranger)
    answers = [gateway.send(stranger, "m1", attachments=[mine, one]) for one in (foreign, "x" * len(foreign))]
    assert [problem(answer) for answer in answers] == ["unknown-picture"] * 2
    assert answers[0].content == answers[1].content
    assert answers[0].status_code == 422
    assert answers[0].json()["errors"][0]["path"] == "attachments[1]"
    assert rasa.heard == []
    assert [picture.turn_id for picture in pictures(database)] == [None, None]
    assert gateway.send(stranger, "m1", text="Then without it", attachments=[mine]).status_code == 200


def test_a_picture_is_sent_once_only(gateway):
    token = gateway.session()
    attachment_id = added(gateway, token)
    assert gateway.send(token, "m1", attachments=[attachment_id]).status_code == 200
    assert problem(gateway.send(token, "m2", attachments=[attachment_id])) == "unknown-picture"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"attachments": []}, "text"),
        ({"choice": "1-1", "attachments": ["a"]}, "attachments"),
        ({"text": "a", "attachments": "a"}, "attachments"),
        ({"text": "a", "attachments": [1]}, "attachments[0]"),
        ({"text": "a", "attachments": [""]}, "attachments[0]"),
        ({"text": "a", "attachments": ["a\u0000"]}, "attachments[0]"),
        ({"text": "a", "attachments": ["a" * 65]}, "attachments[0]"),
        ({"text": "a", "attachments": ["a"] * 21}, "attachments"),
        ({"text": "a", "attachments": None}, "attachments"),
    ],
)
def test_what_is_no_list_of_pictures_is_refused_with_its_path(gateway, body, path):
    answer = gateway.send(gateway.session(), **body)
    assert problem(answer) == "fields-refused"
    assert answer.json()["errors"][0]["path"] == path


@pytest.mark.parametrize(
    ("data", "status", "kind"),
    [
        (b"not a picture", 415, "picture-type-refused"),
        (b"%PDF-1.7\n" + a_picture(), 415, "picture-type-refused"),
        (encoded(Image.new("RGB", (8, 8)), "GIF"), 415, "picture-type-refused"),
        (HEIC, 415, "picture-type-refused"),
        (a_bomb(), 413, "picture-too-large"),
        (a_picture()[:900], 422, "picture-unreadable"),
        (b"", 415, "picture-type-refused"),
    ],
    ids=["text", "pdf", "gif", "heic", "bomb", "cut-short", "empty"],
)
def test_what_is_not_taken_is_a_problem_and_nothing_is_kept(gateway, database, data, status, kind):
    answer = add(gateway, gateway.session(), data)
    assert (answer.status_code, problem(answer)) == (status, kind)
    assert pictures(database) == []
    assert gateway.app.state.parts.picture_folder.names() == set()


def test_a_heic_photo_is_refused_with_what_to_do(gateway):
    assert "Most Compatible" in add(gateway, gateway.session(), HEIC).json()["detail"]


def test_the_content_says_what_a_file_is_not_its_name(gateway):
    token = gateway.session()
    assert add(gateway, token, a_picture(kind="PNG"), name="invoice.pdf", kind="application/pdf").status_code == 201
    assert add(gateway, token, b"<html>", name="photo.jpg", kind="image/jpeg").status_code == 415


def test_a_file_too_large_is_refused_before_all_of_it_is_taken(gateway):
    token = gateway.session()
    answer = add(gateway, token, bytes(MOST_BYTES + 20_000))
    assert (answer.status_code, problem(answer)) == (413, "body-too-large")
    assert add(gateway, token, a_picture() + bytes(MOST_BYTES)).status_code == 413

    def endless():
        yield b'--b\r\nContent-Disposition: form-data; name="picture"; filename="a.jpg"\r\n\r\n'
        while True:
            yield bytes(64 * 1024)

    headers = {"Authorization": f"Bearer {token}", "Content-Type": "multipart/form-data; boundary=b"}
    with socket.create_connection(gateway.http.base_url.netloc.decode().split(":")) as raw:
        head = "".join(f"{name}: {value}\r\n" for name, value in {**headers, "Transfer-Encoding": "chunked"}.items())
        raw.sendall(f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\n{head}\r\n".encode())
        sent, chunks = 0, endless()
        raw.settimeout(0.01)
        answer = b""
        while not answer and sent < 3 * MOST_BYTES:
            chunk = next(chunks)
            try:
                raw.settimeout(5)
                raw.sendall(b"%x\r\n%b\r\n" % (len(chunk), chunk))
                sent += len(chunk)
                raw.settimeout(0.001)
                answer = raw.recv(4096)
            except TimeoutError:
                continue
            except ConnectionError:
                break
    assert sent < 2 * MOST_BYTES


FORM = "multipart/form-data; boundary=b"
PART = b'--b\r\nContent-Disposition: form-data; name="picture"'


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "application/json", 400),
        (a_picture(), "image/jpeg", 400),
        (b"", "multipart/form-data", 400),
        (b"", FORM, 422),
        (b"no boundary in sight", FORM, 400),
        (PART + b'; filename="a.jpg"\r\n\r\ncut', FORM, 422),
        (PART + b"\r\n\r\nx\r\n--b--\r\n", FORM, 400),
        (b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n", FORM, 400),
    ],
)
def test_what_is_no_form_with_one_file_is_refused(gateway, content, kind, status):
    headers = {"Authorization": f"Bearer {gateway.session()}", "Content-Type": kind}
    answer = gateway.http.post(PATH, content=content, headers=headers)
    assert answer.status_code == status, answer.text
    assert "picture" in answer.json()["detail"]


def test_one_picture_a_call_in_the_part_of_that_name(gateway):
    token = gateway.session()
    assert problem(add(gateway, token, field="photo")) == "fields-refused"
    two = [("picture", ("a.jpg", a_picture())), ("picture", ("b.jpg", a_picture()))]
    answer = gateway.http.post(PATH, files=two, headers={"Authorization": f"Bearer {token}"})
    assert problem(answer) == "not-multipart"


def test_a_picture_needs_a_conversation(gateway):
    assert gateway.http.post(PATH, files={"picture": a_picture()}).status_code == 401
    headers = {"Authorization": "Bearer nonsense"}
    assert gateway.http.post(PATH, files={"picture": a_picture()}, headers=headers).status_code == 401


def test_a_page_of_another_shop_may_add_nothing(gateway):
    headers = {"Authorization": f"Bearer {gateway.session()}", "Origin": "https://lantern.example"}
    answer = gateway.http.post(PATH, files={"picture": a_picture()}, headers=headers)
    assert answer.status_code == 403
    headers["Origin"] = "https://www.inkwell.example"
    assert gateway.http.post(PATH, files={"picture": a_picture()}, headers=headers).status_code == 201


def test_so_many_pictures_a_minute_and_no_more(start):
    gateway = start(pictures_per_minute=3)
    token = gateway.session()
    assert [add(gateway, token).status_code for _ in range(4)] == [201, 201, 201, 429]
    answer = add(gateway, gateway.session())
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


def test_a_picture_that_a_move_overtakes_is_not_kept(gateway, database, monkeypatch):
    token = gateway.session()
    code = gateway.http.post("/api/v1/handovers", headers={"Authorization": f"Bearer {token}"}).json()["code"]
    unpack = gateway_attachments.take

    def overtaken(data):
        assert gateway.http.post("/api/v1/handovers/take", json={"code": code}).status_code == 201
        return unpack(data)

    monkeypatch.setattr(gateway_attachments, "take", overtaken)
    answer = add(gateway, token)
    assert (answer.status_code, problem(answer)) == (401, "token-refused")
    assert pictures(database) == []


def test_only_so_many_wait_to_be_sent(start, monkeypatch):
    monkeypatch.setattr("gateway.attachments.MOST_UNSENT", 2)
    gateway = start()
    token = gateway.session()
    waiting = [added(gateway, token) for _ in range(2)]
    answer = add(gateway, token)
    assert answer.status_code == 429
    assert "send them with a message" in answer.json()["detail"]
    gateway.send(token, attachments=waiting)
    assert add(gateway, token).status_code == 201


def test_pictures_come_in_together_and_are_sent_by_one_of_two_messages_on_postgresql_too(start, known, postgresql_url):
    store = Database(postgresql_url)
    with store.write() as session:
        save_shops(session, parse_shops(known.shops))
    gateway = start({"AFTERCARE_DATABASE_URL": postgresql_url})
    token = gateway.session()
    with ThreadPoolExecutor(6) as pool:
        ids = list(pool.map(lambda _: added(gateway, token), range(6)))
        answers = list(pool.map(lambda n: gateway.send(token, f"m{n}", attachments=ids), range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 422]
    with store.read() as session:
        assert order_store.count_unclaimed(session, conversation_id(token)) == 6
    store.dispose()
    gateway.close()


def test_the_names_and_places_of_a_form_never_reach_the_disk(gateway, database):
    token = gateway.session()
    assert add(gateway, token, name="../../../etc/passwd\r\nX: y").status_code == 201
    (picture,) = pictures(database)
    folder = gateway.app.state.parts.picture_folder
    assert [file.name for file in folder.path.iterdir()] == [picture.file]
