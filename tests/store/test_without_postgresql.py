"""Where PostgreSQL is not installed, the tests that need it are named at the end, and in CI they fail."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONFTEST = """
import tests.postgres
tests.postgres._binaries = lambda: None
pytest_plugins = ["tests.postgres"]
"""
TESTS = """
def test_on_both(database):
    assert database.is_current()
"""


def run(folder: Path, ci: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_some.py").write_text(TESTS)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", folder, folder],
        env={**os.environ, "CI": ci, "PYTHONPATH": str(ROOT)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_tests_that_were_not_run_are_listed(tmp_path: Path) -> None:
    report = run(tmp_path, "false")
    assert report.returncode == 0, report.stdout
    assert "1 passed, 1 skipped" in report.stdout
    assert "NOT RUN" in report.stdout
    assert "1 tests need PostgreSQL" in report.stdout
    assert "test_some.py::test_on_both[postgresql]" in report.stdout


def test_in_ci_they_fail(tmp_path: Path) -> None:
    report = run(tmp_path, "true")
    assert report.returncode == 1, report.stdout
    assert "ERROR" in report.stdout
    assert "PostgreSQL is not installed" in report.stdout
