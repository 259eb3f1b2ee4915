"""What the tests need of the system: PostgreSQL and Chromium, from its own packages."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from setup.layout import Layout
from setup.problem import SetupProblemError
from setup.running import environment, run

POSTGRESQL_FOLDERS = Path("/usr/lib/postgresql")
BROWSERS = ("chromium", "chromium-browser")


def has_postgresql() -> bool:
    """Whether a PostgreSQL server is installed; Debian keeps its commands off the PATH."""
    return any(POSTGRESQL_FOLDERS.glob("*/bin/initdb")) or shutil.which("initdb") is not None


def has_chromium() -> bool:
    """Whether a Chromium is installed."""
    return any(shutil.which(browser) for browser in BROWSERS)


def can_install() -> bool:
    """Whether packages can be installed here without asking anybody: root on Debian or its kin."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_packages(layout: Layout, packages: list[str]) -> None:
    """Installs Debian packages.

    Raises:
        SetupProblemError: apt-get failed.
    """
    quiet = environment(DEBIAN_FRONTEND="noninteractive")
    run(layout, "package list", ["apt-get", "update"], quiet)
    run(layout, "system packages", ["apt-get", "install", "-y", "--no-install-recommends", *packages], quiet)


class SystemPackages:
    """The servers and browsers the tests use."""

    name = "PostgreSQL and Chromium for the tests"

    def __init__(self, layout: Layout) -> None:
        """Nothing is looked at before `is_done`."""
        self._layout = layout

    def missing(self) -> list[str]:
        """The Debian packages that would bring what is not here."""
        packages = [] if has_postgresql() else ["postgresql"]
        return packages if has_chromium() else [*packages, "chromium"]

    def is_done(self) -> bool:
        """Whether both are here."""
        return not self.missing()

    def do(self) -> str:
        """Installs what is missing where that is possible; returns what will not be tested otherwise.

        Raises:
            SetupProblemError: they cannot be had, and CI demands every test.
        """
        missing = self.missing()
        if can_install():
            install_packages(self._layout, missing)
            return "installed " + " and ".join(missing)
        named, listed = " and ".join(missing), " ".join(missing)
        told = f"not here: {named}; install them (Debian: sudo apt-get install {listed})"
        if os.environ.get("CI", "").lower() not in ("", "0", "false"):
            raise SetupProblemError(f"CI runs every test, and what some of them need is {told}.")
        return told + "; the tests that need them are listed as not run at the end"
