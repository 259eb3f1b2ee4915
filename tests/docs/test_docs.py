"""The docs say what there is: every setting and command, and no link or picture that leads nowhere."""

import re
import subprocess
from pathlib import Path

import pytest

from cli.main import app
from tests.running import ROOT

TRACKED = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=True,
).stdout.split("\n")
PAGES = [path for path in TRACKED if path.endswith(".md")]
CODE = [
    path
    for path in TRACKED
    if path.endswith((".py", ".yml"))
    and not path.startswith(("tests/", "benchmarks/", "scripts/"))
    and (ROOT / path).exists()
]
SETTING = re.compile(r"AFTERCARE_[A-Z]+(?:_[A-Z]+)*")
"""Without the number at the end where there are several of a kind."""


def test_every_setting_is_documented() -> None:
    used = {name for path in CODE for name in SETTING.findall(_text(path))}
    documented = {
        name for page in ("running", "http", "channels") for name in SETTING.findall(_text(f"docs/{page}.md"))
    }
    assert used - documented == set()


def test_every_command_is_in_the_readme() -> None:
    commands = {command.name for command in app.registered_commands}
    assert {name for name in commands if f"`aftercare {name}" not in _text("README.md") and name != "demo"} == set()


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", _text(page)):
        linked = (ROOT / page).parent / target if target else ROOT / page
        assert linked.exists(), f"{page} links to {target}"
        if anchor:
            headings = re.findall(r"^#+ (.*)$", linked.read_text(encoding="utf-8"), re.M)
            slugs = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
            assert anchor in slugs, f"{page} links to #{anchor} of {target or page}"


def _text(path: str) -> str:
    return Path(ROOT / path).read_text(encoding="utf-8")
