"""Fills the store with the demo shops."""

from __future__ import annotations

from setup.layout import Layout
from setup.running import environment, run


class Demo:
    """The database, migrated, with the demo shops and their orders."""

    name = "demo shops"

    def __init__(self, layout: Layout) -> None:
        """Nothing is looked at before `do`."""
        self._layout = layout

    def is_done(self) -> bool:
        """Never: which database it is depends on the environment, and loading it again changes nothing."""
        return False

    def do(self) -> str:
        """Runs `aftercare demo`.

        Raises:
            SetupProblemError: it failed; its last lines say why.
        """
        layout = self._layout
        demo = environment(AFTERCARE_ENV="demo")
        run(layout, "demo shops", [layout.app / "bin" / "aftercare", "demo"], demo)
        return ""
