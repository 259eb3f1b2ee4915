"""The scripts in played/."""

from pathlib import Path
from typing import Any

import pytest

from policy_core import read_yaml

PLAYED = Path(__file__).parent / "played"
MAIN = ("returning", "warranty", "missing_order", "out_of_stock")
"""The files of the four main conversations; each opens with the plainest one."""


def scripts_of(name: str) -> list[dict[str, Any]]:
    """The scripts of one file, as they stand in it."""
    scripts = read_yaml((PLAYED / f"{name}.yml").read_text(encoding="utf-8"))
    assert isinstance(scripts, list), name
    return scripts


def every_script() -> list[Any]:
    """All of them, named for pytest."""
    return [
        pytest.param(script, id=f"{file.stem}: {script['name']}")
        for file in sorted(PLAYED.glob("*.yml"))
        for script in scripts_of(file.stem)
    ]


def main_scripts() -> list[Any]:
    """The first of each main file, named for pytest."""
    return [pytest.param(scripts_of(name)[0], id=name) for name in MAIN]
