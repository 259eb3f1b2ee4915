"""`aftercare serve`: what it says before it starts, where the parts listen, and that one signal ends it."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.parts import system
from cli.ports import PortError
from cli.serve import NotReadyError, demand_made, serve
from order_store import Database

ROOT = Path(__file__).resolve().parents[2]
LONGEST_WAIT = 60.0


@pytest.fixture
def taken() -> Iterator[int]:
    """A port of loopback that somebody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def migrated(tmp_path: Path) -> dict[str, str]:
    """The environment of a test system on a fresh, migrated SQLite file."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    database = Database(url)
    database.upgrade()
    database.dispose()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AFTERCARE_")}
    return {
        **kept,
        "AFTERCARE_ENV": "test",
        "AFTERCARE_DATABASE_URL": url,
        "AFTERCARE_PORT": str(free_port()),
        "AFTERCARE_SECRET": "for the tests alone, nobody else's",
    }


# --- ports


def test_a_taken_public_port_is_named_with_the_variable_to_set(taken: int) -> None:
    variables = {"AFTERCARE_ENV": "demo", "AFTERCARE_PORT": str(taken)}
    with pytest.raises(PortError, match=rf"^Port {taken} is in use by another program\. .*AFTERCARE_PORT=8001"):
        system(ROOT, variables, None)


def test_a_taken_internal_port_that_was_asked_for_is_named(taken: int) -> None:
    variables = {
        "AFTERCARE_ENV": "demo",
        "AFTERCARE_PORT": str(free_port()),
        "AFTERCARE_RASA_URL": f"http://127.0.0.1:{taken}",
    }
    with pytest.raises(PortError, match=rf"^Port {taken} is in use .*AFTERCARE_RASA_URL=http://127\.0\.0\.1:6005"):
        system(ROOT, variables, None)


def test_two_systems_that_start_at_the_same_time_do_not_meet() -> None:
    variables = {"AFTERCARE_ENV": "demo"}
    one, other = (system(ROOT, {**variables, "AFTERCARE_PORT": str(free_port())}, None) for _ in range(2))
    for part in ("AFTERCARE_RASA_URL", "AFTERCARE_ACTIONS_URL"):
        assert one.parts[0].environment[part] != other.parts[0].environment[part]


def test_the_parts_are_told_where_the_others_are() -> None:
    made = system(ROOT, {"AFTERCARE_ENV": "demo", "AFTERCARE_PORT": str(free_port())}, None)
    assert [part.name for part in made.parts] == ["worker", "actions", "rasa", "web"]
    _, actions, rasa, web = made.parts
    rasa_port = rasa.command[list(rasa.command).index("--port") + 1]
    assert web.environment["AFTERCARE_RASA_URL"] == f"http://127.0.0.1:{rasa_port}"
    assert rasa.environment["AFTERCARE_ACTIONS_URL"] == f"http://127.0.0.1:{actions.command[-1]}/webhook"
    assert rasa.command[list(rasa.command).index("--interface") + 1] == "127.0.0.1"
    assert "--enable-api" not in rasa.command


def test_no_port_is_no_port() -> None:
    with pytest.raises(PortError, match="AFTERCARE_PORT is 'eighty'; write a port from 1 to 65535"):
        system(ROOT, {"AFTERCARE_PORT": "eighty"}, "web")


def test_the_address_people_are_told_is_one_they_can_open() -> None:
    port = free_port()
    everywhere = {"AFTERCARE_ENV": "demo", "AFTERCARE_PORT": str(port), "AFTERCARE_HOST": "0.0.0.0"}
    made = system(ROOT, everywhere, "web")
    assert made.address == f"http://localhost:{port}"
    assert made.ready_at == f"http://127.0.0.1:{port}/healthz"


# --- what has to be there


@pytest.mark.parametrize(
    ("present", "goal"),
    [
        ([], "env"),
        ([".venv-rasa/bin/rasa"], "encoder"),
        ([".venv-rasa/bin/rasa", "bot/models/encoder/encoder.onnx"], "train"),
    ],
)
def test_what_is_missing_is_told_with_the_command_that_makes_it(tmp_path: Path, present: list[str], goal: str) -> None:
    for name in present:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    with pytest.raises(NotReadyError, match=rf"Make it with: python3 scripts/bootstrap\.py {goal}$"):
        demand_made(tmp_path, {}, "rasa")


def test_a_database_without_tables_is_told_with_the_command_that_makes_them(tmp_path: Path) -> None:
    variables = {"AFTERCARE_DATABASE_URL": f"sqlite:///{tmp_path / 'empty.db'}"}
    with pytest.raises(NotReadyError, match=r"Make them with: aftercare migrate$"):
        demand_made(ROOT, variables, "web")


def test_a_part_that_does_not_exist_is_answered_with_those_that_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert serve(only="everything") == 1
    assert "There is no part 'everything'; --only takes one of: actions, rasa, web, worker." in capsys.readouterr().err


# --- the real ones


def started(environment: dict[str, str], part: str) -> tuple[subprocess.Popen[str], str]:
    """`aftercare serve --only PART` and the address it said it is ready at."""
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "serve", "--only", part],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    printed = []
    for line in process.stdout:
        printed.append(line)
        if ready := re.match(r"Ready: (\S+)", line):
            return process, ready[1]
    pytest.fail("it was never ready:\n" + "".join(printed))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_gateway_serves_alone_until_one_signal(migrated: dict[str, str], number: signal.Signals) -> None:
    process, address = started(migrated, "web")
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=10) as answer:
            assert answer.status == 200
        process.send_signal(number)
        process.communicate(timeout=LONGEST_WAIT)
    finally:
        process.kill()
    assert process.returncode == 0
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"{address}/healthz", timeout=10)


def test_the_worker_serves_alone_until_one_signal_and_says_where_letters_go(
    migrated: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "mail"
    process, address = started({**migrated, "AFTERCARE_MAIL_FOLDER": str(folder)}, "worker")
    try:
        assert address == str(folder)
        ready = ROOT / "var" / "run" / f"worker-{process.pid}"
        assert ready.exists()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=LONGEST_WAIT)
    finally:
        process.kill()
    assert process.returncode == 0
    assert not ready.exists()


def test_a_mail_server_that_is_none_is_told_before_anything_starts(
    migrated: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {**migrated, "AFTERCARE_SMTP_URL": "mail.example.com"}.items():
        monkeypatch.setenv(name, value)
    assert serve(only="worker") == 1
    assert capsys.readouterr().err.startswith("AFTERCARE_SMTP_URL is no address of a mail server; write smtp://")


def listening_addresses(port: int) -> set[str]:
    """The addresses Linux lists somebody as listening on, in its hexadecimal."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            _, local, _, state, *_ = line.split()
            address, _, told = local.rpartition(":")
            if state == "0A" and int(told, 16) == port:
                found.add(address)
    return found


def test_the_action_server_listens_on_loopback_alone_and_not_to_web_pages(migrated: dict[str, str]) -> None:
    port = free_port()
    process, address = started({**migrated, "AFTERCARE_ACTIONS_URL": f"http://127.0.0.1:{port}/webhook"}, "actions")
    try:
        assert address == f"http://127.0.0.1:{port}"
        if sys.platform == "linux":
            assert listening_addresses(port) == {"0100007F"}
        from_a_page = urllib.request.Request(f"{address}/webhook", b"{}", {"Origin": "https://example.com"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(from_a_page, timeout=10)
        assert refused.value.code == 403
        with urllib.request.urlopen(f"{address}/actions", timeout=10) as answer:
            assert b"validate_case_form" in answer.read()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=LONGEST_WAIT)
    finally:
        process.kill()
    assert process.returncode == 0
