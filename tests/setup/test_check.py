"""What `make test` sums up: every check, what was not run, and pytest's closing lines."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def check() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check", ROOT / "scripts" / "check.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["check"] = module
    spec.loader.exec_module(module)
    return module


def test_a_failure_fails_the_whole_and_all_are_listed(check: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    results = [check.Result("ruff check", 1, 2.0), check.Result("tests", 0, 30.0, closing="12 passed in 29.10s")]
    assert check.summarise(results, demands_all=False) == 1
    assert capsys.readouterr().out.endswith("FAILED  ruff check (2 s)\nok      tests (30 s)\n12 passed in 29.10s\n")


def test_what_was_not_run_is_listed_and_fails_in_ci(check: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    results = [check.Result("tests", 0, 1.0, closing="1 skipped in 0.10s", not_run=["tests/x.py:3: no PostgreSQL"])]
    assert check.summarise(results, demands_all=False) == 0
    assert "not run tests/x.py:3: no PostgreSQL\n" in capsys.readouterr().out
    assert check.summarise(results, demands_all=True) == 1


def test_a_check_passes_its_output_on_and_its_closing_line_is_kept(
    check: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    code = (
        "print('SKIPPED [1] tests/x.py:3: no browser'); print('=== 2 passed, 1 skipped in 0.50s ==='); "
        "raise SystemExit(1)"
    )
    result = check.run("tests", [sys.executable, "-c", code])
    assert (result.status, result.closing) == (1, "=== 2 passed, 1 skipped in 0.50s ===")
    assert result.not_run == ["tests/x.py:3: no browser"]
    assert "2 passed, 1 skipped" in capsys.readouterr().out


def test_a_check_that_cannot_be_started_has_failed(check: ModuleType) -> None:
    assert check.run("mypy", ["/nowhere/mypy"]).status == 1
