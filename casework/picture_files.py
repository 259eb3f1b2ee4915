"""The folder evidence pictures lie in: files nobody can guess, written whole or not at all."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

VARIABLE = "AFTERCARE_PICTURES"
DEFAULT_FOLDER = "var/pictures"

_ROOT = Path(__file__).resolve().parent.parent
_NAME = re.compile(r"[0-9a-f]{32}\.jpg")
_DRAFT = ".part"


class PictureFolder:
    """A folder of pictures, shared by processes; it is made when the first one is written.

    Every method raises OSError where the folder cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "PictureFolder":
        """The folder AFTERCARE_PICTURES names (default var/pictures); a relative one counts from the project root."""
        return cls(_ROOT / (environ.get(VARIABLE) or DEFAULT_FOLDER))

    @staticmethod
    def new_name() -> str:
        """A name nobody can guess."""
        return f"{secrets.token_hex(16)}.jpg"

    def write(self, name: str, data: bytes) -> None:
        """Keep `data` under `name`, readable by this user alone; on disk when this returns."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._file(name)
        draft = file.with_name(name + _DRAFT)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as open_file:
            open_file.write(data)
            open_file.flush()
            os.fsync(descriptor)
        draft.replace(file)
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)  # the name, too
        finally:
            os.close(folder)

    def read(self, name: str, sha256: str) -> bytes | None:
        """The picture, if it is there and still has this hash (hex); a file that was changed is none."""
        try:
            data = self._file(name).read_bytes()
        except FileNotFoundError:
            return None
        return data if hashlib.sha256(data).hexdigest() == sha256 else None

    def remove(self, names: Iterable[str]) -> None:
        """Remove these pictures and what was half-written of them; one that is gone is no error."""
        for name in names:
            file = self._file(name)
            file.unlink(missing_ok=True)
            file.with_name(name + _DRAFT).unlink(missing_ok=True)

    def names(self) -> set[str]:
        """Of every picture there is a file of, whole or half-written; other files are none of ours."""
        if not self.path.is_dir():
            return set()
        found = {file.name.removesuffix(_DRAFT) for file in self.path.iterdir()}
        return {name for name in found if _NAME.fullmatch(name)}

    def _file(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no picture's name")
        return self.path / name
