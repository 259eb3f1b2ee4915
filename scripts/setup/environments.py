"""Makes the two environments: .venv for the product, .venv-rasa for understanding."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from setup import pythons
from setup.fingerprint import Stamp, fingerprint
from setup.layout import Layout
from setup.problem import SetupProblemError
from setup.running import environment, run
from setup.system import install_packages

NEEDED_BYTES = 5 * 1000**3
STAMP = "aftercare-setup"


def demand_space(layout: Layout) -> None:
    """Refuses to begin what the disk cannot hold.

    Raises:
        SetupProblemError: less than 5 GB is free where the project lies.
    """
    free = shutil.disk_usage(str(layout.root)).free
    if free < NEEDED_BYTES:
        raise SetupProblemError(
            f"The two environments need about 5 GB, and {free / 1000**3:.1f} GB is free under {layout.root}. "
            "Free some space, then run the same command again."
        )


class AppEnvironment:
    """`.venv`: the product, its tests and uv; the `aftercare` command."""

    name = "product environment (.venv)"

    def __init__(self, layout: Layout) -> None:
        """Nothing is looked at before `is_done`."""
        self._layout = layout
        self._stamp = Stamp(layout.app / STAMP)

    def inputs(self) -> str:
        """What it is made from; the project's own code is not, it is installed as a link."""
        layout = self._layout
        return fingerprint(layout.root, [layout.lock("uv"), layout.lock("app"), layout.root / "pyproject.toml"])

    def is_done(self) -> bool:
        """Whether it was finished with these inputs and its Python still runs."""
        return self._stamp.matches(self.inputs()) and pythons.ask(self._layout.app_python, "") is not None

    def do(self) -> str:
        """Makes or updates it; returns what was chosen, for a person.

        Raises:
            SetupProblemError: with what to do about it.
        """
        layout = self._layout
        note = ""
        if _is_left_half_made(layout.app, self._stamp, layout.app_python):
            shutil.rmtree(str(layout.app))
            note = "the one left half-made was removed; "
        if not layout.app.exists():
            demand_space(layout)
            python = pythons.for_the_app()
            _demand_ensurepip(python, layout)
            note += f"with {python}"
            run(layout, "product environment", [python.path, "-m", "venv", layout.app])
        self._stamp.remove()
        pip = [layout.app_python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        run(layout, "installer", [*pip, "--require-hashes", "--requirement", layout.lock("uv")])
        install = [layout.uv, "pip", "install", "--python", layout.app_python]
        run(layout, "product packages", [*install, "--require-hashes", "--requirement", layout.lock("app")])
        # The project itself as a link to the tree, built with what the lock brought.
        editable = ["--no-deps", "--no-build-isolation", "--editable", layout.root]
        run(layout, "aftercare command", [*install, *editable])
        self._stamp.write(self.inputs())
        return note


class RasaEnvironment:
    """`.venv-rasa`: Rasa on Python 3.10."""

    name = "understanding environment (.venv-rasa)"

    def __init__(self, layout: Layout) -> None:
        """Nothing is looked at before `is_done`."""
        self._layout = layout
        self._stamp = Stamp(layout.rasa / STAMP)

    def inputs(self) -> str:
        """What it is made from."""
        return fingerprint(self._layout.root, [self._layout.lock("rasa")])

    def is_done(self) -> bool:
        """Whether it was finished with these inputs and its Python still runs."""
        return self._stamp.matches(self.inputs()) and pythons.ask(self._layout.rasa_python, "") is not None

    def do(self) -> str:
        """Makes or updates it; returns what was chosen, for a person.

        Raises:
            SetupProblemError: with what to do about it.
        """
        layout = self._layout
        note = ""
        if _is_left_half_made(layout.rasa, self._stamp, layout.rasa_python):
            shutil.rmtree(str(layout.rasa))
            note = "the one left half-made was removed; "
        if not layout.rasa.exists():
            demand_space(layout)
            python = pythons.for_rasa(layout.uv)
            note += f"with {python}"
            run(
                layout,
                "understanding environment",
                [layout.uv, "venv", "--no-project", "--python", python.path, layout.rasa],
            )
        self._stamp.remove()
        install = [layout.uv, "pip", "install", "--python", layout.rasa_python, "--require-hashes"]
        run(layout, "understanding packages", [*install, "--requirement", layout.lock("rasa")])
        self._stamp.write(self.inputs())
        return note


def _is_left_half_made(folder: Path, stamp: Stamp, python: Path) -> bool:
    if not folder.exists():
        return False
    return stamp.told() is None or pythons.ask(python, "") is None


def _demand_ensurepip(python: pythons.Python, layout: Layout) -> None:
    """Debian's Python comes without what makes environments; it is a package of its own."""
    if _has_ensurepip(python):
        return
    major, minor, _ = python.version
    package = f"python{major}.{minor}-venv"
    if not (os.geteuid() == 0 and shutil.which("apt-get")):
        raise SetupProblemError(
            f"{python} cannot make environments: its venv module lacks ensurepip. On Debian or Ubuntu: "
            f"sudo apt-get install {package}; then run the same command again."
        )
    install_packages(layout, [package])
    if not _has_ensurepip(python):
        raise SetupProblemError(
            f"{python} cannot make environments even with {package} installed: its venv module lacks ensurepip. "
            "Put another Python 3.11 or newer on the PATH, then run the same command again."
        )


def _has_ensurepip(python: pythons.Python) -> bool:
    checked = subprocess.run(
        [str(python.path), "-c", "import ensurepip, venv"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
        check=False,
    )
    return checked.returncode == 0
