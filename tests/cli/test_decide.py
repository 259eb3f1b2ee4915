"""`aftercare decide`: a case from a file or standard input, its verdict on standard output, or exit 2 and one line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

import policy_core
from cli.deciding import decide

ROOT = Path(__file__).parents[2]
PROGRAM = "import typer; from cli.deciding import decide; app = typer.Typer(); app.command()(decide); app()"

CASE_YAML = """\
as_of: 2026-02-17T23:59:59+08:00
shop: {programmes: [after_sales, store_policy], timezone: Asia/Shanghai, country: CN}
order: {paid_at: 2026-02-01T09:00:00+08:00, delivered_at: 2026-02-10T14:00:00+08:00}
claim: {reason: defective, complete: true, caused_by_customer: false, labels_intact: true, photos: 2}
"""
CASE_JSON = json.dumps(policy_core.read_yaml(CASE_YAML))
VERDICT = policy_core.decide(policy_core.read_case(policy_core.read_yaml(CASE_YAML))).to_json()

application = typer.Typer()
application.command()(decide)


@application.callback()
def _with_subcommands() -> None:
    """Makes `decide` a command of a program, as it is in the real one."""


def run(file: str | Path, told: bytes | None = None) -> Result:
    return CliRunner().invoke(application, ["decide", str(file)], input=told)


def run_apart(*words: str, told: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        input=told,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        timeout=60,
        check=False,
    )


def refused(outcome: Result) -> str:
    """The one line of a refusal."""
    assert outcome.exit_code == 2
    assert outcome.stdout == ""
    assert outcome.stderr.endswith("\n")
    (line,) = outcome.stderr.splitlines()
    return line


@pytest.mark.parametrize(("name", "told"), [("case.json", CASE_JSON), ("case.yml", CASE_YAML)])
def test_a_case_in_either_form_gives_its_verdict_on_one_line(tmp_path: Path, name: str, told: str) -> None:
    file = tmp_path / name
    file.write_text(told, encoding="utf-8")
    outcome = run(file)
    assert outcome.exit_code == 0
    assert outcome.stderr == ""
    assert outcome.stdout == VERDICT + "\n"


def test_a_dash_reads_the_case_from_standard_input() -> None:
    outcome = run("-", CASE_YAML.encode())
    assert (outcome.exit_code, outcome.stdout) == (0, VERDICT + "\n")


@pytest.mark.parametrize("told", [CASE_JSON, CASE_YAML])
def test_a_byte_order_mark_is_no_part_of_the_case(told: str) -> None:
    outcome = run("-", b"\xef\xbb\xbf" + told.encode())
    assert (outcome.exit_code, outcome.stdout) == (0, VERDICT + "\n")


def test_windows_line_ends_change_nothing() -> None:
    outcome = run("-", CASE_YAML.replace("\n", "\r\n").encode())
    assert (outcome.exit_code, outcome.stdout) == (0, VERDICT + "\n")


def test_the_same_case_is_the_same_bytes_on_every_machine() -> None:
    here = run_apart("-", told=CASE_YAML.encode(), TZ="Pacific/Apia", PYTHONHASHSEED="1", LC_ALL="C.UTF-8")
    there = run_apart("-", told=CASE_JSON.encode(), TZ="America/Lima", PYTHONHASHSEED="2", PYTHONIOENCODING="utf-16")
    assert here.returncode == there.returncode == 0
    assert here.stdout == there.stdout == VERDICT.encode() + b"\n"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "none.json"
    assert refused(run(file)) == f"{file}: cannot be read: No such file or directory"


def test_a_folder_is_no_case(tmp_path: Path) -> None:
    assert refused(run(tmp_path)) == f"{tmp_path}: cannot be read: Is a directory"


def test_what_is_not_utf_8_is_refused_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "case.yml"
    file.write_bytes(b"as_of: \xe4")
    assert refused(run(file)) == f"{file}: not UTF-8 text (byte 8): save it as UTF-8"


def test_a_closed_standard_input_is_said() -> None:
    outcome = subprocess.run(
        ["sh", "-c", 'exec "$0" -c "$1" - <&-', sys.executable, PROGRAM],
        capture_output=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    assert outcome.returncode == 2
    assert outcome.stdout == b""
    assert outcome.stderr == b"standard input: is closed: give a file, or send the case to it\n"


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ("", "standard input: empty: expected a case in JSON or YAML"),
        (" \n\t\n", "standard input: empty: expected a case in JSON or YAML"),
        ("{}", "standard input: as_of: required"),
        ('{"as_of": 1', "standard input: not JSON: Expecting ',' delimiter at column 12"),
        ('{"as_of": 1, "as_of": 2}', "standard input: the key 'as_of' is told twice"),
        (
            CASE_YAML.replace("delivered_at: 2026-02-10T14:00:00+08:00", "delivered_at: 2026-02-10"),
            "standard input: order.delivered_at: expected an instant with an offset, like 2026-02-17T23:59:59+08:00, "
            "between 1900 and 2999; got '2026-02-10'",
        ),
        (
            CASE_YAML + "clam: {}",
            "standard input: clam: unknown key; expected one of as_of, shop, order, line, claim, rma, claim_closed_at",
        ),
        (
            CASE_YAML.replace("country: CN", "parameters: {return_days: 0.5}"),
            "standard input: shop.parameters.return_days: expected a whole number of days from 0 to 36500, got 0.5",
        ),
    ],
)
def test_a_bad_case_is_refused_in_one_line_that_names_the_field(told: str, line: str) -> None:
    assert refused(run("-", told.encode())) == line


@pytest.mark.parametrize(
    "told",
    ["[" * 100_000, "- " * 2_000, "9" * 5_000, "[1" + "0" * 5_000 + "]", "a: \x00", "--- 1\n--- 2"],
    ids=["deep JSON", "deep YAML", "huge number in YAML", "huge number in JSON", "control character", "two documents"],
)
def test_hostile_text_is_refused_in_one_line(told: str) -> None:
    assert refused(run("-", told.encode())).startswith("standard input: not ")


def test_what_was_told_does_nothing_to_the_terminal() -> None:
    line = refused(run("-", b'{"one\\ntwo\\u001b[31m\\ud800\\u202e": 1}'))
    assert line.startswith(r"standard input: one\ntwo\x1b[31m\ud800\u202e: unknown key")


def test_without_a_file_the_usage_is_shown() -> None:
    outcome = CliRunner().invoke(application, ["decide"])
    assert outcome.exit_code == 2
    assert "FILE" in outcome.stderr
