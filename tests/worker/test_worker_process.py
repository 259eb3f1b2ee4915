"""The worker as a process: it is ready, works, is killed, is told to stop."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from order_store import Database, Letter
from tests.running import ROOT
from tests.worker.conftest import Machine, a_worker, letter, queued, smtp
from tests.worker.mail_server import HANG, PAUSE, MailServer

LONGEST_WAIT = 60.0
AT_ONCE = 5.0
"""It is told to stop within a second; how long a busy machine takes to let it is another matter."""


def until(true: Callable[[], object], what: str) -> None:
    gives_up = time.monotonic() + LONGEST_WAIT
    while not true():
        assert time.monotonic() < gives_up, f"not within {LONGEST_WAIT:.0f} s: {what}"
        time.sleep(0.02)


@contextmanager
def process(
    database: Database, folder: Path, ready_with: str = "ready: letters go to", **variables: str
) -> Iterator["subprocess.Popen[str]"]:
    """`python -m worker` on `database`, once it has logged `ready_with` or ended; what it logs is in `folder`/log."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AFTERCARE_")}
    environment = {
        **kept,
        "AFTERCARE_ENV": "test",
        "AFTERCARE_CLOCK": "2026-03-10T09:30:00+00:00",
        "AFTERCARE_DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
        "AFTERCARE_MAIL_FOLDER": str(folder / "mail"),
        "AFTERCARE_WORKER_READY": str(folder / "run" / "ready"),
        **variables,
    }
    with (folder / "log").open("a") as log:
        started = subprocess.Popen(
            [sys.executable, "-m", "worker"], cwd=ROOT, env=environment, stdout=log, stderr=log, text=True
        )
    try:
        until(lambda: ready_with in (folder / "log").read_text() or started.poll() is not None, ready_with)
        yield started
    finally:
        started.kill()
        started.wait()


def stopped(started: "subprocess.Popen[str]") -> float:
    """Seconds from SIGTERM to its end, which has to be a clean one."""
    began = time.monotonic()
    started.send_signal(signal.SIGTERM)
    assert started.wait(LONGEST_WAIT) == 0
    return time.monotonic() - began


def at(server: MailServer) -> str:
    return f"smtp://127.0.0.1:{server.port}?tls=none"


def test_letters_become_files_and_the_idle_worker_stops_at_once(store: Database, tmp_path: Path) -> None:
    queued(store, 3)
    with process(store, tmp_path) as started:
        until(lambda: letter(store, 3).state == "sent", "the letters are sent")
        until((tmp_path / "run" / "ready").exists, "it says that it is ready")
        assert (tmp_path / "run" / "ready").read_text() == f"{started.pid}\n"
        assert stopped(started) < AT_ONCE
    assert not (tmp_path / "run" / "ready").exists()
    with store.read() as session:
        names = {message_id.strip("<>") + ".eml" for message_id in session.scalars(select(Letter.message_id))}
    assert {file.name for file in (tmp_path / "mail").iterdir()} == names
    log = (tmp_path / "log").read_text()
    assert "letter 3 (item_out_of_stock), try 1: sent" in log
    assert "@" not in log


def test_a_worker_killed_between_the_yes_and_its_note_has_the_letter_sent_again_as_the_same_one(
    store: Database, mail_server: MailServer, machine: Machine, tmp_path: Path
) -> None:
    queued(store)
    mail_server.answers["letter"].append(PAUSE)
    with process(store, tmp_path, AFTERCARE_SMTP_URL=at(mail_server)) as started:
        assert mail_server.reached["letter"].wait(LONGEST_WAIT)
        with store.write() as session:
            session.get_one(Letter, 1, with_for_update=True)  # from now on nobody else can note anything
            mail_server.released.set()
            assert mail_server.reached["after"].wait(LONGEST_WAIT)
            started.kill()
            started.wait()
    claimed = letter(store)
    assert (claimed.state, claimed.tries, len(mail_server.taken)) == ("waiting", 1, 1)
    machine.now = claimed.due_at
    assert a_worker(store, smtp(mail_server), machine).deliver_one()
    assert letter(store).state == "sent"
    assert [taken.message_id for taken in mail_server.taken] == [claimed.message_id] * 2


def test_a_worker_killed_before_the_yes_has_the_letter_sent_once(
    store: Database, mail_server: MailServer, machine: Machine, tmp_path: Path
) -> None:
    queued(store)
    mail_server.answers["letter"].append(PAUSE)
    with process(store, tmp_path, AFTERCARE_SMTP_URL=at(mail_server)) as started:
        assert mail_server.reached["letter"].wait(LONGEST_WAIT)
        started.kill()
        started.wait()
    machine.now = letter(store).due_at
    assert a_worker(store, smtp(mail_server), machine).deliver_one()
    assert (letter(store).state, len(mail_server.taken)) == ("sent", 1)


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
def test_told_to_stop_while_the_server_hangs_it_gives_the_letter_back(
    sqlite_store: Database, mail_server: MailServer, tmp_path: Path, step: str
) -> None:
    queued(sqlite_store)
    mail_server.answers[step].append(HANG)
    with process(sqlite_store, tmp_path, AFTERCARE_SMTP_URL=at(mail_server)) as started:
        assert mail_server.reached[step].wait(LONGEST_WAIT)
        assert stopped(started) < AT_ONCE
    returned = letter(sqlite_store)
    assert (returned.state, returned.tries, returned.claimed_by) == ("waiting", 0, None)
    assert mail_server.taken == []


def test_told_to_stop_while_the_answer_to_a_letter_is_awaited_it_waits_and_notes_it(
    sqlite_store: Database, mail_server: MailServer, tmp_path: Path
) -> None:
    queued(sqlite_store, 2)
    mail_server.answers["letter"].append(PAUSE)
    with process(sqlite_store, tmp_path, AFTERCARE_SMTP_URL=at(mail_server)) as started:
        assert mail_server.reached["letter"].wait(LONGEST_WAIT)
        started.send_signal(signal.SIGTERM)
        until(lambda: "waiting for what becomes of a letter" in (tmp_path / "log").read_text(), "it says so")
        mail_server.released.set()
        assert started.wait(LONGEST_WAIT) == 0
    assert [letter(sqlite_store, each).state for each in (1, 2)] == ["sent", "waiting"]
    assert len(mail_server.taken) == 1


def test_settings_that_cannot_be_used_end_it_with_two_and_a_sentence(sqlite_store: Database, tmp_path: Path) -> None:
    with process(sqlite_store, tmp_path, AFTERCARE_SMTP_URL="mail.example.com") as started:
        assert started.wait(LONGEST_WAIT) == 2
    assert (tmp_path / "log").read_text().startswith("AFTERCARE_SMTP_URL is no address of a mail server; write smtp://")


def test_a_store_without_this_version_s_tables_ends_it_with_what_to_do(tmp_path: Path) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    with process(empty, tmp_path) as started:
        assert started.wait(LONGEST_WAIT) == 2
    assert "run: aftercare migrate" in (tmp_path / "log").read_text()


def test_a_store_that_is_away_is_waited_for_until_it_is_told_to_stop(tmp_path: Path) -> None:
    away = Database("postgresql+psycopg://someone:secret@127.0.0.1:9/nothing")
    with process(away, tmp_path, "waiting for the store") as started:
        assert stopped(started) < AT_ONCE
    assert "secret" not in (tmp_path / "log").read_text()
