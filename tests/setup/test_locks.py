"""The lock files pin every package by version and hash, and name no address."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PINNED = re.compile(r"[A-Za-z0-9._-]+(?:\[[a-z,]+\])?==[^ /:]+(?: ; [^/]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")


@pytest.mark.parametrize("name", ["uv", "app", "rasa", "encoder"])
def test_a_lock_holds_versions_and_hashes_alone(name: str) -> None:
    lines = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8").splitlines()
    assert lines
    assert [line for line in lines if not (PINNED.fullmatch(line) or HASH.fullmatch(line))] == []
    for pin, following in zip(lines, [*lines[1:], ""], strict=True):
        assert not PINNED.fullmatch(pin) or HASH.fullmatch(following), f"{pin} has no hash"


def test_no_file_chooses_one_python_for_both_environments() -> None:
    assert not (ROOT / ".python-version").exists()
