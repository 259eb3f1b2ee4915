"""`aftercare decide --batch`: as many answers as lines, in their order, each line for itself."""

import io
import json
import os
import pty
import select
import subprocess
import sys
import threading
import tracemalloc
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

import policy_core
from cli.batch import LONGEST_LINE, NOBODY_READS, NOT_WRITTEN
from cli.deciding import decide

ROOT = Path(__file__).parents[2]
PROGRAM = "import typer; from cli.deciding import decide; app = typer.Typer(); app.command()(decide); app()"
PATIENCE = 60.0

CASE: dict[str, Any] = {
    "as_of": "2026-02-17T23:59:59+08:00",
    "shop": {"programmes": ["after_sales", "store_policy"], "timezone": "Asia/Shanghai", "country": "CN"},
    "order": {"paid_at": "2026-02-01T09:00:00+08:00", "delivered_at": "2026-02-10T14:00:00+08:00"},
    "claim": {"reason": "defective", "complete": True, "caused_by_customer": False, "photos": 2},
}
GOOD = json.dumps(CASE).encode()
VERDICT = policy_core.decide(policy_core.read_case(CASE)).to_json()
MARK = b"\xef\xbb\xbf"

application = typer.Typer()
application.command()(decide)


@application.callback()
def _with_subcommands() -> None:
    """Makes `decide` a command of a program, as it is in the real one."""


def case_with(**changes: Any) -> bytes:
    return json.dumps({**CASE, **changes}).encode()


def run(told: bytes | Path | io.RawIOBase) -> Result:
    """The command on what standard input tells, on a file, or on a stream in place of standard input."""
    with pytest.MonkeyPatch.context() as replaced:
        if isinstance(told, io.RawIOBase):
            stream = io.BufferedReader(told)
            replaced.setattr("cli.batch.open_input", lambda _: stream)
        file = str(told) if isinstance(told, Path) else "-"
        return CliRunner().invoke(
            application, ["decide", "--batch", file], input=told if isinstance(told, bytes) else b""
        )


def answers(told: bytes | Path | io.RawIOBase) -> list[str]:
    """What was answered, line by line, by a command that went through all of it."""
    outcome = run(told)
    assert outcome.exception is None, outcome.exception
    assert outcome.exit_code == 0
    text = outcome.stdout_bytes.decode("utf-8")
    assert text == "" or text.endswith("\n")
    lines = text.split("\n")[:-1]
    refused = sum(line.startswith('{"error":') for line in lines)
    said = f"standard input: {refused:,} of {len(lines):,} lines refused, each answered in its place\n"
    assert outcome.stderr == (said if refused else "")
    return lines


def refusal(answer: str) -> tuple[int, str, str]:
    """The line, path and message of a refusal."""
    told = json.loads(answer)
    assert list(told) == ["error"]
    assert list(told["error"]) == ["line", "path", "message"]
    assert answer == json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return told["error"]["line"], told["error"]["path"], told["error"]["message"]


def start(*words: str, **streams: Any) -> "subprocess.Popen[bytes]":
    """The command as a process of its own, its streams pipes where not told otherwise."""
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    command = [sys.executable, "-c", PROGRAM, "--batch", *words]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, "TERM": "xterm"}, **streams)


# -- every line its answer ----------------------------------------------------------------------------------------


def test_each_line_gets_the_bytes_its_case_gets_alone(tmp_path: Path) -> None:
    cases = [
        case_with(claim={"reason": reason}, shop={**CASE["shop"], "programmes": [programme]})
        for reason in policy_core.ClaimReason
        for programme in policy_core.Programme
    ]
    alone = []
    for case in cases:
        file = tmp_path / "case.json"
        file.write_bytes(case)
        alone.append(CliRunner().invoke(application, ["decide", str(file)]).stdout_bytes)
    assert run(b"\n".join(cases)).stdout_bytes == b"".join(alone)


def test_a_file_is_read_like_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_bytes(GOOD + b"\n" + GOOD + b"\n")
    assert answers(file) == [VERDICT, VERDICT]


def test_answers_come_in_the_order_of_the_lines() -> None:
    days = [f"20{year:02}-{month:02}-{day:02}" for year in (24, 25, 26) for month in range(1, 13) for day in (3, 9, 27)]
    lines = [case_with(as_of=f"{day}T12:00:00+08:00", order={}) if day[-1] != "7" else day.encode() for day in days]
    given = [json.loads(answer) for answer in answers(b"\n".join(lines * 5))]
    assert [each["as_of"][:10] if "as_of" in each else each["error"]["line"] for each in given] == [
        day if day[-1] != "7" else number for number, day in enumerate(days * 5, 1)
    ]


