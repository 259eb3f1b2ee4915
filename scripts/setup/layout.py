"""Where things lie, from the project root."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Layout:
    """The paths of one checkout."""

    def __init__(self, root: Path = ROOT) -> None:
        """`root` is the folder that holds pyproject.toml."""
        self.root = root
        self.app = root / ".venv"
        self.rasa = root / ".venv-rasa"
        self.requirements = root / "requirements"
        self.encoder = root / "bot" / "models" / "encoder"
        self.model = root / "bot" / "models" / "aftercare.tar.gz"
        self.vocabulary = root / "var" / "vocabulary.yml"
        self.logs = root / "var" / "log"
        self.stamps = root / "var" / "setup"

    @property
    def app_python(self) -> Path:
        """Python of the product's environment."""
        return self.app / "bin" / "python"

    @property
    def rasa_python(self) -> Path:
        """Python of the understanding environment."""
        return self.rasa / "bin" / "python"

    @property
    def uv(self) -> Path:
        """The installer, pinned in requirements/uv.lock."""
        return self.app / "bin" / "uv"

    def lock(self, name: str) -> Path:
        """requirements/NAME.lock."""
        return self.requirements / (name + ".lock")

    def shown(self, path: Path) -> str:
        """`path` as a person at the project root would type it."""
        try:
            return str(path.relative_to(self.root))
        except ValueError:
            return str(path)
