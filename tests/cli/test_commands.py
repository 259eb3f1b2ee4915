"""The commands a shop runs once: each says what it did, and what is wrong, without a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import ROOT

SHOP = """\
shops:
  inkwell:
    name: Inkwell
    programmes: [store_policy]
    timezone: Europe/Berlin
    country: DE
    parameters: {parameters}
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "AFTERCARE_DATABASE_URL": f"sqlite:///{tmp_path / 'store.db'}", "COLUMNS": "200"}


def aftercare(environment: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_migrate_says_which_database_is_up_to_date(environment: dict[str, str]) -> None:
    done = aftercare(environment, "migrate")
    assert (done.returncode, "is up to date" in done.stdout) == (0, True)


def test_the_demo_is_loaded_once_and_then_fresh(environment: dict[str, str]) -> None:
    first, second = aftercare(environment, "demo"), aftercare(environment, "demo")
    assert (first.returncode, second.returncode) == (0, 0)
    assert "Demo shops loaded" in first.stdout
    assert "Demo shops are fresh" in second.stdout
    assert "IW-" in second.stdout


def test_a_shop_and_its_orders_are_taken_in_and_a_second_time_change_nothing(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "shops.yml").write_text(SHOP.format(parameters="{change_of_mind_days: 14}"))
    line = {"sku": "K", "title": "Kettle", "quantity": 1, "unit_price": "39.90", "currency": "EUR"}
    order = {"number": "IW-1", "shop": "inkwell", "customer": {"email": "ada@example.com"}, "lines": [line]}
    (tmp_path / "orders.jsonl").write_text(json.dumps(order))
    assert aftercare(environment, "shops", str(tmp_path / "shops.yml")).returncode == 0
    first = aftercare(environment, "import", str(tmp_path / "orders.jsonl"))
    second = aftercare(environment, "import", str(tmp_path / "orders.jsonl"))
    assert (first.returncode, second.returncode) == (0, 0), first.stdout + first.stderr
    assert first.stdout != second.stdout


def test_a_misspelt_parameter_stops_a_shop_with_the_names_there_are(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "shops.yml").write_text(SHOP.format(parameters="{change_of_mind_day: 14}"))
    refused = aftercare(environment, "shops", str(tmp_path / "shops.yml"))
    assert refused.returncode == 2
    assert "shop inkwell: parameters: change_of_mind_day" in refused.stderr
    assert "change_of_mind_days" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_database_that_cannot_be_reached_is_said_in_a_sentence(environment: dict[str, str]) -> None:
    refused = aftercare({**environment, "AFTERCARE_DATABASE_URL": "sqlite:////proc/none/store.db"}, "migrate")
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr
    assert refused.stderr.strip()