def test_a_bad_line_is_answered_in_its_place_and_harms_no_other() -> None:
    first, second, third, fourth = answers(b"\n".join([GOOD, b"{}", GOOD, case_with(clam={})]))
    assert first == third == VERDICT
    assert second == '{"error":{"line":2,"path":"as_of","message":"required"}}'
    assert refusal(fourth)[:2] == (4, "clam")


def with_order(**order: Any) -> bytes:
    return case_with(order={**CASE["order"], **order})


@pytest.mark.parametrize(
    ("line", "path", "message"),
    [
        (b"", "", "a blank line: expected a case in JSON"),
        (b" \t ", "", "a blank line: expected a case in JSON"),
        (b"as_of", "", "not JSON: Expecting value"),
        (GOOD[:-1], "", "not JSON: Expecting ',' delimiter"),
        (GOOD + GOOD, "", "not JSON: Extra data"),
        (b"{as_of: 2026-02-17T23:59:59+08:00}", "", "not JSON: Expecting property name"),
        (b'{"as_of": "\xe4"}', "", "not UTF-8 text (byte 12): save it as UTF-8"),
        (b'{"as_of": "\xed\xa0\x80"}', "", "not UTF-8 text (byte 12): save it as UTF-8"),
        (MARK + GOOD, "", "not JSON: Unexpected UTF-8 BOM"),
        (b"null", "", "expected an object with as_of"),
        (b"[]", "", "expected an object with as_of"),
        (b"NaN", "", "NaN is not JSON"),
        (b'{"as_of": 1, "as_of": 2}', "", "the key 'as_of' is told twice"),
        (b"[" * 100_000, "", "not JSON that can be read"),
        (b'{"a":' * 100_000, "", "not JSON that can be read"),
        (b"[1" + b"0" * 5_000 + b"]", "", "not JSON that can be read"),
        (b'"' + b"a" * LONGEST_LINE, "", "longer than 1,048,576 bytes"),
        (case_with(clam={}), "clam", "unknown key; expected one of as_of"),
        (case_with(**{"one\ntwo\x1b[31m\ud800\u202e": 1}), r"one\ntwo\x1b[31m\ud800\u202e", "unknown key"),
        (with_order(paid_at="2026-02-01"), "order.paid_at", "expected an instant with an offset"),
        (with_order(paid_at="\ud800"), "order.paid_at", "expected an instant with an offset"),
        (with_order(paid_at="9999-12-31T23:59:59-23:59"), "order.paid_at", "expected an instant with an offset"),
        (with_order(paid_at="2026-02-30T00:00:00Z"), "order.paid_at", "expected an instant with an offset"),
        (with_order(shipped_at="2026-02-12T00:00:00Z"), "order.delivered_at", "before"),
        (case_with(claim={"photos": 1.5}), "claim.photos", "expected a whole number"),
        (case_with(claim=[CASE]), "claim", "expected an object"),
        (case_with(shop={**CASE["shop"], "timezone": "../UTC\0"}), "shop.timezone", "expected an IANA time zone"),
        (case_with(shop={**CASE["shop"], "parameters": {"x": 1}}), "shop.parameters.x", "no such parameter"),
        (case_with(shop={**CASE["shop"], "programmes": ["x"]}), "shop.programmes[0]", "expected one of"),
    ],
)
def test_what_is_no_case_is_refused_with_its_line_field_and_reason(line: bytes, path: str, message: str) -> None:
    before, refused, after = answers(b"\n".join([GOOD, line, GOOD]))
    assert before == after == VERDICT
    number, told_path, told_message = refusal(refused)
    assert (number, told_path) == (2, path)
    assert message in told_message


def test_a_line_of_the_longest_length_is_still_read() -> None:
    line = GOOD.ljust(LONGEST_LINE)
    assert answers(line + b"\n" + line + b" \n" + line)[::2] == [VERDICT, VERDICT]
    assert refusal(answers(line + b" ")[0])[2].startswith("longer than")


# -- how lines are told -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("told", [b"", MARK])
def test_an_empty_input_has_no_answers(told: bytes) -> None:
    assert answers(told) == []


