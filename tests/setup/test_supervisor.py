"""The supervisor with real little processes: it starts them, keeps them, and leaves none behind."""

import asyncio
import contextlib
import dataclasses
import io
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.screen import Screen
from cli.supervisor import Part, Patience, Supervisor

ROOT = Path(__file__).resolve().parents[2]
HASTY = Patience(to_end=5, to_settle=60, deaths=5, pause=0.01, longest_pause=0.02)
LONGEST_WAIT = 30.0

# Notes its id in a file and waits; what it does when told to end is up to `ending`.
CHILD = """
import os, pathlib, signal, sys, time
{ending}
pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
print("up", flush=True)
while True:
    time.sleep(0.05)
"""
STUBBORN = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"


@pytest.fixture
def ids(tmp_path: Path) -> Iterator[Path]:
    """The folder the children note their ids in; whoever is still there at the end is killed."""
    folder = tmp_path / "ids"
    folder.mkdir()
    yield folder
    for file in folder.iterdir():
        with contextlib.suppress(ProcessLookupError, ValueError):
            os.kill(int(file.read_text()), signal.SIGKILL)


def child(ids: Path, name: str, ending: str = "") -> Part:
    code = CHILD.format(ending=ending)
    return Part(name, [sys.executable, "-c", code, str(ids / name)], dict(os.environ), ROOT)


def script(name: str, code: str, *arguments: str) -> Part:
    return Part(name, [sys.executable, "-c", textwrap.dedent(code), *arguments], dict(os.environ), ROOT)


