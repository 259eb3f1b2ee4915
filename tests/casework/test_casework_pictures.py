"""Row and file of a picture come and go together, whatever breaks off in between; on both kinds of database."""

import os
import stat
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import order_store
from casework.evidence import take
from casework.picture_files import PictureFolder
from casework.pictures import Swept, bind_evidence, expire_pictures, keep
from order_store import Database, Dispute, Picture, Rma, Ticket
from tests.casework.orders import NOW, tell, the_line, told
from tests.casework.photos import a_picture

EVIDENCE = take(a_picture())


@pytest.fixture
def folder(tmp_path: Path) -> PictureFolder:
    return PictureFolder(tmp_path / "pictures")


@pytest.fixture
def conversation(shops: Database) -> str:
    with shops.write() as session:
        return order_store.start_conversation(
            session, shop_key="quill", at=NOW, expires_at=NOW + timedelta(days=1), client="k1"
        ).id


def _rows(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Picture)) or 0


def _send(database: Database, conversation: str, *pictures: Picture, at: datetime = NOW) -> None:
    with database.write() as session:
        turn, _ = order_store.begin_turn(session, conversation, f"m{pictures[0].id}", {"text": ""}, at)
        order_store.send_pictures(session, turn, [each.attachment_id for each in pictures])


def test_a_picture_is_kept_whole_under_a_name_nobody_can_guess(
    shops: Database, folder: PictureFolder, conversation: str
) -> None:
    kept = [keep(shops, folder, conversation, EVIDENCE, NOW) for _ in range(3)]
    assert len({picture.file for picture in kept} | {picture.attachment_id for picture in kept}) == 6
    for picture in kept:
        assert folder.read(picture.file, picture.sha256) == EVIDENCE.data
        assert (picture.size, picture.width, picture.height) == (len(EVIDENCE.data), 320, 240)
        assert stat.S_IMODE((folder.path / picture.file).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert folder.names() == {picture.file for picture in kept}


def test_a_file_that_is_gone_or_was_changed_is_shown_to_nobody(
    shops: Database, folder: PictureFolder, conversation: str
) -> None:
    picture = keep(shops, folder, conversation, EVIDENCE, NOW)
    (folder.path / picture.file).write_bytes(a_picture())
    assert folder.read(picture.file, picture.sha256) is None
    folder.remove([picture.file])
    assert folder.read(picture.file, picture.sha256) is None


@pytest.mark.parametrize("name", ["../secret", "a" * 32 + ".jpg/..", "A" * 32 + ".jpg", "", "a" * 32])
def test_only_a_pictures_name_leads_to_a_file(folder: PictureFolder, name: str) -> None:
    with pytest.raises(ValueError, match="no picture's name"):
        folder.read(name, "")


def test_a_disk_that_is_full_leaves_a_row_that_expires_and_no_file(
    shops: Database, folder: PictureFolder, conversation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        keep(shops, folder, conversation, EVIDENCE, NOW)
    monkeypatch.undo()
    assert expire_pictures(shops, folder, NOW) == Swept(0, 0)
    assert expire_pictures(shops, folder, NOW + timedelta(hours=24)) == Swept(1, 0)
    assert list(folder.path.iterdir()) == []
    assert _rows(shops) == 0


def test_a_crash_between_row_and_file_of_a_removal_is_made_good_by_the_next_sweep(
    shops: Database, folder: PictureFolder, conversation: str
) -> None:
    kept, lost = (keep(shops, folder, conversation, EVIDENCE, NOW) for _ in range(2))
    with shops.write() as session:
        session.delete(session.get_one(Picture, lost.id))
    assert expire_pictures(shops, folder, NOW) == Swept(0, 1)
    assert folder.names() == {kept.file}


def test_what_is_no_pictures_is_left_alone(shops: Database, folder: PictureFolder) -> None:
    folder.path.mkdir()
    (folder.path / "notes.txt").write_text("not ours")
    (folder.path / f"{'0' * 32}.jpg.part").write_bytes(b"half")
    assert expire_pictures(shops, folder, NOW) == Swept(0, 1)
    assert [file.name for file in folder.path.iterdir()] == ["notes.txt"]


def test_a_sweep_without_a_folder_has_nothing_to_do(shops: Database, folder: PictureFolder) -> None:
    assert expire_pictures(shops, folder, NOW) == Swept(0, 0)


def test_a_picture_never_sent_goes_after_a_day_and_a_sent_one_stays(
    shops: Database, folder: PictureFolder, conversation: str
) -> None:
    sent, unsent = (keep(shops, folder, conversation, EVIDENCE, NOW) for _ in range(2))
    _send(shops, conversation, sent)
    assert expire_pictures(shops, folder, NOW + timedelta(hours=24, microseconds=-1)) == Swept(0, 0)
    assert expire_pictures(shops, folder, NOW + timedelta(hours=24)) == Swept(1, 0)
    assert folder.read(unsent.file, unsent.sha256) is None
    assert folder.read(sent.file, sent.sha256) == EVIDENCE.data
    assert expire_pictures(shops, folder, NOW + timedelta(days=90)) == Swept(1, 0)
    assert folder.names() == set()


def test_a_sweep_of_many_goes_on_until_all_are_gone(
    shops: Database, folder: PictureFolder, conversation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.pictures._BATCH", 3)
    for _ in range(8):
        keep(shops, folder, conversation, EVIDENCE, NOW)
    assert expire_pictures(shops, folder, NOW + timedelta(days=1)) == Swept(8, 0)
    assert folder.names() == set()


def test_sweeps_beside_uploads_take_nothing_that_is_somebodys(
    shops: Database, folder: PictureFolder, conversation: str
) -> None:
    over = threading.Event()
    swept: list[Swept] = []

    def sweep() -> None:
        while not over.is_set():
            swept.append(expire_pictures(shops, folder, NOW))

    sweepers = [threading.Thread(target=sweep) for _ in range(2)]
    for sweeper in sweepers:
        sweeper.start()
    kept = [keep(shops, folder, conversation, EVIDENCE, NOW) for _ in range(25)]
    over.set()
    for sweeper in sweepers:
        sweeper.join()
    assert set(swept) == {Swept(0, 0)}
    assert all(folder.read(picture.file, picture.sha256) == EVIDENCE.data for picture in kept)


def test_the_folder_is_the_environments_else_one_below_the_project() -> None:
    assert PictureFolder.from_environment({"AFTERCARE_PICTURES": "/srv/pictures"}).path == Path("/srv/pictures")
    root = Path(__file__).resolve().parents[2]
    assert PictureFolder.from_environment({}).path == root / "var" / "pictures"
    assert PictureFolder.from_environment({"AFTERCARE_PICTURES": "here"}).path == root / "here"


def test_what_was_shown_for_a_case_is_its_evidence_and_no_other_cases(
    shops: Database, folder: PictureFolder, conversation: str
) -> None:
    tell(shops, told())
    shown, later = (keep(shops, folder, conversation, EVIDENCE, NOW) for _ in range(2))
    _send(shops, conversation, shown)
    with shops.write() as session:
        line_id = the_line(session).id
        ticket = _a_case(session, Ticket, shop_key="quill", why="asked_for_person", line_id=line_id)
        bind_evidence(session, conversation, ticket)
        assert order_store.count_unclaimed(session, conversation) == 0
    with shops.write() as session:
        rma = _a_case(session, Rma, programme="store_policy", remedy="exchange", line_id=line_id)
        bind_evidence(session, conversation, rma)  # what the ticket of the line holds is shown for its RMA too
        for case in (session.merge(ticket), rma):
            assert [each.id for each in order_store.pictures_of(session, case)] == [shown.id]
    _send(shops, conversation, later)
    with shops.write() as session:
        dispute = _a_case(session, Dispute, line_id=line_id)
        bind_evidence(session, conversation, dispute)
        assert [each.id for each in order_store.pictures_of(session, dispute)] == [later.id]


def test_a_strangers_pictures_are_nobody_elses_evidence(
    shops: Database, folder: PictureFolder, conversation: str
) -> None:
    tell(shops, told())
    _send(shops, conversation, keep(shops, folder, conversation, EVIDENCE, NOW))
    with shops.write() as session:
        rma = _a_case(session, Rma, programme="store_policy", remedy="exchange", line_id=the_line(session).id)
        bind_evidence(session, "another", rma)
        assert order_store.pictures_of(session, rma) == []


def _a_case(session: Session, kind: type[Any], **told: Any) -> Any:
    if kind is Rma:
        told |= {"issued_at": NOW}
    if kind is not Ticket:
        told |= {"facts": {}, "verdict": {}, "reason": "defective"}
    if kind is not Rma:
        told |= {"opened_at": NOW}
    case = kind(number=f"{kind.__name__}-1", idempotency_key=kind.__name__, **told)
    session.add(case)
    session.flush()
    return case
