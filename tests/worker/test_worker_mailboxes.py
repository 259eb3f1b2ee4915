"""Files as letters, and the gate they pass."""

from email import message_from_bytes, policy
from pathlib import Path

import pytest

from worker.folder import FolderMailbox
from worker.gate import Gate
from worker.mail import Mail, NotDelivered

LETTER = Mail("<17.a/b@example.com>", "shop@example.com", "ada@example.com", b"Subject: one\r\n\r\nbody\r\n")


def test_a_letter_is_one_file_named_after_its_message_id(tmp_path: Path) -> None:
    FolderMailbox(tmp_path / "new" / "mail").deliver(LETTER, Gate().enter)
    (file,) = (tmp_path / "new" / "mail").iterdir()
    assert file.name == "17.a_b@example.com.eml"
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["Subject"] == "one"


def test_the_same_letter_again_takes_its_own_place(tmp_path: Path) -> None:
    box = FolderMailbox(tmp_path)
    for _ in range(2):
        box.deliver(LETTER, Gate().enter)
    assert len(list(tmp_path.iterdir())) == 1


def test_a_letter_stopped_at_the_gate_leaves_no_file(tmp_path: Path) -> None:
    gate = Gate()
    assert gate.close()
    with pytest.raises(NotDelivered) as stopped:
        FolderMailbox(tmp_path).deliver(LETTER, gate.enter)
    assert stopped.value.code == "stopping"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told_and_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("not a folder")
    with pytest.raises(NotDelivered, match="cannot be written") as told:
        FolderMailbox(tmp_path / "mail").deliver(LETTER, Gate().enter)
    assert told.value.code in {"FileExistsError", "NotADirectoryError"}


def test_nobody_else_on_the_machine_can_read_the_letters(tmp_path: Path) -> None:
    FolderMailbox(tmp_path / "mail").deliver(LETTER, Gate().enter)
    (file,) = (tmp_path / "mail").iterdir()
    assert file.stat().st_mode & 0o077 == 0
    assert (tmp_path / "mail").stat().st_mode & 0o077 == 0


def test_a_letter_beyond_the_gate_is_waited_for_and_one_that_left_is_not() -> None:
    gate = Gate()
    gate.enter()
    assert not gate.close()
    gate.leave()
    assert gate.close()
    with pytest.raises(NotDelivered):
        gate.enter()