@pytest.mark.parametrize(
    "told",
    [
        GOOD + b"\n" + GOOD,
        GOOD + b"\n" + GOOD + b"\n",
        GOOD + b"\r\n" + GOOD + b"\r\n",
        MARK + GOOD + b"\n" + GOOD,
        b" " + GOOD + b"\t\n" + GOOD + b" ",
    ],
    ids=["no last line end", "line ends", "Windows line ends", "byte order mark", "space around"],
)
def test_lines_are_told_apart_by_their_ends_alone(told: bytes) -> None:
    assert answers(told) == [VERDICT, VERDICT]


def test_a_blank_line_counts() -> None:
    assert [refusal(answer)[0] for answer in answers(b"\n\r\n" + GOOD + b"\n\n") if answer != VERDICT] == [1, 2, 4]


def test_characters_that_end_lines_elsewhere_end_none_here() -> None:
    line = case_with(order={"\u2028\x85\x0b": 1}).replace(b"\\u2028", "\u2028".encode())
    assert [refusal(answer)[1] for answer in answers(line)] == [r"order.\u2028\x85\x0b"]


class Dribble(io.RawIOBase):
    """A stream that gives its bytes in pieces of the lengths told, over and over."""

    def __init__(self, content: bytes, lengths: list[int]) -> None:
        self._content = memoryview(content)
        self._lengths = lengths
        self._reads = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        length = min(len(buffer), self._lengths[self._reads % len(self._lengths)], len(self._content))
        self._reads += 1
        buffer[:length] = self._content[:length]
        self._content = self._content[length:]
        return length


class Endless(io.RawIOBase):
    """So many bytes without the end of a line."""

    def __init__(self, length: int) -> None:
        self._left = length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        length = min(len(buffer), self._left)
        buffer[:length] = b"[" * length
        self._left -= length
        return length


def test_a_line_that_does_not_end_takes_little_memory() -> None:
    tracemalloc.start()
    try:
        (answer,) = answers(Endless(40 * LONGEST_LINE))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert refusal(answer)[2].startswith("longer than")
    assert peak < 8 * LONGEST_LINE


# -- lines of all kinds -------------------------------------------------------------------------------------------

tried = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow],
)