def wait_for(happens: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + LONGEST_WAIT
    while not happens():
        assert time.monotonic() < until, f"{what} did not happen"
        time.sleep(0.02)


async def until_true(happens: Callable[[], bool], what: str) -> None:
    async with asyncio.timeout(LONGEST_WAIT):
        while not happens():
            await asyncio.sleep(0.02)


def is_alive(process_id: int) -> bool:
    """Whether there is such a process, and not only its record waiting to be read."""
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def noted(ids: Path, name: str) -> int | None:
    file = ids / name
    told = file.read_text() if file.exists() else ""
    return int(told) if told else None


def run(parts: list[Part], meanwhile: Callable[[Supervisor], object], out: io.StringIO | None = None) -> str | None:
    """Runs a supervisor in this process; `meanwhile` is a coroutine function that ends it, or not."""

    async def both() -> str | None:
        supervisor = Supervisor(parts, Screen(out or io.StringIO(), [part.name for part in parts]), HASTY)
        running = asyncio.create_task(supervisor.run())
        told = meanwhile(supervisor)
        if asyncio.iscoroutine(told):
            await told
        async with asyncio.timeout(LONGEST_WAIT):
            return await running

    return asyncio.run(both())


def test_parts_run_until_told_to_end_and_are_gone_then(ids: Path) -> None:
    async def meanwhile(supervisor: Supervisor) -> None:
        await until_true(lambda: noted(ids, "one") is not None and noted(ids, "two") is not None, "starting")
        supervisor.end()

    assert run([child(ids, "one"), child(ids, "two")], meanwhile) is None
    assert not is_alive(noted(ids, "one") or 0)
    assert not is_alive(noted(ids, "two") or 0)


def test_what_a_part_prints_is_shown_under_its_name() -> None:
    out = io.StringIO()

    async def meanwhile(supervisor: Supervisor) -> None:
        await until_true(lambda: "hello" in out.getvalue(), "printing")
        supervisor.end()

    parts = [
        script("web", "import time; print('hello', flush=True); print('no end', end='', flush=True); time.sleep(60)")
    ]
    run([*parts, script("rasa", "import time; time.sleep(60)")], meanwhile, out)
    assert "web  | hello\n" in out.getvalue()
    assert "web  | no end\n" in out.getvalue()


def test_the_last_started_part_is_told_to_end_first(ids: Path, tmp_path: Path) -> None:
    order = tmp_path / "order"
    ending = (
        "def end(*_):\n"
        f"    with open({str(order)!r}, 'a') as told: told.write(pathlib.Path(sys.argv[1]).name + ' ')\n"
        "    sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end)"
    )

    async def meanwhile(supervisor: Supervisor) -> None:
        await until_true(lambda: all(noted(ids, name) for name in ("actions", "rasa", "web")), "starting")
        supervisor.end()

    run([child(ids, name, ending) for name in ("actions", "rasa", "web")], meanwhile)
    assert order.read_text().split() == ["web", "rasa", "actions"]


def test_a_part_that_dies_is_started_again(ids: Path) -> None:
    out = io.StringIO()

    async def meanwhile(supervisor: Supervisor) -> None:
        await until_true(lambda: noted(ids, "one") is not None, "starting")
        first = noted(ids, "one") or 0
        os.kill(first, signal.SIGKILL)
        await until_true(lambda: noted(ids, "one") not in (None, first), "starting again")
        supervisor.end()

    assert run([child(ids, "one")], meanwhile, out) is None
    assert "one ended (by SIGKILL); starting it again in 0.01 s." in out.getvalue()


def test_five_quick_deaths_end_the_whole_with_the_last_words(ids: Path) -> None:
    failing = script("rasa", "import sys; print('no model here'); sys.exit(1)")
    told = run([child(ids, "web"), failing], lambda _: None)
    assert told is not None
    assert "rasa ended 5 times soon after its start (with exit code 1), so everything stops." in told
    assert told.endswith("  no model here")
    assert not is_alive(noted(ids, "web") or 0)


def test_unusable_settings_are_not_tried_again(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    code = "import sys; open(sys.argv[1], 'a').write('x'); print('AFTERCARE_PORT is wrong'); sys.exit(2)"
    told = run([script("web", code, str(starts))], lambda _: None)
    assert told is not None
    assert "web says that its settings cannot be used" in told
    assert "AFTERCARE_PORT is wrong" in told
    assert starts.read_text() == "x"


def test_a_program_that_is_not_there_is_named() -> None:
    told = run([Part("rasa", ["/nowhere/rasa"], dict(os.environ), ROOT)], lambda _: None)
    assert told is not None
    assert "/nowhere/rasa could not be started" in told


def test_a_part_that_clings_on_is_killed(ids: Path) -> None:
    async def meanwhile(supervisor: Supervisor) -> None:
        await until_true(lambda: noted(ids, "one") is not None, "starting")
        supervisor.end()

    began = time.monotonic()
    assert run([child(ids, "one", STUBBORN)], meanwhile) is None
    assert time.monotonic() - began < HASTY.to_end + 10
    assert not is_alive(noted(ids, "one") or 0)


def test_a_part_with_nothing_to_lose_is_killed_sooner(ids: Path) -> None:
    part = dataclasses.replace(child(ids, "one", STUBBORN), grace=0.1)

    async def meanwhile(supervisor: Supervisor) -> None:
        await until_true(lambda: noted(ids, "one") is not None, "starting")
        supervisor.end()
        began = time.monotonic()
        await until_true(lambda: not is_alive(noted(ids, "one") or 0), "its end")
        assert time.monotonic() - began < HASTY.to_end / 2

    run([part], meanwhile)


def test_what_a_part_started_itself_ends_with_it(ids: Path) -> None:
    code = CHILD.format(ending="if os.fork() == 0: sys.argv[1] += '-child'")
    part = Part("one", [sys.executable, "-c", code, str(ids / "one")], dict(os.environ), ROOT)

    async def meanwhile(supervisor: Supervisor) -> None:
        await until_true(lambda: noted(ids, "one") is not None and noted(ids, "one-child") is not None, "starting")
        supervisor.end()

    run([part], meanwhile)
    wait_for(lambda: not is_alive(noted(ids, "one-child") or 0), "the end of the child's child")


def test_a_chatty_part_shows_only_what_alarms_and_logs_all(tmp_path: Path) -> None:
    out = io.StringIO()
    log = tmp_path / "var" / "rasa.log"
    code = """
        print("2026-03-01 10:00:00 INFO     rasa.core  - loading")
        print("2026-03-01 10:00:00 ERROR    rasa.core  - broken")
        print("  because of this")
        print("2026-03-01 10:00:01 INFO     rasa.core  - going on", flush=True)
        import time; time.sleep(60)
    """
    part = script("rasa", code)
    chatty = Part(part.name, part.command, part.environment, part.folder, log)

    async def meanwhile(supervisor: Supervisor) -> None:
        await until_true(lambda: log.exists() and "going on" in log.read_text(), "logging")
        supervisor.end()

    run([chatty], meanwhile, out)
    shown = [line for line in out.getvalue().splitlines() if line.startswith("rasa |")]
    assert [line.split("| ", 1)[1] for line in shown] == [
        "2026-03-01 10:00:00 ERROR    rasa.core  - broken",
        "  because of this",
    ]
    assert len(log.read_text().splitlines()) == 4


# --- a supervisor in a process of its own, ended from outside

STANDALONE = """
import asyncio, os, signal, sys
from pathlib import Path
from cli.screen import Screen
from cli.supervisor import Part, Patience, Supervisor

async def main():
    parts = [
        Part(name, [sys.executable, "-c", sys.argv[2], f"{sys.argv[1]}/{name}"], dict(os.environ), Path("."))
        for name in ("a", "b")
    ]
    supervisor = Supervisor(parts, Screen(sys.stdout, ["a", "b"]), Patience(to_end=5))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, supervisor.end)
    return await supervisor.run()

sys.exit(1 if asyncio.run(main()) else 0)
"""


@pytest.fixture
def standalone(ids: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-c", STANDALONE, str(ids), CHILD.format(ending="")],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    wait_for(lambda: noted(ids, "a") is not None and noted(ids, "b") is not None, "starting")
    yield process
    process.kill()
    process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_it_all(ids: Path, standalone: subprocess.Popen[bytes], number: signal.Signals) -> None:
    standalone.send_signal(number)
    assert standalone.wait(timeout=LONGEST_WAIT) == 0
    assert not any(is_alive(noted(ids, name) or 0) for name in ("a", "b"))


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help against orphans is Linux's")
def test_a_killed_supervisor_leaves_no_orphan(ids: Path, standalone: subprocess.Popen[bytes]) -> None:
    standalone.kill()
    standalone.wait()
    wait_for(lambda: not any(is_alive(noted(ids, name) or 0) for name in ("a", "b")), "the end of the orphans")