TEXTS = st.one_of(
    st.text(max_size=12), st.sampled_from(["\ud800", "\0", "\u202e", "2026-02-01T09:00:00Z", "9999-12-31"])
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
PLACES = [
    *[(section, name) for section in ("shop", "order", "claim") for name in CASE[section]],
    *[("order", "completed_at"), ("shop", "parameters"), ("line", "stock"), ("rma", "issued_at"), ("claim", "proof")],
]


@st.composite
def spoilt_cases(draw: st.DrawFn) -> bytes:
    """A case with a field or a section of it replaced by anything."""
    section, name = draw(st.sampled_from(PLACES))
    value = draw(VALUES)
    spoilt = value if draw(st.integers(0, 4)) == 0 else {**CASE.get(section, {}), name: value}
    return json.dumps({**CASE, section: spoilt}, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")


@st.composite
def cut_cases(draw: st.DrawFn) -> bytes:
    """A case with some of its bytes lost or replaced."""
    start, length = draw(st.integers(0, len(GOOD))), draw(st.integers(0, 12))
    return GOOD[:start] + draw(st.binary(max_size=4)).replace(b"\n", b"") + GOOD[start + length :]


LINES = st.lists(
    st.one_of(
        st.just(GOOD),
        spoilt_cases(),
        cut_cases(),
        VALUES.map(json.dumps).map(str.encode),
        st.binary(max_size=20).map(lambda told: told.replace(b"\n", b"")),
    ),
    min_size=1,
    max_size=8,
)


@tried
@given(LINES)
@example([b"\r", b"\xff\xfe", b'"\\ud800"', b"1e999", b"-", b"\x00"])
def test_every_line_is_answered_for_itself(lines: list[bytes]) -> None:
    given = answers(b"\n".join([GOOD, *lines, GOOD]))
    assert len(given) == len(lines) + 2
    assert given[0] == given[-1] == VERDICT
    for number, (line, answer) in enumerate(zip(lines, given[1:-1], strict=True), 2):
        if answer.startswith('{"error":'):
            assert refusal(answer)[0] == number
            assert all(character.isprintable() for character in answer)
        else:
            assert answer == policy_core.decide(policy_core.read_case(policy_core.read_json(line.decode()))).to_json()


@tried
@given(LINES, st.lists(st.integers(1, 900), min_size=1, max_size=6))
@example([GOOD], [1])
def test_it_does_not_matter_in_what_pieces_lines_come(lines: list[bytes], lengths: list[int]) -> None:
    told = MARK + b"\n".join(lines)
    assert answers(Dribble(told, lengths)) == answers(told)


# -- as one command among others ----------------------------------------------------------------------------------


def test_a_program_that_waits_for_each_answer_gets_it() -> None:
    with start("-") as command:
        assert command.stdin is not None
        assert command.stdout is not None
        for piece in (MARK + GOOD + b"\n", GOOD[:40], GOOD[40:] + b"\r\n", b"\n", GOOD + b"\n{}\n"):
            command.stdin.write(piece)
            command.stdin.flush()
            for _ in range(piece.count(b"\n")):
                assert select.select([command.stdout], [], [], PATIENCE)[0], "no answer"
                answer = os.read(command.stdout.fileno(), len(VERDICT) + 1).decode()
                assert answer.removesuffix("\n") == VERDICT or refusal(answer.removesuffix("\n"))
        command.stdin.close()
        assert command.stdout.read() == b""
        assert command.wait(PATIENCE) == 0


@pytest.mark.parametrize("source", ["file", "pipe"])
def test_a_reader_that_has_enough_ends_it_quietly(tmp_path: Path, source: str) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_bytes((GOOD + b"\n") * 2_000)
    with file.open("rb") as told, start(str(file) if source == "file" else "-", stdin=told) as command:
        assert command.stdout is not None
        assert command.stderr is not None
        assert command.stdout.readline().decode() == VERDICT + "\n"
        command.stdout.close()
        assert command.stderr.read() == b""
        assert command.wait(PATIENCE) == NOBODY_READS


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full, whose disk is always full, on this system")
def test_a_full_disk_is_said_in_one_line() -> None:
    with open("/dev/full", "wb") as full, start("-", stdout=full) as command:
        _, said = command.communicate(GOOD, PATIENCE)
    assert command.returncode == NOT_WRITTEN
    assert said == b"standard output: cannot be written: No space left on device\n"


def test_what_cannot_be_read_at_all_ends_with_2_and_one_line(tmp_path: Path) -> None:
    missing = tmp_path / "none.jsonl"
    for told, why in ((missing, "No such file or directory"), (tmp_path, "Is a directory")):
        outcome = run(told)
        assert (outcome.exit_code, outcome.stdout) == (2, "")
        assert outcome.stderr == f"{told}: cannot be read: {why}\n"


@pytest.mark.parametrize(
    ("closed", "code", "said"),
    [
        ("<&-", 2, b"standard input: is closed: give a file, or send the case to it\n"),
        (">&-", NOT_WRITTEN, b"standard output: is closed: send the verdicts to a file or a program\n"),
    ],
)
def test_a_closed_stream_is_said(closed: str, code: int, said: bytes) -> None:
    outcome = subprocess.run(
        ["sh", "-c", f'exec "$0" -c "$1" --batch - {closed}', sys.executable, PROGRAM],
        input=GOOD,
        capture_output=True,
        cwd=ROOT,
        timeout=PATIENCE,
        check=False,
    )
    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (code, b"", said)


class Terminal:
    """A terminal for a program to write to, watched while it does so."""

    def __init__(self) -> None:
        self._seen, self.written = pty.openpty()
        self._shown = b""
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def shown(self) -> str:
        """All that came, from programs that have ended."""
        os.close(self.written)
        self._watcher.join(PATIENCE)
        os.close(self._seen)
        return self._shown.decode()

    def _watch(self) -> None:
        with suppress(OSError):  # the other end is closed
            while piece := os.read(self._seen, 65_536):
                self._shown += piece


@pytest.mark.parametrize("source", ["file", "pipe"])
def test_a_person_at_a_terminal_sees_how_far_it_is(tmp_path: Path, source: str) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_bytes((GOOD + b"\n") * 300)
    terminal = Terminal()
    with start(str(file) if source == "file" else "-", stderr=terminal.written) as command:
        given, _ = command.communicate(file.read_bytes(), PATIENCE)
    shown = terminal.shown()
    assert (command.returncode, given.decode()) == (0, (VERDICT + "\n") * 300)
    assert "300 lines" in shown
    assert ("kB" in shown) is (source == "file")


def test_verdicts_on_a_terminal_are_not_drawn_over() -> None:
    terminal = Terminal()
    with start("-", stdout=terminal.written, stderr=terminal.written) as command:
        command.communicate(GOOD + b"\n", PATIENCE)
    assert terminal.shown() == VERDICT + "\r\n"
